//! The files that releases bind, kept under their digests next to the records: `files/SHA256/NAME`.
//!
//! A record has the digest of each file, so whoever has the record can verify the file. The files are hashed one at a time.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::History;
use super::chain::RecordFile;
use super::published::{Get, GetError, SiteError};
use super::reading::Parsed;
use super::redaction::{PendingRedactions, Redactions};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::files::{self, MAX_LFS_POINTER};
use crate::markdown::{self, LinkTarget, RenderOptions};
use crate::model::{Date, Digest, Disclosure, List, RecordedFile, Version};
use crate::text::{counted, percent};

/// The folder with the files, below the folder of the records.
pub const FOLDER: &str = "files";

/// The maximum length of a file, in bytes: that of a file in `static/`.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// The maximum number of distinct files of a history.
pub const MAX_FILES: usize = 100_000;

/// The files of a history, each of which was verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VerifiedFiles {
    /// The number of distinct files.
    pub count: usize,
    /// Their total length in bytes.
    pub bytes: u64,
    /// The number of files that were withheld, and are therefore not available.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub withheld: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A distinct file, with the first release that binds it.
struct Distinct<'a> {
    file: &'a RecordedFile,
    version: Version,
}

/// Returns the distinct files of records, in the order of the releases.
fn distinct<'a>(files: impl IntoIterator<Item = (Version, &'a [RecordedFile])>) -> Vec<Distinct<'a>> {
    let mut seen = BTreeSet::new();
    let all = files.into_iter().flat_map(|(version, files)| files.iter().map(move |file| Distinct { file, version }));
    all.filter(|it| seen.insert((it.file.sha256, it.file.name()))).collect()
}

/// Returns the distinct files that records bind.
fn of_records(records: &[RecordFile]) -> Vec<Distinct<'_>> {
    distinct(records.iter().filter_map(|record| {
        let parsed = record.content.as_ref().ok()?;
        Some((parsed.version, parsed.files.as_deref()?))
    }))
}

/// Returns the paths below [`FOLDER`] of the files that these records bind.
pub fn paths<'a>(files: impl IntoIterator<Item = &'a [RecordedFile]>) -> BTreeSet<String> {
    files.into_iter().flatten().map(RecordedFile::kept_at).collect()
}

/// Returns the distinct files that a history binds and that were not withheld, ordered by their paths below [`FOLDER`], each with a
/// release that binds it.
pub fn of_history(history: &History) -> BTreeMap<String, (Version, &RecordedFile)> {
    let bound =
        history.releases().iter().map(|release| (release.version, release.files.as_deref().unwrap_or_default()));
    let withheld = history.withheld_files();
    let bound = distinct(bound).into_iter().filter(|it| !withheld.contains(&it.file.sha256));
    bound.map(|Distinct { file, version }| (file.kept_at(), (version, file))).collect()
}

/// A file that is also at its current address, such as `documents/dpa.pdf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentFile {
    /// The file as the record binds it.
    pub file: RecordedFile,
    /// The date from which an announced change makes its document not public; `None` if there is no such change.
    pub public_until: Option<Date>,
}

/// Returns the files that the disclosure of a record refers to. Those that only its summary refers to are not current: `static/` need
/// not have them any longer.
pub fn current(record: &Parsed) -> Vec<CurrentFile> {
    let (Ok(disclosure), Some(bound)) = (&record.stated, &record.files) else { return Vec::new() };
    // The record does not state the address of the site.
    let bound_at = |address: &str| {
        let path = percent::decode_lossy(address.split(['?', '#']).next().unwrap_or_default());
        let file = bound.iter().find(|file| path.strip_suffix(&file.path).is_some_and(|rest| rest.ends_with('/')))?;
        Some(file.path.clone())
    };
    let stated = stated_paths(disclosure, &bound_at);
    let restrictions = |path: &str| {
        let documents = disclosure.documents.iter().filter(|document| document.files().any(|file| file == path));
        let changes = documents.flat_map(|document| &document.upcoming);
        let restricts = changes.filter(|entry| entry.fields.contains(&"access") && !entry.values.access.is_public());
        restricts.map(|entry| entry.effective).min()
    };
    let current = bound.iter().filter(|file| stated.contains(file.path.as_str()));
    current.map(|file| CurrentFile { public_until: restrictions(&file.path), file: file.clone() }).collect()
}

/// Returns the path below `static/` of a web address, if it is one of this site.
pub type OwnPath<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Returns the paths below `static/` that a disclosure refers to: those of the files of its public documents, and those that its
/// texts link to or show, now and after upcoming changes.
pub fn stated_paths(disclosure: &Disclosure, own: &OwnPath<'_>) -> BTreeSet<String> {
    let mut paths: BTreeSet<String> =
        disclosure.documents.iter().flat_map(|document| document.public_files()).collect();
    for list in List::ALL {
        for item in disclosure.items(*list) {
            let later = item.entries().into_iter().map(|entry| entry.values);
            let texts = std::iter::once(item).chain(later).flat_map(|item| item.prose());
            paths.extend(texts.flat_map(|(_, text)| linked_paths(text, own)));
        }
    }
    paths
}

/// Returns the paths of the site that a Markdown text links to or shows.
pub fn linked_paths(text: &str, own: &OwnPath<'_>) -> Vec<String> {
    let site = |target| match target {
        LinkTarget::Site { path, .. } => Some(path),
        LinkTarget::Web(address) => own(&address),
        LinkTarget::Mail { .. } | LinkTarget::Phone(_) | LinkTarget::Anchor(_) => None,
    };
    let links = markdown::render(text, &RenderOptions::new("")).links;
    links.into_iter().filter_map(|link| site(link.target)).collect()
}

