//! Changes of an item that take effect on a later date.
//!
//! An entry of `upcoming` states complete new values of some fields of its item. It is typed like the item: [`Upcoming::values`]
//! is an item of which only [`Upcoming::fields`] count. The table of lists generates what this needs ([`Overlay`]), so that a
//! new field of an item can also be changed by an entry.
//!
//! From its `effective` date on, an entry is in effect, even if no release has moved its values into the fields:
//! [`Disclosure::in_effect_on`] applies the entries that are due.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::lists::for_each_list;
use super::{Date, Disclosure, Id, Item, Malformed};

/// A change of an item that takes effect on a later date.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Upcoming<T> {
    /// Identifies the change in its item; by default, the date of its announcement.
    pub id: Option<Id>,
    /// The date on which customers were informed.
    pub announced: Date,
    /// The first date on which the new values apply.
    pub effective: Date,
    /// What changes and why, as plain text.
    pub note: Option<String>,
    /// The fields that get a new value, in the order of the item.
    pub fields: Vec<&'static str>,
    /// The new values; only those of `fields` count.
    pub values: Box<T>,
    /// The fields that no longer have a value.
    pub remove: Vec<String>,
}

/// An item whose fields can be changed by an entry of `upcoming`. The table of lists implements it for all items.
pub trait Overlay: Sized + Default + Clone {
    /// All fields of the item, each with whether it is required.
    const ALL_FIELDS: &'static [(&'static str, bool)];

    /// Reads a field of a record.
    ///
    /// # Errors
    /// If its value has another type.
    fn read_value<'de, A: MapAccess<'de>>(&mut self, field: &str, map: &mut A) -> Result<(), A::Error>;

    /// Writes a field into a record.
    ///
    /// # Errors
    /// If it cannot be written.
    fn write_value<S: SerializeMap>(&self, field: &str, map: &mut S) -> Result<(), S::Error>;

    /// Copies a field of another item.
    fn copy_value(&mut self, from: &Self, field: &str);

    /// The upcoming changes of the item, in the order of the content.
    fn upcoming(&self) -> &[Upcoming<Self>];

    /// Replaces the upcoming changes of the item.
    fn set_upcoming(&mut self, upcoming: Vec<Upcoming<Self>>);
}

/// Fields that no entry can change: the identity of the item, and its own dates.
const FIXED: [&str; 6] = ["id", "announced", "effective", "ends", "replaces", "upcoming"];

/// The fields of an entry before and after those of the item.
const OWN: [&str; 4] = ["id", "announced", "effective", "note"];
const REMOVE: &str = "remove";

/// The ids that an entry cannot have, because they identify the start and the end of the item itself.
pub const RESERVED: [&str; 2] = [START, END];
/// Identifies the start of an item among its upcoming changes.
pub const START: &str = "start";
/// Identifies the end of an item among its upcoming changes.
pub const END: &str = "end";

impl<T: Overlay> Upcoming<T> {
    /// Creates an entry that changes nothing yet.
    pub fn new(id: Option<Id>, announced: Date, effective: Date) -> Upcoming<T> {
        Upcoming {
            id,
            announced,
            effective,
            note: None,
            fields: Vec::new(),
            values: Box::default(),
            remove: Vec::new(),
        }
    }

