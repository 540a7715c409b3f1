//! Pages of the publisher, `content/pages/NAME.md`: at `/NAME/`, frozen by releases at `/releases/VERSION/NAME/`, compared,
//! announced and checked like every other statement.

use candor::site::map::is_page_name_taken;

use crate::support::{Project, ok};

const SITE: &str = "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.example.org\n";
const SECTION: &str =
    "---\ntitle: About\n---\n\nSee [how we respond](incidents/#incidents--severity) and [us](imprint/).\n";
const INCIDENTS: &str = "---\ntitle: Incident response\nsummary: How we respond.\n---\n\n\
    Back [home](/), to [about](#about), to [levels](#severity) and [who we are](imprint/).\n\n## Severity\n\nHigh or low.\n";
const IMPRINT: &str = "---\ntitle: Imprint\nnav: footer\nshow: contacts\n---\n";
const CONTACTS: &str = "contacts:\n  privacy: privacy@example.com\n";

fn project() -> Project {
    Project::empty()
        .file("content/site.yaml", format!("{SITE}{CONTACTS}"))
        .file("content/sections/10-about.md", SECTION)
        .file("content/pages/imprint.md", IMPRINT)
        .file("content/pages/incidents.md", INCIDENTS)
}

fn release(project: &Project, date: &str) {
    ok(project, &["release", "-m", "A release.", "--date", date, "--as-of", date]);
}

fn problems(project: &Project) -> String {
    let run = project.run(["check"]);
    assert_ne!(run.code, Some(2), "{}", run.stderr);
    run.stdout + &run.stderr
}

#[test]
fn pages_are_built_frozen_and_compared() {
    let project = project();
    release(&project, "2026-05-01");
    let record: serde_json::Value =
        serde_json::from_str(&project.read("content/releases/2026-05-01.json")).expect("JSON");
    let pages = record["disclosure"]["pages"].as_array().expect("pages");
    assert_eq!(pages.iter().map(|page| &page["id"]).collect::<Vec<_>>(), ["imprint", "incidents"]);
    assert_eq!(pages[0]["nav"], "footer");
    assert!(pages[1].get("nav").is_none(), "the default is written");
    let keys: Vec<&String> = record["disclosure"].as_object().expect("a disclosure").keys().collect();
    let at = |key: &str| keys.iter().position(|other| *other == key).expect("a key");
    assert_eq!(at("pages"), at("sections") + 1);
    ok(&project, &["verify"]);

    ok(&project, &["build", "--no-compress"]);
    let page = project.read("dist/incidents/index.html");
    for expected in [
        "<h1>Incident response</h1>",
        "content=\"How we respond.\"",
        "<link rel=\"canonical\" href=\"https://trust.example.org/incidents/\">",
        "<h2 id=\"incidents--severity\"",
        "href=\"#incidents--severity\"",
        "href=\"../imprint/\"",
        // The trust page has the anchor.
        "href=\"../#about\"",
        "<a href=\"../incidents/\" aria-current=\"page\">Incident response</a>",
    ] {
        assert!(page.contains(expected), "no {expected} in {page}");
    }
    assert!(project.read("dist/imprint/index.html").contains("mailto:privacy@example.com"));
    let archived = project.read("dist/releases/2026-05-01/incidents/index.html");
    for expected in [
        // Links between pages stay inside the version.
        "href=\"../../../releases/2026-05-01/imprint/\"",
        "href=\"../../../releases/2026-05-01/#about\"",
        "href=\"../../../releases/2026-05-01/\">home</a>",
        "name=\"robots\" content=\"noindex\"",
    ] {
        assert!(archived.contains(expected), "no {expected} in {archived}");
    }
    let sitemap = project.read("dist/sitemap.xml");
    assert!(sitemap.contains("https://trust.example.org/incidents/<") && !sitemap.contains("2026-05-01/incidents"));
    let copy = project.read("dist/index.md");
    assert!(copy.contains("## [Incident response](https://trust.example.org/incidents/)"), "{copy}");
    assert!(copy.contains("(https://trust.example.org/incidents/#incidents--severity)"), "{copy}");
    assert!(copy.contains("(https://trust.example.org/#about)"), "{copy}");
    assert!(project.read("dist/llms.txt").contains("[Incident response](https://trust.example.org/incidents/)"));

    // A change of a page is a change of the disclosure, which a release announces.
    let edited = INCIDENTS.replace("High or low.", "High, medium or low.");
    let project = project.file("content/pages/incidents.md", edited);
    assert_eq!(project.run(["build"]).code, Some(1));
    let shown = project.run(["diff"]).stdout;
    assert!(shown.contains("Incident response") && shown.contains("medium"), "{shown}");
    release(&project, "2026-05-20");
    ok(&project, &["build", "--no-compress"]);
    assert!(project.read("dist/feed.xml").contains("Incident response"));
    assert!(project.read("dist/releases/2026-05-01/incidents/index.html").contains("High or low."));
    assert!(project.read("dist/releases/2026-05-20/incidents/index.html").contains("High, medium or low."));

    // A page that is gone stays in the archive.
    let project = project
        .without("content/pages/incidents.md")
        .file("content/sections/10-about.md", "---\ntitle: About\n---\n\nText.\n");
    release(&project, "2026-05-22");
    ok(&project, &["build", "--no-compress"]);
    assert!(!project.path("dist/incidents/index.html").exists());
    assert!(project.path("dist/releases/2026-05-20/incidents/index.html").exists());
}

