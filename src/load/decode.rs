//! Decodes YAML nodes into values, and reports all problems of a file in one run.
//!
//! A type implements [`Value`] to be read from a node. A struct lists its fields once, in a table (see [`record!`]), and this
//! module reports unknown fields, duplicate keys, and missing or empty values. A value that cannot be read is reported and
//! becomes `None`, and decoding continues with the next field.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::Places;
use super::yaml::{Kind, Node, YamlEntry};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::model::{Id, Item, Malformed};

/// A type that can be read from a node.
pub(super) trait Value: Sized {
    /// Reads the value. `at` is its path in [`Places`].
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Self>;
}

/// A function that reads a value; the default is [`Value::read`].
pub(super) type ReadValue<T> = fn(&Node, &str, &mut Decoder<'_>) -> Option<T>;

/// A struct that is read from a map of fields.
pub(super) trait Record: Sized {
    /// The field names, in the order of the model.
    const FIELDS: &'static [&'static str];

    /// Reads all fields and reports all problems, even if a required field is missing.
    fn read_fields(fields: &mut Fields<'_, '_, '_>) -> Option<Self>;
}

/// Defines the fields of a struct, and how each is read:
///
/// - `required`: an error if the field is missing or has no value;
/// - `optional`: an `Option`, which is `None` if the field has no value;
/// - `default`: the default of the type if the field has no value;
/// - `file_name`: the name of the file, without the field;
/// - `file_text`: the text below the front matter, without the field;
/// - in parentheses, a [`ReadValue`] function that replaces [`Value::read`].
macro_rules! record {
    ($type:ident { $($field:ident : $how:ident $(($read:path))?),* $(,)? } $(then $check:path)?) => {
        impl $crate::load::decode::Record for $type {
            const FIELDS: &'static [&'static str] = &[$($crate::model::lists::field_key(stringify!($field))),*];

            fn read_fields(fields: &mut $crate::load::decode::Fields<'_, '_, '_>) -> Option<Self> {
                $(let $field = fields.$how($crate::model::lists::field_key(stringify!($field)), $crate::load::decode::record!(@read $($read)?));)*
                Some($type { $($field: $field?),* })
            }
        }

        impl $crate::load::decode::Value for $type {
            fn read(
                node: &$crate::load::yaml::Node,
                at: &str,
                decoder: &mut $crate::load::decode::Decoder<'_>,
            ) -> Option<Self> {
                let value = decoder.record(node, at)?;
                $($check(&value, node, at, decoder);)?
                Some(value)
            }
        }
    };
    (@read) => { $crate::load::decode::Value::read };
    (@read $read:path) => { $read };
}
pub(super) use record;

/// Decodes one file.
pub(super) struct Decoder<'s> {
    source: &'s Arc<Source>,
    report: &'s mut Report,
    /// Places of the values that were read. Places of items that could not be read are removed.
    places: Vec<(String, Place)>,
    /// The range of the text below the front matter.
    text: Range<usize>,
}

