//! Tables, whatever the format: which format a text is in, and what to say where there is no table in it.

use std::sync::Arc;

use super::cell::Cell;
use super::{csv, html, markdown};
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::load;

/// The widest table that is read, in columns; more are a mistake or an attack.
pub const MAX_COLUMNS: usize = 100;

/// The most cells that one table may have, those that spans fill included.
pub const MAX_CELLS: usize = 1_000_000;

/// The most rows that one table may have: those that a list may have.
pub const MAX_ROWS: usize = load::MAX_ITEMS;

/// The longest cell, in bytes. The longest in published lists have some hundred words.
pub const MAX_CELL_BYTES: usize = 16 * 1024;

/// Why a table past the limits is not read.
pub fn too_large() -> String {
    format!("it has more than {MAX_COLUMNS} columns or {MAX_CELLS} cells")
}

/// A table. Rows may be shorter or longer than the header.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Names of the columns.
    pub header: Vec<Arc<Cell>>,
    /// What stands below.
    pub rows: Vec<Vec<Arc<Cell>>>,
}

impl Table {
    fn within_limits(&self) -> Result<(), String> {
        if self.rows.len() > MAX_ROWS {
            return Err(format!("it has {} rows, and a list can have {MAX_ROWS}", self.rows.len()));
        }
        let mut cells = self.rows.iter().flatten().chain(&self.header);
        match cells.find(|cell| cell.lines.iter().map(String::len).sum::<usize>() > MAX_CELL_BYTES) {
            Some(_) => Err(format!("a cell is longer than {MAX_CELL_BYTES} bytes")),
            None => Ok(()),
        }
    }

    /// The names of the columns, for messages.
    pub fn heads(&self) -> String {
        let heads: Vec<String> = self.header.iter().map(|cell| cell.text()).collect();
        heads.join(" | ")
    }
}

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Markdown,
    Html,
    Csv,
}

/// The format by the ending of the file's name, or else by what stands in it.
fn format(source: &Source) -> Format {
    let ending = source.path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "md" | "markdown" | "mdx" => Format::Markdown,
        "html" | "htm" | "xhtml" => Format::Html,
        "csv" | "tsv" | "tab" => Format::Csv,
        _ if source.text.to_ascii_lowercase().contains("<table") => Format::Html,
        _ if source.text.lines().any(is_rule) => Format::Markdown,
        _ => Format::Csv,
    }
}

/// Whether a line is the one below the header of a Markdown table.
fn is_rule(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// All tables of a text; at least one.
///
/// # Errors
/// When there is none, or when it cannot be read.
pub fn tables(source: &Arc<Source>) -> Result<Vec<Table>, Box<Diagnostic>> {
    let text = &source.text;
    let tables = match format(source) {
        Format::Markdown => {
            // Markdown may hold HTML, and lists of this kind often do.
            markdown::tables(text).and_then(|tables| {
                match tables.is_empty() && text.to_ascii_lowercase().contains("<table") {
                    true => html::tables(text),
                    false => Ok(tables),
                }
            })
        }
        Format::Html => html::tables(text),
        Format::Csv => csv::table(text).map(|table| vec![table]),
    };
    let tables = tables.and_then(|tables| tables.iter().try_for_each(Table::within_limits).map(|()| tables));
    let tables = tables.map_err(|why| {
        Box::new(
            Diagnostic::new(Code::ImportMalformed, format!("`{}` cannot be read as a table: {why}", source.path))
                .at(Place::start_of(source), "")
                .help("mend the file, or export it again"),
        )
    })?;
    let useful: Vec<Table> = tables.into_iter().filter(|table| table.header.len() > 1).collect();
    if useful.is_empty() { Err(Box::new(no_table(source))) } else { Ok(useful) }
}

fn no_table(source: &Arc<Source>) -> Diagnostic {
    let lower = source.text.to_ascii_lowercase();
    let begins = |line: &str| {
        let line = line.trim_start();
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with("- ")
            || line.starts_with("* ")
            || line.starts_with("+ ")
            || (digits.len() < line.len() && (digits.starts_with(". ") || digits.starts_with(") ")))
    };
    let list = lower.contains("<li") || lower.lines().any(begins);
    let message = match list {
        true => format!("`{}` holds a list, and only tables can be imported", source.path),
        false => format!("there is no table with two or more columns in `{}`", source.path),
    };
    Diagnostic::new(Code::ImportNoTable, message)
        .at(Place::start_of(source), "")
        .help("a list does not say what each part of a line is: make a table of it, with a column for name, purpose and data categories each")
        .help("Markdown tables, HTML tables and CSV are read, told apart by the ending of the file's name")
}
