//! For GitHub: workflow commands that become annotations on the lines of a pull request.
//!
//! Syntax and escapes: "Workflow commands for GitHub Actions", and `command.ts` of `actions/toolkit`.

use super::json::JsonPlace;
use super::visible::escaped;
use crate::diagnostic::{Report, Severity};

/// GitHub workflow commands, one line per finding.
pub fn github(report: &Report) -> String {
    let mut text = String::new();
    for diagnostic in report.shown() {
        let command = match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let place = diagnostic.labels.first().map(JsonPlace::of).unwrap_or_default();
        // Columns are shown only where both ends are on one line.
        let one_line = place.line == place.end_line;
        let properties = [
            ("file", place.file),
            ("line", place.line.map(|n| n.to_string())),
            ("endLine", place.end_line.map(|n| n.to_string())),
            ("col", place.column.filter(|_| one_line).map(|n| n.to_string())),
            ("endColumn", place.end_column.filter(|_| one_line).map(|n| n.to_string())),
            ("title", Some(diagnostic.code().as_str().to_owned())),
        ];
        let properties: Vec<String> =
            properties.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", property(&value?)))).collect();
        let mut message = diagnostic.message.clone();
        for help in &diagnostic.help {
            message += &format!("\nhelp: {help}");
        }
        text += &format!("::{command} {}::{}\n", properties.join(","), data(&message));
    }
    text
}

fn data(text: &str) -> String {
    // A log viewer acts on escape sequences as a terminal does.
    escaped(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
