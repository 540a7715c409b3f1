//! What upcoming changes state is checked and bound like everything else.

use super::{SITE, fine};
use crate::support::Project;

const EU: &str = "title: Trust\norganization: {name: Fjord, jurisdiction: eu}\ncontacts: {privacy: privacy@fjord-data.com}\nbase_url: https://trust.fjord-data.com\n";
const LIST: &str = "content/data/subprocessors.yaml";

/// Returns the diagnostics with this code, each from its message to its place.
fn found(project: &Project, code: &str) -> Vec<String> {
    let run = project.run(["check", "--format", "json", "--as-of", "2026-05-12"]);
    let report: serde_json::Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let all = report["diagnostics"].as_array().expect("a list");
    let one = |it: &serde_json::Value| format!("{}: {}", it["line"], it["message"].as_str().expect("a message"));
    all.iter().filter(|it| it["code"] == code).map(one).collect()
}

#[test]
fn transfers_are_checked_after_every_upcoming_change() {
    let head = "- id: mail\n  name: Mail\n  purpose: P\n  data_categories: [D]\n";
    let entry =
        |fields: &str| format!("  upcoming:\n    - announced: 2026-05-12\n      effective: 2026-06-15\n{fields}");
    let later = "    - announced: 2026-05-13\n      effective: 2026-07-15\n      locations: [DE, US, JP]\n";
    let from = "from 2026-06-15,";
    let us = "United States (US)";
    for (item, expected) in [
        (
            format!("  locations: [DE]\n{}", entry("      locations: [DE, US]\n")),
            vec![format!("9: `Mail` will be, {from} in {us} but will have no transfer mechanism")],
        ),
        (format!("  locations: [DE]\n{}", entry("      locations: [DE, US]\n      transfer_mechanism: scc\n")), vec![]),
        (format!("  locations: [DE]\n  transfer_mechanism: scc\n{}", entry("      locations: [DE, US]\n")), vec![]),
        (
            format!(
                "  locations: [DE, US]\n  transfer_mechanism: scc\n{}",
                entry("      remove: [transfer_mechanism]\n")
            ),
            vec![format!("5: `Mail` will be, {from} in {us} but will have no transfer mechanism")],
        ),
        (
            format!(
                "  locations: [DE, US]\n  transfer_mechanism: scc\n{}",
                entry("      transfer_mechanism: [{mechanism: scc, to: [JP]}]\n")
            ),
            vec![format!("5: `Mail` will be, {from} in {us}, which no entry of `transfer_mechanism` will cover")],
        ),
        // What is missing now is reported once.
        (
            format!("  locations: [DE, US]\n{}", entry("      name: Post\n")),
            vec![format!("5: `Mail` is in {us} but has no transfer mechanism")],
        ),
        // A second change adds another country.
        (
            format!("  locations: [DE]\n{}{later}", entry("      locations: [DE, US]\n")),
            vec![
                format!("9: `Mail` will be, {from} in {us} but will have no transfer mechanism"),
                "12: `Mail` will be, from 2026-07-15, in Japan (JP) but will have no transfer mechanism".to_owned(),
            ],
        ),
    ] {
        let project = Project::empty().file("content/site.yaml", EU).file(LIST, format!("{head}{item}"));
        assert_eq!(found(&project, "transfer-mechanism-missing"), expected, "{item}");
    }
    let project = Project::empty()
        .file("content/site.yaml", EU)
        .file(LIST, format!("{head}  locations: [DE]\n{}", entry("      remove: [locations]\n")));
    assert_eq!(found(&project, "location-missing").len(), 1);
    let other = EU.replace("jurisdiction: eu", "jurisdiction: other");
    let project = Project::empty()
        .file("content/site.yaml", other)
        .file(LIST, format!("{head}  locations: [DE]\n{}", entry("      locations: [US]\n")));
    assert!(found(&project, "transfer-mechanism-missing").is_empty());
}

#[test]
fn files_of_upcoming_documents_are_checked_and_bound() {
    let documents = "- id: dpa\n  title: DPA\n  file: documents/dpa-1.pdf\n  version: '1'\n  upcoming:\n    - {announced: 2026-05-12, effective: 2026-06-15, version: '2', file: documents/dpa-2.pdf}\n    - {announced: 2026-05-13, effective: 2026-07-15, version: '3'}\n";
    let project = Project::empty()
        .file("content/site.yaml", SITE)
        .file("content/data/documents.yaml", documents)
        .file("content/sections/10-documents.md", "---\ntitle: Documents\nshow: documents\n---\n")
        .file("static/documents/dpa-1.pdf", "%PDF-1.7 one");
    let missing = found(&project, "file-not-found");
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].starts_with("6: there is no file `static/documents/dpa-2.pdf`"), "{missing:?}");
    let project = project.file("static/documents/dpa-2.pdf", "%PDF-1.7 two");
    assert!(found(&project, "file-not-found").is_empty() && found(&project, "file-unreferenced").is_empty());
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-12"]));
    let record = project.read("content/releases/2026-05-12.json");
    assert!(record.contains("\"path\": \"documents/dpa-2.pdf\""), "{record}");
    // Other bytes of the announced edition are an unreleased change.
    let project = project.file("static/documents/dpa-2.pdf", "%PDF-1.7 other");
    let diff = project.run(["diff", "--exit-code", "--as-of", "2026-05-13"]);
    assert_eq!(diff.code, Some(1), "{diff:?}");
    let project = project.file("static/documents/dpa-2.pdf", "%PDF-1.7 two");
    // Until it is in effect, the announced edition is linked with its announcement.
    let both = &["dpa-1.pdf", "dpa-2.pdf"][..];
    for (as_of, files) in [("2026-06-14", both), ("2026-06-15", &["dpa-2.pdf"]), ("2026-07-15", &["dpa-2.pdf"])] {
        fine(&project.run(["build", "--no-compress", "--as-of", as_of]));
        let page = project.read("dist/index.html");
        let linked: Vec<&str> = ["dpa-1.pdf", "dpa-2.pdf"]
            .into_iter()
            .filter(|file| page.contains(&format!("documents/{file}\"")))
            .collect();
        assert_eq!(linked, files, "{as_of}");
        assert!(files.iter().all(|file| project.path(&format!("dist/documents/{file}")).exists()), "{as_of}");
    }
}

