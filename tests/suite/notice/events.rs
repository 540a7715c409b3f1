//! What happens to announced changes is stated in every output: withdrawn with their item, announced with a new one, redacted in
//! part, or applied between two releases.

use serde_json::Value;

use super::{BEFORE, SITE, changes, fine, first, json, notice, then};
use crate::support::Project;

const FORMATS: [&str; 4] = ["text", "markdown", "html", "json"];

fn released(project: &Project, date: &str) {
    fine(&project.run(["release", "-m", "Because.", "--as-of", date]));
}

fn output(project: &Project, path: &str) -> String {
    project.read(&format!("dist/{path}"))
}

fn build(project: &Project, date: &str) {
    fine(&project.run(["build", "--no-compress", "--as-of", date]));
}

/// Returns the event summaries of a calendar that are canceled.
fn canceled(calendar: &str) -> usize {
    calendar.matches(concat!("STATUS:CANCEL", "LED")).count()
}

/// Checks that all outputs of the newest release contain these words.
#[track_caller]
fn stated_everywhere(project: &Project, old: &str, new: &str, words: &[&str]) {
    build(project, new);
    let mut texts: Vec<(String, String)> =
        ["changelog/index.html", "feed.xml", "feed.json"].map(|path| (path.to_owned(), output(project, path))).into();
    texts.push((format!("releases/{new}"), output(project, &format!("releases/{new}/index.html"))));
    texts
        .extend(FORMATS[..3].iter().map(|format| (format!("notice {format}"), notice(project, &["--format", format]))));
    for format in ["human", "markdown"] {
        texts.push((format!("diff {format}"), project.run(["diff", old, new, "--format", format]).stdout));
    }
    for (name, text) in texts {
        for word in words {
            assert!(text.to_lowercase().contains(&word.to_lowercase()), "{name}: {word}: {text}");
        }
    }
}

/// An announced item and the same without what was announced.
const WITHDRAWN: [(&str, &str, &str, &str, usize); 5] = [
    // A new subprocessor that does not start.
    (
        "subprocessors",
        "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-12, effective: 2026-07-01}\n",
        "",
        "withdrawn",
        2,
    ),
    // A listed one that is removed with its announced change.
    (
        "subprocessors",
        "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE], upcoming: [{announced: 2026-05-12, effective: 2026-07-01, locations: [FR]}]}\n",
        "",
        "withdrawn",
        2,
    ),
    // One that does not end.
    (
        "subprocessors",
        "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-12, ends: 2026-07-01}\n",
        "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE]}\n",
        "withdrawn",
        2,
    ),
    (
        "commitments",
        "- {id: b, plan: Beta, commitment: 99%, upcoming: [{announced: 2026-05-12, effective: 2026-07-01, commitment: 98%}]}\n",
        "",
        "withdrawn",
        2,
    ),
    (
        "documents",
        "- {id: b, title: Beta, kind: dpa, url: \"https://fjord-data.com/1\", upcoming: [{announced: 2026-05-12, effective: 2026-07-01, url: \"https://fjord-data.com/2\"}]}\n",
        "",
        "withdrawn",
        2,
    ),
];

#[test]
fn withdrawals_are_stated_in_every_output() {
    for (list, with, without, word, events) in WITHDRAWN {
        let file = format!("content/data/{list}.yaml");
        let kept = if list == "subprocessors" { BEFORE } else { "" };
        let project = first(BEFORE).file(&file, format!("{kept}{with}"));
        released(&project, "2026-05-12");
        assert_eq!(canceled(&notice(&project, &["--format", "ics"])), 0, "{with}");
        let rest = format!("{kept}{without}");
        let project = project.file(&file, if rest.is_empty() { "[]\n".to_owned() } else { rest });
        released(&project, "2026-05-20");
        stated_everywhere(&project, "2026-05-12", "2026-05-20", &["Beta", word, "1 July 2026"][..2]);
        for format in &FORMATS[..3] {
            assert!(notice(&project, &["--format", format]).contains("1 July 2026"), "{format}: {with}");
        }
        let found = json(&project, &[]);
        let all = found["changes"].as_array().expect("a list");
        assert!(all.iter().any(|change| change["event"] == "withdrawn"), "{with}: {found}");
        assert!(all.iter().all(|change| change["object_to"].is_null()), "{found}");
        assert_eq!(canceled(&notice(&project, &["--format", "ics"])), events, "{with}");
        assert_eq!(canceled(&output(&project, "notices.ics")), events, "{with}");
        let upcoming: Value = serde_json::from_str(&output(&project, "upcoming.json")).expect("JSON");
        assert_eq!(upcoming["changes"], serde_json::json!([]), "{with}");
        // It was never in use, or is still in use.
        assert!(
            !output(&project, "subprocessors/index.html").contains("Former subprocessors") || with.contains("upcoming"),
            "{with}"
        );
    }
}

