//! Reads text files.
//!
//! The text is normalized to line feeds without a byte order mark, so that lines, columns and snippets do not depend on the
//! editor, and every range of Markdown is a range of its source.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::files::FileError;
use crate::project::Project;

/// The maximum size of a file, in bytes: hundreds of times the size of the longest trust pages.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// Reads a text file of the project. Problems are added to the report.
pub(super) fn read(project: &Project, path: &Path, report: &mut Report) -> Option<Arc<Source>> {
    let name = project.display(path);
    let bytes = match bytes(project, path, &name) {
        Ok(bytes) => bytes,
        Err(problem) => {
            report.push(*problem);
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => {
            let source = Source::new(name, normal(text));
            match conflict(&source) {
                Some(found) => {
                    report.push(found);
                    None
                }
                None => Some(source),
            }
        }
        Err(error) => {
            report.push(not_utf8(&name, error.as_bytes(), error.utf8_error().valid_up_to()));
            None
        }
    }
}

/// Reports a merge conflict that is not resolved. The parts of such a file would be published together, or not at all.
pub fn conflict(source: &Arc<Source>) -> Option<Diagnostic> {
    let range = unresolved_conflict(&source.text, source.path.ends_with(".md"))?;
    let help = "keep one of the two versions, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`";
    let message = format!("`{}` contains an unresolved merge conflict", source.path);
    Some(Diagnostic::new(Code::MergeConflict, message).at(Place::new(source, range), "").help(help))
}

/// Returns the range of the line that begins an unresolved merge conflict, or of the one that ends it. In Markdown, a line of seven `>`
/// can be a quotation, if nothing begins a conflict before it.
pub fn unresolved_conflict(text: &str, is_markdown: bool) -> Option<Range<usize>> {
    let is_marker = |line: &str, marker: char| {
        let rest = line.trim_start_matches(marker);
        line.len() - rest.len() == 7 && (rest.trim().is_empty() || rest.starts_with(' '))
    };
    let mut offset = 0;
    let mut first = None;
    for line in text.split_inclusive('\n') {
        let range = offset..offset + line.trim_end().len();
        if is_marker(line, '<') {
            first.get_or_insert(range);
        } else if is_marker(line, '>') && (first.is_some() || !is_markdown) {
            return Some(first.unwrap_or(range));
        }
        offset += line.len();
    }
    None
}

/// Reads a text file of the project with its line endings and its byte order mark; `None` if it does not exist or is not text.
pub(super) fn unchanged(project: &Project, path: &Path) -> Option<String> {
    String::from_utf8(bytes(project, path, &project.display(path)).ok()?).ok()
}

/// Reads the bytes of a regular file inside the project.
fn bytes(project: &Project, path: &Path, name: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
    let read = project.open().and_then(|root| root.read(project.below(path), MAX_BYTES));
    read.map_err(|error| Box::new(problem(name, &error)))
}

/// Reports a file that could not be read.
pub(super) fn problem(name: &str, error: &FileError) -> Diagnostic {
    let (code, help) = match error {
        FileError::Outside { .. } | FileError::Hidden => (Code::OutsideProject, error.help()),
        FileError::Kind(_) => (Code::NotAFile, error.help()),
        FileError::TooLarge { .. } => (Code::FileTooLarge, "put large files in static/; content files are short"),
        FileError::Dangling
        | FileError::Circle
        | FileError::TooMany { .. }
        | FileError::TooDeep { .. }
        | FileError::Io(_) => (Code::Unreadable, error.help()),
    };
    Diagnostic::new(code, format!("`{name}` {error}")).at(Place::file(name), "").help(help)
}

/// Normalizes line endings to line feeds and removes a byte order mark.
fn normal(text: String) -> String {
    let text = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

fn not_utf8(name: &str, bytes: &[u8], offset: usize) -> Diagnostic {
    let byte = bytes.get(offset).copied().unwrap_or_default();
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "save the file as UTF-8; it looks like UTF-16",
        _ => "save the file as UTF-8; it may be Windows-1252 or Latin-1",
    };
    let start = normal(String::from_utf8_lossy(&bytes[..offset]).into_owned()).len();
    let source = Source::new(name, normal(String::from_utf8_lossy(bytes).into_owned()));
    let end = start + source.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Diagnostic::new(Code::NotUtf8, format!("`{name}` is not valid UTF-8: byte {byte:#04X} at offset {offset}"))
        .at(Place::new(&source, start..end), "")
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::{conflict, normal, not_utf8};
    use crate::diagnostic::Source;

    #[test]
    fn normalizes_line_endings_and_byte_order_marks() {
        assert_eq!(normal("\u{FEFF}a\r\nb\rc\n".into()), "a\nb\nc\n");
        assert_eq!(normal("a\u{FEFF}b".into()), "a\u{FEFF}b");
    }

    #[test]
    fn reports_merge_conflicts_but_not_quotations() {
        let line = |path: &str, text: &str| {
            conflict(&Source::new(path, text)).map(|found| found.place().expect("a place").line_column().0)
        };
        let both = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> branch\n";
        assert_eq!(line("a.md", both), Some(2));
        assert_eq!(line("a.yaml", both), Some(2));
        assert_eq!(line("a.yaml", "<<<<<<<\na: b\n|||||||\n=======\n>>>>>>>\n"), Some(1));
        assert_eq!(line("a.yaml", "a: b\n>>>>>>> branch\n"), Some(2));
        for fine in ["Title\n=======\n", ">>>>>>> quoted\n", "<<<<<<<< eight\n>>>>>>>> eight\n", "    <<<<<<< HEAD\n"] {
            assert_eq!(line("a.md", fine), None, "{fine}");
        }
    }

    #[test]
    fn reports_invalid_bytes_with_their_place() {
        let diagnostic = not_utf8("a.yaml", b"a: b\r\nc: caf\xE9\n", 12);
        assert_eq!(diagnostic.message, "`a.yaml` is not valid UTF-8: byte 0xE9 at offset 12");
        assert_eq!(diagnostic.place().map(|place| place.line_column()), Some((2, 7)));
    }
}
