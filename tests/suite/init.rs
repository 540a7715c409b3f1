//! `candor init`: a new project can be previewed and released immediately, and existing files are never overwritten.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use candor::check::{Facts, check};
use candor::diagnostic::Code;

use crate::support::Project;

const OPTIONS: &[&[&str]] = &[
    &[],
    &["--full"],
    &["--name", "Example: \"Ünïted\" & {Sons} # Ltd. %"],
    &["--ci", "github"],
    &["--ci", "gitlab", "--full"],
    &["--ci", "azure"],
    &["--ci", "github", "--host", "github-pages"],
    &["--ci", "gitlab", "--host", "gitlab-pages"],
    &["--ci", "azure", "--host", "netlify"],
    &["--ci", "none"],
];

/// Returns every file below a folder, with its bytes.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn new_project_passes_check_and_builds_with_any_options() {
    for options in OPTIONS {
        let project = Project::empty();
        let run = project.run([&["init", "new"], *options].concat());
        assert_eq!(run.code, Some(0), "{options:?}: {run:?}");
        let check = project.run(["--root", "new", "check"]);
        assert_eq!(check.code, Some(0), "{options:?}: {check:?}");
        // What is left to do is a warning: the text and the addresses that the publisher replaces, and the first release.
        let warnings: BTreeSet<&str> =
            check.stderr.lines().filter_map(|line| line.strip_prefix("warning[")?.split(']').next()).collect();
        let expected = ["placeholder", "placeholder-base-url", "unreleased-changes"];
        assert!(warnings.iter().eq(&expected), "{options:?}: {}", check.stderr);
        let early = project.run(["--root", "new", "build"]);
        assert!(early.code == Some(1) && early.stderr.contains("candor build --draft"), "{options:?}: {early:?}");
        let release = project.run(["--root", "new", "release", "-m", "First release"]);
        assert_eq!(release.code, Some(0), "{options:?}: {release:?}");
        let build = project.run(["--root", "new", "build", "--no-compress"]);
        assert_eq!(build.code, Some(0), "{options:?}: {build:?}");
        let verify = project.run(["--root", "new", "verify"]);
        assert_eq!(verify.code, Some(0), "{options:?}: {verify:?}");
    }
}

/// The lines of the examples in a file that are commented out. Each begins with a field or an item, and ends before the next line that
/// is not indented further.
fn commented_examples(text: &str) -> Vec<Range<usize>> {
    let lines: Vec<&str> = text.lines().collect();
    // The column of a line without its `#`, and the text there.
    let uncommented = |line: &str| {
        let line = uncommented(line)?;
        let text = line.trim_start().to_owned();
        Some((line.len() - text.len(), text))
    };
    let is_field = |text: &str| {
        let key = text.trim_start_matches("- ").split_once(':').map_or("", |(key, _)| key);
        let is_key = |c: char| c.is_ascii_lowercase() || "_.-".contains(c);
        !key.is_empty() && key.chars().all(is_key) && key != "yaml-language-server"
    };
    let mut examples = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let start = at;
        at += 1;
        let Some((column, _)) = uncommented(lines[start]).filter(|(_, text)| is_field(text)) else { continue };
        while lines.get(at).and_then(|line| uncommented(line)).is_some_and(|(other, _)| other > column) {
            at += 1;
        }
        examples.push(start..at);
    }
    examples
}

/// Returns a line that is a comment without its first `#`.
fn uncommented(line: &str) -> Option<String> {
    let (indent, rest) = line.split_once("# ")?;
    indent.trim().is_empty().then(|| format!("{indent}{rest}"))
}