#[test]
fn new_items_state_the_changes_that_they_announce() {
    for (list, item) in [
        (
            "documents",
            "- {id: b, title: Beta, kind: dpa, url: \"https://fjord-data.com/1\", upcoming: [{id: v, announced: 2026-05-12, effective: 2026-07-01, url: \"https://fjord-data.com/2\"}]}\n",
        ),
        (
            "commitments",
            "- {id: b, plan: Beta, commitment: 99%, upcoming: [{id: v, announced: 2026-05-12, effective: 2026-07-01, commitment: 98%}]}\n",
        ),
        (
            "subprocessors",
            "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-12, effective: 2026-06-15, upcoming: [{id: v, announced: 2026-05-12, effective: 2026-07-01, locations: [FR]}]}\n",
        ),
    ] {
        let kept = if list == "subprocessors" { BEFORE } else { "" };
        let project = first(BEFORE).file(&format!("content/data/{list}.yaml"), format!("{kept}{item}"));
        released(&project, "2026-05-12");
        stated_everywhere(&project, "2026-05-01", "2026-05-12", &["Beta", "announced", "1 July 2026", "27 May 2026"]);
        let found = changes(&json(&project, &[]));
        assert!(found.contains(&"b announced v 2026-05-27 2026-07-01".to_owned()), "{found:?}");
        assert_eq!(found.len(), if list == "subprocessors" { 2 } else { 1 }, "{found:?}");
    }
}

#[test]
fn entries_are_compared_with_the_item_just_before_they_take_effect() {
    let entries = "  upcoming:
    - {id: one, announced: 2026-05-12, effective: 2026-06-15, locations: [DE, FR]}
    - {id: two, announced: 2026-05-12, effective: 2026-07-15, locations: [FR]}
    - {id: four, announced: 2026-05-12, effective: 2026-08-15, locations: [FR, IE, SE]}
    - {id: three, announced: 2026-05-11, effective: 2026-08-15, locations: [FR, IE]}
";
    let project = then(first(BEFORE), "2026-05-12", &format!("{BEFORE}{entries}"));
    build(&project, "2026-05-12");
    let expected = [
        ("one", &["France"][..], &[][..]),
        ("two", &[], &["Germany"]),
        ("three", &["Ireland"], &[]),
        ("four", &["Sweden"], &[]),
    ];
    let upcoming: Value = serde_json::from_str(&output(&project, "upcoming.json")).expect("JSON");
    let reported = json(&project, &[]);
    let compared = project.run(["diff", "2026-05-01", "2026-05-12", "--format", "json"]);
    let compared: Value = serde_json::from_str(&compared.stdout).expect("JSON");
    let of = |all: &Value, entry: &str, fields: &str| -> Value {
        let found = all.as_array().expect("a list").iter().find(|change| change["entry"] == entry).cloned();
        found.unwrap_or_else(|| panic!("{entry}: {all}"))[fields][0].clone()
    };
    let codes = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .map(|name| name[..2].to_uppercase().replace("GE", "DE").replace("SW", "SE").replace("IR", "IE"))
            .collect()
    };
    for (entry, added, removed) in expected {
        for change in [
            of(&upcoming["changes"], entry, "changes"),
            of(&reported["changes"], entry, "fields"),
            of(&compared["changes"][0]["fields"], entry, "changes"),
        ] {
            assert_eq!(change["added"], serde_json::json!(codes(added)), "{entry}");
            assert_eq!(change["removed"], serde_json::json!(codes(removed)), "{entry}");
        }
    }
    // The copy and the calendar are in the order in which they take effect.
    let order = ["15 June 2026", "15 July 2026", "15 August 2026"];
    for text in [output(&project, "index.md"), output(&project, "subprocessors/index.html")] {
        let at: Vec<_> = order.iter().map(|date| text.find(date).expect("a date")).collect();
        assert!(at.is_sorted(), "{text}");
    }
}

