//! An incremental build equals a clean one: after any edits, in any order, a build or a publish in place leaves the
//! same files, byte for byte, as one into an empty folder.
//!
//! The project is a table of pieces ([`PIECES`]), each with its possible values. An edit chooses another value for a
//! piece, makes a release, or changes an input of the build that is not a file. `CANDOR_TEST_EDITS` is the number of
//! cases, 12 by default, of up to [`LONGEST`] steps each. The default cases are the same in every run; others are
//! random.

mod keys;
mod project;
mod same_page;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use candor::diagnostic::render;
use candor::model::Date;
use candor::publish::manifest::Manifest;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::project::{Edit, Files, PIECES, Sinks, Workbench, piece};

/// The most steps of one case.
const LONGEST: usize = 10;

/// The coverage that the default cases must reach, so that an edit that no longer has an effect is noticed.
const REACHED: &[&str] = &[
    "a build with nothing to do",
    "a page that another program rendered",
    "a release that is no longer the newest",
    "changed canonical links",
    "removed files",
    "noindex added",
    "noindex removed",
    "the compare page",
    "the same content on another date",
];

#[test]
fn any_edits_in_place_equal_a_clean_build() {
    let cases = std::env::var("CANDOR_TEST_EDITS").ok().and_then(|text| text.parse().ok());
    let config =
        Config { cases: cases.unwrap_or(12), failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = match cases {
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        Some(_) => TestRunner::new(config),
    };
    let reached = RefCell::new(BTreeSet::new());
    let steps = prop::collection::vec(prop::collection::vec(edit(cases.is_some()), 0..4), 4..=LONGEST);
    runner.run(&steps, |steps| check(&steps, &reached, Refused::Skip)).unwrap_or_else(|error| panic!("{error}"));
    assert_reached(&reached, REACHED);
}

fn assert_reached(reached: &RefCell<BTreeSet<&'static str>>, expected: &[&str]) {
    let missed: Vec<_> = expected.iter().filter(|what| !reached.borrow().contains(**what)).collect();
    assert!(missed.is_empty(), "no step reached {missed:?}");
}

#[test]
fn edits_update_archived_pages() {
    let set = |path: &str, text: &str| Edit::Set(piece(path, text));
    let steps = vec![
        vec![Edit::Release],
        vec![set("content/site.yaml", "title: Trust center")],
        vec![Edit::Release],
        vec![set("content/data/subprocessors.yaml", "Sends newsletters"), Edit::Release],
        vec![Edit::BaseUrl(1)],
        vec![Edit::Program(1)],
        vec![Edit::Draft(false)],
        vec![set("content/site.yaml", "base_url: https://example.org/trust/"), Edit::BaseUrl(0)],
        vec![set("content/site.yaml", "accent:")],
        vec![set("static/css/candor.css", "#123")],
        vec![set("static/css/candor.css", "#321")],
        vec![set("templates/strings/de.yaml", "Übersicht"), set("content/site.yaml", "language: de"), Edit::Release],
        vec![set("templates/lists/subprocessor.html", "page.path")],
        vec![Edit::Days(15)],
        vec![set("templates/lists/subprocessor.html", "")],
        vec![],
    ];
    let reached = RefCell::default();
    check(&steps, &reached, Refused::Fail).unwrap_or_else(|error| panic!("{error}"));
    assert_reached(
        &reached,
        &[
            "a build with nothing to do",
            "a page that another program rendered",
            "a release that is no longer the newest",
            "a row from the publisher's template",
            "an archived page with another style sheet",
            "an archived page in another language",
            "changed canonical links",
            "noindex added",
            "noindex removed",
            "the compare page",
            "the same content on another date",
        ],
    );
}

#[test]
fn edits_update_compressed_copies() {
    let set = |path: &str, text: &str| Edit::Set(piece(path, text));
    let steps = vec![
        vec![Edit::Release, Edit::Compress(true)],
        vec![set("content/sections/10-about.md", "Edited"), Edit::Release],
        vec![Edit::Compress(false)],
        vec![Edit::Program(2), Edit::Compress(true)],
    ];
    let reached = RefCell::default();
    check(&steps, &reached, Refused::Fail).unwrap_or_else(|error| panic!("{error}"));
    assert_reached(&reached, &["compressed copies", "removed files"]);
}

/// One edit. Most change a piece of the project; a release makes these changes visible without a draft.
///
/// Brotli takes seconds without compiler optimization, so only longer runs than the default switch it on; the test of compressed
/// copies covers it.
fn edit(compress: bool) -> impl Strategy<Value = Edit> {
    let set = (0..PIECES.len(), any::<prop::sample::Index>())
        .prop_map(|(piece, text)| Edit::Set((piece, text.index(PIECES[piece].texts.len()))));
    prop_oneof![
        40 => set,
        20 => Just(Edit::Release),
        5 => (1..12i32).prop_map(Edit::Days),
        4 => (0..3usize).prop_map(Edit::BaseUrl),
        4 => (0..3usize).prop_map(Edit::Program),
        2 => any::<bool>().prop_map(Edit::Draft),
        1 => prop::bool::weighted(if compress { 0.3 } else { 0.0 }).prop_map(Edit::Compress),
    ]
}

/// The result of a step whose content is rejected: nothing is written, in place or elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refused {
    Skip,
    Fail,
}

