//! What stays true after a redaction: a withheld file does not come back, and feeds keep the ids of their entries.

use std::fs;

use candor::model::Digest;

use super::redaction::{fails, fine, withhold_every_field};
use crate::support::Project;

const SITE: &str = "title: Trust\ncontacts: {privacy: jane@acme.dev}\nbase_url: https://trust.acme.dev\n";
const PDF: &[u8] = b"%PDF-1.4 wrong file";

fn withholding_a_file() -> (Project, String) {
    let sha256 = Digest::of(PDF).to_string();
    let project = Project::new()
        .file("content/site.yaml", format!("{SITE}organization: {{name: Acme}}\n"))
        .file("content/data/documents.yaml", "- {id: dpa, title: DPA, file: documents/dpa.pdf}\n")
        .file("content/sections/10-files.md", "---\ntitle: Files\nshow: documents\n---\nText.\n")
        .file("static/documents/dpa.pdf", PDF);
    fine(project.run(["release", "-m", "First.", "--date", "2026-05-01"]));
    let project = project.file("static/documents/dpa.pdf", "the right file");
    fine(project.run(["redact", "--file", &sha256.to_uppercase(), "--reason", "The wrong file"]));
    (project, sha256)
}

#[test]
fn withheld_file_is_not_released_or_published_again() {
    let (project, sha256) = withholding_a_file();
    for is_bound in [false, true] {
        if is_bound {
            fine(project.run(["release", "-m", "Withheld a file.", "--date", "2026-05-02"]));
            fine(project.run(["build"]));
            fine(project.run(["publish", &format!("file://{}", project.path("web").display())]));
        }
        let releases = || fs::read_dir(project.path("content/releases")).expect("a folder").count();
        let before = releases();
        for path in ["documents/dpa.pdf", "documents/other.pdf", "img/photo.png", "root/file.pdf"] {
            let at = project.path(&format!("static/{path}"));
            let replaced = fs::read(&at).ok();
            fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
            fs::write(&at, PDF).expect("a file");
            let message = format!("error[withheld-file]: `static/{path}` is a file that was withheld");
            for command in [
                &["check"][..],
                &["release", "-m", "Again.", "--date", "2026-05-03"],
                &["build", "--draft", "--out", "again"],
                &["publish", &format!("file://{}", project.path("web").display())],
            ] {
                let run = project.run(command);
                assert!(run.code != Some(0) && run.stderr.contains(&message), "{path} {command:?}: {run:?}");
            }
            assert!(!project.path("again").exists() && releases() == before, "{path}: something was written");
            match replaced {
                Some(bytes) => fs::write(&at, bytes).expect("a file"),
                None => fs::remove_file(&at).expect("a file"),
            }
        }
    }
    assert!(!project.path(&format!("content/releases/files/{sha256}")).exists());
    // A site that has it at its address anyway.
    fine(project.run(["verify", "dist"]));
    fs::write(project.path("dist/documents/dpa.pdf"), PDF).expect("a file");
    fails(&project.run(["verify", "dist"]), "withheld-file");
    fs::write(project.path("static/documents/dpa.pdf"), PDF).expect("a file");
    fails(&project.run(["verify"]), "withheld-file");
}

/// Returns the ids of the feeds and of the calendar, without those of the newest release.
fn ids(project: &Project) -> Vec<String> {
    fine(project.run(["build", "--as-of", "2026-05-20"]));
    let atom = project.read("dist/feed.xml");
    let ids = |text: &str, start: &str, end: &str| -> Vec<String> {
        let found = text.split(start).skip(1);
        found.map(|rest| rest.split(end).next().unwrap_or_default().to_owned()).collect()
    };
    let feed = project.read("dist/feed.json");
    let calendar = project.read("dist/notices.ics").replace("\r\n ", "");
    let parts = [ids(&atom, "<id>", "</id>"), ids(&feed, "\"id\": \"", "\""), ids(&calendar, "UID:", "\r\n")];
    parts.into_iter().flatten().filter(|id| !id.ends_with("/2026-05-03") && id.contains(':')).collect()
}

