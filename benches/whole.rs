//! Compares whole runs with the cost of copying the output and with other generators:
//!
//! ```console
//! $ cargo bench --profile dist --bench whole           # 1x10, 100x50, 1000x100, and check on 1000x1000
//! $ cargo bench --profile dist --bench whole -- --large # and 10000x100
//! $ ROUNDS=11 cargo bench --bench whole -- 1x10      # any sizes: releases x subprocessors
//! $ cargo bench --bench whole -- --write DIR 1000x100  # only writes that project, for manual profiling
//! ```
//!
//! Prints medians, their ratio to `cp -r` of the built site and the memory of each, then the targets and whether they
//! were met. `zola` and `hugo` are measured if they are on the PATH or named by the variables `ZOLA` and `HUGO`. If a launcher
//! starts them, `ZOLA_START` or `HUGO_START` names a command with the same cost (such as `node -e 0`), and the column "net"
//! excludes its time. `CANDOR` names another candor program to measure, `BASELINE` one to compare it with, such as the last
//! release, and `TMPDIR` the folder for all files.

mod support;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::generate::{self, Size};
use support::peers::{Data, Extent, Peer, Site};
use support::preview::{Client, Preview};
use support::targets::{self, Run, case};
use support::time::{Case, Measured, measure};

/// What users run.
const DEFAULT: &[&str] = &["build", "-q"];
/// Without the compressed copies, which the other generators do not write either.
const NO_COMPRESSION: &[&str] = &["build", "--no-compress", "-q"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--write") {
        let (Some(root), Some(size)) = (arguments.get(at + 1), arguments.get(at + 2).and_then(|text| parse(text)))
        else {
            panic!("--write takes a folder and a size such as 1000x100");
        };
        return generate::write(Path::new(root), size);
    }
    let named: Vec<Size> = arguments.iter().filter_map(|argument| parse(argument)).collect();
    let standard = ["1x10", "100x50", "1000x100"].into_iter().filter_map(parse);
    let mut sizes: Vec<Size> = if named.is_empty() { standard.collect() } else { named.clone() };
    if arguments.iter().any(|argument| argument == "--large") {
        sizes.extend(parse("10000x100"));
    }
    for peer in [Peer::Zola, Peer::Hugo] {
        println!("{peer:?}: {}", peer.version().unwrap_or_else(|| "not installed".to_owned()));
    }
    // Removed after all measurements.
    let folder = tempfile::tempdir().expect("a folder");
    let place = |size: Size| folder.path().join(format!("{}x{}", size.releases, size.subprocessors));
    let costs: Vec<(f64, u64)> = sizes.into_iter().map(|size| table(size, &place(size))).collect();
    if let [.., smaller, larger] = &costs[..] {
        println!();
        targets::judge_growth(*smaller, *larger);
    }
    if named.is_empty() {
        check_alone(Size { releases: 1000, subprocessors: 1000, sections: 4 });
    }
}

fn parse(text: &str) -> Option<Size> {
    let (releases, subprocessors) = text.split_once('x')?;
    Some(Size { releases: releases.parse().ok()?, subprocessors: subprocessors.parse().ok()?, sections: 4 })
}

fn rounds(size: Size) -> usize {
    let asked = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(match size.releases {
        0..=100 => 15,
        101..=1000 => 7,
        _ => 2,
    })
}

/// The program under test.
fn program() -> String {
    std::env::var("CANDOR").unwrap_or_else(|_| env!("CARGO_BIN_EXE_candor").to_owned())
}

/// The program to compare with, if any.
fn baseline() -> Option<String> {
    std::env::var("BASELINE").ok()
}

fn candor(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.arg("--root").arg(root).args(arguments);
    command
}

/// Measures one size in a folder and prints the results. Returns the seconds of a cold build and the bytes of its output.
fn table(size: Size, folder: &Path) -> (f64, u64) {
    let root = folder.join("candor");
    generate::write(&root, size);
    generate::check(&root);
    let built = candor(&root, NO_COMPRESSION).status();
    assert!(built.is_ok_and(|status| status.success()), "the build failed");
    let (count, bytes) = files(&root.join("dist"));
    println!(
        "\n{} releases with {} subprocessors: {count} files, {:.1} MB",
        size.releases,
        size.subprocessors,
        bytes as f64 / 1e6
    );
    let rounds = rounds(size);
    let settled = size.releases >= 1000;
    let mut cases = fresh_cases(folder, &root, size);
    cases.extend(peer_cases(folder, &root, size));
    let mut measured = measure(&cases, rounds, settled);
    measured.extend(measure(&later_cases(folder, &root, size), rounds, settled));
    let run = Run { releases: size.releases, measured: &measured };
    print(&run);
    run.judge();
    (run.seconds(case::COLD).unwrap_or_default(), bytes)
}

