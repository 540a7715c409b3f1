//! The releases of a built or published site: `releases/index.json`, `releases/SHA256SUMS` and all records.
//!
//! The caller supplies a function that returns the bytes of a path below `releases/`, from a folder or a server.
//!
//! A site that cannot be read proves nothing about its releases, while a site with a missing or different record is wrong.
//! All errors here keep the two apart: a monitoring job must not mistake a network failure for tampering, or tampering for a
//! network failure.
//!
//! A site can have any size. Records are read in batches and dropped, the lists have size limits, and the caller limits the
//! time of each request.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::chain::{self, RecordFile, SumsFile};
use super::heads::{Heads, batches};
use super::index::{Index, IndexEntry, IndexRedaction, is_own_schema, unknown_keys};
use super::reading::{Parsed, RecordReader};
use super::record::MAX_BYTES;
use super::redaction::{Redaction, Redactions};
use super::sums::{FILE_NAME, Sums};
use super::{Release, file_name, sums};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::files::FileError;
use crate::model::{Date, Digest, Version};
use crate::text::shortened;

/// The name of the list, in the folder of the records.
pub const INDEX: &str = "index.json";

/// The maximum number of releases that a site may list.
pub const MAX_RELEASES: usize = 10_000;

/// The maximum size of `index.json`, in bytes.
pub const MAX_INDEX_BYTES: u64 = 32 * 1024 * 1024;

/// How much of an address from an untrusted list is quoted in a message, in characters.
const MAX_SHOWN: usize = 200;

/// Returns the bytes of a file below `releases/`. The second argument is the maximum length.
pub type Get<'a> = dyn Fn(&str, u64) -> Result<Vec<u8>, GetError> + Sync + 'a;

/// Why a file of a site could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GetError {
    /// The site responds, but the file does not exist.
    #[error("{0}")]
    Absent(String),
    /// The file exceeds the maximum length.
    #[error("{0}")]
    TooLarge(String),
    /// The site responds with something other than the file, such as a redirect to another site.
    #[error("{0}")]
    Unfit(String),
    /// The site could not be read, so nothing is known: no connection, a server error, or a disk error.
    #[error("{0}")]
    Unavailable(String),
}

impl GetError {
    /// Creates the error for a file of a folder; `path` is its path in messages.
    pub fn of_file(path: &str, error: &FileError) -> GetError {
        match error {
            FileError::Io(_) if error.is_missing() => {
                GetError::Absent(format!("cannot read `{path}`: {}", error.reason()))
            }
            FileError::Io(_) => GetError::Unavailable(format!("cannot read `{path}`: {}", error.reason())),
            FileError::TooLarge { .. } => GetError::TooLarge(format!("`{path}` {error}")),
            error => GetError::Unfit(format!("`{path}` {error}")),
        }
    }
}

/// Why the releases of a site could not be read.
#[derive(Debug)]
pub enum SiteError {
    /// The site could not be read, or the address does not belong to a site built by candor.
    Unavailable {
        /// What happened, with the address or path.
        message: String,
        /// How to fix it.
        help: &'static str,
    },
    /// The site was read, and its releases are wrong.
    Wrong(Report),
}

impl SiteError {
    fn wrong(diagnostic: Diagnostic) -> SiteError {
        SiteError::Wrong(diagnostic.into())
    }

    /// Creates the error of a place that could not be read.
    pub fn unavailable(message: String) -> SiteError {
        SiteError::Unavailable { message, help: "check the address and the connection, and try again" }
    }
}

