//! What a later version of a list says about the columns of an earlier one.
//!
//! A column that was renamed keeps its field: by its own name in any later version, or because the same rows have the same cells
//! at the same position.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Columns;
use super::fields::{Field, plain};
use super::table::Table;

/// The columns of later versions.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The field of each normalized column name.
    by_name: BTreeMap<String, Field>,
    /// For each field of the next version: its position, and the text of its cell in the row of each name.
    by_cells: BTreeMap<Field, (usize, BTreeMap<String, String>)>,
    /// The headings of the tables that the user chose.
    pub headings: BTreeSet<String>,
}

impl Known {
    /// Adds the columns of a version, which then is the next version of the one to be read.
    pub fn learn<'t>(&mut self, tables: impl Iterator<Item = (&'t Table, &'t Columns)>) {
        self.by_cells.clear();
        for (table, columns) in tables {
            let name_at = columns.position(Field::Name);
            for (at, column) in (0..columns.len()).filter_map(|at| Some((at, columns.get(at)?))) {
                let [field] = column.fields.as_slice() else { continue };
                if Field::matching(&column.name).map(|found| found.field) != Some(*field) {
                    self.by_name.entry(plain(&column.name)).or_insert(*field);
                }
                let (_, cells) = self.by_cells.entry(*field).or_insert_with(|| (at, BTreeMap::new()));
                let texts = table.rows.iter().filter_map(|row| Some((row.get(name_at?)?.text(), row.get(at)?.text())));
                cells.extend(texts.filter(|(_, text)| !text.is_empty()));
            }
        }
    }

    /// Returns the field that a column with this name has in a later version.
    pub fn field(&self, name: &str) -> Option<Field> {
        self.by_name.get(&plain(name)).copied()
    }

    /// Returns the field of a column whose cells are mostly those of the next version, or that is at the position of a field
    /// without a column, if no cell contradicts.
    pub fn field_of_cells(&self, table: &Table, at: usize, name_at: Option<usize>) -> Option<Field> {
        let rows: Vec<(String, String)> = table
            .rows
            .iter()
            .filter_map(|row| Some((row.get(name_at?)?.text(), row.get(at)?.text())))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let best = self.by_cells.iter().filter_map(|(field, (position, cells))| {
            let shared = rows.iter().filter_map(|(name, text)| Some((cells.get(name)?, text)));
            let (same, compared) =
                shared.fold((0_usize, 0_usize), |(same, compared), (a, b)| (same + usize::from(a == b), compared + 1));
            let fits = same * 2 > compared && same > 0;
            fits.then_some(((same, *position == at), *field))
        });
        let best = best.max().map(|(_, field)| field);
        best.or_else(|| {
            // The name itself: without it, rows cannot be compared.
            let (position, cells) = self.by_cells.get(&Field::Name)?;
            let names =
                table.rows.iter().filter_map(|row| row.get(at)).filter(|cell| cells.contains_key(&cell.text())).count();
            (name_at.is_none() && (names * 2 > table.rows.len() || (*position == at && names > 0)))
                .then_some(Field::Name)
        })
    }
}
