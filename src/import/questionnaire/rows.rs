//! Reads the rows of a sheet: questions, and headings above them.

use std::collections::BTreeMap;

use super::layout::{Layout, evidence_ids};
use super::sheet::{Grid, Sheets, letters, plain};
use super::words::{Vocabulary, is_mark, is_no_mark};
use super::{CellAccount, ImportedQuestions, QuestionField, Remainder, place};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::import::cell::Cell;
use crate::import::ids::Ids;
use crate::model::{Answer, Date, Id, Question};
use crate::text::{counted, one_line, shortened};

/// The maximum number of characters of a heading. Longer text in one cell is a note.
const MAX_HEADING: usize = 160;

/// The number of words of a question that become its id if it has no number.
const ID_WORDS: usize = 7;

/// What a row is.
enum RowKind {
    /// Column names that are repeated.
    Names,
    /// A heading of the questions below.
    Heading(String),
    /// Another row of the merged cell with the question.
    Continuation,
    /// A question.
    Question,
    /// Text without a question.
    Other,
}

/// The use of each cell of a row, by its column.
type Uses = BTreeMap<usize, (Option<QuestionField>, Option<Remainder>)>;

/// Reads the rows of one sheet.
pub(super) struct SheetReader<'a> {
    sheets: &'a Sheets,
    grid: &'a Grid,
    /// The position of the sheet.
    at: usize,
    layout: &'a Layout,
    vocabulary: &'a Vocabulary,
    /// The heading above the next row, with its own row if that has nothing else.
    heading: Option<(String, Option<usize>)>,
    /// Whether a question followed the heading.
    is_heading_used: bool,
    /// The number of cells in each column without a field, and the first of them.
    unused: BTreeMap<usize, (usize, usize)>,
    account: Vec<CellAccount<QuestionField>>,
    report: Report,
}

impl<'a> SheetReader<'a> {
    pub fn new(sheets: &'a Sheets, at: usize, layout: &'a Layout, vocabulary: &'a Vocabulary) -> SheetReader<'a> {
        SheetReader {
            sheets,
            grid: &sheets.grids[at],
            at,
            layout,
            vocabulary,
            heading: layout.heading.clone().map(|text| (text, None)),
            is_heading_used: false,
            unused: BTreeMap::new(),
            account: Vec::new(),
            report: Report::new(),
        }
    }

    /// Reads all rows.
    pub fn read(mut self, ids: &mut Ids, imported: &mut ImportedQuestions, report: &mut Report) {
        for row in 0..self.layout.first {
            let remainder = if row < self.layout.header { Remainder::Title } else { Remainder::ColumnName };
            self.whole_row(row, remainder);
        }
        let mut last = None;
        for row in self.layout.first..self.grid.rows.len() {
            if self.grid.filled(row).next().is_none() {
                continue;
            }
            match self.kind(row) {
                RowKind::Names => self.whole_row(row, Remainder::Heading),
                RowKind::Heading(text) => {
                    self.finish_heading(row);
                    self.heading = Some((text, Some(row)));
                    self.is_heading_used = false;
                }
                RowKind::Continuation => match last.and_then(|at: usize| imported.questions.get_mut(at)) {
                    Some(question) => self.continuation(row, question),
                    None => self.other(row),
                },
                RowKind::Question => {
                    self.is_heading_used = true;
                    let question = self.question(row, ids);
                    last = Some(imported.questions.len());
                    imported.questions.push(question);
                    imported.places.push((self.at, row));
                }
                RowKind::Other => self.other(row),
            }
        }
        self.finish_heading(self.grid.rows.len());
        self.unused_columns();
        imported.account.cells.append(&mut self.account);
        report.merge(self.report);
    }

    fn kind(&self, row: usize) -> RowKind {
        let value = |field| self.value(row, field);
        let question_at = self.layout.position_of(QuestionField::Question).unwrap_or_default();
        // Column names are repeated above each group of questions, whose heading may be in place of the name of a column.
        let used = self
            .layout
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| (column.field.is_some() || column.mark.is_some()) && !column.name.is_empty());
        let names = used.filter(|(at, column)| plain(self.grid.text(row, *at)) == plain(&column.name));
        if names.count() >= 2 {
            let heading = [QuestionField::Question, QuestionField::Number].into_iter().find_map(|field| {
                let at = self.layout.position_of(field)?;
                let text = value(field).filter(|text| plain(text) != plain(&self.layout.columns[at].name))?;
                (!text.is_empty()).then_some(text)
            });
            return heading.map_or(RowKind::Names, |text| RowKind::Heading(one_line(&text)));
        }
        if self.grid.continues_above(row, question_at) && row > self.layout.first {
            return RowKind::Continuation;
        }
        let filled: Vec<usize> = self.grid.filled(row).collect();
        let question = value(QuestionField::Question);
        let number = value(QuestionField::Number);
        if let [only] = filled.as_slice() {
            let text = self.grid.text(row, *only);
            let is_wide = self.grid.is_merged((row, *only), (row, only + 1));
            let is_numbered = self.layout.position_of(QuestionField::Number).is_some();
            let in_question = question.is_some() && *only == question_at;
            if in_question && !is_wide && (!is_numbered || text.ends_with('?')) {
                return RowKind::Question;
            }
            return match !text.is_empty() && text.chars().count() <= MAX_HEADING {
                true => RowKind::Heading(one_line(text)),
                false => RowKind::Other,
            };
        }
        let Some(question) = question else { return RowKind::Other };
        // `1 | Governance` above `1.1 | Do you ...?`.
        let fields = filled.iter().filter(|at| {
            let column = &self.layout.columns.get(**at);
            column.is_none_or(|it| !matches!(it.field, Some(QuestionField::Number | QuestionField::Question)))
        });
        if let Some(number) = number
            && fields.count() == 0
            && !question.ends_with('?')
            && self.is_outer(row, &number)
        {
            return RowKind::Heading(one_line(&question));
        }
        RowKind::Question
    }

