//! The rules about notice judge what is not released yet, and nothing else.

use serde_json::Value;

use super::{SITE, changes, fine, first, json, then};
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

/// A subprocessor that was in use before the first release, and that customers learn of later.
#[test]
fn a_start_before_the_first_release_is_late_unless_that_release_lists_the_subprocessor() {
    let site = format!("{SITE}rules: {{notice-too-short: warn}}\n");
    for effective in ["2026-05-01", "2026-04-15"] {
        let text = format!(
            "{LISTED}}}\n- {{id: b, name: B, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-12, effective: {effective}}}\n"
        );
        let project = first(&format!("{LISTED}}}\n")).file("content/site.yaml", &site).file(super::LIST, &text);
        let run = project.run(["check", "--as-of", "2026-05-12"]);
        for rule in ["warning[announced-after-effective]", "warning[notice-too-short]"] {
            assert!(run.stderr.contains(rule), "{rule}: {}", run.stderr);
        }
        let project = then(project, "2026-05-12", &text);
        assert_eq!(changes(&json(&project, &[])), [format!("b added start - {effective}")]);
        assert_eq!(problems(&project, "2026-05-13"), [""; 0]);
    }
    for ends in ["2026-05-01", "2026-04-20"] {
        let text = format!("{LISTED}, ends: {ends}}}\n");
        let project = then(first(&format!("{LISTED}}}\n")).file("content/site.yaml", &site), "2026-05-12", &text);
        assert_eq!(changes(&json(&project, &[])), [format!("a end-stated end - {ends}")]);
    }
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

/// Returns the deadline of each announced change, as `upcoming.json` states it.
fn deadlines(project: &Project, date: &str) -> Vec<String> {
    fine(&project.run(["build", "--no-compress", "--as-of", date]));
    let upcoming: Value = serde_json::from_str(&project.read("dist/upcoming.json")).expect("JSON");
    let changes = upcoming["changes"].as_array().expect("a list").iter();
    changes.map(|change| change["object_by"].as_str().unwrap_or("-").to_owned()).collect()
}

fn released(project: &Project, date: &str) {
    fine(&project.run(["release", "-m", "Because.", "--as-of", date]));
}

/// An item with an announced change, and the same with a correction of what it states until then.
const CORRECTED: [(&str, &str, &str, &str); 5] = [
    (
        "subprocessors",
        "- {id: a, name: A, purpose: Hosting, data_categories: [D], locations: [DE], upcoming: [{announced: 2026-05-12, effective: 2026-07-01, purpose: Backup}]}\n",
        "purpose: Hosting",
        "purpose: Hostinq",
    ),
    (
        "subprocessors",
        "- {id: a, name: A, purpose: P, data_categories: [D], locations: [DE], upcoming: [{announced: 2026-05-12, effective: 2026-07-01, locations: [DE, FR]}]}\n",
        "locations: [DE], up",
        "locations: [{code: DE, place: Berlin}], up",
    ),
    (
        "subprocessors",
        "- {id: a, name: A, purpose: P, data_categories: [D], locations: [DE], retention: 1 day, upcoming: [{announced: 2026-05-12, effective: 2026-07-01, remove: [retention]}]}\n",
        "retention: 1 day",
        "retention: one day",
    ),
    (
        "commitments",
        "- {id: a, plan: Paid, commitment: In one day, upcoming: [{announced: 2026-05-12, effective: 2026-07-01, commitment: In an hour}]}\n",
        "In one day",
        "In 1 day",
    ),
    (
        "documents",
        "- {id: a, title: DPA, kind: dpa, version: \"1.0\", url: \"https://fjord-data.com/dpa\", upcoming: [{announced: 2026-05-12, effective: 2026-07-01, version: \"2.0\"}]}\n",
        "\"1.0\"",
        "\"1.0.1\"",
    ),
];

#[test]
fn a_correction_of_current_values_keeps_the_announcement() {
    for (list, text, from, to) in CORRECTED {
        let file = format!("content/data/{list}.yaml");
        let project = first("[]\n").file(&file, text);
        released(&project, "2026-05-12");
        let corrected = text.replacen(from, to, 1);
        assert_ne!(corrected, text);
        let project = project.file(&file, &corrected);
        assert!(!problems(&project, "2026-06-25").contains(&"notice-too-short"), "{to}");
        let check = project.run(["check", "--as-of", "2026-06-25"]).stderr;
        assert!(!check.contains("announced-before-published") && !check.contains("objection-after"), "{to}: {check}");
        released(&project, "2026-06-25");
        assert_eq!(deadlines(&project, "2026-06-25"), ["2026-05-27"], "{to}");
        let calendar = project.read("dist/notices.ics");
        assert!(calendar.contains("DTSTART;VALUE=DATE:20260527"), "{to}: {calendar}");
        // Other values are announced anew.
        let other =
            corrected.replacen("2026-07-01", "2026-08-31", 1).replacen("upcoming: [{", "upcoming: [{note: N, ", 1);
        let other = match list {
            "documents" => other.replace("2.0", "3.0"),
            "commitments" => other.replace("In an hour", "In two hours"),
            _ => continue,
        };
        let project = project.file(&file, other);
        released(&project, "2026-06-26");
        assert_eq!(deadlines(&project, "2026-06-26"), ["2026-07-10"], "{to}");
    }
}

#[test]
fn a_start_is_announced_anew_if_its_facts_change() {
    let start = |more: &str| {
        format!(
            "{LISTED}}}\n- {{id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-12, effective: 2026-07-01{more}}}\n"
        )
    };
    let announced = || then(first(&format!("{LISTED}}}\n")), "2026-05-12", &start(""));
    let changed = |from: &str, to: &str| {
        let text = start("");
        let at = text.rfind(from).expect("the text");
        format!("{}{to}{}", &text[..at], &text[at + from.len()..])
    };
    // What requires no notice is a correction.
    for text in [start(", legal_name: Beta Ltd"), changed("name: Beta", "name: Beta Co"), start(", retention: 1 day")] {
        let project = announced().file(super::LIST, text);
        assert_eq!(problems(&project, "2026-06-25"), [""; 0]);
        released(&project, "2026-06-25");
        assert_eq!(deadlines(&project, "2026-06-25"), ["2026-05-27"]);
    }
    for text in [changed("[DE]", "[DE, FR]"), changed("purpose: P", "purpose: Q"), changed("[D]", "[D, E]")] {
        let project = announced().file(super::LIST, &text);
        assert_eq!(problems(&project, "2026-06-25"), RULES[..3], "{text}");
        let project = project.file(super::LIST, text.replace("announced: 2026-05-12", "announced: 2026-06-01"));
        assert_eq!(problems(&project, "2026-06-01"), [""; 0], "{text}");
        released(&project, "2026-06-01");
        assert_eq!(deadlines(&project, "2026-06-01"), ["2026-06-15"], "{text}");
        let found = json(&project, &["--as-of", "2026-06-01"]);
        assert_eq!(changes(&found), ["b changed start 2026-06-15 2026-07-01"], "{found}");
        let text = found["text"].as_str().expect("text");
        assert!(text.contains("Effective from: 1 July 2026") && !text.contains("In effect"), "{text}");
        assert!(text.contains("Object to this change"), "{text}");
        // Once it has started, its changes are changes of a listed subprocessor.
        let later = project.read(super::LIST).replace("announced: 2026-06-01", "announced: 2026-06-02");
        let later = project.file(super::LIST, later.replace("name: Beta, purpose: ", "name: Beta, purpose: New "));
        let run = later.run(["check", "--as-of", "2026-07-20"]);
        assert!(!run.stderr.contains("[notice-too-short]"), "{run:?}");
    }
}

#[test]
fn ends_are_judged_like_other_dates() {
    let ends = |date: &str| format!("{LISTED}, ends: {date}}}\n");
    let project = first(&format!("{LISTED}}}\n")).file(super::LIST, ends("2026-05-22"));
    let run = project.run(["check", "--as-of", "2026-05-13"]);
    for part in [
        "`A` ends on 2026-05-22 and was not announced as of 2026-05-13",
        "set `ends` to 2026-06-11 or later",
        "customers can object to the end of `A` until 2026-05-28, but it ends on 2026-05-22",
        "set `ends` to 2026-05-28 or later",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let project = project.file(super::LIST, ends("2026-07-31"));
    assert_eq!(problems(&project, "2026-05-13"), [""; 0]);
    released(&project, "2026-05-13");
    let project = project.file(super::LIST, ends("2026-06-30"));
    let run = project.run(["check", "--as-of", "2026-05-14"]);
    let message =
        "warning[effective-moved-earlier]: `A` ends on 2026-06-30, but a release announced its end for 2026-07-31";
    assert!(run.stderr.contains(message), "{}", run.stderr);
    // Moved later, or corrected after it has come.
    for (date, as_of) in [("2026-08-31", "2026-05-14"), ("2026-07-30", "2026-08-02")] {
        let project = first(&format!("{LISTED}}}\n")).file(super::LIST, ends("2026-07-31"));
        released(&project, "2026-05-13");
        let run = project.file(super::LIST, ends(date)).run(["check", "--as-of", as_of]);
        assert!(!run.stderr.contains("[effective-moved-earlier]"), "{date}: {}", run.stderr);
    }
}

/// An item with an announced change, a correction of the entry, and another value that is announced anew.
const REVISED: [(&str, &str, &str, &str, &str); 6] = [
    ("subprocessors", "locations: [DE, FR]", "FR", "{code: FR, place: Paris}", "locations: [DE, FR, GB]"),
    ("subprocessors", "data_categories: [D, E, F]", ", F]", "]", "data_categories: [D, E, G]"),
    (
        "subprocessors",
        "purpose: Backup, retention: 1 day",
        "1 day",
        "one day",
        "purpose: Backup, condition: {feature: X}",
    ),
    ("subprocessors", "purpose: Backup, legal_name: A Ltd", "A Ltd", "A Limited", "legal_name: A Limited"),
    (
        "commitments",
        "commitment: In an hour, details: Onn working days.",
        "Onn",
        "On",
        "commitment: In two hours, details: On working days.",
    ),
    ("documents", "version: \"2.0\", title: Agrement", "Agrement", "Agreement", "version: \"2.1\", title: Agreement"),
];

/// A correction of an announced change keeps its announcement and deadline, is judged by no rule, and requires no notice.
#[test]
fn a_correction_of_an_announced_change_keeps_its_announcement() {
    for (list, fields, from, correction, other) in REVISED {
        let base = match list {
            "subprocessors" => "name: A, purpose: P, data_categories: [D], locations: [DE]",
            "commitments" => "plan: A, commitment: In a day",
            _ => "title: A, kind: dpa, version: \"1.0\", url: \"https://fjord-data.com/1\"",
        };
        let file = format!("content/data/{list}.yaml");
        let dates = "announced: 2026-05-12, effective: 2026-07-01";
        let item = |fields: &str| format!("- {{id: a, {base}, upcoming: [{{id: v, {dates}, {fields}}}]}}\n");
        let project = first("[]\n").file(&file, item(fields));
        released(&project, "2026-05-12");
        let (corrected, other) = (item(&fields.replacen(from, correction, 1)), item(other));
        let project = project.file(&file, &corrected);
        assert_eq!(problems(&project, "2026-06-25"), [""; 0], "{corrected}");
        let diff = project.run(["diff", "--as-of", "2026-06-25"]).stdout;
        assert!(diff.contains("nnounced change corrected") && !diff.contains("[customer notice]"), "{diff}");
        // Only what was corrected is stated, with the dates of the announcement.
        assert!(diff.contains("effective 1 July 2026, announced 12 May 2026, object by 27 May 2026"), "{diff}");
        assert!(!diff.contains("DE") && !diff.contains("In a day") && !diff.contains("Backup"), "{diff}");
        released(&project, "2026-06-25");
        assert_eq!(deadlines(&project, "2026-06-25"), ["2026-05-27"], "{corrected}");
        let calendar = project.read("dist/notices.ics");
        assert!(calendar.contains("DTSTART;VALUE=DATE:20260527") && calendar.contains("SEQUENCE:1"), "{calendar}");
        assert!(super::notice(&project, &["--format", "markdown", "--as-of", "2026-06-25"]).is_empty(), "{corrected}");
        let project = project.file(&file, &other);
        assert_eq!(problems(&project, "2026-06-26"), RULES[..3], "{other}");
        let off = "rules: {notice-too-short: \"off\", announced-before-published: \"off\", objection-after-effective: \"off\"}\n";
        let project = project.file("content/site.yaml", format!("{SITE}{off}"));
        released(&project, "2026-06-26");
        assert_eq!(deadlines(&project, "2026-06-26"), ["2026-07-10"], "{other}");
        let newest = json(&project, &["--as-of", "2026-06-26"]);
        assert_eq!(changes(&newest), ["a revised v 2026-07-10 2026-07-01"], "{other}");
        // The notice from the first announcement on states it as announced last.
        let span = json(&project, &["2026-05-12", "2026-06-26", "--as-of", "2026-06-26"]);
        assert_eq!(changes(&span), ["a revised v 2026-07-10 2026-07-01"], "{other}");
    }
}
