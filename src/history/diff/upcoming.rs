//! Compares the entries of `upcoming`: changes that take effect on a later date.
//!
//! 1. Entries are compared by id; without one, `announced` is the id. The order of entries never matters.
//! 2. An entry that only the new side has was `announced`. If both sides have it and `effective` differs, it was `rescheduled`.
//!    If anything else differs, it was `revised` if a change of the item from the old announced values to the new ones requires
//!    customer notice, and otherwise `corrected`.
//! 3. An entry that only the old side has `took-effect` if the fields of the new side have its values. Entries that are gone are
//!    considered from the last to the first in the order in which they take effect; a value that a later one of them changed
//!    again need not match. If the new side is older than `effective`, it is `effective-moved-earlier`. The changes of these fields are part of
//!    the entry.
//!    An entry whose date has come also took effect if any of its fields changed, even to another value: from that date on, its values
//!    were shown as current. Before that date, one of its fields must have its value. The differences from the announced values to those
//!    of the new side are then changes of their own.
//! 4. Any other entry that is gone was `withdrawn`.
//!    So was one of a removed item that is not in effect on the date of the new side.
//! 5. What an entry changes is computed in comparison with the item just before the entry takes effect: with the values of the
//!    entries that take effect before it. Entries are in the order of `effective`, then of `announced`, then of the record.
//!    What was corrected is computed from the item with the old values of the entry to the item with the new ones.
//! 6. A withheld value of an entry equals every other; if entries differ in nothing else, `upcoming` is
//!    `redacted`. So it is if entries are withheld as a whole, and if it does not follow from what is withheld what happened.
//! 7. All of these require customer notice, except for `took-effect` and `corrected`.

use std::collections::{BTreeSet, HashMap};

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
/// The field with the date on which customers were informed, of entries and of items.
pub const ANNOUNCED: &str = OWN[1];
/// The field with the first date on which a change applies, of entries and of items.
pub const EFFECTIVE: &str = OWN[2];
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
    /// Other values were announced.
    Revised,
    /// Its values, its note or the date of its announcement were corrected.
    Corrected,
    /// It will not happen.
    Withdrawn,
    /// Its date has come, and its values were moved into the fields.
    TookEffect,
    /// It took effect before its date.
    EffectiveMovedEarlier,
}

