//! Publishing to a folder (`file://`).

use candor::publish::{Destination, PublishError, dry_run, publish};
use candor::site::Site;

use super::site::{options, site};

fn destination(folder: &std::path::Path) -> Destination {
    let url = url::Url::from_file_path(folder).expect("an absolute path");
    Destination::parse(url.as_str(), None).expect("a destination")
}

#[test]
fn writes_uncompressed_files_to_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("not yet/there ü");
    let summary = publish(&site("a", 1), &destination(&target), &options("first", 0), &|_| {}).expect("published");
    assert_eq!(summary.generation, 1);
    let page = std::fs::read_to_string(target.join("index.html")).expect("text, not gzip");
    assert!(page.starts_with("<link href=assets/site."), "{page}");

    let next = publish(&site("b", 2), &destination(&target), &options("second", 1), &|_| {}).expect("published");
    assert_eq!((next.generation, next.retained), (2, 1));
}

#[test]
fn dry_run_creates_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("new");
    let plan = dry_run(&site("a", 1), &destination(&target), &options("first", 0), &|_| {}).expect("a plan");
    assert_eq!(plan.uploads.len(), site("a", 1).len());
    assert!(plan.bytes() > 0 && !target.exists());
}

#[test]
fn rejects_missing_history_in_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    publish(&site("a", 2), &destination(folder.path()), &options("first", 0), &|_| {}).expect("published");
    let refused =
        publish(&site("a", 1), &destination(folder.path()), &options("second", 1), &|_| {}).expect_err("refused");
    assert!(matches!(refused, PublishError::HistoryMissing { .. }), "{refused}");
}

#[test]
fn removes_folders_that_left_the_site() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = site("a", 1);
    super::site::put(&mut first, "deep/er/page.html", "<link href=none>");
    publish(&first, &destination(folder.path()), &options("first", 0), &|_| {}).expect("published");
    assert!(folder.path().join("deep/er/page.html").exists());
    let second =
        publish(&site("a", 1), &destination(folder.path()), &options("second", 1), &|_| {}).expect("published");
    assert_eq!(second.deleted, 1);
    assert!(!folder.path().join("deep").exists());
}

#[test]
fn concurrent_publishes_never_mix_sites() {
    let folder = tempfile::tempdir().expect("a folder");
    let destination = destination(folder.path());
    let sites: Vec<Site> = (0..6).map(|n| site(&format!("style {n}"), 1)).collect();
    let results: Vec<_> = std::thread::scope(|threads| {
        let runs: Vec<_> = sites
            .iter()
            .enumerate()
            .map(|(n, site)| {
                let destination = &destination;
                threads.spawn(move || publish(site, destination, &options(&format!("run {n}"), 0), &|_| {}))
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("no panic")).collect()
    });
    assert!(results.iter().any(Result::is_ok), "{results:?}");
    for refused in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(matches!(refused, PublishError::Raced { .. } | PublishError::Busy { .. }), "{refused:?}");
    }
    let page = std::fs::read_to_string(folder.path().join("index.html")).expect("a page");
    let other = std::fs::read_to_string(folder.path().join("subprocessors/index.html")).expect("a page");
    assert_eq!(page.split('>').next(), other.split('>').next(), "pages of two sites are mixed");
}

#[test]
fn rejects_the_output_folder_of_a_build() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".candor"), "list").expect("written");
    let refused =
        publish(&site("a", 1), &destination(folder.path()), &options("first", 0), &|_| {}).expect_err("refused");
    assert!(matches!(refused, PublishError::Destination { .. }), "{refused}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
}
