//! The architecture, held by reading the sources: data flows one way, and each outside library, the disk,
//! the clock and the terminal are touched only where the design says.

use std::fs;
use std::path::{Path, PathBuf};

/// Stages from first to last. A module may use those on its own line and above, never one below.
const STAGES: &[&[&str]] = &[
    &["model", "diagnostic", "embedded", "text"],
    &["catalogue", "colour", "project", "fetch", "markdown", "site"],
    &["load"],
    &["history"],
    &["check"],
    &["import"],
    &["assets", "schema"],
    &["publication"],
    &["schedule"],
    &["render", "formats"],
    &["compress"],
    &["emit", "server", "publish", "init"],
    &["cli"],
    &["commands"],
];

/// Where a token may stand: the modules whose files may hold it.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("tera::", &["render"]),
    ("use tera", &["render"]),
    ("use clap", &["cli"]),
    ("clap::", &["cli"]),
    ("tokio", &["server", "publish"]),
    ("hyper::", &["server"]),
    ("notify::", &["server"]),
    ("object_store", &["publish"]),
    ("scraper::", &["import"]),
    ("annotate_snippets", &["diagnostic"]),
    ("anstyle", &["diagnostic", "commands"]),
    ("Timestamp::now", &["commands"]),
    ("SystemTime::now", &["commands"]),
    ("Zoned::now", &["commands"]),
];

/// Modules that never touch the disk.
const NO_DISK: &[&str] =
    &["model", "diagnostic", "markdown", "check", "history/diff", "render", "formats", "site", "schedule"];

struct Source {
    module: String,
    path: String,
    text: String,
}

#[test]
fn no_stage_uses_a_later_one() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = stage(&source.module) else { continue };
        for used in uses(&source.text) {
            match stage(&used) {
                Some(other) if other > own => wrong.push(format!("{} uses crate::{used}", source.path)),
                None if used != "Result" => wrong.push(format!("{}: no stage is named {used}", source.path)),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_is_a_stage() {
    let unknown: Vec<_> = sources()
        .into_iter()
        .filter(|s| !["lib", "main", "build"].contains(&s.module.as_str()) && stage(&s.module).is_none())
        .map(|s| s.path)
        .collect();
    assert!(unknown.is_empty(), "add to STAGES: {unknown:?}");
}

#[test]
fn libraries_and_the_clock_stay_in_their_modules() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (token, modules) in KEPT_IN {
            let allowed =
                modules.contains(&source.module.as_str()) || (token.contains("clap") && source.module == "main");
            if !allowed && code_lines(&source.text).any(|line| line.contains(token)) {
                wrong.push(format!("{} names {token}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_stages_never_touch_the_disk() {
    let mut wrong = Vec::new();
    for source in sources() {
        let pure = NO_DISK.iter().any(|prefix| source.path.starts_with(&format!("src/{prefix}")));
        let touches = code_lines(&source.text).any(|line| line.contains("std::fs") || line.contains("File::open"));
        if pure && touches {
            wrong.push(source.path);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_library_does_not_print() {
    let prints = ["println!", "eprintln!", "print!(", "eprint!(", "dbg!("];
    // The build script speaks to Cargo, and it does so on stdout.
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.module != "build")
        .filter(|source| code_lines(&source.text).any(|line| prints.iter().any(|print| line.contains(print))))
        .map(|source| source.path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn main_is_short() {
    let lines = fs::read_to_string(root().join("src/main.rs")).expect("main.rs").lines().count();
    assert!(lines <= 40, "main.rs has {lines} lines");
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<_> =
        sources().into_iter().filter(|source| !source.text.contains("//! ")).map(|source| source.path).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file of the program, with the top-level module that it belongs to.
fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    assert!(files.len() > 30, "the sources were not found");
    files
        .into_iter()
        .map(|file| {
            let relative = file.strip_prefix(root().join("src")).expect("below src");
            let first = relative.iter().next().expect("a name").to_string_lossy().into_owned();
            Source {
                module: first.trim_end_matches(".rs").to_owned(),
                path: format!("src/{}", relative.to_string_lossy().replace('\\', "/")),
                text: fs::read_to_string(&file).expect("readable"),
            }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn stage(module: &str) -> Option<usize> {
    STAGES.iter().position(|stage| stage.contains(&module))
}

/// Lines that are code: no comments, and nothing from the first test module on.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.trim_start().starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// Top-level modules that a file names by path: `crate::NAME`, and the first names of `use crate::{...}`.
fn uses(text: &str) -> Vec<String> {
    let code = code_lines(text).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let preceded = code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
        let rest = &code[at + "crate::".len()..];
        if preceded {
            continue;
        }
        if let Some(group) = rest.strip_prefix('{') {
            let end = group.find("};").unwrap_or(group.len());
            let mut depth = 0;
            let mut start = 0;
            for (i, c) in group[..end].char_indices().chain([(end, ',')]) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.extend(first_name(group[start..i].trim()));
                        start = i + 1;
                    }
                    _ => {}
                }
            }
        } else {
            names.extend(first_name(rest));
        }
    }
    names
}

fn first_name(path: &str) -> Option<String> {
    let name: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}
