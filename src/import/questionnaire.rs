//! Reads filled questionnaires from workbooks and CSV files.
//!
//! ```text
//! file -> sheets -> layout (what each column contains) -> rows -> questions -> yaml
//! ```
//!
//! A questionnaire has column names, which may be in two rows with merged cells, and below them rows of questions and headings.
//! The words of the column names decide what a column contains, so that a CAIQ, a HECVAT, a VSA and the list of a customer can be
//! read. Every cell is imported or accounted for.

mod fill;
mod layout;
mod rows;
mod sheet;
mod words;
mod yaml;

use std::collections::HashMap;
use std::sync::Arc;

pub use self::fill::{FilledQuestionnaire, fill_questionnaire};
pub(super) use self::sheet::letters;
pub use self::yaml::questionnaire_to_yaml;

use self::layout::Layout;
use self::rows::SheetReader;
use self::sheet::{Sheets, plain};
use self::words::Vocabulary;
use super::account::{Account, CellAccount, Remainder};
use super::columns::Assignment;
use super::ids::Ids;
use super::table::MAX_CELL_BYTES;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::load::MAX_ITEMS;
use crate::model::{Id, Question, QuestionField, Questionnaire};
use crate::text::counted;

/// Options for reading a questionnaire.
#[derive(Debug, Clone, Default)]
pub struct QuestionnaireOptions {
    /// Fields of columns, overriding the column names.
    pub assignments: Vec<Assignment<QuestionField>>,
    /// The numbers of the sheets to read, starting at 1; empty for all that have columns of a questionnaire.
    pub tables: Vec<usize>,
}

/// A column and its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionColumn {
    /// The name in the sheet; may be empty.
    pub name: String,
    /// The field that it is imported into.
    pub field: Option<QuestionField>,
    /// Whether a mark in this column states an answer, because each answer has a column.
    pub mark: bool,
}

impl QuestionColumn {
    /// The field of a question that a cell of the column becomes.
    pub fn becomes(&self) -> Option<QuestionField> {
        self.field.or(self.mark.then_some(QuestionField::Answer))
    }
}

/// A sheet that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSheet {
    /// The number of the sheet in the file, starting at 1; hidden sheets are not counted.
    pub number: usize,
    /// Its name; `None` for a CSV file.
    pub name: Option<String>,
    /// The number of rows below the column names.
    pub rows: usize,
    /// The columns and their use, from left to right.
    pub columns: Vec<QuestionColumn>,
}

/// The result of an import.
#[derive(Debug, Clone, Default)]
pub struct ImportedQuestions {
    /// The sheets that have questions.
    pub tables: Vec<ReadSheet>,
    /// The title above the column names.
    pub title: Option<String>,
    /// The questions, in the order of the file.
    pub questions: Vec<Question>,
    /// Where each cell of the file ended up.
    pub account: Account<QuestionField>,
    /// The sheet and the row of each question, counted from 0.
    places: Vec<(usize, usize)>,
}

