//! Updates, `content/updates/DATE-NAME.md`: their pages and feed, frozen by releases, compared and checked like every other statement.

use scraper::{Html, Selector};
use serde_json::Value;

use crate::support::{Project, ok};

const FILE: &str = "content/updates/2026-05-20-mail-delays.md";
const PAGE: &str = "dist/updates/2026-05-20-mail-delays/index.html";

/// Returns an incident with this status, these further fields, and this text.
fn incident(status: &str, more: &str, text: &str) -> String {
    format!(
        "---\ntitle: Delays when <sending> email\nkind: incident\nseverity: medium\naffected: Notifications by email\n\
         status: {status}\nstarted: 2026-05-19\n{more}---\n\n{text}\n"
    )
}

fn project() -> Project {
    Project::empty()
        .file(
            "content/site.yaml",
            "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.example.org\n",
        )
        .file("content/sections/10-about.md", "---\ntitle: About\n---\n\nText.\n")
        .file(
            "content/updates/2026-04-01-certificate.md",
            "---\ntitle: Certificate renewed\nkind: certificate\n---\n\n\
             See the [incident](updates/2026-05-20-mail-delays/) and the [certificate](documents/certificate.pdf).\n",
        )
        .file("static/documents/certificate.pdf", "%PDF")
        .file(
            FILE,
            incident(
                "monitoring",
                "",
                "We look for the [cause](#2026-05-20-mail-delays--cause).\n\n## Cause\n\nNot known yet.",
            ),
        )
}

fn release(project: &Project, date: &str) {
    ok(project, &["release", "-m", "A release.", "--date", date, "--as-of", date]);
}

fn build(project: &Project, date: &str) {
    ok(project, &["build", "--no-compress", "--as-of", date]);
}

