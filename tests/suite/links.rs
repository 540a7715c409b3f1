//! Every link that candor writes points to an existing file of the site and an existing anchor in it, also when parts come and go.

use std::collections::{BTreeMap, BTreeSet};

use candor::model::Date;
use candor::pipeline::{BuildRequest, build_site};
use candor::project;
use proptest::prelude::*;
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

/// The date of the first release.
fn first() -> Date {
    "2026-05-22".parse().expect("a date")
}

/// Builds a project's site as of the date of its first release, and returns its files by path.
fn site(project: &Project) -> BTreeMap<String, Vec<u8>> {
    site_on(project, first())
}

/// Builds a project's site as of a date, and returns its files by path.
fn site_on(project: &Project, as_of: Date) -> BTreeMap<String, Vec<u8>> {
    let request = BuildRequest { draft: true, ..BuildRequest::new(as_of) };
    let built = build_site(&project::Project::at(project.root()), &request);
    let built = built.unwrap_or_else(|report| panic!("{report:#?}"));
    let bytes = |artifact: &candor::site::Artifact| artifact.body.bytes().expect("a file").to_vec();
    built.site.iter().map(|(path, artifact)| (path.to_string(), bytes(artifact))).collect()
}

/// Returns the broken links of a site's files, as `FILE: LINK`.
fn broken_links(site: &BTreeMap<String, Vec<u8>>) -> BTreeSet<String> {
    let (broken, checked) = resolve("https://trust.example.org/center/", site);
    assert!(checked > 50, "only {checked} links checked");
    broken
}

/// Resolves the links of a site's pages, feeds and Markdown files as a browser does. Returns the broken ones, as `FILE: LINK`, and
/// how many there are in all.
fn resolve(base: &str, site: &BTreeMap<String, Vec<u8>>) -> (BTreeSet<String>, usize) {
    let base = url::Url::parse(base).expect("an address");
    let text = |path: &str| std::str::from_utf8(&site[path]).expect("UTF-8");
    let pages: BTreeMap<&str, Html> = site
        .keys()
        .filter(|path| path.ends_with(".html"))
        .map(|path| (path.as_str(), Html::parse_document(text(path))))
        .collect();
    let anchors: BTreeMap<&str, BTreeSet<String>> = pages.iter().map(|(path, html)| (*path, ids(html))).collect();
    let mut links: Vec<(&str, String)> = Vec::new();
    let mut broken = BTreeSet::new();
    for (path, html) in &pages {
        links.extend(addresses(html).into_iter().map(|address| (*path, address)));
    }
    for path in site.keys().filter(|path| path.starts_with("feed") && path.ends_with(".json")) {
        let feed: serde_json::Value = serde_json::from_str(text(path)).expect("JSON");
        for item in feed["items"].as_array().expect("items") {
            let content = Html::parse_fragment(item["content_html"].as_str().expect("HTML"));
            let (own, known) = (addresses(&content), ids(&content));
            let missing =
                own.iter().filter(|link| link.strip_prefix('#').is_some_and(|anchor| !known.contains(anchor)));
            broken.extend(missing.map(|link| format!("{path}: {link}")));
            links.extend(own.into_iter().filter(|link| !link.starts_with('#')).map(|link| (path.as_str(), link)));
            links.extend(item["url"].as_str().map(|link| (path.as_str(), link.to_owned())));
        }
    }
    for path in ["index.md", "llms.txt"] {
        for event in pulldown_cmark::Parser::new(text(path)) {
            use pulldown_cmark::{Event, Tag};
            if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
                links.push((path, dest_url.into_string()));
            }
        }
    }
    for (path, link) in &links {
        let target = base.join(path).and_then(|file| file.join(link));
        let target = target.unwrap_or_else(|error| panic!("{path}: {link}: {error}"));
        if !matches!(target.scheme(), "http" | "https") || target.host_str() != base.host_str() {
            continue;
        }
        let encoded = target.path().strip_prefix(base.path()).unwrap_or("../");
        let decoded = percent_encoding::percent_decode_str(encoded).decode_utf8().expect("UTF-8");
        let file = match decoded.is_empty() || decoded.ends_with('/') {
            true => format!("{decoded}index.html"),
            false => decoded.into_owned(),
        };
        let exists = match target.fragment() {
            _ if !site.contains_key(&file) => false,
            None | Some("") => true,
            Some(anchor) => anchors.get(file.as_str()).is_none_or(|anchors| anchors.contains(anchor)),
        };
        if !exists {
            broken.insert(format!("{path}: {link}"));
        }
    }
    (broken, links.len())
}

