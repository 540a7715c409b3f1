//! Changes that take effect on a later date: day by day in every output, and moved into the fields of the content.

use std::collections::BTreeSet;
use std::fs;

use candor::load;
use candor::model::Date;
use proptest::prelude::*;
use serde_json::Value;

use crate::schedule_files::part;
use crate::support::{Project, Run};

const LIST: &str = "content/data/subprocessors.yaml";

const SITE: &str = "\
title: Trust
organization:
  name: Example
  jurisdiction: other
  url: https://example.com
contacts:
  privacy: privacy@example.com
notice:
  days: 20
  objection_days: 10
  counting: business
  holidays: [2026-05-25]
  basis: Section 7 of the DPA
base_url: https://trust.example.com
";

const BEFORE: &str = "\
# All providers.
- id: mail
  name: Mail
  purpose: Email
  data_categories: [Email address]
  locations: [DE] # Frankfurt
";

const FAX: &str = "\
- id: fax
  name: Fax
  purpose: Fax
  data_categories: [Phone number]
  locations: [DE]
";

/// A new region of a listed provider, and a new provider.
const ANNOUNCED: &str = "  upcoming:
    - announced: 2026-05-12
      effective: 2026-06-15
      note: A second region.
      locations: [DE, US]
      transfer_mechanism: scc
- id: chat
  name: Chat
  purpose: Support chat
  data_categories: [Messages]
  locations: [IE]
  announced: 2026-05-12
  effective: 2026-07-01
";

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn fine(run: &Run) {
    assert_eq!(run.code, Some(0), "{run:?}");
}

fn released() -> Project {
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, BEFORE);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    let project = project.file(LIST, format!("{BEFORE}{ANNOUNCED}"));
    fine(&project.run(["release", "-m", "Announcement", "--as-of", "2026-05-12"]));
    project
}

/// A project that shows its list and its log, and also announces an end.
fn with_sections() -> Project {
    let project = Project::empty()
        .file("content/site.yaml", SITE)
        .file("content/sections/10-list.md", "---\ntitle: List\nshow: subprocessors\n---\n")
        .file("content/sections/20-log.md", "---\ntitle: Log\nshow: changelog\n---\n")
        .file(LIST, format!("{BEFORE}{FAX}"));
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    let end = "  announced: 2026-05-12\n  ends: 2026-08-31\n";
    let project = project.file(LIST, format!("{BEFORE}{ANNOUNCED}{FAX}{end}"));
    fine(&project.run(["release", "-m", "Announcement", "--as-of", "2026-05-12"]));
    project
}

fn built(project: &Project, as_of: &str) {
    fine(&project.run(["build", "--no-compress", "--as-of", as_of]));
}

fn output(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path(&format!("dist/{path}"))).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn upcoming(project: &Project) -> Value {
    serde_json::from_str(&output(project, "upcoming.json")).expect("JSON")
}

