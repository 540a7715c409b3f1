//! The map of the site's URLs matches built sites: each file of a site is described by exactly one row of the map, each
//! address that the map promises exists, and headers, the sitemap and `noindex` follow from the row.

use std::collections::{BTreeMap, BTreeSet};

use candor::check::{self, Facts};
use candor::diagnostic::Severity;
use candor::formats::headers::for_path;
use candor::model::Date;
use candor::pipeline::{BuildRequest, SiteBuild, build_site};
use candor::project;
use candor::site::map::{self, ADDRESSES, Kind, Owner, PageKind, Phase, Sharing, When};
use candor::site::{Cache, SiteFacts, SitePath};
use proptest::prelude::*;
use scraper::{Html, Selector};

use crate::support::Project;

const SITE: &str = "title: Trust\norganization:\n  name: Example\n";
const SECURITY: &str = "contacts:\n  security: security@example.com\nsecurity_txt:\n  expires: 2027-01-01\n";
const BASE: &str = "base_url: https://trust.example.org\n";
/// Files in `static/` whose media types are set in `site.yaml`.
const MEDIA_TYPES: &str = "media_types:\n  .vsdx: application/vnd.visio\n  -signed.json: application/jose+json\n";
const TYPED: [(&str, &str); 2] =
    [("documents/data flows.vsdx", "application/vnd.visio"), ("documents/list-signed.json", "application/jose+json")];
const LIST: &str = "- id: mail\n  name: Mail\n  purpose: Sends mail\n  data_categories: [Address]\n";

/// Returns a section with this Markdown.
fn section(lines: &str) -> String {
    format!("---\ntitle: About\n---\n\n{lines}\n")
}

/// A page of the publisher, a questionnaire and an update, which sites with an address have.
const PAGE: &str = "---\ntitle: Privacy\n---\n\nText.\n";
const UPDATE: &str = "---\ntitle: Delays\n---\n\nText.\n";
const QUESTIONNAIRE: &str = "title: Questions\nquestions:\n  - {id: a, question: A?, answer: yes}\n";

