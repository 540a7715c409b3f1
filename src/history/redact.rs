//! Withholds values from records, and finds the other places where they are stated.
//!
//! Everything here works on the JSON of a record and not on its types, so that a value can be withheld even if only a newer candor
//! knows its field.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::diff::upcoming;
use super::withholding::{escape, is_prose, keys};
use crate::markdown::{self, LinkTarget, RenderOptions};
use crate::model::{Disclosure, Settings, Withheld};
use crate::text::percent;

/// The minimum length of a text that is searched for elsewhere, in characters: shorter ones occur by chance.
const MIN_SEARCHED: usize = 3;

/// Returns the bytes of a record with the values at these places withheld.
///
/// # Errors
/// The first pointer that leads to no value.
pub fn withhold(record: &[u8], pointers: &[String]) -> Result<Vec<u8>, String> {
    let mut value: Value = serde_json::from_slice(record).map_err(|_| String::new())?;
    for pointer in pointers {
        *value.pointer_mut(pointer).ok_or_else(|| pointer.clone())? = Withheld::value();
    }
    // Cannot fail: the keys of a JSON value are strings.
    let mut bytes = serde_json::to_vec_pretty(&value).unwrap_or_default();
    bytes.push(b'\n');
    Ok(bytes)
}

/// Why a pointer cannot be withheld, and what to use instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongPointer {
    /// What is wrong, without the pointer.
    pub why: String,
    /// What to use instead.
    pub help: String,
}

/// Returns the places that a pointer of the user means, as pointers to single values: those of an item are all its fields
/// but `id`. Items can be named by id or by position.
///
/// # Errors
/// If the pointer leads to no value, or to one that cannot be withheld.
pub fn places(record: &Value, pointer: &str) -> Result<Vec<String>, WrongPointer> {
    let wrong = |why: &str, help: String| WrongPointer { why: why.to_owned(), help };
    let usage = || "use `/summary`, or a path such as `/disclosure/subprocessors/stripe/contact`".to_owned();
    let parts = keys(pointer);
    let is_inside = pointer == "/summary" || (pointer.starts_with("/disclosure/") && parts.len() > 1);
    if !is_inside {
        return Err(wrong("is neither `/summary` nor below `/disclosure`", usage()));
    }
    let (mut at, mut resolved) = (record, String::new());
    for key in &parts {
        let by_id = |list: &[Value]| list.iter().position(|item| identifier(item) == Some(key));
        let next = match at {
            _ if Withheld::is(at) => return Err(wrong("is withheld already", "leave it out".to_owned())),
            Value::Array(list) => {
                match by_id(list).or_else(|| position(key)).and_then(|at| Some((at, list.get(at)?))) {
                    Some((position, value)) => {
                        resolved.push_str(&format!("/{position}"));
                        Some(value)
                    }
                    None => None,
                }
            }
            Value::Object(object) => {
                resolved.push_str(&format!("/{}", escape(key)));
                object.get(key)
            }
            _ => None,
        };
        let Some(next) = next else {
            let names: Vec<String> = match at {
                Value::Object(object) => object.keys().filter(|key| *key != "id").cloned().collect(),
                Value::Array(list) => list.iter().enumerate().map(|(at, item)| name(at, item)).collect(),
                _ => Vec::new(),
            };
            let help = if names.is_empty() { usage() } else { format!("use one of: {}", shortened(&names)) };
            return Err(wrong("does not exist in the record", help));
        };
        at = next;
    }
    if Withheld::is(at) {
        return Err(wrong("is withheld already", "leave it out".to_owned()));
    }
    if parts.last().is_some_and(|last| last == "id") {
        return Err(wrong("is an id", "ids identify items across releases and stay; name the other fields".to_owned()));
    }
    let values = match at {
        Value::Object(object) if object.contains_key("id") || parts.len() == 2 => object
            .iter()
            .filter(|(key, value)| *key != "id" && !Withheld::is(value))
            .map(|(key, _)| format!("{resolved}/{}", escape(key)))
            .collect(),
        // Entries of `upcoming` may have ids, which identify no items.
        _ if has_ids(at) && parts.last().is_none_or(|last| last != upcoming::FIELD) => {
            return Err(wrong("contains ids", "name its items, which keep their ids".to_owned()));
        }
        _ => vec![resolved],
    };
    if values.is_empty() { Err(wrong("has nothing to withhold", usage())) } else { Ok(values) }
}

