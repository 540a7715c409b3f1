//! macOS and Windows are not compiled where the tests run, so these tests read the sources: code for Unix is compiled only there, and has
//! a counterpart for other systems. Line endings of Windows are simulated.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::layering::source::{code, root};
use crate::support::Project;

/// Paths that exist only on Unix.
const UNIX_ONLY: &[&str] = &["std::os::unix", "std::os::fd", "std::os::linux", "rustix::", "libc::"];

/// A Rust file: its path in the repository, its text, and its code without comments and strings, at the same offsets.
struct RustFile {
    path: String,
    text: String,
    code: String,
}

/// Returns the sources of the program, its tests and its benchmarks.
fn rust_files() -> Vec<RustFile> {
    let folders = ["src", "tests/suite", "benches"].into_iter();
    let entries = folders.flat_map(|folder| walkdir::WalkDir::new(root().join(folder)).sort_by_file_name());
    let files = entries.map(|entry| entry.expect("an entry").into_path());
    let rust = files.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let files: Vec<RustFile> = rust
        .map(|path| {
            let text = fs::read_to_string(&path).expect("readable");
            let path = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
            RustFile { path, code: code(&text), text }
        })
        .collect();
    assert!(files.len() > 100, "source files not found");
    files
}

/// Splits a list of predicates at the commas outside parentheses.
fn parts(list: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Returns whether a predicate of `cfg` is true only on Unix.
fn implies_unix(predicate: &str) -> bool {
    let inner = |name: &str| predicate.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(list) = inner("all") {
        return parts(list).into_iter().any(implies_unix);
    }
    if let Some(list) = inner("any") {
        return parts(list).into_iter().all(implies_unix);
    }
    let systems = ["linux", "macos", "android", "freebsd"].map(|system| format!("target_os = \"{system}\""));
    predicate == "unix" || systems.iter().any(|system| system == predicate)
}

/// An attribute `#[cfg(...)]`: its predicate, and the range of the attribute and its item.
struct Conditional {
    predicate: String,
    range: Range<usize>,
}

impl RustFile {
    /// Returns the conditional items.
    fn conditionals(&self) -> Vec<Conditional> {
        let starts = self.code.match_indices("#[cfg(").map(|(at, _)| at);
        starts
            .map(|at| {
                let open = at + "#[cfg".len();
                let close = matching(&self.code, open);
                let predicate = self.text[open + 1..close].to_owned();
                Conditional { predicate, range: at..self.item_end(close + ")]".len()) }
            })
            .collect()
    }

    /// Returns the end of the item after an attribute: its last brace or its semicolon.
    fn item_end(&self, from: usize) -> usize {
        let rest = &self.code[from..];
        let mut depth = 0_i32;
        for (at, c) in rest.char_indices() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                ';' if depth == 0 => return from + at,
                '{' if depth == 0 => return matching(&self.code, from + at),
                _ => {}
            }
        }
        self.code.len()
    }

    /// Returns the files of the modules that are declared within a range.
    fn modules(&self, range: Range<usize>) -> Vec<String> {
        let (folder, name) = self.path.rsplit_once('/').expect("a folder");
        let stem = name.trim_end_matches(".rs");
        let below = match stem {
            "main" | "lib" | "mod" => folder.to_owned(),
            _ => format!("{folder}/{stem}"),
        };
        let item = &self.text[range.clone()];
        let mut modules = Vec::new();
        for (at, _) in self.code[range].match_indices("mod ") {
            let name: String = item[at + 4..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if item[at + 4 + name.len()..].starts_with('{') || item[at + 4 + name.len()..].starts_with(" {") {
                continue;
            }
            let stated = item.split_once("#[path = \"").and_then(|(_, rest)| rest.split('"').next());
            modules.push(match stated {
                Some(path) => format!("{folder}/{}", path.trim_end_matches(".rs")),
                None => format!("{below}/{name}"),
            });
        }
        modules
    }
}

/// Returns the offset of the bracket that closes the one at `open`.
fn matching(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in code[open..].char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + at;
        }
    }
    code.len()
}

/// Returns the modules that are compiled only on Unix, as paths without `.rs`, with the modules below them.
fn unix_modules(files: &[RustFile]) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    for file in files {
        let unix = file.conditionals().into_iter().filter(|conditional| implies_unix(&conditional.predicate));
        modules.extend(unix.flat_map(|conditional| file.modules(conditional.range)));
    }
    modules
}

fn is_below(path: &str, modules: &BTreeSet<String>) -> bool {
    let path = path.trim_end_matches(".rs");
    modules
        .iter()
        .any(|module| path == module || path.strip_prefix(module.as_str()).is_some_and(|rest| rest.starts_with('/')))
}

#[test]
fn predicates_that_imply_unix_are_recognized() {
    for predicate in [
        "unix",
        "target_os = \"linux\"",
        "all(test, unix)",
        "all(unix, feature = \"serve\")",
        "any(target_os = \"linux\", target_os = \"macos\")",
        "all(test, any(unix, target_os = \"linux\"))",
    ] {
        assert!(implies_unix(predicate), "{predicate}");
    }
    for predicate in [
        "not(unix)",
        "windows",
        "test",
        "any(unix, windows)",
        "not(target_os = \"linux\")",
        "any(unix, test)",
        "all(test, windows)",
    ] {
        assert!(!implies_unix(predicate), "{predicate}");
    }
}

