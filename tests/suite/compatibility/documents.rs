//! Machine-readable files: each fact that 0.1 published at a URL is still there, under the same key and with the same
//! value.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use super::{Files, built, frozen, text};

/// A value that may differ from the one that 0.1 wrote. The key must still be there, with a value of the same type.
struct Difference {
    file: &'static str,
    /// Keys from the root of the document; `*` is any element of a list.
    path: &'static str,
    reason: &'static str,
}

const UI_STRINGS: &str = "contains UI strings, whose wording may improve";

const DIFFERENCES: [Difference; 5] = [
    Difference { file: "subprocessors.json", path: "subprocessors.*.applies", reason: UI_STRINGS },
    Difference { file: "feed.json", path: "items.*.content_html", reason: UI_STRINGS },
    Difference { file: "feed/1.json", path: "items.*.content_html", reason: UI_STRINGS },
    Difference { file: "feed/2.json", path: "items.*.content_html", reason: UI_STRINGS },
    Difference { file: "feed.json", path: "items.*._candor.changes.*.fields.*.notice", reason: ENDS },
];

/// Why the change of an end requires notice.
const ENDS: &str = "since 0.2, an end that is stated, changed or withdrawn requires customer notice";

/// Fixtures with the sites that 0.1 built from them.
const SITES: [(&str, &str); 2] = [("rich", "rich-published"), ("long", "long-built")];

/// Reports each value in `old` that is not in `new`.
fn missing(old: &Value, new: &Value, at: &str, differs: &mut dyn FnMut(&str, &Value, &Value)) {
    let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                missing(value, new.get(key).unwrap_or(&Value::Null), &below(key), differs);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for (index, value) in old.iter().enumerate() {
                missing(value, new.get(index).unwrap_or(&Value::Null), &below("*"), differs);
            }
        }
        _ if old == new => {}
        _ => differs(at, old, new),
    }
}

#[test]
fn json_documents_keep_every_key_and_value() {
    let mut used = BTreeSet::new();
    let mut compared = 0;
    for (name, site) in SITES {
        let today = built(name);
        for (path, bytes) in frozen(site) {
            if !path.ends_with(".json") || path.starts_with("schema/") || path.starts_with(".candor/") {
                continue;
            }
            let old: Value = serde_json::from_slice(&bytes).expect("JSON");
            let new: Value = serde_json::from_str(text(today, &path)).expect("JSON");
            // Hosts read this file, not programs: it lists headers and routes.
            if path == "staticwebapp.config.json" {
                continue;
            }
            missing(&old, &new, "", &mut |at, old, new| {
                let known = DIFFERENCES.iter().position(|difference| difference.file == path && difference.path == at);
                let known = known.filter(|_| std::mem::discriminant(old) == std::mem::discriminant(new));
                assert!(known.is_some(), "{site}/{path}: `{at}` was {old}, and is {new}");
            });
            used.extend(
                DIFFERENCES
                    .iter()
                    .enumerate()
                    .filter(|(_, d)| d.file == path && has_value(&old, d.path))
                    .map(|(at, _)| at),
            );
            compared += 1;
        }
    }
    assert!(compared >= 13, "only {compared} documents");
    for (at, difference) in DIFFERENCES.iter().enumerate() {
        assert!(used.contains(&at), "0.1 had no {} in {}: {}", difference.path, difference.file, difference.reason);
    }
}

/// Returns whether a document has a value at this path.
fn has_value(value: &Value, path: &str) -> bool {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let mut values = match (key, value) {
        ("*", Value::Array(values)) => values.iter().collect(),
        (_, Value::Object(object)) => object.get(key).into_iter().collect(),
        _ => Vec::new(),
    }
    .into_iter();
    values.any(|value| rest.is_none_or(|rest| has_value(value, rest)))
}

#[test]
fn schemas_accept_the_documents_of_0_1_and_keep_their_properties() {
    let today = built("rich");
    let old = frozen("rich-published");
    let described = |path: &str| match path {
        "subprocessors.json" | "feed.json" => Some(path.to_owned()),
        "releases/index.json" => Some("releases.json".to_owned()),
        _ => (path.starts_with("releases/") && path.ends_with(".json")).then(|| "release.json".to_owned()),
    };
    let mut validated = BTreeSet::new();
    for (path, bytes) in &old {
        let Some(schema) = described(path) else { continue };
        let document: Value = serde_json::from_slice(bytes).expect("JSON");
        let schema_file = format!("schema/{schema}");
        let schema_text: Value = serde_json::from_str(text(today, &schema_file)).expect("JSON");
        let validator = jsonschema::validator_for(&schema_text).expect("a schema");
        let problems: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(problems.is_empty(), "{schema_file} refuses {path} of 0.1: {problems:#?}");
        validated.insert(schema);
    }
    assert_eq!(validated.len(), 4);
    for (path, bytes) in old.iter().filter(|(path, _)| path.starts_with("schema/")) {
        let properties = |bytes: &[u8]| {
            let mut found = BTreeSet::new();
            collect_properties(&serde_json::from_slice(bytes).expect("JSON"), &mut found);
            found
        };
        let today = properties(text(today, path).as_bytes());
        let gone: Vec<String> = properties(bytes).difference(&today).cloned().collect();
        assert!(gone.is_empty(), "{path} no longer describes {gone:?}");
    }
}

