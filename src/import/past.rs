//! Creates releases from the versions of a file in its git history: one release per change of the content.
//!
//! A past release contains only what the file proves: the subprocessors, and the organization that they belong to. The rest of
//! the current content was not published then, so the section that shows the list has no text.

use std::collections::HashSet;
use std::sync::Arc;

use super::ImportOptions;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity, Source};
use crate::history::new_release::{self, NewRelease, ReleaseRequest};
use crate::model::{Date, Disclosure, List, ProgramVersion, Section, Show};
use crate::text::markdown;

/// A commit that changed the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The commit id, full or abbreviated.
    pub commit: String,
    /// The date of the commit, in UTC.
    pub date: Date,
    /// The first line of the commit message.
    pub subject: String,
    /// The path of the file at that commit.
    pub path: String,
    /// The content of the file.
    pub state: State,
}

/// The state of a file after a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The file had this text.
    Text(String),
    /// The file did not exist.
    Removed,
    /// The file could not be read, for this reason.
    Unreadable(String),
}

/// The releases of a file's history.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// Releases, oldest first, each with its commit.
    pub releases: Vec<(NewRelease, String)>,
}

/// Creates releases from the revisions, oldest first. Title, language, organization and sections are taken from `today`.
/// Commits that change no content, and commits that cannot be read, are skipped and reported. Diagnostics that are already in
/// `known` are not repeated.
pub fn past(
    revisions: &[Revision],
    options: &ImportOptions,
    today: &Disclosure,
    as_of: Date,
    known: &Report,
) -> (Past, Report) {
    let options = ImportOptions { earlier: true, ..options.clone() };
    let mut reported: HashSet<String> = known.diagnostics().iter().map(|found| found.message.clone()).collect();
    let mut report = Report::new();
    let mut past = Past::default();
    for revision in revisions {
        let commit = short(&revision.commit);
        let source = Source::new(format!("{commit}:{}", revision.path), text(&revision.state));
        let skipped = |code: Code, why: &str| {
            let message = format!("no release for commit {commit} ({}): {why}", revision.subject);
            Diagnostic::new(code, message).at(Place::start_of(&source), "")
        };
        match &revision.state {
            State::Text(_) => {}
            State::Removed => {
                report.push(skipped(Code::ImportCommitSkipped, "it removes the file"));
                continue;
            }
            State::Unreadable(why) => {
                report.push(skipped(Code::ImportCommitSkipped, why));
                continue;
            }
        }
        let (imported, problems) = super::read(&source, &options);
        let wrong = problems.diagnostics().iter().find(|found| found.severity() == Severity::Error).cloned();
        let imported = match (imported, wrong) {
            (Some(imported), None) => imported,
            (_, wrong) => {
                let why = wrong.map_or_else(String::new, |wrong| wrong.message);
                report.push(skipped(Code::ImportCommitSkipped, &why));
                continue;
            }
        };
        for found in problems {
            if reported.insert(found.message.clone()) {
                report.push(found);
            }
        }
        let newest = past.releases.last().map(|(release, _)| &release.release);
        let date = newest.map_or(revision.date, |newest| newest.published.max(revision.date));
        let request = ReleaseRequest {
            version: None,
            date: Some(date),
            summary: summary(revision),
            corrects: None,
            redactions: Vec::new(),
            candor: ProgramVersion::current().version().to_owned(),
        };
        let stated = Disclosure { subprocessors: imported.items, ..bare(today) };
        match new_release::create(&request, stated.into(), newest, as_of) {
            Ok(release) => {
                if date != revision.date {
                    let message = format!(
                        "commit {commit} is dated {}, before its predecessor; its release is dated {date}",
                        revision.date
                    );
                    report.push(
                        Diagnostic::new(Code::ImportDateMoved, message)
                            .at(Place::start_of(&source), "")
                            .help("check the dates of the commits: releases are in the order of the commits, so a clock was wrong or commits were reordered"),
                    );
                }
                past.releases.push((release, revision.commit.clone()));
            }
            Err(found) if found.code() == Code::ReleaseNothingChanged => {
                report.push(skipped(Code::ImportCommitUnchanged, "it changes only the formatting"));
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
        // Normalize the text as the loader does.
        State::Text(text) => normal(text),
        State::Removed | State::Unreadable(_) => String::new(),
    }
}

/// Normalizes line endings to line feeds and removes a byte order mark.
pub fn normal(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

/// Abbreviates a commit id.
pub fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

/// Returns the content of a past release other than its subprocessors.
fn bare(today: &Disclosure) -> Disclosure {
    let place =
        |section: &Arc<Section>| Arc::new(Section { body: String::new(), summary: None, ..Section::clone(section) });
    let shows = |section: &&Arc<Section>| section.show == Some(Show::List(List::Subprocessors));
    Disclosure {
        sections: today.sections.iter().filter(shows).map(place).collect(),
        ..Disclosure::new(today.title.clone(), today.language.clone(), today.organization.clone())
    }
}

/// Converts the subject of a commit into a summary, escaped because a summary is Markdown.
fn summary(revision: &Revision) -> String {
    match markdown::escape(&revision.subject) {
        subject if subject.is_empty() => format!("Imported from commit {}", short(&revision.commit)),
        subject => subject,
    }
}
