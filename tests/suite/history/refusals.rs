//! When no release is created, and the reported reason.

use snapbox::{assert_data_eq, str};

use super::{company, edit, output_of, released};
use crate::support::Project;

/// Runs a release that must be refused and must change nothing.
fn refused(project: &Project, args: &[&str]) -> String {
    let list = || {
        let mut names: Vec<_> = std::fs::read_dir(project.path("content/releases"))
            .map(|entries| entries.map(|entry| entry.expect("an entry").file_name()).collect())
            .unwrap_or_default();
        names.sort();
        names
    };
    let before = list();
    let run = project.run(["release"].iter().chain(args));
    assert_eq!(list(), before);
    assert_eq!(run.stdout, "");
    output_of(&run)
}

#[test]
fn release_requires_a_change() {
    let project = released(2);
    assert_data_eq!(
        refused(&project, &["-m", "Again"]),
        str![[r#"
exit 1
error[release-nothing-changed]: no unreleased changes: the content is identical to the newest release, 2026-05-02
 |
 = help: edit the content first; the order of items, the theme and the address of the site are not part of a release

1 error

"#]]
    );
}

#[test]
fn reordered_items_are_not_a_change() {
    let project = company();
    project.run(["release", "-m", "First"]);
    let text = project.read("content/data/subprocessors.yaml");
    let (stripe, ipapi) = text.split_at(text.find("- id: ipapi").expect("ipapi"));
    let project = project.file("content/data/subprocessors.yaml", format!("{ipapi}{stripe}"));
    assert!(refused(&project, &["-m", "Order"]).contains("release-nothing-changed"));
}

#[test]
fn release_requires_content_without_errors() {
    let project = edit(company(), "content/data/subprocessors.yaml", "id: ipapi", "id: stripe");
    assert!(refused(&project, &["-m", "First"]).contains("error[duplicate-id]"));
}

#[test]
fn release_requires_a_summary() {
    let project = company();
    assert_data_eq!(
        refused(&project, &["-m", "  \n"]),
        str![[r#"
exit 1
error[release-summary-empty]: the summary of the release is empty
 |
 = help: describe what changed and why: `candor release -m "Stripe now processes invoice data"`

1 error

"#]]
    );
    let run = project.run(["release"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}

#[test]
fn rejects_control_characters_in_the_summary() {
    let project = company().file("summary.md", "\u{FEFF}A line.\r\n\tAnother.\r\n");
    for (character, name) in [
        ('\0', "U+0000"),
        ('\u{7}', "U+0007"),
        ('\r', "U+000D"),
        ('\u{1b}', "U+001B"),
        ('\u{7f}', "U+007F"),
        ('\u{9b}', "U+009B"),
    ] {
        let project = company().file("summary.md", format!("One.\n\nSee{character}it."));
        let output = refused(&project, &["--summary-file", "summary.md"]);
        let expected = format!("error[control-character]: the summary contains the control character {name}");
        assert!(output.contains(&expected) && output.contains("summary.md:3:4"), "{output}");
    }
    let run = project.run(["release", "--summary-file", "summary.md"]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn rejects_too_long_summary_instead_of_truncating_it() {
    const LIMIT: usize = 1024 * 1024;
    let project = company();
    for (length, size) in [(LIMIT + 1, "1048577 bytes"), (3 * LIMIT, "3145728 bytes")] {
        // Letters of two bytes: a limit in the middle of a letter is not another error.
        let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
        std::fs::write(project.path("summary.md"), &text).expect("a file");
        let output = refused(&project, &["--summary-file", "summary.md"]);
        assert!(output.contains("error[release-summary-too-long]"), "{output}");
        assert!(output.contains(size) && output.contains("the limit is 1048576 bytes"), "{output}");
    }
    let input = std::fs::File::open(project.path("summary.md")).expect("a file");
    let run = project.command(["release", "--summary-file", "-"]).stdin(input).output().expect("the program starts");
    let output = String::from_utf8_lossy(&run.stderr);
    assert!(output.contains("release-summary-too-long") && output.contains("more than 2097152 bytes"), "{output}");
    // The longest summary, with the trailing line feed that editors add, is complete in the record.
    std::fs::write(project.path("summary.md"), "x".repeat(LIMIT) + "\n").expect("a file");
    let run = project.run(["release", "--summary-file", "summary.md"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let record = project.read("content/releases/2026-05-22.json");
    assert!(record.contains(&format!("\"summary\": \"{}\",\n", "x".repeat(LIMIT))));
}

#[test]
fn release_is_checked_as_of_its_own_date() {
    let site = "title: Trust\norganization: {name: Example, notice_days: 30}\n";
    let list = "- {id: mail, name: Mail, purpose: Mail, data_categories: [Address], announced: 2026-04-30, effective: 2026-05-10}\n";
    for (date, holds) in [
        // Before the effective date, the notice period is checked, regardless of the date of the run.
        (&["--date", "2026-05-01"][..], false),
        (&["--version", "2026-05-09"], false),
        (&["--date", "2026-05-10"], true),
        (&["--version", "2026-05-11"], true),
        (&[], true),
    ] {
        let project = Project::empty().file("content/site.yaml", site).file("content/data/subprocessors.yaml", list);
        let run = project.run(["release", "-m", "First."].iter().chain(date));
        assert_eq!(run.code, Some(if holds { 0 } else { 1 }), "{date:?}: {}", run.stderr);
        assert_eq!(run.stderr.contains("error[notice-too-short]"), !holds, "{date:?}: {}", run.stderr);
        assert_eq!(project.path("content/releases").exists(), holds, "{date:?}");
    }
}

#[test]
fn rejects_existing_version() {
    let project = edit(released(2), "content/data/subprocessors.yaml", "IP address", "IP addresses");
    assert_data_eq!(
        refused(&project, &["-m", "Again", "--version", "2026-05-02"]),
        str![[r#"
exit 1
error[release-exists]: release 2026-05-02 already exists
 |
 = help: leave out --version to use the next free version
 = help: to replace the newest release before it is published, use `--replace`

warning[notice-dates-missing]: `data_categories` of `ipapi` changes without notice: the change has no dates
 --> content/data/subprocessors.yaml:8:20
  |
8 |   data_categories: [IP addresses]
  |                    ^
  |
  = help: restore `data_categories`, and state the new value under `upcoming:` with the dates `announced` and `effective`

1 error, 1 warning in 1 file

"#]]
    );
}

#[test]
fn rejects_release_dated_before_the_newest() {
    let project = edit(released(2), "content/data/subprocessors.yaml", "IP address", "IP addresses");
    assert_data_eq!(
        refused(&project, &["-m", "Late", "--date", "2026-05-01"]),
        str![[r#"
exit 1
error[release-before-newest]: 2026-05-01 is before 2026-05-02, the newest release
 |
 = help: make releases in the order of their dates; to import earlier releases, start with the oldest in a project without later releases

warning[notice-dates-missing]: `data_categories` of `ipapi` changes without notice: the change has no dates
 --> content/data/subprocessors.yaml:8:20
  |
8 |   data_categories: [IP addresses]
  |                    ^
  |
  = help: restore `data_categories`, and state the new value under `upcoming:` with the dates `announced` and `effective`

1 error, 1 warning in 1 file

"#]]
    );
}

#[test]
fn rejects_release_with_a_future_date() {
    assert_data_eq!(
        refused(&company(), &["-m", "Early", "--date", "2026-05-23"]),
        str![[r#"
exit 1
error[release-future]: 2026-05-23 is after the as-of date 2026-05-22
 |
 = help: make the release on the date itself; to announce a later change, set `effective` in its entry

1 error

"#]]
    );
}

#[test]
fn version_must_match_its_date() {
    assert_data_eq!(
        refused(&company(), &["-m", "Odd", "--date", "2026-05-20", "--version", "2026-05-21"]),
        str![[r#"
exit 1
error[release-version-day]: version 2026-05-21 does not match the date 2026-05-20
 |
 = help: leave out --version or --date: a version starts with the date of the release

1 error

"#]]
    );
}

#[test]
fn replace_requires_a_release() {
    assert_data_eq!(
        refused(&company(), &["--replace", "-m", "First"]),
        str![[r#"
exit 1
error[release-none]: there is no release to replace
 |
 = help: make the first release with `candor release -m "First release"`

1 error

"#]]
    );
}

#[test]
fn release_requires_a_valid_history() {
    let project = edit(released(2), "content/releases/2026-05-01.json", "form 1", "form 9");
    let project = edit(project, "content/data/subprocessors.yaml", "IP address", "IP addresses");
    assert!(refused(&project, &["-m", "Third"]).contains("error[release-edited]"));
}

#[test]
fn diff_before_the_first_release_shows_everything_as_new() {
    let project = company().file("static/js/own.js", "f()");
    let run = project.run(["diff"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    for shown in ["nothing → draft: ", "Stripe", "static/js/own.js"] {
        assert!(run.stdout.contains(shown), "{shown}: {}", run.stdout);
    }
    assert!(!run.stdout.contains("notice"), "{}", run.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&project.run(["diff", "--format", "json"]).stdout).expect("JSON");
    assert_eq!((&json["old"], &json["notice"]), (&serde_json::json!({"name": "nothing"}), &serde_json::json!(false)));
    let changes = json["changes"].as_array().expect("a list");
    assert!(changes.iter().any(|change| change["kind"] == "added" && change["subject"] == "subprocessors"));
    assert!(changes.iter().any(|change| change["kind"] == "changed" && change["subject"] == "organization"));
    assert!(changes.iter().all(|change| change["kind"] != "removed" && change["notice"] == false), "{json}");
    assert_eq!(project.run(["diff", "--exit-code"]).code, Some(1));
    assert_eq!(project.run(["diff", "2026-05-09"]).code, Some(2));
}

#[test]
fn diff_reports_an_unknown_version() {
    assert_data_eq!(
        output_of(&released(2).run(["diff", "2026-05-09"])),
        str![[r#"
exit 2
error: there is no release 2026-05-09
  help: use an existing release; the newest is 2026-05-02

"#]]
    );
}
