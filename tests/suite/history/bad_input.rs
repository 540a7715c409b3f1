//! Damaged and invalid release files: each is reported with its file and the reason.

use snapbox::{assert_data_eq, str};

use super::{edit, output_of, released};
use crate::support::Project;

const SECOND: &str = "content/releases/2026-05-02.json";

fn verdict(project: &Project) -> String {
    let run = project.run(["verify"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.stdout, "");
    output_of(&run)
}

/// Digests change with every byte of a record, which these tests do not cover.
fn without_digests(text: &str) -> String {
    let mut words = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_hexdigit()) {
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_hexdigit());
        if digits.len() == 64 {
            words.push_str("DIGEST");
            words.push_str(&part[64..]);
        } else {
            words.push_str(part);
        }
    }
    words
}

#[test]
fn reports_truncated_file() {
    let project = released(2);
    let text = project.read(SECOND);
    let project = project.file(SECOND, &text[..text.len() / 2]);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-truncated]: `content/releases/2026-05-02.json` is truncated
  --> content/releases/2026-05-02.json:17:11
   |
17 |     "subpro
   |           ^
   |
   = help: restore the file as it was published, for example with `git checkout`; releases are never edited

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_edited_file() {
    let project = edit(released(3), SECOND, "form 2", "form 7");
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-edited]: release 2026-05-02 was modified after it was made: its SHA-256 is DIGEST, but it was DIGEST when the release was made
 --> content/releases/2026-05-02.json
  |
 ::: content/releases/2026-05-03.json:9:15
  |
9 |     "sha256": "DIGEST"
  |               ------------------------------------------------------------------ the next release links to this digest
  |
  = help: restore the file as it was published, for example with `git checkout`; releases are never edited
  = help: to correct the release, edit the content and make a new release

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_edited_newest_file() {
    let project = edit(released(2), SECOND, "form 2", "form 7");
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-edited]: release 2026-05-02 was modified after it was made: its SHA-256 is DIGEST, but it was DIGEST when the release was made
--> content/releases/2026-05-02.json
::: content/releases/SHA256SUMS
 = help: restore the file as it was published, for example with `git checkout`; releases are never edited
 = help: to correct the release, edit the content and make a new release

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_reformatted_file() {
    let project = edit(released(2), SECOND, "\"schema\": 2", "\"schema\":2");
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-not-canonical]: `content/releases/2026-05-02.json` is not in the canonical format of a release
 --> content/releases/2026-05-02.json:2:12
  |
2 |   "schema":2,
  |            ^ first difference
  |
  = help: the file was edited, reformatted or written by hand
  = help: restore the file as it was published, for example with `git checkout`; releases are never edited

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_reordered_items() {
    let project = released(2);
    let text = project.read(SECOND);
    let (from, to) = (
        text.find("      {\n        \"id\": \"stripe\"").expect("stripe"),
        text.find("    ]\n  }\n}").expect("the end"),
    );
    let (stripe, ipapi) = text[from..to].split_once(",\n      {\n        \"id\": \"ipapi\"").expect("ipapi");
    let turned =
        format!("{}      {{\n        \"id\": \"ipapi\"{},\n{stripe}\n{}", &text[..from], ipapi.trim_end(), &text[to..]);
    let project = project.file(SECOND, turned);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-edited]: release 2026-05-02 was modified after it was made: its SHA-256 is DIGEST, but it was DIGEST when the release was made
--> content/releases/2026-05-02.json
::: content/releases/SHA256SUMS
 = help: restore the file as it was published, for example with `git checkout`; releases are never edited
 = help: to correct the release, edit the content and make a new release

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_swapped_files() {
    let project = released(3);
    let (second, third) = (project.read(SECOND), project.read("content/releases/2026-05-03.json"));
    let project = project.file(SECOND, third).file("content/releases/2026-05-03.json", second);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-renamed]: `content/releases/2026-05-02.json` contains release 2026-05-03
 --> content/releases/2026-05-02.json:4:14
  |
