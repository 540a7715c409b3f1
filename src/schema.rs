//! JSON Schema (draft 2020-12) of every file that candor reads or writes.
//!
//! A schema is generated from the type that reads or writes the file. Its doc comments become descriptions, which
//! editors show during typing. Schemas of content are closed, like the loader: an unknown field is an error. Schemas
//! of printed and published files are open, because a later version may add a field, and programs that read them must
//! continue to work. Only the schema of the release record is closed, because it describes what this version writes.
//! Readers of records should expect additional fields from later versions.
//!
//! [`crate::formats::schema`] lists the formats that a site publishes, and [`crate::commands::printed`] those that commands
//! print.

pub mod overlays;
pub mod reference;
mod refine;
pub mod shape;
mod withheld;

use std::path::Path;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::load::{FrontMatter, PageFrontMatter, ProfileQuestion, SiteFile};
use crate::model::List;
use crate::model::lists::for_each_list;

/// The draft of JSON Schema.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The author of files in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Files that the publisher writes, below `content/` and `profiles/`.
    Content,
    /// Files that candor writes.
    Output,
}

impl Group {
    /// Returns the name of its folder below `schemas/`.
    pub fn name(self) -> &'static str {
        match self {
            Group::Content => "content",
            Group::Output => "output",
        }
    }
}

/// A file format with a schema.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Who writes it.
    pub group: Group,
    /// Its name, unique in its group.
    pub name: &'static str,
    /// The path of such files, in which one `*` matches any name.
    pub file: &'static str,
    /// A short description.
    pub title: &'static str,
    make: fn() -> Value,
}

macro_rules! content_formats {
    (Sections { $($sections:tt)* } Pages { $($pages:tt)* }
     $($list:ident { field: $field:ident, item: $item:ident, title: $title:literal, $($rest:tt)* })*) => {
        /// Files that the publisher writes, in the order of the documentation.
        pub const CONTENT: &[Format] = &[
            Format::content("site", "content/site.yaml", "Organization and site", input::<SiteFile>),
            Format::content("section", "content/sections/*.md", "Front matter of a section", input::<FrontMatter>),
            Format::content("page", "content/pages/*.md", "Front matter of an own page", input::<PageFrontMatter>),
            $(match (List::$list.has_folder(), List::$list.is_written()) {
                (true, true) => Format::content(
                    stringify!($field),
                    concat!("content/", stringify!($field), "/*.md"),
                    concat!("Front matter of ", stringify!($field)),
                    file::<crate::model::$item>,
                ),
                (true, false) => Format::content(
                    stringify!($field),
                    concat!("content/", stringify!($field), "/*.yaml"),
                    $title,
                    file::<crate::model::$item>,
                ),
                (false, _) => Format::content(
                    stringify!($field),
                    concat!("content/data/", stringify!($field), ".yaml"),
                    $title,
                    list::<crate::model::$item>,
                ),
            },)*
            Format::content("profile", "profiles/*.yaml", "Profiles", list::<ProfileQuestion>),
        ];
    };
}
for_each_list!(content_formats);

impl Format {
    const fn content(name: &'static str, file: &'static str, title: &'static str, make: fn() -> Value) -> Format {
        Format { group: Group::Content, name, file, title, make }
    }

    /// Creates a format that candor writes from values of the type `T`.
    pub const fn output<T: JsonSchema>(name: &'static str, file: &'static str, title: &'static str) -> Format {
        Format { group: Group::Output, name, file, title, make: output::<T> }
    }

    /// Creates a format that candor writes from values of the type `T`, in which values of releases may be withheld.
    pub const fn redactable<T: JsonSchema>(name: &'static str, file: &'static str, title: &'static str) -> Format {
        Format { group: Group::Output, name, file, title, make: redactable::<T> }
    }

    /// Returns the path of its schema below `schemas/`, such as `content/subprocessors.json`.
    pub fn path(&self) -> String {
        format!("{}/{}.json", self.group.name(), self.name)
    }

    /// Returns the `$id` of its schema if that is not published.
    pub fn id(&self) -> String {
        format!("urn:candor:schema:{}:{}", self.group.name(), self.name)
    }

    /// Generates the schema.
    pub fn schema(&self) -> Value {
        let mut made = (self.make)();
        let mut schema = Map::new();
        let take = |made: &mut Value, key: &str| made.as_object_mut().and_then(|map| map.shift_remove(key));
        if let Some(draft) = take(&mut made, "$schema") {
            schema.insert("$schema".into(), draft);
        }
        take(&mut made, "title");
        schema.entry("$schema").or_insert_with(|| DRAFT.into());
        schema.insert("$id".into(), self.id().into());
        schema.insert("title".into(), self.title.into());
        if let Value::Object(rest) = made {
            schema.extend(rest);
        }
        Value::Object(schema)
    }

