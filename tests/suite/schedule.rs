//! The subprocessor annex for one customer: the selection rules, shared with the script of the page, and the command.

use std::process::{Command, Output};

use candor::model::{Condition, CustomerChoice, Date, Dimensions, Subprocessor, Territory, Transfers};
use candor::schedule::{applies, named_features};
use serde_json::Value;

use crate::support::Project;

#[test]
fn selection_matches_the_shared_test_vectors() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/schedule.json")).expect("vectors");
    assert!(vectors.len() >= 4);
    for vector in vectors {
        let date: Date = serde_json::from_value(vector["date"].clone()).expect("a date");
        let features: Vec<String> = serde_json::from_value(vector["features"].clone()).expect("features");
        let choice = CustomerChoice { features, ..CustomerChoice::default() };
        let applying: Vec<String> = vector["subprocessors"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| {
                let mut item = item.clone();
                item["name"] = item["id"].clone();
                item["purpose"] = "p".into();
                item["data_categories"] = vec!["d"].into();
                serde_json::from_value::<Subprocessor>(item).expect("a subprocessor")
            })
            .filter(|item| applies(item, &choice, &Dimensions::default(), date))
            .map(|item| item.id.to_string())
            .collect();
        assert_eq!(serde_json::to_value(applying).expect("JSON"), vector["applies"], "{}", vector["name"]);
    }
}

#[test]
fn conditions_match_the_shared_test_vectors() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/conditions.json")).expect("vectors");
    assert!(vectors.len() >= 30);
    for vector in vectors {
        let part = |key: &str| vector[key].clone();
        let condition: Condition = serde_json::from_value(part("condition")).expect("a condition");
        let dimensions: Dimensions = serde_json::from_value(part("dimensions")).expect("dimensions");
        let choice = CustomerChoice {
            features: serde_json::from_value(part("features")).expect("features"),
            dimensions: serde_json::from_value(part("answers")).expect("answers"),
        };
        assert_eq!(Value::from(condition.may_hold(&choice, &dimensions)), vector["listed"], "{}", vector["name"]);
    }
}

#[test]
fn transfers_match_the_shared_test_vectors() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/transfers.json")).expect("vectors");
    assert!(vectors.len() >= 9);
    for vector in vectors {
        let transfers: Option<Transfers> =
            vector.get("transfer_mechanism").map(|stated| serde_json::from_value(stated.clone()).expect("transfers"));
        let codes = |key: &str| -> Vec<Territory> { serde_json::from_value(vector[key].clone()).expect("codes") };
        let needs_none =
            |code: &Territory| code.in_eea() || transfers.as_ref().is_some_and(|transfers| transfers.cover(code));
        assert!(codes("covered").iter().all(needs_none), "{}", vector["name"]);
        assert!(!codes("uncovered").iter().any(needs_none), "{}", vector["name"]);
    }
}

#[test]
fn check_asks_for_the_mechanisms_that_the_vectors_lack() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../vectors/transfers.json")).expect("vectors");
    for vector in vectors {
        let codes = |key: &str| -> Vec<String> { serde_json::from_value(vector[key].clone()).expect("codes") };
        let mut all = [codes("covered"), codes("uncovered")].concat();
        // A code of a later version is only in records, and not in the content.
        all.retain(|code| code != "XK");
        let mechanism = vector.get("transfer_mechanism").filter(|stated| !stated.to_string().contains("XK"));
        let Some(mechanism) = mechanism.or((!vector.to_string().contains("XK")).then_some(&Value::Null)) else {
            continue;
        };
        let stated = if mechanism.is_null() { String::new() } else { format!(", transfer_mechanism: {mechanism}") };
        let item = |code: &String| {
            format!("- {{id: in-{}, name: In {code}, purpose: p, locations: [{code}]{stated}}}\n", code.to_lowercase())
        };
        let project = Project::new().file("content/data/subprocessors.yaml", all.iter().map(item).collect::<String>());
        let reported = project.run(["check"]).stderr;
        for code in all {
            let asked = reported
                .lines()
                .any(|line| line.contains("transfer-mechanism-missing") && line.contains(&format!("`In {code}`")));
            assert_eq!(asked, codes("uncovered").contains(&code), "{}: {code}\n{reported}", vector["name"]);
        }
    }
}

