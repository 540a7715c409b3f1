//! The string catalog: UI strings by key.
//!
//! Keys are dotted (`nav.home`). A string may contain `{name}` placeholders; a string that depends on a number has a variant
//! for each plural category. The built-in strings are in `templates/strings/`, a file for each language; a project's files override
//! them or add another language. Pages, feeds, the change log, annexes, and the list of changes in the terminal take all of
//! their text from here, so that a new language needs a new file and no code changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use serde::Serialize;

use super::language;
use crate::diagnostic::Source;
use crate::embedded::TEMPLATES;
use crate::load::{self, StringEntry, StringValue};
use crate::model::{Date, Language, Percent, QuestionField, Territory};
use crate::text::{capitalized, ends_in_stop, uncapitalized};

/// Strings by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// The language whose plural rules apply, here and in the page's scripts.
    language: Language,
    strings: BTreeMap<String, CatalogString>,
}

/// A UI string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum CatalogString {
    /// A string that does not depend on a number.
    Plain(String),
    /// A variant for each plural category; always includes [`PluralCategory::Other`].
    Plural(BTreeMap<PluralCategory, String>),
}

/// A plural category (Unicode CLDR, "Plural Rules").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are those of CLDR")]
pub enum PluralCategory {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl PluralCategory {
    /// All categories, in CLDR order.
    pub const ALL: [PluralCategory; 6] = [
        PluralCategory::Zero,
        PluralCategory::One,
        PluralCategory::Two,
        PluralCategory::Few,
        PluralCategory::Many,
        PluralCategory::Other,
    ];

    /// Returns the name used in catalogs.
    pub const fn name(self) -> &'static str {
        match self {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
    }

    /// Returns the category with this name.
    pub fn named(name: &str) -> Option<PluralCategory> {
        PluralCategory::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// The key of the setting for labels inside a sentence, and its two values.
pub(crate) const LABELS_IN_SENTENCES: &str = "language.labels-in-sentences";
pub(crate) const LOWERCASE: &str = "lowercase";
pub(super) const UNCHANGED: &str = "unchanged";

static ENGLISH: LazyLock<Arc<Catalog>> = LazyLock::new(|| {
    let mut catalog = Catalog { language: Language::default(), strings: BTreeMap::new() };
    catalog.add("", built_in(ENGLISH_TAG).unwrap_or_default());
    for (code, name) in Territory::all() {
        catalog.insert(format!("countries.{code}"), CatalogString::Plain(name.to_owned()));
    }
    Arc::new(catalog)
});

/// The language of the strings that every other catalog is complete by.
const ENGLISH_TAG: &str = "en";

/// Returns the built-in strings of a language, by primary subtag.
fn built_in(primary: &str) -> Option<Vec<StringEntry>> {
    let path = format!("strings/{primary}.yaml");
    let (_, text) = TEMPLATES.iter().find(|(name, _)| *name == path)?;
    // `the_built_in_strings_parse` checks that there are no diagnostics.
    Some(load::strings(&Source::new(path, *text)).0)
}

impl Catalog {
    /// Returns the built-in English strings.
    pub fn english() -> Arc<Catalog> {
        Arc::clone(&ENGLISH)
    }

    /// Returns the built-in strings for a language; `None` if there are none.
    pub fn built_in(language: &Language) -> Option<Arc<Catalog>> {
        let primary = language.primary();
        if primary == ENGLISH_TAG {
            return Some(Catalog::english());
        }
        let mut catalog = Catalog::english().in_language(language);
        catalog.add("", built_in(primary)?);
        for (code, name) in language::countries(primary) {
            catalog.insert(format!("countries.{code}"), CatalogString::Plain(name.to_owned()));
        }
        Some(Arc::new(catalog))
    }

    /// Returns the languages of the built-in strings, as primary subtags, sorted.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        TEMPLATES.iter().filter_map(|(path, _)| path.strip_prefix("strings/")?.strip_suffix(".yaml"))
    }

    /// Returns the same strings as those of another language.
    pub(super) fn in_language(&self, language: &Language) -> Catalog {
        Catalog { language: language.clone(), strings: self.strings.clone() }
    }

    /// The language whose plural rules apply to the strings, here and in the page's scripts.
    pub fn language(&self) -> &Language {
        &self.language
    }

    fn add(&mut self, prefix: &str, entries: Vec<StringEntry>) {
        for entry in entries {
            let key = format!("{prefix}{}", entry.key);
            match entry.value {
                StringValue::Text(text) => self.insert(key, CatalogString::Plain(text)),
                StringValue::Group(entries) => match plural(&entries) {
                    Some(variants) => self.insert(key, CatalogString::Plural(variants)),
                    None => self.add(&format!("{key}."), entries),
                },
            }
        }
    }

    pub(super) fn insert(&mut self, key: String, text: CatalogString) {
        self.strings.insert(key, text);
    }

    pub(super) fn text(&self, key: &str) -> Option<&CatalogString> {
        self.strings.get(key)
    }

    /// Whether the key is a group of strings.
    pub(super) fn is_group(&self, key: &str) -> bool {
        let below = format!("{key}.");
        self.strings.range(below.clone()..).next().is_some_and(|(key, _)| key.starts_with(&below))
    }

    /// Whether the catalog has a string with this key.
    pub fn contains(&self, key: &str) -> bool {
        self.strings.contains_key(key)
    }

    /// Returns all keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.strings.keys().map(String::as_str)
    }

