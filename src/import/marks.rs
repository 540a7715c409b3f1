//! Text that a reader does not take for a value: struck-through text, and the marks of footnotes.
//!
//! Struck-through text is no longer stated, so it is not imported, and is reported. The mark of a footnote is not part of a name.

use std::collections::HashMap;
use std::sync::Arc;

use super::cell::Cell;
use super::table::Table;
use crate::text::one_line;

/// Separates the text of a cell from what is struck through in it, while it is read.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The open elements that strike their text through.
    open: Vec<Vec<u8>>,
    /// The struck-through text.
    struck: String,
    /// The raised text, which may be the mark of a footnote.
    raised: Option<String>,
    lost: Vec<String>,
    has_struck: bool,
}

impl Marks {
    /// Handles the start of an element. `is_struck` says that it strikes its text through, regardless of its name.
    pub fn start(&mut self, name: &[u8], is_struck: bool) {
        // Elements of the same name inside, so that the right end tag counts.
        let inside = self.open.last().is_some_and(|open| open == name);
        if is_struck || inside || matches!(name, b"s" | b"del" | b"strike") {
            self.open.push(name.to_vec());
        } else if name == b"sup" {
            self.raised.get_or_insert_default();
        }
    }

    /// Handles the end of an element. `text` is the text of the cell.
    pub fn end(&mut self, name: &[u8], text: &mut String) {
        if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.open.truncate(at);
            if self.open.is_empty() {
                self.close_struck();
            }
        } else if name == b"sup" {
            self.close_raised(text);
        }
    }

    /// Adds text, to the text of the cell unless it is struck through.
    pub fn push(&mut self, added: &str, text: &mut String) {
        let to = match &mut self.raised {
            Some(raised) => raised,
            None if !self.open.is_empty() => &mut self.struck,
            None => text,
        };
        to.push_str(added);
    }

    /// Whether text is struck through now.
    pub fn is_struck(&self) -> bool {
        !self.open.is_empty()
    }

    fn close_raised(&mut self, text: &mut String) {
        let Some(raised) = self.raised.take() else { return };
        match is_footnote(raised.trim()) {
            true => self.lost.push(format!("the footnote mark `{}`", raised.trim())),
            false => self.push(&raised, text),
        }
    }

    fn close_struck(&mut self) {
        let struck = one_line(&std::mem::take(&mut self.struck));
        if !struck.is_empty() {
            self.lost.push(format!("the struck-through text `{struck}`"));
            self.has_struck = true;
        }
    }

    /// Ends the cell: adds what was struck through, and splits the text into lines.
    pub fn close(mut self, mut text: String, cell: &mut Cell) {
        self.close_raised(&mut text);
        self.close_struck();
        cell.lines = Cell::new(&text, None).lines;
        cell.lost.append(&mut self.lost);
        if self.has_struck {
            cell.struck = true;
            // The separator before or after the text.
            for line in &mut cell.lines {
                *line = line.trim_matches([',', ';', '/', '|', '&', '+', ' ', '→']).to_owned();
            }
            cell.lines.retain(|line| !line.is_empty());
        }
    }
}

/// Whether raised text is the mark of a footnote, and not a part of a word such as `m²` or `TM`.
fn is_footnote(text: &str) -> bool {
    let inner = text.trim_matches(['[', ']', '(', ')']);
    let is_list = |part: &str| !part.is_empty() && (part.bytes().all(|b| b.is_ascii_digit()) || part.len() == 1);
    !inner.is_empty() && (inner.split([',', ' ']).all(is_list) || inner.chars().all(|c| "*†‡§¶#".contains(c)))
}

/// Removes the marks of footnotes at the ends of the lines of all cells, and adds them to what is lost.
pub(super) fn without_marks(table: &mut Table) {
    // Spans share their cell, also after the mark is removed.
    let mut changed: HashMap<*const Cell, Arc<Cell>> = HashMap::new();
    for cell in table.rows.iter_mut().flatten() {
        let known = changed.get(&Arc::as_ptr(cell)).cloned();
        let new = known.or_else(|| {
            let new = Arc::new(unmarked(cell)?);
            changed.insert(Arc::as_ptr(cell), Arc::clone(&new));
            Some(new)
        });
        if let Some(new) = new {
            *cell = new;
        }
    }
}

/// Returns a cell without the marks of footnotes; `None` if it has none.
fn unmarked(cell: &Cell) -> Option<Cell> {
    if !cell.lines.iter().any(|line| mark(line).is_some()) {
        return None;
    }
    let mut unmarked = cell.clone();
    for line in &mut unmarked.lines {
        while let Some((text, mark)) = mark(line) {
            unmarked.lost.push(format!("the footnote mark `{mark}`"));
            *line = text.to_owned();
        }
    }
    if let Some(lead) = unmarked.lead.as_deref().and_then(mark).map(|(text, _)| text.to_owned()) {
        unmarked.lead = Some(lead);
    }
    Some(unmarked)
}

/// Splits the mark of a footnote from the end of a text: `Beta[^1]`, `Beta¹`, `Beta [2]`, `Beta*`.
fn mark(line: &str) -> Option<(&str, &str)> {
    let raised = line.trim_end_matches(['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁰', '*', '†', '‡']);
    let at = match line.strip_suffix(']').and_then(|inner| inner.rfind('[')) {
        _ if raised.len() < line.len() => raised.len(),
        Some(at) => {
            let inner = &line[at + 1..line.len() - 1];
            let label = inner.strip_prefix('^').filter(|label| !label.is_empty() && !label.contains(' '));
            let number = inner.len() <= 2 && !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit());
            (label.is_some() || number).then_some(at)?
        }
        None => return None,
    };
    let text = line[..at].trim_end();
    // `**` alone is not a mark, and `m²` is a unit.
    let is_word = text.chars().rev().take(2).filter(|c| c.is_alphanumeric() || ")].\"'".contains(*c)).count() == 2;
    is_word.then(|| (text, line[at..].trim()))
}

#[cfg(test)]
mod tests {
    use super::{Marks, mark};
    use crate::import::cell::Cell;

    #[test]
    fn marks_of_footnotes_are_not_part_of_the_text() {
        for (line, expected) in [
            ("Beta[^1]", ("Beta", "[^1]")),
            ("Beta [^note]", ("Beta", "[^note]")),
            ("Beta¹", ("Beta", "¹")),
            ("Beta*", ("Beta", "*")),
            ("Beta Inc.†", ("Beta Inc.", "†")),
            ("Beta [2]", ("Beta", "[2]")),
        ] {
            assert_eq!(mark(line), Some(expected), "{line}");
        }
        for line in ["Beta", "[1]", "10 m²", "[Add name]", "a [b c]", "*", "Beta (2)"] {
            assert_eq!(mark(line), None, "{line}");
        }
    }

    #[test]
    fn struck_text_is_lost_with_its_separator() {
        let (mut marks, mut text, mut cell) = (Marks::default(), String::new(), Cell::default());
        marks.start(b"span", true);
        marks.push("DPF", &mut text);
        marks.start(b"span", false);
        marks.push(" old", &mut text);
        marks.end(b"span", &mut text);
        marks.end(b"span", &mut text);
        marks.push(", SCC", &mut text);
        marks.start(b"sup", false);
        marks.push("1", &mut text);
        marks.end(b"sup", &mut text);
        marks.close(text, &mut cell);
        assert_eq!(cell.lines, ["SCC"]);
        assert_eq!(cell.lost, ["the struck-through text `DPF old`", "the footnote mark `1`"]);
        assert!(cell.struck);
    }
}