    /// Whether the number of the next row is below a number: `1.1` below `1`.
    fn is_outer(&self, row: usize, number: &str) -> bool {
        let number = number.trim_end_matches('.');
        let next = (row + 1..self.grid.rows.len()).take(2).find_map(|next| self.value(next, QuestionField::Number));
        let rest = next.as_deref().and_then(|next| next.strip_prefix(number));
        rest.is_some_and(|rest| rest.starts_with(['.', '-']) && rest.len() > 1)
    }

    /// Returns the text of a field in a row, from all its columns.
    fn value(&self, row: usize, field: QuestionField) -> Option<String> {
        let columns = self.layout.columns.iter().enumerate().filter(|(_, column)| column.field == Some(field));
        let texts: Vec<&str> = columns
            .filter(|(at, _)| !self.grid.continues_left(row, *at))
            .map(|(at, _)| self.grid.text(row, at))
            .filter(|text| !text.is_empty())
            .collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }

    fn question(&mut self, row: usize, ids: &mut Ids) -> Question {
        let mut uses = self.uses(row);
        let number = self.value(row, QuestionField::Number).map(|text| one_line(&text));
        let question = one_line(&self.value(row, QuestionField::Question).unwrap_or_default());
        let (answer, explanation) = self.answer(row, &mut uses);
        let mut evidence = Vec::new();
        if let Some(at) = self.layout.position_of(QuestionField::Evidence) {
            evidence = evidence_ids(self.grid.text(row, at)).unwrap_or_default();
        }
        let section = self.value(row, QuestionField::Section).map(|text| one_line(&text));
        let section = section.or_else(|| self.heading.as_ref().map(|(text, _)| text.clone()));
        let reviewed = self.parsed::<Date>(row, QuestionField::Reviewed, &mut uses, "write a date such as 2026-05-22");
        let stated =
            self.parsed::<Id>(row, QuestionField::Id, &mut uses, "write lowercase letters, digits and hyphens");
        let words = || question.split_whitespace().take(ID_WORDS).collect::<Vec<_>>().join(" ");
        let wanted = stated.or_else(|| number.as_deref().and_then(Id::from_name)).or_else(|| Id::from_name(&words()));
        let wanted = wanted.or_else(|| Id::from_name("question"));
        let id = ids.free(wanted.clone());
        if wanted.is_some_and(|wanted| wanted != id) {
            self.repeated(row, number.as_deref(), &question, &id);
        }
        self.push_uses(row, &uses);
        Question { id, number, question, section, answer, explanation, evidence, reviewed }
    }

    /// Adds the other rows of a question that is merged over several rows.
    fn continuation(&mut self, row: usize, question: &mut Question) {
        let mut uses = self.uses(row);
        let (answer, explanation) = self.answer(row, &mut uses);
        match (&question.answer, answer) {
            (None, Some(answer)) => question.answer = Some(answer),
            (Some(before), Some(answer)) if *before != answer => {
                let at = uses.iter().find(|(_, used)| used.0 == Some(QuestionField::Answer)).map(|(at, _)| *at);
                let own = at.filter(|at| !self.grid.continues_above(row, *at));
                own.into_iter()
                    .for_each(|at| self.not_a_value(row, at, &mut uses, "state one answer for each question"));
            }
            _ => {}
        }
        let own = |field| self.layout.position_of(field).is_some_and(|at| !self.grid.continues_above(row, at));
        if let Some(more) = explanation.filter(|_| own(QuestionField::Explanation) || own(QuestionField::Answer)) {
            match &mut question.explanation {
                Some(before) if *before == more => {}
                // A question can have thousands of rows.
                Some(before) => before.extend(["\n", &more]),
                none => *none = Some(more),
            }
        }
        for (field, _) in uses.values_mut().filter(|(field, _)| *field == Some(QuestionField::Evidence)) {
            *field = None;
        }
        self.push_uses(row, &uses);
    }

