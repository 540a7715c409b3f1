//! Release records, the hash chain, and typed changes: everything behind the versioned change log.
//!
//! | module | input | output |
//! |---|---|---|
//! | [`record`] | a disclosure | the bytes of a release record, in canonical form |
//! | [`store`] | a project's folder | its [`History`], read in parallel; the only module here that touches files |
//! | [`chain`] | parsed records | diagnostics for records that were edited, moved, removed or forged |
//! | [`redaction`], [`withholding`] | records | which values and files were withheld, and why; records without them |
//! | [`newer`] | parsed records | the fields and values in them that this version of candor does not know |
//! | [`published`] | a built or published site | its releases, read in batches, checked against both of its lists |
//! | [`against`] | two chains | which releases are identical, edited or missing |
//! | [`kept`] | parsed records | diagnostics for files that are not the ones that the records bind |
//! | [`sums`], [`index`] | a history | the two lists of digests that are stored with the records |
//! | [`diff`] | two disclosures | the typed [`Changes`] between them |
//! | [`status`] | a history and the content | whether the content has unreleased changes |
//! | [`former`] | a history | the subprocessors that are no longer listed |
//! | [`upcoming`] | a history and the content | the dated changes, with the release that first stated each of them and its deadline |

pub mod against;
pub mod chain;
pub mod comparison;
mod consistency;
mod damage;
pub mod diff;
pub mod former;
mod heads;
pub mod index;
mod interner;
pub mod kept;
mod known_items;
pub mod names;
pub mod new_release;
pub mod newer;
pub mod original;
mod place;
pub mod published;
pub mod reading;
pub mod record;
pub mod redact;
pub mod redacted;
pub mod redaction;
mod revisions;
pub mod sent;
pub mod status;
pub mod store;
pub mod sums;
pub mod upcoming;
pub mod verdict;
pub mod withholding;

pub use diff::{AnyItem, Change, Changes, FieldChange, Subject};
pub use names::Names;
pub use newer::Newer;
pub use record::{Link, Record, SCHEMA};
pub use redaction::Redaction;
pub use sent::BoundNotice;
pub use status::ReleaseStatus;
pub use upcoming::{Announcements, DatedChange, DatedId, DatedKind, DatedState, Deadlines, Timeline, UpcomingRecord};

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::model::{
    Date, Digest, Disclosure, Document, Id, Item, RecordedFile, Statement, Subprocessor, Version, Withheld,
};

/// A parsed release: the contents of the record and the digest and length of its file.
///
/// The file's bytes are not kept: a thousand releases would hold the same strings a thousand times.
/// [`store::bytes`] reads them again for publishing.
#[derive(Debug, Clone)]
pub struct Release {
    /// The release's id.
    pub version: Version,
    /// The publication date.
    pub published: Date,
    /// The publisher's summary, as Markdown.
    pub summary: String,
    /// The previous release; `None` for the first.
    pub previous: Option<Link>,
    /// The earlier release that this one corrects.
    pub corrects: Option<Version>,
    /// The redactions of earlier releases that the record binds.
    pub redactions: Vec<Redaction>,
    /// What the record binds of the files about notices that were sent.
    pub notices: Vec<BoundNotice>,
    /// The values that were withheld from the record.
    pub withheld: Withheld,
    /// SHA-256 of the original record, if values were withheld from it.
    pub original: Option<Digest>,
    /// The files that the record binds, ordered by path; `None` for schema 1, which recorded no files.
    pub files: Option<Vec<RecordedFile>>,
    /// The published statements. Equal items of different releases share one allocation.
    pub disclosure: Disclosure,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// The fields and values of the record that this version of candor does not know.
    pub newer: Newer,
}

impl Release {
    /// The file name of the record: `VERSION.json`.
    pub fn file_name(&self) -> String {
        file_name(self.version)
    }

    /// The disclosure and the recorded files.
    pub fn statement(&self) -> Statement<'_> {
        Statement {
            disclosure: &self.disclosure,
            files: self.files.as_deref(),
            withheld: Some(&self.withheld),
            date: Some(self.published),
        }
    }

    /// The link that the next release stores in `previous`: it always has the digest of the original record.
    pub fn link(&self) -> Link {
        Link { version: self.version, sha256: self.original.unwrap_or(self.digest) }
    }
}

/// Returns the file name of a release's record: `VERSION.json`.
pub fn file_name(version: Version) -> String {
    format!("{version}.json")
}

/// All releases, oldest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    releases: Vec<Release>,
    /// The changes of each release, computed on first use and shared by pages, change log and feeds.
    changes: Vec<OnceLock<Changes>>,
    /// The digests of the withheld files.
    withheld_files: BTreeSet<Digest>,
    /// Computed on first use, like the changes.
    timeline: OnceLock<Timeline>,
    /// Computed on first use, like the changes.
    names: OnceLock<FormerNames>,
}

