//! Checks the architecture in the source code: data flows in one direction, and each dependency, the disk, the clock and
//! the terminal are used only in the modules that the design allows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The stages from first to last. A module may use modules on its own line and on the lines above, but none below.
const STAGES: &[&[&str]] = &[
    &["model", "diagnostic", "embedded", "files", "text", "terminal"],
    &["project", "fetch", "markdown", "site"],
    &["load"],
    &["history"],
    &["wording"],
    &["check"],
    &["import"],
    &["assets", "schema"],
    &["publication"],
    &["schedule"],
    &["render", "formats"],
    &["pipeline"],
    &["compress"],
    &["emit", "server", "publish", "init"],
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
    ("csv", &["formats", "import", "schedule"]),
    ("env_logger", &["commands"]),
    ("flate2", &["compress"]),
    ("futures", &["publish"]),
    ("html5gum", &["import"]),
    ("http_body_util", &["server"]),
    ("hyper", &["server"]),
    ("hyper_util", &["server"]),
    ("idna_adapter", &[]),
    ("indicatif", &["terminal"]),
    ("notify", &["server"]),
    ("object_store", &["publish"]),
    ("percent_encoding", &["text", "markdown"]),
    ("pulldown_cmark", &["markdown", "import"]),
    ("quick_xml", &["formats"]),
    ("rayon", &["files", "history", "render", "pipeline", "emit", "server", "publish", "commands"]),
    ("reqwest", &["fetch"]),
    ("rustix", &["files"]),
    ("rustls", &["fetch"]),
    ("serde_ignored", &["history"]),
    ("serde_yaml", &["load"]),
    ("sha2", &["assets", "model"]),
    ("similar", &["history"]),
    ("strsim", &["diagnostic"]),
    ("tera", &["render"]),
    ("tokio", &["server", "publish"]),
    ("unicode_normalization", &["check", "site"]),
    ("ureq", &["fetch"]),
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
    "history/diff",
    "check",
    "site",
    "publication",
    "schedule",
    "render",
    "formats",
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

struct Source {
    /// The top-level module that the file belongs to.
    module: String,
    path: String,
    text: String,
    /// The source with comments, quoted strings and tests replaced by spaces. Tests are excluded because they may compare a
    /// stage with a later one.
    code: String,
}

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
fn ignores_comments_quotes_and_tests() {
    let text = r##"
// crate::cli in a comment
/* crate::cli /* in */ another */
let a = "crate::cli \" crate::cli"; let b = r#"crate::"cli"#; let c = '"'; let d: &'static str = "crate::cli";
use crate::{load, history::{chain, sums}, model};
#[cfg(test)]
mod tests;
fn between() { crate::check::find(b'\'') }
#[cfg(test)]
mod more { fn a() { crate::emit::write() } }
fn after() { crate::commands::run() }
"##;
    let code = without_tests(code(text));
    assert_eq!(code.lines().count(), text.lines().count());
    assert_eq!(uses(&code), ["load", "history", "model", "check", "commands"]);
    assert!(
        names_crate("use tera;", "tera") && names_crate("tera::Value", "tera") && names_crate("use csv as c;", "csv")
    );
    assert!(!names_crate("super::csv::read", "csv") && !names_crate("mycsv::read(csv)", "csv"));
    assert_eq!(supers("a(); super::super::b(); super::c").map(|(_, n)| n).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(inline_modules("mod a; mod b { fn c() {} mod d { }"), 1);
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

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every Rust source file of the program.
fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    assert!(files.len() > 30, "source files not found");
    files
        .into_iter()
        .map(|file| {
            let relative = file.strip_prefix(root().join("src")).expect("below src");
            let first = relative.iter().next().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&file).expect("readable");
            Source {
                module: first.trim_end_matches(".rs").to_owned(),
                path: format!("src/{}", relative.to_string_lossy().replace('\\', "/")),
                code: if file.ends_with("tests.rs") { String::new() } else { without_tests(code(&text)) },
                text,
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

/// Replaces comments and quoted strings with spaces and keeps line breaks.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, code.chars().next_back());
        let (part, after) = rest.split_at(if length == 0 { first.len_utf8() } else { length });
        match length {
            0 => code.push_str(part),
            _ => code.extend(part.chars().map(|c| if c == '\n' { c } else { ' ' })),
        }
        rest = after;
    }
    code
}

/// Replaces each item under `#[cfg(test)]` with spaces.
fn without_tests(mut code: String) -> String {
    const TEST: &str = "#[cfg(test)]";
    while let Some(start) = code.find(TEST) {
        let mut depth = 0;
        let end = code[start + TEST.len()..].char_indices().find_map(|(at, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0 && matches!(c, '}' | ';')).then_some(start + TEST.len() + at + c.len_utf8())
        });
        let end = end.expect("an item after #[cfg(test)]");
        let blank: String = code[start..end].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        code.replace_range(start..end, &blank);
    }
    code
}

/// Returns the length in bytes of the comment or quoted string that `rest` starts with, or 0 if it starts with code.
fn skipped(rest: &str, before: Option<char>) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        let mut depth = 0;
        for (at, _) in rest.char_indices() {
            if rest[at..].starts_with("/*") {
                depth += 1;
            } else if at > 0 && rest[at - 1..].starts_with("*/") {
                depth -= 1;
            }
            if depth == 0 {
                return at + 1;
            }
        }
        return rest.len();
    }
    if let Some(raw) = rest.strip_prefix('r').filter(|_| !before.is_some_and(is_name_char)) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let start = 1 + hashes + 1;
            return rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len());
        }
    }
    let mut chars = rest.char_indices();
    match chars.next() {
        Some((_, '"')) => {}
        // Unlike a character, a lifetime has no closing quote.
        Some((_, '\'')) if rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'') => {}
        _ => return 0,
    }
    let quote = if rest.starts_with('"') { '"' } else { '\'' };
    let mut escaped = false;
    for (at, c) in chars {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Returns the top-level modules that code names by path: `crate::NAME`, and the first segments in `use crate::{...}`. The crate
/// root itself has no types or macros, which would start with an uppercase letter or end in `!`.
fn uses(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        if code[..at].ends_with(|c: char| is_name_char(c) || c == '$') {
            continue;
        }
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = 0;
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth > 0 => depth -= 1,
                    ',' | '}' if depth == 0 => {
                        names.extend(first_name(&group[start..i]));
                        start = i + 1;
                        if c == '}' {
                            break;
                        }
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
    let name: String = path.trim_start().chars().take_while(|c| is_name_char(*c)).collect();
    (!name.is_empty()).then_some(name)
}

/// Returns whether code names a crate (`NAME::` or `use NAME`) rather than a module with the same name.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let whole = !before.ends_with(is_name_char) && !after.starts_with(is_name_char);
        let path = after.starts_with("::") && !before.ends_with("::");
        let import = before.ends_with("use ") || before.ends_with("extern crate ");
        whole && (path || import)
    })
}

