//! The string catalog: the text of the interface, by key.
//!
//! Strings have dotted keys (`nav.home`). A string may have `{name}` placeholders; one that depends on a number has a form for
//! each plural category. The built-in strings are English, in `templates/strings/en.yaml`; a project's own files override
//! them or add another language. Pages, feeds, the change log, annexes and the terminal's list of changes take every
//! word from here, so that another language needs another file and no change of code.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use serde::Serialize;

use crate::diagnostic::Source;
use crate::embedded::TEMPLATES;
use crate::load::{self, StringEntry, StringValue};
use crate::model::{CountryCode, Date};
use crate::text::{capitalized, ends_in_stop, uncapitalized};

/// Strings by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    strings: BTreeMap<String, Text>,
}

/// One string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Text {
    /// The same for every number.
    Plain(String),
    /// A form for each plural category; [`PluralCategory::Other`] is always there.
    Plural(BTreeMap<PluralCategory, String>),
}

/// A class of numbers that take the same form (Unicode CLDR, "Plural Rules").
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
    /// All categories, in the order of CLDR.
    pub const ALL: [PluralCategory; 6] = [
        PluralCategory::Zero,
        PluralCategory::One,
        PluralCategory::Two,
        PluralCategory::Few,
        PluralCategory::Many,
        PluralCategory::Other,
    ];

    /// The name that catalogs use.
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

    /// The category of a name.
    pub fn named(name: &str) -> Option<PluralCategory> {
        PluralCategory::ALL.into_iter().find(|category| category.name() == name)
    }

    /// The language whose plural rules the strings follow; the page's scripts get it too.
    pub const LANGUAGE: &str = "en";

    /// The category of a number, by the rule of [`Self::LANGUAGE`].
    pub const fn of(n: usize) -> PluralCategory {
        match n {
            1 => PluralCategory::One,
            _ => PluralCategory::Other,
        }
    }
}

/// What a label loses within a sentence: key and value of the string that says so.
pub(super) const LABELS_IN_SENTENCES: &str = "language.labels-in-sentences";
pub(super) const LOWERCASE: &str = "lowercase";
pub(super) const UNCHANGED: &str = "unchanged";

/// The file of the built-in strings among the templates.
const BUILT_IN: &str = "strings/en.yaml";

static ENGLISH: LazyLock<Arc<Catalog>> = LazyLock::new(|| {
    let text = TEMPLATES.iter().find(|(path, _)| *path == BUILT_IN).map_or("", |(_, text)| text);
    let source = Source::new(BUILT_IN, text);
    let mut catalog = Catalog { strings: BTreeMap::new() };
    // A test holds that nothing is wrong with it.
    catalog.add("", load::strings(&source).0);
    for (code, name) in CountryCode::all() {
        catalog.insert(format!("countries.{code}"), Text::Plain(name.to_owned()));
    }
    Arc::new(catalog)
});

impl Catalog {
    /// The built-in English strings.
    pub fn english() -> Arc<Catalog> {
        Arc::clone(&ENGLISH)
    }

    fn add(&mut self, prefix: &str, entries: Vec<StringEntry>) {
        for entry in entries {
            let key = format!("{prefix}{}", entry.key);
            match entry.value {
                StringValue::Text(text) => self.insert(key, Text::Plain(text)),
                StringValue::Group(entries) => match plural(&entries) {
                    Some(forms) => self.insert(key, Text::Plural(forms)),
                    None => self.add(&format!("{key}."), entries),
                },
            }
        }
    }

    pub(super) fn insert(&mut self, key: String, text: Text) {
        self.strings.insert(key, text);
    }

    pub(super) fn text(&self, key: &str) -> Option<&Text> {
        self.strings.get(key)
    }

    /// Whether there are strings below a key.
    pub(super) fn is_group(&self, key: &str) -> bool {
        let below = format!("{key}.");
        self.strings.range(below.clone()..).next().is_some_and(|(key, _)| key.starts_with(&below))
    }

