//! The files that people file: the annex in every format, and the list for spreadsheet programs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::LazyLock;

use candor::history::Names;
use candor::model::{Condition, CustomerChoice, Date, Dimensions, Subprocessor};
use candor::schedule::{AnnexRow, COLUMNS, CellPart};
use candor::wording::Catalog;
use quick_xml::events::Event;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::support::Project;

const SITE: &str = "\
title: Trust
organization: {name: \"Example & <Söhne>\", legal_name: Example GmbH, jurisdiction: eu}
contacts: {privacy: privacy@example.org}
notice: {days: 30, objection_days: 10, object_to: privacy}
dimensions: {region: [EU, US]}
";

/// A subprocessor that fills every column, one that states the minimum, and one with text that programs could mistake for markup or
/// formulas.
const LIST: &str = "\
- id: full
  name: Full
  former_names: [Old, Older]
  legal_name: Full Incorporated
  lei: 5299000J2N45DDNE4Y28
  euid: DEK1101R.HRB116737
  address: \"1 Main Street\\nSan Francisco, CA 94105\"
  contact: privacy@full.example.org
  website: https://full.example.org/
  role: affiliate
  category: Cloud platform
  purpose: Hosting of the application
  data_categories: [Account data, Usage data]
  locations: [DE, {code: US, place: Ohio, condition: {region: US}}, {code: IN, condition: {region: US}}]
  corporate_location: US
  transfer_mechanism: [{mechanism: dpf, to: [US]}, {mechanism: scc, to: [IN], note: Module 3}]
  supplementary_measures: Encryption
  dpa_url: https://full.example.org/dpa?a=1&b=2
  subprocessors_url: https://full.example.org/list
  subject_matter: Provision of infrastructure
  duration: Term of the agreement
  retention: 30 days
  data_subjects: [Employees, Customers]
  special_categories: None
  announced: 2026-01-01
  effective: 2026-02-01
  ends: 2030-01-01
  replaces: plain
  services:
    - {name: Mail, purpose: Email, data_categories: [Email address], retention: 7 days, website: https://mail.example.org/}
    - {name: SMS, purpose: Texts, data_categories: [Phone number], condition: {feature: SMS}, locations: [{code: BR, place: Recife}, {code: JP, condition: {region: US}}], transfer_mechanism: [{mechanism: scc, to: [BR, JP]}]}
  upcoming:
    - {announced: 2026-05-22, effective: 2027-01-01, locations: [DE, FR, {code: CA, condition: {region: US}}], transfer_mechanism: [{mechanism: dpf, to: [US]}, {mechanism: adequacy, to: [CA]}]}
- {id: plain, name: Predecessor, purpose: Mail}
- {id: hostile, name: \"=1+1\", purpose: \"]]></w:t> & <b>\", legal_name: \"+cmd|' /C calc'!A0\", data_categories: [\"-2\", \"@SUM(A1)\"]}
";

/// The choices of customers.
const CHOICES: [&[&str]; 6] = [
    &[],
    &["--for", "region=EU"],
    &["--for", "region=US"],
    &["--features", "SMS"],
    &["--for", "region=EU", "--features", "SMS"],
    &["--for", "region=US", "--features", "SMS"],
];

static RELEASED: LazyLock<Project> = LazyLock::new(|| {
    let project = Project::new()
        .file("content/site.yaml", SITE)
        .file("content/data/subprocessors.yaml", LIST)
        .file("content/sections/10-s.md", "---\ntitle: S\nshow: subprocessors\n---\n");
    let release = project.run(["release", "-m", "First"]);
    assert_eq!(release.code, Some(0), "{}", release.stderr);
    let build = project.run(["build", "--no-compress"]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    project
});

/// Returns what `candor schedule` writes to stdout.
fn schedule(format: &str, choice: &[&str]) -> Vec<u8> {
    let arguments = [&["schedule", "--format", format], choice].concat();
    let output = RELEASED.command(arguments).output().expect("the program starts");
    assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn annex(choice: &[&str]) -> Value {
    serde_json::from_slice(&schedule("json", choice)).expect("JSON")
}

pub fn part(bytes: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    archive.by_name(name).unwrap_or_else(|_| panic!("no {name}")).read_to_string(&mut text).expect("UTF-8");
    text
}

/// Returns the text in the cells of the tables of an XML file. Cells are elements `cell` in elements `row`; their text is in elements
/// `text`.
fn cells(xml: &str, [row, cell, text]: [&str; 3]) -> Vec<Vec<String>> {
    let (mut rows, mut inside): (Vec<Vec<String>>, bool) = (Vec::new(), false);
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let current = |rows: &mut Vec<Vec<String>>, piece: &str| {
            if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                cell.push_str(piece);
            }
        };
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) if name(start.name().as_ref()) == row => rows.push(Vec::new()),
            Event::Start(start) if name(start.name().as_ref()) == cell => {
                rows.last_mut().expect("a row").push(String::new());
            }
            Event::Start(start) if name(start.name().as_ref()) == text => inside = true,
            Event::End(end) if name(end.name().as_ref()) == text => inside = false,
            Event::End(end) if name(end.name().as_ref()) == "w:p" => current(&mut rows, "\n"),
            Event::Text(piece) if inside => current(&mut rows, &piece.decode().expect("UTF-8")),
            Event::GeneralRef(reference) if inside => {
                let character = match &*reference.decode().expect("UTF-8") {
                    "amp" => "&".to_owned(),
                    "lt" => "<".to_owned(),
                    "gt" => ">".to_owned(),
                    "quot" => "\"".to_owned(),
                    "apos" => "'".to_owned(),
                    other => panic!("&{other};"),
                };
                current(&mut rows, &character);
            }
            Event::Eof => return rows,
            _ => {}
        }
    }
}

/// Returns the cells of the first worksheet, with dates as `2026-05-22`.
fn worksheet(bytes: &[u8]) -> Vec<Vec<String>> {
    let strings: Vec<String> = cells(
        &part(bytes, "xl/sharedStrings.xml").replace("<si>", "<row><si>").replace("</si>", "</si></row>"),
        ["row", "si", "t"],
    )
    .concat();
    let sheet = part(bytes, "xl/worksheets/sheet1.xml");
    let mut rows = Vec::new();
    for row in sheet.split("<row ").skip(1) {
        let row = row.split("</row>").next().expect("a row");
        let mut found = BTreeMap::new();
        for cell in row.split("<c ").skip(1) {
            let (attributes, content) = cell.split_once('>').expect("a cell");
            let attribute =
                |name: &str| attributes.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            let letters: String =
                attribute("r").expect("a reference").chars().filter(char::is_ascii_uppercase).collect();
            let column = letters.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1) - 1;
            assert!(!content.contains("<f>"), "a formula: {content}");
            let value = content.split("<v>").nth(1).and_then(|rest| rest.split("</v>").next()).expect("a value");
            let text = match attribute("t") {
                Some("s") => strings[value.parse::<usize>().expect("a number")].clone(),
                _ => {
                    let days = jiff::Span::new().days(value.parse::<i64>().expect("a whole day"));
                    jiff::civil::date(1899, 12, 30).checked_add(days).expect("a date").to_string()
                }
            };
            found.insert(column, text);
        }
        let width = found.keys().next_back().map_or(0, |last| last + 1);
        rows.push((0..width).map(|column| found.get(&column).cloned().unwrap_or_default()).collect());
    }
    rows
}

