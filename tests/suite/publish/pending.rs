//! Files of a killed publish: candor continues with what it may have written itself, and leaves everything else alone.

use std::collections::BTreeMap;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use candor::publish::manifest::{self, Manifest};
use candor::publish::{Destination, Event, Options, PublishError, publish};
use candor::site::Site;
use object_store::ObjectStoreExt;
use object_store::path::Path;

use super::failing_store::FailingStore;
use super::site::{block_on, objects, options, publish as publish_in_memory, publish_until, put};

/// Pages that change, an asset that is replaced, a file that is removed and one that is added.
fn site(round: u32) -> Site {
    let mut site = Site::new();
    put(&mut site, &format!("assets/site.{round:08x}.css"), &format!("body {{ order: {round} }}"));
    put(&mut site, "index.html", &format!("{} {round}", "front ".repeat(300)));
    put(&mut site, "feed.xml", &format!("<feed>{round}</feed>"));
    put(&mut site, "robots.txt", "User-agent: *\n");
    put(&mut site, &format!("round-{round}.txt"), &format!("Only in round {round}.\n"));
    put(&mut site, "releases/2026-05-01.json", "{\"release\": 1}\n");
    site
}

fn taking_over(name: &str, adopt: bool) -> Options {
    Options { take_over: true, adopt, ..options(name, 2) }
}

/// The options of the second publish. It writes one file after the other, so that each kill leaves the same files.
fn one_by_one() -> Options {
    Options { jobs: 1, ..options("second", 1) }
}

/// Returns a store in which the second publish was killed after `writes` writes. With `store_last`, one more arrived.
fn killed(writes: usize, store_last: bool) -> Arc<FailingStore> {
    let memory = Arc::new(FailingStore::default());
    publish_in_memory(&memory, &site(1), &options("first", 0)).expect("published");
    memory.fail_after(writes, store_last);
    publish_in_memory(&memory, &site(2), &one_by_one()).expect_err("killed");
    memory.restore();
    memory
}

/// Returns the number of writes that the second publish needs.
fn writes_of_second() -> usize {
    (1..200)
        .find(|writes| {
            let memory = Arc::new(FailingStore::default());
            publish_in_memory(&memory, &site(1), &options("first", 0)).expect("published");
            memory.fail_after(*writes, false);
            publish_in_memory(&memory, &site(2), &one_by_one()).is_ok()
        })
        .expect("the publish ends")
}

fn manifest_of(memory: &FailingStore) -> Manifest {
    let path = Path::from(format!("trust/{}", manifest::PATH));
    let bytes = block_on(async { memory.get(&path).await.expect("a manifest").bytes().await.expect("bytes") });
    Manifest::parse(&bytes, "memory://").expect("a manifest")
}

fn write(memory: &FailingStore, path: &str, bytes: Vec<u8>) {
    block_on(memory.put(&Path::from(format!("trust/{path}")), bytes.into())).expect("stored");
}

fn everything(memory: &Arc<FailingStore>) -> BTreeMap<String, Vec<u8>> {
    objects(memory).into_iter().map(|(path, object)| (path, object.bytes)).collect()
}

/// Returns foreign contents for a path: of another length, and of each length that candor may have left there.
fn foreign_contents(manifest: &Manifest, path: &candor::site::SitePath) -> Vec<Vec<u8>> {
    let sizes = manifest.pending[path].iter().map(|content| vec![b'x'; content.size as usize]);
    std::iter::once(b"of another team".to_vec()).chain(sizes).collect()
}

