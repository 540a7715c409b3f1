//! Protects cells of CSV files that a spreadsheet would evaluate as formulas (OWASP, "CSV Injection").

use std::borrow::Cow;

/// The characters with which a formula can begin.
const FIRST: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Prefixes a cell with an apostrophe if a spreadsheet would evaluate it as a formula.
///
/// Spreadsheets do not show the apostrophe. Other readers can remove it with [`unguarded`].
pub fn guarded(cell: &str) -> Cow<'_, str> {
    match cell.starts_with(FIRST) {
        true => format!("'{cell}").into(),
        false => cell.into(),
    }
}

/// Removes an apostrophe that protects a cell.
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|cell| cell.starts_with(FIRST)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::{guarded, unguarded};

    #[test]
    fn guards_cells_against_formulas() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
            assert_eq!(unguarded(&guarded(cell)), cell);
        }
        for cell in ["a=1", "", "'=1", "Käse", "'quoted'"] {
            assert_eq!(guarded(cell), cell);
        }
        assert_eq!(unguarded("'quoted'"), "'quoted'");
    }
}
