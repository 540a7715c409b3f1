//! One file -> its text, or why there is none.
//!
//! What is kept has line feeds and no byte order mark, so that lines, columns and quotes are the same
//! whatever editor wrote the file, and a stretch of Markdown is a stretch of its source.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::project::Project;

/// Largest file that is read, in bytes: hundreds of times the longest trust page.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// Reads a text file of the project; what is wrong goes into the report.
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
        Ok(text) => Some(Source::new(name, normal(text))),
        Err(error) => {
            report.push(not_utf8(&name, error.as_bytes(), error.utf8_error().valid_up_to()));
            None
        }
    }
}

/// Checks that a file stands inside the project and is one, and reads it.
fn bytes(project: &Project, path: &Path, name: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
    let problem = |code, message: String, help: &str| {
        Box::new(Diagnostic::new(code, message).at(Place::file(name), "").help(help))
    };
    let unreadable = |error: io::Error| {
        problem(
            Code::Unreadable,
            format!("cannot read `{name}`: {}", plain(&error)),
            "check that it exists and that you may read it",
        )
    };
    let real = fs::canonicalize(path).map_err(|error| {
        let link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        if link && error.kind() == io::ErrorKind::NotFound {
            problem(
                Code::Unreadable,
                format!("`{name}` is a link to a file that is not there"),
                "mend the link, or remove it",
            )
        } else {
            unreadable(error)
        }
    })?;
    let root = fs::canonicalize(project.root()).map_err(unreadable)?;
    if !real.starts_with(&root) {
        return Err(problem(
            Code::OutsideProject,
            format!("`{name}` is a link that leads out of the project"),
            "put a copy of the file into the project",
        ));
    }
    let metadata = fs::metadata(&real).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(problem(Code::NotAFile, format!("`{name}` is a folder, not a file"), "move the folder away"));
    }
    if !metadata.is_file() {
        return Err(problem(Code::NotAFile, format!("`{name}` is not a regular file"), "put a text file in its place"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(MAX_BYTES)).unwrap_or_default() + 1);
    File::open(&real).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(problem(
            Code::FileTooLarge,
            format!("`{name}` is larger than {} MiB", MAX_BYTES / 1024 / 1024),
            "content is text for people; put large files under static/",
        ));
    }
    Ok(bytes)
}

/// The system's words without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

/// Line feeds only, and no byte order mark.
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
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "it looks like UTF-16; save it as UTF-8",
        _ => "save it as UTF-8; it may be in Windows-1252 or Latin-1",
    };
    let start = normal(String::from_utf8_lossy(&bytes[..offset]).into_owned()).len();
    let source = Source::new(name, normal(String::from_utf8_lossy(bytes).into_owned()));
    let end = start + source.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Diagnostic::new(Code::NotUtf8, format!("`{name}` is not UTF-8: byte {byte:#04X} at offset {offset}"))
        .at(Place::new(&source, start..end), "")
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::{normal, not_utf8};

    #[test]
    fn line_ends_and_marks_do_not_matter() {
        assert_eq!(normal("\u{FEFF}a\r\nb\rc\n".into()), "a\nb\nc\n");
        assert_eq!(normal("a\u{FEFF}b".into()), "a\u{FEFF}b");
    }

    #[test]
    fn a_foreign_byte_is_named_with_its_place() {
        let diagnostic = not_utf8("a.yaml", b"a: b\r\nc: caf\xE9\n", 12);
        assert_eq!(diagnostic.message, "`a.yaml` is not UTF-8: byte 0xE9 at offset 12");
        assert_eq!(diagnostic.place().map(|place| place.line_column()), Some((2, 7)));
    }
}
