//! A project's string catalogs, which override built-in strings or add a language.
//!
//! An unknown string would silently never be shown, and an unknown placeholder would be shown to readers unfilled. Both
//! are errors.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::catalog::{
    Catalog, CatalogString, LABELS_IN_SENTENCES, LOWERCASE, PluralCategory, UNCHANGED, placeholders, plural,
};
use super::language::plural_categories;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::load::{self, StringEntry, StringValue};
use crate::model::{Id, Language};

/// The group for strings that only the project's templates use.
const CUSTOM: &str = "custom";

/// Keys of the built-in catalog of 0.1 that were never used. A catalog that sets them gets a warning instead of an error.
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

/// Returns the catalog for a language: the built-in strings, overridden by the catalogs among the project's `templates`.
///
/// `strings/de-AT.yaml` overrides `strings/de.yaml`, which overrides the built-in strings. All catalogs of the project are
/// checked, including those of other languages. `stated` is the place where the content sets its language.
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
        let categories = tag.parse().map(|language| plural_categories(&language)).unwrap_or_default();
        let mut reader =
            CatalogReader { source, categories, english: &english, report: &mut report, strings: Vec::new() };
        reader.read();
        catalogs.push((tag, reader.strings));
    }
    let mut found = Vec::new();
    for tag in BTreeSet::from([language.primary(), language.as_str()]) {
        found.extend(catalogs.iter().filter(|(own, _)| *own == tag).map(|(_, strings)| strings));
    }
    let built_in = Catalog::built_in(language);
    let mut catalog = match &built_in {
        Some(built_in) => Catalog::clone(built_in),
        None if found.is_empty() => {
            let languages: Vec<_> = Catalog::languages().map(|tag| format!("`{tag}`")).collect();
            report.push(
                Diagnostic::new(
                    Code::LanguageUnknown,
                    format!("there are no UI strings for the language `{language}`"),
                )
                .at_known(stated, "")
                .help(format!(
                    "translate the built-in strings in templates/strings/{}.yaml; docs/templates.md has the steps. The built-in languages are {}",
                    language.primary(),
                    languages.join(", ")
                )),
            );
            return (english, report);
        }
        None => {
            let mut catalog = english.in_language(language);
            // Whether labels are capitalized depends on the language, so the setting for English does not apply.
            catalog.insert(LABELS_IN_SENTENCES.to_owned(), CatalogString::Plain(UNCHANGED.to_owned()));
            catalog
        }
    };
    for (key, text) in found.into_iter().flatten() {
        catalog.insert(key.clone(), text.clone());
    }
    (Arc::new(catalog), report)
}

/// Reads and checks one catalog of the project.
struct CatalogReader<'a> {
    source: &'a Arc<Source>,
    /// The plural categories of its language; empty if the name of the file is no language tag.
    categories: Vec<PluralCategory>,
    english: &'a Catalog,
    report: &'a mut Report,
    strings: Vec<(String, CatalogString)>,
}