/// Returns a value of the annex as text. `date` formats a date.
fn shown(value: &Value, date: &dyn Fn(Date) -> String) -> String {
    let one = |value: &Value| {
        let text = value.as_str().expect("text");
        let parsed: Option<Date> = text.parse().ok();
        parsed.map_or_else(|| text.to_owned(), date)
    };
    match value {
        Value::Array(values) => values.iter().map(one).collect::<Vec<_>>().join("; "),
        Value::Null => String::new(),
        value => one(value),
    }
}

fn keys(annex: &Value) -> Vec<String> {
    let columns = annex["columns"].as_array().expect("columns");
    columns.iter().map(|column| column["key"].as_str().expect("a key").to_owned()).collect()
}

fn labels(annex: &Value) -> Vec<String> {
    let columns = annex["columns"].as_array().expect("columns");
    columns.iter().map(|column| column["label"].as_str().expect("a label").to_owned()).collect()
}

fn entries(annex: &Value) -> &[Value] {
    annex["subprocessors"].as_array().expect("subprocessors")
}

/// Returns the cells that a table of the annex has.
fn expected(annex: &Value, date: &dyn Fn(Date) -> String) -> Vec<Vec<String>> {
    let keys = keys(annex);
    let row = |entry: &Value| keys.iter().map(|key| shown(entry.get(key).unwrap_or(&Value::Null), date)).collect();
    std::iter::once(labels(annex)).chain(entries(annex).iter().map(row)).collect()
}

