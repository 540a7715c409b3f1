//! The typed changes between two disclosures.
//!
//! The rules are few, so that another program (the page's own comparison of two releases) can follow them to the
//! letter; `tests/vectors/diff/` holds what both must agree on.
//!
//! 1. Title, description and language are the object `page`; `organization` and `contacts` are objects too.
//!    Each list holds objects that are known by their `id`. An object is taken as a release record writes it.
//! 2. Changes come in the order `page`, `organization`, `contacts`, then the lists as a record has them; within a
//!    list by id. The order of items in a list never matters.
//! 3. An id that only the new side has was `added`, one that only the old side has was `removed`. An object on both sides is
//!    `changed` where a field differs. Fields are compared by name, in alphabetical order.
//! 4. A field that is an array on either side is compared as a bag of elements: `added` are those that the new side has more
//!    often, in its order, `removed` those of the old side in its order. Every other field is compared as a whole;
//!    `before` or `after` is left out where the field is not there.
//! 5. [`notice`] says which changes matter to a customer who is owed notice.
//! 6. Where something was added and something else removed under the same name (blanks at the ends and case aside), both
//!    point at each other as a likely rename: pairs are made in the order of the ids.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::lists::for_each_list;
use crate::model::{Disclosure, Id, Item, List, Listed};

mod apply;
mod entry;
pub mod notice;
#[cfg(test)]
mod tests;
pub mod words;

pub use apply::NotApplicable;
pub use entry::{Entry, Subject};

/// All changes from one disclosure to another, in the order of the rules above.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Changes(Vec<Change>);

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// An item is new.
    Added {
        /// The list that it is in.
        subject: Subject,
        /// Its id.
        id: Id,
        /// What readers call it.
        label: String,
        /// Whether it matters to a customer who is owed notice.
        notice: bool,
        /// The removed item of the same name, if there is one: it was probably only given another id.
        #[serde(skip_serializing_if = "Option::is_none")]
        same_name_as: Option<Id>,
        /// All of it.
        item: Entry,
    },
    /// An item is gone.
    Removed {
        /// The list that it was in.
        subject: Subject,
        /// Its id.
        id: Id,
        /// What readers called it.
        label: String,
        /// Whether it matters to a customer who is owed notice.
        notice: bool,
        /// The added item of the same name, if there is one: it was probably only given another id.
        #[serde(skip_serializing_if = "Option::is_none")]
        same_name_as: Option<Id>,
        /// The subprocessor that takes its place, if one of the new side says so.
        #[serde(skip_serializing_if = "Option::is_none")]
        replaced_by: Option<Id>,
        /// All of what it was.
        item: Entry,
    },
    /// An item, the page's own texts, the organisation or its contacts are different.
    Changed {
        /// What it belongs to.
        subject: Subject,
        /// The item's id; left out for the page, the organisation and the contacts.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Id>,
        /// What readers call the item now.
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// Whether any of it matters to a customer who is owed notice.
        notice: bool,
        /// The fields that differ, by name.
        fields: Vec<FieldChange>,
    },
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldChange {
    /// A list within an item.
    Elements {
        /// The field's key in the record.
        field: String,
        /// Whether it matters to a customer who is owed notice.
        notice: bool,
        /// What it has more than before.
        added: Vec<Value>,
        /// What it has no longer.
        removed: Vec<Value>,
    },
    /// Anything else.
    Value {
        /// The field's key in the record.
        field: String,
        /// Whether it matters to a customer who is owed notice.
        notice: bool,
        /// What it was; left out where it was not there.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Value>,
        /// What it is; left out where it is not there.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Value>,
    },
}

impl Change {
    /// What it belongs to.
    pub fn subject(&self) -> Subject {
        match self {
            Change::Added { subject, .. } | Change::Removed { subject, .. } | Change::Changed { subject, .. } => {
                *subject
            }
        }
    }

    /// The item's id; none for the page, the organisation and the contacts.
    pub fn id(&self) -> Option<&Id> {
        match self {
            Change::Added { id, .. } | Change::Removed { id, .. } => Some(id),
            Change::Changed { id, .. } => id.as_ref(),
        }
    }

    /// What readers call the item; none for the page, the organisation and the contacts.
    pub fn label(&self) -> Option<&str> {
        match self {
            Change::Added { label, .. } | Change::Removed { label, .. } => Some(label),
            Change::Changed { label, .. } => label.as_deref(),
        }
    }

    /// Whether it matters to a customer who is owed notice.
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
            FieldChange::Elements { field, .. } | FieldChange::Value { field, .. } => field,
        }
    }

    /// Whether it matters to a customer who is owed notice.
    pub fn notice(&self) -> bool {
        match self {
            FieldChange::Elements { notice, .. } | FieldChange::Value { notice, .. } => *notice,
        }
    }
}

