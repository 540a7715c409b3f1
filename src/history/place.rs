//! Places in a record, for diagnostics that point into it.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Place, Source};

/// How much of a record before a place is kept to be quoted; records may be large.
const KEPT: usize = 1024 * 1024;

/// A place in the text of a file; without the text where so much stands before it that quoting it would cost too much.
pub fn at(path: &str, text: &str, range: Range<usize>) -> Place {
    let end = range.end.min(text.len());
    if end > KEPT {
        return Place::file(path);
    }
    let line_end = text[end..].find('\n').map_or(text.len(), |length| end + length);
    let kept = if line_end > 2 * KEPT { end } else { line_end };
    Place::new(&Source::new(path, &text[..kept]), range.start.min(end)..end)
}

/// The place of a value in a record's head: `["published"]`, or `["previous", "sha256"]`.
///
/// In canonical form a line break is never a part of a value, so a key is found by its indent, whatever texts hold.
pub fn of_value(head: &Arc<Source>, keys: &[&str]) -> Place {
    let mut at = 0;
    for (depth, key) in keys.iter().enumerate() {
        let line = format!("\n{}\"{key}\": ", "  ".repeat(depth + 1));
        match head.text[at..].find(&line) {
            Some(found) => at += found + line.len(),
            None => return Place::start_of(head),
        }
    }
    let rest = &head.text[at..];
    let length = rest.find('\n').unwrap_or(rest.len());
    Place::new(head, at..at + rest[..length].trim_end_matches(',').len())
}