fn in_words(date: Date) -> String {
    Catalog::english().date(date)
}

/// Removes empty cells at the end of rows.
fn trimmed(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for row in &mut rows {
        while row.last().is_some_and(String::is_empty) {
            row.pop();
        }
    }
    rows
}

#[test]
fn one_subprocessor_fills_every_column() {
    let all: Vec<&str> = COLUMNS.iter().map(|column| column.key).collect();
    assert_eq!(keys(&annex(&["--features", "SMS"])), all);
    let distinct: BTreeSet<&str> = all.iter().copied().collect();
    assert_eq!(distinct.len(), all.len());
    assert!(COLUMNS.iter().all(|column| distinct.contains(column.under)));
}

#[test]
fn json_matches_its_schema() {
    let schema: Value = serde_json::from_str(&Project::new().run(["schema", "schedule"]).stdout).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for choice in CHOICES {
        let annex = annex(&[choice, &["--customer", "C", "--workspace", "W"]].concat());
        let errors: Vec<String> = validator.iter_errors(&annex).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!((&annex["customer"], &annex["workspace"]), (&json!("C"), &json!("W")));
        assert_eq!(annex["report"]["errors"], 0);
    }
    let mut wrong = annex(&[]);
    wrong["subprocessors"][0]["ends"] = json!(["2030-01-01"]);
    assert!(!validator.is_valid(&wrong));
    assert_eq!(annex(&["--for", "region=EU"])["dimensions"], json!({ "region": "EU" }));
}

#[test]
fn every_format_states_the_same_columns_and_cells() {
    for choice in CHOICES {
        let annex = annex(choice);
        assert_eq!(entries(&annex).len(), 3, "{choice:?}");
        let csv = schedule("csv", choice);
        let records = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice()).into_records();
        let rows: Vec<Vec<String>> = records
            .map(|row| row.expect("CSV").iter().map(|cell| cell.trim_start_matches('\'').to_owned()).collect())
            .collect();
        assert_eq!(rows, expected(&annex, &in_words), "{choice:?}");

        let table = worksheet(&schedule("xlsx", choice));
        assert_eq!(table, trimmed(expected(&annex, &|date| date.to_string())), "{choice:?}");

        let (markdown, html) = (schedule("markdown", choice), schedule("html", choice));
        let markdown = String::from_utf8(markdown).expect("UTF-8");
        let head = markdown.lines().find(|line| line.starts_with("| Provider |")).expect("a table");
        assert_eq!(head.trim_matches('|').trim().split(" | ").collect::<Vec<_>>(), labels(&annex), "{choice:?}");
        let html = String::from_utf8(html).expect("UTF-8");
        let page = scraper::Html::parse_document(html.split_once("<main").expect("the annex").1);
        let addresses = scraper::Selector::parse("a[href]").expect("a selector");
        let linked = page.select(&addresses).filter_map(|link| link.attr("href"));
        let text = page.root_element().text().chain(linked).collect::<Vec<_>>().join(" ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if entries(&annex)[0].get("replaces").is_some() {
            assert!(text.contains("Replaces Predecessor"), "{choice:?}");
        }
        // The page states upcoming changes in a list of their own, and a deadline only as a part of them.
        for (entry, key) in
            entries(&annex).iter().flat_map(|entry| keys(&annex).into_iter().map(move |key| (entry, key)))
        {
            let values = match entry.get(&key) {
                // Without conditions, the page has no column that says so.
                Some(Value::String(applies)) if key == "applies" && applies == "Always" => continue,
                Some(Value::Array(values)) if key != "upcoming" => values.clone(),
                Some(value) if key != "upcoming" => vec![value.clone()],
                _ => continue,
            };
            for value in values {
                // What services add is shown with the service.
                let shown = shown(&value, &in_words);
                let parts: Vec<&str> = match shown.split_once(": ") {
                    Some((service, rest)) if ["Mail", "SMS"].contains(&service) => vec![rest],
                    _ if key == "address" => shown.split(", ").collect(),
                    _ => vec![&shown],
                };
                assert!(parts.iter().all(|part| text.contains(part)), "{choice:?}: {key}: {shown}");
            }
        }
    }
}

