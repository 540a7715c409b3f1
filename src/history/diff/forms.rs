//! Values that mean the same in different forms, as far as records keep both.
//!
//! Most long forms become short when they are read. A condition is different: releases have `{when: enabled, feature: X}`, and
//! records never change, so both forms are kept and only the comparison ignores the difference.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::When;

/// Returns a value with every condition in its short form: `{feature: X}` for `{when: enabled, feature: X}`.
pub(super) fn short(value: &Value) -> Cow<'_, Value> {
    without(value, &|fields, key, value| {
        key == "when" && fields.contains_key("feature") && value.as_str() == Some(When::Enabled.as_str())
    })
}

/// Returns a value with every condition in its short form and without its wording.
pub(super) fn meaning(value: &Value) -> Cow<'_, Value> {
    match short(value) {
        Cow::Borrowed(value) => without(value, &|_, key, _| key == "label"),
        Cow::Owned(value) => Cow::Owned(without(&value, &|_, key, _| key == "label").into_owned()),
    }
}

type IsRemoved<'a> = &'a dyn Fn(&serde_json::Map<String, Value>, &str, &Value) -> bool;

/// Returns a value without some fields of its objects, at any depth.
fn without<'a>(value: &'a Value, is_removed: IsRemoved<'_>) -> Cow<'a, Value> {
    if !has(value, is_removed) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, value)| !is_removed(fields, key, value))
            .map(|(key, value)| (key.clone(), without(value, is_removed).into_owned()))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(values) => {
            Value::Array(values.iter().map(|value| without(value, is_removed).into_owned()).collect())
        }
        scalar => scalar.clone(),
    })
}

fn has(value: &Value, is_removed: IsRemoved<'_>) -> bool {
    match value {
        Value::Object(fields) => {
            fields.iter().any(|(key, value)| is_removed(fields, key, value) || has(value, is_removed))
        }
        Value::Array(values) => values.iter().any(|value| has(value, is_removed)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{meaning, short};

    #[test]
    fn enabled_is_left_out_at_any_depth() {
        let long = json!([{ "code": "US", "condition": { "all": [{ "when": "enabled", "feature": "A" }, { "when": "configured", "feature": "B" }] } }]);
        let expected = json!([{ "code": "US", "condition": { "all": [{ "feature": "A" }, { "when": "configured", "feature": "B" }] } }]);
        assert_eq!(*short(&long), expected);
        assert_eq!(*meaning(&json!({ "when": "enabled", "feature": "A", "label": "L" })), json!({ "feature": "A" }));
        assert_eq!(*short(&json!({ "when": "enabled" })), json!({ "when": "enabled" }));
    }
}