impl CatalogReader<'_> {
    fn read(&mut self) {
        let (entries, found) = load::strings(self.source);
        self.report.merge(found);
        self.group("", &entries);
    }

    fn group(&mut self, prefix: &str, entries: &[StringEntry]) {
        for entry in entries {
            let key = format!("{prefix}{}", entry.key);
            match &entry.value {
                StringValue::Text(text) => self.string(key, CatalogString::Plain(text.clone()), entry),
                StringValue::Group(inner) if self.english.is_group(&key) => self.group(&format!("{key}."), inner),
                StringValue::Group(inner) => match plural(inner) {
                    Some(variants) => {
                        self.categories(&key, &variants, entry);
                        self.string(key, CatalogString::Plural(variants), entry);
                    }
                    None if is_custom(&key) => self.group(&format!("{key}."), inner),
                    None if self.english.contains(&key) => {
                        let categories =
                            PluralCategory::ALL.map(|category| format!("`{}`", category.name())).join(", ");
                        let help = format!(
                            "write one string, or a variant for each plural category of the language, including `other`: {categories}"
                        );
                        self.error(
                            Code::BadCatalog,
                            format!("`{key}` has keys that are not plural categories, or no `other`"),
                            &entry.key_range,
                            help,
                        );
                    }
                    None => self.unknown(&key, entry),
                },
            }
        }
    }

    fn string(&mut self, key: String, text: CatalogString, entry: &StringEntry) {
        let built_in = self.english.text(&key);
        match built_in {
            None if is_custom(&key) => {}
            // Publishers choose the purposes of their contacts.
            None if key.strip_prefix("contacts.").is_some_and(|id| id.parse::<Id>().is_ok()) => {
                self.placeholders(&key, &BTreeSet::new(), entry);
            }
            None => return self.unknown(&key, entry),
            Some(CatalogString::Plain(_)) if matches!(text, CatalogString::Plural(_)) => {
                let message = format!("`{key}` cannot have plural variants");
                self.error(
                    Code::BadCatalog,
                    message,
                    &entry.key_range,
                    "write one string; this one does not depend on a number".into(),
                );
                return;
            }
            Some(built_in) => self.placeholders(&key, &built_in.placeholders(), entry),
        }
        if let CatalogString::Plain(text) = &text {
            self.shape(&key, text, entry);
        }
        self.strings.push((key, text));
    }

    /// Checks that there is a variant for each plural category of the language.
    fn categories(&mut self, key: &str, variants: &BTreeMap<PluralCategory, String>, entry: &StringEntry) {
        let missing = self.categories.iter().filter(|category| !variants.contains_key(category));
        let missing: Vec<_> = missing.map(|category| format!("`{}`", category.name())).collect();
        if !missing.is_empty() {
            let message = format!("`{key}` has no variant for {}", missing.join(", "));
            let help = "write one for each plural category of the language; `other` is shown instead of a missing one"
                .to_owned();
            self.error(Code::PluralMissing, message, &entry.key_range, help);
        }
    }

    /// Checks strings that the program parses.
    fn shape(&mut self, key: &str, text: &str, entry: &StringEntry) {
        let months = text.split_whitespace().count();
        match key {
            "months.long" if months != 12 => {
                let message = format!("`{key}` has {months} month names, not 12");
                let help = "write the names from January to December, separated by spaces".to_owned();
                self.error(Code::BadCatalog, message, &entry.range, help);
            }
            LABELS_IN_SENTENCES if ![LOWERCASE, UNCHANGED].contains(&text) => {
                let message = format!("`{key}` must be `{LOWERCASE}` or `{UNCHANGED}`");
                let help =
                    "use `lowercase` if labels are lowercase inside a sentence, `unchanged` if they keep their capital"
                        .to_owned();
                self.error(Code::BadCatalog, message, &entry.range, help);
            }
            _ => {}
        }
    }

    fn placeholders(&mut self, key: &str, known: &BTreeSet<&str>, entry: &StringEntry) {
        let strings: Vec<(&str, &Range<usize>)> = match &entry.value {
            StringValue::Text(text) => vec![(text, &entry.range)],
            StringValue::Group(variants) => variants
                .iter()
                .filter_map(|variant| match &variant.value {
                    StringValue::Text(text) => Some((text.as_str(), &variant.range)),
                    StringValue::Group(_) => None,
                })
                .collect(),
        };
        for (text, range) in strings {
            for name in placeholders(text).filter(|name| !known.contains(name)).collect::<BTreeSet<_>>() {
                let help = match (nearest(name, known.iter().copied()), known.is_empty()) {
                    (_, true) => "this string has no placeholders".to_owned(),
                    (Some(near), _) => format!("did you mean `{{{near}}}`?"),
                    (None, _) => {
                        let known: Vec<_> = known.iter().map(|name| format!("`{{{name}}}`")).collect();
                        format!("this string has these placeholders: {}", known.join(", "))
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
            let found = Diagnostic::new(Code::StringUnused, format!("the string `{key}` is not used"));
            self.report.push(found.at(Place::new(self.source, entry.key_range.clone()), "").help("remove it"));
            return;
        }
        let below = format!("{key}.");
        let help = if self.english.is_group(key) {
            let keys: Vec<_> = self.english.keys().filter(|known| known.starts_with(&below)).take(5).collect();
            format!("`{key}` is a group of strings; write one of its strings, such as `{}`", keys.join("`, `"))
        } else {
            let group = matches!(entry.value, StringValue::Group(_));
            let groups: BTreeSet<&str> =
                self.english.keys().filter_map(|key| key.rsplit_once('.').map(|(group, _)| group)).collect();
            let known = if group { groups.into_iter().collect() } else { self.english.keys().collect::<Vec<_>>() };
            match nearest(key, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("put strings for your own templates in the group `{CUSTOM}`"),
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
