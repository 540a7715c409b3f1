//! Verifying what readers see: a built site, a published site, and that the published releases are the first ones of
//! the project.

use std::fs;
use std::process::Command;

use candor::history::index::Index;
use candor::history::store;
use snapbox::{assert_data_eq, str};

use super::{edit, output_of, released};
use crate::support::{FileServer, Project};

/// Writes the `releases/` folder of a site as a build does.
pub fn publish(project: Project) -> Project {
    let (history, report) =
        store::read(&candor::project::Project::at(project.root()), "2026-05-22".parse().expect("a date"));
    assert!(!report.has_errors(), "{report:?}");
    let index = serde_json::to_vec_pretty(&Index::of(&history, None)).expect("JSON");
    let names: Vec<String> =
        history.releases().iter().map(|release| release.file_name()).chain(["SHA256SUMS".to_owned()]).collect();
    names.into_iter().fold(project.file("dist/releases/index.json", index), |project, name| {
        let bytes = fs::read(project.path(&format!("content/releases/{name}"))).expect("a file");
        project.file(&format!("dist/releases/{name}"), bytes)
    })
}

#[test]
fn built_site_verifies() {
    let project = publish(released(3));
    let run = project.run(["verify", "dist"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.starts_with("hash chain verified: 3 releases, newest 2026-05-03\n"), "{run:?}");
    let project = edit(project, "dist/releases/2026-05-03.json", "form 3", "form 4");
    let run = project.run(["verify", "dist"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("error[release-edited]: release 2026-05-03"), "{run:?}");
}

#[test]
fn altered_summary_in_the_release_list_is_detected() {
    let project = edit(publish(released(2)), "dist/releases/index.json", "Form 1", "Form 8");
    assert_data_eq!(
        output_of(&project.run(["verify", "dist"])),
        str![[r#"
exit 1
error[site-index]: `dist/releases/index.json` has a wrong summary for release 2026-05-01
--> dist/releases/index.json
 = help: rebuild and publish the site again; an interrupted `candor publish` can also cause this

1 error in 1 file

"#]]
    );
}

#[test]
fn published_site_verifies_over_http() {
    let project = publish(released(3));
    let server = FileServer::of(project.path("dist"));
    let run = project.run(["verify", &server.url("")]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = project.run(["diff", &server.url("releases/2026-05-01.json"), &server.url("releases/2026-05-03.json")]);
    assert_data_eq!(
        output_of(&run),
        str![[r#"
exit 0
2026-05-01 → 2026-05-03: 1 change, 1 requires customer notice

Subprocessors
  ~ Stripe: purpose Payment processing, form [−1−]{+3+}  [customer notice]

"#]]
    );
    fs::remove_file(project.path("dist/releases/2026-05-02.json")).expect("a file");
    let run = project.run(["verify", &server.url("")]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let output = output_of(&run).replace(&server.url(""), "http://localhost/");
    assert!(
        output.contains("error[release-unreadable]: http://localhost/releases/2026-05-02.json returned status 404"),
        "{output}"
    );
}

#[test]
fn published_releases_are_a_prefix_of_the_history() {
    let project = publish(released(2));
    let project = edit(project, "content/data/subprocessors.yaml", "IP address", "IP addresses");
    project.run(["release", "-m", "Third"]);
    assert_data_eq!(
        output_of(&project.run(["verify", "--against", "dist"]))
            .lines()
            .filter(|line| !line.starts_with("SHA"))
            .collect::<Vec<_>>()
            .join("\n"),
        str![[r#"
exit 0
note[history-unpublished]: release 2026-05-22 is not published at `dist`
 |
 = help: if they were published before, the site was rolled back; use `--all-published` to make this an error

1 note
hash chain verified: 3 releases, newest 2026-05-22
OK: every release published at dist is present and unchanged
"#]]
    );
    let server = FileServer::of(project.path("dist"));
    let run = project.run(["verify", "--against", &server.url("")]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn rewritten_history_is_detected_despite_valid_links() {
    let old = publish(released(3));
    let new = edit(released(1), "content/data/subprocessors.yaml", "IP address", "IP addresses");
    for day in ["2026-05-02", "2026-05-03"] {
        let project = new.path("content/data/faq.yaml");
        fs::write(project, format!("- {{id: a, question: Q, answer: {day}}}\n")).expect("a file");
        new.run(["release", "-m", "Another past", "--date", day]);
    }
    assert_eq!(new.run(["verify"]).code, Some(0));
    let run = new.run(["verify".as_ref(), "--against".as_ref(), old.path("dist").as_os_str()]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("error[history-rewritten]: release 2026-05-02 was rewritten"), "{run:?}");
}

#[test]
fn release_that_is_only_published_is_reported() {
    let old = publish(released(3));
    let new = released(2);
    let run = new.run(["verify".as_ref(), "--against".as_ref(), old.path("dist").as_os_str()]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("error[history-rewritten]: release 2026-05-03 is missing locally"), "{run:?}");
}

#[test]
fn verify_rejects_an_unknown_place() {
    let run = released(1).run(["verify", "nowhere"]);
    assert_data_eq!(
        output_of(&run),
        str![[r#"
exit 2
error: `nowhere` is neither a folder nor a web address
  help: use a project, a built site, a folder of release records, or the address of a published site

"#]]
    );
}

/// Runs the recipe in docs/releases.md that verifies a site with standard tools.
#[test]
fn documented_verification_recipe_works() {
    let docs = include_str!("../../../docs/releases.md");
    let recipe = docs.split("```sh\n# by hand").nth(1).and_then(|rest| rest.split("```").next()).expect("the recipe");
    let project = publish(released(3));
    let server = FileServer::of(project.path("dist"));
    let recipe = recipe.replace("https://trust.example.com/", &server.url(""));
    let check = || {
        let folder = tempfile::tempdir().expect("a folder");
        let script = format!("set -e\n#{recipe}");
        let run = Command::new("sh")
            .args(["-c", &script])
            .current_dir(folder.path())
            .env("LC_ALL", "C")
            .output()
            .expect("a shell");
        (
            run.status.success(),
            String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr),
        )
    };
    let (succeeded, output) = check();
    assert!(succeeded, "{output}");
    assert!(output.contains("2026-05-01.json: OK") && output.contains("2026-05-03.json: OK"), "{output}");
    let project = edit(project, "dist/releases/2026-05-02.json", "form 2", "form 5");
    let (succeeded, output) = check();
    assert!(!succeeded && output.contains("2026-05-02.json: FAILED"), "{output}");
    drop(project);
}

#[test]
fn diff_with_a_site_uses_its_newest_release() {
    let project = publish(released(2));
    let server = FileServer::of(project.path("dist"));
    for site in ["dist".to_owned(), server.url("")] {
        let run = project.run(["diff", &site, "2026-05-01"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.stdout.starts_with("2026-05-02 → 2026-05-01: 1 change"), "{run:?}");
    }
    let none = project.run(["diff", "content/sections"]);
    assert_ne!(none.code, Some(0), "{none:?}");
}

/// Replaces the list of a built site, and returns the exit code of `verify` and its messages.
fn verify_with_list(change: impl FnOnce(&mut serde_json::Value)) -> (Option<i32>, String) {
    let project = publish(released(3));
    let mut list: serde_json::Value = serde_json::from_str(&project.read("dist/releases/index.json")).expect("a list");
    change(&mut list);
    let project = project.file("dist/releases/index.json", list.to_string());
    let run = project.run(["verify", "dist"]);
    (run.code, run.stderr)
}

#[test]
fn wrong_schema_of_the_release_list_is_an_error() {
    for right in ["../schema/releases.json", "https://trust.example.com/a/schema/releases.json"] {
        let (code, stderr) = verify_with_list(|list| list["$schema"] = right.into());
        assert_eq!(code, Some(0), "{right}: {stderr}");
    }
    for wrong in [
        "../schema/release.json",
        "schema/releases.json",
        "//evil.example/schema/releases.json",
        "file:///schema/releases.json",
        "https://evil.example/x.json?/schema/releases.json",
        "",
    ] {
        let (code, stderr) = verify_with_list(|list| list["$schema"] = wrong.into());
        assert_eq!(code, Some(1), "{wrong}: {stderr}");
        assert!(stderr.contains("error[site-index]") && stderr.contains("`$schema`"), "{wrong}: {stderr}");
    }
}

#[test]
fn wrong_corrections_in_the_release_list_are_an_error() {
    let (code, stderr) =
        verify_with_list(|list| list["releases"][2]["corrected_by"] = serde_json::json!(["2026-05-03"]));
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("has wrong corrections of release 2026-05-01"), "{stderr}");
    let (code, stderr) = verify_with_list(|list| list["releases"][0]["corrects"] = "2026-05-01".into());
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("has a wrong correction for release 2026-05-03"), "{stderr}");
}

#[test]
fn unknown_keys_of_the_release_list_are_noted() {
    let (code, stderr) = verify_with_list(|list| {
        list["trusted"] = true.into();
        list["releases"][1]["note"] = "x".into();
        list["releases"][2]["note"] = "y".into();
    });
    assert_eq!(code, Some(0), "{stderr}");
    let message = "has keys that this version of candor does not verify: `releases[].note`, `trusted`\n";
    assert!(stderr.contains("note[site-index-keys]") && stderr.contains(message), "{stderr}");
    let (_, stderr) = verify_with_list(|_| {});
    assert!(!stderr.contains("site-index-keys"), "{stderr}");
}