/// Reads both lists and all records of a site, and checks them against each other. `shown` is the path of the records folder
/// in diagnostics. `also` are versions that may exist although they are not listed.
///
/// # Errors
/// If a file cannot be fetched, or the list cannot be parsed. Problems with the releases are in the report.
pub fn read(shown: &str, get: &Get<'_>, also: &[Version], as_of: Date) -> Result<(Vec<RecordFile>, Report), SiteError> {
    let Lists { path, entries, sums, mut report } = lists(shown, get, also)?;
    let mut expected: BTreeMap<Version, u64> = entries.iter().map(|(version, entry)| (*version, entry.bytes)).collect();
    let others = sums.iter().flat_map(Sums::iter).map(|(version, _)| version).chain(also.iter().copied());
    for version in others {
        expected.entry(version).or_insert(MAX_BYTES);
    }
    let mut heads = Heads::default();
    for batch in batches(expected) {
        let is_listed =
            |version| entries.contains_key(&version) || sums.as_ref().is_some_and(|sums| sums.get(version).is_some());
        let fetch = |version: Version, limit: u64| file(version, limit, is_listed(version), shown, get);
        let batch: Vec<_> = batch
            .into_par_iter()
            .map(|(version, bytes)| {
                (version, fetch(version, bytes.min(MAX_BYTES)).map(|it| it.and_checked(&path, &entries)))
            })
            .collect();
        // If several fetches fail, the failure of the oldest release is reported.
        for (version, fetched) in batch {
            let (file, differences) = match fetched? {
                // The listed length is wrong, so fetch the record alone with the general limit.
                (Fetched::Longer, _) => fetch(version, MAX_BYTES)?.and_checked(&path, &entries),
                fetched => fetched,
            };
            report.merge(differences);
            let Fetched::File(file) = file else { continue };
            if !is_listed(version) {
                let message = format!("release {version} exists, but `{path}` does not list it");
                report.push(wrong_index(&path, message));
            }
            heads.extend(vec![*file]);
        }
    }
    if heads.files.is_empty() {
        report.push(nothing_found(shown));
    }
    let sums_file = match sums {
        Some(sums) => SumsFile { path: format!("{shown}/{FILE_NAME}"), sums: Some(sums), ..SumsFile::default() },
        None => {
            let mut sums = Sums::default();
            entries.values().for_each(|entry| sums.insert(entry.version, entry.sha256));
            SumsFile { path: path.clone(), sums: Some(sums), ..SumsFile::default() }
        }
    };
    report.merge(chain::check(&heads.files, &sums_file, as_of));
    let redactions = Redactions::of(&heads.files, &sums_file.pending);
    report.merge(check_originals(&path, &entries, &redactions));
    report.merge(check_redactions(&path, &entries, &redactions));
    Ok((heads.files, report))
}

/// Returns the newest release of a site, or `None` if the site lists no releases. Both lists must have the digest of its
/// record.
///
/// # Errors
/// If a list or the record cannot be fetched, or if they disagree.
pub fn newest(shown: &str, get: &Get<'_>) -> Result<Option<Release>, SiteError> {
    let Lists { path, entries, report, .. } = lists(shown, get, &[])?;
    if report.has_errors() {
        return Err(SiteError::Wrong(report));
    }
    let Some((version, entry)) = entries.last_key_value() else { return Ok(None) };
    let Fetched::File(file) = file(*version, MAX_BYTES, true, shown, get)? else { return Ok(None) };
    let digest = file.digest;
    let parsed = file.content.map_err(|found| SiteError::wrong(*found))?;
    let mut report = check_entry(&path, entry, &parsed);
    file.faults.into_iter().for_each(|found| report.push(found));
    if digest != Some(entry.sha256) || parsed.version != *version {
        report.push(wrong_index(&path, format!("`{path}` has a wrong digest for release {version}")));
    }
    if report.has_errors() {
        return Err(SiteError::Wrong(report));
    }
    parsed.release().map(Some).map_err(|found| SiteError::wrong(*found))
}

/// Reports that there is nothing to verify.
pub fn nothing_found(shown: &str) -> Diagnostic {
    Diagnostic::new(Code::ReleasesNotFound, format!("no releases found at `{shown}`"))
        .at(Place::file(shown), "")
        .fix(Remedy::MakeFirstReleaseOrNamePlace)
}

/// Both lists of a site.
struct Lists {
    /// The path of `index.json` in diagnostics.
    path: String,
    entries: BTreeMap<Version, IndexEntry>,
    sums: Option<Sums>,
    /// Problems of each list, and differences between them.
    report: Report,
}

