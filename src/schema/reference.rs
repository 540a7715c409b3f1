//! Generates the content reference as Markdown: all files and fields, from the schemas that editors use.
//!
//! A test compares `docs/content.md` with the output, so that the documentation matches the program.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{CONTENT, Format};
use crate::model::List;
use crate::model::lists::for_each_list;
use crate::model::translatable::{SITE, TextField, TextKind};
use crate::text::one_line;

/// The beginning of the page.
const INTRODUCTION: &str = "\
# Content: every file and field

You write the content in `content/`, as YAML and Markdown. This page is generated from the same types that `candor check`
and `candor schema` use.

- A field that is not listed here is an error, and candor suggests a similar name. A key that appears twice is also an error.
- A field without a value is treated as missing. A string that contains only whitespace is an error.
- List items have an `id` in kebab-case that is unique in the list. The id identifies an item permanently: if you change it,
  the change log shows that one item was removed and another was added.
- `content/pages/NAME.md` is a page of your own at `/NAME/`. Releases freeze it at `/releases/VERSION/NAME/`, and every change of
  it is in the change log. Texts link to it by its path, such as `imprint/`, and to one of its headings with its name, such as
  `incidents/#incidents--levels`. An anchor that a page does not have is that of the trust page.
- `content/updates/DATE-NAME.md` is an incident, an advisory or other news, such as `2026-05-22-mail-delays.md`: a page at
  `/updates/DATE-NAME/`, and an entry of the feed `updates/feed.xml`. Releases freeze it at `/releases/VERSION/updates/DATE-NAME/`.
  Edit the file when you learn more: the page shows what you changed.
- *Markdown* is CommonMark with tables, footnotes, strikethrough and task lists. Raw HTML and images from other sites are not
  allowed. Fields without the word *Markdown* are plain text.
- Write dates as `YYYY-MM-DD`. Put text in quotes if it looks like a number or like `true` or `false`, begins with a special
  character such as `&` or `!`, or contains `: ` or ` #`. A comment has a space after its `#`: `name: Acme  # our host`. candor
  reports text that YAML would drop or read as something else.
- For completion in your editor, run `candor schema --write schemas` and put
  `# yaml-language-server: $schema=../../schemas/content/subprocessors.json` on the first line of the file. In projects created
  with `candor init`, both are already done.
";

/// The ending of the example of a list: that of its files.
macro_rules! ending {
    (Updates) => {
        ".md"
    };
    ($list:ident) => {
        ".yaml"
    };
}

macro_rules! examples {
    (Sections { $($sections:tt)* } Pages { $($pages:tt)* } $($list:ident { field: $field:ident, $($rest:tt)* })*) => {
        /// The example for each file, by the name of the format.
        const EXAMPLES: &[(&str, &str)] = &[
            ("site", include_str!("examples/site.yaml")),
            ("section", include_str!("examples/section.md")),
            ("page", include_str!("examples/page.md")),
            $((stringify!($field), include_str!(concat!("examples/", stringify!($field), ending!($list)))),)*
            ("profile", include_str!("examples/profile.yaml")),
        ];
    };
}
for_each_list!(examples);

/// Returns the complete page.
pub fn document() -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut types = BTreeMap::new();
    for format in CONTENT {
        page += &file(format, &mut types);
    }
    page += &translations();
    page += "\n## Types\n\n| type | values |\n|---|---|\n";
    for (name, description) in types {
        page += &format!("| {name} | {description} |\n");
    }
    page
}

/// Describes the overlays: which texts of each file they translate.
fn translations() -> String {
    let mut page = TRANSLATIONS.to_owned();
    let row = |file: &str, fields: &[TextField], item: &'static [TextField]| {
        let mut names = Vec::new();
        text_fields(fields, item, "", &mut names);
        format!("| `{file}` | {} |\n", names.join(", "))
    };
    page += &row("site.yaml", SITE, SITE);
    for list in List::ALL {
        let file = match (list.is_written(), list.has_folder()) {
            (true, _) => format!("{list}/NAME.md"),
            (false, true) => format!("{list}/NAME.yaml"),
            (false, false) => format!("data/{list}.yaml"),
        };
        page += &row(&file, list.translatable(), list.translatable());
    }
    page
}

