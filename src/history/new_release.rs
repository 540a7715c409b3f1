//! Creates new releases: chooses the version, and rejects releases that must not be made.

use super::chain::{RecordFile, SumsFile};
use super::reading::RecordReader;
use super::record::MAX_BYTES;
use super::redaction::{Redaction, Redactions};
use super::sent::BoundNotice;
use super::status::records_files_first;
use super::{Changes, Link, Record, Release, ReleaseStatus, SCHEMA, file_name, newer};
use crate::diagnostic::{Code, Diagnostic, Remedy};
use crate::markdown::{self, RenderOptions};
use crate::model::{Date, Digest, Disclosure, RecordedFile, Statement, Version};

/// The maximum length of a summary, in bytes.
pub const MAX_SUMMARY: usize = 1024 * 1024;

/// The arguments of a new release.
#[derive(Debug, Clone)]
pub struct ReleaseRequest {
    /// The version, if the publisher chose one.
    pub version: Option<Version>,
    /// The date of the release, if the publisher chose one.
    pub date: Option<Date>,
    /// What changed and why, as Markdown.
    pub summary: String,
    /// The earlier release that this one corrects.
    pub corrects: Option<Version>,
    /// The pending redactions, which the release binds.
    pub redactions: Vec<Redaction>,
    /// Whether it replaces a release from which values were withheld, and which therefore binds no redaction of them.
    pub replaces_redacted: bool,
    /// The notices that were sent, which the release binds.
    pub notices: Vec<BoundNotice>,
    /// The version of candor that makes the release.
    pub candor: String,
}

/// What a new release states.
#[derive(Debug, Clone)]
pub struct ReleaseContent {
    /// What the release states.
    pub disclosure: Disclosure,
    /// The files that the disclosure refers to.
    pub files: Vec<RecordedFile>,
    /// The files that the summary refers to.
    pub summary_files: Vec<RecordedFile>,
}

impl From<Disclosure> for ReleaseContent {
    /// Creates content that refers to no files.
    fn from(disclosure: Disclosure) -> ReleaseContent {
        ReleaseContent { disclosure, files: Vec::new(), summary_files: Vec::new() }
    }
}

/// A new release that is not written to disk yet.
#[derive(Debug, Clone)]
pub struct NewRelease {
    /// Its version.
    pub version: Version,
    /// Its record, in canonical form.
    pub record: Vec<u8>,
    /// SHA-256 of the record.
    pub digest: Digest,
    /// The changes since the previous release; `None` for the first.
    pub changes: Option<Changes>,
    /// The release as it will be read, to make the next release after it.
    pub release: Release,
}

/// Creates a release of `content` that follows `newest`. It is dated `as_of` unless the request has a date.
///
/// # Errors
/// If the request is invalid, or the content is identical to the newest release.
pub fn create(
    request: &ReleaseRequest,
    content: ReleaseContent,
    newest: Option<&Release>,
    as_of: Date,
) -> Result<NewRelease, Box<Diagnostic>> {
    let ReleaseContent { disclosure, mut files, summary_files } = content;
    let (version, published) = version_and_date(request, newest, as_of)?;
    let summary = tidy(&request.summary);
    // A definition of a link alone shows nothing.
    let rendered = markdown::render(&summary, &RenderOptions::new(""));
    if rendered.text.trim().is_empty() && !rendered.links.iter().any(|link| link.image) {
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseSummaryEmpty, "the summary of the release is empty").fix(Remedy::Summarize),
        ));
    }
    if let Some(found) = newest.and_then(|newest| newer::refusal(newest.version, &newest.newer)) {
        return Err(Box::new(found));
    }
    if summary.len() > MAX_SUMMARY {
        return Err(Box::new(summary_too_long(&format!("{} bytes", summary.len()))));
    }
    let date = Some(published);
    let statement = Statement { disclosure: &disclosure, files: Some(&files), withheld: None, date };
    let changes = match ReleaseStatus::of_release(newest, statement) {
        ReleaseStatus::NeverReleased => None,
        ReleaseStatus::Unreleased(changes) => Some(changes),
        // The first record of the files, a correction and a redaction are reasons of their own.
        ReleaseStatus::Released
            if records_files_first(newest, statement)
                || request.corrects.is_some()
                || !request.redactions.is_empty()
                || request.replaces_redacted =>
        {
            Some(Changes::default())
        }
        ReleaseStatus::Released => return Err(Box::new(nothing_changed(newest))),
    };
    files.extend(summary_files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    let record = Record {
        schema: SCHEMA,
        candor: request.candor.clone(),
        version,
        published,
        summary,
        previous: newest.map(Release::link),
        corrects: request.corrects,
        redactions: request.redactions.clone(),
        notices: request.notices.clone(),
        files,
        disclosure,
    }
    .to_bytes();
    if record.len() as u64 > MAX_BYTES {
        let message = format!("the release would be larger than {} MiB", MAX_BYTES / (1024 * 1024));
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseTooLarge, message).help("move long text into documents and link to them"),
        ));
    }
    // Parse the record before it is written, because it must stay readable forever.
    let release = RecordReader::default().record(&file_name(version), &record)?.release()?;
    Ok(NewRelease { version, digest: Digest::of(&record), record, changes, release })
}

