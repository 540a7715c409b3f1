//! Conditions: when a subprocessor, a service or a location applies to a customer.
//!
//! A leaf names features and values of dimensions, which `site.yaml` declares: `{feature: SMS, region: [EU, UK]}`. All keys of a
//! leaf must hold, and any of several values is enough. `all`, `any` and `unless` combine conditions.
//!
//! [`Condition::outcome`] evaluates a condition for a customer; `static/js/schedule.js` implements the same rules, and
//! `tests/vectors/conditions.json` tests both. A feature that the customer did not choose is off. A dimension that the customer
//! did not answer is unknown, and a condition that depends on it is unknown too.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Id, When};

/// The keys of a condition that are not dimensions.
pub const RESERVED: [&str; 6] = ["all", "any", "unless", "when", "feature", "label"];

/// The condition under which a subprocessor, a service or a location applies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// What must hold.
    pub test: ConditionTest,
    /// A wording for readers that replaces the generated one, such as `Only in the EU region`.
    pub label: Option<String>,
    /// The names of fields that this version does not know. Only a record of a newer candor has them, while it is read.
    pub newer: BTreeSet<String>,
}

/// What must hold for a condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ConditionTest {
    /// Every one of these conditions holds.
    All(Vec<Condition>),
    /// At least one of these conditions holds.
    Any(Vec<Condition>),
    /// This condition does not hold.
    Unless(Box<Condition>),
    /// Features and values of dimensions.
    Leaf(ConditionLeaf),
}

/// Features and values of dimensions, which all must match.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ConditionLeaf {
    /// Whether the feature must be enabled or configured; enabled by default.
    pub when: Option<When>,
    /// Features, any of which is enough. Empty if the condition names no feature.
    pub features: AnyOf,
    /// For each dimension, the values of which any is enough.
    pub dimensions: BTreeMap<String, AnyOf>,
}

/// Alternatives: one value is written as a string, several as a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AnyOf(pub Vec<String>);

/// The dimensions that `site.yaml` declares, with their values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dimensions(pub BTreeMap<Id, Vec<String>>);

/// What is known about a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerChoice {
    /// The features that the customer uses.
    pub features: Vec<String>,
    /// The customer's value of each dimension that is known.
    pub dimensions: BTreeMap<String, String>,
}

/// The maximum number of combinations of unknown values that are tried out.
const MAX_COMBINATIONS: usize = 4096;

impl Condition {
    /// Creates a condition on one feature.
    pub fn feature(when: When, feature: impl Into<String>) -> Condition {
        let leaf =
            ConditionLeaf { when: Some(when), features: AnyOf(vec![feature.into()]), ..ConditionLeaf::default() };
        Condition::of(ConditionTest::Leaf(leaf))
    }

    /// Creates a condition without a wording.
    pub fn of(test: ConditionTest) -> Condition {
        Condition { test, label: None, newer: BTreeSet::new() }
    }

    /// The feature, if the condition names one feature and nothing else.
    pub fn only_feature(&self) -> Option<&str> {
        match &self.test {
            ConditionTest::Leaf(leaf) if leaf.dimensions.is_empty() => match leaf.features.0.as_slice() {
                [feature] => Some(feature),
                _ => None,
            },
            _ => None,
        }
    }

    /// The conditions that it combines; empty for a leaf.
    pub fn parts(&self) -> &[Condition] {
        match &self.test {
            ConditionTest::All(parts) | ConditionTest::Any(parts) => parts,
            ConditionTest::Unless(part) => std::slice::from_ref(part),
            ConditionTest::Leaf(_) => &[],
        }
    }

