//! Values that were withheld from a release after it was published.
//!
//! In a record, a withheld value is `{"redacted": true}`. It has no type, so it is taken out before the record is parsed, and
//! a release keeps the places of its withheld values. The typed disclosure has [`PLACEHOLDER`] in their place if they are text.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The text of a withheld value in a typed disclosure, until the string catalog's word replaces it.
pub const PLACEHOLDER: &str = "redacted";

/// The key of the object that is in the place of a withheld value.
const KEY: &str = "redacted";

/// The fields of the parts of a disclosure that contain withheld values, by the name of the part and the id of the item.
type Fields = BTreeMap<(String, Option<String>), Map<String, Value>>;

/// The withheld values of a release.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Withheld {
    /// The places, as JSON pointers (RFC 6901) into the record.
    pub pointers: BTreeSet<String>,
    /// The fields that contain them, as they are in the record.
    pub fields: Fields,
}

impl Withheld {
    /// Returns the object that is in the place of a withheld value.
    pub fn value() -> Value {
        Value::Object(Map::from_iter([(KEY.to_owned(), Value::Bool(true))]))
    }

    /// Returns the JSON Schema of this object.
    pub fn schema() -> Value {
        json!({
            "type": "object",
            "description": "A value that was withheld after it was published.",
            "properties": { KEY: { "const": true, "description": "Always true." } },
            "required": [KEY],
            "additionalProperties": false,
        })
    }

    /// Whether this is the object that is in the place of a withheld value.
    pub fn is(value: &Value) -> bool {
        value.as_object().is_some_and(|object| object.len() == 1 && object.get(KEY) == Some(&Value::Bool(true)))
    }

    /// Whether a value is or contains a withheld value.
    pub fn is_in(value: &Value) -> bool {
        match value {
            _ if Withheld::is(value) => true,
            Value::Object(object) => object.values().any(Withheld::is_in),
            Value::Array(list) => list.iter().any(Withheld::is_in),
            _ => false,
        }
    }

    /// Whether nothing is withheld.
    pub fn is_empty(&self) -> bool {
        self.pointers.is_empty()
    }

    /// Whether the summary is withheld.
    pub fn summary(&self) -> bool {
        self.pointers.contains("/summary")
    }

    /// Returns the fields of a part of the disclosure, or of an item, that contain withheld values.
    pub fn fields(&self, part: &str, id: Option<&str>) -> Option<&Map<String, Value>> {
        self.fields.get(&(part.to_owned(), id.map(str::to_owned)))
    }

    /// Whether this field of an item is withheld.
    pub fn has(&self, part: &str, id: Option<&str>, field: &str) -> bool {
        self.fields(part, id).and_then(|fields| fields.get(field)).is_some_and(Withheld::is)
    }
}
