//! Moves upcoming changes that are in effect into the fields of their items, in the text of a file.
//!
//! Only the lines of these fields and changes are edited; everything else stays byte for byte, including comments, quotes and
//! line endings. The new value of a field is the text of the change. After the edit, the file is read again and must state what
//! [`in_effect_on`] computes. If it does not, such as with anchors that an edit would break, nothing is written, and the
//! publisher edits the file by hand.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decode::{Decoder, Value};
use super::text;
use super::yaml::{self, Kind, Node, YamlEntry};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::lists::for_each_list;
use crate::model::upcoming::in_effect_on;
use crate::model::{Date, Listed, Overlay};
use crate::project::Project;

/// A file with its new text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedFile {
    /// Its path.
    pub path: PathBuf,
    /// Its text before.
    pub before: String,
    /// Its new text.
    pub text: String,
    /// The number of changes that were moved into fields.
    pub count: usize,
}

/// Moves the changes that are in effect on a date into the fields, in all files of `content/data/`. Files without such changes
/// are left out.
///
/// # Errors
/// If a file cannot be read, or a change cannot be moved.
pub fn apply_upcoming(project: &Project, date: Date) -> Result<Vec<AppliedFile>, Report> {
    let mut report = Report::new();
    let mut applied = Vec::new();
    macro_rules! apply {
        (Sections { $($sections:tt)* } Pages { $($pages:tt)* } $($list:ident { field: $field:ident, item: $item:ident, $($rest:tt)* })*) => {
            $(
                let path = project.content().join("data").join(concat!(stringify!($field), ".yaml"));
                match file::<crate::model::$item>(project, &path, date) {
                    Ok(found) => applied.extend(found),
                    Err(problems) => report.merge(*problems),
                }
            )*
        };
    }
    for_each_list!(apply);
    if report.has_errors() { Err(report) } else { Ok(applied) }
}

fn file<T>(project: &Project, path: &Path, date: Date) -> Result<Option<AppliedFile>, Box<Report>>
where
    T: Listed + Overlay + Value + PartialEq,
{
    let name = project.display(path);
    // A missing file has no changes, and other problems are reported with the content.
    let Some(text) = text::unchanged(project, path) else { return Ok(None) };
    let (mark, body) = text.strip_prefix('\u{FEFF}').map_or(("", text.as_str()), |body| ("\u{FEFF}", body));
    let Some(before) = items::<T>(&name, body) else { return Ok(None) };
    let due = before.iter().flat_map(|item| item.upcoming()).filter(|entry| entry.effective <= date).count();
    if due == 0 {
        return Ok(None);
    }
    let expected: Vec<Arc<T>> = before.iter().map(|item| in_effect_on(item, date)).collect();
    let mut edited = body.to_owned();
    for (at, item) in before.iter().enumerate() {
        let mut keys: Vec<_> = crate::model::upcoming::in_order(item.upcoming())
            .into_iter()
            .filter(|entry| entry.effective <= date)
            .map(|entry| entry.key().to_string())
            .collect();
        keys.reverse();
        while let Some(key) = keys.pop() {
            let Some(next) = Editor::new(&name, &edited).and_then(|editor| editor.apply(at, &key)) else {
                return Err(refused(&name, body, at, item.label()));
            };
            edited = next;
        }
    }
    match items::<T>(&name, &edited) {
        Some(after) if after == expected => {
            let edited = format!("{mark}{edited}");
            Ok(Some(AppliedFile { path: path.to_owned(), before: text, text: edited, count: due }))
        }
        _ => {
            let at = before.iter().position(|item| item.upcoming().iter().any(|entry| entry.effective <= date));
            let at = at.unwrap_or_default();
            Err(refused(&name, body, at, before.get(at).map_or("", |item| item.label())))
        }
    }
}

