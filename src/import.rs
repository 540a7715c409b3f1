//! A list of subprocessors that exists already -> items of the model, with everything that did not fit.
//!
//! ```text
//! text -> table (markdown | html | csv) -> columns -> items -> yaml
//! ```
//!
//! Pure: a text goes in; items, the use of each column and findings come out. Nothing is dropped in silence: a column
//! that has no field, a cell that is not understood and a row that is no subprocessor are findings that name them.
//! Where only a guess would help there is none; what was completed (`https://`, an id) is a note.

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

/// How a file is to be read where its own names do not say enough.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Columns that stand for other fields than their names say.
    pub assignments: Vec<Assignment>,
    /// Which table of the file, from 1; none for the only one that looks like a list of subprocessors.
    pub table: Option<usize>,
    /// Whether this is an earlier state of the file, which may lack columns that are assigned.
    pub earlier: bool,
}

/// What was read.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Which table of the file it was, from 1.
    pub table: usize,
    /// The columns with what became of them, from left to right.
    pub columns: Vec<Column>,
    /// The subprocessors, in the order of the table.
    pub items: Vec<Arc<Subprocessor>>,
}

/// Reads a list of subprocessors. There is one only where the table and its columns are understood; where the report
/// has errors the list lacks rows and is not to be used.
pub fn read(source: &Arc<Source>, options: &Options) -> (Option<Imported>, Report) {
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

/// What the loader will say of the list once it is written: rules that only it knows are told now, not at the first
/// build.
fn read_back(items: &[Arc<Subprocessor>]) -> Report {
    let written = Source::new("content/data/subprocessors.yaml", to_yaml(items, ""));
    load::subprocessors(&written).1
}

/// The table that was asked for, or the only one that can be meant.
fn choose(source: &Arc<Source>, tables: &[Table], options: &Options) -> Result<usize, Box<Diagnostic>> {
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
        (count, []) => Err(wrong(format!(
            "`{}` has {count} tables, and none has a column for the names: say which with --table N",
            source.path
        ))),
        (_, several) => Err(wrong(format!(
            "`{}` has {} tables that could be meant: say which with --table N",
            source.path,
            several.len()
        ))),
    }
}
