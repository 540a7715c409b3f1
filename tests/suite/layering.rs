//! Checks the architecture in the source code: data flows in one direction, and each dependency, the disk, the clock and
//! the terminal are used only in the modules that the design allows.

pub mod source;

use std::collections::BTreeSet;
use std::fs;

use candor::cli::Cli;
use candor::wording::Catalog;
use clap::CommandFactory as _;

use self::source::{
    Source, first_name, inline_modules, is_name_char, module_depth, names_crate, root, sources, supers, uses,
};

/// The stages from first to last. A module may use modules on its own line and on the lines above, but none below.
const STAGES: &[&[&str]] = &[
    &["model", "diagnostic", "embedded", "files", "text", "terminal"],
    &["project", "fetch", "markdown", "hypertext", "xml", "site", "theme_file"],
    &["load"],
    &["history"],
    &["wording"],
    &["check"],
    &["import"],
    &["assets", "schema"],
    &["references", "profile"],
    &["publication"],
    &["spreadsheet"],
    &["schedule", "questionnaire", "translation"],
    &["render", "formats"],
    &["link_check"],
    &["pipeline"],
    &["compress"],
    &["emit", "server", "publish", "init", "notice"],
    &["cli"],
    &["commands"],
];

/// Stages that use the same input and must not depend on each other.
const SIBLINGS: &[[&str; 2]] = &[["render", "formats"]];

/// The files that are not part of a stage: the crate root, the entry point and the build script.
const OUTSIDE: &[&str] = &["lib", "main", "build"];

/// Dependencies that any stage may use: serialization, parsing, errors and logging.
const ANYWHERE: &[&str] = &["jiff", "log", "schemars", "serde", "serde_json", "thiserror", "url"];

/// All other dependencies, with the modules that may use them.
const CONFINED: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["diagnostic"]),
    ("anstream", &["terminal", "server"]),
    ("anstyle", &["diagnostic", "text", "wording"]),
    ("base64", &["assets"]),
    ("brotli", &["compress"]),
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("csv", &["import", "notice", "spreadsheet", "translation"]),
    ("env_logger", &["commands"]),
    ("flate2", &["compress", "import"]),
    ("foldhash", &["history", "hypertext", "link_check", "render"]),
    ("futures", &["publish"]),
    ("hmac", &["notice"]),
    ("html5gum", &["import"]),
    ("http_body_util", &["server"]),
    ("hyper", &["server"]),
    ("hyper_util", &["server"]),
    ("idna_adapter", &[]),
    ("indicatif", &["terminal"]),
    ("lettre", &["notice"]),
    ("notify", &["server"]),
    ("object_store", &["publish"]),
    ("percent_encoding", &["text", "markdown"]),
    ("pulldown_cmark", &["markdown", "import"]),
    ("quick_xml", &["formats", "import", "xml"]),
    ("rayon", &["files", "history", "render", "pipeline", "emit", "server", "publish", "commands"]),
    ("reqwest", &["fetch"]),
    ("rust_xlsxwriter", &["spreadsheet"]),
    ("rustix", &["files"]),
    ("rustls", &["fetch"]),
    ("serde_ignored", &["history"]),
    ("icu_locale_core", &["wording"]),
    ("icu_plurals", &["wording"]),
    ("serde_yaml", &["load"]),
    ("sha2", &["assets", "model", "notice"]),
    ("similar", &["history", "theme_file"]),
    ("strsim", &["diagnostic"]),
    ("tera", &["render"]),
    ("tokio", &["server", "publish"]),
    ("unicode_normalization", &["check", "history", "site"]),
    ("ureq", &["fetch"]),
    ("zip", &["import", "schedule"]),
];

/// Functions that read the clock. Only commands call them; every stage takes the date as a parameter.
const CLOCK: &[&str] = &["Timestamp::now", "SystemTime::now", "Zoned::now"];

