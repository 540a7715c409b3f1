//! Collects headings and their anchors before the HTML is written.
//!
//! They are needed first, because links may point forward, and the level of a heading depends on the highest heading of the text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::{Heading, RenderOptions, Spanned, TextDiagnostic, excerpt, text_diagnostic};
use crate::diagnostic::Code;

/// The headings of a Markdown document.
#[derive(Default)]
pub(super) struct Outline {
    /// Headings in the order of the text; ids include the prefix.
    pub headings: Vec<Heading>,
    /// The valid class names of each heading.
    pub classes: Vec<Vec<String>>,
    /// Anchors without the prefix, as links in the text use them.
    pub anchors: HashSet<String>,
    pub diagnostics: Vec<TextDiagnostic>,
}

/// A heading in the source.
struct SourceHeading {
    level: HeadingLevel,
    id: Option<String>,
    title: String,
    range: Range<usize>,
}

/// Collects the headings.
pub(super) fn of(events: &[Spanned<'_>], options: &RenderOptions) -> Outline {
    let mut outline = Outline::default();
    let mut typed: Vec<SourceHeading> = Vec::new();
    let mut open = false;
    for (event, range) in events {
        match event {
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                open = true;
                let (classes, id) = outline.attributes(id.as_deref(), classes, attrs, range);
                outline.classes.push(classes);
                typed.push(SourceHeading { level: *level, id, title: String::new(), range: range.clone() });
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
    /// Keeps an id and classes that are plain words, and rejects everything else, which could contain an event handler or a style.
    fn attributes(
        &mut self,
        id: Option<&str>,
        classes: &[pulldown_cmark::CowStr<'_>],
        attributes: &[(pulldown_cmark::CowStr<'_>, Option<pulldown_cmark::CowStr<'_>>)],
        range: &Range<usize>,
    ) -> (Vec<String>, Option<String>) {
        let mut refuse = |what: String| {
            self.diagnostics.push(text_diagnostic(
                Code::HeadingAttributeRefused,
                range,
                format!("heading attribute `{}` is not allowed", excerpt(&what)),
                "use only {#id} and {.class} with letters, digits, `-` and `_`; write `\\{` for a literal brace",
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

    /// Reports headings that skip a level (WCAG 2.2, technique G141) or are empty.
    fn levels(&mut self, typed: &[SourceHeading]) {
        let top = typed.iter().map(|heading| heading.level as u8).min().unwrap_or(1);
        let mut above = top - 1;
        for heading in typed {
            let level = heading.level as u8;
            let title = excerpt(&heading.title);
            if title.is_empty() {
                self.diagnostics.push(text_diagnostic(
                    Code::HeadingEmpty,
                    &heading.range,
                    "empty heading".into(),
                    "add text, or remove the `#`",
                ));
                continue;
            }
            if level > above + 1 {
                let place = if above < top {
                    "is above a heading of a higher level".to_owned()
                } else {
                    format!("skips from level {above} to level {level}")
                };
                self.diagnostics.push(text_diagnostic(
                    Code::HeadingLevelSkipped,
                    &heading.range,
                    format!("heading `{title}` {place}"),
                    format!("write `{} {title}`", "#".repeat(usize::from(above + 1))),
                ));
            }
            above = level;
        }
    }

    /// Assigns each heading its level on the page and a unique anchor.
    fn anchor(&mut self, typed: Vec<SourceHeading>, options: &RenderOptions) {
        let top = typed.iter().map(|heading| heading.level as u8).min().unwrap_or(1);
        // Reserve explicit ids first, because links may refer to them.
        for heading in &typed {
            if let Some(id) = &heading.id
                && !self.anchors.insert(id.clone())
            {
                self.diagnostics.push(text_diagnostic(
                    Code::AnchorDuplicate,
                    &heading.range,
                    format!("duplicate heading id `{id}`"),
                    "use a different {#id} for one of them",
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

    /// Returns the anchor if it is unused, otherwise with the first unused number appended.
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

/// Converts a title to an anchor: lowercase letters and digits of any script, in groups joined by hyphens, at most 64
/// characters.
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

/// Whether the string is a letter followed by letters, digits, single hyphens and underscores: safe as an id, as a class and in
/// a selector.
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
    fn slugs_keep_letters_of_any_script() {
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
