//! Finds the column names of a sheet, and what each column contains.

use super::sheet::{Grid, letters, plain};
use super::words::Vocabulary;
use super::{QuestionField, QuestionnaireOptions};
use crate::model::{Answer, Id};

/// The number of rows in which column names are looked for.
const HEADER_ROWS: usize = 60;

/// The maximum number of characters of the title of a questionnaire.
const MAX_TITLE: usize = 120;

/// The maximum number of characters of a number such as `A&A-01.1`.
const MAX_NUMBER: usize = 24;

/// What the columns of a sheet contain.
#[derive(Debug)]
pub(super) struct Layout {
    /// The columns, from left to right.
    pub columns: Vec<ColumnLayout>,
    /// The first row of the column names.
    pub header: usize,
    /// The first row below them.
    pub first: usize,
    /// The heading of the first questions, if it is in place of the name of a column.
    pub heading: Option<String>,
}

/// What a column contains.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnLayout {
    /// The name; may be empty.
    pub name: String,
    /// The field that it is imported into.
    pub field: Option<QuestionField>,
    /// The answer that a mark in this column states, if each answer has a column.
    pub mark: Option<Answer>,
    /// Whether `--map` leaves the column out.
    pub left_out: bool,
}

/// Rows that may be the column names.
struct Candidate {
    header: usize,
    first: usize,
    columns: Vec<ColumnLayout>,
    score: usize,
}

impl Layout {
    /// Finds the row, or the two rows, with the most column names.
    pub fn of(grid: &Grid, options: &QuestionnaireOptions, vocabulary: &Vocabulary) -> Option<Layout> {
        let rows = || 0..grid.rows.len().min(HEADER_ROWS);
        let spans = rows().map(|row| (row, row + 1)).chain(rows().map(|row| (row, row + 2)));
        let candidates = spans.filter_map(|(row, first)| candidate(grid, row, first, options, vocabulary));
        let mut best: Option<Candidate> = None;
        for found in candidates {
            // Of equal candidates, the first one is above all questions; two rows must be better than each of them.
            if best.as_ref().is_none_or(|best| found.score > best.score) {
                best = Some(found);
            }
        }
        let Candidate { mut header, mut first, columns, .. } = best.or_else(|| by_number(grid, options))?;
        // Names of one row may be merged with the names of groups of columns in the row above.
        while header > 0 && (0..columns.len()).any(|at| grid.is_merged((header - 1, at), (header, at))) {
            header -= 1;
        }
        // Names that are merged over several rows are repeated in each of them.
        while first > header && first < grid.rows.len().min(HEADER_ROWS) && repeats(grid, first, &columns) {
            first += 1;
        }
        let mut layout = Layout { columns, header, first, heading: None };
        layout.complete(grid);
        let has = |field| layout.position_of(field).is_some();
        let answers = has(QuestionField::Answer) || layout.marks().next().is_some();
        (has(QuestionField::Question) && (answers || has(QuestionField::Explanation))).then_some(layout)
    }

