//! Machine-readable files, built from content that fills every field with hostile values.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::process::Command;
use std::sync::Arc;

use candor::assets::Assets;
use candor::history::History;
use candor::history::record::RecordV1;
use candor::model::{Date, Disclosure, ProgramVersion, Settings, Version};
use candor::pipeline::rendered_files;
use candor::publication::{Draft, Publication};
use candor::render::{Renderer, Theme};
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::support::daily_history;

/// Ends an element, a comment, a CDATA section, a string and a line of Markdown.
const HOSTILE: &str = "</script><script>alert(1)</script><!-- ]]> \"quoted\", 'single' & <b> | `code` \\";

/// Returns a disclosure in which every field has a value, most of them hostile.
fn hostile() -> Disclosure {
    disclosure(json!({
        "title": format!("Trust {HOSTILE}"),
        "description": HOSTILE,
        "language": "en",
        "organization": {
            "name": format!("Example {HOSTILE}"), "legal_name": HOSTILE, "url": "https://www.example.com/?a=1&b='2'",
            "address": format!("1 Main Street\n{HOSTILE}"), "jurisdiction": "eu", "notice_days": 30,
        },
        "contacts": { "privacy": "privacy@example.com", "security": "https://example.com/report", "desk": HOSTILE },
        "sections": [
            { "id": "controls", "title": HOSTILE, "summary": HOSTILE, "show": "controls", "body": format!("# A\n\n{HOSTILE}") },
            { "id": "list", "title": "List", "show": "subprocessors", "body": "[policy](/documents/policy.pdf)" },
            { "id": "certificates", "title": "Certificates", "show": "certifications", "body": "" },
            { "id": "documents", "title": "Documents", "show": "documents", "body": "" },
            { "id": "faq", "title": "Questions", "show": "faq", "body": "" },
            { "id": "log", "title": "Log", "show": "changelog", "body": "" },
            { "id": "contact", "title": "Contact", "show": "contacts", "body": "" },
        ],
        "controls": [{
            "id": "tls", "title": HOSTILE, "group": HOSTILE, "description": HOSTILE, "status": "partial",
            "evidence": "https://example.com/tls", "last_verified": "2026-01-01", "frameworks": [HOSTILE],
        }],
        "commitments": [{ "id": "free", "plan": HOSTILE, "commitment": HOSTILE, "details": HOSTILE }],
        "subprocessors": [
            {
                "id": "evil", "name": "=HYPERLINK(\"https://evil.example\";\"x\")", "purpose": "+1", "data_categories": ["-1", HOSTILE],
                "condition": { "when": "enabled", "feature": HOSTILE }, "legal_name": "@SUM(A1)", "address": format!("a\n{HOSTILE}"),
                "contact": HOSTILE, "website": "https://evil.example", "role": "third-party", "locations": ["DE", "US"],
                "corporate_location": "US", "transfer_mechanism": "scc", "dpa_url": "https://evil.example/dpa",
                "subprocessors_url": "https://evil.example/list", "subject_matter": HOSTILE, "duration": HOSTILE,
                "data_subjects": [HOSTILE], "special_categories": HOSTILE, "announced": "2026-01-01", "effective": "2026-02-01",
                "ends": "2027-01-01", "replaces": "plain",
            },
            { "id": "plain", "name": "Plain", "purpose": "Plain", "data_categories": ["Plain"] },
        ],
        "certifications": [
            {
                "id": "iso", "framework": HOSTILE, "status": "active", "issuer": HOSTILE, "scope": HOSTILE,
                "valid_from": "2026-01-01", "valid_until": "2029-01-01", "document": "policy",
            },
            { "id": "planned", "framework": "SOC 2", "status": "in-progress" },
            { "id": "aligned", "framework": "NIST CSF", "type": "alignment", "status": "active" },
            { "id": "assessed", "framework": "CAIQ", "type": "self-assessment" },
        ],
        "documents": [{
            "id": "policy", "title": HOSTILE, "access": "request", "category": HOSTILE, "url": "https://example.com/policy",
            "version": HOSTILE, "date": "2026-01-01",
        }],
        "faq": [{ "id": "why", "question": HOSTILE, "answer": HOSTILE }],
    }))
}