/// Reports that the changes of the item at this position cannot be moved, with the place of the changes.
fn refused(name: &str, body: &str, at: usize, label: &str) -> Box<Report> {
    let source = Source::new(name, body);
    let editor = Editor::new(name, body);
    let item = editor.as_ref().and_then(|editor| editor.map(editor.items.get(at)?));
    let upcoming = item.as_ref().and_then(|item| entry_of(item.entries, "upcoming"));
    let message = format!(
        "the upcoming changes of `{label}` cannot be moved into its fields automatically: an edit would change other text, such as that of an anchor"
    );
    let place = upcoming.map_or_else(|| Place::file(name), |entry| Place::new(&source, entry.key_range.clone()));
    let found = Diagnostic::new(Code::UpcomingNotApplied, message).at(place, "");
    Box::new(found.help("move the new values into the fields by hand, and remove the entry from `upcoming`").into())
}

/// Reads the items of a file; `None` if it has errors.
fn items<T: Listed + Value>(name: &str, text: &str) -> Option<Vec<Arc<T>>> {
    let source = Source::new(name, text);
    let node = yaml::parse(&source, 0..text.len()).ok()?;
    let Kind::List(nodes) = &node.kind else { return None };
    let mut report = Report::new();
    let items = Decoder::new(&source, &mut report).identified(nodes, T::LIST.name(), T::read);
    (!report.has_errors()).then_some(items)
}

/// Edits the text of one file.
struct Editor<'t> {
    text: &'t str,
    items: Vec<Node>,
}

/// A map in the text, in block style (one field per line) or in flow style (`{a: 1, b: 2}`).
struct MapText<'n> {
    entries: &'n [YamlEntry],
    is_flow: bool,
}

impl<'t> Editor<'t> {
    fn new(name: &str, text: &'t str) -> Option<Editor<'t>> {
        let node = yaml::parse(&Source::new(name, text), 0..text.len()).ok()?;
        match node.kind {
            Kind::List(items) => Some(Editor { text, items }),
            _ => None,
        }
    }

    /// Moves the change with this id into the fields of the item at this position, and removes the change.
    fn apply(&self, at: usize, key: &str) -> Option<String> {
        let item = self.map(self.items.get(at)?)?;
        let upcoming = entry_of(item.entries, "upcoming")?;
        let Kind::List(changes) = &upcoming.value.kind else { return None };
        let position = changes.iter().position(|change| self.key(change).as_deref() == Some(key))?;
        let change = self.map(&changes[position])?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let mut inserted: Vec<String> = Vec::new();
        for field in change.entries.iter().filter(|field| !OWN.contains(&field.key.as_str())) {
            if field.value.kind == Kind::Null {
                continue;
            }
            let source = self.source(field, &change, &item)?;
            match entry_of(item.entries, &field.key) {
                Some(old) => edits.push((self.replaced(old, &source, item.is_flow)?, source)),
                None => inserted.push(source),
            }
        }
        for name in self.names(&change) {
            if let Some(old) = entry_of(item.entries, &name) {
                edits.push((self.removal(&item, old)?, String::new()));
            }
        }
        let removed = match changes.len() {
            1 => self.removal(&item, upcoming)?,
            _ => self.removal_of_element(changes, position)?,
        };
        let start = upcoming.key_range.start;
        let (end, indent) = (self.line_end(), " ".repeat(self.column(start)));
        let joined = |form: &dyn Fn(&String) -> String| inserted.iter().map(form).collect::<String>();
        if removed.contains(&start) {
            // The new fields take the place of `upcoming`.
            let lead = &self.text[removed.start..start];
            let new = match (item.is_flow, removed.start == start) {
                (true, true) => joined(&|source| format!("{source}, ")),
                (true, false) => joined(&|source| format!(", {source}")),
                (false, true) => joined(&|source| format!("{source}{end}{indent}")),
                (false, false) => joined(&|source| format!("{lead}{source}{end}")),
            };
            edits.push((removed, new));
        } else {
            let new = match item.is_flow {
                true => joined(&|source| format!("{source}, ")),
                false => joined(&|source| format!("{source}{end}{indent}")),
            };
            edits.push((start..start, new));
            edits.push((removed, String::new()));
        }
        edits.sort_by_key(|(range, _)| range.start);
        if edits.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
            return None;
        }
        let mut text = self.text.to_owned();
        for (range, new) in edits.into_iter().rev() {
            text.replace_range(range, &new);
        }
        Some(text)
    }