#[test]
fn rows_for_a_register_state_only_what_the_release_states() {
    let run = RELEASED.run(["schedule", "--format", "dora-csv", "--for", "SMS"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
    let heads: Vec<String> = reader.headers().expect("column names").iter().map(str::to_owned).collect();
    assert_eq!(heads.len(), 19);
    assert!(heads.iter().all(|head| head.starts_with("B_05.01.") || head.starts_with("B_05.02.")), "{heads:?}");
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>().expect("rows");
    let stated = |row: &BTreeMap<String, String>| -> Vec<String> {
        let filled = row.iter().filter(|(_, value)| !value.is_empty());
        filled.map(|(head, value)| format!("{}={value}", &head[3..])).collect()
    };
    assert_eq!(stated(&rows[0]), ["5.01.0050=Example GmbH", "5.01.0060=Example GmbH", "5.02.0050=1"]);
    let full = [
        "5.01.0010=5299000J2N45DDNE4Y28",
        "5.01.0020=LEI",
        "5.01.0030=DEK1101R.HRB116737",
        "5.01.0040=EUID",
        "5.01.0050=Full Incorporated",
        "5.01.0060=Full Incorporated",
        "5.01.0080=US",
        "5.02.0030=5299000J2N45DDNE4Y28",
        "5.02.0040=LEI",
        "5.02.0050=2",
    ];
    assert_eq!(stated(&rows[1]), full);
    // One that states the minimum.
    assert_eq!(stated(&rows[2]), ["5.02.0050=2"]);
    for expected in [
        "B_05.01.0010 (identification code of the provider; lei, euid): Example & <Söhne>, ",
        "B_05.01.0070 (type of person): no field states it",
        "B_05.02.0020 (type of ICT services): no field states it",
    ] {
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
    }
    assert!(!run.stderr.contains("B_05.02.0050"), "{}", run.stderr);
    let quiet = RELEASED.run(["schedule", "--format", "dora-csv", "--for", "SMS", "--quiet"]);
    assert_eq!((quiet.stdout, quiet.stderr.as_str()), (run.stdout, ""));
}

#[test]
fn word_document_states_every_cell_below_a_repeated_heading() {
    for choice in CHOICES {
        let annex = annex(choice);
        let document = part(&schedule("docx", choice), "word/document.xml");
        assert_eq!(document.matches("<w:tblHeader/>").count(), 1);
        assert!(document.contains("w:orient=\"landscape\"") && document.contains("<w:footerReference"));
        let tables: Vec<&str> =
            document.split("<w:tbl>").skip(1).map(|table| table.split("</w:tbl>").next().unwrap()).collect();
        let [header, list] = tables.as_slice() else { panic!("{} tables", tables.len()) };
        let header = cells(&format!("<x>{header}</x>"), ["w:tr", "w:tc", "w:t"]);
        let facts: Vec<String> = header.iter().map(|row| row.concat().replace('\n', " ")).collect();
        let digest = annex["sha256"].as_str().expect("a digest");
        for fact in ["Processor Example & <Söhne>, Example GmbH ", "Version 2026-05-22 ", &format!("SHA-256 {digest} ")]
        {
            assert!(facts.contains(&fact.to_owned()), "{fact}: {facts:?}");
        }
        let rows = cells(&format!("<x>{list}</x>"), ["w:tr", "w:tc", "w:t"]);
        assert_eq!(rows.len(), 1 + entries(&annex).len());
        let mut leads: Vec<&str> = Vec::new();
        for column in &COLUMNS {
            if column.key == column.under && keys(&annex).iter().any(|key| key == column.key) {
                leads.push(column.key);
            }
        }
        assert_eq!(rows[0].len(), leads.len());
        for (entry, row) in entries(&annex).iter().zip(&rows[1..]) {
            let text = row.concat();
            let mut labeled = 0;
            for (key, label) in keys(&annex).iter().zip(labels(&annex)) {
                let Some(value) = entry.get(key) else { continue };
                let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
                let texts: Vec<String> = values.iter().map(|value| shown(value, &in_words)).collect();
                assert!(texts.iter().all(|value| text.contains(value.as_str())), "{key}: {texts:?}: {text}");
                if !leads.contains(&key.as_str()) {
                    assert!(text.contains(&format!("{label}: ")), "{label}: {text}");
                    labeled += 1;
                }
            }
            let stated = entry
                .as_object()
                .expect("an entry")
                .keys()
                .filter(|key| !leads.contains(&key.as_str()) && *key != "id");
            assert_eq!(labeled, stated.count());
        }
    }
}

#[test]
fn nothing_that_does_not_apply_is_named_in_any_format() {
    // The countries that data reaches only under a condition, with whether it may for the customer.
    for choice in CHOICES {
        let (is_eu, has_sms) = (choice.contains(&"region=EU"), choice.contains(&"SMS"));
        for format in ["markdown", "csv", "json", "html"] {
            let text = String::from_utf8(schedule(format, choice)).expect("UTF-8");
            for (country, applies) in [
                ("India", !is_eu),
                ("Ohio", !is_eu),
                ("Canada", !is_eu),
                ("Recife", has_sms),
                ("Brazil", has_sms),
                ("Japan", has_sms && !is_eu),
                ("France", true),
                ("Germany", true),
            ] {
                assert_eq!(text.contains(country), applies, "{choice:?}: {format}: {country}");
            }
        }
    }
}

#[test]
fn transfers_match_the_shared_test_vectors() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/annex.json")).expect("vectors");
    assert!(vectors.len() >= 6);
    let strings = Catalog::english();
    let at = COLUMNS.iter().position(|column| column.key == "transfers").expect("a column");
    for vector in vectors {
        let name = &vector["name"];
        let item: Subprocessor = serde_json::from_value(vector["subprocessor"].clone()).expect("a subprocessor");
        let dimensions: Dimensions = serde_json::from_value(vector["dimensions"].clone()).expect("dimensions");
        let row = AnnexRow::new(&item, &[], Names::default(), &strings);
        let data = |part: &CellPart| json!({ "text": part.value.text(&strings), "conditions": part.conditions });
        let parts: Vec<Value> = row.cells[at].iter().map(data).collect();
        assert_eq!(Value::from(parts), vector["parts"], "{name}");
        for choice in vector["choices"].as_array().expect("choices") {
            let customer = CustomerChoice {
                features: serde_json::from_value(choice["features"].clone()).expect("features"),
                dimensions: serde_json::from_value(choice["answers"].clone()).expect("answers"),
            };
            let may_hold = |condition: &Condition| condition.may_hold(&customer, &dimensions);
            let applies = |part: &&CellPart| part.conditions.is_empty() || part.conditions.iter().any(may_hold);
            let shown: Vec<String> =
                row.cells[at].iter().filter(applies).map(|part| part.value.text(&strings)).collect();
            assert_eq!(json!(shown), choice["shown"], "{name}: {choice}");
        }
    }
}

#[test]
fn same_release_makes_the_same_bytes_at_any_time() {
    for format in ["xlsx", "docx"] {
        let bytes = schedule(format, &[]);
        let later = RELEASED.command(["schedule", "--format", format]).env("TZ", "Asia/Tokyo").output().expect("a run");
        assert!(bytes == later.stdout, "{format}");
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).expect("an archive");
        for at in 0..archive.len() {
            let file = archive.by_index(at).expect("a file");
            let changed = file.last_modified().expect("a time");
            assert_eq!((changed.year(), changed.month(), changed.day()), (1980, 1, 1), "{format}: {}", file.name());
        }
        let core = part(&bytes, "docProps/core.xml");
        assert_eq!(core.matches("2026-05-22T00:00:00Z").count(), 2, "{core}");
    }
    let site = |path: &str| std::fs::read(RELEASED.path(&format!("dist/{path}"))).expect("a file");
    assert!(part(&site("subprocessors.xlsx"), "docProps/core.xml").contains("2026-05-22T00:00:00Z"));
}

