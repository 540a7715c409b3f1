//! `verify --against` detects every way to tamper with a published site, at each release.
//!
//! Each case is a function that changes the folder `releases/` of a site at the release in a given position. Each is
//! tried at the first, a middle and the last release, with a folder and with a URL.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use candor::history::Record;
use candor::history::index::Index;
use candor::history::store::{Folder, read_folder};
use candor::model::{Digest, Version};
use serde_json::Value;

use super::published::publish;
use super::released;
use crate::support::{FileServer, Project};

const VERSIONS: [&str; 4] = ["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04"];

/// At least one of these codes must be reported.
type Codes = &'static [&'static str];

/// Changes the folder `releases/` of a site at the release in a position.
type Apply = Box<dyn Fn(&Path, usize)>;

/// One way to tamper with a site.
struct Tampering {
    name: String,
    codes: Codes,
    /// Whether only listing the folder reveals it.
    needs_folder: bool,
    apply: Apply,
}

const REWRITTEN: Codes = &["history-rewritten"];
const LIST: Codes = &["site-index"];
const SUMS: Codes = &["release-sums"];

fn tampering(name: impl Into<String>, codes: Codes, apply: impl Fn(&Path, usize) + 'static) -> Tampering {
    Tampering { name: name.into(), codes, needs_folder: false, apply: Box::new(apply) }
}

fn record(folder: &Path, at: usize) -> std::path::PathBuf {
    folder.join(format!("{}.json", VERSIONS[at]))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a text file")
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::write(path, text).expect("a file");
}

/// Changes the entry of a release in the list.
fn entry(folder: &Path, at: usize, change: impl Fn(&mut serde_json::Map<String, Value>)) {
    list(folder, |entries| {
        let entry = entries.iter_mut().find(|entry| entry["version"] == VERSIONS[at]).expect("an entry");
        change(entry.as_object_mut().expect("an object"));
    });
}

/// Changes the list.
fn list(folder: &Path, change: impl Fn(&mut Vec<Value>)) {
    let path = folder.join("index.json");
    let mut index: Value = serde_json::from_str(&read(&path)).expect("JSON");
    change(index["releases"].as_array_mut().expect("a list"));
    write(&path, index.to_string());
}

/// Changes the lines of SHA256SUMS.
fn sums(folder: &Path, change: impl Fn(&mut Vec<String>)) {
    let path = folder.join("SHA256SUMS");
    let mut lines: Vec<String> = read(&path).lines().map(str::to_owned).collect();
    change(&mut lines);
    write(&path, lines.iter().map(|line| format!("{line}\n")).collect::<String>());
}

/// Links all records again and writes both lists for them: another valid hash chain.
fn relink(folder: &Path) {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .filter(|name| name.starts_with("20"))
        .collect();
    names.sort_by_key(|name| name.trim_end_matches(".json").parse::<Version>().expect("a version"));
    let mut previous = Value::Null;
    let mut sums = String::new();
    for name in names {
        let path = folder.join(&name);
        let mut record: Value = serde_json::from_str(&read(&path)).expect("JSON");
        record["previous"] = previous;
        // The type has the order of the keys, and leaves out a link that does not exist.
        let record: Record = serde_json::from_value(record).expect("a record");
        let record = serde_json::to_value(record).expect("JSON");
        let text = format!("{record:#}\n");
        write(&path, &text);
        let digest = Digest::of(text.as_bytes());
        previous = serde_json::json!({"version": name.trim_end_matches(".json"), "sha256": digest});
        sums += &format!("{digest}  {name}\n");
    }
    write(&folder.join("SHA256SUMS"), sums);
    // This file is not a record, and the folder contains nothing else in a project.
    fs::remove_file(folder.join("index.json")).expect("a file");
    let (history, report) = read_folder(&Folder::at(folder), "2026-05-22".parse().expect("a date"));
    assert!(!report.has_errors(), "{report:?}");
    write(&folder.join("index.json"), serde_json::to_vec(&Index::of(&history, None)).expect("JSON"));
}

/// Removes a release from the list, the sums and the folder.
fn remove_release(folder: &Path, at: usize, file: bool) {
    list(folder, |entries| entries.retain(|entry| entry["version"] != VERSIONS[at]));
    sums(folder, |lines| lines.retain(|line| !line.ends_with(&format!("{}.json", VERSIONS[at]))));
    if file {
        fs::remove_file(record(folder, at)).expect("a file");
    }
}

