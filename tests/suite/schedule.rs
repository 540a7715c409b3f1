//! The subprocessor annex for one customer: the selection rules, shared with the script of the page, and the command.

use std::process::{Command, Output};

use candor::model::{Date, Subprocessor};
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
            .filter(|item| applies(item, &features, date))
            .map(|item| item.id.to_string())
            .collect();
        assert_eq!(serde_json::to_value(applying).expect("JSON"), vector["applies"], "{}", vector["name"]);
    }
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