    /// Returns the string with this key, in the plural variant for `n`.
    pub fn find(&self, key: &str, n: Option<usize>) -> Option<&str> {
        Some(match self.strings.get(key)? {
            CatalogString::Plain(text) => text,
            CatalogString::Plural(variants) => {
                let category = n.map_or(PluralCategory::Other, |n| language::plural_category(&self.language, n));
                variants.get(&category).or_else(|| variants.get(&PluralCategory::Other))?
            }
        })
    }

    /// Returns the names of the placeholders of the string with this key; `None` if there is no such string.
    pub fn placeholders_of(&self, key: &str) -> Option<BTreeSet<&str>> {
        self.strings.get(key).map(CatalogString::placeholders)
    }

    /// Returns the string with this key. A missing string is replaced by its key, which makes the gap visible and breaks nothing.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key, None).unwrap_or(key)
    }

    /// Returns the string with this key in the plural variant for `n`, with `{n}` filled in.
    pub fn count(&self, key: &str, n: usize) -> String {
        fill(self.find(key, Some(n)).unwrap_or(key), &[("n", &n.to_string())])
    }

    /// Returns the string with this key in the plural variant for `n`, with its placeholders filled in.
    pub fn fill_count(&self, key: &str, n: usize, values: &[(&str, &str)]) -> String {
        fill(self.find(key, Some(n)).unwrap_or(key), values)
    }

    /// Returns the string with this key, with its placeholders filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }

    /// Returns strings by key for a script of a page: each is a string, or an object of plural variants by category.
    pub fn group<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> serde_json::Value {
        let text = |key: &'a str| Some((key, self.strings.get(key)?));
        serde_json::json!(keys.into_iter().filter_map(text).collect::<BTreeMap<_, _>>())
    }

    /// Formats a date for readers, with the order and the month names of the catalog.
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).unwrap_or_default();
        let name = self.get("months.long").split_whitespace().nth(month).unwrap_or_default();
        let (day, year) = (date.day().to_string(), date.year().to_string());
        self.fill("dates.long", &[("day", &day), ("month", name), ("year", &year)])
    }

    /// Returns the name of a country or region (`Germany` for `DE`), or the code if it is unknown.
    pub fn country<'a>(&'a self, code: &'a str) -> &'a str {
        self.find(&format!("countries.{code}"), None).unwrap_or(code)
    }

    /// Returns the label of an enumerated value (`Third party` for `third-party`), or the value if it is unknown.
    pub fn value<'a>(&'a self, word: &'a str) -> &'a str {
        self.find(&format!("values.{word}"), None).unwrap_or(word)
    }

    /// Returns the label of the answer to a question (`Yes` for `yes`), or the answer if it is unknown.
    pub fn answer<'a>(&'a self, word: &'a str) -> &'a str {
        self.find(&format!("answers.{word}"), None).unwrap_or(word)
    }

    /// Returns the label of a field of a question.
    pub fn question_field(&self, field: QuestionField) -> &str {
        self.get(match field {
            QuestionField::Number => "fields.number",
            QuestionField::Section => "fields.section",
            QuestionField::Question => "fields.question",
            QuestionField::Answer => "fields.answer",
            QuestionField::Explanation => "fields.explanation",
            QuestionField::Evidence => "fields.evidence",
            QuestionField::Reviewed => "fields.reviewed",
            QuestionField::Id => "questionnaires.id",
        })
    }

    /// Returns the label of how subprocessors are approved, or the word if it is unknown.
    pub fn approval<'a>(&'a self, word: &'a str) -> &'a str {
        self.find(&format!("approvals.{word}"), None).unwrap_or(word)
    }

    /// Returns the short name of a transfer mechanism (`SCC`), for tables.
    pub fn short_transfer<'a>(&'a self, mechanism: &'a str) -> &'a str {
        self.find(&format!("transfers.short.{mechanism}"), None).unwrap_or_else(|| self.value(mechanism))
    }

    /// Returns the label of a record field (`Data categories`), or the key if the field is unknown.
    pub fn field<'a>(&'a self, field: &'a str) -> &'a str {
        self.find(&format!("fields.{field}"), None).unwrap_or(field)
    }

    /// Formats a percentage with the decimal separator of the language: `99.95%`, `99,95 %`.
    pub fn percent(&self, percent: Percent) -> String {
        let number = percent.to_string().replace('.', self.get("facts.decimal"));
        self.fill("facts.percent", &[("n", &number)])
    }

    /// Returns the label of a part of the page (`Subprocessors`), or its name if it is unknown.
    pub fn subject<'a>(&'a self, name: &'a str) -> &'a str {
        self.find(&format!("changes.subjects.{name}"), None).unwrap_or(name)
    }

    /// Returns the label of a contact. A purpose without a string becomes a label itself: `data-protection` is `Data protection`.
    pub fn contact(&self, purpose: &str) -> String {
        match self.find(&format!("contacts.{purpose}"), None) {
            Some(label) => label.to_owned(),
            None => capitalized(&purpose.replace('-', " ")),
        }
    }

    /// Returns the label of a field of a part that has a name: `Maps: Purpose`.
    pub fn of_part(&self, name: &str, field: &str) -> String {
        self.fill("changes.of-part", &[("name", name), ("field", field)])
    }

    /// Formats a label for use inside a sentence. English makes it lowercase ("data categories"); German keeps the capital.
    pub fn in_sentence(&self, label: &str) -> String {
        match self.get(LABELS_IN_SENTENCES) == LOWERCASE {
            true => uncapitalized(label),
            false => label.to_owned(),
        }
    }
}

