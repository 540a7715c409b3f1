//! Whatever is typed, the page stays safe and well-formed.

use std::fs;
use std::path::Path;

use candor::markdown::{Options, inline, render};
use proptest::prelude::*;

use crate::fuzz::promises::judge::judge;

/// The corpus of `tests/hostile/`: one attack per line, with characters that a line cannot hold spelt out.
fn injections() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/corpus");
    let mut attacks = Vec::new();
    for entry in fs::read_dir(folder).expect("the corpus") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a text");
        attacks.extend(text.lines().filter(|line| !line.is_empty()).map(spelt));
    }
    attacks
}

/// `\n`, `\t`, `\r`, `\0`, `\\`, `\x1B` and `\u{202E}` are what they are in Rust; any other backslash stands for itself.
fn spelt(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let number = |digits: &str| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        let hex = after.strip_prefix('x').and_then(|digits| Some((number(digits.get(..2)?)?, 3)));
        let code =
            || after.strip_prefix("u{")?.split_once('}').and_then(|(code, _)| Some((number(code)?, code.len() + 3)));
        let (character, length) = match after.bytes().next() {
            Some(b'n') => ('\n', 1),
            Some(b't') => ('\t', 1),
            Some(b'r') => ('\r', 1),
            Some(b'0') => ('\0', 1),
            Some(b'\\') => ('\\', 1),
            _ => hex.or_else(code).unwrap_or(('\\', 0)),
        };
        text.push(character);
        rest = &after[length..];
    }
    text + rest
}

#[track_caller]
fn safe(text: &str) {
    for root in ["", "../", "/trust/"] {
        let options = Options { id_prefix: "p--", root, ..Options::new("\"><script>alert(1)</script>") };
        let rendered = render(text, &options);
        for html in [&rendered.html, &inline(text, &options).html] {
            if let Err(why) = judge(html) {
                panic!("{why}\nfrom {text:?}\nhtml {html}");
            }
        }
        assert_eq!(rendered, render(text, &options), "the same text gave two results");
        for finding in &rendered.findings {
            assert!(text.get(finding.range.clone()).is_some(), "{finding:?} points outside {text:?}");
            assert!(!finding.message.is_empty() && !finding.message.ends_with('.') && !finding.message.contains('\n'));
        }
    }
}

#[test]
fn no_known_injection_gets_through() {
    let all = injections();
    assert!(all.len() >= 700, "only {}", all.len());
    for attack in &all {
        safe(attack);
        // Within a heading, a list, a quotation, a table, a link's text, an image's text and a footnote.
        for frame in [
            "# X\n",
            "- X",
            "> X",
            "|a|b|\n|:-|-|\n|X|c|",
            "[X](a)",
            "![X](a)",
            "b[^1]\n\n[^1]: X",
            "# a {X}",
            "``` X\n```",
        ] {
            safe(&frame.replace('X', attack));
        }
    }
}

#[test]
fn the_judge_itself_sees_what_must_not_pass() {
    for bad in [
        "<script>x</script>",
        "<p onclick=\"x\">",
        "<p style=\"x\"></p>",
        "<a href=\"javascript:x\">y</a>",
        "<a href=\"jav\tascript:x\">y</a>",
        "<img src=\"//evil.example/x\" alt=\"\">",
        "<p><b></p>",
        "<h3 id=\"a\"></h3><h4 id=\"a\"></h4>",
        "<!-- x -->",
        "<a href=\"a\"><a href=\"b\"></a></a>",
    ] {
        assert!(judge(bad).is_err(), "{bad}");
    }
}

/// Pieces that Markdown gives a meaning to, and pieces that attackers do.
fn pieces() -> impl Strategy<Value = String> {
    let markdown = prop::sample::select(vec![
        "#",
        "## ",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "> ",
        "    ",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "[",
        "]",
        "(",
        ")",
        "!",
        "[^",
        "[^1]",
        "[^1]: ",
        "[a]: ",
        "|",
        "|-|",
        "---",
        "\\",
        "<",
        ">",
        "\"",
        "'",
        "&",
        "&#x",
        "&lt;",
        ";",
        "{",
        "}",
        "{#a}",
        "{.b}",
        "a",
        "b ",
        "é",
        "\u{202E}",
        "\0",
        "\r\n",
        "\t",
        ":",
        "//",
        "javascript:",
        "data:",
        "https://x.example/",
        "mailto:",
        "<script>",
        "<!--",
        "-->",
        "<![CDATA[",
        "onerror=",
        "style=",
        "=",
        " ",
    ]);
    let attacks = prop::sample::select(injections());
    let piece = prop_oneof![8 => markdown.prop_map(str::to_owned), 1 => attacks, 1 => any::<String>()];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_whatever_breaks_the_page(text in any::<String>()) {
        safe(&text);
    }

    #[test]
    fn no_mixture_of_markup_and_attacks_breaks_the_page(text in pieces()) {
        safe(&text);
    }
}
