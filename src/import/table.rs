//! A table in any format: column names, rows, and the headings above it.

use std::sync::Arc;

use super::cell::Cell;
use super::columns;
use super::fields::Field;
use super::headings;
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
    /// The rows that the column names come from, if there are several.
    pub names: Vec<Cells>,
    /// The rows below the header.
    pub rows: Vec<Cells>,
    /// Whether the columns come from labels, keys or the structure of the text, and not from a row of column names.
    pub structured: bool,
    /// Rows that a reader of the page does not see.
    pub hidden: Vec<Cells>,
    /// Whether nothing says that it lists subprocessors: a list of links or strong names, or a table on a page on which another one is
    /// called a list of subprocessors.
    pub uncertain: bool,
    /// Whether the name of a variable or a paragraph says that it lists subprocessors.
    pub named: bool,
}

impl Table {
    /// Creates a table from its rows. The column names are in the first row, or in a later one if that is clearly better:
    /// documents and spreadsheets often have titles or an empty row above them.
    pub fn new(rows: impl IntoIterator<Item = Cells>) -> Table {
        let mut rows: Vec<Cells> = rows.into_iter().collect();
        let first = rows.iter().position(|row| row.iter().any(|cell| !cell.is_empty())).unwrap_or(0);
        if rows.get(first).is_some_and(|row| !names_fields(row))
            && let Some(upright) = upright(&rows[first..])
        {
            return upright;
        }
        let at = match rows.get(first) {
            Some(row) if !names_fields(row) => {
                let candidates = rows.iter().enumerate().take(first + MAX_TITLES).skip(first + 1);
                candidates.filter(|(_, row)| names_fields(row)).map(|(at, _)| at).next().unwrap_or(first)
            }
            _ => first,
        };
        let mut below = rows.split_off((at + 1).min(rows.len()));
        let mut header = rows.pop().unwrap_or_default();
        let mut names = Vec::new();
        if let Some(second) = below.first().filter(|second| is_second_header(&header, second)) {
            let both = combined(&header, second);
            names = vec![std::mem::replace(&mut header, both), below.remove(0)];
        }
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        Table { titles: rows, header, names, rows: below, ..Table::default() }
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

    /// Whether a heading, a title or a name says that it lists subprocessors.
    pub fn is_named(&self) -> bool {
        let titles = self.titles.iter().flatten().map(|cell| cell.text());
        self.named || self.headings.iter().cloned().chain(titles).any(|text| headings::names_list(&text))
    }

    /// Marks the table as uncertain, unless something says that it lists subprocessors: a heading, or the name of its first column,
    /// such as `Vendor`.
    pub fn doubt(&mut self) {
        let name = self.header.iter().find(|cell| columns::field_of(&cell.text()) == Some(Field::Name));
        let called = name.is_some_and(|cell| headings::is_about_subprocessors(&cell.text()));
        self.uncertain |= !self.is_named() && !called;
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

/// Turns a table around whose first column has the names of the fields, so that each row is a subprocessor.
fn upright(rows: &[Cells]) -> Option<Table> {
    let labels: Cells = rows.iter().filter_map(|row| row.first().cloned()).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    if labels.len() > MAX_COLUMNS || width < 2 || labels.len() < rows.len() {
        return None;
    }
    let named = fields(&labels);
    // The corner above the labels may be empty: then the first row has the names of the subprocessors.
    let corner = labels.first().is_some_and(|cell| cell.is_blank()) && !named.contains(&Field::Name);
    let count = named.len() + usize::from(corner);
    if count < 3 || count * 2 < labels.len() || !(corner || named.contains(&Field::Name)) {
        return None;
    }
    let header: Cells = match corner {
        true => std::iter::once(Arc::new(Cell::new("Name", None))).chain(labels.into_iter().skip(1)).collect(),
        false => labels,
    };
    let column = |at: usize| rows.iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect::<Cells>();
    Some(Table { header, rows: (1..width).map(column).collect(), ..Table::default() })
}

/// Whether the row below the column names has names, too: below a name that spans several columns, and nothing of its own below the
/// others.
fn is_second_header(header: &Cells, second: &Cells) -> bool {
    let is_same = |a: &Arc<Cell>, b: &Arc<Cell>| Arc::ptr_eq(a, b) && !a.is_empty();
    let wide = |at: usize| {
        let next = header.get(at + 1).is_some_and(|next| is_same(&header[at], next));
        next || (at > 0 && is_same(&header[at], &header[at - 1]))
    };
    let spans_all = header.len() > 1 && header.iter().all(|cell| Arc::ptr_eq(cell, &header[0]));
    if spans_all || !names_fields(header) && !names_fields(&combined(header, second)) {
        return false;
    }
    let (mut own, mut named) = (0, 0);
    for (at, cell) in second.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let Some(top) = header.get(at) else { return false };
        if is_same(top, cell) {
            continue;
        }
        // Without spans, as in CSV, the name of the group is above its first column only.
        let below_group = wide(at) || top.is_empty() || header.get(at + 1).is_some_and(|next| next.is_empty());
        if !below_group {
            return false;
        }
        own += 1;
        named += usize::from(columns::field_of(&cell.text()).is_some());
    }
    let name_at = header.iter().position(|cell| columns::field_of(&cell.text()) == Some(Field::Name));
    let has_name =
        name_at.is_some_and(|at| second.get(at).is_some_and(|cell| !cell.is_empty() && !is_same(cell, &header[at])));
    own > 0 && named > 0 && !has_name
}

/// Returns the column names of two rows: the lower one, with the upper one before it if that means something on its own.
fn combined(header: &Cells, second: &Cells) -> Cells {
    let mut group: Option<&Arc<Cell>> = None;
    let mut cells = Cells::with_capacity(header.len());
    for at in 0..header.len().max(second.len()) {
        let top = header.get(at).filter(|cell| !cell.is_empty());
        let below = second.get(at).filter(|cell| !cell.is_empty());
        group = top.or(group);
        cells.push(match (top.or(group), below) {
            (Some(top), Some(below)) if !Arc::ptr_eq(top, below) => {
                let means = columns::field_of(&top.text()).is_some();
                let text = if means { format!("{} {}", top.text(), below.text()) } else { below.text() };
                Arc::new(Cell::new(&text, below.range.clone()))
            }
            (_, Some(below)) => Arc::clone(below),
            (_, None) => top.cloned().unwrap_or_default(),
        });
    }
    cells
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