/// Modules that never touch the disk, by path below `src/`.
const NO_DISK: &[&str] = &[
    "model",
    "diagnostic",
    "text",
    "wording",
    "markdown",
    "hypertext",
    "xml",
    "history/diff",
    "check",
    "site",
    "publication",
    "spreadsheet",
    "schedule",
    "render",
    "formats",
    "link_check",
    "pipeline",
    "compress",
];

/// Source files that may open files by path, with the reason. All other code uses `files`, which never follows a link out
/// of the project, never reads a device or a pipe, and enforces a size limit.
const DISK_USERS: &[(&str, &str)] = &[
    ("src/files.rs", "is the module that opens files"),
    ("src/files/", "is the module that opens files"),
    ("src/build.rs", "runs in Cargo and reads candor's own repository"),
    ("src/build/", "runs in Cargo and reads candor's own repository"),
];

/// Modules whose strings name no command line: they choose a [`candor::diagnostic::Remedy`].
const NO_COMMANDS: &[&str] = &[
    "model",
    "project",
    "files",
    "text",
    "markdown",
    "hypertext",
    "site",
    "load",
    "history",
    "wording",
    "check",
    "assets",
    "publication",
    "spreadsheet",
    "schedule",
    "render",
    "link_check",
    "pipeline",
    "compress",
];

/// Modules whose strings are not in the string catalog, so that `wording` alone decides how values and changes are worded.
const NO_UI_STRINGS: &[&str] = &["model", "project", "files", "text", "markdown", "site", "load", "history"];

/// Names that access the disk.
const DISK: &[&str] = &[
    "std::fs",
    "fs::",
    "File::open",
    "File::create",
    "OpenOptions",
    "read_dir",
    "read_link",
    "symlink_metadata",
    "canonicalize",
    "WalkDir",
];

/// Names that print without [`candor::terminal`].
const PRINTING: &[&str] = &[
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "dbg!",
    "stdout()",
    "stderr()",
    "Stdout",
    "Stderr",
    "AutoStream",
    "/dev/tty",
    "Stdio::inherit",
    "set_hook",
    "Cli::parse()",
];

