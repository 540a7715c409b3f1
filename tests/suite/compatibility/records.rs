//! Records and content of 0.1 load, verify, keep their bytes, and have no unreleased changes.

use serde_json::Value;

use super::{PROJECTS, build, files_below, fixture, frozen, project, succeed};

#[test]
fn records_of_0_1_verify() {
    for name in PROJECTS {
        let project = project(&[name]);
        succeed(&project, &["verify"]);
        let records = fixture(name).join("content/releases");
        succeed(&project, &["verify", records.to_str().expect("a UTF-8 path")]);
    }
}

#[test]
fn unchanged_content_of_0_1_has_no_unreleased_changes() {
    for name in PROJECTS {
        let project = project(&[name]);
        // A build without `--draft` refuses unreleased changes.
        build(&project, &[]);
        let diff = succeed(&project, &["diff", "--format", "json"]);
        let diff: Value = serde_json::from_str(&diff.stdout).expect("JSON");
        assert_eq!(diff["changes"].as_array().map(Vec::len), Some(0), "{name}: {diff:#}");
        // The only reason for a release is that 0.1 recorded no files.
        let stated = |file: &serde_json::Value| file["path"].is_string();
        let release = project.run(["release", "-m", "Record the files."]);
        if release.code == Some(0) {
            let sums = project.read("content/releases/SHA256SUMS");
            let newest = sums.lines().last().and_then(|line| line.split("  ").nth(1)).expect("a release");
            let record: Value =
                serde_json::from_str(&project.read(&format!("content/releases/{newest}"))).expect("JSON");
            assert!(record["files"].as_array().is_some_and(|files| files.iter().all(stated)), "{name}: {record:#}");
        }
        let release = project.run(["release", "-m", "Nothing."]);
        assert_eq!(release.code, Some(1), "{name}: {release:?}");
        assert!(release.stderr.contains("release-nothing-changed"), "{name}: {}", release.stderr);
    }
}

#[test]
fn records_of_0_1_keep_their_bytes() {
    for name in PROJECTS {
        let project = project(&[name]);
        let before = files_below(&project.path("content"));
        let site = build(&project, &[]);
        let mut records = 0;
        for (path, bytes) in frozen(name) {
            let Some(file) = path.strip_prefix("content/releases/") else { continue };
            assert!(
                site.get(&format!("releases/{file}")) == Some(&bytes),
                "{name}: {file} is published with other bytes"
            );
            records += usize::from(file.ends_with(".json"));
        }
        assert!(records >= 1, "{name} has no records");
        assert!(files_below(&project.path("content")) == before, "{name}: a build changed the content");
    }
}

#[test]
fn new_release_follows_the_records_of_0_1() {
    for name in PROJECTS {
        let project = project(&[name, "draft"]);
        let before = frozen(name);
        succeed(&project, &["release", "-m", "One more section."]);
        succeed(&project, &["verify"]);
        let diff = succeed(&project, &["diff", "--format", "json"]);
        let diff: Value = serde_json::from_str(&diff.stdout).expect("JSON");
        assert_eq!(diff["changes"].as_array().map(Vec::len), Some(0), "{name}: {diff:#}");
        let after = files_below(project.root());
        for (path, bytes) in before.iter().filter(|(path, _)| path.ends_with(".json")) {
            assert!(after.get(path) == Some(bytes), "{name}: {path} was rewritten");
        }
    }
}
