//! Diagnostics about the publisher's files, as data with source locations.
//!
//! A stage returns its value together with a [`Report`] and never prints. Only [`render`] decides
//! how a report looks in a terminal, as JSON or as annotations. Stages can therefore be tested by
//! their diagnostics, and every front end (terminal, browser overlay, CI) shows the same ones.

use std::ops::Range;
use std::sync::Arc;

pub mod code;
mod deception;
mod remedy;
pub mod render;
mod source;
mod suggest;

pub use code::{Code, CodeGroup, RefusedCommand, UnknownCode};
pub use deception::{Deception, TextRole, deceptions, escaped_deceptions};
pub use remedy::Remedy;
pub use source::Source;
pub use suggest::{Suggestions, closest, nearest};

use crate::model::RuleLevel;

/// The severity of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Information that never stops a command.
    Note,
    /// A problem that stops a command only with `--deny warnings`.
    Warning,
    /// A problem that stops every command.
    Error,
}

impl Severity {
    /// Returns `error`, `warning` or `note`, as shown to people and in machine-readable formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A byte range in a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// Byte range within [`Source::text`]; may be empty, including at the end of the file.
    pub range: Range<usize>,
}

impl Place {
    /// Creates a place in `source` at `range`.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Place {
        Place { source: Arc::clone(source), range }
    }

    /// Returns the start of a file, for diagnostics about the file as a whole.
    pub fn start_of(source: &Arc<Source>) -> Place {
        Place::new(source, 0..0)
    }

    /// Returns the place of a file that could not be read as text and cannot be quoted.
    pub fn file(path: impl Into<String>) -> Place {
        Place { source: Source::new(path, ""), range: 0..0 }
    }

    /// Returns the line and column where the place begins, both counted from 1.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.range.start)
    }
}

/// A place with a short description of what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What the place shows; may be empty.
    pub text: String,
}

/// One problem.
///
/// Its severity is that of its code. Only `rules:` in site.yaml can change it, through [`Report::set_levels`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    code: Code,
    /// What is wrong, with the offending text; no period at the end.
    pub message: String,
    /// Places, the main one first; empty for diagnostics about the project as a whole.
    pub labels: Vec<Label>,
    /// How to fix it; each line is an imperative.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// Creates a diagnostic with the severity of its code. Add places and help with [`at`](Self::at),
    /// [`help`](Self::help) and [`fix`](Self::fix).
    pub fn new(code: Code, message: impl Into<String>) -> Diagnostic {
        let (severity, message) = (code.severity(), one_line(message.into()));
        Diagnostic { severity, code, message, labels: Vec::new(), help: Vec::new() }
    }

    /// Returns the kind of problem.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Returns the severity of the code, or the level that site.yaml sets for it.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns whether a command refuses to run because of it: every command if it is an error, otherwise those that its code
    /// lists.
    pub fn refuses(&self, command: RefusedCommand) -> bool {
        let refuses = |command| self.code.refuses().contains(&command);
        let is_upload = command == RefusedCommand::Upload;
        self.severity == Severity::Error || refuses(command) || is_upload && refuses(RefusedCommand::Publish)
    }

    /// Adds a place. The first one added is the main place.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// Adds a place if it is known.
    #[must_use]
    pub fn at_known(self, place: Option<Place>, text: impl Into<String>) -> Diagnostic {
        match place {
            Some(place) => self.at(place, text),
            None => self,
        }
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(one_line(text.into()));
        self
    }

    /// Lowers a warning to a note that shows why, because the publisher acknowledged it. Errors stay errors.
    pub fn acknowledge(&mut self, why: String) {
        if self.severity == Severity::Warning {
            self.severity = Severity::Note;
            self.help.push(one_line(why));
        }
    }

    /// Returns the main place, if there is one.
    pub fn place(&self) -> Option<&Place> {
        self.labels.first().map(|label| &label.place)
    }
}

/// Escapes control characters, so that a message is one line and passes no control character from a hostile file to a
/// terminal, a log or JSON.
fn one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let mut line = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if c.is_control() { line.extend(c.escape_debug()) } else { line.push(c) }
    }
    line
}

/// The maximum number of diagnostics that a run shows, in any format; counts include those that are not shown. A hostile file
/// could cause a million diagnostics, and showing one requires a lookup in its source.
pub const SHOWN: usize = 2_000;

/// All diagnostics of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Creates an empty report.
    pub fn new() -> Report {
        Report::default()
    }

    /// Adds a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds all diagnostics of another report.
    pub fn merge(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// Returns all diagnostics: in the order in which they were added, or by file and place after [`sort`](Self::sort).
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns the diagnostics to show: the first [`SHOWN`]. Once these are fixed, a run shows the next ones.
    pub fn shown(&self) -> &[Diagnostic] {
        &self.diagnostics[..self.diagnostics.len().min(SHOWN)]
    }

    /// Returns the number of diagnostics that are not shown.
    pub fn hidden(&self) -> usize {
        self.diagnostics.len() - self.shown().len()
    }

    /// Keeps only the diagnostics that `keep` accepts.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.diagnostics.retain(keep);
    }

    /// Returns the diagnostics for changes that keep their order.
    pub fn diagnostics_mut(&mut self) -> &mut [Diagnostic] {
        &mut self.diagnostics
    }

    /// Sets diagnostics to the levels that the publisher chose for their codes, if these are adjustable.
    pub fn set_levels(&mut self, level: impl Fn(Code) -> Option<RuleLevel>) {
        self.diagnostics.retain_mut(|diagnostic| {
            let chosen = if diagnostic.code.is_adjustable() { level(diagnostic.code) } else { None };
            match chosen {
                None => {}
                Some(RuleLevel::Off) => return false,
                Some(RuleLevel::Note) => diagnostic.severity = Severity::Note,
                Some(RuleLevel::Warn) => diagnostic.severity = Severity::Warning,
                Some(RuleLevel::Error) => diagnostic.severity = Severity::Error,
            }
            true
        });
    }

    /// Returns whether a command refuses to run because of any diagnostic.
    pub fn refuses(&self, command: RefusedCommand) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.refuses(command))
    }

    /// Returns whether any diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Returns whether there are no diagnostics.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Returns the number of diagnostics with this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Sorts diagnostics by file, place and code, and removes duplicates, so that the order is deterministic.
    pub fn sort(&mut self) {
        fn key(diagnostic: &Diagnostic) -> Option<(&str, usize)> {
            diagnostic.place().map(|place| (place.source.path.as_str(), place.range.start))
        }
        self.diagnostics.sort_by(|a, b| {
            key(a)
                .cmp(&key(b))
                .then_with(|| a.code.as_str().cmp(b.code.as_str()))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.diagnostics.dedup();
    }
}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Report {
        Report { diagnostics: vec![diagnostic] }
    }
}

impl IntoIterator for Report {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.diagnostics.into_iter()
    }
}