fn disclosure(value: Value) -> Disclosure {
    serde_json::from_value(value).expect("a disclosure")
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Returns a history of `releases` releases of the hostile disclosure, one a day, each with another list.
fn history(releases: usize) -> History {
    daily_history(releases, "2026-01-01", |at| {
        let mut disclosure = hostile();
        let mut item = (*disclosure.subprocessors[1]).clone();
        item.purpose = format!("Purpose {at}");
        disclosure.subprocessors[1] = Arc::new(item);
        (format!("Release {at}. {HOSTILE}"), disclosure)
    })
}

fn settings(base_url: Option<&str>) -> Settings {
    serde_json::from_value::<candor::model::SecurityTxt>(json!({ "expires": "2027-01-01" }))
        .map(|fields| Settings {
            base_url: base_url.map(|url| url.parse().expect("an address")),
            security_txt: Some(fields),
            ..Settings::default()
        })
        .expect("settings")
}

fn released(releases: usize, base_url: Option<&str>) -> Publication {
    Publication {
        settings: settings(base_url),
        history: history(releases),
        draft: None,
        in_effect: None,
        assets: Assets::default(),
        bound_media_types: Default::default(),
        as_of: date("2026-05-22"),
        program: ProgramVersion::current(),
    }
}

/// Returns the pages and files of a publication, by path.
fn site(publication: Publication) -> BTreeMap<String, Vec<u8>> {
    let publication = Arc::new(publication);
    let theme = Theme::new(&[], &candor::wording::Catalog::english()).expect("the built-in theme");
    let renderer = Arc::new(Renderer::new(Arc::clone(&publication), theme));
    let files = rendered_files(&renderer, &publication).into_iter();
    files.map(|(path, artifact)| (path.to_string(), artifact.body.bytes().expect("a file").to_vec())).collect()
}

fn text(site: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = site.get(path).unwrap_or_else(|| panic!("the site has no {path}"));
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

fn parsed(site: &BTreeMap<String, Vec<u8>>, path: &str) -> Value {
    serde_json::from_str(&text(site, path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

const BASE: &str = "https://trust.example.com";

#[test]
fn content_cannot_break_out_of_json_ld() {
    let site = site(released(2, Some(BASE)));
    for page in ["index.html", "subprocessors/index.html"] {
        let html = Html::parse_document(&text(&site, page));
        let scripts = Selector::parse("script").expect("a selector");
        let scripts: Vec<_> = html.select(&scripts).collect();
        assert_eq!(scripts.len(), 1, "{page}");
        assert_eq!(scripts[0].attr("type"), Some("application/ld+json"), "{page}");
        let data: Value = serde_json::from_str(&scripts[0].text().collect::<String>()).expect("JSON-LD");
        let name = &data["@graph"][0]["name"];
        assert!(name.as_str().is_some_and(|name| name.contains(HOSTILE)), "{page}: {name}");
    }
}

#[test]
fn json_ld_lists_only_active_certifications() {
    let site = site(released(1, Some(BASE)));
    let html = Html::parse_document(&text(&site, "index.html"));
    let script = Selector::parse("script").expect("a selector");
    let data = html.select(&script).next().expect("JSON-LD").text().collect::<String>();
    let data: Value = serde_json::from_str(&data).expect("JSON");
    assert_eq!(data["@graph"][0]["hasCertification"].as_array().map(Vec::len), Some(1));
}

#[test]
fn csv_round_trips_and_has_no_formulas() {
    let site = site(released(1, None));
    let bytes = &site["subprocessors.csv"];
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    assert!(lines.next_back().is_some_and(|line| line.ends_with(b"\r")), "lines end in CRLF");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().expect("CSV");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["name"], "'=HYPERLINK(\"https://evil.example\";\"x\")");
    assert_eq!(rows[0]["purpose"], "'+1");
    assert_eq!(rows[0]["address"], format!("a\n{HOSTILE}"));
    assert_eq!(rows[0]["applies"], format!("Only with {HOSTILE}"));
    for cell in rows.iter().flat_map(BTreeMap::values) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
    }
}

#[test]
fn feed_ids_do_not_change_with_a_release() {
    let ids = |releases, base| -> Vec<String> {
        let feed = parsed(&site(released(releases, base)), "feed.json");
        let items = feed["items"].as_array().expect("items").clone();
        items.iter().rev().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    let before = ids(3, Some(BASE));
    assert!(before[0].starts_with("tag:www.example.com,2026-01-01:"), "{before:?}");
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(ids(5, Some(BASE))[..3], before);
    assert_eq!(ids(3, Some("https://elsewhere.example.org")), before, "a new base URL creates no new entries");
    let atom = text(&site(released(3, Some(BASE))), "feed.xml");
    assert!(before.iter().all(|id| atom.contains(&format!("<id>{id}</id>"))));
}

#[test]
fn feed_archives_never_change() {
    let (before, after) = (site(released(101, Some(BASE))), site(released(103, Some(BASE))));
    for path in ["feed/1.xml", "feed/1.json", "feed/2.xml", "feed/2.json"] {
        assert!(before[path] == after[path], "{path} changed");
    }
    assert!(!after.contains_key("feed/3.xml"));
    // Follow the archive links from the newest to the oldest.
    let mut seen = BTreeSet::new();
    let mut path = "feed.json".to_owned();
    loop {
        let feed = parsed(&after, &path);
        seen.extend(feed["items"].as_array().expect("items").iter().map(|item| item["id"].to_string()));
        match feed["next_url"].as_str().and_then(|url| url.strip_prefix(BASE)) {
            Some(next) => path = next.trim_start_matches('/').to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 103);
    let newest = text(&after, "feed.xml");
    assert!(
        newest.contains(&format!(
            "<link rel=\"prev-archive\" type=\"application/atom+xml\" href=\"{BASE}/feed/2.xml\"/>"
        ))
    );
    let second = text(&after, "feed/2.xml");
    assert!(second.contains(&format!("rel=\"prev-archive\" type=\"application/atom+xml\" href=\"{BASE}/feed/1.xml\"")));
    assert!(second.contains("<fh:archive/>") && !newest.contains("<fh:archive/>"));
}

#[test]
fn published_json_matches_its_published_schema() {
    let site = site(released(52, None));
    let mut named = BTreeSet::new();
    let mut checked = 0;
    for path in site.keys().filter(|path| path.ends_with(".json") && !path.starts_with("schema/")) {
        let value = parsed(&site, path);
        let Some(schema) = value["$schema"].as_str().or(value["_candor"]["$schema"].as_str()) else {
            assert_eq!(path, "staticwebapp.config.json", "it names no schema");
            continue;
        };
        // Without a base URL, a schema is referenced relative to the file.
        let root = "../".repeat(path.matches('/').count());
        let schema = schema.strip_prefix(&root).expect("a way to the root");
        assert_matches_schema(&parsed(&site, schema), &value, path);
        named.insert(schema.to_owned());
        checked += 1;
    }
    assert_eq!((named.len(), checked), (5, 6));
    let record = serde_json::to_value(RecordV1 {
        schema: 1,
        version: Version::first_on(date("2026-01-01")),
        published: date("2026-01-01"),
        summary: String::new(),
        previous: None,
        disclosure: hostile(),
    });
    assert_matches_schema(&parsed(&site, "schema/release.json"), &record.expect("a record"), "a record");
}

fn assert_matches_schema(schema: &Value, value: &Value, what: &str) {
    jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("the schema of {what}: {error}"));
    let validator = jsonschema::validator_for(schema).expect("a schema");
    let errors: Vec<_> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[test]
fn published_schema_rejects_invalid_values() {
    let site = site(released(1, Some(BASE)));
    let schema = parsed(&site, "schema/subprocessors.json");
    assert_eq!(schema["$id"], json!(format!("{BASE}/schema/subprocessors.json")));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let mut list = parsed(&site, "subprocessors.json");
    assert!(validator.is_valid(&list));
    list["subprocessors"][0]["locations"] = json!(["Germany"]);
    assert!(!validator.is_valid(&list));
}

#[test]
fn urls_in_machine_readable_files_exist() {
    let site = site(released(52, Some(BASE)));
    let mut dead = BTreeSet::new();
    for path in ["feed.xml", "feed/1.xml", "feed.json", "sitemap.xml", "robots.txt", "llms.txt", "releases/index.json"]
    {
        for piece in text(&site, path).split(BASE).skip(1) {
            let end = piece.find(['"', '<', ')', '&', '\\', '\n']).unwrap_or(piece.len());
            let target = piece[..end].trim_start_matches('/');
            let target =
                if target.is_empty() || target.ends_with('/') { format!("{target}index.html") } else { target.into() };
            // Records are copied from the project, and a document is written by the publisher.
            let record = target.starts_with("releases/2026") && target.ends_with(".json");
            if !site.contains_key(&target) && !record {
                dead.insert(format!("{path}: {target}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn draft_disallows_robots_and_has_no_feeds() {
    let mut publication = released(2, Some(BASE));
    publication.draft = Some(Draft { disclosure: hostile(), changes: None });
    let site = site(publication);
    assert_eq!(text(&site, "robots.txt"), "User-agent: *\nDisallow: /\n");
    assert!(!site.contains_key("sitemap.xml"));
    assert_eq!(parsed(&site, "feed.json")["items"].as_array().map(Vec::len), Some(2));
    let list = parsed(&site, "subprocessors.json");
    assert_eq!((&list["draft"], &list["version"]), (&json!(true), &Value::Null));
}

#[test]
fn site_without_releases_has_no_feed() {
    let draft = Some(Draft { disclosure: hostile(), changes: None });
    let site = site(Publication { history: History::default(), draft, ..released(0, Some(BASE)) });
    for path in ["feed.xml", "feed.json", "releases/index.json", "sitemap.xml"] {
        assert!(!site.contains_key(path), "{path}");
    }
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!String::from_utf8_lossy(bytes).contains("feed.xml"), "{path} links to a feed");
    }
}

#[test]
fn security_txt_lists_the_security_contact() {
    let site = site(released(1, Some(BASE)));
    let expected = "Contact: https://example.com/report\nExpires: 2027-01-01T00:00:00Z\n\
        Canonical: https://trust.example.com/.well-known/security.txt\n";
    assert_eq!(text(&site, ".well-known/security.txt"), expected);
}

#[test]
fn security_txt_has_a_canonical_url_only_with_https() {
    for (base, canonical) in [
        (Some("https://trust.example.com/center"), Some("https://trust.example.com/center/.well-known/security.txt")),
        (Some("http://trust.example.com"), None),
        (Some("HTTP://trust.example.com"), None),
        (None, None),
    ] {
        let text = text(&site(released(1, base)), ".well-known/security.txt");
        let named = text.lines().find_map(|line| line.strip_prefix("Canonical: "));
        assert_eq!(named, canonical, "{base:?}");
    }
}

#[test]
fn search_engines_index_only_current_pages() {
    let site = site(released(2, Some(BASE)));
    let robots = "<meta name=\"robots\" content=\"noindex\">";
    let (hidden, found): (BTreeSet<&str>, BTreeSet<&str>) = site
        .keys()
        .map(String::as_str)
        .filter(|path| path.ends_with(".html"))
        .partition(|path| text(&site, path).contains(robots));
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        [
            "changelog/index.html",
            "index.html",
            "schedule/index.html",
            "subprocessors/index.html",
            "subscribe/index.html"
        ]
    );
    assert!(hidden.contains("404.html") && hidden.contains("compare/index.html"), "{hidden:?}");
    let sitemap = text(&site, "sitemap.xml");
    let listed: BTreeSet<&str> =
        sitemap.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()?.strip_prefix(BASE)).collect();
    assert_eq!(listed, BTreeSet::from(["/", "/subprocessors/", "/changelog/", "/schedule/", "/subscribe/"]));
}

/// Builds the repository's own content as readers get it, in the folder `site`.
fn repository_site() -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    let built = Command::new(env!("CARGO_BIN_EXE_candor"))
        .args(["build", "--no-compress", "--draft", "--out"])
        .arg(out.path().join("site"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("SOURCE_DATE_EPOCH", "1795564800") // 2026-11-25
        .output()
        .expect("the program starts");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    out
}

#[test]
fn first_view_fits_into_the_initial_congestion_window() {
    let out = repository_site();
    let page = fs::read(out.path().join("site/index.html")).expect("the trust page");
    let html = Html::parse_document(&String::from_utf8_lossy(&page));
    let needed = Selector::parse("link[rel=stylesheet], link[rel=icon], script[src], img[src]").expect("a selector");
    let mut requests = 1;
    let mut bytes = gzipped(&page);
    for element in html.select(&needed) {
        let address = element.attr("href").or_else(|| element.attr("src")).expect("an address");
        let file = out.path().join("site").join(address.trim_start_matches("./"));
        bytes += gzipped(&fs::read(&file).expect("a file of the site"));
        requests += 1;
    }
    assert!(requests <= 3, "{requests} requests");
    assert!(bytes <= 14 * 1024, "{bytes} bytes");
}

/// No page loads more than one script, and no script is larger than 6 kB compressed.
#[test]
fn page_scripts_are_small() {
    let out = repository_site();
    let scripts = fs::read_dir(out.path().join("site/assets/js")).expect("the scripts");
    let sizes: Vec<(std::path::PathBuf, usize)> = scripts
        .map(|entry| entry.expect("a script").path())
        .map(|path| (path.clone(), gzipped(&fs::read(&path).expect("a script"))))
        .collect();
    assert_eq!(sizes.len(), 5, "{sizes:?}");
    assert!(sizes.iter().all(|(_, size)| *size <= 6_144), "{sizes:?}");
}

fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("a vector takes every byte");
    encoder.finish().expect("a vector takes every byte").len()
}