/// Returns the depth of a file's module: 1 for `src/emit.rs` and `src/server/mod.rs`, 2 for `src/emit/lock.rs`.
fn module_depth(path: &str) -> usize {
    let parts = path.split('/').count() - 1;
    match path {
        "src/lib.rs" | "src/main.rs" | "src/build.rs" => 0,
        _ if path.ends_with("/mod.rs") => parts - 1,
        _ => parts,
    }
}

/// Returns the offset and the number of segments of each `super::` path.
fn supers(code: &str) -> impl Iterator<Item = (usize, usize)> {
    const WORD: &str = "super::";
    let begins = |at: usize| !code[..at].ends_with(is_name_char) && !code[..at].ends_with(WORD);
    code.match_indices(WORD).filter(move |(at, _)| begins(*at)).map(|(at, _)| {
        let rest = &code[at..];
        (at, (rest.len() - rest.trim_start_matches(WORD).len()) / WORD.len())
    })
}

/// Returns how many inline modules are open at the end of `code`.
fn inline_modules(code: &str) -> usize {
    let opened = code.match_indices("mod ").filter(|(at, _)| !code[..*at].ends_with(is_name_char));
    let open = opened.filter(|(at, word)| {
        let rest = code[at + word.len()..].trim_start_matches(is_name_char).trim_start();
        let depth =
            rest.chars().filter(|c| *c == '{').count() as i64 - rest.chars().filter(|c| *c == '}').count() as i64;
        rest.starts_with('{') && depth > 0
    });
    open.count()
}
