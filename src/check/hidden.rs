//! Hidden characters in everything that is not Markdown: names, ids, addresses, plain text, UI strings, templates, and the comments
//! of content files.
//!
//! The renderer checks Markdown.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::values::{self, ContentString};
use super::{Subject, prose};
use crate::diagnostic::{Deception, Diagnostic, Place, Report, Source, TextRole, deceptions, escaped_deceptions};
use crate::load::{StringEntry, StringValue, strings, unread};
use crate::text::hidden::{code_ranges, find, is_in_ranges};

/// Fields that contain sentences or descriptions in plain text. All other fields are names or addresses.
const PROSE: &[&str] = &[
    "address",
    "basis",
    "commitment",
    "data_categories",
    "data_subjects",
    "description",
    "duration",
    "note",
    "purpose",
    "retention",
    "scope",
    "special_categories",
    "subject_matter",
    "summary",
    "supplementary_measures",
];

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let content = subject.content;
    let markdown: HashSet<String> = prose::texts(&content.disclosure).into_iter().map(|text| text.path).collect();
    values::each(content, &mut |value| {
        if value.is_key {
            if !value.text.is_ascii() {
                let place = content.places.get(&format!("{}#key", value.path));
                report_all(deceptions(value.text, |_| TextRole::Name), "a key", value.text, place, report);
            }
        } else if may_deceive(value.text) && !markdown.contains(value.path) {
            string_value(subject, &value, report);
        }
    });
    for source in content.places.sources() {
        comments(source, report);
    }
    for (_, text) in content.translations.values().flat_map(|translation| &translation.texts) {
        let value = text.value.to_string();
        let found = deceptions(&value, |_| TextRole::Prose);
        report_all(found, "a translation", &value, Some(text.place.clone()), report);
    }
    for template in &subject.facts.templates {
        if template.path.starts_with("templates/strings/") {
            for entry in strings(template).0 {
                string(template, &entry, report);
            }
            comments(template, report);
        } else if !template.text.is_ascii() {
            let code = code_ranges(&template.text);
            let role = |at| if is_in_ranges(&code, at) { TextRole::Name } else { TextRole::Prose };
            let found = deceptions(&template.text, role);
            report_all(
                found,
                "the template",
                &template.text,
                Some(Place::new(template, 0..template.text.len())),
                report,
            );
        }
    }
}

/// Checks the parts of a file that are not values.
fn comments(source: &Arc<Source>, report: &mut Report) {
    if source.text.is_ascii() || find(&source.text).next().is_none() {
        return;
    }
    for gap in unread(source) {
        let text = &source.text[gap.clone()];
        if text.is_ascii() {
            continue;
        }
        let comments = comment_ranges(text);
        let is_comment = |at| is_in_ranges(&comments, at);
        for found in deceptions(text, |at| if is_comment(at) { TextRole::Prose } else { TextRole::Name }) {
            let what = if is_comment(found.at) { "a comment" } else { "the file" };
            let start = gap.start + found.at;
            let place = Place::new(source, start..start + found.character.len_utf8());
            let message = found.message(what, text);
            report.push(Diagnostic::new(found.code(), message).at(place, "").help(found.help()));
        }
    }
}

/// Returns the ranges of comments in text between the values of a YAML file.
fn comment_ranges(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut ranges = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(at) = line.find('#') {
            ranges.push(start + at..start + line.len());
        }
        start += line.len();
    }
    ranges
}

fn string_value(subject: &Subject<'_>, value: &ContentString<'_>, report: &mut Report) {
    let ContentString { path, field, text, .. } = *value;
    let found = match PROSE.contains(&field) {
        true => deceptions(text, |_| TextRole::Prose),
        false => {
            let escaped = escaped_deceptions(text);
            deceptions(text, |_| TextRole::Name).into_iter().chain(escaped).collect()
        }
    };
    report_all(found, &format!("`{field}`"), text, subject.content.places.get(path), report);
}

/// Returns whether a value can contain hidden characters or escapes of them.
fn may_deceive(text: &str) -> bool {
    !text.is_ascii() || text.contains(['%', '&'])
}

fn string(source: &Arc<Source>, entry: &StringEntry, report: &mut Report) {
    let key = Place::new(source, entry.key_range.clone());
    report_all(deceptions(&entry.key, |_| TextRole::Name), "a key", &entry.key, Some(key), report);
    match &entry.value {
        StringValue::Text(text) => {
            let place = Place::new(source, entry.range.clone());
            report_all(deceptions(text, |_| TextRole::Prose), &format!("`{}`", entry.key), text, Some(place), report);
        }
        StringValue::Group(entries) => entries.iter().for_each(|entry| string(source, entry, report)),
    }
}

/// The maximum size of a value in which to search for a character, in bytes. In a longer value, a character is reported at the
/// place of the value, unless the file contains it at the same offset: a value can contain thousands of different hidden
/// characters, and each would need a search.
const MAX_SEARCHED: usize = 4_096;

/// Reports hidden characters at their places in a value, if the file contains them unescaped.
fn report_all(found: Vec<Deception>, what: &str, text: &str, place: Option<Place>, report: &mut Report) {
    for found in found {
        let place = place.clone().map(|whole| {
            let written = whole.source.text.get(whole.range.clone()).unwrap_or_default();
            let length_at = |at: usize| found.length_at(written.get(at..)?);
            let is_at = |at: &usize| length_at(*at).is_some();
            // The text begins at the start of the value or after a quote.
            let at = [found.at, found.at + 1].into_iter().find(is_at);
            let search = || (written.len() <= MAX_SEARCHED).then(|| found.search(written)).flatten();
            match at.or_else(search) {
                Some(at) => {
                    let start = whole.range.start + at;
                    Place::new(&whole.source, start..start + length_at(at).unwrap_or_default())
                }
                None => whole,
            }
        });
        let message = found.message(what, text);
        report.push(Diagnostic::new(found.code(), message).at_known(place, "").help(found.help()));
    }
}