4 |   "version": "2026-05-03",
  |              ^^^^^^^^^^^^ the version that the record has
  |
  = help: rename the file to `2026-05-03.json`

error[release-renamed]: `content/releases/2026-05-03.json` contains release 2026-05-02
 --> content/releases/2026-05-03.json:4:14
  |
4 |   "version": "2026-05-02",
  |              ^^^^^^^^^^^^ the version that the record has
  |
  = help: rename the file to `2026-05-02.json`

2 errors in 2 files

"#]]
    );
}

#[test]
fn reports_version_in_two_files() {
    let project = released(2);
    let copy = project.read(SECOND);
    let project = project.file("content/releases/2026-05-03.json", copy);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-duplicate]: `content/releases/2026-05-03.json` contains release 2026-05-02, which is also in `content/releases/2026-05-02.json`
 --> content/releases/2026-05-03.json:4:14
  |
4 |   "version": "2026-05-02",
  |              ^^^^^^^^^^^^ the version that the record has
  |
  = help: remove the file that was added by mistake

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_file_with_another_version() {
    let project = released(2);
    let text = project.read(SECOND);
    let project = project.without(SECOND).file("content/releases/2026-05-03.json", text);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-renamed]: `content/releases/2026-05-03.json` contains release 2026-05-02
 --> content/releases/2026-05-03.json:4:14
  |