/// Returns what `check` prints on a date.
fn problems(project: &Project, date: &str) -> String {
    let run = project.run(["check", "--as-of", date]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
    run.stdout + &run.stderr
}

/// Returns the text of the first element of a page that matches a selector, with single spaces.
fn text(page: &str, selector: &str) -> String {
    let html = Html::parse_document(page);
    let selector = Selector::parse(selector).expect("a selector");
    let element = html.select(&selector).next().unwrap_or_else(|| panic!("{selector:?}: {page}"));
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// An incident that was edited in a later release.
fn edited() -> Project {
    let project = project();
    release(&project, "2026-05-20");
    let text = "We look for the [cause](#2026-05-20-mail-delays--cause), as our [text](#about) says.\n\n## Cause\n\nThe queue was too small.";
    let project = project.file(FILE, incident("resolved", "resolved: 2026-05-21\n", text));
    release(&project, "2026-05-22");
    project
}

#[test]
fn updates_are_built_frozen_and_listed() {
    let project = project();
    release(&project, "2026-05-20");
    let record: Value = serde_json::from_str(&project.read("content/releases/2026-05-20.json")).expect("JSON");
    let updates = &record["disclosure"]["updates"];
    assert_eq!(
        updates[0],
        serde_json::json!({
            "id": "2026-04-01-certificate",
            "title": "Certificate renewed",
            "kind": "certificate",
            "body": "See the [incident](updates/2026-05-20-mail-delays/) and the [certificate](documents/certificate.pdf).",
        })
    );
    assert_eq!(record["files"][0]["path"], "documents/certificate.pdf");
    let keys: Vec<&String> = updates[1].as_object().expect("an update").keys().collect();
    assert_eq!(keys, ["id", "title", "kind", "severity", "affected", "status", "started", "body"]);
    build(&project, "2026-05-20");
    let list = project.read("dist/updates/index.html");
    let newest = list.find("2026-05-20-mail-delays").expect("the incident");
    assert!(newest < list.find("2026-04-01-certificate").expect("the certificate"));
    let entry = text(&list, "#update-2026-05-20-mail-delays");
    for part in ["20 May 2026", "Delays when <sending> email", "Incident", "Medium", "Monitoring", "since 19 May 2026"]
    {
        assert!(entry.contains(part), "{part}: {entry}");
    }
    let page = project.read(PAGE);
    assert!(page.contains("<h1>Delays when &lt;sending&gt; email</h1>"), "{page}");
    assert!(
        page.contains("href=\"#2026-05-20-mail-delays--cause\"")
            && page.contains("id=\"2026-05-20-mail-delays--cause\"")
    );
    let facts = text(&page, ".facts");
    assert_eq!(facts, "Status Monitoring Severity Medium Started 19 May 2026 Affected Notifications by email");
    let archived = project.read("dist/releases/2026-05-20/updates/2026-04-01-certificate/index.html");
    assert!(
        archived.contains("href=\"../../../../releases/2026-05-20/updates/2026-05-20-mail-delays/\""),
        "{archived}"
    );
    assert!(text(&project.read("dist/index.html"), ".incidents").contains("Delays when <sending> email"));
    assert!(project.read("dist/index.html").contains("href=\"./updates/\""));
    assert!(project.read("dist/sitemap.xml").contains("https://trust.example.org/updates/2026-05-20-mail-delays/"));
    assert!(project.read("dist/subscribe/index.html").contains("https://trust.example.org/updates/feed.xml"));
    assert!(project.read("dist/llms.txt").contains("https://trust.example.org/updates/"));
    let copy = project.read("dist/index.md");
    assert!(copy.contains("**Open incident**: [Delays when \\<sending> email]("), "{copy}");
    assert!(copy.contains("20 May 2026; Incident; Severity: Medium"), "{copy}");
    let trust: Value = serde_json::from_str(&project.read("dist/trust.json")).expect("JSON");
    assert_eq!(trust["disclosure"]["updates"], *updates);
}

#[test]
fn an_edited_incident_shows_before_and_after_everywhere() {
    let project = edited();
    build(&project, "2026-05-22");
    let log = text(&project.read("dist/changelog/index.html"), ".release .changes");
    for part in [
        "Delays when <sending> email",
        "Monitoring",
        "Resolved",
        "21 May 2026",
        "Not known yet.",
        "The queue was too small.",
    ] {
        assert!(log.contains(part), "{part}: {log}");
    }
    let page = project.read(PAGE);
    let history = text(&page, "#ui--history");
    for part in [
        "22 May 2026",
        "Edited:",
        "Before: Monitoring",
        "After: Resolved",
        "Not known yet.",
        "20 May 2026",
        "Published.",
    ] {
        assert!(history.contains(part), "{part}: {history}");
    }
    assert!(page.contains("Edited 22 May 2026"));
    assert!(page.contains("releases/2026-05-20/updates/2026-05-20-mail-delays/"));
    assert!(
        text(&project.read("dist/releases/2026-05-20/updates/2026-05-20-mail-delays/index.html"), "main")
            .contains("Not known yet.")
    );
    for (feed, id) in [("dist/feed.xml", "2026-05-22"), ("dist/updates/feed.xml", "/updates/2026-05-20-mail-delays")] {
        let feed = project.read(feed);
        let (_, entry) =
            feed.split_once(&format!("{id}</id>")).or_else(|| feed.split_once("<entry>")).expect("an entry");
        let (entry, _) = entry.split_once("</entry>").expect("its end");
        for part in ["&lt;del&gt;Monitoring&lt;/del&gt;", "&lt;ins&gt;Resolved&lt;/ins&gt;", "&lt;ins&gt;"] {
            assert!(entry.contains(part), "{part}: {entry}");
        }
    }
    let feed = project.read("dist/updates/feed.xml");
    let (_, entry) = feed.split_once("<entry>").expect("an entry");
    assert!(
        entry.contains("<published>2026-05-20T00:00:00Z</published>")
            && entry.contains("<updated>2026-05-22T00:00:00Z</updated>")
    );
    // Feed readers show an entry without the page that has its anchors.
    let page = "https://trust.example.org/updates/2026-05-20-mail-delays/#2026-05-20-mail-delays--cause";
    assert!(entry.contains(page) && entry.contains("https://trust.example.org/#about"), "{entry}");
    assert!(entry.contains("<category term=\"resolved\" label=\"Resolved\"/>"), "{entry}");
    assert!(!project.read("dist/index.html").contains("Open incident"));
    // Nothing that requires customer notice.
    let changes = project.run(["diff", "2026-05-20", "2026-05-22", "--format", "json"]);
    assert!(
        changes.stdout.contains("\"notice\": false") && !changes.stdout.contains("\"notice\": true"),
        "{}",
        changes.stdout
    );
    ok(&project, &["verify"]);
}

#[test]
fn an_unreleased_edit_is_not_published() {
    let project = edited();
    let project = project.file(FILE, incident("resolved", "resolved: 2026-05-20\n", "Another story."));
    let run = project.run(["build", "--no-compress", "--as-of", "2026-05-23"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("unreleased"), "{}", run.stderr);
    let run = project.run(["build", "--no-compress", "--draft", "--as-of", "2026-05-23"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(project.read(PAGE).contains("Another story."));
    assert!(!project.read("dist/updates/feed.xml").contains("Another story."));
}

#[test]
fn without_updates_there_is_no_page_and_no_feed() {
    let page = "---\ntitle: Our updates\n---\n\nHere.\n";
    let project = Project::new().file("content/pages/updates.md", page);
    release(&project, "2026-05-22");
    build(&project, "2026-05-22");
    assert!(project.read("dist/updates/index.html").contains("<h1>Our updates</h1>"));
    assert!(!project.path("dist/updates/feed.xml").exists());
    assert!(!project.read("dist/subscribe/index.html").contains("updates/feed.xml"));
    let taken = problems(&project.file(FILE, incident("monitoring", "", "Text.")), "2026-05-22");
    assert!(taken.contains("error[page-name-taken]"), "{taken}");
    assert!(taken.contains("which the updates have"), "{taken}");
}

#[test]
fn a_section_can_show_the_updates() {
    let project = project().file(
        "content/sections/20-updates.md",
        "---\ntitle: News\nshow: updates\n---\n\n[Delays](#update-2026-05-20-mail-delays)\n",
    );
    release(&project, "2026-05-20");
    build(&project, "2026-05-20");
    let page = project.read("dist/index.html");
    assert!(
        page.contains("id=\"update-2026-05-20-mail-delays\"")
            && page.contains("href=\"./updates/2026-05-20-mail-delays/\"")
    );
    let archived = project.read("dist/releases/2026-05-20/index.html");
    assert!(archived.contains("href=\"../../releases/2026-05-20/updates/2026-05-20-mail-delays/\""), "{archived}");
    assert!(!archived.contains("class=\"incidents\""));
    assert_eq!(project.read("dist/index.md").matches("Certificate renewed").count(), 1);
}

#[test]
fn file_names_are_checked_with_a_fix() {
    let update = "---\ntitle: A\n---\n\nText.\n";
    for (name, expected) in [
        ("outage", "rename the file to `2026-05-22-outage.md`"),
        ("2026-5-2-outage", "rename the file to `2026-05-02-outage.md`"),
        ("20260502-outage", "rename the file to `2026-05-02-outage.md`"),
        ("2026-05-02", "such as to `2026-05-02-outage.md`"),
        ("2026-02-30-outage", "does not begin with a date"),
        ("2026-05-02_Outage", "rename the file to `2026-05-02-outage.md`"),
    ] {
        let found = problems(&project().file(&format!("content/updates/{name}.md"), update), "2026-05-22");
        assert!(found.contains(expected), "{name}: {found}");
        assert!(found.contains(&format!("content/updates/{name}.md")), "{name}: {found}");
    }
    let markdown = problems(&project().file("content/updates/2026-05-02-a.txt", update), "2026-05-22");
    assert!(markdown.contains("update files end in .md"), "{markdown}");
}

#[test]
fn fields_and_dates_are_checked() {
    let check = |fields: &str| {
        let update = format!("---\ntitle: A\n{fields}---\n\nText.\n");
        problems(&project().file("content/updates/2026-05-10-a.md", update), "2026-05-22")
    };
    for (fields, expected) in [
        ("kind: roadmap\nseverity: low\n", "an update of the kind `roadmap` cannot have `severity`"),
        ("started: 2026-05-01\n", "an update of the kind `general` cannot have `started`"),
        ("kind: incident\n", "`A` does not state `severity`, `status` and `started`"),
        ("kind: advisory\nseverity: low\nstatus: resolved\nstarted: 2026-05-01\n", "`A` does not state `resolved`"),
        (
            "kind: incident\nseverity: low\nstatus: monitoring\nstarted: 2026-05-01\nresolved: 2026-05-02\n",
            "error[update-contradiction]",
        ),
        (
            "kind: incident\nseverity: low\nstatus: resolved\nstarted: 2026-05-03\nresolved: 2026-05-02\n",
            "error[dates-reversed]",
        ),
        (
            "kind: incident\nseverity: low\nstatus: resolved\nstarted: 2026-05-01\nresolved: 2026-05-23\n",
            "error[date-in-future]",
        ),
        (
            "kind: incident\nseverity: low\nstatus: identified\nstarted: 2026-05-11\n",
            "`A` has the date 2026-05-10, but started on 2026-05-11",
        ),
        ("kind: incident\nseverity: urgent\n", "`severity` cannot be `urgent`"),
        ("body: Text\n", "move it below the second line `---`"),
        ("id: a\n", "`id` is the name of the file"),
    ] {
        let found = check(fields);
        assert!(found.contains(expected), "{expected}: {found}");
    }
    let future = problems(&project(), "2026-05-19");
    assert!(
        future.contains("`Delays when <sending> email` has the date 2026-05-20, which is after 2026-05-19"),
        "{future}"
    );
    let broken = problems(
        &project().file(
            "content/updates/2026-05-10-a.md",
            "---\ntitle: A\n---\n\n[a](#nothing) [b](updates/2026-01-01-none/)\n",
        ),
        "2026-05-22",
    );
    assert!(
        broken.contains("there is no anchor `#nothing`")
            && broken.contains("there is no page or file `updates/2026-01-01-none/`"),
        "{broken}"
    );
    assert!(
        !check("kind: incident\nseverity: low\nstatus: identified\nstarted: 2026-05-10\n").contains("2026-05-10-a.md")
    );
}

#[test]
fn a_text_can_be_withheld() {
    let project = edited();
    let run = project.run([
        "redact",
        "2026-05-20",
        "/disclosure/updates/1/body",
        "--reason",
        "Names a person",
        "--as-of",
        "2026-05-23",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    ok(&project, &["release", "-m", "Withhold a text.", "--date", "2026-05-23", "--as-of", "2026-05-23"]);
    build(&project, "2026-05-23");
    let archived = project.read("dist/releases/2026-05-20/updates/2026-05-20-mail-delays/index.html");
    assert!(!archived.contains("Not known yet.") && archived.contains("Names a person"), "{archived}");
    assert!(!project.read(PAGE).contains("Not known yet."));
    assert!(!project.read("dist/updates/feed.xml").contains("Not known yet."));
    ok(&project, &["verify", "--as-of", "2026-05-23"]);
}
