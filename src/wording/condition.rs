//! Descriptions of conditions, locations and transfers: `Only with SendGrid and for region EU`.
//!
//! `static/js/compare.js` builds the same descriptions from the same strings.

use super::Catalog;
use super::catalog::fill;
use crate::model::{Condition, ConditionLeaf, ConditionTest, Location, Transfer, Transfers, When};
use crate::text::capitalized;

/// The ending of the keys of conditions within a sentence.
const INSIDE: &str = "-inside";

impl Catalog {
    /// Describes a condition: `Only with SendGrid`, `Only for region EU or UK`, `Except for plan Free`.
    pub fn condition(&self, condition: &Condition) -> String {
        self.condition_as(condition, "")
    }

    /// Describes a condition within a sentence or in parentheses: `only with SendGrid`.
    pub fn condition_in_sentence(&self, condition: &Condition) -> String {
        self.in_sentence(&self.condition_as(condition, INSIDE))
    }

    /// Describes a condition with the strings whose keys have this ending.
    fn condition_as(&self, condition: &Condition, ending: &str) -> String {
        match (&condition.label, condition.only_feature(), &condition.test) {
            (Some(label), ..) => label.clone(),
            (None, Some(feature), ConditionTest::Leaf(ConditionLeaf { when, .. })) => {
                self.with_feature(when.as_ref().map_or(When::Enabled.as_str(), When::as_str), feature, ending)
            }
            // A condition without any field was withheld from a record.
            (None, None, ConditionTest::Leaf(leaf)) if *leaf == ConditionLeaf::default() => {
                self.get("changes.redacted").to_owned()
            }
            (None, _, ConditionTest::Unless(part)) => {
                self.fill(&format!("conditions.except{ending}"), &[("condition", &self.clause(part, false))])
            }
            (None, ..) => {
                self.fill(&format!("conditions.only{ending}"), &[("condition", &self.clause(condition, false))])
            }
        }
    }

    /// Describes a condition on one feature. An unknown `when` is put in parentheses after the feature.
    fn with_feature(&self, when: &str, feature: &str, ending: &str) -> String {
        match self.find(&format!("subprocessors.when-{when}{ending}"), None) {
            Some(text) => fill(text, &[("feature", feature)]),
            None => format!("{feature} ({when})"),
        }
    }

    /// Describes a part of a condition, in parentheses if it has several alternatives and is `inside` another one.
    fn clause(&self, condition: &Condition, inside: bool) -> String {
        if let Some(label) = &condition.label {
            return self.in_sentence(label);
        }
        let (or, and) = (self.get("conditions.or"), self.get("conditions.and"));
        let several = |clauses: Vec<String>, word: &str| match clauses.len() {
            0 | 1 => clauses.concat(),
            _ if inside => format!("({})", clauses.join(&format!(" {word} "))),
            _ => clauses.join(&format!(" {word} ")),
        };
        let clauses = |parts: &[Condition]| parts.iter().map(|part| self.clause(part, true)).collect::<Vec<_>>();
        match &condition.test {
            ConditionTest::All(parts) => several(clauses(parts), and),
            ConditionTest::Any(parts) => several(clauses(parts), or),
            ConditionTest::Unless(part) => self.fill("conditions.not", &[("condition", &self.clause(part, true))]),
            ConditionTest::Leaf(ConditionLeaf { features, dimensions, .. }) => {
                let either = |values: &[String]| values.join(&format!(" {or} "));
                let feature = (!features.0.is_empty())
                    .then(|| self.fill("conditions.feature", &[("feature", &either(&features.0))]));
                let dimensions = dimensions.iter().map(|(name, values)| {
                    let values = either(&values.0);
                    let name = name.replace('-', " ");
                    self.fill("conditions.dimension", &[("dimension", &name), ("values", &values)])
                });
                several(feature.into_iter().chain(dimensions).collect(), and)
            }
        }
    }

    /// Returns the label of a dimension: `Region` for `region`.
    pub fn dimension(&self, name: &str) -> String {
        capitalized(&name.replace('-', " "))
    }