/// Every example that `init` writes as a comment is valid as it is: alone, and together with all others.
#[test]
fn uncommented_examples_pass_check() {
    for options in [&["init", "new"][..], &["init", "new", "--full"]] {
        let project = Project::empty()
            .file("new/static/images/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
            .file("new/static/fonts/text.woff2", "wOF2")
            .file("new/static/fonts/interface.woff2", "wOF2")
            .file("new/static/css/brand.css", "p { margin: 0 }");
        assert_eq!(project.run(options).code, Some(0));
        let mut problems = Vec::new();
        let mut check = |what: &str| {
            let check = project.run(["--root", "new", "check"]);
            // The example of an acknowledgment is about a certificate that the project does not have.
            let known = ["placeholder", "placeholder-base-url", "unreleased-changes", "acknowledgment-unused"];
            let is_known = |line: &&str| known.iter().any(|code| line.starts_with(&format!("warning[{code}]")));
            let found = check.stderr.lines().filter(|line| line.starts_with("warning[") || line.starts_with("error"));
            problems.extend(found.filter(|line| !is_known(line)).map(|line| format!("{what}: {line}")));
            if check.code != Some(0) {
                problems.push(format!("{what}: {:?}", check.code));
            }
        };
        let files: Vec<(String, String)> = tree(&project.path("new/content"))
            .into_iter()
            .map(|(name, bytes)| (format!("new/content/{name}"), String::from_utf8(bytes).expect("UTF-8")))
            .filter(|(name, _)| name.ends_with(".yaml"))
            .collect();
        let with = |text: &str, examples: &[Range<usize>]| {
            let is_example = |at: usize| examples.iter().any(|example| example.contains(&at));
            let line = |(at, line): (usize, &str)| match is_example(at) {
                true => format!("{}\n", uncommented(line).unwrap_or_default()),
                false if line == "[]" => String::new(),
                false => format!("{line}\n"),
            };
            text.lines().enumerate().map(line).collect::<String>()
        };
        let mut count = 0;
        for (name, text) in &files {
            for example in commented_examples(text) {
                fs::write(project.path(name), with(text, std::slice::from_ref(&example))).expect("a file");
                check(&format!("{options:?} {name}:{}", example.start + 1));
                count += 1;
            }
            fs::write(project.path(name), text).expect("a file");
        }
        for (name, text) in &files {
            fs::write(project.path(name), with(text, &commented_examples(text))).expect("a file");
        }
        check(&format!("{options:?}: all"));
        assert_eq!(problems, [""; 0]);
        assert!(count >= if options.contains(&"--full") { 6 } else { 24 }, "{options:?}: {count}");
    }
}

#[test]
fn page_leaves_out_sections_without_text_and_items() {
    let project = Project::empty();
    assert_eq!(project.run(["init"]).code, Some(0));
    let headings = || {
        assert_eq!(project.run(["build", "--draft", "--no-compress"]).code, Some(0));
        let html = scraper::Html::parse_document(&project.read("dist/index.html"));
        let headings = scraper::Selector::parse(".sections > section > h2").expect("a selector");
        html.select(&headings).map(|heading| heading.text().collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(headings(), ["1About this page", "2Change log", "3Contact"]);
    assert!(!project.read("dist/index.md").contains("Questions"), "{}", project.read("dist/index.md"));
    let write = |path: &str, text: &str| fs::write(project.path(path), text).expect("a file");
    write("content/data/faq.yaml", "- {id: q, question: Q, answer: A}\n");
    assert_eq!(headings(), ["1About this page", "2Questions and answers", "3Change log", "4Contact"]);
    write("content/data/faq.yaml", "- {id: q, question: Q, answer: 'See [documents](#documents).'}\n");
    let check = project.run(["check"]);
    assert!(check.stderr.contains("the page leaves out the section `#documents`"), "{}", check.stderr);
    // A text above an empty list, and a page without any section, are mistakes.
    write("content/sections/60-documents.md", "---\ntitle: Documents\nshow: documents\n---\n\nOur reports:\n");
    let check = project.run(["check"]);
    assert!(check.stderr.contains("warning[nothing-to-show]: `Documents` shows documents"), "{}", check.stderr);
}

#[test]
fn folders_are_printed_as_arguments() {
    let quote = if cfg!(windows) { '"' } else { '\'' };
    for (folder, shown) in [("a/b-1.c", "a/b-1.c".to_owned()), ("our site", format!("{quote}our site{quote}"))] {
        let run = Project::empty().run(["init", folder]);
        assert!(run.stderr.contains(&format!("\n  cd {shown}\n")), "{}", run.stderr);
    }
}

#[cfg(feature = "import")]
#[test]
fn a_second_init_that_imports_does_not_say_that_nothing_was_changed() {
    let project = Project::empty().file("list.csv", "name,purpose\nAcme,Mail\n");
    assert_eq!(project.run(["init", "."]).code, Some(0));
    let run = project.run(["init", ".", "--from", "list.csv"]);
    assert!(!run.stderr.contains("Nothing was changed"), "{}", run.stderr);
    assert!(project.read("content/data/subprocessors.yaml").contains("name: Acme"), "{run:?}");
}

/// The commands that `init` names work in the new project, in this order.
#[test]
fn next_commands_are_printed_and_work() {
    let project = Project::empty();
    let run = project.run(["init", "trust"]);
    let (_, next) = run.stderr.split_once("Next:\n").expect("the next commands");
    let commands: Vec<&str> = next.lines().map(|line| line.trim().split("  ").next().unwrap_or_default()).collect();
    let preview = if cfg!(feature = "serve") { &["candor serve"][..] } else { &[] };
    let expected = [&["cd trust"], preview, &["candor check", "candor release -m \"First release\""]].concat();
    assert_eq!(commands, expected, "{}", run.stderr);
    assert!(!project.path("trust/content/releases").exists(), "the first release is the publisher's");
    assert_eq!(project.run(["--root", "trust", "check"]).code, Some(0));
    assert_eq!(project.run(["--root", "trust", "release", "-m", "First release"]).code, Some(0));
}

/// Every example that `init --full` writes is reported until it is replaced: where it is, or at its item.
#[test]
fn every_example_is_a_placeholder() {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    let (content, _) = project.load();
    let report = check(&content.expect("content"), &Facts::on("2026-05-22".parse().expect("a date")));
    let codes = [Code::Placeholder, Code::PlaceholderBaseUrl];
    let reported: BTreeSet<(&str, usize)> = report
        .diagnostics()
        .iter()
        .filter(|found| codes.contains(&found.code()))
        .filter_map(|found| found.place())
        .map(|place| (place.source.path.as_str(), place.line_column().0))
        .collect();
    let mut count = 0;
    for (name, bytes) in tree(&project.path("content")) {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let (mut item, path) = (false, format!("content/{name}"));
        for (at, line) in text.lines().enumerate() {
            let is_reported = reported.contains(&(path.as_str(), at + 1));
            // The second line of an item has its label.
            item = match line.starts_with("- id: ") {
                true => reported.contains(&(path.as_str(), at + 2)),
                // A questionnaire or an update is one item.
                false if ["questionnaires/", "updates/"].iter().any(|folder| name.starts_with(folder)) => {
                    item || is_reported
                }
                false => item && line.starts_with(' '),
            };
            let is_example =
                ["xample", "fictional"].iter().any(|word| line.contains(word)) && !line.trim().starts_with('#');
            // The second line of the address.
            let is_excepted = line.contains("Example Town");
            if is_example && !is_excepted {
                assert!(is_reported || item || line.starts_with("- id: "), "{path}: {line}");
                count += 1;
            }
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn name_is_shown_verbatim() {
    let project = Project::empty();
    let name = "A \"B\" # C: 'D' \\ É";
    assert_eq!(project.run(["init", "--name", name]).code, Some(0));
    let (content, _) = project.load();
    assert_eq!(content.expect("content").disclosure.organization.name, name);
    let refused = Project::empty();
    assert_eq!(refused.run(["init", "--name", " "]).code, Some(2));
    assert!(tree(refused.root()).is_empty());
}

#[test]
fn second_init_changes_nothing_and_reports_it() {
    for options in OPTIONS {
        let project = Project::empty();
        let args = [&["init"], *options].concat();
        assert_eq!(project.run(&args).code, Some(0));
        let before = tree(project.root());
        let again = project.run(&args);
        assert_eq!(again.code, Some(0), "{again:?}");
        assert!(again.stderr.contains("Nothing was changed."), "{}", again.stderr);
        assert_eq!(tree(project.root()), before);
    }
}

#[test]
fn existing_files_are_never_overwritten() {
    let project = Project::empty().file("README.md", "mine\n").file(".gitignore", "mine\n");
    let run = project.run(["init"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!((project.read("README.md"), project.read(".gitignore")), ("mine\n".into(), "mine\n".into()));
    assert!(run.stderr.contains("README.md already exists"), "{}", run.stderr);
}

#[test]
fn git_never_converts_line_endings_of_releases() {
    const LINES: &str = "content/releases/** -text\ncontent/notices/** -text\nstatic/** -text\n";
    let project = Project::empty();
    assert_eq!(project.run(["init"]).code, Some(0));
    let whole = project.read(".gitattributes");
    assert!(whole.ends_with(LINES), "{whole}");
    let comment = whole.strip_suffix(LINES).expect("a comment");
    for (old, new) in [
        ("*.png binary", format!("*.png binary\n{whole}")),
        ("*.png binary\n", format!("*.png binary\n{whole}")),
        ("* text=auto\r\n", format!("* text=auto\r\n{}", whole.replace('\n', "\r\n"))),
        ("", whole.clone()),
        (
            "static/**   -text\n",
            format!("static/**   -text\n{comment}content/releases/** -text\ncontent/notices/** -text\n"),
        ),
        (LINES, LINES.to_owned()),
        (&*whole, whole.clone()),
    ] {
        let project = Project::empty().file(".gitattributes", old);
        for turn in 1..=2 {
            let run = project.run(["init"]);
            assert_eq!(run.code, Some(0), "{run:?}");
            assert_eq!(project.read(".gitattributes"), new, "{old:?}, turn {turn}");
            assert_eq!(run.stderr.contains(".gitattributes: lines added"), turn == 1 && old != new, "{run:?}");
        }
    }
}

#[test]
fn ci_can_be_added_to_a_project_later() {
    let project = Project::empty();
    assert_eq!(project.run(["init"]).code, Some(0));
    let before = tree(&project.path("content"));
    assert_eq!(project.run(["init", "--full", "--ci", "github"]).code, Some(0));
    assert!(project.path(".github/workflows/trust-center.yml").is_file());
    assert_eq!(tree(&project.path("content")), before, "init does not change content");
}

#[test]
fn a_host_implies_the_ci_system_that_publishes_to_it() {
    for (host, recipe) in [
        ("github-pages", ".github/workflows/trust-center.yml"),
        ("gitlab-pages", ".gitlab-ci.yml"),
        ("cloudflare-pages", ".github/workflows/trust-center.yml"),
        ("netlify", ".github/workflows/trust-center.yml"),
        ("storage", ".github/workflows/trust-center.yml"),
    ] {
        let project = Project::empty();
        let run = project.run(["init", "--host", host]);
        assert_eq!(run.code, Some(0), "{host}: {}", run.stderr);
        assert!(project.path(recipe).is_file(), "{host}");
        assert!(run.stderr.contains(&format!("publishes to {host}: {recipe}")), "{}", run.stderr);
        assert!(run.stderr.contains("/docs/ci.md"), "{}", run.stderr);
    }
}

#[cfg(feature = "import")]
#[test]
fn a_new_project_can_start_from_an_existing_list() {
    let list = "name,purpose,location\nExample Mail,Sends notices,DE\nExample Maps,Draws maps,FR\n";
    let project = Project::empty().file("vendors.csv", list);
    let run = project.run(["init", "trust", "--from", "vendors.csv"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    let written = project.read("trust/content/data/subprocessors.yaml");
    assert!(written.contains("name: Example Mail") && written.contains("name: Example Maps"), "{written}");
    assert!(run.stderr.contains("Next:"), "{}", run.stderr);
    let check = project.run(["--root", "trust", "check"]);
    assert_eq!(check.code, Some(0), "{}{}", check.stdout, check.stderr);
    // Nothing is written if the file does not exist.
    let run = project.run(["init", "other", "--from", "nope.csv"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("`nope.csv` does not exist"), "{}", run.stderr);
    assert!(!project.path("other").exists());
    // Nor if it cannot be read.
    for (file, message) in [("folder", "cannot read `folder`: it is a folder"), ("raw.csv", "UTF-8")] {
        let project = Project::empty().folder("folder").file("raw.csv", b"name,purpose\nA,\xff\xfe\xfa\n");
        let run = project.run(["init", "other", "--from", file]);
        assert!(run.code != Some(0) && run.stderr.contains(message), "{run:?}");
        assert!(!project.path("other").exists(), "{file}");
    }
}

#[test]
fn a_file_in_place_of_the_content_folder_is_reported_before_anything_is_written() {
    let project = Project::empty().file("content", "mine\n");
    let run = project.run(["init"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("content` is not a folder"), "{}", run.stderr);
    assert_eq!(tree(project.root()).len(), 1);
}

/// A host that takes any files gets no site with the placeholders of a new project: every recipe builds with this option.
#[test]
fn recipes_of_hosts_publish_no_placeholders() {
    for (ci, host) in [
        ("github", "github-pages"),
        ("github", "cloudflare-pages"),
        ("github", "netlify"),
        ("gitlab", "gitlab-pages"),
        ("gitlab", "cloudflare-pages"),
        ("gitlab", "netlify"),
        ("azure", "cloudflare-pages"),
        ("azure", "netlify"),
    ] {
        let project = Project::empty();
        assert_eq!(project.run(["init", "--ci", ci, "--host", host]).code, Some(0));
        let recipe = tree(project.root())
            .into_iter()
            .filter(|(path, _)| path.ends_with(".yml"))
            .map(|(_, bytes)| String::from_utf8(bytes).expect("UTF-8"))
            .collect::<String>();
        // A pull request that cannot be published fails, not the run after the merge.
        let finals: Vec<&str> =
            recipe.lines().filter(|line| line.contains("candor build") && !line.contains("--draft")).collect();
        assert!(finals.len() >= 2, "{ci} {host}: {recipe}");
        assert!(finals.iter().all(|line| line.contains("candor build --no-placeholders")), "{ci} {host}: {finals:?}");
        if ci == "gitlab" && host != "gitlab-pages" {
            assert!(recipe.contains("image: node:22-") && !recipe.contains("nodejs"), "{host}: {recipe}");
        }
    }
    let project = Project::empty();
    assert_eq!(project.run(["init"]).code, Some(0));
    assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
    let run = project.run(["build", "--no-placeholders"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("warning[placeholder-base-url]"), "{}", run.stderr);
    assert!(run.stderr.contains("error: `candor build --no-placeholders` refuses to run because of"), "{}", run.stderr);
    assert!(!project.path("dist").exists());
    assert_eq!(project.run(["build"]).code, Some(0));
}

#[test]
fn host_without_a_recipe_is_refused_before_anything_is_written() {
    for (options, message, help) in [
        (&["--ci", "none", "--host", "github-pages"][..], "has no effect without a CI recipe", "add `--ci github`"),
        (
            &["--ci", "github", "--host", "gitlab-pages"],
            "there is no recipe for `--ci github`",
            "storage, github-pages",
        ),
        (
            &["--ci", "gitlab", "--host", "github-pages"],
            "there is no recipe for `--ci gitlab`",
            "storage, gitlab-pages",
        ),
        (
            &["--ci", "azure", "--host", "gitlab-pages"],
            "there is no recipe for `--ci azure`",
            "storage, cloudflare-pages",
        ),
    ] {
        let project = Project::empty();
        let run = project.run([&["init"], options].concat());
        assert_eq!(run.code, Some(2), "{options:?}: {run:?}");
        assert!(run.stderr.contains(message) && run.stderr.contains(help), "{options:?}: {}", run.stderr);
        assert!(tree(project.root()).is_empty(), "{options:?}");
    }
}

#[test]
fn recipe_has_the_scripts_that_it_runs() {
    let hosts = ["storage", "github-pages", "gitlab-pages", "cloudflare-pages", "netlify"];
    let mut recipes = 0;
    for ci in ["github", "gitlab", "azure"] {
        for host in hosts {
            let project = Project::empty();
            if project.run(["init", "--ci", ci, "--host", host]).code != Some(0) {
                continue;
            }
            recipes += 1;
            let files = tree(project.root());
            let text = |path: &str| String::from_utf8(files[path].clone()).expect("UTF-8");
            let recipe = match ci {
                "github" => text(".github/workflows/trust-center.yml"),
                "gitlab" => text(".gitlab-ci.yml"),
                _ => text("azure-pipelines.yml"),
            };
            let scripts: Vec<&String> = files.keys().filter(|path| path.starts_with("ci/")).collect();
            assert!(!scripts.is_empty());
            for script in &scripts {
                assert!(recipe.contains(&format!("sh {script}")), "{ci} {host}: {script} is not used");
            }
            for line in recipe.lines() {
                let Some((_, rest)) = line.split_once("sh ci/") else { continue };
                let name = rest.split(' ').next().expect("a name");
                assert!(files.contains_key(&format!("ci/{name}")), "{ci} {host}: {line}");
            }
        }
    }
    assert_eq!(recipes, 11);
}

#[test]
fn yaml_files_refer_to_existing_schemas() {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full"]).code, Some(0));
    for (name, bytes) in tree(&project.path("content")) {
        let text = String::from_utf8(bytes).expect("UTF-8");
        let Some((_, target)) = text.split_once("$schema=") else { continue };
        let target = target.lines().next().expect("a path");
        let file = project.path("content").join(&name);
        assert!(file.parent().expect("a folder").join(target).is_file(), "{name}: {target}");
    }
}

#[test]
fn examples_are_dated_relative_to_the_current_date() {
    let project = Project::empty();
    assert_eq!(project.run(["init", "--full", "--as-of", "2031-02-03"]).code, Some(0));
    let check = project.run(["check", "--as-of", "2031-02-03"]);
    assert_eq!(check.code, Some(0), "{check:?}");
    assert!(project.read("content/data/subprocessors.yaml").contains("announced: 2031-02-03"));
}
