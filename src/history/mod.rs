//! Release records, the chain of digests, and typed changes: the versioned change log.
//!
//! | module | takes | gives |
//! |---|---|---|
//! | [`record`] | a disclosure | the bytes of a release record, in canonical form |
//! | [`store`] | a project's folder | its [`History`], read in parallel; the one part that touches files |
//! | [`chain`] | parsed records | the verdict on them: what was edited, moved, lost or forged |
//! | [`newer`] | parsed records | what this version of candor does not know of them |
//! | [`published`] | a built or published site | its releases, read one after another, and both of its lists |
//! | [`against`] | two chains | which releases are the same, edited or missing |
//! | [`sums`], [`index`] | a history | the two lists of digests that are kept beside the records |
//! | [`diff`] | two disclosures | the typed [`Changes`] between them |
//! | [`draft`] | a history and the content | how the content stands to the newest release |
//! | [`former`] | a history | the subprocessors that are no longer listed |
//! | [`stated`] | a history and the content | since when releases state the start of a subprocessor |

pub mod against;
pub mod chain;
pub mod comparison;
mod consistency;
pub mod cut;
mod damage;
pub mod diff;
pub mod draft;
pub mod former;
mod heads;
pub mod index;
mod interner;
pub mod newer;
mod place;
pub mod published;
pub mod reading;
pub mod record;
pub mod stated;
pub mod store;
pub mod sums;
pub mod verdict;

pub use diff::{Change, Changes, Entry, FieldChange, Subject};
pub use draft::Standing;
pub use newer::Newer;
pub use record::{Link, Record, SCHEMA};

use std::sync::OnceLock;

use crate::model::{Date, Digest, Disclosure, Version};

/// One release as it was read: what the record says, and what is known of its file.
///
/// The file's bytes are not kept: a thousand releases would hold the same texts a thousand times.
/// [`store::bytes`] reads them again where they are to be published.
#[derive(Debug, Clone)]
pub struct Release {
    /// The release's id.
    pub version: Version,
    /// The day it was published.
    pub published: Date,
    /// What the publisher says of it, as Markdown.
    pub summary: String,
    /// The release before, or none for the first.
    pub previous: Option<Link>,
    /// What was stated. Items that did not change from one release to another are the same allocation.
    pub disclosure: Disclosure,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// The part of the record that this version of candor does not know.
    pub newer: Newer,
}

impl Release {
    /// The name of its file: `VERSION.json`.
    pub fn file_name(&self) -> String {
        file_name(self.version)
    }

    /// What the next release says of this one.
    pub fn link(&self) -> Link {
        Link { version: self.version, sha256: self.digest }
    }
}

/// The name of a release's file: `VERSION.json`.
pub fn file_name(version: Version) -> String {
    format!("{version}.json")
}

/// All releases, oldest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    releases: Vec<Release>,
    /// What changed in each, once it was asked for: pages, change log and feeds all tell it.
    changes: Vec<OnceLock<Changes>>,
}

impl History {
    /// A history of these releases, oldest first; [`chain::verify`] is what makes one from files.
    pub fn new(releases: Vec<Release>) -> History {
        let changes = releases.iter().map(|_| OnceLock::new()).collect();
        History { releases, changes }
    }

    /// All releases, oldest first.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The newest release, if there is any.
    pub fn newest(&self) -> Option<&Release> {
        self.releases.last()
    }

    /// The release of a version.
    pub fn get(&self, version: Version) -> Option<&Release> {
        self.position(version).map(|at| &self.releases[at])
    }

    /// The release before that of a version.
    pub fn before(&self, version: Version) -> Option<&Release> {
        self.position(version)?.checked_sub(1).map(|at| &self.releases[at])
    }

    /// The release after that of a version.
    pub fn after(&self, version: Version) -> Option<&Release> {
        self.releases.get(self.position(version)? + 1)
    }

    /// What changed in the release at this position, counted from the oldest; `None` for the first, which has
    /// nothing before it on record.
    pub fn changes(&self, position: usize) -> Option<&Changes> {
        let release = self.releases.get(position)?;
        let before = self.releases.get(position.checked_sub(1)?)?;
        let changes = self.changes.get(position)?;
        Some(changes.get_or_init(|| Changes::between(&before.disclosure, &release.disclosure)))
    }

    /// How many releases there are.
    pub fn len(&self) -> usize {
        self.releases.len()
    }

    /// Whether nothing was ever released.
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty()
    }

    fn position(&self, version: Version) -> Option<usize> {
        self.releases.binary_search_by_key(&version, |release| release.version).ok()
    }
}
