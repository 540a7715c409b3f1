//! Parses what was written, and compares the events.

use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd};

use super::{AFTER_WORD, write};
use crate::markdown::dialect;

/// Returns the events of a text as far as they have a meaning: texts are joined, and blocks and links have no notation.
fn meaning(text: &str) -> Vec<Event<'_>> {
    let mut events: Vec<Event<'_>> = Vec::new();
    let mut notes: Vec<Event<'_>> = Vec::new();
    let (mut in_heading, mut in_note) = (false, 0);
    for event in Parser::new_ext(text, dialect(text)) {
        let event = match event {
            Event::Start(Tag::Heading { level, .. }) => {
                in_heading = true;
                Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() })
            }
            Event::End(TagEnd::Heading(level)) => {
                in_heading = false;
                Event::End(TagEnd::Heading(level))
            }
            Event::SoftBreak | Event::HardBreak if in_heading => Event::Text(" ".into()),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced("".into())))
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let dest_url =
                    if link_type == LinkType::Email { format!("mailto:{dest_url}").into() } else { dest_url };
                Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id: "".into() })
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                Event::Start(Tag::Image { link_type: LinkType::Inline, dest_url, title, id: "".into() })
            }
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            other => other,
        };
        in_note += usize::from(matches!(event, Event::Start(Tag::FootnoteDefinition(_))));
        let target = if in_note > 0 { &mut notes } else { &mut events };
        in_note -= usize::from(matches!(event, Event::End(TagEnd::FootnoteDefinition)));
        // A line break before all text of a note breaks nothing.
        if let [.., Event::Start(Tag::FootnoteDefinition(_)), Event::Start(Tag::Paragraph)] = target[..]
            && event == Event::HardBreak
        {
            continue;
        }
        match (target.last_mut(), event) {
            (Some(Event::Text(before)), Event::Text(text)) => *before = CowStr::from(format!("{before}{text}")),
            (_, event) => target.push(event),
        }
    }
    // The line feed at the end of an HTML block or of code.
    events.extend(notes);
    for at in 0..events.len() {
        if let (Event::Text(text), Some(Event::End(TagEnd::Paragraph | TagEnd::CodeBlock))) =
            (&events[at], events.get(at + 1))
        {
            let text = text.trim_end_matches('\n');
            events[at] = Event::Text(text.to_owned().into());
        }
        if let Event::Text(text) = &events[at]
            && let Some(text) = text.strip_suffix(AFTER_WORD)
        {
            events[at] = Event::Text(text.to_owned().into());
        }
    }
    events.retain(|event| *event != Event::Text("".into()));
    events
}

/// Removes the paragraphs of items that have nothing else: whether a list is loose does not change what it says.
fn without_looseness(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut in_item = vec![false];
    let mut kept = Vec::new();
    for event in events {
        match &event {
            Event::Start(Tag::Paragraph) if in_item.last() == Some(&true) => {}
            Event::End(TagEnd::Paragraph) if in_item.last() == Some(&true) => {}
            _ => {
                match &event {
                    Event::Start(Tag::Item) => in_item.push(true),
                    Event::Start(Tag::BlockQuote(_) | Tag::FootnoteDefinition(_)) => in_item.push(false),
                    Event::End(TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition) => {
                        in_item.pop();
                    }
                    _ => {}
                }
                kept.push(event);
            }
        }
    }
    kept
}

fn check(text: &str) -> Result<(), String> {
    let before = meaning(text);
    let written = write(&before, true);
    let after = meaning(&written);
    match without_looseness(before.clone()) == without_looseness(after.clone()) {
        true => Ok(()),
        false => Err(format!("{text:?} became {written:?}:\n{before:?}\n{after:?}")),
    }
}

