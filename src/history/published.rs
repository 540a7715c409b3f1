//! The releases of a built or published site: `releases/index.json` and the records that it lists.
//!
//! Where the bytes come from (a folder, a server) is the caller's: a function from a path below `releases/` to bytes.
//!
//! A site that cannot be read says nothing about its releases, while one that lacks a record, or has another in its place, is
//! wrong. The two are told apart from the first byte on: a program that watches a site must not take a network failure for
//! tampering, nor tampering for a network failure.

use rayon::prelude::*;

use super::chain::{File, Witness};
use super::index::Index;
use super::reading::{Parsed, Reader};
use super::sums::Sums;
use super::{Release, file_name};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::{Digest, Version};

/// The name of the list, in the folder of the records.
pub const INDEX: &str = "index.json";

/// The largest list that is read, in bytes: about a hundred thousand releases.
pub const MAX_INDEX_BYTES: u64 = 64 * 1024 * 1024;

/// Returns the bytes of a file below `releases/`.
pub type Get<'a> = dyn Fn(&str) -> Result<Vec<u8>, GetError> + Sync + 'a;

/// Why there are no bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GetError {
    /// The site answers, and does not have the file.
    #[error("{0}")]
    Absent(String),
    /// The site has something else in the place of the file, such as one that is too large.
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

/// The releases of a site as they were found.
#[derive(Debug)]
pub struct Published {
    /// The list.
    pub index: Index,
    /// The records that it lists.
    pub files: Vec<File>,
    /// The list's digests.
    pub witness: Witness,
}

/// Reads the list of a site alone; `shown` is how diagnostics name the folder of the records.
///
/// # Errors
/// When the list cannot be fetched or parsed.
pub fn index(shown: &str, get: &Get<'_>) -> Result<Index, SiteError> {
    let path = format!("{shown}/{INDEX}");
    let bytes = get(INDEX).map_err(|error| match error {
        GetError::Absent(message) => SiteError::Unavailable {
            message,
            help: "name the root of a site that candor built: the folder or address that has releases/index.json below it",
        },
        GetError::Unfit(message) => SiteError::wrong(wrong_index(&path, message)),
        GetError::Unavailable(message) => SiteError::unavailable(message),
    })?;
    serde_json::from_slice(&bytes)
        .map_err(|error| SiteError::wrong(wrong_index(&path, format!("`{path}` is not a list of releases: {error}"))))
}

/// Reads the list of a site and all its records.
///
/// # Errors
/// When the list or a record cannot be fetched, or the list cannot be parsed. Records that the site does not have are
/// problems of the chain.
pub fn read(shown: &str, get: &Get<'_>) -> Result<(Published, Report), SiteError> {
    let index = index(shown, get)?;
    let path = format!("{shown}/{INDEX}");
    let mut report = Report::new();
    let mut sums = Sums::default();
    for entry in &index.releases {
        if sums.get(entry.version).is_some() {
            let message = format!("`{path}` lists release {} twice", entry.version);
            report.push(wrong_index(&path, message));
        }
        sums.insert(entry.version, entry.sha256);
    }
    let reader = Reader::default();
    let versions: Vec<_> = sums.iter().map(|(version, _)| version).collect();
    let files: Vec<_> = versions.into_par_iter().map(|version| file(version, shown, get, &reader)).collect();
    // Of several failures, the one of the oldest release is reported.
    let files = files.into_iter().collect::<Result<Vec<File>, SiteError>>()?;
    for (entry, parsed) in index.releases.iter().filter_map(|entry| {
        let at = files.binary_search_by_key(&entry.version, |file| file.version).ok()?;
        Some((entry, files[at].content.as_ref().ok()?))
    }) {
        report.merge(check_entry(&path, entry, parsed));
    }
    Ok((Published { index, files, witness: Witness { path, sums: Some(sums) } }, report))
}

/// Versions and digests of a site's releases. The newest record is read and held against the list; because each
/// record pins the one before it, it speaks for all.
///
/// # Errors
/// When the list or the newest record cannot be fetched, or do not agree.
pub fn digests(shown: &str, get: &Get<'_>) -> Result<Vec<(Version, Digest)>, SiteError> {
    let index = index(shown, get)?;
    let digests: Vec<_> = index.releases.iter().map(|entry| (entry.version, entry.sha256)).collect();
    if let Some((version, digest)) = digests.iter().max() {
        let file = file(*version, shown, get, &Reader::default())?;
        file.content.map_err(|found| SiteError::wrong(*found))?;
        if file.digest != Some(*digest) {
            let path = format!("{shown}/{INDEX}");
            let message = format!("`{path}` names another digest for release {version} than its record has");
            return Err(SiteError::wrong(wrong_index(&path, message)));
        }
    }
    Ok(digests)
}

/// One release of a site.
///
/// # Errors
/// When its record cannot be fetched or parsed.
pub fn release(version: Version, shown: &str, get: &Get<'_>) -> Result<Release, SiteError> {
    let file = file(version, shown, get, &Reader::default())?;
    file.content.and_then(|parsed| parsed.release()).map_err(|found| SiteError::wrong(*found))
}

fn file(version: Version, shown: &str, get: &Get<'_>, reader: &Reader) -> Result<File, SiteError> {
    let name = file_name(version);
    let path = format!("{shown}/{name}");
    let (digest, content) = match get(&name) {
        Ok(bytes) => (Some(Digest::of(&bytes)), reader.record(&path, &bytes)),
        Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
        Err(GetError::Absent(why) | GetError::Unfit(why)) => {
            let found = Diagnostic::new(Code::ReleaseUnreadable, why).at(Place::file(&path), "");
            (None, Err(Box::new(found.help("the list names this release: publish the site again, whole"))))
        }
    };
    Ok(File { path, version, digest, content })
}

/// What the list says of a release beside its digest must be what the record says.
fn check_entry(path: &str, entry: &super::index::IndexEntry, parsed: &Parsed) -> Report {
    let release = parsed;
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
    Diagnostic::new(Code::SiteIndex, message).at(Place::file(path), "").help("build the site again and publish it")
}
