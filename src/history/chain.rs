//! Verification of the hash chain: detects records that were edited, moved, removed or forged.
//!
//! This module does no I/O: it takes files in memory and returns a [`Chain`] and a report. The digest of each record is
//! checked against two sources: the `previous` link of the next record, and the line in `SHA256SUMS`.
//! No site is built and no release is made from a history with errors.

use super::reading::{Parsed, RecordReader};
use super::redaction::{PendingRedactions, Redactions};
use super::sums::{FILE_NAME, Sums};
use super::{History, Link, Release, consistency, file_name, newer, place, redacted};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::model::{Date, Digest, Version};

/// The file of a release record, as it was read.
#[derive(Debug)]
pub struct RecordFile {
    /// Its path in diagnostics.
    pub path: String,
    /// The version in its file name.
    pub version: Version,
    /// SHA-256 of its bytes; `None` if it could not be read.
    pub digest: Option<Digest>,
    /// The parsed record, or why it could not be parsed.
    pub content: Result<Parsed, Box<Diagnostic>>,
    /// Contradictions between fields that are valid on their own; `candor release` refuses to write them.
    pub faults: Vec<Diagnostic>,
}

impl RecordFile {
    /// Parses the bytes of a file.
    pub fn read(path: String, version: Version, bytes: &[u8], reader: &RecordReader) -> RecordFile {
        let content = reader.record(&path, bytes);
        let digest = content.as_ref().map_or_else(|_| Digest::of(bytes), |parsed| parsed.digest);
        let faults = content.as_ref().map(consistency::faults).unwrap_or_default();
        RecordFile { path, version, digest: Some(digest), content, faults }
    }

    /// Creates a file that could not be read.
    pub fn unread(path: String, version: Version, why: Box<Diagnostic>) -> RecordFile {
        RecordFile { path, version, digest: None, content: Err(why), faults: Vec::new() }
    }
}

/// The files next to the records: `SHA256SUMS`, and `redactions.json` in a project.
#[derive(Debug, Default)]
pub struct SumsFile {
    /// The path of `SHA256SUMS` in diagnostics.
    pub path: String,
    /// The digests that were recorded when the releases were made; `None` if the file is missing.
    pub sums: Option<Sums>,
    /// The redactions that no release binds yet.
    pub pending: PendingRedactions,
}

/// The result of [`verify`].
#[derive(Debug, Default)]
pub struct Chain {
    /// Version and digest of each record, oldest first.
    pub links: Vec<Link>,
    /// The releases that this version of candor can read.
    pub history: History,
    /// One error for each record that has a newer schema. These records are still part of the chain.
    pub unreadable: Report,
}

impl Chain {
    /// The history of all releases.
    ///
    /// # Errors
    /// If a record has a newer schema.
    pub fn complete(self) -> Result<History, Report> {
        if self.unreadable.is_empty() { Ok(self.history) } else { Err(self.unreadable) }
    }
}

/// Verifies files in any order. A release dated after `as_of` is an error.
///
/// The chain contains the records that could be parsed. Use it only if the report has no errors.
pub fn verify(mut files: Vec<RecordFile>, sums_file: &SumsFile, as_of: Date) -> (Chain, Report) {
    files.sort_by_key(|file| file.version);
    let report = check(&files, sums_file, as_of);
    let redactions = Redactions::of(&files, &sums_file.pending);
    let (sequences, withheld_files) = (redactions.sequences(), redactions.files());
    let mut chain = Chain::default();
    let mut releases = Vec::new();
    for parsed in files.into_iter().filter_map(|file| file.content.ok()) {
        chain.links.push(Link { version: parsed.version, sha256: parsed.digest });
        let original = sequences.get(&parsed.version).and_then(|digests| digests.first().copied());
        match parsed.release() {
            Ok(release) => releases.push(Release { original, ..release }),
            Err(found) => chain.unreadable.push(*found),
        }
    }
    chain.history = History::new(releases);
    chain.history.withhold_files(withheld_files);
    (chain, report)
}

