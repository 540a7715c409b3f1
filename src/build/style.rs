//! Minifies the theme's own style sheet: removes comments, and whitespace that has no meaning.
//!
//! The first view of a page should fit into what a server sends before the first acknowledgment (about 14 kB), and
//! comments make a style sheet a third larger. Strings, `url(...)` and escapes are copied unchanged. A space is kept
//! where it may have a meaning, such as before a colon: `a :hover` is not `a:hover`.

/// Characters next to which whitespace has no meaning.
const ALONE: &[u8] = b"{};,";

/// Returns the minified style sheet. Keeps a comment that begins with `/*!`, because it is a license.
pub fn minified(css: &str) -> String {
    let bytes = css.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    let mut gap = false;
    // Whether the last token was one of `ALONE`; an escaped one is not.
    let mut alone = true;
    while at < bytes.len() {
        let end = token_end(css, at);
        let token = &bytes[at..end];
        at = end;
        let comment = token.starts_with(b"/*");
        if token[0].is_ascii_whitespace() {
            gap = true;
            continue;
        }
        if comment && !token.starts_with(b"/*!") {
            // A comment without spaces around it is also a separator: `a/**/b` is two words.
            if !gap && !alone {
                out.extend(b"/**/");
            }
            continue;
        }
        let removable = alone || ALONE.contains(&token[0]);
        // The value of `--x: ;` is a space, that of `--x:;` is empty.
        if gap && (!removable || out.last() == Some(&b':')) {
            out.push(b' ');
        }
        gap = false;
        if token == b"}" && alone && out.last() == Some(&b';') {
            out.pop();
        }
        alone = ALONE.contains(&token[0]);
        out.extend(token);
    }
    // Tokens consist of whole characters, so the result is still UTF-8.
    String::from_utf8(out).unwrap_or_else(|_| css.to_owned())
}

/// Returns where the token that begins at `at` ends. A token is a comment, a string, `url(...)`, an escape, a run of
/// whitespace, one of [`ALONE`], or a run of other characters.
fn token_end(css: &str, at: usize) -> usize {
    let bytes = css.as_bytes();
    let until =
        |from: usize, what: &str| css.get(from..).and_then(|rest| rest.find(what)).map(|n| from + n + what.len());
    match bytes[at] {
        b'/' if bytes.get(at + 1) == Some(&b'*') => until(at + 2, "*/").unwrap_or(bytes.len()),
        quote @ (b'"' | b'\'') => {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != quote {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(bytes.len())
        }
        b'u' | b'U' if bytes.get(at..at + 4).is_some_and(|word| word.eq_ignore_ascii_case(b"url(")) => {
            until(at, ")").unwrap_or(bytes.len())
        }
        b'\\' => (at + 2).min(bytes.len()),
        byte if byte.is_ascii_whitespace() => {
            at + bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
        }
        byte if ALONE.contains(&byte) => at + 1,
        _ => {
            // A character that could begin one of the above ends the run; if it does not, it begins the next.
            let begins = |byte: &u8| matches!(byte, b'/' | b'"' | b'\'' | b'u' | b'U' | b'\\') || ALONE.contains(byte);
            let run = bytes[at + 1..].iter().take_while(|byte| !byte.is_ascii_whitespace() && !begins(byte));
            at + 1 + run.count()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::minified;

    #[test]
    fn removes_comments_and_whitespace_without_meaning() {
        assert_eq!(
            minified("/* a */\na ,\n b {\n  color : red ;\n}\n\n/* b */ @media (x) { c { d: e; } }\n"),
            "a,b{color : red}@media (x){c{d: e}}"
        );
    }

    #[test]
    fn keeps_whitespace_that_may_have_a_meaning() {
        for css in [
            "a :hover{b: c d}",
            "a b>c + d{e: calc(1px + 2px)}",
            "a{--x: ;b: c}",
            "a/**/b{c: d}",
            "/*! license */a{b: c}",
        ] {
            assert_eq!(minified(css), css);
        }
    }

    #[test]
    fn copies_strings_urls_and_escapes() {
        let css = "a{b: \"/* c */  ; } \\\" d\";e: url(data:x/y;  z);f: '\\'  ;'}.g\\; h{i: j}";
        assert_eq!(minified(css), css);
    }

    #[test]
    fn unfinished_styles_do_not_panic() {
        for css in ["", "/*", "a{b: \"", "a{b: \"\\", "url(", "\\", "ü\\ü", "a{b: 'ü"] {
            let _ = minified(css);
        }
    }

    #[test]
    fn minifying_twice_changes_nothing() {
        let once = minified(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/static/css/candor.css")));
        assert_eq!(minified(&once), once);
    }
}