/// A redaction inside an announced change hides only what it withholds.
#[test]
fn redacted_values_do_not_hide_the_announcement() {
    let entry = "  upcoming:\n    - id: u\n      announced: 2026-05-12\n      effective: 2026-06-15\n      locations: [DE, FR]\n";
    let note = "      note: Ask Jane Doe.\n";
    let second = "    - {id: v, announced: 2026-05-20, effective: 2026-08-01, purpose: Email and SMS}\n";
    for also in ["", second] {
        let project = then(first(BEFORE), "2026-05-12", &format!("{BEFORE}{entry}{note}"));
        let before = changes(&json(&project, &[]));
        let project = project.file(super::LIST, format!("{BEFORE}{entry}{also}"));
        let pointer = "/disclosure/subprocessors/mail/upcoming/0/note";
        fine(&project.run(["redact", "2026-05-12", pointer, "--reason", "Personal data", "--as-of", "2026-05-20"]));
        released(&project, "2026-05-20");
        // The announcing release states what it stated, without the name.
        assert_eq!(changes(&json(&project, &["2026-05-01", "2026-05-12"])), before);
        let whole = notice(&project, &["2026-05-01", "2026-05-20"]);
        assert!(whole.contains("15 June 2026") && whole.contains("27 May 2026") && !whole.contains("Jane"), "{whole}");
        for format in ["human", "markdown", "json"] {
            let run = project.run(["diff", "2026-05-01", "2026-05-12", "--format", format]);
            assert!(run.stdout.contains("redacted") && !run.stdout.contains("Jane"), "{format}: {}", run.stdout);
            let date = if format == "json" { "2026-06-15" } else { "15 June 2026" };
            assert!(run.stdout.contains(date), "{format}: {}", run.stdout);
        }
        // The redaction itself needs no notice; what else the release announces does.
        if also.is_empty() {
            assert!(notice(&project, &[]).starts_with("no change from 2026-05-12 to 2026-05-20"));
        } else {
            assert_eq!(changes(&json(&project, &[])), ["mail announced v 2026-06-04 2026-08-01"]);
        }
        build(&project, "2026-05-20");
        assert!(output(&project, "upcoming.json").contains("\"object_by\": \"2026-05-27\""));
    }
}

