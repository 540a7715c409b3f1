//! Two branches that each created a release.

use snapbox::{assert_data_eq, str};

use super::{company, edit, output_of};
use crate::support::Project;

/// Returns a project with two branches that start at one release, merged by keeping the content and the digests of
/// both.
pub fn merged(second: &str, third: &str) -> Project {
    let base = company();
    base.run(["release", "-m", "Base", "--date", "2026-05-01"]);
    let record = base.read("content/releases/2026-05-01.json");
    let sums = base.read("content/releases/SHA256SUMS");
    let branch = |date: &str, from: &str, to: &str| {
        let project =
            company().file("content/releases/2026-05-01.json", &record).file("content/releases/SHA256SUMS", &sums);
        let project = edit(project, "content/data/subprocessors.yaml", from, to);
        let run = project.run(["release", "-m", to, "--date", date]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let name = format!("content/releases/{date}.json");
        let line = project.read("content/releases/SHA256SUMS")[sums.len()..].to_owned();
        (name.clone(), project.read(&name), line)
    };
    let (ours_name, ours, ours_line) = branch(second, "IP address", "IP addresses");
    let (theirs_name, theirs, theirs_line) = branch(third, "Payment processing", "Payments");
    let conflict = format!("{sums}<<<<<<< HEAD\n{ours_line}=======\n{theirs_line}>>>>>>> theirs\n");
    let project = edit(base, "content/data/subprocessors.yaml", "IP address", "IP addresses");
    let project = edit(project, "content/data/subprocessors.yaml", "Payment processing", "Payments")
        .file("content/releases/SHA256SUMS", conflict);
    if ours_name == theirs_name {
        project.file(&ours_name, format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> theirs\n"))
    } else {
        project.file(&ours_name, ours).file(&theirs_name, theirs)
    }
}

#[test]
fn merged_releases_of_different_dates_are_explained_and_fixable() {
    let project = merged("2026-05-02", "2026-05-03");
    assert_data_eq!(
        output_of(&project.run(["verify"])),
        str![[r#"
exit 1
error[release-branched]: releases 2026-05-02 and 2026-05-03 were made on two branches: both follow 2026-05-01
 --> content/releases/2026-05-03.json:8:16
  |
8 |     "version": "2026-05-01",
  |                ^^^^^^^^^^^^ expected 2026-05-02
  |
  = help: if 2026-05-03 is not published yet: merge the content of both branches and run `candor release --replace`, which recreates 2026-05-03 after 2026-05-02
  = help: if 2026-05-03 is published and 2026-05-02 is not: remove `2026-05-02.json` and its line in SHA256SUMS, merge the content, and run `candor release -m TEXT`

error[release-conflict]: `content/releases/SHA256SUMS` has merge conflict markers: two branches each made a release
 --> content/releases/SHA256SUMS:2:1
  |
2 | <<<<<<< HEAD
  | ^^^^^^^^^^^^ conflict marker
  |
  = help: if the newest release is not published yet: merge the content of both branches and run `candor release --replace`
  = help: if both have the same date, or the newest is published: keep the releases of the published branch with `git checkout BRANCH -- content/releases`, then run `candor release -m TEXT`

2 errors in 2 files

"#]]
    );
    let run = project.run(["release", "--replace"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = project.run(["verify"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("hash chain verified: 3 releases"), "{run:?}");
}

#[test]
fn merged_releases_of_the_same_date_are_explained() {
    let project = merged("2026-05-02", "2026-05-02");
    assert_data_eq!(
        output_of(&project.run(["verify"])),
        str![[r#"
exit 1
error[release-conflict]: `content/releases/2026-05-02.json` has merge conflict markers: two branches made the same release
 --> content/releases/2026-05-02.json:1:1
  |
1 | <<<<<<< HEAD
  | ^^^^^^^^^^^^ conflict marker
  |
  = help: if one of the two is published, keep the releases of its branch with `git checkout BRANCH -- content/releases`, merge the content, and run `candor release -m TEXT`, which creates the next version
  = help: if neither is published, merge the content and run `candor release --replace -m TEXT`

error[release-conflict]: `content/releases/SHA256SUMS` has merge conflict markers: two branches each made a release
 --> content/releases/SHA256SUMS:2:1
  |
2 | <<<<<<< HEAD
  | ^^^^^^^^^^^^ conflict marker
  |
  = help: if the newest release is not published yet: merge the content of both branches and run `candor release --replace`
  = help: if both have the same date, or the newest is published: keep the releases of the published branch with `git checkout BRANCH -- content/releases`, then run `candor release -m TEXT`

2 errors in 2 files

"#]]
    );
}
