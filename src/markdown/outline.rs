//! What has to be known of a text before its first byte is written: headings and their anchors.
//!
//! Links may point forward, and a heading's level in the page depends on the highest one of the text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::{Finding, Heading, Options, Spanned, excerpt, finding};
use crate::diagnostic::Code;

/// The headings of a text.
#[derive(Default)]
pub(super) struct Outline {
    /// In the order of the text; ids with their prefix.
    pub headings: Vec<Heading>,
    /// Safe class names of each heading.
    pub classes: Vec<Vec<String>>,
    /// Anchors as the text's own links name them, without the prefix.
    pub anchors: HashSet<String>,
    pub findings: Vec<Finding>,
}

/// A heading as it was typed.
struct Typed {
    level: HeadingLevel,
    id: Option<String>,
    title: String,
    range: Range<usize>,
}

/// Reads the headings.
pub(super) fn of(events: &[Spanned<'_>], options: &Options) -> Outline {
    let mut outline = Outline::default();
    let mut typed: Vec<Typed> = Vec::new();
    let mut open = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                open = true;
                let (classes, id) = outline.attributes(id.as_deref(), classes, attrs, range);
                outline.classes.push(classes);
                typed.push(Typed { level: *level, id, title: String::new(), range: range.clone() });
            }
            Event::End(TagEnd::Heading(_)) => open = false,
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) if open => {
                typed.last_mut().into_iter().for_each(|heading| heading.title.push_str(text));
            }
            Event::SoftBreak | Event::HardBreak if open => {
                typed.last_mut().into_iter().for_each(|heading| heading.title.push(' '));
            }
            _ => {}
        }
    }
    outline.levels(&typed);
    outline.anchor(typed, options);
    outline
}

impl Outline {
    /// Keeps the id and the classes that are plain words; everything else could carry a handler or a style.
    fn attributes(
        &mut self,
        id: Option<&str>,
        classes: &[pulldown_cmark::CowStr<'_>],
        attributes: &[(pulldown_cmark::CowStr<'_>, Option<pulldown_cmark::CowStr<'_>>)],
        range: &Range<usize>,
    ) -> (Vec<String>, Option<String>) {
        let mut refuse = |what: String| {
            self.findings.push(finding(
                Code::HeadingAttributeRefused,
                range,
                format!("heading attribute `{}` is not allowed", excerpt(&what)),
                "a heading takes {#id} and {.class} in letters, digits, `-` and `_`; write `\\{` for a brace in its text",
            ));
        };
        for (name, value) in attributes {
            refuse(value.as_ref().map_or_else(|| name.to_string(), |value| format!("{name}={value}")));
        }
        let mut kept = Vec::new();
        for class in classes {
            if is_plain_word(class) { kept.push(class.to_string()) } else { refuse(format!(".{class}")) }
        }
        let id = id.filter(|id| {
            let plain = is_plain_word(id);
            if !plain {
                refuse(format!("#{id}"));
            }
            plain
        });
        (kept, id.map(str::to_owned))
    }

    /// Finds headings that skip a level (WCAG 2.2, technique G141) or say nothing.
    fn levels(&mut self, typed: &[Typed]) {
        let top = typed.iter().map(|heading| heading.level as u8).min().unwrap_or(1);
        let mut above = top - 1;
        for heading in typed {
            let level = heading.level as u8;
            let title = excerpt(&heading.title);
            if title.is_empty() {
                self.findings.push(finding(
                    Code::HeadingEmpty,
                    &heading.range,
                    "a heading has no text".into(),
                    "write its text, or remove the `#`",
                ));
                continue;
            }
            if level > above + 1 {
                let place = if above < top {
                    "stands above a higher one".to_owned()
                } else {
                    format!("skips from level {above} to level {level}")
                };
                self.findings.push(finding(
                    Code::HeadingLevelSkipped,
                    &heading.range,
                    format!("heading `{title}` {place}"),
                    format!("write `{} {title}`", "#".repeat(usize::from(above + 1))),
                ));
            }
            above = level;
        }
    }

    /// Gives every heading its level in the page and an anchor of its own.
    fn anchor(&mut self, typed: Vec<Typed>, options: &Options) {
        let top = typed.iter().map(|heading| heading.level as u8).min().unwrap_or(1);
        // Ids that somebody chose come first: others link to them.
        for heading in &typed {
            if let Some(id) = &heading.id
                && !self.anchors.insert(id.clone())
            {
                self.findings.push(finding(
                    Code::AnchorDuplicate,
                    &heading.range,
                    format!("two headings of this text have the id `{id}`"),
                    "give one of them another {#id}",
                ));
            }
        }
        let mut chosen: HashSet<String> = HashSet::new();
        let mut next: HashMap<String, usize> = HashMap::new();
        for heading in typed {
            let wanted = heading.id.clone().unwrap_or_else(|| slug(&heading.title));
            let id = if heading.id.is_some() && chosen.insert(wanted.clone()) {
                wanted
            } else {
                self.free(wanted, &mut next)
            };
            self.headings.push(Heading {
                level: (heading.level as u8 - top + options.heading_base.clamp(1, 6)).min(6),
                id: format!("{}{id}", options.id_prefix),
                title: heading.title.trim().to_owned(),
                range: heading.range,
            });
        }
    }

    /// The anchor itself if it is free, else with the first free number behind it.
    fn free(&mut self, wanted: String, next: &mut HashMap<String, usize>) -> String {
        if self.anchors.insert(wanted.clone()) {
            return wanted;
        }
        let number = next.entry(wanted.clone()).or_insert(2);
        loop {
            let candidate = format!("{wanted}-{number}");
            *number += 1;
            if self.anchors.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

/// Letters and digits of any script, lower-cased, in groups joined by hyphens; at most 64 characters.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    let mut length = 0;
    for character in title.chars().filter(|c| !matches!(c, '\'' | '\u{2019}')) {
        if length >= 64 {
            break;
        }
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase().filter(|c| c.is_alphanumeric()));
            length += 1;
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
            length += 1;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() { "heading".to_owned() } else { slug }
}

/// A letter, then letters, digits, single hyphens and underscores: safe as an id, a class and in a selector.
pub(super) fn is_plain_word(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_alphabetic)
        && text.chars().count() <= 64
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        && !text.contains("--")
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_keeps_letters_of_any_script() {
        for (title, expected) in [
            ("Security baseline", "security-baseline"),
            ("  Größe & Maß  ", "größe-maß"),
            ("Что это?", "что-это"),
            ("安全 — 基準", "安全-基準"),
            ("We don't / won’t", "we-dont-wont"),
            ("!!!", "heading"),
        ] {
            assert_eq!(slug(title), expected);
        }
        assert!(slug(&"ab ".repeat(100)).chars().count() <= 64);
    }
}