#[test]
fn a_page_shows_every_list_and_owns_its_anchors() {
    let project = Project::empty()
        .file("content/site.yaml", format!("{SITE}{CONTACTS}"))
        .file("content/sections/10-about.md", "---\ntitle: About\n---\n\n[Answer](questions/#faq-a)\n")
        .file("content/data/faq.yaml", "- id: a\n  question: Q?\n  answer: See [about](#about) and [this](#faq-a).\n")
        .file(
            "content/data/certifications.yaml",
            "- id: iso\n  framework: ISO/IEC 27001\n  status: active\n  valid_from: 2026-01-01\n  valid_until: 2028-12-31\n  document: cert\n",
        )
        .file("content/data/documents.yaml", "- id: cert\n  title: Certificate\n  url: https://example.com/cert\n")
        .file("content/data/controls.yaml", "- id: mfa\n  title: MFA\n")
        .file("content/data/commitments.yaml", "- id: sla\n  plan: All\n  commitment: 99.9 %\n")
        .file("content/data/subprocessors.yaml", "- id: mail\n  name: Mail\n  purpose: Mail\n  data_categories: [A]\n");
    let shows = [
        ("questions", "faq"),
        ("certificates", "certifications"),
        ("papers", "documents"),
        ("measures", "controls"),
        ("promises", "commitments"),
        ("providers", "subprocessors"),
        ("log", "changelog"),
        ("yours", "schedule"),
        ("people", "contacts"),
    ];
    let project = shows.iter().fold(project, |project, (name, show)| {
        project.file(&format!("content/pages/{name}.md"), format!("---\ntitle: The {name}\nshow: {show}\n---\n"))
    });
    assert!(!problems(&project).contains("error"), "{}", problems(&project));
    release(&project, "2026-05-22");
    ok(&project, &["build", "--no-compress"]);
    for (name, _) in shows {
        let page = project.read(&format!("dist/{name}/index.html"));
        assert!(page.contains("id=\"ui--list\""), "{name} shows nothing: {page}");
    }
    let questions = project.read("dist/questions/index.html");
    assert!(questions.contains("href=\"../#about\"") && questions.contains("href=\"#faq-a\""), "{questions}");
    let certificates = project.read("dist/certificates/index.html");
    assert!(certificates.contains("href=\"../papers/#document-cert\""), "{certificates}");
    let archived = project.read("dist/releases/2026-05-22/certificates/index.html");
    assert!(archived.contains("href=\"../../../releases/2026-05-22/papers/#document-cert\""), "{archived}");
}

