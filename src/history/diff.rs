//! The typed changes between two disclosures.
//!
//! The rules are few, because the page's script for comparing two releases implements them too; `tests/vectors/diff/` has
//! test cases that both must pass.
//!
//! 1. Title, description and language form the object `page`; `organization`, `contacts` and `dimensions` are objects too.
//!    Each list contains objects that are identified by their `id`. Objects are compared as they are in a release record, with
//!    values that have a short form in that form: the location `{code: DE}` is `DE`, the transfer mechanism `[{mechanism: scc}]`
//!    is `scc`, and `{when: enabled, feature: X}` equals `{feature: X}`.
//! 2. Changes are in the order `page`, `organization`, `contacts`, `dimensions`, then the lists in the order of the record; within a list,
//!    they are sorted by id. The order of items in a list never matters.
//! 3. An id that only the new side has is `added`, an id that only the old side has is `removed`. An object on both sides is
//!    `changed` if a field differs. Fields are compared by name, in alphabetical order.
//! 4. A field that is an array on either side is compared as a multiset: `added` has the elements that occur more often on the
//!    new side, in its order, and `removed` those that occur more often on the old side, in its order. Every other field is
//!    compared as a whole; `before` or `after` is left out if the field is absent.
//!    Parts of an object that have a name, such as the services of a subprocessor ([`NAMED_PARTS`]), are identified by it, so that
//!    each can be added, removed, or changed in some of its fields.
//! 5. A file that both sides recorded under the same path, but with different bytes, is a change of kind `file` in the field
//!    `file` of each document that has it on both sides, or in the field `editions` if it is the file of an earlier edition, with
//!    the version of the document or the edition if that did not change. If no document of the new side has the file, it is an object of its own, under the part `files`, after all lists. Nothing is compared if
//!    a side has no record of its files.
//! 6. [`notice`] defines which changes require customer notice. The date of the new side decides whether a date is still to come,
//!    and whether a removed item has ended.
//! 7. A withheld value equals every other in its place. A field that differs in withheld values is a change of kind `redacted`,
//!    without the values, which never requires customer notice. What else differs is a change that follows: an element of a list
//!    that differs from one of the other side only in withheld values, or that is withheld as a whole, was neither added nor
//!    removed. Values and elements that differ in more have a withheld value where those of the other side have one.
//! 8. The entries of `upcoming` are compared by their ids ([`upcoming`]). An entry that is gone while the fields have its values
//!    took effect; the changes of these fields are part of it. The entries of an added item are announced with it, and those of a
//!    removed item that are still to come are withdrawn with it; so is a removed item that was to start after the date of the
//!    new side.
//! 9. A changed item whose start is still to come on the date of the new side has the dates of its `start`.
//! 10. An added and a removed item with the same name (ignoring case and surrounding whitespace) refer to each other as a
//!     likely change of id. Pairs are formed in the order of the ids. A withheld name equals no other, and is shown as `redacted`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::lists::for_each_list;
use crate::model::{Date, Digest, Disclosure, Id, Item, List, Listed, Statement, Withheld};

mod apply;
pub(super) mod entry;
pub mod files;
mod forms;
pub mod notice;
mod side;
#[cfg(test)]
mod tests;
pub mod upcoming;
pub mod words;

pub use apply::NotApplicable;
pub use entry::{AnyItem, ItemKind, Subject};
pub use notice::StartDates;
pub use upcoming::UpcomingEvent;

use side::Side;

