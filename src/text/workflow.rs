//! Workflow commands of GitHub Actions, which become annotations on the lines of a pull request.
//!
//! Syntax and escapes: "Workflow commands for GitHub Actions", and `command.ts` of `actions/toolkit`.

use std::fmt;

use super::visible::{Cleaner, Escapes};

/// A command: a line that begins with `::`. Values in it cannot begin another command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowCommand {
    line: String,
}

impl WorkflowCommand {
    /// Creates a command with properties and a message, which may have several lines.
    pub fn new(name: &'static str, properties: &[(&'static str, String)], message: &str) -> WorkflowCommand {
        let properties: Vec<String> =
            properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
        WorkflowCommand { line: format!("{name} {}::{}", properties.join(","), data(message)) }
    }
}

impl fmt::Display for WorkflowCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "::{}", self.line)
    }
}

fn data(text: &str) -> String {
    // Log viewers interpret escape sequences like terminals.
    let mut shown = String::with_capacity(text.len());
    Cleaner::within_line(Escapes::Braces).push(&mut shown, &text.replace('\t', " "));
    shown.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::WorkflowCommand;

    #[test]
    fn escapes_values() {
        let command = WorkflowCommand::new("error", &[("file", "a,b:c\n".to_owned())], "100%\n::x::\r\u{1b} ##[y]");
        assert_eq!(command.to_string(), "::error file=a%2Cb%3Ac%0A::100%25%0A:\\u{3a}x::\\u{d}\\u{1b} ##\\u{5b}y]");
    }
}
