//! Writes Markdown that is inserted into a larger Markdown document.
//!
//! The text is written from its parsed events: labels of links and footnotes count for a whole document (CommonMark 0.31,
//! section 4.7), so links are written inline, and footnotes are numbered through. The notes follow the text.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::footnotes::Footnotes;
use super::href::{self, LinkTarget};
use super::{RenderOptions, Spanned, commonmark, outline};

/// How a text is inserted.
#[derive(Clone, Copy)]
pub struct Insertion<'a> {
    /// The level of its highest headings, 1 to 6.
    pub heading_base: u8,
    /// The prefix of its anchors on the page that shows it.
    pub id_prefix: &'a str,
    /// Returns the address of a link or an image; `None` if it leads nowhere. The flag is true for anchors of the text itself,
    /// which have the prefix.
    pub address: &'a dyn Fn(&LinkTarget, bool) -> Option<String>,
    /// The remark on a link that leads nowhere; may be empty.
    pub gone: &'a str,
    /// Whether a list may follow directly, which a list at the end must not continue.
    pub is_followed: bool,
    /// The number of footnotes of the document so far.
    pub footnotes: &'a Cell<usize>,
}

/// A text as a part of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inserted {
    /// Its blocks, without a line feed at the end.
    pub text: String,
    /// Its footnotes, without a line feed at the end; empty if it has none.
    pub notes: String,
    /// Whether it is a single paragraph, which is then in one line.
    pub is_line: bool,
}

/// Returns a text as blocks of a document, with its footnotes, without a line feed at the end.
pub fn insert(text: &str, insertion: &Insertion) -> String {
    let (events, _) = super::parse(text, super::dialect(text));
    let (mut events, notes) = rewritten(&events, insertion);
    events.extend(notes);
    commonmark::write(&events, insertion.is_followed)
}

/// Returns a text that becomes a part of an item of a list, or of a cell of a table.
pub fn insert_item(text: &str, insertion: &Insertion) -> Inserted {
    let (events, _) = super::parse(text, super::dialect(text));
    let (mut events, notes) = rewritten(&events, insertion);
    let is_start = |event: &&Event<'_>| matches!(event, Event::Start(Tag::Paragraph));
    let breaks = |event: &Event<'_>| matches!(event, Event::HardBreak);
    let is_line = events.iter().filter(is_start).count() == 1
        && matches!(events.first(), Some(Event::Start(Tag::Paragraph)))
        && matches!(events.last(), Some(Event::End(TagEnd::Paragraph)))
        && !events.iter().any(breaks);
    if is_line {
        events
            .iter_mut()
            .filter(|event| **event == Event::SoftBreak)
            .for_each(|event| *event = Event::Text(" ".into()));
    }
    Inserted {
        text: commonmark::write(&events, insertion.is_followed),
        notes: commonmark::write(&notes, false),
        is_line,
    }
}

/// How an open link is written.
enum OpenLink {
    Written,
    Dropped,
    Gone,
}