/// All changes from one disclosure to another, in the order of the rules above.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Changes(Vec<Change>);

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// An item was added.
    Added {
        /// The list that contains it.
        subject: Subject,
        /// Its id.
        id: Id,
        /// Its name for readers.
        label: String,
        /// Whether the change requires customer notice.
        notice: bool,
        /// The removed item with the same name, if any; probably only the id changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        same_name_as: Option<Id>,
        /// The upcoming changes that it announces; left out if there are none.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[schemars(default)]
        upcoming: Vec<FieldChange>,
        /// The added item.
        item: AnyItem,
    },
    /// An item was removed.
    Removed {
        /// The list that contained it.
        subject: Subject,
        /// Its id.
        id: Id,
        /// Its name for readers.
        label: String,
        /// Whether the change requires customer notice.
        notice: bool,
        /// The added item with the same name, if any; probably only the id changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        same_name_as: Option<Id>,
        /// Whether it was removed after the end that it stated; left out if not.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        #[schemars(default)]
        ended: bool,
        /// Whether it was removed before the start that it stated, so that it was never in use; left out if not.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        #[schemars(default)]
        withdrawn: bool,
        /// The subprocessor that replaces it, if one on the new side has it in `replaces`.
        #[serde(skip_serializing_if = "Option::is_none")]
        replaced_by: Option<Id>,
        /// Its upcoming changes, which are withdrawn; left out if there are none.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[schemars(default)]
        upcoming: Vec<FieldChange>,
        /// The removed item.
        item: AnyItem,
    },
    /// An item, the page's title, description or language, the organization or its contacts changed.
    Changed {
        /// The part of the disclosure that changed.
        subject: Subject,
        /// The item's id; left out for the page, the organization and the contacts.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Id>,
        /// The item's current name for readers.
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// Whether any of the changes requires customer notice.
        notice: bool,
        /// The dates of its start, if the new side states one that is still to come; left out if not.
        #[serde(skip_serializing_if = "Option::is_none")]
        start: Option<StartDates>,
        /// The fields that differ, sorted by name.
        fields: Vec<FieldChange>,
    },
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldChange {
    /// A change of a field that is a list.
    Elements {
        /// The field's key in the record.
        field: String,
        /// Whether the change requires customer notice.
        notice: bool,
        /// The elements that were added.
        added: Vec<Value>,
        /// The elements that were removed.
        removed: Vec<Value>,
    },
    /// A file was replaced: other bytes under the same path.
    File {
        /// The field's key in the record: `file`, or `editions` for the file of an earlier edition.
        field: String,
        /// Whether the change requires customer notice.
        notice: bool,
        /// The path of the file below `static/`.
        path: String,
        /// The version of the document, if it did not change; left out if it did, and for files without a version.
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<String>,
        /// The old file.
        before: FileState,
        /// The new file.
        after: FileState,
    },
    /// A change of parts that have a name, such as the services of a subprocessor.
    Parts {
        /// The field's key in the record.
        field: String,
        /// Whether the change requires customer notice.
        notice: bool,
        /// The parts that were added.
        added: Vec<Value>,
        /// The parts that were removed.
        removed: Vec<Value>,
        /// The parts that changed, sorted by name.
        changed: Vec<ChangedPart>,
    },
    /// A change to or from a withheld value.
    Redacted {
        /// The field's key in the record.
        field: String,
        /// Whether the change requires customer notice: never.
        notice: bool,
    },
    /// A change that takes effect on a stated date was announced, altered or withdrawn, or it took effect.
    Upcoming {
        /// The field's key in the record: `upcoming`.
        field: String,
        /// Whether the change requires customer notice.
        notice: bool,
        /// What happened to the change.
        event: UpcomingEvent,
        /// The id of the change in its item.
        entry: String,
        /// The entry on the old side; left out if it has none.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Value>,
        /// The entry on the new side; left out if it has none.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Value>,
        /// The fields that the change alters, in comparison with the item just before it takes effect: as the new side states it,
        /// or, if it was withdrawn, the old side. If it took effect, the fields that differ between the old side and what was announced.
        changes: Vec<FieldChange>,
    },
    /// A change of any other field.
    Value {
        /// The field's key in the record.
        field: String,
        /// Whether the change requires customer notice.
        notice: bool,
        /// The old value; left out if the field was absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Value>,
        /// The new value; left out if the field is absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Value>,
    },
}

