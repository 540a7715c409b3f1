//! Directories that 0.1 wrote: today's program updates them in place.

use std::collections::BTreeMap;

use super::{Files, build, built, files_below, frozen, project, succeed};
use crate::support::Project;

/// A project of 0.1 with the folder `published/`, to which 0.1 published it.
fn published() -> Project {
    let files = frozen("rich-published");
    files
        .into_iter()
        .fold(project(&["rich"]), |project, (path, bytes)| project.file(&format!("published/{path}"), bytes))
}

fn destination(project: &Project) -> String {
    url::Url::from_file_path(project.path("published")).expect("an absolute path").into()
}

#[test]
fn folder_published_by_0_1_accepts_a_publish() {
    let project = published();
    succeed(&project, &["publish", &destination(&project)]);
    let after = files_below(&project.path("published"));
    for (path, bytes) in built("rich") {
        assert!(after.get(path) == Some(bytes), "{path} was not published");
    }
    for path in frozen("rich-published").keys() {
        // Assets of 0.1 stay for readers whose browsers still show a page of 0.1.
        assert!(after.contains_key(path), "{path} was deleted");
    }
    let again = succeed(&project, &["publish", &destination(&project), "--dry-run", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&again.stdout).expect("JSON");
    assert_eq!(plan["upload"].as_array().map(Vec::len), Some(0), "{plan:#}");
}

#[test]
fn folder_published_by_0_1_verifies_before_and_after_a_publish() {
    let project = published();
    let folder = project.path("published");
    let folder = folder.to_str().expect("a UTF-8 path");
    for _ in 0..2 {
        succeed(&project, &["verify", folder]);
        succeed(&project, &["verify", "--against", folder]);
        succeed(&project, &["publish", &destination(&project)]);
    }
}

#[test]
fn folder_published_by_0_1_accepts_the_next_release() {
    let project = frozen("draft").into_iter().fold(published(), |project, (path, bytes)| project.file(&path, bytes));
    succeed(&project, &["release", "-m", "One more section."]);
    succeed(&project, &["publish", &destination(&project)]);
    let records = |files: Files| -> BTreeMap<String, Vec<u8>> {
        files.into_iter().filter(|(path, _)| path.starts_with("releases/2") && path.ends_with(".json")).collect()
    };
    let (old, mut new) = (records(frozen("rich-published")), records(files_below(&project.path("published"))));
    assert!(new.remove("releases/2026-05-22.json").is_some(), "the new release is published");
    assert!(old == new, "records of 0.1 keep their bytes");
}

#[test]
fn site_built_by_0_1_is_rebuilt_in_place() {
    // `publish` writes the same files to a folder as `build`, except for the manifest.
    let site = frozen("rich-published").into_iter().filter(|(path, _)| !path.starts_with(".candor/"));
    let project = site
        .chain(frozen("rich-built"))
        .fold(project(&["rich"]), |project, (path, bytes)| project.file(&format!("dist/{path}"), bytes));
    let in_place = build(&project, &[]);
    assert!(in_place == *built("rich"), "the site is the same as in an empty folder");
}
