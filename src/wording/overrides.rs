//! A project's own string catalogs: they override built-in strings, or add a language.
//!
//! A string that nothing uses would be a translation that is silently not shown, and a placeholder that nothing fills would be
//! shown to readers. Both are errors.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::catalog::{Catalog, LABELS_IN_SENTENCES, LOWERCASE, PluralCategory, Text, UNCHANGED, placeholders, plural};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::load::{self, StringEntry, StringValue};
use crate::model::{Id, Language};

/// The language of the built-in strings.
const ENGLISH: &str = "en";

/// A group for strings that only the project's own templates use.
const CUSTOM: &str = "custom";

/// Keys that the built-in catalog of 0.1 had and that nothing used.
const RETIRED: [&str; 34] = [
    "certifications.caption",
    "certifications.empty",
    "changelog.digest",
    "changelog.recent",
    "changelog.rename",
    "changes.nothing",
    "commitments.caption",
    "contacts.caption",
    "controls.caption",
    "controls.evidence",
    "controls.frameworks",
    "controls.implemented",
    "controls.partial",
    "controls.planned",
    "controls.status",
    "count.controls",
    "count.subprocessors",
    "documents.access",
    "documents.ask",
    "documents.caption",
    "documents.date",
    "documents.open",
    "documents.title",
    "footer.digest",
    "head.none",
    "head.published",
    "head.subprocessors",
    "head.subscribe-how",
    "language.name",
    "months.short",
    "nav.feed",
    "nav.label",
    "subprocessors.announced",
    "subprocessors.replaces",
];

/// The catalog for a language: the built-in strings, overridden by the project's own catalogs among its `templates`.
///
/// `strings/de-AT.yaml` overrides `strings/de.yaml`, which overrides the built-in strings. All catalogs of the project are
/// checked, whatever the language. `stated` is where the content states its language.
pub fn catalog(
    templates: &[(String, Arc<Source>)],
    language: &Language,
    stated: Option<Place>,
) -> (Arc<Catalog>, Report) {
    let english = Catalog::english();
    let mut report = Report::new();
    let mut catalogs = Vec::new();
    for (name, source) in templates {
        let Some(tag) = name.strip_prefix("strings/").and_then(|name| name.strip_suffix(".yaml")) else { continue };
        let mut own = Own { source, english: &english, report: &mut report, strings: Vec::new() };
        own.read();
        catalogs.push((tag, own.strings));
    }
    let mut found = Vec::new();
    for tag in BTreeSet::from([language.primary(), language.as_str()]) {
        found.extend(catalogs.iter().filter(|(own, _)| *own == tag).map(|(_, strings)| strings));
    }
    let english_is_right = language.primary() == ENGLISH;
    if found.is_empty() {
        if !english_is_right {
            report.push(
                Diagnostic::new(
                    Code::LanguageWithoutStrings,
                    format!("the language is `{language}`, and its strings are in English"),
                )
                .at_known(stated, "")
                .help(format!(
                    "translate the built-in strings in templates/strings/{}.yaml; docs/templates.md has the steps",
                    language.primary()
                )),
            );
        }
        return (english, report);
    }
    let mut catalog = Catalog::clone(&english);
    if !english_is_right {
        // The capital of a label is a matter of the language: that of the built-in strings says nothing about it.
        catalog.insert(LABELS_IN_SENTENCES.to_owned(), Text::Plain(UNCHANGED.to_owned()));
    }
    for (key, text) in found.into_iter().flatten() {
        catalog.insert(key.clone(), text.clone());
    }
    (Arc::new(catalog), report)
}

/// One catalog of the project while it is read.
struct Own<'a> {
    source: &'a Arc<Source>,
    english: &'a Catalog,
    report: &'a mut Report,
    strings: Vec<(String, Text)>,
}

