//! Records of a newer candor are verified and shown, with a note, and the next release keeps them.

use std::collections::BTreeMap;

use candor::diagnostic::{Code, Report, Severity};
use candor::history::{Changes, History, Record, store};
use candor::model::Digest;
use serde_json::{Map, Value, json};

use crate::support::{Project, Run};

pub const FIRST: &str = "2026-05-01";
pub const SECOND: &str = "2026-05-02";

/// Returns a project with an entry in every list and two releases.
pub fn rich() -> Project {
    let project = Project::empty();
    let run = project.run(["--as-of", FIRST, "init", "--full", "--name", "Example"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = project.run(["release", "-m", "First release", "--date", FIRST]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let project = super::edit(project, "content/site.yaml", "title: ", "title: Our ");
    let run = project.run(["release", "-m", "Second.", "--date", SECOND]);
    assert_eq!(run.code, Some(0), "{run:?}");
    project
}

pub fn path(version: &str) -> String {
    format!("content/releases/{version}.json")
}

pub fn record(project: &Project, version: &str) -> Value {
    serde_json::from_str(&project.read(&path(version))).expect("a record")
}

/// Replaces records of a project, linked and listed as the program that wrote them would have done.
pub fn rechained(project: Project, records: &[(&str, Value)]) -> Project {
    let (mut project, mut sums, mut previous) = (project, String::new(), Value::Null);
    for (version, record) in records {
        let mut record = record.clone();
        match (record.get_mut("previous"), previous) {
            (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
            (Some(old), new) => *old = new,
            (None, Value::Null) => {}
            (None, new) => record["previous"] = new,
        }
        let text = format!("{record:#}\n");
        let digest = Digest::of(text.as_bytes());
        previous = json!({ "version": version, "sha256": digest });
        sums += &format!("{digest}  {version}.json\n");
        project = project.file(&path(version), text);
    }
    project.file("content/releases/SHA256SUMS", sums)
}

/// Returns the rich project with its newest record changed as by a newer candor.
pub fn with_newest(change: impl FnOnce(&mut Value)) -> Project {
    let project = rich();
    let (first, mut second) = (record(&project, FIRST), record(&project, SECOND));
    change(&mut second);
    rechained(project, &[(FIRST, first), (SECOND, second)])
}

/// The same for a record with only known fields, which have a fixed order.
fn newer_in_known_fields(change: impl FnOnce(&mut Value)) -> Project {
    with_newest(|record| {
        change(record);
        let typed: Record = serde_json::from_value(record.take()).expect("a record");
        *record = serde_json::to_value(typed).expect("JSON");
    })
}

pub fn read(project: &Project) -> (History, Report) {
    store::read(&candor::project::Project::at(project.root()), "2026-05-22".parse().expect("a date"))
}

fn note(report: &Report) -> String {
    let found = report.diagnostics().iter().find(|found| found.code() == Code::ReleaseNewer).expect("a note");
    assert_eq!(found.severity(), Severity::Note);
    found.message.clone()
}

fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            all.push(at.to_owned());
            map.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{key}"), all));
        }
        Value::Array(list) => list.iter().enumerate().for_each(|(n, value)| pointers(value, &format!("{at}/{n}"), all)),
        _ => {}
    }
}

/// Returns every object of a record except the contacts, whose keys are chosen by the publisher.
fn objects(record: &Value) -> Vec<String> {
    let mut all = Vec::new();
    pointers(record, "", &mut all);
    // Maps whose keys the publisher chooses.
    all.retain(|at| !["/disclosure/contacts", "/disclosure/dimensions"].contains(&at.as_str()));
    assert!(all.len() > 15 && all.iter().any(|at| at.ends_with("/condition")), "{all:?}");
    all
}

fn insert(record: &mut Value, at: &str, key: &str, first: bool) {
    let object = record.pointer_mut(at).and_then(Value::as_object_mut).expect("an object");
    let value = json!({ "text": "new", "list": [{}, [], null, 0.1, 1e300], "deep": { "deeper": [1] } });
    if first {
        let old = std::mem::replace(object, Map::from_iter([(key.to_owned(), value)]));
        object.extend(old);
    } else {
        object.insert(key.to_owned(), value);
    }
}

pub fn codes(run: &Run) -> Vec<&str> {
    let code = |line: &'_ str| -> Option<std::ops::Range<usize>> {
        let (severity, rest) = line.split_once('[')?;
        let known = ["error", "warning", "note"].contains(&severity);
        known.then(|| severity.len() + 1..severity.len() + 1 + rest.find("]: ").unwrap_or_default())
    };
    run.stderr.lines().filter_map(|line| Some(&line[code(line)?])).collect()
}

