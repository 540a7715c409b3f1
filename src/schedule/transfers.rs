//! Which transfers concern a customer: those to a country in which data may be processed for the customer.

use crate::model::lists::service::both;
use crate::model::{Condition, Service, Subprocessor, Territory, Transfer};

/// The countries and regions in which data is processed, each with the condition under which it is.
pub(super) struct TransferPlaces(Vec<(Territory, Option<Condition>)>);

impl TransferPlaces {
    /// The places of a subprocessor and of its services, with the country in which it is established.
    pub fn of(item: &Subprocessor) -> TransferPlaces {
        let united = item.united();
        let places = united.locations.iter().map(|location| (location.code.clone(), location.condition.clone()));
        TransferPlaces(places.chain(established(item)).collect())
    }

    /// The places in which a service may process data: its own, and those of its subprocessor.
    pub fn of_service(item: &Subprocessor, service: &Service) -> TransferPlaces {
        let shared = item.locations.iter().map(|location| (location.code.clone(), location.condition.as_ref()));
        let established = established(item).map(|(code, _)| (code, None));
        let inherited =
            shared.chain(established).map(|(code, condition)| (code, both(service.condition.as_ref(), condition)));
        let own = service.conditional_locations().map(|location| (location.code, location.condition));
        TransferPlaces(own.chain(inherited).collect())
    }

    /// The places of both.
    pub fn and(mut self, other: TransferPlaces) -> TransferPlaces {
        self.0.extend(other.0);
        self
    }

    /// Returns the conditions of the places that a territory covers or that cover it: data may be transferred there if any of them
    /// holds. There are none if it always may be, and if the territory is not among the places, because then they do not tell.
    fn conditions(&self, territory: &Territory) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (place, condition) in &self.0 {
            if !territory.covers(place) && !place.covers(territory) {
                continue;
            }
            match condition {
                None => return Vec::new(),
                Some(condition) if !conditions.contains(condition) => conditions.push(condition.clone()),
                Some(_) => {}
            }
        }
        conditions
    }

    /// Splits a transfer into parts with the same conditions. A transfer that names no country is one part without a condition.
    pub fn split(&self, transfer: &Transfer) -> Vec<(Transfer, Vec<Condition>)> {
        if transfer.to.is_empty() {
            return vec![(transfer.clone(), Vec::new())];
        }
        let mut parts: Vec<(Transfer, Vec<Condition>)> = Vec::new();
        for code in &transfer.to {
            let conditions = self.conditions(code);
            match parts.iter_mut().find(|(_, others)| *others == conditions) {
                Some((part, _)) => part.to.push(code.clone()),
                None => parts.push((Transfer { to: vec![code.clone()], ..transfer.clone() }, conditions)),
            }
        }
        parts
    }

    /// Returns the transfers without the countries for which `is_included` is false; `None` if nothing remains.
    pub fn applicable(
        &self,
        transfers: &[Transfer],
        is_included: impl Fn(&[Condition]) -> bool,
    ) -> Option<Vec<Transfer>> {
        let keep = |transfer: &Transfer| {
            let mut kept = transfer.clone();
            kept.to.retain(|code| is_included(&self.conditions(code)));
            (transfer.to.is_empty() || !kept.to.is_empty()).then_some(kept)
        };
        let kept: Vec<Transfer> = transfers.iter().filter_map(keep).collect();
        (!kept.is_empty()).then_some(kept)
    }
}

fn established(item: &Subprocessor) -> impl Iterator<Item = (Territory, Option<Condition>)> {
    item.corporate_location.clone().map(|code| (code.into(), None)).into_iter()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::TransferPlaces;
    use crate::model::Subprocessor;

    #[test]
    fn transfers_have_the_conditions_of_the_places_that_they_cover() {
        let split = |locations: Value, established: Value, transfer: Value| {
            let mut item = json!({ "id": "a", "name": "A", "purpose": "P", "locations": locations });
            if established.is_string() {
                item["corporate_location"] = established;
            }
            let item: Subprocessor = serde_json::from_value(item).expect("a subprocessor");
            let parts = TransferPlaces::of(&item).split(&serde_json::from_value(transfer).expect("a transfer"));
            let part = |(transfer, conditions): &(crate::model::Transfer, Vec<crate::model::Condition>)| {
                let to: Vec<String> = transfer.to.iter().map(ToString::to_string).collect();
                json!([to.join(" "), conditions])
            };
            parts.iter().map(part).collect::<Vec<_>>()
        };
        let (eu, us) = (json!({ "region": "EU" }), json!({ "region": "US" }));
        let india = json!(["DE", "US", { "code": "IN", "condition": us }]);
        let scc = |to: Value| json!({ "mechanism": "scc", "to": to });
        assert_eq!(split(india.clone(), json!(null), scc(json!(["IN"]))), [json!(["IN", [us]])]);
        let parts = split(india.clone(), json!(null), scc(json!(["US", "IN"])));
        assert_eq!(parts, [json!(["US", []]), json!(["IN", [us]])]);
        // The country of establishment, a country that is not among the places, and one that a region covers.
        assert_eq!(split(india.clone(), json!("IN"), scc(json!(["IN"]))), [json!(["IN", []])]);
        assert_eq!(split(india.clone(), json!(null), scc(json!(["BR"]))), [json!(["BR", []])]);
        let worldwide = json!([{ "code": "GLOBAL", "condition": eu }, { "code": "IN", "condition": us }]);
        assert_eq!(
            split(worldwide, json!(null), scc(json!(["IN", "BR"]))),
            [json!(["IN", [eu, us]]), json!(["BR", [eu]])]
        );
        assert_eq!(split(india, json!(null), json!({ "mechanism": "scc" })), [json!(["", []])]);
    }
}
