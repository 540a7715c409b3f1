//! `candor release`: freezes the content as the next release.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::printed::{ReleaseResult, json, json_report};
use super::{Context, Failure, Outcome};
use crate::cli::ReleaseArgs;
use crate::cli::format::ResultFormat;
use crate::diagnostic::{Code, Diagnostic, RefusedCommand, Remedy, Report, Source};
use crate::files::{self, DirLock, FileError, LockError, Placing};
use crate::history::chain::{self, RecordFile};
use crate::history::new_release::{self, MAX_SUMMARY, NewRelease, ReleaseContent, ReleaseRequest};
use crate::history::redaction::{PendingRedactions, Redaction, Redactions};
use crate::history::store::{Folder, WriteError, WrittenRelease};
use crate::history::sums::Sums;
use crate::history::{Deadlines, History, Names, Release, kept, newer};
use crate::load::{self, AppliedFile};
use crate::model::{Date, ProgramVersion, Version};
use crate::pipeline::{CheckedProject, check_for_release};
use crate::references;
use crate::text::counted;
use crate::wording::phrase::Phrasing;
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
    let applied = match args.apply_upcoming.then(|| apply_upcoming(args, &folder, context)).transpose()? {
        Some(Err(problems)) => return context.report(&problems),
        Some(Ok(applied)) => applied,
        None => Vec::new(),
    };
    let mut is_released = false;
    let result = release(args, &folder, &mut is_released, context);
    if is_released && !context.quiet && args.format == ResultFormat::Human {
        for file in &applied {
            let (name, count) = (context.project.display(&file.path), counted(file.count, "upcoming change"));
            writeln!(context.err(), "{name}: moved {count} into the fields")?;
        }
    }
    // Without the release, the content states what it stated before.
    if !is_released {
        applied.iter().try_for_each(|file| place(&file.path, &file.before, context))?;
    }
    result
}

