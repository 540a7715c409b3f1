//! Commands that state or verify releases do not need valid content: the content is the next release, not the one they are about.

use candor::diagnostic::{Code, Severity};

use crate::check::cases;
use crate::support::{Project, Run};

const FIRST: &str = "2025-09-01";
const SECOND: &str = "2025-12-10";

const SUBPROCESSORS: &str = "- {id: a, name: Alpha, purpose: Mail, data_categories: [Addresses], locations: [DE]}\n\
    - {id: b, name: Beta, purpose: Maps, data_categories: [Positions], condition: {when: enabled, feature: Maps}}\n";

const SITE_FILE: &str = "content/site.yaml";
const LIST: &str = "content/data/subprocessors.yaml";
const SECTION: &str = "content/sections/10-a.md";

/// Content that `check` rejects: a code that it reports, a file, and its bytes.
const ERRORS: &[(&str, &str, &[u8])] = &[
    ("broken-link", SECTION, b"---\ntitle: A\n---\n[file](documents/none.pdf)\n"),
    ("bad-country", LIST, b"- {id: a, name: A, purpose: B, data_categories: [C], locations: [XX]}\n"),
    ("yaml-syntax", SITE_FILE, b"title: [\n"),
    ("yaml-syntax", LIST, b"- {id: a\n"),
    ("yaml-syntax", SECTION, b"---\ntitle: [\n---\n"),
    ("missing-field", SITE_FILE, b"title: Trust\n"),
    ("empty-file", SITE_FILE, b""),
    ("not-utf8", SITE_FILE, b"title: \xff\n"),
    ("unknown-field", SITE_FILE, b"title: Trust\norganization: {name: Example}\ncolour: 1\n"),
    ("missing-front-matter", SECTION, b"No title.\n"),
    ("asset-host-file", "static/CNAME", b"trust.example\n"),
    ("asset-missing", "static/a.css", b"a { background: url(nowhere.png) }\n"),
    ("string-unknown", "templates/strings/en.yaml", b"nonsense: {text: A}\n"),
];

/// Commands that print the same regardless of the content.
fn commands() -> Vec<Vec<&'static str>> {
    let mut commands = vec![
        vec!["diff", FIRST, SECOND],
        vec!["diff", FIRST, SECOND, "--format", "json"],
        vec!["diff", FIRST, SECOND, "--format", "markdown"],
        vec!["verify"],
        vec!["verify", "."],
        vec!["verify", "--project", "."],
        vec!["verify", "--format", "json"],
        vec!["verify", "content/releases"],
    ];
    for version in [FIRST, SECOND] {
        for format in ["markdown", "csv", "html"] {
            commands.push(vec!["schedule", "--release", version, "--features", "Maps", "--format", format]);
        }
    }
    commands
}

