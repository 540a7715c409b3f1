//! Every link that candor writes into a page points to an existing file of the site and an existing anchor in it.

use std::collections::{BTreeMap, BTreeSet};

use candor::model::Date;
use candor::pipeline::{BuildRequest, build_site};
use candor::project;
use scraper::{Html, Selector};

use crate::support::Project;

const SITE: &str = "title: Trust\nbase_url: https://trust.example.org/center\norganization:\n  name: Example\n\
    contacts:\n  security: security@example.com\ntheme:\n  logo: img/our logo 100%.svg\n";

const CONTROLS: &str = "\
- {id: tls, title: TLS, evidence: report}
- {id: keys, title: Keys, evidence: policy}
- {id: audits, title: Audits, evidence: letter}
- {id: people, title: People, evidence: secret}
- {id: web, title: Web, evidence: 'https://www.example.org/status'}
";

const CERTIFICATIONS: &str = "\
- {id: iso, framework: ISO/IEC 27001, document: report}
- {id: soc, framework: SOC 2, document: letter}
";

const DOCUMENTS: &str = "\
- {id: report, title: Report, file: 'documents/Report (2026) 100% & more.pdf'}
- {id: policy, title: Policy, url: 'https://www.example.org/policy'}
- {id: letter, title: Letter, access: request}
- {id: secret, title: Secret, access: nda}
";

const SUBPROCESSORS: &str = "\
- {id: old, name: Old, purpose: Mail, data_categories: [Address], ends: 2026-01-31}
- {id: new, name: New, purpose: Mail, data_categories: [Address], replaces: old}
- {id: other, name: Other, purpose: Pay, data_categories: [Card], replaces: old, condition: {when: enabled, feature: Pay}}
";

/// A custom row with the link to the replaced subprocessor, which the built-in row omits.
const ROW: &str = "<tr id=\"{{ item.id }}\"><td>{% if item.replaces and item.replaces.href %}<a href=\"{{ item.replaces.href }}\">\
    {{ item.replaces.text }}</a>{% endif %}</td></tr>";

fn section(project: Project, name: &str, show: &str) -> Project {
    let text = format!("---\ntitle: {show}\nshow: {show}\n---\n\nText.\n");
    project.file(&format!("content/sections/{name}-{show}.md"), text)
}

/// The file of the document.
const REPORT: &[u8] = b"%PDF";

/// Creates a project with lists. The trust page shows those in `shown`.
fn project(shown: &[&str]) -> Project {
    let project = Project::empty()
        .file("content/site.yaml", SITE)
        .file("content/data/controls.yaml", CONTROLS)
        .file("content/data/certifications.yaml", CERTIFICATIONS)
        .file("content/data/documents.yaml", DOCUMENTS)
        .file("content/data/subprocessors.yaml", SUBPROCESSORS)
        .file("static/documents/Report (2026) 100% & more.pdf", REPORT)
        .file("static/img/our logo 100%.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    shown.iter().enumerate().fold(project, |project, (at, show)| section(project, &format!("{}", at + 10), show))
}

/// Builds a project's site and returns its files by path.
fn site(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let as_of = "2026-05-22".parse::<Date>().expect("a date");
    let request = BuildRequest { draft: true, ..BuildRequest::new(as_of) };
    let built = build_site(&project::Project::at(project.root()), &request);
    let built = built.unwrap_or_else(|report| panic!("{report:#?}"));
    let bytes = |artifact: &candor::site::Artifact| artifact.body.bytes().expect("a file").to_vec();
    built.site.iter().map(|(path, artifact)| (path.to_string(), bytes(artifact))).collect()
}

/// Returns the broken links of a site's pages, as `PAGE: LINK`.
fn broken_links(site: &BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    const BASE: &str = "https://trust.example.org/center/";
    let links = Selector::parse("[href], [src], [data-record]").expect("a selector");
    let ids = Selector::parse("[id]").expect("a selector");
    let pages: BTreeMap<&str, Html> = site
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), Html::parse_document(std::str::from_utf8(bytes).expect("UTF-8"))))
        .collect();
    let anchors: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, html)| (*path, html.select(&ids).filter_map(|element| element.attr("id")).collect()))
        .collect();
    let mut broken_links = BTreeSet::new();
    let mut checked = 0;
    for (path, html) in &pages {
        let page_url = url::Url::parse(BASE).and_then(|base| base.join(path)).expect("an address");
        for element in html.select(&links) {
            for name in ["href", "src", "data-record"] {
                let Some(link) = element.attr(name) else { continue };
                let target = page_url.join(link).unwrap_or_else(|error| panic!("{path}: {link}: {error}"));
                if !matches!(target.scheme(), "http" | "https") || target.host_str() != page_url.host_str() {
                    continue;
                }
                let encoded = target.path().strip_prefix("/center/").unwrap_or("../");
                let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().expect("UTF-8");
                let file = match decoded.is_empty() || decoded.ends_with('/') {
                    true => format!("{decoded}index.html"),
                    false => decoded.into_owned(),
                };
                let exists = match target.fragment() {
                    _ if !site.contains_key(&file) => false,
                    None | Some("") => true,
                    Some(anchor) => anchors.get(file.as_str()).is_some_and(|anchors| anchors.contains(anchor)),
                };
                checked += 1;
                if !exists {
                    broken_links.insert(format!("{path}: {link}"));
                }
            }
        }
    }
    assert!(checked > 50, "only {checked} links checked");
    broken_links
}

