//! What candor says about the publisher's files: diagnostics as data, with places.
//!
//! A stage returns its value together with a [`Report`]; it never prints. How a report looks
//! in a terminal, as JSON or as annotations is decided in [`render`] alone, so that every stage
//! can be tested by what it found and every front end (terminal, browser overlay, CI) shows the
//! same diagnostics.

use std::ops::Range;
use std::sync::Arc;

pub mod code;
mod deception;
pub mod render;
mod source;
mod suggest;

pub use code::{Code, CodeGroup, RefusedCommand, UnknownCode};
pub use deception::{Deception, TextRole, deceptions};
pub use source::Source;
pub use suggest::{Suggestions, nearest};

use crate::model::RuleLevel;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something to know; it never stops anything.
    Note,
    /// Something to fix; it stops only under `--deny warnings`.
    Warning,
    /// Nothing is built or published while it stands.
    Error,
}

impl Severity {
    /// The word that readers and machine formats see: `error`, `warning` or `note`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A stretch of one source, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// Byte range within [`Source::text`]; may be empty, at the end of the file too.
    pub range: Range<usize>,
}

impl Place {
    /// A place in `source` at `range`.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Place {
        Place { source: Arc::clone(source), range }
    }

    /// The start of a file: for findings about the file as a whole.
    pub fn start_of(source: &Arc<Source>) -> Place {
        Place::new(source, 0..0)
    }

    /// A file that could not be read as text, so that there is nothing to quote.
    pub fn file(path: impl Into<String>) -> Place {
        Place { source: Source::new(path, ""), range: 0..0 }
    }

    /// Line and column (both from 1) where the place begins.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.range.start)
    }
}

/// A place with a few words on what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there; may be empty.
    pub text: String,
}

/// One problem.
///
/// Its severity is that of its code. Nothing but `rules:` in site.yaml can change it, through [`Report::set_levels`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    code: Code,
    /// One sentence without a full stop: what is wrong, with the offending text.
    pub message: String,
    /// Places, the main one first; empty for findings about the project as a whole.
    pub labels: Vec<Label>,
    /// How to fix it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic with this message, at the severity of its code; to be completed with [`at`](Self::at) and
    /// [`help`](Self::help).
    pub fn new(code: Code, message: impl Into<String>) -> Diagnostic {
        let (severity, message) = (code.severity(), one_line(message.into()));
        Diagnostic { severity, code, message, labels: Vec::new(), help: Vec::new() }
    }

    /// What kind of problem it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The severity of the code, or the level that site.yaml gives it.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Whether a command refuses to go on because of it: every command because of an error, and those that its code lists.
    pub fn refuses(&self, command: RefusedCommand) -> bool {
        self.severity == Severity::Error || self.code.refuses().contains(&command)
    }

    /// Adds a place; the first one added is the main one.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// Adds a place where one is known.
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

    /// The main place, if there is one.
    pub fn place(&self) -> Option<&Place> {
        self.labels.first().map(|label| &label.place)
    }
}

/// A message is one line, whatever it quotes: of a key, a cell or a name from a hostile file no control character gets into a
/// terminal, a log or somebody's JSON.
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

/// The number of diagnostics of one run that are shown in any format; every count is of all. A hostile file could have a million
/// of them, and showing each takes a look at its source.
pub const SHOWN: usize = 2_000;

/// All that one run found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// An empty report.
    pub fn new() -> Report {
        Report::default()
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds all of another report.
    pub fn merge(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// The findings in the order they stand in: by file, then by place, once [`sort`](Self::sort) was called.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The diagnostics that are shown: the first [`SHOWN`]. After these are fixed, the next ones are.
    pub fn shown(&self) -> &[Diagnostic] {
        &self.diagnostics[..self.diagnostics.len().min(SHOWN)]
    }

    /// How many diagnostics are not shown.
    pub fn hidden(&self) -> usize {
        self.diagnostics.len() - self.shown().len()
    }

    /// Drops all diagnostics but those that `keep` accepts.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.diagnostics.retain(keep);
    }

    /// Gives diagnostics the level that the publisher chose for their code, where the code's level can be chosen.
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

    /// Whether a command refuses to go on because of any diagnostic.
    pub fn refuses(&self, command: RefusedCommand) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.refuses(command))
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// How many findings have this weight.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Orders findings by file, place and code, so that one run reads top to bottom and two runs read alike.
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
