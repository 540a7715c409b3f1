//! Renders a report as GitHub workflow commands, which become annotations on the lines of a pull request.

use super::json::JsonPlace;
use crate::diagnostic::{Report, Severity};
use crate::text::counted;
use crate::text::workflow::WorkflowCommand;

/// Returns a workflow command for each diagnostic that is shown, and one with the number of the others.
pub fn annotations(report: &Report) -> Vec<WorkflowCommand> {
    let mut commands = Vec::new();
    for diagnostic in report.shown() {
        let command = match diagnostic.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let place = diagnostic.labels.first().map(JsonPlace::of).unwrap_or_default();
        // GitHub supports columns only if both ends are on the same line.
        let one_line = place.line == place.end_line;
        let properties = [
            ("file", place.file),
            ("line", place.line.map(|n| n.to_string())),
            ("endLine", place.end_line.map(|n| n.to_string())),
            ("col", place.column.filter(|_| one_line).map(|n| n.to_string())),
            ("endColumn", place.end_column.filter(|_| one_line).map(|n| n.to_string())),
            ("title", Some(diagnostic.code().as_str().to_owned())),
        ];
        let properties: Vec<_> = properties.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let mut message = diagnostic.message.clone();
        for help in &diagnostic.help {
            message += &format!("\nhelp: {help}");
        }
        commands.push(WorkflowCommand::new(command, &properties, &message));
    }
    if report.hidden() > 0 {
        let message = format!("{} not shown; fix these first", counted(report.hidden(), "more problem"));
        commands.push(WorkflowCommand::new("notice", &[("title", "not-shown".to_owned())], &message));
    }
    commands
}

/// Renders the commands as text, one per line.
pub fn github(report: &Report) -> String {
    annotations(report).iter().map(|command| format!("{command}\n")).collect()
}