/// Makes the release. `is_released` is set as soon as it exists.
fn release(args: &ReleaseArgs, folder: &Folder, is_released: &mut bool, context: &Context) -> Result<Outcome, Failure> {
    let Past { history, report, sums, pending, replaced, replaces_redacted, completed } =
        past(args.replace, folder, context);
    let old = replaced.as_ref().and_then(|file| file.content.as_ref().ok());
    let old_corrects = old.and_then(|old| old.corrects);
    let summary = match summary(args)? {
        Ok(Some(given)) => given,
        Ok(None) => Source::new("the summary", old.and_then(|old| old.summary.clone()).unwrap_or_default()),
        Err(found) => return context.report(&found.into()),
    };
    // The statements must be true on the date of the release.
    let date = stated_date(args, replaced.as_ref().map(|file| file.version), context);
    let CheckedProject { content, history, assets, mut report, .. } =
        check_for_release((history, report), &context.project, date, &summary);
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
    let bound = || history.releases().iter().flat_map(|release| &release.notices);
    report.merge(folder.verify_bound_notices(bound()).1);
    let notices = folder.unbound_notices(bound()).unwrap_or_else(|found| {
        report.merge(found);
        Vec::new()
    });
    if report.has_errors() {
        return context.report(&report);
    }
    let request = ReleaseRequest {
        version: args.version.or(replaced.as_ref().map(|file| file.version)),
        date: args.date,
        summary: summary.text.to_string(),
        corrects: args.corrects.or(old_corrects),
        redactions: pending,
        replaces_redacted,
        notices,
        candor: ProgramVersion::current().version().to_owned(),
    };
    if let Some(corrected) = request.corrects
        && history.get(corrected).is_none()
    {
        report.push(new_release::nothing_to_correct(corrected, history.newest()));
        return context.report(&report);
    }
    let stated = ReleaseContent {
        files: references::of_disclosure(&content.disclosure, &content.settings, &assets),
        summary_files: references::of_text(&request.summary, &content.settings, &assets),
        disclosure: content.disclosure,
    };
    let new = match new_release::create(&request, stated, history.newest(), context.as_of) {
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
    let recorded = new.release.files.as_deref().unwrap_or_default();
    let kept: BTreeMap<_, _> = recorded
        .iter()
        .filter_map(|file| Some((file.kept_at(), Arc::clone(&assets.get_any(&file.path)?.bytes))))
        .collect();
    let written = WrittenRelease { version: new.version, record: &new.record, files: &kept };
    if let Err(error) = folder.write(&written, &sums, replaced.is_some()) {
        if error.source.is_taken() {
            report.push(new_release::exists(new.version));
            return context.report(&report);
        }
        return Err(error.into());
    }
    *is_released = true;
    folder.write_pending(&PendingRedactions::default())?;
    if replaced.is_some() {
        let bound = history.releases().iter().chain([&new.release]).filter_map(|release| release.files.as_deref());
        folder.forget_unbound(&kept::paths(bound))?;
    }
    print(&new, &history, &report, args.format, context)
}

/// Returns the date of the release: the stated one, or else that of the release that it replaces.
fn stated_date(args: &ReleaseArgs, replaced: Option<Version>, context: &Context) -> Date {
    args.date.or(args.version.or(replaced).map(Version::date)).unwrap_or(context.as_of)
}

/// Moves upcoming changes that are in effect into the fields of the content.
///
/// # Errors
/// If a file cannot be written.
fn apply_upcoming(
    args: &ReleaseArgs,
    folder: &Folder,
    context: &Context,
) -> Result<Result<Vec<AppliedFile>, Report>, Failure> {
    let newest = || folder.named().into_iter().max();
    let date = stated_date(args, args.replace.then(newest).flatten(), context);
    let applied = match load::apply_upcoming(&context.project, date) {
        Ok(applied) => applied,
        Err(problems) => return Ok(Err(problems)),
    };
    applied.iter().try_for_each(|file| place(&file.path, &file.text, context))?;
    Ok(Ok(applied))
}

/// Writes a file of the content.
fn place(path: &Path, text: &str, context: &Context) -> Result<(), Failure> {
    let root = context.project.open();
    let written = root.and_then(|root| root.place(context.project.below(path), text.as_bytes(), Placing::Replace));
    written.map_err(|error| {
        Failure::new(
            format!("cannot write `{}`: {}", context.project.display(path), error.reason()),
            "check that you have permission to write it",
        )
    })
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
    /// The redactions that no release binds yet.
    pending: Vec<Redaction>,
    /// The release to replace.
    replaced: Option<RecordFile>,
    /// Whether values were withheld from the release to replace.
    replaces_redacted: bool,
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
    let of_replaced =
        |redaction: &Redaction| replaced.as_ref().is_some_and(|old| redaction.version == Some(old.version));
    let replaces_redacted = sums_file.pending.list.iter().any(of_replaced);
    if let Some(old) = &replaced {
        // The record that these redacted is about to be made again, and it hands over those that it bound.
        sums_file.pending.list.retain(|redaction| !of_replaced(redaction));
        let bound = old.content.as_ref().map(|old| old.redactions.clone()).unwrap_or_default();
        sums_file.pending.list.splice(0..0, bound);
    }
    found.merge(folder.verify_files(&files, &sums_file.pending));
    let sums = sums_file.sums.clone();
    let pending = Redactions::of(&files, &sums_file.pending).pending().cloned().collect();
    let (chain, report) = chain::verify(files, &sums_file, context.as_of);
    found.merge(report);
    found.merge(chain.unreadable);
    // The list of digests is about to be written, and the release binds the redactions.
    let is_open = |code: Code| matches!(code, Code::ReleaseSumsMissing | Code::RedactionUnbound);
    found.retain(|diagnostic| !is_open(diagnostic.code()));
    let history = chain.history;
    let sums = sums.unwrap_or_else(|| Sums::of(&history));
    Past { history, report: found, sums, pending, replaced, replaces_redacted, completed }
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
fn summary(args: &ReleaseArgs) -> Result<Result<Option<Arc<Source>>, Diagnostic>, Failure> {
    let Some(path) = &args.summary_file else {
        return Ok(Ok(args.message.as_deref().map(|text| Source::new("the summary", text))));
    };
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
    // Editors may start a file with a byte order mark.
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    Ok(Ok(Some(Source::new(path.display().to_string(), text))))
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
            let announced = history.timeline().announcements();
            let stated = announced.with_draft(&new.release.disclosure, new.release.published);
            writeln!(out, "released {}: {}", new.version, strings.count("count.changes", changes.len()))?;
            let deadlines = Deadlines::of(&stated);
            let names = Names::of(history).with([Some(&new.release.disclosure), None]);
            let phrasing = Phrasing::new(&strings).with_deadlines(&deadlines).with_names(names);
            out.styled(&terminal::changes(changes, phrasing, &strings))?;
        }
    }
    if let Some(corrected) = new.release.corrects {
        writeln!(out, "corrects {corrected}")?;
    }
    if !new.release.redactions.is_empty() {
        writeln!(out, "{} bound", counted(new.release.redactions.len(), "redaction"))?;
    }
    if !new.release.notices.is_empty() {
        writeln!(out, "{} bound", counted(new.release.notices.len(), "notice"))?;
    }
    if let Some(files) = new.release.files.as_deref().filter(|files| !files.is_empty()) {
        writeln!(out, "{} recorded", counted(files.len(), "file"))?;
    }
    writeln!(out, "\nSHA-256 {}  {path}", new.digest)?;
    Ok(outcome)
}
