//! Checks references in the documentation: the files that it names exist, every promise names a test, and `cargo test` filters
//! match modules.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the Markdown pages of the repository that may name tests.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(root().join("docs")).expect("docs/").map(|entry| entry.expect("an entry").path());
    let others = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "tests/README.md"].map(|page| root().join(page));
    let mut pages: Vec<PathBuf> =
        docs.chain(others).filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    pages.sort();
    pages
}

/// Returns the inline code spans of a page.
fn code_spans(page: &str) -> impl Iterator<Item = &str> {
    page.lines().filter(|line| !line.starts_with("```")).flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Returns the paths in this repository that a page names, but not those in a reader's project.
fn paths(page: &str) -> Vec<String> {
    const FOLDERS: [&str; 5] = ["tests/", "src/", "benches/", "fuzz/", ".ci/"];
    let words = page.split(|c: char| c.is_whitespace() || "`()<>,;|\"".contains(c));
    let paths = words.filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)));
    let plain =
        paths.filter(|path| !path.contains(['*', '{', '$', '…']) && !path.chars().any(|c| c.is_ascii_uppercase()));
    plain.map(|path| path.trim_end_matches(['.', ':']).to_owned()).collect()
}

#[test]
fn every_path_in_the_documentation_exists() {
    let (mut named, mut missing) = (0, Vec::new());
    for page in pages() {
        for path in paths(&fs::read_to_string(&page).expect("a page")) {
            let path = path.split('#').next().expect("a part");
            named += 1;
            if !root().join(path).exists() && !page.parent().is_some_and(|folder| folder.join(path).exists()) {
                missing.push(format!("{}: {path}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(named > 100, "only {named} paths were found");
}

#[test]
fn cargo_test_filters_in_the_documentation_match_modules() {
    let main = fs::read_to_string(root().join("tests/suite/main.rs")).expect("main.rs");
    let mut filters = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let commands = code_spans(&text)
            .chain(text.lines())
            .filter(|line| line.contains("cargo test") && line.contains("--test suite"));
        for command in commands {
            for filter in command.split([' ', '`']).filter_map(|word| word.split_once("::")).map(|(module, _)| module) {
                filters += 1;
                assert!(main.contains(&format!("mod {filter};")), "{}: {command}", page.display());
            }
        }
    }
    assert!(filters > 3, "only {filters} filters were found");
}

/// Every row in the table of promises names a test.
#[test]
fn every_promise_names_a_test() {
    let page = fs::read_to_string(root().join("docs/testing.md")).expect("testing.md");
    let table = page.split("\n## ").find(|part| part.starts_with("What candor promises")).expect("the table");
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 25, "{}", rows.len());
    for row in rows {
        assert!(!paths(row).is_empty(), "no test: {row}");
    }
}