#[test]
fn stages_do_not_use_later_stages() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = stage(&source.module) else { continue };
        for used in uses(&source.code) {
            match stage(&used) {
                Some(other) if other > own => wrong.push(format!("{} uses crate::{used}", source.path)),
                None => wrong.push(format!("{}: no stage is named {used}", source.path)),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn siblings_do_not_use_each_other() {
    let mut wrong = Vec::new();
    for source in sources() {
        for [one, other] in SIBLINGS {
            let sibling = match source.module.as_str() {
                module if module == *one => other,
                module if module == *other => one,
                _ => continue,
            };
            if uses(&source.code).iter().any(|used| used == sibling) {
                wrong.push(format!("{} uses crate::{sibling}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn stages_and_modules_match() {
    let library = sources().into_iter().find(|source| source.path == "src/lib.rs").expect("src/lib.rs");
    let declared: BTreeSet<String> = library
        .code
        .match_indices("mod ")
        .filter_map(|(at, word)| first_name(&library.code[at + word.len()..]))
        .collect();
    let listed: Vec<String> = STAGES.iter().flat_map(|line| line.iter().map(|name| (*name).to_owned())).collect();
    let unique: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(unique.len(), listed.len(), "a stage is listed more than once");
    assert_eq!(unique, declared, "STAGES (left) and the modules of src/lib.rs (right) differ");
    let files: BTreeSet<String> = sources().into_iter().map(|source| source.module).collect();
    let known = declared.into_iter().chain(OUTSIDE.iter().map(|name| (*name).to_owned())).collect();
    assert_eq!(files, known, "the files below src/ (left) and the declared modules (right) differ");
}

#[test]
fn imports_across_stages_start_with_crate() {
    let mut wrong = Vec::new();
    for source in sources() {
        let depth = module_depth(&source.path);
        for (at, supers) in supers(&source.code) {
            // `uses` does not see imports by a `super` path that reaches the crate root.
            if supers >= depth + inline_modules(&source.code[..at]) {
                let line = source.code[..at].lines().count();
                wrong.push(format!("{}:{line}: write `crate::`", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dependencies_are_used_only_in_their_modules() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, modules) in CONFINED {
            if !modules.contains(&source.module.as_str()) && names_crate(&source.code, name) {
                wrong.push(format!("{} uses {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_dependency_is_listed() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let section = manifest.split("\n[dependencies]\n").nth(1).expect("dependencies").split("\n[").next();
    let used: BTreeSet<String> = section
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split([' ', '=']).next())
        .map(|name| name.replace('-', "_"))
        .collect();
    let listed: Vec<&str> = ANYWHERE.iter().copied().chain(CONFINED.iter().map(|(name, _)| *name)).collect();
    let unique: BTreeSet<String> = listed.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(unique.len(), listed.len(), "a dependency is listed more than once");
    assert_eq!(unique, used, "ANYWHERE and CONFINED (left) and the dependencies of Cargo.toml (right) differ");
}

#[test]
fn only_commands_read_the_clock() {
    let wrong = uses_of(CLOCK, |source| !["commands", "build"].contains(&source.module.as_str()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_files_module_opens_files() {
    let others = |source: &Source| {
        let excepted = |path: &str| source.path == path || (path.ends_with('/') && source.path.starts_with(path));
        !DISK_USERS.iter().any(|(path, _)| excepted(path))
    };
    let wrong = uses_of(DISK, others);
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (path, reason) in DISK_USERS {
        assert!(root().join(path).exists() && !reason.is_empty(), "{path} is not a file or has no reason");
    }
}

#[test]
fn pure_stages_never_touch_the_disk() {
    let pure = |source: &Source| {
        let inside = |prefix: &&str| {
            let rest = source.path.strip_prefix("src/").and_then(|path| path.strip_prefix(*prefix));
            rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
        };
        NO_DISK.iter().any(inside)
    };
    let wrong = uses_of(&["crate::files"], pure);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_terminal_module_prints() {
    // The build script prints instructions for Cargo on stdout.
    let wrong = uses_of(PRINTING, |source| !["build", "terminal"].contains(&source.module.as_str()));
    assert!(wrong.is_empty(), "{wrong:#?}");
    let main = sources().into_iter().find(|source| source.path == "src/main.rs").expect("src/main.rs");
    for call in ["terminal::show_panics()", "terminal::show_usage("] {
        assert!(main.code.contains(call), "main.rs does not call {call}");
    }
}

#[test]
fn stages_name_no_command() {
    let commands = command_lines();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| NO_COMMANDS.contains(&source.module.as_str())) {
        for literal in &source.literals {
            wrong.extend(
                named_command(literal, &commands).map(|name| format!("{}: `{name}` in {literal}", source.path)),
            );
        }
    }
    assert!(wrong.is_empty(), "add a variant to src/diagnostic/remedy.rs: {wrong:#?}");
}

#[test]
fn stages_before_wording_use_no_ui_strings() {
    let catalog = Catalog::english();
    let keys: Vec<&str> = catalog.keys().collect();
    assert!(keys.len() > 200, "{} keys", keys.len());
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| NO_UI_STRINGS.contains(&source.module.as_str())) {
        let found = source.literals.iter().filter(|literal| is_ui_string(literal, &keys));
        wrong.extend(found.map(|literal| format!("{}: {literal}", source.path)));
    }
    assert!(wrong.is_empty(), "let `wording` phrase it: {wrong:#?}");
}

#[test]
fn main_is_short() {
    let lines = fs::read_to_string(root().join("src/main.rs")).expect("main.rs").lines().count();
    assert!(lines <= 40, "main.rs has {lines} lines");
}

#[test]
fn every_module_has_a_module_doc() {
    let undocumented: Vec<_> =
        sources().into_iter().filter(|source| !source.text.contains("//! ")).map(|source| source.path).collect();
    assert!(undocumented.is_empty(), "{undocumented:?}");
}

#[test]
fn recognizes_commands_and_ui_strings() {
    let commands = command_lines();
    for line in [
        "run `candor release --replace`",
        "then run candor release",
        "leave out --version or --date: a version starts with it",
        "use `--replace`",
        "(--all-published)",
        "`candor {command}`",
        "set `--{name}`",
        "for example with `git checkout`",
        "run candor explain: it lists them",
    ] {
        assert!(named_command(line, &commands).is_some(), "{line}");
    }
    for line in [
        "candor releases nothing",
        "install candor 1.2.0, which made the release",
        "made by a newer version of candor",
        "--date-style",
        "a---date",
        "the as-of date",
    ] {
        assert_eq!(named_command(line, &commands), None, "{line}");
    }
    let keys = ["count.releases", "values.eu"];
    assert!(["count.releases", "values.{word}"].iter().all(|literal| is_ui_string(literal, &keys)));
    assert!(!["count", "releases", "{values}.eu", "value.{word}", "{word}"].iter().any(|it| is_ui_string(it, &keys)));
}

/// Returns a message for each file accepted by `among` whose code contains one of `texts`.
fn uses_of(texts: &[&str], among: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources().into_iter().filter(among) {
        let found = texts.iter().filter(|text| is_named(&source.code, text));
        wrong.extend(found.map(|text| format!("{} names {text}", source.path)));
    }
    wrong
}

/// Returns whether `text` occurs in code other than as the end of a longer name.
fn is_named(code: &str, text: &str) -> bool {
    code.match_indices(text).any(|(at, _)| !code[..at].ends_with(is_name_char))
}

/// Returns what a string must not contain to name no command line: each command and each long option of candor, the start of any
/// command of candor or Git, and an option whose name is filled in.
fn command_lines() -> Vec<String> {
    let mut root = Cli::command();
    root.build();
    let mut names = vec!["`candor ".to_owned(), "`git ".to_owned(), "--{".to_owned()];
    for command in std::iter::once(&root).chain(root.get_subcommands()) {
        let name = command.get_name();
        if name != root.get_name() {
            names.push(format!("candor {name}"));
        }
        names
            .extend(command.get_arguments().filter_map(|argument| argument.get_long()).map(|long| format!("--{long}")));
    }
    let (commands, options) =
        (names.iter().filter(|name| name.starts_with("candor ")), names.iter().filter(|name| name.starts_with("--")));
    assert!(commands.count() > 10 && options.collect::<BTreeSet<_>>().len() > 20, "{names:?}");
    names
}

/// Returns the first of these command lines that occurs in a string as whole words.
fn named_command<'a>(literal: &str, commands: &'a [String]) -> Option<&'a str> {
    let is_part = |c: char| is_name_char(c) || c == '-';
    let whole = |name: &str| {
        literal.match_indices(name).any(|(at, _)| {
            let (before, after) = (&literal[..at], &literal[at + name.len()..]);
            !(before.ends_with(is_part) || name.ends_with(is_part) && after.starts_with(is_part))
        })
    };
    commands.iter().map(String::as_str).find(|name| whole(name))
}

/// Returns whether a string is a key of the string catalog, or a group of keys with a name that is filled in: `values.{word}`.
fn is_ui_string(literal: &str, keys: &[&str]) -> bool {
    let group = literal.split_once('{').map(|(group, _)| group).filter(|group| group.ends_with('.'));
    keys.iter().any(|key| *key == literal || group.is_some_and(|group| key.starts_with(group)))
}

fn stage(module: &str) -> Option<usize> {
    STAGES.iter().position(|stage| stage.contains(&module))
}
