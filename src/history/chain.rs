//! The verdict on a history: what was edited, moved, lost or forged.
//!
//! Pure: files as they were read go in, a [`Chain`] and the findings come out. Each record is held against
//! two witnesses: the record after it, whose `previous` pins its digest, and the line in `SHA256SUMS`.
//! A history with errors is not to be built on.

use super::reading::{Parsed, Reader};
use super::sums::{FILE_NAME, Sums};
use super::{History, Link, consistency, file_name, newer, place};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::{Date, Digest, Version};

/// A file among the releases, as it was read.
#[derive(Debug)]
pub struct File {
    /// How findings name it.
    pub path: String,
    /// The version that its name stands for.
    pub version: Version,
    /// SHA-256 of its bytes; none where they could not be had.
    pub digest: Option<Digest>,
    /// What it says, or why it says nothing.
    pub content: Result<Parsed, Box<Diagnostic>>,
    /// What `candor release` would never have written, although each field can be read.
    pub faults: Vec<Diagnostic>,
}

impl File {
    /// A file that has these bytes.
    pub fn read(path: String, version: Version, bytes: &[u8], reader: &Reader) -> File {
        let content = reader.record(&path, bytes);
        let faults = content.as_ref().map(consistency::faults).unwrap_or_default();
        File { path, version, digest: Some(Digest::of(bytes)), content, faults }
    }

    /// A file whose bytes could not be read.
    pub fn unread(path: String, version: Version, why: Box<Diagnostic>) -> File {
        File { path, version, digest: None, content: Err(why), faults: Vec::new() }
    }
}

/// What stands beside the records.
#[derive(Debug, Default)]
pub struct Witness {
    /// How findings name the file of digests.
    pub path: String,
    /// The digests that were noted when the releases were made; none where the file is missing.
    pub sums: Option<Sums>,
}

/// What verified files hold.
#[derive(Debug, Default)]
pub struct Chain {
    /// Version and digest of each record, oldest first.
    pub links: Vec<Link>,
    /// The releases that this version of candor can read.
    pub history: History,
    /// The records of a newer schema: an error for each. They are links of the chain all the same.
    pub unreadable: Report,
}

impl Chain {
    /// The history, for what is made of all releases.
    ///
    /// # Errors
    /// When a record has a newer schema.
    pub fn complete(self) -> Result<History, Report> {
        if self.unreadable.is_empty() { Ok(self.history) } else { Err(self.unreadable) }
    }
}

/// Verifies files in any order, for a run that speaks for the day `as_of`.
///
/// The chain holds what could be read; it is worth something only where the report has no errors.
pub fn verify(mut files: Vec<File>, witness: &Witness, as_of: Date) -> (Chain, Report) {
    files.sort_by_key(|file| file.version);
    let report = check(&files, witness, as_of);
    let mut chain = Chain::default();
    let mut releases = Vec::new();
    for parsed in files.into_iter().filter_map(|file| file.content.ok()) {
        chain.links.push(Link { version: parsed.version, sha256: parsed.digest });
        match parsed.release() {
            Ok(release) => releases.push(release),
            Err(found) => chain.unreadable.push(*found),
        }
    }
    chain.history = History::new(releases);
    (chain, report)
}

/// Checks files in the order of their versions, and needs only the heads of their records.
pub fn check(files: &[File], witness: &Witness, as_of: Date) -> Report {
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
            // Its digest, dates and links are another release's: nothing more is to be learned from them.
            report.push(wrong_name(file, parsed, files));
            continue;
        }
        check_digest(file, files.get(at + 1), witness, &mut report);
        check_dates(parsed, at.checked_sub(1).and_then(|before| self::parsed(&files[before])), as_of, &mut report);
        check_link(at, parsed, files, &mut report);
        file.faults.iter().for_each(|found| report.push(found.clone()));
    }
    check_completeness(files, witness, &mut report);
    newer::note(files).into_iter().for_each(|found| report.push(found));
    report
}

fn parsed(file: &File) -> Option<&Parsed> {
    file.content.as_ref().ok()
}

fn check_digest(file: &File, next: Option<&File>, witness: &Witness, report: &mut Report) {
    let Some(found) = file.digest else { return };
    let noted = witness.sums.as_ref().and_then(|sums| sums.get(file.version));
    let pinned = next.and_then(|next| next.content.as_ref().ok()).and_then(|next| {
        let link = next.previous.filter(|link| link.version == file.version)?;
        Some((link.sha256, place::of_value(&next.head, &["previous", "sha256"])))
    });
    let noted_holds = noted.is_none_or(|digest| digest == found);
    let pinned_holds = pinned.as_ref().is_none_or(|(digest, _)| *digest == found);
    if noted_holds && pinned_holds {
        return;
    }
    let expected = pinned.as_ref().map(|(digest, _)| *digest).filter(|_| !pinned_holds).or(noted);
    let was = expected.map(|digest| format!(", and it was {digest}")).unwrap_or_default();
    let only_one = (noted.is_some() && noted_holds) || (pinned.is_some() && pinned_holds);
    let diagnostic = if only_one {
        let (liar, truth) = match (&pinned, pinned_holds) {
            (Some((_, place)), false) => (place.source.path.as_str(), witness.path.as_str()),
            _ => (witness.path.as_str(), next.map_or("", |next| next.path.as_str())),
        };
        let message = format!(
            "`{liar}` names another SHA-256 for release {} than its file has, and `{truth}` names the right one, {found}",
            file.version
        );
        Diagnostic::new(Code::ReleaseDigestWrong, message)
            .at(Place::file(liar), "")
            .help(format!("`{liar}` was edited: bring it back as it was, for example with `git checkout`"))
    } else {
        let message = format!("release {} was changed after it was made: its SHA-256 is {found}{was}", file.version);
        Diagnostic::new(Code::ReleaseEdited, message)
            .at(Place::file(&file.path), "")
            .help("a release is never edited: bring the file back as it was published, for example with `git checkout`")
            .help("to correct what it states, edit the content and make a new release")
    };
    report.push(match pinned {
        Some((_, place)) if !pinned_holds => diagnostic.at(place, "the release after it was made on this digest"),
        _ => diagnostic.at(Place::file(&witness.path), "notes what it was"),
    });
}