    /// Reads the answer and the explanation.
    fn answer(&mut self, row: usize, uses: &mut Uses) -> (Option<Answer>, Option<String>) {
        let mut answer = None;
        let mut words: Vec<String> = Vec::new();
        let layout = self.layout;
        for (at, stated) in layout.marks() {
            let text = self.grid.text(row, at);
            if text.is_empty() {
                continue;
            }
            if is_mark(text) && answer.is_none() {
                answer = Some(stated.clone());
                uses.entry(at).and_modify(|used| *used = (Some(QuestionField::Answer), None));
            } else if is_no_mark(text) {
                uses.entry(at).and_modify(|used| used.1 = Some(Remainder::Blank));
            } else {
                let help = match answer {
                    Some(_) => "mark one answer for each question",
                    None => "mark the answer with an x",
                };
                self.not_a_value(row, at, uses, help);
            }
        }
        if let Some(at) = layout.position_of(QuestionField::Answer) {
            let text = self.grid.text(row, at).to_owned();
            let cell = Cell::new(&text, None);
            if let Some(word) = self.vocabulary.answer(&text) {
                answer = answer.or(Some(word));
            } else if cell.is_placeholder() {
                self.placeholder(row, at, uses);
            } else if cell.is_blank() {
                uses.entry(at).and_modify(|used| used.1 = Some(Remainder::Blank));
            } else if let Some((word, reason)) = self.vocabulary.answer_with_reason(&text) {
                answer = answer.or(Some(word));
                words.push(reason.to_owned());
            } else {
                words.push(text);
            }
        }
        let explanations =
            layout.columns.iter().enumerate().filter(|(_, it)| it.field == Some(QuestionField::Explanation));
        for (at, _) in explanations {
            let text = self.grid.text(row, at).to_owned();
            let cell = Cell::new(&text, None);
            if text.is_empty() || self.grid.continues_left(row, at) {
                continue;
            }
            if cell.is_placeholder() {
                self.placeholder(row, at, uses);
            } else if cell.is_blank() {
                uses.entry(at).and_modify(|used| used.1 = Some(Remainder::Blank));
            } else if !words.contains(&text) {
                words.push(text);
            }
        }
        (answer, (!words.is_empty()).then(|| words.join("\n")))
    }

    /// Parses the value of a field.
    fn parsed<T: std::str::FromStr>(
        &mut self,
        row: usize,
        field: QuestionField,
        uses: &mut Uses,
        help: &str,
    ) -> Option<T> {
        let at = self.layout.position_of(field)?;
        let text = self.grid.text(row, at);
        if text.is_empty() {
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.not_a_value(row, at, uses, help);
        }
        value
    }

    /// Returns the use of each filled cell of a row, as the columns decide it.
    fn uses(&mut self, row: usize) -> Uses {
        let mut uses = Uses::new();
        for at in self.grid.filled(row) {
            let column = self.layout.columns.get(at);
            let field = column.and_then(|column| column.field);
            let is_struck = self.grid.cell(row, at).is_some_and(|cell| cell.struck);
            let remainder = match column {
                None => Some(Remainder::BeyondColumns),
                Some(column) if column.left_out => Some(Remainder::LeftOut),
                Some(column) if column.field.is_none() && column.mark.is_none() => {
                    self.unused.entry(at).or_insert((0, row)).0 += 1;
                    Some(Remainder::NoField)
                }
                Some(_) if is_struck => Some(Remainder::Markup),
                Some(_) => None,
            };
            if remainder == Some(Remainder::Markup) {
                let message = format!("struck-through text in {} is not imported", self.cell_name(row, at));
                self.warn(Code::ImportCell, message, Some((row, at)), "remove the text, or write the value that holds");
            }
            if remainder == Some(Remainder::BeyondColumns) {
                self.unused.entry(at).or_insert((0, row)).0 += 1;
            }
            uses.insert(at, (field, remainder));
        }
        uses
    }

    fn push_uses(&mut self, row: usize, uses: &Uses) {
        let table = self.at + 1;
        self.account.extend(uses.iter().map(|(at, (field, remainder))| CellAccount {
            table,
            row: row + 1,
            column: at + 1,
            fields: field.iter().copied().collect(),
            remainder: match (field, remainder) {
                (None, None) => Some(Remainder::NoField),
                _ => *remainder,
            },
        }));
    }

