//! For code scanning: SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::json::JsonPlace;
use crate::diagnostic::{Diagnostic, Report};
use crate::text::percent;

/// SARIF 2.1.0, indented, without a final newline.
pub fn sarif(report: &Report) -> String {
    let codes: Vec<&str> = report.diagnostics().iter().map(|d| d.code).collect::<BTreeSet<_>>().into_iter().collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": report.shown().iter().map(|d| result(d, &codes)).collect::<Vec<_>>(),
        }],
    });
    // Strings and numbers only: nothing here that JSON cannot hold.
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn rule(code: &str) -> Value {
    json!({ "id": code, "help": { "text": format!("candor explain {code}") } })
}

fn result(diagnostic: &Diagnostic, codes: &[&str]) -> Value {
    let mut text = diagnostic.message.clone();
    for help in &diagnostic.help {
        text += &format!("\nhelp: {help}");
    }
    let mut places = diagnostic.labels.iter().map(JsonPlace::of).map(|place| location(&place));
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": diagnostic.severity.as_str(),
        "message": { "text": text },
        "locations": places.next().into_iter().collect::<Vec<_>>(),
    });
    let related: Vec<Value> = places.collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn location(place: &JsonPlace) -> Value {
    let mut physical = json!({
        "artifactLocation": { "uri": percent::path(place.file.as_deref().unwrap_or_default()), "uriBaseId": "%SRCROOT%" },
    });
    if place.line.is_some() {
        physical["region"] = json!({
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        });
    }
    let mut location = json!({ "physicalLocation": physical });
    if !place.text.is_empty() {
        location["message"] = json!({ "text": place.text });
    }
    location
}