    /// Formats a location: `Germany`, `Germany (Frankfurt)`, `United States (only with SendGrid)`.
    pub fn location(&self, location: &Location) -> String {
        let name = self.country(location.code.as_str());
        let condition = location.condition.as_ref().map(|condition| self.condition_in_sentence(condition));
        match location.place.iter().cloned().chain(condition).collect::<Vec<_>>().as_slice() {
            [] => name.to_owned(),
            details => format!("{name} ({})", details.join("; ")),
        }
    }

    /// Formats a transfer mechanism with the countries that it covers and its note.
    pub fn transfer(&self, transfer: &Transfer) -> String {
        let Transfer { mechanism, to, note } = transfer;
        let mut text = self.value(mechanism.as_str()).to_owned();
        if !to.is_empty() {
            let countries: Vec<&str> = to.iter().map(|code| self.country(code.as_str())).collect();
            text = self.fill("transfers.to", &[("mechanism", &text), ("to", &countries.join(", "))]);
        }
        match note {
            Some(note) => format!("{text} ({note})"),
            None => text,
        }
    }

    /// Formats all transfer mechanisms of a subprocessor.
    pub fn transfers(&self, transfers: &Transfers) -> String {
        transfers.0.iter().map(|transfer| self.transfer(transfer)).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Catalog;
    use crate::text::uncapitalized;

    #[test]
    fn describes_conditions_in_words() {
        let strings = Catalog::english();
        let described = |condition: Value| strings.condition(&serde_json::from_value(condition).expect("a condition"));
        for (condition, text) in [
            (json!({ "when": "configured", "feature": "Mail" }), "Only with Mail"),
            (json!({ "feature": "Mail" }), "Only with Mail"),
            (json!({ "when": "paid", "feature": "Mail" }), "Mail (paid)"),
            (json!({ "feature": ["Mail", "SMS"] }), "Only with Mail or SMS"),
            (json!({ "region": ["EU", "UK"] }), "Only for region EU or UK"),
            (json!({ "feature": "Mail", "hosting-region": "EU" }), "Only with Mail and for hosting region EU"),
            (json!({ "unless": { "plan": "Free" } }), "Except for plan Free"),
            (
                json!({ "all": [{ "feature": "Mail" }, { "unless": { "plan": "Free" } }] }),
                "Only with Mail and not for plan Free",
            ),
            (
                json!({ "all": [{ "any": [{ "feature": "Mail" }, { "feature": "SMS" }] }, { "region": "EU" }] }),
                "Only (with Mail or with SMS) and for region EU",
            ),
            (json!({ "region": "EU", "label": "In Europe" }), "In Europe"),
            (json!({ "unless": { "region": "EU", "label": "In Europe" } }), "Except in Europe"),
        ] {
            assert_eq!(described(condition.clone()), text, "{condition}");
        }
    }

    #[test]
    fn conditions_within_a_sentence_begin_with_a_small_letter_in_every_language() {
        for language in Catalog::languages() {
            let strings = Catalog::built_in(&language.parse().expect("a language")).expect("a catalog");
            for condition in [
                json!({ "region": "US" }),
                json!({ "unless": { "region": "US" } }),
                json!({ "feature": "Mail" }),
                json!({ "when": "configured", "feature": "Mail" }),
            ] {
                let condition = serde_json::from_value(condition).expect("a condition");
                let (alone, inside) = (strings.condition(&condition), strings.condition_in_sentence(&condition));
                assert_eq!(inside, uncapitalized(&alone), "{language}");
                assert_ne!(inside, alone, "{language}");
            }
        }
    }

    #[test]
    fn describes_transfers_with_countries_and_notes() {
        let strings = Catalog::english();
        let described = |transfers: Value| strings.transfers(&serde_json::from_value(transfers).expect("transfers"));
        assert_eq!(described(json!("scc")), "Standard contractual clauses (Art. 46 GDPR)");
        assert_eq!(
            described(
                json!([{ "mechanism": "dpf", "to": ["US"] }, { "mechanism": "scc", "to": ["IN", "GLOBAL"], "note": "Module 3" }])
            ),
            "EU-US Data Privacy Framework (Art. 45 GDPR) for United States; Standard contractual clauses (Art. 46 GDPR) for India, Worldwide (Module 3)"
        );
    }
}
