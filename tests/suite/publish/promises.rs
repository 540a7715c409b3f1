//! The guarantees of publishing, tested with an in-memory store.

use std::sync::Arc;

use candor::publish::{Event, Phase, PublishError, publish_to};
use candor::site::{Cache, Site};
use object_store::path::Path;
use object_store::{Attribute, ObjectStore, ObjectStoreExt};
use proptest::prelude::*;

use super::failing_store::FailingStore;
use super::site::{assert_pages_find_their_assets, block_on, objects, options, publish, put, site, store};

const WEEK: i64 = 7 * 24;

#[test]
fn stores_files_with_their_headers() {
    let memory = Arc::new(FailingStore::default());
    publish(&memory, &site("body{}", 1), &options("first", 0)).expect("published");
    let objects = objects(&memory);
    let page = &objects["trust/index.html"];
    assert_eq!(page.header(Attribute::ContentType), Some("text/html; charset=utf-8"));
    assert_eq!(page.header(Attribute::CacheControl), Some(Cache::Revalidate.control()));
    assert_eq!(page.header(Attribute::ContentEncoding), Some("gzip"));
    let record = &objects["trust/releases/2026-05-01.json"];
    assert_eq!(record.header(Attribute::ContentEncoding), None);
    assert_eq!(record.bytes, b"{\"release\": 1}\n");
    let sheet = objects.iter().find(|(path, _)| path.ends_with(".css")).expect("a style sheet").1;
    assert_eq!(sheet.header(Attribute::CacheControl), Some(Cache::Immutable.control()));
}

#[test]
fn uploads_only_changed_files() {
    let memory = Arc::new(FailingStore::default());
    publish(&memory, &site("a", 1), &options("first", 0)).expect("published");
    memory.restore();
    let again = publish(&memory, &site("a", 1), &options("second", 1)).expect("published");
    assert_eq!((again.uploaded, again.deleted, again.generation), (0, 0, 1));
    assert!(memory.writes().is_empty(), "an unchanged site was written");

    let next = publish(&memory, &site("a", 2), &options("third", 2)).expect("published");
    let mut writes = memory.writes();
    writes.sort();
    let want = ["feed.xml", "index.html", "releases/2026-05-02.json", "releases/2026-05-02/index.html"];
    assert_eq!(writes, want.map(|path| format!("trust/{path}")));
    assert_eq!(next.generation, 2);
}

#[test]
fn uploads_pages_before_the_files_that_link_to_them() {
    let memory = Arc::new(FailingStore::default());
    let phases = std::sync::Mutex::new(Vec::new());
    let watch = |event: Event<'_>| {
        if let Event::Phase(phase, _) = event {
            phases.lock().expect("no panic").push(phase);
        }
    };
    block_on(publish_to(&store(&memory), &site("a", 2), &options("first", 0), &watch, std::future::pending()))
        .expect("published");
    assert_eq!(phases.into_inner().expect("no panic"), Phase::ALL);
    let writes = memory.writes();
    let at = |name: &str| writes.iter().position(|path| path == &format!("trust/{name}")).expect(name);
    assert!(writes[0].ends_with(".css"));
    assert!(at("releases/2026-05-02.json") < at("releases/2026-05-02/index.html"));
    assert!(at("releases/2026-05-02/index.html") < at("subprocessors/index.html"));
    assert!(at("subprocessors/index.html") < at("index.html") && at("subprocessors/index.html") < at("feed.xml"));
}

#[test]
fn keeps_assets_of_old_pages_for_a_week() {
    let memory = Arc::new(FailingStore::default());
    let sheets = |memory| objects(memory).keys().filter(|path| path.ends_with(".css")).count();
    publish(&memory, &site("old", 1), &options("first", 0)).expect("published");
    let second = publish(&memory, &site("new", 1), &options("second", 1)).expect("published");
    assert_eq!((second.retained, second.deleted, sheets(&memory)), (1, 0, 2));
    let third = publish(&memory, &site("new", 2), &options("third", WEEK)).expect("published");
    assert_eq!((third.retained, sheets(&memory)), (1, 2), "an asset was deleted within a week");
    let fourth = publish(&memory, &site("new", 3), &options("fourth", WEEK + 1)).expect("published");
    assert_eq!((fourth.retained, fourth.deleted, sheets(&memory)), (0, 1, 1));
}