/// Returns a project with `count` releases over two years. The newest release has the current content.
fn released(count: usize, site: &str, text: &str) -> Project {
    let project = Project::empty()
        .file("content/site.yaml", site)
        .file("content/sections/10-about.md", section(text))
        .file("content/data/subprocessors.yaml", LIST);
    let has_page = site.contains(BASE);
    let project = match has_page {
        true => {
            let project = project.file("content/pages/privacy.md", PAGE);
            let project = project.file("content/updates/2025-08-30-delays.md", UPDATE);
            project.file("content/questionnaires/questions.yaml", QUESTIONNAIRE)
        }
        false => project,
    };
    project.released(count, |at, disclosure| disclosure.description = Some(format!("Release {at}")))
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn make(project: &Project, draft: bool) -> SiteBuild {
    let request = BuildRequest { draft, ..BuildRequest::new(date("2026-05-22")) };
    let made = build_site(&project::Project::at(project.root()), &request);
    made.unwrap_or_else(|report| panic!("{report:#?}"))
}

/// Sites of every shape, with a name for messages.
fn sites() -> Vec<(&'static str, SiteBuild)> {
    let full = [SITE, SECURITY, BASE, MEDIA_TYPES].concat();
    let with_files = |project: Project| {
        let typed = TYPED.iter().fold(project, |project, (path, _)| project.file(&format!("static/{path}"), "typed"));
        typed
            .file("static/documents/agreement.pdf", "%PDF")
            .file("static/documents/scan.png", "png")
            .file("static/whitepaper.pdf", "%PDF")
            .file("static/root/legal/imprint.html", "<p>Imprint</p>")
            .file("static/css/extra.css", "a{}")
            .file("static/root/favicon.ico", "ico")
            .file("static/root/_redirects", "/old /\n")
    };
    // A document is published only if something refers to it.
    let text = "[a](documents/agreement.pdf), [s](documents/scan.png), [f](<documents/data flows.vsdx>), \
        [l](documents/list-signed.json)";
    let edited = |project: Project| project.file("content/sections/10-about.md", section(&format!("Edited. {text}")));
    vec![
        ("draft without releases", make(&released(0, SITE, "Text."), true)),
        ("one release", make(&released(1, SITE, "Text."), false)),
        (
            "one release with a custom security.txt",
            make(&released(1, SITE, "Text.").file("static/root/.well-known/security.txt", "signed"), false),
        ),
        ("three releases with everything", make(&with_files(released(3, &full, text)), false)),
        ("three releases and a draft", make(&with_files(edited(released(3, &full, text))), true)),
        ("a long log with everything", make(&with_files(released(106, &full, text)), false)),
        ("a long log without an address", make(&released(106, SITE, "Text."), false)),
    ]
}

#[test]
fn url_map_matches_built_sites() {
    for (name, made) in sites() {
        let built: BTreeSet<&str> = made.site.iter().map(|(path, _)| path.as_str()).collect();
        let facts = made.publication.facts();
        let locations = facts.locations();
        let described: Vec<&str> = locations
            .iter()
            .map(|location| location.path.as_str())
            .chain(facts.files.iter().map(String::as_str))
            .collect();
        assert_eq!(built.len(), described.len(), "{name}: an address is described twice");
        assert_eq!(built, described.into_iter().collect(), "{name}");
        for location in &locations {
            assert!(location.address.matches(location.path.as_str()), "{name}: {location:?}");
            // Own pages and aliases have the same addresses.
            if location.address.kind != Kind::Alias {
                assert_eq!(map::find(location.path.as_str()), location.address, "{name}");
            }
        }
        for (path, artifact) in made.site.iter() {
            let path = path.as_str();
            let own = ADDRESSES.iter().filter(|row| row.owner != Owner::Publisher && row.matches(path));
            let own: Vec<_> = own.collect();
            assert!(own.len() < 2, "{name}: {path} is described by {own:#?}");
            let row = own.first().copied().unwrap_or_else(|| map::find(path));
            let is_page = [Kind::Page(PageKind::Own), Kind::Alias].contains(&row.kind)
                && locations.iter().any(|it| it.path.as_str() == path);
            assert!(
                !own.is_empty() || is_page || facts.files.contains(path),
                "{name}: {path} is not described by a row"
            );
            let stated = TYPED.iter().find(|(typed, _)| *typed == path).map(|(_, media_type)| *media_type);
            let expected = stated.unwrap_or_else(|| row.media_type(path));
            assert_eq!(artifact.media_type.as_str(), expected, "{name}: {path}");
            assert_eq!(artifact.cache, row.cache, "{name}: {path}");
        }
    }
}

#[test]
fn host_headers_follow_the_url_map() {
    for (name, made) in sites() {
        let text = |path: &str| {
            let artifact = made.site.get(path).unwrap_or_else(|| panic!("{name}: {path} does not exist"));
            String::from_utf8(artifact.body.bytes().expect("a file").to_vec()).expect("UTF-8")
        };
        let blocks = blocks(&text("_headers"));
        if made.site.get("whitepaper.pdf").is_some() {
            for (path, media_type) in TYPED {
                assert!(made.site.get(path).is_some(), "{name}: {path} is not published");
                let pattern = format!("/{}", SitePath::new(path).expect("a path").to_url());
                let block = (pattern, vec![("Content-Type".to_owned(), media_type.to_owned())]);
                assert!(blocks.contains(&block), "{name}: {path} has no rule");
            }
        }
        let policy = candor::formats::headers::policy(&made.publication.settings);
        let azure: serde_json::Value = serde_json::from_str(&text("staticwebapp.config.json")).expect("JSON");
        for (path, artifact) in made.site.iter() {
            let path = path.as_str();
            let row = map::find(path);
            let sent: BTreeMap<&str, &str> = for_path(path, artifact, &policy).into_iter().collect();
            assert_eq!(sent.get("Content-Type").copied(), Some(artifact.media_type.as_str()), "{name}: {path}");
            assert_eq!(sent.get("Cache-Control"), Some(&row.cache.control()), "{name}: {path}");
            if row.owner != Owner::Publisher {
                let (policy, origin) = match row.sharing {
                    Sharing::SameOrigin => (Some("same-origin"), None),
                    Sharing::AnyOrigin => (Some("cross-origin"), Some("*")),
                    Sharing::Unstated => (None, None),
                };
                assert_eq!(sent.get("Cross-Origin-Resource-Policy").copied(), policy, "{name}: {path}");
                assert_eq!(sent.get("Access-Control-Allow-Origin").copied(), origin, "{name}: {path}");
            }
            // Hosts that read these two files send these headers; for other files, the host's defaults apply.
            for address in [SitePath::new(path).expect("a path").to_url().as_str(), map::linked(path)] {
                let mut listed = BTreeMap::new();
                for (name_of, value) in
                    blocks.iter().filter(|(pattern, _)| pattern_matches(pattern, address)).flat_map(|b| &b.1)
                {
                    assert_eq!(
                        listed.insert(name_of.as_str(), value.as_str()),
                        None,
                        "{name}: {path}: {name_of} is set twice"
                    );
                }
                let route = azure["routes"].as_array().expect("routes").iter();
                let route =
                    route.clone().find(|route| pattern_matches(route["route"].as_str().expect("a route"), address));
                let global = azure["globalHeaders"].as_object().expect("headers").iter();
                let of_route = route.map(|route| route["headers"].as_object().expect("headers").iter());
                let of_azure: BTreeMap<_, _> = global
                    .chain(of_route.into_iter().flatten())
                    .map(|(name, value)| (name.as_str(), value.as_str().expect("a string")))
                    .collect();
                let untyped = |headers: &BTreeMap<_, _>| {
                    headers
                        .iter()
                        .filter(|(name, _)| **name != "Content-Type")
                        .map(|(n, v)| (*n, *v))
                        .collect::<Vec<_>>()
                };
                assert_eq!(untyped(&of_azure), untyped(&listed), "{name}: {path}");
                // Azure has a table of extensions; the media type of any other file is in its route.
                let ending = format!(".{}", path.rsplit('.').next().unwrap_or_default());
                let of_ending = azure["mimeTypes"][&ending].as_str();
                let media_type = of_azure.get("Content-Type").copied().or(of_ending);
                let same_type = listed.get("Content-Type").is_none_or(|listed| media_type == Some(*listed));
                assert!(same_type, "{name}: {path}: {media_type:?}");
                for (header, value) in listed {
                    assert_eq!(sent.get(header), Some(&value), "{name}: {path}");
                }
                assert!(row.sharing == Sharing::Unstated || of_azure.contains_key("Cache-Control"), "{name}: {path}");
            }
        }
    }
}

/// Parses a `_headers` file into patterns, each with its headers.
fn blocks(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut blocks: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("  "), blocks.last_mut()) {
            (Some(header), Some((_, headers))) => {
                let (name, value) = header.split_once(": ").expect("a header");
                headers.push((name.to_owned(), value.to_owned()));
            }
            _ => blocks.push((line.to_owned(), Vec::new())),
        }
    }
    blocks
}