/// A part with a name, some of whose fields changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedPart {
    /// Its name, which identifies it.
    pub name: String,
    /// The number of a question in its standard, by which readers know it.
    #[serde(skip)]
    pub label: Option<String>,
    /// Whether any of the changes requires customer notice.
    pub notice: bool,
    /// The fields that differ, sorted by name.
    pub fields: Vec<FieldChange>,
}

/// The fields whose elements have a name, each with the field that has it.
pub const NAMED_PARTS: [(&str, &str); 2] = [("services", "name"), ("questions", "id")];

/// The field of a named part that readers know it by, if it differs from the field that identifies it.
const PART_LABEL: &str = "number";

/// The bytes of a file at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileState {
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
}

impl Change {
    /// The part of the disclosure that changed.
    pub fn subject(&self) -> Subject {
        match self {
            Change::Added { subject, .. } | Change::Removed { subject, .. } | Change::Changed { subject, .. } => {
                *subject
            }
        }
    }

    /// The item's id; `None` for the page, the organization and the contacts.
    pub fn id(&self) -> Option<&Id> {
        match self {
            Change::Added { id, .. } | Change::Removed { id, .. } => Some(id),
            Change::Changed { id, .. } => id.as_ref(),
        }
    }

    /// The item's name for readers; `None` for the page, the organization and the contacts.
    pub fn label(&self) -> Option<&str> {
        match self {
            Change::Added { label, .. } | Change::Removed { label, .. } => Some(label),
            Change::Changed { label, .. } => label.as_deref(),
        }
    }

    /// Whether an item was removed.
    pub fn is_removal(&self) -> bool {
        matches!(self, Change::Removed { .. })
    }

    /// Whether the change requires customer notice.
    pub fn notice(&self) -> bool {
        match self {
            Change::Added { notice, .. } | Change::Removed { notice, .. } | Change::Changed { notice, .. } => *notice,
        }
    }
}

impl FieldChange {
    /// The field's key in the record.
    pub fn field(&self) -> &str {
        match self {
            FieldChange::Elements { field, .. }
            | FieldChange::File { field, .. }
            | FieldChange::Parts { field, .. }
            | FieldChange::Redacted { field, .. }
            | FieldChange::Upcoming { field, .. }
            | FieldChange::Value { field, .. } => field,
        }
    }

    /// Returns an upcoming change as one that requires no notice; other changes of a new item do not occur.
    fn without_notice(mut self) -> FieldChange {
        if let FieldChange::Upcoming { notice, .. } = &mut self {
            *notice = false;
        }
        self
    }

    /// Whether it is a change to or from a withheld value.
    fn is_redacted(&self) -> bool {
        matches!(self, FieldChange::Redacted { .. })
    }

    /// Whether the change requires customer notice.
    pub fn notice(&self) -> bool {
        match self {
            FieldChange::Elements { notice, .. }
            | FieldChange::File { notice, .. }
            | FieldChange::Parts { notice, .. }
            | FieldChange::Redacted { notice, .. }
            | FieldChange::Upcoming { notice, .. }
            | FieldChange::Value { notice, .. } => *notice,
        }
    }
}

