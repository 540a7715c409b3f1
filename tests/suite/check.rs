//! Every rule reports what it should and nothing else, every rule is documented, and severity levels apply.
//!
//! A new rule needs a case in `cases.rs`: content that passes, content that fails, and the expected diagnostic.

pub mod cases;
mod commands;

use std::collections::BTreeSet;
use std::fmt::Write;

use candor::check::{self, Facts};
use candor::diagnostic::{Code, CodeGroup, Diagnostic, Report, Source, code};
use candor::model::Date;

use crate::support::Project;

/// The date for which the cases are checked.
const AS_OF: &str = "2026-05-22";

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Returns a project with these files, and a minimal `site.yaml` unless they include one.
fn project(files: &[(&str, &str)]) -> Project {
    files.iter().fold(Project::new(), |project, (path, text)| project.file(path, text))
}

/// Returns the facts of a project on disk, without releases.
fn facts(project: &Project, as_of: &str, complete: bool) -> Facts {
    let mut facts = Facts { complete, ..Facts::on(date(as_of)) };
    for entry in walkdir::WalkDir::new(project.root()).into_iter().flatten().filter(|entry| entry.file_type().is_file())
    {
        let path = entry.path().strip_prefix(project.root()).expect("a path below the root");
        let path = path.to_str().expect("a path in UTF-8").replace('\\', "/");
        if let Some(file) = path.strip_prefix("static/") {
            facts.files.insert(file.to_owned());
        }
        if path.starts_with("templates/") {
            facts.templates.push(Source::new(&path, project.read(&path)));
        }
    }
    facts
}

/// Returns the diagnostics of loading and checking.
pub fn diagnostics(files: &[(&str, &str)], as_of: &str) -> Report {
    let project = project(files);
    let (content, mut report) = project.load();
    let facts = facts(&project, as_of, report.is_empty());
    let content = content.expect("content");
    report.merge(check::check(&content, &facts));
    check::acknowledge(&mut report, &content, facts.as_of, facts.complete);
    report
}

/// Formats a diagnostic as the snapshots contain it.
fn shown(diagnostic: &Diagnostic) -> String {
    let mut text = String::new();
    if let Some(place) = diagnostic.place() {
        let (line, column) = place.line_column();
        let quoted = place.source.text[place.range.clone()].lines().next().unwrap_or_default();
        let _ = write!(text, "{}:{line}:{column} `{quoted}` ", place.source.path);
    }
    let _ = write!(text, "{}: {}", diagnostic.severity().as_str(), diagnostic.message);
    for help in &diagnostic.help {
        let _ = write!(text, "; {help}");
    }
    text
}

