//! Adjusts schemas of content to match the loader.
//!
//! Schemas that are generated from types are too strict in one way and too lax in others: the loader treats a field without a
//! value as missing, rejects strings that contain only whitespace, and rejects duplicate entries.

use serde_json::{Map, Value, json};

use crate::diagnostic::Code;
use crate::model::{Access, CountryCode, Territory};

/// Makes a generated schema accept and reject what the loader does, as far as a schema can express it.
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
            reject_blank_strings(map);
            reject_duplicates(map);
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

fn reject_blank_strings(map: &mut Map<String, Value>) {
    let free = !["pattern", "enum", "const", "format"].iter().any(|key| map.contains_key(*key));
    if has_type(map, "string") && free {
        map.shift_remove("minLength");
        map.insert("pattern".into(), "\\S".into());
    }
}

/// Rejects duplicate strings in lists. Items cannot be compared by their ids in a schema.
fn reject_duplicates(map: &mut Map<String, Value>) {
    let of_strings = map.get("items").and_then(Value::as_object).is_some_and(|items| {
        let named = items.get("$ref").and_then(Value::as_str).unwrap_or_default();
        has_type(items, "string") || STRING_TYPES.iter().any(|name| named == format!("#/$defs/{name}"))
    });
    if of_strings {
        map.insert("uniqueItems".into(), true.into());
    }
}

/// Types in lists that are strings, or also maps.
const STRING_TYPES: [&str; 5] = ["Location", "WebUrl", "Language", "Contact", "List"];

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

/// Lets editors offer countries and regions by name.
fn name_countries(schema: &mut Value) {
    let titled = |code: String, name: &str| json!({ "const": code, "title": name });
    let countries: Vec<Value> = CountryCode::all().map(|(code, name)| titled(code.to_string(), name)).collect();
    let territories: Vec<Value> = Territory::all().map(|(code, name)| titled(code.to_string(), name)).collect();
    for (definition, codes) in [("CountryCode", countries), ("Territory", territories)] {
        let Some(Value::Object(code)) = schema.pointer_mut(&format!("/$defs/{definition}")) else { continue };
        let pattern = code.shift_remove("pattern");
        code.insert("oneOf".into(), codes.into());
        code.extend(pattern.map(|pattern| ("pattern".to_owned(), pattern)));
    }
}

/// Lets editors offer the rules whose level can be set, and those whose warnings can be acknowledged.
fn name_rules(schema: &mut Value) {
    let Some(Value::Object(rules)) = schema.pointer_mut("/properties/rules") else { return };
    let names: Vec<&str> = Code::ALL.iter().filter(|code| code.is_adjustable()).map(|code| code.as_str()).collect();
    rules.insert("propertyNames".into(), json!({ "enum": names }));
    let Some(Value::Object(code)) = schema.pointer_mut("/$defs/Acknowledgment/properties/code") else { return };
    let names: Vec<&str> =
        Code::ALL.iter().filter(|code| code.can_be_acknowledged()).map(|code| code.as_str()).collect();
    code.insert("enum".into(), json!(names));
}

/// Rejects documents and editions with both a `file` and a `url`.
fn exclude_file_and_url(schema: &mut Value) {
    let string = json!({ "type": "string" });
    for definition in ["Document", "DocumentEdition"] {
        let Some(Value::Object(document)) = schema.pointer_mut(&format!("/$defs/{definition}")) else { continue };
        let both = json!({ "required": ["file", "url"], "properties": { "file": string, "url": string } });
        document.insert("not".into(), both);
    }
}

/// Rejects a `file` in documents that are not public, and in their editions.
fn exclude_file_unless_public(schema: &mut Value) {
    let Some(Value::Object(document)) = schema.pointer_mut("/$defs/Document") else { return };
    let restricted: Vec<&str> =
        Access::ALL.iter().filter(|(_, access)| !access.is_public()).map(|(word, _)| *word).collect();
    document.insert("if".into(), json!({ "required": ["access"], "properties": { "access": { "enum": restricted } } }));
    let none = json!({ "type": "null" });
    let editions = json!({ "items": { "properties": { "file": none } } });
    document.insert("then".into(), json!({ "properties": { "file": none, "editions": editions } }));
}