fn lists(shown: &str, get: &Get<'_>, also: &[Version]) -> Result<Lists, SiteError> {
    let path = format!("{shown}/{INDEX}");
    let sums_path = format!("{shown}/{FILE_NAME}");
    let mut report = Report::new();
    let (index, unknown) = index(&path, shown, get, also)?;
    if index.releases.len() > MAX_RELEASES {
        let message = format!("`{path}` lists {} releases; the limit is {MAX_RELEASES}", index.releases.len());
        return Err(SiteError::wrong(wrong_index(&path, message)));
    }
    report.merge(check_index(&path, &index));
    if !unknown.is_empty() {
        report.push(unknown_keys_note(&path, &unknown));
    }
    let sums = match get(FILE_NAME, sums::MAX_BYTES) {
        Ok(bytes) => {
            let (sums, found) = Sums::parse(&sums_path, &String::from_utf8_lossy(&bytes));
            report.merge(found);
            Some(sums)
        }
        Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
        Err(GetError::Absent(message)) => {
            report.push(
                Diagnostic::new(Code::ReleaseSumsMissing, message)
                    .at(Place::file(&sums_path), "")
                    .fix(Remedy::PublishAgain),
            );
            None
        }
        Err(GetError::TooLarge(message) | GetError::Unfit(message)) => {
            report.push(Diagnostic::new(Code::ReleaseSums, message).at(Place::file(&sums_path), ""));
            None
        }
    };
    let mut entries = BTreeMap::new();
    for entry in index.releases {
        entries.entry(entry.version).or_insert(entry);
    }
    if let Some(sums) = &sums {
        if sums.iter().count() > MAX_RELEASES {
            let message = format!("`{sums_path}` lists more than {MAX_RELEASES} releases");
            return Err(SiteError::wrong(Diagnostic::new(Code::ReleaseSums, message).at(Place::file(&sums_path), "")));
        }
        report.merge(check_lists(&path, &entries, &sums_path, sums));
    }
    Ok(Lists { path, entries, sums, report })
}

/// Reads `index.json`. Also returns its unknown keys.
fn index(path: &str, shown: &str, get: &Get<'_>, also: &[Version]) -> Result<(Index, BTreeSet<String>), SiteError> {
    let bytes = match get(INDEX, MAX_INDEX_BYTES) {
        Ok(bytes) => bytes,
        Err(GetError::TooLarge(message) | GetError::Unfit(message)) => {
            return Err(SiteError::wrong(wrong_index(path, message)));
        }
        Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
        Err(GetError::Absent(message)) => {
            // If the site has records or digests, the list was removed. Otherwise candor did not build the site.
            let newest = also.iter().max().map(|version| (file_name(*version), MAX_BYTES));
            for (name, limit) in [(FILE_NAME.to_owned(), sums::MAX_BYTES)].into_iter().chain(newest) {
                match get(&name, limit) {
                    Err(GetError::Absent(_)) => {}
                    Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
                    Ok(_) | Err(GetError::TooLarge(_) | GetError::Unfit(_)) => {
                        let message = format!("{message}, but `{shown}/{name}` exists");
                        return Err(SiteError::wrong(wrong_index(path, message)));
                    }
                }
            }
            return Err(SiteError::Unavailable {
                message,
                help: "use the root of a site that candor built: the folder or address that contains releases/index.json",
            });
        }
    };
    let wrong = |error| SiteError::wrong(wrong_index(path, format!("`{path}` is not a list of releases: {error}")));
    let index = serde_json::from_slice(&bytes).map_err(wrong)?;
    let value = serde_json::from_slice(&bytes).map_err(wrong)?;
    Ok((index, unknown_keys(&value)))
}

/// Returns the note that a list has keys that nothing compares with the records.
fn unknown_keys_note(path: &str, keys: &BTreeSet<String>) -> Diagnostic {
    let shown: Vec<String> = keys.iter().take(5).map(|key| format!("`{}`", shortened(key, MAX_SHOWN))).collect();
    let more = if keys.len() > shown.len() { ", …" } else { "" };
    let message = format!("`{path}` has keys that this version of candor does not verify: {}{more}", shown.join(", "));
    Diagnostic::new(Code::SiteIndexKeys, message)
        .at(Place::file(path), "")
        .help("verify with the version of candor that built the site, or publish the site again")
}

