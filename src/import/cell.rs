//! A cell of a table: its text, its links, and content that cannot be imported.

use std::ops::Range;

use crate::text;

/// A cell of a table in any format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The lines of plain text, trimmed, without empty lines.
    pub lines: Vec<String>,
    /// The addresses of the links.
    pub links: Vec<String>,
    /// Descriptions of content that is not part of the text.
    pub lost: Vec<String>,
    /// The byte range in the source, if the format provides it.
    pub range: Option<Range<usize>>,
}

impl Cell {
    /// Creates a cell from text, which is split at line feeds. Runs of whitespace and control characters become one space.
    pub fn new(text: &str, range: Option<Range<usize>>) -> Cell {
        let lines = text.split('\n').map(text::one_line).filter(|line| !line.is_empty()).collect();
        Cell { lines, range, ..Cell::default() }
    }

    /// Returns the text on one line; lines are joined with commas.
    pub fn text(&self) -> String {
        text::join(self.lines.iter().map(String::as_str))
    }

    /// Whether the cell has no value: empty, a dash, or "n/a".
    pub fn is_blank(&self) -> bool {
        match self.lines.as_slice() {
            [] => true,
            [line] => matches!(line.to_ascii_lowercase().as_str(), "-" | "--" | "–" | "—" | "n/a" | "n.a."),
            _ => false,
        }
    }
}
