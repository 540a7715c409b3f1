//! Someone else writes to the destination while a publish runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path as FilePath;
use std::sync::Arc;

use candor::publish::{Destination, Event, Options, PublishError, Summary, publish_to};
use candor::site::Site;
use object_store::ObjectStore;
use object_store::path::Path;

use super::racing_store::{Incident, RacingStore};
use super::site::{block_on, objects, options, publish, publish_until, put, store};

/// A site with a file of every phase. `round` changes all files but the record.
fn site(round: u32) -> Site {
    let mut site = Site::new();
    put(&mut site, &format!("assets/site.{round:08x}.css"), &format!("body {{ order: {round} }}"));
    put(&mut site, "releases/2026-05-01.json", "{\"release\": 1}\n");
    for path in ["releases/2026-05-01/index.html", "subprocessors/index.html", "documents/dpa.pdf", "feed.xml"] {
        put(&mut site, path, &format!("{} {round}", "text ".repeat(300)));
    }
    put(&mut site, "index.html", &format!("<link href=assets/site.{round:08x}.css>{}", "front ".repeat(300)));
    put(&mut site, &format!("only-in-{round}.txt"), "one round");
    site
}

fn paths(site: &Site) -> BTreeSet<String> {
    site.iter().map(|(path, _)| path.to_string()).collect()
}

fn contents<S: ObjectStore>(memory: &Arc<S>) -> BTreeMap<String, Vec<u8>> {
    objects(memory).into_iter().map(|(path, object)| (path, object.bytes)).collect()
}

/// Publishes the first site to a new store, and returns the store.
fn published() -> Arc<RacingStore> {
    let memory = Arc::new(RacingStore::default());
    publish(&memory, &site(1), &options("first", 0)).expect("published");
    memory
}

/// Returns the length of the object that a publish of this site leaves at the path.
fn stored_length(round: u32, path: &str) -> usize {
    let memory = Arc::new(RacingStore::default());
    publish(&memory, &site(round), &options("first", 0)).expect("published");
    contents(&memory)[&format!("trust/{path}")].len()
}

fn assert_refused(result: Result<Summary, PublishError>, path: &str, was_ours: bool, case: &str) {
    let refused = result.expect_err(case);
    match &refused {
        PublishError::Foreign { path: named, .. } if !was_ours => assert_eq!(named, path, "{case}"),
        PublishError::Changed { path: named, .. } if was_ours => assert_eq!(named, path, "{case}"),
        _ => panic!("{case}: {refused:?}"),
    }
}

/// Covers new and replaced files of every phase, and foreign contents of any length.
#[test]
fn keeps_files_that_others_write_during_a_publish() {
    for round in [1, 2] {
        for path in paths(&site(round)) {
            if round == 2 && path.ends_with("01.json") {
                continue; // The record does not change.
            }
            for length in [3, stored_length(round, &path)] {
                let memory = if round == 1 { Arc::new(RacingStore::default()) } else { published() };
                let was_ours = contents(&memory).contains_key(&format!("trust/{path}"));
                let theirs = vec![b'x'; length];
                memory.plan(&format!("trust/{path}"), Incident::Written(theirs.clone()));
                let case = format!("{path}, round {round}, {length} bytes");
                assert_refused(publish(&memory, &site(round), &options("second", 1)), &path, was_ours, &case);
                assert!(memory.has_happened(), "{case}");
                assert_eq!(contents(&memory)[&format!("trust/{path}")], theirs, "{case}");
                // The destination is not locked. The next run finds the file before it writes anything.
                let before = contents(&memory);
                publish(&memory, &site(round), &options("third", 2)).expect_err(&case);
                assert_eq!(contents(&memory), before, "{case}");
                let adopting = Options { adopt: true, ..options("fourth", 3) };
                let adopted = publish(&memory, &site(round), &adopting);
                if path.ends_with("01.json") {
                    // A published record is never overwritten.
                    assert!(matches!(adopted, Err(PublishError::HistoryDiffers { .. })), "{case}: {adopted:?}");
                } else {
                    adopted.expect(&case);
                }
                let kept = contents(&memory)[&format!("trust/{path}")] == theirs;
                assert_eq!(kept, path.ends_with("01.json"), "{case}");
            }
        }
    }
}

