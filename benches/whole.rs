//! Whole runs against the cost of copying the output and against other generators, in one run:
//!
//! ```console
//! $ cargo bench --bench whole                       # 1x10, 100x50, 1000x100
//! $ cargo bench --bench whole -- 10000x100          # any sizes
//! $ ROUNDS=11 cargo bench --bench whole -- 1x10
//! ```
//!
//! Prints medians and, for each, its ratio to `cp -r` of the built site. `zola` and `hugo` are measured where they are on the PATH.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::generate::{self, Size};
use support::peers;
use support::time::{Case, medians, peak_memory};

const CANDOR: &str = env!("CARGO_BIN_EXE_candor");

fn main() {
    let sizes: Vec<Size> = std::env::args().skip(1).filter_map(|argument| parse(&argument)).collect();
    let sizes =
        if sizes.is_empty() { ["1x10", "100x50", "1000x100"].into_iter().filter_map(parse).collect() } else { sizes };
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    for size in sizes {
        table(size, rounds);
    }
}

fn parse(text: &str) -> Option<Size> {
    let (releases, subprocessors) = text.split_once('x')?;
    Some(Size { releases: releases.parse().ok()?, subprocessors: subprocessors.parse().ok()?, sections: 4 })
}

fn table(size: Size, rounds: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("candor");
    generate::write(&root, size);
    generate::check(&root);
    let dist = root.join("dist");
    let candor = move |root: &Path, arguments: &[&str]| {
        let mut command = Command::new(CANDOR);
        command.arg("--root").arg(root).args(arguments);
        command
    };
    assert!(
        candor(&root, &["build", "--no-compress", "-q"]).status().is_ok_and(|status| status.success()),
        "the build failed"
    );
    let output = files(&dist);
    println!(
        "\n{} releases of {} subprocessors: {} files, {:.1} MB",
        size.releases,
        size.subprocessors,
        output.0,
        output.1 as f64 / 1e6
    );

    let copy = folder.path().join("copy");
    let (from, to) = (dist.clone(), copy.clone());
    let mut cases = vec![
        Case::new("cp -r of the output", move || {
            let mut command = Command::new("cp");
            command.arg("-r").arg(&from).arg(&to);
            command
        })
        .before(move || remove(&copy)),
    ];
    let case = |name: &str, arguments: &'static [&'static str]| {
        let root = root.clone();
        Case::new(name, move || candor(&root, arguments))
    };
    let gone = dist.clone();
    cases.push(case("candor build, cold", &["build", "--no-compress", "-q"]).before(move || remove(&gone)));
    cases.push(case("candor build, nothing changed", &["build", "--no-compress", "-q"]));
    let edited = root.clone();
    let count = std::cell::Cell::new(0);
    cases.push(case("candor build, one template edited", &["build", "--no-compress", "-q"]).before(move || {
        count.set(count.get() + 1);
        fs::create_dir_all(edited.join("templates")).expect("a folder");
        let text = format!("{{% extends \"builtin/404.html\" %}}{{# {} #}}", count.get());
        fs::write(edited.join("templates/404.html"), text).expect("a template");
    }));
    cases.push(case("candor check", &["check", "-q"]));
    cases.push(case("candor verify", &["verify", "-q"]));
    if size.releases > 1 {
        let root = root.clone();
        let first = "1990-01-01".to_owned();
        let newest = generate_version(size.releases - 1);
        cases.push(Case::new("candor diff, oldest to newest", move || candor(&root, &["diff", &first, &newest])));
    }
    if peers::is_here("zola", "--version") {
        let site = folder.path().join("zola");
        peers::zola(&site, size);
        let public = site.join("public");
        cases.push(
            Case::new("zola build, cold", move || {
                let mut command = Command::new("zola");
                command.arg("--root").arg(&site).arg("build");
                command
            })
            .before(move || remove(&public)),
        );
    }
    if peers::is_here("hugo", "version") {
        let site = folder.path().join("hugo");
        peers::hugo(&site, size);
        let public = site.join("public");
        cases.push(
            Case::new("hugo, cold", move || {
                let mut command = Command::new("hugo");
                command.arg("--quiet").arg("--source").arg(&site);
                command
            })
            .before(move || remove(&public)),
        );
    }
    let times = medians(&cases, rounds);
    let floor = times[0].as_secs_f64();
    println!("{:<36} {:>10} {:>8}", "", "median", "/ cp -r");
    for (case, time) in cases.iter().zip(&times) {
        println!("{:<36} {:>7.1} ms {:>8.2}", case.name, time.as_secs_f64() * 1e3, time.as_secs_f64() / floor);
    }
    remove(&dist);
    if let Some(peak) = peak_memory(candor(&root, &["build", "--no-compress", "-q"])) {
        println!("{:<36} {:>7.1} MB", "peak memory of a cold build", peak);
    }
}

fn generate_version(at: usize) -> String {
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
