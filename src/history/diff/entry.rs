//! The subject of a change: an item of any list, or one of the objects that are not lists.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::model::lists::for_each_list;
use crate::model::{Disclosure, List, Listed, NoticeTerms, Organization, named};

/// The part of a disclosure that a change belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Title, description and language.
    Page,
    /// The organization.
    Organization,
    /// Its contacts, by purpose.
    Contacts,
    /// The terms of notice, without the notice period in days.
    Notice,
    /// The dimensions of conditions, with their values.
    Dimensions,
    /// An item of a list.
    List(List),
    /// A file that a text refers to.
    Files,
}

impl Subject {
    /// The objects that are not lists, in the order of changes.
    pub const OBJECTS: [Subject; 5] =
        [Subject::Page, Subject::Organization, Subject::Contacts, Subject::Notice, Subject::Dimensions];

    /// The fields of a disclosure that form the object `page`.
    pub const PAGE_FIELDS: [&str; 3] = ["title", "description", "language"];

    /// All parts, in the order of changes.
    pub fn all() -> impl Iterator<Item = Subject> {
        Subject::OBJECTS.into_iter().chain(List::ALL.iter().copied().map(Subject::List)).chain([Subject::Files])
    }

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Subject::Page => "page",
            Subject::Organization => "organization",
            Subject::Contacts => "contacts",
            Subject::Notice => "notice",
            Subject::Dimensions => "dimensions",
            Subject::List(list) => list.name(),
            Subject::Files => "files",
        }
    }

    /// A one-sentence description.
    pub const fn about(self) -> &'static str {
        match self {
            Subject::Page => "Title, description and language.",
            Subject::Organization => "The organization.",
            Subject::Contacts => "Its contacts, by purpose.",
            Subject::Notice => "The terms of notice.",
            Subject::Dimensions => "The dimensions of conditions, with their values.",
            Subject::List(list) => list.about(),
            Subject::Files => "Files that texts refer to.",
        }
    }

    /// Whether the object is equal on both sides, so that its fields need not be compared.
    pub(super) fn is_same(self, old: &Disclosure, new: &Disclosure) -> bool {
        match self {
            Subject::Page => {
                (&old.title, &old.description, &old.language) == (&new.title, &new.description, &new.language)
            }
            // The notice period may be stated with the terms of notice.
            Subject::Organization => old.organization == new.organization && old.notice == new.notice,
            Subject::Contacts => old.contacts == new.contacts,
            Subject::Notice => old.notice == new.notice,
            Subject::Dimensions => old.dimensions == new.dimensions,
            Subject::List(_) | Subject::Files => false,
        }
    }

    /// The object; empty for lists and files, which are compared individually.
    pub(super) fn object(self, disclosure: &Disclosure) -> Map<String, Value> {
        match self {
            Subject::Page => {
                let Disclosure { title, description, language, .. } = disclosure;
                let mut page = Map::new();
                page.insert("title".into(), title.clone().into());
                page.extend(description.clone().map(|description| ("description".into(), description.into())));
                page.insert("language".into(), language.as_str().into());
                page
            }
            Subject::Organization => {
                let days = disclosure.notice_terms().days;
                object(&Organization { notice_days: days, ..disclosure.organization.clone() })
            }
            Subject::Contacts => object(&disclosure.contacts),
            Subject::Notice => {
                let terms = disclosure.notice.clone().map(|terms| NoticeTerms { days: None, ..terms });
                terms.map(|terms| object(&terms)).unwrap_or_default()
            }
            Subject::Dimensions => object(&disclosure.dimensions),
            Subject::List(_) | Subject::Files => Map::new(),
        }
    }
}

named!(Subject, "The part of a disclosure that a change belongs to.");

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Returns the fields of a value as they are in a record.
pub(in crate::history) fn object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// An item of any list, with its withheld values as they are in the record.
#[derive(Debug, Clone, PartialEq)]
pub struct AnyItem {
    /// The item.
    pub kind: ItemKind,
    /// The fields that contain withheld values.
    withheld: Map<String, Value>,
}

impl AnyItem {
    /// Its fields as they are in the record.
    pub fn fields(&self) -> Map<String, Value> {
        let mut fields = self.kind.fields();
        fields.extend(self.withheld.clone());
        fields
    }

    /// The list that contains it.
    pub fn subject(&self) -> Subject {
        Subject::List(self.kind.list())
    }

    /// Sets the fields that contain withheld values.
    pub(super) fn withholding(self, fields: Option<&Map<String, Value>>) -> AnyItem {
        AnyItem { withheld: fields.cloned().unwrap_or_default(), ..self }
    }
}

impl Serialize for AnyItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.withheld.is_empty() { self.kind.serialize(serializer) } else { self.fields().serialize(serializer) }
    }
}

impl JsonSchema for AnyItem {
    fn schema_name() -> Cow<'static, str> {
        ItemKind::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        ItemKind::json_schema(generator)
    }
}

macro_rules! entry {
    ($($list:ident { field: $field:ident, item: $type:ident, $($rest:tt)* })*) => {
        /// An item of any list, shared with its disclosure.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
        #[serde(untagged)]
        #[schemars(rename = "AnyItem")]
        pub enum ItemKind {
            $(
                #[doc = concat!("An item of type `", stringify!($type), "`.")]
                $type(Arc<crate::model::$type>),
            )*
        }

        impl ItemKind {
            fn fields(&self) -> Map<String, Value> {
                match self {
                    $(ItemKind::$type(item) => object(&**item),)*
                }
            }

            fn list(&self) -> List {
                match self {
                    $(ItemKind::$type(_) => <crate::model::$type as Listed>::LIST,)*
                }
            }
        }

        $(
            impl From<Arc<crate::model::$type>> for AnyItem {
                fn from(item: Arc<crate::model::$type>) -> AnyItem {
                    AnyItem { kind: ItemKind::$type(item), withheld: Map::new() }
                }
            }

            impl TryFrom<AnyItem> for Arc<crate::model::$type> {
                type Error = AnyItem;

                fn try_from(item: AnyItem) -> Result<Arc<crate::model::$type>, AnyItem> {
                    match item.kind {
                        ItemKind::$type(item) => Ok(item),
                        kind => Err(AnyItem { kind, ..item }),
                    }
                }
            }
        )*
    };
}

for_each_list!(entry);