/// Returns the plural variants of a group, or `None` if the group is not a set of plural variants.
pub(super) fn plural(entries: &[StringEntry]) -> Option<BTreeMap<PluralCategory, String>> {
    let variant = |entry: &StringEntry| match &entry.value {
        StringValue::Text(text) => Some((PluralCategory::named(&entry.key)?, text.clone())),
        StringValue::Group(_) => None,
    };
    let variants: BTreeMap<_, _> = entries.iter().map(variant).collect::<Option<_>>()?;
    variants.contains_key(&PluralCategory::Other).then_some(variants)
}

impl CatalogString {
    /// Returns the names of its placeholders.
    pub fn placeholders(&self) -> BTreeSet<&str> {
        match self {
            CatalogString::Plain(text) => placeholders(text).collect(),
            CatalogString::Plural(variants) => variants.values().flat_map(|text| placeholders(text)).collect(),
        }
    }
}

/// Returns the names of the placeholders of a string: `date` for `{date}`.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(|name| is_name(name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Replaces each placeholder whose name is given; other braces stay unchanged.
///
/// A period after a value that ends in one is omitted ("by Fjord Data Ltd."). The page's scripts have the same function.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + length];
        filled.push_str(&rest[..start]);
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
        let stops = rest.bytes().take_while(|byte| *byte == b'.').count();
        if stops == 1 && ends_in_stop(&filled) {
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Catalog, CatalogString, PluralCategory, fill, placeholders};
    use crate::diagnostic::Source;
    use crate::embedded::TEMPLATES;
    use crate::load;
    use crate::model::Language;

    impl Catalog {
        /// Returns a catalog with only these strings.
        pub(crate) fn parse(yaml: &str) -> Catalog {
            let mut catalog = Catalog { language: Language::default(), strings: Default::default() };
            let (entries, report) = load::strings(&Source::new("strings/xx.yaml", yaml));
            assert!(report.is_empty(), "{report:?}");
            catalog.add("", entries);
            catalog
        }
    }

    fn catalog(yaml: &str) -> Catalog {
        Catalog::parse(yaml)
    }

    #[test]
    fn the_built_in_strings_parse() {
        for tag in Catalog::languages() {
            let path = format!("strings/{tag}.yaml");
            let (_, text) = TEMPLATES.iter().find(|(name, _)| *name == path).expect("a catalog");
            assert_eq!(load::strings(&Source::new(path, *text)).1.diagnostics(), []);
        }
        assert_eq!(Catalog::english().country("DE"), "Germany");
    }

    /// The strings that a catalog of another language states, and what they must have.
    #[test]
    fn every_built_in_catalog_is_complete() {
        let english = Catalog::english();
        for tag in Catalog::languages() {
            let mut own = Catalog { language: tag.parse().expect("a language"), strings: Default::default() };
            own.add("", super::built_in(tag).expect("a catalog"));
            let stated = |catalog: &Catalog| -> Vec<String> {
                catalog.keys().filter(|key| !key.starts_with("countries.")).map(str::to_owned).collect()
            };
            assert_eq!(stated(&own), stated(&english), "{tag}");
            let categories = crate::wording::language::plural_categories(&own.language);
            for key in stated(&own) {
                let (text, model) = (own.text(&key).expect("a string"), english.text(&key).expect("a string"));
                // One variant may write the number as a word.
                assert_eq!(text.placeholders(), model.placeholders(), "{tag} {key}");
                if let (CatalogString::Plural(variants), CatalogString::Plural(_)) = (text, model) {
                    assert!(variants.keys().copied().eq(categories.iter().copied()), "{tag} {key}: {variants:?}");
                } else {
                    assert!(matches!((text, model), (CatalogString::Plain(_), CatalogString::Plain(_))), "{tag} {key}");
                }
            }
            let catalog = Catalog::built_in(&own.language).expect("a catalog");
            for (territory, _) in crate::model::Territory::all() {
                let name = catalog.country(territory.as_str());
                assert!(name != territory.as_str(), "{tag} {name}");
            }
            assert_eq!(catalog.get("months.long").split_whitespace().count(), 12, "{tag}");
        }
    }

    #[test]
    fn a_number_selects_the_plural_variant() {
        let strings = catalog("count:\n  items:\n    one: '{n} item'\n    other: '{n} items'\n");
        assert_eq!([0, 1, 2].map(|n| strings.count("count.items", n)), ["0 items", "1 item", "2 items"]);
        assert_eq!(strings.get("count.items"), "{n} items");
    }

    #[test]
    fn reads_every_plural_category() {
        let variants: String = PluralCategory::ALL.iter().map(|it| format!(", {}: '{{n}} {0}'", it.name())).collect();
        let strings = catalog(&format!("items: {{{}}}", &variants[2..]));
        let Some(CatalogString::Plural(variants)) = strings.text("items") else { panic!("plural variants") };
        assert_eq!(variants.len(), 6);
        // A missing variant falls back to `other`.
        assert_eq!(catalog("items: {other: '{n} items', few: '{n} itemy'}").count("items", 1), "1 items");
        // A group without `other` is not plural, even if its keys are categories.
        assert!(catalog("items: {one: a, two: b}").contains("items.one"));
    }

    #[test]
    fn a_missing_string_is_replaced_by_its_key() {
        assert_eq!(catalog("a: b").get("x.y"), "x.y");
    }

    #[test]
    fn fills_only_named_placeholders_and_never_inside_values() {
        assert_eq!(fill("{a} {b} {", &[("a", "{b}"), ("c", "x")]), "{b} {b} {");
        assert_eq!(placeholders("{a} {b c} {} {d-e}{").collect::<Vec<_>>(), ["a", "d-e"]);
    }

    #[test]
    fn dates_use_the_order_and_month_names_of_the_catalog() {
        let strings = catalog("months: {long: a b c d May}\ndates: {long: '{month} {day}, {year}'}");
        assert_eq!(strings.date("2026-05-02".parse().expect("a date")), "May 2, 2026");
    }

    #[test]
    fn scripts_get_all_plural_variants() {
        let strings = catalog("a: b\nn: {one: x, other: y}");
        let group = strings.group(["n", "a", "missing"]);
        assert_eq!(group, serde_json::json!({ "a": "b", "n": { "one": "x", "other": "y" } }));
    }

    #[test]
    fn omits_a_period_after_a_value_that_ends_in_one() {
        for (name, sentence) in [
            ("Fjord Data Ltd.", "By Fjord Data Ltd. Not by Fjord Data Ltd.: x"),
            ("Yahoo!", "By Yahoo! Not by Yahoo!: x"),
            ("“S.A.”", "By “S.A.” Not by “S.A.”: x"),
            ("Fjord", "By Fjord. Not by Fjord: x"),
        ] {
            assert_eq!(fill("By {name}. Not by {name}: x", &[("name", name)]), sentence);
        }
        assert_eq!(fill("{a}... {b}.", &[("a", "S.A."), ("b", "{b}")]), "S.A.... {b}.");
    }

    #[test]
    fn percentages_use_the_decimal_separator_of_the_language() {
        let percent = "99.95".parse().expect("a percentage");
        assert_eq!(Catalog::english().percent(percent), "99.95%");
        let german = Catalog::built_in(&"de".parse().expect("a language")).expect("a catalog");
        assert_eq!(german.percent(percent).replace('\u{a0}', " "), "99,95 %");
    }

    #[test]
    fn english_labels_are_lowercase_inside_a_sentence() {
        let english = Catalog::english();
        assert_eq!(english.in_sentence("Data categories"), "data categories");
        assert!(Arc::ptr_eq(&english, &Catalog::english()));
        assert_eq!(catalog("a: b").in_sentence("Datenkategorien"), "Datenkategorien");
    }
}