impl<'s> Decoder<'s> {
    pub fn new(source: &'s Arc<Source>, report: &'s mut Report) -> Decoder<'s> {
        Decoder { source, report, places: Vec::new(), text: 0..0 }
    }

    /// Sets the range of the text below the front matter.
    pub fn set_text(&mut self, range: Range<usize>) {
        self.text = range;
    }

    /// Returns the place of a range of the file.
    pub fn place(&self, range: &Range<usize>) -> Place {
        Place::new(self.source, range.clone())
    }

    /// Quotes a range of the file for a message, on one line and shortened.
    pub fn quote(&self, range: &Range<usize>) -> String {
        quoted(&self.source.text[range.clone()])
    }

    /// Adds a diagnostic at a range of the file.
    pub fn error(&mut self, code: Code, message: String, range: &Range<usize>, help: impl Into<String>) {
        let diagnostic = Diagnostic::new(code, message).at(self.place(range), "");
        let help = help.into();
        self.report.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    /// Adds a diagnostic that points at two ranges.
    pub fn clash(&mut self, clash: Clash<'_>) {
        let Clash { code, message, second, first, first_text, help } = clash;
        self.report.push(
            Diagnostic::new(code, message).at(self.place(second), "").at(self.place(first), first_text).help(help),
        );
    }

    /// Reads a value and remembers its place.
    pub fn value<T>(&mut self, node: &Node, at: &str, read: ReadValue<T>) -> Option<T> {
        self.remember(at.to_owned(), &node.range);
        read(node, at, self)
    }

    /// Reads a map of fields.
    pub fn record<T: Record>(&mut self, node: &Node, at: &str) -> Option<T> {
        T::read_fields(&mut self.fields(node, at, T::FIELDS)?)
    }

    /// Returns the fields of a map, and reports those that are not among `known`.
    pub fn fields<'n, 'd>(
        &'d mut self,
        node: &'n Node,
        at: &'n str,
        known: &[&'static str],
    ) -> Option<Fields<'n, 'd, 's>> {
        let Kind::Map(entries) = &node.kind else {
            let example = known.first().copied().unwrap_or("field");
            self.wrong_type(node, at, "a map of fields", &format!("write fields, such as `{example}: ...`"));
            return None;
        };
        self.repeated_keys(entries);
        self.unknown_fields(entries, known);
        Some(Fields { entries, node, at, decoder: self })
    }

    /// Reads a list. Items that cannot be read are left out, and the paths of the others have no gaps.
    pub fn items<T>(&mut self, items: &[Node], at: &str, read_item: ReadValue<T>) -> Vec<T> {
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            let mark = self.places.len();
            match self.value(item, &format!("{at}[{}]", read.len()), read_item) {
                Some(value) => read.push(value),
                None => self.places.truncate(mark),
            }
        }
        read
    }

    /// Reads the items of a list with unique ids. If several items have the same id, only the first is kept.
    pub fn identified<T: Item>(&mut self, items: &[Node], at: &str, read_item: ReadValue<T>) -> Vec<Arc<T>> {
        self.unique(items, at, read_item, T::id).into_iter().map(Arc::new).collect()
    }

    /// Reads the entries of a list with unique ids, which `id` returns. If several have the same id, only the first is kept.
    pub fn unique<T>(&mut self, items: &[Node], at: &str, read_item: ReadValue<T>, id: fn(&T) -> &Id) -> Vec<T> {
        let mut read: Vec<T> = Vec::with_capacity(items.len());
        let mut firsts: HashMap<Id, Range<usize>> = HashMap::new();
        for item in items {
            let mark = self.places.len();
            let path = format!("{at}[{}]", read.len());
            let Some(value) = self.value(item, &path, read_item) else {
                self.places.truncate(mark);
                continue;
            };
            let range = self.range_of(&format!("{path}.id")).unwrap_or_else(|| item.range.clone());
            if let Some(first) = firsts.get(id(&value)) {
                self.clash(Clash {
                    code: Code::DuplicateId,
                    message: format!(
                        "the id `{}` appears twice in {}",
                        id(&value),
                        at.rsplit('.').next().unwrap_or(at)
                    ),
                    second: &range,
                    first,
                    first_text: "first here",
                    help: "use a different id for one of them; keep the id of an item that was released",
                });
                self.places.truncate(mark);
                continue;
            }
            firsts.insert(id(&value).clone(), range);
            read.push(value);
        }
        read
    }

    /// Returns the id that is the name of the file, and reports a name that cannot be the address of a page. `what` is what the
    /// file describes.
    pub fn id_of_file(&mut self, what: &str) -> Option<Id> {
        let name = self.source.path.rsplit('/').next().unwrap_or(&self.source.path);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        if let Ok(id) = stem.parse::<Id>() {
            return Some(id);
        }
        let message = format!("`{}` cannot be the address of a {what}", stem.escape_debug());
        let help = match Id::from_name(stem) {
            Some(id) => format!("rename the file to `{id}.{ending}`"),
            None => format!("rename the file; use lowercase letters, digits and hyphens, such as `example.{ending}`"),
        };
        self.report.push(Diagnostic::new(Code::BadId, message).at(Place::start_of(self.source), "").help(help));
        None
    }

    /// Remembers the place of a value.
    pub fn remember(&mut self, at: String, range: &Range<usize>) {
        let place = self.place(range);
        self.places.push((at, place));
    }

    /// Returns the range of a value that was read.
    pub fn range_of(&self, at: &str) -> Option<Range<usize>> {
        self.places.iter().rev().find(|(path, _)| path == at).map(|(_, place)| place.range.clone())
    }

    /// Returns the report that diagnostics are added to.
    pub fn report(&mut self) -> &mut Report {
        self.report
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic);
    }

    /// Moves the remembered places into `places`.
    pub fn finish(self, places: &mut Places) {
        for (path, place) in self.places {
            places.insert(path, place);
        }
    }

    /// Reports a value of the wrong type.
    pub fn wrong_type(&mut self, node: &Node, at: &str, expected: &str, help: &str) {
        let found = match node.kind {
            Kind::Bool | Kind::Number => format!("`{}` is {}", self.quote(&node.range), node.kind.describe()),
            Kind::Null => "there is no value".to_owned(),
            Kind::Text(_) | Kind::List(_) | Kind::Map(_) => format!("this is {}", node.kind.describe()),
        };
        let message = format!("{} must be {expected}, but {found}", subject(at));
        self.error(Code::WrongType, message, &node.range, help);
    }

    /// Reads a string and parses it.
    pub fn parse<T>(&mut self, node: &Node, at: &str, code: Code) -> Option<T>
    where
        T: std::str::FromStr<Err = Malformed>,
    {
        if let Kind::Bool | Kind::Number = node.kind {
            let help = text_for::<T>(&self.source.text[node.range.clone()]);
            self.wrong_type(node, at, "text", &help);
            return None;
        }
        let text = String::read(node, at, self)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(Malformed { message, help }) => {
                self.error(code, message, &node.range, help);
                None
            }
        }
    }

    /// Reports duplicate keys, each with the place of the first.
    pub fn repeated_keys(&mut self, entries: &[YamlEntry]) {
        let mut seen = HashMap::new();
        for YamlEntry { key, key_range, .. } in entries {
            let Some(first) = seen.get(key.as_str()) else {
                seen.insert(key.as_str(), key_range);
                continue;
            };
            self.clash(Clash {
                code: Code::DuplicateKey,
                message: format!("duplicate key `{}`", key.escape_debug()),
                second: key_range,
                first,
                first_text: "first here",
                help: "remove one of them",
            });
        }
    }

    fn unknown_fields(&mut self, entries: &[YamlEntry], known: &[&'static str]) {
        let mut reported = HashSet::new();
        for YamlEntry { key, key_range, .. } in entries {
            if known.contains(&key.as_str()) || !reported.insert(key) {
                continue;
            }
            let help = match (key.as_str(), nearest(key, known.iter().copied())) {
                ("<<", _) => "write out the fields; merge keys are not part of YAML 1.2".to_owned(),
                (_, Some(near)) => format!("did you mean `{near}`?"),
                (_, None) => format!("use one of these fields: {}", known.join(", ")),
            };
            self.error(Code::UnknownField, format!("unknown field `{}`", quoted(key)), key_range, help);
        }
    }
}

