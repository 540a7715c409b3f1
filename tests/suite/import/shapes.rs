//! Lists of every shape: each fixture states the rows and cells that go in, the subprocessors that come out, and why the other cells
//! are not imported. No row and no cell may be missing from the account.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use candor::diagnostic::{Report, Source};
use candor::import::{self, ImportOptions, Imported};
use serde_json::Value;

use crate::support::Project;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import")
}

/// Reads a list as the command does.
fn read(name: &str, bytes: &[u8]) -> (Option<Imported>, Report) {
    let options = ImportOptions::default();
    match import::is_workbook(bytes) {
        true => import::read_workbook(name, bytes, &options),
        false => {
            let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
            import::read(&Source::new(name, import::normal(&text)), &options)
        }
    }
}

#[test]
fn every_cell_of_every_shape_is_accounted_for() {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".expected.json"))
        .collect();
    names.sort();
    assert!(names.len() >= 40, "{}", names.len());
    let mut problems = Vec::new();
    let mut counted = 0;
    for name in &names {
        let bytes = fs::read(folder().join(name)).expect("a list");
        let expected = fs::read_to_string(folder().join(format!("{name}.expected.json"))).expect("a result");
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        let (imported, report) = read(name, &bytes);
        let Some(imported) = imported.filter(|_| !report.has_errors()) else {
            problems.push(format!(
                "{name}: {:?}",
                report.diagnostics().iter().map(|found| &found.message).collect::<Vec<_>>()
            ));
            continue;
        };
        // Counted in the file, independently of the program: column names, values and everything else.
        if let Some(count) = values_in(name, &bytes) {
            counted += 1;
            if count != imported.account.cells.len() {
                problems.push(format!(
                    "{name}: {count} cells, of which {} are accounted for",
                    imported.account.cells.len()
                ));
            }
        }
        let cells: Vec<_> = imported.account.cells.iter().filter(|cell| cell.row > 0).collect();
        let rows: BTreeSet<_> = cells.iter().map(|cell| (cell.table, cell.row)).collect();
        let ended = cells.iter().all(|cell| !cell.fields.is_empty() || cell.remainder.is_some());
        let mut not_imported: BTreeMap<&str, usize> = BTreeMap::new();
        for (remainder, count) in imported.account.remainders() {
            not_imported.insert(remainder.as_str(), count);
        }
        not_imported.remove("column-name");
        let found = serde_json::json!({
            "rows": rows.len(),
            "cells": cells.len(),
            "subprocessors": imported.items,
            "not_imported": not_imported,
        });
        if found != expected || !ended {
            problems.push(format!("{name}:\n  found    {found}\n  expected {expected}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(counted >= 50, "{counted} of {}", names.len());
}

/// Counts the values in the lists of a file, independently of the program; `None` if it is of another kind.
fn values_in(name: &str, bytes: &[u8]) -> Option<usize> {
    let ending = name.rsplit('.').next()?;
    if matches!(ending, "xlsx" | "ods") {
        return Some(values_in_workbook(bytes));
    }
    let text = String::from_utf8(bytes.to_vec()).ok()?;
    match ending {
        "yaml" | "yml" => Some(values_in_data(&serde_yaml::from_str(&text).ok()?)),
        "json" => Some(values_in_data(&serde_json::from_str(&text).ok()?)),
        "md" if text.starts_with("---\n") => {
            Some(values_in_data(&serde_yaml::from_str(text.split("---\n").nth(1)?).ok()?))
        }
        "md" if text.lines().any(|line| line.trim_start().starts_with("- ")) && !text.contains('|') => {
            Some(values_in_bullets(&text))
        }

        "csv" | "tsv" => {
            let stated = text.strip_prefix("sep=").and_then(|rest| rest.chars().next());
            let text = if stated.is_some() { text.split_once('\n')?.1 } else { &text };
            let likely = [',', ';', '\t', '|', '^'].into_iter().max_by_key(|c| text.matches(*c).count())?;
            let delimiter = stated.unwrap_or(likely);
            let mut reader = csv::ReaderBuilder::new();
            reader.has_headers(false).flexible(true).delimiter(u8::try_from(delimiter).ok()?);
            let records = reader.from_reader(text.as_bytes()).into_records();
            Some(
                records
                    .flat_map(|record| {
                        record
                            .expect("a record")
                            .iter()
                            .map(|cell| usize::from(!cell.trim().is_empty()))
                            .collect::<Vec<_>>()
                    })
                    .sum(),
            )
        }
        "md" if text.lines().any(|line| line.starts_with('|')) => {
            let rows = text.lines().filter(|line| line.starts_with('|') && line.contains(|c| !"|-: ".contains(c)));
            let cells =
                rows.map(|row| row.replace("\\|", "/").split('|').filter(|cell| !cell.trim().is_empty()).count());
            Some(cells.sum())
        }
        "html" if text.contains("<table") => {
            let mut count = 0;
            for part in text.replace("<thead", "<x").replace("<th", "<td").split("<td").skip(1) {
                let (attributes, content) = part.split_once('>')?;
                let content = content
                    .split(
                        ["</tr", "<tr", "</table"]
                            .iter()
                            .find(|end| content.contains(**end))
                            .copied()
                            .unwrap_or("</table"),
                    )
                    .next()?;
                let visible: String =
                    content.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
                let number = |name: &str| {
                    let value = attributes.split_once(name)?.1.trim_start_matches(['=', '"', '\'']);
                    value.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok()
                };
                let spans = number("colspan").unwrap_or(1) * number("rowspan").unwrap_or(1);
                count += if visible.trim().is_empty() && !content.contains("<img") { 0 } else { spans };
            }
            Some(count)
        }
        _ => None,
    }
}

/// Counts the values of records: a list is one value, and a map without a country one for each of its entries.
fn values_in_data(value: &Value) -> usize {
    let is_map = |value: &Value| value.is_object();
    let of_entry = |value: &Value| match value {
        Value::Null => 0,
        Value::Array(items) if items.iter().any(is_map) => values_in_data(value),
        Value::Object(map) if !map.contains_key("country") => map.len(),
        _ => 1,
    };
    match value {
        Value::Array(items) => {
            items.iter().filter_map(Value::as_object).map(|map| map.values().map(of_entry).sum::<usize>()).sum()
        }
        // Records by their keys, which are the names.
        Value::Object(map) if map.values().all(is_map) => {
            map.values().filter_map(Value::as_object).map(|map| 1 + map.values().map(of_entry).sum::<usize>()).sum()
        }
        Value::Object(map) => map.values().filter(|value| value.is_array()).map(values_in_data).sum(),
        _ => 0,
    }
}

/// Counts the values of bullets: a label has one, a name and a purpose are two, and the name above labels is one.
fn values_in_bullets(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let bullet = |line: &str| line.trim_start().strip_prefix("- ").map(|text| text.replace("**", ""));
    let is_label = |text: &str| ["Purpose:", "Location:", "Region:"].iter().any(|label| text.starts_with(label));
    let labeled = |at: usize| lines.get(at).and_then(|line| bullet(line)).is_some_and(|text| is_label(&text));
    let mut count = 0;
    for (at, line) in lines.iter().enumerate() {
        count += match bullet(line) {
            Some(text) if is_label(&text) => 1,
            Some(text) if [": ", " - ", " – "].iter().any(|separator| text.contains(separator)) => 2,
            _ => usize::from(labeled(at + 1) && !labeled(at)),
        };
    }
    count
}

/// Counts the cells with a value in the visible sheets of a workbook.
fn values_in_workbook(bytes: &[u8]) -> usize {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut read = |name: &str| {
        let mut text = String::new();
        let part = archive.by_name(name).ok()?;
        std::io::Read::read_to_string(&mut std::io::BufReader::new(part), &mut text).expect("text");
        Some(text)
    };
    let count = |text: &str, start: &str, values: &[&str]| {
        text.split(start).skip(1).filter(|cell| values.iter().any(|value| cell.contains(value))).count()
    };
    let Some(workbook) = read("xl/workbook.xml") else {
        return count(&read("content.xml").expect("sheets"), "<table:table-cell", &["<text:p>"]);
    };
    let visible = workbook.split("<sheet ").skip(1).filter(|sheet| !sheet.contains("state=\"hidden\""));
    let number =
        |sheet: &str| sheet.split("sheetId=\"").nth(1).and_then(|id| id.split('"').next()).expect("an id").to_owned();
    visible
        .map(|sheet| read(&format!("xl/worksheets/sheet{}.xml", number(sheet))).expect("a sheet"))
        .map(|sheet| {
            let rows = sheet.split("<row ").skip(1);
            let rows = rows.filter(|row| !row.split('>').next().is_some_and(|tag| tag.contains("hidden=\"1\"")));
            rows.map(|row| count(row, "<c ", &["<v>", "<t>", "<t "])).sum::<usize>()
        })
        .sum()
}

/// Files that are no list. Each is refused with a message, and nothing is written.
#[test]
fn bad_input_is_refused_and_nothing_is_written() {
    let workbook = fs::read(folder().join("50-workbook.xlsx")).expect("a workbook");
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let password = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &wide("EncryptedPackage")].concat();
    let table = "| Name | Purpose |\n|---|---|\n";
    let conflict = format!("{table}<<<<<<< HEAD\n| A | B |\n=======\n| C | D |\n>>>>>>> other\n");
    let cases: [(&str, Vec<u8>, &str); 20] = [
        ("a.md", conflict.into_bytes(), "a.md:3:1"),
        ("a.md", b"# Security\n\n- **Encryption**: TLS\n\n# Subprocessors\nProse.".to_vec(), "no list below a heading"),
        ("a.md", b"# Subprocessors\n\n- **Alfa**: hosting\n- Beta\n".to_vec(), "`Beta` has no value"),
        ("a.md", b"\0\x01\x02".repeat(1000), "is a binary file"),
        ("a.csv", vec![0xC3, 0x28, 0x00], "not UTF-8"),
        ("a.pdf", b"%PDF-1.7 \xE2\xE3".to_vec(), "not UTF-8"),
        ("a.xlsx", password, "has a password"),
        ("a.xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1].to_vec(), "old format XLS"),
        ("a.xlsx", workbook[..workbook.len() / 2].to_vec(), "damaged"),
        ("a.zip", [&b"PK\x03\x04"[..], &[0; 40]].concat(), "damaged"),
        ("a.csv", vec![b'a'; 5 * 1024 * 1024], "a.csv"),
        ("a.csv", format!("Name,Purpose\n{}", "A,B\n".repeat(100_000)).into_bytes(), "the limit is 10000"),
        ("a.md", b"Only prose.".to_vec(), "has no table"),
        ("a.csv", Vec::new(), "has no table"),
        ("a.md", table.as_bytes().to_vec(), "has no rows"),
        ("a.json", b"[{\"name\": ".to_vec(), "cannot read a table"),
        ("a.yaml", b"- name: [".to_vec(), "yaml"),
        (
            "a.html",
            b"<table><tr><th>Provider<th>Purpose<tr><td>{{ s.name }}<td>{{ s.purpose }}</table>".to_vec(),
            "code of a template",
        ),
        ("a.ts", b"export const rows = [{ name: t(\"a\"), purpose: \"B\" }];".to_vec(), "code of a template"),
        ("a.csv", b"Name,Data\nA,B\n".to_vec(), "no column for the required field `purpose`"),
    ];
    for (name, bytes, expected) in cases {
        let project = Project::new().file(name, &bytes);
        let run = project.run(["import", name, "--write"]);
        assert!(matches!(run.code, Some(1 | 2)) && run.stderr.contains(expected), "{name}, {expected}: {run:?}");
        assert!(!project.path("content/data").exists(), "{name}");
    }
}

#[test]
fn utf_16_is_read() {
    for bytes in [
        [
            &[0xFF, 0xFE][..],
            &"Name,Purpose\nÄlfa,Hosting\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
        ]
        .concat(),
        [
            &[0xFE, 0xFF][..],
            &"Name,Purpose\nÄlfa,Hosting\n".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
        ]
        .concat(),
    ] {
        let project = Project::new().file("a.csv", &bytes);
        let run = project.run(["import", "a.csv"]);
        assert!(run.code == Some(0) && run.stdout.contains("Älfa"), "{run:?}");
    }
}

#[test]
fn import_says_what_the_check_will_ask_for() {
    let site = "title: Trust\norganization:\n  name: Example\n";
    let list = "Name,Purpose,Location\nAlfa Cloud,Hosting,United States\n";
    let project = Project::new().file("content/site.yaml", site).file("list.csv", list);
    let run = project.run(["import", "list.csv"]);
    assert!(
        run.stdout.contains("data-categories-missing") && run.stdout.contains("--default transfer_mechanism="),
        "{run:?}"
    );
    let options = ["--default", "transfer_mechanism=scc", "--default", "data_categories=Account data"];
    let run = project.run([&["import", "list.csv", "--write"][..], &options].concat());
    assert!(run.code == Some(0) && !run.stdout.contains("will ask for"), "{run:?}");
    let written = project.read("content/data/subprocessors.yaml");
    assert!(written.contains("transfer_mechanism: scc") && written.contains("- Account data"), "{written}");
}

#[test]
fn list_of_a_new_project_is_replaced_and_keeps_its_schema_line() {
    let project = Project::empty();
    assert_eq!(project.run(["init", "p"]).code, Some(0));
    fs::write(project.path("p/list.csv"), "Name,Purpose\nAlfa Cloud,Hosting\n").expect("a list");
    let run = project.run(["--root", "p", "import", "p/list.csv", "--write", "-q"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", ""), "{run:?}");
    let written = project.read("p/content/data/subprocessors.yaml");
    assert!(
        written.starts_with("# yaml-language-server: $schema=../../schemas/content/subprocessors.json\n"),
        "{written}"
    );
    let run = project.run(["--root", "p", "import", "p/list.csv", "--write"]);
    assert!(run.code == Some(1) && run.stderr.contains("import-file-exists"), "{run:?}");
}
