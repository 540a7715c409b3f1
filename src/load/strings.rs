//! Reads a string catalog (`strings/LANGUAGE.yaml`) into a tree of strings with their places.
//!
//! This module checks only the structure; `wording` checks the keys.

use std::ops::Range;
use std::sync::Arc;

use super::decode::Decoder;
use super::yaml::{self, Kind, YamlEntry};
use crate::diagnostic::{Code, Report, Source};

/// A key of a string catalog and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringEntry {
    /// The key, without the keys of enclosing groups.
    pub key: String,
    /// The byte range of the key in the file.
    pub key_range: Range<usize>,
    /// A string, or the strings below the key.
    pub value: StringValue,
    /// The byte range of the value in the file.
    pub range: Range<usize>,
}

/// A value of a string catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringValue {
    /// A string.
    Text(String),
    /// A group of strings, or the plural variants of a string.
    Group(Vec<StringEntry>),
}

/// Reads a string catalog. Values that are neither a string nor a group of strings are reported and left out.
pub fn strings(source: &Arc<Source>) -> (Vec<StringEntry>, Report) {
    let mut report = Report::new();
    let entries = match yaml::read(source, 0..source.text.len(), &mut report) {
        Some(node) => {
            let mut decoder = Decoder::new(source, &mut report);
            match node.kind {
                Kind::Map(entries) => group(&entries, "", &mut decoder),
                Kind::Null => Vec::new(),
                _ => {
                    let message = format!("the file must contain strings, but this is {}", node.kind.describe());
                    decoder.error(Code::BadCatalog, message, &node.range, "write one string per line: `key: text`");
                    Vec::new()
                }
            }
        }
        None => Vec::new(),
    };
    (entries, report)
}

fn group(entries: &[YamlEntry], at: &str, decoder: &mut Decoder<'_>) -> Vec<StringEntry> {
    decoder.repeated_keys(entries);
    let mut read = Vec::with_capacity(entries.len());
    for YamlEntry { key, key_range, value } in entries {
        let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
        let kept = match &value.kind {
            Kind::Text(text) => StringValue::Text(text.clone()),
            Kind::Map(entries) => StringValue::Group(group(entries, &path, decoder)),
            _ => {
                let message = format!("`{path}` must be a string, but this is {}", value.kind.describe());
                decoder.error(Code::BadCatalog, message, &value.range, "put quotes around the string");
                continue;
            }
        };
        read.push(StringEntry {
            key: key.clone(),
            key_range: key_range.clone(),
            value: kept,
            range: value.range.clone(),
        });
    }
    read
}

#[cfg(test)]
mod tests {
    use super::{StringValue, strings};
    use crate::diagnostic::{Source, render};

    #[test]
    fn reads_only_strings_and_groups() {
        let source = Source::new("templates/strings/en.yaml", "nav:\n  home: Start\n  feed: 5\nnav: x\nhead: [a]\n");
        let (entries, report) = strings(&source);
        assert_eq!(entries.len(), 2);
        let StringValue::Group(nav) = &entries[0].value else { panic!("a group") };
        assert_eq!((nav.len(), &nav[0].key, &source.text[nav[0].range.clone()]), (1, &"home".to_owned(), "Start"));
        let output = anstream::adapter::strip_str(&render::human(&report)).to_string();
        for part in ["en.yaml:3:9", "en.yaml:4:1", "en.yaml:5:7", "3 errors"] {
            assert!(output.contains(part), "{part} is missing in {output}");
        }
        assert_eq!(strings(&Source::new("a.yaml", "# nothing\n")).0.len(), 0);
    }
}