impl Own<'_> {
    fn read(&mut self) {
        let (entries, found) = load::strings(self.source);
        self.report.merge(found);
        self.group("", &entries);
    }

    fn group(&mut self, prefix: &str, entries: &[StringEntry]) {
        for entry in entries {
            let key = format!("{prefix}{}", entry.key);
            match &entry.value {
                StringValue::Text(text) => self.string(key, Text::Plain(text.clone()), entry),
                StringValue::Group(inner) if self.english.is_group(&key) => self.group(&format!("{key}."), inner),
                StringValue::Group(inner) => match plural(inner) {
                    Some(forms) => self.string(key, Text::Plural(forms), entry),
                    None if is_custom(&key) => self.group(&format!("{key}."), inner),
                    None if self.english.contains(&key) => {
                        let forms = PluralCategory::ALL.map(|category| format!("`{}`", category.name())).join(", ");
                        let help = format!(
                            "write one string, or plural forms: `other` and those of {forms} that the language has"
                        );
                        self.error(
                            Code::BadCatalogue,
                            format!("`{key}` has other forms than plural forms"),
                            &entry.key_range,
                            help,
                        );
                    }
                    None => self.unknown(&key, entry),
                },
            }
        }
    }

    fn string(&mut self, key: String, text: Text, entry: &StringEntry) {
        let built_in = self.english.text(&key);
        match built_in {
            None if is_custom(&key) => {}
            // Publishers choose what contacts are for.
            None if key.strip_prefix("contacts.").is_some_and(|id| id.parse::<Id>().is_ok()) => {
                self.placeholders(&key, &BTreeSet::new(), entry);
            }
            None => return self.unknown(&key, entry),
            Some(Text::Plain(_)) if matches!(text, Text::Plural(_)) => {
                let message = format!("`{key}` has no plural forms");
                self.error(
                    Code::BadCatalogue,
                    message,
                    &entry.key_range,
                    "write one string: no number goes with it".into(),
                );
                return;
            }
            Some(built_in) => self.placeholders(&key, &built_in.placeholders(), entry),
        }
        if let Text::Plain(text) = &text {
            self.shape(&key, text, entry);
        }
        self.strings.push((key, text));
    }

    /// Strings that the program reads, and does not only show.
    fn shape(&mut self, key: &str, text: &str, entry: &StringEntry) {
        let months = text.split_whitespace().count();
        match key {
            "months.long" if months != 12 => {
                let message = format!("`{key}` has {months} names of months instead of 12");
                let help = "write the names from January to December, with a space between two".to_owned();
                self.error(Code::BadCatalogue, message, &entry.range, help);
            }
            LABELS_IN_SENTENCES if ![LOWERCASE, UNCHANGED].contains(&text) => {
                let message = format!("`{key}` is neither `{LOWERCASE}` nor `{UNCHANGED}`");
                let help =
                    "`lowercase` if a label loses its capital within a sentence, `unchanged` if it keeps it".to_owned();
                self.error(Code::BadCatalogue, message, &entry.range, help);
            }
            _ => {}
        }
    }

    fn placeholders(&mut self, key: &str, known: &BTreeSet<&str>, entry: &StringEntry) {
        let texts: Vec<(&str, &Range<usize>)> = match &entry.value {
            StringValue::Text(text) => vec![(text, &entry.range)],
            StringValue::Group(forms) => forms
                .iter()
                .filter_map(|form| match &form.value {
                    StringValue::Text(text) => Some((text.as_str(), &form.range)),
                    StringValue::Group(_) => None,
                })
                .collect(),
        };
        for (text, range) in texts {
            for name in placeholders(text).filter(|name| !known.contains(name)).collect::<BTreeSet<_>>() {
                let help = match (nearest(name, known.iter().copied()), known.is_empty()) {
                    (_, true) => "this string has no placeholders".to_owned(),
                    (Some(near), _) => format!("did you mean `{{{near}}}`?"),
                    (None, _) => {
                        let known: Vec<_> = known.iter().map(|name| format!("`{{{name}}}`")).collect();
                        format!("this string has the placeholders {}", known.join(", "))
                    }
                };
                let written = format!("{{{name}}}");
                let at = self.source.text[range.clone()].find(&written).map(|at| range.start + at);
                let at = at.map_or(range.clone(), |at| at..at + written.len());
                self.error(
                    Code::StringPlaceholderUnknown,
                    format!("unknown placeholder `{written}` in `{key}`"),
                    &at,
                    help,
                );
            }
        }
    }

    fn unknown(&mut self, key: &str, entry: &StringEntry) {
        let retired = RETIRED.binary_search(&key).is_ok();
        if retired {
            let found = Diagnostic::new(Code::StringUnused, format!("no page shows the string `{key}`"));
            self.report.push(found.at(Place::new(self.source, entry.key_range.clone()), "").help("remove it"));
            return;
        }
        let below = format!("{key}.");
        let help = if self.english.is_group(key) {
            let keys: Vec<_> = self.english.keys().filter(|known| known.starts_with(&below)).take(5).collect();
            format!("`{key}` is a group of strings, such as `{}`", keys.join("`, `"))
        } else {
            let group = matches!(entry.value, StringValue::Group(_));
            let groups: BTreeSet<&str> =
                self.english.keys().filter_map(|key| key.rsplit_once('.').map(|(group, _)| group)).collect();
            let known = if group { groups.into_iter().collect() } else { self.english.keys().collect::<Vec<_>>() };
            match nearest(key, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("strings for your own templates are in the group `{CUSTOM}`"),
            }
        };
        self.error(Code::StringUnknown, format!("unknown string `{}`", key.escape_debug()), &entry.key_range, help);
    }

    fn error(&mut self, code: Code, message: String, range: &Range<usize>, help: String) {
        let place = Place::new(self.source, range.clone());
        self.report.push(Diagnostic::new(code, message).at(place, "").help(help));
    }
}

fn is_custom(key: &str) -> bool {
    key.split('.').next() == Some(CUSTOM)
}
