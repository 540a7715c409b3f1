//! Rendered Markdown is safe and well-formed for any input.

use std::fs;
use std::path::Path;

use candor::markdown::{RenderOptions, inline, render};
use proptest::prelude::*;

use crate::fuzz::promises::judge::judge;

/// Reads the corpus of `tests/hostile/`: one attack per line, with escapes for special characters.
fn attacks() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/corpus");
    let mut attacks = Vec::new();
    for entry in fs::read_dir(folder).expect("the corpus") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a text");
        attacks.extend(text.lines().filter(|line| !line.is_empty()).map(unescape));
    }
    attacks
}

/// Replaces the escapes `\n`, `\t`, `\r`, `\0`, `\\`, `\x1B` and `\u{202E}` as in Rust. Any other backslash is literal.
fn unescape(line: &str) -> String {
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
fn assert_renders_safely(text: &str) {
    for root in ["", "../", "/trust/"] {
        let options = RenderOptions { id_prefix: "p--", root, ..RenderOptions::new("\"><script>alert(1)</script>") };
        let rendered = render(text, &options);
        for html in [&rendered.html, &inline(text, &options).html] {
            if let Err(why) = judge(html) {
                panic!("{why}\nfrom {text:?}\nhtml {html}");
            }
        }
        assert_eq!(rendered, render(text, &options), "rendering is not deterministic");
        for diagnostic in &rendered.diagnostics {
            assert!(text.get(diagnostic.range.clone()).is_some(), "{diagnostic:?} has a range outside {text:?}");
            let message = &diagnostic.message;
            assert!(!message.is_empty() && !message.ends_with('.') && !message.contains('\n'), "{message:?}");
        }
    }
}

#[test]
fn known_attacks_render_safely() {
    let all = attacks();
    assert!(all.len() >= 700, "only {} attacks", all.len());
    for attack in &all {
        assert_renders_safely(attack);
        // In a heading, list, quotation, table, link text, image text, footnote, heading attribute and code block.
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
            assert_renders_safely(&frame.replace('X', attack));
        }
    }
}

#[test]
fn judge_rejects_unsafe_html() {
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

/// Generates mixtures of Markdown syntax, attacks and arbitrary text.
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
    let attacks = prop::sample::select(attacks());
    let piece = prop_oneof![8 => markdown.prop_map(str::to_owned), 1 => attacks, 1 => any::<String>()];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_renders_safely(text in any::<String>()) {
        assert_renders_safely(&text);
    }

    #[test]
    fn mixtures_of_markup_and_attacks_render_safely(text in pieces()) {
        assert_renders_safely(&text);
    }
}
