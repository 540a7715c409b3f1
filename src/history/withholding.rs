//! Takes withheld values out of records before they are parsed.
//!
//! A withheld value is `{"redacted": true}`, for every type. The schema of the record says what the typed reading needs in
//! its place: text, if the field holds text, and nothing, if it holds a date or a number. The places are kept with the release.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::diff::Subject;
use super::record::Record;
use crate::model::{Disclosure, Language, PLACEHOLDER, STATIC_PATH, Withheld};

/// The maximum number of withheld values of a record.
pub const MAX_VALUES: usize = 10_000;

/// Types that are written as text but cannot hold any text.
const DATE: &str = "#/$defs/Date";
const LANGUAGE: &str = "#/$defs/Language";

/// The type of conditions. Without one, a subprocessor would apply to every customer.
const CONDITION: &str = "#/$defs/Condition";

/// The schema of a record. A record of schema 1 has the same disclosure.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Record).to_value());

/// Whether the text of a record, in the format that candor writes, may contain withheld values.
pub fn may_be_in(text: &str) -> bool {
    text.contains("\"redacted\": true")
}

/// Takes the withheld values out of a record: puts text in their place, or removes them.
pub fn take(record: &mut Value) -> Withheld {
    let mut pointers = Vec::new();
    if record.get("summary").is_some_and(Withheld::is) {
        pointers.push("/summary".to_owned());
    }
    for (key, part) in record.get("disclosure").and_then(Value::as_object).into_iter().flatten() {
        find(part, &mut format!("/disclosure/{}", escape(key)), &mut pointers);
    }
    let mut withheld = Withheld::default();
    for pointer in &pointers {
        if let Some((place, field, value)) = field_of(record, pointer) {
            withheld.fields.entry(place).or_default().insert(field, value);
        }
    }
    // From the end, so that removing an element does not move those that follow.
    let mut removed: Option<&str> = None;
    for pointer in pointers.iter().rev() {
        // The values of what was removed are next to each other.
        if removed.and_then(|removed| pointer.strip_prefix(removed)).is_some_and(|rest| rest.starts_with('/')) {
            continue;
        }
        match schema_at(pointer).into_iter().find_map(placeholder) {
            Some(value) => record.pointer_mut(pointer).into_iter().for_each(|at| *at = value.clone()),
            None => {
                let target = optional(pointer);
                remove(record, target);
                removed = Some(target);
            }
        }
    }
    withheld.pointers = pointers.into_iter().collect();
    withheld
}

/// Returns the disclosure and the summary with this word in the place of each withheld text.
pub fn filled(disclosure: &Disclosure, summary: &str, withheld: &Withheld, word: &str) -> Option<(Disclosure, String)> {
    let mut record = serde_json::json!({ "summary": summary, "disclosure": disclosure });
    for pointer in &withheld.pointers {
        record.pointer_mut(written(&record, pointer)).into_iter().for_each(|at| fill(at, word));
    }
    let summary = record["summary"].as_str()?.to_owned();
    Some((serde_json::from_value(record["disclosure"].take()).ok()?, summary))
}

/// Returns the pointer to a value, or to the smallest value above it within its field that exists: a list with one word can have been
/// written as the word.
fn written<'p>(record: &Value, mut pointer: &'p str) -> &'p str {
    /// The number of keys to a field of an item.
    const FIELD: usize = 4;
    while record.pointer(pointer).is_none() && pointer.matches('/').count() > FIELD {
        pointer = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    pointer
}

fn fill(value: &mut Value, word: &str) {
    match value {
        Value::String(text) if text == PLACEHOLDER => *text = word.to_owned(),
        Value::Array(list) => list.iter_mut().for_each(|value| fill(value, word)),
        Value::Object(object) => object.values_mut().for_each(|value| fill(value, word)),
        _ => {}
    }
}

