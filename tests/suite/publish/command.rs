//! The `candor publish` command with a folder as destination.

use crate::support::{Project, Run};

const SITE: &str = "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.example.org/\n\
                    contacts:\n  privacy: privacy@example.org\n";

pub fn released() -> Project {
    let project = Project::empty()
        .file("content/site.yaml", SITE)
        .file("content/sections/10-security.md", "---\ntitle: Security\n---\n\nWe encrypt.\n");
    let run = project.run(["release", "-m", "The first release."]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    project
}

fn publish(project: &Project, options: &[&str]) -> Run {
    let folder = url::Url::from_file_path(project.path("published")).expect("an absolute path");
    project.run(["publish", folder.as_str()].iter().chain(options))
}

#[test]
fn publishes_once_and_is_then_up_to_date() {
    let project = released();
    let first = publish(&project, &[]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(first.stdout.starts_with("Published to file://"), "{}", first.stdout);
    assert!(first.stderr.contains("uploading pages: "), "no plain progress lines without a terminal: {}", first.stderr);
    assert!(project.path("published/releases/2026-05-22.json").exists());
    let again = publish(&project, &[]);
    assert!(again.stdout.contains("is up to date"), "{}", again.stdout);
}

#[test]
fn rejects_unreleased_changes() {
    let project = released().file("content/sections/20-more.md", "---\ntitle: More\n---\n\nNever released.\n");
    let run = publish(&project, &[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("candor release"), "{}", run.stderr);
    assert!(!project.path("published").exists());
}

#[test]
fn dry_run_lists_everything_and_writes_nothing() {
    let project = released();
    let run = publish(&project, &["--dry-run"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("upload  releases/2026-05-22.json  ("), "{}", run.stdout);
    assert!(run.stdout.lines().last().is_some_and(|line| line.contains("to upload (")), "{}", run.stdout);
    assert!(!project.path("published").exists());

    let json = publish(&project, &["--dry-run", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_str(&json.stdout).expect("one object");
    assert!(plan["upload"].as_array().is_some_and(|uploads| uploads.len() > 3), "{plan}");
}

#[test]
fn purge_file_lists_changed_urls() {
    let project = released();
    assert_eq!(publish(&project, &["--purge-file", "purge.txt"]).code, Some(0));
    assert_eq!(project.read("purge.txt"), "", "new files are not in caches");
    let project = project.file("content/sections/20-more.md", "---\ntitle: More\n---\n\nMore.\n");
    assert_eq!(project.run(["release", "-m", "More."]).code, Some(0));
    let run = publish(&project, &["--purge-file", "purge.txt"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let purge = project.read("purge.txt");
    for address in ["https://trust.example.org/", "https://trust.example.org/index.html"] {
        assert!(purge.lines().any(|line| line == address), "{purge}");
    }
    assert!(!purge.contains("/assets/"), "{purge}");
}

#[test]
fn reports_a_rewritten_release() {
    let project = released();
    assert_eq!(publish(&project, &[]).code, Some(0));
    let project = project.file("content/sections/10-security.md", "---\ntitle: Security\n---\n\nWe never promised.\n");
    assert_eq!(project.run(["release", "--replace"]).code, Some(0));
    let run = publish(&project, &[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(
        run.stderr.contains("history-rewritten") && run.stderr.contains("release 2026-05-22 differs"),
        "{}",
        run.stderr
    );
}

#[test]
fn checks_the_destination_before_building() {
    let project = Project::empty();
    for (destination, word) in [("dist", "az://CONTAINER"), ("s3://key:hunter2@bucket", "environment")] {
        let run = project.run(["publish", destination]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains(word) && !run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}