/// Checks the order of the list, its corrections, and its addresses, which are relative to it.
fn check_index(path: &str, index: &Index) -> Report {
    let mut report = Report::new();
    if let Some(schema) = index.schema.as_deref().filter(|schema| !is_own_schema(schema)) {
        let shown = shortened(schema, MAX_SHOWN);
        let message = format!("`{path}` has `{shown}` as its `$schema`; expected `../schema/releases.json`");
        report.push(wrong_index(path, message));
    }
    let mut corrections: BTreeMap<Version, Vec<Version>> = BTreeMap::new();
    for entry in index.releases.iter().rev() {
        entry.corrects.into_iter().for_each(|corrected| corrections.entry(corrected).or_default().push(entry.version));
    }
    for entry in &index.releases {
        if entry.corrected_by != corrections.remove(&entry.version).unwrap_or_default() {
            report.push(wrong_index(path, format!("`{path}` has wrong corrections of release {}", entry.version)));
        }
    }
    for pair in index.releases.windows(2) {
        let (before, entry) = (&pair[0], &pair[1]);
        if before.version == entry.version {
            report.push(wrong_index(path, format!("`{path}` lists release {} twice", entry.version)));
        } else if before.version < entry.version {
            let message = format!(
                "`{path}` lists release {} before release {}; the newest must be first",
                before.version, entry.version
            );
            report.push(wrong_index(path, message));
        }
    }
    for entry in &index.releases {
        let addresses =
            [("record", &entry.record, file_name(entry.version)), ("page", &entry.page, format!("{}/", entry.version))];
        for (what, address, expected) in addresses.into_iter().filter(|(_, address, expected)| *address != expected) {
            let message = format!(
                "`{path}` has `{}` as the address of the {what} of release {}, {}; expected `{expected}`",
                shortened(address, MAX_SHOWN),
                entry.version,
                describe_wrong_address(address)
            );
            report.push(wrong_index(path, message));
        }
    }
    report
}

/// Describes where a wrong address leads.
fn describe_wrong_address(address: &str) -> &'static str {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    };
    let slashes = address.replace('\\', "/");
    match scheme {
        _ if slashes.starts_with("//") => "which is on another host",
        Some(scheme) if is_scheme(scheme) && slashes[scheme.len() + 1..].starts_with("//") => {
            "which is on another host"
        }
        Some(scheme) if is_scheme(scheme) => "which has another scheme",
        _ if slashes.contains('/') => "which is outside the folder `releases/`",
        _ => "which is another file",
    }
}

/// Reports the differences between the two lists.
fn check_lists(path: &str, entries: &BTreeMap<Version, IndexEntry>, sums_path: &str, sums: &Sums) -> Report {
    let mut report = Report::new();
    for (version, digest) in sums.iter() {
        let message = match entries.get(&version) {
            Some(entry) if entry.sha256 == digest => continue,
            Some(entry) => format!(
                "`{path}` and `{sums_path}` have different digests for release {version}: {} and {digest}",
                entry.sha256
            ),
            None => format!("`{sums_path}` lists release {version}, but `{path}` does not"),
        };
        report.push(wrong_index(path, message));
    }
    for version in entries.keys().filter(|version| sums.get(**version).is_none()) {
        let message = format!("`{path}` lists release {version}, but `{sums_path}` does not");
        report.push(wrong_index(path, message));
    }
    report
}

/// The result of fetching a record.
enum Fetched {
    /// The site has the record, or lists it but does not serve it.
    File(Box<RecordFile>),
    /// The site neither has nor lists the record.
    Absent,
    /// The record is longer than listed, but the general limit was not tried yet.
    Longer,
}

impl Fetched {
    /// Compares the record with its entry in the list while its summary is still in memory.
    fn and_checked(self, path: &str, entries: &BTreeMap<Version, IndexEntry>) -> (Fetched, Report) {
        let mut report = Report::new();
        if let Fetched::File(file) = &self
            && let RecordFile { content: Ok(parsed), version, .. } = &**file
            && let Some(entry) = entries.get(version)
        {
            report = check_entry(path, entry, parsed);
        }
        (self, report)
    }
}

