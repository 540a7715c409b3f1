//! The rules about notice judge what is not released yet, and nothing else.

use super::{SITE, first, then};
use crate::support::Project;

const RULES: [&str; 4] =
    ["notice-too-short", "announced-before-published", "objection-after-effective", "notice-dates-missing"];

fn problems(project: &Project, date: &str) -> Vec<&'static str> {
    let run = project.run(["check", "--as-of", date]);
    RULES.into_iter().filter(|rule| run.stderr.contains(&format!("[{rule}]"))).collect()
}

const LISTED: &str = "- {id: a, name: A, purpose: P, data_categories: [D], locations: [DE]";

/// Statements whose notice is too short, on any date.
fn late(effective: &str) -> [(&'static str, String); 3] {
    [
        (
            "subprocessors",
            format!(
                "{LISTED}}}\n- {{id: b, name: B, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-02, effective: {effective}}}\n"
            ),
        ),
        (
            "subprocessors",
            format!("{LISTED}, upcoming: [{{announced: 2026-05-02, effective: {effective}, locations: [DE, FR]}}]}}\n"),
        ),
        (
            "commitments",
            format!(
                "- {{id: up, plan: P, commitment: 99%, upcoming: [{{announced: 2026-05-02, effective: {effective}, commitment: 98%}}]}}\n"
            ),
        ),
    ]
}

#[test]
fn unreleased_changes_are_judged_whether_their_date_has_come_or_not() {
    for effective in ["2026-05-21", "2026-05-20", "2026-05-19", "2026-05-03"] {
        for (list, text) in late(effective) {
            let project = first(&format!("{LISTED}}}\n")).file(&format!("content/data/{list}.yaml"), text.clone());
            assert_eq!(problems(&project, "2026-05-20"), RULES[..3], "{effective}: {text}");
            assert_eq!(project.run(["release", "-m", "Late", "--as-of", "2026-05-20"]).code, Some(1), "{text}");
        }
    }
}

#[test]
fn released_changes_are_never_judged_again() {
    let off =
        "rules: {notice-too-short: \"off\", announced-before-published: \"off\", objection-after-effective: \"off\"}\n";
    for (list, text) in late("2026-05-28") {
        let file = format!("content/data/{list}.yaml");
        let project =
            first(&format!("{LISTED}}}\n")).file(&file, &text).file("content/site.yaml", format!("{SITE}{off}"));
        assert_eq!(project.run(["release", "-m", "Late", "--as-of", "2026-05-20"]).code, Some(0), "{text}");
        // The rules are on again, as after an upgrade to a version that has them.
        let project = project.file("content/site.yaml", SITE);
        for date in ["2026-05-20", "2026-05-21", "2026-05-27", "2026-05-28", "2026-06-30"] {
            assert_eq!(problems(&project, date), [""; 0], "{date}: {text}");
            assert_eq!(project.run(["build", "--no-compress", "--as-of", date]).code, Some(0), "{date}: {text}");
        }
        // Other dates are a new statement.
        for (from, to) in
            [("effective: 2026-05-28", "effective: 2026-05-27"), ("announced: 2026-05-02", "announced: 2026-05-03")]
        {
            let project =
                first(&format!("{LISTED}}}\n")).file(&file, &text).file("content/site.yaml", format!("{SITE}{off}"));
            assert_eq!(project.run(["release", "-m", "Late", "--as-of", "2026-05-20"]).code, Some(0), "{text}");
            let project = project.file("content/site.yaml", SITE).file(&file, text.replace(from, to));
            assert!(problems(&project, "2026-05-21").contains(&"notice-too-short"), "{to}: {text}");
        }
    }
}

#[test]
fn dates_of_a_listed_subprocessor_can_be_added_later() {
    let project = first(&format!("{LISTED}}}\n"));
    let project = project.file(super::LIST, format!("{LISTED}, announced: 2019-01-01, effective: 2020-01-01}}\n"));
    assert_eq!(problems(&project, "2026-05-20"), [""; 0]);
}

#[test]
fn removal_before_the_announced_end_is_reported() {
    let project = first(&format!("{LISTED}}}\n"));
    let project = then(project, "2026-05-12", &format!("{LISTED}, announced: 2026-05-12, ends: 2026-07-31}}\n"));
    let project = project.file(super::LIST, "[]\n");
    let run = project.run(["check", "--as-of", "2026-05-20"]);
    assert!(
        run.stderr.contains(
            "warning[effective-moved-earlier]: `A` is removed, but a release announced its end for 2026-07-31"
        ),
        "{}",
        run.stderr
    );
}
