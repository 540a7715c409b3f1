//! A table in any format: column names, rows, and the headings above it.

use std::sync::Arc;

use super::cell::Cell;
use super::columns;
use super::fields::Field;
use crate::load;

/// The maximum number of columns of a table.
pub const MAX_COLUMNS: usize = 100;

/// The maximum number of cells of a file, including cells that are repeated by spans.
pub const MAX_CELLS: usize = 1_000_000;

/// The maximum number of rows of a table, which is the maximum number of items of a list.
pub const MAX_ROWS: usize = load::MAX_ITEMS;

/// The maximum length of a cell, in bytes. The longest cells in published lists have several hundred words.
pub const MAX_CELL_BYTES: usize = 16 * 1024;

/// The maximum number of rows above the column names.
const MAX_TITLES: usize = 20;

/// The message for a table that exceeds the limits.
pub fn too_large() -> String {
    format!("it has more than {MAX_COLUMNS} columns or {MAX_CELLS} cells")
}

/// The cells of a row.
pub type Cells = Vec<Arc<Cell>>;

/// A table. Rows may be shorter or longer than the header.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The headings above the table, from the outermost to the innermost; the caption or the name of the sheet is the last.
    pub headings: Vec<String>,
    /// The rows above the column names, such as a title.
    pub titles: Vec<Cells>,
    /// The column names.
    pub header: Cells,
    /// The rows below the header.
    pub rows: Vec<Cells>,
    /// Whether the columns come from labels, keys or the structure of the text, and not from a row of column names.
    pub structured: bool,
}

impl Table {
    /// Creates a table from its rows. The column names are in the first row, or in a later one if that is clearly better:
    /// documents and spreadsheets often have titles or an empty row above them.
    pub fn new(rows: impl IntoIterator<Item = Cells>) -> Table {
        let mut rows: Vec<Cells> = rows.into_iter().collect();
        let first = rows.iter().position(|row| row.iter().any(|cell| !cell.is_empty())).unwrap_or(0);
        let at = match rows.get(first) {
            Some(row) if !names_fields(row) => {
                let candidates = rows.iter().enumerate().take(first + MAX_TITLES).skip(first + 1);
                candidates.filter(|(_, row)| names_fields(row)).map(|(at, _)| at).next().unwrap_or(first)
            }
            _ => first,
        };
        let below = rows.split_off((at + 1).min(rows.len()));
        let header = rows.pop().unwrap_or_default();
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        Table { titles: rows, header, rows: below, ..Table::default() }.upright()
    }

    /// Turns a table around whose first column has the names of the fields, so that each row is a subprocessor.
    fn upright(self) -> Table {
        let rows: Vec<&Cells> = std::iter::once(&self.header).chain(&self.rows).collect();
        let labels: Cells = rows.iter().filter_map(|row| row.first().cloned()).collect();
        let width = rows.iter().map(|row| row.len()).max().unwrap_or_default();
        if names_fields(&self.header) || !self.titles.is_empty() || labels.len() > MAX_COLUMNS || width < 2 {
            return self;
        }
        let fields = fields(&labels);
        if fields.len() < 3 || fields.len() * 2 < labels.len() || !fields.contains(&Field::Name) {
            return self;
        }
        let column = |at: usize| rows.iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect::<Cells>();
        Table { header: labels, rows: (1..width).map(column).collect(), ..self }
    }

    /// Checks the limits.
    ///
    /// # Errors
    /// If the table has too many rows, or a cell is too long.
    pub fn within_limits(&self) -> Result<(), String> {
        if self.rows.len() > MAX_ROWS {
            return Err(format!("it has {} rows; the limit is {MAX_ROWS}", self.rows.len()));
        }
        let mut cells = self.rows.iter().chain(&self.titles).flatten().chain(&self.header);
        match cells.find(|cell| cell.lines.iter().map(String::len).sum::<usize>() > MAX_CELL_BYTES) {
            Some(_) => Err(format!("a cell is longer than {MAX_CELL_BYTES} bytes")),
            None => Ok(()),
        }
    }

    /// Whether the columns have the names of at least two fields, one of which is the name.
    pub fn names_fields(&self) -> bool {
        names_fields(&self.header)
    }

    /// Returns the column names, for messages.
    pub fn heads(&self) -> String {
        let heads: Vec<String> = self.header.iter().map(|cell| cell.text()).collect();
        heads.join(" | ")
    }

    /// Returns the innermost heading.
    pub fn heading(&self) -> Option<&str> {
        self.headings.last().map(String::as_str)
    }
}

/// Whether a row has the names of at least two fields, one of which is the name.
fn names_fields(row: &Cells) -> bool {
    let fields = fields(row);
    fields.len() >= 2 && fields.contains(&Field::Name)
}

/// Returns the fields that the cells name, each once.
fn fields(row: &Cells) -> Vec<Field> {
    let mut fields: Vec<Field> = row.iter().filter_map(|cell| columns::field_of(&cell.text())).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}
