//! Text -> HTML text and attribute values.
//!
//! Beside the characters with a meaning in HTML, those that HTML forbids (controls, noncharacters) are
//! replaced, so that whatever was typed the page stays well-formed.

/// Appends a text; the result can stand between tags and in a double-quoted attribute.
pub(super) fn push(out: &mut String, text: &str) {
    let mut from = 0;
    for (at, character) in text.char_indices() {
        let replacement = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\r' => "",
            c if is_forbidden(c) => "\u{FFFD}",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(replacement);
        from = at + character.len_utf8();
    }
    out.push_str(&text[from..]);
}

/// Controls other than ASCII whitespace, and noncharacters (WHATWG HTML, "preprocessing the input stream").
fn is_forbidden(character: char) -> bool {
    let code = u32::from(character);
    (character.is_control() && !matches!(character, '\t' | '\n' | '\x0C'))
        || (0xFDD0..=0xFDEF).contains(&code)
        || code & 0xFFFE == 0xFFFE
}

/// A short excerpt of the publisher's text for a message: one line, no controls, at most 60 characters.
pub(super) fn excerpt(text: &str) -> String {
    let line: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
