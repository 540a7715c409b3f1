//! Nodes -> values, with every problem of a file in one run.
//!
//! A type says how it is read from a node through [`Value`]; a struct lists its fields once, in a table
//! (see [`record!`]), and everything that can be wrong with a map of fields is found here: an unknown
//! field, a repeated key, a missing or an empty value. A value that cannot be read is `None`, and the
//! reason has been reported; reading goes on with the next field.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::Places;
use super::yaml::{Entry, Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::model::{Id, Item, Malformed};

/// A type that stands in the content as a node.
pub(super) trait Value: Sized {
    /// Reads it. `at` is its path, as [`Places`] knows it.
    fn read(node: &Node, at: &str, decoder: &mut Decoder<'_>) -> Option<Self>;
}

/// One way to read a value; [`Value::read`] is the usual one.
pub(super) type Form<T> = fn(&Node, &str, &mut Decoder<'_>) -> Option<T>;

/// A struct that stands in the content as a map of fields.
pub(super) trait Record: Sized {
    /// Its fields, in the order of the model.
    const FIELDS: &'static [&'static str];

    /// Reads all fields, and reports on all of them, before the first that is missing ends it.
    fn read_fields(fields: &mut Fields<'_, '_, '_>) -> Option<Self>;
}

/// Lists the fields of a struct with the way each is read:
///
/// - `required`: an error where it is missing or has no value;
/// - `optional`: an `Option`, absent where it has no value;
/// - `default`: the type's default where it has no value;
/// - in parentheses, a [`Form`] that takes the place of the type's own.
macro_rules! record {
    ($type:ident { $($field:ident : $how:ident $(($form:path))?),* $(,)? } $(then $check:path)?) => {
        impl $crate::load::decode::Record for $type {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];

            fn read_fields(fields: &mut $crate::load::decode::Fields<'_, '_, '_>) -> Option<Self> {
                $(let $field = fields.$how(stringify!($field), $crate::load::decode::record!(@form $($form)?));)*
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
    (@form) => { $crate::load::decode::Value::read };
    (@form $form:path) => { $form };
}
pub(super) use record;

/// One file being read.
pub(super) struct Decoder<'s> {
    source: &'s Arc<Source>,
    report: &'s mut Report,
    /// Places of what was read; those of an item that could not be read are taken back.
    places: Vec<(String, Place)>,
}

impl<'s> Decoder<'s> {
    pub fn new(source: &'s Arc<Source>, report: &'s mut Report) -> Decoder<'s> {
        Decoder { source, report, places: Vec::new() }
    }

    /// The place of a range of the file.
    pub fn place(&self, range: &Range<usize>) -> Place {
        Place::new(self.source, range.clone())
    }

    /// The text of a range of the file, in one line and not too long, for messages.
    pub fn quote(&self, range: &Range<usize>) -> String {
        quoted(&self.source.text[range.clone()])
    }

    /// Adds a finding at a range of the file.
    pub fn error(&mut self, code: Code, message: String, range: &Range<usize>, help: impl Into<String>) {
        let diagnostic = Diagnostic::new(code, message).at(self.place(range), "");
        let help = help.into();
        self.report.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    /// Adds a finding that points at two ranges.
    pub fn clash(&mut self, clash: Clash<'_>) {
        let Clash { code, message, second, first, first_text, help } = clash;
        self.report.push(
            Diagnostic::new(code, message).at(self.place(second), "").at(self.place(first), first_text).help(help),
        );
    }

    /// Reads a value and remembers where it stands.
    pub fn value<T>(&mut self, node: &Node, at: &str, form: Form<T>) -> Option<T> {
        self.remember(at.to_owned(), &node.range);
        form(node, at, self)
    }

    /// Reads a map of fields.
    pub fn record<T: Record>(&mut self, node: &Node, at: &str) -> Option<T> {
        let Kind::Map(entries) = &node.kind else {
            let example = T::FIELDS.first().copied().unwrap_or("field");
            self.wrong_type(node, at, "a map of fields", &format!("write its fields, such as `{example}: ...`"));
            return None;
        };
        self.repeated_keys(entries);
        self.unknown_fields(entries, T::FIELDS);
        T::read_fields(&mut Fields { entries, node, at, decoder: self })
    }

    /// Reads a list; an item that cannot be read is left out, and the paths of the others close up.
    pub fn items<T>(&mut self, items: &[Node], at: &str, form: Form<T>) -> Vec<T> {
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            let mark = self.places.len();
            match self.value(item, &format!("{at}[{}]", read.len()), form) {
                Some(value) => read.push(value),
                None => self.places.truncate(mark),
            }
        }
        read
    }

    /// Reads the items of a list, of which each has an id of its own; the first of two with one id stays.
    pub fn identified<T: Item>(&mut self, items: &[Node], at: &str, form: Form<T>) -> Vec<Arc<T>> {
        let mut read: Vec<Arc<T>> = Vec::with_capacity(items.len());
        let mut firsts: HashMap<Id, Range<usize>> = HashMap::new();
        for item in items {
            let mark = self.places.len();
            let path = format!("{at}[{}]", read.len());
            let Some(value) = self.value(item, &path, form) else {
                self.places.truncate(mark);
                continue;
            };
            let range = self.range_of(&format!("{path}.id")).unwrap_or_else(|| item.range.clone());
            if let Some(first) = firsts.get(value.id()) {
                self.clash(Clash {
                    code: Code::DuplicateId,
                    message: format!("the id `{}` stands twice in {at}", value.id()),
                    second: &range,
                    first,
                    first_text: "first here",
                    help: "give one of them another id; an id that was released stays with its item",
                });
                self.places.truncate(mark);
                continue;
            }
            firsts.insert(value.id().clone(), range);
            read.push(Arc::new(value));
        }
        read
    }

    /// Remembers where a value stands.
    pub fn remember(&mut self, at: String, range: &Range<usize>) {
        let place = self.place(range);
        self.places.push((at, place));
    }

    /// Where a value that was read stands.
    pub fn range_of(&self, at: &str) -> Option<Range<usize>> {
        self.places.iter().rev().find(|(path, _)| path == at).map(|(_, place)| place.range.clone())
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic);
    }

    /// Hands over the places.
    pub fn finish(self, places: &mut Places) {
        for (path, place) in self.places {
            places.insert(path, place);
        }
    }

    /// Reports a value of another kind than the field has.
    pub fn wrong_type(&mut self, node: &Node, at: &str, expected: &str, help: &str) {
        let found = match node.kind {
            Kind::Bool | Kind::Number => format!("`{}` is {}", self.quote(&node.range), node.kind.words()),
            Kind::Null => "there is no value".to_owned(),
            Kind::Text(_) | Kind::List(_) | Kind::Map(_) => format!("this is {}", node.kind.words()),
        };
        let message = format!("{} must be {expected}, but {found}", subject(at));
        self.error(Code::WrongType, message, &node.range, help);
    }

    /// Reads a text that has a form of its own.
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

    /// Keys that stand more than once, each with the place of the first.
    pub fn repeated_keys(&mut self, entries: &[Entry]) {
        let mut seen = HashMap::new();
        for Entry { key, key_range, .. } in entries {
            let Some(first) = seen.get(key.as_str()) else {
                seen.insert(key.as_str(), key_range);
                continue;
            };
            self.clash(Clash {
                code: Code::DuplicateKey,
                message: format!("`{}` stands here again", key.escape_debug()),
                second: key_range,
                first,
                first_text: "first here",
                help: "keep one of them; a map holds each key once",
            });
        }
    }

    fn unknown_fields(&mut self, entries: &[Entry], known: &[&'static str]) {
        let mut told = HashSet::new();
        for Entry { key, key_range, .. } in entries {
            if known.contains(&key.as_str()) || !told.insert(key) {
                continue;
            }
            let help = match (key.as_str(), nearest(key, known.iter().copied())) {
                ("<<", _) => "merge keys are not part of YAML 1.2; write the fields out".to_owned(),
                (_, Some(near)) => format!("did you mean `{near}`?"),
                (_, None) => format!("the fields are {}", known.join(", ")),
            };
            self.error(Code::UnknownField, format!("unknown field `{}`", quoted(key)), key_range, help);
        }
    }
}

/// Two places that cannot both stand.
pub(super) struct Clash<'a> {
    pub code: Code,
    pub message: String,
    /// The main place.
    pub second: &'a Range<usize>,
    pub first: &'a Range<usize>,
    pub first_text: &'a str,
    pub help: &'a str,
}

/// The fields of one map, being read.
pub(super) struct Fields<'n, 'd, 's> {
    entries: &'n [Entry],
    node: &'n Node,
    at: &'n str,
    decoder: &'d mut Decoder<'s>,
}

impl<'n> Fields<'n, '_, '_> {
    /// A field that must be there.
    pub fn required<T>(&mut self, name: &'static str, form: Form<T>) -> Option<T> {
        match self.entry(name) {
            Some(entry) if entry.value.kind != Kind::Null => self.read(entry, form),
            Some(entry) => {
                let (message, range) = (format!("`{name}` has no value"), entry.key_range.clone());
                self.decoder.error(Code::MissingField, message, &range, format!("write one after `{name}:`"));
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

    /// A field that may be left out. The outer `Option` is always `Some`: what is wrong with the value was
    /// reported, and the rest of the record can be used without it.
    pub fn optional<T>(&mut self, name: &'static str, form: Form<T>) -> Option<Option<T>> {
        let entry = self.entry(name).filter(|entry| entry.value.kind != Kind::Null);
        Some(entry.and_then(|entry| self.read(entry, form)))
    }

    /// A field with a default. It is always `Some`, as in [`optional`](Self::optional).
    pub fn default<T: Default>(&mut self, name: &'static str, form: Form<T>) -> Option<T> {
        self.optional(name, form).map(Option::unwrap_or_default)
    }

    fn entry(&self, name: &str) -> Option<&'n Entry> {
        let entries: &'n [Entry] = self.entries;
        entries.iter().find(|entry| entry.key == name)
    }

    fn read<T>(&mut self, entry: &Entry, form: Form<T>) -> Option<T> {
        let at = format!("{}.{}", self.at, entry.key);
        self.decoder.remember(format!("{at}#key"), &entry.key_range);
        self.decoder.value(&entry.value, &at, form)
    }
}

/// What a path names, in the words of a message.
pub(super) fn subject(at: &str) -> String {
    let last = at.rsplit('.').next().unwrap_or(at);
    match last.split_once('[') {
        Some((list, _)) => format!("an entry of `{list}`"),
        None => format!("`{last}`"),
    }
}

/// How to write a number or boolean so that it is text that the type accepts: help that leads to no other error.
fn text_for<T: std::str::FromStr<Err = Malformed>>(written: &str) -> String {
    let color = format!("#{written}");
    if T::from_str(&color).is_ok() {
        return format!("write \"{color}\", with the quotes");
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

/// A text as messages quote it: one line, escaped, at most 60 characters.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.escape_debug().to_string()
}