/// A list whose entries depend on five regions, two plans and two features in every way.
const REGIONAL: &str = "\
- {id: core, name: Core, purpose: p, locations: [{code: DE, condition: {region: [EU, UK]}}, {code: US, condition: {unless: {region: [EU, UK]}}, place: Ohio}]}
- {id: mail, name: Mail, purpose: p, locations: [IE], condition: {when: enabled, feature: Mail}}
- {id: eu, name: Europe, purpose: p, locations: [FR], condition: {region: EU}}
- {id: us-business, name: America, purpose: p, locations: [US], transfer_mechanism: dpf, condition: {region: [US, CA], plan: Business}}
- {id: not-business, name: Support, purpose: p, locations: [IE], condition: {unless: {plan: Business}}}
- {id: mixed, name: Mixed, purpose: p, locations: [IE], condition: {any: [{all: [{feature: SMS}, {unless: {region: US}}]}, {plan: Enterprise, region: AU}]}}
- {id: both, name: Both, purpose: p, locations: [IE], condition: {feature: [Mail, SMS], region: [EU, US, CA]}}
";

/// Creates a project with the regional list and a release.
pub fn regional() -> Project {
    let site = "title: Trust\norganization: {name: Example, jurisdiction: other}\n\
        dimensions:\n  region: [EU, UK, US, CA, AU]\n  plan: [Business, Enterprise]\n";
    let project = Project::new().file("content/site.yaml", site).file("content/data/subprocessors.yaml", REGIONAL);
    let release = project.run(["release", "-m", "First"]);
    assert_eq!(release.code, Some(0), "{}", release.stderr);
    project
}

