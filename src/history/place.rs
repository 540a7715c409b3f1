//! Places in a record, for findings that point into it.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Place, Source};

/// How much of a record before a finding is kept to be quoted; records may be large.
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

/// The place of a key's value in a record's head; the last key of that name counts, because texts of the
/// publisher's own stand before the keys that are looked for.
pub fn of_value(head: &Arc<Source>, key: &str) -> Place {
    let found = head.text.rfind(&format!("\"{key}\": ")).map(|at| at + key.len() + 4);
    match found {
        Some(start) => {
            let rest = &head.text[start..];
            let length = rest.find(['\n']).unwrap_or(rest.len());
            Place::new(head, start..start + rest[..length].trim_end_matches(',').len())
        }
        None => Place::start_of(head),
    }
}
