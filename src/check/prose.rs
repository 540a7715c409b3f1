//! The Markdown fields of the content, and the renderer's diagnostics about them.

use std::cell::OnceCell;
use std::sync::Arc;

use super::{Prose, Subject};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::load::Content;
use crate::markdown::{RenderOptions, render};
use crate::model::{Disclosure, List};

/// A Markdown field of a disclosure.
pub(super) struct MarkdownText<'a> {
    /// Its path in the content, such as `faq[0].answer`.
    pub path: String,
    /// The label of the item that it belongs to.
    title: &'a str,
    /// The prefix of its heading ids on the page, which distinguishes them from those of other fields.
    prefix: String,
    /// The Markdown.
    pub text: &'a str,
    /// Whether it is the text of an upcoming change, which the page does not show yet.
    pub is_upcoming: bool,
}

impl MarkdownText<'_> {
    /// Returns the anchors of its headings on the page.
    pub fn headings(&self) -> Vec<String> {
        let options = RenderOptions { id_prefix: &self.prefix, ..RenderOptions::new(self.title) };
        render(self.text, &options).headings.into_iter().map(|heading| heading.id).collect()
    }
}

/// Returns all Markdown fields of a disclosure, including those of upcoming changes.
pub(super) fn texts(disclosure: &Disclosure) -> Vec<MarkdownText<'_>> {
    let mut all = Vec::new();
    for list in List::ALL {
        for (at, item) in disclosure.items(*list).into_iter().enumerate() {
            let prefix = || list.heading_prefix(item.id());
            for (field, text) in item.prose() {
                let path = format!("{list}[{at}].{field}");
                all.push(MarkdownText { path, title: item.label(), prefix: prefix(), text, is_upcoming: false });
            }
            for (entry, change) in item.entries().into_iter().enumerate() {
                for (field, text) in change.values.prose() {
                    let path = format!("{list}[{at}].upcoming[{entry}].{field}");
                    all.push(MarkdownText { path, title: item.label(), prefix: prefix(), text, is_upcoming: true });
                }
            }
        }
    }
    all
}

/// Renders all Markdown fields of the content.
pub(super) fn of(content: &Content) -> Vec<Prose<'_>> {
    let mut all = Vec::new();
    for MarkdownText { path, title, prefix, text, is_upcoming } in texts(&content.disclosure) {
        let options = RenderOptions { id_prefix: &prefix, ..RenderOptions::new(title) };
        let whole = content.places.get(&path);
        let rendered = render(text, &options);
        all.push(Prose { path, title, text, rendered, is_upcoming, whole, locator: OnceCell::new() });
    }
    all
}

/// Renders the summary of a new release.
pub(super) fn of_summary(summary: &Arc<Source>) -> Prose<'_> {
    let text = summary.text.as_str();
    let whole = Some(Place::new(summary, 0..text.len()));
    Prose {
        path: String::new(),
        title: "",
        text,
        rendered: render(text, &RenderOptions::new("")),
        is_upcoming: false,
        whole,
        locator: OnceCell::new(),
    }
}

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    subject.prose.iter().for_each(|prose| self::report(prose, report));
}

/// Characters without a width, which a summary cannot contain: no reader could see them in a frozen text.
const INVISIBLE: [char; 4] = ['\u{180E}', '\u{200B}', '\u{2060}', '\u{FEFF}'];

/// Reports the first control character or invisible character in the summary of a new release. Those in content are reported when
/// it is loaded.
pub(super) fn control_character(summary: &Arc<Source>, report: &mut Report) {
    let text = summary.text.as_str();
    // A line may end with a carriage return, which the release leaves out.
    let is_ending = |at: usize| text[at..].starts_with("\r\n");
    let is_wrong =
        |at: usize, c: char| c.is_control() && !matches!(c, '\n' | '\t') && !is_ending(at) || INVISIBLE.contains(&c);
    let found = text.char_indices().find(|(at, c)| is_wrong(*at, *c));
    if let Some((at, character)) = found {
        let what = if character.is_control() { "control" } else { "invisible" };
        let message = format!("the summary contains the {what} character U+{:04X}", u32::from(character));
        report.push(
            Diagnostic::new(Code::ControlCharacter, message)
                .at(Place::new(summary, at..at + character.len_utf8()), "")
                .help("remove the character; readers cannot see it"),
        );
    }
}

/// Reports what the renderer rejects in a text.
pub(super) fn report(prose: &Prose<'_>, report: &mut Report) {
    for found in &prose.rendered.diagnostics {
        report.push(found.to_diagnostic(prose.locator()));
    }
}