    /// The fields of the item that an entry can change.
    pub fn changeable() -> impl Iterator<Item = &'static str> {
        T::ALL_FIELDS.iter().map(|(name, _)| *name).filter(|name| !FIXED.contains(name))
    }

    /// The fields of the item that an entry can remove: those that are not required.
    pub fn removable() -> impl Iterator<Item = &'static str> {
        let optional = T::ALL_FIELDS.iter().filter(|(_, required)| !required).map(|(name, _)| *name);
        optional.filter(|name| !FIXED.contains(name))
    }

    /// All fields of an entry, in order.
    pub fn all_fields() -> Vec<&'static str> {
        OWN.into_iter().chain(Self::changeable()).chain([REMOVE]).collect()
    }

    /// The id of the change, which is unique in its item.
    pub fn key(&self) -> Id {
        // A date is an id in kebab-case.
        self.id.clone().unwrap_or_else(|| Id::archived(&self.announced.to_string()))
    }

    /// Moves fields whose new value is the default into `remove`, because items leave such values out. An entry and its item
    /// then have one form for the same value.
    pub fn shorten(&mut self)
    where
        T: Serialize,
    {
        let blank = serde_json::to_value(T::default()).ok();
        let removable: Vec<&str> = Self::removable().collect();
        let is_default = |field: &&'static str| {
            let mut alone = T::default();
            alone.copy_value(&self.values, field);
            removable.contains(field) && serde_json::to_value(&alone).ok() == blank
        };
        let (default, stated): (Vec<_>, Vec<_>) = self.fields.iter().copied().partition(is_default);
        self.fields = stated;
        self.remove.extend(default.into_iter().map(str::to_owned));
    }

    /// Changes the fields of the item.
    pub fn apply(&self, item: &mut T) {
        for field in &self.fields {
            item.copy_value(&self.values, field);
        }
        let blank = T::default();
        let removable = |field: &&String| Self::removable().any(|name| name == field.as_str());
        for field in self.remove.iter().filter(removable) {
            item.copy_value(&blank, field);
        }
    }
}

/// Returns the entries in the order in which they take effect; on the same date, in the order of their announcement, then of
/// the content.
pub fn in_order<T: Overlay>(entries: &[Upcoming<T>]) -> Vec<&Upcoming<T>> {
    let mut sorted: Vec<&Upcoming<T>> = entries.iter().collect();
    sorted.sort_by_key(|entry| (entry.effective, entry.announced));
    sorted
}

/// Returns the item with all entries that are in effect on a date moved into its fields.
pub fn in_effect_on<T: Overlay>(item: &Arc<T>, date: Date) -> Arc<T> {
    if item.upcoming().iter().all(|entry| entry.effective > date) {
        return Arc::clone(item);
    }
    let mut current = T::clone(item);
    for entry in in_order(item.upcoming()).into_iter().filter(|entry| entry.effective <= date) {
        entry.apply(&mut current);
    }
    current.set_upcoming(item.upcoming().iter().filter(|entry| entry.effective > date).cloned().collect());
    Arc::new(current)
}

macro_rules! disclosed {
    ($($list:ident { field: $field:ident, $($rest:tt)* })*) => {
        impl Disclosure {
            /// Returns the disclosure with all entries of `upcoming` that are in effect on a date moved into their fields.
            pub fn in_effect_on(&self, date: Date) -> Cow<'_, Disclosure> {
                fn is_due<T: Overlay>(items: &[Arc<T>], date: Date) -> bool {
                    items.iter().flat_map(|item| item.upcoming()).any(|entry| entry.effective <= date)
                }
                let any = [$(is_due(&self.$field, date)),*].contains(&true);
                if !any {
                    return Cow::Borrowed(self);
                }
                let mut current = self.clone();
                $(current.$field = self.$field.iter().map(|item| in_effect_on(item, date)).collect();)*
                Cow::Owned(current)
            }
        }
    };
}
for_each_list!(disclosed);

/// An entry of `upcoming` of an item of any list.
#[derive(Clone)]
pub struct UpcomingEntry<'a> {
    /// The id of the change, which is unique in its item.
    pub key: Id,
    /// The date on which customers were informed.
    pub announced: Date,
    /// The first date on which the new values apply.
    pub effective: Date,
    /// What changes and why.
    pub note: Option<&'a str>,
    /// An item with the new values; all other fields are empty.
    pub values: &'a dyn Item,
}

impl<'a, T: Overlay + Item> From<&'a Upcoming<T>> for UpcomingEntry<'a> {
    fn from(entry: &'a Upcoming<T>) -> UpcomingEntry<'a> {
        UpcomingEntry {
            key: entry.key(),
            announced: entry.announced,
            effective: entry.effective,
            note: entry.note.as_deref(),
            values: &*entry.values,
        }
    }
}

