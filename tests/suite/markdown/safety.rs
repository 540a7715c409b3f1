//! Whatever is typed, the page stays safe and well-formed. The judge is html5ever, which reads HTML as browsers do,
//! and the `url` crate, which reads addresses as browsers do.

use std::collections::HashSet;

use candor::markdown::{Options, inline, render};
use proptest::prelude::*;
use scraper::{Html, Node, Selector};

/// Every element that may come out, with its attributes.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "id", "class", "role", "aria-label"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &["class"]),
    ("del", &[]),
    ("em", &[]),
    ("h3", &["id", "class"]),
    ("h4", &["id", "class"]),
    ("h5", &["id", "class"]),
    ("h6", &["id", "class"]),
    ("hr", &[]),
    ("img", &["src", "alt", "title", "loading", "decoding"]),
    ("li", &["id"]),
    ("ol", &["start"]),
    ("p", &[]),
    ("pre", &[]),
    ("section", &["class", "role", "aria-label", "tabindex"]),
    ("strong", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["class"]),
    ("th", &["class", "scope"]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
];

/// One attack per line; `\n`, `\t`, `\r`, `\0` and `\x01` are spelt out.
const INJECTIONS: &str = include_str!("injections.txt");

fn injections() -> impl Iterator<Item = String> {
    let spelt = |line: &str| {
        line.replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\r", "\r")
            .replace("\\0", "\0")
            .replace("\\x01", "\x01")
    };
    INJECTIONS.lines().filter(|line| !line.is_empty()).map(spelt)
}

/// Why this HTML may not stand in a page; `Ok` if it may.
fn judge(html: &str) -> Result<(), String> {
    let page = Html::parse_document(&format!("<!DOCTYPE html><title>x</title><main>{html}</main>"));
    if !page.errors.is_empty() {
        return Err(format!("not well-formed: {:?}", page.errors));
    }
    let mut ids = HashSet::new();
    let site = url::Url::parse("https://trust.example/releases/x/").expect("a URL");
    let frame: Vec<_> = page.root_element().children().filter_map(scraper::ElementRef::wrap).collect();
    let outside = |name: &str| frame.iter().filter(|element| element.value().name() == name).count() == 1;
    let main = page.select(&Selector::parse("html > body > main:only-child").expect("a selector")).next();
    let Some(main) = main.filter(|_| frame.len() == 2 && outside("head") && outside("body")) else {
        return Err("it breaks out of its frame".into());
    };
    for node in main.descendants().skip(1) {
        let element = match node.value() {
            Node::Element(element) => element,
            Node::Text(_) => continue,
            other => return Err(format!("{other:?}")),
        };
        let Some((_, attributes)) = ALLOWED.iter().find(|(name, _)| *name == element.name()) else {
            return Err(format!("element <{}>", element.name()));
        };
        for (name, value) in element.attrs() {
            if !attributes.contains(&name) {
                return Err(format!("attribute {name} on <{}>", element.name()));
            }
            if name == "id" && !ids.insert(value.to_owned()) {
                return Err(format!("id {value:?} twice"));
            }
            if name == "id" && (value.is_empty() || value.contains(char::is_whitespace)) {
                return Err(format!("bad id {value:?}"));
            }
            if matches!(name, "href" | "src") {
                let url = site.join(value).map_err(|error| format!("{name}={value:?}: {error}"))?;
                let schemes: &[&str] = if name == "src" { &["https"] } else { &["https", "http", "mailto", "tel"] };
                if !schemes.contains(&url.scheme()) {
                    return Err(format!("{name} with scheme {}", url.scheme()));
                }
                if name == "src" && url.host_str() != site.host_str() {
                    return Err(format!("an image from {url}"));
                }
                if value.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c)) {
                    return Err(format!("{name}={value:?} needs repair"));
                }
            }
        }
    }
    Ok(())
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
    let all: Vec<String> = injections().collect();
    assert!(all.len() >= 100, "only {}", all.len());
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
    let attacks = prop::sample::select(injections().collect::<Vec<_>>());
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
