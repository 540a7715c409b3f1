//! The words of the interface, one catalogue per language (`templates/strings/LANG.yaml`).
//!
//! Texts stand under dotted keys. A text may hold `{name}` placeholders; a text that depends on a number
//! is a map of the plural forms `one` and `other`. Everything that speaks to readers (pages, feeds, the
//! change log, the terminal's list of changes) takes its words from here, so that another language is
//! another file and no change of code.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::model::Date;

/// Texts by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    texts: BTreeMap<String, Text>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Text {
    Plain(String),
    Plural { one: String, other: String },
}

/// The shape of a catalogue file: texts, and groups of texts.
enum Node {
    Text(String),
    Group(BTreeMap<String, Node>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node, D::Error> {
        struct NodeVisitor;

        impl<'de> Visitor<'de> for NodeVisitor {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a group of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Node, E> {
                Ok(Node::Text(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Node, A::Error> {
                BTreeMap::deserialize(MapAccessDeserializer::new(map)).map(Node::Group)
            }
        }

        deserializer.deserialize_any(NodeVisitor)
    }
}

impl Catalogue {
    /// The built-in English words, which the terminal speaks: those of `templates/strings/en.yaml`, in a form that is read
    /// in a tenth of the time.
    pub fn english() -> Catalogue {
        let root = serde_json::from_str(include_str!("catalogue/english.json"));
        Catalogue::flat(root.expect("the built-in words can be read"))
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// A sentence with line and column where the YAML is not a tree of texts.
    pub fn parse(yaml: &str) -> Result<Catalogue, String> {
        let root: BTreeMap<String, Node> =
            serde_yaml::from_str(yaml).map_err(|error| error.without_snippet().to_string())?;
        Ok(Catalogue::flat(root))
    }

    fn flat(root: BTreeMap<String, Node>) -> Catalogue {
        let mut texts = BTreeMap::new();
        flatten("", root, &mut texts);
        Catalogue { texts }
    }

    /// Takes what `other` has and this catalogue has not: a user's catalogue need not repeat what it leaves as it is.
    #[must_use]
    pub fn or(mut self, other: Catalogue) -> Catalogue {
        for (key, text) in other.texts {
            self.texts.entry(key).or_insert(text);
        }
        self
    }

    /// Whether there is a text under this key.
    pub fn contains(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The text under `key`, in the form for `n` where there is a number; none where there is no such text.
    pub fn find(&self, key: &str, n: Option<usize>) -> Option<&str> {
        Some(match self.texts.get(key)? {
            Text::Plural { one, .. } if n == Some(1) => one,
            Text::Plain(text) | Text::Plural { other: text, .. } => text,
        })
    }

    /// The text under `key`, or the key itself where there is none, so that a gap is seen and nothing breaks.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key, None).unwrap_or(key)
    }

    /// The text under `key` in the form for `n`, with `{n}` filled in.
    pub fn count(&self, key: &str, n: usize) -> String {
        fill(self.form(key, n), &[("n", &n.to_string())])
    }

    /// The text under `key` in the form for `n`, as it is written.
    pub fn form<'a>(&'a self, key: &'a str, n: usize) -> &'a str {
        self.find(key, Some(n)).unwrap_or(key)
    }

    /// A day as readers see it, in the catalogue's order and with its months. The one function that shows dates.
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).unwrap_or_default();
        let name = self.get("months.long").split_whitespace().nth(month).unwrap_or_default();
        let (day, year) = (date.day().to_string(), date.year().to_string());
        self.fill("dates.long", &[("day", &day), ("month", name), ("year", &year)])
    }

    /// The word of a value as readers see it: `Third party`. A word that the catalogue does not know is shown as it is.
    pub fn value<'a>(&'a self, word: &'a str) -> &'a str {
        self.find(&format!("values.{word}"), None).unwrap_or(word)
    }

    /// A condition as readers see it: `When SendGrid is configured`. `when` is the word that content uses; a word that
    /// only a newer candor knows stands after the feature.
    pub fn condition(&self, when: &str, feature: &str) -> String {
        let key = format!("subprocessors.when-{when}");
        match self.contains(&key) {
            true => self.fill(&key, &[("feature", feature)]),
            false => format!("{feature} ({when})"),
        }
    }

    /// The text under `key` with placeholders filled in.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }
}

/// Replaces each `{name}` whose name is given; other braces stay as they are.
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
    }
    filled.push_str(rest);
    filled
}

fn flatten(prefix: &str, group: BTreeMap<String, Node>, texts: &mut BTreeMap<String, Text>) {
    for (key, node) in group {
        let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match node {
            Node::Text(text) => {
                texts.insert(path, Text::Plain(text));
            }
            Node::Group(mut forms) => match (forms.remove("one"), forms.remove("other")) {
                (Some(Node::Text(one)), Some(Node::Text(other))) if forms.is_empty() => {
                    texts.insert(path, Text::Plural { one, other });
                }
                (one, other) => {
                    forms.extend(one.map(|node| ("one".to_owned(), node)));
                    forms.extend(other.map(|node| ("other".to_owned(), node)));
                    flatten(&path, forms, texts);
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Catalogue, Text, fill};

    #[test]
    fn a_number_chooses_the_form() {
        let words =
            Catalogue::parse("count:\n  items:\n    one: '{n} item'\n    other: '{n} items'\n").expect("a catalogue");
        assert_eq!(words.count("count.items", 1), "1 item");
        assert_eq!(words.count("count.items", 0), "0 items");
    }

    /// `CANDOR_REGENERATE=1 cargo test` writes the second form anew.
    #[test]
    fn the_english_words_are_the_same_in_both_forms() {
        let words = Catalogue::parse(include_str!("../templates/strings/en.yaml")).expect("a catalogue");
        if std::env::var_os("CANDOR_REGENERATE").is_some() {
            let texts: BTreeMap<_, _> = words.texts.iter().map(|(key, text)| (key, json(text))).collect();
            let made = serde_json::to_string_pretty(&texts).expect("JSON") + "\n";
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/english.json");
            std::fs::write(path, made).expect("written");
            return;
        }
        assert!(words.contains("months.long"));
        assert!(Catalogue::english() == words, "english.json is not current: CANDOR_REGENERATE=1 cargo test --lib");
    }

    fn json(text: &Text) -> serde_json::Value {
        match text {
            Text::Plain(text) => text.as_str().into(),
            Text::Plural { one, other } => serde_json::json!({ "one": one, "other": other }),
        }
    }

    #[test]
    fn a_missing_text_shows_its_key() {
        let words = Catalogue::parse("a: b").expect("a catalogue");
        assert_eq!(words.get("x.y"), "x.y");
    }

    #[test]
    fn only_named_placeholders_are_filled_and_values_are_not_filled_again() {
        assert_eq!(fill("{a} {b} {", &[("a", "{b}"), ("c", "x")]), "{b} {b} {");
    }

    #[test]
    fn the_catalogue_decides_order_and_months_of_dates() {
        let words =
            Catalogue::parse("months: {long: a b c d May}\ndates: {long: '{month} {day}, {year}'}").expect("words");
        assert_eq!(words.date("2026-05-02".parse().expect("a date")), "May 2, 2026");
    }

    #[test]
    fn a_users_catalogue_may_be_a_part() {
        let own = Catalogue::parse("a: own").expect("a catalogue");
        let all = own.or(Catalogue::parse("a: ours\nb: ours").expect("a catalogue"));
        assert_eq!((all.get("a"), all.get("b")), ("own", "ours"));
    }
}
