//! Reads lists of records in data files: YAML, JSON, and literals in JavaScript and TypeScript.
//!
//! A list of maps that have names is a table: its keys are the columns. Lists within maps are groups, with the name of the group or
//! its key as the heading.

use std::ops::Range;
use std::sync::Arc;

use super::cell::Cell;
use super::fields::{Field, plain};
use super::headings::{grouping, is_log, is_not_current, is_other_list, names_list};
use super::literal;
use super::table::{Cells, MAX_COLUMNS, Table};
use crate::diagnostic::{Diagnostic, Source};
use crate::load;

/// A value of a data file, with its place.
#[derive(Debug, Clone)]
pub struct DataNode {
    pub value: Value,
    pub range: Range<usize>,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct DataEntry {
    pub key: String,
    pub value: DataNode,
}

/// The value of a node.
#[derive(Debug, Clone)]
pub enum Value {
    Null,
    /// A string, a number or a boolean.
    Text(String),
    List(Vec<DataNode>),
    /// A map with its entries in order.
    Map(Vec<DataEntry>),
    /// An expression, whose value only the program knows.
    Code(String),
}

/// The maximum depth at which lists are found.
const MAX_DEPTH: usize = 16;

/// Keys whose value is the heading of a group.
const GROUP_KEYS: [&str; 8] = ["category", "title", "heading", "group", "label", "type", "section", "name"];

/// Reads a YAML file.
///
/// # Errors
/// If it is not valid YAML.
pub fn yaml(source: &Arc<Source>, language: &str) -> Result<Vec<Table>, Box<Diagnostic>> {
    let node = load::yaml(source)?;
    Ok(tables(&[in_language(node_of_yaml(source, node), language)]))
}

/// Reads a JSON file.
///
/// # Errors
/// If it is not valid JSON.
pub fn json(text: &str, language: &str) -> Result<Vec<Table>, String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|error| error.to_string())?;
    Ok(literal::json(text).map(|node| tables(&[in_language(node, language)])).unwrap_or_default())
}

/// Reads the literals of a program.
pub fn program(text: &str, language: &str) -> Vec<Table> {
    let mut found = Vec::new();
    for (name, node) in literal::literals(text) {
        let node = in_language(node, language);
        // The name of a variable is not a category, but it may say that its list is not the current one.
        let says = |name: &String| {
            is_not_current(name) || is_log(name) || is_other_list(name) || grouping(name).role.is_some()
        };
        let named = name.as_deref().is_some_and(names_list);
        let first = found.len();
        find(&node, &mut name.into_iter().filter(says).collect(), &mut found);
        found[first..].iter_mut().for_each(|table| table.named = named);
    }
    found
}

fn node_of_yaml(source: &Source, node: load::YamlNode) -> DataNode {
    let text = || source.text[node.range.clone()].trim().to_owned();
    let value = match node.kind {
        load::YamlKind::Null => Value::Null,
        load::YamlKind::Bool | load::YamlKind::Number => Value::Text(text()),
        load::YamlKind::Text(text) => Value::Text(text),
        load::YamlKind::List(items) => Value::List(items.into_iter().map(|item| node_of_yaml(source, item)).collect()),
        load::YamlKind::Map(entries) => {
            let entry = |entry: load::YamlEntry| DataEntry { key: entry.key, value: node_of_yaml(source, entry.value) };
            Value::Map(merged(entries.into_iter().map(entry).collect()))
        }
    };
    DataNode { value, range: node.range }
}

/// The languages of translated values. Other keys with two letters are values of their own, such as countries.
const LANGUAGES: [&str; 12] = ["en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "fi", "ja"];

/// Replaces translated values: `purpose: {en: Hosting, de: Rechenzentrum}` becomes `purpose: Hosting`, and `purpose de`.
fn in_language(node: DataNode, language: &str) -> DataNode {
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(|item| in_language(item, language)).collect()),
        Value::Map(entries) => Value::Map(entries.into_iter().flat_map(|entry| translated(entry, language)).collect()),
        other => other,
    };
    DataNode { value, ..node }
}

fn translated(entry: DataEntry, language: &str) -> Vec<DataEntry> {
    let tag = |key: &str| key.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    match entry.value.value {
        Value::Map(texts)
            if !texts.is_empty() && texts.iter().all(|text| LANGUAGES.contains(&tag(&text.key).as_str())) =>
        {
            let in_tag = |wanted: &str| texts.iter().position(|text| tag(&text.key) == tag(wanted));
            let chosen = in_tag(language).or_else(|| in_tag("en")).unwrap_or_default();
            let key = |at: usize, text: &DataEntry| match at == chosen {
                true => entry.key.clone(),
                false => format!("{} {}", entry.key, text.key),
            };
            let keys: Vec<String> = texts.iter().enumerate().map(|(at, text)| key(at, text)).collect();
            keys.into_iter().zip(texts).map(|(key, text)| DataEntry { key, value: text.value }).collect()
        }
        value => vec![DataEntry {
            key: entry.key,
            value: in_language(DataNode { value, range: entry.value.range }, language),
        }],
    }
}