/// Kills a publish at every write, and lets another team write to each pending path.
#[test]
fn keeps_objects_that_others_write_after_a_kill() {
    let mut tried = 0;
    for writes in 1..writes_of_second() {
        for store_last in [false, true] {
            let pending = manifest_of(&killed(writes, store_last)).pending;
            for path in pending.keys() {
                for content in foreign_contents(&manifest_of(&killed(writes, store_last)), path) {
                    for round in [1, 2, 3] {
                        let memory = killed(writes, store_last);
                        write(&memory, path.as_str(), content.clone());
                        let before = everything(&memory);
                        let case = format!("{path}, round {round} after {writes} writes, {store_last}");
                        let next = site(round);
                        let refused = publish_in_memory(&memory, &next, &taking_over("third", false));
                        if next.get(path.as_str()).is_some() || refused.is_err() {
                            let refused = refused.expect_err(&case);
                            assert!(
                                matches!(&refused, PublishError::Foreign { path: named, .. } if named == path.as_str()),
                                "{case}: {refused:?}"
                            );
                            assert_eq!(everything(&memory), before, "{case}");
                        }
                        publish_in_memory(&memory, &next, &taking_over("fourth", true)).expect(&case);
                        let kept = everything(&memory)[&format!("trust/{path}")] == content;
                        assert_eq!(kept, next.get(path.as_str()).is_none(), "{case}");
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 200, "only {tried} cases");
}

/// After any killed runs, the next one completes without `--adopt`.
#[test]
fn continues_after_any_kill_without_adopting() {
    let last = writes_of_second();
    for first in 1..last {
        for second in [1, 2, 4, 6, last + 4] {
            for (store_last, round) in [(false, 1), (true, 1), (true, 2), (true, 3)] {
                let memory = killed(first, store_last);
                memory.fail_after(second, store_last);
                let _ = publish_in_memory(&memory, &site(3), &taking_over("third", false));
                memory.restore();
                let case = format!("killed after {first} and {second} writes, {store_last}, round {round}");
                let result = publish_in_memory(&memory, &site(round), &taking_over("fourth", false));
                result.unwrap_or_else(|error| panic!("{case}: {error}"));
                assert!(manifest_of(&memory).pending.is_empty(), "{case}");
                let stored = objects(&memory);
                for (path, artifact) in site(round).iter() {
                    let text = stored[&format!("trust/{path}")].text();
                    assert_eq!(text.as_bytes(), &*artifact.body.bytes().expect("ready"), "{case}: {path}");
                }
            }
        }
    }
}

/// A manifest that lists only the paths does not describe contents, so only content that this publish writes is known.
#[test]
fn treats_pending_paths_without_contents_as_unknown() {
    let without_contents = || {
        let memory = killed(2, true);
        let manifest = manifest_of(&memory);
        let mut json: serde_json::Value = serde_json::from_slice(&manifest.to_bytes()).expect("JSON");
        json["pending"] = manifest.pending.keys().map(ToString::to_string).collect();
        write(&memory, manifest::PATH, json.to_string().into_bytes());
        (memory, manifest)
    };
    let (_, manifest) = without_contents();
    assert!(manifest.pending.len() > 2);
    for path in manifest.pending.keys() {
        let (memory, _) = without_contents();
        for (name, bytes) in everything(&Arc::clone(&memory)) {
            let name = name.trim_start_matches("trust/");
            // All other files are as this publish writes them.
            if manifest.pending.keys().any(|pending| pending.as_str() == name) {
                block_on(memory.delete(&Path::from(format!("trust/{name}")))).expect("deleted");
            } else {
                assert!(!bytes.is_empty());
            }
        }
        write(&memory, path.as_str(), b"of another team".to_vec());
        let refused = publish_in_memory(&memory, &site(2), &taking_over("third", false)).expect_err("refused");
        assert!(matches!(&refused, PublishError::Foreign { path: named, .. } if named == path.as_str()), "{refused:?}");

        let written = {
            let clean = Arc::new(FailingStore::default());
            publish_in_memory(&clean, &site(2), &options("clean", 0)).expect("published");
            everything(&clean)[&format!("trust/{path}")].clone()
        };
        write(&memory, path.as_str(), written);
        publish_in_memory(&memory, &site(2), &taking_over("fourth", false)).expect("published");
    }
}

/// A store that decodes compressed objects when they are read, as Google storage does.
#[test]
fn recognizes_its_own_content_in_a_store_that_decodes() {
    let memory = Arc::new(FailingStore::default());
    publish_in_memory(&memory, &site(1), &options("first", 0)).expect("published");
    let last = writes_of_second();
    for writes in 1..last {
        let memory = killed(writes, true);
        let decoding = Arc::new(super::decoding_store::DecodingStore(Arc::clone(&memory)));
        publish_in_memory(&decoding, &site(3), &taking_over("third", false))
            .unwrap_or_else(|error| panic!("killed after {writes} writes: {error}"));
    }
}

fn destination(folder: &FilePath) -> Destination {
    let url = url::Url::from_file_path(folder).expect("an absolute path");
    Destination::parse(url.as_str(), None).expect("a destination")
}

/// Publishes to a folder until `uploads` files were written, and then stops without any further write.
fn kill_in_folder(folder: &FilePath, uploads: usize) {
    let store = destination(folder).open().expect("a store");
    let seen = AtomicUsize::new(0);
    publish_until(&store, &site(2), &one_by_one(), |event| match event {
        Event::Phase(..) => uploads == 0,
        Event::Uploaded(..) => seen.fetch_add(1, Ordering::Relaxed) + 1 == uploads,
        _ => false,
    });
}

/// The same in a folder on disk.
#[test]
fn keeps_files_that_others_write_to_a_folder_after_a_kill() {
    for uploads in 0..4 {
        let first = tempfile::tempdir().expect("a folder");
        publish(&site(1), &destination(first.path()), &options("first", 0), &|_| {}).expect("published");
        kill_in_folder(first.path(), uploads);
        let bytes = std::fs::read(first.path().join(manifest::PATH)).expect("a manifest");
        let manifest = Manifest::parse(&bytes, "file://").expect("a manifest");
        assert!(!manifest.pending.is_empty(), "killed after {uploads} uploads");
        for path in manifest.pending.keys() {
            for content in foreign_contents(&manifest, path) {
                for adopt in [false, true] {
                    let folder = tempfile::tempdir().expect("a folder");
                    copy(first.path(), folder.path());
                    let file = folder.path().join(path.as_str());
                    std::fs::create_dir_all(file.parent().expect("a folder")).expect("created");
                    std::fs::write(&file, &content).expect("written");
                    let next = site(3);
                    let result = publish(&next, &destination(folder.path()), &taking_over("third", adopt), &|_| {});
                    assert_eq!(result.is_ok(), adopt, "{path} after {uploads} uploads: {result:?}");
                    let kept = std::fs::read(&file).expect("the file") == content;
                    assert_eq!(kept, !adopt || next.get(path.as_str()).is_none(), "{path} after {uploads} uploads");
                }
            }
        }
        publish(&site(3), &destination(first.path()), &taking_over("third", false), &|_| {}).expect("continued");
    }
}

fn copy(from: &FilePath, to: &FilePath) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir_all(&target).expect("created");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("copied");
        }
    }
}