    /// Returns the schema as a file, indented by two spaces, with one line feed at the end.
    pub fn bytes(&self) -> Vec<u8> {
        format!("{:#}\n", self.schema()).into_bytes()
    }

    /// Returns whether a path is that of such a file. The path may start below or above the project's root.
    pub fn describes(&self, path: &Path) -> bool {
        let pattern: Vec<&str> = self.file.split('/').collect();
        let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
        let common = pattern.len().min(names.len());
        // A file name alone is sufficient only if it is not a pattern.
        let sufficient = common > 1 || !self.file.contains('*');
        common > 0
            && sufficient
            && pattern.iter().rev().zip(names.iter().rev()).all(|(pattern, name)| match pattern.split_once('*') {
                Some((start, end)) => {
                    name.len() > start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
                }
                None => pattern == name,
            })
    }
}

/// Finds a format by name (`subprocessors`, `content/subprocessors`) or by a file such as
/// `content/data/subprocessors.yaml`. If several match, the first one is returned.
pub fn find<'a>(formats: &'a [Format], wanted: &str) -> Option<&'a Format> {
    let qualified = |format: &&Format| wanted == format!("{}/{}", format.group.name(), format.name);
    formats
        .iter()
        .find(|format| format.name == wanted)
        .or_else(|| formats.iter().find(qualified))
        .or_else(|| formats.iter().find(|format| format.describes(Path::new(wanted))))
}

fn input<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    refine::as_loaded(&mut schema);
    schema
}

fn list<T: JsonSchema>() -> Value {
    input::<Vec<T>>()
}

/// Returns the schema of an item that is a file of its own, whose id is the name of the file. A text is below its fields.
fn file<T: JsonSchema>() -> Value {
    let mut schema = input::<T>();
    if let Some(fields) = schema["properties"].as_object_mut() {
        fields.shift_remove("id");
        fields.shift_remove("body");
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| name != "id");
    }
    schema
}

fn output<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}

fn redactable<T: JsonSchema>() -> Value {
    let mut schema = output::<T>();
    withheld::allow(&mut schema);
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::schema::all;

    #[test]
    fn finds_a_format_by_name_and_by_file() {
        for (wanted, path) in [
            ("subprocessors", "content/subprocessors.json"),
            ("content/faq", "content/faq.json"),
            ("content/data/subprocessors.yaml", "content/subprocessors.json"),
            ("elsewhere/content/site.yaml", "content/site.json"),
            ("site.yaml", "content/site.json"),
            ("content/sections/10-security.md", "content/section.json"),
            ("content/pages/imprint.md", "content/page.json"),
            ("content/questionnaires/caiq.yaml", "content/questionnaires.json"),
            ("content/updates/2026-05-22-delays.md", "content/updates.json"),
            ("content/i18n/de/site.yaml", "content/translated-site.json"),
            ("content/i18n/pt-BR/data/faq.yaml", "content/translated-faq.json"),
            ("content/i18n/de/sections/10-security.md", "content/translated-section.json"),
            ("content/i18n/de/questionnaires/caiq.yaml", "content/translated-questionnaires.json"),
            ("content/releases/2026-05-22.json", "output/release.json"),
            ("releases/index.json", "output/releases.json"),
            ("dist/subprocessors.json", "output/subprocessors.json"),
            ("published", "output/published.json"),
            ("verify.json", "output/verify.json"),
        ] {
            assert_eq!(find(&all(), wanted).map(Format::path), Some(path.to_owned()), "{wanted}");
        }
        for wanted in ["", "README.md", "data/other.yaml", "subprocessor"] {
            assert!(find(&all(), wanted).is_none(), "{wanted}");
        }
    }

    #[test]
    fn schema_has_its_draft_its_id_and_a_description() {
        for format in all() {
            let schema = format.schema();
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert_eq!(schema["$id"], format!("urn:candor:schema:{}:{}", format.group.name(), format.name));
            let root = if schema["type"] == "array" { &schema["items"] } else { &schema };
            assert!(root["description"].is_string() || root["$ref"].is_string(), "{}", format.name);
        }
    }

    #[test]
    fn every_field_has_a_description() {
        fn walk(value: &Value, at: &str, missing: &mut Vec<String>) {
            match value {
                Value::Object(map) => {
                    for (name, field) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
                        let described = field["description"].is_string() || field["const"].is_string();
                        if !described {
                            missing.push(format!("{at}/{name}"));
                        }
                    }
                    let inner = map.iter().filter(|(key, _)| !["not", "if", "then"].contains(&key.as_str()));
                    inner.for_each(|(key, value)| walk(value, &format!("{at}/{key}"), missing));
                }
                Value::Array(list) => list.iter().for_each(|value| walk(value, at, missing)),
                _ => {}
            }
        }
        let mut missing = Vec::new();
        for format in all() {
            walk(&format.schema(), format.name, &mut missing);
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }
}
