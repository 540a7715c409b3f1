//! Detects the format of a file and reads its tables.

use std::sync::Arc;

use super::cell::Cell;
use super::{csv, html, markdown};
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::load;

/// The maximum number of columns of a table.
pub const MAX_COLUMNS: usize = 100;

/// The maximum number of cells of a file, including cells that are repeated by spans.
pub const MAX_CELLS: usize = 1_000_000;

/// The maximum number of rows of a table, which is the maximum number of items of a list.
pub const MAX_ROWS: usize = load::MAX_ITEMS;

/// The maximum length of a cell, in bytes. The longest cells in published lists have several hundred words.
pub const MAX_CELL_BYTES: usize = 16 * 1024;

/// The message for a table that exceeds the limits.
pub fn too_large() -> String {
    format!("it has more than {MAX_COLUMNS} columns or {MAX_CELLS} cells")
}

/// A table. Rows may be shorter or longer than the header.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The column names.
    pub header: Vec<Arc<Cell>>,
    /// The rows below the header.
    pub rows: Vec<Vec<Arc<Cell>>>,
}

impl Table {
    fn within_limits(&self) -> Result<(), String> {
        if self.rows.len() > MAX_ROWS {
            return Err(format!("it has {} rows; the limit is {MAX_ROWS}", self.rows.len()));
        }
        let mut cells = self.rows.iter().flatten().chain(&self.header);
        match cells.find(|cell| cell.lines.iter().map(String::len).sum::<usize>() > MAX_CELL_BYTES) {
            Some(_) => Err(format!("a cell is longer than {MAX_CELL_BYTES} bytes")),
            None => Ok(()),
        }
    }

    /// Returns the column names, for messages.
    pub fn heads(&self) -> String {
        let heads: Vec<String> = self.header.iter().map(|cell| cell.text()).collect();
        heads.join(" | ")
    }
}

/// The supported formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Markdown,
    Html,
    Csv,
}

/// Detects the format by the file name extension, or else by the content.
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

/// Whether a line is the delimiter row of a Markdown table.
fn is_rule(line: &str) -> bool {
    line.contains('|') && line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Returns all tables of a file; at least one.
///
/// # Errors
/// If there are no tables, or if they cannot be read.
pub fn tables(source: &Arc<Source>) -> Result<Vec<Table>, Box<Diagnostic>> {
    let text = &source.text;
    let tables = match format(source) {
        Format::Markdown => {
            // Markdown files often contain HTML tables.
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
            Diagnostic::new(Code::ImportMalformed, format!("cannot read a table from `{}`: {why}", source.path))
                .at(Place::start_of(source), "")
                .help("fix the file, or export it again"),
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
        true => format!("`{}` has a list, but only tables can be imported", source.path),
        false => format!("`{}` has no table with two or more columns", source.path),
    };
    Diagnostic::new(Code::ImportNoTable, message)
        .at(Place::start_of(source), "")
        .help("convert it to a table with at least the columns name, purpose and data categories")
        .help("use a Markdown table, an HTML table or CSV; the file name extension determines the format")
}
