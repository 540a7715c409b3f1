//! Maps places in Markdown to places in the file that contains it.
//!
//! They differ if a file has CRLF line endings, if leading and trailing blank lines of a body are dropped, and if the text is an
//! indented block or a quoted string in YAML.

use std::ops::Range;

use super::TextDiagnostic;
use crate::diagnostic::{Diagnostic, Place};

impl TextDiagnostic {
    /// Converts it into a diagnostic of the file. `locator` maps places of the text to the file, if the file is known.
    pub fn to_diagnostic(&self, locator: Option<&Locator>) -> Diagnostic {
        Diagnostic::new(self.code, self.message.clone())
            .at_known(locator.map(|locator| locator.place(&self.range)), "")
            .help(self.help.clone())
    }
}

/// Maps byte ranges of Markdown to places in the file that contains it.
///
/// The text is compared with the file only once, so that the cost per diagnostic does not grow with their number.
#[derive(Debug)]
pub struct Locator {
    whole: Place,
    /// The lines that were found in the file, in order. They end at the first line that is written differently in the file, such
    /// as a folded block or an escape.
    lines: Vec<LocatedLine>,
    /// The offsets of line feeds in the text.
    feeds: Vec<usize>,
}

/// A line, without its line feed.
#[derive(Debug)]
struct LocatedLine {
    /// Start offset in the text.
    text: usize,
    /// Start offset in the file.
    file: usize,
    length: usize,
}

impl Locator {
    /// Creates a locator for `text`, which is at `whole` in its file.
    pub fn new(text: &str, whole: &Place) -> Locator {
        let written = whole.source.text.get(whole.range.clone()).unwrap_or_default();
        let mut lines = Vec::new();
        let (mut offset, mut cursor) = (0, 0);
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches('\n');
            let Some(gap) = written[cursor..].find(content) else { break };
            // Only the first line may follow other characters: a quote, or the `|` of a block.
            if offset > 0 && !written[cursor..cursor + gap].trim().is_empty() {
                break;
            }
            lines.push(LocatedLine { text: offset, file: whole.range.start + cursor + gap, length: content.len() });
            offset += line.len();
            cursor += gap + content.len();
        }
        let feeds = text.match_indices('\n').map(|(at, _)| at).collect();
        Locator { whole: whole.clone(), lines, feeds }
    }

    /// Returns the place of a byte range of the text. If the range is written differently in the file, returns the place of the
    /// whole text.
    pub fn place(&self, range: &Range<usize>) -> Place {
        // A range that includes the line feed ends at the end of the line.
        let feed = range.end > range.start && self.feeds.binary_search(&(range.end - 1)).is_ok();
        let end = if feed { range.end - 1 } else { range.end };
        let mapped = self.offset(range.start).zip(self.offset(end.max(range.start)));
        Place::new(&self.whole.source, mapped.map_or_else(|| self.whole.range.clone(), |(start, end)| start..end))
    }

    /// Maps an offset of the text to an offset of the file.
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
        let at = text.find(part).expect("the part is in the text");
        let place = Locator::new(text, &Place::new(&source, whole)).place(&(at..at + part.len()));
        assert_eq!(&source.text[place.range], expected);
    }

    #[test]
    fn maps_places_for_all_line_endings_and_yaml_styles() {
        let crlf = "---\r\ntitle: x\r\n---\r\n\r\none\r\n\r\ntwo <b>\r\n";
        check("one\n\ntwo <b>", crlf, 20..crlf.len(), "<b>", "<b>");
        let block = "a: |\n    one\n\n    two <b>\nb: c\n";
        check("one\n\ntwo <b>\n", block, 3..25, "two <b>\n", "two <b>");
        check("one <b>", "a: \"one <b>\"\n", 3..12, "<b>", "<b>");
    }

    #[test]
    fn folded_text_is_located_as_a_whole() {
        let folded = "a: >\n  one\n  two\n";
        check("one two\n", folded, 3..folded.len(), "two", &folded[3..]);
    }
}