#[test]
fn keeps_what_a_text_says() {
    for text in [
        "1\\. Januar 2026 is a paragraph.",
        "\\+ no list\n\\- no list\n\\* no list\n\\# none",
        "Text\n\\===",
        "Text\n\\---",
        "Text\n\\> no quote",
        "*a*_b_",
        "*a*_b_*c*",
        "**a**__b__",
        "***a** b*",
        "*a **b***",
        "*_a_ b*",
        "**_a_b**",
        "x*y*z and x**y**z",
        "&ouml;*(a)*&ouml;",
        "3. three\n4. four",
        "1. a\n\n1) b\n\n1. c",
        "- a\n\n* b\n\n- c\n\n+ d",
        "- a\n  - b\n\n    c\n- d",
        "- ```\n  code\n\n  more\n  ```\n- > quote\n  >\n  > more",
        "- [x] done\n- [ ] open\n- \\[x] text",
        "> - a\n>\n> b\n\n> c",
        "````\n```\n````\n\n~~~ a`b\n```\n~~~",
        "    indented\n\n    more",
        "| a | b \\| c |\n|:--|:-:|\n| `x \\| y` | [l](a\\|b) |\n| only |",
        "a \\| b\n:-- \\| --:",
        "# Heading #\n\n# C\\#\n\n## a \\{#b}\n\nA\nB\n===",
        "[l](<a b> \"t \\\" t\") ![i](a.png 'x') <https://a.dev/?a=b&copy=c> <a@b.dev>",
        "[^1]\\: no note[^1]\\(x)\n\n[^1]: A note.\n\n    More.\n    - a\n",
        "&amp;copy; &copy; \\&copy; a&b",
        "a\\\nb  \nc&#32;\nd",
        "`` a`b `` ` ` `  x  `",
        "a\n\n***\n\n- - -\n\n_ _ _",
        "- a\n- ***\n- b",
        "snake_case and _it_ and __x__ and \\_y\\_",
        "~~a~~ \\~b\\~",
        "\\!\\[a](b) !\\[a] \\![a](b)",
        "-\n- a\n-\n\n1.",
    ] {
        check(text).unwrap_or_else(|why| panic!("{why}"));
    }
}

/// Readers that know no footnotes show the notes as text, and do not take them for addresses of links.
#[test]
fn notes_are_text_without_footnotes() {
    for text in [
        "a[^1]\n\n[^1]: Note.",
        "a[^1]\n\n[^1]: Note. \"b\"",
        "a[^1]\n\n[^1]: <https://a.dev/>",
        "a[^1]\n\n[^1]: Note.\n    More.",
        "a[^1]\n\n[^1]: Note.\\\n    More.",
    ] {
        check(text).unwrap_or_else(|why| panic!("{why}"));
        let copy = write(&Parser::new_ext(text, dialect(text)).collect::<Vec<_>>(), false);
        assert_eq!(Parser::new(&copy).reference_definitions().iter().count(), 0, "{copy}");
    }
}

#[test]
fn list_at_the_end_is_not_continued() {
    for (text, last) in [("- a", "* a"), ("- a\n\n* b", "* b"), ("- a\n\n* b\n\n- c", "* c"), ("1. a", "1. a")] {
        let events: Vec<_> = Parser::new_ext(text, dialect(text)).collect();
        assert_eq!(write(&events, true).lines().last(), Some(last), "{text}");
    }
    let heading = Tag::Heading { level: HeadingLevel::H2, id: None, classes: Vec::new(), attrs: Vec::new() };
    assert_eq!(write(&[Event::Start(heading), Event::End(TagEnd::Heading(HeadingLevel::H2))], true), "##");
}