impl Changes {
    /// What has to happen to `old` to become `new`.
    pub fn between(old: &Disclosure, new: &Disclosure) -> Changes {
        let mut changes = Vec::new();
        for subject in Subject::OBJECTS {
            if subject.is_same(old, new) {
                continue;
            }
            let fields = compare(subject, &subject.object(old), &subject.object(new));
            if !fields.is_empty() {
                let notice = fields.iter().any(FieldChange::notice);
                changes.push(Change::Changed { subject, id: None, label: None, notice, fields });
            }
        }
        macro_rules! compare_lists {
            ($($list:ident { field: $field:ident, $($rest:tt)* })*) => {
                $(list(&old.$field, &new.$field, new, &mut changes);)*
            };
        }
        for_each_list!(compare_lists);
        Changes(changes)
    }

    /// The changes in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Change> {
        self.0.iter()
    }

    /// How many things changed.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether both sides state the same.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any of them matters to a customer who is owed notice.
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
fn list<T>(old: &[Arc<T>], new: &[Arc<T>], after: &Disclosure, changes: &mut Vec<Change>)
where
    T: Listed + PartialEq,
    Entry: From<Arc<T>>,
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
    let renames = renames(&old, &new);
    let replacements = replacements(subject, after);
    let ids: BTreeSet<&Id> = old.keys().chain(new.keys()).collect();
    for id in ids {
        match (old.get(id), new.get(id)) {
            (Some(a), Some(b)) if Arc::ptr_eq(a, b) || a == b => {}
            (Some(a), Some(b)) => {
                let fields = compare(subject, &entry::object(&**a), &entry::object(&**b));
                if !fields.is_empty() {
                    let notice = fields.iter().any(FieldChange::notice);
                    let label = Some(b.label().to_owned());
                    changes.push(Change::Changed { subject, id: Some(id.clone()), label, notice, fields });
                }
            }
            (Some(a), None) => changes.push(Change::Removed {
                subject,
                id: id.clone(),
                label: a.label().to_owned(),
                notice: notice::of_item(subject),
                same_name_as: renames.get(id).cloned(),
                replaced_by: replacements.get(id).map(|by| (*by).clone()),
                item: Entry::from(Arc::clone(a)),
            }),
            (None, Some(b)) => changes.push(Change::Added {
                subject,
                id: id.clone(),
                label: b.label().to_owned(),
                notice: notice::of_item(subject),
                same_name_as: renames.get(id).cloned(),
                item: Entry::from(Arc::clone(b)),
            }),
            (None, None) => {}
        }
    }
}

/// What is left of two lists without the items that both share as one allocation: nothing can have changed in those.
/// Most items of two releases that follow each other are shared, so this is what keeps a long history cheap.
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

/// The subprocessors that take the place of others, by the id of the other; of several, the first by id.
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

/// Added and removed ids that have the same name, each with the other.
fn renames<T: Item>(old: &BTreeMap<Id, Arc<T>>, new: &BTreeMap<Id, Arc<T>>) -> HashMap<Id, Id> {
    let name = |item: &Arc<T>| item.label().trim().to_lowercase();
    let mut gone: HashMap<String, Vec<&Id>> = HashMap::new();
    for (id, item) in old.iter().rev().filter(|(id, _)| !new.contains_key(id)) {
        gone.entry(name(item)).or_default().push(id);
    }
    let mut pairs = HashMap::new();
    for (id, item) in new.iter().filter(|(id, _)| !old.contains_key(id)) {
        if let Some(other) = gone.get_mut(&name(item)).and_then(Vec::pop) {
            pairs.insert(id.clone(), other.clone());
            pairs.insert(other.clone(), id.clone());
        }
    }
    pairs
}

/// The fields in which two objects differ.
fn compare(subject: Subject, old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<FieldChange> {
    let fields: BTreeSet<&String> =
        old.keys().chain(new.keys()).filter(|field| *field != "id" || subject == Subject::Contacts).collect();
    fields.into_iter().filter_map(|field| compare_field(subject, field, old.get(field), new.get(field))).collect()
}

fn compare_field(subject: Subject, field: &str, before: Option<&Value>, after: Option<&Value>) -> Option<FieldChange> {
    if before == after {
        return None;
    }
    let change = match (before, after) {
        (Some(Value::Array(before)), Some(Value::Array(after))) => elements(field, before, after)?,
        (Some(Value::Array(before)), None) => elements(field, before, &[])?,
        (None, Some(Value::Array(after))) => elements(field, &[], after)?,
        _ => FieldChange::Value {
            field: field.to_owned(),
            notice: false,
            before: before.cloned(),
            after: after.cloned(),
        },
    };
    Some(notice::weigh(subject, change))
}

fn elements(field: &str, before: &[Value], after: &[Value]) -> Option<FieldChange> {
    let (added, removed) = (more(after, before), more(before, after));
    (!added.is_empty() || !removed.is_empty()).then(|| FieldChange::Elements {
        field: field.to_owned(),
        notice: false,
        added,
        removed,
    })
}

/// The elements that `these` has more often than `those`, in the order of `these`.
fn more(these: &[Value], those: &[Value]) -> Vec<Value> {
    let mut spare: HashMap<String, usize> = HashMap::new();
    for value in those {
        *spare.entry(value.to_string()).or_default() += 1;
    }
    let is_more = |value: &&Value| match spare.get_mut(&value.to_string()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    these.iter().filter(is_more).cloned().collect()
}
