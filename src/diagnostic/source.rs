//! A text file that diagnostics can quote.
//!
//! A file of several megabytes may have thousands of problems, so its line starts are computed only once, when the first line
//! number is needed.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A text file as it was read.
#[derive(Debug)]
pub struct Source {
    /// Path relative to the project's root, with forward slashes on every platform.
    pub path: String,
    /// The complete text, with line feeds and without a byte order mark; invalid UTF-8 is replaced with U+FFFD.
    pub text: String,
    index: OnceLock<LineIndex>,
}

impl PartialEq for Source {
    fn eq(&self, other: &Source) -> bool {
        (&self.path, &self.text) == (&other.path, &other.text)
    }
}

impl Eq for Source {}

impl Source {
    /// Creates a source that diagnostics can share.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Source> {
        Arc::new(Source { path: path.into(), text: text.into(), index: OnceLock::new() })
    }

    /// Returns the line and column of a byte offset, both counted from 1. Columns count characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let index = self.index();
        let offset = self.floor(offset);
        let line = index.starts.partition_point(|start| *start <= offset);
        let start = index.starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        (line, index.characters(&self.text, offset) - index.characters(&self.text, start) + 1)
    }

    /// Returns the byte range of a line, including its line feed. Lines are counted from 1. The range is empty if the line does
    /// not exist.
    pub fn line(&self, number: usize) -> Range<usize> {
        let starts = &self.index().starts;
        let start = |at: usize| starts.get(at).copied().unwrap_or(self.text.len());
        match number.checked_sub(1) {
            Some(at) => start(at)..start(number),
            None => 0..0,
        }
    }

    /// Returns the character boundary at or before an offset.
    fn floor(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }

    fn index(&self) -> &LineIndex {
        self.index.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// An index of line starts and character counts.
#[derive(Debug)]
struct LineIndex {
    /// Offsets of the first byte of each line; a line feed at the end of the text starts another line.
    starts: Vec<usize>,
    /// The number of characters before every multiple of [`STEP`] bytes.
    counts: Vec<usize>,
}

/// The distance between precomputed character counts, in bytes.
const STEP: usize = 1024;

impl LineIndex {
    fn new(text: &str) -> LineIndex {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut counts = vec![0];
        let mut count = 0;
        for chunk in text.as_bytes().chunks(STEP) {
            count += characters(chunk);
            counts.push(count);
        }
        LineIndex { starts, counts }
    }

    /// Returns the number of characters before an offset.
    fn characters(&self, text: &str, offset: usize) -> usize {
        let mark = offset / STEP;
        self.counts[mark] + characters(&text.as_bytes()[mark * STEP..offset])
    }
}

/// Returns the number of characters that begin in a slice of UTF-8 text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Source;

    /// Computes line and column without an index.
    fn counted(text: &str, offset: usize) -> (usize, usize) {
        let before = &text[..offset];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
    }

    #[test]
    fn clamps_offsets_beyond_the_text_to_its_end() {
        let source = Source::new("a", "é\n");
        assert_eq!([0, 1, 2, 3, 99].map(|at| source.line_column(at)), [(1, 1), (1, 1), (1, 2), (2, 1), (2, 1)]);
        assert_eq!([0, 1, 2, 3].map(|number| source.line(number)), [0..0, 0..3, 3..3, 3..3]);
        assert_eq!(Source::new("a", "").line_column(7), (1, 1));
    }

    proptest! {
        #[test]
        fn index_matches_counting_from_the_start(parts in prop::collection::vec("[aé\n]{0,700}", 0..6)) {
            let text = parts.concat();
            let source = Source::new("a", text.clone());
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                prop_assert_eq!(source.line_column(offset), counted(&text, offset));
            }
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            for (at, line) in lines.iter().enumerate() {
                prop_assert_eq!(&source.text[source.line(at + 1)], *line);
            }
        }
    }
}
