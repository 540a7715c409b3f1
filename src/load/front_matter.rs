//! Reads sections, `content/sections/*.md`, own pages, `content/pages/*.md`, and updates, `content/updates/*.md`: YAML front matter
//! between two lines `---`, then Markdown.

use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::decode::{Decoder, Value, record};
use super::yaml;
use crate::diagnostic::{Code, Diagnostic, Place, Source};
use crate::model::{Id, OwnPage, PageNav, Section, Show};

/// The fields between the two lines `---` of a section. The page leaves out a section that shows an empty list and has neither a
/// text nor a summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct FrontMatter {
    /// Heading, as plain text.
    pub title: String,
    /// Stable id, which is also the section's anchor. Defaults to the file name without its number.
    pub id: Option<Id>,
    /// One sentence for navigation and overviews, as plain text.
    pub summary: Option<String>,
    /// The list that is shown below the text.
    pub show: Option<Show>,
}

record!(FrontMatter { title: required, id: optional, summary: optional, show: optional });

/// The fields between the two lines `---` of an own page. Its address is the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct PageFrontMatter {
    /// Title, as plain text.
    pub title: String,
    /// One sentence for search engines and the top of the page, as plain text.
    pub summary: Option<String>,
    /// Where every page of the site links to it; `header` by default.
    #[schemars(default)]
    pub nav: PageNav,
    /// The list that is shown below the text.
    pub show: Option<Show>,
}

record!(PageFrontMatter { title: required, summary: optional, nav: default, show: optional });

/// The help text for missing front matter.
const EXAMPLE: &str = "start the file with three lines: `---`, `title: ...`, `---`";

/// A section and the range of its id.
pub(super) struct Read {
    pub section: Section,
    /// The range of the id; the range of the front matter if the id is derived from the file name.
    pub id_range: Range<usize>,
}

/// Front matter, its range, and the text below it.
struct WrittenFile<T> {
    front: T,
    range: Range<usize>,
    body: String,
}

/// Reads the front matter and the text of a file; `what` names the file in messages.
fn written<T: Value>(source: &Arc<Source>, at: &str, what: &str, decoder: &mut Decoder<'_>) -> Option<WrittenFile<T>> {
    let parts = split(source, what).map_err(|problem| decoder.push(*problem)).ok()?;
    let node = yaml::read(source, parts.yaml, decoder.report())?;
    if node.kind == yaml::Kind::Null {
        let start = Place::new(source, 0..3);
        decoder.push(Diagnostic::new(Code::MissingField, "`title` is missing").at(start, "").help(EXAMPLE));
        return None;
    }
    if !matches!(node.kind, yaml::Kind::Map(_)) {
        let message = format!("the front matter must be a map of fields, but this is {}", node.kind.describe());
        decoder.error(Code::WrongType, message, &node.range, "write fields, such as `title: ...`");
        return None;
    }
    decoder.set_text(parts.body.clone());
    let front = decoder.value(&node, at, T::read)?;
    decoder.remember(format!("{at}.body"), &parts.body);
    let body = &source.text[parts.body.clone()];
    if let Some((offset, character)) = body.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\n' | '\t')) {
        let range = parts.body.start + offset..parts.body.start + offset + character.len_utf8();
        let message = format!("the text contains the control character U+{:04X}", u32::from(character));
        decoder.error(Code::ControlCharacter, message, &range, "remove the character; readers cannot see it");
    }
    Some(WrittenFile { front, range: node.range, body: body.to_owned() })
}

/// Reads the file of a section. `at` is its path in [`Places`](super::Places), such as `sections[2]`.
pub(super) fn read(source: &Arc<Source>, at: &str, decoder: &mut Decoder<'_>) -> Option<Read> {
    let WrittenFile { front, range, body } = written::<FrontMatter>(source, at, "section", decoder)?;
    let id_range = decoder.range_of(&format!("{at}.id")).unwrap_or_else(|| range.clone());
    let Some(id) = front.id.or(id_of_name(&source.path)) else {
        decoder.error(
            Code::BadId,
            format!("no id can be derived from the file name `{}`", source.path),
            &range,
            "add `id: ...` to the front matter, in kebab-case",
        );
        return None;
    };
    let FrontMatter { title, summary, show, .. } = front;
    Some(Read { section: Section { id, title, summary, show, body }, id_range })
}