/// Checks files that are sorted by version. Only the heads of the records are needed.
pub fn check(files: &[RecordFile], sums_file: &SumsFile, as_of: Date) -> Report {
    let redactions = Redactions::of(files, &sums_file.pending);
    let mut report = Report::new();
    for (at, file) in files.iter().enumerate() {
        let parsed = match &file.content {
            Ok(parsed) => parsed,
            Err(found) => {
                report.push(found.as_ref().clone());
                continue;
            }
        };
        if parsed.version != file.version {
            // The digest, dates and links belong to another release, so checking them would only repeat the problem.
            report.push(wrong_name(file, parsed, files));
            continue;
        }
        if redacted::check(file, files.get(at + 1), sums_file, &redactions, &mut report) {
            check_digest(file, files.get(at + 1), sums_file, &redactions, &mut report);
        }
        check_dates(parsed, at.checked_sub(1).and_then(|before| self::parsed(&files[before])), as_of, &mut report);
        check_link(at, parsed, files, &mut report);
        file.faults.iter().for_each(|found| report.push(found.clone()));
    }
    redacted::check_entries(files, &sums_file.pending, &redactions, as_of, &mut report);
    check_completeness(files, sums_file, &mut report);
    newer::note(files).into_iter().for_each(|found| report.push(found));
    report
}

fn parsed(file: &RecordFile) -> Option<&Parsed> {
    file.content.as_ref().ok()
}

fn check_digest(
    file: &RecordFile,
    next: Option<&RecordFile>,
    sums_file: &SumsFile,
    redactions: &Redactions<'_>,
    report: &mut Report,
) {
    let Some(found) = file.digest else { return };
    let noted = sums_file.sums.as_ref().and_then(|sums| sums.get(file.version));
    let pinned = next.and_then(|next| next.content.as_ref().ok()).and_then(|next| {
        let link = next.previous.filter(|link| link.version == file.version)?;
        // The next release has the digest of the original record, which a redaction replaces.
        let redacted = redactions.of_release(file.version).last().and_then(|bound| bound.redaction.sha256);
        Some((redacted.unwrap_or(link.sha256), place::of_value(&next.head, &["previous", "sha256"])))
    });
    let noted_holds = noted.is_none_or(|digest| digest == found);
    let pinned_holds = pinned.as_ref().is_none_or(|(digest, _)| *digest == found);
    if noted_holds && pinned_holds {
        return;
    }
    let expected = pinned.as_ref().map(|(digest, _)| *digest).filter(|_| !pinned_holds).or(noted);
    let was = expected.map(|digest| format!(", but it was {digest} when the release was made")).unwrap_or_default();
    let only_one = (noted.is_some() && noted_holds) || (pinned.is_some() && pinned_holds);
    let diagnostic = if only_one {
        let (wrong, right) = match (&pinned, pinned_holds) {
            (Some((_, place)), false) => (place.source.path.as_str(), sums_file.path.as_str()),
            _ => (sums_file.path.as_str(), next.map_or("", |next| next.path.as_str())),
        };
        let message = format!(
            "`{wrong}` has a wrong SHA-256 for release {}: the file and `{right}` both have {found}",
            file.version
        );
        Diagnostic::new(Code::ReleaseDigestWrong, message).at(Place::file(wrong), "").fix(Remedy::RestoreFile(wrong))
    } else {
        let message = format!("release {} was modified after it was made: its SHA-256 is {found}{was}", file.version);
        Diagnostic::new(Code::ReleaseEdited, message)
            .at(Place::file(&file.path), "")
            .fix(Remedy::RestoreRelease)
            .help("to correct the release, edit the content and make a new release")
    };
    report.push(match pinned {
        Some((_, place)) if !pinned_holds => diagnostic.at(place, "the next release links to this digest"),
        _ => diagnostic.at(Place::file(&sums_file.path), "has the original digest"),
    });
}

fn wrong_name(file: &RecordFile, parsed: &Parsed, files: &[RecordFile]) -> Diagnostic {
    let version = parsed.version;
    let place = place::of_value(&parsed.head, &["version"]);
    let is_that =
        |other: &&RecordFile| other.version == version && self::parsed(other).is_some_and(|it| it.version == version);
    match files.iter().find(is_that) {
        Some(other) => Diagnostic::new(
            Code::ReleaseDuplicate,
            format!("`{}` contains release {version}, which is also in `{}`", file.path, other.path),
        )
        .at(place, "the version that the record has")
        .help("remove the file that was added by mistake"),
        None => Diagnostic::new(Code::ReleaseRenamed, format!("`{}` contains release {version}", file.path))
            .at(place, "the version that the record has")
            .help(format!("rename the file to `{}`", file_name(version))),
    }
}

