//! The releases of a built or published site: `releases/index.json`, `releases/SHA256SUMS` and all records.
//!
//! Where the bytes come from (a folder, a server) is the caller's: a function from a path below `releases/` to bytes.
//!
//! A site that cannot be read says nothing about its releases, while one that lacks a record, or has another in its place, is
//! wrong. The two are told apart from the first byte on: a program that watches a site must not take a network failure for
//! tampering, nor tampering for a network failure.
//!
//! A site can be of any size. Records are read a batch at a time and dropped, the lists have limits, and
//! the caller that gets the bytes limits the time.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::chain::{self, File, Witness};
use super::heads::{Heads, batches};
use super::index::{Index, IndexEntry};
use super::reading::{Parsed, Reader};
use super::record::MAX_BYTES;
use super::sums::{FILE_NAME, Sums};
use super::{Release, file_name, sums};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::{Date, Digest, Version};
use crate::text::shortened;

/// The name of the list, in the folder of the records.
pub const INDEX: &str = "index.json";

/// The most releases that a site may list.
pub const MAX_RELEASES: usize = 10_000;

/// The largest list that is read, in bytes.
pub const MAX_INDEX_BYTES: u64 = 32 * 1024 * 1024;

/// How much of an address that somebody else wrote a message quotes, in characters.
const MAX_SHOWN: usize = 200;

/// Returns the bytes of a file below `releases/`, at most as many as the second argument says.
pub type Get<'a> = dyn Fn(&str, u64) -> Result<Vec<u8>, GetError> + Sync + 'a;

/// Why there are no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GetError {
    /// The site answers, and does not have the file.
    #[error("{0}")]
    Absent(String),
    /// The site has a larger file.
    #[error("{0}")]
    TooLarge(String),
    /// The site has something else in the place of the file, such as the address of another site.
    #[error("{0}")]
    Unfit(String),
    /// It could not be read, so nothing is known: no connection, an error of the server, of the disk.
    #[error("{0}")]
    Unavailable(String),
}

/// Why the releases of a site are not returned.
#[derive(Debug)]
pub enum SiteError {
    /// The site could not be read, or the address is not that of a site.
    Unavailable {
        /// What happened, with the address or path.
        message: String,
        /// What to do about it.
        help: &'static str,
    },
    /// The site was read, and is wrong.
    Wrong(Report),
}

impl SiteError {
    fn wrong(diagnostic: Diagnostic) -> SiteError {
        SiteError::Wrong(diagnostic.into())
    }

    fn unavailable(message: String) -> SiteError {
        SiteError::Unavailable {
            message,
            help: "nothing was verified; check the address and the connection, and try again",
        }
    }
}

/// Reads both lists of a site and all its records, and checks them against each other. `shown` is how diagnostics name the
/// folder of the records; `also` are versions that may be there although no list names them.
///
/// # Errors
/// When a file cannot be fetched, or the list cannot be parsed. What is wrong with the releases is in the report.
pub fn read(shown: &str, get: &Get<'_>, also: &[Version], as_of: Date) -> Result<(Vec<File>, Report), SiteError> {
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
        // Of several failures, the one of the oldest release is reported.
        for (version, fetched) in batch {
            let (file, differences) = match fetched? {
                // One at a time, now that its length is not known.
                (Fetched::Longer, _) => fetch(version, MAX_BYTES)?.and_checked(&path, &entries),
                fetched => fetched,
            };
            report.merge(differences);
            let Fetched::File(file) = file else { continue };
            if !is_listed(version) {
                let message = format!("release {version} is served, and `{path}` does not list it");
                report.push(wrong_index(&path, message));
            }
            heads.extend(vec![*file]);
        }
    }
    if heads.files.is_empty() {
        report.push(nothing_found(shown));
    }
    let witness = match sums {
        Some(sums) => Witness { path: format!("{shown}/{FILE_NAME}"), sums: Some(sums) },
        None => {
            let mut sums = Sums::default();
            entries.values().for_each(|entry| sums.insert(entry.version, entry.sha256));
            Witness { path, sums: Some(sums) }
        }
    };
    report.merge(chain::check(&heads.files, &witness, as_of));
    Ok((heads.files, report))
}

/// The newest release of a site, which both lists must name with the digest of its record; `None` where the site lists none.
///
/// # Errors
/// When a list or the record cannot be fetched, or they do not agree.
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
        report.push(wrong_index(
            &path,
            format!("`{path}` names another digest for release {version} than its record has"),
        ));
    }
    if report.has_errors() {
        return Err(SiteError::Wrong(report));
    }
    parsed.release().map(Some).map_err(|found| SiteError::wrong(*found))
}

/// The report of a place where there is nothing to verify.
pub fn nothing_found(shown: &str) -> Diagnostic {
    Diagnostic::new(Code::ReleasesNotFound, format!("no releases found at `{shown}`"))
        .at(Place::file(shown), "")
        .help("make the first release with `candor release -m \"First release\"`, or name the place where releases are")
}

/// Both lists of a site.
struct Lists {
    /// How diagnostics name the list.
    path: String,
    entries: BTreeMap<Version, IndexEntry>,
    sums: Option<Sums>,
    /// What is wrong with either, and where they differ.
    report: Report,
}