/// Generates Markdown of blocks within blocks, whose texts have characters that matter.
fn texts() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "B2",
        "1.",
        "2)",
        "-",
        "+",
        "*",
        "#",
        "##",
        "=",
        "===",
        "---",
        ">",
        "|",
        ":--",
        "\\|",
        "\\*",
        "\\_",
        "\\#",
        "\\-",
        "\\+",
        "1\\.",
        "\\=",
        "\\>",
        "&copy;",
        "&amp;",
        "\\&lt;",
        "!",
        "\\[x]",
        "snake_case",
        "`c`",
        "`` ` ``",
        "*e*",
        "_e_",
        "**s**",
        "__s__",
        "~~d~~",
        "[l](a.pdf)",
        "[l](<b c> \"t\")",
        "![i](c.png)",
        "<https://a.dev>",
        "[^1]",
        "[^2]",
        "ö",
        "漢",
        "}",
        "{#x}",
        "@",
        "\\\\",
        "\\\n",
        "\n",
        "*e",
        "e*",
        "**",
        "_",
        "&#32;",
        "(",
        ")",
        ":",
    ]);
    let line = prop::collection::vec((word, prop::sample::select(vec!["", " ", " "])), 1..7)
        .prop_map(|words| words.into_iter().map(|(word, space)| format!("{word}{space}")).collect::<String>());
    let leaf = prop_oneof![
        4 => line.clone(),
        1 => line.clone().prop_map(|line| format!("## {}", line.replace('\n', " "))),
        1 => line.clone().prop_map(|line| format!("```\n{line}\n```")),
        1 => line.clone().prop_map(|line| format!("| {} | b |\n| --- | :-: |\n| c | d |", line.replace(['\n', '|'], " "))),
        1 => Just("___".to_owned()),
    ];
    let prefixed = |first: &'static str, rest: &'static str| {
        move |text: String| {
            let lines: Vec<String> = text
                .lines()
                .enumerate()
                .map(|(at, line)| format!("{}{line}", if at == 0 { first } else { rest }))
                .collect();
            lines.join("\n")
        }
    };
    let block = leaf.prop_recursive(3, 24, 4, move |inner| {
        let blocks = prop::collection::vec((inner, prop::sample::select(vec!["\n", "\n\n"])), 1..4)
            .prop_map(|blocks| blocks.into_iter().map(|(block, end)| block + end).collect::<String>());
        prop_oneof![
            blocks.clone().prop_map(prefixed("- ", "  ")),
            blocks.clone().prop_map(prefixed("* ", "  ")),
            blocks.clone().prop_map(prefixed("3. ", "   ")),
            blocks.clone().prop_map(prefixed("1) ", "   ")),
            blocks.clone().prop_map(prefixed("> ", "> ")),
            blocks,
        ]
    });
    let notes = "\n\n[^1]: One.\n\n[^2]: Two.\n\n    - More.\n";
    prop::collection::vec((block, prop::sample::select(vec!["\n", "\n\n"])), 1..5)
        .prop_map(move |blocks| blocks.into_iter().map(|(block, end)| block + end).collect::<String>() + notes)
}

#[test]
fn note_that_begins_with_a_break_is_unchanged() {
    for text in ["> [^1]:\\\n> |\n\nA[^1].\n", "A[^1].\n\n[^1]:\\\nText\n", "A[^1].\n\n[^1]: \\\n\\\nText\n"] {
        assert_eq!(check(text), Ok(()), "{text}");
    }
}

#[test]
fn adjacent_emphasis_keeps_its_delimiters_apart() {
    for text in ["*e\n_e_*e*e*\n", "*e**s**_e_*\n", "**e*_e_ e*\n", "*_e_*e*_e_*\n", "**_e_*e***\n"] {
        assert_eq!(check(text), Ok(()), "{text}");
    }
}

/// The parser panics on the first one if it reads attributes of headings.
#[test]
fn attributes_alone_in_a_line_are_text() {
    for text in ["* - \\\n     {#x}\n    =\n\n\n[^1]: One.\n", "> - Title\n>   {#x}\n>   ---\n"] {
        let says = |event: &Event<'_>| matches!(event, Event::Text(text) if text.contains("{#x}"));
        assert!(meaning(text).iter().any(says), "{text}");
        assert_eq!(check(text), Ok(()), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsed_text_is_unchanged(text in texts()) {
        prop_assert!(check(&text).is_ok(), "{}", check(&text).unwrap_err());
    }
}