    /// Takes out the fields that this version does not know, and the dimensions that are not among these, if there are any. Returns
    /// their names, such as `all[].region`.
    pub fn take_newer(&mut self, declared: Option<&Dimensions>) -> BTreeSet<String> {
        let mut taken = std::mem::take(&mut self.newer);
        let (key, parts) = match &mut self.test {
            ConditionTest::All(parts) => ("all[].", parts.as_mut_slice()),
            ConditionTest::Any(parts) => ("any[].", parts.as_mut_slice()),
            ConditionTest::Unless(part) => ("unless.", std::slice::from_mut(&mut **part)),
            ConditionTest::Leaf(leaf) => {
                if let Some(declared) = declared {
                    let (known, unknown) = std::mem::take(&mut leaf.dimensions)
                        .into_iter()
                        .partition::<BTreeMap<_, _>, _>(|(name, _)| declared.values(name).is_some());
                    leaf.dimensions = known;
                    taken.extend(unknown.into_keys());
                }
                return taken;
            }
        };
        let of_parts = parts.iter_mut().flat_map(|part| part.take_newer(declared));
        taken.extend(of_parts.map(|name| format!("{key}{name}")));
        taken
    }

    /// All leaves, in the order in which they are written.
    pub fn leaves(&self) -> Vec<&ConditionLeaf> {
        match &self.test {
            ConditionTest::Leaf(leaf) => vec![leaf],
            _ => self.parts().iter().flat_map(Condition::leaves).collect(),
        }
    }

    /// Whether both conditions are the same, regardless of their wording. `{feature: X}` equals `{when: enabled, feature: X}`.
    pub fn means_the_same(&self, other: &Condition) -> bool {
        let all =
            |a: &[Condition], b: &[Condition]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.means_the_same(b));
        match (&self.test, &other.test) {
            (ConditionTest::All(a), ConditionTest::All(b)) | (ConditionTest::Any(a), ConditionTest::Any(b)) => {
                all(a, b)
            }
            (ConditionTest::Unless(a), ConditionTest::Unless(b)) => a.means_the_same(b),
            (ConditionTest::Leaf(a), ConditionTest::Leaf(b)) => {
                let when = |leaf: &ConditionLeaf| leaf.when.clone().filter(|when| *when != When::Enabled);
                (when(a), &a.features, &a.dimensions) == (when(b), &b.features, &b.dimensions)
            }
            _ => false,
        }
    }

    /// Evaluates the condition for a customer: `Some(true)` or `Some(false)` if what is known decides it, otherwise `None`.
    pub fn outcome(&self, choice: &CustomerChoice) -> Option<bool> {
        let all = |outcomes: &mut dyn Iterator<Item = Option<bool>>| {
            let outcomes: Vec<_> = outcomes.collect();
            match () {
                () if outcomes.contains(&Some(false)) => Some(false),
                () if outcomes.contains(&None) => None,
                () => Some(true),
            }
        };
        let not = |outcome: Option<bool>| outcome.map(|holds| !holds);
        match &self.test {
            ConditionTest::All(parts) => all(&mut parts.iter().map(|part| part.outcome(choice))),
            ConditionTest::Any(parts) => not(all(&mut parts.iter().map(|part| not(part.outcome(choice))))),
            ConditionTest::Unless(part) => not(part.outcome(choice)),
            ConditionTest::Leaf(leaf) => {
                let features = &leaf.features.0;
                let feature = (!features.is_empty())
                    .then(|| Some(features.iter().any(|feature| choice.features.contains(feature))));
                let dimensions = leaf
                    .dimensions
                    .iter()
                    .map(|(name, values)| choice.dimensions.get(name).map(|value| values.0.contains(value)));
                all(&mut feature.into_iter().chain(dimensions))
            }
        }
    }

    /// Whether what the condition is about must be listed for a customer: unless the condition is false for every value of the
    /// dimensions that the customer did not answer.
    pub fn may_hold(&self, choice: &CustomerChoice, dimensions: &Dimensions) -> bool {
        let Some(outcome) = self.outcome(choice) else {
            let unknown: BTreeSet<&str> = self
                .leaves()
                .into_iter()
                .flat_map(|leaf| leaf.dimensions.keys().map(String::as_str))
                .filter(|name| !choice.dimensions.contains_key(*name))
                .collect();
            let unknown: Vec<(&str, &[String])> =
                unknown.into_iter().filter_map(|name| Some((name, dimensions.values(name)?))).collect();
            let combinations = unknown
                .iter()
                .try_fold(1_usize, |count, (_, values)| count.checked_mul(values.len()))
                .unwrap_or(usize::MAX);
            // Too many to try out: list it, which errs towards the whole list.
            return combinations > MAX_COMBINATIONS || self.holds_for_some(choice, &unknown);
        };
        outcome
    }

    /// Whether the condition is not false for some combination of values of these dimensions.
    fn holds_for_some(&self, choice: &CustomerChoice, unknown: &[(&str, &[String])]) -> bool {
        let Some(((name, values), rest)) = unknown.split_first() else {
            return self.outcome(choice) != Some(false);
        };
        values.iter().any(|value| {
            let mut choice = choice.clone();
            choice.dimensions.insert((*name).to_owned(), value.clone());
            self.holds_for_some(&choice, rest)
        })
    }
}