4 |   "version": "2026-05-02",
  |              ^^^^^^^^^^^^ the version that the record has
  |
  = help: rename the file to `2026-05-02.json`

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_release_dated_in_the_future() {
    let project = released(2);
    let run = project.run(["verify", "--as-of", "2026-05-01"]);
    assert_data_eq!(
        without_digests(&output_of(&run)),
        str![[r#"
exit 1
error[release-future]: release 2026-05-02 is dated 2026-05-02, which is after the as-of date 2026-05-01
 --> content/releases/2026-05-02.json:5:16
  |
5 |   "published": "2026-05-02",
  |                ^^^^^^^^^^^^
  |
  = help: check the system clock, SOURCE_DATE_EPOCH and --as-of

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_newer_schema() {
    let project = edit(released(2), SECOND, "\"schema\": 2,", "\"schema\": 3,");
    // Its digest is checked as usual.
    assert!(verdict(&project).contains("error[release-edited]: release 2026-05-02 was modified after it was made"));
    let run = project.run(["build"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let (_, found) = run.stderr.split_once("error[release-schema]").expect("the error");
    assert_data_eq!(
        found.split("\n\n").next().unwrap_or_default(),
        str![[r#"
: `content/releases/2026-05-02.json` was made by a newer version of candor and has schema 3
 --> content/releases/2026-05-02.json:2:13
  |
2 |   "schema": 3,
  |             ^ this version reads schemas up to 2
  |
  = help: install candor 0.1.0, which made the release, or a later version
"#]]
    );
}

#[test]
fn rejects_invalid_schema_version() {
    let project = edit(released(2), SECOND, "\"schema\": 2,", "\"schema\": 0,");
    assert!(verdict(&project).contains("error[release-schema]: `content/releases/2026-05-02.json` has schema 0"));
}

#[test]
fn rejects_uppercase_digest() {
    let project = released(2);
    let text = project.read(SECOND);
    let at = text.find("\"sha256\": \"").expect("a digest") + 11;
    let digest = text[at..at + 64].to_owned();
    let project = edit(project, SECOND, &digest, &digest.to_uppercase());
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-digest]: invalid `sha256` in the record: `DIGEST` is not a SHA-256 digest
 --> content/releases/2026-05-02.json:9:15
  |
9 |     "sha256": "DIGEST"
  |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: use 64 lowercase hexadecimal digits, as sha256sum prints them
  = help: restore the file as it was published, for example with `git checkout`; releases are never edited

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_missing_file() {
    let project = released(3).without(SECOND);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-missing]: release 2026-05-03 links to 2026-05-02 as the previous release, which is missing
 --> content/releases/2026-05-03.json:8:16
  |
8 |     "version": "2026-05-02",
  |                ^^^^^^^^^^^^ the release before it
  |
  = help: restore `2026-05-02.json`, for example with `git checkout`; its SHA-256 is DIGEST

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_missing_newest_file() {
    let project = released(2).without(SECOND);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-missing]: the file of release 2026-05-02 is missing
--> content/releases/SHA256SUMS
 = help: restore `2026-05-02.json`, for example with `git checkout`; its SHA-256 is DIGEST

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_unknown_files_in_the_releases_folder() {
    let project = released(1);
    let text = project.read("content/releases/2026-05-01.json");
    let project = project.file("content/releases/copy.json", text).file("content/releases/notes.txt", "x");
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-name]: `copy.json` is not the file name of a release
--> content/releases/copy.json
 = help: move the file elsewhere; this folder contains only the VERSION.json files that `candor release` writes

error[release-name]: `notes.txt` is not the file name of a release
--> content/releases/notes.txt
 = help: move the file elsewhere; this folder contains only the VERSION.json files that `candor release` writes

2 errors in 2 files

"#]]
    );
}

#[test]
fn rejects_oversized_record() {
    let project = released(2).file(SECOND, vec![b' '; 50 * 1024 * 1024]);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-too-large]: `content/releases/2026-05-02.json` has 50 MiB; the limit is 32 MiB
--> content/releases/2026-05-02.json
 = help: restore the release as it was published; candor did not write this file

1 error in 1 file

"#]]
    );
}

#[test]
fn rejects_invalid_utf8() {
    let project = released(2).file(SECOND, [0xff, 0xfe, 0]);
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-malformed]: `content/releases/2026-05-02.json` is not valid UTF-8: invalid byte at offset 0
--> content/releases/2026-05-02.json
 = help: restore the file as it was published, for example with `git checkout`; releases are never edited

1 error in 1 file

"#]]
    );
}

#[test]
fn rejects_json_that_is_not_a_record() {
    for text in ["", "null", "[]", "{}", "\"x\"", "{\"schema\": 1}", "{\"schema\": -1}", "{\"schema\": 99999999999}"] {
        let project = released(1).file("content/releases/2026-05-01.json", text);
        let output = verdict(&project);
        assert!(output.contains("content/releases/2026-05-01.json"), "{text:?}: {output}");
    }
    // Deep nesting must not overflow the stack.
    let deep = format!("{{\"schema\": 1, \"x\": {}", "[".repeat(1_000_000));
    assert!(verdict(&released(1).file("content/releases/2026-05-01.json", deep)).contains("error[release-"));
}

#[test]
fn rejects_duplicate_ids_in_a_record() {
    let project = edit(released(1), "content/releases/2026-05-01.json", "\"id\": \"ipapi\"", "\"id\": \"stripe\"");
    assert!(verdict(&project).contains("two items of `subprocessors` have the id `stripe`"));
}

#[cfg(unix)]
#[test]
fn rejects_symlink_in_place_of_a_record() {
    let project = released(2).without(SECOND).link(SECOND, "/dev/zero");
    assert_data_eq!(
        without_digests(&verdict(&project)),
        str![[r#"
exit 1
error[release-unreadable]: `content/releases/2026-05-02.json` is a symbolic link
--> content/releases/2026-05-02.json
 = help: restore the release as it was published; a release is a regular file

1 error in 1 file

"#]]
    );
}

#[test]
fn reports_missing_list_of_digests() {
    let project = released(2).without("content/releases/SHA256SUMS");
    let run = project.run(["verify"]);
    assert_data_eq!(
        without_digests(&output_of(&run)),
        str![[r#"
exit 1
error[release-sums-missing]: `content/releases/SHA256SUMS` is missing, so the newest release, 2026-05-02, cannot be verified
--> content/releases/SHA256SUMS
 = help: restore it with `git checkout`, or let the next `candor release` create it

1 error in 1 file

"#]]
    );
}
