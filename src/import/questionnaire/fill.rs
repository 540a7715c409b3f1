//! Fills the answers of a questionnaire into a file with the same questions.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::layout::Layout;
use super::sheet::{Grid, Sheets, letters};
use super::words::Vocabulary;
use super::{KnownQuestions, QuestionField, QuestionnaireFile, QuestionnaireOptions, malformed, place, read_sheets};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity};
use crate::import::csv as records;
use crate::import::workbook::{self, CellEdits};
use crate::model::{Answer, Id, Question, Questionnaire};
use crate::text::formula::guarded;
use crate::text::one_line;

/// A file with the answers of a questionnaire.
#[derive(Debug, Clone, Default)]
pub struct FilledQuestionnaire {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// The number of questions of the file that the questionnaire has.
    pub filled: usize,
    /// The number of cells that changed.
    pub cells: usize,
    /// The questions of the file that the questionnaire does not have.
    pub unknown: Vec<String>,
    /// The questions of the questionnaire that the file does not have.
    pub left: Vec<String>,
}

/// Writes the answers of a questionnaire into a copy of a file with the same questions. An answer is written with the word that the file uses or permits for it, or else with its label.
pub fn fill_questionnaire(
    path: &str,
    file: QuestionnaireFile<'_>,
    options: &QuestionnaireOptions,
    questionnaire: &Questionnaire,
    label: &dyn Fn(&Answer) -> String,
) -> (Option<FilledQuestionnaire>, Report) {
    let vocabulary = Vocabulary::new();
    let sheets = match Sheets::read(path, file, &vocabulary) {
        Ok(sheets) => sheets,
        Err(why) => return (None, malformed(path, &why).into()),
    };
    if sheets.grids.iter().any(|grid| grid.name.is_some() && grid.part.is_empty()) {
        let found = malformed(path, "candor writes workbooks only as XLSX").help("save it as XLSX or CSV");
        return (None, found.into());
    }
    let layouts = sheets.layouts(options, &vocabulary);
    let (imported, mut report) = read_sheets(&sheets, &layouts, options, &vocabulary);
    report.retain(|found| found.severity() == Severity::Error);
    if report.has_errors() {
        return (None, report);
    }
    let known = KnownQuestions::of(questionnaire);
    let mut left: HashSet<&Id> = questionnaire.questions.iter().map(|question| &question.id).collect();
    let mut filled = FilledQuestionnaire::default();
    let mut edits: BTreeMap<usize, CellEdits> = BTreeMap::new();
    let words: Vec<AnswerWords> = sheets
        .grids
        .iter()
        .zip(&layouts)
        .map(|(grid, layout)| words(grid, layout.as_ref(), file, &vocabulary))
        .collect();
    for (stated, (at, row)) in imported.questions.iter().zip(&imported.places) {
        let Some(question) = known.find(stated, imported.states_ids()) else {
            filled.unknown.push(stated.name().to_owned());
            continue;
        };
        left.remove(&question.id);
        filled.filled += 1;
        let Some(layout) = &layouts[*at] else { continue };
        let row = RowEdit { grid: &sheets.grids[*at], layout, row: *row, words: &words[*at], label };
        for (column, text) in row.changes(stated, question) {
            match row.writable(column) {
                Some(cell) => _ = edits.entry(*at).or_default().insert(cell, text),
                None => report.push(kept(&sheets, *at, (row.row, column), "it is merged with other rows")),
            }
        }
    }
    filled.left = questionnaire
        .questions
        .iter()
        .filter(|question| left.contains(&question.id))
        .map(|question| question.name().to_owned())
        .collect();
    filled.cells = edits.values().map(BTreeMap::len).sum();
    match written(&sheets, file, &edits, &mut report) {
        Ok(bytes) => (Some(FilledQuestionnaire { bytes, ..filled }), report),
        Err(why) => (None, malformed(path, &why).into()),
    }
}

/// Returns the file with the new texts.
fn written(
    sheets: &Sheets,
    file: QuestionnaireFile<'_>,
    edits: &BTreeMap<usize, CellEdits>,
    report: &mut Report,
) -> Result<Vec<u8>, String> {
    match file {
        QuestionnaireFile::Workbook(bytes) => {
            let parts = edits.iter().map(|(at, cells)| (sheets.grids[*at].part.clone(), cells.clone())).collect();
            let edited = workbook::edit(bytes, &parts)?;
            for (part, cell, reason) in edited.kept {
                let at = sheets.grids.iter().position(|grid| grid.part == part).unwrap_or_default();
                report.push(kept(sheets, at, cell, reason));
            }
            Ok(edited.bytes)
        }
        QuestionnaireFile::Csv(text) => csv(text, edits.get(&0)),
    }
}

/// Replaces the records with new texts. All other bytes stay.
fn csv(text: &str, edits: Option<&CellEdits>) -> Result<Vec<u8>, String> {
    let vocabulary = Vocabulary::new();
    let file = records::read(text, |name| vocabulary.field(name).is_some())?;
    let mut out = Vec::with_capacity(text.len());
    let mut end = 0;
    let mut rows: BTreeMap<usize, Vec<(usize, &String)>> = BTreeMap::new();
    for ((row, column), new) in edits.into_iter().flatten() {
        rows.entry(*row).or_default().push((*column, new));
    }
    for (row, cells) in rows {
        let Some((range, record)) = file.records.get(row) else { continue };
        let mut record: Vec<String> = record.iter().map(str::to_owned).collect();
        for (column, new) in cells {
            if record.len() <= column {
                record.resize(column + 1, String::new());
            }
            let new = guarded(new);
            record[column] = if file.quoting { new.into_owned() } else { one_line(&new) };
        }
        out.extend(&text.as_bytes()[end..range.start]);
        out.extend(file.line(&record));
        end = range.end;
    }
    out.extend(&text.as_bytes()[end..]);
    Ok(out)
}

