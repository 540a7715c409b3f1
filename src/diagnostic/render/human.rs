//! Renders a report for people in a terminal, in the style of rustc.

use std::collections::BTreeSet;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Label, Report, Severity, Source};
use crate::text::visible::{pictured, visible};
use crate::text::{Styled, counted};

/// Labels in one file that are this many lines apart or more are quoted separately.
const MAX_GAP: usize = 200;
/// The maximum number of characters that are quoted of a line; the renderer shortens them to the width of the terminal. Places
/// further right are shown as line and column only, so that the time does not grow with the length of the line.
const LONGEST_LINE: usize = 2_000;

/// Renders each diagnostic with source line, caret and help, in the order of the report, followed by a summary. All values are
/// made visible before they are rendered.
pub fn styled(report: &Report) -> Styled {
    let renderer = Renderer::styled();
    let mut text = Styled::new();
    for diagnostic in report.shown() {
        text.rendered(&renderer.render(&[group(diagnostic)])).layout("\n\n");
    }
    if !report.is_empty() {
        text.styled(anstyle::Style::new().bold(), &count(report)).layout("\n");
        let hidden = report.hidden();
        if hidden > 0 {
            text.value(&format!("{} not shown; fix these first", counted(hidden, "more problem"))).layout("\n");
        }
    }
    text
}

/// Renders a report as text with escape sequences for colors, which a stream without colors strips.
pub fn human(report: &Report) -> String {
    styled(report).to_string()
}

/// Returns a summary such as `2 errors, 1 warning in 2 files`.
fn count(report: &Report) -> String {
    let kinds = [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (report.count(severity), severity.as_str()))
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| counted(n, what))
        .collect::<Vec<_>>()
        .join(", ");
    let files: BTreeSet<_> = report.diagnostics().iter().filter_map(|d| d.place()).map(|p| &p.source.path).collect();
    match files.len() {
        0 => kinds,
        n => format!("{kinds} in {}", counted(n, "file")),
    }
}

fn group(diagnostic: &Diagnostic) -> Group<'static> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level
        .primary_title(visible(&diagnostic.message).into_owned())
        .id(diagnostic.code().as_str())
        .elements(quotes(diagnostic));
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help).into_owned()));
    }
    group
}

/// Returns the quotes of the places that a diagnostic points to, the main place first.
fn quotes(diagnostic: &Diagnostic) -> Vec<Element<'static>> {
    let mut quotes: Vec<Quote<'_>> = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let (line, column) = label.place.line_column();
        if column > LONGEST_LINE {
            quotes.push(Quote::Origin(origin(label, line, column)));
            continue;
        }
        let window = quotes.iter_mut().find_map(|quote| match quote {
            Quote::Window(window) => window.reaches(&label.place.source, line).then_some(window),
            Quote::Origin(_) => None,
        });
        match window {
            Some(window) => window.add(index, label, line),
            None => quotes.push(Quote::Window(Window::new(index, label, line))),
        }
    }
    quotes.into_iter().map(Quote::element).collect()
}

/// The display of one or more labels.
enum Quote<'d> {
    Window(Window<'d>),
    /// A place beyond the quoted part of a long line.
    Origin(Origin<'static>),
}

impl Quote<'_> {
    fn element(self) -> Element<'static> {
        match self {
            Quote::Window(window) => window.element(),
            Quote::Origin(origin) => origin.into(),
        }
    }
}

fn origin(label: &Label, line: usize, column: usize) -> Origin<'static> {
    Origin::path(shown_path(&label.place.source)).line(line).char_column(column)
}

fn shown_path(source: &Source) -> String {
    visible(&source.path).into_owned()
}

/// Neighboring lines of one source, with their labels.
struct Window<'d> {
    source: &'d Source,
    first_line: usize,
    last_line: usize,
    labels: Vec<(usize, &'d Label)>,
}

impl<'d> Window<'d> {
    fn new(index: usize, label: &'d Label, line: usize) -> Window<'d> {
        Window { source: &label.place.source, first_line: line, last_line: line, labels: vec![(index, label)] }
    }

    fn reaches(&self, source: &Source, line: usize) -> bool {
        self.source.path == source.path && line + MAX_GAP > self.first_line && line < self.last_line + MAX_GAP
    }

    fn add(&mut self, index: usize, label: &'d Label, line: usize) {
        self.first_line = self.first_line.min(line);
        self.last_line = self.last_line.max(line);
        self.labels.push((index, label));
    }

    fn element(&self) -> Element<'static> {
        let path = shown_path(self.source);
        if self.source.text.is_empty() {
            return Origin::path(path).into();
        }
        let mut text = String::new();
        let mut annotations = Vec::new();
        for number in self.first_line..=self.last_line {
            let range = self.source.line(number);
            let line = &self.source.text[range.clone()];
            let shown = pictured(&shortened(line));
            for (index, label) in self.labels.iter().filter(|(_, label)| label.place.line_column().0 == number) {
                annotations.push(annotation(*index, label, text.len(), range.start, line, &shown));
            }
            text += &shown;
        }
        Snippet::source(text).path(path).line_start(self.first_line).annotations(annotations).into()
    }
}

/// Returns the caret below the part of a label that is on its first line.
fn annotation(index: usize, label: &Label, offset: usize, at: usize, line: &str, shown: &str) -> Annotation<'static> {
    let column = |byte: usize| {
        let byte = byte.saturating_sub(at).min(line.trim_end_matches('\n').len());
        let characters = line.char_indices().take(LONGEST_LINE).take_while(|(i, _)| *i < byte).count();
        offset + shown.char_indices().nth(characters).map_or(shown.len(), |(i, _)| i)
    };
    let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(column(label.place.range.start)..column(label.place.range.end));
    if label.text.is_empty() { annotation } else { annotation.label(visible(&label.text).into_owned()) }
}

/// Shortens a very long line to its beginning.
fn shortened(line: &str) -> std::borrow::Cow<'_, str> {
    match line.char_indices().nth(LONGEST_LINE) {
        Some((at, _)) if line[at..] != *"\n" => format!("{}…\n", &line[..at]).into(),
        _ => line.into(),
    }
}
