//! One cell of a table: its words, its links, and what was in it that is not words.

use std::ops::Range;

use crate::text;

/// A cell, whatever the format that it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its lines in plain text, each with words in it and without blanks at its ends.
    pub lines: Vec<String>,
    /// Addresses of the links in it.
    pub links: Vec<String>,
    /// What was in it and is not among the lines, in words.
    pub lost: Vec<String>,
    /// Where it stands in the text, if the format tells.
    pub range: Option<Range<usize>>,
}

impl Cell {
    /// A cell with this text; line feeds part its lines. Blanks and control characters become single blanks.
    pub fn new(text: &str, range: Option<Range<usize>>) -> Cell {
        let lines = text.split('\n').map(text::one_line).filter(|line| !line.is_empty()).collect();
        Cell { lines, range, ..Cell::default() }
    }

    /// The words in one line: what stood in lines of its own is parted by commas.
    pub fn text(&self) -> String {
        text::join(self.lines.iter().map(String::as_str))
    }

    /// Whether it states nothing: empty, a dash, or "n/a".
    pub fn is_blank(&self) -> bool {
        match self.lines.as_slice() {
            [] => true,
            [line] => matches!(line.to_ascii_lowercase().as_str(), "-" | "--" | "–" | "—" | "n/a" | "n.a."),
            _ => false,
        }
    }
}
