//! What a project states about notices that it sent: the next release binds it, and `verify` checks it.

use std::fs;

use candor::history::sent::SentNotice;
use candor::history::store::Folder;
use candor::model::Digest;
use candor::project::Project as Paths;
use serde_json::Value;

use crate::support::{Project, Run};

const FILE: &str = "content/notices/2026-05-01.yaml";

fn released() -> Project {
    let project = Project::new();
    assert_eq!(project.run(["release", "-q", "-m", "First.", "--date", "2026-05-01"]).code, Some(0));
    project
}

fn send(project: &Project, recipients: usize) {
    let entry = SentNotice {
        date: "2026-05-02".parse().expect("a date"),
        recipients,
        record: Digest::of(&fs::read(project.path("content/releases/2026-05-01.json")).expect("a record")),
        text: Digest::of(b"text"),
    };
    let folder = Folder::of(&Paths::at(project.root()));
    let version = "2026-05-01".parse().expect("a version");
    let (_, file) = folder.with_notice(version, &entry).expect("read");
    let shown = folder.write_notice(version, &file).expect("written");
    assert_eq!(shown, FILE);
}

/// Makes a release with another change.
fn release(project: &Project, date: &str, extra: &[&str]) -> Run {
    let answer = format!("- {{id: a, question: Since when?, answer: Since {date}.}}\n");
    fs::create_dir_all(project.path("content/data")).expect("a folder");
    fs::write(project.path("content/data/faq.yaml"), answer).expect("written");
    project.run([&["release", "-q", "-m", "Next."], extra].concat())
}

fn record(project: &Project, version: &str) -> Value {
    serde_json::from_str(&project.read(&format!("content/releases/{version}.json"))).expect("a record")
}

#[test]
fn is_no_unreleased_change() {
    let project = released();
    send(&project, 2);
    let check = project.run(["check", "--deny", "warnings"]);
    assert_eq!((check.code, check.stderr.contains("notices")), (project_check_code(), false), "{check:?}");
    let refused = project.run(["release", "-m", "Nothing."]);
    assert!(refused.code == Some(1) && refused.stderr.contains("release-nothing-changed"), "{refused:?}");
    assert_eq!(project.run(["verify"]).code, Some(0), "nothing binds it yet");
}

/// Returns how `check --deny warnings` ends for the same project without notices.
fn project_check_code() -> Option<i32> {
    released().run(["check", "--deny", "warnings"]).code
}

#[test]
fn next_release_binds_it_and_verify_checks_it() {
    let project = released();
    send(&project, 2);
    let run = release(&project, "2026-05-03", &["--date", "2026-05-03"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let file = fs::read(project.path(FILE)).expect("a file");
    let record = record(&project, "2026-05-03");
    let keys: Vec<&str> = record.as_object().expect("a record").keys().map(String::as_str).collect();
    assert!(keys.windows(2).any(|pair| pair == ["previous", "notices"]), "{keys:?}");
    assert_eq!(
        record["notices"],
        serde_json::json!([{ "version": "2026-05-01", "bytes": file.len(), "sha256": Digest::of(&file).to_string() }])
    );
    let verified = project.run(["verify"]);
    assert!(verified.code == Some(0) && verified.stdout.contains("1 notice verified"), "{verified:?}");
    let verdict: Value = serde_json::from_str(&project.run(["verify", "--format", "json"]).stdout).expect("JSON");
    assert_eq!(verdict["notices"], 1);
    assert_eq!(project.run(["check"]).code, Some(0));
    assert_eq!(project.run(["build", "-q"]).code, Some(0));
    let site = project.run(["verify", "dist"]);
    assert_eq!(site.code, Some(0), "a site does not have the files: {site:?}");
}

#[test]
fn later_entries_are_bound_by_the_release_after_them() {
    let project = released();
    send(&project, 2);
    assert_eq!(release(&project, "2026-05-03", &["--date", "2026-05-03"]).code, Some(0));
    send(&project, 1);
    assert_eq!(project.run(["verify"]).code, Some(0), "the bound bytes are still there");
    assert_eq!(release(&project, "2026-05-04", &["--date", "2026-05-04"]).code, Some(0));
    let file = fs::read(project.path(FILE)).expect("a file");
    assert_eq!(record(&project, "2026-05-04")["notices"][0]["bytes"], file.len());
    assert_eq!(release(&project, "2026-05-05", &["--date", "2026-05-05"]).code, Some(0));
    assert_eq!(record(&project, "2026-05-05")["notices"], Value::Null, "nothing new");
    let text = String::from_utf8(file).expect("text");
    for (damaged, code) in [
        (text.replacen("recipients: 2", "recipients: 3", 1), "sent-notice-changed"),
        (text.replacen("recipients: 1", "recipients: 9", 1), "sent-notice-changed"),
        (text[..text.len() - 1].to_owned(), "sent-notice-changed"),
        (text.replace('\n', "\r\n"), "sent-notice-changed"),
        (String::new(), "sent-notice-changed"),
    ] {
        fs::write(project.path(FILE), damaged).expect("written");
        for command in [&["verify"][..], &["release", "-m", "Next.", "--date", "2026-05-06"]] {
            let run = project.run(command);
            assert!(run.code == Some(1) && run.stderr.contains(code) && run.stderr.contains(FILE), "{run:?}");
        }
    }
    fs::remove_file(project.path(FILE)).expect("removed");
    let run = project.run(["verify"]);
    assert!(run.code == Some(1) && run.stderr.contains("sent-notice-missing"), "{run:?}");
    assert_eq!(project.run(["verify", "--records-only"]).code, Some(0));
}

#[test]
fn replacement_of_a_release_binds_it_again() {
    let project = released();
    send(&project, 2);
    assert_eq!(release(&project, "2026-05-03", &["--date", "2026-05-03"]).code, Some(0));
    let bound = record(&project, "2026-05-03")["notices"].clone();
    let run = release(&project, "2026-05-04", &["--replace"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(record(&project, "2026-05-03")["notices"], bound);
}