#[test]
fn does_not_upload_retained_assets_again() {
    let memory = Arc::new(FailingStore::default());
    publish(&memory, &site("old", 1), &options("first", 0)).expect("published");
    publish(&memory, &site("new", 1), &options("second", 1)).expect("published");
    memory.restore();
    publish(&memory, &site("old", 1), &options("third", 2)).expect("published");
    assert!(memory.writes().iter().all(|path| path.ends_with(".html")));
}

#[test]
fn rejects_rewritten_history() {
    let memory = Arc::new(FailingStore::default());
    publish(&memory, &site("a", 3), &options("first", 0)).expect("published");
    memory.restore();
    let refused = publish(&memory, &site("a", 2), &options("shorter", 1)).expect_err("refused");
    assert!(matches!(refused, PublishError::HistoryMissing { version, .. } if version.to_string() == "2026-05-03"));

    let mut edited = Site::new();
    for (path, artifact) in site("a", 3).iter() {
        match path.as_str() {
            "releases/2026-05-02.json" => put(&mut edited, path.as_str(), "{\"release\": 2, \"edited\": 1}\n"),
            _ => edited.insert(path.clone(), artifact.clone()).expect("a free path"),
        }
    }
    let refused = publish(&memory, &edited, &options("edited", 1)).expect_err("refused");
    assert!(matches!(refused, PublishError::HistoryDiffers { version, .. } if version.to_string() == "2026-05-02"));
    assert!(refused.help().contains("content/releases/2026-05-02.json"), "{}", refused.help());
    assert!(memory.writes().is_empty());
}

#[test]
fn rejects_removal_of_records_published_by_other_tools() {
    let memory = Arc::new(FailingStore::default());
    let path = Path::from("trust/releases/2026-04-30.json");
    block_on(memory.put(&path, "{}".into())).expect("stored");
    let refused = publish(&memory, &site("a", 1), &options("first", 0)).expect_err("refused");
    assert!(matches!(refused, PublishError::HistoryMissing { .. }), "{refused}");
}

#[test]
fn never_overwrites_or_deletes_unmanaged_files() {
    let memory = Arc::new(FailingStore::default());
    for path in ["trust/index.html", "trust/theirs.txt", "elsewhere.html"] {
        block_on(memory.put(&Path::from(path), "<link href=none>theirs".into())).expect("stored");
    }
    let refused = publish(&memory, &site("a", 1), &options("first", 0)).expect_err("refused");
    assert!(matches!(&refused, PublishError::Foreign { path, .. } if path == "index.html"), "{refused}");
    assert_eq!(objects(&memory).len(), 3);

    let adopting = candor::publish::Options { adopt: true, ..options("second", 0) };
    let summary = publish(&memory, &site("a", 1), &adopting).expect("published");
    assert_eq!(summary.purge, ["https://trust.example/", "https://trust.example/index.html"]);
    publish(&memory, &Site::new(), &options("third", 1)).expect_err("a site without its release is rejected");
    let objects = objects(&memory);
    assert!(objects.contains_key("trust/theirs.txt") && objects.contains_key("elsewhere.html"));
}

#[test]
fn only_one_of_two_concurrent_publishes_writes() {
    let memory = Arc::new(FailingStore::default());
    let (one, two) = (site("one", 1), site("two", 1));
    let (store, first, second) = (store(&memory), options("first", 0), options("second", 0));
    let (one, two) = block_on(async {
        futures::future::join(
            publish_to(&store, &one, &first, &|_| {}, std::future::pending()),
            publish_to(&store, &two, &second, &|_| {}, std::future::pending()),
        )
        .await
    });
    let refused = [one, two].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(matches!(refused[..], [PublishError::Raced { .. } | PublishError::Busy { .. }]), "{refused:?}");
    let objects = objects(&memory);
    assert_pages_find_their_assets(&objects);
    assert_eq!(objects.keys().filter(|path| path.ends_with(".css")).count(), 1, "two sites are mixed");
}