/// Collects the names of all properties that a schema describes, at any depth.
fn collect_properties(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get("properties") {
                found.extend(properties.keys().cloned());
            }
            object.values().for_each(|value| collect_properties(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| collect_properties(value, found)),
        _ => {}
    }
}

#[test]
fn csv_file_keeps_its_columns() {
    let rows = |files: &Files| -> Vec<Vec<String>> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(text(files, "subprocessors.csv").as_bytes());
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    };
    let (old, new) = (rows(&frozen("rich-published")), rows(built("rich")));
    assert_eq!(old.len(), new.len());
    // A UI string, as in the JSON document.
    let reworded = old[0].iter().position(|column| column == "applies").expect("the column");
    for (number, (old, new)) in old.iter().zip(&new).enumerate() {
        for (column, cell) in old.iter().enumerate() {
            let same = new.get(column) == Some(cell) || (number > 0 && column == reworded && !new[column].is_empty());
            assert!(same, "row {number}, column {column}: {cell:?} became {:?}", new.get(column));
        }
    }
}

/// The facts of an XML document: path, attributes and text of each element, without content in HTML.
fn facts(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut facts) = (Vec::new(), Vec::new());
    let open = |path: &mut Vec<String>, tag: &quick_xml::events::BytesStart, facts: &mut Vec<String>| {
        path.push(String::from_utf8_lossy(tag.name().as_ref()).into_owned());
        let mut attributes: Vec<String> = tag
            .attributes()
            .map(|attribute| {
                let attribute = attribute.expect("an attribute");
                let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
                format!("{name}={}", String::from_utf8_lossy(&attribute.value))
            })
            .collect();
        attributes.sort();
        facts.push(format!("{} {}", path.join("/"), attributes.join(" ")));
    };
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) => open(&mut path, &tag, &mut facts),
            Event::Empty(tag) => {
                open(&mut path, &tag, &mut facts);
                path.pop();
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(text) if path.last().is_some_and(|name| name != "content") => {
                let text = String::from_utf8_lossy(&text).trim().to_owned();
                if !text.is_empty() {
                    facts.push(format!("{}: {text}", path.join("/")));
                }
            }
            Event::Eof => return facts,
            _ => {}
        }
    }
}

/// Asserts that every element of `old` is in `new`, in the same order.
#[track_caller]
fn assert_keeps(what: &str, old: &[String], new: &[String]) {
    assert!(!old.is_empty(), "{what}: nothing to compare");
    let mut rest = new.iter();
    for line in old {
        assert!(rest.any(|other| other == line), "{what}: `{line}` is missing or has moved");
    }
}

#[test]
fn feeds_keep_ids_dates_links_and_categories() {
    let mut compared = 0;
    for (name, site) in SITES {
        let today = built(name);
        let old = frozen(site);
        for path in old.keys().filter(|path| path.starts_with("feed") && path.ends_with(".xml")) {
            assert_keeps(path, &facts(text(&old, path)), &facts(text(today, path)));
            compared += 1;
        }
    }
    assert_eq!(compared, 4, "two subscription documents and two archives");
}

#[test]
fn text_files_keep_their_statements_and_links() {
    let (old, new) = (frozen("rich-published"), built("rich"));
    let lines = |files: &Files, path: &str| text(files, path).lines().map(str::to_owned).collect::<Vec<_>>();
    for path in [".well-known/security.txt", "robots.txt", "releases/SHA256SUMS"] {
        assert_keeps(path, &lines(&old, path), &lines(new, path));
    }
    let links = |files: &Files, path: &str| -> Vec<String> {
        text(files, path).split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
    };
    assert_keeps("llms.txt", &links(&old, "llms.txt"), &links(new, "llms.txt"));
    // Items without a heading now come first, so links in a list may have moved. 0.1 escaped `#` where it has the same
    // meaning unescaped, and email addresses in changed text are now code. The copy has no anchors, so they now lead to the page.
    let unescaped = |links: Vec<String>| -> Vec<String> {
        let plain = links.into_iter().map(|link| link.replace("\\#", "#").replace('`', ""));
        plain.map(|link| link.find("/#").map_or(link.clone(), |at| link[at + 1..].to_owned())).collect()
    };
    let (mut old, mut new) = (unescaped(links(&old, "index.md")), unescaped(links(new, "index.md")));
    old.sort();
    new.sort();
    assert_keeps("index.md", &old, &new);
}

#[test]
fn every_url_of_a_site_of_0_1_still_exists() {
    let paths = |name: &str| frozen(name).into_keys().filter(|path| !path.starts_with(".candor/")).collect::<Vec<_>>();
    let listed = String::from_utf8(frozen("long-built").remove("paths.txt").expect("a list")).expect("UTF-8");
    let sites = [("rich", paths("rich-published")), ("long", listed.lines().map(str::to_owned).collect())];
    for (name, old) in sites {
        let today = built(name);
        assert!(old.len() > 40, "{name}: only {} paths", old.len());
        for path in old {
            // The name of an asset contains a digest of its bytes: `publish` keeps the old ones for a while.
            assert!(path.starts_with("assets/") || today.contains_key(&path), "{name}: {path} no longer exists");
        }
    }
}

#[test]
fn sitemap_keeps_its_pages() {
    for (name, site) in SITES {
        let pages = |files: &Files| -> Vec<String> {
            let facts = facts(text(files, "sitemap.xml"));
            facts.into_iter().filter(|fact| fact.starts_with("urlset/url/loc:")).collect()
        };
        assert_keeps(name, &pages(&frozen(site)), &pages(built(name)));
    }
}