/// Returns the distinct withheld files that records bind, each with the release that binds it first.
pub fn withheld<'a>(records: &'a [RecordFile], redactions: &Redactions<'_>) -> Vec<(Version, &'a RecordedFile)> {
    let withheld = redactions.files();
    let bound = of_records(records).into_iter().filter(|it| withheld.contains(&it.file.sha256));
    bound.map(|Distinct { file, version }| (version, file)).collect()
}

/// Reads and hashes each distinct file of the records, with the function that also reads the records. A withheld file must not
/// exist.
///
/// # Errors
/// If nothing is known about a file, because the place could not be read.
pub fn verify(
    records: &[RecordFile],
    pending: &PendingRedactions,
    shown: &str,
    get: &Get<'_>,
) -> Result<(VerifiedFiles, Report), SiteError> {
    let redactions = Redactions::of(records, pending);
    let withheld = redactions.files();
    let mut verified = VerifiedFiles::default();
    let mut report = Report::new();
    for Distinct { file, version } in of_records(records) {
        let below = format!("{FOLDER}/{}", file.kept_at());
        let path = format!("{shown}/{below}");
        let got = get(&below, limit(file));
        if withheld.contains(&file.sha256) {
            match &got {
                Err(GetError::Absent(_)) => {
                    verified.withheld += 1;
                    continue;
                }
                Ok(_) | Err(GetError::TooLarge(_)) => {
                    report.push(still_there(&path, version, &redactions, file.sha256));
                    continue;
                }
                Err(GetError::Unfit(_) | GetError::Unavailable(_)) => {}
            }
        }
        let length = got.as_ref().map_or(0, Vec::len);
        match problem(&path, file, version, got)? {
            Some(found) => report.push(found),
            None => {
                verified.count += 1;
                verified.bytes += length as u64;
            }
        }
    }
    Ok((verified, report))
}

/// Returns how many bytes to read to verify a file. A pointer of Git LFS may be longer than the file.
pub fn limit(file: &RecordedFile) -> u64 {
    file.bytes.clamp(MAX_LFS_POINTER, MAX_FILE)
}

/// Compares what was read at a path with the file that a release binds; `None` if it is that file.
///
/// # Errors
/// If nothing is known about the file, because the place could not be read.
pub fn problem(
    path: &str,
    file: &RecordedFile,
    version: Version,
    got: Result<Vec<u8>, GetError>,
) -> Result<Option<Diagnostic>, SiteError> {
    Ok(Some(match got {
        Ok(bytes) => match Digest::of(&bytes) {
            sha256 if sha256 == file.sha256 => return Ok(None),
            _ if files::is_lfs_pointer(&bytes) => lfs_pointer(path, file, version),
            sha256 => changed(path, file, version, &format!("its SHA-256 is {sha256}")),
        },
        Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
        Err(GetError::Absent(_)) => missing(path, file, version),
        Err(GetError::TooLarge(_)) => changed(path, file, version, &format!("it has more than {} bytes", file.bytes)),
        Err(GetError::Unfit(why)) => {
            unavailable(path, file, format!("release {version} binds `{}`, but {why}", file.path))
        }
    }))
}

/// Reports a file that is not there.
pub fn missing(path: &str, file: &RecordedFile, version: Version) -> Diagnostic {
    unavailable(path, file, format!("`{path}` is missing, but release {version} binds `{}`", file.path))
}

fn unavailable(path: &str, file: &RecordedFile, message: String) -> Diagnostic {
    Diagnostic::new(Code::ReleaseFileMissing, message)
        .at(Place::file(path), "")
        .fix(Remedy::RestoreRecord { name: path, sha256: file.sha256 })
}

/// Reports a file that was withheld but still exists.
pub fn still_there(path: &str, version: Version, redactions: &Redactions<'_>, sha256: Digest) -> Diagnostic {
    if redactions.pending().any(|redaction| redaction.file == Some(sha256)) {
        let message = format!("`{path}`, which release {version} binds, is being withheld, but still exists");
        return Diagnostic::new(Code::RedactionInterrupted, message)
            .at(Place::file(path), "")
            .fix(Remedy::CompleteRedaction);
    }
    Diagnostic::new(
        Code::WithheldFile,
        format!("`{path}`, which release {version} binds, was withheld, but still exists"),
    )
    .at(Place::file(path), "")
    .fix(Remedy::RemoveWithheld(path))
}

/// Reports a pointer of Git LFS in the place of a file.
fn lfs_pointer(path: &str, file: &RecordedFile, version: Version) -> Diagnostic {
    let message =
        format!("`{path}`, which release {version} binds as `{}`, is a Git LFS pointer instead of the file", file.path);
    Diagnostic::new(Code::ReleaseFileChanged, message).at(Place::file(path), "").fix(Remedy::PullLfs)
}

/// Reports a file with other bytes.
pub fn changed(path: &str, file: &RecordedFile, version: Version, how: &str) -> Diagnostic {
    let message = format!("`{path}` is not the file that release {version} binds as `{}`: {how}", file.path);
    Diagnostic::new(Code::ReleaseFileChanged, message)
        .at(Place::file(path), "")
        .fix(Remedy::RestoreRecord { name: path, sha256: file.sha256 })
}

/// Returns the note that the files of a folder of records were not verified, because the folder has none.
pub fn not_kept(records: &[RecordFile], shown: &str) -> Option<Diagnostic> {
    let count = of_records(records).len();
    (count > 0).then(|| {
        let message = format!("`{shown}` has only records, so {} could not be verified", counted(count, "file"));
        Diagnostic::new(Code::ReleaseFilesUnverified, message)
            .at(Place::file(shown), "")
            .help("to verify the files too, use the project, or a built or published site")
    })
}
