//! The states that a file had -> releases: one for each change of what it states.
//!
//! A past release states what the file is a witness of, the subprocessors, and whose they are. The rest of today's
//! content was not on record then: sections stand in it without their texts, as the place of the list.

use std::collections::HashSet;
use std::sync::Arc;

use super::Options;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity, Source};
use crate::history::new_release::{self, NewRelease, ReleaseRequest};
use crate::model::{Date, Disclosure, List, Section, Show};
use crate::text::markdown;

/// One commit that touched the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its id, in full or in part.
    pub commit: String,
    /// The day of the commit, in UTC.
    pub date: Date,
    /// The first line of its message.
    pub subject: String,
    /// The file's path at that time.
    pub path: String,
    /// What was in it.
    pub state: State,
}

/// What a file was after a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It held this text.
    Text(String),
    /// It was not there.
    Removed,
    /// It could not be read, for this reason.
    Unreadable(String),
}

/// Releases that follow from a file's past.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// Releases, oldest first, each with the commit that it is made from.
    pub releases: Vec<(NewRelease, String)>,
}

/// Makes the releases of these states, oldest first, for an organisation that states `today`. Commits that change
/// nothing that is stated, and those that cannot be read, are skipped and listed in the report; findings that `known`
/// has already are not told again.
pub fn past(
    revisions: &[Revision],
    options: &Options,
    today: &Disclosure,
    as_of: Date,
    known: &Report,
) -> (Past, Report) {
    let options = Options { earlier: true, ..options.clone() };
    let mut told: HashSet<String> = known.diagnostics().iter().map(|found| found.message.clone()).collect();
    let mut report = Report::new();
    let mut past = Past::default();
    for revision in revisions {
        let commit = short(&revision.commit);
        let source = Source::new(format!("{commit}:{}", revision.path), text(&revision.state));
        let skipped = |code: Code, why: &str| {
            let message = format!("commit {commit} ({}) makes no release: {why}", revision.subject);
            Diagnostic::new(code, message).at(Place::start_of(&source), "")
        };
        match &revision.state {
            State::Text(_) => {}
            State::Removed => {
                report.push(skipped(
                    Code::ImportCommitSkipped,
                    "it removes the file, which says nothing about the subprocessors",
                ));
                continue;
            }
            State::Unreadable(why) => {
                report.push(skipped(Code::ImportCommitSkipped, why));
                continue;
            }
        }
        let (imported, findings) = super::read(&source, &options);
        let wrong = findings.diagnostics().iter().find(|found| found.severity() == Severity::Error).cloned();
        let imported = match (imported, wrong) {
            (Some(imported), None) => imported,
            (_, wrong) => {
                let why = wrong.map_or_else(String::new, |wrong| wrong.message);
                report.push(skipped(Code::ImportCommitSkipped, &why));
                continue;
            }
        };
        for found in findings {
            if told.insert(found.message.clone()) {
                report.push(found);
            }
        }
        let newest = past.releases.last().map(|(release, _)| &release.release);
        let date = newest.map_or(revision.date, |newest| newest.published.max(revision.date));
        let request = ReleaseRequest { version: None, date: Some(date), summary: summary(revision) };
        let stated = Disclosure { subprocessors: imported.items, ..bare(today) };
        match new_release::create(&request, stated, newest, as_of) {
            Ok(release) => {
                if date != revision.date {
                    let message = format!(
                        "commit {commit} is dated {}, before the commit that it follows: its release is dated {date}",
                        revision.date
                    );
                    report.push(
                        Diagnostic::new(Code::ImportDateMoved, message)
                            .at(Place::start_of(&source), "")
                            .help("releases stand in the order in which the changes were made; a clock was wrong, or commits were moved"),
                    );
                }
                past.releases.push((release, revision.commit.clone()));
            }
            Err(found) if found.code() == Code::ReleaseNothingChanged => {
                report.push(skipped(Code::ImportCommitUnchanged, "it changes the form and not what is stated"));
            }
            Err(found) => {
                report.push(found.at(Place::start_of(&source), ""));
                break;
            }
        }
    }
    (past, report)
}

fn text(state: &State) -> String {
    match state {
        // As the loader reads files: line feeds only, no byte order mark.
        State::Text(text) => normal(text),
        State::Removed | State::Unreadable(_) => String::new(),
    }
}

/// A text with line feeds only and without a byte order mark, as a [`Source`] holds it.
pub fn normal(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

/// The first digits of a commit's id.
pub fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

/// What a release of the past states beside its subprocessors.
fn bare(today: &Disclosure) -> Disclosure {
    let place =
        |section: &Arc<Section>| Arc::new(Section { body: String::new(), summary: None, ..Section::clone(section) });
    let shows = |section: &&Arc<Section>| section.show == Some(Show::List(List::Subprocessors));
    Disclosure {
        sections: today.sections.iter().filter(shows).map(place).collect(),
        ..Disclosure::new(today.title.clone(), today.language.clone(), today.organization.clone())
    }
}

/// The subject of a commit as a summary. A summary is Markdown and a subject is not.
fn summary(revision: &Revision) -> String {
    match markdown::escape(&revision.subject) {
        subject if subject.is_empty() => format!("Imported from commit {}", short(&revision.commit)),
        subject => subject,
    }
}