fn wrong_name(file: &File, parsed: &Parsed, files: &[File]) -> Diagnostic {
    let version = parsed.version;
    let place = place::of_value(&parsed.head, &["version"]);
    let is_that =
        |other: &&File| other.version == version && self::parsed(other).is_some_and(|it| it.version == version);
    match files.iter().find(is_that) {
        Some(other) => Diagnostic::new(
            Code::ReleaseDuplicate,
            format!("`{}` holds release {version}, and `{}` is that release", file.path, other.path),
        )
        .at(place, "the version that the record has")
        .help("remove the file that was put here by mistake; a version is one release"),
        None => Diagnostic::new(Code::ReleaseRenamed, format!("`{}` holds release {version}", file.path))
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
                    "release {} is dated {}, after {as_of}, the day of this run",
                    release.version, release.published
                ),
            )
            .at(place::of_value(&release.head, &["published"]), "")
            .help("a release speaks for a day that has come; check the clock, SOURCE_DATE_EPOCH and --as-of"),
        );
    }
    if let Some(before) = before
        && release.published < before.published
    {
        report.push(
            Diagnostic::new(
                Code::ReleaseOrder,
                format!(
                    "release {} is dated {}, before release {} of {}",
                    release.version, release.published, before.version, before.published
                ),
            )
            .at(place::of_value(&release.head, &["published"]), "")
            .help("releases follow each other in time; bring the file back as it was published"),
        );
    }
}

fn check_link(at: usize, parsed: &Parsed, files: &[File], report: &mut Report) {
    let version = parsed.version;
    let before = at.checked_sub(1).map(|before| &files[before]);
    let here = |link: Version| files.iter().any(|file| file.version == link);
    let place = || match parsed.previous {
        Some(_) => place::of_value(&parsed.head, &["previous", "version"]),
        None => place::of_value(&parsed.head, &["previous"]),
    };
    match (before, parsed.previous) {
        (None, None) => {}
        // Its digest is checked from the other side.
        (Some(before), Some(link)) if link.version == before.version => {}
        (Some(before), None) => report.push(
            Diagnostic::new(
                Code::ReleaseUnlinked,
                format!("release {version} says that it is the first, and release {} stands before it", before.version),
            )
            .at(place(), "")
            .help(format!(
                "if {version} was never published, cut it again after {}: `candor release --replace`",
                before.version
            ))
            .help("otherwise remove the release that was put before the first"),
        ),
        (_, Some(link)) if link.version >= version => report.push(
            Diagnostic::new(
                Code::ReleaseOrder,
                format!("release {version} says that it follows {}, which is not before it", link.version),
            )
            .at(place(), "")
            .help("bring the file back as it was published, for example with `git checkout`"),
        ),
        (Some(before), Some(link)) if here(link.version) => {
            report.push(branched(version, before.version, link.version, place()))
        }
        (_, Some(link)) => report.push(
            Diagnostic::new(
                Code::ReleaseMissing,
                format!("release {version} follows {}, which is not here", link.version),
            )
            .at(place(), "the release before it")
            .help(format!(
                "bring `{}` back, for example with `git checkout`; its SHA-256 is {}",
                file_name(link.version),
                link.sha256
            )),
        ),
    }
}

/// Two releases that follow the same one: each was made on a branch that did not know of the other.
fn branched(version: Version, before: Version, common: Version, place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ReleaseBranched,
        format!("releases {before} and {version} were made on two branches: {version} follows {common} and does not know of {before}"),
    )
    .at(place, format!("should be {before}"))
    .help(format!(
        "if {version} was never published: bring the content of both branches together and run `candor release --replace`, which cuts {version} again after {before}"
    ))
    .help(format!(
        "if {version} is published and {before} is not: remove `{}` and its line in {FILE_NAME}, bring the content together, and run `candor release -m TEXT`",
        file_name(before)
    ))
}

fn check_completeness(files: &[File], witness: &Witness, report: &mut Report) {
    let Some(sums) = &witness.sums else {
        if let Some(newest) = files.last() {
            report.push(
                Diagnostic::new(
                    Code::ReleaseSumsMissing,
                    format!(
                        "`{}` is missing: nothing vouches for release {}, the newest",
                        witness.path, newest.version
                    ),
                )
                .at(Place::file(&witness.path), "")
                .help("the next `candor release` writes it; if it was there before, bring it back with `git checkout`"),
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
        // A file under another name, or a link to the missing one, was told already.
        if !found && !linked(version) {
            let name = file_name(version);
            report.push(
                Diagnostic::new(Code::ReleaseMissing, format!("release {version} was made, and its file is not here"))
                    .at(Place::file(&witness.path), "lists it")
                    .help(format!("bring `{name}` back, for example with `git checkout`; its SHA-256 is {digest}")),
            );
        }
    }
    let whole = |file: &&File| parsed(file).is_some_and(|it| it.version == file.version);
    for file in files.iter().filter(whole).filter(|file| sums.get(file.version).is_none()) {
        report.push(
            Diagnostic::new(Code::ReleaseUnlisted, format!("release {} is not listed in {FILE_NAME}", file.version))
                .at(Place::file(&file.path), "")
                .help("if candor was stopped while it made the release, run `candor release` again")
                .help("otherwise candor did not make the file: remove it"),
        );
    }
}
