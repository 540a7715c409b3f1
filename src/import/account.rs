//! Accounts for every cell of an imported list: the fields that it became, or the reason why it is not imported.

use std::collections::BTreeMap;

use super::fields::Field;

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
    /// Its link, image or strikethrough is not part of the text.
    Markup,
    /// It is above the column names.
    Title,
    /// Its row is a heading, or repeats the column names.
    Heading,
    /// Its row has no name or no purpose.
    Incomplete,
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
            Remainder::Markup => "markup",
            Remainder::Title => "title",
            Remainder::Heading => "heading",
            Remainder::Incomplete => "incomplete-row",
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
            Remainder::Markup => "with a link or other markup that is not imported",
            Remainder::Title => "above the column names",
            Remainder::Heading => "in rows that are headings",
            Remainder::Incomplete => "in incomplete rows",
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
pub struct CellAccount {
    /// The number of the table in the file, from 1.
    pub table: usize,
    /// The row of the table, from 1; rows above the column names and the names themselves are 0.
    pub row: usize,
    /// The column, from 1.
    pub column: usize,
    /// The fields that it is imported into.
    pub fields: Vec<Field>,
    /// Why it, or a part of it, is not imported.
    pub remainder: Option<Remainder>,
}

/// Accounts for the cells of a list that are not empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// The cells, in the order of the list.
    pub cells: Vec<CellAccount>,
}

impl Account {
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
