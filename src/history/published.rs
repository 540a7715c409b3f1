//! The releases of a built or published site: `releases/index.json` and the records that it lists.
//!
//! Where the bytes come from (a folder, a server) is the caller's: a function from a path below `releases/` to bytes.

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

/// Gives the bytes of a file below `releases/`, or says why it cannot.
pub type Get<'a> = dyn Fn(&str) -> Result<Vec<u8>, String> + Sync + 'a;

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

/// Reads the list of a site alone; `shown` is how findings name the folder of the records.
///
/// # Errors
/// When the list cannot be had or is none.
pub fn index(shown: &str, get: &Get<'_>) -> Result<Index, Box<Diagnostic>> {
    let path = format!("{shown}/{INDEX}");
    let bytes = get(INDEX).map_err(|why| {
        Box::new(Diagnostic::new(Code::SiteIndex, why).at(Place::file(&path), "").help(
            "name the root of a site that candor built: the folder or address that has releases/index.json below it",
        ))
    })?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Box::new(
            Diagnostic::new(Code::SiteIndex, format!("`{path}` is not a list of releases: {error}"))
                .at(Place::file(&path), "")
                .help("build the site again and publish it"),
        )
    })
}

/// Reads the list of a site and all its records.
///
/// # Errors
/// When the list cannot be had or is none. Records that cannot be had are findings of the chain.
pub fn read(shown: &str, get: &Get<'_>) -> Result<(Published, Report), Box<Diagnostic>> {
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
    let files: Vec<File> = versions.into_par_iter().map(|version| file(version, shown, get, &reader)).collect();
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
/// When the list or the newest record cannot be had, or do not agree.
pub fn digests(shown: &str, get: &Get<'_>) -> Result<Vec<(Version, Digest)>, Report> {
    let index = index(shown, get).map_err(|found| Report::from(*found))?;
    let digests: Vec<_> = index.releases.iter().map(|entry| (entry.version, entry.sha256)).collect();
    if let Some((version, digest)) = digests.iter().max() {
        let file = file(*version, shown, get, &Reader::default());
        file.content.map_err(|found| Report::from(*found))?;
        if file.digest != Some(*digest) {
            let path = format!("{shown}/{INDEX}");
            let message = format!("`{path}` names another digest for release {version} than its record has");
            return Err(wrong_index(&path, message).into());
        }
    }
    Ok(digests)
}

/// One release of a site.
///
/// # Errors
/// When its record cannot be had or read.
pub fn release(version: Version, shown: &str, get: &Get<'_>) -> Result<Release, Box<Diagnostic>> {
    file(version, shown, get, &Reader::default()).content?.release()
}

fn file(version: Version, shown: &str, get: &Get<'_>, reader: &Reader) -> File {
    let name = file_name(version);
    let path = format!("{shown}/{name}");
    let (digest, content) = match get(&name) {
        Ok(bytes) => (Some(Digest::of(&bytes)), reader.record(&path, &bytes)),
        Err(why) => {
            let found = Diagnostic::new(Code::ReleaseUnreadable, why).at(Place::file(&path), "");
            (None, Err(Box::new(found.help("the list names this release: publish the site again, whole"))))
        }
    };
    File { path, version, digest, content }
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
