//! YAML text -> a tree of nodes that know where they stand.
//!
//! Serde stops at the first value that does not fit, and a publisher wants every problem of a file
//! at once. So the text becomes a plain tree first, duplicate keys and all, and [`decode`](super::decode)
//! reads that tree with a report in hand. Scalars follow YAML 1.2 (core schema): `no` and `2026-05-22`
//! are text, `3.10` is a number.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Location, Options, Spanned};

use super::syntax;
use crate::diagnostic::{Diagnostic, Source};

/// Deepest nesting that a file may have; the deepest field of the content is four levels down.
const MAX_DEPTH: usize = 32;
/// Most nodes that a file may hold: what fits into the largest file that is read at all.
const MAX_NODES: usize = 2_000_000;
/// Most nodes that aliases may stand for, over the whole file.
const MAX_REPEATED: usize = 10_000;

/// A value and where it stands, in bytes of its source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The value's own text; for a map its first entry, for a list its first item or its bracket.
    pub range: Range<usize>,
    pub kind: Kind,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number; its spelling stands in the source.
    Number,
    /// Text, quoted or not.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map with its entries as they were written, repeated keys too.
    Map(Vec<Entry>),
}

impl Kind {
    /// The kind in the words of a message.
    pub fn words(&self) -> &'static str {
        match self {
            Kind::Null => "nothing",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::Text(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub key: String,
    pub key_range: Range<usize>,
    pub value: Node,
}

/// Reads one YAML document that fills `range` of the source.
///
/// # Errors
/// Text that is not YAML, several documents, or a file past the limits: one finding with its place.
pub(super) fn parse(source: &Arc<Source>, range: Range<usize>) -> Result<Node, Box<Diagnostic>> {
    let text = &source.text[range.clone()];
    let raw: Spanned<Raw> = serde_yaml::from_str_with_options(text, options())
        .map_err(|error| Box::new(syntax::explain(&error, source, range.clone())))?;
    Ok(Tree { text, start: range.start }.node(raw))
}

fn options() -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 2 * MAX_NODES,
            max_documents: 2,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MAX_REPEATED },
        // All of them are to be told, each with both of its places.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    }
}

/// Byte range of a location, where the parser knows it; else from line and column.
pub(super) fn range_of(location: Location, text: &str) -> Range<usize> {
    let span = location.span();
    let range = match (span.byte_offset(), span.byte_len()) {
        (Some(offset), Some(length)) => {
            let offset = usize::try_from(offset).unwrap_or(text.len());
            offset..offset.saturating_add(usize::try_from(length).unwrap_or(0))
        }
        _ => {
            let line = usize::try_from(location.line()).unwrap_or(1).saturating_sub(1);
            let column = usize::try_from(location.column()).unwrap_or(1).saturating_sub(1);
            let line_start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
            let rest = &text[line_start..];
            let offset = line_start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
            offset..offset
        }
    };
    let floor = |at: usize| {
        let at = at.min(text.len());
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
    };
    floor(range.start)..floor(range.end.max(range.start))
}

/// Turns what serde delivered into nodes.
struct Tree<'t> {
    text: &'t str,
    /// Where the text begins in its source.
    start: usize,
}

impl Tree<'_> {
    fn node(&self, raw: Spanned<Raw>) -> Node {
        let own = self.range(raw.defined);
        match raw.value {
            Raw::Null => Node { range: own, kind: Kind::Null },
            Raw::Bool => Node { range: own, kind: Kind::Bool },
            Raw::Number => Node { range: own, kind: Kind::Number },
            Raw::Text(text) => Node { range: own, kind: Kind::Text(text) },
            Raw::List(items) => {
                let items: Vec<Node> = items.into_iter().map(|item| self.node(item)).collect();
                let flow = self.text[own.start - self.start..].starts_with('[');
                let range = items.first().filter(|_| !flow).map_or(own, |first| first.range.clone());
                Node { range, kind: Kind::List(items) }
            }
            Raw::Map(entries) => {
                let entries: Vec<Entry> = entries.into_iter().map(|(key, value)| self.entry(key, value)).collect();
                let range = entries.first().map_or(own, |first| self.first_line(first));
                Node { range, kind: Kind::Map(entries) }
            }
        }
    }

    fn entry(&self, key: Spanned<Raw>, value: Spanned<Raw>) -> Entry {
        let key_range = self.range(key.defined);
        let key = match key.value {
            Raw::Text(text) => text,
            // A number, a list or nothing: never the name of a field, so its spelling is what a message quotes.
            _ => self.text[key_range.start - self.start..key_range.end - self.start].trim().to_owned(),
        };
        Entry { key, key_range, value: self.node(value) }
    }

    /// From the key to the end of its value, but never past the line.
    fn first_line(&self, entry: &Entry) -> Range<usize> {
        let start = entry.key_range.start;
        let end = match entry.value.kind {
            Kind::List(_) | Kind::Map(_) => entry.key_range.end,
            _ => entry.value.range.end.max(entry.key_range.end),
        };
        let line = self.text[start - self.start..end - self.start].lines().next().unwrap_or("").trim_end().len();
        start..start + line
    }

    fn range(&self, location: Location) -> Range<usize> {
        let range = range_of(location, self.text);
        // A block scalar's span runs on over the blank lines below it.
        let length = self.text[range.clone()].trim_end().len();
        self.start + range.start..self.start + range.start + length
    }
}