/// Adds the paths of all texts among some fields.
fn text_fields(fields: &[TextField], item: &'static [TextField], at: &str, names: &mut Vec<String>) {
    for field in fields {
        match field.kind.inner(item) {
            None if field.name == "body" => names.push("the text below".to_owned()),
            None => names.push(format!("`{at}{}`", field.name)),
            Some(_) if field.kind == TextKind::Upcoming => {
                names.push("`upcoming[].note`, and these fields in `upcoming[]`".to_owned());
            }
            Some((id, fields)) => {
                let list = if id.is_some() { "[]" } else { "" };
                text_fields(&fields, item, &format!("{at}{}{list}.", field.name), names);
            }
        }
    }
}

/// The beginning of the section about translations.
const TRANSLATIONS: &str = "
## Translations

Overlays in `content/i18n/LANGUAGE/` translate the texts of the content into the `languages` of `site.yaml`; [languages](languages.md) describes them. An overlay
has the name and the structure of the file that it translates: items have their `id`, entries of `services` their `name`, and
entries of `upcoming` their `id` or, without one, the date of their `announced`. Entries of `locations` and `transfer_mechanism`
have no name, so their position counts: an entry `{}` translates nothing. All other fields are facts, which only the content states.

| file | texts |
|---|---|
";

/// Describes a file and its fields, with an example.
fn file(format: &Format, types: &mut BTreeMap<&'static str, String>) -> String {
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
    page += &fields(root, &defs, types, &mut maps);
    let mut described: Vec<&Value> = Vec::new();
    while let Some((name, map)) = maps.pop() {
        // A condition can contain conditions.
        if described.contains(&map) {
            continue;
        }
        described.push(map);
        page +=
            &format!("\n### `{name}` in `{}`\n\n{}\n\n", format.file.replace('*', "NAME"), text(&map["description"]));
        page += &fields(map, &defs, types, &mut maps);
    }
    if let Some((_, example)) = EXAMPLES.iter().find(|(name, _)| *name == format.name) {
        let language = format.file.rsplit_once('.').map_or("", |(_, ending)| ending);
        page += &format!("\n```{language}\n{example}```\n");
    }
    page
}

/// Returns a table of fields. Appends nested maps to `maps`, which are described later.
fn fields<'s>(
    map: &'s Value,
    defs: &'s Map<String, Value>,
    types: &mut BTreeMap<&'static str, String>,
    maps: &mut Vec<(&'s str, &'s Value)>,
) -> String {
    let required: Vec<&Value> = map["required"].as_array().into_iter().flatten().collect();
    let mut table = "| field | type | meaning |\n|---|---|---|\n".to_owned();
    let mut inner = Vec::new();
    for (name, field) in properties(map) {
        let target = unwrapped(field, defs);
        if let Some(map) = map_in(target, defs) {
            inner.push((name, map));
        }
        let needed = if required.iter().any(|one| **one == *name) { ", **required**" } else { "" };
        let mut meaning = text(&field["description"]);
        let choices = choices(innermost(target, defs));
        if !choices.is_empty() {
            meaning = format!("{meaning}<br>{}", choices.join("<br>"));
        }
        table += &format!("| `{name}` | {}{needed} | {meaning} |\n", type_name(field, defs, types));
    }
    // `maps` is a stack: push in reverse, so that the first map is described first.
    maps.extend(inner.into_iter().rev());
    table
}

/// Returns the fields of a map. If it has several forms, those of all forms, each once; arbitrary keys are called `NAME`.
fn properties(map: &Value) -> Vec<(&str, &Value)> {
    let mut fields: Vec<(&str, &Value)> = Vec::new();
    for form in std::iter::once(map).chain(map["oneOf"].as_array().into_iter().flatten()) {
        for (name, field) in form["properties"].as_object().into_iter().flatten() {
            if !fields.iter().any(|(known, _)| known == name) {
                fields.push((name, field));
            }
        }
        if form["additionalProperties"].is_object() {
            fields.push(("NAME", &form["additionalProperties"]));
        }
    }
    fields
}

