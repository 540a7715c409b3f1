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
    /// Whether text was removed because it is struck through.
    pub struck: bool,
    /// Whether the number of a day is counted from 1904, as in some workbooks.
    pub from_1904: bool,
    /// The strong text at the beginning, or the text of a link there: a name or a label.
    pub lead: Option<String>,
    /// The byte range in the source, if the format provides it.
    pub range: Option<Range<usize>>,
}

/// Characters that readers do not see, and that editors leave behind: zero-width spaces, word joiners and soft hyphens.
pub const INVISIBLE: [char; 5] = ['\u{200B}', '\u{2060}', '\u{FEFF}', '\u{180E}', '\u{AD}'];

/// Texts that state no value.
const BLANK: [&str; 14] = [
    "-",
    "--",
    "---",
    "–",
    "—",
    "n/a",
    "n.a.",
    "n.a",
    "n. a.",
    "not applicable",
    "nicht zutreffend",
    "sans objet",
    "no aplica",
    "k.a.",
];

/// Words that a draft has in place of a value.
const PLACEHOLDERS: [&str; 17] = [
    "tbd",
    "tba",
    "tbc",
    "todo",
    "to do",
    "to be determined",
    "to be added",
    "to be confirmed",
    "to be completed",
    "placeholder",
    "coming soon",
    "fixme",
    "xxx",
    "xx",
    "...",
    "…",
    "?",
];

/// Texts that refer to the cell above.
const DITTOS: [&str; 22] = [
    "\"",
    "''",
    "“",
    "”",
    "„",
    "〃",
    "\" \"",
    "-\"-",
    "–\"–",
    "ditto",
    "do.",
    "idem",
    "dito",
    "as above",
    "see above",
    "same as above",
    "s. o.",
    "s.o.",
    "siehe oben",
    "wie oben",
    "voir ci-dessus",
    "véase arriba",
];

impl Cell {
    /// Creates a cell from text, which is split at line feeds. Runs of whitespace and control characters become one space, and characters that
    /// readers do not see are removed.
    pub fn new(text: &str, range: Option<Range<usize>>) -> Cell {
        let visible = |line: &str| text::one_line(&line.chars().filter(|c| !INVISIBLE.contains(c)).collect::<String>());
        let lines = text.split('\n').map(visible).filter(|line| !line.is_empty()).collect();
        Cell { lines, range, ..Cell::default() }
    }

    /// Returns the text on one line; lines are joined with commas.
    pub fn text(&self) -> String {
        text::join(self.lines.iter().map(String::as_str))
    }

    /// Uses the texts in place of images, such as `Alfa logo`, if the cell has no other text.
    pub fn name_image(&mut self, images: &[String]) {
        if self.lines.is_empty() && !self.struck {
            let words = images.iter().flat_map(|text| text.split_whitespace());
            let words: Vec<&str> = words.filter(|word| !word.eq_ignore_ascii_case("logo")).collect();
            self.lines = Cell::new(&words.join(" "), None).lines;
        }
    }

    /// Adds the content of another cell.
    pub fn extend(&mut self, other: Cell) {
        self.lines.extend(other.lines);
        self.links.extend(other.links);
        self.lost.extend(other.lost);
        self.struck |= other.struck;
        self.range = self.range.take().or(other.range);
    }

    /// Whether the cell has neither text nor links nor lost content.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.links.is_empty() && self.lost.is_empty()
    }

    /// Whether the cell has no value: empty, a dash, or "n/a".
    pub fn is_blank(&self) -> bool {
        match self.lines.as_slice() {
            [] => true,
            [line] => BLANK.contains(&line.to_lowercase().as_str()),
            _ => false,
        }
    }

    /// Whether the cell refers to the one above it: `〃`, `as above`.
    pub fn is_ditto(&self) -> bool {
        let text = self.text().to_lowercase();
        DITTOS.contains(&text.as_str()) || DITTOS.contains(&text.trim_end_matches('.'))
    }

    /// Whether the cell of a draft still waits for its value: `TBD`, `[Name of the vendor]`, `<purpose>`.
    pub fn is_placeholder(&self) -> bool {
        let [line] = self.lines.as_slice() else { return false };
        let lower = line.to_lowercase();
        let enclosed = |open: char, close: char| {
            let inner = lower.strip_prefix(open).and_then(|text| text.strip_suffix(close));
            inner.is_some_and(|text| !text.contains([open, close]) && text.chars().any(char::is_alphabetic))
        };
        PLACEHOLDERS.contains(&lower.trim_end_matches('.'))
            || PLACEHOLDERS.contains(&lower.as_str())
            || lower.starts_with("lorem ipsum")
            || enclosed('[', ']')
            || enclosed('<', '>')
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn recognizes_cells_without_a_value() {
        for text in ["", "—", "N/A", "Not applicable"] {
            assert!(Cell::new(text, None).is_blank(), "{text}");
        }
        for text in ["TBD", "todo", "[Add vendor]", "<purpose>", "Lorem ipsum dolor", "to be determined."] {
            assert!(Cell::new(text, None).is_placeholder(), "{text}");
        }
        for text in ["Hosting", "[1] and [2]", "XX Ltd.", "None", "[]"] {
            let cell = Cell::new(text, None);
            assert!(!cell.is_blank() && !cell.is_placeholder(), "{text}");
        }
    }
}
