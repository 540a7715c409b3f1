//! Tables in HTML, read as browsers read them: cells that span rows or columns stand in each of them.
//!
//! The grid follows "forming a table" of the HTML standard, with its limits on spans.

mod markup;

use std::sync::Arc;

use self::markup::Markup;
use super::cell::Cell;
use super::table::{MAX_CELLS, MAX_COLUMNS, Table, too_large};

/// All tables of a text; a table within a table counts as one of its own.
///
/// # Errors
/// Why a table is not read.
pub fn tables(text: &str) -> Result<Vec<Table>, String> {
    let mut cells = 0;
    markup::tables(text).into_iter().map(|table| grid(table, &mut cells)).collect()
}

/// A cell that reaches into the rows below.
struct Reach {
    column: usize,
    rows: usize,
    cell: Arc<Cell>,
}

/// `cells` counts those of all tables, for a text may have as many tables as it likes.
fn grid(table: Markup, cells: &mut usize) -> Result<Table, String> {
    let mut rows: Vec<Vec<Arc<Cell>>> = Vec::new();
    let mut reaching: Vec<Reach> = Vec::new();
    for row in table.rows {
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
        for reach in &mut reaching {
            fill(reach.column, &reach.cell)?;
            taken[reach.column] = true;
            reach.rows -= 1;
        }
        let mut column = 0;
        for markup in row {
            while column < MAX_COLUMNS && taken[column] {
                column += 1;
            }
            let cell = Arc::new(markup.cell);
            let width = markup.columns.filter(|width| (1..=1000).contains(width)).unwrap_or(1);
            // Zero reaches to the end of the group.
            let height = markup.rows.map_or(1, |height| if height == 0 { 65_534 } else { height.min(65_534) });
            for column in column..column + width {
                fill(column, &cell)?;
                if height > 1 {
                    reaching.push(Reach { column, rows: height - 1, cell: Arc::clone(&cell) });
                }
            }
            column += width;
        }
        reaching.retain(|reach| reach.rows > 0);
        rows.push(grid_row.into_iter().map(Option::unwrap_or_default).collect());
    }
    let mut rows = rows.into_iter().filter(|row| !row.is_empty());
    Ok(Table { header: rows.next().unwrap_or_default(), rows: rows.collect() })
}

#[cfg(test)]
mod tests;