/// Returns whether a host's pattern matches the address `/PATH`.
fn pattern_matches(pattern: &str, path: &str) -> bool {
    let path = format!("/{path}");
    pattern.strip_suffix('*').map_or(path == pattern, |prefix| path.starts_with(prefix))
}

#[test]
fn sitemap_and_noindex_follow_the_url_map() {
    let indexable: Vec<&str> = ADDRESSES.iter().filter(|row| row.indexable).map(|row| row.pattern).collect();
    let expected = [
        "index.html",
        "subprocessors/index.html",
        "changelog/index.html",
        "changelog/{year}/index.html",
        "schedule/index.html",
        "subscribe/index.html",
        "questionnaires/index.html",
        "questionnaires/{name}/index.html",
        "updates/index.html",
        "updates/{name}/index.html",
        "{name}/index.html",
    ];
    assert_eq!(indexable, expected);
    let robots = Selector::parse("meta[name=robots]").expect("a selector");
    for (name, made) in sites() {
        let facts = made.publication.facts();
        let listed = made.site.get("sitemap.xml").map(|sitemap| {
            let text = String::from_utf8(sitemap.body.bytes().expect("a file").to_vec()).expect("UTF-8");
            let addresses = text.split("<loc>").skip(1).filter_map(|rest| rest.split_once("</loc>"));
            addresses.map(|(address, _)| address.to_owned()).collect::<BTreeSet<_>>()
        });
        assert_eq!(listed.is_some(), facts.has_base_url && !facts.is_draft, "{name}");
        let mut pages = 0;
        let locations = facts.locations();
        for (path, artifact) in made.site.iter() {
            let location = locations.iter().find(|location| location.path == *path);
            let row = location.map_or_else(|| map::find(path.as_str()), |location| location.address);
            let address = format!("https://trust.example.org/{}", map::linked(path.as_str()));
            let in_sitemap = listed.as_ref().map(|listed| listed.contains(&address));
            assert_ne!(in_sitemap, Some(!row.indexable), "{name}: {path} in the sitemap");
            if !matches!(row.kind, Kind::Page(_) | Kind::Alias) {
                continue;
            }
            let html = String::from_utf8(artifact.body.bytes().expect("a page").to_vec()).expect("UTF-8");
            let html = Html::parse_document(&html);
            let noindex = html.select(&robots).any(|meta| meta.attr("content") == Some("noindex"));
            assert_eq!(noindex, facts.is_draft || !row.indexable, "{name}: {path}");
            pages += 1;
        }
        assert!(pages >= 5, "{name} has {pages} pages");
        let indexed = facts.locations().iter().filter(|location| location.address.indexable).count();
        assert!(
            listed.is_none_or(|listed| listed.len() == indexed),
            "{name}: the sitemap differs from the indexable addresses"
        );
    }
}

