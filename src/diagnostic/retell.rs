//! A report as text, to be told again by a later run that has nothing new to find.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Diagnostic, Label, Place, Report, Severity, Source};

/// The longest text that is worth keeping, in bytes: beyond it, finding everything again costs little more.
const LONGEST: usize = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Kept {
    /// Path and text of every file that a finding quotes.
    sources: Vec<(String, String)>,
    findings: Vec<Finding>,
}

#[derive(Serialize, Deserialize)]
struct Finding {
    severity: u8,
    code: String,
    message: String,
    /// Which source, from where to where, and what is there.
    labels: Vec<(usize, usize, usize, String)>,
    help: Vec<String>,
}

/// By their numbers.
const SEVERITIES: [Severity; 3] = [Severity::Note, Severity::Warning, Severity::Error];

impl Report {
    /// The report on one line; `None` where it would be too long to keep.
    pub fn to_line(&self) -> Option<String> {
        let mut sources: Vec<Arc<Source>> = Vec::new();
        let mut findings = Vec::with_capacity(self.diagnostics.len());
        for diagnostic in &self.diagnostics {
            let label = |Label { place, text }: &Label| {
                let known = sources.iter().position(|known| *known == place.source);
                let at = known.unwrap_or_else(|| {
                    sources.push(Arc::clone(&place.source));
                    sources.len() - 1
                });
                (at, place.range.start, place.range.end, text.clone())
            };
            findings.push(Finding {
                severity: diagnostic.severity as u8,
                code: diagnostic.code.as_str().to_owned(),
                message: diagnostic.message.clone(),
                labels: diagnostic.labels.iter().map(label).collect(),
                help: diagnostic.help.clone(),
            });
        }
        if sources.iter().map(|source| source.text.len()).sum::<usize>() > LONGEST {
            return None;
        }
        let sources = sources.iter().map(|source| (source.path.clone(), source.text.clone())).collect();
        serde_json::to_string(&Kept { sources, findings }).ok().filter(|line| line.len() <= 2 * LONGEST)
    }

    /// The report that this line is; `None` where it is none.
    pub fn from_line(line: &str) -> Option<Report> {
        let Kept { sources, findings } = serde_json::from_str(line).ok()?;
        let sources: Vec<Arc<Source>> = sources.into_iter().map(|(path, text)| Source::new(path, text)).collect();
        let label = |(source, start, end, text): (usize, usize, usize, String)| {
            let place = Place::new(sources.get(source)?, start..end);
            (start <= end && place.source.text.get(start..end).is_some()).then_some(Label { place, text })
        };
        let finding = |finding: Finding| {
            Some(Diagnostic {
                severity: *SEVERITIES.get(usize::from(finding.severity))?,
                code: finding.code.parse().ok()?,
                message: finding.message,
                labels: finding.labels.into_iter().map(label).collect::<Option<_>>()?,
                help: finding.help,
            })
        };
        Some(Report { diagnostics: findings.into_iter().map(finding).collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn report() -> Report {
        let site = Source::new("content/site.yaml", "title: Trüst\nbase_url: x\n");
        let mut report = Report::new();
        report.push(
            Diagnostic::new(Code::UnknownFile, "a \"quoted\" word")
                .at(Place::new(&site, 7..13), "here")
                .at(Place::file("static"), "")
                .help("mend it")
                .help("or not"),
        );
        report.push(Diagnostic::new(Code::ImportCompleted, "nothing to see").at(Place::new(&site, 14..14), ""));
        report
    }

    #[test]
    fn a_report_is_told_again_as_it_was() {
        for report in [Report::new(), report()] {
            let line = report.to_line().unwrap();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Report::from_line(&line), Some(report));
        }
    }

    #[test]
    fn what_is_no_report_is_not_told() {
        let line = report().to_line().unwrap();
        for (part, other) in
            [("unknown-file", "no-such-code"), ("7,13", "13,7"), ("7,13", "7,10"), ("7,13", "7,999"), ("[1,", "[9,")]
        {
            assert_eq!(Report::from_line(&line.replacen(part, other, 1)), None, "{part} -> {other}");
        }
        assert_eq!(Report::from_line(""), None);
    }

    #[test]
    fn a_report_on_a_large_file_is_not_kept() {
        let source = Source::new("a.md", "x".repeat(LONGEST + 1));
        let report = Report::from(Diagnostic::new(Code::UnknownFile, "long").at(Place::start_of(&source), ""));
        assert_eq!(report.to_line(), None);
    }
}