#[test]
fn output_file_has_the_format_of_its_name() {
    let project = Project::new().file("content/site.yaml", SITE).file("content/data/subprocessors.yaml", LIST);
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    for (file, start) in [
        ("a.md", &b"# Subprocessor annex"[..]),
        ("b.HTML", b"<!DOCTYPE html>"),
        ("c.csv", "\u{FEFF}Provider,".as_bytes()),
        ("new/d.xlsx", b"PK"),
        ("e.docx", b"PK"),
        ("f.json", b"{\n"),
    ] {
        for _ in 0..2 {
            let path = project.path(file);
            let run = project.run(["schedule".as_ref(), "--output".as_ref(), path.as_os_str()]);
            assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{file}: {}", run.stderr);
            assert!(run.stderr.contains("annex of 3 subprocessors written to "), "{}", run.stderr);
            assert!(std::fs::read(path).expect("a file").starts_with(start), "{file}");
        }
    }
    let path = project.path("g.txt");
    let run = project.run(["schedule".as_ref(), "-o".as_ref(), path.as_os_str(), "--format".as_ref(), "csv".as_ref()]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(std::fs::read(&path).expect("a file").starts_with("\u{FEFF}Provider,".as_bytes()));
    for file in ["annex.pdf", "annex", "folder/.docx"] {
        let run = project.run(["schedule", "--output", file]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{file}");
        assert!(run.stderr.contains(file) && run.stderr.contains("pass --format"), "{}", run.stderr);
    }
    let folder = project.path("content");
    let run = project.run(["schedule".as_ref(), "--format=docx".as_ref(), "-o".as_ref(), folder.as_os_str()]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("cannot write") && project.path("content/site.yaml").exists(), "{}", run.stderr);
}

#[test]
fn site_has_the_list_for_spreadsheet_programs() {
    let site = |path: &str| std::fs::read(RELEASED.path(&format!("dist/{path}"))).expect("a file");
    let list: Value = serde_json::from_slice(&site("subprocessors.json")).expect("JSON");
    let names: Vec<&str> = list["subprocessors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["name"].as_str().expect("a name"))
        .collect();
    let csv = site("subprocessors-table.csv");
    let text = String::from_utf8(csv.clone()).expect("UTF-8");
    assert!(
        text.starts_with("\u{FEFF}Provider,Former names,") && text.contains("Germany; United States (Ohio;"),
        "{text}"
    );
    assert!(text.lines().all(|line| !line.starts_with('=')) && text.contains("\r\n'=1+1,"), "{text}");
    let table: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_slice())
        .into_records()
        .map(|row| {
            row.expect("CSV").iter().map(|cell| cell.trim_start_matches(['\'', '\u{FEFF}']).to_owned()).collect()
        })
        .collect();
    let workbook = worksheet(&site("subprocessors.xlsx"));
    for rows in [&table, &workbook] {
        assert_eq!(rows[1..].iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), names);
        assert_eq!(rows[0].len(), COLUMNS.len());
    }
    assert_eq!(table[0], workbook[0]);
    // The file for programs keeps its columns, and has no byte order mark.
    assert!(site("subprocessors.csv").starts_with(b"id,name,legal_name,role,purpose,"));
    let page = RELEASED.read("dist/subprocessors/index.html");
    for file in ["subprocessors.xlsx", "subprocessors-table.csv", "subprocessors.json"] {
        assert!(page.contains(&format!("href=\"../{file}\"")), "{file}");
    }
    // The annex with all of them is next to the page on which customers create theirs.
    let annex = worksheet(&site("schedule/annex.xlsx"));
    assert!(annex.iter().any(|row| row[0] == names[0]), "{annex:?}");
    assert!(part(&site("schedule/annex.docx"), "word/document.xml").contains(names[0]));
    let page = RELEASED.read("dist/schedule/index.html");
    for file in ["annex.docx", "annex.xlsx"] {
        assert!(page.contains(&format!("href=\"../schedule/{file}\"")), "{file}");
    }
    let headers = RELEASED.read("dist/_headers");
    assert!(headers.contains("/subprocessors.xlsx\n") && headers.contains("/subprocessors-table.csv\n"), "{headers}");
}

#[test]
fn spreadsheets_use_the_language_of_the_page() {
    let strings =
        "countries: {DE: Deutschland}\nsubprocessors: {name: Anbieter, purpose: Zweck, title: 'Liste [A/B]'}\n";
    let project = Project::empty()
        .file("content/site.yaml", "title: T\nlanguage: de\norganization: {name: E, jurisdiction: eu}\n")
        .file("templates/strings/de.yaml", strings)
        .file("content/data/subprocessors.yaml", "- {id: a, name: Ärzte Cloud, purpose: p, locations: [DE]}\n");
    for (arguments, is_draft) in
        [(&["build", "--draft", "--no-compress"][..], true), (&["build", "--no-compress"], false)]
    {
        if !is_draft {
            assert_eq!(project.run(["release", "-m", "Erste"]).code, Some(0));
        }
        let run = project.run(arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let table = project.read("dist/subprocessors-table.csv");
        assert!(
            table.starts_with("\u{FEFF}Anbieter,Zweck,") && table.contains("Ärzte Cloud,p,Immer,Deutschland"),
            "{table}"
        );
        let workbook = std::fs::read(project.path("dist/subprocessors.xlsx")).expect("a file");
        assert_eq!(worksheet(&workbook)[1], ["Ärzte Cloud", "p", "Immer", "Deutschland"]);
        assert!(
            part(&workbook, "xl/workbook.xml").contains("name=\"Liste  A B\""),
            "{}",
            part(&workbook, "xl/workbook.xml")
        );
        assert_eq!(part(&workbook, "xl/sharedStrings.xml").contains("SHA-256"), !is_draft);
    }
}
