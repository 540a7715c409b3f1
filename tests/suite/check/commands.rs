//! Runs of `candor check` and `candor explain`.

use std::fmt::Write;

use candor::diagnostic::Code;
use snapbox::{assert_data_eq, str};

use crate::support::Project;

const CLEAN: &str = "title: Trust\norganization:\n  name: Example\nbase_url: https://trust.myexample.com\n";

/// Returns a project with released content.
fn released(site: &str) -> Project {
    let project = Project::new().file("content/site.yaml", site);
    let run = project.run(["release", "-m", "First release"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    project
}

#[test]
fn check_reports_every_problem_and_fails_on_errors() {
    let project = Project::new().file("content/site.yaml", CLEAN).file(
        "content/sections/10-a.md",
        "---\ntitle: A\n---\nSee [the list](subprocesors/).\n\n<b>Bold</b> claims.\n",
    );
    let run = project.run(["check"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.stdout, "");
    assert_data_eq!(
        run.stderr,
        str![[r#"
warning[unreleased-changes]: there is no release yet, and only releases can be published
 |
 = help: create the first release with `candor release -m "First release"`, or preview the page with `candor build --draft`

error[broken-link]: there is no page or file `subprocesors/` on the site
 --> content/sections/10-a.md:4:5
  |
4 | See [the list](subprocesors/).
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `subprocessors/`?

error[html-refused]: HTML is not allowed: `<b>`
 --> content/sections/10-a.md:6:1
  |
6 | <b>Bold</b> claims.
  | ^^^
  |
  = help: use Markdown; for a literal `<`, write `/<` or use backticks

2 errors, 1 warning in 1 file

"#]]
    );
}

#[test]
fn check_passes_for_released_content() {
    let run = released(CLEAN).run(["check"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_data_eq!(
        run.stdout,
        str![[r#"
No problems found; releases: 1

"#]]
    );
}

#[test]
fn warnings_fail_a_check_only_if_denied() {
    let project = released(crate::support::SITE);
    assert_eq!(project.run(["check"]).code, Some(0));
    assert_eq!(project.run(["check", "--deny", "warnings"]).code, Some(1));
    assert_eq!(project.run(["check", "--quiet"]).stderr, "");
    assert_eq!(project.run(["check", "--quiet", "--deny", "warnings"]).code, Some(1));
}

#[test]
fn check_warns_about_unreleased_changes() {
    let project = released(CLEAN).file("content/data/controls.yaml", "- id: b\n  title: A\n");
    let project = project.file("content/sections/10-a.md", "---\ntitle: A\nshow: controls\n---\n");
    let run = project.run(["check", "--format", "github"]);
    assert_eq!(run.code, Some(0));
    assert_data_eq!(
        run.stdout,
        str![[r#"
::warning title=unreleased-changes::the content has 2 unreleased changes, and only releases can be published%0Ahelp: + A: added%0Ahelp: + A: added%0Ahelp: release them with `candor release -m "what changed and why"`, or preview them with `candor build --draft`

"#]]
    );
}

#[test]
fn check_as_of_a_future_date_reports_upcoming_problems() {
    let site = format!("{CLEAN}contacts:\n  security: security@myexample.com\nsecurity_txt:\n  expires: 2026-12-31\n");
    let project = released(&site);
    assert_eq!(project.run(["check", "--deny", "warnings"]).code, Some(0));
    assert_eq!(project.run(["check", "--deny", "warnings", "--as-of", "2026-12-15"]).code, Some(1));
}

#[test]
fn check_covers_templates_and_strings() {
    let codes = |path: &str, text: &str| {
        let run = released(CLEAN).file(path, text).run(["check", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        let diagnostics = report["diagnostics"].as_array().expect("diagnostics").clone();
        diagnostics
            .iter()
            .map(|diagnostic| diagnostic["code"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("templates/index.html", "{{ nothing"), ["template-error"]);
    assert_eq!(codes("templates/strings/en.yaml", "- a"), ["bad-catalog"]);
    assert_eq!(codes("templates/site.css", "a {}"), ["not-a-template"]);
}

#[test]
fn explain_describes_a_code() {
    let run = Project::new().run(["explain", "image-alt-missing"]);
    assert_eq!(run.code, Some(0));
    assert_data_eq!(
        run.stdout,
        str![[r#"
image-alt-missing: An image has no alternative text.

Level: error by default

Why: Readers who cannot see the image get no information (WCAG 2.2, success criterion 1.1.1).

Fix: Describe the image in the square brackets.

    ![Data flows from the browser to the EU region](flow.svg)

"#]]
    );
}

#[test]
fn explain_lists_all_codes_and_suggests_similar_ones() {
    let list = Project::new().run(["explain"]).stdout;
    assert!(Code::ALL.iter().all(|code| list.contains(code.as_str())));
    let run = Project::new().run(["explain", "image-alt-mising"]);
    assert_eq!(run.code, Some(2));
    assert_data_eq!(
        run.stderr,
        str![[r#"
error: there is no code `image-alt-mising`
  help: did you mean `image-alt-missing`?

"#]]
    );
    let json = Project::new().run(["explain", "--format", "json", "broken-link"]).stdout;
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok_and(|value| value["severity"] == "error" && value["fix"].as_str().is_some_and(|fix| !fix.is_empty())));
}

/// The check has its own list of the site's addresses, which must match what is built.
#[test]
fn every_file_of_a_site_can_be_linked() {
    let project = Project::empty();
    assert_eq!(project.run(["init", ".", "--full", "--name", "Example"]).code, Some(0));
    assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
    let built = project.run(["build", "--no-compress"]);
    assert_eq!(built.code, Some(0), "{}", built.stderr);
    let dist = project.path("dist");
    let mut links = String::from("---\ntitle: All of it\n---\n");
    let mut count = 0;
    for entry in walkdir::WalkDir::new(&dist).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let path = entry.path().strip_prefix(&dist).expect("a path below dist").to_str().expect("UTF-8").to_owned();
        // Names with digests change from build to build. The other files are read by servers and programs, not by
        // people.
        if ["assets/", "_headers", "_redirects", "redirects.nginx.conf", "staticwebapp.config.json", ".candor"]
            .iter()
            .any(|start| path.starts_with(start))
        {
            continue;
        }
        let address = path.strip_suffix("index.html").unwrap_or(&path);
        let _ = writeln!(links, "- [`{path}`]({})", if address.is_empty() { "./" } else { address });
        count += 1;
    }
    assert!(count > 12, "{links}");
    let project = project.file("content/sections/90-all.md", &links);
    let run = project.run(["check", "--format", "json"]);
    assert!(!run.stdout.contains("broken-link"), "{}", run.stdout);
}

/// Unreleased changes are a warning, but commands that publish refuse them.
#[test]
fn build_and_publish_refuse_unreleased_changes() {
    let drafted = || released(CLEAN).file("content/site.yaml", CLEAN.replace("Trust", "Trust us"));
    for command in [&["build"][..], &["publish", "file:///nowhere", "--dry-run"]] {
        if command[0] == "publish" && !cfg!(feature = "publish") {
            continue;
        }
        let run = drafted().run(command);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
        assert!(run.stderr.starts_with("warning[unreleased-changes]: "), "{}", run.stderr);
        let refusal = format!("error: `candor {}` refuses to run because of `unreleased-changes`\n", command[0]);
        assert!(run.stderr.ends_with(&refusal), "{}", run.stderr);
    }
    // A schedule is created from the release, even if the content has changed since.
    assert_eq!(drafted().run(["schedule"]).code, Some(0));
    assert_eq!(drafted().run(["build", "--draft", "--no-compress"]).code, Some(0));
    assert_eq!(drafted().run(["check"]).code, Some(0));
    assert_eq!(drafted().run(["release", "-m", "New title"]).code, Some(0));
}

#[test]
fn refusal_is_reported_with_quiet_and_in_every_format() {
    let project = released(CLEAN).file("content/site.yaml", CLEAN.replace("Trust", "Trust us"));
    let quiet = project.run(["build", "--quiet", "--no-compress"]);
    assert_eq!(quiet.code, Some(1));
    assert!(quiet.stderr.starts_with("warning[unreleased-changes]: "), "{}", quiet.stderr);
    let json = project.run(["build", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    let found = &report["diagnostics"][0];
    assert_eq!((json.code, &report["errors"]), (Some(1), &0.into()));
    assert_eq!(found["severity"], "warning");
    assert_eq!(found["refuses"], serde_json::json!(["build", "publish"]));
    assert_eq!(json.stderr, "error: `candor build` refuses to run because of `unreleased-changes`\n");
    let github = project.run(["build", "--format", "github"]);
    assert!(github.stdout.starts_with("::warning title=unreleased-changes::"), "{}", github.stdout);
}

#[test]
fn severity_levels_never_allow_unreleased_changes() {
    for (level, shown) in [("\"off\"", None), ("note", Some("note")), ("error", Some("error"))] {
        let site = format!("{CLEAN}rules: {{unreleased-changes: {level}}}\n");
        let project = released(&site).file("content/site.yaml", site.replace("Trust", "Trust us"));
        let check = project.run(["check"]);
        assert_eq!(check.code, Some(i32::from(shown == Some("error"))), "{check:?}");
        assert_eq!(check.stderr.split('[').next().filter(|start| !start.is_empty()), shown, "{check:?}");
        let build = project.run(["build", "--no-compress"]);
        assert_eq!(build.code, Some(1), "{build:?}");
        assert!(!project.path("dist").exists());
    }
}