#[test]
fn adopting_overwrites_files_that_others_write_during_a_publish() {
    for path in paths(&site(2)) {
        let memory = published();
        memory.plan(&format!("trust/{path}"), Incident::Written(b"theirs".to_vec()));
        publish(&memory, &site(2), &Options { adopt: true, ..options("second", 1) }).expect(&path);
        assert_ne!(contents(&memory)[&format!("trust/{path}")], b"theirs", "{path}");
    }
}

/// A file that disappears is written again, and a broken connection is neither an error nor taken for another writer.
#[test]
fn completes_in_spite_of_deleted_files_and_broken_connections() {
    let want = {
        let memory = published();
        publish(&memory, &site(2), &options("second", 1)).expect("published");
        contents(&memory)
    };
    for incident in [Incident::Deleted, Incident::RequestLost, Incident::ResponseLost] {
        for path in paths(&site(2)).difference(&["releases/2026-05-01.json".to_owned()].into()) {
            let memory = published();
            memory.plan(&format!("trust/{path}"), incident.clone());
            let summary = publish(&memory, &site(2), &options("second", 1));
            let summary = summary.unwrap_or_else(|error| panic!("{path}, {incident:?}: {error}"));
            assert!(memory.has_happened() && contents(&memory) == want, "{path}, {incident:?}");
            assert_eq!(summary.generation, 2);
            let again = publish(&memory, &site(2), &options("third", 2)).expect("the manifest is right");
            assert_eq!(again.uploaded, 0, "{path}, {incident:?}");
        }
    }
}

/// The last transfer of a killed run arrives while the next run writes: it is candor's own content.
#[test]
fn replaces_late_transfers_of_a_killed_publish() {
    for path in ["index.html", "feed.xml", "documents/dpa.pdf", "subprocessors/index.html"] {
        let memory = published();
        let late = {
            let other = published();
            publish(&other, &site(2), &options("second", 1)).expect("published");
            contents(&other)[&format!("trust/{path}")].clone()
        };
        // The second run is killed after it claimed the destination: it neither completes nor releases its claim.
        publish_until(&store(&memory), &site(2), &options("second", 1), |event| matches!(event, Event::Phase(..)));
        memory.plan(&format!("trust/{path}"), Incident::Written(late));
        let third = Options { take_over: true, ..options("third", 2) };
        publish(&memory, &site(3), &third).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(memory.has_happened(), "{path}");
        for (name, artifact) in site(3).iter() {
            let stored = &objects(&memory)[&format!("trust/{name}")];
            assert_eq!(stored.text().as_bytes(), &*artifact.body.bytes().expect("ready"), "{path}: {name}");
        }
    }
}

/// A run that was replaced by another one does not overwrite the files of its successor.
#[test]
fn overtaken_publish_leaves_the_files_of_its_successor() {
    for phase in candor::publish::Phase::ALL {
        let memory = published();
        let over = Options { take_over: true, ..options("successor", 1) };
        let watch = |event: Event<'_>| {
            if matches!(event, Event::Phase(now, _) if now == phase) {
                std::thread::scope(|threads| {
                    let successor = threads.spawn(|| publish(&memory, &site(3), &over));
                    successor.join().expect("no panic").expect("published");
                });
            }
        };
        let first =
            block_on(publish_to(&store(&memory), &site(2), &options("second", 0), &watch, std::future::pending()));
        if first.is_ok() {
            continue; // Nothing changes in this phase.
        }
        assert!(matches!(first, Err(PublishError::Overtaken { .. })), "{phase:?}: {first:?}");
        let stored = objects(&memory);
        for (name, artifact) in site(3).iter() {
            let text = stored[&format!("trust/{name}")].text();
            assert_eq!(text.as_bytes(), &*artifact.body.bytes().expect("ready"), "{phase:?}: {name}");
        }
    }
}