fn print(run: &Run) {
    let floor = run.seconds(case::COPY).unwrap_or(f64::NAN);
    println!("{:<38} {:>11} {:>8} {:>11} {:>11} {:>8}", "", "median", "/ cp -r", "net", "CPU time", "memory");
    for Measured { name, seconds, processor, megabytes } in run.measured {
        let ms = |seconds: f64| format!("{:.1} ms", seconds * 1e3);
        let net = run.without_start(name).filter(|net| net != seconds).map(ms).unwrap_or_default();
        let processor = processor.map(ms).unwrap_or_default();
        let memory = megabytes.map(|megabytes| format!("{megabytes:.0} MB")).unwrap_or_default();
        let median = ms(*seconds);
        println!("{name:<38} {median:>11} {:>8.2} {net:>11} {processor:>11} {memory:>8}", seconds / floor);
    }
}

/// Returns a new folder name for each run.
///
/// Nothing is removed during a comparison. A file system that has just removed thousands of files is slow to create new ones
/// (for minutes on ext4 without a journal), which would distort the next case.
fn fresh(folder: &Path, name: &str) -> impl Fn() -> PathBuf + 'static {
    let (folder, name, count) = (folder.to_owned(), name.to_owned(), Cell::new(0));
    move || {
        count.set(count.get() + 1);
        folder.join(format!("{name}-{}", count.get()))
    }
}

