//! The dated changes of a subprocessor, as far as they concern a customer.
//!
//! A change is split into pieces: the locations, services and transfers that it adds or removes have the conditions under which they
//! apply, and everything else always applies. The annex states the pieces that apply to the customer.

use serde_json::Value;

use super::transfers::TransferPlaces;
use crate::history::diff::ChangedPart;
use crate::history::{DatedChange, FieldChange};
use crate::model::lists::service::both;
use crate::model::{Condition, Location, Service, Subprocessor, Transfer, Transfers};

/// A piece of a value or of a change. It applies if any of the conditions holds, or if there are none.
type Piece<T> = (T, Vec<Condition>);

/// Splits a dated change of a subprocessor into changes with the same conditions.
pub(super) fn split(change: &DatedChange, item: &Subprocessor) -> Vec<Piece<DatedChange>> {
    if change.changes.is_empty() {
        return vec![(change.clone(), Vec::new())];
    }
    let mut parts: Vec<Piece<DatedChange>> = Vec::new();
    for (field, conditions) in pieces_of(change, item) {
        match parts.iter_mut().find(|(_, others)| *others == conditions) {
            Some((part, _)) => part.changes.push(field),
            None => parts.push((with_changes(change, vec![field]), conditions)),
        }
    }
    parts
}

/// Returns a dated change without the pieces for which `is_included` is false; `None` if nothing remains.
pub(super) fn applicable(
    change: &DatedChange,
    item: &Subprocessor,
    is_included: impl Fn(&[Condition]) -> bool,
) -> Option<DatedChange> {
    let pieces = pieces_of(change, item);
    if pieces.iter().all(|(_, conditions)| is_included(conditions)) {
        return Some(change.clone());
    }
    let mut changes: Vec<FieldChange> = Vec::new();
    for (piece, _) in pieces.into_iter().filter(|(_, conditions)| is_included(conditions)) {
        match (changes.last_mut(), piece) {
            (
                Some(FieldChange::Elements { field, added, removed, .. }),
                FieldChange::Elements { field: same, added: more, removed: less, .. },
            ) if *field == same => {
                added.extend(more);
                removed.extend(less);
            }
            (_, piece) => changes.push(piece),
        }
    }
    (!changes.is_empty()).then(|| with_changes(change, changes))
}

fn with_changes(change: &DatedChange, changes: Vec<FieldChange>) -> DatedChange {
    let mut change = change.clone();
    change.changes = changes;
    change
}

fn pieces_of(change: &DatedChange, item: &Subprocessor) -> Vec<Piece<FieldChange>> {
    let scope = Scope { before: item, after: change.provider.as_deref().unwrap_or(item), service: None };
    change.changes.iter().flat_map(|field| scope.pieces(field)).collect()
}

/// What a change belongs to: a subprocessor before and after the change, or one of its services.
#[derive(Clone, Copy)]
struct Scope<'a> {
    before: &'a Subprocessor,
    after: &'a Subprocessor,
    service: Option<&'a str>,
}