/// The names that each subprocessor and each document has had, oldest first, each with the first release that has it.
#[derive(Debug, Clone, Default)]
struct FormerNames {
    subprocessors: Labels<Subprocessor>,
    documents: Labels<Document>,
}

/// The labels that each item of a list has had, oldest first.
type Labels<T> = HashMap<Id, Vec<(Version, Arc<T>)>>;

fn add_labels<T: Item>(labels: &mut Labels<T>, version: Version, items: &[Arc<T>]) {
    for item in items {
        let known = labels.entry(item.id().clone()).or_default();
        if known.last().is_none_or(|(_, last)| last.label() != item.label()) {
            known.push((version, Arc::clone(item)));
        }
    }
}

fn label_at<'l, T: Item>(labels: &'l Labels<T>, id: &Id, version: Version) -> Option<&'l str> {
    let labeled = labels.get(id)?.iter().rev().find(|(first, _)| *first <= version);
    labeled.map(|(_, item)| item.label())
}

impl History {
    /// Creates a history from releases in order, oldest first. [`chain::verify`] creates one from files.
    pub fn new(releases: Vec<Release>) -> History {
        let changes = releases.iter().map(|_| OnceLock::new()).collect();
        let withheld_files =
            releases.iter().flat_map(|release| &release.redactions).filter_map(|redaction| redaction.file).collect();
        History { releases, changes, withheld_files, timeline: OnceLock::new(), names: OnceLock::new() }
    }

    /// Adds withheld files whose redactions are pending.
    pub(super) fn withhold_files(&mut self, files: BTreeSet<Digest>) {
        self.withheld_files.extend(files);
    }

    /// The digests of the files that were withheld.
    pub fn withheld_files(&self) -> &BTreeSet<Digest> {
        &self.withheld_files
    }

    /// All redactions that releases bind, oldest first, each with the release that binds it.
    pub fn redactions(&self) -> impl Iterator<Item = (&Release, &Redaction)> {
        self.releases.iter().flat_map(|release| release.redactions.iter().map(move |redaction| (release, redaction)))
    }

    /// Puts this word in the place of each withheld text, for showing the releases.
    #[must_use]
    pub fn with_word(mut self, word: &str) -> History {
        for release in self.releases.iter_mut().filter(|release| !release.withheld.is_empty()) {
            let filled = withholding::filled(&release.disclosure, &release.summary, &release.withheld, word);
            if let Some((disclosure, summary)) = filled {
                (release.disclosure, release.summary) = (disclosure, summary);
            }
        }
        let changes = self.releases.iter().map(|_| OnceLock::new()).collect();
        History { changes, timeline: OnceLock::new(), names: OnceLock::new(), ..self }
    }

    /// All releases, oldest first.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The newest release, or `None` if the history is empty.
    pub fn newest(&self) -> Option<&Release> {
        self.releases.last()
    }

    /// The release with this version.
    pub fn get(&self, version: Version) -> Option<&Release> {
        self.position(version).map(|at| &self.releases[at])
    }

    /// Returns the name of a subprocessor in the newest release that lists it, up to this version.
    pub fn subprocessor_name(&self, id: &Id, version: Version) -> Option<&str> {
        label_at(&self.former_names().subprocessors, id, version)
    }

    /// Returns the title of a document in the newest release that lists it, up to this version.
    pub fn document_title(&self, id: &Id, version: Version) -> Option<&str> {
        label_at(&self.former_names().documents, id, version)
    }

    fn former_names(&self) -> &FormerNames {
        self.names.get_or_init(|| {
            let mut names = FormerNames::default();
            for release in &self.releases {
                add_labels(&mut names.subprocessors, release.version, &release.disclosure.subprocessors);
                add_labels(&mut names.documents, release.version, &release.disclosure.documents);
            }
            names
        })
    }

    /// The release before the one with this version.
    pub fn before(&self, version: Version) -> Option<&Release> {
        self.position(version)?.checked_sub(1).map(|at| &self.releases[at])
    }

    /// The release after the one with this version.
    pub fn after(&self, version: Version) -> Option<&Release> {
        self.releases.get(self.position(version)? + 1)
    }

    /// The releases that correct the one with this version, oldest first.
    pub fn corrections(&self, version: Version) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(move |release| release.corrects == Some(version))
    }

    /// The changes of the release at this position, counted from the oldest; `None` for the first, which has no
    /// predecessor.
    pub fn changes(&self, position: usize) -> Option<&Changes> {
        let release = self.releases.get(position)?;
        let before = self.releases.get(position.checked_sub(1)?)?;
        let changes = self.changes.get(position)?;
        Some(changes.get_or_init(|| Changes::between(before.statement(), release.statement())))
    }

    /// The number of releases.
    pub fn len(&self) -> usize {
        self.releases.len()
    }

    /// Whether there are no releases.
    pub fn is_empty(&self) -> bool {
        self.releases.is_empty()
    }

    fn position(&self, version: Version) -> Option<usize> {
        self.releases.binary_search_by_key(&version, |release| release.version).ok()
    }
}
