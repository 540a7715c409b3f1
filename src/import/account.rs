//! Accounts for every cell of an imported list: the fields that it became, or the reason why it is not imported.

use std::collections::BTreeMap;

use super::fields::Field;
use super::table::Table;

/// Why a cell, or a part of it, is not imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Remainder {
    /// It has a column name.
    ColumnName,
    /// It states no value, such as `n/a`.
    Blank,
    /// It still waits for its value, such as `TBD`.
    Placeholder,
    /// `--map COLUMN=-` leaves its column out.
    LeftOut,
    /// Its column has no field.
    NoField,
    /// Its text is not a valid value of the field.
    NotAValue,
    /// Its text denies a value, such as `None`.
    Denied,
    /// Its link, image, footnote or struck-through text is not part of the value.
    Markup,
    /// It is above the column names.
    Title,
    /// Its row is a heading, or repeats the column names.
    Heading,
    /// Its row has no name or no purpose, or no question.
    Incomplete,
    /// Its row is a note below the others.
    Note,
    /// Its row is about a subprocessor that is no longer in use, or not yet.
    NotCurrent,
    /// A reader of the page does not see its row.
    Hidden,
    /// Its table is not part of the list.
    OtherTable,
    /// It is beyond the last column.
    BeyondColumns,
}

impl Remainder {
    /// The name in the JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            Remainder::ColumnName => "column-name",
            Remainder::Blank => "no-value",
            Remainder::Placeholder => "placeholder",
            Remainder::LeftOut => "left-out",
            Remainder::NoField => "no-field",
            Remainder::NotAValue => "not-a-value",
            Remainder::Denied => "denied",
            Remainder::Markup => "markup",
            Remainder::Title => "title",
            Remainder::Heading => "heading",
            Remainder::Incomplete => "incomplete-row",
            Remainder::Note => "note",
            Remainder::NotCurrent => "not-current",
            Remainder::Hidden => "hidden",
            Remainder::OtherTable => "other-table",
            Remainder::BeyondColumns => "beyond-columns",
        }
    }

    /// Describes the cells in the summary.
    pub fn describe(self) -> &'static str {
        match self {
            Remainder::ColumnName => "column names",
            Remainder::Blank => "without a value",
            Remainder::Placeholder => "placeholders",
            Remainder::LeftOut => "in columns that `--map` leaves out",
            Remainder::NoField => "in columns without a field",
            Remainder::NotAValue => "not valid for their field",
            Remainder::Denied => "that deny a value",
            Remainder::Markup => "with a link or other markup that is not imported",
            Remainder::Title => "above the column names",
            Remainder::Heading => "in rows that are headings",
            Remainder::Incomplete => "in incomplete rows",
            Remainder::Note => "in notes below the list",
            Remainder::NotCurrent => "in rows that are not current",
            Remainder::Hidden => "in hidden rows",
            Remainder::OtherTable => "in tables that are not part of the list",
            Remainder::BeyondColumns => "beyond the last column",
        }
    }

    /// Whether a value of the list is lost, and not only its layout.
    pub fn is_loss(self) -> bool {
        !matches!(self, Remainder::ColumnName | Remainder::Blank | Remainder::Title | Remainder::Heading)
    }
}

/// A cell of the list, and where it ended up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellAccount<F = Field> {
    /// The number of the table in the file, from 1.
    pub table: usize,
    /// The row of the table, from 1; rows above the column names and the names themselves are 0.
    pub row: usize,
    /// The column, from 1.
    pub column: usize,
    /// The fields that it is imported into.
    pub fields: Vec<F>,
    /// Why it, or a part of it, is not imported.
    pub remainder: Option<Remainder>,
}

/// Accounts for the cells of a list that are not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account<F = Field> {
    /// The cells, in the order of the list.
    pub cells: Vec<CellAccount<F>>,
}

impl<F> Default for Account<F> {
    fn default() -> Account<F> {
        Account { cells: Vec::new() }
    }
}

impl Account {
    /// Adds the cells of a table that is not part of the list.
    pub(super) fn other_table(&mut self, number: usize, table: &Table) {
        let names = table.names.iter().chain(table.names.is_empty().then_some(&table.header));
        let names = names.filter(|_| !table.structured).map(|row| (0, Remainder::ColumnName, row));
        let titles = table.titles.iter().map(|row| (0, Remainder::Title, row));
        let rows = table.rows.iter().chain(&table.hidden).enumerate();
        let rows = rows.map(|(at, row)| (at + 1, Remainder::OtherTable, row));
        for (row, remainder, cells) in titles.chain(names).chain(rows) {
            let filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
            self.cells.extend(filled.map(|(at, _)| CellAccount {
                table: number,
                row,
                column: at + 1,
                fields: Vec::new(),
                remainder: Some(remainder),
            }));
        }
    }
}

impl<F> Account<F> {
    /// The number of cells that are imported completely.
    pub fn imported(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.fields.is_empty() && cell.remainder.is_none()).count()
    }

    /// The number of cells for each reason.
    pub fn remainders(&self) -> BTreeMap<Remainder, usize> {
        let mut counts = BTreeMap::new();
        for remainder in self.cells.iter().filter_map(|cell| cell.remainder) {
            *counts.entry(remainder).or_default() += 1;
        }
        counts
    }
}