#[test]
fn every_output_states_the_dates_and_the_deadline() {
    let project = with_sections();
    built(&project, "2026-05-12");
    // 10 business days after 12 May: 13, 14, 15, 18, 19, 20, 21, 22 (25 is a holiday), 26, 27 May.
    let (announced, deadline, region, chat) = ("12 May 2026", "27 May 2026", "15 June 2026", "1 July 2026");
    for path in [
        "index.html",
        "subprocessors/index.html",
        "changelog/index.html",
        "releases/2026-05-12/index.html",
        "feed.xml",
        "feed.json",
        "index.md",
    ] {
        let text = output(&project, path);
        for part in [announced, deadline, region, chat] {
            assert!(text.contains(part), "{path}: {part}");
        }
    }
    places_state_the_dates(&project, "2026-05-12");
    let changes = upcoming(&project);
    let found: Vec<_> = changes["changes"].as_array().expect("a list").iter().collect();
    let field = |at: usize, name: &str| found[at][name].as_str().unwrap_or_default().to_owned();
    assert_eq!(found.len(), 3);
    for (at, id, kind, entry, effective) in
        [(0, "mail", "change", "2026-05-12", "2026-06-15"), (1, "chat", "start", "start", "2026-07-01")]
    {
        assert_eq!([field(at, "id"), field(at, "kind"), field(at, "entry")], [id, kind, entry].map(str::to_owned));
        assert_eq!([field(at, "effective"), field(at, "object_by")], [effective, "2026-05-27"].map(str::to_owned));
        assert_eq!(field(at, "state"), "announced");
    }
    let csv = output(&project, "subprocessors.csv");
    assert!(csv.contains("2026-05-27") && csv.contains("United States"), "{csv}");
    let list: Value = serde_json::from_str(&output(&project, "subprocessors.json")).expect("JSON");
    let states: Vec<_> = list["subprocessors"].as_array().expect("a list").iter().map(|item| &item["state"]).collect();
    assert_eq!(states, ["current", "upcoming", "current"]);
    for format in ["human", "markdown", "json"] {
        let run = project.run(["diff", "2026-05-01", "2026-05-12", "--format", format]);
        let (deadline, effective) =
            if format == "json" { ("2026-05-27", "2026-06-15") } else { (deadline, "15 June 2026") };
        assert!(run.stdout.contains(deadline) && run.stdout.contains(effective), "{format}: {}", run.stdout);
    }
    for (format, file) in [("xlsx", "xl/sharedStrings.xml"), ("docx", "word/document.xml")] {
        let name = project.path(&format!("annex.{format}")).display().to_string();
        fine(&project.run(["schedule", "--output", &name, "--as-of", "2026-05-12"]));
        let text = part(&fs::read(&name).expect("an annex"), file);
        // A spreadsheet has dates as numbers, except in text.
        let dates: &[&str] = if format == "xlsx" { &[deadline, region] } else { &[announced, deadline, region, chat] };
        for part in dates {
            assert!(text.contains(part), "{format}: {part}: {text}");
        }
    }
    for format in ["markdown", "csv", "html", "json"] {
        let run = project.run(["schedule", "--format", format, "--as-of", "2026-05-12"]);
        let parts = if format == "json" { ["2026-05-27", "2026-07-01"] } else { [deadline, chat] };
        let is_complete = parts.iter().all(|part| run.stdout.contains(part));
        assert!(is_complete, "{format}: {}", run.stdout);
    }
    // The page separates what is in use from what is upcoming, and does not count both.
    let page = output(&project, "subprocessors/index.html");
    let (current, later) = page.split_once("not in use yet").expect("a second table");
    assert!(current.contains("id=\"mail\"") && !current.contains("id=\"chat\"") && later.contains("id=\"chat\""));
    assert!(output(&project, "index.html").contains("Subprocessors</a></dt><dd class=\"figure\">2</dd>"));
    assert!(page.contains("mailto:privacy@example.com?subject=Objection"));
    assert!(page.contains("2026-05-12.") && page.contains("SHA-256%20"));
    // What was announced stays stated after it is in effect.
    built(&project, "2026-07-02");
    places_state_the_dates(&project, "2026-07-02");
    for path in ["changelog/index.html", "releases/2026-05-12/index.html", "feed.xml", "feed.json"] {
        let text = output(&project, path);
        for part in [announced, deadline, region, chat] {
            assert!(text.contains(part), "{path}: {part}");
        }
    }
}

