//! Diagnostics for the browser: as JSON for the overlay, and as an HTML page if there is no site to show.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use super::page::script_tag;
use crate::diagnostic::{Diagnostic, Place, Report, Severity, render};
use crate::text::visible::{pictured, visible};
use crate::text::{counted, html};

/// Errors that prevent a new site from being shown.
#[derive(Debug, Clone)]
pub struct Problems {
    /// One JSON object on one line, for the overlay.
    pub json: Arc<str>,
    /// The page that is shown until the first build succeeds.
    pub html: Arc<str>,
}

#[derive(Serialize)]
struct Overlay<'a> {
    title: String,
    diagnostics: Vec<OverlayDiagnostic<'a>>,
}

#[derive(Serialize)]
struct OverlayDiagnostic<'a> {
    severity: &'static str,
    code: &'static str,
    message: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    lines: Vec<Line<'a>>,
    help: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Line<'a> {
    number: usize,
    /// The text before, inside and after the highlighted range; only the line of the problem has one.
    text: [String; 3],
    /// The label of the highlighted range.
    #[serde(skip_serializing_if = "str::is_empty")]
    label: Cow<'a, str>,
}

impl Problems {
    /// Collects the errors of a report; warnings are only printed in the terminal.
    pub fn new(report: &Report) -> Problems {
        let mut report = report.clone();
        report.retain(|diagnostic| diagnostic.severity() == Severity::Error);
        report.sort();
        let title = counted(report.diagnostics().len(), "error");
        let diagnostics = report.shown().iter().map(overlay_diagnostic).collect();
        // Plain structs of strings always serialize.
        let json = serde_json::to_string(&Overlay { title: title.clone(), diagnostics }).unwrap_or_default();
        Problems { json: json.into(), html: html(&title, &report).into() }
    }
}

fn overlay_diagnostic(diagnostic: &Diagnostic) -> OverlayDiagnostic<'_> {
    let place = diagnostic.place().map(|place| {
        let (line, column) = place.line_column();
        format!("{}:{line}:{column}", visible(&place.source.path))
    });
    let label = diagnostic.labels.first();
    OverlayDiagnostic {
        severity: diagnostic.severity().as_str(),
        code: diagnostic.code().as_str(),
        message: visible(&diagnostic.message),
        place,
        lines: label.map(|label| excerpt(&label.place, &label.text)).unwrap_or_default(),
        help: diagnostic.help.iter().map(|help| visible(help)).collect(),
    }
}

/// The maximum number of bytes shown of a line.
const LONGEST_LINE: usize = 2_000;

/// Returns the line of the problem, with two lines before and after it.
fn excerpt<'a>(place: &'a Place, label: &'a str) -> Vec<Line<'a>> {
    let source = &place.source;
    let (at, _) = place.line_column();
    let mut lines = Vec::new();
    for number in at.saturating_sub(2).max(1)..=at + 2 {
        let range = source.line(number);
        if range.is_empty() {
            continue;
        }
        let start = range.start;
        let whole = source.text[range].trim_end_matches(['\n', '\r']);
        let floor = |wanted: usize| {
            let wanted = wanted.min(whole.len());
            (0..=wanted).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0)
        };
        let within = |offset: usize| floor(offset.saturating_sub(start));
        let text = match number == at {
            true => {
                let (from, to) = (within(place.range.start), within(place.range.end));
                let (first, last) = (floor(from.saturating_sub(LONGEST_LINE)), floor(from + LONGEST_LINE));
                let to = to.clamp(from, last);
                [&whole[first..from], &whole[from..to], &whole[to..last]]
            }
            false => [&whole[..floor(LONGEST_LINE)], "", ""],
        };
        lines.push(Line { number, text: text.map(pictured), label: visible(if number == at { label } else { "" }) });
    }
    lines
}

/// Returns the diagnostics as an HTML page that needs no script.
fn html(title: &str, report: &Report) -> String {
    let text = anstream::adapter::strip_str(&render::human(report)).to_string();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}: no preview yet</title>\n\
         <link rel=\"stylesheet\" href=\"/-candor/preview.css\">\n</head>\n<body class=\"no-site\">\n<main>\n\
         <h1>No preview yet: {title}</h1>\n<p>The site replaces this page as soon as the errors are fixed.</p>\n\
         <pre tabindex=\"0\">{}</pre>\n</main>\n{}\n</body>\n</html>\n",
        html::escape(&text),
        script_tag("none"),
    )
}

#[cfg(test)]
mod tests {
    use super::Problems;
    use crate::diagnostic::{Code, Diagnostic, Place, Source};

    #[test]
    fn shows_location_and_source_of_an_error() {
        let source = Source::new("content/data/faq.yaml", "- id: a\n  question: é?\r\n  anwser: b\n- id: c\n- id: d\n");
        let start = source.text.find("anwser").expect("there");
        let error = Diagnostic::new(Code::UnknownField, "unknown field `anwser`")
            .at(Place::new(&source, start..start + 6), "here");
        let json: serde_json::Value = serde_json::from_str(&Problems::new(&error.into()).json).expect("JSON");
        let shown = &json["diagnostics"][0];
        assert_eq!(shown["place"], "content/data/faq.yaml:3:3");
        assert_eq!(shown["lines"].as_array().map(Vec::len), Some(5));
        assert_eq!(shown["lines"][1]["text"], serde_json::json!(["  question: é?", "", ""]));
        assert_eq!(shown["lines"][2]["text"], serde_json::json!(["  ", "anwser", ": b"]));
        assert_eq!(shown["lines"][2]["label"], "here");
    }

    #[test]
    fn handles_ranges_outside_the_source() {
        let source = Source::new("a.yaml", "é");
        for range in [0..0, 0..9, 1..1, 9..99, 2..2] {
            let problems =
                Problems::new(&Diagnostic::new(Code::UnknownField, "y").at(Place::new(&source, range), "").into());
            assert!(problems.json.contains("a.yaml:1:"));
        }
        assert!(
            Problems::new(&Diagnostic::new(Code::UnknownField, "y").at(Place::file("a.png"), "").into())
                .json
                .contains("a.png:1:1")
        );
    }

    #[test]
    fn escapes_markup_in_messages() {
        let problems = Problems::new(&Diagnostic::new(Code::UnknownField, "<script>alert(1)</script>").into());
        assert!(!problems.html.contains("<script>alert"));
        assert!(!problems.json.contains('\n'));
    }
}