impl UpcomingEvent {
    /// All events.
    pub const ALL: [UpcomingEvent; 7] = [
        UpcomingEvent::Announced,
        UpcomingEvent::Rescheduled,
        UpcomingEvent::Revised,
        UpcomingEvent::Corrected,
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
            UpcomingEvent::Corrected => "corrected",
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
    let [Some(before), Some(after)] = [&mut old, &mut new].map(Entries::take) else {
        // The events do not follow from withheld values.
        return compare(subject, &old, &new, date);
    };
    let mut fields = compare(subject, &old, &new, date);
    let mut events = Vec::new();
    // Announcements of an exception, such as a recipient, require no notice.
    let excepted = ObjectRule::of(subject, &old, &new, date).is_excepted;
    let happened = |event, notice, entry: &str, before, after, changes| {
        happened(event, notice && !excepted, entry, before, after, changes)
    };
    let mut is_redacted = before.hidden != after.hidden;
    let (of_old, of_new) = (before.by_key(), after.by_key());
    let (mut announced_now, mut announced_before) = (None, None);
    for entry in &after.stated {
        let old_entry = of_old.get(key(entry)).map(|entry| Value::clone(entry));
        let event = match &old_entry {
            None => UpcomingEvent::Announced,
            Some(other) => match difference(subject, other, entry) {
                Difference::None => continue,
                Difference::Withheld => {
                    is_redacted = true;
                    continue;
                }
                Difference::Stated if is_moved(other, entry) => UpcomingEvent::Rescheduled,
                Difference::Stated => {
                    let corrected = corrections(subject, &before_entry(&new, &after.stated, entry), other, entry);
                    if !is_announced_anew(subject, &corrected) {
                        let (event, old) = (UpcomingEvent::Corrected, Some(other.clone()));
                        events.push(happened(event, false, key(entry), old, Some(entry.clone()), corrected));
                        continue;
                    }
                    UpcomingEvent::Revised
                }
            },
        };
        let announced = announced_now.get_or_insert_with(|| announced(subject, &new, &after.stated));
        let changes = announced.remove(key(entry)).unwrap_or_default();
        events.push(happened(event, true, key(entry), old_entry, Some(entry.clone()), changes));
    }
    let gone = in_order(&before.stated).into_iter().filter(|entry| !of_new.contains_key(key(entry)));
    let mut settled: BTreeSet<String> = BTreeSet::new();
    for entry in gone.rev() {
        let mut values = changed_fields(entry);
        values.retain(|field, _| !settled.contains(field));
        let is_own = |change: &FieldChange| values.contains_key(change.field());
        let mut as_announced = changed(&old, entry);
        let (left, hidden): (Vec<_>, Vec<_>) = compare(subject, &as_announced, &new, date)
            .into_iter()
            .filter(is_own)
            .partition(|change| !change.is_redacted());
        let is_other = |field: &str| left.iter().any(|change| change.field() == field);
        let effective = notice::stated_date(entry.get(EFFECTIVE));
        let early = date.is_some_and(|date| effective.is_some_and(|effective| date < effective));
        // What became of it does not follow from withheld values.
        let is_unknown = match left.is_empty() {
            true => early && !hidden.is_empty(),
            false => before.hidden != after.hidden,
        };
        if is_unknown {
            is_redacted = true;
            continue;
        }
        let is_applied = |change: &FieldChange| is_own(change) && !is_other(change.field());
        // From its date on, the site showed it as current, even if the fields never had its values.
        if !left.is_empty() && early && !fields.iter().any(is_applied) {
            let announced = announced_before.get_or_insert_with(|| announced(subject, &old, &before.stated));
            let changes = announced.remove(key(entry)).unwrap_or_default();
            events.push(happened(UpcomingEvent::Withdrawn, true, key(entry), Some(entry.clone()), None, changes));
            continue;
        }
        // Fields that a later entry changed again are part of that one.
        let kept = new.iter().filter(|(field, _)| !is_other(field));
        as_announced.extend(kept.map(|(field, value)| (field.clone(), value.clone())));
        let own = compare(subject, &old, &as_announced, date).into_iter().filter(is_own).collect();
        let event = if early { UpcomingEvent::EffectiveMovedEarlier } else { UpcomingEvent::TookEffect };
        events.push(happened(event, early, key(entry), Some(entry.clone()), None, own));
        fields.retain(|change| !is_own(change));
        fields.extend(left);
        fields.sort_by(|one, other| one.field().cmp(other.field()));
        settled.extend(values.into_iter().map(|(field, _)| field));
    }
    if is_redacted {
        events.push(FieldChange::Redacted { field: FIELD.to_owned(), notice: false });
    }
    events.sort_by(|one, other| entry_of(one).cmp(entry_of(other)));
    let at = fields.partition_point(|change| change.field() <= FIELD);
    fields.splice(at..at, events);
    fields
}

/// Returns the changes that a new item announces.
pub(super) fn announced_with(subject: Subject, mut item: Object, date: Option<Date>) -> Vec<FieldChange> {
    let Some(entries) = Entries::take(&mut item) else { return Vec::new() };
    let notice = !ObjectRule::of(subject, &item, &item, date).is_excepted;
    let mut announced = announced(subject, &item, &entries.stated);
    let event = |entry: &Value| {
        let changes = announced.remove(key(entry)).unwrap_or_default();
        happened(UpcomingEvent::Announced, notice, key(entry), None, Some(entry.clone()), changes)
    };
    by_key(entries.stated.iter().map(event).collect())
}

/// Returns the changes that are withdrawn because their item is removed: those that are not in effect on the date.
pub(super) fn withdrawn_with(
    subject: Subject,
    mut item: Object,
    date: Option<Date>,
    has_ended: bool,
) -> Vec<FieldChange> {
    let Some(entries) = Entries::take(&mut item) else { return Vec::new() };
    let notice = !has_ended && !ObjectRule::of(subject, &item, &item, date).is_excepted;
    let is_to_come = |entry: &&Value| {
        let effective = notice::stated_date(entry.get(EFFECTIVE));
        date.zip(effective).is_none_or(|(date, effective)| effective > date)
    };
    let mut announced = announced(subject, &item, &entries.stated);
    let event = |entry: &Value| {
        let changes = announced.remove(key(entry)).unwrap_or_default();
        happened(UpcomingEvent::Withdrawn, notice, key(entry), Some(entry.clone()), None, changes)
    };
    by_key(entries.stated.iter().filter(is_to_come).map(event).collect())
}

fn by_key(mut events: Vec<FieldChange>) -> Vec<FieldChange> {
    events.sort_by(|one, other| entry_of(one).cmp(entry_of(other)));
    events
}

/// How two entries differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    None,
    /// Only in values that one of them withholds.
    Withheld,
    Stated,
}

/// Compares two entries.
fn difference(subject: Subject, one: &Value, other: &Value) -> Difference {
    let changes = compare(subject, &whole(one), &whole(other), None);
    match changes.iter().all(FieldChange::is_redacted) {
        true if changes.is_empty() => Difference::None,
        true => Difference::Withheld,
        false => Difference::Stated,
    }
}

/// Whether an entry announces other values than it did before, so that it is announced anew. `before` is the item just before the
/// entry takes effect, without entries.
pub fn is_other_entry(subject: Subject, before: &Object, old: &Value, new: &Value) -> bool {
    is_announced_anew(subject, &corrections(subject, before, old, new))
}

/// Returns what differs between an item with the old values of an entry and with the new ones.
fn corrections(subject: Subject, before: &Object, old: &Value, new: &Value) -> Vec<FieldChange> {
    let [old, new] = [old, new].map(|entry| changed(before, entry));
    compare(subject, &old, &new, None)
}

