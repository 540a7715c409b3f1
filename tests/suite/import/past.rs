//! `candor import --git-history`: an organization imports its history.

use std::fs;
use std::process::Command;

use crate::support::Project;

const HEAD: &str = "| Provider | Purpose | Data categories |\n|---|---|---|\n";

/// A project in its own repository.
struct Repository {
    project: Project,
}

impl Repository {
    fn new() -> Repository {
        let repository = Repository { project: Project::new() };
        repository.git(&["init", "--quiet", "--initial-branch=main"], "2020-01-01");
        repository
    }

    fn git(&self, arguments: &[&str], date: &str) {
        let time = format!("{date}T12:00:00Z");
        let output = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.project.root())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", &time)
            .env("GIT_COMMITTER_DATE", &time)
            .output()
            .expect("git is installed");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, path: &str, text: &str, date: &str, subject: &str) {
        let file = self.project.path(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
        self.git(&["add", "--all"], date);
        self.git(&["commit", "--quiet", "--allow-empty-message", "-m", subject], date);
    }
}

fn rows(rows: &[&str]) -> String {
    let rows: Vec<String> =
        rows.iter().map(|name| format!("| {name} | Purpose of {name} | Account data |\n")).collect();
    format!("{HEAD}{}", rows.concat())
}

fn record(project: &Project, version: &str) -> serde_json::Value {
    serde_json::from_str(&project.read(&format!("content/releases/{version}.json"))).expect("a record")
}

