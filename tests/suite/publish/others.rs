//! Changes at the destination by others: unmanaged files, modified files, and lost records.

use std::collections::BTreeMap;
use std::sync::Arc;

use candor::model::Digest;
use candor::publish::{Options, PublishError};
use candor::site::Site;
use object_store::ObjectStoreExt;
use object_store::memory::InMemory;
use object_store::path::Path;

use super::site::{block_on, objects, options, publish, put};

const DAYS: u32 = 3;

/// Creates a site with records, their lists, and files of every phase. `edited` is the number of a modified record. `round`
/// changes all pages.
fn site(edited: Option<u32>, round: u32) -> Site {
    let mut site = Site::new();
    let (mut sums, mut entries) = (String::new(), Vec::new());
    for day in 1..=DAYS {
        let version = format!("2026-05-{day:02}");
        let text = format!("{{\"release\": {day}, \"edited\": {}}}\n", edited == Some(day));
        let digest = Digest::of(text.as_bytes());
        sums += &format!("{digest}  {version}.json\n");
        entries.push(serde_json::json!({"version": version, "sha256": digest}));
        put(&mut site, &format!("releases/{version}.json"), &text);
        put(&mut site, &format!("releases/{version}/index.html"), &format!("<p>archived {round}"));
    }
    put(&mut site, "releases/index.json", &serde_json::json!({"round": round, "releases": entries}).to_string());
    put(&mut site, "releases/SHA256SUMS", &sums);
    for path in
        ["index.html", "subprocessors/index.html", "feed.xml", "subprocessors.csv", "documents/dpa.pdf", "robots.txt"]
    {
        put(&mut site, path, &format!("{} {round}", "text ".repeat(300)));
    }
    site
}

/// Returns a copy of the site without one file.
fn without(site: &Site, left_out: &str) -> Site {
    let mut rest = Site::new();
    for (path, artifact) in site.iter().filter(|(path, _)| path.as_str() != left_out) {
        rest.insert(path.clone(), artifact.clone()).expect("a free path");
    }
    rest
}

fn paths(site: &Site) -> Vec<String> {
    site.iter().map(|(path, _)| path.to_string()).collect()
}

fn store_text(memory: &InMemory, path: &str, text: &str) {
    block_on(memory.put(&Path::from(format!("trust/{path}")), text.to_owned().into())).expect("stored");
}

fn remove(memory: &InMemory, path: &str) {
    block_on(memory.delete(&Path::from(format!("trust/{path}")))).expect("deleted");
}

fn everything(memory: &Arc<InMemory>) -> BTreeMap<String, Vec<u8>> {
    objects(memory).into_iter().map(|(path, object)| (path, object.bytes)).collect()
}

fn adopting(name: &str, hours: i64) -> Options {
    Options { adopt: true, ..options(name, hours) }
}

fn is_record(path: &str) -> bool {
    path.starts_with("releases/2026") && path.ends_with(".json")
}

/// An unmanaged file is not overwritten if the site adds the same path later, and not deleted if the site drops the path.
#[test]
fn never_overwrites_or_deletes_files_added_by_others() {
    let whole = site(None, 1);
    for path in paths(&whole).iter().filter(|path| !is_record(path)) {
        let memory = Arc::new(InMemory::new());
        publish(&memory, &without(&whole, path), &options("first", 0)).expect("published");
        let text = if path.contains("releases/index") {
            "{\"releases\": []}"
        } else if path.ends_with("SUMS") {
            ""
        } else {
            "modified"
        };
        store_text(&memory, path, text);
        let before = everything(&memory);
        let refused = publish(&memory, &whole, &options("second", 1)).expect_err("refused");
        assert!(matches!(&refused, PublishError::Foreign { path: named, .. } if named == path), "{path}: {refused:?}");
        assert_eq!(everything(&memory), before, "{path}");
        // A site without the path keeps the unmanaged file.
        publish(&memory, &without(&whole, path), &options("third", 2)).expect("published");
        assert_eq!(everything(&memory), before, "{path}");
        publish(&memory, &whole, &adopting("fourth", 3)).expect("published");
        assert_ne!(everything(&memory)[&format!("trust/{path}")], text.as_bytes(), "{path}");
    }
}

/// A published file that was modified at the destination, with or without a change in length, is neither overwritten nor deleted.
#[test]
fn never_overwrites_or_deletes_modified_files() {
    let (first, second) = (site(None, 1), site(None, 2));
    for path in paths(&first).iter().filter(|path| !path.starts_with("releases/")) {
        let length = {
            let memory = Arc::new(InMemory::new());
            publish(&memory, &first, &options("first", 0)).expect("published");
            everything(&memory)[&format!("trust/{path}")].len()
        };
        for modified in ["modified".to_owned(), "x".repeat(length)] {
            let memory = Arc::new(InMemory::new());
            publish(&memory, &first, &options("first", 0)).expect("published");
            store_text(&memory, path, &modified);
            let before = everything(&memory);
            for next in [&second, &without(&first, path), &without(&second, path)] {
                let refused = publish(&memory, next, &options("second", 1)).expect_err("refused");
                assert!(
                    matches!(&refused, PublishError::Changed { path: named, .. } if named == path),
                    "{path}: {refused:?}"
                );
                assert_eq!(everything(&memory), before, "{path}");
            }
            publish(&memory, &without(&second, path), &adopting("third", 2)).expect("published");
            assert_eq!(everything(&memory)[&format!("trust/{path}")], modified.as_bytes(), "{path} was deleted");
            let refused = publish(&memory, &second, &options("fourth", 3)).expect_err("the file is unmanaged");
            assert!(matches!(refused, PublishError::Foreign { .. }), "{path}: {refused:?}");
            publish(&memory, &second, &adopting("fifth", 4)).expect("published");
            assert_ne!(everything(&memory)[&format!("trust/{path}")], modified.as_bytes(), "{path}");
        }
    }
}