#[test]
fn resumes_a_killed_publish() {
    let memory = Arc::new(FailingStore::default());
    // Fail after the claim, the style sheet, the checkpoint and one of two records.
    memory.fail_after(4, false);
    publish(&memory, &site("a", 2), &options("first", 0)).expect_err("killed");
    memory.restore();
    let summary = publish(&memory, &site("a", 2), &options("second", 1)).expect("published");
    assert_eq!(summary.kept, 1, "the style sheet was sent again");
    assert!(memory.writes().iter().all(|path| !path.ends_with(".css")));
}

#[test]
fn takes_over_a_killed_publish_of_another_site_only_on_request() {
    let memory = Arc::new(FailingStore::default());
    memory.fail_after(4, true);
    publish(&memory, &site("a", 1), &options("first", 0)).expect_err("killed");
    memory.restore();
    let refused = publish(&memory, &site("b", 1), &options("second", 1)).expect_err("refused");
    assert!(matches!(refused, PublishError::Busy { .. }), "{refused}");
    assert!(memory.writes().is_empty());
    let over = candor::publish::Options { take_over: true, ..options("third", 1) };
    publish(&memory, &site("b", 1), &over).expect("published");
    assert_pages_find_their_assets(&objects(&memory));
}

#[test]
fn publish_that_was_taken_over_stops_without_further_changes() {
    let memory = Arc::new(FailingStore::default());
    let over = candor::publish::Options { take_over: true, ..options("second", 1) };
    // The second run takes over and completes while the first one is uploading.
    let watch = |event: Event<'_>| {
        if matches!(event, Event::Phase(Phase::Records, _)) {
            std::thread::scope(|threads| {
                let second = threads.spawn(|| publish(&memory, &site("two", 1), &over));
                second.join().expect("no panic").expect("published");
            });
        }
    };
    let first =
        block_on(publish_to(&store(&memory), &site("one", 1), &options("first", 0), &watch, std::future::pending()));
    assert!(matches!(first, Err(PublishError::Overtaken { .. })), "{first:?}");
    let settled = publish(&memory, &site("two", 1), &options("third", 2)).expect("the destination is not locked");
    assert_eq!(settled.uploaded, 0);
    assert_pages_find_their_assets(&objects(&memory));
}

#[test]
fn interrupted_publish_releases_the_destination() {
    let memory = Arc::new(FailingStore::default());
    let stopped = block_on(publish_to(&store(&memory), &site("a", 1), &options("first", 0), &|_| {}, async {}));
    assert!(matches!(stopped, Err(PublishError::Interrupted)), "{stopped:?}");
    publish(&memory, &site("b", 1), &options("second", 1)).expect("the destination is not locked");
}

#[test]
fn purges_files_changed_by_a_killed_publish() {
    let memory = Arc::new(FailingStore::default());
    publish(&memory, &site("a", 1), &options("first", 0)).expect("published");
    // Fail after everything except the last manifest is written.
    memory.fail_after(9, false);
    publish(&memory, &site("b", 1), &options("second", 1)).expect_err("killed");
    memory.restore();
    let completed = publish(&memory, &site("b", 1), &options("third", 2)).expect("published");
    assert!(completed.purge.contains(&"https://trust.example/subprocessors/".to_owned()), "{:?}", completed.purge);
    let again = publish(&memory, &site("b", 1), &options("fourth", 3)).expect("published");
    assert!(again.purge.is_empty());
}