/// Copies a release to a later version, with a matching date.
fn copy(folder: &Path, at: usize, version: &str) {
    let text = read(&record(folder, at)).replacen(VERSIONS[at], version, 2);
    let date = version.split('.').next().expect("a date");
    let text = text.replace(&format!("\"published\": \"{version}\""), &format!("\"published\": \"{date}\""));
    write(&folder.join(format!("{version}.json")), text);
}

fn tamperings() -> Vec<Tampering> {
    let mut all = vec![
        tampering("record edited", REWRITTEN, |folder, at| {
            write(&record(folder, at), read(&record(folder, at)).replace("Payment", "payment"));
        }),
        tampering("record made longer", REWRITTEN, |folder, at| {
            write(&record(folder, at), read(&record(folder, at)).replace("Payment", &"Payment ".repeat(1000)));
        }),
        tampering("record formatted", REWRITTEN, |folder, at| {
            write(&record(folder, at), read(&record(folder, at)).replace("  ", "    "));
        }),
        tampering("record cut off", REWRITTEN, |folder, at| {
            let text = read(&record(folder, at));
            write(&record(folder, at), &text[..text.len() / 2]);
        }),
        tampering("record emptied", REWRITTEN, |folder, at| write(&record(folder, at), "")),
        tampering("record replaced by a page", REWRITTEN, |folder, at| write(&record(folder, at), "<!doctype html>")),
        tampering("record deleted", REWRITTEN, |folder, at| fs::remove_file(record(folder, at)).expect("a file")),
        tampering("records swapped", REWRITTEN, |folder, at| {
            let (one, two) = (record(folder, at), record(folder, (at + 1) % VERSIONS.len()));
            let (first, second) = (read(&one), read(&two));
            write(&one, second);
            write(&two, first);
        }),
        tampering("record renamed", REWRITTEN, |folder, at| {
            fs::rename(record(folder, at), folder.join("2026-05-09.json")).expect("a file");
        }),
        tampering("another record in its place", REWRITTEN, |folder, at| {
            write(&record(folder, at), read(&record(folder, (at + 1) % VERSIONS.len())));
        }),
        tampering("another chain that holds", REWRITTEN, |folder, at| {
            write(&record(folder, at), read(&record(folder, at)).replace("Payment", "payment"));
            relink(folder);
        }),
        tampering("record removed from a chain that holds", REWRITTEN, |folder, at| {
            fs::remove_file(record(folder, at)).expect("a file");
            // Removing only the newest release leaves an earlier state of the site, which has its own test.
            copy(folder, (at + 1) % VERSIONS.len(), "2026-05-05");
            relink(folder);
        }),
        tampering("record inserted into a chain that holds", REWRITTEN, |folder, at| {
            copy(folder, at, &format!("{}.2", VERSIONS[at]));
            relink(folder);
        }),
        tampering("list and sums lack a record that is there", LIST, |folder, at| remove_release(folder, at, false)),
        tampering("list and sums name another digest", REWRITTEN, |folder, at| {
            let digest = "0".repeat(64);
            entry(folder, at, |entry| drop(entry.insert("sha256".into(), digest.clone().into())));
            sums(folder, |lines| lines[at].replace_range(..64, &digest));
            fs::remove_file(record(folder, at)).expect("a file");
        }),
        tampering("list emptied", LIST, |folder, _| list(folder, Vec::clear)),
        tampering("list deleted", LIST, |folder, _| fs::remove_file(folder.join("index.json")).expect("a file")),
        tampering("list and sums deleted", LIST, |folder, _| {
            fs::remove_file(folder.join("index.json")).expect("a file");
            fs::remove_file(folder.join("SHA256SUMS")).expect("a file");
        }),
        tampering("list cut off", LIST, |folder, _| {
            let text = read(&folder.join("index.json"));
            write(&folder.join("index.json"), &text[..text.len() / 2]);
        }),
        tampering("list replaced by a page", LIST, |folder, _| write(&folder.join("index.json"), "<!doctype html>")),
        tampering("entry removed", LIST, |folder, at| {
            list(folder, |entries| entries.retain(|entry| entry["version"] != VERSIONS[at]));
        }),
        tampering("rolled back, records left", LIST, |folder, at| {
            for later in at..VERSIONS.len() {
                remove_release(folder, later, false);
            }
        }),
        tampering("list rolled back", LIST, |folder, at| {
            list(folder, |entries| entries.retain(|entry| entry["version"].as_str() < Some(VERSIONS[at])));
        }),
        tampering("sums rolled back", LIST, |folder, at| sums(folder, |lines| lines.truncate(at))),
        tampering("entry listed twice", LIST, |folder, at| {
            list(folder, |entries| entries.insert(at, entries[at].clone()))
        }),
        tampering("list in another order", LIST, |folder, at| {
            list(folder, |entries| entries.swap(at, (at + 1) % VERSIONS.len()));
        }),
        tampering("digest forged in the list", LIST, |folder, at| {
            entry(folder, at, |entry| drop(entry.insert("sha256".into(), "0".repeat(64).into())));
        }),
        tampering("date forged in the list", LIST, |folder, at| {
            entry(folder, at, |entry| drop(entry.insert("published".into(), "2025-01-01".into())));
        }),
        tampering("summary forged in the list", LIST, |folder, at| {
            entry(folder, at, |entry| drop(entry.insert("summary".into(), "Nothing.".into())));
        }),
        tampering("page elsewhere", LIST, |folder, at| {
            entry(folder, at, |entry| drop(entry.insert("page".into(), "https://evil.example/".into())));
        }),
        tampering("digest forged in the sums", LIST, |folder, at| {
            sums(folder, |lines| lines[at].replace_range(..64, &"0".repeat(64)));
        }),
        tampering("sums deleted", &["release-sums-missing"], |folder, _| {
            fs::remove_file(folder.join("SHA256SUMS")).expect("a file");
        }),
        tampering("sums emptied", LIST, |folder, _| write(&folder.join("SHA256SUMS"), "")),
        tampering("line removed from the sums", LIST, |folder, at| sums(folder, |lines| drop(lines.remove(at)))),
        tampering("line twice in the sums", SUMS, |folder, at| {
            sums(folder, |lines| lines.insert(at, lines[at].clone()))
        }),
        tampering("sums cut off", SUMS, |folder, at| {
            let text = read(&folder.join("SHA256SUMS"));
            write(&folder.join("SHA256SUMS"), &text[..text.len() / VERSIONS.len() * (at + 1) - 1]);
        }),
        tampering("sums with CRLF", SUMS, |folder, _| {
            write(&folder.join("SHA256SUMS"), read(&folder.join("SHA256SUMS")).replace('\n', "\r\n"));
        }),
        tampering("sums with a release that is nowhere", &["release-unreadable"], |folder, at| {
            sums(folder, |lines| lines.insert(at, format!("{}  2026-05-0{}.2.json", "0".repeat(64), at + 1)));
        }),
    ];
    for bytes in [0_i64, 1, -1, 1 << 40] {
        all.push(tampering(format!("length forged in the list: {bytes}"), LIST, move |folder, at| {
            entry(folder, at, |entry| {
                let length = if bytes == 0 { 0 } else { entry["bytes"].as_i64().expect("a length") + bytes };
                entry.insert("bytes".into(), length.into());
            });
        }));
    }
    for address in [
        "https://evil.example/releases/VERSION.json",
        "http://127.0.0.1/releases/VERSION.json",
        "//evil.example/VERSION.json",
        "\\\\evil.example\\VERSION.json",
        "file:///releases/VERSION.json",
        "data:application/json,{}",
        "javascript:0",
        "../VERSION.json",
        "/VERSION.json",
        "x/../VERSION.json",
        "./VERSION.json",
        "VERSION.json?x",
        "VERSION.json#x",
        "VERSION.jsonx",
        "2026-05-09.json",
        "",
    ] {
        all.push(tampering(format!("record at `{address}`"), LIST, move |folder, at| {
            let address = address.replace("VERSION", VERSIONS[at]);
            entry(folder, at, |entry| drop(entry.insert("record".into(), address.clone().into())));
        }));
    }
    for text in [
        "# a comment",
        "",
        " ",
        "Visit https://evil.example for the real digests.",
        "DIGEST  ../VERSION.json",
        "DIGEST  https://evil.example/VERSION.json",
        "DIGEST *VERSION.json",
        "DIGEST VERSION.json",
        "DIGEST  VERSION.json ",
        " DIGEST  VERSION.json",
        "DIGEST  notes.txt",
        "\u{202e}",
    ] {
        all.push(tampering(format!("`{text}` in the sums"), SUMS, move |folder, at| {
            let line = text.replace("VERSION", "2026-05-09").replace("DIGEST", &"0".repeat(64));
            sums(folder, |lines| lines.insert(at, line.clone()));
        }));
    }
    let unlisted = |folder: &Path, at: usize| copy(folder, at, "2026-05-05");
    all.push(Tampering { needs_folder: true, ..tampering("record added", LIST, unlisted) });
    all
}