/// Returns the id of an item, the name of a part that is identified by it, or the key of an upcoming change without an id.
fn identifier(item: &Value) -> Option<&str> {
    ["id", "name", "announced"].iter().find_map(|key| item.get(*key)).and_then(Value::as_str)
}

fn position(key: &str) -> Option<usize> {
    // RFC 6901: no leading zeros.
    key.parse().ok().filter(|at: &usize| at.to_string() == key)
}

fn name(at: usize, item: &Value) -> String {
    identifier(item).map_or_else(|| at.to_string(), str::to_owned)
}

fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown =
        names.iter().take(SHOWN).map(|name| format!("`{}`", name.escape_debug())).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}

fn has_ids(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.contains_key("id") || object.values().any(has_ids),
        Value::Array(list) => list.iter().any(has_ids),
        _ => false,
    }
}

/// Returns the places in another record that state the same value at the same item and field.
pub fn same_places(record: &Value, pointer: &str, other: &Value) -> Vec<String> {
    let Some(value) = record.pointer(pointer) else { return Vec::new() };
    let mut found = vec![(String::new(), other)];
    let mut here = record;
    for key in keys(pointer) {
        found = found
            .into_iter()
            .flat_map(|(at, other)| match (here, other) {
                (Value::Array(list), Value::Array(others)) => {
                    let id = position(&key).and_then(|at| list.get(at)?.get("id"));
                    let matches = |item: &Value| id.is_none_or(|id| item.get("id") == Some(id));
                    let items = others.iter().enumerate().filter(|(_, item)| matches(item));
                    items.map(|(nth, item)| (format!("{at}/{nth}"), item)).collect()
                }
                (_, Value::Object(object)) => {
                    let member = object.get(&key).map(|value| (format!("{at}/{}", escape(&key)), value));
                    member.into_iter().collect::<Vec<_>>()
                }
                _ => Vec::new(),
            })
            .collect();
        let Some(next) = here.pointer(&format!("/{}", escape(&key))) else { return Vec::new() };
        here = next;
    }
    found.into_iter().filter(|(_, other)| *other == value).map(|(at, _)| at).collect()
}

/// A text that was withheld.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WithheldText {
    /// The value as the record states it.
    pub text: String,
    /// Where it was.
    pub pointer: String,
}

/// Returns the texts of the values at these places that are long enough to be recognized elsewhere.
pub fn texts(record: &Value, pointers: &[String]) -> Vec<WithheldText> {
    let mut found = Vec::new();
    for pointer in pointers {
        if let Some(value) = record.pointer(pointer) {
            strings(value, pointer, &mut |pointer, text| {
                if is_prose(pointer) {
                    let text = text.trim();
                    if text.chars().count() >= MIN_SEARCHED {
                        found.push(WithheldText { text: text.to_owned(), pointer: pointer.to_owned() });
                    }
                }
            });
        }
    }
    found.sort();
    found.dedup_by(|one, other| one.text == other.text);
    found
}

/// Calls a function for each text in a value, with its place.
pub fn strings(value: &Value, pointer: &str, visit: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(text) => visit(pointer, text),
        Value::Object(object) => {
            for (key, value) in object {
                strings(value, &format!("{pointer}/{}", escape(key)), visit);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                strings(value, &format!("{pointer}/{at}"), visit);
            }
        }
        _ => {}
    }
}

/// Returns the places in a value that contain one of the texts, as whole words.
pub fn stating(value: &Value, root: &str, search: &Search) -> Vec<String> {
    let mut found = Vec::new();
    strings(value, root, &mut |pointer, text| {
        if !pointer.ends_with("/id") && search.is_in(text) {
            found.push(pointer.to_owned());
        }
    });
    found
}

