//! What programs do to text files on their way: line endings and byte order marks.
//!
//! Git with `core.autocrlf`, editors and scripts change these in every text file that they touch. Releases are bytes with a
//! digest, so the diagnostic says exactly what was changed and how to get the file back.

use crate::diagnostic::{Code, Diagnostic, Place};

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Whether a byte order mark was put before a text; a JSON parser stops at it.
pub fn has_byte_order_mark(text: &str) -> bool {
    text.starts_with(BYTE_ORDER_MARK)
}

/// The text without a byte order mark.
pub fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// The diagnostic on a file that candor wrote with line feeds and without a byte order mark; none where it still is so.
pub fn diagnostic(code: Code, path: &str, text: &str) -> Option<Diagnostic> {
    let returns = text.contains('\r');
    let mark = has_byte_order_mark(text);
    let what = match (returns, mark) {
        (false, false) => return None,
        (true, false) => "line endings were converted to CRLF",
        (false, true) => "a byte order mark was added",
        (true, true) => "line endings were converted to CRLF, and a byte order mark was added",
    };
    let mut found =
        Diagnostic::new(code, format!("`{path}` is not the file that candor wrote: {what}")).at(Place::file(path), "");
    if returns {
        found = found.help(
            "git converts line endings where `core.autocrlf` is on; add the line `content/releases/** -text` to `.gitattributes`, and it leaves releases as they are",
        );
    }
    if mark {
        found = found.help("editors and scripts add a byte order mark when they save text as \"UTF-8 with BOM\"");
    }
    Some(found.help(
        "then get the files back: `git rm -r -q --cached content/releases`, and `git checkout HEAD -- content/releases`",
    ))
}
