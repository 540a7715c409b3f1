//! The services of a subprocessor that the organization uses, each with a purpose, data and a condition of its own.
//!
//! What a subprocessor does as a whole follows from its own fields and from its services: [`Subprocessor::united`].

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Subprocessor;
use crate::model::{Condition, ConditionTest, Location, StatedUrl, Territory, Transfer, Transfers, location};

/// A service of a subprocessor. Its fields add to those of the subprocessor.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Service {
    /// Name of the service, which identifies it within the subprocessor.
    pub name: String,
    /// Purpose of the processing, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Categories of personal data that the service processes, each as plain text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub data_categories: Vec<String>,
    /// When the service is used. If it is left out, it is used whenever the subprocessor is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Website of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<StatedUrl>,
    /// Countries and regions in which the service processes the data, as for the subprocessor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Legal basis of its transfers to third countries, in addition to that of the subprocessor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_mechanism: Option<Transfers>,
    /// How long the service keeps the data, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
}

impl Service {
    /// Its locations, each with the condition under which the service processes data there.
    pub fn conditional_locations(&self) -> impl Iterator<Item = Location> {
        self.locations.iter().map(|location| Location {
            condition: both(self.condition.as_ref(), location.condition.as_ref()),
            ..location.clone()
        })
    }

    /// All conditions: its own, and those of its locations.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.condition.iter().chain(self.locations.iter().filter_map(|location| location.condition.as_ref()))
    }
}

/// Returns the condition that holds if both hold; `None` is always true.
pub fn both(one: Option<&Condition>, other: Option<&Condition>) -> Option<Condition> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Condition::of(ConditionTest::All(vec![one.clone(), other.clone()]))),
        (one, other) => one.or(other).cloned(),
    }
}

impl Subprocessor {
    /// The condition under which it is used: its own, and, if each of its services has a condition, that one of these holds.
    pub fn applicability(&self) -> Option<Condition> {
        let services: Option<Vec<Condition>> = self.services.iter().map(|service| service.condition.clone()).collect();
        let any = match services.unwrap_or_default().as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(Condition::of(ConditionTest::Any(several.to_vec()))),
        };
        both(self.condition.as_ref(), any.as_ref())
    }

    /// The subprocessor with the union of its own data categories, locations and transfer mechanisms and those of its services, and
    /// with the condition under which any of it applies. The conditions of services become part of those of their locations.
    pub fn united(&self) -> Cow<'_, Subprocessor> {
        if self.services.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut united = Subprocessor { condition: self.applicability(), ..self.clone() };
        for service in &self.services {
            add(&mut united.data_categories, service.data_categories.iter().cloned());
            add(&mut united.locations, service.conditional_locations());
        }
        // The mechanism of a service covers the countries of that service, and not those of the others.
        let abroad = |locations: &[Location]| -> Vec<Territory> {
            let codes = location::codes(locations).into_iter().filter(|code| !code.in_eea());
            codes.cloned().collect()
        };
        let all = abroad(&united.locations);
        for service in &self.services {
            let own = abroad(&service.locations);
            let is_limited = !own.is_empty() && own.len() < all.len();
            let limited = |transfer: &Transfer| match transfer.to.is_empty() && is_limited {
                true => Transfer { to: own.clone(), ..transfer.clone() },
                false => transfer.clone(),
            };
            let stated: Vec<Transfer> =
                service.transfer_mechanism.iter().flat_map(|transfers| &transfers.0).map(limited).collect();
            if !stated.is_empty() {
                add(&mut united.transfer_mechanism.get_or_insert(Transfers(Vec::new())).0, stated);
            }
        }
        // A location that is always used includes the same one under a condition.
        let always: Vec<Location> = united.locations.iter().filter(|it| it.condition.is_none()).cloned().collect();
        united.locations.retain(|location| {
            location.condition.is_none()
                || !always.iter().any(|other| other.code == location.code && other.place == location.place)
        });
        Cow::Owned(united)
    }

    /// Each service with the fields of the subprocessor that it does not state itself; the subprocessor alone if it has no services.
    pub fn by_service(&self) -> Vec<(Option<&Service>, Cow<'_, Subprocessor>)> {
        if self.services.is_empty() {
            return vec![(None, Cow::Borrowed(self))];
        }
        let row = |service: &Service| {
            let mut row = Subprocessor { services: vec![service.clone()], ..self.clone() }.united().into_owned();
            // The condition and the data of the service are those of the row now.
            row.services.clear();
            row.purpose = service.purpose.clone().unwrap_or(row.purpose);
            row.website = service.website.clone().or(row.website);
            row.retention = service.retention.clone().or(row.retention);
            row
        };
        self.services.iter().map(|service| (Some(service), Cow::Owned(row(service)))).collect()
    }
}

