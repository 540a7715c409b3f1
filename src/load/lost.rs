//! Text that YAML takes away from a value: what follows ` #` is a comment, `&word` is an anchor and `!word` is a tag.
//!
//! The parser is right to do so (YAML 1.2.2, sections 6.6, 6.8 and 6.9), but the rest of the value would be published in place of
//! what the publisher wrote. A comment that is meant as one has a space after its `#`, so it is not reported:
//!
//! | line | |
//! |---|---|
//! | `name: Acme  # legal name` | a comment |
//! | `name: Acme #1 GmbH`, `accent: #0b5fff` | reported: nothing separates `#` from the text after it |
//! | `address: Main Street, Suite # 200`, `purpose: Support for C #` | reported: only a number, or nothing, is no comment |
//! | `name: "Acme" #legal name` | a comment: the quotes show where the value ends |
//! | `a: &x text` and `b: *x` | an anchor that an alias refers to |
//! | `name: &co GmbH`, `purpose: !Fast mail` | reported: no alias refers to the anchor, and YAML does not define the tag |

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::decode::quoted;
use super::yaml::{Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::text::one_line;

/// The tags that change nothing about the text of a value (YAML 1.2.2, chapter 10).
const KNOWN_TAGS: [&str; 6] = ["str", "int", "float", "bool", "seq", "map"];

/// Reports text of a document that its values do not contain. `range` is the range of the document in its source.
pub(super) fn report(source: &Arc<Source>, range: Range<usize>, node: &Node, report: &mut Report) {
    let text = &source.text[range.clone()];
    if !text.contains(['#', '&', '!']) {
        return;
    }
    let mut words = Vec::new();
    collect(node, Field::default(), source, &mut words);
    words.sort_by_key(|word| (word.range.start, word.range.end));
    // An alias has the range of the value that it repeats.
    words.dedup_by(|second, first| second.range == first.range);
    let mut scan = Scan { source, aliases: HashSet::new(), properties: Vec::new(), report };
    let mut start = range.start;
    let mut before: Option<&Word<'_>> = None;
    for word in &words {
        if word.range.start < start {
            continue;
        }
        scan.gap(start..word.range.start, before, Some(word));
        start = word.range.end;
        before = Some(word);
    }
    scan.gap(start..range.end, before, None);
    scan.report_properties();
}

/// The field that a value belongs to.
#[derive(Debug, Clone, Copy, Default)]
struct Field<'a> {
    name: &'a str,
    /// The start of its key.
    start: usize,
}

/// A key or a scalar that is not empty.
#[derive(Debug)]
struct Word<'a> {
    range: Range<usize>,
    field: Field<'a>,
    kind: WordKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordKind {
    /// A key without a value.
    EmptyKey,
    /// A key with a scalar.
    ScalarKey,
    /// A key with a list or a map.
    CollectionKey,
    /// Text without quotes.
    Plain,
    /// Text in quotes, a number, a boolean or `null`.
    Delimited,
}

/// Collects the keys and scalars. The depth of YAML is limited.
fn collect<'a>(node: &'a Node, field: Field<'a>, source: &Source, words: &mut Vec<Word<'a>>) {
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| collect(item, field, source, words)),
        Kind::Map(entries) => {
            for entry in entries {
                let kind = match entry.value.kind {
                    Kind::Null if entry.value.range.is_empty() => WordKind::EmptyKey,
                    Kind::List(_) | Kind::Map(_) => WordKind::CollectionKey,
                    _ => WordKind::ScalarKey,
                };
                let field = Field { name: &entry.key, start: entry.key_range.start };
                words.push(Word { range: entry.key_range.clone(), field, kind });
                collect(&entry.value, field, source, words);
            }
        }
        kind if !node.range.is_empty() => {
            let plain = matches!(kind, Kind::Text(_)) && !source.text[node.range.start..].starts_with(['"', '\'']);
            let kind = if plain { WordKind::Plain } else { WordKind::Delimited };
            words.push(Word { range: node.range.clone(), field, kind });
        }
        _ => {}
    }
}

/// A tag or an anchor before a value.
struct Property<'a> {
    range: Range<usize>,
    field: &'a str,
    /// The range from the property to the end of the value, unless it is in quotes, a list, a map or a block of text.
    value: Option<Range<usize>>,
    /// Whether a list, a map or a block of text follows.
    before_block: bool,
}

