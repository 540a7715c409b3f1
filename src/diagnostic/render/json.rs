//! Renders a report for programs, as one JSON object with a schema.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Label, Report, Severity};

/// All diagnostics of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonReport {
    /// Version of this format; it changes only if a field is removed or changes its meaning.
    pub version: u32,
    /// The diagnostics, by file and place; at most 2,000.
    pub diagnostics: Vec<JsonDiagnostic>,
    /// Number of errors, including those not in `diagnostics`.
    pub errors: usize,
    /// Number of warnings, including those not in `diagnostics`.
    pub warnings: usize,
    /// Number of diagnostics that are not in `diagnostics`; absent if it is 0.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub not_shown: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonDiagnostic {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// Stable code, which `candor explain CODE` explains.
    pub code: String,
    /// The commands that refuse to run because of it even if it is not an error; absent if the list is empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub refuses: Vec<String>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The main place; its fields are fields of the diagnostic itself.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// How to fix it.
    pub help: Vec<String>,
    /// Related places.
    pub related: Vec<JsonPlace>,
}

/// A range in a file. Lines and columns count from 1, columns in characters (Unicode scalar values).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonPlace {
    /// Path relative to the project's root, with forward slashes; `null` for the project as a whole.
    pub file: Option<String>,
    /// First line; `null` for a file as a whole.
    pub line: Option<usize>,
    /// Column of the first character.
    pub column: Option<usize>,
    /// Last line.
    pub end_line: Option<usize>,
    /// Column after the last character.
    pub end_column: Option<usize>,
    /// What the place shows.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    pub text: String,
}

impl JsonPlace {
    /// Returns the place of a label, without lines if the text of the file is not available.
    pub(super) fn of(label: &Label) -> JsonPlace {
        let Label { place, text } = label;
        let known = !place.source.text.is_empty();
        let position = |offset| known.then(|| place.source.line_column(offset));
        let (start, end) = (position(place.range.start), position(place.range.end.max(place.range.start)));
        JsonPlace {
            file: Some(place.source.path.clone()),
            line: start.map(|(line, _)| line),
            column: start.map(|(_, column)| column),
            end_line: end.map(|(line, _)| line),
            end_column: end.map(|(_, column)| column),
            text: text.clone(),
        }
    }
}

impl From<&Diagnostic> for JsonDiagnostic {
    fn from(diagnostic: &Diagnostic) -> JsonDiagnostic {
        let mut places = diagnostic.labels.iter().map(JsonPlace::of);
        JsonDiagnostic {
            severity: diagnostic.severity().as_str().to_owned(),
            code: diagnostic.code().as_str().to_owned(),
            refuses: diagnostic.code().refuses().iter().map(|command| command.as_str().to_owned()).collect(),
            message: diagnostic.message.clone(),
            place: places.next().unwrap_or_default(),
            help: diagnostic.help.clone(),
            related: places.collect(),
        }
    }
}

impl From<&Report> for JsonReport {
    fn from(report: &Report) -> JsonReport {
        JsonReport {
            version: 1,
            diagnostics: report.shown().iter().map(JsonDiagnostic::from).collect(),
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            not_shown: report.hidden(),
        }
    }
}

/// Renders a report as a [`JsonReport`], indented, without a final newline.
pub fn json(report: &Report) -> String {
    // Structs of strings and numbers always serialize.
    serde_json::to_string_pretty(&JsonReport::from(report)).unwrap_or_default()
}
