//! A new project: which files it begins with, and how they get to disk without touching what is there.
//!
//! In go the organisation's name and the day, out come files. They are written so that the first build works at once,
//! and so that each field of the content is seen where it belongs: as a comment, or, in a full project, as an example
//! that nobody takes for a statement.

mod skeleton;

use std::path::{Path, PathBuf};

use crate::files::{self, Dir, FileError};
use crate::model::{Date, Malformed};
use crate::schema;

pub use skeleton::Ci;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The organisation's name.
    pub name: String,
    /// The day of the first release; dates of the examples follow from it.
    pub as_of: Date,
    /// Whether every list holds examples.
    pub full: bool,
    /// The system that checks and publishes, if any.
    pub ci: Option<Ci>,
}

/// What stands in a list without items: a file of comments alone would be an error, because it may have been emptied
/// by mistake.
const NOTHING_YET: &str = "\n# Nothing yet. Put items in the place of the next line.\n[]\n";

/// A file of a new project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its path below the root, with forward slashes.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What came of writing the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Paths of files that are new.
    pub created: Vec<String>,
    /// Paths of files that were there, and have new lines at their end.
    pub extended: Vec<String>,
    /// Paths of files that were there, and are as they were.
    pub kept: Vec<String>,
}

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {}", path.display(), source.reason())]
pub struct WriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub source: FileError,
}

impl Plan {
    /// What the publisher edits.
    ///
    /// # Errors
    /// When the name cannot stand in `site.yaml`.
    pub fn content(&self) -> Result<Vec<NewFile>, Malformed> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(Malformed::new(
                format!("`{}` cannot be the name of an organisation", name.escape_debug()),
                "give the name that customers know, in one line",
            ));
        }
        let values = [
            ("{{name}}", quoted(name)),
            ("{{today}}", self.as_of.to_string()),
            ("{{in-60-days}}", self.as_of.plus_days(60).to_string()),
            ("{{next-year}}", self.as_of.plus_days(360).to_string()),
        ];
        let files = skeleton::content(self.full).map(|&(path, text)| {
            let empty = !self.full && path.starts_with("content/data/");
            let text = if empty { format!("{text}{NOTHING_YET}") } else { text.to_owned() };
            let text = values.iter().fold(examples(&text, self.full), |text, (key, value)| text.replace(key, value));
            NewFile { path: path.to_owned(), bytes: text.into_bytes() }
        });
        Ok(files.collect())
    }

    /// What stands around the content: schemas for editors, a page for those who edit, and CI.
    pub fn surroundings(&self) -> Vec<NewFile> {
        let text = |path: &str, text: &str| NewFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
        let mut files: Vec<NewFile> =
            skeleton::SURROUNDINGS.iter().map(|(path, content)| text(path, content)).collect();
        files.extend(
            schema::CONTENT
                .iter()
                .map(|format| NewFile { path: format!("schemas/{}", format.path()), bytes: format.bytes() }),
        );
        files.extend(self.ci.map(|ci| text(ci.path(), ci.recipe())));
        files
    }
}

/// The file that a project may have already, and that must have certain lines: without them a clone with other line endings
/// has releases that do not verify.
const ATTRIBUTES: &str = ".gitattributes";

/// The largest of these files that is read, in bytes.
const MAX_ATTRIBUTES: u64 = 1024 * 1024;

/// Writes files below `root`, and leaves alone what is there; only `ATTRIBUTES` gets the lines that it lacks.
///
/// # Errors
/// When a folder or file cannot be made.
pub fn write(root: &Path, files: &[NewFile]) -> Result<Written, WriteError> {
    let failed = |source| WriteError { path: root.to_owned(), source };
    files::make_chosen_folder(root).map_err(|error| failed(error.into()))?;
    let dir = Dir::open(root).map_err(failed)?;
    let mut written = Written::default();
    for file in files {
        let below = Path::new(&file.path);
        let failed = |source| WriteError { path: root.join(below), source };
        dir.create_dirs(below.parent().unwrap_or(Path::new(""))).map_err(failed)?;
        match dir.write_new(below, &file.bytes) {
            Ok(()) => written.created.push(file.path.clone()),
            Err(error) if error.is_taken() => {
                let extended = file.path == ATTRIBUTES && extend(&dir, below, &file.bytes).map_err(failed)?;
                let list = if extended { &mut written.extended } else { &mut written.kept };
                list.push(file.path.clone());
            }
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(written)
}

/// Appends the lines that a file lacks, in its own line endings; whether there were any. A comment goes with the lines after
/// it.
fn extend(dir: &Dir, below: &Path, lines: &[u8]) -> Result<bool, FileError> {
    let old = dir.read(below, MAX_ATTRIBUTES)?;
    let text = String::from_utf8_lossy(&old);
    let has = |line: &str| text.lines().any(|other| other.split_whitespace().eq(line.split_whitespace()));
    let lines = String::from_utf8_lossy(lines);
    let missing: Vec<&str> = lines.lines().filter(|line| !has(line)).collect();
    if missing.iter().all(|line| line.starts_with('#')) {
        return Ok(false);
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    let more: String = missing.iter().map(|line| format!("{line}{end}")).collect();
    dir.append(below, format!("{gap}{more}").as_bytes())?;
    Ok(true)
}

/// Whether somebody has begun already: then the content is theirs.
pub fn begun(root: &Path) -> bool {
    match Dir::open(root) {
        Ok(dir) => !matches!(dir.kind(Path::new("content")), Ok(None)),
        Err(_) => false,
    }
}

/// A skeleton's examples, lines that begin with `#=`, as YAML or as comments.
fn examples(text: &str, full: bool) -> String {
    let lines = text.split_inclusive('\n').map(|line| match line.strip_prefix("#= ") {
        Some(example) if full => example.to_owned(),
        Some(example) => format!("# {example}"),
        None => line.to_owned(),
    });
    lines.collect()
}

/// A text in double quotes. JSON's strings are strings of YAML 1.2 (section 10.2.1).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(full: bool) -> Plan {
        let as_of = Date::new(2026, 5, 22).expect("a day");
        Plan { name: "Example: \"Ünïted\" # Ltd.".into(), as_of, full, ci: None }
    }

    #[test]
    fn every_field_of_the_content_is_seen() {
        let files = plan(false).content().expect("files");
        let text: String = files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
        let full = plan(true).content().expect("files");
        let text =
            text + &full.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect::<String>();
        let mut missing = Vec::new();
        for format in schema::CONTENT {
            let schema = format.schema();
            let structs = schema["$defs"].as_object().into_iter().flat_map(|defs| defs.values()).chain([&schema]);
            for name in structs.filter_map(|part| part["properties"].as_object()).flat_map(|fields| fields.keys()) {
                if !text.contains(&format!("{name}:")) {
                    missing.push(format!("{}: {name}", format.name));
                }
            }
        }
        // The id of a section follows from its file's name.
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn no_mark_of_the_skeleton_is_left() {
        for full in [true, false] {
            for file in plan(full).content().expect("files") {
                let text = String::from_utf8(file.bytes).expect("UTF-8");
                assert!(!text.contains("#=") && !text.contains("{{"), "{}", file.path);
            }
        }
    }

    #[test]
    fn a_name_of_more_than_one_line_is_refused() {
        for name in ["", "  ", "a\nb", "a\u{7}"] {
            assert!(Plan { name: name.into(), ..plan(false) }.content().is_err(), "{name:?}");
        }
    }
}