/// `resend` sends every file again, and needs `adopt` to overwrite what someone else changed.
#[test]
fn resend_replaces_damaged_files_only_with_adopt() {
    let memory = Arc::new(FailingStore::default());
    publish(&memory, &site("old", 1), &options("first", 0)).expect("published");
    publish(&memory, &site("a", 1), &options("second", 0)).expect("published");
    memory.restore();
    let resend = |name, hours, adopt| candor::publish::Options { resend: true, adopt, ..options(name, hours) };
    let whole = publish(&memory, &site("a", 1), &resend("third", 1, false)).expect("published");
    assert_eq!((whole.kept, whole.uploaded, whole.retained), (0, site("a", 1).len(), 1));
    assert_eq!(memory.writes().len(), whole.uploaded);

    block_on(memory.put(&Path::from("trust/index.html"), "damaged".into())).expect("stored");
    let refused = publish(&memory, &site("a", 1), &resend("fourth", 2, false)).expect_err("refused");
    assert!(matches!(&refused, PublishError::Changed { path, .. } if path == "index.html"), "{refused:?}");
    assert_eq!(objects(&memory)["trust/index.html"].bytes, b"damaged");
    let summary = publish(&memory, &site("a", 1), &resend("fifth", 3, true)).expect("published");
    assert_eq!((summary.kept, summary.retained, summary.deleted), (0, 1, 0));
    assert_pages_find_their_assets(&objects(&memory));
}

#[test]
fn rejects_broken_and_newer_manifests() {
    for (text, word) in
        [("{\"format\": 9}", "newer"), ("{\"format\": 1}", "invalid manifest"), ("<html>", "invalid manifest")]
    {
        let memory = Arc::new(FailingStore::default());
        block_on(memory.put(&Path::from("trust/.candor/manifest.json"), text.into())).expect("stored");
        memory.restore();
        let refused = publish(&memory, &site("a", 1), &options("first", 0)).expect_err("refused");
        assert!(refused.to_string().contains(word), "{refused}");
        assert!(memory.writes().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Runs sequences of publishes, each of which may be killed after any write.
    #[test]
    fn pages_find_their_assets_after_any_killed_publish(
        steps in prop::collection::vec((0u32..4, 0u32..2, prop::option::of(0usize..24), any::<bool>(), 0i64..200), 1..8)
    ) {
        let memory = Arc::new(FailingStore::default());
        block_on(memory.put(&Path::from("trust/theirs.txt"), "theirs".into())).expect("stored");
        let (mut releases, mut clock) = (1, 0);
        for (number, (style, more, kill, store_last, hours)) in steps.into_iter().enumerate() {
            releases += more;
            clock += hours;
            match kill {
                Some(writes) => memory.fail_after(writes, store_last),
                None => memory.restore(),
            }
            let target = site(&format!("style {style}"), releases);
            let options = candor::publish::Options { take_over: true, ..options(&format!("run {number}"), clock) };
            let result = publish(&memory, &target, &options);
            prop_assert!(kill.is_some() || result.is_ok(), "{result:?}");
            memory.restore();
            let objects = objects(&memory);
            assert_pages_find_their_assets(&objects);
            prop_assert!(objects.contains_key("trust/theirs.txt"));
            if let Ok(summary) = result {
                for (path, artifact) in target.iter() {
                    let stored = &objects[&format!("trust/{path}")];
                    let text = stored.text();
                    prop_assert_eq!(text.as_bytes(), &*artifact.body.bytes().expect("ready"));
                }
                prop_assert_eq!(objects.len(), target.len() + summary.retained + 1, "objects are left behind");
            }
        }
    }
}

#[test]
fn writes_only_below_the_prefix() {
    let memory = Arc::new(FailingStore::default());
    publish(&memory, &site("a", 1), &options("first", 0)).expect("published");
    let all: Vec<_> = block_on(futures::TryStreamExt::try_collect::<Vec<_>>(memory.list(None))).expect("a list");
    assert!(all.iter().all(|meta| meta.location.as_ref().starts_with("trust/")));
}