/// Returns the events of a text as the document needs them, and those of its footnotes, which may be anywhere in the text.
fn rewritten<'t>(events: &[Spanned<'t>], insertion: &Insertion) -> (Vec<Event<'t>>, Vec<Event<'t>>) {
    let anchors = outline::of(events, &RenderOptions::new("")).anchors;
    let address = |dest: &str| {
        let target = href::parse(dest).ok()?;
        let is_own = matches!(&target, LinkTarget::Anchor(name) if anchors.contains(name));
        let target = match target {
            LinkTarget::Anchor(name) if is_own => LinkTarget::Anchor(format!("{}{name}", insertion.id_prefix)),
            other => other,
        };
        Some((insertion.address)(&target, is_own))
    };
    let levels = events.iter().filter_map(|(event, _)| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
        _ => None,
    });
    let deeper = usize::from(insertion.heading_base).saturating_sub(levels.min().unwrap_or(1));
    let level =
        |level: HeadingLevel| HeadingLevel::try_from((level as usize + deeper).min(6)).unwrap_or(HeadingLevel::H6);
    let numbers = numbers(events, insertion.footnotes);
    let label = |label: &str| numbers.get(&label.to_lowercase()).map(|number| CowStr::from(number.to_string()));

    let (mut text, mut notes) = (Vec::with_capacity(events.len()), Vec::new());
    let (mut links, mut skipped, mut depth) = (Vec::new(), 0_usize, 0_usize);
    let mut defined = HashSet::new();
    for (event, _) in events {
        // A definition that nothing refers to, or that is not the first with its label, is not shown.
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                let first = defined.insert(name.to_lowercase());
                if skipped > 0 || !first || label(name).is_none() {
                    skipped += 1;
                    continue;
                }
            }
            Event::End(TagEnd::FootnoteDefinition) if skipped > 0 => {
                skipped -= 1;
                continue;
            }
            _ if skipped > 0 => continue,
            _ => {}
        }
        depth += usize::from(matches!(event, Event::Start(Tag::FootnoteDefinition(_))));
        let written = if depth > 0 { &mut notes } else { &mut text };
        depth -= usize::from(matches!(event, Event::End(TagEnd::FootnoteDefinition)));
        written.push(match event {
            Event::Start(Tag::Heading { level: old, .. }) => {
                Event::Start(Tag::Heading { level: level(*old), id: None, classes: Vec::new(), attrs: Vec::new() })
            }
            Event::End(TagEnd::Heading(old)) => Event::End(TagEnd::Heading(level(*old))),
            Event::Start(
                tag @ (Tag::Link { link_type, dest_url, title, .. } | Tag::Image { link_type, dest_url, title, .. }),
            ) => {
                let dest = match link_type {
                    LinkType::Email => CowStr::from(format!("mailto:{dest_url}")),
                    _ => dest_url.clone(),
                };
                let (link, dest_url) = match address(&dest) {
                    Some(Some(dest_url)) => (OpenLink::Written, Some(dest_url)),
                    Some(None) => (OpenLink::Gone, None),
                    None => (OpenLink::Dropped, None),
                };
                links.push(link);
                let Some(dest_url) = dest_url else { continue };
                let (link_type, dest_url, title, id) =
                    (LinkType::Inline, escaped(&dest_url).into(), title.clone(), CowStr::Borrowed(""));
                Event::Start(match tag {
                    Tag::Image { .. } => Tag::Image { link_type, dest_url, title, id },
                    _ => Tag::Link { link_type, dest_url, title, id },
                })
            }
            Event::End(TagEnd::Link | TagEnd::Image) => match links.pop() {
                Some(OpenLink::Written) => event.clone(),
                Some(OpenLink::Gone) if insertion.gone.is_empty() => continue,
                Some(OpenLink::Gone) => Event::Text(format!(" ({})", insertion.gone).into()),
                Some(OpenLink::Dropped) | None => continue,
            },
            // Raw HTML is not allowed, and pages show it as text.
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html.clone()),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::FootnoteReference(name) => match label(name) {
                Some(number) => Event::FootnoteReference(number),
                None => Event::Text(format!("[^{name}]").into()),
            },
            Event::Start(Tag::FootnoteDefinition(name)) => {
                Event::Start(Tag::FootnoteDefinition(label(name).unwrap_or_else(|| name.clone())))
            }
            other => other.clone(),
        });
    }
    (text, notes)
}

