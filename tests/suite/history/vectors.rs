//! Shared test vectors in `tests/vectors/diff/`: the changes that every program that compares two releases must find.
//!
//! Each file has two disclosures, their files if releases recorded them, and the changes between them. `bash tests/regenerate.sh` writes the changes that the
//! library finds; review them before you commit.

use std::fs;
use std::path::Path;

use candor::history::{Changes, withholding};
use candor::model::{Disclosure, RecordedFile, Statement, Withheld};
use serde_json::{Value, json};

use crate::generated::assert_current;

#[test]
fn script_has_the_current_record_fields() {
    let made = format!("{:#}\n", candor::schema::shape::of::<Disclosure>());
    assert_current("tests/vectors/fields.json", &made);
}

#[test]
fn script_has_the_current_comparison_rules() {
    let rules = serde_json::to_value(candor::wording::comparison::ComparisonRules::current()).expect("JSON");
    assert_current("tests/vectors/rules.json", &format!("{rules:#}\n"));
}

#[test]
fn script_does_not_hard_code_lists_and_fields() {
    let rules = serde_json::to_value(candor::wording::comparison::ComparisonRules::current()).expect("JSON");
    let script = include_str!("../../../static/js/compare.js");
    let mut names: Vec<&str> = candor::model::List::ALL.iter().map(|list| list.name()).collect();
    names.extend(rules["kinds"].as_object().expect("an object").keys().map(String::as_str));
    for list in rules["lists"].as_array().expect("a list") {
        let fields = [&list["notice"]["always"], &list["notice"]["growth"], &list["first"]];
        names.extend(fields.into_iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str));
        names.extend(list["unstated"].as_object().into_iter().flatten().map(|(field, _)| field.as_str()));
    }
    // The script implements kinds of values, events and changes, some of which have the same name as a field, and links between items.
    let kinds: Vec<&str> = rules["kinds"].as_object().expect("an object").values().filter_map(Value::as_str).collect();
    for name in names
        .into_iter()
        .filter(|name| !["announced", "file", "kind", "replaces"].contains(name) && !kinds.contains(name))
    {
        for quoted in [format!("\"{name}\""), format!("'{name}'"), format!("\"{name}."), format!("item.{name}")] {
            assert!(!script.contains(&quoted), "{quoted}");
        }
    }
}

#[test]
fn every_shared_vector_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/diff");
    let mut passed = 0;
    for entry in fs::read_dir(folder).expect("the folder of vectors") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a vector");
        let mut vector: Value = serde_json::from_str(&text).expect("JSON");
        let side = |key: &str| -> (Disclosure, Withheld) {
            let mut record = json!({ "disclosure": vector[key] });
            let withheld = withholding::take(&mut record);
            let disclosure = serde_json::from_value(record["disclosure"].take());
            (disclosure.unwrap_or_else(|error| panic!("{}: {error}", path.display())), withheld)
        };
        let files = |key: &str| -> Option<Vec<RecordedFile>> {
            let files = vector.pointer(&format!("/files/{key}"))?.clone();
            Some(serde_json::from_value(files).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        };
        let ((before, withheld_before), (after, withheld_after)) = (side("before"), side("after"));
        let (old_files, new_files) = (files("before"), files("after"));
        // The date of the new side.
        let date = vector["date"].as_str().map(|date| date.parse().expect("a date"));
        let changes = Changes::between(
            Statement {
                disclosure: &before,
                files: old_files.as_deref(),
                withheld: Some(&withheld_before),
                date: None,
            },
            Statement { disclosure: &after, files: new_files.as_deref(), withheld: Some(&withheld_after), date },
        );
        vector["changes"] = serde_json::to_value(&changes).expect("JSON");
        assert_current(&path, &format!("{vector:#}\n"));
        passed += 1;
    }
    assert!(passed >= 10, "only {passed} vectors");
}
