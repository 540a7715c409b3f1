//! Schemas: committed, and and they accept what the loader accepts.

use std::fs;
use std::path::{Path, PathBuf};

use candor::commands::schema::all;
use candor::schema::{CONTENT, reference};

use crate::generated::assert_current;
use crate::support::{Project, SITE};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn committed_schemas_are_current() {
    for format in all() {
        let made = String::from_utf8(format.bytes()).expect("UTF-8");
        assert_current(format!("schemas/{}", format.path()), &made);
    }
}

#[test]
fn no_schema_is_left_over() {
    let mut names = Vec::new();
    for group in ["content", "output"] {
        for entry in fs::read_dir(root().join("schemas").join(group)).expect("a folder") {
            names.push(format!("{group}/{}", entry.expect("an entry").file_name().to_string_lossy()));
        }
    }
    names.sort();
    let mut known: Vec<String> = all().iter().map(|format| format.path()).collect();
    known.sort();
    assert_eq!(names, known);
}

#[test]
fn the_content_reference_is_current() {
    assert_current("docs/content.md", &reference::document());
}

#[test]
fn examples_of_the_reference_load() {
    let page = reference::document();
    let mut project = Project::new();
    for format in CONTENT {
        let (_, part) = page.split_once(&format!("`{}`\n", format.file.replace('*', "NAME"))).expect("its heading");
        let (_, block) = part.split_once("\n```").expect("an example");
        let (_, block) = block.split_once('\n').expect("a language");
        let (example, _) = block.split_once("```").expect("an end");
        project = project.file(&format.file.replace('*', "10-name"), example);
    }
    assert_eq!(project.diagnostics(), "");
}

/// Fixtures by the format that they are of: `subprocessors--what-is-in-it.yaml`.
fn fixtures(folder: &str) -> Vec<(String, String, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("tests/schemas").join(folder)).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let (format, _) = name.split_once("--").expect("FORMAT--WHAT.yaml");
        found.push((format.to_owned(), fs::read_to_string(&path).expect("text"), path));
    }
    assert!(found.len() > 5);
    found
}

/// Whether the loader takes a fixture.
fn loads(format: &str, text: &str) -> bool {
    let project = Project::empty().file("content/site.yaml", SITE);
    let project = match format {
        "site" => project.file("content/site.yaml", text),
        "section" => project.file("content/sections/10-a.md", format!("---\n{text}---\n\nText.\n")),
        list => project.file(&format!("content/data/{list}.yaml"), text),
    };
    !project.load().1.has_errors()
}

#[test]
fn the_loader_takes_what_the_schemas_take_and_refuses_what_they_refuse() {
    // tests/schemas.sh holds the same fixtures against an independent validator.
    for (format, text, path) in fixtures("valid") {
        assert!(loads(&format, &text), "{} was refused", path.display());
    }
    for (format, text, path) in fixtures("invalid") {
        assert!(!loads(&format, &text), "{} was taken", path.display());
    }
}

#[test]
fn a_schema_is_found_by_the_file_that_it_describes() {
    let project = Project::new();
    let by_name = project.run(["schema", "subprocessors"]);
    let by_file = project.run(["schema", "content/data/subprocessors.yaml"]);
    assert_eq!((by_name.code, by_file.code), (Some(0), Some(0)));
    assert_eq!(by_name.stdout, by_file.stdout);
    assert!(by_name.stdout.starts_with("{\n  \"$schema\""));
    let unknown = project.run(["schema", "subprocesors"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("did you mean `subprocessors`?"), "{}", unknown.stderr);
}

#[test]
fn all_schemas_are_written_at_once() {
    let project = Project::new();
    let run = project.run(["schema", "--write", "schemas"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for format in all() {
        assert_eq!(project.read(&format!("schemas/{}", format.path())).into_bytes(), format.bytes());
    }
}