/// Applies the steps and compares the output with a clean build after each.
fn check(
    steps: &[Vec<Edit>],
    reached: &RefCell<BTreeSet<&'static str>>,
    refused: Refused,
) -> Result<(), TestCaseError> {
    let mut bench = Workbench::new();
    let mut before: Option<(Workbench, Files)> = None;
    for (at, edits) in steps.iter().enumerate() {
        let applied: Vec<_> = edits.iter().map(|edit| bench.apply(edit)).collect();
        let applied = applied.into_iter().collect::<Result<(), String>>();
        let plain = |report| anstream::adapter::strip_str(&render::human(&report)).to_string();
        let site = match (applied, bench.build().map_err(plain)) {
            (Err(why), _) | (_, Err(why)) if refused == Refused::Fail => {
                return Err(TestCaseError::fail(format!("step {at} {edits:?}: {why}")));
            }
            (_, Ok(site)) => site,
            (_, Err(_)) => continue,
        };
        let Sinks { built, clean, published, manifest, unchanged } = bench.write(&site, at);
        compare_folders(&built, &clean, &format!("step {at} {edits:?}: the folder"))?;
        let retired = retired(&manifest);
        let current = published.into_iter().filter(|(path, _)| !retired.contains(path)).collect();
        compare_folders(&current, &uncompressed(&clean, &site), &format!("step {at} {edits:?}: the destination"))?;
        if unchanged {
            reached.borrow_mut().insert("a build with nothing to do");
        }
        if let Some((earlier, files)) = &before {
            reached.borrow_mut().extend(effects_of(earlier, files, &bench, &built));
        }
        before = Some((bench.settings_only(), built));
    }
    Ok(())
}

/// Fails if two folders differ, and shows the first difference.
fn compare_folders(found: &Files, expected: &Files, what: &str) -> Result<(), TestCaseError> {
    let paths: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    for path in paths {
        match (found.get(path), expected.get(path)) {
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other)) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let (one, other) = (text(one), text(other));
                let line = one.lines().zip(other.lines()).find(|(one, other)| one != other);
                return Err(TestCaseError::fail(format!("{what}: {path} is stale: {line:?}")));
            }
            (Some(_), None) => return Err(TestCaseError::fail(format!("{what}: {path} should be gone"))),
            (None, _) => return Err(TestCaseError::fail(format!("{what}: {path} is missing"))),
        }
    }
    Ok(())
}

/// Returns the fingerprinted files that left the site but stay at the destination for a while.
fn retired(manifest: &Manifest) -> BTreeSet<String> {
    let retired = manifest.files.iter().filter(|(_, entry)| entry.retired.is_some() && entry.is_immutable());
    retired.map(|(path, _)| path.to_string()).collect()
}

/// Returns only the files of the site, without the manifest and compressed copies.
fn uncompressed(folder: &Files, site: &candor::site::Site) -> Files {
    folder
        .iter()
        .filter(|(path, _)| site.get(path).is_some())
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

/// Returns what a step reached, which [`REACHED`] and the tests of single edits check.
fn effects_of(earlier: &Workbench, before: &Files, now: &Workbench, after: &Files) -> BTreeSet<&'static str> {
    let page = |files: &Files, path: &str| files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let [front_before, front] = [before, after].map(|files| page(files, "index.html").unwrap_or_default());
    let archived = |files: &Files| -> BTreeMap<String, String> {
        let is_archived = |path: &&String| path.starts_with("releases/") && path.ends_with("/index.html");
        files.keys().filter(is_archived).filter_map(|path| Some((path.clone(), page(files, path)?))).collect()
    };
    let (old, new) = (archived(before), archived(after));
    let both = || old.iter().filter_map(|(path, old)| Some((old, new.get(path)?)));
    let has = |text: &str, what: &str| text.contains(what);
    let mut reached = BTreeSet::new();
    let mut note = |what, came: bool| {
        if came {
            reached.insert(what);
        }
    };
    note("a page that another program rendered", earlier.program != now.program && front != front_before);
    note(
        "a release that is no longer the newest",
        both().any(|(old, new)| !has(old, "rel=\"next\"") && has(new, "rel=\"next\"")),
    );
    note("a row from the publisher's template", new.values().any(|page| has(page, project::OWN_ROW)));
    note(
        "an archived page in another language",
        both().any(|(old, new)| !has(old, "Übersicht") && has(new, "Übersicht")),
    );
    let style = |text: &str| text.lines().find(|line| line.contains("rel=\"stylesheet\"")).map(str::to_owned);
    note("an archived page with another style sheet", both().any(|(old, new)| style(old) != style(new)));
    let canonical = |text: &str| text.lines().find(|line| line.contains("rel=\"canonical\"")).map(str::to_owned);
    note("changed canonical links", canonical(&front_before) != canonical(&front));
    note("compressed copies", after.contains_key("index.html.br"));
    note("removed files", before.keys().any(|path| !after.contains_key(path)));
    let noindex = |text: &str| has(text, "name=\"robots\" content=\"noindex\"");
    note("noindex added", !noindex(&front_before) && noindex(&front));
    note("noindex removed", noindex(&front_before) && !noindex(&front));
    note("the compare page", after.contains_key("compare/index.html"));
    note("the same content on another date", earlier.chosen == now.chosen && earlier.as_of != now.as_of);
    reached
}

/// A date of the test.
fn date(text: &str) -> Date {
    text.parse().expect("a date")
}