fn kept(sheets: &Sheets, at: usize, (row, column): (usize, usize), reason: &str) -> Diagnostic {
    let grid = &sheets.grids[at];
    let sheet = grid.name.as_ref().map(|name| format!(" of `{}`", one_line(name))).unwrap_or_default();
    let message = format!("cell {}{}{sheet} keeps its text: {reason}", letters(column), row + 1);
    let cell = grid.cell(row, column);
    let at = cell.map_or_else(|| Place::start_of(&sheets.source), |cell| place(&sheets.source, &cell.range));
    Diagnostic::new(Code::ImportCell, message).at(at, "").help("enter the answer in the file by hand")
}

/// The word with which a sheet states each answer.
type AnswerWords = HashMap<String, String>;

/// Returns the words that a sheet uses for answers, and then those that it permits in a cell.
fn words(grid: &Grid, layout: Option<&Layout>, file: QuestionnaireFile<'_>, vocabulary: &Vocabulary) -> AnswerWords {
    let mut words = AnswerWords::new();
    let Some(layout) = layout else { return words };
    let mut learn = |text: &str| {
        if let Some(answer) = vocabulary.answer(text) {
            words.entry(answer.as_str().to_owned()).or_insert_with(|| text.to_owned());
        }
    };
    if let Some(column) = layout.position_of(QuestionField::Answer) {
        (layout.first..grid.rows.len()).for_each(|row| learn(grid.text(row, column)));
    }
    if let QuestionnaireFile::Workbook(bytes) = file {
        let states =
            |list: &[String], answer: Answer| list.iter().any(|it| vocabulary.answer(it).as_ref() == Some(&answer));
        let lists = workbook::choices(bytes, &grid.part).unwrap_or_default();
        let lists = lists.iter().filter(|list| states(list, Answer::Yes) && states(list, Answer::No));
        lists.flatten().for_each(|word| learn(word));
    }
    words
}

/// A row whose answer may change.
struct RowEdit<'a> {
    grid: &'a Grid,
    layout: &'a Layout,
    row: usize,
    words: &'a AnswerWords,
    label: &'a dyn Fn(&Answer) -> String,
}

impl RowEdit<'_> {
    /// Returns the cells that change, by their columns.
    fn changes(&self, stated: &Question, question: &Question) -> Vec<(usize, String)> {
        let mut cells = Vec::new();
        let mut set = |column: Option<usize>, text: String| {
            if let Some(column) = column.filter(|column| self.grid.text(self.row, *column) != text) {
                cells.push((column, text));
            }
        };
        let at = |field| self.layout.position_of(field);
        if (&stated.answer, &stated.explanation) != (&question.answer, &question.explanation) {
            let explanation_at = at(QuestionField::Explanation);
            let mut explanation = question.explanation.clone().unwrap_or_default();
            let answer = question.answer.as_ref();
            let has_mark = self.layout.marks().any(|(_, mark)| Some(mark) == answer);
            for (column, mark) in self.layout.marks() {
                let is_empty = self.grid.text(self.row, column).is_empty();
                match (Some(mark) == answer, is_empty) {
                    (true, true) => set(Some(column), "x".to_owned()),
                    (false, false) => set(Some(column), String::new()),
                    _ => {}
                }
            }
            let answer_at = at(QuestionField::Answer);
            let word = answer.filter(|_| !has_mark).map(|answer| {
                let known = self.words.get(answer.as_str()).cloned();
                known.unwrap_or_else(|| (self.label)(answer))
            });
            let joined = |word: Option<String>, reason: &str| match word {
                Some(word) if reason.is_empty() => word,
                Some(word) => format!("{word}. {reason}"),
                None => reason.to_owned(),
            };
            match (answer_at, explanation_at) {
                // An answer in words is in the column of answers.
                (Some(_), Some(_)) if word.is_none() && !has_mark => set(answer_at, std::mem::take(&mut explanation)),
                (Some(_), Some(_)) => set(answer_at, word.unwrap_or_default()),
                (Some(_), None) => set(answer_at, joined(word, &explanation)),
                (None, _) => explanation = joined(word, &explanation),
            }
            set(explanation_at, explanation);
        }
        if stated.evidence != question.evidence {
            let ids: Vec<&str> = question.evidence.iter().map(Id::as_str).collect();
            set(at(QuestionField::Evidence), ids.join("; "));
        }
        if stated.reviewed != question.reviewed {
            let date = question.reviewed.map(|date| date.to_string());
            set(at(QuestionField::Reviewed), date.unwrap_or_default());
        }
        cells
    }

    /// Returns the cell to write for a column of the row; `None` if it is merged with other rows.
    fn writable(&self, column: usize) -> Option<(usize, usize)> {
        let grid = self.grid;
        if grid.continues_above(self.row, column) || grid.is_merged((self.row, column), (self.row + 1, column)) {
            return None;
        }
        let first = (0..=column).rev().find(|column| !grid.continues_left(self.row, *column));
        Some((self.row, first.unwrap_or(column)))
    }
}
