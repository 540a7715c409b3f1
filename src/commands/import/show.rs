//! Shows the result of an import, for people and as JSON.

use std::collections::BTreeMap;
use std::io::Write;

use crate::commands::printed::{
    ImportResult, ImportedCells, ImportedColumn, ImportedRelease, ImportedTable, json, json_report,
};
use crate::commands::{Context, Failure, Outcome};
use crate::diagnostic::{Code, Report};
use crate::import::{
    self, Account, Column, Imported, ImportedQuestions, Past, QuestionColumn, ReadSheet, ReadTable, Remainder,
};
use crate::model::{Answer, QuestionField, Questionnaire};
use crate::text::counted;

/// Prints the field of each column, the subprocessors, and the releases.
pub(super) fn list(imported: &Imported, past: &Past, file: &str, context: &Context) -> Result<(), Failure> {
    let mut out = context.out();
    let mut shown: Option<&[Column]> = None;
    for table in &imported.tables {
        let heading = table.heading.as_ref().map(|heading| format!(" ({heading})")).unwrap_or_default();
        // Most tables of a list have the same columns.
        if shown == Some(table.columns.as_slice()) {
            writeln!(out, "{file}, table {}{heading}: the same columns", table.number)?;
            continue;
        }
        shown = Some(&table.columns);
        writeln!(out, "{file}, table {}{heading}:", table.number)?;
        let width = table.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or_default().min(40);
        for column in &table.columns {
            let fields: Vec<&str> = column.fields.iter().map(|field| field.name()).collect();
            let becomes = if fields.is_empty() { "(not imported)".to_owned() } else { fields.join(", ") };
            let name = if column.name.is_empty() { "(no name)" } else { &column.name };
            writeln!(out, "  {name:width$}  -> {becomes}")?;
        }
    }
    writeln!(out, "\n{}:", counted(imported.items.len(), "subprocessor"))?;
    let width = imported.items.iter().map(|item| item.id.as_str().len()).max().unwrap_or_default();
    for item in &imported.items {
        writeln!(out, "  {:width$}  {}", item.id.as_str(), item.name)?;
    }
    if !past.releases.is_empty() {
        writeln!(out, "\n{}:", counted(past.releases.len(), "release"))?;
    }
    let width =
        past.releases.iter().map(|(past_release, _)| past_release.version.to_string().len()).max().unwrap_or_default();
    for (past_release, commit) in &past.releases {
        let version = past_release.version.to_string();
        writeln!(out, "  {version:width$}  {}  {}", import::short(commit), past_release.release.summary)?;
    }
    Ok(())
}

/// Prints how many cells were imported, and why the others were not.
pub(super) fn cells<F>(account: &Account<F>, out: &mut impl Write) -> Result<(), Failure> {
    let values = account.cells.iter().filter(|cell| cell.remainder.is_none_or(Remainder::is_loss)).count();
    writeln!(out, "\n{} of {} imported completely", account.imported(), counted(values, "cell"))?;
    for (remainder, count) in account.remainders().into_iter().filter(|(remainder, _)| remainder.is_loss()) {
        writeln!(out, "  {count} {}", remainder.describe())?;
    }
    Ok(())
}

/// Prints the field of each column, and the number of questions with each answer.
pub(super) fn questions(imported: &ImportedQuestions, file: &str, context: &Context) -> Result<(), Failure> {
    let mut out = context.out();
    for table in &imported.tables {
        let name = table.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        writeln!(out, "{file}, sheet {}{name}:", table.number)?;
        let width = table.columns.iter().map(|column| column.name.chars().count()).max().unwrap_or_default().min(40);
        for column in table.columns.iter().filter(|column| !column.name.is_empty() || column.field.is_some()) {
            let becomes = column.becomes().map_or("(not imported)", QuestionField::name);
            let name = if column.name.is_empty() { "(no name)" } else { &column.name };
            writeln!(out, "  {name:width$}  -> {becomes}")?;
        }
    }
    let questions = &imported.questions;
    writeln!(out, "\n{}:", counted(questions.len(), "question"))?;
    let mut counts: Vec<(&str, usize)> = Answer::ALL
        .iter()
        .map(|(word, answer)| {
            (*word, questions.iter().filter(|question| question.answer.as_ref() == Some(answer)).count())
        })
        .collect();
    let unanswered = questions.iter().filter(|question| question.is_unanswered()).count();
    let in_words = questions.iter().filter(|question| question.answer.is_none()).count() - unanswered;
    counts.extend([("in words", in_words), ("without an answer", unanswered)]);
    for (answer, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        writeln!(out, "  {count} {answer}")?;
    }
    Ok(())
}