/// Whether any of these corrections of an entry requires customer notice.
fn is_announced_anew(subject: Subject, corrections: &[FieldChange]) -> bool {
    let announced = notice::rule(subject).map(|rule| rule.announced).unwrap_or_default();
    let is_announced = |change: &FieldChange| !change.is_redacted() && announced.contains(&change.field());
    corrections.iter().any(|change| change.notice() || is_announced(change))
}

/// Whether facts of an item that is still to start differ so that its start must be announced again. Its dates and its entries are
/// announcements of their own, and what it replaces is not a fact about it.
pub fn is_other_start(subject: Subject, mut old: Object, mut new: Object) -> bool {
    let dates = notice::rule(subject).map(|rule| rule.dates.iter().copied().chain(rule.end)).into_iter().flatten();
    for field in dates.chain([FIELD, "replaces"]) {
        old.shift_remove(field);
        new.shift_remove(field);
    }
    compare(subject, &old, &new, None).iter().any(FieldChange::notice)
}

/// Whether both entries state a date on which they take effect, and the dates differ.
fn is_moved(one: &Value, other: &Value) -> bool {
    let [one, other] = [one, other].map(|entry| entry.get(EFFECTIVE).filter(|date| !Withheld::is(date)));
    one.zip(other).is_some_and(|(one, other)| one != other)
}

/// The entries of an item.
#[derive(Debug, Default)]
struct Entries {
    /// Those with an id, in the order of the record.
    stated: Vec<Value>,
    /// Those that are withheld, or whose id is.
    hidden: Vec<Value>,
}

impl Entries {
    /// Takes the entries out of an item; `None` if they are withheld as a whole.
    fn take(item: &mut Object) -> Option<Entries> {
        if item.get(FIELD).is_some_and(|field| !field.is_array()) {
            return None;
        }
        let Some(Value::Array(entries)) = item.shift_remove(FIELD) else { return Some(Entries::default()) };
        let (hidden, stated) = entries.into_iter().partition(|entry| key(entry).is_empty());
        Some(Entries { stated, hidden })
    }

    fn by_key(&self) -> HashMap<&str, &Value> {
        self.stated.iter().rev().map(|entry| (key(entry), entry)).collect()
    }
}

/// Returns entries in the order in which they take effect, like [`in_order`](crate::model::upcoming::in_order).
fn in_order(entries: &[Value]) -> Vec<&Value> {
    let mut sorted: Vec<&Value> = entries.iter().collect();
    let text = |entry: &Value, field| entry.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    sorted.sort_by_key(|entry| (text(entry, EFFECTIVE), text(entry, ANNOUNCED)));
    sorted
}

/// Returns what each entry changes, by its key, in comparison with the item just before it takes effect: with the fields of the
/// item and the values of the entries that take effect before it.
fn announced<'a>(subject: Subject, item: &Object, entries: &'a [Value]) -> HashMap<&'a str, Vec<FieldChange>> {
    let (mut before, mut announced) = (item.clone(), HashMap::with_capacity(entries.len()));
    for entry in in_order(entries) {
        announced.entry(key(entry)).or_insert_with(|| announced_changes(subject, &before, entry));
        change(&mut before, entry);
    }
    announced
}

/// Returns an item, which is given without entries, just before one of its entries takes effect.
fn before_entry(item: &Object, entries: &[Value], entry: &Value) -> Object {
    let mut before = item.clone();
    for earlier in in_order(entries).into_iter().take_while(|other| key(other) != key(entry)) {
        change(&mut before, earlier);
    }
    before
}

/// Returns what an entry changes in comparison with its item just before it takes effect, which is given without entries.
pub fn announced_changes(subject: Subject, before: &Object, entry: &Value) -> Vec<FieldChange> {
    compare(subject, before, &changed(before, entry), None)
}

/// Returns an item with the values of an entry in its fields.
fn changed(item: &Object, entry: &Value) -> Object {
    let mut changed = item.clone();
    change(&mut changed, entry);
    changed
}

/// Moves the values of an entry into the fields of its item.
fn change(item: &mut Object, entry: &Value) {
    for (field, value) in changed_fields(entry) {
        match value {
            Value::Null => item.shift_remove(&field),
            value => item.insert(field, value),
        };
    }
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

/// Whether changes that were computed by [`announced_changes`] took effect, by rule 3. `before` is the item just before.
pub fn took_effect(before: &Object, changes: &[FieldChange], now: &Object, early: bool) -> bool {
    let is_changed = |field: &str| {
        compare_field(ObjectRule::none(), field, before.get(field), now.get(field)).iter().any(|it| !it.is_redacted())
    };
    let is_applied = |change: &FieldChange| {
        is_changed(change.field()) && (!early || has_values_of(now, std::slice::from_ref(change)))
    };
    has_values_of(now, changes) || changes.iter().any(is_applied)
}

/// Whether an item has the values of changes that were computed by [`announced_changes`].
fn has_values_of(item: &Object, changes: &[FieldChange]) -> bool {
    let no_rule = ObjectRule::none();
    changes.iter().all(|change| match change {
        FieldChange::Value { field, after, .. } => {
            compare_field(no_rule, field, after.as_ref(), item.get(field)).iter().all(FieldChange::is_redacted)
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
        // What is withheld has no id, and comes first.
        _ => "",
    }
}