#[test]
fn unix_only_code_is_compiled_only_on_unix() {
    let files = rust_files();
    let modules = unix_modules(&files);
    let (mut checked, mut wrong) = (0, Vec::new());
    for file in files.iter().filter(|file| !is_below(&file.path, &modules)) {
        let unix: Vec<Range<usize>> = file
            .conditionals()
            .into_iter()
            .filter(|conditional| implies_unix(&conditional.predicate))
            .map(|conditional| conditional.range)
            .collect();
        for name in UNIX_ONLY {
            for (at, _) in file.code.match_indices(name) {
                checked += 1;
                if !unix.iter().any(|range| range.contains(&at)) {
                    let line = file.text[..at].lines().count();
                    wrong.push(format!("{}:{line}: {name}", file.path));
                }
            }
        }
    }
    assert!(checked > 10, "no code for Unix found");
    assert_eq!(wrong, Vec::<String>::new(), "put it under #[cfg(unix)]");
}

/// A function that exists only on Unix must exist elsewhere, too, with another body.
#[test]
fn code_for_unix_has_a_counterpart_for_other_systems() {
    let files = rust_files();
    let modules = unix_modules(&files);
    let mut found = 0;
    for file in files.iter().filter(|file| file.path.starts_with("src/") && !is_below(&file.path, &modules)) {
        let conditionals = file.conditionals();
        let count = |predicate: &str| conditionals.iter().filter(|one| one.predicate == predicate).count();
        // Tests of Unix need no counterpart.
        if file.path.ends_with("tests.rs") {
            continue;
        }
        found += count("unix");
        assert_eq!(count("unix"), count("not(unix)"), "{}: #[cfg(unix)] without #[cfg(not(unix))]", file.path);
        for one in &conditionals {
            let is_test = parts(one.predicate.trim_start_matches("all(").trim_end_matches(')')).contains(&"test");
            let is_known = !implies_unix(&one.predicate) || one.predicate == "unix" || is_test;
            assert!(is_known, "{}: state `unix`, not {}", file.path, one.predicate);
        }
    }
    assert!(found >= 4, "{found}");
}

/// Returns the functions and types that a file offers to its crate, by name, with their signatures.
fn signatures(path: &str) -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join(path)).expect("a file");
    let code = code(&text);
    let code = code.split("\nmod tests").next().expect("code");
    let mut signatures = BTreeMap::new();
    let words = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for kind in ["fn ", "struct ", "type "] {
        for (at, _) in words
            .match_indices(kind)
            .filter(|(at, _)| words[..*at].ends_with("pub ") || words[..*at].ends_with("pub(super) "))
        {
            let rest = &words[at..];
            let end = rest.find(['{', ';', '=']).unwrap_or(rest.len());
            let name = rest[kind.len()..].split(|c: char| !(c.is_alphanumeric() || c == '_')).next().expect("a name");
            // Names of parameters may differ: an unused one begins with an underscore.
            let signature = if kind == "fn " {
                rest[..end].replace(", )", ")").replace("( ", "(").replace(" _", " ").replace("(_", "(")
            } else {
                kind.to_owned()
            };
            signatures.insert(format!("{kind}{name}"), signature.trim().to_owned());
        }
    }
    signatures
}

#[test]
fn file_access_offers_the_same_functions_on_every_system() {
    let (mut unix, other) = (signatures("src/files/unix.rs"), signatures("src/files/other.rs"));
    // What Linux uses without `openat2`; the tests on Unix call it directly.
    assert!(unix.remove("fn open_by_components").is_some());
    assert!(unix.len() > 10, "{unix:?}");
    assert_eq!(unix, other);
}

/// Returns every file below a folder, except those in the given folders.
fn tree(folder: &Path, skipped: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    let files = entries.filter(|entry| entry.file_type().is_file()).map(|entry| {
        let path = entry.path().strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
        (path, fs::read(entry.path()).expect("a file"))
    });
    files.filter(|(path, _)| !skipped.iter().any(|folder| path.starts_with(folder))).collect()
}

/// Git for Windows and many editors write CRLF. Everything but releases and published files has the same meaning with it.
#[test]
fn content_with_windows_line_endings_gives_the_same_site() {
    let strings = "nav:\n  home: Start\ncustom:\n  slogan: >\n    Ask\n    us\n";
    let section = "---\ntitle: Own\n---\n\nA line\nand another  \nwith a break.\n\n- one\n- two\n\n```\ncode\n```\n";
    let unix = Project::empty();
    assert_eq!(unix.run(["init", "--full", "--as-of", "2026-05-22"]).code, Some(0));
    let unix = unix.file("templates/strings/en.yaml", strings).file("content/sections/15-own.md", section);
    assert_eq!(unix.run(["release", "-m", "Own words", "--date", "2026-05-22"]).code, Some(0));
    let mut windows = Project::empty();
    for (path, bytes) in tree(unix.root(), &["content/releases/"]) {
        let text = String::from_utf8(bytes).expect("UTF-8").replace('\n', "\r\n");
        windows = windows.file(&path, text);
    }
    for (path, bytes) in tree(unix.root(), &[]).into_iter().filter(|(path, _)| path.starts_with("content/releases/")) {
        windows = windows.file(&path, bytes);
    }
    let built = |project: &Project| {
        let check = project.run(["check", "--as-of", "2026-05-22"]);
        assert_eq!(check.code, Some(0), "{check:?}");
        let build = project.run(["build", "--no-compress", "--as-of", "2026-05-22"]);
        assert_eq!(build.code, Some(0), "{build:?}");
        tree(&project.path("dist"), &[".candor"])
    };
    let (expected, actual) = (built(&unix), built(&windows));
    assert_eq!(expected.keys().collect::<Vec<_>>(), actual.keys().collect::<Vec<_>>());
    for (path, bytes) in expected {
        assert!(bytes == actual[&path], "{path} depends on line endings");
    }
}