/// Returns the values of all attributes of a page that contain an address.
fn addresses(html: &Html) -> Vec<String> {
    let links = Selector::parse("[href], [src], [data-record]").expect("a selector");
    let attributes = ["href", "src", "data-record"];
    let all = html.select(&links).flat_map(|element| attributes.into_iter().filter_map(move |name| element.attr(name)));
    all.map(str::to_owned).collect()
}

fn ids(html: &Html) -> BTreeSet<String> {
    let ids = Selector::parse("[id]").expect("a selector");
    html.select(&ids).filter_map(|element| element.attr("id")).map(str::to_owned).collect()
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
        let link = Selector::parse(&format!("#{item} :is(.meta, .more-of) a")).expect("a selector");
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

/// Parts of a project that come and go: its files, by path and content.
const PARTS: [&[(&str, &str)]; 8] = [
    &[
        ("static/documents/dpa.pdf", "%PDF"),
        ("content/data/documents.yaml", "- {id: dpa, title: DPA, file: documents/dpa.pdf}\n"),
    ],
    &[("static/img/flow.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")],
    &[("content/sections/20-b.md", "---\ntitle: B\n---\n\n### Deep\n\nText.[^n]\n\n[^n]: A note.\n")],
    &[(
        "content/data/subprocessors.yaml",
        "- {id: s, name: S, purpose: P, data_categories: [C]}\n\
         - {id: t, name: T, purpose: P, data_categories: [C], ends: 2026-06-20}\n",
    )],
    &[("static/root/own.html", "<!DOCTYPE html><title>Own</title><p id=part>x</p><a href=\"./#content\">home</a>")],
    &[
        ("content/sections/30-c.md", "---\ntitle: Controls\nshow: controls\n---\n"),
        (
            "content/data/controls.yaml",
            "- {id: tls, title: TLS, description: '[up](#a)', evidence: 'https://a.example/'}\n",
        ),
    ],
    &[
        ("content/sections/40-d.md", "---\ntitle: Questions\nshow: faq\n---\n"),
        ("content/data/faq.yaml", "- {id: q, question: Q, answer: 'See [B](#b), [it](#faq-q) and [T](#t).'}\n"),
    ],
    &[
        ("content/sections/50-e.md", "---\ntitle: Subprocessors\nshow: subprocessors\n---\n"),
        ("content/pages/team.md", "---\ntitle: Team\n---\n\nSee [T](#t), [B](#b) and [here](#here).\n"),
    ],
];

/// Links of texts. Each may lead nowhere, depending on the parts that a project has or had.
const TEXTS: [&str; 23] = [
    "[d](documents/dpa.pdf#page=2)",
    "![i](img/flow.svg)",
    "[b](#b)",
    "[bd](#b--deep)",
    "[s](subprocessors/#s)",
    "[own](#here)",
    "[ah](/#a--here)",
    "[p](own.html#part)",
    "[pn](own.html#none)",
    "[c](#tls)",
    "[q](/#faq-q)",
    "[log](changelog/#v2026-05-22)",
    "[none](changelog/#none)",
    "[r](releases/2026-05-22/#b)",
    "[f](feed.xml)",
    "[x](compare/)",
    "[n](nowhere/)",
    "[sa](schedule/#annex)",
    "note[^n]",
    "[ref]\n\n[ref]: <documents/dpa.pdf>",
    "[t](#t)",
    "[tt](/#t)",
    "[st](subprocessors/#t)",
];

/// The names of the links in a text.
fn chosen(links: u32) -> impl Iterator<Item = &'static str> {
    TEXTS.into_iter().enumerate().filter(move |(at, _)| links >> at & 1 == 1).map(|(_, text)| text)
}