fn copy_folder(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}

/// Returns the exit code, the codes of the errors and the verdict of `verify --against`.
fn verify(project: &Project, against: &str, options: &[&str]) -> (Option<i32>, BTreeSet<String>, Value) {
    let run = project.run(["verify", "--format", "json", "--against", against].iter().chain(options));
    let verdict: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{against}: {run:?}"));
    let found = verdict["report"]["diagnostics"].as_array().expect("a list");
    let errors = found.iter().filter(|found| found["severity"] == "error");
    let codes = errors.map(|found| found["code"].as_str().expect("a code").to_owned()).collect();
    (run.code, codes, verdict)
}

/// More than 400 cases: every kind of tampering, at three releases, in a folder and over HTTP.
#[test]
fn every_tampering_is_detected() {
    let project = publish(released(VERSIONS.len()));
    let good = project.path("dist/releases");
    let (bad, site) = (project.path("bad/releases"), project.path("bad"));
    let server = FileServer::of(site.clone());
    let places = [site.to_str().expect("UTF-8").to_owned(), server.url("")];
    copy_folder(&good, &bad);
    for place in &places {
        let (code, codes, verdict) = verify(&project, place, &["--all-published"]);
        assert_eq!((code, codes.len()), (Some(0), 0), "untouched: {verdict:#}");
        assert!(verdict["comparison"]["releases"].as_array().is_some_and(|all| all.len() == VERSIONS.len()));
    }
    let mut cases = 0;
    for Tampering { name, codes: expected, needs_folder, apply } in tamperings() {
        for at in [0, 1, VERSIONS.len() - 1] {
            copy_folder(&good, &bad);
            apply(&bad, at);
            for place in &places {
                let is_folder = !place.contains("://");
                // Without a list, the folder is a folder of records.
                if needs_folder && !is_folder || name.ends_with(" deleted") && name.starts_with("list") && is_folder {
                    continue;
                }
                cases += 1;
                let (code, codes, verdict) = verify(&project, place, &[]);
                assert_eq!(code, Some(1), "{name}, release {at}, {place}: {verdict:#}");
                assert!(
                    expected.iter().any(|code| codes.contains(*code)),
                    "{name}, release {at}, {place}: {expected:?} is not among {codes:?}: {verdict:#}"
                );
            }
        }
    }
    assert!(cases > 400, "only {cases} cases");
}

