//! Places in the text of a record, for diagnostics.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Place, Source};

/// How much text before a place is kept for the snippet, in bytes; records may be large.
const KEPT: usize = 1024 * 1024;

/// Returns a place in the text of a file; only the file if the text before the place is longer than [`KEPT`].
pub fn at(path: &str, text: &str, range: Range<usize>) -> Place {
    let end = range.end.min(text.len());
    if end > KEPT {
        return Place::file(path);
    }
    let line_end = text[end..].find('\n').map_or(text.len(), |length| end + length);
    let kept = if line_end > 2 * KEPT { end } else { line_end };
    Place::new(&Source::new(path, &text[..kept]), range.start.min(end)..end)
}

/// Returns the place of a value in a record's head, such as `["published"]` or `["previous", "sha256"]`.
///
/// In canonical form, values never contain line breaks, so the indent alone identifies a key.
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
