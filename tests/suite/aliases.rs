//! Aliases: conventional addresses lead to the page, section or file that exists, in pages and in the redirects of hosts.

use candor::model::Date;
use candor::pipeline::{BuildRequest, SiteBuild, build_site};
use candor::project;

use crate::support::Project;

const SITE: &str = "title: Trust\norganization:\n  name: Example\ncontacts: {privacy: privacy@example.com}\n";
const BASE: &str = "base_url: https://example.org/trust/\n";
const SECTIONS: [(&str, &str); 3] = [("controls", "controls"), ("proof", "certifications"), ("papers", "documents")];
const CONTROLS: &str = "- id: encryption\n  title: Encryption\n  status: implemented\n";
const CERTIFICATIONS: &str = "- id: iso\n  framework: ISO 27001\n  status: active\n";

fn project(site: &str, documents: &str) -> Project {
    let project = Project::empty()
        .file("content/site.yaml", [SITE, site].concat())
        .file("content/data/controls.yaml", CONTROLS)
        .file("content/data/certifications.yaml", CERTIFICATIONS)
        .file("content/data/documents.yaml", documents);
    SECTIONS.iter().fold(project, |project, (name, show)| {
        let text = format!("---\ntitle: About {name}\nshow: {show}\n---\n\nText.\n");
        project.file(&format!("content/sections/10-{name}.md"), text)
    })
}

fn made(project: &Project) -> SiteBuild {
    let made = unchecked(project);
    assert!(!made.check_links().has_errors(), "{:#?}", made.check_links());
    made
}

fn unchecked(project: &Project) -> SiteBuild {
    let as_of: Date = "2026-05-22".parse().expect("a date");
    let request = BuildRequest { draft: true, ..BuildRequest::new(as_of) };
    let made = build_site(&project::Project::at(project.root()), &request);
    made.unwrap_or_else(|report| panic!("{report:#?}"))
}

fn text(made: &SiteBuild, path: &str) -> Option<String> {
    let bytes = made.site.get(path)?.body.bytes().expect("the bytes").into_owned();
    Some(String::from_utf8(bytes).expect("UTF-8"))
}

/// Returns the lines of `_redirects` as pairs.
fn redirects(made: &SiteBuild) -> Vec<(String, String)> {
    let text = text(made, "_redirects").unwrap_or_default();
    let pair = |line: &str| {
        let parts: Vec<&str> = line.split(' ').collect();
        assert!(matches!(parts.as_slice(), [_, _, "302"]), "{line}");
        (parts[0].to_owned(), parts[1].to_owned())
    };
    text.lines().map(pair).collect()
}

fn target(made: &SiteBuild, from: &str) -> Option<String> {
    redirects(made).into_iter().find(|(path, _)| path == from).map(|(_, to)| to)
}

const FILE: &str = "- {id: dpa, title: DPA, kind: dpa, file: documents/the dpa.pdf}\n";
const REQUEST: &str = "- {id: dpa, title: DPA, kind: dpa, access: request}\n";
const OTHER: &str = "- {id: terms, title: Terms, kind: terms, access: request}\n";

#[test]
fn aliases_lead_to_what_exists() {
    let with_file = made(&project("", FILE).file("static/documents/the dpa.pdf", "%PDF"));
    for (from, to) in [
        ("/sub-processors", "/subprocessors/"),
        ("/legal/subprocessors", "/subprocessors/"),
        ("/dpa", "/documents/the%20dpa.pdf"),
        ("/legal/dpa", "/documents/the%20dpa.pdf"),
        ("/security", "/#controls"),
        ("/compliance", "/#proof"),
        ("/change-log", "/changelog/"),
        ("/trust", "/"),
    ] {
        assert_eq!(target(&with_file, from).as_deref(), Some(to), "{from}");
    }
    assert_eq!(target(&with_file, "/faq"), None);
    assert_eq!(target(&made(&project("", REQUEST)), "/dpa").as_deref(), Some("/#document-dpa"));
    assert_eq!(target(&made(&project("", OTHER)), "/dpa"), None);
}