/// A site rolled back to an earlier state is detected only if all releases must be published.
#[test]
fn rollback_is_detected_if_all_releases_must_be_published() {
    let project = publish(released(VERSIONS.len()));
    let good = project.path("dist/releases");
    let (bad, site) = (project.path("bad/releases"), project.path("bad"));
    let server = FileServer::of(site.clone());
    for at in 1..VERSIONS.len() {
        copy_folder(&good, &bad);
        (at..VERSIONS.len()).for_each(|later| remove_release(&bad, later, true));
        for place in [site.to_str().expect("UTF-8").to_owned(), server.url("")] {
            let (code, _, verdict) = verify(&project, &place, &[]);
            assert_eq!(code, Some(0), "{verdict:#}");
            assert!(verdict["report"]["diagnostics"][0]["code"] == "history-unpublished", "{verdict:#}");
            let statuses: Vec<&str> = verdict["comparison"]["releases"]
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(|release| release["status"].as_str())
                .collect();
            let expected: Vec<&str> =
                (0..VERSIONS.len()).map(|index| if index < at { "same" } else { "missing-there" }).collect();
            assert_eq!(statuses, expected);
            let (code, codes, verdict) = verify(&project, &place, &["--all-published"]);
            assert_eq!(code, Some(1), "{verdict:#}");
            assert!(codes.contains("history-rolled-back"), "{verdict:#}");
        }
    }
}

/// Releases that exist only on the site are listed one by one.
#[test]
fn releases_missing_from_the_project_are_reported() {
    let site = publish(released(4));
    let folder = site.path("dist").to_str().expect("UTF-8").to_owned();
    for have in 1..4 {
        let (code, codes, verdict) = verify(&released(have), &folder, &[]);
        assert_eq!(code, Some(1), "{verdict:#}");
        assert!(codes.contains("history-rewritten"));
        let missing = verdict["comparison"]["releases"].as_array().expect("a list").iter();
        assert_eq!(missing.filter(|release| release["status"] == "missing-here").count(), 4 - have, "{verdict:#}");
    }
}