/// Checks each place that states dates by itself, on a date.
#[track_caller]
fn places_state_the_dates(project: &Project, date: &str) {
    let copy = output(project, "index.md");
    let line =
        |start: &str| copy.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_default().to_owned();
    let stated = |start: &str, parts: &[&str]| {
        let line = line(start);
        assert!(parts.iter().all(|part| line.contains(part)), "{date}: {start}: {line}: {copy}");
    };
    let is_announced = date < "2026-06-15";
    stated(if is_announced { "| Chat (From 1 July 2026) |" } else { "| Chat |" }, &["Ireland"]);
    stated("| Fax (Until 31 August 2026) |", &["Germany"]);
    stated("| Mail |", if is_announced { &["Germany |"] } else { &["Germany, United States |"] });
    stated("- + Chat: added", &["Announced: 12 May 2026", "Effective from: 1 July 2026", "Object by: 27 May 2026"]);
    stated("- ~ Fax:", &["31 August 2026", "object by 27 May 2026"]);
    stated("- ~ Mail:", &["announced 12 May 2026", "effective 15 June 2026", "object by 27 May 2026"]);
    // The end of Fax is still to come.
    let upcoming =
        copy.split("## Upcoming changes").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    for part in ["15 June 2026", "1 July 2026"] {
        assert_eq!(upcoming.contains(part), is_announced, "{date}: {part}: {upcoming}");
    }
    assert!(upcoming.contains("31 August 2026") && upcoming.contains("27 May 2026"), "{date}: {upcoming}");
    // The browser computes the comparison from the records, with these deadlines.
    let page = output(project, "compare/index.html");
    let data = page.split_once("id=\"ui--data\">").and_then(|(_, rest)| rest.split_once("</script>"));
    let data: Value = serde_json::from_str(data.expect("data").0).expect("JSON");
    let deadlines = data["deadlines"].as_object().expect("deadlines");
    for change in ["mail/2026-05-12/2026-06-15", "chat/start/2026-07-01", "fax/end/2026-08-31"] {
        let key = deadlines.keys().find(|key| change.split('/').all(|part| key.contains(part)));
        assert_eq!(key.map(|key| &deadlines[key]), Some(&"27 May 2026".into()), "{change}: {deadlines:?}");
    }
}

/// The list of unreleased changes states the dates, which prevents the release of a wrong one.
#[test]
fn unreleased_changes_state_their_dates() {
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, BEFORE);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    let project = project.file(LIST, format!("{BEFORE}{ANNOUNCED}"));
    let check = project.run(["check", "--as-of", "2026-05-12"]).stderr;
    for part in [
        "+ Chat: added; Announced: 12 May 2026; Effective from: 1 July 2026; Object by: 27 May 2026",
        "effective 15 June 2026, announced 12 May 2026, object by 27 May 2026",
    ] {
        assert!(check.contains(part), "{part}: {check}");
    }
}

#[test]
fn states_change_day_by_day_without_a_release() {
    let project = released();
    for (as_of, state, places) in [
        ("2026-05-27", "announced", "Germany</td>"),
        ("2026-05-28", "objection-closed", "Germany</td>"),
        ("2026-06-14", "objection-closed", "Germany</td>"),
        ("2026-06-15", "effective", "Germany, United States</td>"),
        ("2026-12-31", "effective", "Germany, United States</td>"),
    ] {
        built(&project, as_of);
        assert_eq!(upcoming(&project)["changes"][0]["state"], state, "{as_of}");
        assert!(output(&project, "subprocessors/index.html").contains(places), "{as_of}");
        let list: Value = serde_json::from_str(&output(&project, "subprocessors.json")).expect("JSON");
        let mail = &list["subprocessors"][0];
        let is_effective = state == "effective";
        assert_eq!(mail["locations"].as_array().map(Vec::len), Some(if is_effective { 2 } else { 1 }), "{as_of}");
        assert_eq!(mail["transfer_mechanism"] == "scc", is_effective);
        assert_eq!(mail.get("upcoming").is_some(), !is_effective);
        // The archived page shows the date of its release.
        assert!(output(&project, "releases/2026-05-12/index.html").contains("Change announced"));
        let check = project.run(["check", "--as-of", as_of]);
        assert_eq!(check.code, Some(0), "{as_of}: {check:?}");
        assert_eq!(check.stderr.contains("upcoming-due"), is_effective, "{as_of}: {}", check.stderr);
    }
}