#[test]
fn hosts_and_pages_agree_below_the_base_path() {
    let made = made(&project(BASE, REQUEST));
    let azure: serde_json::Value =
        serde_json::from_str(&text(&made, "staticwebapp.config.json").expect("the file")).expect("JSON");
    let routes = azure["routes"].as_array().expect("routes");
    let nginx = text(&made, "redirects.nginx.conf").expect("the file");
    let all = redirects(&made);
    assert!(all.len() >= 10, "{all:?}");
    for (from, to) in all {
        let (path, inner) =
            (from.strip_prefix("/trust/").expect("a path"), to.strip_prefix("/trust/").expect("a path"));
        let route = routes.iter().find(|route| route["route"] == from.as_str()).expect("a route");
        assert_eq!((&route["redirect"], &route["statusCode"]), (&to.as_str().into(), &302.into()), "{from}");
        for from in [from.clone(), format!("{from}/")] {
            let line = format!("location = {from} {{ absolute_redirect off; return 302 \"{to}\"; }}\n");
            assert!(nginx.contains(&line), "{from}: {nginx}");
        }
        let page = text(&made, &format!("{path}/index.html")).expect("a page");
        let link = format!("{}{inner}", "../".repeat(path.split('/').count()));
        assert!(page.contains(&format!("<a href=\"{link}\">")), "{page}");
        assert!(page.contains(&format!("<meta http-equiv=\"refresh\" content=\"0; url={link}\">")), "{page}");
        assert!(page.contains(&format!("<link rel=\"canonical\" href=\"https://example.org{to}\">")), "{page}");
        assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{page}");
    }
}

#[test]
fn pages_and_files_of_the_publisher_replace_aliases() {
    let own = project("", FILE)
        .file("static/documents/the dpa.pdf", "%PDF")
        .file("content/pages/security.md", "---\ntitle: Security\n---\n\nText.\n")
        .file("static/root/compliance.html", "<p>Ours</p>")
        .file("static/root/legal/dpa/index.html", "<p>Ours</p>")
        .file("static/root/trust", "ours")
        .file("static/root/_redirects", "/old /\n");
    let made = made(&own);
    assert_eq!(text(&made, "_redirects").as_deref(), Some("/old /\n"));
    assert_eq!(text(&made, "legal/dpa/index.html").as_deref(), Some("<p>Ours</p>"));
    assert!(text(&made, "security/index.html").expect("a page").contains("<h1"));
    let nginx = text(&made, "redirects.nginx.conf").expect("the file");
    for taken in ["/security ", "/compliance ", "/legal/dpa ", "/trust "] {
        assert!(!nginx.contains(&format!("location = {taken}")), "{taken}: {nginx}");
    }
    assert!(nginx.contains("location = /dpa "), "{nginx}");
    assert!(made.site.get("compliance/index.html").is_none() && made.site.get("trust/index.html").is_none());
}

#[test]
fn settings_turn_aliases_off_and_add_more() {
    let off = made(&project("aliases: false\n", REQUEST));
    for path in ["_redirects", "redirects.nginx.conf", "dpa/index.html", "sub-processors/index.html"] {
        assert!(off.site.get(path).is_none(), "{path}");
    }
    let own = "aliases:\n  security: '#proof'\n  /legal/list/: subprocessors/\n";
    let own = made(&project(own, REQUEST));
    assert_eq!(target(&own, "/security").as_deref(), Some("/#proof"));
    assert_eq!(target(&own, "/legal/list").as_deref(), Some("/subprocessors/"));
    assert_eq!(target(&own, "/sub-processors").as_deref(), Some("/subprocessors/"));
}

#[test]
fn check_reports_taken_addresses_and_missing_targets() {
    for (alias, code, message) in [
        ("subprocessors: /", "page-name-taken", "an alias cannot have the address `/subprocessors`, which is reserved"),
        ("releases/new: /", "page-name-taken", "`/releases/new`, which is reserved"),
        ("Legal: /", "page-name-taken", "which has characters other than lowercase letters, digits and hyphens"),
        ("imprint: /", "page-name-taken", "which is that of a page"),
        ("legal: /", "page-name-taken", "which is that of the file `legal.html`"),
        ("terms: terms/", "broken-link", "there is no page or file `terms/` on the site"),
        ("terms: dpa/", "broken-link", "there is no page or file `dpa/` on the site"),
        ("terms: 'https://example.com/'", "broken-link", "there is no page or file `https://example.com/` on the site"),
        ("terms: '#nosuch'", "broken-anchor", "there is no anchor `#nosuch` on the page"),
    ] {
        let project = project(&format!("aliases:\n  {alias}\n"), REQUEST)
            .file("content/pages/imprint.md", "---\ntitle: Imprint\n---\n\nText.\n")
            .file("static/root/legal.html", "<p>Ours</p>");
        let run = project.run(["check"]);
        assert!(run.stderr.contains(&format!("error[{code}]")) && run.stderr.contains(message), "{alias}: {run:?}");
        assert!(run.stderr.contains("content/site.yaml:6:"), "{alias}: {run:?}");
    }
}

#[test]
fn a_theme_without_the_anchor_gets_the_page() {
    let plain = project("", REQUEST).file(
        "templates/partials/sections.html",
        "{% for section in sections %}<h2>{{ section.title }}</h2>{% endfor %}",
    );
    // The contents still link to the sections.
    let made = unchecked(&plain);
    assert_eq!(target(&made, "/security").as_deref(), Some("/"));
    assert_eq!(target(&made, "/dpa").as_deref(), Some("/"));
}