#[test]
fn a_span_over_an_applied_change_states_its_announcement() {
    let entry = "  upcoming:\n    - {id: fr, announced: 2026-05-12, effective: 2026-06-15, locations: [DE, FR]}\n";
    let project = then(first(BEFORE), "2026-05-12", &format!("{BEFORE}{entry}"));
    fine(&project.run(["release", "--apply-upcoming", "-m", "Applied.", "--as-of", "2026-06-20"]));
    let as_of = ["--as-of", "2026-06-20"];
    let span = [&["2026-05-01", "2026-06-20"][..], &as_of].concat();
    let found = json(&project, &span);
    assert_eq!(changes(&found), ["mail took-effect fr 2026-05-27 2026-06-15"], "{found}");
    let text = notice(&project, &span);
    for part in ["12 May 2026", "27 May 2026", "15 June 2026", "France"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // The release that applies it gives no second notice.
    assert!(notice(&project, &as_of).starts_with("no change from 2026-05-12 to 2026-06-20"));
    // A provider that has started keeps its deadline in a comparison.
    let started = "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-12, effective: 2026-06-15}\n";
    let project = then(
        then(first(BEFORE), "2026-05-12", &format!("{BEFORE}{started}")),
        "2026-06-20",
        &format!("{BEFORE}{started}- {{id: c, name: C, purpose: P, announced: 2026-06-20, effective: 2026-08-20}}\n"),
    );
    let run = project.run(["diff", "2026-05-01", "2026-06-20", "--as-of", "2026-06-20"]);
    assert!(run.stdout.contains("27 May 2026"), "{}", run.stdout);
}

#[test]
fn services_that_do_not_apply_are_left_out() {
    let list = |one: &str, two: &str| format!("- id: a\n  name: Alpha\n  purpose: P\n{one}{two}",);
    let services = |indent: &str, data: &str, places: &str| {
        format!(
            "{indent}services:\n{indent}  - {{name: S1, purpose: X, data_categories: [{data}], locations: [{places}], condition: {{feature: Chat}}}}\n{indent}  - {{name: S2, purpose: Y, data_categories: [D2], locations: [FR]}}\n"
        )
    };
    let now = services("  ", "D1", "DE");
    let later = services("      ", "D1, D9", "DE, {code: IT, condition: {region: US}}");
    let entry = format!("  upcoming:\n    - id: u\n      announced: 2026-05-12\n      effective: 2026-07-01\n{later}");
    let project = then(first(&list(&now, "")), "2026-05-12", &list(&now, &entry));
    for (selection, words, absent) in [
        ("region=EU", &[][..], &["D9", "Italy"][..]),
        ("Chat,region=EU", &["D9"], &["Italy"]),
        ("Chat,region=US", &["D9", "Italy"], &[]),
    ] {
        let text = notice(&project, &["--for", selection]);
        let annex = project.run(["schedule", "--for", selection, "--as-of", "2026-07-01", "--format", "csv"]);
        fine(&annex);
        assert_eq!(text.starts_with("no change"), words.is_empty(), "{selection}: {text}");
        for text in [&text, &annex.stdout] {
            assert!(words.iter().all(|word| text.contains(word)), "{selection}: {text}");
            assert!(absent.iter().all(|word| !text.contains(word)), "{selection}: {text}");
        }
    }
}

#[test]
fn site_without_terms_still_states_withdrawals() {
    let site = SITE.split("notice:").next().expect("text").to_owned() + "base_url: https://trust.fjord-data.com\n";
    let project = Project::empty().file("content/site.yaml", site).file(super::LIST, BEFORE);
    released(&project, "2026-05-01");
    let new = "- {id: b, name: Beta, purpose: P, announced: 2026-05-12, effective: 2026-07-01}\n";
    let project = project.file(super::LIST, format!("{BEFORE}{new}"));
    released(&project, "2026-05-12");
    let project = project.file(super::LIST, BEFORE);
    released(&project, "2026-05-20");
    assert_eq!(changes(&json(&project, &[])), ["b withdrawn start - -"]);
}

/// Every output has the same notion of which subprocessors are current.
#[test]
fn outputs_agree_on_who_is_current() {
    let listed = format!(
        "{BEFORE}- {{id: b, name: Beta, purpose: P, data_categories: [D], locations: [FR], announced: 2026-05-01, ends: 2026-06-30}}\n"
    );
    let section = "---\ntitle: Providers\nshow: subprocessors\n---\nText.\n";
    let project = Project::empty()
        .file("content/site.yaml", SITE)
        .file(super::LIST, listed)
        .file("content/sections/10-p.md", section);
    released(&project, "2026-05-01");
    for (date, is_current) in [("2026-06-30", true), ("2026-07-01", false), ("2027-01-01", false)] {
        build(&project, date);
        let count = format!("Subprocessors</a></dt><dd class=\"figure\">{}</dd>", if is_current { 2 } else { 1 });
        assert!(output(&project, "index.html").contains(&count), "{date}");
        assert_eq!(output(&project, "index.md").contains("Beta"), is_current, "{date}");
        let page = output(&project, "subprocessors/index.html");
        let (current, former) = page.split_once("id=\"former\"").unwrap_or((&page, ""));
        let table = current.split_once("<table").expect("a table").1;
        assert_eq!(table.contains("Beta"), is_current, "{date}");
        assert_eq!(former.contains("Beta") && former.contains("30 June 2026"), !is_current, "{date}");
        let json: Value = serde_json::from_str(&output(&project, "subprocessors.json")).expect("JSON");
        let state = json["subprocessors"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|item| item["id"] == "b")
            .map(|item| item["state"].clone());
        assert_eq!(state, Some(if is_current { "current" } else { "ended" }.into()), "{date}");
        let annex = project.run(["schedule", "--as-of", date, "--format", "csv"]).stdout;
        assert_eq!(annex.contains("Beta"), is_current, "{date}");
    }
}

/// An announced document is a link wherever the change is stated.
#[test]
fn announced_documents_are_linked() {
    let pdf = "%PDF-1.4\n";
    let document = "- id: dpa\n  title: DPA\n  kind: dpa\n  file: documents/one.pdf\n";
    let entry = "  upcoming:\n    - {announced: 2026-05-12, effective: 2026-07-01, file: documents/new one.pdf}\n";
    let project = first(BEFORE)
        .file("static/documents/one.pdf", pdf)
        .file("static/documents/new one.pdf", format!("{pdf}2"))
        .file("content/data/documents.yaml", document);
    released(&project, "2026-05-02");
    let project = project.file("content/data/documents.yaml", format!("{document}{entry}"));
    released(&project, "2026-05-12");
    build(&project, "2026-05-12");
    let path = "documents/new%20one.pdf";
    let page = output(&project, "index.html");
    assert!(page.contains(&format!("{path}\">View the announced document</a>")), "{page}");
    assert!(output(&project, "index.md").contains(path));
    for format in &FORMATS[..3] {
        let text = notice(&project, &["--format", format]);
        assert!(text.contains(&format!("https://trust.fjord-data.com/{path}")), "{format}: {text}");
    }
}

/// The head of the front page names the change that takes effect first, and another one if its deadline is next.
#[test]
fn head_names_the_next_change_and_the_next_deadline() {
    let mut list = BEFORE.to_owned();
    for (id, announced, effective) in [("late", "2026-05-12", "2026-09-01"), ("early", "2026-05-12", "2026-08-01")] {
        list += &format!("- {{id: {id}, name: {id}, purpose: P, announced: {announced}, effective: {effective}}}\n");
    }
    let project = then(first(BEFORE), "2026-05-12", &list);
    let later = format!("{list}- {{id: open, name: open, purpose: P, announced: 2026-05-26, effective: 2026-10-01}}\n");
    let project = then(project, "2026-05-26", &later);
    for (date, other) in
        [("2026-05-27", None), ("2026-05-28", Some("open: object by 9 June 2026")), ("2026-06-30", None)]
    {
        build(&project, date);
        let page = output(&project, "index.html");
        let head = page.split_once("Next change").expect("the head").1.split_once("</div>").expect("an end").0;
        assert!(head.contains("<dd>early: ") && head.contains("2 more upcoming changes"), "{date}: {head}");
        assert_eq!(head.contains("open"), other.is_some(), "{date}: {head}");
        assert!(other.is_none_or(|other| head.contains(other)), "{date}: {head}");
    }
}

/// An announcement of each kind, its effect and the removal after it, in one notice.
#[test]
fn a_span_over_several_releases_states_each_change_as_announced() {
    let mail = "- {id: mail, name: Old Mail, purpose: P, data_categories: [D], locations: [DE]";
    let new = "- {id: new, name: New Mail, purpose: P, data_categories: [D], locations: [DE], announced: 2026-05-12, effective: 2026-07-15, replaces: mail}\n";
    let commitment = "content/data/commitments.yaml";
    let plan = "- id: paid\n  plan: Paid\n  commitment: In a day\n";
    let project = Project::empty().file("content/site.yaml", SITE).file(commitment, plan);
    let project = project.file(super::LIST, format!("{mail}}}\n"));
    released(&project, "2026-05-01");
    let project = project.file(
        commitment,
        format!("{plan}  upcoming:\n    - {{announced: 2026-05-12, effective: 2026-07-20, commitment: In an hour}}\n"),
    );
    let project = then(project, "2026-05-12", &format!("{mail}, announced: 2026-05-12, ends: 2026-07-31}}\n{new}"));
    fine(&project.run(["release", "--apply-upcoming", "-m", "Applied.", "--as-of", "2026-08-01"]));
    let project = then(project, "2026-08-02", new);
    let found = json(&project, &["2026-05-01", "2026-08-02", "--as-of", "2026-08-02"]);
    assert_eq!(
        changes(&found),
        [
            "paid took-effect 2026-05-12 2026-05-27 2026-07-20",
            "mail end-stated end 2026-05-27 2026-07-31",
            "new added start 2026-05-27 2026-07-15",
        ],
        "{found}"
    );
    let text = found["text"].as_str().expect("text");
    assert_eq!(text.matches("First published: 12 May 2026 (with version 2026-05-12)").count(), 3, "{text}");
    assert!(!found["subject"].as_str().expect("a subject").contains("object by"), "{found}");
    assert!(text.contains("from version 2026-05-01 to version 2026-08-02"), "{text}");
    assert!(text.contains("Replaces Old Mail") && !text.contains("In effect"), "{text}");
    assert!(!text.contains("Object to this change") && found["how_to_object"].is_null(), "{text}");
    // The page of the release names what it replaces, too.
    build(&project, "2026-08-02");
    let page = output(&project, "subprocessors/index.html");
    assert!(page.contains("<dd>Old Mail</dd>") && !page.contains("<dd>mail</dd>"), "{page}");
}

/// A subprocessor that is removed before its stated end was listed until then, and the deadline no longer counts.
#[test]
fn an_early_removal_ends_what_was_announced() {
    let item = "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE]";
    let other = "- {id: a, name: A, purpose: P, data_categories: [D], locations: [DE]}\n";
    let project = first(&format!("{other}{item}}}\n"));
    let project = then(project, "2026-05-12", &format!("{other}{item}, announced: 2026-05-12, ends: 2026-07-31}}\n"));
    let project = then(project, "2026-05-20", other);
    build(&project, "2026-05-20");
    let page = output(&project, "subprocessors/index.html");
    let former = page.split_once("Former subprocessors").expect("a table").1;
    assert!(former.contains("20 May 2026") && !former.contains("31 July 2026"), "{former}");
    let calendar = output(&project, "notices.ics").replace("\r\n ", "");
    let event = |uid: &str| calendar.split("BEGIN:VEVENT").find(|event| event.contains(uid)).expect("an event");
    let (deadline, end) = (event("/end/object-by"), event("/end/effective"));
    assert_eq!((canceled(deadline), canceled(end)), (1, 0), "{calendar}");
    assert!(deadline.contains("SEQUENCE:1") && end.contains("DTSTART;VALUE=DATE:20260520"), "{calendar}");
}

/// Facts of a provider that has not started yet change: every output has the dates of its start, and the name of what it replaces.
#[test]
fn single_facts_of_a_provider_to_come_state_its_dates() {
    let item = |more: &str, effective: &str| {
        format!(
            "{BEFORE}- {{id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE{more}], announced: 2026-05-12, effective: {effective}}}\n"
        )
    };
    let project = then(first(BEFORE), "2026-05-12", &item("", "2026-07-15"));
    let project = then(project, "2026-05-14", &item(", FR", "2026-07-15"));
    let dates = ["Not started yet", "effective 15 July 2026, announced 12 May 2026, object by 29 May 2026"];
    // The notice states them as facts.
    let outputs = |project: &Project, [old, new]: [&str; 2]| {
        build(project, new);
        let mut texts: Vec<(String, String)> = ["changelog/index.html", "feed.xml", "feed.json"]
            .map(|path| (path.to_owned(), output(project, path)))
            .into();
        texts.push(("release".to_owned(), output(project, &format!("releases/{new}/index.html"))));
        for format in ["human", "markdown"] {
            texts.push((format.to_owned(), project.run(["diff", old, new, "--format", format]).stdout));
        }
        texts
    };
    for (name, text) in outputs(&project, ["2026-05-12", "2026-05-14"]) {
        assert!(dates.iter().all(|part| text.to_lowercase().contains(&part.to_lowercase())), "{name}: {text}");
    }
    let data: Value =
        serde_json::from_str(&project.run(["diff", "2026-05-12", "2026-05-14", "--format", "json"]).stdout)
            .expect("JSON");
    assert_eq!(
        data["changes"][0]["start"],
        serde_json::json!({"announced": "2026-05-12", "effective": "2026-07-15"}),
        "{data}"
    );
    // A replacement is named although the other subprocessor did not change.
    let replaces = item(", FR", "2026-07-15").replace("purpose: P, data", "purpose: P, replaces: mail, data");
    let project = then(project, "2026-05-15", &replaces);
    for (name, text) in outputs(&project, ["2026-05-14", "2026-05-15"]) {
        let text = text.replace("\\", "").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
        assert!(text.contains("Mail") && text.contains("object by 29 May 2026"), "{name}: {text}");
    }
    let text = notice(&project, &[]);
    assert!(text.contains("Replaces: + Mail <Co>"), "{text}");
    build(&project, "2026-05-15");
    assert!(output(&project, "compare/index.html").contains("\"names\":{\"b\":\"Beta\",\"mail\":\"Mail"));
    let added = first(BEFORE);
    let added = then(added, "2026-05-15", &replaces);
    let diff = added.run(["diff", "2026-05-01", "2026-05-15"]).stdout;
    assert!(diff.contains("replaces Mail <Co>"), "{diff}");
}

/// A start whose facts change and whose date moves in one release is one change of the notice.
#[test]
fn a_start_that_changes_and_moves_is_listed_once() {
    let item = |place: &str, dates: &str| {
        format!("{BEFORE}- {{id: b, name: Beta, purpose: P, data_categories: [D], locations: [{place}]{dates}}}\n")
    };
    let announced = || then(first(BEFORE), "2026-05-12", &item("DE", ", announced: 2026-05-12, effective: 2026-07-01"));
    for (effective, stated) in [("2026-08-01", "1 August 2026"), ("2026-06-20", "20 June 2026")] {
        let project = then(
            announced(),
            "2026-05-20",
            &item("DE, FR", &format!(", announced: 2026-05-20, effective: {effective}")),
        );
        let found = json(&project, &[]);
        assert_eq!(changes(&found), [format!("b start-moved start 2026-06-04 {effective}")], "{found}");
        for format in &FORMATS[..3] {
            let text = notice(&project, &["--format", format]);
            let text = text.replace('\\', "");
            for part in [&format!("{stated} (instead of 1 July 2026)"), "France", "20 May 2026", "4 June 2026"] {
                assert!(text.contains(part), "{format}: {part}: {text}");
            }
            assert_eq!(text.matches("Start rescheduled").count(), 1, "{format}: {text}");
        }
        let calendar = notice(&project, &["--format", "ics"]).replace("\r\n ", "");
        assert!(calendar.contains(&format!("{stated} (instead of 1 July 2026)")), "{calendar}");
    }
    // Without a start, it is in use.
    let project = then(announced(), "2026-05-20", &item("DE, FR", ""));
    let found = json(&project, &[]);
    assert_eq!(changes(&found), ["b effective-moved-earlier start - 2026-05-20"], "{found}");
    let text = found["text"].as_str().expect("text");
    assert!(text.contains("Announced for: 1 July 2026") && text.contains("France"), "{text}");
    let calendar = notice(&project, &["--format", "ics"]).replace("\r\n ", "");
    assert!(calendar.contains("Beta: Announced change took effect early"), "{calendar}");
    assert!(calendar.contains("20 May 2026 (instead of 1 July 2026)"), "{calendar}");
}

/// The calendar says that an end came early, was moved or was withdrawn, as the notice does.
#[test]
fn calendar_says_what_became_of_an_end() {
    let item = "- {id: b, name: Beta, purpose: P, data_categories: [D], locations: [DE]";
    let cases = [
        (
            format!("{item}, announced: 2026-05-12, ends: 2026-06-30}}\n"),
            "Beta: Ends",
            "30 June 2026 (instead of 31 July 2026)",
            true,
        ),
        (String::new(), "Beta: Subprocessor removed", "20 May 2026 (instead of 31 July 2026)", false),
        (format!("{item}}}\n"), "Beta: Announced end withdrawn", "31 July 2026", false),
    ];
    for (later, what, date, is_open) in cases {
        let project = first(&format!("{BEFORE}{item}}}\n"));
        let project =
            then(project, "2026-05-12", &format!("{BEFORE}{item}, announced: 2026-05-12, ends: 2026-07-31}}\n"));
        let project = then(project, "2026-05-20", &format!("{BEFORE}{later}"));
        build(&project, "2026-05-20");
        for calendar in [output(&project, "notices.ics"), notice(&project, &["--format", "ics"])] {
            let calendar = calendar.replace("\r\n ", "");
            assert!(calendar.contains(what) && calendar.contains(date), "{what}: {calendar}");
            assert_eq!(calendar.contains("\\nObject by: "), is_open, "{what}: {calendar}");
        }
    }
}

/// A notice over several releases does not state the announced date of a change that took effect before it.
#[test]
fn a_span_over_an_early_change_states_when_it_took_effect() {
    let item = |place: &str, more: &str| {
        format!("{BEFORE}- {{id: b, name: Beta, purpose: P, data_categories: [D], locations: [{place}]{more}}}\n")
    };
    let entry = ", upcoming: [{id: v, announced: 2026-05-12, effective: 2026-07-01, locations: [DE, FR]}]";
    let project = then(first(&item("DE", "")), "2026-05-12", &item("DE", entry));
    let project = then(project, "2026-05-20", &item("DE, FR", ""));
    let found = json(&project, &["2026-05-01", "2026-05-20"]);
    // The calendar cancels its deadline, too.
    assert_eq!(changes(&found), ["b effective-moved-earlier v - 2026-05-20"], "{found}");
    let text = found["text"].as_str().expect("text");
    assert!(text.contains("Effective from: 20 May 2026 (instead of 1 July 2026)"), "{text}");
}