#[test]
fn comparison_page_lists_announced_changes_that_have_taken_effect() {
    let project = released();
    let effective = |as_of: &str| -> Vec<String> {
        built(&project, as_of);
        let html = output(&project, "compare/index.html");
        let Some((_, section)) = html.split_once("<h2 id=\"effective\">") else { return Vec::new() };
        let (section, _) = section.split_once("</section>").expect("an end");
        section.split("<li><time").skip(1).map(str::to_owned).collect()
    };
    assert!(effective("2026-06-14").is_empty());
    let mail = &effective("2026-06-15")[..];
    assert_eq!(mail.len(), 1, "{mail:?}");
    for said in ["15 June 2026", ">Mail</a>", "A second region.", "United States", "../releases/2026-05-12/"] {
        assert!(mail[0].contains(said), "{said}: {mail:?}");
    }
    let both = effective("2026-07-01");
    assert!(both.len() == 2 && both[0].contains(">Chat</a>") && both[1] == mail[0], "{both:?}");
    // A release that moves the change into the fields does not announce it.
    fine(&project.run(["release", "-m", "In effect", "--apply-upcoming", "--as-of", "2026-07-02"]));
    assert_eq!(effective("2026-07-02"), both);
}

#[test]
fn applied_changes_need_no_second_notice() {
    let project = released();
    let run = project.run(["release", "-m", "In effect", "--apply-upcoming", "--as-of", "2026-06-15"]);
    fine(&run);
    assert!(run.stderr.contains("moved 1 upcoming change into the fields"), "{}", run.stderr);
    assert!(run.stdout.contains("took effect") && !run.stdout.contains("customer notice"), "{}", run.stdout);
    let expected = format!("{BEFORE}{ANNOUNCED}").replace("[DE] # Frankfurt", "[DE, US] # Frankfurt").replace(
        "  upcoming:\n    - announced: 2026-05-12\n      effective: 2026-06-15\n      note: A second region.\n      locations: [DE, US]\n      transfer_mechanism: scc\n",
        "  transfer_mechanism: scc\n",
    );
    assert_eq!(project.read(LIST), expected);
    let again = project.run(["release", "-m", "Again", "--apply-upcoming", "--as-of", "2026-06-16"]);
    assert!(again.stderr.contains("release-nothing-changed"), "{again:?}");
    assert_eq!(project.read(LIST), expected);
    built(&project, "2026-06-16");
    let feed: Value = serde_json::from_str(&output(&project, "feed.json")).expect("JSON");
    assert_eq!(feed["items"][0]["_candor"]["notice"], false);
}

