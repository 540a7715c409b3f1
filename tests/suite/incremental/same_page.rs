//! The content of a page does not depend on which pages were rendered before it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use candor::pipeline::{BuildRequest, build_site};
use candor::project;
use candor::site::Site;

use super::date;
use crate::support::Project;

/// Returns two releases that differ in everything that their pages share: columns, an item that another one replaces,
/// and strings of a list. Some dates are between the first release and the date of the build.
fn project() -> Project {
    let site = "title: Trust\norganization: {name: Example}\nbase_url: https://trust.example.org/center\n\
                contacts: {privacy: privacy@example.org}\n";
    let agreement = "[agreement](documents/agreement.pdf)";
    let project = [
        "subprocessors",
        "controls",
        "commitments",
        "certifications",
        "documents",
        "faq",
        "ai",
        "facts",
        "questionnaires",
        "updates",
        "contacts",
        "changelog",
        "schedule",
    ]
    .iter()
    .enumerate()
    .fold(Project::empty().file("content/site.yaml", site), |project, (at, show)| {
        let text = format!("---\ntitle: Our {show}\nshow: {show}\n---\n\nSee the {agreement}.\n");
        project.file(&format!("content/sections/{}-{show}.md", at + 10), text)
    })
    .file("static/documents/agreement.pdf", "%PDF")
    .file(
        "content/updates/2026-02-01-delays.md",
        format!("---\ntitle: Delays\nkind: incident\nseverity: low\nstatus: monitoring\nstarted: 2026-02-01\n---\n\nSee the {agreement}.\n\n## Cause\n\n[Above](#2026-02-01-delays--cause).\n"),
    )
    .file(
        "content/questionnaires/caiq.yaml",
        "title: CAIQ\nquestions: [{id: a, question: A?, answer: yes, evidence: [keys]}]\n",
    )
    .file(
        "content/data/controls.yaml",
        format!("- {{id: keys, title: Keys, status: implemented, description: \"{agreement}\"}}\n"),
    )
    .file(
        "content/data/commitments.yaml",
        format!("- {{id: up, plan: Basic, commitment: 99 %, details: \"{agreement}\"}}\n"),
    )
    .file(
        "content/data/certifications.yaml",
        "- {id: iso, framework: ISO 27001, status: active, valid_from: 2025-01-01, valid_until: 2026-03-08}\n",
    )
    .file(
        "content/data/documents.yaml",
        "- {id: dpa, title: Agreement, access: public, file: documents/agreement.pdf}\n",
    )
    .file("content/data/faq.yaml", format!("- {{id: where, question: Where?, answer: \"{agreement}\"}}\n"))
    .file("content/data/ai.yaml", "- {id: replies, feature: Replies, provider: files, training: no}\n")
    .file("content/data/facts.yaml", "- {id: rto, title: Recovery time, kind: rto, hours: 4}\n");
    let mail = |name: &str| {
        format!("- {{id: mail, name: {name}, purpose: Sends mail, data_categories: [Address], ends: 2026-03-09}}\n")
    };
    let files = "- {id: files, name: Files, purpose: Storage, data_categories: [Files], announced: 2026-02-01, effective: 2026-03-10, replaces: mail}\n";
    let maps = "- {id: maps, name: Maps, purpose: Maps, data_categories: [Places], locations: [DE], condition: {when: enabled, feature: Maps}}\n";
    let project = project.file("content/data/subprocessors.yaml", [&mail("Mail"), files].concat());
    let summary = "A [release](documents/agreement.pdf).";
    release(&project, summary, "2026-03-01");
    let project = project.file("content/data/subprocessors.yaml", [&mail("Post"), files, maps].concat());
    release(&project, summary, "2026-03-05");
    project
}

