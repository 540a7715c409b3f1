//! Detects converted line endings and added byte order marks.
//!
//! Git with `core.autocrlf`, editors and scripts make these changes to text files. They change the digest of a release, so the
//! diagnostic says exactly what was changed and how to restore the file.

use crate::diagnostic::{Code, Diagnostic, Place, Remedy};

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Whether the text starts with a byte order mark, which JSON parsers reject.
pub fn has_byte_order_mark(text: &str) -> bool {
    text.starts_with(BYTE_ORDER_MARK)
}

/// Returns the text without a byte order mark.
pub fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Returns a diagnostic if the text has carriage returns or a byte order mark; candor writes neither.
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
        found = found.fix(Remedy::KeepLineEndings);
    }
    if mark {
        found = found.help("some editors and scripts add a byte order mark when they save text as \"UTF-8 with BOM\"");
    }
    Some(found.fix(Remedy::RestoreReleases))
}
