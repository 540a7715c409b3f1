//! The source files of the program, and what their code names.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A source file.
pub struct Source {
    /// The top-level module that the file belongs to.
    pub module: String,
    /// Its path in the repository.
    pub path: String,
    /// The file.
    pub text: String,
    /// The source with comments, quoted strings and tests replaced by spaces. Tests are excluded because they may compare a
    /// stage with a later one.
    pub code: String,
    /// The string literals outside comments and tests.
    pub literals: Vec<String>,
}

/// Returns every Rust source file of the program.
pub fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    assert!(files.len() > 30, "source files not found");
    files
        .into_iter()
        .map(|file| {
            let relative = file.strip_prefix(root().join("src")).expect("below src");
            let first = relative.iter().next().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&file).expect("readable");
            let code = if file.ends_with("tests.rs") { String::new() } else { without_tests(code(&text)) };
            Source {
                module: first.trim_end_matches(".rs").to_owned(),
                path: format!("src/{}", relative.to_string_lossy().replace('\\', "/")),
                literals: if code.is_empty() { Vec::new() } else { literals(&text) },
                code,
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

pub fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Replaces comments and quoted strings with as many bytes of spaces, and keeps line breaks.
pub fn code(text: &str) -> String {
    split(text).0
}

/// Returns the string literals outside comments and tests, as they are written, with continued lines joined.
fn literals(text: &str) -> Vec<String> {
    let (code, quoted) = split(text);
    let tests = tests(&code);
    let outside = quoted.into_iter().filter(|range| !tests.iter().any(|test| test.contains(&range.start)));
    let joined = |literal: &str| {
        let raw = literal.strip_prefix('r').unwrap_or(literal);
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let literal = &raw[hashes + 1..raw.len() - hashes - 1];
        let mut parts = literal.split("\\\n");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |joined, part| joined + part.trim_start())
    };
    outside.map(|range| joined(&text[range])).collect()
}

/// Splits a source into its code, see [`code`], and the places of its string literals.
fn split(text: &str) -> (String, Vec<Range<usize>>) {
    let (mut code, mut literals) = (String::with_capacity(text.len()), Vec::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, code.chars().next_back());
        let (part, after) = rest.split_at(if length == 0 { first.len_utf8() } else { length });
        if length > 0 && part.starts_with(['"', 'r']) {
            literals.push(code.len()..code.len() + length);
        }
        match length {
            0 => code.push_str(part),
            _ => code += &blank(part),
        }
        rest = after;
    }
    (code, literals)
}

/// Returns as many bytes of spaces, with the line breaks of the text.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// Replaces each item under `#[cfg(test)]` with spaces.
fn without_tests(mut code: String) -> String {
    for range in tests(&code) {
        let spaces = blank(&code[range.clone()]);
        code.replace_range(range, &spaces);
    }
    code
}

/// Returns the place of each item under `#[cfg(test)]`.
fn tests(code: &str) -> Vec<Range<usize>> {
    const TEST: &str = "#[cfg(test)]";
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(start) = code[from..].find(TEST).map(|at| from + at) {
        let mut depth = 0;
        let end = code[start + TEST.len()..].char_indices().find_map(|(at, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0 && matches!(c, '}' | ';')).then_some(start + TEST.len() + at + c.len_utf8())
        });
        from = end.expect("an item after #[cfg(test)]");
        found.push(start..from);
    }
    found
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
pub fn uses(code: &str) -> Vec<String> {
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

pub fn first_name(path: &str) -> Option<String> {
    let name: String = path.trim_start().chars().take_while(|c| is_name_char(*c)).collect();
    (!name.is_empty()).then_some(name)
}

/// Returns whether code names a crate (`NAME::` or `use NAME`) rather than a module with the same name.
pub fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let whole = !before.ends_with(is_name_char) && !after.starts_with(is_name_char);
        let path = after.starts_with("::") && !before.ends_with("::");
        let import = before.ends_with("use ") || before.ends_with("extern crate ");
        whole && (path || import)
    })
}

/// Returns the depth of a file's module: 1 for `src/emit.rs` and `src/server/mod.rs`, 2 for `src/emit/lock.rs`.
pub fn module_depth(path: &str) -> usize {
    let parts = path.split('/').count() - 1;
    match path {
        "src/lib.rs" | "src/main.rs" | "src/build.rs" => 0,
        _ if path.ends_with("/mod.rs") => parts - 1,
        _ => parts,
    }
}

/// Returns the offset and the number of segments of each `super::` path.
pub fn supers(code: &str) -> impl Iterator<Item = (usize, usize)> {
    const WORD: &str = "super::";
    let begins = |at: usize| !code[..at].ends_with(is_name_char) && !code[..at].ends_with(WORD);
    code.match_indices(WORD).filter(move |(at, _)| begins(*at)).map(|(at, _)| {
        let rest = &code[at..];
        (at, (rest.len() - rest.trim_start_matches(WORD).len()) / WORD.len())
    })
}

/// Returns how many inline modules are open at the end of `code`.
pub fn inline_modules(code: &str) -> usize {
    let opened = code.match_indices("mod ").filter(|(at, _)| !code[..*at].ends_with(is_name_char));
    let open = opened.filter(|(at, word)| {
        let rest = code[at + word.len()..].trim_start_matches(is_name_char).trim_start();
        let depth =
            rest.chars().filter(|c| *c == '{').count() as i64 - rest.chars().filter(|c| *c == '}').count() as i64;
        rest.starts_with('{') && depth > 0
    });
    open.count()
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

#[test]
fn finds_literals_outside_comments_and_tests() {
    let text = r##"
// "`candor release`"
let a = "one \" two"; let b = r#"raw "three" é"#; let c = '"'; let d = "run \
        `candor release -m TEXT`";
#[cfg(test)]
mod tests { fn a() { let b = "`candor publish`"; } }
fn after() { help("five") }
"##;
    let found = ["one \\\" two", "raw \"three\" é", "run `candor release -m TEXT`", "five"];
    assert_eq!(literals(text), found);
}
