//! `acknowledged:` in site.yaml: a warning about one item is a note until a date, and nothing else changes.

use candor::check::external;
use candor::diagnostic::{Code, Severity};
use candor::fetch::probe::Answer;
use serde_json::Value;

use crate::support::{Project, SITE};

const EXPIRING: &str = "- {id: iso, framework: ISO 27001, issuer: A, valid_until: 2026-06-10}\n";
const DATES: &str =
    "acknowledged: [{code: certification-expiring, item: iso, until: 2026-06-01, reason: Audit in May}]\n";

fn site(more: &str) -> String {
    format!("{SITE}base_url: https://trust.myexample.com/\n{more}")
}

/// A project with one certification that expires on 2026-06-10, and these lines in `site.yaml`.
fn certified(more: &str) -> Project {
    Project::new()
        .file("content/site.yaml", site(more))
        .file("content/data/certifications.yaml", EXPIRING)
        .file("content/sections/10-a.md", "---\ntitle: Certifications\nshow: certifications\n---\n")
}

/// Returns what `check` reports as of a date, except that nothing is released: severity, code and help.
fn reported(project: &Project, as_of: &str) -> Vec<(String, String, String)> {
    let output = project.run(["check", "--format", "json", "--as-of", as_of]);
    let report: Value = serde_json::from_str(&output.stdout).expect("a report");
    let found = report["diagnostics"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found
        .filter(|found| found["code"] != "unreleased-changes")
        .map(|found| (text(&found["severity"]), text(&found["code"]), text(&found["help"][1])))
        .collect()
}

fn entry(severity: &str, code: &str, help: &str) -> (String, String, String) {
    (severity.to_owned(), code.to_owned(), help.to_owned())
}

#[test]
fn warning_is_a_note_until_its_date_and_then_a_warning_again() {
    let project = certified(DATES);
    let note = entry("note", "certification-expiring", "acknowledged until 2026-06-01: Audit in May");
    for day in ["2026-05-22", "2026-05-31", "2026-06-01"] {
        assert_eq!(reported(&project, day), std::slice::from_ref(&note), "{day}");
    }
    let back = "fix it, or set a later `until`: it was acknowledged until 2026-06-01";
    for day in ["2026-06-02", "2026-06-10"] {
        assert_eq!(reported(&project, day), [entry("warning", "certification-expiring", back)], "{day}");
    }
    // Another problem of the same item is not acknowledged, and the entry has no warning anymore.
    let codes: Vec<_> =
        reported(&project, "2026-06-11").into_iter().map(|(severity, code, _)| (severity, code)).collect();
    let warning = |code: &str| ("warning".to_owned(), code.to_owned());
    assert_eq!(codes, [warning("certification-expired"), warning("acknowledgment-unused")]);
}

#[test]
fn acknowledged_warning_does_not_fail_a_run_and_is_still_printed() {
    let project = certified(DATES);
    assert_eq!(project.run(["release", "-m", "First", "--date", "2026-05-22"]).code, Some(0));
    let check = |as_of: &str| project.run(["check", "--deny", "warnings", "--as-of", as_of]);
    let acknowledged = check("2026-05-25");
    let printed = acknowledged.stdout + &acknowledged.stderr;
    assert_eq!(acknowledged.code, Some(0), "{printed}");
    assert!(printed.contains("certification-expiring") && printed.contains("Audit in May"), "{printed}");
    assert_eq!(check("2026-06-02").code, Some(1));
    assert_eq!(project.run(["build", "--as-of", "2026-05-25"]).code, Some(0));
}

/// The names under which each kind of place can be acknowledged, and similar ones that are about something else.
#[test]
fn entry_is_about_an_item_or_a_file_and_nothing_else() {
    let other = "- {id: soc, framework: SOC 2, issuer: A, valid_until: 2026-06-10}\n";
    let section = "---\ntitle: Own words\n---\n## A\n\n#### B\n";
    let project = |code: &str, item: &str| {
        let more = format!(
            "security_txt: {{contact: [a@myexample.com], expires: 2026-06-01}}\nacknowledged: [{{code: {code}, item: {item}, until: 2026-06-01, reason: R}}]\n"
        );
        certified(&more)
            .file("content/data/certifications.yaml", format!("{EXPIRING}{other}"))
            .file("content/sections/20-own.md", section)
            .file("content/data/notes.txt", "x")
    };
    for (code, item, names, not) in [
        (
            "certification-expiring",
            "iso",
            &["iso", "certifications/iso"][..],
            &["documents/iso", "content/data/certifications.yaml", "is"][..],
        ),
        ("certification-expiring", "soc", &["soc", "certifications/soc"], &["iso/soc", "content/site.yaml"]),
        ("heading-level-skipped", "own", &["own", "sections/own", "content/sections/20-own.md"], &["10-a", "sections"]),
        ("security-txt-expiring", "site", &["content/site.yaml"], &["site.yaml", "iso", "content/site"]),
        ("unknown-file", "notes", &["content/data/notes.txt"], &["notes.txt", "content/data"]),
    ] {
        let count = |name: &str, severity: &str, code: &str| {
            let reported = reported(&project(code, name), "2026-05-22");
            reported.iter().filter(|(s, c, _)| s == severity && c == code).count()
        };
        let all = count("content/none", "warning", code);
        for name in names {
            let (notes, warnings) = (count(name, "note", code), count(name, "warning", code));
            assert_eq!((notes, warnings), (1, all - 1), "{code} of {item} as {name}");
        }
        for name in not {
            // `iso` is an item of its own, which the first case acknowledges.
            if *name == "iso" && code == "certification-expiring" {
                continue;
            }
            assert_eq!(count(name, "note", code), 0, "{code} of {item} is not {name}");
            let unused = reported(&project(code, name), "2026-05-22");
            assert!(unused.iter().any(|(_, code, _)| code == "acknowledgment-unused"), "{name}: {unused:?}");
        }
    }
}

#[test]
fn only_warnings_can_be_acknowledged_at_the_level_that_the_settings_define() {
    let refused = |code: Code, rules: &str| {
        let more = format!("acknowledged: [{{code: {code}, item: iso, until: 2026-06-01, reason: R}}]\n{rules}");
        let (content, report) = Project::new().file("content/site.yaml", site(&more)).load();
        assert!(report.is_empty(), "{code}");
        let facts = candor::check::Facts::on("2026-05-22".parse().expect("a date"));
        let report = candor::check::check(&content.expect("content"), &facts);
        report.diagnostics().iter().any(|found| found.code() == Code::AcknowledgmentRefused)
    };
    for code in Code::ALL.iter().copied() {
        let fixed = !code.is_adjustable() || !code.refuses().is_empty();
        assert_eq!(refused(code, ""), fixed || code.severity() == Severity::Error, "{code}");
        assert_eq!(code.can_be_acknowledged(), !fixed, "{code}");
        if code.is_adjustable() {
            assert!(refused(code, &format!("rules: {{{code}: error}}\n")), "{code} as an error");
            assert_eq!(refused(code, &format!("rules: {{{code}: warn}}\n")), fixed, "{code} as a warning");
        }
    }
}

#[test]
fn error_stays_an_error_even_if_it_is_acknowledged() {
    let more = format!("{DATES}rules: {{certification-expiring: error}}\n");
    let codes: Vec<_> = reported(&certified(&more), "2026-05-22").into_iter().map(|(s, c, _)| (s, c)).collect();
    let error = |code: &str| ("error".to_owned(), code.to_owned());
    assert_eq!(codes.len(), 2, "{codes:?}");
    assert!(codes.contains(&error("certification-expiring")) && codes.contains(&error("acknowledgment-refused")));
}

#[test]
fn useless_entries_are_reported_with_help() {
    let help = |entries: &str| {
        let project = certified(&format!("acknowledged:\n{entries}"));
        let output = project.run(["check", "--as-of", "2026-05-22"]);
        output.stdout + &output.stderr
    };
    let used = "  - {code: certification-expiring, item: iso, until: 2026-06-01, reason: R}\n";
    for (entries, message, fix) in [
        (
            "  - {code: certification-expiring, item: isso, until: 2026-06-01, reason: R}\n",
            "there is no warning `certification-expiring` about `isso` to acknowledge",
            "did you mean `iso`?",
        ),
        (
            "  - {code: certification-expired, item: iso, until: 2026-06-01, reason: R}\n",
            "there is no warning `certification-expired` about `iso` to acknowledge",
            "remove the entry",
        ),
        (
            "  - {code: certification-expirng, item: iso, until: 2026-06-01, reason: R}\n",
            "there is no rule `certification-expirng`",
            "did you mean `certification-expiring`?",
        ),
        (&format!("{used}{used}"), "`certification-expiring` is acknowledged twice for `iso`", "remove one of them"),
        (
            &format!(
                "{used}  - {{code: certification-expiring, item: certifications/iso, until: 2026-05-30, reason: R}}\n"
            ),
            "there is no warning `certification-expiring` about `certifications/iso` to acknowledge",
            "remove the entry",
        ),
        (
            "  - {code: certification-expiring, item: iso, until: 2026-06-31, reason: R}\n",
            "2026-06-31",
            "use a date that exists",
        ),
        (
            "  - {code: certification-expiring, item: iso, until: 2026-06-01}\n",
            "`reason` is missing",
            "add `reason: ...`",
        ),
    ] {
        let printed = help(entries);
        assert!(printed.contains(message) && printed.contains(fix), "{entries}:\n{printed}");
    }
}

#[test]
fn entries_are_not_called_useless_while_files_cannot_be_read() {
    let project = certified(DATES).file("content/data/certifications.yaml", "- {id: iso, framework: [}\n");
    let codes: Vec<_> = reported(&project, "2026-05-22").into_iter().map(|(_, code, _)| code).collect();
    assert_eq!(codes, ["yaml-syntax"]);
}

#[test]
fn warnings_about_external_links_are_acknowledged_only_where_they_are_checked() {
    let more = "acknowledged: [{code: external-link-moved, item: a, until: 2026-06-01, reason: R}, {code: external-link-unreachable, item: a, until: 2026-06-01, reason: R}]\n";
    let project = certified(more)
        .file("content/sections/10-a.md", "---\ntitle: A\nshow: certifications\n---\n<https://a.quantumtoolset.com>\n");
    let codes: Vec<_> = reported(&project, "2026-05-22").into_iter().map(|(_, code, _)| code).collect();
    assert_eq!(codes, ["certification-expiring"]);
    let (content, _) = project.load();
    let content = content.expect("content");
    let links = external::links(&content);
    let answers = [Answer::Moved { to: "https://b.quantumtoolset.com".parse().expect("an address") }];
    let severities = |as_of: &str| -> Vec<_> {
        let report = external::judge(&content, &links, &answers, as_of.parse().expect("a date"));
        report.into_iter().map(|found| (found.code(), found.severity())).collect()
    };
    let unused = (Code::AcknowledgmentUnused, Severity::Warning);
    assert_eq!(severities("2026-06-01"), [(Code::ExternalLinkMoved, Severity::Note), unused]);
    assert_eq!(severities("2026-06-02"), [(Code::ExternalLinkMoved, Severity::Warning), unused]);
}