fn release(project: &Project, summary: &str, date: &str) {
    let run = project.run(["release", "-m", summary, "--as-of", date]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

fn site(project: &Project) -> Site {
    let built = build_site(&project::Project::at(project.root()), &BuildRequest::new(date("2026-03-20")));
    built.unwrap_or_else(|report| panic!("{report:#?}")).site
}

fn text(site: &Site, path: &str) -> String {
    let bytes = site.get(path).expect("a file").body.bytes().unwrap_or_else(|report| panic!("{report:#?}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Asserts that each file is the same when rendered alone and when rendered after all others, in both orders; returns
/// the files.
fn assert_pages_are_independent(project: &Project) -> BTreeMap<String, String> {
    let whole = site(project);
    let paths: Vec<String> =
        whole.iter().map(|(path, _)| path.to_string()).filter(|path| !path.ends_with(".pdf")).collect();
    let forward: BTreeMap<String, String> = paths.iter().map(|path| (path.clone(), text(&whole, path))).collect();
    let whole = site(project);
    for path in paths.iter().rev() {
        assert_eq!(text(&whole, path), forward[path], "{path} differs when rendered after the later pages");
    }
    for path in paths.iter().filter(|path| path.ends_with(".html") || path.starts_with("feed")) {
        assert_eq!(text(&site(project), path), forward[path], "{path} differs when rendered alone");
    }
    forward
}

#[test]
fn page_does_not_depend_on_pages_rendered_before() {
    let files = assert_pages_are_independent(&project());
    // The values that pages could take from each other exist.
    let [first, second] = ["2026-03-01", "2026-03-05"].map(|version| &files[&format!("releases/{version}/index.html")]);
    let front = &files["index.html"];
    assert!(first.contains("class=\"tag\"") && !files["subprocessors/index.html"].contains("effective 10"), "{first}");
    assert!(!first.contains("c-where") && second.contains("c-where") && front.contains("c-where"));
    assert!(front.contains("href=\"./documents/agreement.pdf\"") && first.contains("href=\"../../releases/files/"));
}

/// Returns the row of the subprocessor `files` on a page.
fn row(page: &str) -> &str {
    let start = page.find("id=\"files\"").unwrap_or_else(|| panic!("the page has no row: {page}"));
    &page[start..start + page[start..].find("</tr>").expect("the end of a row")]
}

#[test]
fn rows_are_shared_only_if_everything_they_show_is_equal() {
    let files = |effective: &str| {
        format!(
            "- {{id: files, name: Files, purpose: Storage, data_categories: [Files], effective: {effective}, replaces: mail}}\n"
        )
    };
    let upcoming = files("2026-04-01");
    let mail = "- {id: mail, name: Mail, purpose: Sends mail, data_categories: [Address], ends: 2027-03-09}\n";
    let maps =
        |more: &str| format!("{mail}- {{id: maps, name: Maps, purpose: Maps, data_categories: [Places]{more}}}\n");
    let archived = ["releases/2026-03-01/index.html", "releases/2026-03-05/index.html"];
    // The built-in row does not show which item this one replaces.
    let own = "<tr id=\"{{ item.id }}\">{% if item.replaces %}<td>{{ item.replaces.href }} {{ item.replaces.text }}</td>{% endif %}</tr>";
    // Each case changes one value that the row shows and that is not part of the item.
    for (what, item, first, second) in [
        ("the name of the item that it replaces", &upcoming, mail.to_owned(), mail.replace("Mail", "Post")),
        ("whether the release lists that item", &upcoming, mail.to_owned(), String::new()),
        ("whether its first date has come", &files("2026-03-03"), mail.to_owned(), maps("")),
        ("the column of conditions", &upcoming, maps(""), maps(", condition: {when: enabled, feature: Maps}")),
        ("the column of locations", &upcoming, maps(""), maps(", locations: [DE]")),
        ("the column of transfers", &upcoming, maps(""), maps(", transfer_mechanism: scc")),
    ] {
        let site = "title: Trust\norganization: {name: Example}\ncontacts: {privacy: privacy@example.org}\n";
        let mut project = Project::empty()
            .file("content/site.yaml", site)
            .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\n");
        if what.contains("that item") || what.contains("it replaces") {
            project = project.file("templates/lists/subprocessor.html", own);
        }
        for (others, date) in [(first, "2026-03-01"), (second, "2026-03-05")] {
            project = project.file("content/data/subprocessors.yaml", [others.as_str(), item].concat());
            release(&project, "A release.", date);
        }
        let files = assert_pages_are_independent(&project);
        let [one, two] = archived.map(|page| row(&files[page]));
        assert!(one != two, "{what} is not shown: {one}");
    }
}

#[test]
fn prose_is_shared_only_if_titles_anchors_levels_and_paths_are_equal() {
    let prose = "# Part\n\n| A |\n|---|\n| b |\n\nSee the [list](subprocessors/) and the note.[^1]\n\n[^1]: A note.\n";
    let section = |title: &str| format!("---\ntitle: {title}\n---\n\n{prose}");
    let field = serde_json::to_string(prose).expect("a string");
    // Without a base URL, feeds and pages link alike.
    let site = "title: Trust\norganization: {name: Example}\nrules: {base-url-missing: \"off\"}\n\
                contacts: {privacy: privacy@example.org}\n";
    let project = Project::empty()
        .file("content/site.yaml", site)
        .file("content/sections/10-one.md", section("Alike"))
        .file("content/sections/20-two.md", section("Alike"))
        .file("content/sections/30-named.md", section("Before"))
        .file("content/sections/40-log.md", "---\ntitle: Log\nshow: changelog\n---\n")
        .file("content/sections/50-controls.md", "---\ntitle: Controls\nshow: controls\n---\n")
        .file("content/sections/60-faq.md", "---\ntitle: Questions\nshow: faq\n---\n")
        .file(
            "content/data/controls.yaml",
            format!("- {{id: first, title: Alike, description: {field}}}\n- {{id: second, title: Alike, description: {field}}}\n"),
        )
        .file("content/data/faq.yaml", format!("- {{id: why, question: Alike, answer: {field}}}\n"));
    release(&project, prose, "2026-03-01");
    let project = project.file("content/sections/30-named.md", section("After"));
    release(&project, prose, "2026-03-05");
    let files = assert_pages_are_independent(&project);
    let [first, second] = ["2026-03-01", "2026-03-05"].map(|version| &files[&format!("releases/{version}/index.html")]);
    assert!(first.contains("Before: table 1") && !first.contains("After: table 1"), "{first}");
    assert!(second.contains("After: table 1") && !second.contains("Before: table 1"), "{second}");
    assert!(
        files["index.html"].contains("href=\"./subprocessors/\"") && first.contains("href=\"../../subprocessors/\"")
    );
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let mut seen = BTreeSet::new();
        let ids = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for id in ids {
            assert!(seen.insert(id), "{path} uses the id `{id}` twice");
        }
    }
}

#[test]
fn publisher_template_receives_its_own_page() {
    // Only templates that are part of a page: the others extend one or are a whole document.
    let part = |text: &str| !text.contains("{% extends") && !text.starts_with("<!DOCTYPE");
    let inner: BTreeSet<String> =
        templates().into_iter().filter(|(_, text)| part(text)).map(|(name, _)| name).collect();
    let starting = project();
    let list = starting.read("content/data/subprocessors.yaml");
    let later = "- {id: later, name: Later, purpose: Later, announced: 2026-03-06, effective: 2026-12-01}\n";
    let starting = starting.file("content/data/subprocessors.yaml", [list.as_str(), later].concat());
    release(&starting, "Later.", "2026-03-06");
    let project = inner.iter().fold(starting, |project, name| {
        let own = format!(
            "<i data-seen=\"{name}|{{{{ page.path }}}}|{{{{ page.root }}}}|{{{{ page.kind }}}}\"></i>{{% include \"builtin/{name}\" %}}"
        );
        project.file(&format!("templates/{name}"), own)
    });
    let files = assert_pages_are_independent(&project);
    let mut seen = BTreeSet::new();
    for (path, page) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let (own, root) = match path.as_str() {
            "404.html" => (String::new(), "/center/".to_owned()),
            path => {
                let own = path.strip_suffix("index.html").expect("a page");
                let depth = own.matches('/').count();
                (own.to_owned(), if depth == 0 { "./".to_owned() } else { "../".repeat(depth) })
            }
        };
        for marker in page.split("data-seen=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
            let parts: Vec<&str> = marker.split('|').collect();
            let [name, on, to_root, _] = parts[..] else { panic!("{path}: {marker}") };
            assert_eq!((on, to_root), (own.as_str(), root.as_str()), "{path}: {name}");
            seen.insert(name.to_owned());
        }
    }
    let unused: Vec<_> = inner.iter().filter(|name| !seen.contains(*name) && !name.starts_with("feed/")).collect();
    assert!(unused.is_empty(), "used on no page: {unused:?}");
}

#[test]
fn built_in_row_is_one_template() {
    // Pages share rows. The template does not receive its page, but a template that it includes could be the
    // publisher's and use it.
    let row = &templates()["lists/subprocessor.html"];
    assert!(!["{% include", "{% import", "{% extends"].iter().any(|tag| row.contains(tag)), "{row}");
}

/// Returns the built-in templates, by name.
fn templates() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let entries = walkdir::WalkDir::new(&folder).into_iter().map(|entry| entry.expect("an entry").into_path());
    let name = |path: &Path| path.strip_prefix(&folder).expect("inside").to_str().expect("UTF-8").replace('\\', "/");
    let html = entries.filter(|path| path.extension().is_some_and(|ending| ending == "html"));
    html.map(|path| (name(&path), fs::read_to_string(&path).expect("a template"))).collect()
}
