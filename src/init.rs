//! A new project: its initial files, and writing them without overwriting existing ones.
//!
//! The files are generated from the organization's name and a date. The project can be previewed and released immediately, and every
//! content field appears in its place: as a comment, or, in a full project, as an example that is clearly marked as one.

mod recipe;
mod skeleton;

use std::path::{Path, PathBuf};

use crate::files::{self, Dir, FileError};
use crate::model::{Date, Malformed};
use crate::schema;

pub use recipe::{CANDOR_REPOSITORY, Ci, RecipeHost};

/// Options of a new project.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The organization's name.
    pub name: String,
    /// The date that the dates in examples are relative to.
    pub as_of: Date,
    /// Whether every list contains examples.
    pub full: bool,
    /// The CI system that checks every change, and the host that it publishes to; none if the CI system cannot publish there.
    pub recipe: Option<(Ci, RecipeHost)>,
}

/// The content of a list without items. A file with only comments is an error, because it may have been emptied by mistake.
const NOTHING_YET: &str = "\n# No items yet. Replace the next line with items.\n[]\n";

/// Whether a list is as a new project has it: only comments, and no items. Replacing it loses nothing.
pub fn is_empty_list(text: &str) -> bool {
    let above = text.strip_suffix(NOTHING_YET);
    above.is_some_and(|above| above.lines().all(|line| line.is_empty() || line.starts_with('#')))
}

/// A file of a new project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its path below the project root, with forward slashes.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The result of writing the files, as paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were created.
    pub created: Vec<String>,
    /// Existing files to which lines were appended.
    pub extended: Vec<String>,
    /// Existing files that were left unchanged.
    pub kept: Vec<String>,
}

/// Error writing a file.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {}", path.display(), source.reason())]
pub struct WriteError {
    /// The file or folder.
    pub path: PathBuf,
    /// The cause.
    pub source: FileError,
}

impl Plan {
    /// Returns the content files, which the publisher edits.
    ///
    /// # Errors
    /// Returns an error if the name is empty or has more than one line.
    pub fn content(&self) -> Result<Vec<NewFile>, Malformed> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(Malformed::new(
                format!("invalid organization name `{}`", name.escape_debug()),
                "use the name that customers know, on one line",
            ));
        }
        let values = [
            ("{{name}}", quoted(name)),
            ("{{today}}", self.as_of.to_string()),
            ("{{year-ago}}", self.as_of.plus_days(-365).to_string()),
            ("{{in-60-days}}", self.as_of.plus_days(60).to_string()),
            ("{{next-year}}", self.as_of.plus_days(360).to_string()),
        ];
        let files = skeleton::content(self.full).into_iter().map(|(path, text)| {
            let empty = !self.full && path.starts_with("content/data/");
            let text = if empty { format!("{text}{NOTHING_YET}") } else { text };
            let text = values.iter().fold(examples(&text, self.full), |text, (key, value)| text.replace(key, value));
            let path = values.iter().fold(path, |path, (key, value)| path.replace(key, value));
            NewFile { path, bytes: text.into_bytes() }
        });
        Ok(files.collect())
    }

    /// Returns the files in addition to the content: schemas for editors, a README, and the CI recipe.
    pub fn surroundings(&self) -> Vec<NewFile> {
        let file = |(path, text): (String, String)| NewFile { path, bytes: text.into_bytes() };
        let mut files: Vec<NewFile> = skeleton::surroundings().into_iter().map(file).collect();
        files.extend(
            schema::CONTENT
                .iter()
                .map(|format| NewFile { path: format!("schemas/{}", format.path()), bytes: format.bytes() }),
        );
        let recipe = self.recipe.and_then(|(ci, host)| ci.recipe(host)).unwrap_or_default();
        files.extend(recipe.into_iter().map(|(path, text)| file((path.to_owned(), text))));
        files
    }
}

/// A file that must contain certain lines even if it exists: without them, git may convert line endings, and releases no
/// longer verify.
const ATTRIBUTES: &str = ".gitattributes";

/// The size limit for `.gitattributes`, in bytes.
const MAX_ATTRIBUTES: u64 = 1024 * 1024;

/// Writes files below `root`. Existing files are left unchanged, except that missing lines are appended to `.gitattributes`.
///
/// # Errors
/// Returns an error if a folder or file cannot be created.
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

/// Appends missing lines to a file, with its line endings, and returns whether there were any. Missing comments are only added
/// together with other lines.
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

/// Whether the project has a content folder.
pub fn begun(root: &Path) -> bool {
    match Dir::open(root) {
        Ok(dir) => !matches!(dir.kind(Path::new("content")), Ok(None)),
        Err(_) => false,
    }
}

/// Converts the examples of a skeleton, which are lines that begin with `#=` or `#+`, to YAML or to comments.
fn examples(text: &str, full: bool) -> String {
    let line = |line: &str| match (line.strip_prefix("#= "), line.strip_prefix("#+ ")) {
        (Some(example), _) | (_, Some(example)) if full => example.to_owned(),
        (Some(example), _) => format!("# {example}"),
        (_, Some(example)) => {
            let field = example.trim_start();
            format!("# {}# {field}", &example[..example.len() - field.len()])
        }
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Quotes a string. JSON strings are valid in YAML 1.2 (section 10.2.1).
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(full: bool) -> Plan {
        let as_of = Date::new(2026, 5, 22).expect("a date");
        Plan { name: "Example: \"Ünïted\" # Ltd.".into(), as_of, full, recipe: None }
    }

    #[test]
    fn every_content_field_appears() {
        let files = plan(false).content().expect("files");
        let text: String = files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
        let full = plan(true).content().expect("files");
        let text =
            text + &full.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect::<String>();
        let mut missing = Vec::new();
        for format in schema::CONTENT.iter().filter(|format| format.file.starts_with("content/")) {
            let schema = format.schema();
            let structs = schema["$defs"].as_object().into_iter().flat_map(|defs| defs.values()).chain([&schema]);
            for name in structs.filter_map(|part| part["properties"].as_object()).flat_map(|fields| fields.keys()) {
                if !text.contains(&format!("{name}:")) {
                    missing.push(format!("{}: {name}", format.name));
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn every_list_has_a_file_and_a_section() {
        for full in [true, false] {
            let files = plan(full).content().expect("files");
            for list in crate::model::List::data() {
                let data = format!("content/data/{list}.yaml");
                assert_eq!(files.iter().filter(|file| file.path == data).count(), 1, "{data}");
                let show = format!("show: {list}");
                let shows = |file: &&NewFile| {
                    file.path.starts_with("content/sections/")
                        && String::from_utf8_lossy(&file.bytes).lines().any(|line| line == show)
                };
                assert_eq!(files.iter().filter(shows).count(), 1, "{show}");
            }
        }
    }

    #[test]
    fn no_skeleton_markup_remains() {
        for full in [true, false] {
            for file in plan(full).content().expect("files") {
                let text = String::from_utf8(file.bytes).expect("UTF-8");
                assert!(!text.contains("#=") && !text.contains("#+") && !text.contains("{{"), "{}", file.path);
            }
        }
    }

    #[test]
    fn rejects_empty_and_multiline_names() {
        for name in ["", "  ", "a\nb", "a\u{7}"] {
            assert!(Plan { name: name.into(), ..plan(false) }.content().is_err(), "{name:?}");
        }
    }
}