/// A project with two releases; the newest is the content.
fn project() -> Project {
    Project::new().file(LIST, SUBPROCESSORS).released(2, |_, disclosure| {
        disclosure.subprocessors.truncate(1);
        let item = std::sync::Arc::make_mut(&mut disclosure.subprocessors[0]);
        item.condition = serde_json::from_str(r#"{"when": "enabled", "feature": "Maps"}"#).expect("a condition");
    })
}

fn succeeds(project: &Project, command: &[&str]) -> Run {
    let run = project.run(command);
    assert_eq!(run.code, Some(0), "{command:?}: {run:?}");
    assert!(!run.stderr.contains("error"), "{command:?}: {run:?}");
    assert!(!run.stdout.is_empty(), "{command:?}");
    run
}

#[test]
fn errors_in_the_content_do_not_change_what_commands_print_about_releases() {
    let valid: Vec<Run> = commands().iter().map(|command| succeeds(&project(), command)).collect();
    for (code, path, bytes) in ERRORS {
        let project = project().file(path, bytes);
        let check = project.run(["check"]);
        assert!(check.code == Some(1) && check.stderr.contains(&format!("error[{code}]")), "{code}: {check:?}");
        for (command, valid) in commands().iter().zip(&valid) {
            let run = succeeds(&project, command);
            assert_eq!(run.stdout, valid.stdout, "{code} in {path}: {command:?}");
            assert_eq!(run.stderr, valid.stderr, "{code} in {path}: {command:?}");
        }
    }
}

#[test]
fn releases_are_stated_without_any_content() {
    let project = project().without(SITE_FILE).without(LIST);
    for command in commands() {
        succeeds(&project, &command);
    }
}

#[test]
fn no_rule_of_the_content_stops_the_annex_or_a_comparison_of_releases() {
    let is_error = |code: &str| code.parse::<Code>().is_ok_and(|code| code.severity() == Severity::Error);
    let broken: Vec<_> = cases::all().filter(|case| is_error(case.code)).collect();
    assert!(broken.len() > 15, "{} rules are errors", broken.len());
    for case in broken {
        let project = case.fails.iter().fold(project(), |project, (path, text)| project.file(path, text));
        assert_eq!(project.run(["check"]).code, Some(1), "{}", case.code);
        for command in [
            &["schedule", "--release", FIRST, "--format", "html"][..],
            &["schedule", "--release", SECOND],
            &["diff", FIRST, SECOND],
        ] {
            succeeds(&project, command);
        }
    }
}

#[test]
fn annex_of_the_newest_release_warns_if_the_content_differs() {
    let warning = "warning[unreleased-changes]: ";
    assert_eq!(project().run(["schedule"]).stderr, "");
    let changed = project().file(LIST, SUBPROCESSORS.replace("Mail", "Email"));
    let run = changed.run(["schedule"]);
    assert!(
        run.code == Some(0) && run.stderr.contains(&format!("{warning}the content has 1 unreleased change")),
        "{run:?}"
    );
    let annex = project().run(["schedule"]).stdout;
    for (code, path, bytes) in ERRORS.iter().filter(|(_, path, _)| path.starts_with("content/")) {
        let run = project().file(path, bytes).run(["schedule"]);
        assert_eq!((run.code, &run.stdout), (Some(0), &annex), "{code}: {run:?}");
        assert!(run.stderr.contains(warning) && !run.stderr.contains("error["), "{code}: {run:?}");
    }
}

#[test]
fn annex_uses_the_strings_and_the_colors_of_the_project() {
    let site = "title: Trust\norganization: {name: Example}\ntheme: {accent: '#7a1fa2'}\n";
    let link = "---\ntitle: A\n---\n[file](documents/none.pdf)\n";
    let project = project()
        .file(SITE_FILE, site)
        .file(SECTION, link)
        .file("templates/strings/en.yaml", "schedule: {annex: Our annex}\n");
    for format in ["markdown", "html"] {
        let run = succeeds(&project, &["schedule", "--release", SECOND, "--format", format]);
        assert!(run.stdout.contains("Our annex"), "{format}: {run:?}");
        assert_eq!(run.stdout.contains("7a1fa2"), format == "html", "{format}");
    }
}

#[test]
fn features_of_the_annex_are_those_of_its_release() {
    let features =
        "- {id: a, name: Alpha, purpose: Mail, data_categories: [C], condition: {when: enabled, feature: New}}\n";
    let project = project().file(LIST, features);
    let run = project.run(["schedule", "--release", SECOND, "--features", "New"]);
    assert!(run.code == Some(2) && run.stderr.contains("use one of these features: Maps"), "{run:?}");
    assert!(succeeds(&project, &["schedule", "--release", SECOND, "--features", "Maps"]).stdout.contains("| Beta |"));
}

#[test]
fn damaged_release_stops_the_annex() {
    let project = project();
    let path = format!("content/releases/{FIRST}.json");
    let edited = project.read(&path).replacen("Alpha", "Gamma", 1);
    let run = project.file(&path, edited).run(["schedule", "--release", SECOND]);
    assert!(run.code == Some(1) && run.stderr.contains("error[release-edited]") && run.stdout.is_empty(), "{run:?}");
}