fn check_dates(release: &Parsed, before: Option<&Parsed>, as_of: Date, report: &mut Report) {
    if release.published > as_of {
        report.push(
            Diagnostic::new(
                Code::ReleaseFuture,
                format!(
                    "release {} is dated {}, which is after the as-of date {as_of}",
                    release.version, release.published
                ),
            )
            .at(place::of_value(&release.head, &["published"]), "")
            .fix(Remedy::CheckDate),
        );
    }
    if let Some(before) = before
        && release.published < before.published
    {
        report.push(
            Diagnostic::new(
                Code::ReleaseOrder,
                format!(
                    "release {} is dated {}, but the release before it, {}, is dated {}",
                    release.version, release.published, before.version, before.published
                ),
            )
            .at(place::of_value(&release.head, &["published"]), "")
            .fix(Remedy::RestoreRelease),
        );
    }
}

fn check_link(at: usize, parsed: &Parsed, files: &[RecordFile], report: &mut Report) {
    let version = parsed.version;
    let before = at.checked_sub(1).map(|before| &files[before]);
    let here = |link: Version| files.iter().any(|file| file.version == link);
    let place = || match parsed.previous {
        Some(_) => place::of_value(&parsed.head, &["previous", "version"]),
        None => place::of_value(&parsed.head, &["previous"]),
    };
    match (before, parsed.previous) {
        (None, None) => {}
        // `check_digest` compares the digest when it visits the previous file.
        (Some(before), Some(link)) if link.version == before.version => {}
        (Some(before), None) => report.push(
            Diagnostic::new(
                Code::ReleaseUnlinked,
                format!("release {version} has no `previous`, but release {} comes before it", before.version),
            )
            .at(place(), "")
            .fix(Remedy::RecreateAfter { version, before: before.version })
            .help("otherwise remove the release that was inserted before it"),
        ),
        (_, Some(link)) if link.version >= version => report.push(
            Diagnostic::new(
                Code::ReleaseOrder,
                format!("release {version} links to {} as the previous release, which is not earlier", link.version),
            )
            .at(place(), "")
            .fix(Remedy::RestoreRelease),
        ),
        (Some(before), Some(link)) if here(link.version) => {
            report.push(branched(version, before.version, link.version, place()))
        }
        (_, Some(link)) => report.push(
            Diagnostic::new(
                Code::ReleaseMissing,
                format!("release {version} links to {} as the previous release, which is missing", link.version),
            )
            .at(place(), "the release before it")
            .fix(Remedy::RestoreRecord { name: &file_name(link.version), sha256: link.sha256 }),
        ),
    }
}

/// Reports two releases that have the same `previous`: they were made on different branches.
fn branched(version: Version, before: Version, common: Version, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ReleaseBranched,
        format!("releases {before} and {version} were made on two branches: both follow {common}"),
    )
    .at(place, format!("expected {before}"))
    .fix(Remedy::MergeAndRecreate { version, before })
    .fix(Remedy::MergeWithout { version, before, name: &file_name(before), sums: FILE_NAME })
}

fn check_completeness(files: &[RecordFile], sums_file: &SumsFile, report: &mut Report) {
    let Some(sums) = &sums_file.sums else {
        if let Some(newest) = files.last() {
            report.push(
                Diagnostic::new(
                    Code::ReleaseSumsMissing,
                    format!(
                        "`{}` is missing, so the newest release, {}, cannot be verified",
                        sums_file.path, newest.version
                    ),
                )
                .at(Place::file(&sums_file.path), "")
                .fix(Remedy::RestoreOrCreateSums),
            );
        }
        return;
    };
    let linked = |version| {
        files
            .iter()
            .filter_map(parsed)
            .any(|it| it.version == version || it.previous.is_some_and(|to| to.version == version))
    };
    for (version, digest) in sums.iter() {
        let found = files.binary_search_by_key(&version, |file| file.version).is_ok();
        // A file with another name, or a link to the missing one, was already reported.
        if !found && !linked(version) {
            let name = file_name(version);
            report.push(
                Diagnostic::new(Code::ReleaseMissing, format!("the file of release {version} is missing"))
                    .at(Place::file(&sums_file.path), "lists the release")
                    .fix(Remedy::RestoreRecord { name: &name, sha256: digest }),
            );
        }
    }
    let whole = |file: &&RecordFile| parsed(file).is_some_and(|it| it.version == file.version);
    for file in files.iter().filter(whole).filter(|file| sums.get(file.version).is_none()) {
        report.push(
            Diagnostic::new(Code::ReleaseUnlisted, format!("release {} is not listed in {FILE_NAME}", file.version))
                .at(Place::file(&file.path), "")
                .fix(Remedy::CompleteRelease)
                .help("otherwise remove the file: candor did not create it"),
        );
    }
}
