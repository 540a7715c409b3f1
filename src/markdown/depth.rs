//! Limits how deeply quotes, lists and footnotes are nested.
//!
//! Markdown repeats the marks of all outer levels on each line, so without a limit the size of `index.md` would grow with the
//! square of the depth. Releases never change, so text below the limit is kept: it moves up to the deepest level allowed.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Spanned, TextDiagnostic, text_diagnostic};
use crate::diagnostic::Code;

/// The maximum number of quotes, lists and footnotes inside each other.
pub(super) const MAX_DEPTH: usize = 16;

/// Removes the tags of levels below the limit. Returns the remaining events, and the problem at the first removed level.
pub(super) fn limited(events: Vec<Spanned<'_>>) -> (Vec<Spanned<'_>>, Option<TextDiagnostic>) {
    let mut kept: Vec<Spanned<'_>> = Vec::with_capacity(events.len());
    let (mut depth, mut first) = (0_usize, None);
    for (event, range) in events {
        match &event {
            Event::Start(tag) if is_level(tag.to_end()) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    first.get_or_insert_with(|| range.clone());
                    separate(&mut kept, range.start);
                    continue;
                }
            }
            Event::End(tag) if is_level(*tag) => {
                depth -= 1;
                if depth >= MAX_DEPTH {
                    continue;
                }
            }
            Event::Start(Tag::Item) if depth > MAX_DEPTH => {
                separate(&mut kept, range.start);
                continue;
            }
            Event::End(TagEnd::Item) if depth > MAX_DEPTH => continue,
            _ => {}
        }
        kept.push((event, range));
    }
    let problem = first.map(|range| {
        text_diagnostic(
            Code::NestingTooDeep,
            &range,
            format!("quotes and lists are nested more than {MAX_DEPTH} levels deep"),
            "move the text up, or put it in a section of its own",
        )
    });
    (kept, problem)
}

/// Keeps the texts of two levels or items apart. Two line breaks would end a paragraph.
fn separate(events: &mut Vec<Spanned<'_>>, at: usize) {
    if !matches!(events.last(), Some((Event::SoftBreak, _))) {
        events.push((Event::SoftBreak, at..at));
    }
}

/// Whether an element adds a level.
fn is_level(tag: TagEnd) -> bool {
    matches!(tag, TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::MAX_DEPTH;
    use crate::diagnostic::Code;
    use crate::markdown::{Insertion, RenderOptions, address, insert, render};

    /// The marks of one or two levels.
    const MARKS: [&str; 5] = ["> ", "- ", "1. ", "> - ", "1. > "];

    /// Returns a text inside of this many levels.
    fn nested(mark: &str, levels: usize) -> String {
        format!("{}deepest\n", mark.repeat(levels / mark.split_whitespace().count()))
    }

    fn copied(text: &str) -> String {
        let footnotes = Cell::new(0);
        let resolve = |target: &crate::markdown::LinkTarget, _: bool| Some(address(target, "", None));
        let insertion = Insertion {
            heading_base: 3,
            id_prefix: "",
            address: &resolve,
            gone: "",
            is_followed: false,
            footnotes: &footnotes,
        };
        insert(text, &insertion)
    }

    #[test]
    fn reports_levels_below_the_limit_once() {
        for mark in MARKS {
            for (levels, expected) in [(MAX_DEPTH, 0), (MAX_DEPTH + 2, 1), (2_000, 1)] {
                let text = nested(mark, levels);
                let rendered = render(&text, &RenderOptions::new(""));
                let found = rendered.diagnostics.iter().filter(|it| it.code == Code::NestingTooDeep).count();
                assert_eq!(found, expected, "{mark:?} {levels}: {:?}", rendered.diagnostics);
                assert!(rendered.html.contains("deepest"), "{mark:?} {levels}");
            }
        }
    }

    #[test]
    fn a_footnote_is_a_level() {
        for (levels, expected) in [(MAX_DEPTH - 1, 0), (MAX_DEPTH, 1)] {
            let text = format!("See[^n].\n\n[^n]: {}", nested("> ", levels));
            let rendered = render(&text, &RenderOptions::new(""));
            assert_eq!(rendered.diagnostics.len(), expected, "{levels}: {:?}", rendered.diagnostics);
            assert!(rendered.html.contains("deepest"), "{levels}");
        }
    }

    #[test]
    fn the_copy_of_a_deep_text_grows_with_its_length() {
        for mark in MARKS {
            let lengths = [1_000, 2_000].map(|levels| {
                let copy = copied(&nested(mark, levels));
                assert!(copy.contains("deepest"), "{mark:?} {levels}");
                copy.len()
            });
            assert!(lengths[1] < 3 * lengths[0].max(500), "{mark:?}: {lengths:?}");
        }
    }

    #[test]
    fn items_below_the_limit_stay_apart() {
        let outer = "- ".repeat(MAX_DEPTH);
        let inner = "  ".repeat(MAX_DEPTH);
        let text = format!("{outer}outer\n{inner}- one\n{inner}- two\n");
        let rendered = render(&text, &RenderOptions::new(""));
        assert_eq!(rendered.text.split_whitespace().collect::<Vec<_>>(), ["outer", "one", "two"], "{}", rendered.html);
        assert_eq!(rendered.html.matches("<ul>").count(), MAX_DEPTH);
        assert_eq!(rendered.html.matches("<li>").count(), MAX_DEPTH);
        let copy = copied(&text);
        assert_eq!(render(&copy, &RenderOptions::new("")).html, rendered.html, "{copy}");
    }
}
