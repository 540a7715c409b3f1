//! Services of a subprocessor, each with a purpose, data, places and a condition of its own, in every output.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::Project;

const SITE: &str = "\
title: Trust
organization: {name: Example, jurisdiction: eu}
dimensions: {region: [EU, US]}
";

const LIST: &str = "\
- id: messages
  name: Messages
  purpose: Communication with customers
  data_categories: [Name]
  locations: [IE]
  transfer_mechanism: [{mechanism: dpf, to: [US]}]
  services:
    - name: Mail
      purpose: Email
      data_categories: [Email address, Name]
      locations: [DE]
    - name: SMS
      purpose: Text messages
      data_categories: [Phone number]
      condition: {feature: SMS}
      website: https://sms.myexample.com
      locations: [{code: US, place: Ohio}, {code: IN, condition: {region: US}}]
      transfer_mechanism: [{mechanism: scc, to: [IN]}]
      retention: 7 days
- id: optional
  name: Optional
  purpose: Extras
  services:
    - {name: Calls, data_categories: [Voice], locations: [FR], condition: {feature: Calls}}
    - {name: Fax, data_categories: [Pages], locations: [IE], condition: {all: [{feature: Fax}, {region: EU}]}}
- {id: plain, name: Plain, purpose: Hosting, data_categories: [Logs], locations: [DE]}
";

fn project() -> Project {
    Project::new()
        .file("content/site.yaml", SITE)
        .file("content/data/subprocessors.yaml", LIST)
        .file("content/sections/10-subprocessors.md", "---\ntitle: Subprocessors\nshow: subprocessors\n---\n")
}

fn built() -> Project {
    let project = project();
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let build = project.run(["build", "--no-compress"]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    project
}

/// Returns the rows of a CSV file, by the names of the columns.
fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes()).deserialize().collect::<Result<_, _>>().expect("CSV")
}

#[test]
fn csv_has_one_row_for_each_service() {
    let rows = rows(&built().read("dist/subprocessors.csv"));
    let cells = |columns: &[&str]| -> Vec<String> {
        rows.iter().map(|row| columns.iter().map(|name| row[*name].as_str()).collect::<Vec<_>>().join(" | ")).collect()
    };
    assert_eq!(
        cells(&["id", "service", "purpose", "data_categories", "locations", "applies"]),
        [
            "messages | Mail | Email | Name; Email address | IE; DE | Always",
            "messages | SMS | Text messages | Name; Phone number | IE; US; IN | Only with SMS",
            "optional | Calls | Extras | Voice | FR | Only with Calls",
            "optional | Fax | Extras | Pages | IE | Only with Fax and for region EU",
            "plain |  | Hosting | Logs | DE | Always",
        ]
    );
    assert_eq!(rows[1]["transfers"], "dpf: US; scc: IN");
    assert_eq!((rows[1]["retention"].as_str(), rows[0]["retention"].as_str()), ("7 days", ""));
    assert_eq!(rows[1]["website"], "https://sms.myexample.com");
}

#[test]
fn json_has_the_union_and_each_service() {
    let json: Value = serde_json::from_str(&built().read("dist/subprocessors.json")).expect("JSON");
    let [messages, optional, plain] = json["subprocessors"].as_array().expect("a list").as_slice() else { panic!() };
    assert_eq!(messages["data_categories"], json!(["Name", "Email address", "Phone number"]));
    assert_eq!(messages["locations"], json!(["IE", "DE", "US", "IN"]));
    assert_eq!((&messages["applies"], messages.get("condition")), (&json!("Always"), None));
    assert_eq!(
        messages["services"][1]["locations"],
        json!([{ "code": "US", "place": "Ohio" }, { "code": "IN", "condition": { "region": "US" } }])
    );
    assert_eq!(messages["services"][1]["name"], "SMS");
    assert_eq!(messages["transfers"].as_array().map(Vec::len), Some(2));
    assert_eq!(optional["applies"], "Only with Calls or (with Fax and for region EU)");
    assert!(optional["condition"]["any"].is_array() && plain.get("services").is_none());
}

#[test]
fn page_and_copy_state_every_field_of_every_service() {
    let project = built();
    let html = project.read("dist/subprocessors/index.html");
    let (_, row) = html.split_once("<tr id=\"messages\">").expect("the row");
    let row = row.split("</tr>").next().expect("its cells");
    for text in [
        "<li>Mail: Email</li>",
        "<li>SMS: Text messages (only with SMS)</li>",
        "<li>Phone number</li>",
        "United States (Ohio; only with SMS)",
        "https://sms.myexample.com",
        "Retention: 7 days",
        "Data categories: Phone number",
    ] {
        assert!(row.contains(text), "{text}: {row}");
    }
    assert!(html.contains("Only with Calls or (with Fax and for region EU)"), "{html}");
    let copy = project.read("dist/index.md");
    let line = copy.lines().find(|line| line.starts_with("| Messages |")).expect("a row");
    for text in ["Mail: Email; SMS: Text messages", "Name; Email address; Phone number", "Germany"] {
        assert!(line.contains(text), "{text}: {line}");
    }
}