/// Returns the fields that a value has, or that each entry of a list has, perhaps in its long form.
fn map_in<'s>(target: &'s Value, defs: &'s Map<String, Value>) -> Option<&'s Value> {
    let entry = if kind(target) == "array" { unwrapped(&target["items"], defs) } else { target };
    let forms: Vec<&Value> =
        entry["oneOf"].as_array().into_iter().flatten().map(|form| unwrapped(form, defs)).collect();
    let long: Vec<&Value> = forms.iter().copied().filter(|form| form["properties"].is_object()).collect();
    match (entry["properties"].is_object(), long.as_slice()) {
        (true, _) => Some(entry),
        (false, []) => {
            let list = forms.iter().find(|form| kind(form) == "array").map(|form| unwrapped(&form["items"], defs));
            list.filter(|entry| entry["properties"].is_object())
        }
        (false, [one]) => Some(one),
        (false, _) => Some(entry),
    }
}

/// Returns the type of a field for readers.
fn type_name(field: &Value, defs: &Map<String, Value>, types: &mut BTreeMap<&'static str, String>) -> String {
    let reference = field["$ref"].as_str().or_else(|| field["anyOf"][0]["$ref"].as_str());
    let target = unwrapped(field, defs);
    if let Some(named) = reference.and_then(|reference| NAMED_TYPES.iter().find(|(name, _)| reference.ends_with(name)))
    {
        types.insert(named.1, text(&target["description"]));
        return named.1.to_owned();
    }
    if !choices(target).is_empty() {
        return "choice".to_owned();
    }
    match kind(target) {
        "array" => format!("list: {}", type_name(&target["items"], defs, types)),
        "integer" | "number" => "number".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "object" if target["properties"].is_object() => "fields, below".to_owned(),
        "object" => match target["additionalProperties"].is_object() {
            true => format!("map: {}", type_name(&target["additionalProperties"], defs, types)),
            // Restricted keys are patterns.
            false => {
                let value = target["patternProperties"].as_object().and_then(|patterns| patterns.values().next());
                format!("map: {}", value.map_or_else(|| "text".to_owned(), |value| type_name(value, defs, types)))
            }
        },
        _ => match target["anyOf"].as_array() {
            Some(forms) => forms.iter().map(|form| type_name(form, defs, types)).collect::<Vec<_>>().join(" or "),
            None => "text".to_owned(),
        },
    }
}

/// String types with a name for readers, by the end of their `$ref`.
const NAMED_TYPES: [(&str, &str); 14] = [
    ("/Id", "id"),
    ("/Date", "date"),
    ("/WebUrl", "web address"),
    ("/CountryCode", "country"),
    ("/Territory", "country or region"),
    ("/Location", "country or region, or fields, below"),
    ("/Transfers", "choice, or list of fields, below"),
    ("/Condition", "condition, below"),
    ("/Language", "language"),
    ("/Color", "color"),
    ("/MediaType", "media type"),
    ("/Evidence", "web address or id"),
    ("/Contact", "contact"),
    ("/Email", "email address"),
];

/// Returns the schema of a field without null, with references resolved.
fn unwrapped<'s>(field: &'s Value, defs: &'s Map<String, Value>) -> &'s Value {
    let direct = field["anyOf"].get(0).unwrap_or(field);
    direct["$ref"].as_str().map_or(direct, |reference| resolved(reference, defs))
}

fn resolved<'s>(reference: &str, defs: &'s Map<String, Value>) -> &'s Value {
    reference.strip_prefix("#/$defs/").and_then(|name| defs.get(name)).unwrap_or(&Value::Null)
}

/// Returns the name of the JSON type, without null.
fn kind(schema: &Value) -> &str {
    schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default()
}

/// Returns the schema of the entries of a list or a map, or any other schema unchanged.
fn innermost<'s>(target: &'s Value, defs: &'s Map<String, Value>) -> &'s Value {
    match kind(target) {
        "array" => unwrapped(&target["items"], defs),
        "object" if target["additionalProperties"].is_object() => unwrapped(&target["additionalProperties"], defs),
        _ => target,
    }
}

/// Returns the values of an enumeration, each with its meaning.
fn choices(schema: &Value) -> Vec<String> {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    choices
        .filter(|choice| choice["description"].is_string())
        .map(|choice| format!("`{}`: {}", choice["const"].as_str().unwrap_or_default(), text(&choice["description"])))
        .collect()
}

/// Returns a description in one line, escaped for a table cell.
fn text(description: &Value) -> String {
    let line = one_line(description.as_str().unwrap_or_default());
    line.replace('|', "\\|")
}
