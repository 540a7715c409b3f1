//! `candor release`: freezes the content as the next release.

use std::io::{Read, Write};
use std::time::Duration;

use super::printed::{ReleaseResult, json, json_report};
use super::{Context, Failure, Outcome};
use crate::check;
use crate::cli::ReleaseArgs;
use crate::cli::format::ResultFormat;
use crate::diagnostic::{Code, Diagnostic, RefusedCommand, Remedy, Report};
use crate::files::{self, DirLock, FileError, LockError};
use crate::history::chain::{self, RecordFile, SumsFile};
use crate::history::new_release::{self, MAX_SUMMARY, NewRelease, ReleaseRequest};
use crate::history::store::{Folder, WriteError};
use crate::history::sums::Sums;
use crate::history::{History, Release, newer};
use crate::markdown;
use crate::model::Version;
use crate::pipeline::{CheckedProject, check_project_with};
use crate::wording::terminal;

/// How long a run waits for another run that makes a release.
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// Freezes the content, and prints the changes and the digest.
///
/// # Errors
/// If a file cannot be read or written.
pub fn run(args: &ReleaseArgs, context: &Context) -> Result<Outcome, Failure> {
    let folder = Folder::of(&context.project);
    let _lock = lock(&folder)?;
    let Past { history, report, sums, replaced, completed } = past(args.replace, &folder, context);
    // The statements must be true on the date of the release.
    let date = args.date.or(args.version.map(Version::date)).unwrap_or(context.as_of);
    let CheckedProject { content, history, mut report, .. } =
        check_project_with((history, report), &context.project, None, date);
    let Some(content) = content.filter(|_| !report.refuses(RefusedCommand::Release)) else {
        return context.refuse(&report, RefusedCommand::Release);
    };
    if let Some(version) = completed {
        folder.write_sums(&sums)?;
        report.push(Diagnostic::new(
            Code::ReleaseCompleted,
            format!("release {version} was interrupted; its digest has now been recorded"),
        ));
    }
    let old_summary = replaced.as_ref().and_then(|file| file.content.as_ref().ok()).and_then(|old| old.summary.clone());
    let given = match summary(args)? {
        Ok(given) => given,
        Err(found) => {
            report.push(found);
            return context.report(&report);
        }
    };
    let mut hidden = given.as_deref().map(markdown::hidden_characters).unwrap_or_default();
    check::apply_levels(&mut hidden, &content.settings);
    report.merge(hidden);
    if report.has_errors() {
        return context.report(&report);
    }
    let request = ReleaseRequest {
        version: args.version.or(replaced.as_ref().map(|file| file.version)),
        date: args.date,
        summary: given.or(old_summary).unwrap_or_default(),
    };
    let new = match new_release::create(&request, content.disclosure, history.newest(), context.as_of) {
        Ok(new) => new,
        Err(found) if completed.is_some() && found.code() == Code::ReleaseNothingChanged => {
            return context.report(&report);
        }
        Err(found) => {
            report.push(*found);
            return context.report(&report);
        }
    };
    if let Some(old) = &replaced {
        report.push(replacement(old, &new));
    }
    let sums = with(sums, &new);
    if let Err(error) = folder.write(new.version, &new.record, &sums, replaced.is_some()) {
        if error.source.is_taken() {
            report.push(new_release::exists(new.version));
            return context.report(&report);
        }
        return Err(error.into());
    }
    print(&new, &history, &report, args.format, context)
}

/// Locks the releases while a run reads them and writes the next one. Without the lock, two runs at the same time could create
/// two releases with the same predecessor.
///
/// # Errors
/// If another run holds the lock for too long.
pub(super) fn lock(folder: &Folder) -> Result<Option<DirLock>, Failure> {
    match folder.lock(LOCK_TIMEOUT) {
        Ok(lock) => Ok(Some(lock)),
        Err(LockError::Held) => Err(Failure::new(
            format!("another run has been making a release in this project for {} seconds", LOCK_TIMEOUT.as_secs()),
            "wait until it finishes, then run the command again",
        )),
        // Problems with the folder are reported with the content.
        Err(LockError::File(_)) => Ok(None),
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        Failure::new(error.to_string(), "fix the cause, then run the command again; earlier releases are unchanged")
    }
}

/// The existing releases.
struct Past {
    history: History,
    /// Diagnostics about the releases.
    report: Report,
    sums: Sums,
    /// The release to replace.
    replaced: Option<RecordFile>,
    /// A release whose digest was not recorded because candor was interrupted.
    completed: Option<Version>,
}