/// Creates a case that runs candor on a project.
fn case(root: &Path, name: &'static str, arguments: &'static [&'static str]) -> Case {
    let root = root.to_owned();
    Case::new(name, move || candor(&root, arguments))
}

/// Cases that write to a new folder or nothing at all, and `cp -r` as the lower bound.
fn fresh_cases(folder: &Path, root: &Path, size: Size) -> Vec<Case> {
    let (dist, copy) = (root.join("dist"), fresh(folder, "copy"));
    let mut cases = vec![
        Case::new(case::COPY, move || {
            let mut command = Command::new("cp");
            command.arg("-r").arg(&dist).arg(copy());
            command
        }),
        case(root, case::START, &["--version"]),
    ];
    let (at, out) = (root.to_owned(), fresh(folder, "default"));
    cases.push(Case::new(case::DEFAULT, move || {
        let mut command = candor(&at, DEFAULT);
        command.arg("--out").arg(out());
        command
    }));
    let (at, out) = (root.to_owned(), fresh(folder, "cold"));
    cases.push(Case::new(case::COLD, move || {
        let mut command = candor(&at, NO_COMPRESSION);
        command.arg("--out").arg(out());
        command
    }));
    if let Some(baseline) = baseline() {
        let (at, out) = (root.to_owned(), fresh(folder, "baseline"));
        cases.push(Case::new(case::BASELINE, move || {
            let mut command = Command::new(&baseline);
            command.arg("--root").arg(&at).args(NO_COMPRESSION).arg("--out").arg(out());
            command
        }));
    }
    cases.push(case(root, case::UNCHANGED, NO_COMPRESSION));
    cases.push(case(root, "check", &["check", "-q"]));
    cases.push(case(root, "verify", &["verify", "-q"]));
    if size.releases > 1 {
        let (root, newest) = (root.to_owned(), generate::version(size.releases - 1).to_string());
        let first = generate::version(0).to_string();
        cases.push(Case::new("diff, oldest to newest", move || candor(&root, &["diff", &first, &newest])));
    }
    cases
}

/// Cases that replace an earlier result, and so remove files, too.
fn later_cases(folder: &Path, root: &Path, size: Size) -> Vec<Case> {
    let mut cases = Vec::new();
    let (at, count) = (root.to_owned(), Cell::new(0));
    let edited = case(root, case::EDITED, &["build", "--no-compress", "-q", "--draft"]);
    cases.push(edited.before(move || {
        count.set(count.get() + 1);
        edit(&at, Some(count.get()));
    }));
    let (at, before, out, count) = (root.to_owned(), root.to_owned(), folder.join("default-1"), Cell::new(0));
    let edited = Case::new(case::DEFAULT_EDITED, move || {
        let mut command = candor(&at, &["build", "-q", "--draft"]);
        command.arg("--out").arg(&out);
        command
    });
    cases.push(edited.before(move || {
        count.set(count.get() + 1);
        edit(&before, Some(1_000_000 + count.get()));
    }));
    let (at, count) = (root.to_owned(), Cell::new(0));
    cases.push(case(root, "uncompressed build, one template edited", NO_COMPRESSION).before(move || {
        count.set(count.get() + 1);
        edit(&at, None);
        fs::create_dir_all(at.join("templates")).expect("a folder");
        let text = format!("{{% extends \"builtin/404.html\" %}}{{# {} #}}", count.get());
        fs::write(at.join("templates/404.html"), text).expect("a template");
    }));
    let (at, store) = (root.to_owned(), fresh(folder, "store"));
    let publish = move |root: &Path, store: &Path| {
        candor(root, &["publish", "--no-compress", "-q", &format!("file://{}", store.display())])
    };
    cases.push(Case::new("publish to a folder, first", move || {
        let store = store();
        fs::create_dir(&store).expect("a folder");
        publish(&at, &store)
    }));
    let (at, store) = (root.to_owned(), folder.join("store-1"));
    cases.push(Case::new("publish to a folder, nothing changed", move || publish(&at, &store)));
    cases.push(serve(folder, size));
    cases
}

/// Measures the time from the end of a save to the end of the first response that contains it.
fn serve(folder: &Path, size: Size) -> Case {
    let root = folder.join("served");
    generate::write(&root, size);
    let preview = Preview::start(&program(), &root).expect("a preview");
    let count = Cell::new(0);
    Case::own("serve, save to served", move || {
        // The closure must own the preview, which is stopped when it is dropped.
        let preview = &preview;
        // A new connection, because the preview closes idle ones.
        let mut client = Client::new(preview.port).expect("a connection");
        count.set(count.get() + 1);
        edit(&root, Some(count.get()));
        client.until("/", &edited(count.get())).expect("an answer")
    })
}

/// The start and the builds of each installed peer.
fn peer_cases(folder: &Path, root: &Path, size: Size) -> Vec<Case> {
    use {Data::*, Extent::*, Peer::*};
    let starts = [(Zola, case::ZOLA_START), (Hugo, case::HUGO_START)];
    let sites = [
        (Zola, Yaml, Same, case::ZOLA_YAML),
        (Zola, Json, Same, case::ZOLA_JSON),
        (Zola, Yaml, Tables, case::ZOLA_TABLES),
        (Hugo, Yaml, Same, case::HUGO_YAML),
        (Hugo, Json, Same, case::HUGO_JSON),
    ];
    let installed: Vec<Peer> = [Zola, Hugo].into_iter().filter(|peer| peer.version().is_some()).collect();
    let mut cases = Vec::new();
    for (peer, name) in starts.into_iter().filter(|(peer, _)| installed.contains(peer) && peer.launcher().is_some()) {
        cases.push(Case::new(name, move || peer.launcher().expect("checked above")));
    }
    for (peer, data, extent, name) in sites.into_iter().filter(|(peer, ..)| installed.contains(peer)) {
        let place = folder.join(format!("{peer:?}-{data:?}-{extent:?}"));
        let out = fresh(folder, &format!("{peer:?}-{data:?}-{extent:?}-out"));
        let site = Site { peer, data, extent, project: root };
        site.write(&place, size);
        if extent == Same {
            site.check(&place, &out(), size);
        }
        cases.push(Case::new(name, move || peer.build(&place, &out())));
    }
    cases
}

/// Measures `check` on longer lists and histories than those of the builds.
fn check_alone(size: Size) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().to_owned();
    generate::write(&root, size);
    let measured = measure(&[case(&root, "check", &["check", "-q"])], 3, false);
    println!("\n{} releases with {} subprocessors", size.releases, size.subprocessors);
    print(&Run { releases: size.releases, measured: &measured });
}

/// Edits a section of the content, or reverts the edit.
fn edit(root: &Path, edition: Option<usize>) {
    let path = root.join("content/sections/00-section.md");
    let text = fs::read_to_string(&path).expect("a section");
    let kept = text.split("\n\nEdited:").next().unwrap_or_default().trim_end();
    let text = match edition {
        Some(edition) => format!("{kept}\n\n{}\n", edited(edition)),
        None => format!("{kept}\n"),
    };
    fs::write(&path, text).expect("a section");
}

/// The text of an edited section.
fn edited(edition: usize) -> String {
    format!("Edited: edition {edition}.")
}

fn files(folder: &Path) -> (usize, u64) {
    let mut found = (0, 0);
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let metadata = entry.metadata().expect("metadata");
        if metadata.is_dir() {
            let below = files(&entry.path());
            found = (found.0 + below.0, found.1 + below.1);
        } else {
            found = (found.0 + 1, found.1 + metadata.len());
        }
    }
    found
}
