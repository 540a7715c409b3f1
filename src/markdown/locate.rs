//! From a place in a text to the place in the file that holds it.
//!
//! The two differ where a file has CRLF line ends, where blank lines at the ends of a body are dropped, and
//! where the text is an indented block or a quoted string in YAML.

use std::ops::Range;

use super::Finding;
use crate::diagnostic::{Diagnostic, Place};

impl Finding {
    /// The finding as a diagnostic. `whole` is the place of the whole `text` in its file, if it is known.
    pub fn diagnostic(&self, text: &str, whole: Option<&Place>) -> Diagnostic {
        Diagnostic::new(self.severity, self.code, self.message.clone())
            .at_known(whole.map(|whole| locate(text, whole, &self.range)), "")
            .help(self.help.clone())
    }
}

/// The place in a file of a byte range of `text`, which stands at `whole`. Where the file spells the text
/// in another way (a folded block, an escape), it is `whole` itself.
pub fn locate(text: &str, whole: &Place, range: &Range<usize>) -> Place {
    let mapped = whole
        .source
        .text
        .get(whole.range.clone())
        .and_then(|written| map(text, written, range))
        .map(|range| whole.range.start + range.start..whole.range.start + range.end);
    Place::new(&whole.source, mapped.unwrap_or_else(|| whole.range.clone()))
}

/// Follows the text line by line through the way it was written.
fn map(text: &str, written: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let (mut start, mut end) = (None, None);
    let (mut offset, mut cursor) = (0, 0);
    for line in text.split_inclusive('\n') {
        let words = line.trim_end_matches('\n');
        let gap = written.get(cursor..)?.find(words)?;
        // Only the first line may follow something else: a quote, or the `|` of a block.
        if offset > 0 && !written[cursor..cursor + gap].trim().is_empty() {
            return None;
        }
        let at = cursor + gap;
        let within = |wanted: usize| (offset..=offset + words.len()).contains(&wanted).then(|| at + wanted - offset);
        start = start.or_else(|| within(range.start));
        // A range that ends with its line's feed ends where the line's words do.
        let wanted_end = if range.end > range.start && text.as_bytes().get(range.end - 1) == Some(&b'\n') {
            range.end - 1
        } else {
            range.end
        };
        end = end.or_else(|| within(wanted_end.max(range.start)));
        if let (Some(start), Some(end)) = (start, end) {
            return Some(start..end);
        }
        offset += line.len();
        cursor = at + words.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::diagnostic::{Place, Source};

    #[track_caller]
    fn check(text: &str, file: &str, whole: std::ops::Range<usize>, part: &str, expected: &str) {
        let source = Source::new("a", file);
        let at = text.find(part).expect("the part stands in the text");
        let place = locate(text, &Place::new(&source, whole), &(at..at + part.len()));
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
