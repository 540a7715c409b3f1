//! Key facts: the page, the Markdown copy, the change log, and values that do not fit.

use crate::support::{Project, SITE, ok};

const FACTS: &str = "content/data/facts.yaml";

const EXAMPLE: &str =
    "- {id: breach, title: Notice of a breach, kind: breach-notice, hours: 48, url: https://www.acme.test/dpa}
- {id: backups, title: Backups, kind: backups, days: 1}
- {id: rto, title: RTO, kind: rto, hours: 4}
- {id: uptime, title: Uptime, kind: uptime, plan: Business, percent: 99.95, details: Measured **monthly**.}
- {id: residency, title: Residency, kind: data-residency, regions: [EU, US]}
- {id: approval, title: Approval, kind: subprocessor-approval, approval: general}
- {id: escrow, title: Escrow, details: With a notary.}
";

fn project(facts: &str) -> Project {
    Project::new()
        .file("content/site.yaml", format!("{SITE}status_url: https://status.acme.test/\n"))
        .file("content/sections/10-facts.md", "---\ntitle: Key facts\nshow: facts\n---\n")
        .file(FACTS, facts)
}

#[test]
fn page_and_copy_state_every_value_in_words() {
    let project = project(EXAMPLE);
    ok(&project, &["--as-of", "2026-05-22", "build", "--draft", "--no-compress"]);
    let page = project.read("dist/index.html");
    for shown in [
        "<div id=\"fact-breach\"><dt>Notice of a breach</dt><dd><p>Within 48 hours</p>",
        "<a href=\"https://www.acme.test/dpa\">www.acme.test</a>",
        "<p>Every 1 day</p>",
        "<p>4 hours</p>",
        "<dt>Uptime <span class=\"tag\">Business</span></dt><dd><p>99.95%</p>",
        "Measured <strong>monthly</strong>.",
        "<p>European Union; United States</p>",
        "<p>General authorization with a right to object</p>",
        "With a notary.",
        "<li><a href=\"https://status.acme.test/\">Status</a></li>",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let copy = project.read("dist/index.md");
    for row in [
        "| Notice of a breach |  | Within 48 hours |  | [www\\.acme.test](https://www.acme.test/dpa) |",
        "| Uptime | Business | 99.95% | Measured **monthly**. |  |",
    ] {
        assert!(copy.contains(row), "{row}: {copy}");
    }
}

#[test]
fn changes_show_the_old_and_the_new_value() {
    let project = project(EXAMPLE);
    ok(&project, &["release", "-m", "First.", "--date", "2026-05-01"]);
    let project = project.file(FACTS, EXAMPLE.replace("hours: 48", "hours: 24").replace("99.95", "99.9"));
    let diff = ok(&project, &["--as-of", "2026-05-02", "diff"]);
    for words in ["Key facts", "Notice of a breach", "48", "24", "99.95", "99.9"] {
        assert!(diff.contains(words), "{words}: {diff}");
    }
    assert!(!diff.contains("notice:") && !diff.contains("requires customer notice"), "{diff}");
}

#[test]
fn values_that_do_not_fit_are_errors_with_a_place_and_a_fix() {
    for (fact, message, help) in [
        (
            "kind: rto, percent: 99",
            "a fact of the kind `rto` cannot have `percent`",
            "use one of: minutes, hours, days",
        ),
        ("kind: insurance, hours: 1", "a fact of the kind `insurance` cannot have `hours`", "write it in `details`"),
        ("kind: uptime, hours: 1", "a fact of the kind `uptime` cannot have `hours`", "use `percent`"),
        ("hours: 1, days: 2", "a fact cannot have both `hours` and `days`", "state the duration in one unit"),
        ("hours: 48 hours", "`hours` must be a number", "without a unit"),
        ("hours: 1.5", "`hours` cannot be `1.5`", "write a whole number"),
        ("hours: -1", "`hours` cannot be `-1`", "write a whole number"),
        ("percent: 101", "`101` is not a percentage", "such as 99.95"),
        ("percent: 99.9%", "`percent` must be a number", "without `%`"),
        ("percent: 1e1", "`1e1` is not a percentage", "such as 99.95"),
        ("kind: breach", "`kind` cannot be `breach`", "did you mean"),
    ] {
        let check = project(&format!("- {{id: a, title: A, {fact}}}\n")).run(["check"]);
        assert_eq!(check.code, Some(1), "{fact}: {}", check.stderr);
        assert!(check.stderr.contains(message) && check.stderr.contains(help), "{fact}: {}", check.stderr);
        assert!(check.stderr.contains("content/data/facts.yaml:1:"), "{fact}: {}", check.stderr);
    }
}
