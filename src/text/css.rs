//! Finds references in style sheets (CSS Syntax Level 3, sections 4.3 and 5).

use std::ops::Range;

/// Returns the byte ranges of all references in `url(...)` and `@import "..."`, without quotes and spaces.
///
/// Skips comments and other strings: `content: "url(x)"` is not a reference.
pub fn references(css: &str) -> Vec<Range<usize>> {
    let bytes = css.as_bytes();
    let mut found = Vec::new();
    let mut importing = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = css[at + 2..].find("*/").map_or(bytes.len(), |end| at + 2 + end + 2);
            }
            quote @ (b'"' | b'\'') => {
                let end = end_of_string(bytes, at + 1, quote);
                if importing {
                    found.push(at + 1..end);
                    importing = false;
                }
                at = end + 1;
            }
            b';' | b'{' | b'}' => {
                importing = false;
                at += 1;
            }
            b'@' if word_is(bytes, at + 1, b"import") => {
                importing = true;
                at += 1 + b"import".len();
            }
            b'u' | b'U' if starts_word(bytes, at) && word_is(bytes, at, b"url(") => {
                importing = false;
                let (range, end) = url(bytes, at + b"url(".len());
                found.push(range);
                at = end;
            }
            _ => at += 1,
        }
    }
    found.retain(|range| range.start < range.end && range.end <= css.len());
    found
}

/// Returns the range of the content of `url(`, starting after the parenthesis, and the position after it.
fn url(bytes: &[u8], start: usize) -> (Range<usize>, usize) {
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    match bytes.get(at) {
        Some(&quote @ (b'"' | b'\'')) => {
            let end = end_of_string(bytes, at + 1, quote);
            (at + 1..end, end + 1)
        }
        _ => {
            let close = bytes[at..].iter().position(|b| *b == b')').map_or(bytes.len(), |n| at + n);
            let mut end = close;
            while end > at && bytes[end - 1].is_ascii_whitespace() {
                end -= 1;
            }
            (at..end, close)
        }
    }
}

/// Returns the end of a string that began before `at`: its quote, the end of the line, or the end of the file.
fn end_of_string(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

fn word_is(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    bytes.get(at..at + word.len()).is_some_and(|there| there.eq_ignore_ascii_case(word))
}

fn starts_word(bytes: &[u8], at: usize) -> bool {
    at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'-' | b'_') || bytes[at - 1] >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::references;

    fn found(css: &str) -> Vec<&str> {
        references(css).into_iter().map(|range| &css[range]).collect()
    }

    #[test]
    fn finds_all_kinds_of_references() {
        let css = r#"@import "base.css"; @import url('print.css') print; a { background: url( ../img/a.svg#x ) ; src: URL("f.woff2?#i") }"#;
        assert_eq!(found(css), ["base.css", "print.css", "../img/a.svg#x", "f.woff2?#i"]);
    }

    #[test]
    fn ignores_comments_and_strings() {
        assert!(
            found(r#"/* url(a) */ a::before { content: "url(b)" } .curl(c) { x: my-url(d) } @charset "utf-8";"#)
                .is_empty()
        );
    }

    #[test]
    fn unfinished_styles_do_not_panic() {
        for css in ["url(", "url(\"", "@import \"", "/*", "url( ", "\"\\", "url('\\", "ü url(ü", "@import"] {
            let _ = found(css);
        }
    }
}