impl Scope<'_> {
    /// The service, as it is before and after the change.
    fn services(&self) -> impl Iterator<Item = (&Subprocessor, &Service)> {
        [self.before, self.after].into_iter().flat_map(|item| {
            item.services.iter().filter(|it| Some(it.name.as_str()) == self.service).map(move |it| (item, it))
        })
    }

    /// The conditions under which a change of a field that has none of its own applies.
    fn base(&self) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for (_, service) in self.services() {
            match &service.condition {
                None => return Vec::new(),
                Some(condition) if !conditions.contains(condition) => conditions.push(condition.clone()),
                Some(_) => {}
            }
        }
        conditions
    }

    fn places(&self) -> TransferPlaces {
        match self.service {
            None => TransferPlaces::of(self.before).and(TransferPlaces::of(self.after)),
            Some(_) => self
                .services()
                .map(|(item, service)| TransferPlaces::of_service(item, service))
                .reduce(TransferPlaces::and)
                .unwrap_or_else(|| TransferPlaces::of(self.after)),
        }
    }

    fn pieces(&self, change: &FieldChange) -> Vec<Piece<FieldChange>> {
        match change {
            FieldChange::Elements { field, notice, added, removed } => {
                let make =
                    |added, removed| FieldChange::Elements { field: field.clone(), notice: *notice, added, removed };
                self.grouped(field, added, removed, make)
            }
            FieldChange::Parts { field, notice, added, removed, changed } => {
                let make = |added, removed| FieldChange::Parts {
                    field: field.clone(),
                    notice: *notice,
                    added,
                    removed,
                    changed: Vec::new(),
                };
                let mut pieces = self.grouped(field, added, removed, make);
                for part in changed {
                    let scope = Scope { service: Some(&part.name), ..*self };
                    for (inner, conditions) in part.fields.iter().flat_map(|change| scope.pieces(change)) {
                        let changed = ChangedPart { fields: vec![inner], ..part.clone() };
                        let change = FieldChange::Parts {
                            field: field.clone(),
                            notice: *notice,
                            added: Vec::new(),
                            removed: Vec::new(),
                            changed: vec![changed],
                        };
                        pieces.push((change, conditions));
                    }
                }
                pieces
            }
            FieldChange::Value { field, notice, before, after } if field == "transfer_mechanism" => {
                let sides = [before, after].map(|side| side.as_ref().map(stated_transfers));
                let [Some(Some(_)) | None, Some(Some(_)) | None] = sides.each_ref().map(Option::as_ref) else {
                    return vec![(change.clone(), self.base())];
                };
                let sides = sides.map(|side| side.flatten().unwrap_or_default());
                let make = |before: Vec<Value>, after: Vec<Value>| FieldChange::Value {
                    field: field.clone(),
                    notice: *notice,
                    before: as_written(before),
                    after: as_written(after),
                };
                let [before, after] = sides.map(|side| side.iter().map(|it| serde_json::json!(it)).collect::<Vec<_>>());
                let pieces = self.grouped(field, &after, &before, |added, removed| make(removed, added));
                pieces.into_iter().filter(|(piece, _)| !is_without_effect(piece)).collect()
            }
            other => vec![(other.clone(), self.base())],
        }
    }

    /// Groups what a change adds and removes by its conditions.
    fn grouped(
        &self,
        field: &str,
        added: &[Value],
        removed: &[Value],
        make: impl Fn(Vec<Value>, Vec<Value>) -> FieldChange,
    ) -> Vec<Piece<FieldChange>> {
        let mut groups: Vec<(Vec<Condition>, [Vec<Value>; 2])> = Vec::new();
        for (side, values) in [added, removed].into_iter().enumerate() {
            for (piece, conditions) in values.iter().flat_map(|value| self.split(field, value)) {
                let at = groups.iter().position(|(others, _)| *others == conditions).unwrap_or_else(|| {
                    groups.push((conditions, Default::default()));
                    groups.len() - 1
                });
                groups[at].1[side].push(piece);
            }
        }
        groups.into_iter().map(|(conditions, [added, removed])| (make(added, removed), conditions)).collect()
    }

    /// Splits a value of a field.
    fn split(&self, field: &str, value: &Value) -> Vec<Piece<Value>> {
        let base = self.base();
        match field {
            "locations" => match serde_json::from_value::<Location>(value.clone()) {
                Ok(location) => vec![(value.clone(), with(&base, location.condition.as_ref()))],
                Err(_) => vec![(value.clone(), base)],
            },
            "services" => match serde_json::from_value::<Service>(value.clone()) {
                Ok(service) => self.split_service(value, &service),
                Err(_) => vec![(value.clone(), base)],
            },
            "transfer_mechanism" => match serde_json::from_value::<Transfer>(value.clone()) {
                Ok(transfer) => {
                    let parts = self.places().split(&transfer).into_iter();
                    let or_base = |own: Vec<Condition>| if own.is_empty() { base.clone() } else { own };
                    parts.map(|(part, own)| (serde_json::json!(part), or_base(own))).collect()
                }
                Err(_) => vec![(value.clone(), base)],
            },
            _ => vec![(value.clone(), base)],
        }
    }

    /// Splits a service that is added or removed: what applies whenever the service does, and the places and transfers that have a
    /// condition of their own.
    fn split_service(&self, value: &Value, service: &Service) -> Vec<Piece<Value>> {
        let base: Vec<Condition> = service.condition.iter().cloned().collect();
        let places = TransferPlaces::of_service(self.after, service);
        let mut pieces: Vec<Piece<Service>> = Vec::new();
        let whole = Service { locations: Vec::new(), transfer_mechanism: None, ..service.clone() };
        pieces.push((whole, base.clone()));
        for location in &service.locations {
            let conditions = with(&base, location.condition.as_ref());
            piece_of(&mut pieces, service, conditions).locations.push(location.clone());
        }
        for transfer in service.transfer_mechanism.iter().flat_map(|transfers| &transfers.0) {
            for (part, own) in places.split(transfer) {
                let conditions = if own.is_empty() { base.clone() } else { own };
                let piece = piece_of(&mut pieces, service, conditions);
                piece.transfer_mechanism.get_or_insert(Transfers(Vec::new())).0.push(part);
            }
        }
        match pieces.len() {
            // The value may have fields that this version does not know.
            1 => vec![(value.clone(), base)],
            _ => pieces.into_iter().map(|(piece, conditions)| (serde_json::json!(piece), conditions)).collect(),
        }
    }
}

/// Returns the piece of a service with these conditions; creates it with only the name of the service.
fn piece_of<'a>(pieces: &'a mut Vec<Piece<Service>>, service: &Service, conditions: Vec<Condition>) -> &'a mut Service {
    let at = pieces.iter().position(|(_, others)| *others == conditions).unwrap_or_else(|| {
        let named = Service {
            name: service.name.clone(),
            purpose: None,
            data_categories: Vec::new(),
            condition: None,
            website: None,
            locations: Vec::new(),
            transfer_mechanism: None,
            retention: None,
        };
        pieces.push((named, conditions));
        pieces.len() - 1
    });
    &mut pieces[at].0
}

/// Returns the conditions under which both hold.
fn with(base: &[Condition], own: Option<&Condition>) -> Vec<Condition> {
    match own {
        None => base.to_vec(),
        Some(own) if base.is_empty() => vec![own.clone()],
        Some(own) => base.iter().filter_map(|condition| both(Some(condition), Some(own))).collect(),
    }
}

/// Returns the entries of a value of `transfer_mechanism`, or `None` if parts of it are withheld.
fn stated_transfers(value: &Value) -> Option<Vec<Transfer>> {
    serde_json::from_value::<Transfers>(value.clone()).ok().map(|transfers| transfers.0)
}

/// Returns entries as a record states them: a single mechanism without details is a word.
fn as_written(entries: Vec<Value>) -> Option<Value> {
    let transfers: Result<Vec<Transfer>, _> = entries.into_iter().map(serde_json::from_value).collect();
    let transfers = transfers.ok().filter(|entries| !entries.is_empty())?;
    Some(serde_json::json!(Transfers(transfers)))
}

fn is_without_effect(change: &FieldChange) -> bool {
    matches!(change, FieldChange::Value { before, after, .. } if before == after)
}