/// A problem that involves two places, such as a duplicate.
pub(super) struct Clash<'a> {
    pub code: Code,
    pub message: String,
    /// The main place.
    pub second: &'a Range<usize>,
    pub first: &'a Range<usize>,
    pub first_text: &'a str,
    pub help: &'a str,
}

/// Reads the fields of one map.
pub(super) struct Fields<'n, 'd, 's> {
    entries: &'n [YamlEntry],
    node: &'n Node,
    at: &'n str,
    decoder: &'d mut Decoder<'s>,
}

impl<'n> Fields<'n, '_, '_> {
    /// Reads a required field.
    pub fn required<T>(&mut self, name: &'static str, read: ReadValue<T>) -> Option<T> {
        match self.entry(name) {
            Some(entry) if entry.value.kind != Kind::Null => self.read(entry, read),
            Some(entry) => {
                let (message, range) = (format!("`{name}` has no value"), entry.key_range.clone());
                self.decoder.error(Code::MissingField, message, &range, format!("add a value after `{name}:`"));
                None
            }
            None => {
                let range = self.node.range.clone();
                self.decoder.error(
                    Code::MissingField,
                    format!("`{name}` is missing"),
                    &range,
                    format!("add `{name}: ...` to these fields"),
                );
                None
            }
        }
    }