/// Replaces the merge key `<<` by the entries of its map or maps. An entry of the map itself wins, then one of an earlier map.
fn merged(entries: Vec<DataEntry>) -> Vec<DataEntry> {
    let (merges, mut own): (Vec<DataEntry>, Vec<DataEntry>) = entries.into_iter().partition(|entry| entry.key == "<<");
    for merge in merges {
        let maps = match merge.value.value {
            Value::List(items) => items.into_iter().map(|item| item.value).collect(),
            other => vec![other],
        };
        for map in maps {
            let Value::Map(entries) = map else { continue };
            for entry in entries {
                if !own.iter().any(|known| known.key == entry.key) {
                    own.push(entry);
                }
            }
        }
    }
    own
}

/// Returns the lists of records.
fn tables(nodes: &[DataNode]) -> Vec<Table> {
    let mut found = Vec::new();
    for node in nodes {
        find(node, &mut Vec::new(), &mut found);
    }
    found
}

fn find(node: &DataNode, headings: &mut Vec<String>, found: &mut Vec<Table>) {
    if headings.len() > MAX_DEPTH {
        return;
    }
    match &node.value {
        Value::List(items) => {
            let maps: Vec<&[DataEntry]> = items.iter().filter_map(|item| item.value.as_map()).collect();
            if !maps.is_empty()
                && maps.len() == items.len()
                && maps.iter().any(|map| is_record(map))
                && !maps.iter().any(|map| is_group(map))
            {
                found.extend(table(maps.into_iter().map(|map| (None, map)), headings));
                return;
            }
            for item in items {
                let heading = item.value.as_map().and_then(group_name);
                let depth = headings.len();
                headings.extend(heading);
                find(item, headings, found);
                headings.truncate(depth);
            }
        }
        Value::Map(entries) => {
            let maps: Vec<(Option<&str>, &[DataEntry])> = entries
                .iter()
                .filter_map(|entry| Some((Some(entry.key.as_str()), entry.value.value.as_map()?)))
                .collect();
            // Records by key: `alfa: {purpose: Hosting}`.
            if maps.len() == entries.len()
                && maps.iter().filter(|(_, map)| is_keyed_record(map)).count() * 2 > maps.len()
            {
                found.extend(table(maps.into_iter(), headings));
                return;
            }
            for entry in entries.iter().filter(|entry| matches!(entry.value.value, Value::List(_) | Value::Map(_))) {
                headings.push(entry.key.clone());
                find(&entry.value, headings, found);
                headings.pop();
            }
        }
        Value::Null | Value::Text(_) | Value::Code(_) => {}
    }
}

/// Whether a map has a name and another field.
fn is_record(map: &[DataEntry]) -> bool {
    let fields: Vec<Field> = map.iter().filter_map(|entry| Field::of_column(&entry.key)).collect();
    fields.contains(&Field::Name) && fields.len() > 1
}

/// Whether a map has at least a purpose or two other fields, and no list of records.
fn is_keyed_record(map: &[DataEntry]) -> bool {
    let fields: Vec<Field> = map.iter().filter_map(|entry| Field::of_column(&entry.key)).collect();
    !is_group(map) && (fields.len() > 1 || fields.contains(&Field::Purpose))
}

/// Whether a map contains a list of records.
fn is_group(map: &[DataEntry]) -> bool {
    map.iter().any(|entry| {
        let Value::List(items) = &entry.value.value else { return false };
        items.iter().any(|item| item.value.as_map().is_some_and(is_record))
    })
}

/// Returns the name of a group.
fn group_name(map: &[DataEntry]) -> Option<String> {
    let named = |key: &&str| map.iter().find(|entry| plain(&entry.key) == **key)?.value.value.as_text();
    GROUP_KEYS.iter().find_map(named)
}

/// Forms a table of records, perhaps with their keys.
fn table<'d>(records: impl Iterator<Item = (Option<&'d str>, &'d [DataEntry])>, headings: &[String]) -> Option<Table> {
    let mut columns: Vec<String> = Vec::new();
    let mut rows: Vec<Vec<(String, Cell)>> = Vec::new();
    for (key, map) in records {
        let mut values: Vec<(String, Cell)> = Vec::new();
        if let Some(key) = key {
            let named = map.iter().any(|entry| Field::of_column(&entry.key) == Some(Field::Name));
            let title = map.iter().find(|entry| !named && is_title(entry));
            let column = if named || title.is_some() { "key" } else { "name" };
            values.push((column.to_owned(), Cell::new(key, None)));
            values.extend(title.map(|entry| ("name".to_owned(), cell(&entry.value))));
        }
        let is_name = |entry: &DataEntry| key.is_some() && values_has_name(&values) && is_title(entry);
        let others: Vec<&DataEntry> = map.iter().filter(|entry| !is_name(entry)).collect();
        for entry in others {
            flatten(&entry.key, &entry.value, &mut values);
        }
        for (column, _) in &values {
            if columns.len() < MAX_COLUMNS && !columns.contains(column) {
                columns.push(column.clone());
            }
        }
        rows.push(values);
    }
    let header: Cells = columns.iter().map(|column| Arc::new(Cell::new(column, None))).collect();
    let row = |values: Vec<(String, Cell)>| {
        let mut cells: Cells = columns.iter().map(|_| Arc::default()).collect();
        for (column, cell) in values {
            if let Some(at) = columns.iter().position(|known| *known == column) {
                cells[at] = Arc::new(cell);
            }
        }
        cells
    };
    let rows: Vec<Cells> = rows.into_iter().map(row).collect();
    (!rows.is_empty()).then(|| Table {
        headings: headings.to_vec(),
        header,
        rows,
        structured: true,
        ..Table::default()
    })
}

