//! Cutting a release: which version it takes, and when there is none to be made.

use super::chain::{File, Witness};
use super::reading::Reader;
use super::record::MAX_BYTES;
use super::{Changes, Link, Record, Release, SCHEMA, Standing, file_name, newer};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Date, Digest, Disclosure, Version};

/// The longest summary, in bytes.
pub const MAX_SUMMARY: usize = 1024 * 1024;

/// What the publisher asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// A version of the publisher's own choice.
    pub version: Option<Version>,
    /// The day of the release.
    pub date: Option<Date>,
    /// What changed and why, as Markdown.
    pub summary: String,
}

/// A release that is ready to be written.
#[derive(Debug, Clone)]
pub struct Cut {
    /// Its version.
    pub version: Version,
    /// Its record, in canonical form.
    pub record: Vec<u8>,
    /// SHA-256 of the record.
    pub digest: Digest,
    /// What changed since the release before; none for the first.
    pub changes: Option<Changes>,
    /// The release as it will be read, for one that is to follow it.
    pub release: Release,
}

/// Freezes `content` after `newest`, on the day `as_of` unless the wish names another.
///
/// # Errors
/// Why there is no release to be made.
pub fn cut(wish: &Wish, content: Disclosure, newest: Option<&Release>, as_of: Date) -> Result<Cut, Box<Diagnostic>> {
    let (version, published) = moment(wish, newest, as_of)?;
    let summary = tidy(&wish.summary);
    if summary.is_empty() {
        return Err(Box::new(Diagnostic::new(Code::ReleaseSummaryEmpty, "the summary of the release is empty").help(
            "say in a sentence what changed and why: `candor release -m \"Stripe now processes invoice data\"`",
        )));
    }
    if let Some(found) = newest.and_then(|newest| newer::refusal(newest.version, &newest.newer)) {
        return Err(Box::new(found));
    }
    if summary.len() > MAX_SUMMARY {
        return Err(Box::new(summary_too_long(&format!("{} bytes", summary.len()))));
    }
    let changes = match Standing::of_release(newest, &content) {
        Standing::NeverReleased => None,
        Standing::Draft(changes) => Some(changes),
        Standing::Released => return Err(Box::new(nothing_changed(newest))),
    };
    let previous = newest.map(Release::link);
    let record = Record { schema: SCHEMA, version, published, summary, previous, disclosure: content }.to_bytes();
    if record.len() as u64 > MAX_BYTES {
        let message = format!("the release would have more than {} MiB", MAX_BYTES / (1024 * 1024));
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseTooLarge, message).help("move long texts into documents, and link to them"),
        ));
    }
    // What is written must be readable for ever: it is read once before it is written.
    let release = Reader::default().record(&file_name(version), &record)?.release()?;
    Ok(Cut { version, digest: Digest::of(&record), record, changes, release })
}

/// A summary as a record holds it: with line feeds, and without white space at its ends.
pub(super) fn tidy(summary: &str) -> String {
    summary.replace("\r\n", "\n").trim().to_owned()
}

fn moment(wish: &Wish, newest: Option<&Release>, as_of: Date) -> Result<(Version, Date), Box<Diagnostic>> {
    let date = wish.date.or(wish.version.map(Version::date)).unwrap_or(as_of);
    if let Some(version) = wish.version
        && version.date() != date
    {
        let message = format!("version {version} is not of the day {date}");
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseVersionDay, message)
                .help("a version is named after the day of the release: leave out one of --version and --date"),
        ));
    }
    if date > as_of {
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseFuture, format!("{date} has not come: the day of this run is {as_of}")).help(
                "release on the day itself; a change that is announced for later has `effective` in its own entry",
            ),
        ));
    }
    let Some(newest) = newest else {
        return Ok((wish.version.unwrap_or(Version::first_on(date)), date));
    };
    if wish.version == Some(newest.version) {
        return Err(Box::new(exists(newest.version)));
    }
    if date < newest.published || wish.version.is_some_and(|version| version < newest.version) {
        let message = format!(
            "{} is before {}, the newest release",
            wish.version.unwrap_or(Version::first_on(date)),
            newest.version
        );
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseBeforeNewest, message)
                .help("releases are made in the order of their days; to import a past, start with the oldest, in a project without later releases"),
        ));
    }
    let next = match newest.version.date() == date {
        true => newest.version.next_on_day(),
        false => Version::first_on(date),
    };
    Ok((wish.version.unwrap_or(next), date))
}

/// The refusal of a summary of this size.
pub fn summary_too_long(size: &str) -> Diagnostic {
    let message = format!("the summary of the release has {size}; the limit is {MAX_SUMMARY} bytes");
    Diagnostic::new(Code::ReleaseSummaryTooLong, message)
        .help("write a sentence or a few paragraphs, and move the rest into a section or a document")
}

/// The refusal to take a version twice.
pub fn exists(version: Version) -> Diagnostic {
    Diagnostic::new(Code::ReleaseExists, format!("release {version} exists, and a release is never written over"))
        .help("leave out --version to take the next free one")
        .help("to cut the newest release again before anybody has seen it, use `--replace`")
}

fn nothing_changed(newest: Option<&Release>) -> Diagnostic {
    let version = newest.map(|newest| format!(", {},", newest.version)).unwrap_or_default();
    Diagnostic::new(
        Code::ReleaseNothingChanged,
        format!("the content states what the newest release{version} states, so there is nothing to release"),
    )
    .help("edit the content first; the order of items, the theme and the site's address are not part of a release")
}

/// Takes the newest release out of what was read, so that it can be cut again, whatever state it is in.
pub fn take_newest(files: &mut Vec<File>, witness: &mut Witness) -> Option<File> {
    files.sort_by_key(|file| file.version);
    let newest = files.pop()?;
    if let Some(sums) = &mut witness.sums {
        sums.remove(newest.version);
    }
    Some(newest)
}

/// Notes the digest of a newest release that lacks its line: candor was stopped between the two files. Returns its
/// version.
pub fn complete_sums(files: &[File], witness: &mut Witness) -> Option<Version> {
    let sums = witness.sums.as_mut()?;
    let newest = files.iter().max_by_key(|file| file.version)?;
    let before = files.iter().filter(|file| file.version < newest.version).max_by_key(|file| file.version);
    let release = newest.content.as_ref().ok()?;
    let follows = release.version == newest.version
        && release.previous == before.and_then(|before| Some(Link { version: before.version, sha256: before.digest? }));
    if sums.get(newest.version).is_some() || !follows {
        return None;
    }
    sums.insert(newest.version, release.digest);
    Some(newest.version)
}