    fn whole_row(&mut self, row: usize, remainder: Remainder) {
        let uses = self.grid.filled(row).map(|at| (at, (None, Some(remainder)))).collect();
        self.push_uses(row, &uses);
    }

    /// Accounts for the last heading. One that no question follows is a note.
    fn finish_heading(&mut self, next: usize) {
        let Some((_, Some(row))) = self.heading.take() else { return };
        // A heading directly above another one is that of a group of sections.
        let is_outer = next < self.grid.rows.len() && (row + 1..next).all(|row| self.grid.filled(row).next().is_none());
        match self.is_heading_used || is_outer {
            true => self.whole_row(row, Remainder::Heading),
            false => self.other(row),
        }
    }

    /// Reports a row without a question.
    fn other(&mut self, row: usize) {
        let note = self.grid.filled(row).nth(1).is_none();
        self.whole_row(row, if note { Remainder::Note } else { Remainder::Incomplete });
        let text = self.grid.filled(row).map(|at| self.grid.text(row, at)).find(|text| !text.is_empty());
        let text = shortened(&one_line(text.unwrap_or_default()), 60);
        let message = format!("row {} is not imported, because it has no question: `{}`", row + 1, text.escape_debug());
        let at = self.grid.filled(row).next().unwrap_or_default();
        self.warn(Code::ImportRowUnused, message, Some((row, at)), "nothing needs to be fixed if it is a note");
    }

    fn repeated(&mut self, row: usize, number: Option<&str>, question: &str, id: &Id) {
        let (what, field) = match number {
            Some(number) => (format!("the number `{}` appears twice", shortened(number, 60)), QuestionField::Number),
            None => (format!("the question `{}` appears twice", shortened(question, 60)), QuestionField::Question),
        };
        let at = self.layout.position_of(field).unwrap_or_default();
        let help = format!("its id is `{id}`; correct the file if it is a mistake");
        self.warn(Code::ImportSameName, format!("{what}, the second time in row {}", row + 1), Some((row, at)), &help);
    }

    fn not_a_value(&mut self, row: usize, at: usize, uses: &mut Uses, help: &str) {
        uses.entry(at).and_modify(|used| used.1 = Some(Remainder::NotAValue));
        let text = shortened(&one_line(self.grid.text(row, at)), 60);
        let message = format!("`{}` in {} is not imported", text.escape_debug(), self.cell_name(row, at));
        self.warn(Code::ImportCell, message, Some((row, at)), help);
    }

    fn placeholder(&mut self, row: usize, at: usize, uses: &mut Uses) {
        uses.entry(at).and_modify(|used| used.1 = Some(Remainder::Placeholder));
        let text = shortened(&one_line(self.grid.text(row, at)), 60);
        let message =
            format!("the placeholder `{}` in {} is not imported", text.escape_debug(), self.cell_name(row, at));
        self.warn(Code::ImportCell, message, Some((row, at)), "write the answer");
    }

    fn unused_columns(&mut self) {
        for (at, (count, row)) in std::mem::take(&mut self.unused) {
            let shown = self.layout.shown(at);
            let name = self.layout.columns.get(at).map(|column| column.name.as_str()).unwrap_or_default();
            let handle = if name.is_empty() { (at + 1).to_string() } else { name.to_owned() };
            let other =
                self.vocabulary.field(name).and_then(|(field, _)| Some((field, self.layout.position_of(field)?)));
            let reason = match other {
                Some((field, other)) => format!("`{field}` comes from {}", self.layout.shown(other)),
                None => "it has no field of a question".to_owned(),
            };
            let message = format!("{shown} is not imported, with {}: {reason}", counted(count, "cell"));
            let help =
                format!("use `--map \"{handle}=explanation\"` or another field, or `=-` to leave the column out");
            let at = match self.layout.first > self.layout.header && at < self.grid.width(self.layout.first - 1) {
                true => (self.layout.first - 1, at),
                false => (row, at),
            };
            self.warn(Code::ImportColumnUnused, message, Some(at), &help);
        }
    }

    /// Returns the name of a cell as a spreadsheet program shows it.
    fn cell_name(&self, row: usize, at: usize) -> String {
        let cell = format!("cell {}{}", letters(at), row + 1);
        match &self.grid.name {
            Some(name) if self.sheets.grids.len() > 1 => format!("{cell} of `{}`", one_line(name)),
            _ => cell,
        }
    }

    fn warn(&mut self, code: Code, message: String, cell: Option<(usize, usize)>, help: &str) {
        let source = &self.sheets.source;
        let found = cell.and_then(|(row, at)| self.grid.cell(row, at));
        let at = found.map_or_else(|| Place::start_of(source), |cell| place(source, &cell.range));
        self.report.push(Diagnostic::new(code, message).at(at, "").help(help));
    }
}