    /// Finds columns by their contents: questions are long and to the left of the answers, numbers to the left of the questions.
    fn complete(&mut self, grid: &Grid) {
        let rows = self.first..grid.rows.len();
        let is_free = |layout: &Layout, at: usize| {
            let column = &layout.columns[at];
            column.field.is_none() && column.mark.is_none() && !column.left_out
        };
        if self.position_of(QuestionField::Question).is_none() {
            let answers = self.columns.iter().position(|column| {
                matches!(column.field, Some(QuestionField::Answer | QuestionField::Explanation))
                    || column.mark.is_some()
            });
            let length = |at: &usize| rows.clone().map(|row| grid.text(row, *at).len()).sum::<usize>();
            let free = (0..answers.unwrap_or_default()).filter(|at| is_free(self, *at));
            let longest = free.map(|at| (length(&at), at)).max().filter(|(length, _)| *length > 0);
            if let Some((_, at)) = longest {
                let name = std::mem::take(&mut self.columns[at].name);
                // A heading that is merged over the columns of numbers and questions is the name of neither.
                self.columns.iter_mut().take(at).filter(|column| column.name == name).for_each(|it| it.name.clear());
                self.columns[at].field = Some(QuestionField::Question);
                self.heading = Some(name).filter(|name| !name.is_empty());
            }
        }
        let Some(question) = self.position_of(QuestionField::Question) else { return };
        // A column of free text is not evidence.
        let evidence = self.position_of(QuestionField::Evidence);
        if let Some(at) = evidence
            && rows.clone().any(|row| evidence_ids(grid.text(row, at)).is_none())
        {
            self.columns[at].field = None;
        }
        if self.position_of(QuestionField::Number).is_some() {
            return;
        }
        if let Some(at) = self.position_of(QuestionField::Id) {
            // Without a column for numbers, the ids are the numbers.
            self.columns[at].field = Some(QuestionField::Number);
            return;
        }
        let numbers = (0..question).filter(|at| is_free(self, *at)).find(|at| {
            let cells = rows.clone().filter(|row| !grid.text(*row, question).is_empty()).map(|row| grid.text(row, *at));
            let (mut filled, mut numbers) = (0, 0);
            for text in cells.filter(|text| !text.is_empty()) {
                filled += 1;
                numbers += usize::from(is_number(text));
            }
            numbers > 0 && numbers * 10 >= filled * 6
        });
        if let Some(at) = numbers {
            self.columns[at].field = Some(QuestionField::Number);
        }
    }

    /// Returns the first column of a field.
    pub fn position_of(&self, field: QuestionField) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// Returns the columns in which a mark states an answer.
    pub fn marks(&self) -> impl Iterator<Item = (usize, &Answer)> {
        self.columns.iter().enumerate().filter_map(|(at, column)| Some((at, column.mark.as_ref()?)))
    }

    /// Finds a column by its name or its number, as `--map` states it.
    pub fn position(&self, wanted: &str) -> Option<usize> {
        position(&self.columns, wanted)
    }

    /// Returns the name of a column for messages.
    pub fn shown(&self, at: usize) -> String {
        match self.columns.get(at).map(|column| column.name.as_str()).filter(|name| !name.is_empty()) {
            Some(name) => format!("column `{name}`"),
            None => format!("unnamed column {}", letters(at)),
        }
    }

    /// Returns the title above the column names.
    pub fn title(&self, grid: &Grid) -> Option<String> {
        let mut texts = (0..self.header).flat_map(|row| grid.filled(row).map(move |column| grid.text(row, column)));
        let title = crate::text::one_line(texts.next()?);
        (!title.is_empty() && title.chars().count() <= MAX_TITLE).then_some(title)
    }
}