fn lists(shown: &str, get: &Get<'_>, also: &[Version]) -> Result<Lists, SiteError> {
    let path = format!("{shown}/{INDEX}");
    let sums_path = format!("{shown}/{FILE_NAME}");
    let mut report = Report::new();
    let index = index(&path, shown, get, also)?;
    if index.releases.len() > MAX_RELEASES {
        let message = format!("`{path}` lists {} releases; the limit is {MAX_RELEASES}", index.releases.len());
        return Err(SiteError::wrong(wrong_index(&path, message)));
    }
    report.merge(check_index(&path, &index));
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
                    .help("build the site again and publish it; an interrupted publish leaves this too"),
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

/// Reads the list alone.
fn index(path: &str, shown: &str, get: &Get<'_>, also: &[Version]) -> Result<Index, SiteError> {
    let bytes = match get(INDEX, MAX_INDEX_BYTES) {
        Ok(bytes) => bytes,
        Err(GetError::TooLarge(message) | GetError::Unfit(message)) => {
            return Err(SiteError::wrong(wrong_index(path, message)));
        }
        Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
        Err(GetError::Absent(message)) => {
            // A site that has records or their digests has lost its list; any other is no site that candor built.
            let newest = also.iter().max().map(|version| (file_name(*version), MAX_BYTES));
            for (name, limit) in [(FILE_NAME.to_owned(), sums::MAX_BYTES)].into_iter().chain(newest) {
                match get(&name, limit) {
                    Err(GetError::Absent(_)) => {}
                    Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
                    Ok(_) | Err(GetError::TooLarge(_) | GetError::Unfit(_)) => {
                        let message = format!("{message}, and `{shown}/{name}` is there");
                        return Err(SiteError::wrong(wrong_index(path, message)));
                    }
                }
            }
            return Err(SiteError::Unavailable {
                message,
                help: "name the root of a site that candor built: the folder or address that has releases/index.json below it",
            });
        }
    };
    serde_json::from_slice(&bytes)
        .map_err(|error| SiteError::wrong(wrong_index(path, format!("`{path}` is not a list of releases: {error}"))))
}

/// What the list says on its own: its order, and the addresses, which are relative to it.
fn check_index(path: &str, index: &Index) -> Report {
    let mut report = Report::new();
    for pair in index.releases.windows(2) {
        let (before, entry) = (&pair[0], &pair[1]);
        if before.version == entry.version {
            report.push(wrong_index(path, format!("`{path}` lists release {} twice", entry.version)));
        } else if before.version < entry.version {
            let message = format!(
                "`{path}` lists release {} before release {}; the newest is first",
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
                "`{path}` gives the {what} of release {} the address `{}`, {}; it is `{expected}`",
                entry.version,
                shortened(address, MAX_SHOWN),
                whereabouts(address)
            );
            report.push(wrong_index(path, message));
        }
    }
    report
}

/// Where a wrong address leads.
fn whereabouts(address: &str) -> &'static str {
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

/// Where the two lists differ.
fn check_lists(path: &str, entries: &BTreeMap<Version, IndexEntry>, sums_path: &str, sums: &Sums) -> Report {
    let mut report = Report::new();
    for (version, digest) in sums.iter() {
        let message = match entries.get(&version) {
            Some(entry) if entry.sha256 == digest => continue,
            Some(entry) => format!(
                "`{path}` and `{sums_path}` name different digests for release {version}: {} and {digest}",
                entry.sha256
            ),
            None => format!("`{path}` does not list release {version}, and `{sums_path}` does"),
        };
        report.push(wrong_index(path, message));
    }
    for version in entries.keys().filter(|version| sums.get(**version).is_none()) {
        let message = format!("`{path}` lists release {version}, and `{sums_path}` does not");
        report.push(wrong_index(path, message));
    }
    report
}

/// A record that was asked for.
enum Fetched {
    /// The site has it, or lists it and cannot give it.
    File(Box<File>),
    /// The site neither has nor lists it.
    Absent,
    /// It is longer than the limit, which is not the one of all records.
    Longer,
}

impl Fetched {
    /// Checks what the list says of the record, while its summary is in memory.
    fn and_checked(self, path: &str, entries: &BTreeMap<Version, IndexEntry>) -> (Fetched, Report) {
        let mut report = Report::new();
        if let Fetched::File(file) = &self
            && let File { content: Ok(parsed), version, .. } = &**file
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
        Ok(bytes) => Ok(Fetched::File(Box::new(File::read(path, version, &bytes, &Reader::default())))),
        Err(GetError::Unavailable(message)) => Err(SiteError::unavailable(message)),
        Err(GetError::TooLarge(_)) if limit < MAX_BYTES => Ok(Fetched::Longer),
        Err(GetError::Absent(_)) if !listed => Ok(Fetched::Absent),
        Err(GetError::Absent(why) | GetError::TooLarge(why) | GetError::Unfit(why)) => {
            let found = Diagnostic::new(Code::ReleaseUnreadable, why)
                .at(Place::file(&path), "")
                .help("the list names this release: publish the site again, whole");
            Ok(Fetched::File(Box::new(File::unread(path, version, Box::new(found)))))
        }
    }
}

/// What the list says of a release beside its digest must be what the record says.
fn check_entry(path: &str, entry: &IndexEntry, release: &Parsed) -> Report {
    let told = [
        ("date", entry.published == release.published),
        ("summary", entry.summary == release.summary),
        ("length", entry.bytes == release.bytes),
    ];
    let wrong = |(what, _)| {
        wrong_index(path, format!("`{path}` names another {what} for release {} than its record", entry.version))
    };
    let mut report = Report::new();
    told.into_iter().filter(|(_, right)| !right).map(wrong).for_each(|found| report.push(found));
    report
}

fn wrong_index(path: &str, message: String) -> Diagnostic {
    Diagnostic::new(Code::SiteIndex, message)
        .at(Place::file(path), "")
        .help("build the site again and publish it; an interrupted publish leaves this too")
}

/// The versions and digests of files; no digest where the bytes could not be had.
pub fn digests(files: &[File]) -> Vec<(Version, Option<Digest>)> {
    files.iter().map(|file| (file.version, file.digest)).collect()
}
