//! Parses YAML into a tree of nodes with byte ranges.
//!
//! Serde stops at the first invalid value, but publishers need all problems of a file in one run. So the text is first parsed
//! into a generic tree, including duplicate keys, and [`decode`](super::decode) reads that tree and reports problems. Scalars
//! follow the YAML 1.2 core schema: `no` and `2026-05-22` are strings, `3.10` is a number.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Location, Options, Spanned};

use super::{lost, syntax};
use crate::diagnostic::{Diagnostic, Report, Source};

/// The maximum nesting depth of a file. The content needs four levels.
const MAX_DEPTH: usize = 32;
/// The maximum number of nodes of a file: about as many as fit into the largest allowed file.
const MAX_NODES: usize = 2_000_000;
/// The maximum number of nodes that all aliases of a file expand to.
const MAX_REPEATED: usize = 10_000;

/// A value and its byte range in the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The text of a scalar; for a map, its first entry; for a list, its first item or the brackets.
    pub range: Range<usize>,
    /// The value.
    pub kind: Kind,
}

/// The value of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`, `~` or an empty value.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number; its text is in the source.
    Number,
    /// Text, quoted or not.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map with all its entries in order, including duplicate keys.
    Map(Vec<YamlEntry>),
}

impl Kind {
    /// Describes the kind in a message.
    pub fn describe(&self) -> &'static str {
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
pub struct YamlEntry {
    /// The key.
    pub key: String,
    /// The byte range of the key.
    pub key_range: Range<usize>,
    /// The value.
    pub value: Node,
}

/// Parses `range` of the source as one YAML document. Reports an error, a space that only looks like one, or text that YAML takes
/// away from the values.
pub(super) fn read(source: &Arc<Source>, range: Range<usize>, report: &mut Report) -> Option<Node> {
    match parse(source, range.clone()) {
        Ok(node) => {
            if let Some(problem) = syntax::stray_space(source, range.clone(), &node) {
                report.push(problem);
                return None;
            }
            lost::report(source, range, &node, report);
            Some(node)
        }
        Err(problem) => {
            report.push(*problem);
            None
        }
    }
}

/// Parses `range` of the source as one YAML document.
///
/// # Errors
/// If the text is not valid YAML, has several documents, or exceeds the limits.
pub(super) fn parse(source: &Arc<Source>, range: Range<usize>) -> Result<Node, Box<Diagnostic>> {
    let text = &source.text[range.clone()];
    let raw: Spanned<Raw> = serde_yaml::from_str_with_options(text, options())
        .map_err(|error| Box::new(syntax::explain(&error, source, range.clone())))?;
    Ok(NodeBuilder { text, start: range.start }.node(raw))
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
        // `decode` reports duplicate keys, with both places.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    }
}

/// Returns the byte range of a location. If the parser does not provide it, it is computed from line and column.
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

/// Converts deserialized values into nodes.
struct NodeBuilder<'t> {
    text: &'t str,
    /// The offset of the text in its source.
    start: usize,
}

impl NodeBuilder<'_> {
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
                let entries: Vec<YamlEntry> = entries.into_iter().map(|(key, value)| self.entry(key, value)).collect();
                let range = entries.first().map_or(own, |first| self.first_line(first));
                Node { range, kind: Kind::Map(entries) }
            }
        }
    }

    fn entry(&self, key: Spanned<Raw>, value: Spanned<Raw>) -> YamlEntry {
        let key_range = self.range(key.defined);
        let key = match key.value {
            Raw::Text(text) => text,
            // A number, a list or null is never a field name, so keep its source text for messages.
            _ => self.text[key_range.start - self.start..key_range.end - self.start].trim().to_owned(),
        };
        YamlEntry { key, key_range, value: self.node(value) }
    }

    /// Returns the range from the key to the end of its value, limited to the first line.
    fn first_line(&self, entry: &YamlEntry) -> Range<usize> {
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
        // The span of a block scalar includes trailing blank lines.
        let length = self.text[range.clone()].trim_end().len();
        self.start + range.start..self.start + range.start + length
    }
}

/// A deserialized value.
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
    use super::{Kind, Node, YamlEntry, parse};
    use crate::diagnostic::Source;

    fn tree(text: &str) -> Result<Node, String> {
        let source = Source::new("a.yaml", text);
        parse(&source, 0..text.len()).map_err(|d| format!("{}: {} {:?}", d.code(), d.message, d.help))
    }

    /// Collects all scalars with the text of their spans.
    fn spans<'t>(node: &Node, text: &'t str, out: &mut Vec<(&'static str, &'t str)>) {
        match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| spans(item, text, out)),
            Kind::Map(entries) => entries.iter().for_each(|YamlEntry { key_range, value, .. }| {
                out.push(("key", &text[key_range.clone()]));
                spans(value, text, out);
            }),
            kind => out.push((kind.describe(), &text[node.range.clone()])),
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
    fn spans_are_byte_ranges_after_non_ascii_text() {
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
    fn range_of_a_map_is_its_first_entry() {
        let text = "- id: stripe\n  name: Stripe\n- data:\n    - x\n";
        let Ok(Node { kind: Kind::List(items), .. }) = tree(text) else { panic!("a list") };
        let shown: Vec<_> = items.iter().map(|item| &text[item.range.clone()]).collect();
        assert_eq!(shown, ["id: stripe", "data"]);
    }

    #[test]
    fn keeps_duplicate_keys() {
        let Ok(Node { kind: Kind::Map(entries), .. }) = tree("a: 1\nb: 2\na: 3\na: 4\n") else { panic!("a map") };
        assert_eq!(entries.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["a", "b", "a", "a"]);
    }

    #[test]
    fn expands_aliases() {
        let text = "a: &x {k: v}\nb: *x\n";
        assert_eq!(
            scalars(text),
            [("key", "a"), ("key", "k"), ("text", "v"), ("key", "b"), ("key", "k"), ("text", "v")]
        );
    }

    #[test]
    fn rejects_alias_bombs_and_deep_nesting() {
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
