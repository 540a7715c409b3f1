//! The schemas of overlays, which translate the content: those of the content without facts. All fields are optional, apart from
//! those that identify an entry.

use serde_json::{Map, Value, json};

use super::{Format, Group};
use crate::model::List;
use crate::model::lists::for_each_list;
use crate::model::translatable::{EntryId, SITE, TextField, TextKind};

macro_rules! formats {
    (Sections { $($sections:tt)* } Pages { $($pages:tt)* } $($list:ident { field: $field:ident, $($rest:tt)* })*) => {
        /// Overlays, in the order of the documentation.
        pub const OVERLAYS: &[Format] = &[
            overlay("translated-site", "content/i18n/*/site.yaml", "Translation of the organization and site", || {
                map(SITE, SITE, None)
            }),
            overlay("translated-section", "content/i18n/*/sections/*.md", "Translation of a section", || {
                front_matter(List::Sections)
            }),
            overlay("translated-page", "content/i18n/*/pages/*.md", "Translation of an own page", || {
                front_matter(List::Pages)
            }),
            $(match (List::$list.has_folder(), List::$list.is_written()) {
                (true, true) => overlay(
                    concat!("translated-", stringify!($field)),
                    concat!("content/i18n/*/", stringify!($field), "/*.md"),
                    concat!("Translation of an item of `", stringify!($field), "`"),
                    || front_matter(List::$list),
                ),
                (true, false) => overlay(
                    concat!("translated-", stringify!($field)),
                    concat!("content/i18n/*/", stringify!($field), "/*.yaml"),
                    concat!("Translation of an item of `", stringify!($field), "`"),
                    || map(List::$list.translatable(), List::$list.translatable(), None),
                ),
                (false, _) => overlay(
                    concat!("translated-", stringify!($field)),
                    concat!("content/i18n/*/data/", stringify!($field), ".yaml"),
                    concat!("Translation of `", stringify!($field), "`"),
                    || entries(List::$list.translatable(), List::$list.translatable(), EntryId::Field("id")),
                ),
            },)*
        ];
    };
}
for_each_list!(formats);

const fn overlay(name: &'static str, file: &'static str, title: &'static str, make: fn() -> Value) -> Format {
    Format { group: Group::Content, name, file, title, make }
}

fn front_matter(list: List) -> Value {
    let fields: Vec<TextField> = list.translatable().iter().copied().filter(|field| field.name != "body").collect();
    map(&fields, list.translatable(), None)
}

/// Returns the schema of a map. `item` are the fields of the item that contains it, and `id` identifies it in a list.
fn map(fields: &[TextField], item: &'static [TextField], id: Option<EntryId>) -> Value {
    let mut properties = Map::new();
    let id = id.and_then(EntryId::field);
    if let Some(id) = id {
        let about = "Identifies the entry, as in the content.";
        properties.insert(id.to_owned(), json!({ "type": "string", "minLength": 1, "description": about }));
    }
    for field in fields {
        let text = json!({ "type": "string", "pattern": "\\S" });
        let mut schema = match field.kind.inner(item) {
            None if field.kind == TextKind::Texts => json!({ "type": "array", "items": text }),
            None => text,
            Some((None, fields)) => map(&fields, item, None),
            Some((Some(id), fields)) => entries(&fields, item, id),
        };
        schema["type"] = json!([schema["type"], "null"]);
        schema["description"] = format!("Translation of `{}`.", field.name).into();
        properties.insert(field.name.to_owned(), schema);
    }
    let mut schema = json!({
        "type": "object",
        "description": "The texts of the content that are translated. Facts are stated only in the content.",
        "additionalProperties": false,
        "properties": properties,
    });
    if let Some(id) = id {
        schema["required"] = json!([id]);
    }
    schema
}

fn entries(fields: &[TextField], item: &'static [TextField], id: EntryId) -> Value {
    json!({ "type": "array", "items": map(fields, item, Some(id)) })
}