/// Reads the file of an own page. `at` is its path in [`Places`](super::Places), such as `pages[2]`.
pub(super) fn read_page(source: &Arc<Source>, at: &str, decoder: &mut Decoder<'_>) -> Option<OwnPage> {
    let WrittenFile { front, body, .. } = written::<PageFrontMatter>(source, at, "page", decoder)?;
    let id = decoder.id_of_file("page")?;
    let PageFrontMatter { title, summary, nav, show } = front;
    Some(OwnPage { id, title, summary, nav, show, body })
}

/// Reads the file of an item whose type has a field for the text. `at` is its path in [`Places`](super::Places), such as `updates[2]`.
pub(super) fn read_item<T: Value>(source: &Arc<Source>, at: &str, what: &str, decoder: &mut Decoder<'_>) -> Option<T> {
    written(source, at, what, decoder).map(|file| file.front)
}

/// Derives the id from the file name: the stem without leading digits.
fn id_of_name(path: &str) -> Option<Id> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Id::from_name(stem.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// The byte ranges of the two parts of a section's file.
#[derive(Debug, PartialEq)]
pub(super) struct Parts {
    pub yaml: Range<usize>,
    /// Without leading and trailing blank lines.
    pub body: Range<usize>,
}

/// Finds the front matter and the text of a section's file.
pub(super) fn split(source: &Arc<Source>, what: &str) -> Result<Parts, Box<Diagnostic>> {
    let text = source.text.as_str();
    let problem = |code, message: &str, range: Range<usize>, help: &str| {
        Err(Box::new(Diagnostic::new(code, message).at(Place::new(source, range), "").help(help)))
    };
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        let range = 0..first.trim_end().len();
        return match first.trim_end() {
            "+++" => problem(Code::MissingFrontMatter, "front matter must be YAML, not TOML", range, EXAMPLE),
            _ => problem(Code::MissingFrontMatter, &format!("this {what} has no front matter"), range, EXAMPLE),
        };
    }
    let mut start = first.len();
    for line in text[first.len()..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            let body = start + line.len();
            return Ok(Parts { yaml: first.len()..start, body: trimmed(text, body) });
        }
        start += line.len();
    }
    let message = "the front matter is not closed";
    problem(Code::MissingFrontMatter, message, 0..3, "add a line `---` between the fields and the text")
}

/// Returns the range from `start` to the end, without leading and trailing blank lines. The first line keeps its indentation.
fn trimmed(text: &str, start: usize) -> Range<usize> {
    let body = &text[start..];
    let blank: usize = body.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let end = start + body.trim_end().len();
    (start + blank).min(end)..end
}

/// Reports two sections with the same id.
pub(super) fn same_id(id: &Id, second: Place, first: Place) -> Diagnostic {
    Diagnostic::new(Code::DuplicateId, format!("two sections have the id `{id}`"))
        .at(second, "")
        .at(first, "first here")
        .help("set a different `id` in the front matter of one of them")
}

#[cfg(test)]
mod tests {
    use super::{id_of_name, split};
    use crate::diagnostic::Source;

    #[test]
    fn splits_parts_and_drops_blank_lines() {
        let source = Source::new("a.md", "---\ntitle: A\n---\n\n    code\n\ntext  \n\n");
        let parts = split(&source, "section").expect("front matter");
        assert_eq!(&source.text[parts.yaml], "title: A\n");
        assert_eq!(&source.text[parts.body], "    code\n\ntext");
        for empty in ["---\n---", "---\na: b\n---\n", "---\n---\n \n\n"] {
            let source = Source::new("a.md", empty);
            assert_eq!(
                split(&source, "section").map(|parts| source.text[parts.body].to_owned()),
                Ok(String::new()),
                "{empty:?}"
            );
        }
    }

    #[test]
    fn only_a_line_of_three_dashes_closes_front_matter() {
        for open in ["---\ntitle: A\n", "---", "---\na: ----\n----\n", "", "text", "--\n"] {
            assert!(split(&Source::new("a.md", open), "section").is_err(), "{open:?}");
        }
    }

    #[test]
    fn derives_the_id_from_the_file_name() {
        let id = |path| id_of_name(path).map(|id| id.to_string());
        assert_eq!(id("content/sections/10-security-baseline.md"), Some("security-baseline".into()));
        assert_eq!(id("Data Processing.md"), Some("data-processing".into()));
        assert_eq!(id("10.md"), None);
    }
}
