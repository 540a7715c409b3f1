//! Escapes text for HTML, between tags and in double-quoted attributes.
//!
//! Characters with a meaning in HTML are escaped. Characters that HTML forbids (controls, noncharacters) are replaced, so that the
//! page is well-formed for any input.

/// Returns the escaped text.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    push(&mut escaped, text);
    escaped
}

/// Appends the escaped text.
pub fn push(out: &mut String, text: &str) {
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

/// Returns whether HTML forbids a character: controls other than ASCII whitespace, and noncharacters (WHATWG HTML, "preprocessing
/// the input stream").
fn is_forbidden(character: char) -> bool {
    let code = u32::from(character);
    (character.is_control() && !matches!(character, '\t' | '\n' | '\x0C'))
        || (0xFDD0..=0xFDEF).contains(&code)
        || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn escapes_markup() {
        assert_eq!(escape("<a b=\"c\">&amp;\r\n\u{0}\u{FFFF}"), "&lt;a b=&quot;c&quot;&gt;&amp;amp;\n\u{FFFD}\u{FFFD}");
    }
}
