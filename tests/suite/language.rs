//! Everything that people read avoids the words and phrases of `tests/style/forbidden.txt`: the string catalog, the templates,
//! the help of all commands, all diagnostics, the docs, and the sources with their comments and tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Project;

const LIST: &str = "tests/style/forbidden.txt";

/// Files and folders that are read.
const READ: &[&str] = &[
    "src",
    "templates",
    "docs",
    "tests",
    "benches",
    "fuzz/fuzz_targets",
    "fuzz/run.sh",
    "schemas",
    "static",
    ".ci",
    ".github",
    ".pre-commit-hooks.yaml",
    ".deny.toml",
    "rustfmt.toml",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CODE_OF_CONDUCT.md",
    "CHANGELOG.md",
    "Cargo.toml",
];

/// Files that candor 0.1 or other people wrote, and texts in other languages: frozen files, hostile input, column names in every
/// spelling, catalogs, and the list itself.
const LEFT_OUT: &[&str] = &[
    "tests/fixtures",
    "tests/style",
    "tests/hostile/corpus",
    "tests/browser/node_modules",
    "tests/suite/language.rs",
    "src/import/fields.rs",
    "src/import/words.rs",
    "templates/strings/de.yaml",
    "templates/strings/es.yaml",
    "templates/strings/fr.yaml",
    "templates/strings/it.yaml",
    "templates/strings/nl.yaml",
    "templates/strings/pl.yaml",
    "templates/strings/pt.yaml",
    "templates/strings/sv.yaml",
];

const ENDINGS: &[&str] =
    &["rs", "md", "html", "xml", "yaml", "yml", "json", "js", "mjs", "css", "py", "sh", "toml", "txt"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The phrases, each with what to write instead.
fn phrases() -> Vec<(String, String)> {
    let list = fs::read_to_string(root().join(LIST)).expect("the list");
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| {
        let (phrase, instead) =
            line.split_once(": ").unwrap_or_else(|| panic!("{LIST}: `{line}` names no replacement"));
        (phrase.to_lowercase(), instead.to_owned())
    };
    lines.map(pair).collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let below = path.strip_prefix(root()).expect("a path in the repository");
    if LEFT_OUT.iter().any(|left_out| below == Path::new(left_out)) {
        return;
    }
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path());
        entries.for_each(|entry| collect(&entry, files));
    } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
        files.push(path.to_owned());
    }
}

/// Returns the offsets at which a phrase begins in text, as whole words. Both are lower case.
fn places<'t>(text: &'t str, phrase: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_word = |c: char| c.is_alphanumeric();
    text.match_indices(phrase)
        .map(|(at, _)| at)
        .filter(move |at| !text[..*at].ends_with(is_word) && !text[at + phrase.len()..].starts_with(is_word))
}

/// Returns the phrases in text, with their lines. Words of a phrase may be in two lines of a comment.
fn found(name: &str, text: &str, phrases: &[(String, String)]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut joined = String::new();
    for (number, line) in text.lines().enumerate() {
        lines.push((joined.len(), number + 1));
        let line = line.trim().trim_start_matches(['/', '!', '#', '*']).trim();
        joined.extend(line.chars().flat_map(char::to_lowercase));
        joined.push(' ');
    }
    let line_of = |at: usize| lines[lines.partition_point(|(start, _)| *start <= at) - 1].1;
    let all = phrases.iter().flat_map(|(phrase, instead)| places(&joined, phrase).map(move |at| (at, phrase, instead)));
    all.map(|(at, phrase, instead)| format!("{name}:{}: `{phrase}`: write {instead}", line_of(at))).collect()
}

#[test]
fn no_forbidden_phrase_is_in_the_repository() {
    let phrases = phrases();
    let mut files = Vec::new();
    for path in READ.iter().map(|path| root().join(path)) {
        assert!(path.exists(), "{} is missing", path.display());
        collect(&path, &mut files);
    }
    assert!(files.len() > 400, "only {} files were found", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.strip_prefix(root()).expect("below").display().to_string();
        let mut text = String::from_utf8_lossy(&fs::read(&file).expect("a file")).into_owned();
        if name == "CHANGELOG.md" {
            // It names things of earlier versions.
            text = text.lines().map(|line| line.split('`').step_by(2).collect::<String>() + "\n").collect();
        }
        wrong.extend(found(&name, &text, &phrases));
    }
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_forbidden_phrase_is_printed() {
    let phrases = phrases();
    let project = Project::new();
    let help = project.run(["--help"]).stdout;
    let commands = help.split("Commands:").nth(1).expect("commands").split("Options:").next().unwrap_or_default();
    let names: Vec<&str> = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    assert!(names.len() > 8, "{names:?}");
    let mut wrong = found("candor --help", &help, &phrases);
    for name in names {
        wrong.extend(found(&format!("candor help {name}"), &project.run(["help", name]).stdout, &phrases));
    }
    let explained = project.run(["explain", "--format", "json"]);
    assert_eq!(explained.code, Some(0), "{}", explained.stderr);
    wrong.extend(found("candor explain", &explained.stdout, &phrases));
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_phrase_is_found_as_whole_words_also_across_lines() {
    let phrases = [("held against".to_owned(), "compared with".to_owned())];
    let text = "/// what is held\n    /// against the list\n// upheld against, Held against.";
    assert_eq!(found("a", text, &phrases).len(), 2);
}