/// Returns the places in the content that state one of the texts, or a value at the same item and field.
pub fn in_content(content: &Disclosure, record: &Value, pointers: &[String], search: &Search) -> Vec<String> {
    let content = serde_json::json!({ "disclosure": content });
    let mut found = stating(&content["disclosure"], "/disclosure", search);
    found.extend(pointers.iter().flat_map(|pointer| same_places(record, pointer, &content)));
    found.sort();
    found.dedup();
    found
}

/// Searches for withheld texts in every spelling that a reader takes for the same: with other white space, in another Unicode
/// normalization, with Markdown, HTML or percent-encoding, and, if it has several words, in another case, or with hyphens or
/// underscores between them.
#[derive(Debug, Default)]
pub struct Search {
    /// Single words. One that is also a name is the same only in the same case.
    words: Vec<String>,
    /// Texts of several words, [folded].
    phrases: Vec<String>,
}

impl Search {
    /// Creates a search for these texts. The addresses in them are searched for, too, except for those of the site itself: other
    /// texts may link to the same page, file or anchor.
    pub fn new(texts: &[WithheldText], settings: &Settings) -> Search {
        let is_withheld = |address: &str| match markdown::target(address) {
            Some(LinkTarget::Site { .. } | LinkTarget::Anchor(_)) => false,
            Some(LinkTarget::Web(address)) => settings.own_path(&address).is_none(),
            Some(LinkTarget::Mail { .. } | LinkTarget::Phone(_)) | None => true,
        };
        let texts = texts.iter().filter(|withheld| settings.own_path(&withheld.text).is_none());
        let readings = texts.flat_map(|withheld| readings(&withheld.text, &is_withheld));
        let readings = readings.filter(|text| text.chars().count() >= MIN_SEARCHED);
        let (words, phrases): (Vec<String>, _) = readings.partition(|text| text.chars().all(char::is_alphanumeric));
        Search { words, phrases: phrases.iter().map(|phrase: &String| folded(phrase)).collect() }
    }

    /// Whether a text states one of those that are searched for, and not only as a part of a longer word or number.
    pub fn is_in(&self, text: &str) -> bool {
        if self.words.is_empty() && self.phrases.is_empty() {
            return false;
        }
        readings(text, &|_| true).iter().any(|reading| {
            let folded = folded(reading);
            self.words.iter().any(|word| contains(reading, word))
                || self.phrases.iter().any(|phrase| contains(&folded, phrase))
        })
    }
}

/// Returns what a reader takes a text for: as it is written, as Markdown, and each of these addresses in it, with single spaces.
fn readings(text: &str, is_included: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut all = vec![single_spaced(text)];
    let mut add = |reading: String| {
        if !all.contains(&reading) {
            all.push(reading);
        }
    };
    if text.contains(['&', '*', '_', '`', '\\', '[', '<', '~']) {
        let rendered = markdown::render(text, &RenderOptions::new(""));
        add(single_spaced(&rendered.text));
        let addresses = markdown::addresses(text).into_iter().filter(|address| is_included(address));
        addresses.for_each(|address| add(single_spaced(&percent::decode_lossy(&address))));
    }
    if text.contains('%') {
        add(single_spaced(&percent::decode_lossy(text)));
    }
    all
}

/// Returns a text in Unicode normalization form NFKC, with one space for each sequence of white space, and without characters that
/// have no width. Some file systems and keyboards store accents as separate characters (NFD).
fn single_spaced(text: &str) -> String {
    let is_visible = |c: &char| !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
    let visible: String = text.chars().filter(is_visible).nfkc().collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a text in lower case, with spaces in the place of hyphens and underscores, as file names and addresses have them.
fn folded(text: &str) -> String {
    text.to_lowercase().replace(['-', '_', '\u{2010}', '\u{2011}'], " ")
}

/// Whether a text contains another one, and not only as a part of a longer word or number.
fn contains(text: &str, part: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(part).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + part.len()..]);
        let starts = !is_word(part.chars().next()) || !is_word(before.chars().next_back());
        let ends = !is_word(part.chars().next_back()) || !is_word(after.chars().next());
        starts && ends
    })
}