const LISTS: [&str; 6] = ["controls", "certifications", "documents", "subprocessors", "changelog", "schedule"];

#[test]
fn links_resolve_when_any_list_is_left_out() {
    for left_out in LISTS {
        let shown: Vec<&str> = LISTS.into_iter().filter(|list| *list != left_out).collect();
        let project = project(&shown).file("templates/lists/subprocessor.html", ROW);
        assert_eq!(broken_links(&site(&project)), BTreeSet::new(), "a draft without {left_out}");
        assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
        assert_eq!(broken_links(&site(&project)), BTreeSet::new(), "without {left_out}");
    }
}

#[test]
fn links_unlisted_documents_directly() {
    let hrefs = |shown: &[&str], page: &str, item: &str| {
        let project = project(shown);
        assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
        let site = site(&project);
        let path = site.keys().find(|path| path.starts_with(page) && path.ends_with("index.html")).expect("a page");
        let html = Html::parse_document(std::str::from_utf8(&site[path]).expect("UTF-8"));
        let link = Selector::parse(&format!("#{item} .meta a")).expect("a selector");
        html.select(&link).filter_map(|link| link.attr("href").map(str::to_owned)).collect::<Vec<_>>()
    };
    let listed = ["controls", "certifications", "documents"];
    assert_eq!(hrefs(&listed, "index", "tls"), ["#document-report"]);
    assert_eq!(hrefs(&listed, "releases/", "iso"), ["#document-report"]);
    let lists = &listed[..2];
    let file = "documents/Report%20%282026%29%20100%25%20%26%20more.pdf";
    assert_eq!(hrefs(lists, "index", "tls"), [format!("./{file}")]);
    let bound = |bytes: &[u8]| format!("releases/files/{}", candor::model::Digest::of(bytes));
    let name = file.strip_prefix("documents/").expect("a document");
    assert_eq!(hrefs(lists, "releases/", "iso"), [format!("../../{}/{name}", bound(REPORT))]);
    assert_eq!(hrefs(lists, "index", "keys"), ["https://www.example.org/policy"]);
    let request = hrefs(lists, "index", "soc");
    assert!(
        matches!(request.as_slice(), [one] if one.starts_with("mailto:security@example.com?subject=")),
        "{request:?}"
    );
    assert_eq!(hrefs(lists, "index", "web"), ["https://www.example.org/status"]);
}

#[test]
fn unavailable_document_has_no_link() {
    let project = project(&["controls"]).file("content/site.yaml", "title: Trust\norganization:\n  name: Example\n");
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let html = String::from_utf8(site(&project)["index.html"].clone()).expect("UTF-8");
    assert!(html.contains("<span>Letter</span>") && !html.contains("href=\"\""), "{html}");
}

#[test]
fn archived_pages_link_to_the_documents_of_their_release() {
    let project = project(&["documents"]);
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let site = site(&project);
    let (_, page) =
        site.iter().find(|(path, _)| path.starts_with("releases/") && path.ends_with(".html")).expect("a page");
    let page = std::str::from_utf8(page).expect("UTF-8");
    let digest = candor::model::Digest::of(REPORT);
    let href = format!("href=\"../../releases/files/{digest}/Report%20%282026%29%20100%25%20%26%20more.pdf\"");
    assert!(page.contains(&href), "{page}");
}

#[test]
fn links_to_paged_change_log_name_the_page_of_the_entry() {
    let shown = ["subprocessors", "changelog"];
    // Subprocessors are added and removed, so that the log links to both current and removed rows.
    let project = project(&shown).released(106, |at, disclosure| {
        disclosure.description = Some(format!("Release {at}"));
        if at % 3 == 0 {
            disclosure.subprocessors.pop();
        }
    });
    let site = site(&project);
    assert_eq!(broken_links(&site), BTreeSet::new());
    let first = site.keys().find(|path| path.starts_with("releases/") && path.ends_with(".html")).expect("a page");
    let page = String::from_utf8(site[first].clone()).expect("UTF-8");
    assert!(page.contains("href=\"../../changelog/2025/#v2025-09-01\""), "{page}");
}

#[test]
fn draft_keeps_rows_of_removed_subprocessors_that_the_log_links_to() {
    let project = project(&["subprocessors", "changelog"]).released(3, |at, disclosure| {
        disclosure.description = Some(format!("Release {at}"));
    });
    let project = project.file("content/data/subprocessors.yaml", SUBPROCESSORS.lines().next().expect("a line"));
    let site = site(&project);
    assert_eq!(broken_links(&site), BTreeSet::new());
    let page = String::from_utf8(site["index.html"].clone()).expect("UTF-8");
    assert!(
        page.contains("href=\"./subprocessors/#other\""),
        "the draft does not list the removed subprocessor: {page}"
    );
}
