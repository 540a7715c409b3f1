//! The table of the annex: the columns that are not empty, and the cells of each subprocessor.

use super::cells::{AnnexColumn, COLUMNS, CellPart, CellValue, RowSource, SEPARATOR};
use crate::history::{DatedChange, Names};
use crate::model::{Condition, Id, Subprocessor};
use crate::wording::Catalog;

/// The cells of a subprocessor in all columns, with the conditions of their parts.
pub struct AnnexRow {
    /// The id of the subprocessor.
    pub id: Id,
    /// The cells, in the order of [`COLUMNS`].
    pub cells: Vec<Vec<CellPart>>,
}

impl AnnexRow {
    /// Creates the row of a subprocessor. `changes` are its dated changes that are still to come, and `names` those of the
    /// subprocessors to which it refers.
    pub fn new(item: &Subprocessor, changes: &[&DatedChange], names: Names<'_>, strings: &Catalog) -> AnnexRow {
        let source = RowSource { item, changes, names, strings };
        AnnexRow { id: item.id.clone(), cells: COLUMNS.iter().map(|column| column.cell(&source)).collect() }
    }
}

/// A table without parts that do not apply, and without empty columns.
pub struct AnnexTable {
    /// The columns.
    pub columns: Vec<&'static AnnexColumn>,
    /// The values of each cell of each row, with the id of its subprocessor.
    pub rows: Vec<(Id, Vec<Vec<CellValue>>)>,
}

impl AnnexTable {
    /// Creates a table with the parts of cells for whose conditions `is_included` is true.
    pub fn new(rows: Vec<AnnexRow>, is_included: impl Fn(&[Condition]) -> bool) -> AnnexTable {
        let values = |cell: Vec<CellPart>| -> Vec<CellValue> {
            cell.into_iter().filter(|part| is_included(&part.conditions)).map(|part| part.value).collect()
        };
        let rows: Vec<(Id, Vec<Vec<CellValue>>)> =
            rows.into_iter().map(|row| (row.id, row.cells.into_iter().map(values).collect())).collect();
        let is_filled: Vec<bool> =
            (0..COLUMNS.len()).map(|at| rows.iter().any(|(_, cells)| !cells[at].is_empty())).collect();
        let columns = COLUMNS.iter().zip(&is_filled).filter_map(|(column, filled)| filled.then_some(column)).collect();
        let keep = |cells: Vec<Vec<CellValue>>| {
            cells.into_iter().zip(&is_filled).filter_map(|(cell, filled)| filled.then_some(cell)).collect()
        };
        AnnexTable { columns, rows: rows.into_iter().map(|(id, cells)| (id, keep(cells))).collect() }
    }

    /// Returns the labels of the columns.
    pub fn heads(&self, strings: &Catalog) -> Vec<String> {
        self.columns.iter().map(|column| strings.get(column.label).to_owned()).collect()
    }

    /// Returns the cells of each row as text.
    pub fn texts(&self, strings: &Catalog) -> impl Iterator<Item = Vec<String>> {
        self.rows.iter().map(|(_, cells)| cells.iter().map(|cell| joined(cell, strings)).collect())
    }
}

/// Returns a cell as text.
pub fn joined(cell: &[CellValue], strings: &Catalog) -> String {
    cell.iter().map(|value| value.text(strings)).collect::<Vec<_>>().join(SEPARATOR)
}