#[test]
fn reports_links_and_anchors_that_do_not_exist() {
    for (text, expected) in [
        ("[a](imprint/#nope)", "there is no anchor `#nope` on the page"),
        ("[a](#nope)", "there is no anchor `#nope` on the page"),
        ("[a](imprit/)", "did you mean `imprint/`?"),
        ("[a](incidents/#incidents--severitty)", "did you mean `#incidents--severity`?"),
    ] {
        let project = project().file("content/pages/other.md", format!("---\ntitle: Other\n---\n\n{text}\n"));
        let found = problems(&project);
        assert!(found.contains(expected) && found.contains("content/pages/other.md:5:"), "{text}: {found}");
    }
    // The same id on two pages is no conflict.
    let project = project()
        .file("content/sections/20-imprint.md", "---\ntitle: Who we are\n---\n\n## Severity\n")
        .file("content/pages/about.md", "---\ntitle: More\n---\n\n## Severity\n");
    assert!(!problems(&project).contains("id-taken"), "{}", problems(&project));
}

#[test]
fn addresses_of_candor_and_of_translations_are_refused() {
    for name in [
        "subprocessors",
        "changelog",
        "schedule",
        "compare",
        "subscribe",
        "releases",
        "schema",
        "feed",
        "assets",
        "documents",
        "notices",
        "404",
        "index",
        "de",
        "pt-br",
        "functions",
        "netlify",
        "cgi-bin",
        "home",
        "default",
    ] {
        assert!(is_page_name_taken(name), "{name}");
        let project = project().file(&format!("content/pages/{name}.md"), "---\ntitle: Other\n---\n\nText.\n");
        let found = problems(&project);
        assert!(found.contains("error[page-name-taken]"), "{name}: {found}");
        assert_eq!(project.run(["build", "--draft"]).code, Some(1), "{name}");
    }
    for name in ["imprint", "security", "gdpr", "trust", "subprocessor", "sub-processors", "faq", "legal-notice"] {
        assert!(!is_page_name_taken(name), "{name}");
    }
}

#[test]
fn files_at_the_address_of_a_page_are_refused() {
    for path in [
        "root/imprint/index.html",
        "root/imprint.html",
        "root/Imprint.htm",
        "root/imprint/default.aspx",
        "root/imprint",
    ] {
        let found = problems(&project().file(&format!("static/{path}"), "<p>Other</p>"));
        assert!(found.contains("error[page-name-taken]"), "{path}: {found}");
        assert!(found.contains(&format!("static/{path}")), "{path}: {found}");
    }
    for path in ["root/imprints.html", "root/imprint.pdf", "root/imprint/map.png", "root/legal/imprint.html"] {
        let found = problems(&project().file(&format!("static/{path}"), "<p>Other</p>"));
        assert!(!found.contains("page-name-taken"), "{path}: {found}");
    }
}

#[test]
fn front_matter_and_names_are_checked() {
    for (name, text, expected) in [
        ("Imprint.md", "---\ntitle: A\n---\n", "rename the file to `imprint.md`"),
        ("über uns.md", "---\ntitle: A\n---\n", "cannot be the address of a page"),
        ("a.md", "text", "this page has no front matter"),
        ("a.md", "---\nsummary: A\n---\n", "`title` is missing"),
        ("a.md", "---\ntitle: A\nid: b\n---\n", "unknown field `id`"),
        ("a.md", "---\ntitle: A\nnav: head\n---\n", "did you mean `header`?"),
        ("a.md", "---\ntitle: A\nshow: page\n---\n", "`show` cannot be `page`"),
        ("a.txt", "---\ntitle: A\n---\n", "page files end in .md"),
        ("a.md", "---\ntitle: A\n---\n\n[x](javascript:alert)", "javascript"),
    ] {
        let found = problems(&project().file(&format!("content/pages/{name}"), text));
        assert!(found.contains(expected) && found.contains(&format!("content/pages/{name}")), "{name}: {found}");
    }
}