    /// Reads an optional field. The outer `Option` is always `Some`, because the record can be used without the field even if
    /// its value is invalid.
    pub fn optional<T>(&mut self, name: &'static str, read: ReadValue<T>) -> Option<Option<T>> {
        let entry = self.entry(name).filter(|entry| entry.value.kind != Kind::Null);
        Some(entry.and_then(|entry| self.read(entry, read)))
    }

    /// Reads a field with a default. The result is always `Some`, as in [`optional`](Self::optional).
    pub fn default<T: Default>(&mut self, name: &'static str, read: ReadValue<T>) -> Option<T> {
        self.optional(name, read).map(Option::unwrap_or_default)
    }

    /// Returns the id of an item that is a file of its own: the name of the file. The field itself is an error.
    pub fn file_name(&mut self, name: &'static str, _: ReadValue<Id>) -> Option<Id> {
        if let Some(entry) = self.entry(name) {
            let (message, range) = (format!("`{name}` is the name of the file"), entry.key_range.clone());
            self.decoder.error(Code::UnknownField, message, &range, "remove the line; rename the file to change it");
        }
        let list = self.at.split('[').next().unwrap_or_default();
        self.decoder.id_of_file(list.strip_suffix('s').unwrap_or(list))
    }

    /// Returns the text of an item that is a file with front matter. The field itself is an error.
    pub fn file_text(&mut self, name: &'static str, _: ReadValue<String>) -> Option<String> {
        if let Some(entry) = self.entry(name) {
            let (message, range) = (format!("`{name}` is the text below the front matter"), entry.key_range.clone());
            self.decoder.error(Code::UnknownField, message, &range, "move it below the second line `---`");
        }
        let range = self.decoder.text.clone();
        self.decoder.remember(format!("{}.{name}", self.at), &range);
        Some(self.decoder.source.text[range].to_owned())
    }

    /// Whether a field is there and has a value.
    pub fn has_value(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| entry.value.kind != Kind::Null)
    }

    fn entry(&self, name: &str) -> Option<&'n YamlEntry> {
        let entries: &'n [YamlEntry] = self.entries;
        entries.iter().find(|entry| entry.key == name)
    }

    fn read<T>(&mut self, entry: &YamlEntry, read: ReadValue<T>) -> Option<T> {
        let at = format!("{}.{}", self.at, entry.key);
        self.decoder.remember(format!("{at}#key"), &entry.key_range);
        self.decoder.value(&entry.value, &at, read)
    }
}

/// Describes a path in a message.
pub(super) fn subject(at: &str) -> String {
    let last = at.rsplit('.').next().unwrap_or(at);
    match last.split_once('[') {
        Some((list, _)) => format!("an entry of `{list}`"),
        None => format!("`{last}`"),
    }
}

/// Returns help on how to write a number or boolean so that the type accepts it. Following it must not cause another error.
fn text_for<T: std::str::FromStr<Err = Malformed>>(written: &str) -> String {
    let color = format!("#{written}");
    if T::from_str(&color).is_ok() {
        return format!("write \"{color}\", including the quotes");
    }
    if written.len() == 8 && written.bytes().all(|byte| byte.is_ascii_digit()) {
        let date = format!("{}-{}-{}", &written[..4], &written[4..6], &written[6..]);
        if T::from_str(&date).is_ok() && T::from_str(written).is_err() {
            return format!("write {date}");
        }
    }
    match T::from_str(written) {
        Ok(_) => format!("put it in quotes: \"{}\"", quoted(written)),
        Err(malformed) => malformed.help,
    }
}

/// Quotes a string for a message: escaped, on one line, at most 60 characters.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.escape_debug().to_string()
}
