//! A style sheet without what only its authors read: comments, and white space that means nothing.
//!
//! The first view of a page must fit what a server sends before the first acknowledgement (about 14 kB), and a
//! well-commented style sheet is a third larger than it need be. Strings, `url(...)` and escapes are copied as they are;
//! where it is not certain that a space means nothing (before a colon: `a :hover` is not `a:hover`), it stays.

/// Characters next to which white space never means anything.
const ALONE: &[u8] = b"{};,";

/// The style sheet in fewer bytes. A comment that begins with `/*!` stays: licences are written so.
pub fn squeeze(css: &str) -> String {
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
            // Without spaces around it, a comment still separates: `a/**/b` is two words.
            if !gap && !alone {
                out.extend(b"/**/");
            }
            continue;
        }
        let needless = alone || ALONE.contains(&token[0]);
        // `--x: ;` is a space, and `--x:;` nothing at all.
        if gap && (!needless || out.last() == Some(&b':')) {
            out.push(b' ');
        }
        gap = false;
        if token == b"}" && alone && out.last() == Some(&b';') {
            out.pop();
        }
        alone = ALONE.contains(&token[0]);
        out.extend(token);
    }
    // Only whole tokens were left out, each a run of whole characters.
    String::from_utf8(out).unwrap_or_else(|_| css.to_owned())
}

/// Where the token that begins at `at` ends: a comment, a string, `url(...)`, an escape, a run of white space, one of
/// [`ALONE`], or a run of anything else.
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
    use super::squeeze;

    #[test]
    fn what_means_nothing_goes() {
        assert_eq!(
            squeeze("/* a */\na ,\n b {\n  color : red ;\n}\n\n/* b */ @media (x) { c { d: e; } }\n"),
            "a,b{color : red}@media (x){c{d: e}}"
        );
    }

    #[test]
    fn what_may_mean_something_stays() {
        for css in [
            "a :hover{b: c d}",
            "a b>c + d{e: calc(1px + 2px)}",
            "a{--x: ;b: c}",
            "a/**/b{c: d}",
            "/*! licence */a{b: c}",
        ] {
            assert_eq!(squeeze(css), css);
        }
    }

    #[test]
    fn strings_addresses_and_escapes_are_copied() {
        let css = "a{b: \"/* c */  ; } \\\" d\";e: url(data:x/y;  z);f: '\\'  ;'}.g\\; h{i: j}";
        assert_eq!(squeeze(css), css);
    }

    #[test]
    fn unfinished_styles_do_not_panic() {
        for css in ["", "/*", "a{b: \"", "a{b: \"\\", "url(", "\\", "ü\\ü", "a{b: 'ü"] {
            let _ = squeeze(css);
        }
    }

    #[test]
    fn squeezing_twice_changes_nothing() {
        let once = squeeze(include_str!("../../static/css/candor.css"));
        assert_eq!(squeeze(&once), once);
    }
}
