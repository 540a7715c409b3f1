//! Whole runs against the cost of copying the output and against other generators, in one run:
//!
//! ```console
//! $ cargo bench --bench whole                        # 1x10, 100x50, 1000x100, and check on 1000x1000
//! $ cargo bench --bench whole -- --large             # and 10000x100
//! $ ROUNDS=11 cargo bench --bench whole -- 1x10      # any sizes: releases x subprocessors
//! $ cargo bench --bench whole -- --write DIR 1000x100  # only writes that project, to profile by hand
//! ```
//!
//! Prints medians, their ratio to `cp -r` of the built site and the memory of each, then the targets and whether they
//! were met. `zola` and `hugo` are measured where they are on the PATH or named by the variables `ZOLA` and `HUGO`;
//! `CANDOR` names another candor than the one of this build.

mod support;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use support::generate::{self, Size};
use support::peers::{Data, Peer};
use support::preview::{Client, Preview};
use support::targets::{self, Run, case};
use support::time::{Case, Measured, measure};

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
        println!("{peer:?}: {}", peer.version().unwrap_or_else(|| "not here".to_owned()));
    }
    let costs: Vec<(f64, u64)> = sizes.into_iter().map(table).collect();
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
        _ => 3,
    })
}

/// The program under test.
fn program() -> String {
    std::env::var("CANDOR").unwrap_or_else(|_| env!("CARGO_BIN_EXE_candor").to_owned())
}

fn candor(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.arg("--root").arg(root).args(arguments);
    command
}

/// Measures one size and prints it; the seconds of a cold build and the bytes of its output.
fn table(size: Size) -> (f64, u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("candor");
    generate::write(&root, size);
    generate::check(&root);
    let built = candor(&root, NO_COMPRESSION).status();
    assert!(built.is_ok_and(|status| status.success()), "the build failed");
    let (count, bytes) = files(&root.join("dist"));
    println!(
        "\n{} releases of {} subprocessors: {count} files, {:.1} MB",
        size.releases,
        size.subprocessors,
        bytes as f64 / 1e6
    );
    let rounds = rounds(size);
    let mut cases = own_cases(folder.path(), &root, size);
    cases.extend(peer_cases(folder.path(), size));
    let mut measured = measure(&cases, rounds);
    drop(cases);
    if size.releases <= 1000 {
        // Minutes of work for thousands of files: fewer rounds, and apart from the rest.
        measured.extend(measure(&compressed_cases(&root), rounds.min(3)));
    }
    let run = Run { releases: size.releases, measured: &measured };
    print(&run);
    run.judge();
    (run.seconds(case::COLD).unwrap_or_default(), bytes)
}

fn print(run: &Run) {
    let floor = run.seconds(case::COPY).unwrap_or(f64::NAN);
    println!("{:<36} {:>12} {:>8} {:>12} {:>9}", "", "median", "/ cp -r", "less start", "memory");
    for Measured { name, seconds, megabytes } in run.measured {
        let bare = run.without_start(name).filter(|bare| bare != seconds);
        let bare = bare.map(|bare| format!("{:.1} ms", bare * 1e3)).unwrap_or_default();
        let memory = megabytes.map(|megabytes| format!("{megabytes:.0} MB")).unwrap_or_default();
        println!("{name:<36} {:>9.1} ms {:>8.2} {bare:>12} {memory:>9}", seconds * 1e3, seconds / floor);
    }
}