struct Scan<'a, 'r> {
    source: &'a Arc<Source>,
    /// The anchors that aliases refer to.
    aliases: HashSet<&'a str>,
    properties: Vec<Property<'a>>,
    report: &'r mut Report,
}

impl<'a> Scan<'a, '_> {
    /// Reads the source between two words: indicators, comments, tags, anchors and aliases.
    fn gap(&mut self, gap: Range<usize>, before: Option<&Word<'a>>, after: Option<&Word<'a>>) {
        let source: &'a Source = self.source;
        let text = &source.text[gap.clone()];
        // The word before, while the scan is on its line.
        let mut on_line = before;
        let mut at = 0;
        while let Some(found) = text[at..].find(['\n', '#', '&', '*', '!', '%']) {
            at += found;
            let rest = &text[at..];
            let line_start = text[..at].rfind('\n').map(|feed| feed + 1);
            let indent = line_start.is_some_and(|start| text[start..at].trim().is_empty());
            if rest.starts_with('\n') {
                on_line = None;
                at += 1;
            } else if rest.starts_with('#') {
                let end = rest.find('\n').unwrap_or(rest.len());
                let comment = gap.start + at..gap.start + at + rest[..end].trim_end().len();
                match (on_line, before) {
                    (Some(word), _) => self.comment(word, text[..at].trim(), comment),
                    (None, Some(word)) if indent => self.comment_line(word, &text[..at], comment),
                    _ => {}
                }
                at += end;
            } else if rest.starts_with('%') {
                at += rest.find('\n').unwrap_or(rest.len());
            } else {
                let end = match rest.starts_with("!<") {
                    true => rest.find('>').map(|at| at + 1),
                    false => rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)),
                };
                let end = end.unwrap_or(rest.len());
                let range = gap.start + at..gap.start + at + end;
                match rest.strip_prefix('*') {
                    Some(_) => _ = self.aliases.insert(&source.text[range.start + 1..range.end]),
                    None => self.property(range, &text[at + end..], on_line, after),
                }
                at += end.max(1);
            }
        }
    }

    /// Reports a comment on the line of a word, unless it is meant as one. `between` is what separates the two.
    fn comment(&mut self, word: &Word<'a>, between: &str, comment: Range<usize>) {
        let source = self.source;
        let written = &source.text[comment.clone()];
        let is_text = word.kind == WordKind::Plain && between.is_empty();
        let is_value = matches!(word.kind, WordKind::EmptyKey | WordKind::ScalarKey) && between == ":";
        if !(is_text || is_value) || is_remark(written) {
            return;
        }
        let (name, shown) = (word.field.name, quoted(written));
        let message = match word.kind {
            WordKind::EmptyKey => format!("`{shown}` is read as a comment, so `{name}` has no value"),
            _ => format!("`{shown}` is read as a comment, so it is not part of `{name}`"),
        };
        let start = if is_text { word.range.start } else { comment.start };
        let whole = self.in_quotes(start..comment.end);
        let for_comment = match written == "#" || written.starts_with("# ") {
            true => "for a comment, use a line of its own",
            false => "for a comment, write a space after the `#`",
        };
        self.push(Code::CommentInValue, message, comment, whole, Some(for_comment));
    }

    /// Reports a line that begins with `#` after a block of text, if it is indented like text of the block but less.
    fn comment_line(&mut self, word: &Word<'a>, between: &str, comment: Range<usize>) {
        let column = |at: usize| at - self.source.text[..at].rfind('\n').map_or(0, |feed| feed + 1);
        // The text of a block begins on the line after its `|` or `>`.
        let start = self.source.text[..word.range.start].trim_end_matches([' ', '\t']);
        let is_block = word.kind == WordKind::Plain && start.ends_with('\n') && {
            let header = start.trim_end().lines().next_back().unwrap_or_default();
            let header = header.split(" #").next().unwrap_or_default().trim_end();
            header.trim_end_matches(|c: char| "+-".contains(c) || c.is_ascii_digit()).ends_with(['|', '>'])
        };
        if !is_block || !between.trim().is_empty() || column(comment.start) <= column(word.field.start) {
            return;
        }
        let shown = quoted(&self.source.text[comment.clone()]);
        let message = format!("`{shown}` is read as a comment, so it is not part of `{}`", word.field.name);
        let help = "indent the line like the text above it";
        let comment_help = Some("for a comment, indent it like the field");
        self.push(Code::CommentInValue, message, comment, help.to_owned(), comment_help);
    }

    /// Remembers a tag or an anchor. `rest` is what follows it before the next word.
    fn property(&mut self, range: Range<usize>, rest: &str, on_line: Option<&Word<'a>>, after: Option<&Word<'a>>) {
        // Another property may follow.
        let mut rest = rest.trim_start_matches([' ', '\t']);
        while rest.starts_with(['&', '!']) {
            rest = rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start_matches([' ', '\t']);
        }
        let word = after.filter(|_| rest.is_empty());
        let field = word.or(on_line).or(after).map_or("", |word| word.field.name);
        let is_empty = word.is_none() && on_line.is_some_and(|word| word.kind == WordKind::EmptyKey);
        let end = match word {
            Some(word) => (!self.source.text[word.range.start..].starts_with(['"', '\''])).then_some(word.range.end),
            None => is_empty.then_some(range.end),
        };
        let value = end.map(|end| range.start..end);
        self.properties.push(Property { range, field, value, before_block: word.is_none() && !is_empty });
    }

    /// Reports the tags that YAML does not define, and the anchors that no alias refers to.
    fn report_properties(&mut self) {
        let mut end = 0;
        for property in std::mem::take(&mut self.properties) {
            let written = &self.source.text[property.range.clone()];
            let kind = match written.strip_prefix('&') {
                Some(name) if self.aliases.contains(name) || property.before_block => continue,
                Some(_) => "an anchor",
                None if is_known_tag(written) => continue,
                None => "a tag",
            };
            // The text in quotes contains the next property of the same value.
            if property.range.start < end {
                continue;
            }
            let field = property.field;
            let message = format!("`{}` is read as {kind}, so it is not part of `{field}`", quoted(written));
            let help = property.value.clone().map_or_else(|| "remove it".to_owned(), |value| self.in_quotes(value));
            end = property.value.map_or(0, |value| value.end);
            self.push(Code::TagOrAnchorInValue, message, property.range, help, None);
        }
    }

    /// Returns help to put a range of the file in quotes.
    fn in_quotes(&self, range: Range<usize>) -> String {
        // JSON strings are valid in YAML 1.2 (section 10.2.1).
        let text = serde_json::Value::from(one_line(&self.source.text[range]));
        format!("put the whole value in quotes: {text}")
    }

    fn push(&mut self, code: Code, message: String, range: Range<usize>, help: String, more: Option<&str>) {
        let mut found = Diagnostic::new(code, message).at(Place::new(self.source, range), "").help(help);
        if let Some(more) = more {
            found = found.help(more);
        }
        self.report.push(found);
    }
}