/// Returns the columns that are named in the rows from `header` to before `first`, if that can be a questionnaire.
fn candidate(
    grid: &Grid,
    header: usize,
    first: usize,
    options: &QuestionnaireOptions,
    vocabulary: &Vocabulary,
) -> Option<Candidate> {
    let width = (header..first).map(|row| grid.width(row)).max().unwrap_or_default();
    if first > grid.rows.len() || width == 0 {
        return None;
    }
    // The name of a column is in the lowest row that has one.
    let named = |at: usize| (header..first).rev().map(|row| grid.text(row, at)).find(|text| !text.is_empty());
    let name = |at: usize| crate::text::one_line(named(at).unwrap_or_default());
    let mut columns: Vec<ColumnLayout> =
        (0..width).map(|at| ColumnLayout { name: name(at), ..ColumnLayout::default() }).collect();
    let marks: Vec<(usize, Answer)> =
        (0..width).filter_map(|at| Some((at, vocabulary.answer(&columns[at].name)?))).collect();
    let states = |answer: Answer| marks.iter().any(|(_, mark)| *mark == answer);
    if states(Answer::Yes) && states(Answer::No) {
        for (at, answer) in marks {
            columns[at].mark = Some(answer);
        }
    }
    for field in QuestionField::ALL {
        let named = (0..width).filter(|at| columns[*at].mark.is_none() && !grid.continues_left(first - 1, *at));
        let ranked = named.filter_map(|at| match vocabulary.field(&columns[at].name)? {
            (found, rank) if found == field => Some((rank, at)),
            _ => None,
        });
        if let Some((_, at)) = ranked.min() {
            columns[at].field = Some(field);
        }
    }
    // `No` may be the name of a column of numbers, or an answer.
    let is_named = |column: &&ColumnLayout| match column.field {
        Some(_) => vocabulary.answer(&column.name).is_none(),
        None => column.mark.is_some(),
    };
    let mut named = columns.iter().filter(is_named).count();
    let mut mapped = 0;
    for assignment in &options.assignments {
        let Some(at) = position(&columns, &assignment.column) else { continue };
        if let Some(field) = assignment.field.filter(|field| *field != QuestionField::Explanation) {
            columns.iter_mut().filter(|column| column.field == Some(field)).for_each(|column| column.field = None);
        }
        if plain(&columns[at].name) == plain(&assignment.column) {
            (mapped, named) = (mapped + 1, named + 1);
        }
        columns[at].field = assignment.field;
        columns[at].mark = None;
        columns[at].left_out = assignment.field.is_none();
    }
    let fields = columns.iter().filter(|column| column.field.is_some()).count();
    let has_marks = columns.iter().any(|column| column.mark.is_some());
    let is =
        |column: &ColumnLayout, fields: &[QuestionField]| column.field.is_some_and(|field| fields.contains(&field));
    let has = |fields: &[QuestionField]| columns.iter().any(|column| is(column, fields));
    let questions = has(&[QuestionField::Question]);
    let answers = has_marks || has(&[QuestionField::Answer]);
    let explanations = has(&[QuestionField::Explanation]);
    let usable = (questions && (answers || explanations)) || (answers && (explanations || has_marks)) || mapped > 0;
    let score = fields + 2 * usize::from(has_marks) + mapped;
    (usable && named > 0).then_some(Candidate { header, first, columns, score })
}

/// Returns the columns of a sheet without column names, which `--map` assigns by number.
fn by_number(grid: &Grid, options: &QuestionnaireOptions) -> Option<Candidate> {
    let width = grid.rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut columns = vec![ColumnLayout::default(); width];
    for assignment in &options.assignments {
        let at = assignment.column.parse::<usize>().ok().and_then(|number| number.checked_sub(1))?;
        let column = columns.get_mut(at)?;
        (column.field, column.left_out) = (assignment.field, assignment.field.is_none());
    }
    (!options.assignments.is_empty()).then_some(Candidate { header: 0, first: 0, columns, score: 0 })
}

/// Finds a column by its exact name, by its words, or by its number.
fn position(columns: &[ColumnLayout], wanted: &str) -> Option<usize> {
    let number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < columns.len());
    let exact = columns.iter().position(|column| column.name == wanted);
    let same = || columns.iter().position(|column| !wanted.is_empty() && plain(&column.name) == plain(wanted));
    exact.or_else(same).or_else(number)
}

/// Whether a row repeats the names of all columns with a field.
fn repeats(grid: &Grid, row: usize, columns: &[ColumnLayout]) -> bool {
    let mut used = columns.iter().enumerate().filter(|(_, column)| column.field.is_some() || column.mark.is_some());
    used.all(|(at, column)| plain(grid.text(row, at)) == plain(&column.name))
}

/// Whether a text is a number such as `4`, `A&A-01.1` or `COMP-01`.
fn is_number(text: &str) -> bool {
    text.chars().count() <= MAX_NUMBER
        && text.chars().any(|c| c.is_ascii_digit())
        && text.split_whitespace().count() <= 2
}

/// Returns the ids in a cell of evidence; `None` if it has other text.
pub(super) fn evidence_ids(text: &str) -> Option<Vec<Id>> {
    let parts = text.split([';', ',', '\n']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok()).collect()
}
