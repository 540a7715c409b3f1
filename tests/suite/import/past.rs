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
    assert!(last["summary"] == "Added Brevo.", "{last}");
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

/// The releases that an import with these options creates, each as `VERSION: NAMES`.
fn releases(repository: &Repository, arguments: &[&str]) -> (Vec<String>, String) {
    let run = repository.project.run([&["import"], arguments, &["--git-history", "--write", "--replace"]].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    let folder = repository.project.path("content/releases");
    let mut versions: Vec<String> = fs::read_dir(&folder)
        .expect("releases")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    versions.sort();
    let release = |version: &String| format!("{version}: {}", names(&record(&repository.project, version)).join(", "));
    let releases = versions.iter().map(release).collect();
    fs::remove_dir_all(folder).expect("no releases");
    (releases, run.stderr)
}

/// The ids of the subprocessors of the newest release of an import.
fn changes(repository: &Repository, arguments: &[&str], from: &str, to: &str) -> String {
    let run = repository.project.run([&["import"], arguments, &["--git-history", "--write", "--replace"]].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    let diff = repository.project.run(["diff", from, to]);
    fs::remove_dir_all(repository.project.path("content/releases")).expect("no releases");
    diff.stdout
}

#[test]
fn files_that_exist_at_the_same_time_are_one_list() {
    let repository = Repository::new();
    repository.commit("a.md", &rows(&["Alfa", "Beta"]), "2025-01-01", "List");
    fs::write(repository.project.path("b.md"), format!("# Affiliates\n\n{}", rows(&["Beta"]))).expect("a file");
    repository.commit("a.md", &rows(&["Alfa"]), "2025-01-02", "Split the list");
    repository.commit("a.md", &rows(&["Alfa", "Gamma"]), "2025-01-03", "Add Gamma");
    let (found, _) = releases(&repository, &["a.md", "b.md"]);
    assert_eq!(found[0], "2025-01-01: Alfa, Beta");
    assert_eq!(found.last().map(String::as_str), Some("2025-01-03: Alfa, Gamma, Beta"));
    assert!(found.iter().all(|release| release.contains("Beta")), "{found:?}");
    let list = repository.project.read("content/data/subprocessors.yaml");
    assert!(["Alfa", "Beta", "Gamma"].iter().all(|name| list.contains(&format!("name: {name}"))), "{list}");
    // A copy continues the list: what the older file states later is not a part of it.
    repository.commit("c.md", &rows(&["Alfa", "Gamma", "Delta"]), "2025-01-04", "Copy the list");
    repository.commit("c.md", &rows(&["Delta"]), "2025-01-05", "Only Delta is left");
    let (found, _) = releases(&repository, &["a.md", "c.md"]);
    assert_eq!(found.last().map(String::as_str), Some("2025-01-05: Delta"), "{found:?}");
}

#[test]
fn renamed_columns_keep_their_fields() {
    let repository = Repository::new();
    let old = "Company,Job,Data,Somewhere\nAlfa,Hosting,Logs,Ireland\nBeta,E-mail,Addresses,Germany\n";
    repository.commit("a.csv", old, "2025-01-01", "List");
    let old = "Company,Job,Data,Somewhere\nAlfa,Hosting,Logs,Ireland\n";
    repository.commit("a.csv", old, "2025-03-01", "Remove Beta");
    let new = "Company,Purpose,Data,Location\nAlfa,Hosting,Logs,Ireland\nGamma,Chat,Messages,France\n";
    repository.commit("a.csv", new, "2025-06-01", "New names of columns; add Gamma");
    let expected = ["2025-01-01: Alfa, Beta", "2025-03-01: Alfa", "2025-06-01: Alfa, Gamma"];
    assert_eq!(releases(&repository, &["a.csv"]).0, expected);
    // A column of the past can be assigned, too.
    assert_eq!(releases(&repository, &["a.csv", "--map", "Job=purpose", "--map", "Somewhere=locations"]).0, expected);
    let diff = changes(&repository, &["a.csv"], "2025-03-01", "2025-06-01");
    assert!(diff.contains("Gamma") && !diff.contains("Ireland"), "{diff}");
    let run = repository.project.run(["import", "a.csv", "--git-history", "--map", "Nowhere=purpose"]);
    assert!(run.code == Some(1) && run.stderr.contains("unknown column `Nowhere`"), "{run:?}");
}

#[test]
fn tables_that_are_split_or_joined_change_nothing() {
    let repository = Repository::new();
    let table = |names: &[&str]| rows(names);
    repository.commit("l.md", &table(&["Alfa", "Beta", "Gamma"]), "2025-01-01", "List");
    let split = format!("## Hosting\n\n{}\n## Support\n\n{}", table(&["Alfa", "Beta"]), table(&["Gamma"]));
    repository.commit("l.md", &split, "2025-06-01", "Split");
    repository.commit("l.md", &table(&["Alfa", "Beta", "Gamma"]), "2025-09-01", "Join");
    let diff = changes(&repository, &["l.md"], "2025-01-01", "2025-06-01");
    assert!(!diff.contains("removed") && !diff.contains("added [notice]"), "{diff}");
    let (releases, _) = releases(&repository, &["l.md"]);
    assert!(releases.iter().all(|release| release.ends_with(": Alfa, Beta, Gamma")), "{releases:?}");
}

#[test]
fn a_chosen_table_that_was_split_off_loses_and_gains_nothing() {
    let repository = Repository::new();
    repository.commit("l.md", &rows(&["Alfa", "Beta", "Gamma", "Delta"]), "2025-01-01", "List");
    repository.commit("l.md", &rows(&["Alfa", "Beta", "Gamma"]), "2025-03-01", "Remove Delta");
    let split = format!("## Hosting\n\n{}\n## Support\n\n{}", rows(&["Alfa", "Beta"]), rows(&["Gamma"]));
    repository.commit("l.md", &split, "2025-06-01", "Split");
    let expected = ["2025-01-01: Alfa, Beta, Delta", "2025-03-01: Alfa, Beta"];
    for (table, expected) in [("1", &expected[..]), ("2", &["2025-01-01: Gamma, Delta", "2025-03-01: Gamma"][..])] {
        let (found, _) = releases(&repository, &["l.md", "--table", table]);
        let (last, earlier) = found.split_last().expect("releases");
        // The heading becomes the category when the table is split, which no row gains or loses.
        let names = |release: &str| release.split_once(": ").expect("names").1.to_owned();
        assert!(earlier == expected || found == expected, "{table}: {found:?}");
        assert_eq!(names(last), names(expected.last().expect("a release")), "{table}");
    }
}

#[test]
fn list_in_several_files_is_one_history() {
    let repository = Repository::new();
    repository.commit("privacy.md", &rows(&["Alfa"]), "2024-01-01", "List");
    repository.commit("privacy.md", &rows(&["Alfa", "Beta"]), "2024-06-01", "Add Beta");
    repository.commit("subprocessors.md", &rows(&["Alfa", "Beta", "Gamma"]), "2025-01-01", "A page of its own");
    repository.commit("privacy.md", "The list has moved.\n", "2025-02-01", "Remove the old list");
    assert_eq!(releases(&repository, &["subprocessors.md"]).0, ["2025-01-01: Alfa, Beta, Gamma"]);
    let (found, _) = releases(&repository, &["privacy.md", "subprocessors.md"]);
    assert_eq!(found, ["2024-01-01: Alfa", "2024-06-01: Alfa, Beta", "2025-01-01: Alfa, Beta, Gamma"]);
    let run = repository.project.run(["import", "privacy.md", "subprocessors.md"]);
    assert!(run.code == Some(2) && run.stderr.contains("--git-history"), "{run:?}");
    let run = repository.project.run(["import", "never.md", "subprocessors.md", "--git-history"]);
    assert!(run.code == Some(1) && run.stderr.contains("no commit contains it"), "{run:?}");
}

#[test]
fn copied_page_starts_a_history_of_its_own() {
    let repository = Repository::new();
    let text = "We engage these companies to help us with our service. Write to us with questions about this list.\n\n";
    let page = |names: &[&str]| format!("# Subprocessors\n\n{text}{}", rows(names));
    repository.commit("one.md", &page(&["Omega", "Beta"]), "2024-01-01", "Product One");
    repository.commit("one.md", &page(&["Beta"]), "2024-06-01", "Product One drops Omega");
    repository.commit("two.md", &page(&["Beta", "Alfa"]), "2025-06-01", "Launch Product Two");
    let (found, reported) = releases(&repository, &["two.md"]);
    assert_eq!(found, ["2025-06-01: Beta, Alfa"]);
    assert!(reported.contains("note[import-copied]") && reported.contains("began as a copy of `one.md`"), "{reported}");
    assert_eq!(releases(&repository, &["two.md", "--copies"]).0.len(), 3);
}

#[test]
fn respelled_row_and_rows_of_one_name_keep_their_ids() {
    let repository = Repository::new();
    let list = |rows: &[&str]| format!("Name,Purpose,Data,Website\n{}\n", rows.join("\n"));
    let (sms, mail) = ("Alfa,SMS,Phone numbers,", "Alfa,E-mail,Addresses,");
    repository.commit("l.csv", &list(&[sms, mail, "Beta Workspaces,Office,Names,beta.example"]), "2025-01-01", "List");
    let respelled = "\"Beta Workspace, Inc.\",Office,Names,beta.example";
    repository.commit(
        "l.csv",
        &list(&["Alfa,Hosting,All data,", sms, mail, respelled]),
        "2025-06-01",
        "Alfa hosts, too",
    );
    repository.commit("l.csv", &list(&[sms, mail, respelled]), "2025-09-01", "Alfa does not host any more");
    let (_, reported) = releases(&repository, &["l.csv"]);
    assert!(reported.contains("import-renamed"), "{reported}");
    let diff = changes(&repository, &["l.csv"], "2025-01-01", "2025-06-01");
    assert_eq!(diff.matches("added").count(), 1, "{diff}");
    assert!(!diff.contains("removed") && !diff.contains("SMS"), "{diff}");
    let diff = changes(&repository, &["l.csv"], "2025-06-01", "2025-09-01");
    assert!(diff.matches("removed").count() == 1 && !diff.contains("E-mail"), "{diff}");
    let pair = "Beta Workspaces=Beta Workspace, Inc.";
    let diff = changes(&repository, &["l.csv", "--different", pair], "2025-01-01", "2025-06-01");
    assert!(diff.contains("removed"), "{diff}");
}

#[test]
fn summaries_of_merges_say_what_was_merged() {
    let repository = Repository::new();
    repository.commit("v.md", &rows(&["Alfa"]), "2025-01-01", "Initial commit");
    for (at, (subject, body)) in [
        ("Merge pull request #7 from invented/patch", "Add Beta as a subprocessor"),
        ("Merge branch 'patch' into 'main'", "See merge request invented/trust!7"),
    ]
    .into_iter()
    .enumerate()
    {
        let names = ["Alfa", "Beta", "Gamma"];
        repository.git(&["checkout", "--quiet", "-b", &format!("patch-{at}")], "2025-02-01");
        repository.commit("v.md", &rows(&names[..at + 2]), &format!("2025-02-0{}", at + 2), "wip");
        repository.git(&["checkout", "--quiet", "main"], "2025-02-02");
        let date = format!("2025-03-0{}", at + 1);
        repository.git(&["merge", "--quiet", "--no-ff", "-m", subject, "-m", body, &format!("patch-{at}")], &date);
    }
    let run = repository.project.run(["import", "v.md", "--git-history", "--format", "json"]);
    let output: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let summaries: Vec<&str> =
        output["releases"].as_array().expect("a list").iter().map(|it| it["summary"].as_str().expect("text")).collect();
    assert_eq!(summaries, ["First recorded list, with 1 subprocessor.", "Add Beta as a subprocessor", "Added Gamma."]);
}

#[test]
fn first_drafts_do_not_become_subprocessors() {
    let repository = Repository::new();
    let draft = format!("{HEAD}| [Name of vendor] | TBD | TBD |\n");
    repository.commit("v.md", &draft, "2025-01-01", "Draft");
    let draft = format!("{HEAD}| Alfa | TBD | Logs |\n| TBD | E-mail | Names |\n|  |  |  |\n");
    repository.commit("v.md", &draft, "2025-02-01", "First entries");
    let draft = format!("{HEAD}| Alfa | Hosting | Logs | more |\n\n");
    repository.commit("v.md", &draft, "2025-03-01", "An extra cell");
    let (found, reported) = releases(&repository, &["v.md"]);
    assert_eq!(found, ["2025-01-01: ", "2025-02-01: Alfa", "2025-03-01: Alfa"].map(str::to_owned)[1..]);
    assert!(reported.contains("its name is a placeholder"), "{reported}");
    let run = repository.project.run(["import", "v.md", "--git-history", "--write", "--replace"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(record(&repository.project, "2025-02-01")["disclosure"]["subprocessors"][0]["purpose"], "Not stated");
}

#[test]
fn change_that_no_record_states_is_not_called_formatting() {
    let repository = Repository::new();
    let list = |place: &str| format!("Name,Purpose,Data,Location\nAlfa,Hosting,Logs,\"{place}\"\n");
    repository.commit("l.csv", &list("United States, European Economic Area"), "2025-01-01", "List");
    repository.commit("l.csv", &list("United States"), "2025-06-01", "Alfa leaves the EEA");
    repository.commit("l.csv", &list("United States, Worldwide"), "2025-09-01", "Alfa goes worldwide");
    repository.commit("l.csv", &list("Some cities"), "2025-10-01", "Vague");
    repository.commit("l.csv", &list("Other cities"), "2025-11-01", "Still vague");
    let (found, reported) = releases(&repository, &["l.csv"]);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(reported.contains("Still vague): it changes values that are not imported"), "{reported}");
    assert!(!reported.contains("formatting"), "{reported}");
    let run = repository.project.run(["import", "l.csv", "--git-history", "--write", "--replace"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let locations =
        |version: &str| record(&repository.project, version)["disclosure"]["subprocessors"][0]["locations"].clone();
    assert_eq!(locations("2025-01-01"), serde_json::json!(["US", "EEA"]));
    assert_eq!(locations("2025-09-01"), serde_json::json!(["US", "GLOBAL"]));
}

#[test]
fn history_starts_and_skips_where_the_user_says() {
    let repository = Repository::new();
    for (names, date) in [(&["Alfa"][..], "2025-01-01"), (&["Wrong"], "2025-02-01"), (&["Alfa", "Beta"], "2025-03-01")]
    {
        repository.commit("v.md", &rows(names), date, "Edit the list of vendors");
    }
    let commits = |version: &str| {
        let run = repository.project.run(["import", "v.md", "--git-history", "--format", "json"]);
        let output: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        let releases = output["releases"].as_array().expect("a list").clone();
        let release = releases.iter().find(|it| it["version"] == version).expect("a release");
        release["commit"].as_str().expect("a commit").to_owned()
    };
    let wrong = commits("2025-02-01");
    let (found, _) = releases(&repository, &["v.md", "--skip", &wrong[..8]]);
    assert_eq!(found, ["2025-01-01: Alfa", "2025-03-01: Alfa, Beta"]);
    for from in ["2025-02-15", &commits("2025-03-01")[..10]] {
        assert_eq!(releases(&repository, &["v.md", "--from", from]).0, ["2025-03-01: Alfa, Beta"]);
    }
    let run = repository.project.run(["import", "v.md", "--git-history", "--skip", "abcdef12"]);
    assert!(run.code == Some(1) && run.stderr.contains("import-commit-unknown"), "{run:?}");
}

#[test]
fn plan_is_edited_before_releases_are_made() {
    let repository = Repository::new();
    repository.commit("v.md", &rows(&["Alfa"]), "2025-01-01", "List");
    repository.commit("v.md", &rows(&["Alfa", "Typo"]), "2025-02-01", "Add Typo");
    repository.commit("v.md", &rows(&["Alfa", "Beta"]), "2025-03-01", "Fix #2: `Typo` is Beta");
    let command = ["import", "v.md", "--git-history", "--write", "--replace", "--plan", "plan.yaml"];
    let run = repository.project.run(command);
    assert!(run.code == Some(0) && run.stdout.contains("Wrote plan.yaml"), "{run:?}");
    assert!(!repository.project.path("content/releases").exists() && !repository.project.path("content/data").exists());
    let plan = repository.project.read("plan.yaml");
    let entries: Vec<&str> = plan.split("\n# 20").collect();
    assert_eq!(entries.len(), 4, "{plan}");
    let edited = format!("{}\n# 20{}\n# 20{}", entries[0], entries[1].replace("List", "Our first list"), entries[3]);
    fs::write(repository.project.path("plan.yaml"), edited).expect("a plan");
    let run = repository.project.run(command);
    assert_eq!(run.code, Some(0), "{run:?}");
    let first = record(&repository.project, "2025-01-01");
    assert_eq!(first["summary"], "Our first list");
    assert!(!repository.project.path("content/releases/2025-02-01.json").exists());
    assert_eq!(names(&record(&repository.project, "2025-03-01")), ["Alfa", "Beta"]);
    fs::write(repository.project.path("plan.yaml"), "- commit: 12\n").expect("a plan");
    fs::remove_dir_all(repository.project.path("content/releases")).expect("no releases");
    let run = repository.project.run(command);
    assert!(run.code == Some(1) && run.stderr.contains("import-plan"), "{run:?}");
}

/// Two states of a list, and what the history of them must say.
fn history_of(first: &str, second: &str) -> (Repository, Vec<String>, String) {
    let repository = Repository::new();
    repository.commit("l.md", first, "2025-01-01", "First");
    repository.commit("l.md", second, "2025-02-01", "Second");
    let (found, reported) = releases(&repository, &["l.md"]);
    (repository, found, reported)
}

#[test]
fn retired_subprocessor_is_a_removal() {
    let list = |names: &[&str]| rows(names);
    let current = format!("## Current\n\n{}", list(&["Alfa", "Beta"]));
    for second in [
        format!("## Current\n\n{}\n## Retired\n\n{}", list(&["Beta"]), list(&["Alfa"])),
        format!("## Current\n\n{}", list(&["~~Alfa~~", "Beta"])),
        format!("## Current\n\n{}| **Former subprocessors** | | |\n| Alfa | x | y |\n", list(&["Beta"])),
    ] {
        let (_, found, reported) = history_of(&current, &second);
        assert_eq!(found, ["2025-01-01: Alfa, Beta", "2025-02-01: Beta"], "{second}\n{reported}");
    }
}

#[test]
fn last_subprocessor_may_leave() {
    let former = |names: &[&str]| format!("\n## Former subprocessors\n\n{}", rows(names));
    let first = format!("{}{}", rows(&["Alfa"]), former(&["Beta"]));
    for second in [
        format!("We have no subprocessors.\n{}", former(&["Beta", "Alfa"])),
        "We have no subprocessors.\n".to_owned(),
        HEAD.to_owned(),
    ] {
        let (_, found, reported) = history_of(&first, &second);
        assert_eq!(found, ["2025-01-01: Alfa", "2025-02-01: "], "{second}\n{reported}");
    }
}

#[test]
fn respelled_value_is_not_an_unrecorded_change() {
    let head = "| Name | Purpose | Location |\n|---|---|---|\n";
    let html = "<table><tr><th>Name<th>Purpose<th>Location<tr><td>Alfa<td>Hosting<td>US</table>";
    let first = format!("{head}| Alfa | Hosting | US |\n");
    for second in [format!("{head}| Alfa | Hosting | United States |\n"), format!("# List\n\n{html}\n")] {
        let (_, found, reported) = history_of(&first, &second);
        assert_eq!(found.len(), 1, "{second}");
        assert!(
            !reported.contains("not imported") && !reported.contains("import-commit-unrecorded"),
            "{second}\n{reported}"
        );
    }
    let (_, found, reported) =
        history_of(&first, &format!("{head}| Alfa | Hosting | US[^1] |\n\n[^1]: Not for the EU.\n"));
    assert_eq!(found.len(), 1);
    assert!(reported.contains("import-commit-unrecorded"), "{reported}");
}

#[test]
fn placeholders_of_a_draft_are_not_recorded() {
    let head = "| Name | Purpose |\n|---|---|\n";
    let (_, found, _) =
        history_of(&format!("{head}| Sample Vendor | Lorem ipsum |\n"), &format!("{head}| Alfa | Hosting |\n"));
    assert_eq!(found, ["2025-02-01: Alfa"]);
}

#[test]
fn names_and_dates_that_do_not_exist_are_refused() {
    let repository = Repository::new();
    repository.commit("v.md", &rows(&["Alfa"]), "2025-01-01", "List");
    for (options, code) in [
        (&["--same", "Nope=Alfa"][..], "import-name-unknown"),
        (&["--different", "Alfa=Alpha"], "import-name-unknown"),
        (&["--from", "2031-01-01"], "import-commit-unknown"),
    ] {
        let run = repository.project.run([&["import", "v.md", "--git-history", "--write"][..], options].concat());
        assert!(run.code == Some(1) && run.stderr.contains(code), "{options:?}: {run:?}");
        assert!(!repository.project.path("content/data").exists());
    }
    let run = repository.project.run(["import", "v.md", "--default", "transfer_mechanism=bogus"]);
    assert!(run.code == Some(2) && run.stderr.contains("`bogus` is not a valid `transfer_mechanism`"), "{run:?}");
}
