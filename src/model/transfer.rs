//! Transfers to third countries (GDPR Chapter V): one mechanism, or several that each cover some countries.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Territory, TransferMechanism};

/// The transfer mechanisms of a subprocessor. A single mechanism that says no more is written as its word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Transfers(pub Vec<Transfer>);

/// A transfer mechanism, and what it covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Transfer {
    /// Legal basis of the transfers.
    pub mechanism: TransferMechanism,
    /// Countries and regions that it covers: ISO 3166-1 alpha-2 codes, `EU`, `EEA` or `GLOBAL`. If it is left out, all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub to: Vec<Territory>,
    /// A remark, as plain text, such as the date of the certification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Transfers {
    /// Whether it is written as a word, because it states only one mechanism.
    pub fn is_word(&self) -> bool {
        matches!(self.0.as_slice(), [one] if one.is_plain())
    }

    /// The mechanism that holds for all transfers, if there is one: every entry has it, and one of them covers every country.
    pub fn word(&self) -> Option<&TransferMechanism> {
        let first = &self.0.first()?.mechanism;
        let all = self.0.iter().all(|entry| entry.mechanism == *first);
        (all && self.0.iter().any(|entry| entry.to.is_empty())).then_some(first)
    }

    /// Whether an entry covers transfers to a country or region.
    pub fn cover(&self, territory: &Territory) -> bool {
        self.0.iter().any(|entry| entry.to.is_empty() || entry.to.iter().any(|covered| covered.covers(territory)))
    }

    /// The distinct mechanisms, in order.
    pub fn mechanisms(&self) -> Vec<&TransferMechanism> {
        let mut mechanisms: Vec<&TransferMechanism> = Vec::with_capacity(self.0.len());
        for Transfer { mechanism, .. } in &self.0 {
            if !mechanisms.contains(&mechanism) {
                mechanisms.push(mechanism);
            }
        }
        mechanisms
    }
}

impl Transfer {
    /// Whether it states only the mechanism.
    fn is_plain(&self) -> bool {
        self.to.is_empty() && self.note.is_none()
    }
}

impl From<TransferMechanism> for Transfers {
    fn from(mechanism: TransferMechanism) -> Transfers {
        Transfers(vec![Transfer { mechanism, to: Vec::new(), note: None }])
    }
}

impl Serialize for Transfers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] if one.is_plain() => one.mechanism.serialize(serializer),
            entries => entries.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Transfers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Transfers, D::Error> {
        /// Reads both forms without a buffer, so that unknown fields of records are still found.
        struct Forms;

        impl<'de> de::Visitor<'de> for Forms {
            type Value = Transfers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a transfer mechanism, or a list of them")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Transfers, E> {
                TransferMechanism::deserialize(de::value::StrDeserializer::new(text)).map(Transfers::from)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, entries: A) -> Result<Transfers, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(entries)).map(Transfers)
            }
        }

        deserializer.deserialize_any(Forms)
    }
}

impl JsonSchema for Transfers {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Transfers".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let word = generator.subschema_for::<TransferMechanism>();
        let entry = generator.subschema_for::<Transfer>();
        schemars::json_schema!({
            "oneOf": [word, { "type": "array", "items": entry, "minItems": 1 }],
            "description": "A transfer mechanism, or a list of transfer mechanisms with the countries that each covers.",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Transfers;

    fn transfers(value: serde_json::Value) -> Transfers {
        serde_json::from_value(value).expect("transfers")
    }

    #[test]
    fn single_mechanism_is_written_as_a_word() {
        for (stated, written) in [
            (json!("scc"), json!("scc")),
            (json!([{ "mechanism": "scc" }]), json!("scc")),
            (json!([{ "mechanism": "scc", "to": ["US"] }]), json!([{ "mechanism": "scc", "to": ["US"] }])),
            (
                json!([{ "mechanism": "dpf", "note": "Certified" }]),
                json!([{ "mechanism": "dpf", "note": "Certified" }]),
            ),
            (json!("new-mechanism"), json!("new-mechanism")),
        ] {
            assert_eq!(serde_json::to_value(transfers(stated)).expect("JSON"), written);
        }
    }

    #[test]
    fn word_holds_only_if_it_covers_every_country() {
        for (stated, word) in [
            (json!("scc"), Some("scc")),
            (json!([{ "mechanism": "scc", "note": "Module 3" }]), Some("scc")),
            (json!([{ "mechanism": "scc", "to": ["US"] }]), None),
            (json!([{ "mechanism": "scc" }, { "mechanism": "dpf", "to": ["US"] }]), None),
            (json!([{ "mechanism": "scc" }, { "mechanism": "scc", "to": ["US"], "note": "Module 3" }]), Some("scc")),
        ] {
            assert_eq!(transfers(stated.clone()).word().map(|word| word.as_str()), word, "{stated}");
        }
    }
}
