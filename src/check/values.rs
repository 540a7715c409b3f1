//! All strings of the content, for rules that concern every field. New fields are covered automatically.

use serde_json::Value;

use crate::load::Content;
use crate::model::List;

/// A string of the content.
pub(super) struct ContentString<'a> {
    /// Its path in the places of the content, such as `subprocessors[3].name`.
    pub path: &'a str,
    /// The name of its field.
    pub field: &'a str,
    /// The string.
    pub text: &'a str,
    /// Whether it is the name of a field or of an entry, and not a value.
    pub is_key: bool,
}

/// Calls `visit` for every string of the disclosure and of the settings, and for every key of a map.
pub(super) fn each(content: &Content, visit: &mut dyn FnMut(ContentString<'_>)) {
    // Structs of strings, numbers and lists always serialize.
    let disclosure = serde_json::to_value(&content.disclosure).unwrap_or_default();
    let settings = serde_json::to_value(&content.settings).unwrap_or_default();
    for (value, is_settings) in [(&disclosure, false), (&settings, true)] {
        let Value::Object(fields) = value else { continue };
        for (field, value) in fields {
            let list = List::ALL.iter().any(|list| list.name() == field) && !is_settings;
            each_in(value, &if list { field.clone() } else { format!("site.{field}") }, field, visit);
        }
    }
}

/// Visits the strings and keys below a path. The recursion depth depends on the types of the model, not on the input.
fn each_in(value: &Value, path: &str, field: &str, visit: &mut dyn FnMut(ContentString<'_>)) {
    match value {
        Value::String(text) => visit(ContentString { path, field, text, is_key: false }),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                each_in(item, &format!("{path}[{at}]"), field, visit);
            }
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                let path = format!("{path}.{field}");
                visit(ContentString { path: &path, field, text: field, is_key: true });
                each_in(value, &path, field, visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