fn past(replace: bool, folder: &Folder, context: &Context) -> Past {
    let (mut files, mut sums_file, mut found) = folder.files();
    let replaced = if replace { new_release::take_newest(&mut files, &mut sums_file) } else { None };
    let completed = new_release::complete_sums(&files, &mut sums_file);
    if replace {
        // Replacing the release resolves a merge conflict in the list of digests.
        found.retain(|diagnostic| diagnostic.code() != Code::ReleaseConflict);
        if let Some(old) = replaced.as_ref().and_then(|file| file.content.as_ref().ok()) {
            // Data that only a newer candor can write must not be lost.
            found.merge(old.stated.as_ref().err().map(|why| Report::from(why.as_ref().clone())).unwrap_or_default());
            found.merge(newer::refusal(old.version, &old.newer).map(Report::from).unwrap_or_default());
        }
        if replaced.is_none() {
            found.push(
                Diagnostic::new(Code::ReleaseNone, "there is no release to replace").fix(Remedy::MakeFirstRelease),
            );
        }
    }
    let sums = sums_file.sums.clone();
    let (chain, report) = chain::verify(files, &SumsFile { path: sums_file.path, sums: sums_file.sums }, context.as_of);
    found.merge(report);
    found.merge(chain.unreadable);
    // The list of digests is about to be written.
    found.retain(|diagnostic| diagnostic.code() != Code::ReleaseSumsMissing);
    let history = chain.history;
    let sums = sums.unwrap_or_else(|| Sums::of(&history));
    Past { history, report: found, sums, replaced, completed }
}

fn with(mut sums: Sums, new: &NewRelease) -> Sums {
    sums.insert(new.version, new.digest);
    sums
}

/// Returns the warning that a release was replaced.
fn replacement(old: &RecordFile, new: &NewRelease) -> Diagnostic {
    let was = old.digest.map(|digest| format!(" (SHA-256 {digest})")).unwrap_or_default();
    Diagnostic::new(Code::ReleaseReplaced, format!("release {}{was} was recreated", new.version))
        .fix(Remedy::UndoReplacement)
}

/// Returns the given summary, if any, or a diagnostic if it is too long.
fn summary(args: &ReleaseArgs) -> Result<Result<Option<String>, Diagnostic>, Failure> {
    let Some(path) = &args.summary_file else { return Ok(Ok(args.message.clone())) };
    let unreadable = |error: std::io::Error| {
        Failure::new(
            format!("cannot read the summary from `{}`: {error}", path.display()),
            "set --summary-file to a text file, or to `-` for standard input",
        )
    };
    // Leading and trailing whitespace does not count, so a longer file may still be valid. This limit only bounds what is read.
    let limit = 2 * MAX_SUMMARY;
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = match files::read_chosen(path, limit as u64) {
            Ok(bytes) => bytes,
            Err(FileError::TooLarge { len, .. }) => {
                return Ok(Err(new_release::summary_too_long(&format!("{len} bytes"))));
            }
            Err(error) => return Err(unreadable(error.into_io())),
        };
    }
    if bytes.len() > limit {
        return Ok(Err(new_release::summary_too_long(&format!("more than {limit} bytes"))));
    }
    let text = String::from_utf8(bytes).map_err(|error| unreadable(std::io::Error::other(error.utf8_error())))?;
    Ok(Ok(Some(text)))
}

fn print(
    new: &NewRelease,
    history: &History,
    report: &Report,
    format: ResultFormat,
    context: &Context,
) -> Result<Outcome, Failure> {
    let path = context.project.releases().join(crate::history::file_name(new.version));
    let path = context.project.display(&path);
    let mut out = context.out();
    if format == ResultFormat::Json {
        let previous = history.newest().map(Release::link);
        let changes = new.changes.as_ref();
        let report = json_report(report);
        let result = ReleaseResult { version: new.version, path, sha256: new.digest, previous, changes, report };
        out.json(&json(&result)?)?;
        return Ok(Outcome::Fine);
    }
    let outcome = context.report(report)?;
    if context.quiet {
        return Ok(outcome);
    }
    let strings = context.strings(&new.release.disclosure.language);
    match &new.changes {
        None => writeln!(out, "released {}, the first release", new.version)?,
        Some(changes) => {
            writeln!(out, "released {}: {}", new.version, strings.count("count.changes", changes.len()))?;
            out.styled(&terminal::changes(changes, &strings))?;
        }
    }
    writeln!(out, "\nSHA-256 {}  {path}", new.digest)?;
    Ok(outcome)
}
