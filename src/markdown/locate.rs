//! From a place in a text to the place in the file that holds it.
//!
//! The two differ where a file has CRLF line ends, where blank lines at the ends of a body are dropped, and
//! where the text is an indented block or a quoted string in YAML.

use std::ops::Range;

use super::Finding;
use crate::diagnostic::{Diagnostic, Place};

impl Finding {
    /// The finding as a diagnostic. `locator` knows where the text is in its file, if that is known.
    pub fn diagnostic(&self, locator: Option<&Locator>) -> Diagnostic {
        Diagnostic::new(self.code, self.message.clone())
            .at_known(locator.map(|locator| locator.place(&self.range)), "")
            .help(self.help.clone())
    }
}

/// Maps byte ranges of one text to places in the file that holds it.
///
/// The text is compared with the file once, so that a text with many findings takes no longer per finding than one
/// with few.
#[derive(Debug)]
pub struct Locator {
    whole: Place,
    /// The lines that were found in the file, in order. Where the file spells the text in another way (a folded
    /// block, an escape), the lines from there on are missing.
    lines: Vec<LocatedLine>,
    /// Offsets in the text of its line feeds.
    feeds: Vec<usize>,
}

/// One line, without its line feed.
#[derive(Debug)]
struct LocatedLine {
    /// Where it starts in the text.
    text: usize,
    /// Where it starts in the file.
    file: usize,
    length: usize,
}

impl Locator {
    /// A locator for `text`, which is at `whole` in its file.
    pub fn new(text: &str, whole: &Place) -> Locator {
        let written = whole.source.text.get(whole.range.clone()).unwrap_or_default();
        let mut lines = Vec::new();
        let (mut offset, mut cursor) = (0, 0);
        for line in text.split_inclusive('\n') {
            let words = line.trim_end_matches('\n');
            let Some(gap) = written[cursor..].find(words) else { break };
            // Only the first line may follow something else: a quote, or the `|` of a block.
            if offset > 0 && !written[cursor..cursor + gap].trim().is_empty() {
                break;
            }
            lines.push(LocatedLine { text: offset, file: whole.range.start + cursor + gap, length: words.len() });
            offset += line.len();
            cursor += gap + words.len();
        }
        let feeds = text.match_indices('\n').map(|(at, _)| at).collect();
        Locator { whole: whole.clone(), lines, feeds }
    }

    /// The place of a byte range of the text; where the file spells it in another way, the place of the whole text.
    pub fn place(&self, range: &Range<usize>) -> Place {
        // A range that ends with its line's feed ends where the line's words do.
        let feed = range.end > range.start && self.feeds.binary_search(&(range.end - 1)).is_ok();
        let end = if feed { range.end - 1 } else { range.end };
        let mapped = self.offset(range.start).zip(self.offset(end.max(range.start)));
        Place::new(&self.whole.source, mapped.map_or_else(|| self.whole.range.clone(), |(start, end)| start..end))
    }

    /// Where an offset of the text is in the file.
    fn offset(&self, wanted: usize) -> Option<usize> {
        let line = &self.lines[self.lines.partition_point(|line| line.text <= wanted).checked_sub(1)?];
        (wanted - line.text <= line.length).then(|| line.file + wanted - line.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Locator;
    use crate::diagnostic::{Place, Source};

    #[track_caller]
    fn check(text: &str, file: &str, whole: std::ops::Range<usize>, part: &str, expected: &str) {
        let source = Source::new("a", file);
        let at = text.find(part).expect("the part stands in the text");
        let place = Locator::new(text, &Place::new(&source, whole)).place(&(at..at + part.len()));
        assert_eq!(&source.text[place.range], expected);
    }

    #[test]
    fn a_place_is_found_in_whatever_way_the_text_was_written() {
        let crlf = "---\r\ntitle: x\r\n---\r\n\r\none\r\n\r\ntwo <b>\r\n";
        check("one\n\ntwo <b>", crlf, 20..crlf.len(), "<b>", "<b>");
        let block = "a: |\n    one\n\n    two <b>\nb: c\n";
        check("one\n\ntwo <b>\n", block, 3..25, "two <b>\n", "two <b>");
        check("one <b>", "a: \"one <b>\"\n", 3..12, "<b>", "<b>");
    }

    #[test]
    fn a_text_that_was_respelt_is_shown_as_a_whole() {
        let folded = "a: >\n  one\n  two\n";
        check("one two\n", folded, 3..folded.len(), "two", &folded[3..]);
    }
}