/// A value as serde delivers it.
enum Raw {
    Null,
    Bool,
    Number,
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Bool)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Number)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Raw, E> {
        Ok(Raw::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Kind, Node, parse};
    use crate::diagnostic::Source;

    fn tree(text: &str) -> Result<Node, String> {
        let source = Source::new("a.yaml", text);
        parse(&source, 0..text.len()).map_err(|d| format!("{}: {} {:?}", d.code(), d.message, d.help))
    }

    /// Every scalar with the text of its span.
    fn spans<'t>(node: &Node, text: &'t str, out: &mut Vec<(&'static str, &'t str)>) {
        match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| spans(item, text, out)),
            Kind::Map(entries) => entries.iter().for_each(|Entry { key_range, value, .. }| {
                out.push(("key", &text[key_range.clone()]));
                spans(value, text, out);
            }),
            kind => out.push((kind.words(), &text[node.range.clone()])),
        }
    }

    fn scalars(text: &str) -> Vec<(&'static str, &str)> {
        let mut out = Vec::new();
        spans(&tree(text).expect("YAML"), text, &mut out);
        out
    }

    #[test]
    fn scalars_follow_yaml_1_2() {
        let text = "[2026-05-22, no, yes, true, 3.10, 007, 1_000, '5', .nan, ~, 0x1F, !!str 5]";
        assert_eq!(
            scalars(text),
            [
                ("text", "2026-05-22"),
                ("text", "no"),
                ("text", "yes"),
                ("a boolean", "true"),
                ("a number", "3.10"),
                ("text", "007"),
                ("text", "1_000"),
                ("text", "'5'"),
                ("a number", ".nan"),
                ("nothing", "~"),
                ("a number", "0x1F"),
                ("text", "5"),
            ]
        );
    }

    #[test]
    fn spans_are_bytes_also_after_other_alphabets() {
        let text = "ключ: 'größe 🔑'\nb: 🔑 x # c\nlong: |\n  one\n  two\n\n\nq: \"x\\\n  y\"\nnull:\ne: [ü, 1]\n";
        assert_eq!(
            scalars(text),
            [
                ("key", "ключ"),
                ("text", "'größe 🔑'"),
                ("key", "b"),
                ("text", "🔑 x"),
                ("key", "long"),
                ("text", "one\n  two"),
                ("key", "q"),
                ("text", "\"x\\\n  y\""),
                ("key", "null"),
                ("nothing", ""),
                ("key", "e"),
                ("text", "ü"),
                ("a number", "1"),
            ]
        );
    }

    #[test]
    fn a_map_stands_where_its_first_entry_does() {
        let text = "- id: stripe\n  name: Stripe\n- data:\n    - x\n";
        let Ok(Node { kind: Kind::List(items), .. }) = tree(text) else { panic!("a list") };
        let shown: Vec<_> = items.iter().map(|item| &text[item.range.clone()]).collect();
        assert_eq!(shown, ["id: stripe", "data"]);
    }

    #[test]
    fn repeated_keys_are_kept_for_the_report() {
        let Ok(Node { kind: Kind::Map(entries), .. }) = tree("a: 1\nb: 2\na: 3\na: 4\n") else { panic!("a map") };
        assert_eq!(entries.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["a", "b", "a", "a"]);
    }

    #[test]
    fn an_alias_stands_for_its_anchor() {
        let text = "a: &x {k: v}\nb: *x\n";
        assert_eq!(
            scalars(text),
            [("key", "a"), ("key", "k"), ("text", "v"), ("key", "b"), ("key", "k"), ("text", "v")]
        );
    }

    #[test]
    fn bombs_are_refused_and_not_swallowed() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb += &format!("a{level}: &a{level} [{inner}]\n");
        }
        assert!(tree(&bomb).is_err());
        assert!(tree(&"[".repeat(100_000)).is_err());
        assert!(tree(&"- ".repeat(100_000)).is_err());
        assert!(tree("a: &a [*a]").is_err());
    }
}
