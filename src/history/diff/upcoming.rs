//! Compares the entries of `upcoming`: changes that take effect on a later date.
//!
//! 1. Entries are compared by id; without one, `announced` is the id. The order of entries never matters.
//! 2. An entry that only the new side has was `announced`. If both sides have it and `effective` differs, it was `rescheduled`;
//!    if anything else differs, it was `revised`.
//! 3. An entry that only the old side has `took-effect` if the fields of the new side have its values. Entries that are gone are
//!    considered from the last to the first by `effective`, then by id; a value that a later one of them changed again need not
//!    match. If the new side is older than `effective`, it is `effective-moved-earlier`. The changes of these fields are part of
//!    the entry.
//! 4. Any other entry that is gone was `withdrawn`.
//! 5. All of these require customer notice, except for `took-effect`, and for `revised` if only `announced` or `note` differ.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::notice::ObjectRule;
use super::{FieldChange, NAMED_PARTS, Subject, compare, compare_field, notice};
use crate::model::{Date, Withheld};

/// The field with the entries.
pub const FIELD: &str = "upcoming";
/// The fields of an entry that are not new values of fields of its item.
pub const OWN: [&str; 5] = ["id", "announced", "effective", "note", "remove"];
const ID: &str = OWN[0];
const ANNOUNCED: &str = OWN[1];
const EFFECTIVE: &str = OWN[2];
const NOTE: &str = OWN[3];
const REMOVE: &str = OWN[4];

/// What happened to a change that takes effect on a stated date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UpcomingEvent {
    /// It was announced.
    Announced,
    /// Its date changed.
    Rescheduled,
    /// What changes was corrected, or its note or date of announcement.
    Revised,
    /// It will not happen.
    Withdrawn,
    /// Its date has come, and its values were moved into the fields.
    TookEffect,
    /// It took effect before its date.
    EffectiveMovedEarlier,
}

impl UpcomingEvent {
    /// All events.
    pub const ALL: [UpcomingEvent; 6] = [
        UpcomingEvent::Announced,
        UpcomingEvent::Rescheduled,
        UpcomingEvent::Revised,
        UpcomingEvent::Withdrawn,
        UpcomingEvent::TookEffect,
        UpcomingEvent::EffectiveMovedEarlier,
    ];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            UpcomingEvent::Announced => "announced",
            UpcomingEvent::Rescheduled => "rescheduled",
            UpcomingEvent::Revised => "revised",
            UpcomingEvent::Withdrawn => "withdrawn",
            UpcomingEvent::TookEffect => "took-effect",
            UpcomingEvent::EffectiveMovedEarlier => "effective-moved-earlier",
        }
    }

    /// Whether the values of the change are those of the fields now.
    pub fn is_in_effect(self) -> bool {
        matches!(self, UpcomingEvent::TookEffect | UpcomingEvent::EffectiveMovedEarlier)
    }
}

type Object = Map<String, Value>;