impl Dimensions {
    /// Whether no dimension is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of a dimension; `None` if it is not declared.
    pub fn values(&self, name: &str) -> Option<&[String]> {
        self.0.iter().find(|(id, _)| id.as_str() == name).map(|(_, values)| values.as_slice())
    }
}

impl Serialize for AnyOf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for AnyOf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AnyOf, D::Error> {
        struct Forms;

        impl<'de> de::Visitor<'de> for Forms {
            type Value = AnyOf;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or a list of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<AnyOf, E> {
                Ok(AnyOf(vec![text.to_owned()]))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, entries: A) -> Result<AnyOf, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(entries)).map(AnyOf)
            }
        }

        deserializer.deserialize_any(Forms)
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.test {
            ConditionTest::All(parts) => map.serialize_entry("all", parts)?,
            ConditionTest::Any(parts) => map.serialize_entry("any", parts)?,
            ConditionTest::Unless(part) => map.serialize_entry("unless", part)?,
            ConditionTest::Leaf(ConditionLeaf { when, features, dimensions }) => {
                if let Some(when) = when {
                    map.serialize_entry("when", when)?;
                }
                if !features.0.is_empty() {
                    map.serialize_entry("feature", features)?;
                }
                for (name, values) in dimensions {
                    map.serialize_entry(name, values)?;
                }
            }
        }
        if let Some(label) = &self.label {
            map.serialize_entry("label", label)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
        struct Fields;

        impl<'de> de::Visitor<'de> for Fields {
            type Value = Condition;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a condition")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
                let mut label = None;
                let mut combined = Vec::new();
                let mut leaf = ConditionLeaf::default();
                let mut newer = BTreeSet::new();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match &*key {
                        "all" => combined.push(ConditionTest::All(map.next_value()?)),
                        "any" => combined.push(ConditionTest::Any(map.next_value()?)),
                        "unless" => combined.push(ConditionTest::Unless(map.next_value()?)),
                        "when" => leaf.when = Some(map.next_value()?),
                        "feature" => leaf.features = map.next_value()?,
                        "label" => label = Some(map.next_value()?),
                        dimension if dimension.parse::<Id>().is_ok() => {
                            match serde_json::from_value(map.next_value()?) {
                                Ok(values) => drop(leaf.dimensions.insert(dimension.to_owned(), values)),
                                Err(_) => drop(newer.insert(dimension.to_owned())),
                            }
                        }
                        // A field of a later version: no dimension can have this name.
                        _ => drop(map.next_value::<de::IgnoredAny>()?),
                    }
                }
                if !combined.is_empty() {
                    newer.extend(std::mem::take(&mut leaf.dimensions).into_keys());
                }
                let is_empty = leaf == ConditionLeaf::default();
                match (combined.pop(), combined.is_empty(), is_empty) {
                    (Some(test), true, true) => Ok(Condition { test, label, newer }),
                    // Empty if the condition was withheld from a record.
                    (None, ..) => Ok(Condition { test: ConditionTest::Leaf(leaf), label, newer }),
                    _ => Err(de::Error::custom(
                        "a condition has one of `all`, `any` and `unless`, or features and dimensions",
                    )),
                }
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

impl JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let condition = generator.subschema_for::<Condition>();
        let when = generator.subschema_for::<When>();
        let values = serde_json::json!({
            "oneOf": [
                { "type": "string", "minLength": 1 },
                { "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1 },
            ],
        });
        let described = |schema: serde_json::Value, about: &str| {
            let mut schema = schema;
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".into(), about.into());
            }
            schema
        };
        let label = serde_json::json!({
            "type": "string",
            "minLength": 1,
            "description": "A wording for readers that replaces the generated one, such as `Only in the EU region`.",
        });
        let list = |about: &str| serde_json::json!({ "type": "array", "items": condition, "minItems": 1, "description": about });
        let combined = |key: &str, value: serde_json::Value| {
            serde_json::json!({
                "type": "object",
                "properties": { key: value, "label": label },
                "required": [key],
                "additionalProperties": false,
            })
        };
        let unless = described(condition.clone().to_value(), "The condition that must not hold.");
        let feature = described(
            values.clone(),
            "Name of the feature, as plain text that fits after \"Only with\", such as `SendGrid`. Any feature of a list is enough.",
        );
        let leaf = serde_json::json!({
            "type": "object",
            "properties": {
                "when": described(when.to_value(), "Whether the feature must be enabled or configured; enabled by default."),
                "feature": feature,
                "label": label,
            },
            "additionalProperties": described(values, "The value of a dimension that `site.yaml` declares. Any value of a list is enough."),
            "minProperties": 1,
            "dependentRequired": { "when": ["feature"] },
            "propertyNames": { "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "not": { "enum": ["all", "any", "unless"] } },
            "if": { "required": ["label"] },
            "then": { "minProperties": 2 },
        });
        schemars::json_schema!({
            "oneOf": [
                leaf,
                combined("all", list("Conditions that all must hold.")),
                combined("any", list("Conditions of which at least one must hold.")),
                combined("unless", unless),
            ],
            "description": "When a subprocessor, a service or a location applies. Features and dimensions of one condition must all match; `all`, `any` and `unless` combine conditions.",
        })
    }
}

