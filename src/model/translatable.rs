//! The texts of a disclosure that can be translated.
//!
//! A text is what people read as a sentence or a term. Everything else is a fact: names, dates, places, codes, numbers and addresses
//! are stated once and are the same in every language. [`SITE`] and [`List::translatable`] list the fields with texts; a test
//! compares them with the fields of the model.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::{Digest, Disclosure, Language, List};

/// A field that contains text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextField {
    /// The name of the field.
    pub name: &'static str,
    /// What it contains.
    pub kind: TextKind,
}

/// What a field with text contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Plain text or Markdown.
    Text,
    /// A list of plain texts, which is translated as a whole.
    Texts,
    /// A map of fields.
    Fields(&'static [TextField]),
    /// A list of maps.
    Entries(EntryId, &'static [TextField]),
    /// The upcoming changes of an item, which have a note and all fields of the item.
    Upcoming,
}

/// What identifies an entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryId {
    /// A field.
    Field(&'static str),
    /// Its `id`, or the date of its announcement if it has none.
    Change,
    /// Its position, from 0.
    Position,
}

impl EntryId {
    /// The field of an overlay that identifies the entry.
    pub fn field(self) -> Option<&'static str> {
        match self {
            EntryId::Field(name) => Some(name),
            EntryId::Change => Some("id"),
            EntryId::Position => None,
        }
    }

    /// Returns the identifier of an entry of a disclosure.
    pub fn of(self, entry: &Value, position: usize) -> String {
        let text = |name: &str| entry[name].as_str().map(str::to_owned);
        match self {
            EntryId::Field(name) => text(name).unwrap_or_default(),
            EntryId::Change => text("id").or_else(|| text("announced")).unwrap_or_default(),
            EntryId::Position => position.to_string(),
        }
    }
}

impl TextKind {
    /// Returns the fields of a map or of the entries of a list, and what identifies an entry; `None` for text. `item` are the fields of
    /// the item that contains the field.
    pub fn inner(self, item: &'static [TextField]) -> Option<(Option<EntryId>, Cow<'static, [TextField]>)> {
        match self {
            TextKind::Text | TextKind::Texts => None,
            TextKind::Fields(fields) => Some((None, fields.into())),
            TextKind::Entries(id, fields) => Some((Some(id), fields.into())),
            TextKind::Upcoming => {
                let changeable = item.iter().copied().filter(|field| field.kind != TextKind::Upcoming);
                Some((Some(EntryId::Change), std::iter::once(text("note")).chain(changeable).collect()))
            }
        }
    }
}

const fn text(name: &'static str) -> TextField {
    TextField { name, kind: TextKind::Text }
}

const fn texts(name: &'static str) -> TextField {
    TextField { name, kind: TextKind::Texts }
}

const fn fields(name: &'static str, fields: &'static [TextField]) -> TextField {
    TextField { name, kind: TextKind::Fields(fields) }
}

const fn entries(name: &'static str, id: EntryId, fields: &'static [TextField]) -> TextField {
    TextField { name, kind: TextKind::Entries(id, fields) }
}

const UPCOMING: TextField = TextField { name: "upcoming", kind: TextKind::Upcoming };
const CONDITION: TextField = fields("condition", &[text("label")]);
const LOCATIONS: TextField = entries("locations", EntryId::Position, &[CONDITION]);
const TRANSFERS: TextField = entries("transfer_mechanism", EntryId::Position, &[text("note")]);

const SERVICES: TextField = entries(
    "services",
    EntryId::Field("name"),
    &[text("purpose"), texts("data_categories"), CONDITION, LOCATIONS, TRANSFERS, text("retention")],
);
const QUESTIONS: TextField =
    entries("questions", EntryId::Field("id"), &[text("question"), text("section"), text("explanation")]);

/// The fields of a disclosure outside its lists that contain text.
pub const SITE: &[TextField] = &[text("title"), text("description"), fields("notice", &[text("basis")])];

impl List {
    /// The fields of an item that contain text.
    pub const fn translatable(self) -> &'static [TextField] {
        match self {
            List::Sections | List::Pages => const { &[text("title"), text("summary"), text("body")] },
            List::Controls => const { &[text("title"), text("group"), text("description")] },
            List::Commitments => const { &[text("plan"), text("commitment"), text("details"), UPCOMING] },
            List::Subprocessors => {
                const {
                    &[
                        text("purpose"),
                        SERVICES,
                        text("category"),
                        texts("data_categories"),
                        CONDITION,
                        LOCATIONS,
                        TRANSFERS,
                        text("supplementary_measures"),
                        text("subject_matter"),
                        text("duration"),
                        text("retention"),
                        texts("data_subjects"),
                        text("special_categories"),
                        UPCOMING,
                    ]
                }
            }
            List::Certifications => const { &[text("scope")] },
            List::Documents => const { &[text("title"), text("category"), UPCOMING] },
            List::Faq => const { &[text("question"), text("answer")] },
            List::Ai => {
                const {
                    &[
                        text("feature"),
                        texts("data_categories"),
                        text("retention"),
                        text("human_oversight"),
                        text("opt_out"),
                        text("details"),
                        UPCOMING,
                    ]
                }
            }
            List::Questionnaires => const { &[text("title"), QUESTIONS] },
            List::Updates => const { &[text("title"), text("affected"), text("body")] },
            List::Facts => const { &[text("title"), text("plan"), text("details")] },
        }
    }
}