/// Whether an entry of a record by key has its name, in place of the key.
fn is_title(entry: &DataEntry) -> bool {
    let names = ["title", "label", "display name", "full name"];
    names.contains(&plain(&entry.key).as_str()) && matches!(entry.value.value, Value::Text(_))
}

fn values_has_name(values: &[(String, Cell)]) -> bool {
    values.iter().any(|(column, _)| column == "name") && values.iter().any(|(column, _)| column == "key")
}

/// Adds the value of a key; a map of values that are no field together becomes several columns, such as `links dpa`.
fn flatten(key: &str, node: &DataNode, values: &mut Vec<(String, Cell)>) {
    if let Value::Map(entries) = &node.value {
        let languages = entries.len() > 1 && entries.iter().all(|entry| entry.key.len() == 2);
        let scalars = entries.iter().all(|entry| matches!(entry.value.value, Value::Text(_) | Value::Null));
        if languages || !scalars || Field::of_column(key).is_none() {
            for entry in entries {
                values.push((format!("{key} {}", entry.key), cell(&entry.value)));
            }
            return;
        }
    }
    values.push((key.to_owned(), cell(node)));
}

/// Returns a location that is a map with a country: `{country: Germany, city: Frankfurt}` becomes `Germany (Frankfurt)`.
fn place(entries: &[DataEntry]) -> Option<String> {
    let is_country = |entry: &&DataEntry| {
        matches!(plain(&entry.key).as_str(), "country" | "country code" | "land" | "pays" | "pais")
    };
    let is_within = |entry: &DataEntry| {
        matches!(
            plain(&entry.key).as_str(),
            "city"
                | "town"
                | "place"
                | "state"
                | "province"
                | "region"
                | "datacenter"
                | "data center"
                | "zone"
                | "stadt"
                | "ville"
                | "ciudad"
        )
    };
    let country = entries.iter().find(is_country)?;
    let others: Vec<&DataEntry> = entries.iter().filter(|entry| !is_country(entry)).collect();
    if !others.iter().all(|entry| is_within(entry)) {
        return None;
    }
    let others: Vec<String> =
        others.iter().map(|entry| entry.value.value.flat()).filter(|text| !text.is_empty()).collect();
    let country = country.value.value.flat();
    Some(if others.is_empty() { country } else { format!("{country} ({})", others.join(", ")) })
}

fn cell(node: &DataNode) -> Cell {
    let mut lines = Vec::new();
    match &node.value {
        Value::List(items) => lines.extend(items.iter().map(|item| item.value.flat())),
        other => lines.push(other.flat()),
    }
    Cell::new(&lines.join("\n"), Some(node.range.clone()))
}

impl Value {
    fn as_map(&self) -> Option<&[DataEntry]> {
        if let Value::Map(entries) = self { Some(entries) } else { None }
    }

    fn as_text(&self) -> Option<String> {
        if let Value::Text(text) = self { Some(text.clone()) } else { None }
    }

    /// Returns the value on one line; code is marked as in a template literal.
    fn flat(&self) -> String {
        let joined = |values: &mut dyn Iterator<Item = &Value>| {
            let texts: Vec<String> = values.map(Value::flat).filter(|text| !text.is_empty()).collect();
            texts.join(", ")
        };
        match self {
            Value::Null => String::new(),
            Value::Text(text) => text.clone(),
            Value::Code(code) => format!("${{{code}}}"),
            Value::List(items) => joined(&mut items.iter().map(|item| &item.value)),
            Value::Map(entries) => {
                place(entries).unwrap_or_else(|| joined(&mut entries.iter().map(|entry| &entry.value.value)))
            }
        }
    }

    /// Returns the value with its keys and brackets.
    #[cfg(test)]
    pub fn shown(&self) -> String {
        match self {
            Value::List(items) => {
                format!("[{}]", items.iter().map(|item| item.value.shown()).collect::<Vec<_>>().join(", "))
            }
            Value::Map(entries) => {
                let entries = entries.iter().map(|entry| format!("{}: {}", entry.key, entry.value.value.shown()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
            other => other.flat(),
        }
    }
}