impl Changes {
    /// Computes the changes from `old` to `new`. Disclosures alone are compared without their files.
    pub fn between<'a>(old: impl Into<Statement<'a>>, new: impl Into<Statement<'a>>) -> Changes {
        let (old_statement, new_statement) = (old.into(), new.into());
        let (old, new) = (old_statement.disclosure, new_statement.disclosure);
        let (old_side, new_side) = (Side::of(old_statement), Side::of(new_statement));
        let date = new_statement.date;
        let mut changes = Vec::new();
        for subject in Subject::OBJECTS {
            if subject.is_same(old, new) && !old_side.withholds(subject, None) && !new_side.withholds(subject, None) {
                continue;
            }
            let (before, after) = (subject.object(old), subject.object(new));
            let (before, after) = (old_side.object(subject, None, before), new_side.object(subject, None, after));
            let fields = compare(subject, &before, &after, date);
            if !fields.is_empty() {
                let notice = fields.iter().any(FieldChange::notice);
                changes.push(Change::Changed { subject, id: None, label: None, notice, start: None, fields });
            }
        }
        macro_rules! compare_lists {
            ($($list:ident { field: $field:ident, $($rest:tt)* })*) => {
                $(list((&old.$field, old_side), (&new.$field, new_side), new, date, &mut changes);)*
            };
        }
        for_each_list!(compare_lists);
        files::compare(old_statement, new_statement, &mut changes);
        Changes(changes)
    }

    /// Returns everything that a disclosure states as changes, for a project without releases. None of them requires
    /// customer notice, because nothing was stated before.
    pub fn from_nothing(new: &Disclosure) -> Changes {
        let same = Disclosure::new(new.title.clone(), new.language.clone(), new.organization.clone());
        let objects = Subject::OBJECTS.into_iter().filter_map(|subject| {
            let fields = compare(subject, &Map::new(), &subject.object(new), None);
            let is_stated = !fields.is_empty();
            is_stated.then_some(Change::Changed { subject, id: None, label: None, notice: false, start: None, fields })
        });
        let items = Changes::between(&same, new).0.into_iter().filter_map(|change| match change {
            Change::Added { subject, id, label, same_name_as, upcoming, item, .. } => {
                let upcoming = upcoming.into_iter().map(FieldChange::without_notice).collect();
                Some(Change::Added { subject, id, label, notice: false, same_name_as, upcoming, item })
            }
            _ => None,
        });
        Changes(objects.chain(items).collect())
    }

    /// Iterates over the changes in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Change> {
        self.0.iter()
    }

    /// The number of changes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any of the changes requires customer notice.
    pub fn notice(&self) -> bool {
        self.0.iter().any(Change::notice)
    }
}