/// A text, or a list of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextValue {
    /// One text.
    One(String),
    /// A list of texts.
    Several(Vec<String>),
}

impl TextValue {
    /// Returns the text of a value of a disclosure.
    fn of(value: &Value) -> Option<TextValue> {
        match value {
            Value::String(text) => Some(TextValue::One(text.clone())),
            Value::Array(entries) => {
                let entries: Option<Vec<String>> =
                    entries.iter().map(|entry| entry.as_str().map(str::to_owned)).collect();
                entries.map(TextValue::Several)
            }
            _ => None,
        }
    }

    /// The SHA-256 of the text; of a list, that of the JSON array of its texts.
    pub fn digest(&self) -> Digest {
        match self {
            TextValue::One(text) => Digest::of(text.as_bytes()),
            TextValue::Several(entries) => Digest::of(Value::from(entries.clone()).to_string().as_bytes()),
        }
    }

    /// Whether a value can translate this one: a text a text, and a list a list with as many entries.
    pub fn fits(&self, other: &TextValue) -> bool {
        match (self, other) {
            (TextValue::One(_), TextValue::One(_)) => true,
            (TextValue::Several(own), TextValue::Several(other)) => own.len() == other.len(),
            _ => false,
        }
    }
}

impl fmt::Display for TextValue {
    /// Writes the text, or each text of a list on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextValue::One(text) => f.write_str(text),
            TextValue::Several(entries) => {
                let lines: Vec<String> = entries.iter().map(|entry| entry.replace('\n', " ")).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

/// A text of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    /// Identifies the text across releases, by the ids of its item and entries: `subprocessors[hetzner].purpose`.
    pub key: String,
    /// The path of its value in the content, by position: `subprocessors[3].purpose`.
    pub path: String,
    /// The text.
    pub value: TextValue,
}

impl Disclosure {
    /// The texts of the disclosure, in its order.
    pub fn texts(&self) -> Vec<SourceText> {
        let whole = self.to_json();
        let mut found = Vec::new();
        collect(&whole, SITE, SITE, ("site", "site"), &mut found);
        for list in List::ALL {
            let fields = list.translatable();
            for (position, item) in whole[list.name()].as_array().into_iter().flatten().enumerate() {
                let key = format!("{list}[{}]", EntryId::Field("id").of(item, position));
                collect(item, fields, fields, (&key, &format!("{list}[{position}]")), &mut found);
            }
        }
        found
    }

    /// Returns the disclosure with other texts, by their keys. Texts that are not among them stay.
    pub fn with_texts(&self, texts: &BTreeMap<String, TextValue>, language: &Language) -> Disclosure {
        let mut whole = self.to_json();
        replace(&mut whole, SITE, SITE, "site", texts);
        for list in List::ALL {
            let fields = list.translatable();
            let items = whole.get_mut(list.name()).and_then(Value::as_array_mut);
            for (position, item) in items.into_iter().flatten().enumerate() {
                let key = format!("{list}[{}]", EntryId::Field("id").of(item, position));
                replace(item, fields, fields, &key, texts);
            }
        }
        // Strings were replaced by strings, so it is still a disclosure.
        let mut translated: Disclosure = serde_json::from_value(whole).unwrap_or_else(|_| self.clone());
        translated.language = language.clone();
        translated
    }

