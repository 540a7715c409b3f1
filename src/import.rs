//! Imports an existing list of subprocessors, or a filled questionnaire, into the model.
//!
//! ```text
//! file -> tables (markdown | html | csv | data | rst | workbook) -> list -> columns -> rows -> items -> yaml
//! ```
//!
//! This module does no I/O: it takes the content of a file and returns items, the use of each column, an account of every cell, and a report.
//! Nothing is dropped silently: a column without a field, a cell that cannot be read completely, and a row that is not a
//! subprocessor are reported. Ambiguous values are not guessed; completed values (`https://`, an id) are reported as notes.

mod account;
mod cell;
mod columns;
mod countries;
mod csv;
mod data;
mod detect;
mod fields;
mod headings;
mod html;
mod ids;
mod items;
mod known;
mod list;
mod literal;
mod markdown;
mod marks;
mod page;
mod past;
mod questionnaire;
mod records;
mod row;
mod rst;
mod table;
mod template;
mod values;
mod words;
mod workbook;
mod yaml;

use std::sync::Arc;

pub use account::{Account, CellAccount, Remainder};
pub use columns::{Assignment, Column, DefaultValue};
pub use fields::Field;
pub use past::{NamePair, Past, PastOptions, Plan, Revision, Start, State, continued, normal, past, short};
pub use questionnaire::{
    FilledQuestionnaire, ImportedQuestions, KnownQuestions, QuestionColumn, QuestionnaireFile, QuestionnaireOptions,
    ReadSheet, fill_questionnaire, questionnaire_to_yaml, read_questionnaire,
};
pub use values::DateOrder;
pub use workbook::is_workbook;
pub use yaml::to_yaml;

use crate::diagnostic::{Report, Source};
use crate::load;
use crate::model::{Date, Subprocessor};
use known::Known;
use list::Member;
use table::Table;

/// Options for reading a file.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Fields of columns, overriding the column names.
    pub assignments: Vec<Assignment>,
    /// The numbers of the tables in the file, starting at 1; empty for all that share the columns of a list of subprocessors.
    pub tables: Vec<usize>,
    /// Values of fields for the subprocessors that state none.
    pub defaults: Vec<DefaultValue>,
    /// The order of day and month in dates such as `03/04/2025`; `None` if each column must prove its own.
    pub date_order: Option<DateOrder>,
    /// The language of the project, which is used if values have several; otherwise they are in English.
    pub language: String,
    /// The date for which the file is read; `None` if no date is known. A list that takes effect later is not imported.
    pub as_of: Option<Date>,
    /// Whether the history of the file is imported too, so that assigned columns may be in earlier versions only.
    pub history: bool,
    /// Whether this is an earlier version of the file, which is read leniently because it cannot be edited.
    pub earlier: bool,
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTable {
    /// The number of the table in the file, starting at 1.
    pub number: usize,
    /// The heading above it.
    pub heading: Option<String>,
    /// The number of rows below the column names.
    pub rows: usize,
    /// The columns and their use, from left to right.
    pub columns: Vec<Column>,
}

/// The result of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The tables that form the list.
    pub tables: Vec<ReadTable>,
    /// The subprocessors, in the order of the list.
    pub items: Vec<Arc<Subprocessor>>,
    /// Where each cell of the list ended up.
    pub account: Account,
    /// The assignments to columns that no table of the file has.
    pub missing: Vec<Assignment>,
    /// The text of each row, regardless of the order of its cells: what the list says, imported or not.
    pub rows: Vec<String>,
    /// The texts of the list that the items do not state, each with the name of its row, sorted.
    pub unrecorded: Vec<String>,
    /// The names in tables that the user did not choose, although they share the columns of the list.
    pub elsewhere: Vec<String>,
}

/// Reads a list of subprocessors. Returns `None` if the list or its columns are not recognized. If the report has errors,
/// the list is incomplete and must not be used.
pub fn read(source: &Arc<Source>, options: &ImportOptions) -> (Option<Imported>, Report) {
    let tables = match detect::tables(source, &options.language) {
        Ok(tables) => tables,
        Err(_) if options.history && headings::states_none(&source.text) => Vec::new(),
        Err(found) => return (None, Report::from(*found)),
    };
    let (version, report) = read_tables(source, &tables, options, &Known::default());
    (version.map(|version| version.imported), report)
}

/// Reads a list of subprocessors in a workbook, like [`read`].
pub fn read_workbook(path: &str, bytes: &[u8], options: &ImportOptions) -> (Option<Imported>, Report) {
    let (source, tables) = match detect::workbook(path, bytes) {
        Ok(read) => read,
        Err(found) => return (None, Report::from(*found)),
    };
    let (version, report) = read_tables(&source, &tables, options, &Known::default());
    (version.map(|version| version.imported), report)
}

