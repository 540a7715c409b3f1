//! Writes overlays: the files of `content/i18n/LANGUAGE/`, in the order of the content.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use crate::load::Content;
use crate::model::translatable::{EntryId, SITE, TextField};
use crate::model::{List, TextValue};
use crate::text::yaml::scalar;

/// Returns the overlays that state these texts, by their path below the folder of the language. Each has its keys, so that a file
/// whose texts did not change can be left as it is.
pub fn overlays(content: &Content, texts: &BTreeMap<String, TextValue>) -> BTreeMap<String, String> {
    let whole = content.disclosure.to_json();
    let writer = Writer { texts };
    let mut files = BTreeMap::new();
    let mut site = String::new();
    writer.fields(&whole, SITE, &Item { fields: SITE, key: "site" }, 0, &mut site);
    files.insert("site.yaml".to_owned(), site);
    for list in List::ALL {
        let fields = list.translatable();
        let items = &whole[list.name()];
        if !list.is_written() && !list.has_folder() {
            let item = Item { fields, key: list.name() };
            files.insert(format!("data/{list}.yaml"), writer.entries(items, fields, &item, EntryId::Field("id"), 0));
            continue;
        }
        for (position, value) in items.as_array().into_iter().flatten().enumerate() {
            let Some(place) = content.places.get(&format!("{list}[{position}]")) else { continue };
            let name = place.source.path.rsplit('/').next().unwrap_or_default();
            let key = format!("{list}[{}]", EntryId::Field("id").of(value, position));
            let item = Item { fields, key: &key };
            let mut text = String::new();
            if list.is_written() {
                let front: Vec<TextField> = fields.iter().copied().filter(|field| field.name != "body").collect();
                writer.fields(value, &front, &item, 0, &mut text);
                let body = texts.get(&format!("{key}.body")).map(ToString::to_string).unwrap_or_default();
                let body = if body.is_empty() { body } else { format!("\n{body}\n") };
                text = if text.is_empty() && body.is_empty() { text } else { format!("---\n{text}---\n{body}") };
            } else {
                writer.fields(value, fields, &item, 0, &mut text);
            }
            files.insert(format!("{list}/{name}"), text);
        }
    }
    files.retain(|_, text| !text.is_empty());
    files
}

/// The texts to write.
struct Writer<'a> {
    texts: &'a BTreeMap<String, TextValue>,
}

/// A map of the content.
struct Item<'a> {
    /// The fields with texts of the item that contains it.
    fields: &'static [TextField],
    key: &'a str,
}

impl Writer<'_> {
    /// Writes the fields of a map that have a translation.
    fn fields(&self, value: &Value, fields: &[TextField], item: &Item<'_>, indent: usize, out: &mut String) {
        for field in fields {
            let key = format!("{}.{}", item.key, field.name);
            let Some(value) = value.get(field.name) else { continue };
            let inner = Item { fields: item.fields, key: &key };
            let text = match field.kind.inner(item.fields) {
                None => {
                    if let Some(text) = self.texts.get(&key) {
                        write_text(field.name, text, indent, out);
                    }
                    continue;
                }
                Some((None, fields)) => {
                    let mut text = String::new();
                    self.fields(value, &fields, &inner, indent + 2, &mut text);
                    text
                }
                Some((Some(id), fields)) => self.entries(value, &fields, &inner, id, indent + 2),
            };
            if !text.is_empty() {
                let _ = write!(out, "{:indent$}{}:\n{text}", "", field.name);
            }
        }
    }

    /// Returns the entries of a list that have a translation. Those without an identifier need empty entries before them.
    fn entries(&self, value: &Value, fields: &[TextField], item: &Item<'_>, id: EntryId, indent: usize) -> String {
        let mut out = String::new();
        let mut empty = String::new();
        for (position, entry) in value.as_array().into_iter().flatten().enumerate() {
            let name = id.of(entry, position);
            let key = format!("{}[{name}]", item.key);
            // The fields of an item of a list are those of its own table.
            let mut text = String::new();
            self.fields(entry, fields, &Item { fields: item.fields, key: &key }, indent + 2, &mut text);
            match (id.field(), text.is_empty()) {
                (None, true) => _ = writeln!(empty, "{:indent$}- {{}}", ""),
                (None, false) => {
                    out += &std::mem::take(&mut empty);
                    let _ = write!(out, "{:indent$}- {}", "", text.trim_start());
                }
                (Some(_), true) => {}
                (Some(field), false) => {
                    let blank = if indent == 0 && !out.is_empty() { "\n" } else { "" };
                    let _ = write!(out, "{blank}{:indent$}- {field}: {}\n{text}", "", scalar(&name));
                }
            }
        }
        out
    }
}

/// Writes a field with a text, or with a list of texts.
fn write_text(name: &str, text: &TextValue, indent: usize, out: &mut String) {
    match text {
        TextValue::One(text) => {
            let _ = writeln!(out, "{:indent$}{name}: {}", "", block_or_scalar(text, indent + 2));
        }
        TextValue::Several(entries) => {
            let _ = writeln!(out, "{:indent$}{name}:", "");
            for entry in entries {
                let _ = writeln!(out, "{:indent$}  - {}", "", block_or_scalar(entry, indent + 4));
            }
        }
    }
}

/// Writes a text of several lines as a block, so that each line is a line of the file.
fn block_or_scalar(text: &str, indent: usize) -> Cow<'static, str> {
    let is_special = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    if !text.contains('\n')
        || text.starts_with(char::is_whitespace)
        || text.ends_with('\n')
        || text.contains(is_special)
    {
        return scalar(text).into();
    }
    let mut block = "|-".to_owned();
    for line in text.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            let _ = write!(block, "{:indent$}{line}", "");
        }
    }
    block.into()
}