/// Appends the values that are not in a list yet.
fn add<T: PartialEq>(list: &mut Vec<T>, values: impl IntoIterator<Item = T>) {
    for value in values {
        if !list.contains(&value) {
            list.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn subprocessor(fields: Value) -> Subprocessor {
        let mut item = json!({ "id": "a", "name": "A", "purpose": "P" });
        item.as_object_mut().expect("an object").extend(fields.as_object().cloned().expect("an object"));
        serde_json::from_value(item).expect("a subprocessor")
    }

    #[test]
    fn data_and_places_are_the_union_of_all_services() {
        let item = subprocessor(json!({
            "data_categories": ["X"], "locations": ["DE", "IE"], "transfer_mechanism": "scc",
            "services": [
                { "name": "One", "data_categories": ["Y", "X"], "locations": ["US", "DE"], "condition": { "feature": "F" },
                  "transfer_mechanism": [{ "mechanism": "dpf", "to": ["US"] }] },
                { "name": "Two", "data_categories": ["Z"], "locations": ["IE", { "code": "FR", "condition": { "region": "EU" } }],
                  "condition": { "feature": "G" } },
            ],
        }));
        let united = serde_json::to_value(item.united()).expect("JSON");
        assert_eq!(united["data_categories"], json!(["X", "Y", "Z"]));
        let expected = json!([
            "DE", "IE", { "code": "US", "condition": { "feature": "F" } },
            { "code": "FR", "condition": { "all": [{ "feature": "G" }, { "region": "EU" }] } },
        ]);
        assert_eq!(united["locations"], expected);
        assert_eq!(united["transfer_mechanism"], json!([{ "mechanism": "scc" }, { "mechanism": "dpf", "to": ["US"] }]));
        assert_eq!(united["condition"], json!({ "any": [{ "feature": "F" }, { "feature": "G" }] }));
    }

    #[test]
    fn mechanism_of_a_service_covers_its_own_countries() {
        let service = |name: &str, country: &str, mechanism: &str| json!({ "name": name, "locations": [country], "transfer_mechanism": mechanism });
        let united = |services: Value| {
            serde_json::to_value(subprocessor(json!({ "services": services })).united()).expect("JSON")["transfer_mechanism"].clone()
        };
        assert_eq!(
            united(json!([service("Maps", "US", "dpf"), service("Push", "IN", "scc")])),
            json!([{ "mechanism": "dpf", "to": ["US"] }, { "mechanism": "scc", "to": ["IN"] }])
        );
        // It covers all countries of the subprocessor.
        assert_eq!(united(json!([service("Maps", "US", "dpf"), service("Mail", "DE", "dpf")])), json!("dpf"));
        assert_eq!(united(json!([service("Maps", "US", "dpf")])), json!("dpf"));
    }

    #[test]
    fn a_service_without_a_condition_is_used_whenever_the_subprocessor_is() {
        let applicability = |fields: Value| serde_json::to_value(subprocessor(fields).applicability()).expect("JSON");
        let (own, one) = (json!({ "region": "EU" }), json!({ "name": "One", "condition": { "feature": "F" } }));
        assert_eq!(applicability(json!({})), Value::Null);
        assert_eq!(applicability(json!({ "services": [one, { "name": "Two" }] })), Value::Null);
        assert_eq!(applicability(json!({ "condition": own, "services": [one, { "name": "Two" }] })), own);
        assert_eq!(applicability(json!({ "services": [one] })), json!({ "feature": "F" }));
        assert_eq!(
            applicability(json!({ "condition": own, "services": [one] })),
            json!({ "all": [own, { "feature": "F" }] })
        );
    }

    #[test]
    fn each_service_is_a_row_with_the_fields_of_its_subprocessor() {
        let item = subprocessor(json!({
            "data_categories": ["X"], "retention": "30 days",
            "services": [{ "name": "One", "purpose": "Q", "data_categories": ["Y"] }, { "name": "Two", "retention": "1 day" }],
        }));
        let rows: Vec<_> = item
            .by_service()
            .into_iter()
            .map(|(service, row)| {
                let service = service.expect("a service").name.clone();
                (
                    service,
                    row.purpose.clone(),
                    row.data_categories.join("; "),
                    row.retention.clone().unwrap_or_default(),
                )
            })
            .collect();
        let text = |a: &str, b: &str, c: &str, d: &str| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned());
        assert_eq!(rows, [text("One", "Q", "X; Y", "30 days"), text("Two", "P", "X", "1 day")]);
        let alone = subprocessor(json!({}));
        assert!(matches!(alone.by_service().as_slice(), [(None, Cow::Borrowed(_))]));
    }
}
