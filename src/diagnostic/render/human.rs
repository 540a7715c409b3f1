//! For people in a terminal, in the layout of rustc.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::visible::{escaped, pictured};
use crate::diagnostic::{Diagnostic, Label, Report, Severity, Source};
use crate::text::counted;

/// Labels of one file further apart than this many lines are quoted on their own.
const APART: usize = 200;
/// Longest line that is quoted, in characters; the renderer cuts what is shown to the width of a terminal.
const LONGEST_LINE: usize = 2_000;

/// For people in a terminal: source line, caret and help per finding, in the order of the report, with a
/// closing count. Holds ANSI colours; a stream that shows none strips them.
pub fn human(report: &Report) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for diagnostic in report.shown() {
        text += &renderer.render(&[group(diagnostic)]);
        text += "\n\n";
    }
    if !report.is_empty() {
        // Writing to a String cannot fail.
        let bold = anstyle::Style::new().bold();
        let _ = writeln!(text, "{bold}{}{bold:#}", count(report));
        let hidden = report.diagnostics().len() - report.shown().len();
        if hidden > 0 {
            let _ = writeln!(text, "{hidden} more are not shown: mend these first");
        }
    }
    text
}

/// `2 errors, 1 warning in 2 files`.
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
    let mut group =
        level.primary_title(escaped(&diagnostic.message)).id(diagnostic.code().as_str()).elements(quotes(diagnostic));
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(escaped(help)));
    }
    group
}

/// The stretches of the sources that a finding points at, that of its main place first.
fn quotes(diagnostic: &Diagnostic) -> Vec<Element<'static>> {
    let mut windows: Vec<Window<'_>> = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let line = label.place.line_column().0;
        match windows.iter_mut().find(|window| window.reaches(&label.place.source, line)) {
            Some(window) => window.add(index, label, line),
            None => windows.push(Window::new(index, label, line)),
        }
    }
    windows.iter().map(Window::element).collect()
}

/// Neighbouring lines of one source, with the labels on them.
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
        self.source.path == source.path && line + APART > self.first_line && line < self.last_line + APART
    }

    fn add(&mut self, index: usize, label: &'d Label, line: usize) {
        self.first_line = self.first_line.min(line);
        self.last_line = self.last_line.max(line);
        self.labels.push((index, label));
    }

    fn element(&self) -> Element<'static> {
        let path = escaped(&self.source.path).replace('\n', "\\n");
        if self.source.text.is_empty() {
            return Origin::path(path).into();
        }
        let range = self.lines();
        let mut text = String::new();
        let mut annotations = Vec::new();
        let mut at = range.start;
        for line in self.source.text[range.clone()].split_inclusive('\n') {
            let shown = pictured(&cut(line, self.end_on(at..at + line.len())));
            for (index, label) in self.labels.iter().filter(|(_, label)| starts_on(label, at, line, range.end)) {
                annotations.push(annotation(*index, label, text.len(), at, line, &shown));
            }
            text += &shown;
            at += line.len();
        }
        Snippet::source(text).path(path).line_start(self.first_line).annotations(annotations).into()
    }

    /// Bytes of the lines from the first to the last.
    fn lines(&self) -> Range<usize> {
        let text = &self.source.text;
        let starts = self.labels.iter().map(|(_, label)| label.place.range.start.min(text.len()));
        let first = starts.clone().min().unwrap_or(0);
        let last = starts.max().unwrap_or(0);
        let floor = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let start = text[..floor(first)].rfind('\n').map_or(0, |newline| newline + 1);
        let rest = &text[floor(last)..];
        start..floor(last) + rest.find('\n').map_or(rest.len(), |newline| newline + 1)
    }

    /// How far into a line the labels that begin on it reach, in bytes.
    fn end_on(&self, line: Range<usize>) -> usize {
        let starts = |label: &Label| line.contains(&label.place.range.start);
        let ends = self.labels.iter().filter(|(_, label)| starts(label)).map(|(_, label)| label.place.range.end);
        ends.max().map_or(0, |end| end.min(line.end).saturating_sub(line.start))
    }
}

/// Whether a label begins on the line at `at`; one at the very end of the text belongs to the last line.
fn starts_on(label: &Label, at: usize, line: &str, end: usize) -> bool {
    let start = label.place.range.start;
    (at..at + line.len()).contains(&start) || (at + line.len() == end && start >= end)
}

/// A caret under the part of a label that is on its first line.
fn annotation(index: usize, label: &Label, offset: usize, at: usize, line: &str, shown: &str) -> Annotation<'static> {
    let column = |byte: usize| {
        let byte = byte.saturating_sub(at).min(line.trim_end_matches('\n').len());
        let characters = line.char_indices().take_while(|(i, _)| *i < byte).count();
        offset + shown.char_indices().nth(characters).map_or(shown.len(), |(i, _)| i)
    };
    let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(column(label.place.range.start)..column(label.place.range.end));
    if label.text.is_empty() { annotation } else { annotation.label(escaped(&label.text)) }
}

/// A line without most of what follows its labels, where it is very long.
fn cut(line: &str, reach: usize) -> std::borrow::Cow<'_, str> {
    match line.char_indices().skip(LONGEST_LINE).find(|(at, _)| *at >= reach) {
        Some((at, _)) => format!("{}…\n", &line[..at]).into(),
        None => line.into(),
    }
}