/// A file that leaves the site is deleted only if it is still what candor wrote.
#[test]
fn keeps_files_that_others_change_before_they_are_deleted() {
    for adopt in [false, true] {
        let memory = published();
        let path = Path::from("trust/only-in-1.txt");
        let watch = |event: Event<'_>| {
            if matches!(event, Event::Deleting(_)) {
                let memory = &memory;
                std::thread::scope(|threads| {
                    threads.spawn(|| block_on(memory.write_as_other(&path, b"one-round".to_vec())));
                });
            }
        };
        let second = Options { adopt, ..options("second", 1) };
        let result = block_on(publish_to(&store(&memory), &site(2), &second, &watch, std::future::pending()));
        match adopt {
            false => assert_refused(result, "only-in-1.txt", true, "a deletion"),
            true => assert_eq!(result.expect("published").generation, 2),
        }
        assert_eq!(contents(&memory)["trust/only-in-1.txt"], b"one-round");
        assert!(contents(&memory).contains_key("trust/only-in-2.txt"));
    }
}

fn destination(folder: &FilePath) -> Destination {
    let url = url::Url::from_file_path(folder).expect("an absolute path");
    Destination::parse(url.as_str(), None).expect("a destination")
}

/// Publishes to a folder. When the first phase begins, someone else writes a file.
fn publish_to_folder(folder: &FilePath, site: &Site, options: &Options, path: &str) -> Result<Summary, PublishError> {
    let watch = |event: Event<'_>| {
        if matches!(event, Event::Phase(candor::publish::Phase::Assets, _)) {
            let file = folder.join(path);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("created");
            std::fs::write(file, "theirs").expect("written");
        }
    };
    let store = destination(folder).open().expect("a store");
    block_on(publish_to(&store, site, options, &watch, std::future::pending()))
}

#[test]
fn keeps_files_that_others_write_to_a_folder_during_a_publish() {
    for round in [1, 2] {
        for path in paths(&site(round)) {
            if round == 2 && path.ends_with("01.json") {
                continue; // The record does not change.
            }
            let folder = tempfile::tempdir().expect("a folder");
            if round == 2 {
                candor::publish::publish(&site(1), &destination(folder.path()), &options("first", 0), &|_| {})
                    .expect("published");
            }
            let was_ours = folder.path().join(&path).exists();
            let case = format!("{path}, round {round}");
            let result = publish_to_folder(folder.path(), &site(round), &options("second", 1), &path);
            assert_refused(result, &path, was_ours, &case);
            let read = || std::fs::read_to_string(folder.path().join(&path)).expect("a file");
            assert_eq!(read(), "theirs", "{case}");
            let adopting = Options { adopt: true, ..options("third", 2) };
            let adopted = publish_to_folder(folder.path(), &site(round), &adopting, &path);
            if path.ends_with("01.json") {
                // A published record is never overwritten.
                assert!(matches!(adopted, Err(PublishError::HistoryDiffers { .. })), "{case}: {adopted:?}");
            } else {
                adopted.expect(&case);
                assert_ne!(read(), "theirs", "{case}");
            }
        }
    }
}

/// Without a lock, there are no conditional writes: a file is compared immediately before it is replaced.
#[test]
fn compares_files_before_it_replaces_them_without_a_lock() {
    for round in [1, 2] {
        let memory = if round == 1 { Arc::new(RacingStore::default()) } else { published() };
        let watch = |event: Event<'_>| {
            if matches!(event, Event::Phase(candor::publish::Phase::Assets, _)) {
                let memory = &memory;
                std::thread::scope(|threads| {
                    let path = Path::from("trust/feed.xml");
                    threads.spawn(move || block_on(memory.write_as_other(&path, b"theirs".to_vec())));
                });
            }
        };
        let unlocked = Options { no_lock: true, ..options("second", 1) };
        let result = block_on(publish_to(&store(&memory), &site(round), &unlocked, &watch, std::future::pending()));
        assert_refused(result, "feed.xml", round == 2, &format!("round {round}"));
        assert_eq!(contents(&memory)["trust/feed.xml"], b"theirs");
    }
}
