//! Writes strings as YAML. A string has no quotes only if every YAML 1.1 and 1.2 parser reads it as a string.

use std::fmt::Write;

/// Writes a scalar, in double quotes if necessary.
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether a string needs no quotes: it is a date, or it starts with a letter, has no characters with a meaning in YAML, and is
/// not a word that some parsers read as a boolean, null or a number.
fn is_plain(text: &str) -> bool {
    if text.parse::<crate::model::Date>().is_ok() {
        return true;
    }
    const WORDS: [&str; 13] = ["true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "null", "nan", "inf"];
    let harmless = |c: char| c.is_alphanumeric() || " /.,()+&'_-:;".contains(c);
    text.starts_with(char::is_alphabetic)
        && text.chars().all(harmless)
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
        && !WORDS.contains(&text.to_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Escape line separators, which would be folded, and byte order marks, which would be removed.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