    /// Whether there is a string with this key.
    pub fn contains(&self, key: &str) -> bool {
        self.strings.contains_key(key)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.strings.keys().map(String::as_str)
    }

    /// The string with this key, in the form for `n` if there is a number.
    pub fn find(&self, key: &str, n: Option<usize>) -> Option<&str> {
        Some(match self.strings.get(key)? {
            Text::Plain(text) => text,
            Text::Plural(forms) => {
                let category = n.map_or(PluralCategory::Other, PluralCategory::of);
                forms.get(&category).or_else(|| forms.get(&PluralCategory::Other))?
            }
        })
    }

    /// The string with this key; the key itself if there is none, so that a gap is seen and nothing breaks.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key, None).unwrap_or(key)
    }

    /// The string with this key in the form for `n`, with `{n}` filled in.
    pub fn count(&self, key: &str, n: usize) -> String {
        fill(self.find(key, Some(n)).unwrap_or(key), &[("n", &n.to_string())])
    }

    /// The string with this key, with placeholders filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }

    /// Strings for a script of a page, by key: text, or an object of plural forms by category.
    pub fn group<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> serde_json::Value {
        let text = |key: &'a str| Some((key, self.strings.get(key)?));
        serde_json::json!(keys.into_iter().filter_map(text).collect::<BTreeMap<_, _>>())
    }

    /// A date as readers see it, in the catalog's order and with its months. Every date that is shown comes from here.
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).unwrap_or_default();
        let name = self.get("months.long").split_whitespace().nth(month).unwrap_or_default();
        let (day, year) = (date.day().to_string(), date.year().to_string());
        self.fill("dates.long", &[("day", &day), ("month", name), ("year", &year)])
    }

    /// A country by its code: `Germany`. A code that is unknown is shown as it is. Every country that is shown comes from here.
    pub fn country<'a>(&'a self, code: &'a str) -> &'a str {
        self.find(&format!("countries.{code}"), None).unwrap_or(code)
    }

    /// A word of the content that stands for a value: `Third party` for `third-party`. An unknown word is shown as it is.
    pub fn value<'a>(&'a self, word: &'a str) -> &'a str {
        self.find(&format!("values.{word}"), None).unwrap_or(word)
    }

    /// The label of a field of a record: `Data categories`. An unknown field is shown by its key.
    pub fn field<'a>(&'a self, field: &'a str) -> &'a str {
        self.find(&format!("fields.{field}"), None).unwrap_or(field)
    }

    /// The label of a part of the page: `Subprocessors`. An unknown one is shown by its name.
    pub fn subject<'a>(&'a self, name: &'a str) -> &'a str {
        self.find(&format!("changes.subjects.{name}"), None).unwrap_or(name)
    }

    /// The label of a contact by its purpose: that of the catalog, else the words of the id.
    pub fn contact(&self, purpose: &str) -> String {
        match self.find(&format!("contacts.{purpose}"), None) {
            Some(label) => label.to_owned(),
            None => capitalized(&purpose.replace('-', " ")),
        }
    }

    /// A condition as readers see it: `Only with SendGrid`. `when` is the word that content uses; an unknown one follows the
    /// feature.
    pub fn condition(&self, when: &str, feature: &str) -> String {
        match self.find(&format!("subprocessors.when-{when}"), None) {
            Some(text) => fill(text, &[("feature", feature)]),
            None => format!("{feature} ({when})"),
        }
    }

    /// A label within a sentence. English drops the capital ("data categories"); a language such as German keeps it.
    pub fn in_sentence(&self, label: &str) -> String {
        match self.get(LABELS_IN_SENTENCES) == LOWERCASE {
            true => uncapitalized(label),
            false => label.to_owned(),
        }
    }
}

/// The plural forms that a group holds, if it is one of plural forms.
pub(super) fn plural(entries: &[StringEntry]) -> Option<BTreeMap<PluralCategory, String>> {
    let form = |entry: &StringEntry| match &entry.value {
        StringValue::Text(text) => Some((PluralCategory::named(&entry.key)?, text.clone())),
        StringValue::Group(_) => None,
    };
    let forms: BTreeMap<_, _> = entries.iter().map(form).collect::<Option<_>>()?;
    forms.contains_key(&PluralCategory::Other).then_some(forms)
}

