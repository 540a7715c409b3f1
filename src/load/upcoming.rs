//! Reads the entries of `upcoming`: the fields of an entry, and new values of fields of its item.

use serde::Serialize;

use super::decode::{Clash, Decoder, Fields, Value, quoted};
use super::yaml::{Kind, Node};
use crate::diagnostic::{Code, nearest};
use crate::model::upcoming::{check_id, repeated};
use crate::model::{Date, Id, Overlay, Upcoming};

/// An item whose fields can be read one by one. `records` implements it for the items of every list.
pub(super) trait ReadField: Overlay + Serialize {
    /// Reads a field; `None` if it is required and cannot be read.
    fn read_field(&mut self, field: &str, fields: &mut Fields<'_, '_, '_>) -> Option<()>;
}

impl<T: ReadField> Value for Upcoming<T> {
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Upcoming<T>> {
        let mut fields = decoder.fields(node, at, &Upcoming::<T>::all_fields())?;
        let id = fields.optional("id", own_id);
        let announced = fields.required("announced", Date::read);
        let effective = fields.required("effective", Date::read);
        let mut entry = Upcoming::<T>::new(id?, announced?, effective?);
        entry.note = fields.optional("note", String::read)?;
        for field in Upcoming::<T>::changeable().filter(|field| fields.has_value(field)).collect::<Vec<_>>() {
            entry.values.read_field(field, &mut fields)?;
            entry.fields.push(field);
        }
        entry.remove = fields.default("remove", Vec::read)?;
        check_removed(&entry, at, decoder);
        entry.shorten();
        if entry.fields.is_empty() && entry.remove.is_empty() {
            let message = "this upcoming change names no field that changes".to_owned();
            let help = "add the new value of a field, such as `locations: [DE]`, or `remove:` with the names of fields";
            decoder.error(Code::MissingField, message, &node.range, help);
        }
        Some(entry)
    }
}

fn own_id(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Id> {
    let id = Id::read(node, at, decoder)?;
    if let Err(malformed) = check_id(&id) {
        decoder.error(Code::BadId, malformed.message, &node.range, malformed.help);
        return None;
    }
    Some(id)
}

/// Reports names in `remove` that no entry can remove, or that the entry also changes.
fn check_removed<T: Overlay>(entry: &Upcoming<T>, at: &str, decoder: &mut Decoder<'_>) {
    let removable: Vec<&str> = Upcoming::<T>::removable().collect();
    for (position, name) in entry.remove.iter().enumerate() {
        let Some(range) = decoder.range_of(&format!("{at}.remove[{position}]")) else { continue };
        if !removable.contains(&name.as_str()) {
            let help = match nearest(name, removable.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of: {}", removable.join(", ")),
            };
            let message = format!("an upcoming change cannot remove `{}`", quoted(name));
            decoder.error(Code::BadChoice, message, &range, help);
        } else if entry.fields.contains(&name.as_str()) {
            let message = format!("an upcoming change cannot both change and remove `{}`", quoted(name));
            decoder.error(Code::BadChoice, message, &range, "keep either the new value or the name in `remove`");
        }
    }
}

/// Reads the entries of an item. Two entries with the same id are an error.
pub(super) fn upcoming_entries<T: ReadField>(
    node: &Node,
    at: &str,
    decoder: &mut Decoder<'_>,
) -> Option<Vec<Upcoming<T>>> {
    let Kind::List(items) = &node.kind else {
        decoder.wrong_type(node, at, "a list", "write a list, with `- announced: ...` for each change");
        return None;
    };
    let entries = decoder.items(items, at, Upcoming::<T>::read);
    for (id, places) in repeated(&entries) {
        let range = |position: usize| {
            let entry = format!("{at}[{position}]");
            let stated = if entries[position].id.is_some() { ".id" } else { ".announced" };
            decoder.range_of(&format!("{entry}{stated}")).unwrap_or_else(|| node.range.clone())
        };
        let ranges: Vec<_> = places.iter().map(|position| range(*position)).collect();
        for second in &ranges[1..] {
            decoder.clash(Clash {
                code: Code::DuplicateId,
                message: format!("the id `{id}` appears twice in `upcoming`"),
                second,
                first: &ranges[0],
                first_text: "first here",
                help: "add an `id:` that is unique among the changes of this item; without one, `announced` is the id",
            });
        }
    }
    Some(entries)
}
