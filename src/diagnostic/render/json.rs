//! For programs: one JSON object with a schema.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Label, Report, Severity};

/// All that one run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonReport {
    /// Version of this format; it changes only when a field changes its meaning or goes away.
    pub version: u32,
    /// The diagnostics, by file and place; at most 2,000.
    pub diagnostics: Vec<JsonFinding>,
    /// How many of them are errors.
    pub errors: usize,
    /// How many of them are warnings.
    pub warnings: usize,
    /// How many diagnostics there are beyond those in `diagnostics`; absent where all are there. `errors` and `warnings` count them.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub not_shown: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonFinding {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// Stable code, as `candor explain CODE` takes it.
    pub code: String,
    /// The commands that refuse because of it although it is not an error; absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub refuses: Vec<String>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where; the fields of a place are those of the finding itself.
    #[serde(flatten)]
    pub place: JsonPlace,
    /// How to fix it.
    pub help: Vec<String>,
    /// Other places that have to do with it.
    pub related: Vec<JsonPlace>,
}

/// A stretch of a file. Lines and columns count from 1, columns in characters (Unicode scalar values).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JsonPlace {
    /// Path relative to the project's root, with forward slashes; `null` for the project as a whole.
    pub file: Option<String>,
    /// Line; `null` for a file as a whole.
    pub line: Option<usize>,
    /// Column of the first character.
    pub column: Option<usize>,
    /// Line of the end.
    pub end_line: Option<usize>,
    /// Column after the last character.
    pub end_column: Option<usize>,
    /// What is to be seen there.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    pub text: String,
}

impl JsonPlace {
    /// The place of a label; without lines where the file has no text to count them in.
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

impl From<&Diagnostic> for JsonFinding {
    fn from(diagnostic: &Diagnostic) -> JsonFinding {
        let mut places = diagnostic.labels.iter().map(JsonPlace::of);
        JsonFinding {
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
            diagnostics: report.shown().iter().map(JsonFinding::from).collect(),
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            not_shown: report.hidden(),
        }
    }
}

/// For programs: a [`JsonReport`], indented, without a final newline.
pub fn json(report: &Report) -> String {
    // Strings and numbers in structs: nothing here that JSON cannot hold.
    serde_json::to_string_pretty(&JsonReport::from(report)).unwrap_or_default()
}
