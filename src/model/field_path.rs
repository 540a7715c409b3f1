//! Paths of fields in the content, as profiles write them.
//!
//! | path | what it finds |
//! |---|---|
//! | `site.status_url` | a field of `site.yaml` |
//! | `facts[kind=rto]` | the items of a list with this value in a field |
//! | `controls[title~encrypt]` | the items whose field contains this text at the beginning of a word; case does not matter |
//! | `documents[]` | any item |
//! | `certifications[type=certificate].number` | a field of any of these items |
//! | `subprocessors[*].locations` | a field of every item: nothing is found if an item lacks it |

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::{List, Malformed};

/// The path of a field in the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath {
    /// The path as it is written.
    text: String,
    /// Where it begins.
    pub root: PathRoot,
    /// The keys of the fields, from the outside in.
    pub fields: Vec<String>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathRoot {
    /// `site.yaml`.
    Site,
    /// The items of a list.
    Items(List, ItemFilter),
}

/// Which items of a list a path is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemFilter {
    /// `[]`: any item.
    Any,
    /// `[*]`: every item.
    Every,
    /// `[field=value]`: items with this value.
    Equals(String, String),
    /// `[field~text]`: items whose value contains this text at the beginning of a word.
    Contains(String, String),
}

impl FieldPath {
    /// Returns the JSON pointers of the values that the path finds in the content: an object with the lists, and with `site`.
    pub fn find(&self, content: &Value) -> Vec<String> {
        let found = |value: &Value, pointer: String| -> Option<String> {
            let mut pointer = pointer;
            let mut value = value;
            for field in &self.fields {
                value = value.get(field)?;
                pointer = format!("{pointer}/{field}");
            }
            Some(pointer).filter(|_| is_stated(value))
        };
        match &self.root {
            PathRoot::Site => {
                content.get("site").and_then(|site| found(site, "/site".to_owned())).into_iter().collect()
            }
            PathRoot::Items(list, filter) => {
                let items = content.get(list.name()).and_then(Value::as_array);
                // A fact says by its kind what it is about, and answers nothing without a value.
                let answers = |item: &Value| *list != List::Facts || !self.fields.is_empty() || states_more(item);
                let is_found = |item: &Value| filter.accepts(item) && answers(item);
                let items = items.into_iter().flatten().enumerate().filter(|(_, item)| is_found(item));
                let all: Vec<_> = items.map(|(at, item)| found(item, format!("/{list}/{at}"))).collect();
                match filter {
                    ItemFilter::Every => all.into_iter().collect::<Option<Vec<_>>>().unwrap_or_default(),
                    _ => all.into_iter().flatten().collect(),
                }
            }
        }
    }

    /// The file of the content that has the field.
    pub fn file(&self) -> String {
        match &self.root {
            PathRoot::Site => "content/site.yaml".to_owned(),
            PathRoot::Items(List::Sections, _) => "content/sections/".to_owned(),
            PathRoot::Items(List::Pages, _) => "content/pages/".to_owned(),
            PathRoot::Items(list, _) if list.has_folder() => format!("content/{list}/"),
            PathRoot::Items(list, _) => format!("content/data/{list}.yaml"),
        }
    }
}

/// Whether a fact states more than what it is about.
fn states_more(fact: &Value) -> bool {
    const ABOUT: [&str; 4] = ["id", "title", "kind", "plan"];
    let fields = fact.as_object().into_iter().flatten();
    fields.into_iter().any(|(name, value)| !ABOUT.contains(&name.as_str()) && is_stated(value))
}

