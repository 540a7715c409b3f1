//! Schemas of the content say what the loader says.
//!
//! The types alone are too strict in one way and too lax in others: the loader takes a field without a value for
//! one that is left out, refuses text of blanks, and refuses an entry that stands twice.

use serde_json::{Map, Value, json};

use crate::diagnostic::Code;
use crate::model::{Access, CountryCode};

/// Makes a generated schema accept and refuse what the loader does, as far as a schema can see it.
pub(super) fn as_loaded(schema: &mut Value) {
    name_countries(schema);
    name_rules(schema);
    exclude_file_and_url(schema);
    exclude_file_unless_public(schema);
    walk(schema);
}

fn walk(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            refuse_blank_text(map);
            refuse_repetition(map);
            accept_fields_without_value(map);
            map.values_mut().for_each(walk);
        }
        Value::Array(list) => list.iter_mut().for_each(walk),
        _ => {}
    }
}

fn has_type(map: &Map<String, Value>, name: &str) -> bool {
    match map.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}

fn refuse_blank_text(map: &mut Map<String, Value>) {
    let free = !["pattern", "enum", "const", "format"].iter().any(|key| map.contains_key(*key));
    if has_type(map, "string") && free {
        map.shift_remove("minLength");
        map.insert("pattern".into(), "\\S".into());
    }
}

/// Lists of items are left alone: two items differ in their ids, which a schema cannot compare.
fn refuse_repetition(map: &mut Map<String, Value>) {
    let of_texts = map.get("items").and_then(Value::as_object).is_some_and(|items| {
        let named = items.get("$ref").and_then(Value::as_str).unwrap_or_default();
        has_type(items, "string") || TEXTS.iter().any(|text| named == format!("#/$defs/{text}"))
    });
    if of_texts {
        map.insert("uniqueItems".into(), true.into());
    }
}

/// Types that are written as one text and stand in lists.
const TEXTS: [&str; 5] = ["CountryCode", "WebUrl", "Language", "Contact", "List"];

fn accept_fields_without_value(map: &mut Map<String, Value>) {
    let required: Vec<Value> = map.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(Value::Object(fields)) = map.get_mut("properties") else { return };
    for (name, field) in fields {
        let Value::Object(field) = field else { continue };
        let allows_null = has_type(field, "null")
            || field
                .get("anyOf")
                .and_then(Value::as_array)
                .is_some_and(|any| any.iter().any(|one| one["type"] == "null"));
        if required.iter().any(|one| one == name) || allows_null {
            continue;
        }
        if let Some(Value::String(one)) = field.get("type").cloned() {
            field.insert("type".into(), json!([one, "null"]));
        } else if let Some(reference) = field.shift_remove("$ref") {
            field.insert("anyOf".into(), json!([{ "$ref": reference }, { "type": "null" }]));
        }
    }
}

/// Editors offer the countries by name.
fn name_countries(schema: &mut Value) {
    let Some(Value::Object(country)) = schema.pointer_mut("/$defs/CountryCode") else { return };
    let codes: Vec<Value> = CountryCode::all().map(|(code, name)| json!({ "const": code, "title": name })).collect();
    country.shift_remove("pattern");
    country.insert("oneOf".into(), codes.into());
    country.insert("pattern".into(), "^[A-Z]{2}$".into());
}

/// Editors offer the rules whose level can be set.
fn name_rules(schema: &mut Value) {
    let Some(Value::Object(rules)) = schema.pointer_mut("/properties/rules") else { return };
    let names: Vec<&str> = Code::ALL.iter().filter(|code| code.is_adjustable()).map(|code| code.as_str()).collect();
    rules.insert("propertyNames".into(), json!({ "enum": names }));
}

/// A document has a `file` or a `url`, not both.
fn exclude_file_and_url(schema: &mut Value) {
    let Some(Value::Object(document)) = schema.pointer_mut("/$defs/Document") else { return };
    let text = json!({ "type": "string" });
    document.insert("not".into(), json!({ "required": ["file", "url"], "properties": { "file": text, "url": text } }));
}

/// A document that not everybody may have has no `file`.
fn exclude_file_unless_public(schema: &mut Value) {
    let Some(Value::Object(document)) = schema.pointer_mut("/$defs/Document") else { return };
    let restricted: Vec<&str> =
        Access::ALL.iter().filter(|(_, access)| !access.is_public()).map(|(word, _)| *word).collect();
    document.insert("if".into(), json!({ "required": ["access"], "properties": { "access": { "enum": restricted } } }));
    document.insert("then".into(), json!({ "properties": { "file": { "type": "null" } } }));
}