    fn map<'n>(&self, node: &'n Node) -> Option<MapText<'n>> {
        let Kind::Map(entries) = &node.kind else { return None };
        let before = self.text[..entries.first()?.key_range.start].trim_end();
        Some(MapText { entries, is_flow: before.ends_with('{') })
    }

    /// Returns the id of a change.
    fn key(&self, change: &Node) -> Option<String> {
        let Kind::Map(entries) = &change.kind else { return None };
        let text = |name: &str| match &entry_of(entries, name)?.value.kind {
            Kind::Text(text) => Some(text.trim().to_owned()),
            _ => None,
        };
        text("id").or_else(|| text("announced"))
    }

    /// Returns the names in `remove`.
    fn names(&self, change: &MapText<'_>) -> Vec<String> {
        let Some(Kind::List(names)) = entry_of(change.entries, "remove").map(|entry| &entry.value.kind) else {
            return Vec::new();
        };
        let text = |node: &Node| match &node.kind {
            Kind::Text(text) => Some(text.trim().to_owned()),
            _ => None,
        };
        names.iter().filter_map(text).collect()
    }

    /// Returns the text of a field of a change, indented like the fields of the item.
    fn source(&self, field: &YamlEntry, change: &MapText<'_>, item: &MapText<'_>) -> Option<String> {
        let mut range = field.key_range.start..self.end_of(field)?;
        if !change.is_flow && self.text[range.clone()].contains('\n') {
            // A comment after the last line of the value belongs to it.
            let rest = &self.text[range.end..self.line(range.end).end];
            if rest.trim_start().starts_with('#') {
                range.end += rest.trim_end().len();
            }
        }
        let text = &self.text[range.clone()];
        if item.is_flow && !change.is_flow {
            return None;
        }
        if item.is_flow || !text.contains('\n') {
            return Some(text.to_owned());
        }
        let to = self.column(item.entries.first()?.key_range.start);
        let from = self.column(range.start);
        let shifted = |line: &str| {
            let indent = line.len() - line.trim_start_matches(' ').len();
            let is_blank = line.trim().is_empty();
            match (is_blank, to.checked_sub(from)) {
                (true, _) => line.to_owned(),
                (false, Some(more)) => format!("{}{line}", " ".repeat(more)),
                (false, None) => line[indent.min(from - to)..].to_owned(),
            }
        };
        let mut lines = text.split('\n');
        let first = lines.next()?.to_owned();
        Some(lines.fold(first, |text, line| format!("{text}\n{}", shifted(line))))
    }

    /// Returns the range of a field that a new value replaces. A comment after it stays if both are on one line.
    fn replaced(&self, old: &YamlEntry, new: &str, is_flow: bool) -> Option<Range<usize>> {
        let mut range = old.key_range.start..self.end_of(old)?;
        if !is_flow && new.contains('\n') {
            range.end = self.line(range.end).end;
        }
        Some(range)
    }

    /// Returns the range of a field that is removed, with its line.
    fn removal(&self, map: &MapText<'_>, field: &YamlEntry) -> Option<Range<usize>> {
        let (start, end) = (field.key_range.start, self.end_of(field)?);
        let at = map.entries.iter().position(|entry| entry.key_range == field.key_range)?;
        let next = map.entries.get(at + 1).map(|next| next.key_range.start);
        if map.is_flow {
            return Some(match (next, at.checked_sub(1)) {
                (Some(next), _) => start..next,
                (None, Some(before)) => self.end_of(&map.entries[before])?..end,
                (None, None) => return None,
            });
        }
        let line = self.line(start);
        match self.text[line.start..start].trim().is_empty() {
            true => Some(line.start..self.next_line(end)),
            // The field is on the line of the dash, so the next field moves there.
            false => Some(start..next?),
        }
    }

    /// Returns the range of an element of a list with several, with its line.
    fn removal_of_element(&self, elements: &[Node], at: usize) -> Option<Range<usize>> {
        let Kind::Map(entries) = &elements[at].kind else { return None };
        let (first, end) = (entries.first()?.key_range.start, self.end(&elements[at])?);
        let lead = self.text[..first].trim_end();
        let start = if lead.ends_with('{') { lead.len() - 1 } else { first };
        let before = self.text[..start].trim_end();
        if before.ends_with('-') {
            let dash = before.len() - 1;
            let line = self.line(dash);
            return self.text[line.start..dash].trim().is_empty().then(|| line.start..self.next_line(end));
        }
        // In flow style, a comma separates the elements.
        let rest = &self.text[end..];
        let after = rest.len() - rest.trim_start().len();
        if rest.trim_start().starts_with(',') {
            let rest = &rest[after + 1..];
            return Some(start..end + after + 1 + (rest.len() - rest.trim_start().len()));
        }
        before.strip_suffix(',').map(|before| before.len()..end)
    }

    /// Returns the end of a value: of its text, or of its last part. `None` if it is not behind its beginning, as with an alias.
    fn end(&self, node: &Node) -> Option<usize> {
        let end = match &node.kind {
            Kind::List(items) if !self.text[node.range.start..].starts_with('[') => self.end(items.last()?)?,
            Kind::Map(entries) if !self.map(node)?.is_flow => self.end_of(entries.last()?)?,
            Kind::List(_) => closed(self.text, node.range.start)?,
            Kind::Map(entries) => {
                let brace = self.text[..entries.first()?.key_range.start].trim_end().len() - 1;
                closed(self.text, brace)?
            }
            _ => node.range.end,
        };
        (end >= node.range.start).then_some(end)
    }

    /// Returns the end of a field. `None` if its value is not behind its key, as with an alias, whose place is that of its anchor.
    fn end_of(&self, field: &YamlEntry) -> Option<usize> {
        if field.value.kind == Kind::Null {
            return Some(self.end(&field.value)?.max(field.key_range.end));
        }
        self.end(&field.value)
            .filter(|end| *end > field.key_range.end && field.value.range.start >= field.key_range.end)
    }

    fn line(&self, at: usize) -> Range<usize> {
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length);
        start..end - usize::from(self.text[start..end].ends_with('\r'))
    }

    fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |length| at + length + 1)
    }

    fn column(&self, at: usize) -> usize {
        self.text[self.line(at).start..at].chars().count()
    }

    fn line_end(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

/// The fields of a change that are not new values.
const OWN: [&str; 5] = ["id", "announced", "effective", "note", "remove"];

fn entry_of<'n>(entries: &'n [YamlEntry], name: &str) -> Option<&'n YamlEntry> {
    entries.iter().find(|entry| entry.key == name)
}

/// Returns the end of a flow collection that begins with a bracket or a brace at this offset.
fn closed(text: &str, start: usize) -> Option<usize> {
    let (mut depth, mut quote, mut token) = (0_usize, None, true);
    let mut characters = text[start..].char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some('"'), '\\') => drop(characters.next()),
            (Some('\''), '\'') if characters.peek().is_some_and(|(_, next)| *next == '\'') => drop(characters.next()),
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(start + at + 1);
                }
            }
            // A quote or a comment only begins where a token begins.
            (None, '"' | '\'') if token => quote = Some(character),
            (None, '#') if token => while characters.next_if(|(_, next)| *next != '\n').is_some() {},
            (None, _) => {}
        }
        token = quote.is_none() && (character.is_whitespace() || ",[{:".contains(character));
    }
    None
}