/// Changes the content of a project to these parts, with these links in its text.
fn edit(project: Project, parts: u8, links: u32, base: bool) -> Project {
    let mut project = project;
    for (at, files) in PARTS.iter().enumerate() {
        for (path, text) in *files {
            let exists = project.path(path).exists();
            project = match parts >> at & 1 == 1 {
                true => project.file(path, text),
                false if exists => project.without(path),
                false => project,
            };
        }
    }
    let lines: String = chosen(links).map(|text| format!("{text}\n\n")).collect();
    let text = format!("---\ntitle: A\n---\n\n### Here\n\n{lines}\n[^n]: A note.\n");
    let base = if base { "base_url: https://trust.example.org/center\n" } else { "" };
    // Content with links that lead nowhere can be released only if the publisher allows it.
    let rules = "rules: {broken-link: off, broken-anchor: off, file-not-found: off, file-unreferenced: off}\n";
    let site = format!("title: Trust\n{base}organization:\n  name: Example\n{rules}");
    project.file("content/site.yaml", site).file("content/sections/10-a.md", text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn links_resolve_after_any_sequence_of_edits_and_releases(
        steps in prop::collection::vec((any::<u8>(), any::<u32>(), any::<u32>(), prop::sample::select(vec![0, 1, 40])), 1..4),
        base: bool,
    ) {
        let mut project = Project::empty();
        let mut date = first();
        let root = if base { "https://trust.example.org/center/" } else { "https://trust.example.org/" };
        for (parts, links, summary, days) in steps {
            date = date.plus_days(days);
            project = edit(project, parts, links, base);
            let check = |project: &Project, date: Date, what: &str| {
                let (broken, checked) = resolve(root, &site_on(project, date));
                assert!(checked > 50, "only {checked} links checked");
                assert_eq!(broken, BTreeSet::new(), "{what}");
            };
            check(&project, date, "draft");
            // A release without changes is refused.
            let summary: Vec<&str> = chosen(summary).filter(|text| !text.contains("[^n]")).collect();
            let summary = format!("Changed.\n\n{}", summary.join("\n\n"));
            project.run(["release", "-m", &summary, "--as-of", &date.to_string()]);
            check(&project, date, "release");
            check(&project, date.plus_days(40), "release, later");
        }
    }
}

/// Whether a subprocessor has ended depends on the date, and content that was released stays as it is.
#[test]
fn links_to_a_subprocessor_that_has_ended_lead_to_its_former_entry() {
    let web = "https://trust.example.org/center/#going";
    for (list, linked) in [("content/sections/20-list.md", "/"), ("content/pages/vendors.md", "vendors/")] {
        let text = format!(
            "[a](#going) [b]({linked}#going) [c]({}) [d](subprocessors/#going)",
            web.replace('#', &format!("{}#", linked.trim_start_matches('/')))
        );
        let text = if linked == "/" { text } else { text.replace("[a](#going) ", "") };
        let project = Project::empty()
            .file("content/site.yaml", SITE.replace("theme:\n  logo: img/our logo 100%.svg\n", ""))
            .file("content/data/subprocessors.yaml", "- {id: stays, name: Stays, purpose: P, data_categories: [C]}\n\
                - {id: going, name: Going, purpose: P, data_categories: [C], announced: 2026-05-22, ends: 2026-07-20}\n")
            .file("content/sections/10-about.md", format!("---\ntitle: About\n---\n{text}\n"))
            .file("content/pages/team.md", format!("---\ntitle: Team\n---\n{text}\n"))
            .file(list, "---\ntitle: List\nshow: subprocessors\n---\nText.\n");
        assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
        for (date, is_former) in [("2026-07-20", false), ("2026-07-21", true), ("2027-07-21", true)] {
            let run = project.run(["build", "--as-of", date]);
            assert_eq!(run.code, Some(0), "{list} {date}: {run:?}");
            assert!(!run.stderr.contains("[link-gone]"), "{list} {date}: {run:?}");
            let links = text.matches("](").count();
            for (file, root) in [("index.html", "./"), ("team/index.html", "../"), ("index.md", "")] {
                let page = project.read(&format!("dist/{file}"));
                let to_former = page.matches(&format!("{root}subprocessors/#going")).count();
                match is_former {
                    true => assert!(to_former >= links, "{list} {date} {file}: {to_former} of {links}\n{page}"),
                    false => assert!(to_former < links, "{list} {date} {file}: {to_former} of {links}\n{page}"),
                }
                assert!(!page.contains("no longer available"), "{list} {date} {file}: {page}");
            }
            assert_eq!(
                broken_links(&site_on(&project, date.parse().expect("a date"))),
                BTreeSet::new(),
                "{list} {date}"
            );
        }
    }
}

/// An announced change can replace a text that has anchors.
#[test]
fn anchor_that_a_date_removes_is_a_note() {
    let project = Project::empty()
        .file("content/site.yaml", SITE.replace("theme:\n  logo: img/our logo 100%.svg\n", ""))
        .file("content/sections/10-about.md", "---\ntitle: About\n---\nSee [it](#commitments-breach--deep).\n")
        .file("content/sections/20-commitments.md", "---\ntitle: Commitments\nshow: commitments\n---\n")
        .file(
            "content/data/commitments.yaml",
            "- id: breach\n  plan: All\n  commitment: Notice\n  details: |\n    #### Deep\n\n    Text.\n  \
            upcoming: [{announced: 2026-05-22, effective: 2026-07-20, details: Other.}]\n",
        );
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let before = project.run(["build", "--as-of", "2026-07-19"]);
    assert!(before.code == Some(0) && !before.stderr.contains("[link-gone]"), "{before:?}");
    let after = project.run(["build", "--as-of", "2026-07-20"]);
    assert!(after.code == Some(0) && after.stderr.contains("[link-gone]"), "{after:?}");
    assert!(project.read("dist/index.html").contains("no longer available"));
}

/// The pages of a site with one release, as texts link to them.
const PAGES: [&str; 7] =
    ["", "subprocessors/", "changelog/", "schedule/", "compare/", "subscribe/", "releases/2026-05-22/"];

#[test]
fn rules_and_pages_have_the_same_anchors() {
    let base = project(&["subprocessors", "documents"]).file("content/sections/80-text.md", "---\ntitle: Text\n---\n");
    let released =
        project(&["subprocessors", "documents"]).file("content/sections/80-text.md", "---\ntitle: Text\n---\n");
    assert_eq!(released.run(["release", "-m", "First."]).code, Some(0));
    assert_eq!(released.run(["build"]).code, Some(0));
    let (mut existing, mut missing) = (String::new(), String::new());
    for page in PAGES {
        let html = Html::parse_document(&released.read(&format!("dist/{page}index.html")));
        // Only these are stable: content links to ids of sections and items, and not to parts of the theme.
        let stable = ["content", "new", "subprocessors", "document-report", "2026-05-22"];
        let ids = ids(&html);
        let anchors: Vec<&str> = stable.into_iter().filter(|id| ids.contains(*id)).collect();
        assert!(!anchors.is_empty(), "{page}");
        for anchor in anchors {
            let encoded = format!("%{:02X}{}", anchor.as_bytes()[0], &anchor[1..]);
            for address in [
                format!("/{page}#{anchor}"),
                format!("/{page}#{encoded}"),
                format!("https://trust.example.org/center/{page}#{anchor}"),
            ] {
                existing += &format!("[x]({address})\n");
            }
        }
        for address in [
            format!("/{page}#nope"),
            format!("/{page}#n%6Fpe"),
            format!("https://trust.example.org/center/{page}#nope"),
        ] {
            missing += &format!("[x]({address})\n");
        }
    }
    missing += "[x](https://trust.example.org/center/nope.pdf)\n";
    let section = |links: &str| format!("---\ntitle: Text\n---\n\n{links}");
    let good = base.file("content/sections/80-text.md", section(&existing));
    let check = good.run(["check"]);
    assert!(!check.stderr.contains("[broken-"), "{}", check.stderr);
    assert_eq!(good.run(["release", "-m", "First."]).code, Some(0));
    assert_eq!(good.run(["build"]).code, Some(0));
    let page = good.read("dist/index.html");
    assert!(!page.contains("no longer available"), "{page}");

    let bad = project(&["subprocessors", "documents"]).file("content/sections/80-text.md", section(&missing));
    let check = bad.run(["check"]);
    assert_eq!(check.code, Some(1), "{check:?}");
    assert_eq!(check.stderr.matches("error[broken-anchor]").count(), 3 * PAGES.len(), "{}", check.stderr);
    assert_eq!(check.stderr.matches("error[broken-link]").count(), 1, "{}", check.stderr);
    assert!(check.stderr.contains("content/sections/80-text.md:"), "{}", check.stderr);
    let summaries = project(&["subprocessors", "documents"]);
    for page in PAGES {
        let run = summaries.run(["release", "-m", &format!("[x](/{page}#nope)")]);
        assert!(run.code == Some(1) && run.stderr.contains("error[broken-anchor]"), "{page}: {run:?}");
    }
    assert!(!summaries.path("content/releases").exists());
}