#[test]
fn unknown_fields_are_ignored_with_a_note() {
    let project = rich();
    let (first, second) = (record(&project, FIRST), record(&project, SECOND));
    let (whole, _) = read(&project);
    let stated = whole.newest().expect("a release").disclosure.clone();
    let mut project = project;
    for at in objects(&second) {
        for first_key in [true, false] {
            let mut changed = second.clone();
            insert(&mut changed, &at, "x_new", first_key);
            project = rechained(project, &[(FIRST, first.clone()), (SECOND, changed)]);
            let (history, report) = read(&project);
            assert!(!report.has_errors(), "{at}: {report:?}");
            let release = history.newest().expect("a release");
            assert_eq!(release.disclosure, stated, "{at}");
            assert!(Changes::between(&stated, &release.disclosure).is_empty(), "{at}");
            let is_position = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
            let parts = at.split('/').filter(|part| !part.is_empty());
            let parts: Vec<&str> = parts.map(|part| if is_position(part) { "[]" } else { part }).collect();
            let name = parts.join(".").replace(".[]", "[]");
            let name = if name.is_empty() { "x_new".to_owned() } else { format!("{name}.x_new") };
            assert!(note(&report).contains(&format!("`{name}`")), "{at}: {} names {name}", note(&report));
        }
    }
}

#[test]
fn conditions_with_unknown_fields_are_read_with_a_note() {
    let project = rich();
    let (first, second) = (record(&project, FIRST), record(&project, SECOND));
    let mut project = project;
    for (condition, names, same) in [
        (json!({ "feature": "Mail", "since": 2026 }), "`C.since`", json!({ "feature": "Mail" })),
        (json!({ "since": { "date": "2026-05-01" }, "feature": "Mail" }), "`C.since`", json!({ "feature": "Mail" })),
        (
            json!({ "feature": "Mail", "since": ["a", 1], "until": null }),
            "`C.since`, `C.until`",
            json!({ "feature": "Mail" }),
        ),
        (
            json!({ "since": "a", "any": [{ "feature": "Mail" }] }),
            "`C.since`",
            json!({ "any": [{ "feature": "Mail" }] }),
        ),
        (
            json!({ "all": [{ "feature": "Mail" }, { "unless": { "feature": "SMS", "since": true } }], "since": ["a"] }),
            "`C.all[].unless.since`, `C.since`",
            json!({ "all": [{ "feature": "Mail" }, { "unless": { "feature": "SMS" } }] }),
        ),
        // A later version may state text, too: no dimension has this name.
        (json!({ "feature": "Mail", "since": "2026-05-01" }), "`C.since`", json!({ "feature": "Mail" })),
    ] {
        let mut changed = second.clone();
        changed["candor"] = "99.0.0".into();
        changed["disclosure"]["subprocessors"][0]["condition"] = condition.clone();
        project = rechained(project, &[(FIRST, first.clone()), (SECOND, changed)]);
        let (history, report) = read(&project);
        assert!(!report.has_errors(), "{condition}: {report:?}");
        let names = names.replace("C.", "disclosure.subprocessors[].condition.");
        assert!(note(&report).contains(&names), "{condition}: {}", note(&report));
        let release = history.newest().expect("a release");
        let read = release.disclosure.subprocessors[0].condition.as_ref().expect("a condition");
        assert_eq!(serde_json::to_value(read).expect("JSON"), same, "{condition}");
    }
    // This version has written such a dimension if the rule about it was turned off.
    let mut changed = second;
    changed["disclosure"]["subprocessors"][0]["condition"] = json!({ "feature": "Mail", "since": "2026-05-01" });
    let typed: Record = serde_json::from_value(changed).expect("a record");
    let project = rechained(project, &[(FIRST, first), (SECOND, serde_json::to_value(typed).expect("JSON"))]);
    let (history, report) = read(&project);
    assert!(report.is_empty(), "{report:?}");
    let read = history.newest().and_then(|release| release.disclosure.subprocessors[0].condition.as_ref());
    assert_eq!(read.map_or(0, |read| read.leaves()[0].dimensions.len()), 1);
}