/// Returns whether a comment is meant as one: a space follows its `#`, and it is more than a number.
fn is_remark(comment: &str) -> bool {
    let Some(rest) = comment.trim_start_matches('#').strip_prefix([' ', '\t']) else {
        // A line of several `#` separates parts of a file.
        return comment.len() > 1 && comment.bytes().all(|byte| byte == b'#');
    };
    let number = rest.split(',').next().unwrap_or_default().trim();
    let digits = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_number =
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && number.len() - digits.len() < 2;
    !is_number
}

fn is_known_tag(tag: &str) -> bool {
    let name = tag.strip_prefix("!!").or_else(|| tag.strip_prefix("!<tag:yaml.org,2002:")?.strip_suffix('>'));
    name.is_some_and(|name| KNOWN_TAGS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::is_remark;

    #[test]
    fn comments_are_remarks_after_a_space_unless_they_are_numbers() {
        for remark in ["# legal name", "#\tx", "## x", "####", "# 2nd edition", "# 30 days", "# 2027-01-01"] {
            assert!(is_remark(remark), "{remark}");
        }
        for text in ["#", "#1", "#0b5fff", "#todo x", "##x", "# 200", "# 5, Springfield", "# 12b", "#!x"] {
            assert!(!is_remark(text), "{text}");
        }
    }
}
