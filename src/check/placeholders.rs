//! Rules for what is still to be replaced before publication: example addresses, markers such as `TODO`, and the examples of a
//! new project.
//!
//! Only what readers will see is searched: the statements, security.txt, the UI strings of the project, and the summary of a new
//! release. In code, only addresses are reported: `TODO` and `<name>` are part of many programs and formats, but a reader could
//! not use an address that does not exist. [`scan`] finds the placeholders of a string.

mod boilerplate;
mod scan;

use std::ops::Range;
use std::sync::Arc;

use super::{Prose, Subject, prose, values};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::load::{StringEntry, StringValue, strings};
use crate::markdown::spans;
use crate::text::hidden::is_in_ranges;
use crate::text::shortened;
use scan::{Found, FoundKind, TextKind};

/// Settings that no reader sees, and ids, which are not text.
const NOT_SHOWN: &[&str] =
    &["site.base_url", "site.rules", "site.media_types", "site.sorted", "site.theme", "site.language"];
/// Fields that hold ids.
const IDS: &[&str] = &["id", "replaces", "document", "provider"];

/// The maximum size of a value that is searched for a placeholder whose offset in the file is not that in the value, in bytes.
const MAX_SEARCHED: usize = 4_096;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let examples = boilerplate::check(subject, report);
    let is_example = |path: &str| path.split_once('.').is_some_and(|(item, _)| examples.contains(item));
    let markdown: std::collections::HashSet<String> =
        prose::texts(&subject.content.disclosure).into_iter().map(|text| text.path).collect();
    let kind = TextKind::Plain { todo: is_todo_a_marker(subject) };
    values::each(subject.content, &mut |value| {
        let hidden = NOT_SHOWN.iter().any(|path| {
            value.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        });
        if value.is_key
            || hidden
            || IDS.contains(&value.field)
            || markdown.contains(value.path)
            || is_example(value.path)
        {
            return;
        }
        let found = scan::find(value.text, kind);
        if !found.is_empty() {
            report_in(value.text, found, subject.content.places.get(value.path).as_ref(), report);
        }
    });
    for prose in subject.prose.iter().filter(|prose| !is_example(&prose.path)) {
        check_text(subject, prose, report);
    }
    for catalog in subject.facts.templates.iter().filter(|file| file.path.starts_with("templates/strings/")) {
        for entry in strings(catalog).0 {
            check_string(catalog, &entry, kind, report);
        }
    }
}

/// Reports the placeholders of a Markdown text.
pub(super) fn check_text(subject: &Subject<'_>, prose: &Prose<'_>, report: &mut Report) {
    let found = scan::find(prose.text, TextKind::Markdown { todo: is_todo_a_marker(subject) });
    if found.is_empty() {
        return;
    }
    let spans = spans(prose.text);
    for found in found {
        let at = found.range.start;
        let is_placeholder = match found.kind {
            FoundKind::Address => true,
            // The text of a link is in brackets, too.
            FoundKind::Phrase => {
                is_in_ranges(&spans.prose, at) && spans.links.binary_search_by_key(&at, |link| link.start).is_err()
            }
            FoundKind::Word | FoundKind::Marker => is_in_ranges(&spans.prose, at),
        };
        if is_placeholder {
            report.push(diagnostic(prose.text, &found, prose.place(&found.range)));
        }
    }
}

fn check_string(source: &Arc<Source>, entry: &StringEntry, kind: TextKind, report: &mut Report) {
    match &entry.value {
        StringValue::Text(text) => {
            let place = Place::new(source, entry.range.clone());
            report_in(text, scan::find(text, kind), Some(&place), report);
        }
        StringValue::Group(entries) => entries.iter().for_each(|entry| check_string(source, entry, kind, report)),
    }
}

/// Returns whether `todo` in lower case is a marker. In Spanish, Portuguese and Galician, it is the word for "all".
fn is_todo_a_marker(subject: &Subject<'_>) -> bool {
    let language = subject.content.disclosure.language.to_string();
    !["es", "pt", "gl"].contains(&language.split('-').next().unwrap_or_default())
}

/// Reports placeholders of a value at their places in the file, or at the value if it is written differently there.
fn report_in(text: &str, found: Vec<Found>, whole: Option<&Place>, report: &mut Report) {
    let written = whole.map(|whole| whole.source.text.get(whole.range.clone()).unwrap_or_default()).unwrap_or_default();
    let start = if found.is_empty() { None } else { written.find(text) };
    for found in found {
        let place = whole.map(|whole| {
            let search = || written.find(&text[found.range.clone()]);
            let at = match start {
                Some(start) => Some(start + found.range.start),
                None if written.len() <= MAX_SEARCHED => search(),
                None => None,
            };
            let within = |at: usize| -> Range<usize> {
                let start = whole.range.start + at;
                start..start + found.range.len()
            };
            at.map_or_else(|| whole.clone(), |at| Place::new(&whole.source, within(at)))
        });
        report.push(diagnostic(text, &found, place));
    }
}

fn diagnostic(text: &str, found: &Found, place: Option<Place>) -> Diagnostic {
    let shown = shortened(&text[found.range.clone()], 60);
    let (message, help) = match found.kind {
        FoundKind::Address => {
            (format!("`{shown}` is a reserved example address"), "use your own address, or remove it")
        }
        FoundKind::Marker => (format!("`{shown}` marks an example"), "write your own text, or remove it"),
        FoundKind::Word | FoundKind::Phrase => {
            (format!("`{shown}` is a placeholder"), "write the text that belongs there, or remove it")
        }
    };
    Diagnostic::new(Code::Placeholder, message).at_known(place, "").help(help)
}
