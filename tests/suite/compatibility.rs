//! Compatibility with candor 0.1: projects, sites and folders that it wrote, frozen under `tests/fixtures/0.1`.
//!
//! The fixtures never change. Where today's program differs from 0.1 on purpose, the difference is listed next to the test
//! that finds it, with its reason.

mod documents;
mod overrides;
#[cfg(feature = "publish")]
mod published;
mod records;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use walkdir::WalkDir;

use crate::support::{Project, Run};

/// The date for which the fixtures were built, which is also the default of [`Project::run`].
const AS_OF: &str = "2026-05-22";

/// Files by their path below a folder, with forward slashes.
type Files = BTreeMap<String, Vec<u8>>;

/// A folder of the fixtures.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/0.1").join(name)
}

/// Returns every file below a folder.
fn files_below(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.expect("a folder that can be read");
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).expect("a path below the folder");
            let path = path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            files.insert(path, fs::read(entry.path()).expect("a file that can be read"));
        }
    }
    assert!(!files.is_empty(), "{} has no files", folder.display());
    files
}

/// Returns the files of a fixture.
fn frozen(name: &str) -> Files {
    files_below(&fixture(name))
}

/// Creates a project from fixtures; a later one overrides files of an earlier one.
fn project(fixtures: &[&str]) -> Project {
    fixtures
        .iter()
        .flat_map(|name| frozen(name))
        .fold(Project::empty(), |project, (path, bytes)| project.file(&path, bytes))
}

/// Runs a command that must succeed.
#[track_caller]
fn succeed(project: &Project, args: &[&str]) -> Run {
    let run = project.run(["--as-of", AS_OF].iter().chain(args));
    assert_eq!(run.code, Some(0), "candor {}\n{}{}", args.join(" "), run.stdout, run.stderr);
    run
}

/// Builds a project with today's program and returns the files of the site.
#[track_caller]
fn build(project: &Project, options: &[&str]) -> Files {
    succeed(project, &[&["build", "--no-compress"], options].concat());
    let mut files = files_below(&project.path("dist"));
    files.remove(".candor").expect("the manifest of a built site");
    files
}

/// Returns the text of a file of a site.
#[track_caller]
fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    let bytes = files.get(path).unwrap_or_else(|| panic!("{path} does not exist"));
    std::str::from_utf8(bytes).unwrap_or_else(|error| panic!("{path} is not UTF-8: {error}"))
}

/// The projects: one with every field of every list, one with one release, one with more releases than fit on one page
/// of the feeds and the change log, and this repository's own content.
const PROJECTS: [&str; 4] = ["rich", "small", "long", "repository"];

/// Returns the site that today's program builds from a project of 0.1.
#[track_caller]
fn built(name: &str) -> &'static Files {
    static SITES: [OnceLock<Files>; PROJECTS.len()] = [const { OnceLock::new() }; PROJECTS.len()];
    let position = PROJECTS.iter().position(|project| *project == name).expect("a project");
    SITES[position].get_or_init(|| build(&project(&[name]), &[]))
}
