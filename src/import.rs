//! Imports an existing list of subprocessors into the model.
//!
//! ```text
//! text -> table (markdown | html | csv) -> columns -> items -> yaml
//! ```
//!
//! This module does no I/O: it takes text and returns items, the use of each column, and a report. Nothing is dropped
//! silently: a column without a field, a cell that cannot be parsed, and a row that is not a subprocessor are reported.
//! Ambiguous values are not guessed; completed values (`https://`, an id) are reported as notes.

mod cell;
mod columns;
mod countries;
mod csv;
mod fields;
mod html;
mod items;
mod markdown;
mod past;
mod table;
mod values;
mod yaml;

use std::sync::Arc;

pub use columns::{Assignment, Column};
pub use fields::Field;
pub use past::{Past, Revision, State, normal, past, short};
pub use yaml::to_yaml;

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::load;
use crate::model::Subprocessor;
use columns::Columns;
use table::Table;

/// Options for reading a file.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Fields of columns, overriding the column names.
    pub assignments: Vec<Assignment>,
    /// The number of the table in the file, starting at 1; `None` for the only one that looks like a list of subprocessors.
    pub table: Option<usize>,
    /// Whether this is an earlier version of the file, in which assigned columns may be missing.
    pub earlier: bool,
}

/// The result of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The number of the table in the file, starting at 1.
    pub table: usize,
    /// The columns and their use, from left to right.
    pub columns: Vec<Column>,
    /// The subprocessors, in the order of the table.
    pub items: Vec<Arc<Subprocessor>>,
}

/// Reads a list of subprocessors. Returns `None` if the table or its columns are not recognized. If the report has errors,
/// the list is incomplete and must not be used.
pub fn read(source: &Arc<Source>, options: &ImportOptions) -> (Option<Imported>, Report) {
    let tables = match table::tables(source) {
        Ok(tables) => tables,
        Err(found) => return (None, Report::from(*found)),
    };
    let at = match choose(source, &tables, options) {
        Ok(at) => at,
        Err(found) => return (None, Report::from(*found)),
    };
    let table = &tables[at];
    let mut report = Report::new();
    let Some(columns) = Columns::of(table, options, source, &mut report) else { return (None, report) };
    let items = items::items(source, table, &columns, &mut report);
    if !report.has_errors() {
        report.merge(read_back(&items));
    }
    (Some(Imported { table: at + 1, columns: columns.into_columns(), items }), report)
}

/// Loads the list as it will be written, so that problems that only the loader detects are reported now and not at the first
/// build.
fn read_back(items: &[Arc<Subprocessor>]) -> Report {
    let written = Source::new("content/data/subprocessors.yaml", to_yaml(items, ""));
    load::subprocessors(&written).1
}

/// Returns the index of the requested table, or of the only one that has a column for names.
fn choose(source: &Arc<Source>, tables: &[Table], options: &ImportOptions) -> Result<usize, Box<Diagnostic>> {
    let listed = || {
        let heads = tables.iter().enumerate().map(|(at, table)| format!("table {}: {}", at + 1, table.heads()));
        heads.collect::<Vec<_>>()
    };
    let wrong = |message: String| {
        let found = Diagnostic::new(Code::ImportWhichTable, message).at(Place::start_of(source), "");
        Box::new(listed().into_iter().fold(found, Diagnostic::help))
    };
    if let Some(number) = options.table {
        return match number.checked_sub(1).filter(|at| *at < tables.len()) {
            Some(at) => Ok(at),
            None => Err(wrong(format!("`{}` has no table {number}", source.path))),
        };
    }
    let named: Vec<usize> =
        (0..tables.len()).filter(|at| columns::has_name(&tables[*at], &options.assignments)).collect();
    match (tables.len(), named.as_slice()) {
        (1, _) => Ok(0),
        (_, [one]) => Ok(*one),
        (count, []) => {
            Err(wrong(format!("`{}` has {count} tables, but none has a column for names; use --table N", source.path)))
        }
        (_, several) => Err(wrong(format!("`{}` has {} possible tables; use --table N", source.path, several.len()))),
    }
}