#[test]
fn schedule_lists_only_the_services_that_apply() {
    let project = built();
    let schedule = |arguments: &[&str]| -> (Vec<BTreeMap<String, String>>, String) {
        let run = |format: &str| {
            let run = project.run([&["schedule"], arguments, &["--format", format]].concat());
            assert_eq!(run.code, Some(0), "{run:?}");
            run.stdout
        };
        let (markdown, html) = (run("markdown"), run("html"));
        (rows(&run("csv")), markdown + &html)
    };
    let names = |rows: &[BTreeMap<String, String>]| rows.iter().map(|row| row["Provider"].clone()).collect::<Vec<_>>();
    let (all, _) = schedule(&[]);
    assert_eq!(names(&all), ["Messages", "Plain"]);
    let (none, text) = schedule(&["--for", "region=EU", "--features", ""]);
    assert_eq!(names(&none), ["Messages", "Plain"]);
    assert_eq!(
        (none[0]["Services"].as_str(), none[0]["Data processed"].as_str()),
        ("Mail: Email", "Name; Email address")
    );
    assert!(!text.contains("Phone number") && !text.contains("SMS") && !text.contains("India"), "{text}");
    let (sms, text) = schedule(&["--for", "region=EU", "--features", "SMS"]);
    assert_eq!(sms[0]["Services"], "Mail: Email; SMS: Text messages (only with SMS)");
    assert!(sms[0]["Location"].contains("United States") && !sms[0]["Location"].contains("India"), "{sms:?}");
    assert!(text.contains("Phone number") && !text.contains("India"), "{text}");
    assert_eq!(sms[0]["Transfer mechanism"], "EU-US Data Privacy Framework (Art. 45 GDPR) for United States");
    let (us, _) = schedule(&["--for", "region=US", "--features", "SMS", "--features", "Fax"]);
    assert!(us[0]["Location"].contains("India") && names(&us) == ["Messages", "Plain"], "{us:?}");
    assert!(
        us[0]["Transfer mechanism"].contains("SMS: Standard contractual clauses (Art. 46 GDPR) for India"),
        "{us:?}"
    );
    let (fax, _) = schedule(&["--for", "region=EU", "--features", "Fax"]);
    assert_eq!(names(&fax), ["Messages", "Optional", "Plain"]);
    assert_eq!((fax[1]["Services"].contains("Calls"), fax[1]["Data processed"].as_str()), (false, "Pages"));
}

#[test]
fn changes_name_their_service() {
    let project = built();
    let diff = |list: &str| -> (String, Value) {
        std::fs::write(project.path("content/data/subprocessors.yaml"), list).expect("a file");
        let json = project.run(["diff", "--format", "json"]).stdout;
        (project.run(["diff"]).stdout, serde_json::from_str(&json).expect("JSON"))
    };
    let (text, json) = diff(&LIST.replace("[Phone number]", "[Phone number, Content]"));
    assert!(text.contains("SMS: data categories") && text.contains("Content") && !text.contains("Mail"), "{text}");
    assert_eq!(json["notice"], true);
    // What another service processed before is not new.
    let (_, json) = diff(&LIST.replace("[Phone number]", "[Phone number, Email address]"));
    assert_eq!((json["changes"].as_array().map(Vec::len), &json["notice"]), (Some(1), &json!(false)));
    let (_, json) = diff(&LIST.replace("locations: [DE]\n    - name: SMS", "locations: [DE, IE]\n    - name: SMS"));
    assert_eq!(json["notice"], false, "{json:#}");
    let (text, json) =
        diff(&LIST.replace("    - name: Mail\n      purpose: Email\n", "    - name: Letters\n      purpose: Email\n"));
    assert!(text.contains("Letters") && text.contains("Mail"), "{text}");
    assert_eq!(json["notice"], true);
}

#[test]
fn rules_apply_to_services() {
    let check = |list: &str| project().file("content/data/subprocessors.yaml", list).run(["check"]).stderr;
    let report = check(LIST);
    assert!(
        !report.contains("transfer-mechanism-missing")
            && !report.contains("location-missing")
            && !report.contains("data-categories-missing"),
        "{report}"
    );
    // The mechanism of one service does not cover the others.
    let report = check(&LIST.replace("locations: [FR]", "locations: [FR, IN]"));
    assert!(report.contains("transfer-mechanism-missing") && report.contains("India (IN)"), "{report}");
    let report = check(&LIST.replace("{feature: SMS}", "{regoin: US}"));
    assert!(report.contains("condition-undeclared") && report.contains("did you mean `region`?"), "{report}");
    let report = check(&LIST.replace("name: SMS", "name: mail"));
    assert!(report.contains("duplicate-entry") && report.contains("appears twice: `mail`"), "{report}");
    let bare = "- {id: a, name: A, purpose: P, services: [{name: S}]}\n";
    let report = check(bare);
    assert!(report.contains("data-categories-missing") && report.contains("location-missing"), "{report}");
}
