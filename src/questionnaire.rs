//! A questionnaire with its answers as a table, and its file formats: CSV and XLSX.

use crate::model::{Answer, Id, Question, QuestionField, Questionnaire};
use crate::spreadsheet::{BYTE_ORDER_MARK, SheetCell, TableWorkbook, WorkbookFacts, csv};
use crate::wording::Catalog;

/// Formats a questionnaire as CSV for spreadsheet programs, with a byte order mark.
pub fn table(item: &Questionnaire, strings: &Catalog) -> Vec<u8> {
    let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
    let rows = item.questions.iter().map(|question| row(question, strings));
    let rows = rows.map(|row| row.into_iter().map(text).collect());
    bytes.extend(csv(std::iter::once(heads(strings)).chain(rows)));
    bytes
}

/// Formats a questionnaire as an Excel workbook (XLSX).
pub fn workbook(item: &Questionnaire, about: WorkbookFacts<'_>, strings: &Catalog) -> Vec<u8> {
    let workbook = TableWorkbook {
        about,
        table_name: strings.get("fields.questions").to_owned(),
        heads: heads(strings),
        rows: item.questions.iter().map(|question| row(question, strings)).collect(),
        facts_name: strings.get("fields.questionnaire").to_owned(),
    };
    workbook.bytes()
}

fn heads(strings: &Catalog) -> Vec<String> {
    QuestionField::ALL.map(|field| strings.question_field(field).to_owned()).into()
}

fn row(question: &Question, strings: &Catalog) -> Vec<SheetCell> {
    let optional = |value: &Option<String>| SheetCell::Text(value.clone().unwrap_or_default());
    let cell = |field: QuestionField| match field {
        QuestionField::Number => optional(&question.number),
        QuestionField::Section => optional(&question.section),
        QuestionField::Question => SheetCell::Text(question.question.clone()),
        QuestionField::Answer => SheetCell::Text(label(question.answer.as_ref(), strings).to_owned()),
        QuestionField::Explanation => optional(&question.explanation),
        QuestionField::Evidence => {
            let ids: Vec<&str> = question.evidence.iter().map(Id::as_str).collect();
            SheetCell::Text(ids.join("; "))
        }
        QuestionField::Reviewed => question.reviewed.map_or_else(|| SheetCell::Text(String::new()), SheetCell::Date),
        QuestionField::Id => SheetCell::Text(question.id.to_string()),
    };
    QuestionField::ALL.map(cell).into()
}

fn text(cell: SheetCell) -> String {
    match cell {
        SheetCell::Text(text) => text,
        SheetCell::Date(date) => date.to_string(),
    }
}

/// Returns the label of an answer; empty for a question that is answered in words.
fn label<'a>(answer: Option<&'a Answer>, strings: &'a Catalog) -> &'a str {
    answer.map(|answer| strings.answer(answer.as_str())).unwrap_or_default()
}