    /// The disclosure as JSON, in which texts are found by the names of fields.
    pub fn to_json(&self) -> Value {
        // Structs of strings, numbers and lists always serialize.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// Collects the texts of a map. `item` are the fields of the item that contains it; `at` are its key and its path.
fn collect(
    map: &Value,
    fields: &[TextField],
    item: &'static [TextField],
    (key, path): (&str, &str),
    found: &mut Vec<SourceText>,
) {
    for field in fields {
        let Some(value) = map.get(field.name) else { continue };
        let (key, path) = (format!("{key}.{}", field.name), format!("{path}.{}", field.name));
        match field.kind.inner(item) {
            None => found.extend(TextValue::of(value).map(|value| SourceText { key, path, value })),
            Some((None, fields)) => collect(value, &fields, item, (&key, &path), found),
            Some((Some(id), fields)) => {
                for (position, entry) in value.as_array().into_iter().flatten().enumerate() {
                    let at = (format!("{key}[{}]", id.of(entry, position)), format!("{path}[{position}]"));
                    collect(entry, &fields, item, (&at.0, &at.1), found);
                }
            }
        }
    }
}

/// Replaces the texts of a map. `item` are the fields of the item that contains it, and `key` is its key.
fn replace(
    map: &mut Value,
    fields: &[TextField],
    item: &'static [TextField],
    key: &str,
    texts: &BTreeMap<String, TextValue>,
) {
    for field in fields {
        let Some(value) = map.get_mut(field.name) else { continue };
        let key = format!("{key}.{}", field.name);
        match field.kind.inner(item) {
            None => {
                let source = TextValue::of(value);
                let text = texts.get(&key).filter(|text| source.is_some_and(|source| source.fits(text)));
                match text {
                    Some(TextValue::One(text)) => *value = Value::from(text.as_str()),
                    Some(TextValue::Several(entries)) => *value = Value::from(entries.clone()),
                    None => {}
                }
            }
            Some((None, fields)) => replace(value, &fields, item, &key, texts),
            Some((Some(id), fields)) => {
                for (position, entry) in value.as_array_mut().into_iter().flatten().enumerate() {
                    let key = format!("{key}[{}]", id.of(entry, position));
                    replace(entry, &fields, item, &key, texts);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::{SITE, TextField, TextKind, TextValue};
    use crate::model::{Disclosure, List};

    /// The fields of the model that contain plain strings and are facts: the same in every language.
    const FACTS: &[&str] = &[
        "contacts.NAME",
        "dimensions.NAME[]",
        "organization.address",
        "organization.legal_name",
        "organization.name",
        "ai[].model",
        "certifications[].editions[].number",
        "certifications[].framework",
        "certifications[].issuer",
        "certifications[].number",
        "controls[].evidence",
        "controls[].frameworks[]",
        "documents[].editions[].file",
        "documents[].editions[].version",
        "documents[].file",
        "documents[].version",
        "questionnaires[].owner",
        "questionnaires[].questions[].number",
        "questionnaires[].standard",
        "questionnaires[].version",
        "subprocessors[].address",
        "subprocessors[].contact",
        "subprocessors[].euid",
        "subprocessors[].former_names[]",
        "subprocessors[].legal_name",
        "subprocessors[].lei",
        "subprocessors[].name",
        "subprocessors[].locations[].place",
        "subprocessors[].services[].locations[].place",
        "subprocessors[].services[].name",
    ];

    /// Adds the paths of all plain strings of a schema.
    fn strings(schema: &Value, root: &Value, at: &str, depth: usize, found: &mut BTreeSet<String>) {
        let last = at.rsplit('.').next().unwrap_or_default();
        // Conditions name features and dimensions; only their label is text. Upcoming changes have the fields of their item.
        if depth > 24 || last == "upcoming[]" {
            return;
        }
        if last == "condition" {
            found.insert(format!("{at}.label"));
            return;
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
            return strings(&root["$defs"][name], root, at, depth + 1, found);
        }
        for form in ["anyOf", "oneOf", "allOf"] {
            schema[form].as_array().into_iter().flatten().for_each(|one| strings(one, root, at, depth + 1, found));
        }
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            strings(field, root, &at, depth + 1, found);
        }
        if schema["items"].is_object() {
            strings(&schema["items"], root, &format!("{at}[]"), depth + 1, found);
        }
        for map in ["additionalProperties"].iter().map(|key| &schema[*key]).filter(|map| map.is_object()) {
            strings(map, root, &format!("{at}.NAME"), depth + 1, found);
        }
        let patterns = schema["patternProperties"].as_object().into_iter().flatten();
        patterns.for_each(|(_, value)| strings(value, root, &format!("{at}.NAME"), depth + 1, found));
        let is_string = schema["type"] == "string" || schema["type"][0] == "string";
        let is_free = ["const", "enum", "pattern", "format", "oneOf"].iter().all(|key| schema[*key].is_null());
        if is_string && is_free {
            found.insert(at.to_owned());
        }
    }

    fn table(fields: &[TextField], item: &'static [TextField], at: &str, found: &mut BTreeSet<String>) {
        for field in fields.iter().filter(|field| field.kind != TextKind::Upcoming) {
            let at = if at.is_empty() { field.name.to_owned() } else { format!("{at}.{}", field.name) };
            match field.kind.inner(item) {
                None if field.kind == TextKind::Texts => _ = found.insert(format!("{at}[]")),
                None => _ = found.insert(at),
                Some((None, fields)) => table(&fields, item, &at, found),
                Some((Some(_), fields)) => table(&fields, item, &format!("{at}[]"), found),
            }
        }
    }

    #[test]
    fn every_string_of_the_model_is_either_a_text_or_a_fact() {
        let schema = schemars::schema_for!(Disclosure).to_value();
        let mut model = BTreeSet::new();
        strings(&schema, &schema, "", 0, &mut model);
        let mut stated = BTreeSet::new();
        table(SITE, SITE, "", &mut stated);
        for list in List::ALL {
            table(list.translatable(), list.translatable(), &format!("{list}[]"), &mut stated);
        }
        let facts: BTreeSet<String> = FACTS.iter().map(|name| (*name).to_owned()).collect();
        let unknown: Vec<_> = model.iter().filter(|name| !stated.contains(*name) && !facts.contains(*name)).collect();
        assert!(unknown.is_empty(), "state whether these are texts or facts: {unknown:#?}");
        let gone: Vec<_> = stated.iter().filter(|name| !model.contains(*name)).collect();
        assert!(gone.is_empty(), "the model has no such strings: {gone:#?}");
        assert!(facts.is_disjoint(&stated), "both a text and a fact");
    }

    #[test]
    fn upcoming_changes_can_be_translated_if_the_item_has_some() {
        let schema = schemars::schema_for!(Disclosure).to_value();
        for list in List::ALL {
            let name = schema["properties"][list.name()]["items"]["$ref"].as_str().expect("a type");
            let item = &schema["$defs"][name.rsplit('/').next().unwrap_or_default()];
            let has = list.translatable().iter().any(|field| field.kind == TextKind::Upcoming);
            assert_eq!(has, item["properties"]["upcoming"].is_object(), "{list}");
        }
    }

    #[test]
    fn texts_have_keys_by_id_and_paths_by_position() {
        let disclosure: Disclosure = serde_json::from_value(json!({
            "title": "Trust", "organization": {"name": "Example"}, "notice": {"basis": "Section 7"},
            "subprocessors": [{
                "id": "a", "name": "A", "purpose": "Hosting", "data_categories": ["Names", "Logs"],
                "services": [{"name": "Mail", "purpose": "Sends email"}],
                "locations": ["DE", {"code": "US", "place": "Ohio", "condition": {"feature": "X", "label": "Only X"}}],
                "upcoming": [{"announced": "2026-01-01", "effective": "2026-02-01", "note": "More", "purpose": "Storage"}],
            }],
        }))
        .expect("a disclosure");
        let found: Vec<_> = disclosure.texts().into_iter().map(|text| (text.key, text.path)).collect();
        let expected = [
            ("site.title", "site.title"),
            ("site.notice.basis", "site.notice.basis"),
            ("subprocessors[a].purpose", "subprocessors[0].purpose"),
            ("subprocessors[a].services[Mail].purpose", "subprocessors[0].services[0].purpose"),
            ("subprocessors[a].data_categories", "subprocessors[0].data_categories"),
            ("subprocessors[a].locations[1].condition.label", "subprocessors[0].locations[1].condition.label"),
            ("subprocessors[a].upcoming[2026-01-01].note", "subprocessors[0].upcoming[0].note"),
            ("subprocessors[a].upcoming[2026-01-01].purpose", "subprocessors[0].upcoming[0].purpose"),
        ];
        assert_eq!(found, expected.map(|(key, path)| (key.to_owned(), path.to_owned())));
        // Each text is replaced where it was found, and nothing else changes.
        let other = |text: super::SourceText| (text.key, mark(&text.value));
        let texts = disclosure.texts().into_iter().map(other).collect();
        let language = "de".parse().expect("a language");
        let translated = disclosure.with_texts(&texts, &language);
        assert_eq!(translated.language, language);
        let own = |disclosure: &Disclosure| disclosure.texts().into_iter().map(|text| text.value).collect::<Vec<_>>();
        assert_eq!(own(&translated), own(&disclosure).iter().map(mark).collect::<Vec<_>>());
        let originals = disclosure.texts().into_iter().map(|text| (text.key, text.value)).collect();
        assert_eq!(translated.with_texts(&originals, &disclosure.language), disclosure);
    }

    fn mark(text: &TextValue) -> TextValue {
        match text {
            TextValue::One(text) => TextValue::One(format!("{text}!")),
            TextValue::Several(entries) => TextValue::Several(entries.iter().map(|text| format!("{text}!")).collect()),
        }
    }

    #[test]
    fn digests_of_texts_are_those_of_their_bytes() {
        let one = TextValue::One("Hosting".into());
        assert_eq!(one.digest(), crate::model::Digest::of(b"Hosting"));
        let several = TextValue::Several(vec!["Hosting".into()]);
        assert_ne!(several.digest(), one.digest());
        assert!(several.fits(&TextValue::Several(vec!["Betrieb".into()])));
        assert!(!several.fits(&one) && !several.fits(&TextValue::Several(Vec::new())));
    }
}