/// Prints what `candor check` will ask for, and how to answer for all subprocessors.
pub(super) fn requests(requests: &BTreeMap<&str, usize>, out: &mut impl Write) -> Result<(), Failure> {
    if requests.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n`candor check` will ask for:")?;
    let defaults = [
        (Code::TransferMechanismMissing, "transfer_mechanism=MECHANISM"),
        (Code::DataCategoriesMissing, "data_categories=CATEGORIES"),
        (Code::LocationMissing, "locations=COUNTRIES"),
    ];
    for (name, count) in requests {
        let field = defaults.iter().find(|(code, _)| code.as_str() == *name).map(|(_, field)| *field);
        writeln!(out, "  {}, {name}", counted(*count, "subprocessor"))?;
        if let Some(field) = field {
            writeln!(
                out,
                "    import with `--default {field}`, or set `{name}: \"off\"` under `rules:` in content/site.yaml"
            )?;
        }
    }
    Ok(())
}

/// Prints the result as JSON.
pub(super) fn json_result(
    imported: &Imported,
    past: &Past,
    written: bool,
    report: &Report,
    context: &Context,
) -> Result<Outcome, Failure> {
    let result = ImportResult {
        tables: imported.tables.iter().map(printed_table).collect(),
        questionnaire: None,
        subprocessors: imported.items.iter().map(AsRef::as_ref).collect(),
        cells: imported_cells(&imported.account),
        releases: past
            .releases
            .iter()
            .map(|(past_release, commit)| ImportedRelease {
                version: past_release.version,
                sha256: past_release.digest,
                commit,
                summary: &past_release.release.summary,
            })
            .collect(),
        written,
        report: json_report(report),
    };
    context.out().json(&json(&result)?)?;
    Ok(if report.has_errors() { Outcome::Problems } else { Outcome::Fine })
}

/// Prints an imported questionnaire as JSON.
pub(super) fn questionnaire_json(
    imported: &ImportedQuestions,
    questionnaire: &Questionnaire,
    written: bool,
    report: &Report,
    context: &Context,
) -> Result<Outcome, Failure> {
    let result = ImportResult {
        tables: imported.tables.iter().map(printed_sheet).collect(),
        subprocessors: Vec::new(),
        questionnaire: Some(questionnaire),
        cells: imported_cells(&imported.account),
        releases: Vec::new(),
        written,
        report: json_report(report),
    };
    context.out().json(&json(&result)?)?;
    Ok(if report.has_errors() { Outcome::Problems } else { Outcome::Fine })
}

fn printed_sheet(sheet: &ReadSheet) -> ImportedTable<'_> {
    let fields = |column: &QuestionColumn| column.becomes().map(QuestionField::name).into_iter().collect();
    let columns = sheet.columns.iter().map(|it| ImportedColumn { name: &it.name, fields: fields(it) }).collect();
    ImportedTable { number: sheet.number, heading: sheet.name.as_deref(), rows: sheet.rows, columns }
}

fn imported_cells<F>(account: &Account<F>) -> ImportedCells {
    let remainders = account.remainders().into_iter();
    ImportedCells {
        total: account.cells.len(),
        imported: account.imported(),
        not_imported: remainders.map(|(remainder, count)| (remainder.as_str(), count)).collect(),
    }
}

fn printed_table(table: &ReadTable) -> ImportedTable<'_> {
    let fields = |column: &Column| column.fields.iter().map(|field| field.name()).collect();
    ImportedTable {
        number: table.number,
        heading: table.heading.as_deref(),
        rows: table.rows,
        columns: table.columns.iter().map(|it| ImportedColumn { name: &it.name, fields: fields(it) }).collect(),
    }
}
