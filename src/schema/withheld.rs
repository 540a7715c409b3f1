//! Lets the schemas of records and changes accept `{"redacted": true}` in place of every value that can be withheld.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::Withheld;

/// The definition of a withheld value.
const NAME: &str = "Withheld";

/// The definitions that have values of a release: the disclosure, and the items of changes.
const ROOTS: [&str; 2] = ["Disclosure", "AnyItem"];

/// Allows a withheld value for the summary of a record, and for every value of its disclosure and of items, except ids.
pub(super) fn allow(schema: &mut Value) {
    for record in ["Record", "RecordV1"] {
        if let Some(summary) = schema.pointer_mut(&format!("/$defs/{record}/properties/summary")) {
            alternative(summary);
        }
    }
    let mut names = BTreeSet::new();
    ROOTS.iter().for_each(|root| reach(schema, root, &mut names));
    // The ids of upcoming changes are optional, and identify no items.
    let is_item = |name: &&String| {
        let required = schema.pointer(&format!("/$defs/{name}/required")).and_then(Value::as_array);
        required.is_some_and(|fields| fields.iter().any(|field| field == "id"))
    };
    let items: BTreeSet<String> = names.iter().filter(is_item).map(|name| format!("#/$defs/{name}")).collect();
    for name in names {
        if let Some(definition) = schema.pointer_mut(&format!("/$defs/{name}")) {
            allow_members(definition, &items);
        }
    }
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.insert(NAME.to_owned(), Withheld::schema());
    }
}

/// Collects a definition and all that it refers to.
fn reach(schema: &Value, name: &str, names: &mut BTreeSet<String>) {
    let Some(definition) = schema.pointer(&format!("/$defs/{name}")) else { return };
    if names.insert(name.to_owned()) {
        references(definition, &mut |target| reach(schema, target, names));
    }
}

fn references(schema: &Value, visit: &mut dyn FnMut(&str)) {
    match schema {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix("#/$defs/")) {
                visit(name);
            }
            map.values().for_each(|value| references(value, visit));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, visit)),
        _ => {}
    }
}

/// Allows a withheld value for the members and elements of this schema and of those in it. `items` are the types of items: an item,
/// or a list of them, cannot be withheld as a whole, because ids stay.
fn allow_members(schema: &mut Value, items: &BTreeSet<String>) {
    let is_item = |schema: &Value| schema.get("$ref").and_then(Value::as_str).is_some_and(|name| items.contains(name));
    let Value::Object(map) = schema else { return };
    for key in ["properties", "patternProperties"] {
        let members = map.get_mut(key).and_then(Value::as_object_mut).into_iter().flatten();
        for (_, member) in members.filter(|(name, _)| *name != "id") {
            if member.get("items").is_some_and(is_item) {
                continue;
            }
            allow_members(member, items);
            alternative(member);
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(element) = map.get_mut(key).filter(|element| element.is_object()) {
            allow_members(element, items);
            alternative(element);
        }
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        for variant in map.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            allow_members(variant, items);
        }
    }
}

/// Replaces a schema with the alternative of itself and a withheld value. The description stays where editors find it.
fn alternative(schema: &mut Value) {
    let mut inner = schema.take();
    let description = inner.as_object_mut().and_then(|map| map.shift_remove("description"));
    let default = inner.as_object_mut().and_then(|map| map.shift_remove("default"));
    let withheld = json!({ "$ref": format!("#/$defs/{NAME}") });
    let mut outer = Map::new();
    outer.extend(description.map(|description| ("description".to_owned(), description)));
    outer.extend(default.map(|default| ("default".to_owned(), default)));
    match inner.as_object_mut().filter(|map| map.len() == 1).and_then(|map| map.get_mut("anyOf")) {
        Some(Value::Array(alternatives)) => alternatives.push(withheld),
        _ => inner = json!({ "anyOf": [inner, withheld] }),
    }
    if let Value::Object(inner) = inner {
        outer.extend(inner);
    }
    *schema = Value::Object(outer);
}
