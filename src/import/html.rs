//! Reads HTML pages. Tables are read as browsers do: cells that span rows or columns are repeated in each of them.
//!
//! The grid follows the algorithm for forming a table in the HTML standard, including its limits on spans.

mod flow;
mod markup;
mod open_cell;
mod visibility;

use std::sync::Arc;

use self::markup::{Markup, Piece};
use super::cell::Cell;
use super::page::Block;
use super::table::{MAX_CELLS, MAX_COLUMNS, Table, too_large};

/// Returns the blocks of a page.
///
/// # Errors
/// If a table is too large, or in a cell of another table.
pub fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let mut cells = 0;
    let block = |piece| match piece {
        Piece::Table(table) if table.nested => Err("a cell of a table has another table in it".to_owned()),
        Piece::Table(table) => grid(table, &mut cells).map(Block::Table),
        Piece::Block(block) => Ok(block),
    };
    markup::pieces(text).into_iter().map(block).collect()
}

/// A cell that spans rows below.
struct RowSpan {
    column: usize,
    rows: usize,
    cell: Arc<Cell>,
}

/// Forms the grid of a table. `cells` counts the cells of all tables, because a file can have any number of tables.
fn grid(table: Markup, cells: &mut usize) -> Result<Table, String> {
    let headings: Vec<String> = (!table.caption.is_empty()).then(|| table.caption.clone()).into_iter().collect();
    let mut rows: Vec<Vec<Arc<Cell>>> = Vec::new();
    let mut spans: Vec<RowSpan> = Vec::new();
    let mut hidden: Vec<Vec<Arc<Cell>>> = Vec::new();
    for (at, row) in table.rows.into_iter().enumerate() {
        let mut grid_row: Vec<Option<Arc<Cell>>> = Vec::new();
        let mut fill = |column: usize, cell: &Arc<Cell>| {
            *cells += 1;
            if column >= MAX_COLUMNS || *cells > MAX_CELLS {
                return Err(too_large());
            }
            if grid_row.len() <= column {
                grid_row.resize(column + 1, None);
            }
            grid_row[column] = Some(Arc::clone(cell));
            Ok(())
        };
        let mut taken = [false; MAX_COLUMNS];
        for span in &mut spans {
            fill(span.column, &span.cell)?;
            taken[span.column] = true;
            span.rows -= 1;
        }
        let mut column = 0;
        for markup in row {
            while column < MAX_COLUMNS && taken[column] {
                column += 1;
            }
            let cell = Arc::new(markup.cell);
            let width = markup.columns.filter(|width| (1..=1000).contains(width)).unwrap_or(1);
            // Zero means until the end of the row group.
            let height = markup.rows.map_or(1, |height| if height == 0 { 65_534 } else { height.min(65_534) });
            for column in column..column + width {
                fill(column, &cell)?;
                if height > 1 {
                    spans.push(RowSpan { column, rows: height - 1, cell: Arc::clone(&cell) });
                }
            }
            column += width;
        }
        spans.retain(|span| span.rows > 0);
        let row = grid_row.into_iter().map(Option::unwrap_or_default).collect();
        if table.hidden.contains(&at) { hidden.push(row) } else { rows.push(row) }
    }
    Ok(Table { headings, hidden, ..Table::new(rows.into_iter().filter(|row| !row.is_empty())) })
}

#[cfg(test)]
mod tests;