/// The content of a file with a questionnaire.
#[derive(Debug, Clone, Copy)]
pub enum QuestionnaireFile<'a> {
    /// A workbook: XLSX or ODS.
    Workbook(&'a [u8]),
    /// CSV, without a byte order mark.
    Csv(&'a str),
}

/// Reads a questionnaire. Returns `None` if its columns are not recognized. If the report has errors, the questions are incomplete
/// and must not be used.
pub fn read_questionnaire(
    path: &str,
    file: QuestionnaireFile<'_>,
    options: &QuestionnaireOptions,
) -> (Option<ImportedQuestions>, Report) {
    let vocabulary = Vocabulary::new();
    let sheets = match Sheets::read(path, file, &vocabulary) {
        Ok(sheets) => sheets,
        Err(why) => return (None, malformed(path, &why).into()),
    };
    let layouts = sheets.layouts(options, &vocabulary);
    let (imported, report) = read_sheets(&sheets, &layouts, options, &vocabulary);
    (Some(imported).filter(|imported| !imported.questions.is_empty()), report)
}

fn malformed(path: &str, why: &str) -> Diagnostic {
    let message = format!("cannot read a questionnaire from `{path}`: {why}");
    let found = Diagnostic::new(Code::ImportMalformed, message).at(Place::file(path), "");
    found.help("fix the file, or save it as XLSX or CSV")
}

/// Reads the sheets that have a layout, and accounts for the others.
fn read_sheets(
    sheets: &Sheets,
    layouts: &[Option<Layout>],
    options: &QuestionnaireOptions,
    vocabulary: &Vocabulary,
) -> (ImportedQuestions, Report) {
    let mut report = Report::new();
    let mut imported = ImportedQuestions::default();
    let mut ids = Ids::default();
    unknown_columns(sheets, layouts, options, &mut report);
    for (at, (grid, layout)) in sheets.grids.iter().zip(layouts).enumerate() {
        let Some(layout) = layout else {
            other_sheet(sheets, at, options, &mut imported, &mut report);
            continue;
        };
        let columns = layout.columns.iter().map(|column| QuestionColumn {
            name: column.name.clone(),
            field: column.field,
            mark: column.mark.is_some(),
        });
        imported.tables.push(ReadSheet {
            number: at + 1,
            name: grid.name.clone(),
            rows: grid.rows.len().saturating_sub(layout.first),
            columns: columns.collect(),
        });
        if imported.title.is_none() {
            imported.title = layout.title(grid);
        }
        SheetReader::new(sheets, at, layout, vocabulary).read(&mut ids, &mut imported, &mut report);
    }
    if imported.questions.is_empty() && !report.has_errors() {
        report.push(no_questions(sheets));
    }
    if imported.questions.len() > MAX_ITEMS {
        let path = &sheets.source.path;
        let message = format!("`{path}` has {} questions; the limit is {MAX_ITEMS}", imported.questions.len());
        let help = "import its sheets as several questionnaires with `--table`";
        report.push(Diagnostic::new(Code::ImportMalformed, message).at(Place::file(path), "").help(help));
    }
    too_long(sheets, &mut report);
    (imported, report)
}

/// Reports `--map` for columns, and `--table` for sheets, that the file does not have.
fn unknown_columns(sheets: &Sheets, layouts: &[Option<Layout>], options: &QuestionnaireOptions, report: &mut Report) {
    for number in options.tables.iter().filter(|number| !(1..=sheets.grids.len()).contains(number)) {
        let message = format!("`--table {number}`: the file has {}", counted(sheets.grids.len(), "visible sheet"));
        let help = "use the number of a sheet, counted from 1";
        report
            .push(Diagnostic::new(Code::ImportWhichTable, message).at(Place::start_of(&sheets.source), "").help(help));
    }
    if layouts.iter().all(Option::is_none) {
        return;
    }
    let names: Vec<String> =
        layouts.iter().flatten().flat_map(|layout| &layout.columns).map(|column| column.name.clone()).collect();
    for assignment in &options.assignments {
        if layouts.iter().flatten().all(|layout| layout.position(&assignment.column).is_none()) {
            report.push(super::columns::no_such_column(assignment, &names, Some(Place::start_of(&sheets.source))));
        }
    }
}

/// Accounts for the cells of a sheet without questions.
fn other_sheet(
    sheets: &Sheets,
    at: usize,
    options: &QuestionnaireOptions,
    imported: &mut ImportedQuestions,
    report: &mut Report,
) {
    let grid = &sheets.grids[at];
    let cells: Vec<(usize, usize)> =
        (0..grid.rows.len()).flat_map(|row| grid.filled(row).map(move |column| (row, column))).collect();
    let Some((row, column)) = cells.first().copied() else { return };
    imported.account.cells.extend(cells.iter().map(|(row, column)| CellAccount {
        table: at + 1,
        row: row + 1,
        column: column + 1,
        fields: Vec::new(),
        remainder: Some(Remainder::OtherTable),
    }));
    let is_chosen = options.tables.is_empty() || options.tables.contains(&(at + 1));
    if !is_chosen || sheets.grids.len() == 1 {
        return;
    }
    let message = format!("{} is not imported: it has no columns of a questionnaire", grid.shown(at));
    let place = Place::new(&sheets.source, grid.rows[row][column].range.clone());
    let found = Diagnostic::new(Code::ImportTableUnused, message).at(place, "");
    report.push(
        found.help("if it has questions, name their columns with `--map COLUMN=question` and `--map COLUMN=answer`"),
    );
}

fn no_questions(sheets: &Sheets) -> Diagnostic {
    let message = format!("`{}` has no questions with answers", sheets.source.path);
    Diagnostic::new(Code::ImportNoTable, message)
        .at(Place::start_of(&sheets.source), "")
        .help("name one column “Question”, and another one “Answer” or “Explanation”, in a row above the questions")
        .help("or name the columns with `--map COLUMN=question` and `--map COLUMN=answer`, by name or number")
}

/// Reports cells that are too long for content.
fn too_long(sheets: &Sheets, report: &mut Report) {
    let cells = sheets.grids.iter().flat_map(|grid| &grid.rows).flatten();
    if let Some(cell) = cells.into_iter().find(|cell| cell.text.len() > MAX_CELL_BYTES) {
        let message = format!("a cell is longer than {MAX_CELL_BYTES} bytes");
        let place = Place::new(&sheets.source, cell.range.clone());
        report.push(
            Diagnostic::new(Code::ImportMalformed, message).at(place, "").help("shorten it, or move it to a document"),
        );
    }
}

impl ImportedQuestions {
    /// Whether the file has a column of ids.
    fn states_ids(&self) -> bool {
        self.tables.iter().flat_map(|table| &table.columns).any(|column| column.field == Some(QuestionField::Id))
    }

    /// Returns the questionnaire. What the file cannot state is taken from the one that it replaces: title, standard, version and
    /// owner, and the ids, evidence and reviews of the same questions. The review of a changed answer is left out.
    pub fn questionnaire(&self, id: Id, replaced: Option<&Questionnaire>) -> Questionnaire {
        let title = self.title.clone().unwrap_or_else(|| id.to_string());
        let Some(replaced) = replaced else {
            return Questionnaire { id, title, questions: self.questions.clone(), ..Questionnaire::default() };
        };
        let known = KnownQuestions::of(replaced);
        let mut ids = Ids::default();
        let mut questions = self.questions.clone();
        let states_id = self.states_ids();
        for question in &mut questions {
            if let Some(before) = known.find(question, states_id) {
                if !states_id {
                    question.id = before.id.clone();
                }
                if question.evidence.is_empty() {
                    question.evidence.clone_from(&before.evidence);
                }
                let same = (&question.answer, &question.explanation) == (&before.answer, &before.explanation);
                question.reviewed = question.reviewed.or(before.reviewed.filter(|_| same));
            }
            question.id = ids.free(Some(question.id.clone()));
        }
        Questionnaire { id, questions, ..replaced.clone() }
    }
}

/// The questions of a questionnaire, by what identifies them.
pub struct KnownQuestions<'a> {
    both: HashMap<(String, String), &'a Question>,
    texts: HashMap<String, Option<&'a Question>>,
    numbers: HashMap<String, Option<&'a Question>>,
    ids: HashMap<&'a str, &'a Question>,
}

