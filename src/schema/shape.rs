//! The fields of a type, derived from its JSON Schema. Used to omit fields that this version does not know.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// Returns the shape of a type as JSON: an object with a member for each field, a list with the shape of its items, and `true`
/// for values that are kept unchanged.
pub fn of<T: JsonSchema>() -> Value {
    let root = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value();
    shape(&root, &root)
}

fn shape(schema: &Value, root: &Value) -> Value {
    let definition = schema["$ref"].as_str().and_then(|name| root.pointer(name.strip_prefix('#')?));
    let alternative = schema["anyOf"].as_array().and_then(|any| any.iter().find(|one| one["type"] != "null"));
    // A value that has a short and a long form has the fields of the long form. A value with several long forms, such as a
    // condition, has no fields that a later version could add to one of them: it is kept unchanged.
    let forms = schema["oneOf"].as_array().into_iter().flatten();
    let is_long = |form: &&Value| {
        let target = form["$ref"].as_str().and_then(|name| root.pointer(name.strip_prefix('#')?)).unwrap_or(form);
        target["properties"].is_object() || target["items"].is_object()
    };
    match forms.filter(is_long).collect::<Vec<_>>().as_slice() {
        [] => {}
        [long] => return shape(long, root),
        _ => return true.into(),
    }
    match (definition.or(alternative), schema["properties"].as_object(), schema.get("items")) {
        (Some(inner), ..) => shape(inner, root),
        (None, Some(fields), _) => {
            fields.iter().map(|(name, field)| (name.clone(), shape(field, root))).collect::<Map<_, _>>().into()
        }
        (None, None, Some(items)) => vec![shape(items, root)].into(),
        (None, None, None) => true.into(),
    }
}