#[test]
fn every_rule_accepts_valid_content_and_reports_invalid_content() {
    let mut wrong = Vec::new();
    for case in cases::all() {
        let of_rule = |files: &[(&str, &str)]| -> Vec<String> {
            diagnostics(files, AS_OF)
                .diagnostics()
                .iter()
                .filter(|d| d.code().as_str() == case.code)
                .map(shown)
                .collect()
        };
        let passing = of_rule(case.passes);
        if !passing.is_empty() {
            wrong.push(format!("{} is reported for valid content: {passing:?}", case.code));
        }
        let failing = of_rule(case.fails);
        if failing != [case.expected] {
            wrong.push(format!("{}\n  reported {failing:#?}\n  expected {:?}", case.code, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn valid_fixtures_load_without_errors() {
    for case in cases::all().filter(|case| case.loads) {
        for files in [case.passes, case.fails] {
            let (_, report) = project(files).load();
            assert!(report.is_empty(), "{}: {report:#?}", case.code);
        }
    }
}

#[test]
fn every_check_rule_has_a_case() {
    let with_case: BTreeSet<&str> = cases::all().map(|case| case.code).collect();
    let elsewhere = [
        CodeGroup::Files,
        CodeGroup::Fields,
        CodeGroup::ExternalLinks,
        CodeGroup::Releases,
        CodeGroup::Import,
        CodeGroup::Delivery,
        // See theme.rs.
        CodeGroup::CustomTheme,
        // See translations.rs.
        CodeGroup::Translations,
    ];
    // These need a release: see `broken_announcements` and `expired_evidence` in `codes/inputs.rs`.
    let with_releases = [
        Code::NoticeDatesMissing,
        Code::EffectiveMovedEarlier,
        Code::RemovedWhileUpcoming,
        Code::NoticeDaysTwice,
        Code::EvidenceExpired,
    ];
    // These need a profile: see profiles.rs.
    let with_profile = [Code::ProfileField, Code::NotStated];
    let of_content = |code: &&Code| {
        !elsewhere.contains(&code.group()) && !with_releases.contains(code) && !with_profile.contains(code)
    };
    for code in Code::ALL.iter().filter(of_content) {
        assert!(with_case.contains(code.as_str()), "`{code}` has no case");
    }
}

#[test]
fn page_of_rules_is_current() {
    crate::generated::assert_current("docs/rules.md", &code::rules_page());
}

#[test]
fn severity_levels_in_site_yaml_apply() {
    let with = |rules: &str| {
        let site = format!("{}rules:\n  base-url-missing: {rules}\n", crate::support::SITE);
        let report = diagnostics(&[("content/site.yaml", &site)], AS_OF);
        report.diagnostics().iter().map(|d| (d.severity().as_str(), d.code().as_str())).collect::<Vec<_>>()
    };
    assert_eq!(with("\"off\""), []);
    assert_eq!(with("note"), [("note", "base-url-missing")]);
    assert_eq!(with("warn"), [("warning", "base-url-missing")]);
    assert_eq!(with("error"), [("error", "base-url-missing")]);
}

#[test]
fn repository_content_passes_except_for_its_placeholder_url() {
    let root = candor::project::Project::at(env!("CARGO_MANIFEST_DIR"));
    let (content, report) = candor::load::content(&root);
    assert!(report.is_empty());
    let report = check::check(&content.expect("content"), &Facts::on(date(AS_OF)));
    assert_eq!(report.diagnostics().iter().map(|d| d.code().as_str()).collect::<Vec<_>>(), ["placeholder-base-url"]);
    assert!(!report.has_errors());
}

#[test]
fn minimal_subprocessor_list_passes() {
    let list = "- id: a\n  name: A\n  purpose: Hosting\n  data_categories: [Account data]\n";
    let report = diagnostics(&[("content/data/subprocessors.yaml", list)], AS_OF);
    assert!(!report.has_errors(), "{report:?}");
}

#[test]
fn due_dates_depend_only_on_the_as_of_date() {
    let list = "- id: a\n  framework: A\n  valid_from: 2025-01-01\n  valid_until: 2026-06-30\n";
    let codes = |as_of: &str| {
        let report = diagnostics(&[("content/data/certifications.yaml", list)], as_of);
        report
            .diagnostics()
            .iter()
            .map(|d| d.code().as_str())
            .filter(|code| code.starts_with("certification"))
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("2026-05-30"), [""; 0]);
    assert_eq!(codes("2026-05-31"), ["certification-expiring"]);
    assert_eq!(codes("2026-06-30"), ["certification-expiring"]);
    assert_eq!(codes("2026-07-01"), ["certification-expired"]);
}

#[test]
fn unreadable_files_are_not_reported_as_missing() {
    let documents = "- id: dpa\n  title: DPA\n  access: pubic\n";
    let controls = "- id: a\n  title: A\n  evidence: dpa\n";
    let files = [("content/data/documents.yaml", documents), ("content/data/controls.yaml", controls)];
    let codes: Vec<_> = diagnostics(&files, AS_OF).diagnostics().iter().map(|d| d.code().as_str()).collect();
    assert!(codes.contains(&"bad-choice") && !codes.contains(&"unknown-document"), "{codes:?}");
}

#[test]
fn subprocessor_of_an_earlier_release_can_be_replaced() {
    let list = "- id: a\n  name: A\n  purpose: B\n  data_categories: [C]\n  replaces: old\n";
    let project = project(&[("content/data/subprocessors.yaml", list)]);
    let content = project.load().0.expect("content");
    let mut facts = Facts::on(date(AS_OF));
    let is_unknown = |facts: &Facts| {
        check::check(&content, facts).diagnostics().iter().any(|d| d.code().as_str() == "replaces-unknown")
    };
    assert!(is_unknown(&facts));
    facts.listed_before.insert("old".parse().expect("an id"));
    assert!(!is_unknown(&facts));
}

#[test]
fn provider_of_an_earlier_release_is_reported_while_a_text_names_it() {
    let item = |id: &str, name: &str| format!("- id: {id}\n  name: {name}\n  purpose: B\n  data_categories: [C]\n");
    let project =
        Project::new().file("content/data/subprocessors.yaml", item("old", "Fjord Mail, Inc.") + &item("new", "New"));
    assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
    let reported = |project: &Project| {
        let run = project.run(["check"]);
        run.stderr
            .lines()
            .filter(|line| line.starts_with("note[provider-not-listed]"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let section = |text: &str| format!("---\ntitle: A\n---\n\n{text}\n");
    let project = project.file("content/sections/10-a.md", section("Fjord Mail delivers."));
    assert_eq!(reported(&project), [""; 0], "it is listed");
    let project = project.file("content/data/subprocessors.yaml", item("new", "New"));
    let expected =
        "note[provider-not-listed]: the text names `Fjord Mail`, which is no longer in the list of subprocessors";
    assert_eq!(reported(&project), [expected]);
    for text in [
        "We used Fjord Mail until 2024.",
        "New replaced Fjord Mail.",
        "`Fjord Mail`",
        "[a](https://fjord.test/Fjord%20Mail)",
        "fjord mail",
    ] {
        let project = Project::new().file("content/sections/10-a.md", section(text));
        let project =
            project.file("content/data/subprocessors.yaml", item("old", "Fjord Mail, Inc.") + &item("new", "New"));
        assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
        let project = project.file("content/data/subprocessors.yaml", item("new", "New"));
        assert_eq!(reported(&project), [""; 0], "{text}");
    }
}

#[test]
fn provider_is_not_reported_without_a_list_or_under_its_own_name() {
    let list = "- id: a\n  name: A\n  purpose: B\n  data_categories: [C]\n";
    let section = ("content/sections/10-a.md", "---\ntitle: A\n---\n\nCloudflare caches pages.\n");
    let count = |files: &[(&str, &str)]| {
        let report = diagnostics(files, AS_OF);
        report.diagnostics().iter().filter(|found| found.code() == Code::ProviderNotListed).count()
    };
    let own = crate::support::SITE.replace("name: Example", "name: Cloudflare, Inc.");
    assert_eq!(count(&[section]), 0);
    assert_eq!(count(&[section, ("content/data/subprocessors.yaml", list)]), 1);
    assert_eq!(count(&[section, ("content/data/subprocessors.yaml", list), ("content/site.yaml", &own)]), 0);
    let listed = list.replace("purpose: B", "purpose: B\n  website: https://www.cloudflare.com/");
    assert_eq!(count(&[section, ("content/data/subprocessors.yaml", &listed)]), 0);
}

#[test]
fn subprocessor_can_be_replaced_in_one_step() {
    let item =
        |id: &str, more: &str| format!("- id: {id}\n  name: N{id}\n  purpose: B\n  data_categories: [C]\n{more}");
    let project = Project::new().file("content/data/subprocessors.yaml", item("old", ""));
    assert_eq!(project.run(["release", "-m", "First release"]).code, Some(0));
    let project = project.file("content/data/subprocessors.yaml", item("new", "  replaces: old\n"));
    let run = project.run(["release", "-m", "New replaces old"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(project.run(["build", "--no-compress"]).code, Some(0));
    let log = project.read("dist/changelog/index.html");
    assert!(log.contains("replaces Nold") && log.contains("replaced by Nnew"), "the log shows names, not ids: {log}");
    // The change log links to the replaced subprocessor, which must still have a row.
    assert!(
        log.contains("subprocessors/#old") && project.read("dist/subprocessors/index.html").contains("<tr id=\"old\">")
    );
}

#[test]
fn help_never_suggests_that_a_subprocessor_replaces_itself() {
    let item = |id: &str, more: &str| format!("- {{id: {id}, name: N{id}, purpose: P, data_categories: [D]{more}}}\n");
    for (others, help) in [
        (String::new(), "use the id of a subprocessor in this list or in an earlier release"),
        (item("acme-mail", ""), "did you mean `acme-mail`?"),
    ] {
        let list = item("acme-2", ", replaces: acme") + &others;
        let report = diagnostics(&[("content/data/subprocessors.yaml", &list)], AS_OF);
        let found = report.diagnostics().iter().find(|found| found.code() == Code::ReplacesUnknown);
        assert_eq!(found.expect("a diagnostic").help, [help]);
    }
}