/// Returns the id of an entry.
pub fn key(entry: &Value) -> &str {
    entry.get(ID).or_else(|| entry.get(ANNOUNCED)).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the fields that differ between two items, and what happened to their upcoming changes.
pub(super) fn compare_items(
    subject: Subject,
    mut old: Object,
    mut new: Object,
    date: Option<Date>,
) -> Vec<FieldChange> {
    if [&old, &new].into_iter().filter_map(|item| item.get(FIELD)).any(Withheld::is_in) {
        // The events do not follow from withheld values.
        return compare(subject, &old, &new, date);
    }
    let (before, after) = (entries(&mut old), entries(&mut new));
    let mut fields = compare(subject, &old, &new, date);
    let mut events = Vec::new();
    // Announcements of an exception, such as a recipient, require no notice.
    let excepted = ObjectRule::of(subject, &old, &new, date).is_excepted;
    let happened = |event, notice, entry: &str, before, after, changes| {
        happened(event, notice && !excepted, entry, before, after, changes)
    };
    let find = |entries: &[Value], id: &str| entries.iter().find(|entry| key(entry) == id).cloned();
    let (mut gone, mut kept) = (Vec::new(), BTreeSet::new());
    for entry in &before {
        match find(&after, key(entry)) {
            Some(_) => drop(kept.insert(key(entry))),
            None => gone.push(entry),
        }
    }
    for entry in &after {
        let old_entry = find(&before, key(entry)).filter(|_| kept.contains(key(entry)));
        let differs =
            |part: fn(&Value) -> Object, other: &Value| !compare(subject, &part(other), &part(entry), None).is_empty();
        let (event, notice) = match &old_entry {
            None => (UpcomingEvent::Announced, true),
            Some(other) if !differs(whole, other) => continue,
            Some(other) if other.get(EFFECTIVE) != entry.get(EFFECTIVE) => (UpcomingEvent::Rescheduled, true),
            Some(other) => (UpcomingEvent::Revised, differs(changed_fields, other)),
        };
        let changes = announced_changes(subject, &new, entry);
        events.push(happened(event, notice, key(entry), old_entry, Some(entry.clone()), changes));
    }
    gone.sort_by_key(|entry| (entry.get(EFFECTIVE).and_then(Value::as_str), key(entry)));
    let mut settled: BTreeSet<String> = BTreeSet::new();
    for entry in gone.into_iter().rev() {
        let values = changed_fields(entry);
        let no_rule = ObjectRule::none();
        let has_value = |(field, value): (&String, &Value)| {
            let value = Some(value).filter(|value| !value.is_null());
            settled.contains(field) || compare_field(no_rule, field, value, new.get(field)).is_none()
        };
        let has_values = values.iter().all(has_value);
        if !has_values {
            let changes = announced_changes(subject, &new, entry);
            events.push(happened(UpcomingEvent::Withdrawn, true, key(entry), Some(entry.clone()), None, changes));
            continue;
        }
        settled.extend(values.into_iter().map(|(field, _)| field));
        let effective = notice::stated_date(entry.get(EFFECTIVE));
        let early = date.is_some_and(|date| effective.is_some_and(|effective| date < effective));
        let event = if early { UpcomingEvent::EffectiveMovedEarlier } else { UpcomingEvent::TookEffect };
        // Fields that a later entry changed again are part of that one.
        let (own, rest) = fields.into_iter().partition(|change| settled.contains(change.field()));
        fields = rest;
        events.push(happened(event, early, key(entry), Some(entry.clone()), None, own));
    }
    events.sort_by(|one, other| entry_of(one).cmp(entry_of(other)));
    let at = fields.partition_point(|change| change.field() <= FIELD);
    fields.splice(at..at, events);
    fields
}

/// Returns what an entry changes, in comparison with the fields of its item.
pub fn announced_changes(subject: Subject, item: &Object, entry: &Value) -> Vec<FieldChange> {
    let mut changed = item.clone();
    for (field, value) in changed_fields(entry) {
        match value {
            Value::Null => changed.shift_remove(&field),
            value => changed.insert(field, value),
        };
    }
    let mut item = item.clone();
    for item in [&mut item, &mut changed] {
        item.shift_remove(FIELD);
    }
    compare(subject, &item, &changed, None)
}

/// Returns the fields that an entry changes, with their new values; null for a field that it removes.
fn changed_fields(entry: &Value) -> Object {
    let mut fields = whole(entry);
    let removed = match fields.shift_remove(REMOVE) {
        Some(Value::Array(removed)) => removed,
        _ => Vec::new(),
    };
    fields.retain(|field, _| !OWN.contains(&field.as_str()));
    fields.extend(removed.iter().filter_map(Value::as_str).map(|field| (field.to_owned(), Value::Null)));
    fields
}

fn whole(entry: &Value) -> Object {
    entry.as_object().cloned().unwrap_or_default()
}

/// Whether an item has the values of changes that were computed by [`announced_changes`].
pub fn has_values_of(item: &Object, changes: &[FieldChange]) -> bool {
    let no_rule = ObjectRule::none();
    changes.iter().all(|change| match change {
        FieldChange::Value { field, after, .. } => {
            compare_field(no_rule, field, after.as_ref(), item.get(field)).is_none()
        }
        FieldChange::Elements { field, added, removed, .. } => {
            let elements = item.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            added.iter().all(|element| elements.contains(element))
                && !removed.iter().any(|element| elements.contains(element))
        }
        FieldChange::Parts { field, added, removed, changed, .. } => {
            let parts = item.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let key = NAMED_PARTS.iter().find(|(parts, _)| parts == field).map_or("", |(_, key)| *key);
            let named =
                |name: Option<&Value>| parts.iter().find(|part| part.get(key) == name).and_then(Value::as_object);
            added.iter().all(|part| parts.contains(part))
                && removed.iter().all(|part| named(part.get(key)).is_none())
                && changed.iter().all(|change| {
                    named(Some(&change.name.as_str().into())).is_some_and(|part| has_values_of(part, &change.fields))
                })
        }
        FieldChange::File { .. } | FieldChange::Redacted { .. } | FieldChange::Upcoming { .. } => true,
    })
}

/// Returns the date, the note and the first date of an entry.
pub fn dates(entry: &Value) -> (Option<Date>, Option<Date>, Option<&str>) {
    let date = |field| notice::stated_date(entry.get(field));
    (date(ANNOUNCED), date(EFFECTIVE), entry.get(NOTE).and_then(Value::as_str))
}

fn entries(item: &mut Object) -> Vec<Value> {
    match item.shift_remove(FIELD) {
        Some(Value::Array(entries)) => entries,
        _ => Vec::new(),
    }
}

fn happened(
    event: UpcomingEvent,
    notice: bool,
    entry: &str,
    before: Option<Value>,
    after: Option<Value>,
    changes: Vec<FieldChange>,
) -> FieldChange {
    FieldChange::Upcoming { field: FIELD.to_owned(), notice, event, entry: entry.to_owned(), before, after, changes }
}

fn entry_of(change: &FieldChange) -> &str {
    match change {
        FieldChange::Upcoming { entry, .. } => entry,
        _ => "",
    }
}
