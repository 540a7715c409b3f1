//! Hidden characters in values that are not Markdown: names, ids, addresses, plain text, UI strings and templates.
//!
//! The check walks all strings of the content, so new fields are covered automatically. The renderer checks Markdown.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::{Subject, prose};
use crate::diagnostic::{Deception, Diagnostic, Place, Report, Source, TextRole, deceptions};
use crate::load::{StringEntry, StringValue, strings};
use crate::model::List;

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
    // Structs of strings, numbers and lists always serialize.
    let disclosure = serde_json::to_value(&content.disclosure).unwrap_or_default();
    let settings = serde_json::to_value(&content.settings).unwrap_or_default();
    let markdown: HashSet<String> = prose::texts(&content.disclosure).into_iter().map(|text| text.path).collect();
    let walk = Walk { subject, markdown };
    for (value, is_settings) in [(&disclosure, false), (&settings, true)] {
        let Value::Object(fields) = value else { continue };
        for (field, value) in fields {
            let list = List::ALL.iter().any(|list| list.name() == field) && !is_settings;
            walk.value(value, if list { field.clone() } else { format!("site.{field}") }, field, report);
        }
    }
    for template in &subject.facts.templates {
        if template.path.starts_with("templates/strings/") {
            for entry in strings(template).0 {
                string(template, &entry, report);
            }
        } else {
            let found = deceptions(&template.text, |_| TextRole::Prose);
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

struct Walk<'a> {
    subject: &'a Subject<'a>,
    /// Paths of values that are Markdown.
    markdown: HashSet<String>,
}

impl Walk<'_> {
    /// Checks all strings and keys below a path. The recursion depth depends on the types of the model, not on the input.
    fn value(&self, value: &Value, path: String, field: &str, report: &mut Report) {
        match value {
            Value::String(text) if !text.is_ascii() && !self.markdown.contains(&path) => {
                let role = if PROSE.contains(&field) { TextRole::Prose } else { TextRole::Name };
                let place = self.subject.content.places.get(&path);
                report_all(deceptions(text, |_| role), &format!("`{field}`"), text, place, report);
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.value(item, format!("{path}[{at}]"), field, report);
                }
            }
            Value::Object(fields) => {
                for (field, value) in fields {
                    let key = format!("{path}.{field}");
                    if !field.is_ascii() {
                        let place = self.subject.content.places.get(&format!("{key}#key"));
                        report_all(deceptions(field, |_| TextRole::Name), "a key", field, place, report);
                    }
                    self.value(value, key, field, report);
                }
            }
            _ => {}
        }
    }
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
            let is_at = |at: &usize| written.get(*at..).is_some_and(|rest| rest.starts_with(found.character));
            // The text begins at the start of the value or after a quote.
            let at = [found.at, found.at + 1].into_iter().find(is_at);
            let search = || (written.len() <= MAX_SEARCHED).then(|| written.find(found.character)).flatten();
            match at.or_else(search) {
                Some(at) => {
                    let start = whole.range.start + at;
                    Place::new(&whole.source, start..start + found.character.len_utf8())
                }
                None => whole,
            }
        });
        let message = found.message(what, text);
        report.push(Diagnostic::new(found.code(), message).at_known(place, "").help(found.help()));
    }
}
