//! Common mistakes, each with the message that it gets: 40 in content and 20 in templates. The messages are reviewed against the style
//! guide of the project whenever the snapshot changes.
//!
//! `mistakes/content.txt` and `mistakes/templates.txt` have the files of each mistake: `== NAME`, then `-- PATH` and the text of each
//! file. `mistakes/messages.txt` is the snapshot, which `bash tests/regenerate.sh` writes.

use std::fmt::Write as _;

use crate::generated::assert_current;
use crate::support::Project;

const CONTENT: &str = include_str!("mistakes/content.txt");
const TEMPLATES: &str = include_str!("mistakes/templates.txt");

/// A mistake: its name, and the files that have it.
struct Mistake<'a> {
    name: &'a str,
    files: Vec<(&'a str, &'a str)>,
}

fn mistakes(text: &str) -> Vec<Mistake<'_>> {
    let cases = text.strip_prefix("== ").expect("a mistake").split("\n== ");
    cases
        .map(|case| {
            let (name, files) = case.split_once("\n-- ").expect("a file");
            let files = files.split("\n-- ").map(|file| file.split_once('\n').unwrap_or((file, ""))).collect();
            Mistake { name, files }
        })
        .collect()
}

/// Returns what `check` prints about a project with a mistake, without what it prints about every new project.
fn messages(mistake: &Mistake<'_>) -> String {
    let base = Project::empty()
        .file("content/site.yaml", "title: Trust\norganization:\n  name: Example\nrules:\n  base-url-missing: off\n  unreleased-changes: off\n")
        .file("content/data/commitments.yaml", "- id: uptime\n  plan: All\n  commitment: 99.9 %\n")
        .file("content/sections/20-promises.md", "---\ntitle: Promises\nshow: commitments\n---\n");
    let project = mistake.files.iter().fold(base, |project, (path, text)| {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        project.file(path, format!("{text}{end}"))
    });
    let run = project.run(["check"]);
    assert_ne!(run.code, Some(2), "{}: {}", mistake.name, run.stderr);
    let shown = |found: &&str| {
        !["unreleased-changes", "base-url-missing", "list-not-shown"]
            .iter()
            .any(|code| found.contains(&format!("[{code}]")))
    };
    let found: Vec<&str> = run.stderr.trim_end().split("\n\n").filter(shown).collect();
    // The last paragraph counts the problems.
    found[..found.len().saturating_sub(1)].join("\n\n")
}

#[test]
fn common_mistakes_have_a_message_with_place_and_fix() {
    let (content, templates) = (mistakes(CONTENT), mistakes(TEMPLATES));
    assert!(content.len() >= 40 && templates.len() >= 20, "{} and {}", content.len(), templates.len());
    let mut snapshot = String::new();
    for mistake in content.iter().chain(&templates) {
        let messages = messages(mistake);
        assert!(messages.contains("error[") || messages.contains("warning["), "{}: no message", mistake.name);
        for message in messages.split("\n\n") {
            assert!(message.contains("--> ") && message.contains("help: "), "{}: {message}", mistake.name);
        }
        let _ = write!(snapshot, "== {}\n\n{messages}\n\n", mistake.name);
    }
    assert_current("tests/suite/mistakes/messages.txt", &snapshot);
}

/// A value that cannot be read gets one message, not a second one about what is missing because of it.
#[test]
fn a_wrong_value_has_no_consequences() {
    for (item, code) in [
        ("  locations: [US]\n  transfer_mechanism: sccs\n", "bad-choice"),
        ("  locations: [US]\n  transfer_mechanism: [{mechanism: sccs}]\n", "bad-choice"),
        ("  locations: [UX]\n  transfer_mechanism: scc\n", "bad-country"),
        ("  corporate_location: USA\n", "bad-country"),
    ] {
        let list = format!("- id: mail\n  name: Mail\n  purpose: Mail\n  data_categories: [A]\n{item}");
        let site = "title: T\norganization: {name: E, jurisdiction: eu}\nbase_url: htp:/x\n";
        let project = Project::empty().file("content/site.yaml", site).file("content/data/subprocessors.yaml", list);
        let run = project.run(["check"]);
        let codes: Vec<&str> = run
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("error[").or(line.strip_prefix("warning[")))
            .filter_map(|line| line.split(']').next())
            .collect();
        let mut codes = codes;
        codes.sort_unstable();
        assert_eq!(codes, [code, "bad-url"], "{item}: {}", run.stderr);
    }
}

/// Templates that would run for a very long time, or write without end, stop with a message.
#[test]
fn templates_that_do_not_end_are_errors() {
    for template in [
        "{% for a in range(end=100000) %}{% for b in range(end=100000) %}{{ a }}{% endfor %}{% endfor %}",
        "{% component f() %}{{ <f /> }}{{ <f /> }}{% endcomponent %}{{ <f /> }}",
        "{% for a in range(end=1000000000000) %}{{ a }}{% endfor %}",
    ] {
        let project = Project::new().file("templates/404.html", template);
        let run = project.run(["check"]);
        assert_eq!(run.code, Some(1), "{template}: {}", run.stderr);
        assert!(run.stderr.contains("error[template-error]"), "{template}: {}", run.stderr);
    }
}