#[test]
fn redactions_of_the_first_release_keep_all_ids() {
    let item = "- {id: mail, name: Mailer, purpose: Email, data_categories: [Address], announced: 2026-05-01, effective: 2026-06-01}\n";
    for (organization, is_tag) in [("{name: Acme, url: 'https://www.acme.dev'}", true), ("{name: Acme}", false)] {
        let project = Project::new()
            .file("content/site.yaml", format!("{SITE}organization: {organization}\n"))
            .file("content/data/subprocessors.yaml", item)
            .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\nText.\n");
        fine(project.run(["release", "-m", "First, by Jane.", "--date", "2026-05-01"]));
        let project = project.file(
            "content/site.yaml",
            format!("{}organization: {organization}\n", SITE.replace("jane@acme.dev", "privacy@acme.dev")),
        );
        fine(project.run(["release", "-m", "Second.", "--date", "2026-05-02"]));
        let before = ids(&project);
        assert!(before.len() > 5 && before.iter().any(|id| id.starts_with("tag:www.acme.dev,2026-05-01:")) == is_tag);
        assert!(before.iter().all(|id| !id.contains("jane")), "{before:?}");
        let command = ["redact", "2026-05-01", "/summary", "/disclosure/contacts/privacy", "--reason", "Personal data"];
        fine(project.run(command));
        fine(project.run(["release", "-m", "Withheld.", "--date", "2026-05-03"]));
        let after = ids(&project);
        let lost: Vec<_> = before.iter().filter(|id| !after.contains(id)).collect();
        assert!(lost.is_empty(), "{lost:?} not in {after:?}");
    }
}

const ITEMS: &str = "\
- id: mailer
  name: Mailer
  purpose: Email
  data_categories: [Address]
  locations: [{code: US, place: Ohio}, DE]
  corporate_location: US
  transfer_mechanism: [{mechanism: scc, to: [US], note: Signed}, {mechanism: adequacy}]
  condition: {any: [{feature: Mail}, {region: EU}]}
  services:
    - {name: Bulk, purpose: Newsletters, data_categories: [Name], locations: [US], transfer_mechanism: scc}
    - {name: Single, purpose: Receipts}
  upcoming:
    - {announced: 2026-05-01, effective: 2026-12-01, note: Ask us, purpose: News, locations: [FR], transfer_mechanism: scc}
    - {announced: 2026-05-02, effective: 2026-12-02, remove: [condition], data_categories: [Address, Age]}
- id: other
  name: Other
  purpose: Backups
  data_categories: [Files]
  upcoming:
    - {id: move, announced: 2026-05-01, effective: 2026-12-01, note: Ask us, locations: [FR]}
    - {id: grow, announced: 2026-05-01, effective: 2026-12-03, data_categories: [Files, Logs]}
";

fn with_announced_changes() -> Project {
    let project = Project::new()
        .file(
            "content/site.yaml",
            format!("{SITE}organization: {{name: Acme}}\ndimensions: {{region: [EU, US]}}\nnotice: {{days: 30, objection_days: 14, object_to: privacy}}\n"),
        )
        .file("content/data/subprocessors.yaml", ITEMS)
        .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\nText.\n");
    fine(project.run(["release", "-m", "First.", "--date", "2026-05-01", "--as-of", "2026-05-02"]));
    project
}

#[test]
fn every_field_of_an_item_with_announced_changes_can_be_withheld() {
    let (withheld, refused) = withhold_every_field(&with_announced_changes().path("content/releases/2026-05-01.json"));
    assert!(withheld > 70 && refused > 4, "{withheld} and {refused}");
}

