//! Records of a newer schema: the chain needs four keys, and every other key may have any type.

use candor::diagnostic::{Code, Report};
use candor::history::{chain, store};
use serde_json::{Value, json};

use super::newer::{FIRST, SECOND, codes, path, read, rechained, record, rich};
use crate::support::{Project, Run};

/// The keys that the chain needs.
const CHAIN: [&str; 4] = ["schema", "version", "published", "previous"];

/// Other keys of a head, known and to come, and the disclosure.
const OTHERS: [&str; 9] =
    ["summary", "candor", "corrects", "redactions", "notices", "translations", "files", "disclosure", "x_new"];

/// Values of every type; `None` leaves the key out.
fn values() -> Vec<Option<Value>> {
    vec![
        Some(json!({ "redacted": true })),
        Some(json!({})),
        Some(json!({ "en": "Text", "de": { "text": ["a", null] } })),
        Some(json!([])),
        Some(json!(["a", { "b": 1 }])),
        Some(Value::Null),
        Some(json!(true)),
        Some(json!(7)),
        Some(json!(-0.5)),
        Some(json!("")),
        Some(json!(" text\n")),
        None,
    ]
}

fn set(record: &mut Value, key: &str, value: &Option<Value>) {
    match value {
        Some(value) => record[key] = value.clone(),
        None => drop(record.as_object_mut().expect("a record").shift_remove(key)),
    }
}

fn reported(report: &Report) -> Vec<Code> {
    report.diagnostics().iter().map(|found| found.code()).collect()
}

/// Returns the report of `verify`.
fn verified(project: &Project) -> Report {
    let folder = store::Folder::of(&candor::project::Project::at(project.root()));
    let (files, sums, mut report) = folder.heads();
    report.merge(chain::check(&files, &sums, "2026-05-22".parse().expect("a date")));
    report
}

fn fails(run: &Run, code: &str) {
    assert!(run.code == Some(1) && codes(run).contains(&code), "{code}: {run:?}");
}

#[test]
fn chain_is_verified_regardless_of_the_types_of_other_keys() {
    let mut project = rich();
    let (first, second) = (record(&project, FIRST), record(&project, SECOND));
    for (at, value) in values().iter().enumerate() {
        for key in OTHERS {
            // Newest, or followed by a record of a known schema, which links to it.
            for newest in [true, false] {
                let (mut older, mut newer) = (first.clone(), second.clone());
                let changed = if newest { &mut newer } else { &mut older };
                changed["schema"] = [3, 4, u32::MAX][at % 3].into();
                set(changed, key, value);
                project = rechained(project, &[(FIRST, older), (SECOND, newer)]);
                let name = format!("{key}: {value:?}, newest: {newest}");
                assert_eq!(reported(&verified(&project)), [Code::ReleaseNewer], "{name}");
                assert_eq!(reported(&read(&project).1), [Code::ReleaseNewer, Code::ReleaseSchema], "{name}");
            }
        }
    }
}

#[test]
fn keys_that_the_chain_needs_keep_their_type() {
    let mut project = rich();
    let (first, second) = (record(&project, FIRST), record(&project, SECOND));
    for value in values() {
        for key in CHAIN {
            let mut changed = second.clone();
            changed["schema"] = 3.into();
            set(&mut changed, key, &value);
            // A number is a schema.
            if key == "schema" && value == Some(json!(7)) {
                continue;
            }
            let digest = candor::model::Digest::of(format!("{first:#}\n").as_bytes());
            let text = format!("{changed:#}\n");
            let own = candor::model::Digest::of(text.as_bytes());
            let sums = format!("{digest}  {FIRST}.json\n{own}  {SECOND}.json\n");
            project = project.file(&path(SECOND), text).file("content/releases/SHA256SUMS", sums);
            assert!(verified(&project).has_errors(), "{key}: {value:?}");
        }
    }
}

#[test]
fn known_schema_keeps_the_type_of_the_summary() {
    let mut project = rich();
    let (first, second) = (record(&project, FIRST), record(&project, SECOND));
    for value in values().into_iter().filter(|value| !matches!(value, Some(Value::String(_)))) {
        let mut changed = second.clone();
        set(&mut changed, "summary", &value);
        project = rechained(project, &[(FIRST, first.clone()), (SECOND, changed)]);
        // A withheld summary has a type of its own, but no redaction declares it here.
        let is_withheld = value == Some(json!({ "redacted": true }));
        let expected = if is_withheld { Code::RedactionMismatch } else { Code::ReleaseMalformed };
        assert_eq!(reported(&verified(&project)), [expected], "{value:?}");
    }
}

#[test]
fn every_command_reports_a_withheld_summary_of_a_newer_schema() {
    let project = rich();
    let (first, mut second) = (record(&project, FIRST), record(&project, SECOND));
    assert_eq!(project.run(["build"]).code, Some(0));
    second["schema"] = 3.into();
    second["candor"] = "2.0.0".into();
    second["summary"] = json!({ "redacted": true });
    let project = rechained(project, &[(FIRST, first), (SECOND, second)]);
    let verify = project.run(["verify"]);
    assert_eq!((verify.code, codes(&verify)), (Some(0), vec!["release-newer"]), "{verify:?}");
    assert!(verify.stdout.contains("hash chain verified: 2 releases, newest 2026-05-02"), "{verify:?}");
    assert!(verify.stderr.contains("does not know schema 3"), "{verify:?}");
    for command in
        [&["check"][..], &["build"], &["diff"], &["release", "-m", "Third."], &["release", "--replace", "-m", "."]]
    {
        fails(&project.run(command), "release-schema");
    }

    // A site with the same record; its list states the summary in the way of the newer candor.
    let text = project.read(&path(SECOND));
    let sums = project.read("content/releases/SHA256SUMS");
    let mut index: Value = serde_json::from_str(&project.read("dist/releases/index.json")).expect("a list");
    index["releases"][0]["sha256"] = sums.lines().last().expect("a line")[..64].into();
    index["releases"][0]["bytes"] = text.len().into();
    let mut project =
        project.file(&format!("dist/releases/{SECOND}.json"), text).file("dist/releases/SHA256SUMS", sums);
    for summary in [json!("redacted"), json!({ "redacted": true }), Value::Null, json!([1])] {
        index["releases"][0]["summary"] = summary.clone();
        project = project.file("dist/releases/index.json", index.to_string());
        for command in [&["verify", "dist"][..], &["verify", "dist/releases"], &["verify", "--against", "dist"]] {
            let run = project.run(command);
            assert_eq!(run.code, Some(0), "{summary}, {command:?}: {run:?}");
            assert!(codes(&run).iter().all(|code| *code == "release-newer"), "{summary}, {command:?}: {run:?}");
        }
        // The summary of a record of a known schema is text.
        let mut wrong = index.clone();
        wrong["releases"][0]["summary"] = "redacted".into();
        wrong["releases"][1]["summary"] = if summary.is_string() { "Another.".into() } else { summary };
        project = project.file("dist/releases/index.json", wrong.to_string());
        fails(&project.run(["verify", "dist"]), "site-index");
    }

    let edited = super::edit(project, &path(SECOND), "\"redacted\": true", "\"redacted\": false");
    fails(&edited.run(["verify"]), "release-edited");
    fails(&edited.run(["verify", "--against", "dist"]), "release-edited");
}
