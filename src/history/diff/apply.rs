//! Applies changes to a disclosure. The tests use it to prove that a list of changes is complete.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::entry::object;
use super::{AnyItem, Change, Changes, FieldChange, NAMED_PARTS, Subject, part_name, upcoming};
use crate::model::lists::for_each_list;
use crate::model::{Disclosure, Id, Item, List};

/// The changes were computed from another disclosure than the one that they are applied to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the changes do not fit: {0}")]
pub struct NotApplicable(String);

impl Changes {
    /// Applies the changes to `old`. The result is equal to the new side of [`Changes::between`], apart from the order of items
    /// and elements.
    ///
    /// # Errors
    /// If the changes were computed from another disclosure.
    pub fn apply(&self, old: &Disclosure) -> Result<Disclosure, NotApplicable> {
        let mut new = old.clone();
        for change in self {
            match change.subject() {
                Subject::Page => {
                    let page = alter(Subject::Page.object(&new), fields(change)?)?;
                    let text = |key: &str| page.get(key).and_then(Value::as_str).map(str::to_owned);
                    new.title = text("title").unwrap_or_default();
                    new.description = text("description");
                    new.language = typed(page.get("language").cloned().unwrap_or_default())?;
                }
                Subject::Organization => {
                    new.organization = typed(alter(object(&new.organization), fields(change)?)?.into())?
                }
                Subject::Contacts => new.contacts = typed(alter(object(&new.contacts), fields(change)?)?.into())?,
                Subject::Notice => {
                    let terms = alter(Subject::Notice.object(&new), fields(change)?)?;
                    new.notice = (!terms.is_empty()).then(|| typed(terms.into())).transpose()?;
                }
                Subject::Dimensions => new.dimensions = typed(alter(object(&new.dimensions), fields(change)?)?.into())?,
                // Files are not part of a disclosure.
                Subject::Files => {}
                Subject::List(list) => apply_to_list(list, &mut new, change)?,
            }
        }
        Ok(new)
    }
}

fn apply_to_list(list: List, disclosure: &mut Disclosure, change: &Change) -> Result<(), NotApplicable> {
    macro_rules! apply {
        ($($list:ident { field: $field:ident, $($rest:tt)* })*) => {
            match list {
                $(List::$list => apply_to(&mut disclosure.$field, change),)*
            }
        };
    }
    for_each_list!(apply)
}

fn apply_to<T>(list: &mut Vec<Arc<T>>, change: &Change) -> Result<(), NotApplicable>
where
    T: Item + Serialize + DeserializeOwned,
    Arc<T>: TryFrom<AnyItem>,
{
    let position = |id: &Id, list: &[Arc<T>]| {
        list.iter().position(|item| item.id() == id).ok_or_else(|| NotApplicable(format!("there is no `{id}`")))
    };
    match change {
        Change::Added { item, id, .. } => {
            list.push(item.clone().try_into().map_err(|_| NotApplicable(format!("`{id}` belongs to another list")))?);
        }
        Change::Removed { id, .. } => {
            list.remove(position(id, list)?);
        }
        Change::Changed { id: Some(id), fields, .. } => {
            let at = position(id, list)?;
            list[at] = Arc::new(typed(alter(object(&*list[at]), fields)?.into())?);
        }
        Change::Changed { id: None, subject, .. } => {
            return Err(NotApplicable(format!("an item of `{subject}` has no id")));
        }
    }
    Ok(())
}

fn fields(change: &Change) -> Result<&[FieldChange], NotApplicable> {
    match change {
        Change::Changed { fields, .. } => Ok(fields),
        other => Err(NotApplicable(format!("`{}` is not a list", other.subject()))),
    }
}

fn alter(mut object: Map<String, Value>, fields: &[FieldChange]) -> Result<Map<String, Value>, NotApplicable> {
    // Other changes of a field are in comparison with the announced changes that took effect.
    let (first, rest): (Vec<_>, Vec<_>) = fields.iter().partition(|it| matches!(it, FieldChange::Upcoming { .. }));
    for change in first.into_iter().chain(rest) {
        let field = change.field();
        let after = match change {
            // Files are not part of a disclosure, and a withheld value is not known.
            FieldChange::File { .. } | FieldChange::Redacted { .. } => continue,
            FieldChange::Upcoming { event, entry, before, after, changes, .. } => {
                let mut entries = match object.get(field) {
                    Some(Value::Array(entries)) => entries.clone(),
                    _ => Vec::new(),
                };
                if before.is_some() {
                    let at = entries.iter().position(|other| upcoming::key(other) == *entry);
                    entries.remove(at.ok_or_else(|| NotApplicable(format!("`{field}` has no `{entry}`")))?);
                }
                entries.extend(after.clone());
                if event.is_in_effect() {
                    object = alter(object, changes)?;
                }
                (!entries.is_empty()).then_some(Value::Array(entries))
            }
            FieldChange::Value { after, .. } => after.clone(),
            FieldChange::Parts { added, removed, changed, .. } => {
                let key = NAMED_PARTS.iter().find(|(parts, _)| *parts == field).map_or("", |(_, key)| *key);
                let name = |part: &'_ Value| part_name(part, key).unwrap_or_default().to_owned();
                let gone: HashSet<String> = removed.iter().map(name).collect();
                let changed: HashMap<&str, _> = changed.iter().map(|change| (change.name.as_str(), change)).collect();
                let mut parts = Vec::new();
                for part in object.get(field).and_then(Value::as_array).into_iter().flatten() {
                    let Value::Object(old) = part else { continue };
                    if gone.contains(&name(part)) {
                        continue;
                    }
                    let change = changed.get(name(part).as_str());
                    parts.push(Value::Object(alter(old.clone(), change.map_or(&[], |change| &change.fields))?));
                }
                parts.extend(added.iter().cloned());
                (!parts.is_empty()).then_some(Value::Array(parts))
            }
            FieldChange::Elements { added, removed, .. } => {
                let mut elements = match object.get(field) {
                    Some(Value::Array(elements)) => elements.clone(),
                    _ => Vec::new(),
                };
                for element in removed {
                    let at = elements.iter().position(|other| other == element);
                    elements.remove(at.ok_or_else(|| NotApplicable(format!("`{field}` has no {element}")))?);
                }
                elements.extend(added.iter().cloned());
                (!elements.is_empty()).then_some(Value::Array(elements))
            }
        };
        match after {
            Some(value) => object.insert(field.to_owned(), value),
            None => object.shift_remove(field),
        };
    }
    Ok(object)
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, NotApplicable> {
    serde_json::from_value(value).map_err(|error| NotApplicable(error.to_string()))
}