#[test]
fn command_selects_by_features_and_dimensions() {
    let project = regional();
    let csv = |arguments: &[&str]| {
        let run = project.run([&["schedule", "--format", "csv"], arguments].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let mut reader = csv::Reader::from_reader(run.stdout.as_bytes());
        let at = reader.headers().expect("a head").iter().position(|head| head == "Location").expect("a column");
        let rows: Vec<(String, String)> = reader
            .records()
            .map(|row| row.expect("a row"))
            .map(|row| (row[0].to_owned(), row[at].to_owned()))
            .collect();
        rows
    };
    let names = |rows: &[(String, String)]| rows.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let eu = csv(&["--for", "region=EU", "--for", "plan=Business", "--features", "Mail"]);
    assert_eq!(names(&eu), ["Core", "Mail", "Europe", "Both"]);
    assert_eq!(eu[0].1, "Germany (only for region EU or UK)");
    let us = csv(&["--for", "region=US", "--for", "plan=Enterprise", "--features", "SMS"]);
    assert_eq!(names(&us), ["Core", "Support", "Both"]);
    assert_eq!(us[0].1, "United States (Ohio; except for region EU or UK)");
    // Without answers, everything that may apply is listed.
    let all = csv(&[]);
    assert_eq!(names(&all), ["Core", "Europe", "America", "Support", "Mixed"]);
    assert!(all[0].1.contains("Germany") && all[0].1.contains("United States"));
    let markdown = project.run(["schedule", "--for", "region=EU"]).stdout;
    assert!(markdown.contains("- Region: EU\n") && markdown.contains("- Plan: Any\n"), "{markdown}");
    let html = project.run(["schedule", "--format", "html", "--for", "region=EU"]).stdout;
    assert!(html.contains("Europe") && !html.contains("America") && !html.contains("Ohio"), "{html}");
}

#[test]
fn rejects_unknown_dimensions_and_values_with_a_suggestion() {
    let project = regional();
    for (answer, help) in [
        ("regoin=EU", "did you mean `region`?"),
        ("region=UE", "use one of these values: EU, UK, US, CA, AU"),
        ("plan=business", "did you mean `Business`?"),
        ("EU", "did you mean `region=EU`?"),
        ("shoe=44", "use one of these dimensions: plan, region"),
    ] {
        let run = project.run(["schedule", "--for", answer]);
        assert_eq!(run.code, Some(2), "{answer}");
        assert!(run.stderr.contains(help), "{answer}: {}", run.stderr);
    }
    let twice = project.run(["schedule", "--for", "region=EU", "--for", "region=US"]);
    assert_eq!(twice.code, Some(2));
    assert!(twice.stderr.contains("has two values"), "{}", twice.stderr);
}

#[test]
fn annex_lists_applicable_subprocessors_with_customer_and_version() {
    let run = candor(&["--features", "SendGrid", "--customer", "Example | Co", "--workspace", "ws-1"]);
    let text = String::from_utf8(run.stdout).expect("text");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for line in [
        "- Customer: Example \\| Co, ws-1",
        "- Features in use: SendGrid",
        "- As of: 1 June 2026",
        "- Version: 2026-05-22",
    ] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
    assert!(text.contains("| SendGrid | ") && text.contains("| Stripe | ") && !text.contains("| ipapi | "), "{text}");
}

#[test]
fn csv_has_one_row_per_applicable_subprocessor() {
    let run = candor(&["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(run.stdout.as_slice());
    assert_eq!(reader.headers().expect("a head").get(0), Some("Provider"));
    assert_eq!(reader.records().count(), 4);
}

#[test]
fn html_is_self_contained() {
    let run = candor(&["--format", "html", "--features", "ipapi,Azure Maps"]);
    let html = String::from_utf8(run.stdout).expect("text");
    assert_eq!(html.matches("scope=\"row\"").count(), 6);
    assert!(!html.contains(" src=") && !html.contains("<link"), "the document refers to another file");
}

#[test]
fn rejects_unknown_features_with_a_suggestion() {
    let run = candor(&["--features", "Sendgrid"]);
    assert_eq!(run.status.code(), Some(2));
    let text = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(text.contains("`Sendgrid`") && text.contains("did you mean `SendGrid`?"), "{text}");
}

#[test]
fn accepts_features_as_repeated_options_or_comma_separated() {
    let rows = |arguments: &[&str]| {
        let run = candor(&[&["--format", "csv"], arguments].concat());
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        csv::Reader::from_reader(run.stdout.as_slice()).records().count()
    };
    assert_eq!(rows(&["--features", "ipapi", "--features", "Azure Maps"]), 6);
    assert_eq!(rows(&["--features", " Azure Maps,ipapi"]), 6);
}

#[test]
fn accepts_feature_names_with_commas() {
    let list = "- {id: a, name: Telco, purpose: p, data_categories: [d], condition: {when: enabled, feature: 'SMS, voice and fax'}}\n\
                - {id: b, name: Post, purpose: p, data_categories: [d], condition: {when: enabled, feature: Letters}}\n";
    let project = Project::new().file("content/data/subprocessors.yaml", list);
    assert_eq!(project.run(["release", "-m", "First"]).code, Some(0));
    let run = project.run(["schedule", "--features", "SMS, voice and fax"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("| Telco |") && !run.stdout.contains("| Post |"), "{}", run.stdout);
    assert!(run.stdout.contains("- Features in use: SMS, voice and fax\n"), "{}", run.stdout);
    let both = project.run(["schedule", "--features", "SMS, voice and fax,Letters"]);
    assert!(both.stdout.contains("| Telco |") && both.stdout.contains("| Post |"), "{}", both.stdout);
    let wrong = project.run(["schedule", "--features", "SMS, voice and Fax"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.stderr.contains("`SMS, voice and Fax`") && wrong.stderr.contains("did you mean `SMS, voice and fax`?"),
        "{}",
        wrong.stderr
    );
    let none = project.run(["schedule"]);
    assert!(none.stdout.contains("No subprocessors apply.") && !none.stdout.contains("|"), "{}", none.stdout);
}

fn candor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candor"))
        .args(["schedule", "--as-of", "2026-06-01", "--root", env!("CARGO_MANIFEST_DIR")])
        .args(arguments)
        .output()
        .expect("candor runs")
}

#[test]
fn reads_thousands_of_features_in_one_argument() {
    let known: Vec<String> = (0..5_000).map(|at| format!("feature {at}, with a comma")).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let named = named_features(&[known.join(",")], &known).expect("features");
    assert_eq!(named, known);
}

#[test]
fn names_a_replaced_subprocessor_that_is_no_longer_listed() {
    let item = |id: &str, name: &str, more: &str| {
        format!("- {{id: {id}, name: {name}, purpose: Mail, data_categories: [Email address]{more}}}\n")
    };
    let project = Project::new().file("content/data/subprocessors.yaml", item("old-mail", "Old Mail Inc.", ""));
    let run = project.run(["release", "-m", "A mail provider.", "--date", "2026-05-01"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let project = project.file("content/data/subprocessors.yaml", item("mail", "New Mail", ", replaces: old-mail"));
    let run = project.run(["release", "-m", "Another mail provider.", "--date", "2026-05-02"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for format in ["markdown", "csv", "html", "json"] {
        let run = project.run(["schedule", "--format", format]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let names = run.stdout.contains("Old Mail Inc.") || (format == "json" && run.stdout.contains("old-mail"));
        assert!(names, "{format}: {}", run.stdout);
        assert!(format == "json" || !run.stdout.contains("old-mail"), "{format}: {}", run.stdout);
    }
    let run = project.run(["build"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for file in ["subprocessors-table.csv", "schedule/index.html"] {
        assert!(project.read(&format!("dist/{file}")).contains("Old Mail Inc."), "{file}");
    }
}
