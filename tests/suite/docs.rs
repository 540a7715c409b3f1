//! The documentation tells the truth: commands run, examples render, links lead somewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Project, shell_words};

/// Commands that are shown and not run here, with the reason.
const EXEMPT: &[(&str, &str)] = &[
    ("cargo install", "installs into the user's home; tests/walk.sh does it from the packaged crate"),
    ("cargo run", "is `candor` itself, built for release"),
    ("bash tests/run.sh", "is what runs this"),
    ("candor serve", "ends only when it is stopped; tests/suite/serve.rs runs it"),
    ("candor publish", "needs a store; tests/emulators runs it"),
    ("candor import", "needs somebody's list; its own tests run it"),
    ("$EDITOR", "is the reader"),
    ("git ", "is not ours"),
    ("cargo bench ", "takes minutes, and times nothing that a test could hold"),
    ("curl ", "needs a published site"),
    ("sha256sum ", "is not ours"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs/");
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// Fenced blocks of a language, each with the line before it.
fn blocks<'t>(page: &'t str, language: &str) -> Vec<(&'t str, &'t str)> {
    let fence = format!("\n```{language}\n");
    let mut found = Vec::new();
    for (at, _) in page.match_indices(&fence) {
        let before = page[..at].trim_end().lines().last().unwrap_or_default();
        let block = &page[at + fence.len()..];
        found.push((before, &block[..block.find("```").expect("an end of the block")]));
    }
    found
}

/// What an editor does: the content says something new.
fn edit(folder: &Path, times: usize) {
    let site = folder.join("content/site.yaml");
    let text = fs::read_to_string(&site).expect("site.yaml");
    let rest = text.lines().filter(|line| !line.starts_with("title:")).collect::<Vec<_>>().join("\n");
    fs::write(site, format!("title: Edition {times}\n{rest}\n")).expect("site.yaml");
}

#[test]
fn every_command_of_the_documentation_runs() {
    let mut run = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let lines = blocks(&text, "console").into_iter().flat_map(|(_, block)| block.lines());
        let commands: Vec<&str> = lines.filter_map(|line| line.strip_prefix("$ ")).collect();
        let left = commands.iter().filter(|line| !EXEMPT.iter().any(|(start, _)| line.starts_with(start)));
        let left: Vec<&&str> = left.collect();
        if left.is_empty() {
            continue;
        }
        let project = Project::empty();
        let made = project.run(["init", "--full"]);
        assert_eq!(made.code, Some(0), "{made:?}");
        let mut folder = project.root().to_owned();
        for line in left {
            let words = shell_words(line, &[]);
            if words[0] == "cd" {
                folder.push(&words[1]);
                continue;
            }
            assert_eq!(words[0], "candor", "{}: `{line}` is neither run nor exempt", page.display());
            if words[1] == "release" {
                edit(&folder, run);
            }
            let output = Command::new(env!("CARGO_BIN_EXE_candor"))
                .args(&words[1..])
                .current_dir(&folder)
                .env_clear()
                .env("SOURCE_DATE_EPOCH", "1779408000") // 2026-05-22
                .output()
                .expect("the program starts");
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{}: `{line}`: {told}", page.display());
            run += 1;
        }
    }
    assert!(run > 10, "only {run} commands were found");
}

#[test]
fn examples_of_templates_render() {
    let page = fs::read_to_string(root().join("docs/templates.md")).expect("a page");
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    let mut project = project;
    let mut count = 0;
    for (before, block) in ["html", "yaml"].into_iter().flat_map(|language| blocks(&page, language)) {
        let path = before.split('`').find(|part| part.starts_with("templates/")).expect("a line that names the file");
        project = project.file(path, block);
        count += 1;
    }
    assert!(count >= 5);
    let check = project.run(["check"]);
    assert_eq!(check.code, Some(0), "{}", check.stderr);
    let build = project.run(["build", "--no-compress"]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    let index = project.read("dist/index.html");
    for shown in ["<p>1 answers</p>", "<dt id=\"example-plan\">Example plan</dt>", "(Planned)"] {
        assert!(index.contains(shown), "{shown}");
    }
    assert!(project.read("dist/404.html").contains("<title>Nothing here"));
}

/// A page without its examples.
fn prose(page: &str) -> String {
    let mut fenced = false;
    let lines = page.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn links_of_the_documentation_lead_somewhere() {
    for page in pages() {
        let text = prose(&fs::read_to_string(&page).expect("a page"));
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap_or_default();
            let file = target.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") || file.starts_with("mailto:") {
                continue;
            }
            let there = page.parent().expect("a folder").join(file).exists();
            assert!(there || PENDING.contains(&file), "{}: {target}", page.display());
        }
    }
}

/// Written by the benchmark and the browser tests, and not in every checkout.
const PENDING: &[&str] = &["docs/images/trust-page.png", "docs/benchmarks.md"];

// Without its features the program has fewer commands.
#[cfg(all(feature = "serve", feature = "publish"))]
#[test]
fn the_readme_is_short_and_lists_every_command() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    assert!(readme.lines().count() < 150);
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `candor "));
    let listed: std::collections::BTreeSet<&str> = rows.filter_map(|row| row.split([' ', '`']).next()).collect();
    let help = Project::empty().run(["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("a list of commands");
    let names = commands.lines().take_while(|line| !line.trim().is_empty());
    let mut known: std::collections::BTreeSet<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    known.remove("help");
    assert_eq!(listed, known, "the table of README.md and `candor --help`");
}

#[test]
fn the_program_says_its_version() {
    let run = Project::empty().run(["--version"]);
    assert!(run.stdout.starts_with(concat!("candor ", env!("CARGO_PKG_VERSION"))), "{}", run.stdout);
}

#[test]
fn completions_and_manual_pages_are_printed_and_written() {
    let project = Project::empty();
    assert!(project.run(["completions", "bash"]).stdout.contains("_candor"));
    assert!(project.run(["man"]).stdout.contains(".TH candor"));
    let written = project.run(["man", "--write", "man"]);
    assert_eq!(written.code, Some(0), "{written:?}");
    assert!(project.read("man/candor-build.1").contains("candor\\-build"));
}