/// Files rewritten with the same bytes, as in a copy of the bucket, are still managed by candor.
#[test]
fn identical_copies_are_still_managed() {
    let memory = Arc::new(InMemory::new());
    let plain = Options { compress: false, ..options("first", 0) };
    publish(&memory, &site(None, 1), &plain).expect("published");
    for (path, bytes) in everything(&memory) {
        block_on(memory.put(&Path::from(path), bytes.into())).expect("stored");
    }
    let plain = Options { compress: false, ..options("second", 1) };
    let summary = publish(&memory, &site(None, 2), &plain).expect("published");
    assert!(summary.uploaded > 3);
}

/// Every lost file is uploaded again.
#[test]
fn restores_lost_files() {
    let whole = site(None, 1);
    for path in paths(&whole) {
        let memory = Arc::new(InMemory::new());
        publish(&memory, &whole, &options("first", 0)).expect("published");
        let before = everything(&memory);
        remove(&memory, &path);
        let summary = publish(&memory, &whole, &options("second", 1)).expect("published");
        assert_eq!((summary.uploaded, everything(&memory)), (1, before), "{path}");
    }
}

/// Files with evidence of the history that may be lost at the destination.
const LOST_EVIDENCE: [&[&str]; 7] = [
    &[],
    &[".candor/manifest.json"],
    &["releases/index.json"],
    &["releases/SHA256SUMS"],
    &["releases/index.json", "releases/SHA256SUMS"],
    &[".candor/manifest.json", "releases/index.json"],
    &[".candor/manifest.json", "releases/SHA256SUMS"],
];

/// Covers lost records at each position or all of them, together with some of the evidence. The same history is restored, and a
/// rewritten or shortened history is rejected without writing anything.
#[test]
fn rejects_rewritten_history_even_if_records_are_lost() {
    for lost in [vec![1], vec![2], vec![3], vec![1, 2, 3], vec![]] {
        for evidence in LOST_EVIDENCE {
            let ready = || {
                let memory = Arc::new(InMemory::new());
                publish(&memory, &site(None, 1), &options("first", 0)).expect("published");
                let records = lost.iter().map(|day| format!("releases/2026-05-{day:02}.json"));
                records.chain(evidence.iter().map(|path| (*path).to_owned())).for_each(|path| remove(&memory, &path));
                memory
            };
            let memory = ready();
            publish(&memory, &site(None, 1), &adopting("again", 1)).expect("restored");
            let restored = everything(&memory);
            for day in 1..=DAYS {
                assert!(
                    restored.contains_key(&format!("trust/releases/2026-05-{day:02}.json")),
                    "{lost:?} {evidence:?}"
                );
            }
            for edited in 1..=DAYS {
                let memory = ready();
                let before = everything(&memory);
                for named in [options("rewritten", 1), adopting("rewritten", 1)] {
                    let refused = publish(&memory, &site(Some(edited), 1), &named).expect_err("refused");
                    assert!(
                        matches!(&refused, PublishError::HistoryDiffers { version, .. } if version.to_string() == format!("2026-05-{edited:02}")),
                        "{lost:?} {evidence:?}: {refused:?}"
                    );
                }
                let path = format!("releases/2026-05-{edited:02}.json");
                let refused =
                    publish(&memory, &without(&site(None, 1), &path), &adopting("shorter", 1)).expect_err("refused");
                assert!(matches!(refused, PublishError::HistoryMissing { .. }), "{lost:?} {evidence:?}: {refused:?}");
                assert_eq!(everything(&memory), before);
            }
        }
    }
}

/// An unreadable list is not treated as an empty list.
#[test]
fn rejects_unreadable_lists() {
    for (path, text) in [
        ("releases/index.json", "<!doctype html>"),
        ("releases/index.json", ""),
        ("releases/index.json", "{\"releases\": [{}]}"),
        ("releases/SHA256SUMS", "free text\n"),
        ("releases/SHA256SUMS", "0000  2026-05-01.json\n"),
    ] {
        let memory = Arc::new(InMemory::new());
        publish(&memory, &site(None, 1), &options("first", 0)).expect("published");
        store_text(&memory, path, text);
        let refused = publish(&memory, &site(None, 2), &options("second", 1)).expect_err("refused");
        assert!(matches!(&refused, PublishError::BadList { path: named, .. } if named == path), "{refused:?}");
        remove(&memory, path);
        publish(&memory, &site(None, 2), &options("third", 2)).expect("published");
    }
}