impl<'a> IntoIterator for &'a Changes {
    type Item = &'a Change;
    type IntoIter = std::slice::Iter<'a, Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Compares one list.
fn list<T>(
    (old, old_side): (&[Arc<T>], Side<'_>),
    (new, new_side): (&[Arc<T>], Side<'_>),
    after: &Disclosure,
    date: Option<Date>,
    changes: &mut Vec<Change>,
) where
    T: Listed + PartialEq,
    AnyItem: From<Arc<T>>,
{
    let (old, new) = different(old, new);
    if old.is_empty() && new.is_empty() {
        return;
    }
    let by_id = |items: Vec<&Arc<T>>| -> BTreeMap<Id, Arc<T>> {
        items.into_iter().map(|item| (item.id().clone(), Arc::clone(item))).collect()
    };
    let (old, new) = (by_id(old), by_id(new));
    let subject = Subject::List(T::LIST);
    let renames = renames((&old, old_side), (&new, new_side));
    let replacements = replacements(subject, after);
    let ids: BTreeSet<&Id> = old.keys().chain(new.keys()).collect();
    for id in ids {
        match (old.get(id), new.get(id)) {
            (Some(a), Some(b))
                if (Arc::ptr_eq(a, b) || a == b)
                    && !old_side.withholds(subject, Some(id))
                    && !new_side.withholds(subject, Some(id)) => {}
            (Some(a), Some(b)) => {
                let before = old_side.object(subject, Some(id), entry::object(&**a));
                let now = new_side.object(subject, Some(id), entry::object(&**b));
                let start = notice::start(subject, &now, date);
                let fields = upcoming::compare_items(subject, before, now, date);
                if !fields.is_empty() {
                    let notice = fields.iter().any(FieldChange::notice);
                    let label = Some(b.label().to_owned());
                    changes.push(Change::Changed { subject, id: Some(id.clone()), label, notice, start, fields });
                }
            }
            (Some(a), None) => {
                let item = AnyItem::from(Arc::clone(a)).withholding(old_side.fields(subject, Some(id)));
                let fields = item.fields();
                let ended = notice::has_ended(subject, &fields, date);
                let upcoming = upcoming::withdrawn_with(subject, fields.clone(), date, ended);
                changes.push(Change::Removed {
                    subject,
                    id: id.clone(),
                    label: a.label().to_owned(),
                    notice: (notice::of_item(subject, &fields) && !ended) || upcoming.iter().any(FieldChange::notice),
                    same_name_as: renames.get(id).cloned(),
                    ended,
                    withdrawn: notice::start(subject, &fields, date).is_some(),
                    replaced_by: replacements.get(id).map(|by| (*by).clone()),
                    upcoming,
                    item,
                });
            }
            (None, Some(b)) => {
                let item = AnyItem::from(Arc::clone(b)).withholding(new_side.fields(subject, Some(id)));
                let fields = item.fields();
                let upcoming = upcoming::announced_with(subject, fields.clone(), date);
                changes.push(Change::Added {
                    subject,
                    id: id.clone(),
                    label: b.label().to_owned(),
                    notice: notice::of_item(subject, &fields) || upcoming.iter().any(FieldChange::notice),
                    same_name_as: renames.get(id).cloned(),
                    upcoming,
                    item,
                });
            }
            (None, None) => {}
        }
    }
}

/// Removes the items that both lists share as one allocation, because they are equal. Consecutive releases share most of
/// their items, so this keeps the comparison of a long history cheap.
pub(super) fn different<'a, T>(old: &'a [Arc<T>], new: &'a [Arc<T>]) -> (Vec<&'a Arc<T>>, Vec<&'a Arc<T>>) {
    let same = |(a, b): &(&Arc<T>, &Arc<T>)| Arc::ptr_eq(a, b);
    let head = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let addresses = |items: &[Arc<T>]| items.iter().map(Arc::as_ptr).collect::<HashSet<_>>();
    let (in_old, in_new) = (addresses(old), addresses(new));
    let left = |items: &'a [Arc<T>], other: &HashSet<*const T>| {
        items.iter().filter(|item| !other.contains(&Arc::as_ptr(item))).collect()
    };
    (left(old, &in_new), left(new, &in_old))
}

/// Maps each replaced subprocessor to its replacement; if there are several, to the one with the smallest id.
fn replacements(subject: Subject, after: &Disclosure) -> HashMap<&Id, &Id> {
    let mut replacements: HashMap<&Id, &Id> = HashMap::new();
    if subject == Subject::List(List::Subprocessors) {
        for item in &after.subprocessors {
            let Some(replaced) = &item.replaces else { continue };
            let by = replacements.entry(replaced).or_insert(&item.id);
            *by = (*by).min(&item.id);
        }
    }
    replacements
}

/// Pairs added and removed ids whose items have the same name, in both directions.
fn renames<T: Item>(
    (old, old_side): (&BTreeMap<Id, Arc<T>>, Side<'_>),
    (new, new_side): (&BTreeMap<Id, Arc<T>>, Side<'_>),
) -> HashMap<Id, Id> {
    let name = |item: &Arc<T>| item.label().trim().to_lowercase();
    let is_named = |side: Side<'_>, item: &Arc<T>| !side.withholds_label(&**item);
    let mut removed: HashMap<String, Vec<&Id>> = HashMap::new();
    for (id, item) in old.iter().rev().filter(|(id, item)| !new.contains_key(id) && is_named(old_side, item)) {
        removed.entry(name(item)).or_default().push(id);
    }
    let mut pairs = HashMap::new();
    for (id, item) in new.iter().filter(|(id, item)| !old.contains_key(id) && is_named(new_side, item)) {
        if let Some(other) = removed.get_mut(&name(item)).and_then(Vec::pop) {
            pairs.insert(id.clone(), other.clone());
            pairs.insert(other.clone(), id.clone());
        }
    }
    pairs
}

/// Returns the fields that differ between two objects.
fn compare(
    subject: Subject,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    date: Option<Date>,
) -> Vec<FieldChange> {
    let fields: BTreeSet<&String> = old
        .keys()
        .chain(new.keys())
        .filter(|field| *field != "id" || matches!(subject, Subject::Contacts | Subject::Dimensions))
        .collect();
    let rule = notice::ObjectRule::of(subject, old, new, date);
    fields.into_iter().flat_map(|field| compare_field(rule, field, old.get(field), new.get(field))).collect()
}

/// Compares one field: that withheld values differ, then what else does.
fn compare_field(
    rule: notice::ObjectRule<'_>,
    field: &str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Vec<FieldChange> {
    if before == after || before.map(forms::short) == after.map(forms::short) {
        return Vec::new();
    }
    let named = NAMED_PARTS.iter().find(|(parts, _)| *parts == field).map(|(_, key)| *key);
    let Difference { is_redacted, change } = match (list_of(before), list_of(after), named) {
        (Some(before), Some(after), Some(key)) => parts(rule, field, key, before, after),
        (Some(before), Some(after), None) => elements(field, before, after),
        _ => value(field, before, after),
    };
    let redacted = is_redacted.then(|| FieldChange::Redacted { field: field.to_owned(), notice: false });
    redacted.into_iter().chain(change.map(|change| rule.apply(change))).collect()
}

/// How a field differs.
struct Difference {
    /// Whether it differs in withheld values.
    is_redacted: bool,
    /// What else differs.
    change: Option<FieldChange>,
}

/// Returns the elements of a field that is a list or absent.
fn list_of(side: Option<&Value>) -> Option<&[Value]> {
    match side {
        None => Some(&[]),
        Some(side) => side.as_array().map(Vec::as_slice),
    }
}

/// Compares values as a whole.
fn value(field: &str, before: Option<&Value>, after: Option<&Value>) -> Difference {
    let (old, new) = (withholding_like(before, after), withholding_like(after, before));
    let is_redacted = old.as_ref() != before || new.as_ref() != after;
    let differs = old.as_ref().map(forms::short) != new.as_ref().map(forms::short);
    let change =
        differs.then(|| FieldChange::Value { field: field.to_owned(), notice: false, before: old, after: new });
    Difference { is_redacted, change }
}

/// Returns a value with a withheld value in each place where another value has one.
fn withholding_like(value: Option<&Value>, other: Option<&Value>) -> Option<Value> {
    match (value, other) {
        (_, Some(other)) if Withheld::is(other) => Some(other.clone()),
        (Some(value), _) if Withheld::is(value) => Some(value.clone()),
        (Some(Value::Object(value)), Some(Value::Object(other))) => {
            let member =
                |(key, value): (&String, &Value)| Some((key.clone(), withholding_like(Some(value), other.get(key))?));
            Some(Value::Object(value.iter().filter_map(member).collect()))
        }
        (Some(Value::Array(value)), Some(Value::Array(other))) => {
            let one = |(at, value)| withholding_like(Some(value), other.get(at));
            Some(Value::Array(value.iter().enumerate().filter_map(one).collect()))
        }
        (value, _) => value.cloned(),
    }
}

/// Compares parts that have a name. `key` is the field that has it.
fn parts(rule: notice::ObjectRule<'_>, field: &str, key: &str, before: &[Value], after: &[Value]) -> Difference {
    let (old_parts, new_parts) = (Parts::of(before, key), Parts::of(after, key));
    let missing = |these: &[Value], those: &Parts<'_>| -> Vec<Value> {
        these.iter().filter(|part| those.find(part).is_none()).cloned().collect()
    };
    let mut is_redacted = false;
    let mut changed: Vec<ChangedPart> = Vec::new();
    for now in after {
        let Some(Value::Object(old)) = old_parts.find(now) else { continue };
        let (Some(name), Value::Object(now)) = (part_name(now, key), now) else { continue };
        if old == now {
            continue;
        }
        let rule = rule.within(now);
        let names: BTreeSet<&String> = old.keys().chain(now.keys()).collect();
        let differ = names.into_iter().flat_map(|field| compare_field(rule, field, old.get(field), now.get(field)));
        let (redacted, fields): (Vec<_>, Vec<_>) = differ.partition(FieldChange::is_redacted);
        is_redacted |= !redacted.is_empty();
        if !fields.is_empty() {
            let notice = fields.iter().any(FieldChange::notice);
            let label = now.get(PART_LABEL).and_then(Value::as_str).map(str::to_owned);
            changed.push(ChangedPart { name: name.to_owned(), label, notice, fields });
        }
    }
    changed.sort_by(|one, other| one.name.cmp(&other.name));
    let (mut added, mut removed) = (missing(after, &old_parts), missing(before, &new_parts));
    is_redacted |= match_withheld(&mut added, &mut removed);
    let differs = !added.is_empty() || !removed.is_empty() || !changed.is_empty();
    let change =
        differs.then(|| FieldChange::Parts { field: field.to_owned(), notice: false, added, removed, changed });
    Difference { is_redacted, change }
}

/// Returns the name of a part, if it has one that is not withheld.
fn part_name<'a>(part: &'a Value, key: &str) -> Option<&'a str> {
    part.get(key).and_then(Value::as_str)
}

/// The parts of one side, by their names.
struct Parts<'a> {
    key: &'a str,
    named: HashMap<&'a str, &'a Value>,
    others: Vec<&'a Value>,
}