#[cfg(test)]
mod tests {
    use super::{Search, WithheldText};
    use crate::model::Settings;

    fn search(text: &str) -> Search {
        let settings = Settings { base_url: "https://a.example/trust".parse().ok(), ..Settings::default() };
        Search::new(&[WithheldText { text: text.to_owned(), pointer: String::new() }], &settings)
    }

    #[test]
    fn finds_names_in_every_unicode_normalization() {
        let (composed, decomposed) = ("Ren\u{E9}e N\u{FA}\u{F1}ez", "Rene\u{301}e Nu\u{301}n\u{303}ez");
        for (withheld, stated) in [(composed, decomposed), (decomposed, composed)] {
            assert!(search(withheld).is_in(stated), "{withheld:?} in {stated:?}");
            assert!(search(withheld).is_in(&format!("documents/{}.pdf", stated.to_lowercase().replace(' ', "-"))));
            assert!(search(&withheld[..withheld.find(' ').unwrap_or(0)]).is_in(&format!("Ask {stated}.")));
        }
        assert!(search("Rene").is_in("Ren\u{E9}, Rene") && !search("Rene").is_in("Rene\u{301}"));
        assert!(search("Fiona Flick").is_in("\u{FB01}ona \u{FB02}ick"));
    }

    #[test]
    fn addresses_of_the_site_are_not_the_withheld_text() {
        for address in [
            "documents/dpa.pdf",
            "subprocessors/",
            "/#documents",
            "#documents",
            "img/flow.svg",
            "https://a.example/trust/documents/dpa.pdf",
        ] {
            for link in [
                format!("[this]({address})"),
                format!("[this]({address} \"x\")"),
                format!("![this]({address})"),
                format!("[this][1]\n\n[1]: {address}"),
            ] {
                let search = search(&format!("Ask Jane Roe. See {link}."));
                assert!(!search.is_in(&format!("[Other text]({address})")), "{link}");
                assert!(!search.is_in(address), "{link}");
                assert!(search.is_in(&format!("Ask Jane Roe. See {link}.")), "{link}");
                assert!(search.is_in("Ask Jane Roe. See this."), "{link}");
            }
        }
        for address in ["mailto:jane@roe.example", "tel:+49-30-5550199", "https://jane-roe.example/"] {
            assert!(search(&format!("Ask [us]({address}).")).is_in(&format!("[Other]({address})")), "{address}");
        }
        assert!(!search("https://a.example/trust/subprocessors/").is_in("[x](https://a.example/trust/subprocessors/)"));
    }

    #[test]
    fn finds_every_spelling_of_a_withheld_text() {
        for text in [
            "Ask Jane Roe.",
            "Ask Jane\nRoe.",
            "Ask Jane  Roe.",
            "Jane&nbsp;Roe",
            "Jane\u{A0}Roe",
            "Jane&#32;Roe",
            "**Jane** Roe",
            "Jane _Roe_",
            "JANE ROE",
            "[mail](https://a.example/?to=Jane%20Roe)",
            "Ja\u{AD}ne Roe",
            "Jane-Roe",
            "documents/jane_roe.pdf",
            "https://a.example/team/jane-roe",
        ] {
            assert!(search("Jane Roe").is_in(text), "{text:?}");
        }
        for text in ["Jane Roebuck", "Jane, Roe", "Roe Jane", "jane.roe@a.example"] {
            assert!(!search("Jane Roe").is_in(text), "{text:?}");
        }
        assert!(search("Jane-Roe").is_in("Jane Roe") && !search("Jane Roe").is_in("jane-roebuck"));
        assert!(search("Will").is_in("Ask Will.") && !search("Will").is_in("We will."));
        assert!(search("jane.roe@a.example").is_in("[Mail](mailto:Jane.Roe@a.example)"));
        assert!(search("**Jane** Roe").is_in("Jane Roe"));
        assert!(!search("").is_in("Jane"));
    }
}