/// Numbers the footnotes with references, in the order of the text, after those of the document so far.
fn numbers(events: &[Spanned<'_>], count: &Cell<usize>) -> HashMap<String, usize> {
    let mut footnotes = Footnotes::of(events, &mut Vec::new());
    let mut numbers = HashMap::new();
    for (event, _) in events {
        if let Event::FootnoteReference(label) = event
            && footnotes.refer(label).is_some()
        {
            numbers.entry(label.to_lowercase()).or_insert_with(|| {
                count.set(count.get() + 1);
                count.get()
            });
        }
    }
    numbers
}

/// Escapes the characters of an address that end a link in Markdown (CommonMark 0.31, section 6.3).
fn escaped(address: &str) -> String {
    address.replace('(', "%28").replace(')', "%29").replace('<', "%3C").replace('>', "%3E").replace(' ', "%20")
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{Inserted, Insertion, insert, insert_item};
    use crate::markdown::{LinkTarget, address};

    fn inserted(texts: &[&str]) -> String {
        let footnotes = Cell::new(0);
        let resolve = |target: &LinkTarget, _: bool| match target {
            LinkTarget::Site { path, .. } if path == "gone.pdf" => None,
            LinkTarget::Anchor(name) => Some(format!("https://t.example/#{name}")),
            target => Some(address(target, "https://t.example/", None)),
        };
        let insertion = Insertion {
            heading_base: 3,
            id_prefix: "a--",
            address: &resolve,
            gone: "no longer available",
            is_followed: false,
            footnotes: &footnotes,
        };
        texts.iter().map(|text| insert(text, &insertion) + "\n").collect()
    }

    #[test]
    fn headings_are_moved_below_the_base_level() {
        assert_eq!(inserted(&["# A {#x}\n\ntext\n\n## B\n"]), "### A\n\ntext\n\n#### B\n");
        assert_eq!(inserted(&["A\n===\n\ntext\n"]), "### A\n\ntext\n");
        assert_eq!(inserted(&["```\n# no heading\n```\n\n### C"]), "```\n# no heading\n```\n\n### C\n");
    }

    #[test]
    fn links_become_absolute_and_inline() {
        for (text, expected) in [
            ("[a](/documents/a.pdf#p2)", "[a](https://t.example/documents/a.pdf#p2)"),
            ("[t](/d.pdf \"see /d.pdf\")", "[t](https://t.example/d.pdf \"see /d.pdf\")"),
            ("[e](x\\_y.pdf)", "[e](https://t.example/x_y.pdf)"),
            ("[b](</a b (1).pdf>)", "[b](https://t.example/a%20b%20%281%29.pdf)"),
            ("[p](50%2525.pdf)", "[p](https://t.example/50%2525.pdf)"),
            ("[r][l]\n\n[l]: /documents/dpa.pdf", "[r](https://t.example/documents/dpa.pdf)"),
            ("![c](c.png \"C\")", "![c](https://t.example/c.png \"C\")"),
            ("[h](#part)\n\n# Part", "[h](https://t.example/#a--part)\n\n### Part"),
            ("[o](#other)", "[o](https://t.example/#other)"),
            ("[g](gone.pdf), ![i](gone.pdf)", "g (no longer available), i (no longer available)"),
            ("[j](javascript:x)", "j"),
        ] {
            assert_eq!(inserted(&[text]), format!("{expected}\n"), "{text}");
        }
    }

    #[test]
    fn labels_of_two_texts_do_not_collide() {
        let text =
            |name: &str| format!("See [it][p] and[^1].\n\n[p]: https://{name}.example/\n\n[^1]: Note of {name}.\n");
        let both = inserted(&[&text("alpha"), &text("beta")]);
        for expected in
            ["(https://alpha.example/)", "(https://beta.example/)", "[^1]: Note of alpha.", "[^2]: Note of beta."]
        {
            assert!(both.contains(expected), "{expected}: {both}");
        }
        assert!(both.contains("and[^1]") && both.contains("and[^2]"), "{both}");
    }

    #[test]
    fn raw_html_stays_text() {
        let html = inserted(&["a <b>x</b>\n\n<div>\ny\n</div>\n"]);
        let rendered = crate::markdown::render(&html, &crate::markdown::RenderOptions::new(""));
        assert!(rendered.diagnostics.is_empty(), "{html}");
        assert!(rendered.text.contains("<b>x</b>") && rendered.text.contains("<div>"), "{html}");
    }

    #[test]
    fn text_of_an_item_keeps_its_blocks() {
        let footnotes = Cell::new(1);
        let resolve = |target: &LinkTarget, _: bool| Some(address(target, "", None));
        let insertion = Insertion {
            heading_base: 6,
            id_prefix: "",
            address: &resolve,
            gone: "",
            is_followed: true,
            footnotes: &footnotes,
        };
        for (text, expected, notes, is_line) in [
            ("a\nb[^x] [d](d.pdf)\n\n[^x]: Note.", "a b[^2] [d](d.pdf)", "[^2]: Note. <!-- -->", true),
            ("# A\n\n- b\n- **c**\n\nd", "###### A\n\n- b\n- **c**\n\nd", "", false),
            ("- a\n- b", "* a\n* b", "", false),
            ("a  \nb", "a\\\nb", "", false),
            (
                "> a[^1]\n>\n> [^1]: Note.\n>\n>     - More.\n>\n> b",
                "> a[^3]\n>\n> b",
                "[^3]: Note. <!-- -->\n\n    - More.",
                false,
            ),
            ("", "", "", false),
        ] {
            let inserted = insert_item(text, &insertion);
            assert_eq!(inserted, Inserted { text: expected.into(), notes: notes.into(), is_line }, "{text}");
        }
    }
}