/// Sample paths of every kind of address. The first flag states whether a site with one release, no base URL and no
/// `security.txt` has the path; the second, whether a site with 106 releases and every feature has it.
const SAMPLES: &[(&str, bool, bool)] = &[
    ("index.html", true, true),
    ("404.html", true, true),
    ("subprocessors/", true, true),
    ("subprocessors/index.html", true, true),
    ("changelog/", true, true),
    ("changelog/2025/", false, true),
    ("changelog/2026/", false, true),
    ("changelog/2024/", false, false),
    ("schedule/", true, true),
    ("compare/", true, true),
    ("releases/2025-09-01/", true, true),
    ("releases/2025-08-31/", false, false),
    ("releases/2025-09-01.json", true, true),
    ("releases/2025-08-31.json", false, false),
    ("releases/index.json", true, true),
    ("releases/SHA256SUMS", true, true),
    ("schema/release.json", true, true),
    ("schema/feed.json", true, true),
    ("schema/none.json", false, false),
    ("subprocessors.json", true, true),
    ("subprocessors.csv", true, true),
    ("subprocessors-table.csv", true, true),
    ("subprocessors.xlsx", true, true),
    ("schedule/annex.docx", true, true),
    ("schedule/annex.xlsx", true, true),
    ("feed.xml", true, true),
    ("feed.json", true, true),
    ("feed/1.xml", false, true),
    ("feed/2.json", false, true),
    ("feed/3.xml", false, false),
    ("index.md", true, true),
    ("llms.txt", true, true),
    (".well-known/security.txt", false, true),
    ("sitemap.xml", false, true),
    ("robots.txt", true, true),
    ("documents/agreement.pdf", false, true),
    // No release of these sites binds a file.
    ("releases/files/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/agreement.pdf", false, false),
    ("legal/imprint.html", false, true),
    ("legal/imprint.htm", false, false),
    ("trust.json", true, true),
    ("upcoming.json", true, true),
    ("notices.ics", true, true),
    ("subscribe/", true, true),
    ("whitepaper.pdf", false, true),
    ("favicon.ico", false, true),
    // The built-in theme has `icon.svg`. Names with a digest cannot be linked to.
    ("icon.svg", true, true),
    ("assets/icon.0123456789.svg", false, false),
    ("releases/2025-09-01/privacy/", false, true),
    ("privacy/", false, true),
    ("questionnaires/", false, true),
    ("questionnaires/questions/", false, true),
    ("questionnaires/questions.json", false, true),
    ("questionnaires/questions.csv", false, true),
    ("questionnaires/questions.xlsx", false, true),
    ("questionnaires/others/", false, false),
    ("releases/2025-09-01/questionnaires/questions/", false, true),
    ("updates/", false, true),
    ("updates/2025-08-30-delays/", false, true),
    ("updates/2025-08-30-others/", false, false),
    ("updates/feed.xml", false, true),
    ("releases/2025-09-01/updates/2025-08-30-delays/", false, true),
    ("legal/subprocessors/", true, true),
    ("legal/dpa/", false, false),
    // Read by hosts.
    ("_headers", false, false),
    ("staticwebapp.config.json", false, false),
    ("_redirects", false, false),
    ("redirects.nginx.conf", false, false),
    // Reserved for later versions or for candor itself.
    ("notices/subprocessors--mail--start.ics", false, false),
    (".candor", false, false),
    (".candor/manifest.json", false, false),
];