impl<'a> Parts<'a> {
    fn of(parts: &'a [Value], key: &'a str) -> Parts<'a> {
        // Of several parts with the same name, the first counts.
        let named = parts.iter().rev().filter_map(|part| Some((part_name(part, key)?, part))).collect();
        Parts { key, named, others: parts.iter().filter(|part| part_name(part, key).is_none()).collect() }
    }

    /// Returns the part with the same name; without a name, an equal one.
    fn find(&self, wanted: &Value) -> Option<&'a Value> {
        match part_name(wanted, self.key) {
            Some(name) => self.named.get(name).copied(),
            None => self.others.iter().copied().find(|part| *part == wanted),
        }
    }
}

fn elements(field: &str, before: &[Value], after: &[Value]) -> Difference {
    let (mut added, mut removed) = (multiset_difference(after, before), multiset_difference(before, after));
    let is_redacted = match_withheld(&mut added, &mut removed);
    let differs = !added.is_empty() || !removed.is_empty();
    let change = differs.then(|| FieldChange::Elements { field: field.to_owned(), notice: false, added, removed });
    Difference { is_redacted, change }
}

/// Takes out the elements that differ from one of the other side only in withheld values, and those that are withheld. Others get
/// a withheld value where one of the other side has. Returns whether that changed anything.
fn match_withheld(added: &mut Vec<Value>, removed: &mut Vec<Value>) -> bool {
    if !added.iter().chain(&*removed).any(Withheld::is_in) {
        return false;
    }
    let stated = (added.clone(), removed.clone());
    let like = |one: &Value, other: &Value| withholding_like(Some(one), Some(other)).unwrap_or_default();
    let is_same = |one: &Value, other: &Value| forms::short(&like(one, other)) == forms::short(&like(other, one));
    added.retain(|one| match removed.iter().position(|other| is_same(one, other)) {
        Some(at) => {
            removed.remove(at);
            false
        }
        None => !Withheld::is(one),
    });
    removed.retain(|one| !Withheld::is(one));
    let others = removed.clone();
    removed.iter_mut().for_each(|one| *one = added.iter().fold(one.clone(), |one, other| like(&one, other)));
    added.iter_mut().for_each(|one| *one = others.iter().fold(one.clone(), |one, other| like(&one, other)));
    (&*added, &*removed) != (&stated.0, &stated.1)
}

/// Returns the elements that occur more often in `these` than in `those`, in the order of `these`.
fn multiset_difference(these: &[Value], those: &[Value]) -> Vec<Value> {
    let mut unmatched: HashMap<String, usize> = HashMap::new();
    for value in those {
        *unmatched.entry(forms::short(value).to_string()).or_default() += 1;
    }
    let is_more = |value: &&Value| match unmatched.get_mut(&forms::short(value).to_string()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    these.iter().filter(is_more).cloned().collect()
}