fn names(record: &serde_json::Value) -> Vec<String> {
    let items = record["disclosure"]["subprocessors"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn each_real_change_in_git_history_becomes_a_release() {
    let repository = Repository::new();
    repository.commit("docs/vendors.md", "- Azure\n", "2023-12-01", "A plain list");
    repository.commit("docs/vendors.md", &rows(&["Azure", "Stripe"]), "2024-01-10", "Publish our <subprocessors>");
    let spaced = rows(&["Azure", "Stripe"]).replace("| Azure |", "|   **Azure**   |");
    repository.commit("docs/vendors.md", &spaced, "2024-02-01", "Align the table");
    repository.git(&["mv", "docs/vendors.md", "sub | processors.md"], "2024-03-01");
    repository.git(&["commit", "--quiet", "-m", "Move the list"], "2024-03-01");
    let path = "sub | processors.md";
    repository.commit(path, &rows(&["Azure", "Stripe", "SendGrid"]), "2024-04-02", "Add SendGrid");
    repository.commit(path, &rows(&["SendGrid", "Azure"]), "2024-04-02", "Remove Stripe");
    repository.commit(path, &rows(&["SendGrid", "Azure", "Brevo"]), "2024-03-30", "");
    repository.commit(path, &rows(&["Brevo", "SendGrid", "Azure"]), "2024-06-01", "Order does not matter");
    let project = &repository.project;

    let shown = project.run(["import", path, "--git-history"]);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(shown.stdout.contains("4 releases:") && !project.path("content/releases").exists(), "{}", shown.stdout);

    let run = project.run(["import", path, "--git-history", "--write"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let first = record(project, "2024-01-10");
    assert_eq!((names(&first), &first["previous"]), (vec!["Azure".into(), "Stripe".into()], &serde_json::Value::Null));
    assert_eq!(first["summary"], "Publish our \\<subprocessors>");
    assert_eq!(names(&record(project, "2024-04-02")), ["Azure", "Stripe", "SendGrid"]);
    assert_eq!(names(&record(project, "2024-04-02.2")), ["SendGrid", "Azure"]);
    let last = record(project, "2024-04-02.3");
    assert_eq!(names(&last), ["SendGrid", "Azure", "Brevo"]);
    assert!(last["summary"].as_str().is_some_and(|text| text.starts_with("Imported from commit ")), "{last}");
    assert_eq!(last["published"], "2024-04-02");
    for expected in [
        "A plain list): `",
        "Align the table): it changes only the formatting",
        "Move the list): it changes only the formatting",
        "Order does not matter): it changes",
        "is dated 2024-03-30, before its predecessor; its release is dated 2024-04-02",
    ] {
        assert!(run.stderr.contains(expected), "{expected}\n{}", run.stderr);
    }
    let verify = project.run(["verify"]);
    assert_eq!(verify.code, Some(0), "{verify:?}");
    let release = project.run(["release", "-m", "More"]);
    assert!(
        release.stderr.contains("release-nothing-changed"),
        "the content states what the newest release does: {release:?}"
    );
}

#[test]
fn imported_releases_contain_only_committed_values() {
    let repository = Repository::new();
    repository.commit("v.md", &rows(&["Azure"]), "2024-01-10", "Start");
    let site = "title: Trust\norganization:\n  name: Example\ncontacts:\n  privacy: privacy@example.com\n";
    let section = "---\ntitle: Subprocessors\nshow: subprocessors\n---\n\nText of today.\n";
    fs::write(repository.project.path("content/site.yaml"), site).expect("a file");
    let project = repository
        .project
        .file("content/sections/a.md", section)
        .file("content/sections/b.md", "---\ntitle: B\n---\n\nB.\n");
    let run = project.run(["import", "v.md", "--git-history", "--write"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = project.read("content/releases/2024-01-10.json");
    assert!(!text.contains("today") && !text.contains("privacy@") && !text.contains("\"B\""), "{text}");
    assert!(text.contains("\"show\": \"subprocessors\""), "{text}");
    assert_eq!(project.run(["release", "-m", "The rest of the page"]).code, Some(0));
    assert_eq!(project.run(["build", "--no-compress"]).code, Some(0));
}

#[test]
fn history_import_is_refused_if_releases_exist() {
    let repository = Repository::new();
    repository.commit("v.md", &rows(&["Azure"]), "2024-01-10", "Start");
    let project = &repository.project;
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let run = project.run(["import", "v.md", "--git-history", "--write"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("import-history-exists"), "{}", run.stderr);
    assert!(!project.path("content/data").exists());
}

#[test]
fn merged_branch_counts_once_and_shallow_clone_is_refused() {
    let repository = Repository::new();
    repository.commit("v.md", &rows(&["Azure"]), "2024-01-10", "Start");
    repository.git(&["checkout", "--quiet", "-b", "branch"], "2024-01-11");
    repository.commit("v.md", &rows(&["Azure", "Stripe"]), "2024-01-12", "Try Stripe");
    repository.commit("v.md", &rows(&["Azure", "Adyen"]), "2024-01-13", "Adyen instead");
    repository.git(&["checkout", "--quiet", "main"], "2024-01-14");
    repository.git(&["merge", "--quiet", "--no-ff", "-m", "Merge: Adyen", "branch"], "2024-01-15");
    let run = repository.project.run(["import", "v.md", "--git-history", "--format", "json"]);
    let output: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let releases = output["releases"].as_array().expect("a list");
    let read: Vec<_> = releases.iter().map(|release| (&release["version"], &release["summary"])).collect();
    assert_eq!(read, [(&"2024-01-10".into(), &"Start".into()), (&"2024-01-15".into(), &"Merge: Adyen".into())]);

    let clone = Project::new();
    let from = format!("file://{}", repository.project.root().display());
    let status =
        Command::new("git").args(["clone", "--quiet", "--depth", "1", &from, "c"]).current_dir(clone.root()).status();
    assert!(status.is_ok_and(|status| status.success()));
    let run = clone.run(["import", "c/v.md", "--git-history"]);
    assert!(run.code == Some(1) && run.stderr.contains("shallow clone"), "{run:?}");
    let outside = Project::new().file("v.md", rows(&["Azure"]));
    let run = outside.run(["import", "v.md", "--git-history"]);
    assert!(run.code == Some(1) && run.stderr.contains("import-no-git-history"), "{run:?}");
}