#[test]
fn project_of_a_newer_candor_is_checked_verified_and_built() {
    let build = |project: &Project| {
        let run = project.run(["build", "--no-compress"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(codes(&run).contains(&"release-newer"), "{run:?}");
        let text = project.read("dist/index.html");
        let digest = Digest::of(project.read(&path(SECOND)).as_bytes()).to_string();
        assert!(text.contains(&digest), "the page shows the digest of the record");
        assert_eq!(project.read(&format!("dist/releases/{SECOND}.json")), project.read(&path(SECOND)));
        text.replace(&digest, "DIGEST")
    };
    let little = build(&with_newest(|record| insert(record, "/disclosure", "x_new", false)));
    let project = with_newest(|record| {
        record["candor"] = "9.1.0".into();
        for at in objects(record) {
            insert(record, &at, "x_new", false);
        }
        record["disclosure"]["incidents"] = json!([{ "id": "a", "title": "An incident" }]);
    });
    assert_eq!(build(&project), little, "unknown fields do not change the page");
    for command in ["verify", "check"] {
        let run = project.run([command]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(codes(&run).contains(&"release-newer"), "{run:?}");
        assert!(run.stderr.contains("install candor 9.1.0"), "{run:?}");
    }
    assert!(project.run(["verify", "dist"]).stderr.contains("release-newer"));
    let run = project.run(["verify", "--against", "dist"]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn release_is_refused_if_it_would_lose_unknown_fields() {
    let project = with_newest(|record| insert(record, "/disclosure/subprocessors/0", "x_lei", false));
    let project = super::edit(project, "content/site.yaml", "title: Our ", "title: Your ");
    for args in [&["release", "-m", "Third."][..], &["release", "-m", "Second, again.", "--replace"]] {
        let run = project.run(args);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(codes(&run).contains(&"release-loses-fields"), "{run:?}");
        assert!(run.stderr.contains("`disclosure.subprocessors[].x_lei`"), "{run:?}");
    }
    let (history, _) = read(&project);
    assert_eq!(history.len(), 2);
}

#[test]
fn release_succeeds_if_only_older_records_have_unknown_fields() {
    let project = rich();
    let (mut first, second) = (record(&project, FIRST), record(&project, SECOND));
    insert(&mut first, "/disclosure", "x_new", true);
    let project = rechained(project, &[(FIRST, first), (SECOND, second)]);
    let project = super::edit(project, "content/site.yaml", "title: Our ", "title: Your ");
    let run = project.run(["release", "-m", "Third."]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(codes(&run).contains(&"release-newer"), "{run:?}");
}

/// Returns the enumerated fields of a record according to its published schema: list (or object) and field.
fn enum_fields() -> BTreeMap<String, Vec<Vec<String>>> {
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/output/release.json")).expect("JSON");
    let resolve = |value: &Value| -> Value {
        let one = value["anyOf"].as_array().and_then(|any| any.iter().find(|one| one["type"] != "null").cloned());
        let one = one.unwrap_or_else(|| value.clone());
        match one["$ref"].as_str() {
            Some(name) => schema.pointer(name.trim_start_matches('#')).expect("a definition").clone(),
            None => one,
        }
    };
    fn walk(value: &Value, resolve: &dyn Fn(&Value) -> Value, path: &[String], found: &mut Vec<Vec<String>>) {
        let value = resolve(value);
        let words =
            |value: &Value| value["oneOf"].as_array().is_some_and(|all| all.iter().all(|one| one["const"].is_string()));
        if words(&value) || value["enum"].is_array() {
            found.push(path.to_vec());
        }
        // A value with a short and a long form. Conditions contain conditions, which have the same fields.
        for form in value["oneOf"].as_array().into_iter().flatten().filter(|_| !words(&value)) {
            walk(form, resolve, path, found);
        }
        let items = value.get("items").map(|items| ("[]".to_owned(), items.clone()));
        let properties = value["properties"].as_object().cloned().unwrap_or_default();
        let nested = ["all", "any", "unless"];
        for (key, value) in properties.into_iter().chain(items).filter(|(key, _)| !nested.contains(&key.as_str())) {
            walk(&value, resolve, &[path, &[key]].concat(), found);
        }
    }
    let mut found = Vec::new();
    walk(&schema, &resolve, &[], &mut found);
    let mut fields: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for path in found {
        // Countries are codes from a table. Upcoming changes have the fields of their item.
        if !path.iter().any(|key| key.contains("location") || key == "upcoming") {
            fields.entry(path.join(".").replace(".[]", "[]")).or_default().push(path);
        }
    }
    assert!(fields.len() >= 8, "{fields:?}");
    fields
}

#[test]
fn unknown_enum_value_is_shown_verbatim_with_a_note() {
    for (name, paths) in enum_fields() {
        let project = newer_in_known_fields(|record| {
            for path in &paths {
                let (last, parents) = path.split_last().expect("a field");
                let mut at = record as &mut Value;
                for key in parents {
                    if key == "[]" && at.is_null() {
                        *at = json!([{}]);
                    }
                    at = if key == "[]" { &mut at[0] } else { &mut at[key.as_str()] };
                    if parents.iter().any(|key| key == "services") && key == "[]" && at == &json!({}) {
                        at["name"] = "Service".into();
                    }
                }
                if last == "when" {
                    at["feature"] = "Maps".into();
                }
                if last == "mechanism" {
                    at["to"] = json!(["US"]);
                }
                at[last.as_str()] = "word-to-come".into();
            }
        });
        let (_, report) = read(&project);
        assert!(!report.has_errors(), "{name}: {report:?}");
        assert!(note(&report).contains(&format!("`{name}: word-to-come`")), "{name}: {}", note(&report));
        // The current content does not have this value; the archived page shows it.
        let run = project.run(["build", "--draft", "--no-compress"]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        let page = project.read(&format!("dist/releases/{SECOND}/index.html"));
        assert!(page.contains("word-to-come"), "{name}");
        for args in [&["diff", SECOND, FIRST][..], &["diff", SECOND]] {
            let run = project.run(args);
            assert_eq!(run.code, Some(0), "{name}: {run:?}");
        }
    }
}

#[test]
fn invalid_codes_and_urls_in_a_record_are_kept_as_text() {
    let hostile = "\"><script>alert(1)</script>";
    let project = newer_in_known_fields(|record| {
        let stated = &mut record["disclosure"];
        stated["language"] = "x-klingon".into();
        stated["organization"]["url"] = "javascript:alert(1)".into();
        stated["contacts"]["security"] = "javascript:alert(2)".into();
        stated["contacts"]["Not An Id"] = "mailto:?bcc=x".into();
        stated["subprocessors"][0]["locations"] = json!(["ZZ", "GLOBAL", hostile]);
        stated["subprocessors"][0]["corporate_location"] = "AN".into();
        stated["subprocessors"][0]["website"] = "javascript:alert(3)".into();
        stated["subprocessors"][0]["dpa_url"] = "https://user:secret@example.com/".into();
        stated["subprocessors"][0]["replaces"] = "Not An Id".into();
        stated["controls"][0]["evidence"] = "data:text/html,x".into();
        stated["documents"][0]["url"] = "ftp://example.com/dpa.pdf".into();
        stated["documents"][0].as_object_mut().expect("a document").shift_remove("file");
        stated["sections"][0]["body"] = "## A heading\n\n[link](#x)".into();
        stated["faq"][0]["answer"] = "#### A heading".into();
    });
    let (history, report) = read(&project);
    assert!(!report.has_errors(), "{report:?}");
    // ISO 3166-1 assigns new codes over time.
    for unknown in ["locations[]: ZZ", "corporate_location: AN"] {
        assert!(note(&report).contains(&format!("`disclosure.subprocessors[].{unknown}`")), "{}", note(&report));
    }
    let stated = serde_json::to_value(&history.newest().expect("a release").disclosure).expect("JSON");
    assert_eq!(stated, record(&project, SECOND)["disclosure"]);
    let run = project.run(["build", "--draft", "--no-compress"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let page = project.read(&format!("dist/releases/{SECOND}/index.html"));
    for text in ["ZZ", "AN", "javascript:alert(3)", "https://user:secret@example.com/", "ftp://example.com/dpa.pdf"] {
        assert!(page.contains(text), "{text} is not shown");
    }
    for wrong in ["<script>alert", "href=\"javascript:", "href=\"data:", "href=\"ftp:", "href=\"https://user"] {
        assert!(!page.contains(wrong), "{wrong}");
    }
    for command in [&["diff", FIRST, SECOND][..], &["verify"]] {
        let run = project.run(command);
        assert_eq!(run.code, Some(0), "{run:?}");
    }
}

#[test]
fn hash_chain_of_a_newer_schema_is_verified_but_not_built() {
    let project = rich();
    let (first, mut second) = (record(&project, FIRST), record(&project, SECOND));
    second["schema"] = 3.into();
    second["redactions"] = json!([{ "version": FIRST, "sha256": "0" }]);
    second["candor"] = "1.2.0".into();
    second["disclosure"] = json!({ "anything": [1] });
    let project = rechained(project, &[(FIRST, first), (SECOND, second)]);
    let run = project.run(["verify"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("2 releases, newest 2026-05-02"), "{run:?}");
    assert!(run.stderr.contains("does not know schema 3") && run.stderr.contains("install candor 1.2.0"), "{run:?}");
    for command in
        [&["build"][..], &["check"], &["diff"], &["release", "-m", "Third."], &["release", "--replace", "-m", "."]]
    {
        let run = project.run(command);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(codes(&run).contains(&"release-schema") && run.stderr.contains("install candor 1.2.0"), "{run:?}");
    }
    let run = super::edit(project, &path(SECOND), "Second", "second").run(["verify"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(codes(&run)[0], "release-edited", "{run:?}");
}

#[test]
fn record_with_unknown_fields_has_one_valid_encoding() {
    let project = with_newest(|record| insert(record, "/disclosure/faq/0", "x_new", false));
    let text = project.read(&path(SECOND));
    let key = "\n        \"x_new\": {";
    assert!(text.contains(key) && text.contains("\"text\": \"new\""), "{text}");
    let mut project = project;
    for (from, to) in [
        // Duplicate keys: known, unknown, and inside an unknown value.
        ("\n        \"x_new\": {", "\n        \"x_new\": 1,\n        \"x_new\": {"),
        ("\"text\": \"new\"", "\"text\": \"new\",\n          \"text\": \"new\""),
        ("\n  \"summary\"", "\n  \"summary\": \"Second.\",\n  \"summary\""),
        ("\n    \"title\"", "\n    \"title\": \"T\",\n    \"title\""),
        // Other formatting, or another spelling of the same value.
        ("\"x_new\": {", "\"x_new\":  {"),
        ("\"x_new\": {", "\"x_new\":{"),
        ("\"x_new\"", "\"\\u0078_new\""),
        ("1e+300", "1e300"),
        ("\n}\n", "\n}\n\n"),
        ("\n}\n", "\n}"),
    ] {
        assert!(text.contains(from), "{from}");
        let edited = text.replacen(from, to, 1);
        let digest = Digest::of(edited.as_bytes());
        let sums = project.read("content/releases/SHA256SUMS");
        let first = sums.lines().next().expect("a line");
        let sums = format!("{first}\n{digest}  {SECOND}.json\n");
        project = project.file(&path(SECOND), edited).file("content/releases/SHA256SUMS", sums);
        let (_, report) = read(&project);
        let found: Vec<_> = report.diagnostics().iter().map(|found| found.code()).collect();
        assert!(matches!(found[..], [Code::ReleaseNotCanonical | Code::ReleaseMalformed]), "{to:?}: {report:?}");
    }
}

#[test]
fn changed_byte_in_an_unknown_field_is_detected() {
    let project = with_newest(|record| insert(record, "/disclosure/faq/0", "x_new", true));
    let text = project.read(&path(SECOND));
    let start = text.find("\"x_new\"").expect("the field");
    let end = start + text[start..].find("\"id\"").expect("the next field");
    let mut project = project;
    for at in start..end {
        for byte in [b'0', b' ', b'"', b'}', b'\n', b'x'] {
            let mut bytes = text.clone().into_bytes();
            if std::mem::replace(&mut bytes[at], byte) == byte {
                continue;
            }
            project = project.file(&path(SECOND), bytes);
            assert!(read(&project).1.has_errors(), "byte {at} as {:?}", char::from(byte));
        }
    }
}