/// Returns the properties of each event of a calendar.
fn events(calendar: &str) -> Vec<Vec<(String, String)>> {
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')));
    let unfolded = calendar.replace("\r\n ", "");
    let event = |text: &str| {
        let body = text.split("END:VEVENT").next().expect("an end");
        body.lines().filter_map(|line| line.split_once(':')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    unfolded.split("BEGIN:VEVENT").skip(1).map(event).collect()
}

fn property(event: &[(String, String)], name: &str) -> String {
    event.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

#[test]
fn calendar_keeps_every_event_and_cancels_withdrawn_ones() {
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, BEFORE);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    built(&project, "2026-05-01");
    let empty = output(&project, "notices.ics");
    assert!(empty.contains("BEGIN:VTIMEZONE") && events(&empty).is_empty(), "{empty}");
    let project = released();
    built(&project, "2026-05-12");
    let first = events(&output(&project, "notices.ics"));
    let uids: BTreeSet<String> = first.iter().map(|event| property(event, "UID")).collect();
    assert_eq!((first.len(), uids.len()), (4, 4), "a deadline and a date for each change");
    let starts: BTreeSet<String> = first.iter().map(|event| property(event, "DTSTART;VALUE=DATE")).collect();
    assert_eq!(starts, ["20260527", "20260615", "20260701"].map(str::to_owned).into());
    for event in &first {
        let stated = ["STATUS", "SEQUENCE", "DTSTAMP"].map(|name| property(event, name));
        assert_eq!(stated, ["CONFIRMED", "0", "20260512T000000Z"]);
    }
    assert!(output(&project, "notices/subprocessors--chat--start.ics").contains("Chat"));
    // The region is postponed, and the new provider is withdrawn.
    let text = project.read(LIST).replace("effective: 2026-06-15", "effective: 2026-06-20");
    let text = text.split("- id: chat").next().expect("the first item").to_owned();
    let project = project.file(LIST, text);
    fine(&project.run(["release", "-m", "Changed plans", "--as-of", "2026-05-20"]));
    built(&project, "2027-01-01");
    let second = events(&output(&project, "notices.ics"));
    assert_eq!(second.iter().map(|event| property(event, "UID")).collect::<BTreeSet<_>>(), uids);
    for event in &second {
        let is_chat = property(event, "UID").contains("/chat/");
        let stated = ["STATUS", "SEQUENCE", "DTSTAMP"].map(|name| property(event, name));
        let status = if is_chat { concat!("CANCEL", "LED") } else { "CONFIRMED" };
        assert_eq!(stated, [status, "1", "20260520T000000Z"]);
    }
    // A later date keeps the deadline: customers were informed of the earlier one.
    let starts: BTreeSet<String> = second.iter().map(|event| property(event, "DTSTART;VALUE=DATE")).collect();
    assert!(starts.contains("20260527") && starts.contains("20260620"), "{starts:?}");
}

#[test]
fn subscribe_page_offers_what_the_settings_name() {
    let form = "subscribe:\n  email: news@example.com\n  form: {action: 'https://news.example/a?b=1', field: address}\n  repository: https://git.example/trust\n";
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, BEFORE);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    built(&project, "2026-05-01");
    let page = output(&project, "subscribe/index.html");
    for part in ["webcal://trust.example.com/notices.ics", "https://trust.example.com/feed.xml"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<form") && output(&project, "_headers").contains("form-action 'none'"));
    for path in ["index.html", "subprocessors/index.html", "changelog/index.html"] {
        let text = output(&project, path);
        assert!(text.contains("subscribe/\""), "{path}");
    }
    let project = project.file("content/site.yaml", format!("{SITE}{form}"));
    built(&project, "2026-05-01");
    let page = output(&project, "subscribe/index.html");
    for part in [
        "action=\"https://news.example/a?b=1\" method=\"post\"",
        "name=\"address\"",
        "mailto:news@example.com?subject=",
        "https://git.example/trust",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let headers = output(&project, "_headers");
    assert!(headers.contains("form-action https://news.example;") && !headers.contains("form-action 'none'"));
}

/// A change that was in effect before the first release has no event, so nothing links to one.
#[test]
fn changes_before_the_first_release_have_no_calendar() {
    let entry = "  upcoming:\n    - {announced: 2026-03-01, effective: 2026-04-15, locations: [DE, FR]}\n";
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, BEFORE.to_owned() + entry);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    built(&project, "2026-05-02");
    assert!(upcoming(&project)["changes"][0].get("calendar").is_none(), "{}", upcoming(&project));
    assert!(!project.path("dist/notices").exists());
    let (_, chat) = ANNOUNCED.split_once("- id: chat").expect("a new provider");
    let project = project.file(LIST, format!("{BEFORE}{entry}- id: chat{chat}"));
    fine(&project.run(["release", "-m", "Second", "--as-of", "2026-05-12"]));
    built(&project, "2026-05-13");
    let changes = upcoming(&project);
    let linked = |at: usize| changes["changes"][at].get("calendar").is_some();
    assert_eq!([linked(0), linked(1)], [false, true], "{changes}");
}

/// Moves the changes of a file of subprocessors into the fields.
fn applied(text: &str) -> Result<Option<String>, String> {
    let project = Project::new().file(LIST, text);
    let root = candor::project::Project::at(project.root());
    match load::apply_upcoming(&root, date("2026-06-15")) {
        Ok(files) => Ok(files.into_iter().next().map(|file| file.text)),
        Err(report) => Err(format!("{report:?}")),
    }
}

#[test]
fn applying_changes_only_the_lines_concerned() {
    let head = "- id: a\n  name: A\n  purpose: Email\n  data_categories: [D]\n";
    for (before, after) in [
        // The last entry goes together with `upcoming`.
        ("  upcoming:\n    - {announced: 2026-05-01, effective: 2026-06-01, purpose: SMS}\n", "  purpose: SMS"),
        // A later entry stays.
        (
            "  upcoming:\n    # First.\n    - announced: 2026-05-01\n      effective: 2026-06-01\n      website: https://a.example/\n    # Second.\n    - announced: 2026-05-02\n      effective: 2026-09-01\n      name: Z\n",
            "  website: https://a.example/\n  upcoming:\n    # First.\n    # Second.\n    - announced: 2026-05-02\n      effective: 2026-09-01\n      name: Z\n",
        ),
        // A list in block style, and a field that is removed.
        (
            "  website: https://a.example/ # old\n  locations: # where\n    - DE\n  # kept\n  upcoming:\n    - announced: 2026-05-01\n      effective: 2026-06-01\n      locations:\n        - DE # first\n        - US\n      remove: [website]\n",
            "  locations:\n    - DE # first\n    - US\n  # kept\n",
        ),
        // Several lines of text, which keep their indentation.
        (
            "  upcoming:\n    - announced: 2026-05-01\n      effective: 2026-06-01\n      address: |\n        Street 1\n          Back yard\n\n        Town\n  contact: C\n",
            "  address: |\n    Street 1\n      Back yard\n\n    Town\n  contact: C\n",
        ),
        // Two changes of the same field: the later one counts.
        (
            "  upcoming:\n  - {id: b, announced: 2026-05-02, effective: 2026-06-02, legal_name: 'B: 2'}\n  - {id: a, announced: 2026-05-01, effective: 2026-06-01, legal_name: \"A, [1]\"}\n",
            "  legal_name: 'B: 2'\n",
        ),
    ] {
        let text = format!("{head}{before}# End.\n");
        let expected = match after.strip_prefix("  purpose: ") {
            Some(purpose) => format!("{}# End.\n", head.replace("Email", purpose)),
            None => format!("{head}{after}# End.\n"),
        };
        for (line_end, mark) in [("\n", ""), ("\r\n", ""), ("\n", "\u{FEFF}")] {
            let form = |text: &str| format!("{mark}{}", text.replace('\n', line_end));
            assert_eq!(applied(&form(&text)), Ok(Some(form(&expected))), "{text}");
            assert_eq!(applied(&form(&expected)), Ok(None), "a second run changes nothing");
        }
    }
    let flow = "[{id: a, name: A, upcoming: [{announced: 2026-05-01, effective: 2026-06-01, purpose: \"S, M\"}, {announced: 2026-05-02, effective: 2027-06-01, name: B}], purpose: E, data_categories: [D]}]\n";
    let expected = "[{id: a, name: A, upcoming: [{announced: 2026-05-02, effective: 2027-06-01, name: B}], purpose: \"S, M\", data_categories: [D]}]\n";
    assert_eq!(applied(flow), Ok(Some(expected.to_owned())));
    assert!(applied("- {id: a, name: A, purpose: B, data_categories: &d [C], upcoming: [{announced: 2026-05-01, effective: 2026-05-20, data_categories: [E]}]}\n- {id: b, name: B, purpose: B, data_categories: *d}\n").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the content is written, the applied text states what the site shows, or nothing is written.
    #[test]
    fn applied_text_states_what_is_in_effect(
        items in proptest::collection::vec((0..3_usize, 0..4_usize, any::<bool>(), any::<bool>()), 1..4),
    ) {
        let purposes = ["Email", "\"SMS: now, [later]\"", "|\n      Lines\n      # no comment\n"];
        let mut text = String::new();
        for (at, (purpose, changes, flow, comment)) in items.iter().enumerate() {
            text += &format!("- id: i{at}\n  name: N{at}\n  purpose: {}\n  data_categories: [D]\n", purposes[*purpose].trim_end());
            if *comment { text += "  # A comment.\n"; }
            if *changes == 0 { continue; }
            text += "  upcoming:\n";
            for change in 0..*changes {
                let (announced, effective) = (format!("2026-05-0{}", change + 1), format!("2026-06-1{}", 3 + change));
                if *flow {
                    text += &format!("    - {{announced: {announced}, effective: {effective}, name: 'M{change}', locations: [DE, US]}}\n");
                } else {
                    text += &format!("    - announced: {announced}\n      effective: {effective}\n      locations:\n        - DE\n      purpose: >-\n        Folded {change}\n        lines\n");
                }
            }
        }
        let stated = |text: &str| {
            let (content, report) = Project::new().file(LIST, text).load();
            assert!(!report.has_errors(), "{text}\n{report:?}");
            content.expect("content").disclosure
        };
        let expected = stated(&text).in_effect_on(date("2026-06-15")).into_owned();
        let after = applied(&text).expect("it can be applied").unwrap_or_else(|| text.clone());
        prop_assert_eq!(stated(&after), expected);
        prop_assert_eq!(applied(&after), Ok(None));
    }
}

/// If no release is made, the content stays as it was.
#[test]
fn failed_release_leaves_the_content_unchanged() {
    let entry =
        BEFORE.to_owned() + "  upcoming:\n    - {announced: 2026-05-12, effective: 2026-06-15, locations: [DE, FR]}\n";
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, BEFORE);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    let project = project.file(LIST, &entry);
    fine(&project.run(["release", "-m", "Second", "--as-of", "2026-05-12"]));
    let apply = ["release", "--apply-upcoming", "--as-of", "2026-06-20"];
    for wrong in
        [&["-m", "See <b>x</b>"][..], &["-m", "x", "--corrects", "2026-01-01"], &["-m", "x", "--version", "2026-05-12"]]
    {
        let run = project.run([&apply[..], wrong].concat());
        assert_ne!(run.code, Some(0), "{wrong:?}: {run:?}");
        assert_eq!(project.read(LIST), entry, "{wrong:?}");
        assert!(!run.stderr.contains("moved"), "{run:?}");
    }
    let run = project.run([&apply[..], &["-m", "Applied."]].concat());
    fine(&run);
    assert!(run.stderr.contains("moved 1 upcoming change into the fields"), "{run:?}");
    assert!(!project.read(LIST).contains("upcoming"));
}

#[test]
fn refused_edits_name_the_line_and_the_reason() {
    let list = "- id: a\n  name: Alpha\n  purpose: P\n  data_categories: &d [C]\n  upcoming:\n    - {announced: 2026-05-12, effective: 2026-06-15, data_categories: [E]}\n- {id: b, name: Beta, purpose: P, data_categories: *d}\n";
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, list);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-12"]));
    let run = project.run(["release", "--apply-upcoming", "-m", "x", "--as-of", "2026-06-20"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("--> content/data/subprocessors.yaml:5:3"), "{run:?}");
    assert!(run.stderr.contains("of `Alpha` cannot be moved into its fields automatically"), "{run:?}");
    assert!(run.stderr.contains("an edit would change other text, such as that of an anchor"), "{run:?}");
    assert_eq!(project.read(LIST), list);
}

#[test]
fn comments_of_moved_lists_stay() {
    let list = BEFORE.to_owned()
        + "  upcoming:\n    - announced: 2026-05-12\n      effective: 2026-06-15\n      locations:\n        - DE # Frankfurt\n        - FR # Paris\n";
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, list);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-12"]));
    fine(&project.run(["release", "--apply-upcoming", "-m", "Applied.", "--as-of", "2026-06-20"]));
    let after = project.read(LIST);
    assert!(after.contains("DE # Frankfurt\n") && after.contains("FR # Paris\n"), "{after}");
}

#[test]
fn values_that_are_aliases_are_not_moved() {
    let item = |field: &str, entry: &str| {
        format!(
            "- id: mail\n  name: Mail\n  purpose: &p Email\n  data_categories: &d [Email address]\n  locations: [DE]\n{field}  upcoming:\n    - announced: 2026-05-12\n      effective: 2026-06-15\n      {entry}\n"
        )
    };
    for list in [
        item("", "duration: *p"),
        item("", "data_categories: *d"),
        item("  duration: *p\n", "duration: Long"),
        item("  duration: *p\n", "remove: [duration]"),
    ] {
        for list in [list.clone(), list.replace('\n', "\r\n")] {
            let site = format!("{SITE}rules: {{tag-or-anchor-in-value: warn}}\n");
            let project = Project::empty().file("content/site.yaml", site).file(LIST, &list);
            fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-12"]));
            let run = project.run(["release", "-m", "Moved", "--apply-upcoming", "--as-of", "2026-06-15"]);
            assert!(run.code == Some(1) && run.stderr.contains("upcoming-not-applied"), "{list}{run:?}");
            assert_eq!(project.read(LIST), list);
        }
    }
}

#[test]
fn a_replaced_release_moves_what_was_due_on_its_date() {
    let project = released();
    let list = project.read(LIST);
    // The entry takes effect on 2026-06-15, and the release that is replaced is of 2026-05-12.
    let run = project.run(["release", "--replace", "-m", "Again", "--apply-upcoming", "--as-of", "2026-06-16"]);
    fine(&run);
    assert_eq!(project.read(LIST), list);
    let record: Value = serde_json::from_str(&project.read("content/releases/2026-05-12.json")).expect("JSON");
    assert_eq!(record["published"], "2026-05-12");
    assert!(record["disclosure"]["subprocessors"][0]["upcoming"].is_array(), "{record}");
}

#[test]
fn a_change_that_was_in_effect_and_is_undone_took_effect() {
    let project = released();
    let undone = [BEFORE, &ANNOUNCED[ANNOUNCED.find("- id: chat").expect("the second item")..]].concat();
    let project = project.file(LIST, undone);
    fine(&project.run(["release", "-m", "Back to one region.", "--as-of", "2026-06-20"]));
    let run = project.run(["diff", "2026-05-12", "2026-06-20", "--format", "json", "--as-of", "2026-06-20"]);
    let diff: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let changes = diff["changes"].as_array().unwrap_or_else(|| panic!("{run:?}"));
    let item = changes.iter().find(|change| change["id"] == "mail").expect("a change of the item");
    let fields = item["fields"].as_array().expect("changes of its fields");
    let events: Vec<_> = fields.iter().filter_map(|field| field["event"].as_str()).collect();
    assert_eq!(events, ["took-effect"]);
    let locations = fields.iter().find(|field| field["field"] == "locations").expect("what was undone");
    assert_eq!((&locations["added"], &locations["removed"]), (&serde_json::json!([]), &serde_json::json!(["US"])));
}

#[test]
fn removal_on_the_last_day_cancels_nothing() {
    let ends = format!("{BEFORE}  announced: 2026-05-01\n  ends: 2026-06-15\n{FAX}");
    let project = Project::empty().file("content/site.yaml", SITE).file(LIST, ends);
    fine(&project.run(["release", "-m", "First", "--as-of", "2026-05-01"]));
    let project = project.file(LIST, FAX);
    fine(&project.run(["release", "-m", "Removed", "--as-of", "2026-06-15"]));
    fine(&project.run(["build", "--no-compress", "--as-of", "2026-06-15"]));
    let calendar = project.read("dist/notices.ics");
    assert!(calendar.contains("BEGIN:VEVENT") && !calendar.contains(concat!("CANCEL", "LED")), "{calendar}");
}

#[test]
fn a_notice_over_releases_names_the_one_that_stated_the_date() {
    let project = released();
    let list = project.read(LIST);
    let project = project.file(LIST, list.replace("purpose: Email", "purpose: Mail"));
    fine(&project.run(["release", "-m", "Other words.", "--as-of", "2026-05-14"]));
    let list = project.read(LIST);
    let project = project.file(LIST, list.replace("effective: 2026-06-15", "effective: 2026-07-15"));
    fine(&project.run(["release", "-m", "Later.", "--as-of", "2026-05-18"]));
    let list = project.read(LIST);
    let project = project.file(LIST, list.replace("name: Mail", "name: Mailer"));
    fine(&project.run(["release", "-m", "Renamed.", "--as-of", "2026-05-19"]));
    let text = project.run(["notice", "2026-05-01", "2026-05-19", "--as-of", "2026-05-19"]).stdout;
    let change = text.split("15 July 2026").next().expect("the moved change");
    assert!(text.contains("First published") && !change.contains("version 2026-05-14"), "{text}");
    assert!(text.contains("with version 2026-05-18"), "{text}");
}