/// What candor does, and `cp -r` as the floor.
fn own_cases(folder: &Path, root: &Path, size: Size) -> Vec<Case> {
    let dist = root.join("dist");
    let case = |name, arguments: &'static [&'static str]| {
        let root = root.to_owned();
        Case::new(name, move || candor(&root, arguments))
    };
    let copy = folder.join("copy");
    let (from, to) = (dist.clone(), copy.clone());
    let mut cases = vec![
        Case::new(case::COPY, move || {
            let mut command = Command::new("cp");
            command.arg("-r").arg(&from).arg(&to);
            command
        })
        .before(move || remove(&copy)),
        case(case::START, &["--version"]),
    ];
    let (gone, at) = (dist, root.to_owned());
    cases.push(case(case::COLD, NO_COMPRESSION).before(move || {
        remove(&gone);
        remove(&at.join("templates"));
        edit(&at, None);
    }));
    cases.push(case(case::UNCHANGED, NO_COMPRESSION));
    let (at, count) = (root.to_owned(), Cell::new(0));
    cases.push(case("build, one section edited", &["build", "--no-compress", "-q", "--draft"]).before(move || {
        count.set(count.get() + 1);
        edit(&at, Some(count.get()));
    }));
    let (at, count) = (root.to_owned(), Cell::new(0));
    cases.push(case("build, one template edited", NO_COMPRESSION).before(move || {
        count.set(count.get() + 1);
        edit(&at, None);
        fs::create_dir_all(at.join("templates")).expect("a folder");
        let text = format!("{{% extends \"builtin/404.html\" %}}{{# {} #}}", count.get());
        fs::write(at.join("templates/404.html"), text).expect("a template");
    }));
    cases.push(case("check", &["check", "-q"]));
    cases.push(case("verify", &["verify", "-q"]));
    if size.releases > 1 {
        let (root, newest) = (root.to_owned(), version(size.releases - 1));
        let first = version(0);
        cases.push(Case::new("diff, oldest to newest", move || candor(&root, &["diff", &first, &newest])));
    }
    let store = folder.join("store");
    let destination = format!("file://{}", store.display());
    let publish = |name| {
        let (root, destination) = (root.to_owned(), destination.clone());
        Case::new(name, move || candor(&root, &["publish", "--no-compress", "-q", &destination]))
    };
    cases.push(publish("publish to a folder, first").before(move || {
        remove(&store);
        fs::create_dir(&store).expect("a folder");
    }));
    cases.push(publish("publish to a folder, nothing changed"));
    cases.push(serve(folder, size));
    cases
}

/// From the end of a save to the end of the first answer that shows it.
fn serve(folder: &Path, size: Size) -> Case {
    let root = folder.join("served");
    generate::write(&root, size);
    let preview = Preview::start(&program(), &root).expect("a preview");
    let client = Rc::new(std::cell::RefCell::new(Client::new(preview.port).expect("a connection")));
    let count = Cell::new(0);
    Case::own("serve, save to served", move || {
        let _running = &preview;
        count.set(count.get() + 1);
        edit(&root, Some(count.get()));
        client.borrow_mut().until("/", &edited(count.get())).expect("an answer")
    })
}

/// The same with compressed copies, which take most of the time where they are made.
fn compressed_cases(root: &Path) -> Vec<Case> {
    const COMPRESSED: &[&str] = &["build", "-q"];
    let case = |name, arguments: &'static [&'static str]| {
        let root = root.to_owned();
        Case::new(name, move || candor(&root, arguments))
    };
    let (at, gone) = (root.to_owned(), root.join("dist"));
    let cold = case("compressed build, cold", COMPRESSED).before(move || {
        remove(&gone);
        edit(&at, None);
    });
    let (at, count) = (root.to_owned(), Cell::new(0));
    let edited = case("compressed build, one section edited", &["build", "-q", "--draft"]).before(move || {
        count.set(count.get() + 1);
        edit(&at, Some(count.get()));
    });
    vec![cold, edited]
}

/// The start and the builds of each peer that is here.
fn peer_cases(folder: &Path, size: Size) -> Vec<Case> {
    let all = [
        (Peer::Zola, case::ZOLA_START, [(Data::Yaml, case::ZOLA_YAML), (Data::Json, case::ZOLA_JSON)]),
        (Peer::Hugo, case::HUGO_START, [(Data::Yaml, case::HUGO_YAML), (Data::Json, case::HUGO_JSON)]),
    ];
    let mut cases = Vec::new();
    for (peer, start, sites) in all.into_iter().filter(|(peer, ..)| peer.version().is_some()) {
        cases.push(Case::new(start, move || peer.start()));
        for (data, name) in sites {
            let site = folder.join(format!("{peer:?}-{data:?}"));
            peer.write(&site, size, data);
            let (public, resources) = (site.join("public"), site.join("resources"));
            cases.push(Case::new(name, move || peer.build(&site)).before(move || {
                remove(&public);
                remove(&resources);
            }));
        }
    }
    cases
}

/// `check` on lists and histories larger than any build here.
fn check_alone(size: Size) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().to_owned();
    generate::write(&root, size);
    let measured = measure(&[Case::new("check", move || candor(&root, &["check", "-q"]))], 3);
    println!("\n{} releases of {} subprocessors", size.releases, size.subprocessors);
    print(&Run { releases: size.releases, measured: &measured });
}

/// Edits a section of the content, or takes the edit back.
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

/// What an edited section says.
fn edited(edition: usize) -> String {
    format!("Edited: edition {edition}.")
}

fn version(at: usize) -> String {
    let first: candor::model::Date = "1990-01-01".parse().expect("a date");
    first.plus_days(i32::try_from(at).expect("a small number")).to_string()
}

fn remove(folder: &PathBuf) {
    match fs::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => panic!("{}: {error}", folder.display()),
    }
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