impl JsonSchema for Dimensions {
    fn schema_name() -> Cow<'static, str> {
        "Dimensions".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "patternProperties": {
                "^[a-z0-9]+(-[a-z0-9]+)*$": {
                    "type": "array",
                    "items": { "type": "string", "minLength": 1 },
                    "minItems": 1,
                },
            },
            "propertyNames": { "not": { "enum": RESERVED } },
            "additionalProperties": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Condition;

    #[test]
    fn condition_is_written_as_it_was_stated() {
        for stated in [
            json!({ "when": "enabled", "feature": "Mail" }),
            json!({ "feature": "Mail" }),
            json!({ "feature": ["Mail", "SMS"], "plan": "Business", "region": ["EU", "US"], "label": "Only there" }),
            json!({ "all": [{ "feature": "Mail" }, { "any": [{ "region": "EU" }, { "unless": { "plan": "Free" } }] }] }),
        ] {
            let condition: Condition = serde_json::from_value(stated.clone()).expect("a condition");
            assert_eq!(serde_json::to_value(&condition).expect("JSON"), stated);
        }
        let short: Condition = serde_json::from_value(json!({ "region": ["EU"] })).expect("a condition");
        assert_eq!(serde_json::to_value(&short).expect("JSON"), json!({ "region": "EU" }));
        for wrong in [json!({ "all": [], "feature": "x" }), json!({ "any": [], "all": [] })] {
            assert!(serde_json::from_value::<Condition>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