impl<'a> KnownQuestions<'a> {
    /// Indexes the questions. A number or text that several questions have identifies none.
    pub fn of(questionnaire: &'a Questionnaire) -> KnownQuestions<'a> {
        let (mut both, mut texts, mut numbers, mut ids) =
            (HashMap::new(), HashMap::new(), HashMap::new(), HashMap::new());
        let several = |other: &mut Option<&Question>| *other = None;
        for question in &questionnaire.questions {
            let text = plain(&question.question);
            if let Some(number) = &question.number {
                let number = plain(number);
                both.entry((number.clone(), text.clone())).or_insert(question);
                numbers.entry(number).and_modify(several).or_insert(Some(question));
            }
            texts.entry(text).and_modify(several).or_insert(Some(question));
            ids.insert(question.id.as_str(), question);
        }
        KnownQuestions { both, texts, numbers, ids }
    }

    /// Returns the question with the same text, or else with the same number, or the same id if the file states ids. Numbers such as
    /// `1.1` are in every list, so only those with a letter, such as `A&A-01.1`, are enough.
    pub fn find(&self, question: &Question, states_id: bool) -> Option<&'a Question> {
        let text = plain(&question.question);
        let number = question.number.as_deref().map(plain);
        let same_text = self.texts.get(&text).copied().flatten();
        let number = number.unwrap_or_default();
        let is_specific = number.chars().any(char::is_alphabetic);
        let same_number = self.numbers.get(&number).copied().flatten().filter(|_| is_specific);
        let same_id = self.ids.get(question.id.as_str()).copied().filter(|_| states_id);
        self.both.get(&(number, text)).copied().or(same_text).or(same_number).or(same_id)
    }
}

/// Returns the place of a cell.
fn place(source: &Arc<Source>, range: &std::ops::Range<usize>) -> Place {
    Place::new(source, range.clone())
}