fn file(version: Version, limit: u64, listed: bool, shown: &str, get: &Get<'_>) -> Result<Fetched, SiteError> {
    let name = file_name(version);
    let path = format!("{shown}/{name}");
    match get(&name, limit) {
        Ok(bytes) => Ok(Fetched::File(Box::new(RecordFile::read(path, version, &bytes, &RecordReader::default())))),
        Err(GetError::Unavailable(message)) => Err(SiteError::unavailable(message)),
        Err(GetError::TooLarge(_)) if limit < MAX_BYTES => Ok(Fetched::Longer),
        Err(GetError::Absent(_)) if !listed => Ok(Fetched::Absent),
        Err(GetError::Absent(why) | GetError::TooLarge(why) | GetError::Unfit(why)) => {
            let found = Diagnostic::new(Code::ReleaseUnreadable, why)
                .at(Place::file(&path), "")
                .help("publish the whole site again: the list has this release");
            Ok(Fetched::File(Box::new(RecordFile::unread(path, version, Box::new(found)))))
        }
    }
}

/// Checks that the date, summary and length in the list are those of the record.
fn check_entry(path: &str, entry: &IndexEntry, release: &Parsed) -> Report {
    let checks = [
        ("date", entry.published == release.published),
        // In a newer schema, the summary may not be text, and only that candor knows how the list states it.
        (
            "summary",
            release.summary.is_none()
                || entry.summary == release.summary.clone().filter(|_| !release.withheld.summary()),
        ),
        ("correction", release.newer.schema.is_some() || entry.corrects == release.corrects),
        ("length", entry.bytes == release.bytes),
    ];
    let wrong = |(what, _)| wrong_index(path, format!("`{path}` has a wrong {what} for release {}", entry.version));
    let mut report = Report::new();
    checks.into_iter().filter(|(_, right)| !right).map(wrong).for_each(|found| report.push(found));
    report
}

/// Checks that the list has the digests of the original records of redacted releases, and no others.
fn check_originals(path: &str, entries: &BTreeMap<Version, IndexEntry>, redactions: &Redactions<'_>) -> Report {
    let differs = |entry: &&IndexEntry| entry.original_sha256 != redactions.original(entry.version);
    let wrong = |entry: &IndexEntry| {
        wrong_index(path, format!("`{path}` has a wrong digest of the original record of release {}", entry.version))
    };
    let mut report = Report::new();
    entries.values().filter(differs).map(wrong).for_each(|found| report.push(found));
    report
}

/// Checks that the list has the redactions that the records declare. Lists of earlier versions of candor do not have them.
fn check_redactions(path: &str, entries: &BTreeMap<Version, IndexEntry>, redactions: &Redactions<'_>) -> Report {
    let declared = || redactions.iter().filter_map(|bound| Some((bound.by?, bound.redaction)));
    let is_right = |entry: &IndexEntry| {
        let (files, values): (Vec<_>, Vec<_>) = entry.redactions.iter().cloned().partition(|it| it.file.is_some());
        // Which releases bind a file is not known here: a file that an earlier record has is read once.
        let is_declared = |listed: &IndexRedaction| {
            let same = |(by, redaction): (Version, &Redaction)| IndexRedaction::new(by, redaction) == *listed;
            declared().any(same)
        };
        values == IndexRedaction::of(declared(), entry.version, &[]) && files.iter().all(is_declared)
    };
    let mut report = Report::new();
    for entry in entries.values().filter(|entry| !entry.redactions.is_empty() && !is_right(entry)) {
        report.push(wrong_index(path, format!("`{path}` has wrong redactions of release {}", entry.version)));
    }
    report
}

fn wrong_index(path: &str, message: String) -> Diagnostic {
    Diagnostic::new(Code::SiteIndex, message).at(Place::file(path), "").fix(Remedy::PublishAgain)
}

/// Returns the versions and digests of files; the digest is `None` if the file could not be read.
pub fn digests(files: &[RecordFile]) -> Vec<(Version, Option<Digest>)> {
    files.iter().map(|file| (file.version, file.digest)).collect()
}
