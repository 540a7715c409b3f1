//! The documentation is correct: commands run, examples render, links and paths resolve, tables match the program.

mod commands;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Project;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the pages for users and contributors.
fn pages() -> Vec<PathBuf> {
    const OTHERS: [&str; 6] =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", "tests/README.md"];
    let docs = fs::read_dir(root().join("docs")).expect("docs/");
    let mut pages: Vec<PathBuf> = docs.map(|entry| entry.expect("an entry").path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.extend(OTHERS.map(|page| root().join(page)));
    pages.sort();
    pages
}

/// Returns the fenced blocks of a language, each with the line before it.
fn blocks<'t>(page: &'t str, language: &str) -> Vec<(&'t str, &'t str)> {
    let fence = format!("\n```{language}\n");
    let mut blocks = Vec::new();
    for (at, _) in page.match_indices(&fence) {
        let before = page[..at].trim_end().lines().last().unwrap_or_default();
        let block = &page[at + fence.len()..];
        blocks.push((before, &block[..block.find("```").expect("an end of the block")]));
    }
    blocks
}

#[test]
fn template_examples_render() {
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
    let build = project.run(["build", "--draft", "--no-compress"]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    let index = project.read("dist/index.html");
    for shown in ["<p>1 answers</p>", "<dt id=\"example-plan\">Example plan</dt>", "(Planned)"] {
        assert!(index.contains(shown), "{shown}");
    }
    assert!(project.read("dist/404.html").contains("<title>Nothing here"));
}

/// Returns a page without its fenced blocks.
fn prose(page: &str) -> String {
    let mut fenced = false;
    let lines = page.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the anchors that GitHub generates for the headings of a page.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn links_point_to_existing_files_and_headings() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = prose(&fs::read_to_string(&page).expect("a page"));
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split(')').next().unwrap_or_default();
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { page.clone() } else { page.parent().expect("a folder").join(file) };
            let anchor_exists = anchor.is_empty()
                || fs::read_to_string(&file).is_ok_and(|text| anchors(&prose(&text)).contains(anchor));
            if !file.exists() || !anchor_exists {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn architecture_lists_every_module() {
    let page = fs::read_to_string(root().join("docs/architecture.md")).expect("architecture.md");
    let modules = page.split("\n## ").find(|section| section.starts_with("Modules\n")).expect("the section");
    let rows = modules.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let library = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let declared = library.lines().filter_map(|line| {
        let name = line.trim_start_matches("pub ").strip_prefix("mod ")?;
        name.strip_suffix(';')
    });
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), declared.collect::<BTreeSet<_>>());
    assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "a module is listed twice");
}

#[test]
fn architecture_mentions_only_existing_files() {
    let page = prose(&fs::read_to_string(root().join("docs/architecture.md")).expect("architecture.md"));
    let spans = page.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let paths: Vec<&str> = spans.filter(|span| span.contains('/') && !span.contains(' ')).collect();
    assert!(paths.len() > 30, "only {} paths were found", paths.len());
    for path in paths {
        assert!(root().join(path).exists() || root().join("src").join(path).exists(), "{path}");
    }
}

// Without its features the program has fewer commands.
#[cfg(all(feature = "serve", feature = "publish"))]
#[test]
fn readme_is_short_and_lists_every_command() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    assert!(readme.lines().count() < 150);
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `candor "));
    let listed: BTreeSet<&str> = rows.filter_map(|row| row.split([' ', '`']).next()).collect();
    let help = Project::empty().run(["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("a list of commands");
    let names = commands.lines().take_while(|line| !line.trim().is_empty());
    let mut known: BTreeSet<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    known.remove("help");
    assert_eq!(listed, known, "the table of README.md and `candor --help`");
}

#[test]
fn version_option_prints_the_version() {
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