#[test]
fn samples_cover_every_kind_of_address() {
    let file = |path: &str| if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    for row in ADDRESSES {
        let sample = SAMPLES.iter().find(|(path, ..)| row.matches(&file(path)));
        assert!(sample.is_some(), "no sample for `{}`", row.pattern);
        if !matches!(row.when, When::Never | When::EachNotice | When::EachSchema | When::EachFile | When::EachBoundFile)
            && row.is_linkable()
        {
            assert!(SAMPLES.iter().any(|(path, _, there)| *there && row.matches(&file(path))), "{}", row.pattern);
        }
    }
}

#[test]
fn links_are_valid_only_to_existing_addresses() {
    let links: String = SAMPLES.iter().map(|(path, ..)| format!("- [{path}]({path})\n")).collect();
    let bare = released(1, SITE, &links);
    let full = released(106, &[SITE, SECURITY, BASE].concat(), &links)
        .file("static/documents/agreement.pdf", "%PDF")
        .file("static/whitepaper.pdf", "%PDF")
        .file("static/root/legal/imprint.html", "<p>Imprint</p>")
        .file("static/root/favicon.ico", "ico");
    let column = |of: fn(&(&'static str, bool, bool)) -> bool| {
        SAMPLES.iter().filter(|sample| !of(sample)).map(|(path, ..)| format!("`{path}`")).collect::<BTreeSet<_>>()
    };
    for (name, project, broken) in [("bare", &bare, column(|s| s.1)), ("full", &full, column(|s| s.2))] {
        let run = project.run(["check", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        let found = report["diagnostics"].as_array().expect("diagnostics").iter();
        let found: BTreeSet<String> = found
            .filter(|diagnostic| diagnostic["code"] == "broken-link")
            .filter_map(|diagnostic| diagnostic["message"].as_str()?.split(' ').find(|word| word.starts_with('`')))
            .map(str::to_owned)
            .collect();
        assert_eq!(found, broken, "{name}");
    }
}

#[test]
fn unreleased_content_may_link_to_addresses_of_its_release() {
    let check = |releases: usize, path: &str| {
        let project = released(releases, SITE, "Text.");
        let project = project.file("content/sections/10-about.md", section(&format!("[it]({path})")));
        let made = project.run(["check"]);
        !made.stderr.contains("broken-link")
    };
    for (releases, path, exists) in [
        (0, "feed.xml", true),
        (0, "compare/", true),
        (0, "sitemap.xml", false),
        (99, "changelog/2025/", false),
        (100, "changelog/2025/", true),
        (49, "feed/1.xml", false),
        (50, "feed/1.xml", true),
    ] {
        assert_eq!(check(releases, path), exists, "{path} after {releases} releases");
    }
}

#[test]
fn link_to_security_txt_is_valid_only_if_it_is_published() {
    let facts = |fields: &str| {
        let project = Project::new()
            .file("content/site.yaml", format!("{SITE}rules: {{security-txt-incomplete: warn}}\n{fields}"));
        let made = make(&project, true);
        (made.publication.facts().has_security_txt, made.site.get(".well-known/security.txt").is_some())
    };
    for (fields, exists) in [
        ("", false),
        ("security_txt: {expires: 2027-01-01}\n", false),
        ("security_txt: {expires: 2027-01-01, contact: [The front desk]}\n", false),
        ("security_txt: {contact: [security@example.com]}\n", false),
        ("security_txt: {expires: 2027-01-01, contact: [security@example.com]}\n", true),
        (SECURITY, true),
    ] {
        assert_eq!(facts(fields), (exists, exists), "{fields}");
    }
}

#[test]
fn static_files_cannot_use_reserved_addresses() {
    let collides = |path: &str, site: &str| {
        let project = Project::new().file("content/site.yaml", site).file(&format!("static/root/{path}"), "theirs");
        let request = BuildRequest { draft: true, ..BuildRequest::new(date("2026-05-22")) };
        match build_site(&project::Project::at(project.root()), &request) {
            Ok(_) => false,
            Err(report) => {
                let errors = report.diagnostics().iter().filter(|found| found.severity() == Severity::Error);
                let messages: Vec<_> = errors.map(|found| found.message.as_str()).collect();
                let text = format!("`static/root/{path}` would be published");
                assert!(matches!(messages.as_slice(), [one] if one.starts_with(&text)), "{path}: {messages:?}");
                true
            }
        }
    };
    let full = [SITE, SECURITY, BASE].concat();
    for (path, ..) in SAMPLES {
        let file = if path.ends_with('/') { format!("{path}index.html") } else { (*path).to_owned() };
        let owner = map::owner_of(&file).map(|row| row.owner);
        assert_eq!(collides(&file, SITE), owner == Some(Owner::Candor), "{file}");
    }
    // If candor writes the file, candor's file is published. A draft has no sitemap.
    assert!(collides(".well-known/security.txt", &full));
    assert!(!collides(".well-known/security.txt", SITE) && !collides("_redirects", SITE));
}

#[test]
fn dependencies_of_pages_are_uploaded_first() {
    let phases = [
        ("assets/css/candor.0123456789.css", Phase::Assets),
        ("documents/agreement.pdf", Phase::Assets),
        ("documents/list.csv", Phase::Assets),
        ("schema/release.json", Phase::Assets),
        ("releases/files/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/a.pdf", Phase::Assets),
        ("_headers", Phase::Assets),
        ("releases/2026-05-22.json", Phase::Records),
        ("releases/2026-05-22.2.json", Phase::Records),
        ("releases/2026-05-22/index.html", Phase::Archive),
        ("releases/2026-05-22/privacy/index.html", Phase::Archive),
        ("releases/SHA256SUMS", Phase::Archive),
        ("subprocessors/index.html", Phase::Pages),
        ("subprocessors.json", Phase::Pages),
        ("legal/imprint.html", Phase::Pages),
        ("404.html", Phase::Pages),
        ("index.html", Phase::Announcements),
        ("feed.xml", Phase::Announcements),
        ("feed/12.json", Phase::Announcements),
        ("releases/index.json", Phase::Announcements),
        ("sitemap.xml", Phase::Announcements),
    ];
    for (path, phase) in phases {
        assert_eq!(map::find(path).phase, phase, "{path}");
    }
}

#[test]
fn files_for_hosts_have_media_types() {
    for path in ["redirects.nginx.conf", "_redirects"] {
        let row = map::owner_of(path).unwrap_or_else(|| panic!("{path} is not in the map"));
        let expected = (When::Aliased, "text/plain; charset=utf-8", Cache::Revalidate);
        assert_eq!((row.when, row.media_type(path), row.cache), expected, "{path}");
    }
}

#[test]
fn check_facts_match_site_facts() {
    let links = "- [log](changelog/2025/)\n- [feed](feed/1.xml)\n- [map](sitemap.xml)\n";
    let project = released(106, &[SITE, BASE].concat(), links);
    assert!(make(&project, false).site.get("changelog/2025/index.html").is_some());
    let content = project.load().0.expect("content");
    let check = |site: SiteFacts| {
        let facts = Facts { site, ..Facts::on(date("2026-05-22")) };
        check::check(&content, &facts).diagnostics().iter().filter(|d| d.message.contains("on the site")).count()
    };
    let facts = make(&project, false).publication.facts();
    assert_eq!(check(facts.clone()), 0);
    assert_eq!(check(SiteFacts { has_base_url: false, ..facts.clone() }), 1);
    assert_eq!(check(SiteFacts { releases: facts.releases[..100].to_vec(), ..facts }), 1);
    assert_eq!(check(SiteFacts::default()), 3);
}

proptest! {
    #[test]
    fn every_path_matches_one_row(path in "(releases|feed|schema|assets|changelog|documents|[a-z]{1,3})(/[a-z0-9.-]{1,12}){0,3}(\\.html?|\\.json|/index\\.html)?") {
        let row = map::find(&path);
        prop_assert!(row.matches(&path));
        prop_assert_eq!(map::owner_of(&path).is_none(), row.owner == Owner::Publisher);
        let own = ADDRESSES.iter().filter(|row| row.owner != Owner::Publisher && row.matches(&path)).count();
        prop_assert!(own < 2, "{} rows", own);
    }
}