/// Finds the withheld values in a part of a record.
fn find(value: &Value, pointer: &mut String, found: &mut Vec<String>) {
    let length = pointer.len();
    match value {
        _ if Withheld::is(value) => found.push(pointer.clone()),
        Value::Object(object) => {
            for (key, value) in object {
                pointer.push('/');
                pointer.push_str(&escape(key));
                find(value, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                pointer.push_str(&format!("/{at}"));
                find(value, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Returns the part of the disclosure and the item that a pointer leads into, its field, and the value of the field.
fn field_of(record: &Value, pointer: &str) -> Option<((String, Option<String>), String, Value)> {
    let keys = keys(pointer);
    let [_, part, rest @ ..] = keys.as_slice() else { return None };
    let part_value = record.pointer(&format!("/disclosure/{}", escape(part)))?;
    let (place, object, field) = match (part_value, rest) {
        (Value::Array(items), [at, field, ..]) => {
            let item = items.get(at.parse::<usize>().ok()?)?;
            ((part.clone(), Some(item.get("id")?.as_str()?.to_owned())), item, field)
        }
        (Value::Object(_), [field, ..]) => ((part.clone(), None), part_value, field),
        (_, []) => ((Subject::Page.name().to_owned(), None), record.get("disclosure")?, part),
        _ => return None,
    };
    Some((place, field.clone(), object.get(field)?.clone()))
}

/// Splits a JSON pointer into its keys.
pub fn keys(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect()
}

/// Escapes a key for a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the pointer of the smallest value that contains this one and can be left out: a period cannot lack its last day.
fn optional(mut pointer: &str) -> &str {
    while let Some((parent, key)) = pointer.rsplit_once('/') {
        let is_required = |schema: &Value| {
            schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|name| name == key))
        };
        if !schema_at(parent).into_iter().flat_map(variants).any(is_required) {
            break;
        }
        pointer = parent;
    }
    pointer
}

/// Removes the field of an item, or of an object of the disclosure, that contains the value at a pointer.
pub fn drop_field(record: &mut Value, pointer: &str) {
    let keys = keys(pointer);
    let [disclosure, part, rest @ ..] = keys.as_slice() else { return };
    let Some(part) = record.get_mut(disclosure).and_then(|disclosure| disclosure.get_mut(part)) else { return };
    let (object, field) = match (part, rest) {
        (Value::Array(items), [at, field, ..]) => {
            (at.parse::<usize>().ok().and_then(|at| items.get_mut(at)?.as_object_mut()), field)
        }
        (Value::Object(object), [field, ..]) => (Some(object), field),
        _ => return,
    };
    object.into_iter().for_each(|object| drop(object.shift_remove(field)));
}

/// Removes the value at a pointer.
fn remove(record: &mut Value, pointer: &str) {
    let Some((parent, _)) = pointer.rsplit_once('/') else { return };
    let Some(key) = keys(pointer).pop() else { return };
    match record.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.shift_remove(&key)),
        Some(Value::Array(list)) => {
            if let Some(at) = key.parse().ok().filter(|at| *at < list.len()) {
                list.remove(at);
            }
        }
        _ => {}
    }
}

/// Whether the field at this pointer holds text that a person wrote, and not a date, a code or a keyword.
pub fn is_prose(pointer: &str) -> bool {
    let free = |schema: &Value| {
        let closed = ["pattern", "format", "const", "enum"].iter().any(|key| schema.get(key).is_some());
        has_type(schema, "string") && !closed
    };
    schema_at(pointer).into_iter().flat_map(|schema| variants(schema)).any(free)
}

/// Returns the schemas of the value at a pointer; none if this version of candor does not know the field.
fn schema_at(pointer: &str) -> Vec<&'static Value> {
    let mut schemas: Vec<&'static Value> = vec![&SCHEMA];
    for key in keys(pointer) {
        let all: Vec<&'static Value> = schemas.into_iter().flat_map(|schema| variants(schema)).collect();
        // A key with a name is not also one of any other name: `any` of a condition is not a dimension.
        let named = |schema: &&'static Value| schema.get("properties").is_some_and(|fields| fields.get(&key).is_some());
        let is_named = all.iter().any(named);
        let all = all.into_iter().filter(|schema| !is_named || named(schema));
        schemas = all.flat_map(|schema| below(schema, &key)).collect();
    }
    schemas
}

/// Returns the schemas of a member or an element.
fn below(schema: &'static Value, key: &str) -> Vec<&'static Value> {
    let named = schema.get("properties").and_then(|properties| properties.get(key));
    let others = schema.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let others = others.chain(schema.get("additionalProperties"));
    let elements = schema.get("items").filter(|_| key.parse::<usize>().is_ok());
    match named.or(elements) {
        Some(schema) => vec![schema],
        None => others.filter(|schema| schema.is_object()).collect(),
    }
}

/// Returns a schema, or what it refers to, or its alternatives.
fn variants(schema: &'static Value) -> Vec<&'static Value> {
    if let Some(target) = referred(schema) {
        return variants(target);
    }
    let alternatives = ["anyOf", "oneOf", "allOf"].iter().filter_map(|key| schema.get(*key)?.as_array()).flatten();
    let alternatives: Vec<_> = alternatives.flat_map(variants).collect();
    if alternatives.is_empty() { vec![schema] } else { alternatives }
}

fn referred(schema: &Value) -> Option<&'static Value> {
    SCHEMA.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

/// Returns a value that the typed reading accepts in the place of a withheld one; `None` if there is none, so that the field must
/// be left out.
fn placeholder(schema: &'static Value) -> Option<Value> {
    let text = || Some(Value::String(PLACEHOLDER.to_owned()));
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return match target {
            DATE => None,
            // Every disclosure has one.
            LANGUAGE => Some(Language::default().as_str().into()),
            CONDITION => Some(serde_json::json!({ "feature": PLACEHOLDER })),
            _ => referred(schema).and_then(placeholder),
        };
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(alternatives) = schema.get(key).and_then(Value::as_array) {
            return alternatives.iter().find_map(placeholder);
        }
    }
    if schema.get("const").is_some_and(Value::is_string) || schema.get("enum").is_some() {
        text()
    } else if has_type(schema, "string") {
        if schema.get("pattern").and_then(Value::as_str) == Some(STATIC_PATH) { None } else { text() }
    } else if has_type(schema, "array") {
        Some(Value::Array(schema.get("items").and_then(placeholder).into_iter().collect()))
    } else if has_type(schema, "object") {
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let members: Option<Map<String, Value>> =
            required.map(|key| Some((key.to_owned(), placeholder(schema.get("properties")?.get(key)?)?))).collect();
        members.map(Value::Object)
    } else {
        None
    }
}

fn has_type(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{filled, is_prose, take};
    use crate::model::{Disclosure, Withheld};

    fn record() -> serde_json::Value {
        json!({
            "summary": "First.",
            "disclosure": {
                "title": "T", "language": "en",
                "organization": {"name": "O", "address": "Street", "notice_days": 30},
                "contacts": {"privacy": "a@example.com"},
                "controls": [{"id": "c", "title": "C", "status": "partial", "evidence": "d", "last_verified": "2026-01-01"}],
                "subprocessors": [{
                    "id": "s", "name": "S", "purpose": "P", "data_categories": ["A", "B"],
                    "condition": {"when": "enabled", "feature": "F"}, "website": "https://example.com",
                    "role": "affiliate", "locations": ["DE"], "corporate_location": "DE", "announced": "2026-01-01",
                    "data_subjects": ["X"], "replaces": "r",
                    "services": [{"name": "V", "purpose": "P", "data_categories": ["C"], "condition": {"feature": "G"},
                        "locations": [{"code": "FR", "place": "Paris"}], "transfer_mechanism": [{"mechanism": "scc", "to": ["US"]}]}],
                }],
                "certifications": [{
                    "id": "c", "framework": "F", "type": "report", "status": "active", "number": "N",
                    "valid_from": "2026-01-01", "period": {"from": "2025-01-01", "to": "2025-12-31"},
                    "registry_url": "https://example.com",
                    "editions": [{"number": "M", "period": {"from": "2024-01-01", "to": "2024-12-31"}, "document": "d"}],
                }],
                "documents": [{
                    "id": "d", "title": "D", "kind": "dpa", "access": "nda", "file": "d.pdf", "date": "2026-01-01",
                    "editions": [{"version": "1", "date": "2025-01-01", "file": "e.pdf"}, {"url": "https://example.com"}],
                }],
                "faq": [{"id": "q", "question": "Q", "answer": "A"}],
            }
        })
    }

    fn leaves(value: &serde_json::Value, at: String, found: &mut Vec<String>) {
        found.push(at.clone());
        match value {
            serde_json::Value::Object(object) => {
                object.iter().for_each(|(key, value)| leaves(value, format!("{at}/{key}"), found));
            }
            serde_json::Value::Array(list) => {
                list.iter().enumerate().for_each(|(nth, value)| leaves(value, format!("{at}/{nth}"), found));
            }
            _ => {}
        }
    }

    #[test]
    fn a_record_without_any_of_its_values_can_be_read() {
        let mut all = Vec::new();
        leaves(&record()["disclosure"], "/disclosure".to_owned(), &mut all);
        let is_item = |pointer: &str| pointer.rsplit('/').next().is_some_and(|last| last.parse::<u32>().is_ok());
        let fields = all.iter().filter(|pointer| {
            let depth = pointer.matches('/').count();
            !pointer.ends_with("/id") && depth > 1 && !(depth == 3 && is_item(pointer))
        });
        let fields = fields.filter(|pointer| {
            !record()
                .pointer(pointer)
                .is_some_and(|at| at.as_array().is_some_and(|list| list.iter().any(|item| item.get("id").is_some())))
        });
        let mut count = 0;
        for pointer in fields {
            let mut record = record();
            *record.pointer_mut(pointer).expect("a value") = Withheld::value();
            let withheld = take(&mut record);
            assert_eq!(withheld.pointers.iter().collect::<Vec<_>>(), [pointer]);
            let read: Result<Disclosure, _> = serde_json::from_value(record["disclosure"].clone());
            let read = read.unwrap_or_else(|error| panic!("{pointer}: {error}"));
            let (shown, _) = filled(&read, "First.", &withheld, "WITHHELD").expect("a disclosure");
            let text = serde_json::to_string(&shown).expect("JSON");
            assert!(!text.contains("\"redacted\""), "{pointer}: {text}");
            count += 1;
        }
        assert!(count > 30, "{count}");
    }

    #[test]
    fn a_withheld_keyword_never_becomes_its_default() {
        for pointer in
            ["/disclosure/controls/0/status", "/disclosure/documents/0/access", "/disclosure/subprocessors/0/condition"]
        {
            let mut record = record();
            *record.pointer_mut(pointer).expect("a value") = Withheld::value();
            take(&mut record);
            assert!(record.pointer(pointer).is_some_and(|value| value.to_string().contains("redacted")), "{pointer}");
        }
    }

    #[test]
    fn only_text_that_a_person_wrote_is_prose() {
        for pointer in [
            "/summary",
            "/disclosure/title",
            "/disclosure/organization/address",
            "/disclosure/faq/0/answer",
            "/disclosure/subprocessors/0/data_categories/1",
        ] {
            assert!(is_prose(pointer), "{pointer}");
        }
        for pointer in [
            "/disclosure/controls/0/status",
            "/disclosure/subprocessors/0/locations/0",
            "/disclosure/documents/0/date",
            "/disclosure/organization/notice_days",
        ] {
            assert!(!is_prose(pointer), "{pointer}");
        }
    }
}