impl Text {
    /// The names of its placeholders.
    pub fn placeholders(&self) -> BTreeSet<&str> {
        match self {
            Text::Plain(text) => placeholders(text).collect(),
            Text::Plural(forms) => forms.values().flat_map(|text| placeholders(text)).collect(),
        }
    }
}

/// The names in the braces of a string: `{date}`.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(|name| is_name(name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Replaces each `{name}` whose name is given; other braces stay as they are. Every sentence that has a value in it is made
/// here, or by `fill` of the page's scripts: a full stop after a value that ends in one is left out ("by Fjord Data Ltd.").
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

    use super::{Catalog, PluralCategory, Text, fill, placeholders};
    use crate::diagnostic::Source;
    use crate::load;

    impl Catalog {
        /// A catalog with these strings only.
        pub(crate) fn parse(yaml: &str) -> Catalog {
            let mut catalog = Catalog { strings: Default::default() };
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
    fn the_built_in_strings_can_be_read() {
        let source = Source::new("templates/strings/en.yaml", include_str!("../../templates/strings/en.yaml"));
        assert_eq!(load::strings(&source).1.diagnostics(), []);
        assert_eq!(Catalog::english().country("DE"), "Germany");
    }

    #[test]
    fn a_number_chooses_the_form() {
        let words = catalog("count:\n  items:\n    one: '{n} item'\n    other: '{n} items'\n");
        assert_eq!([0, 1, 2].map(|n| words.count("count.items", n)), ["0 items", "1 item", "2 items"]);
        assert_eq!(words.get("count.items"), "{n} items");
    }

    #[test]
    fn every_plural_category_is_read() {
        let forms: String = PluralCategory::ALL.iter().map(|it| format!(", {}: '{{n}} {0}'", it.name())).collect();
        let words = catalog(&format!("items: {{{}}}", &forms[2..]));
        let Some(Text::Plural(forms)) = words.text("items") else { panic!("plural forms") };
        assert_eq!(forms.len(), 6);
        // A form that is missing is that of all other numbers.
        assert_eq!(catalog("items: {other: '{n} items', few: '{n} itemy'}").count("items", 1), "1 items");
        // Groups may have such keys, too.
        assert!(catalog("items: {one: a, two: b}").contains("items.one"));
    }

    #[test]
    fn a_missing_string_shows_its_key() {
        assert_eq!(catalog("a: b").get("x.y"), "x.y");
    }

    #[test]
    fn only_named_placeholders_are_filled_and_values_are_not_filled_again() {
        assert_eq!(fill("{a} {b} {", &[("a", "{b}"), ("c", "x")]), "{b} {b} {");
        assert_eq!(placeholders("{a} {b c} {} {d-e}{").collect::<Vec<_>>(), ["a", "d-e"]);
    }

    #[test]
    fn the_catalog_decides_order_and_months_of_dates() {
        let words = catalog("months: {long: a b c d May}\ndates: {long: '{month} {day}, {year}'}");
        assert_eq!(words.date("2026-05-02".parse().expect("a date")), "May 2, 2026");
    }

    #[test]
    fn scripts_get_all_forms() {
        let words = catalog("a: b\nn: {one: x, other: y}");
        let group = words.group(["n", "a", "missing"]);
        assert_eq!(group, serde_json::json!({ "a": "b", "n": { "one": "x", "other": "y" } }));
    }

    #[test]
    fn a_name_that_ends_in_a_stop_gets_no_second_one() {
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
    fn english_labels_lose_their_capital_within_a_sentence() {
        let english = Catalog::english();
        assert_eq!(english.in_sentence("Data categories"), "data categories");
        assert!(Arc::ptr_eq(&english, &Catalog::english()));
        assert_eq!(catalog("a: b").in_sentence("Datenkategorien"), "Datenkategorien");
    }
}