#[test]
fn values_of_named_parts_can_be_withheld_by_their_names() {
    for (pointer, values) in [
        ("mailer", 9),
        ("mailer/upcoming", 1),
        ("mailer/upcoming/2026-05-01", 1),
        ("mailer/upcoming/2026-05-02/effective", 1),
        ("mailer/upcoming/1/announced", 1),
        ("mailer/services/Bulk", 1),
        ("mailer/services/Bulk/purpose", 1),
        ("mailer/transfer_mechanism/0", 1),
        ("mailer/transfer_mechanism/0/note", 1),
        ("other/upcoming", 1),
        ("other/upcoming/move/note", 1),
        ("other/upcoming/grow", 3),
    ] {
        let project = with_announced_changes().file(
            "content/data/subprocessors.yaml",
            "- {id: third, name: Third, purpose: Calls, data_categories: [Voice]}\n",
        );
        let pointer = format!("/disclosure/subprocessors/{pointer}");
        let run = project.run(["redact", "2026-05-01", &pointer, "--reason", "Personal data"]);
        assert!(fine(run).contains(&format!("2026-05-01: {values} value")), "{pointer}");
        fine(project.run(["release", "-m", "Withheld.", "--date", "2026-05-03"]));
        for command in [&["verify"][..], &["build"], &["verify", "dist"], &["diff", "2026-05-01", "2026-05-03"]] {
            fine(project.run(command));
        }
    }
}

#[test]
fn date_of_a_pending_redaction_is_checked() {
    let (project, _) = withholding_a_file();
    let list = project.read("content/releases/redactions.json");
    let edited = list.replace("2026-05-22", "2026-06-01");
    assert_ne!(list, edited);
    fs::write(project.path("content/releases/redactions.json"), edited).expect("a file");
    fails(&project.run(["verify"]), "redaction-mismatch");
    let third = "- {id: third, name: Third, purpose: Calls, data_categories: [Voice]}\n";
    let project = with_announced_changes().file("content/data/subprocessors.yaml", third);
    fine(project.run(["redact", "2026-05-01", "/disclosure/subprocessors/other", "--reason", "Personal data"]));
    let list = project.read("content/releases/redactions.json");
    fs::write(project.path("content/releases/redactions.json"), list.replace("2026-05-22", "2026-04-30"))
        .expect("a file");
    fails(&project.run(["verify"]), "redaction-mismatch");
}

#[test]
fn archived_page_counts_only_documents_that_can_be_downloaded() {
    let (project, _) = withholding_a_file();
    fine(project.run(["release", "-m", "Withheld a file.", "--date", "2026-05-02"]));
    fine(project.run(["build"]));
    let count = |path: &str| {
        let page = project.read(path);
        let text = page.split("can be downloaded").next().unwrap_or_default().to_owned();
        text.rsplit("class=\"figure\">").next().and_then(|rest| rest.split('<').next()).unwrap_or_default().to_owned()
    };
    assert_eq!((count("dist/index.html"), count("dist/releases/2026-05-01/index.html")), ("1".into(), "0".into()));
}

#[test]
fn project_is_not_a_destination() {
    let (project, _) = withholding_a_file();
    fine(project.run(["release", "-m", "Withheld a file.", "--date", "2026-05-02"]));
    let before = fs::read_dir(project.path("content/releases")).expect("a folder").count();
    for folder in ["", "content", "content/releases", "static", "static/web"] {
        let run = project.run(["publish", &format!("file://{}", project.path(folder).display())]);
        assert!(run.code == Some(2) && run.stderr.contains("choose a folder outside of content/"), "{folder}: {run:?}");
    }
    assert_eq!(fs::read_dir(project.path("content/releases")).expect("a folder").count(), before);
    fine(project.run(["publish", &format!("file://{}", project.path("web").display())]));
}

#[test]
fn summary_with_an_invisible_character_is_refused() {
    let (project, _) = withholding_a_file();
    for character in ['\u{FEFF}', '\u{200B}', '\u{2060}'] {
        let run = project.run(["release", "-m", &format!("With{character}held."), "--date", "2026-05-02"]);
        fails(&run, "control-character");
    }
}