#[test]
fn texts_and_addresses_of_upcoming_changes_are_checked() {
    let plan = |text: &str| {
        let entry =
            format!("    - announced: 2026-05-12\n      effective: 2026-06-15\n      details: |\n        {text}\n");
        Project::empty()
            .file("content/site.yaml", SITE)
            .file("content/data/commitments.yaml", format!("- id: a\n  plan: A\n  commitment: C\n  upcoming:\n{entry}"))
    };
    for (text, code) in [
        ("See [it](/nosuch/).", "broken-link"),
        ("See [it](#nosuch).", "broken-anchor"),
        ("![Chart](charts/nosuch.png)", "file-not-found"),
        ("<script>alert(1)</script>", "html-refused"),
    ] {
        let project = plan(text);
        let report = project.run(["check", "--as-of", "2026-05-12"]);
        assert!(report.stderr.contains(&format!("[{code}]")), "{text}: {}", report.stderr);
        assert!(report.stderr.contains("commitments.yaml:8:"), "{text}: {}", report.stderr);
    }
    let linked = plan("See [it](documents/terms.pdf).").file("static/documents/terms.pdf", "%PDF-1.7");
    assert!(found(&linked, "file-unreferenced").is_empty());
    fine(&linked.run(["release", "-m", "First", "--as-of", "2026-05-12"]));
    assert!(linked.read("content/releases/2026-05-12.json").contains("documents/terms.pdf"));
    // A heading that the page does not have yet is no anchor.
    let heading =
        plan("### Later").file("content/sections/10-a.md", "---\ntitle: A\n---\n\n[later](#commitments-a--later)\n");
    assert_eq!(found(&heading, "broken-anchor").len(), 1);
}

#[test]
fn content_can_link_to_upcoming_changes() {
    let list = "- id: mail\n  name: Mail\n  purpose: P\n  data_categories: [D]\n  upcoming:\n    - {id: move, announced: 2026-05-12, effective: 2026-06-15, locations: [DE]}\n- {id: chat, name: Chat, purpose: P, data_categories: [D], announced: 2026-05-12, effective: 2026-07-01}\n";
    let links = "---\ntitle: News\n---\n\n[a](#ui--upcoming-subprocessors-mail-move), [b](/subprocessors/#ui--upcoming-subprocessors-chat-start), [c](#ui--upcoming)\n";
    let project =
        Project::empty().file("content/site.yaml", SITE).file(LIST, list).file("content/sections/10-news.md", links);
    assert!(found(&project, "broken-anchor").is_empty());
    fine(&project.run([
        "release",
        "-m",
        "First, see [it](#ui--upcoming-subprocessors-mail-move).",
        "--as-of",
        "2026-05-12",
    ]));
    fine(&project.run(["build", "--no-compress", "--as-of", "2026-05-12"]));
    let page = project.read("dist/index.html");
    assert!(page.contains("id=\"ui--upcoming-subprocessors-mail-move\""), "{page}");
    assert!(page.contains("<a href=\"#ui--upcoming-subprocessors-mail-move\">a</a>"), "{page}");
    assert!(page.contains("<a href=\"./subprocessors/#ui--upcoming-subprocessors-chat-start\">b</a>"), "{page}");
    // So does the summary, on every page, until the change is in effect.
    let summary = |page: &str| {
        let text = project.read(&format!("dist/{page}index.html"));
        text.split("First, see ").nth(1).expect("the summary").split("</p>").next().expect("an end").to_owned()
    };
    for page in ["", "changelog/", "releases/2026-05-12/"] {
        let found = summary(page);
        assert!(found.contains("#ui--upcoming-subprocessors-mail-move\">it</a>"), "{page}: {found}");
    }
    // Released content gets no error when the change is in effect.
    for as_of in ["2026-06-14", "2026-06-15", "2026-07-01", "2027-01-01"] {
        let check = project.run(["check", "--as-of", as_of]);
        assert_eq!(check.code, Some(0), "{as_of}: {check:?}");
        fine(&project.run(["build", "--no-compress", "--as-of", as_of]));
        let is_to_come = as_of < "2026-06-15";
        for page in ["", "changelog/", "releases/2026-05-12/"] {
            assert_eq!(summary(page).contains("<a "), is_to_come, "{as_of} {page}");
        }
    }
    let wrong = links.replace("mail-move", "mail-mvoe");
    let project = project.file("content/sections/10-news.md", wrong);
    assert_eq!(found(&project, "broken-anchor").len(), 1);
}
