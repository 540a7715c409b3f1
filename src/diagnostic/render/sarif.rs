//! Renders a report for code scanning, as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::json::JsonPlace;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::text::percent;

/// Renders a report as SARIF 2.1.0, indented, without a final newline.
pub fn sarif(report: &Report) -> String {
    let codes: BTreeMap<&str, Code> = report.diagnostics().iter().map(|d| (d.code().as_str(), d.code())).collect();
    let codes: Vec<Code> = codes.into_values().collect();
    let mut log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": codes.iter().copied().map(rule).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": report.shown().iter().map(|d| result(d, &codes)).collect::<Vec<_>>(),
        }],
    });
    if report.hidden() > 0 {
        log["runs"][0]["properties"] = json!({ "notShown": report.hidden() });
    }
    // Strings and numbers always serialize.
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.summary() },
        "fullDescription": { "text": code.why() },
        "help": { "text": format!("{}\n\ncandor explain {code}", code.fix()) },
        "defaultConfiguration": { "level": code.severity().as_str() },
    })
}

fn result(diagnostic: &Diagnostic, codes: &[Code]) -> Value {
    let mut text = diagnostic.message.clone();
    for help in &diagnostic.help {
        text += &format!("\nhelp: {help}");
    }
    let mut places = diagnostic.labels.iter().map(JsonPlace::of).map(|place| location(&place));
    let mut result = json!({
        "ruleId": diagnostic.code().as_str(),
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code()),
        "level": diagnostic.severity().as_str(),
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