impl Imported {
    /// Puts the list of an older file before this one.
    pub fn prepend(&mut self, older: Imported) {
        let newer = std::mem::replace(self, older);
        self.extend(newer);
        let mut ids = ids::Ids::default();
        for item in &mut self.items {
            let id = ids.free(Some(item.id.clone()));
            *item = Arc::new(Subprocessor { id, ..Subprocessor::clone(item) });
        }
    }

    /// Adds the list of another file.
    fn extend(&mut self, other: Imported) {
        self.tables.extend(other.tables);
        self.items.extend(other.items);
        self.account.cells.extend(other.account.cells);
        self.missing.retain(|assignment| other.missing.contains(assignment));
        self.rows.extend(other.rows);
        self.unrecorded.extend(other.unrecorded);
        self.unrecorded.sort_unstable();
        self.elsewhere.extend(other.elsewhere);
    }
}

/// A version of a list, with the tables that it was read from.
struct ListVersion<'t> {
    imported: Imported,
    members: Vec<Member<'t>>,
}

/// Reads the list in the tables of a file. `known` is what later versions say about its columns.
fn read_tables<'t>(
    source: &Arc<Source>,
    tables: &'t [Table],
    options: &ImportOptions,
    known: &Known,
) -> (Option<ListVersion<'t>>, Report) {
    let mut report = Report::new();
    let members = match list::members(source, tables, options, known, &mut report) {
        Ok(members) => members,
        Err(found) => return (None, Report::from(*found)),
    };
    let missing = |assignment: &&Assignment| !tables.iter().any(|table| columns::has_column(table, assignment));
    let missing: Vec<Assignment> = options.assignments.iter().filter(missing).cloned().collect();
    if !options.earlier && !options.history {
        list::report_assignments(source, tables, &missing, &mut report);
    }
    for member in &members {
        member.columns.report(member.table, source, options.earlier, &mut report);
    }
    if report.has_errors() {
        return (None, report);
    }
    let cell = |default: &DefaultValue| (default.field, cell::Cell::new(&default.value, None));
    // A past version did not state them.
    let defaults = options.defaults.iter().filter(|_| !options.earlier).map(cell).collect();
    let may_be_empty = options.earlier || options.history;
    let items::Items { items, mut account } =
        items::items(source, &members, &defaults, options.earlier, may_be_empty, &mut report);
    if !report.has_errors() {
        report.merge(read_back(&items));
    }
    let table = |member: &Member<'_>| ReadTable {
        number: member.number,
        heading: member.table.heading().map(str::to_owned),
        rows: member.table.rows.len(),
        columns: member.columns.clone().into_columns(),
    };
    let rows =
        members.iter().flat_map(|member| &member.table.rows).map(row_text).filter(|row| !row.is_empty()).collect();
    let elsewhere = list::elsewhere(tables, &members, options, known);
    let unrecorded = unrecorded(&members, &account);
    for (at, table) in tables.iter().enumerate().filter(|(at, _)| !members.iter().any(|it| it.number == at + 1)) {
        account.other_table(at + 1, table);
    }
    let tables = members.iter().map(table).collect();
    let imported = Imported { tables, items, account, missing, rows, unrecorded, elsewhere };
    (Some(ListVersion { imported, members }), report)
}

/// Returns what the items do not state of the rows: the texts of cells that are not imported, and the parts that are lost.
fn unrecorded(members: &[Member<'_>], account: &Account) -> Vec<String> {
    let mut texts = Vec::new();
    for cell in account.cells.iter().filter(|cell| cell.row > 0) {
        let Some(remainder) = cell.remainder.filter(|remainder| remainder.is_loss()) else { continue };
        let Some(member) = members.iter().find(|member| member.number == cell.table) else { continue };
        let Some(row) = member.table.rows.get(cell.row - 1) else { continue };
        let Some(found) = row.get(cell.column - 1) else { continue };
        let name = member.columns.position(Field::Name).and_then(|at| row.get(at)).map(|cell| cell.text());
        let name = name.unwrap_or_default();
        let lost = found.lost.iter().chain(&found.links);
        // The text of a cell with markup is imported, unless it is not valid either.
        let text = (remainder != Remainder::Markup).then(|| found.text());
        texts.extend(text.iter().chain(lost).map(|text| format!("{name} | {text}")));
    }
    texts.sort_unstable();
    texts
}

/// Returns the texts and links of a row, sorted.
fn row_text(cells: &table::Cells) -> String {
    let texts = cells.iter().filter(|cell| !cell.is_blank()).map(|cell| cell.text());
    let mut texts: Vec<String> = texts.chain(cells.iter().flat_map(|cell| cell.links.clone())).collect();
    texts.sort_unstable();
    texts.join(" | ")
}

/// Loads the list as it will be written, so that problems that only the loader detects are reported now and not at the first
/// build.
fn read_back(items: &[Arc<Subprocessor>]) -> Report {
    let written = Source::new("content/data/subprocessors.yaml", to_yaml(items, ""));
    load::subprocessors(&written).1
}
