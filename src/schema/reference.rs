//! The reference of the content, as Markdown: every file and field, from the schemas that editors use.
//!
//! `docs/content.md` is its output, held by a test, so that the documentation says what the program does.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{CONTENT, Format};
use crate::model::lists::for_each_list;
use crate::text::one_line;

/// The page's beginning.
const INTRODUCTION: &str = "\
# Content: every file and field

What you write stands below `content/`, as YAML and Markdown. This page is made from the same types that `candor check`
and `candor schema` use.

- A field that is not listed here is an error, with a suggestion; so is a key that stands twice.
- A field without a value is as good as left out. Text of blanks alone is an error.
- Lists hold items with an `id`, in kebab-case and unique in its list. The id is an item's identity for ever: give an item
  another id, and the change log says that one item went and another came.
- *Markdown* is CommonMark with tables, footnotes, strikethrough and task lists. Raw HTML and images of other sites are
  refused. Fields without that word are plain text.
- Dates are written `YYYY-MM-DD`; texts that look like a number, a date or yes and no are put in quotes.
- For completion while you type, put `# yaml-language-server: $schema=../../schemas/content/subprocessors.json` on the
  first line, after `candor schema --write schemas`. `candor init` has done both.
";

macro_rules! examples {
    (Sections { $($sections:tt)* } $($list:ident { field: $field:ident, $($rest:tt)* })*) => {
        /// The example below each file, by the name of the format.
        const EXAMPLES: &[(&str, &str)] = &[
            ("site", include_str!("examples/site.yaml")),
            ("section", include_str!("examples/section.md")),
            $((stringify!($field), include_str!(concat!("examples/", stringify!($field), ".yaml"))),)*
        ];
    };
}
for_each_list!(examples);

/// The whole page.
pub fn document() -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut forms = BTreeMap::new();
    for format in CONTENT {
        page += &file(format, &mut forms);
    }
    page += "\n## Forms of values\n\n| form | what it takes |\n|---|---|\n";
    for (name, description) in forms {
        page += &format!("| {name} | {description} |\n");
    }
    page
}

/// A file: what it is, its fields, and an example.
fn file(format: &Format, forms: &mut BTreeMap<&'static str, String>) -> String {
    let schema = format.schema();
    let defs = schema["$defs"].as_object().cloned().unwrap_or_default();
    let root = match schema["items"]["$ref"].as_str() {
        Some(reference) => resolved(reference, &defs),
        None => &schema,
    };
    let about = match schema["items"].is_object() {
        true => format!("{} Each item of the list:", text(&root["description"])),
        false => text(&root["description"]),
    };
    let mut page = format!("\n## {}: `{}`\n\n{about}\n\n", format.title, format.file.replace('*', "NAME"));
    let mut maps = Vec::new();
    page += &fields(root, &defs, forms, &mut maps);
    while let Some((name, map)) = maps.pop() {
        page +=
            &format!("\n### `{name}` in `{}`\n\n{}\n\n", format.file.replace('*', "NAME"), text(&map["description"]));
        page += &fields(map, &defs, forms, &mut maps);
    }
    if let Some((_, example)) = EXAMPLES.iter().find(|(name, _)| *name == format.name) {
        let language = format.file.rsplit_once('.').map_or("", |(_, ending)| ending);
        page += &format!("\n```{language}\n{example}```\n");
    }
    page
}

/// A table of fields. Maps that stand in fields are put on the list, to be told later.
fn fields<'s>(
    map: &'s Value,
    defs: &'s Map<String, Value>,
    forms: &mut BTreeMap<&'static str, String>,
    maps: &mut Vec<(&'s str, &'s Value)>,
) -> String {
    let required: Vec<&Value> = map["required"].as_array().into_iter().flatten().collect();
    let mut table = "| field | form | meaning |\n|---|---|---|\n".to_owned();
    let mut inner = Vec::new();
    for (name, field) in map["properties"].as_object().into_iter().flatten() {
        let target = unwrapped(field, defs);
        if target["properties"].is_object() {
            inner.push((name.as_str(), target));
        }
        let needed = if required.iter().any(|one| *one == name) { ", **required**" } else { "" };
        let mut meaning = text(&field["description"]);
        let choices = words(innermost(target, defs));
        if !choices.is_empty() {
            meaning = format!("{meaning}<br>{}", choices.join("<br>"));
        }
        table += &format!("| `{name}` | {}{needed} | {meaning} |\n", form(field, defs, forms));
    }
    // The list is a stack: the first map is told first.
    maps.extend(inner.into_iter().rev());
    table
}

/// What a field takes, in words.
fn form(field: &Value, defs: &Map<String, Value>, forms: &mut BTreeMap<&'static str, String>) -> String {
    let reference = field["$ref"].as_str().or_else(|| field["anyOf"][0]["$ref"].as_str());
    let target = unwrapped(field, defs);
    if let Some(named) = reference.and_then(|reference| FORMS.iter().find(|(name, _)| reference.ends_with(name))) {
        forms.insert(named.1, text(&target["description"]));
        return named.1.to_owned();
    }
    if !words(target).is_empty() {
        return "one word".to_owned();
    }
    match kind(target) {
        "array" => format!("list: {}", form(&target["items"], defs, forms)),
        "integer" => "number".to_owned(),
        "object" if target["properties"].is_object() => "fields, below".to_owned(),
        "object" => match target["additionalProperties"].is_object() {
            true => format!("map: {}", form(&target["additionalProperties"], defs, forms)),
            // Keys with a form of their own are patterns.
            false => {
                let value = target["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
                format!("map: {}", value.map_or_else(|| "text".to_owned(), |value| form(value, defs, forms)))
            }
        },
        _ => "text".to_owned(),
    }
}

/// Texts with a form of their own, by the end of their type's path.
const FORMS: [(&str, &str); 10] = [
    ("/Id", "id"),
    ("/Date", "day"),
    ("/WebUrl", "web address"),
    ("/CountryCode", "country"),
    ("/Language", "language"),
    ("/Color", "color"),
    ("/MediaType", "media type"),
    ("/Evidence", "web address or id"),
    ("/Contact", "contact"),
    ("/Email", "e-mail address"),
];

/// The schema that a field stands for: without null, and with references followed.
fn unwrapped<'s>(field: &'s Value, defs: &'s Map<String, Value>) -> &'s Value {
    let direct = field["anyOf"].get(0).unwrap_or(field);
    direct["$ref"].as_str().map_or(direct, |reference| resolved(reference, defs))
}

fn resolved<'s>(reference: &str, defs: &'s Map<String, Value>) -> &'s Value {
    reference.strip_prefix("#/$defs/").and_then(|name| defs.get(name)).unwrap_or(&Value::Null)
}

/// The main type's name.
fn kind(schema: &Value) -> &str {
    schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default()
}

/// What the entries of a list or a map are; anything else as it is.
fn innermost<'s>(target: &'s Value, defs: &'s Map<String, Value>) -> &'s Value {
    match kind(target) {
        "array" => unwrapped(&target["items"], defs),
        "object" if target["additionalProperties"].is_object() => unwrapped(&target["additionalProperties"], defs),
        _ => target,
    }
}

/// The words of a fixed set, each with its meaning.
fn words(schema: &Value) -> Vec<String> {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    choices
        .filter(|choice| choice["description"].is_string())
        .map(|choice| format!("`{}`: {}", choice["const"].as_str().unwrap_or_default(), text(&choice["description"])))
        .collect()
}

/// A description in one line, fit for a cell of a table.
fn text(description: &Value) -> String {
    let line = one_line(description.as_str().unwrap_or_default());
    line.replace('|', "\\|")
}