/// Whether a value states something.
fn is_stated(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

impl ItemFilter {
    /// The field that it compares.
    pub fn field(&self) -> Option<&str> {
        match self {
            ItemFilter::Any | ItemFilter::Every => None,
            ItemFilter::Equals(field, _) | ItemFilter::Contains(field, _) => Some(field),
        }
    }

    fn accepts(&self, item: &Value) -> bool {
        let text = |field: &str| item.get(field).and_then(Value::as_str);
        match self {
            ItemFilter::Any | ItemFilter::Every => true,
            ItemFilter::Equals(field, value) => text(field) == Some(value),
            ItemFilter::Contains(field, part) => {
                let part = part.to_lowercase();
                let has_part = |text: String| {
                    // At the beginning of a word: `encrypt` is not in `unencrypted`, and `disclosure` not in `non-disclosure`.
                    let is_start =
                        |at: usize| !text[..at].ends_with(char::is_alphanumeric) && !text[..at].ends_with("non-");
                    text.match_indices(&part).any(|(at, _)| is_start(at))
                };
                text(field).is_some_and(|text| has_part(text.to_lowercase()))
            }
        }
    }
}

impl FromStr for FieldPath {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<FieldPath, Malformed> {
        let malformed = |message: String| {
            let help =
                "write a field of site.yaml, such as `site.status_url`, or of a list, such as `facts[kind=rto].hours`";
            Malformed::new(message, help)
        };
        let shown = text.escape_debug();
        let (root, rest) = match text.split_once('[') {
            Some((name, rest)) => {
                let (filter, rest) =
                    rest.split_once(']').ok_or_else(|| malformed(format!("`{shown}` has no `]` after its `[`")))?;
                (PathRoot::Items(name.parse()?, filter_of(filter, &malformed)?), rest)
            }
            None => match text.split_once('.') {
                Some(("site", rest)) => (PathRoot::Site, &text[text.len() - rest.len() - 1..]),
                _ if text == "site" => return Err(malformed("`site` names no field".to_owned())),
                _ => {
                    let name = text.split('.').next().unwrap_or_default();
                    name.parse::<List>()?;
                    return Err(Malformed::new(
                        format!("`{shown}` does not say which items of the list it is about"),
                        format!("write `{name}[]` for any item, or `{name}[*]` for every item"),
                    ));
                }
            },
        };
        let fields: Vec<String> = match rest.strip_prefix('.') {
            Some(fields) => fields.split('.').map(str::to_owned).collect(),
            None if rest.is_empty() => Vec::new(),
            None => return Err(malformed(format!("`{shown}` has no `.` after its `]`"))),
        };
        let is_key = |field: &String| {
            !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        };
        match fields.iter().find(|field| !is_key(field)) {
            Some(field) => Err(malformed(format!("`{}` in `{shown}` is not a field", field.escape_debug()))),
            None => Ok(FieldPath { text: text.to_owned(), root, fields }),
        }
    }
}

fn filter_of(text: &str, malformed: &dyn Fn(String) -> Malformed) -> Result<ItemFilter, Malformed> {
    match (text, text.find(['=', '~'])) {
        ("", _) => Ok(ItemFilter::Any),
        ("*", _) => Ok(ItemFilter::Every),
        (_, Some(at)) if at > 0 && at + 1 < text.len() => {
            let (field, value) = (text[..at].to_owned(), text[at + 1..].to_owned());
            Ok(if text[at..].starts_with('=') {
                ItemFilter::Equals(field, value)
            } else {
                ItemFilter::Contains(field, value)
            })
        }
        _ => Err(malformed(format!("`[{}]` does not select items", text.escape_debug()))),
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl schemars::JsonSchema for FieldPath {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FieldPath".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": r"^(site(\.[A-Za-z0-9_-]+)+|[a-z]+\[(\*|[A-Za-z0-9_-]+[=~].*[^\]]+)?\](\.[A-Za-z0-9_-]+)*)$",
            "description": "The path of a field in the content: `site.FIELD`, `LIST[].FIELD` (any item), `LIST[*].FIELD` (every item), `LIST[FIELD=VALUE].FIELD`, or `LIST[FIELD~TEXT].FIELD` (the field contains the text at the beginning of a word).",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::FieldPath;

    fn find(path: &str) -> Vec<String> {
        let content = json!({
            "site": { "status_url": "https://a.example", "contacts": { "security": "a@b.example" }, "description": " " },
            "facts": [{ "kind": "rto", "hours": 4 }, { "kind": "rpo", "minutes": 0 }, { "kind": "uptime", "title": "Uptime" }],
            "controls": [{ "title": "Encrypted at rest" }, { "title": "Backups, unencrypted" }, { "title": "Non-encrypted" }],
            "subprocessors": [{ "locations": ["DE"] }, { "locations": [] }],
            "ai": [{ "training": "no" }],
        });
        path.parse::<FieldPath>().expect(path).find(&content)
    }

    #[test]
    fn finds_what_is_stated() {
        for (path, found) in [
            ("site.status_url", &["/site/status_url"][..]),
            ("site.contacts.security", &["/site/contacts/security"]),
            ("site.description", &[]),
            ("site.base_url", &[]),
            ("facts[kind=rto].hours", &["/facts/0/hours"]),
            ("facts[kind=rpo].minutes", &["/facts/1/minutes"]),
            ("facts[kind=rto].minutes", &[]),
            ("controls[title~ENCRYPT]", &["/controls/0"]),
            ("facts[kind=rto]", &["/facts/0"]),
            ("facts[kind=uptime]", &[]),
            ("controls[]", &["/controls/0", "/controls/1", "/controls/2"]),
            ("subprocessors[].locations", &["/subprocessors/0/locations"]),
            ("subprocessors[*].locations", &[]),
            ("ai[*].training", &["/ai/0/training"]),
            ("documents[*].version", &[]),
        ] {
            assert_eq!(find(path), found, "{path}");
        }
    }

    #[test]
    fn rejects_what_is_not_a_path() {
        for path in [
            "",
            "site",
            "site.",
            "site..a",
            "facts",
            "facts.kind",
            "facts[",
            "facts[kind=rto",
            "facts[kind]",
            "facts[=a]",
            "facts[kind=]",
            "facts[]kind",
            "facts[].",
            "fcts[]",
            "site[].a",
            "site.a b",
        ] {
            assert!(path.parse::<FieldPath>().is_err(), "{path}");
        }
    }
}