impl<T: Overlay> Serialize for Upcoming<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        map.serialize_entry("announced", &self.announced)?;
        map.serialize_entry("effective", &self.effective)?;
        if let Some(note) = &self.note {
            map.serialize_entry("note", note)?;
        }
        for field in &self.fields {
            self.values.write_value(field, &mut map)?;
        }
        if !self.remove.is_empty() {
            map.serialize_entry(REMOVE, &self.remove)?;
        }
        map.end()
    }
}

impl<'de, T: Overlay> Deserialize<'de> for Upcoming<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Upcoming<T>, D::Error> {
        deserializer.deserialize_map(UpcomingVisitor(PhantomData))
    }
}

struct UpcomingVisitor<T>(PhantomData<T>);

impl<'de, T: Overlay> Visitor<'de> for UpcomingVisitor<T> {
    type Value = Upcoming<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an upcoming change")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Upcoming<T>, A::Error> {
        let (mut id, mut announced, mut effective, mut note, mut remove) = (None, None, None, None, Vec::new());
        let mut values = Box::<T>::default();
        let mut stated = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "id" => id = Some(map.next_value()?),
                "announced" => announced = Some(map.next_value()?),
                "effective" => effective = Some(map.next_value()?),
                "note" => note = Some(map.next_value()?),
                REMOVE => remove = map.next_value()?,
                other => match Upcoming::<T>::changeable().find(|name| *name == other) {
                    Some(field) => {
                        values.read_value(field, &mut map)?;
                        stated.push(field);
                    }
                    // A field of a newer version.
                    None => drop(map.next_value::<IgnoredAny>()?),
                },
            }
        }
        let announced = announced.ok_or_else(|| A::Error::missing_field("announced"))?;
        let effective = effective.ok_or_else(|| A::Error::missing_field("effective"))?;
        let fields = Upcoming::<T>::changeable().filter(|name| stated.contains(name)).collect();
        Ok(Upcoming { id, announced, effective, note, fields, values, remove })
    }
}

impl<T: Overlay + JsonSchema> JsonSchema for Upcoming<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Upcoming{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut item = T::json_schema(generator).to_value();
        let removable: Vec<&str> = Upcoming::<T>::removable().collect();
        let mut properties = serde_json::Map::new();
        let mut own = |name: &str, schema: Schema, description: &str| {
            let mut schema = schema.to_value();
            schema["description"] = description.into();
            properties.insert(name.to_owned(), schema);
        };
        own("id", generator.subschema_for::<Id>(), "Id of the change, unique in the item; by default, `announced`.");
        own("announced", generator.subschema_for::<Date>(), "Date on which customers were informed.");
        own("effective", generator.subschema_for::<Date>(), "First date on which the new values apply.");
        own("note", json_schema!({ "type": "string" }), "What changes and why, as plain text.");
        for field in Upcoming::<T>::changeable() {
            let Some(mut schema) = item["properties"].get_mut(field).map(serde_json::Value::take) else { continue };
            if let Some(schema) = schema.as_object_mut() {
                schema.shift_remove("default");
            }
            properties.insert(field.to_owned(), schema);
        }
        properties.insert(
            REMOVE.to_owned(),
            serde_json::json!({
                "type": "array", "items": { "type": "string", "enum": removable }, "uniqueItems": true,
                "description": "Fields that no longer have a value.",
            }),
        );
        json_schema!({
            "type": "object",
            "description": "A change of the item that takes effect on a later date: the complete new values of the fields that change.",
            "properties": properties,
            "required": ["announced", "effective"],
            "additionalProperties": false,
        })
    }
}

/// Checks the id of an entry.
///
/// # Errors
/// If the id is reserved.
pub fn check_id(id: &Id) -> Result<(), Malformed> {
    match RESERVED.contains(&id.as_str()) {
        true => Err(Malformed::new(
            format!("`{id}` cannot be the id of an upcoming change"),
            "use another id: `start` and `end` stand for the dates of the item itself",
        )),
        false => Ok(()),
    }
}

/// Counts entries by id; only ids that occur more than once are problems.
pub fn repeated<T: Overlay>(entries: &[Upcoming<T>]) -> BTreeMap<Id, Vec<usize>> {
    let mut places: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        places.entry(entry.key()).or_default().push(at);
    }
    places.retain(|_, places| places.len() > 1);
    places
}
