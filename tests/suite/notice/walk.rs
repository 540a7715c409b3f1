//! One walk as a user: a change is announced and released, readers look at every output, and the days pass until it is in effect.

use std::fs;

use serde_json::Value;

use super::{BEFORE, LIST, announced, fine, notice, visible};
use crate::support::Project;

fn built(project: &Project, as_of: &str) {
    fine(&project.run(["build", "--no-compress", "--as-of", as_of]));
}

fn output(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path(&format!("dist/{path}"))).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parsed(project: &Project, path: &str) -> Value {
    serde_json::from_str(&output(project, path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Announced, object by, the new region and the new provider, in the three ways in which outputs write a date.
const DATES: [[&str; 3]; 4] = [
    ["12 May 2026", "2026-05-12", "20260512"],
    ["27 May 2026", "2026-05-27", "20260527"],
    ["15 June 2026", "2026-06-15", "20260615"],
    ["1 July 2026", "2026-07-01", "20260701"],
];

#[track_caller]
fn states_all_dates(what: &str, text: &str) {
    for spellings in DATES {
        assert!(spellings.iter().any(|date| text.contains(date)), "{what} does not state {spellings:?}: {text}");
    }
}

#[test]
fn every_output_states_announcement_deadline_and_effect() {
    let project = announced();
    built(&project, "2026-05-12");
    for path in [
        "index.html",
        "subprocessors/index.html",
        "changelog/index.html",
        "releases/2026-05-12/index.html",
        "feed.xml",
        "feed.json",
        "index.md",
        "subprocessors.json",
        "subprocessors.csv",
        "upcoming.json",
        "notices.ics",
        "schedule/index.html",
    ] {
        let text = output(&project, path);
        states_all_dates(path, &if path.ends_with(".html") { visible(&text) } else { text });
    }
    // The browser compares the releases with the deadlines that the page has.
    let page = output(&project, "compare/index.html");
    let data = page.split_once("type=\"application/json\"").expect("data").1;
    for date in ["27 May 2026", "2026-06-15", "2026-07-01"] {
        assert!(data.contains(date), "{date}");
    }
    for format in ["markdown", "csv", "html"] {
        let run = project.run(["schedule", "--format", format, "--as-of", "2026-05-12"]);
        fine(&run);
        let text = if format == "html" { visible(&run.stdout) } else { run.stdout };
        states_all_dates(&format!("schedule --format {format}"), &text);
    }
    for format in ["human", "markdown", "json"] {
        let run = project.run(["diff", "2026-05-01", "2026-05-12", "--format", format]);
        fine(&run);
        states_all_dates(&format!("diff --format {format}"), &run.stdout);
    }
    for format in ["text", "html", "markdown", "json", "ics"] {
        states_all_dates(&format!("notice --format {format}"), &notice(&project, &["--format", format]));
    }
    let subscribe = output(&project, "subscribe/index.html");
    assert!(subscribe.contains("webcal://trust.fjord-data.com/notices.ics"), "{subscribe}");
}

#[test]
fn days_pass_until_the_changes_are_in_effect() {
    let project = announced();
    let text = notice(&project, &[]);
    // The date; the states of the region and the provider; how many can be objected to, and how many subprocessors are in use.
    for (as_of, states, open, in_use) in [
        ("2026-05-12", ["announced", "announced"], 2, 1),
        ("2026-05-27", ["announced", "announced"], 2, 1),
        ("2026-05-28", ["objection-closed", "objection-closed"], 0, 1),
        ("2026-06-14", ["objection-closed", "objection-closed"], 0, 1),
        ("2026-06-15", ["effective", "objection-closed"], 0, 1),
        ("2026-06-30", ["effective", "objection-closed"], 0, 1),
        ("2026-07-01", ["effective", "effective"], 0, 2),
        ("2027-07-01", ["effective", "effective"], 0, 2),
    ] {
        built(&project, as_of);
        let upcoming = parsed(&project, "upcoming.json");
        let found: Vec<&str> =
            upcoming["changes"].as_array().expect("a list").iter().filter_map(|it| it["state"].as_str()).collect();
        assert_eq!(found, states, "{as_of}");
        assert!(upcoming["changes"][0]["object_by"] == "2026-05-27", "the deadline never moves");
        let page = output(&project, "index.html");
        assert_eq!(page.matches("mailto:legal@fjord-data.com?subject=Objection").count(), open, "{as_of}");
        assert!(page.contains(&format!("Subprocessors</a></dt><dd class=\"figure\">{in_use}</dd>")), "{as_of}");
        let is_to_come = states.iter().any(|state| *state != "effective");
        assert_eq!(page.contains("id=\"ui--upcoming\""), is_to_come, "{as_of}");
        let list = parsed(&project, "subprocessors.json");
        let region = list["subprocessors"].as_array().expect("a list").iter().find(|item| item["id"] == "mail");
        let places = region.and_then(|item| item["locations"].as_array()).map(Vec::len);
        assert_eq!(places, Some(if states[0] == "effective" { 2 } else { 1 }), "{as_of}");
        // Released content never fails for want of notice, and a date that has come is a warning.
        let check = project.run(["check", "--as-of", as_of]);
        assert_eq!(check.code, Some(0), "{as_of}: {check:?}");
        assert_eq!(check.stderr.contains("upcoming-due"), states[0] == "effective", "{as_of}: {}", check.stderr);
        for rule in
            ["notice-too-short", "announced-before-published", "objection-after-effective", "notice-dates-missing"]
        {
            assert!(!check.stderr.contains(rule), "{as_of}: {}", check.stderr);
        }
        // There is no second notice: no release, no entry of the feed, and the same message.
        assert_eq!(parsed(&project, "feed.json")["items"].as_array().map(Vec::len), Some(2), "{as_of}");
        let again = project.run(["notice", "--as-of", as_of]);
        assert_eq!(again.stdout, text, "{as_of}");
    }
    fine(&project.run(["release", "-m", "In use", "--apply-upcoming", "--as-of", "2026-07-02"]));
    let none = project.run(["notice", "--as-of", "2026-07-02"]);
    let line = "no change from 2026-05-12 to 2026-07-02 requires customer notice\n";
    assert_eq!((none.code, none.stdout.as_str()), (Some(0), line), "{none:?}");
    built(&project, "2026-07-02");
    let feed = parsed(&project, "feed.json");
    let notices: Vec<&Value> =
        feed["items"].as_array().expect("a list").iter().map(|item| &item["_candor"]["notice"]).collect();
    assert_eq!(notices, [false, true, false]);
}

#[test]
fn calendar_files_stay_at_their_addresses() {
    let project = announced();
    let path = "notices/subprocessors--mail--2026-05-12.ics";
    let other = "notices/subprocessors--chat--start.ics";
    built(&project, "2026-05-12");
    let first = output(&project, path);
    assert!(first.contains("STATUS:CONFIRMED") && first.contains("20260615"), "{first}");
    // Long after it took effect, and after the entry was moved into the fields.
    built(&project, "2030-01-01");
    assert_eq!(output(&project, path), first);
    fine(&project.run(["release", "-m", "In use", "--apply-upcoming", "--as-of", "2026-07-02"]));
    built(&project, "2030-01-01");
    assert_eq!(output(&project, path), first);
    // After the subprocessors are gone.
    let project = project.file(LIST, BEFORE);
    fine(&project.run(["release", "-m", "Gone", "--as-of", "2026-08-01"]));
    built(&project, "2030-01-01");
    assert_eq!(output(&project, path), first);
    assert!(output(&project, other).contains("STATUS:CONFIRMED"));
    let all = output(&project, "notices.ics");
    assert_eq!(all.matches("BEGIN:VEVENT").count(), 4, "{all}");
    // A change that is withdrawn stays too.
    let project = announced().file(LIST, BEFORE);
    fine(&project.run(["release", "-m", "Withdrawn", "--as-of", "2026-05-20"]));
    built(&project, "2030-01-01");
    for path in [path, other] {
        let text = output(&project, path);
        assert_eq!(text.matches(concat!("STATUS:CANCEL", "LED")).count(), 2, "{path}: {text}");
    }
}