/// Normalizes a summary: converts line endings to line feeds, and trims whitespace.
pub(super) fn tidy(summary: &str) -> String {
    summary.replace("\r\n", "\n").trim().to_owned()
}

fn version_and_date(
    request: &ReleaseRequest,
    newest: Option<&Release>,
    as_of: Date,
) -> Result<(Version, Date), Box<Diagnostic>> {
    let date = request.date.or(request.version.map(Version::date)).unwrap_or(as_of);
    if let Some(version) = request.version
        && version.date() != date
    {
        let message = format!("version {version} does not match the date {date}");
        return Err(Box::new(Diagnostic::new(Code::ReleaseVersionDay, message).fix(Remedy::OmitVersionOrDate)));
    }
    if date > as_of {
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseFuture, format!("{date} is after the as-of date {as_of}"))
                .help("make the release on the date itself; to announce a later change, set `effective` in its entry"),
        ));
    }
    let Some(newest) = newest else {
        return Ok((request.version.unwrap_or(Version::first_on(date)), date));
    };
    if request.version == Some(newest.version) {
        return Err(Box::new(exists(newest.version)));
    }
    if date < newest.published || request.version.is_some_and(|version| version < newest.version) {
        let message = format!(
            "{} is before {}, the newest release",
            request.version.unwrap_or(Version::first_on(date)),
            newest.version
        );
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseBeforeNewest, message)
                .help("make releases in the order of their dates; to import earlier releases, start with the oldest in a project without later releases"),
        ));
    }
    let next = match newest.version.date() == date {
        true => newest.version.next_on_day(),
        false => Version::first_on(date),
    };
    Ok((request.version.unwrap_or(next), date))
}

/// Reports a summary that is too long.
pub fn summary_too_long(size: &str) -> Diagnostic {
    let message = format!("the summary of the release is too long: {size}, but the limit is {MAX_SUMMARY} bytes");
    Diagnostic::new(Code::ReleaseSummaryTooLong, message)
        .help("write a sentence or a few paragraphs, and move the rest into a section or a document")
}

/// Reports that a version already exists.
pub fn exists(version: Version) -> Diagnostic {
    Diagnostic::new(Code::ReleaseExists, format!("release {version} already exists"))
        .fix(Remedy::OmitVersion)
        .fix(Remedy::ReplaceNewest)
}

/// Reports that the release to correct does not exist.
pub fn nothing_to_correct(version: Version, newest: Option<&Release>) -> Diagnostic {
    let help = match newest {
        Some(newest) => format!("use an existing release; the newest is {}", newest.version),
        None => "leave it out: the first release has nothing to correct".to_owned(),
    };
    Diagnostic::new(Code::ReleaseNone, format!("there is no release {version} to correct")).help(help)
}

fn nothing_changed(newest: Option<&Release>) -> Diagnostic {
    let version = newest.map(|newest| format!(", {}", newest.version)).unwrap_or_default();
    Diagnostic::new(
        Code::ReleaseNothingChanged,
        format!("no unreleased changes: the content is identical to the newest release{version}"),
    )
    .help("edit the content first; the order of items, the theme and the address of the site are not part of a release")
}

/// Removes the newest release from the files, even if it is damaged, so that it can be recreated.
pub fn take_newest(files: &mut Vec<RecordFile>, sums_file: &mut SumsFile) -> Option<RecordFile> {
    files.sort_by_key(|file| file.version);
    let newest = files.pop()?;
    if let Some(sums) = &mut sums_file.sums {
        sums.remove(newest.version);
    }
    Some(newest)
}

/// Adds the digest of the newest release to `SHA256SUMS` if it is missing because `candor release` was interrupted. Returns
/// the version of that release.
pub fn complete_sums(files: &[RecordFile], sums_file: &mut SumsFile) -> Option<Version> {
    let redactions = Redactions::of(files, &sums_file.pending);
    let original = |file: &RecordFile| redactions.original(file.version).or(file.digest);
    let linked = |file: &RecordFile| Some(Link { version: file.version, sha256: original(file)? });
    let sums = sums_file.sums.as_mut()?;
    let newest = files.iter().max_by_key(|file| file.version)?;
    let before = files.iter().filter(|file| file.version < newest.version).max_by_key(|file| file.version);
    let release = newest.content.as_ref().ok()?;
    let follows = release.version == newest.version && release.previous == before.and_then(linked);
    if sums.get(newest.version).is_some() || !follows {
        return None;
    }
    sums.insert(newest.version, release.digest);
    Some(newest.version)
}
