//! The committed JSON schemas are current and accept the same files as the loader.

use std::fs;
use std::path::{Path, PathBuf};

use candor::commands::schema::all;
use candor::diagnostic::Source;
use candor::schema::overlays::OVERLAYS;
use candor::schema::{CONTENT, reference};

use crate::generated::assert_current;
use crate::support::{Project, SITE};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn committed_schemas_are_current() {
    for format in all() {
        let generated_schema = String::from_utf8(format.bytes()).expect("UTF-8");
        assert_current(format!("schemas/{}", format.path()), &generated_schema);
    }
}

#[test]
fn schema_folders_contain_no_other_files() {
    let mut names = Vec::new();
    for group in ["content", "output"] {
        for entry in fs::read_dir(root().join("schemas").join(group)).expect("a folder") {
            names.push(format!("{group}/{}", entry.expect("an entry").file_name().to_string_lossy()));
        }
    }
    names.sort();
    let mut expected: Vec<String> = all().iter().map(|format| format.path()).collect();
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn content_reference_is_current() {
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
        let name = if format.name == "updates" { "2026-05-22-name" } else { "10-name" };
        project = project.file(&format.file.replace('*', name), example);
    }
    assert_eq!(project.diagnostics(), "");
}

/// Returns the fixtures in a folder as format, text and path. File names are `FORMAT--DESCRIPTION.yaml`.
fn fixtures(folder: &str) -> Vec<(String, String, PathBuf)> {
    let mut result = Vec::new();
    for entry in fs::read_dir(root().join("tests/schemas").join(folder)).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let (format, _) = name.split_once("--").expect("FORMAT--DESCRIPTION.yaml");
        result.push((format.to_owned(), fs::read_to_string(&path).expect("text"), path));
    }
    assert!(result.len() > 5);
    result
}

/// Returns whether the loader accepts a translation of the examples of the content.
fn overlay_loads(format: &str, text: &str) -> bool {
    let format = OVERLAYS.iter().find(|overlay| overlay.name == format).expect("an overlay");
    let mut project = Project::empty();
    for content in CONTENT.iter().filter(|content| content.name != "profile") {
        let example = fs::read_to_string(
            root().join("src/schema/examples").join(content.name).with_extension(if content.file.ends_with(".md") {
                "md"
            } else {
                "yaml"
            }),
        );
        let name = if content.name == "updates" { "2026-05-22-a" } else { "a" };
        project = project.file(&content.file.replace('*', name), example.expect("an example"));
    }
    let site = project.read("content/site.yaml").replace("language: en\n", "language: en\nlanguages: [de]\n");
    let text = if format.file.ends_with(".md") { format!("---\n{text}---\n") } else { text.to_owned() };
    let name = if format.name == "translated-updates" { "2026-05-22-a" } else { "a" };
    let path = format.file.replacen('*', "de", 1).replace('*', name);
    let report = project.file("content/site.yaml", site).file(&path, text).load().1;
    !report.has_errors()
}

/// Returns whether the loader accepts a fixture.
fn loads(format: &str, text: &str) -> bool {
    let project = Project::empty().file("content/site.yaml", SITE);
    let project = match format {
        "site" => project.file("content/site.yaml", text),
        "section" => project.file("content/sections/10-a.md", format!("---\n{text}---\n\nText.\n")),
        "page" => project.file("content/pages/a.md", format!("---\n{text}---\n\nText.\n")),
        "updates" => project.file("content/updates/2026-05-22-a.md", format!("---\n{text}---\n\nText.\n")),
        "profile" => {
            let (_, report) = candor::profile::read(&Source::new("profiles/a.yaml", text));
            return !report.has_errors();
        }
        overlay if overlay.starts_with("translated-") => return overlay_loads(overlay, text),
        list => {
            let format = CONTENT.iter().find(|format| format.name == list).expect("a list");
            project.file(&format.file.replace('*', "a"), text)
        }
    };
    !project.load().1.has_errors()
}

#[test]
fn loader_and_schemas_accept_the_same_fixtures() {
    // tests/schemas.sh checks the same fixtures with an independent validator.
    for (format, text, path) in fixtures("valid") {
        assert!(loads(&format, &text), "{} is rejected", path.display());
    }
    for (format, text, path) in fixtures("invalid") {
        assert!(!loads(&format, &text), "{} is accepted", path.display());
    }
}

#[test]
fn schema_accepts_a_format_name_or_a_content_file() {
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
fn writes_all_schemas_to_a_folder() {
    let project = Project::new();
    let run = project.run(["schema", "--write", "schemas"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for format in all() {
        assert_eq!(project.read(&format!("schemas/{}", format.path())).into_bytes(), format.bytes());
    }
}
