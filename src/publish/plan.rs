//! Plans the changes at a destination and their order. A pure function: entries in, plan out.
//!
//! **Order.** Files are uploaded in [`Phase`]s, each of which completes before the next begins, so that everything a
//! page needs exists before the page: assets, then the release records, then the archived pages, then other pages, and
//! last the files that announce news: the front page, the feeds and the list of releases. Deletions come after that. At
//! any time, even after an interruption, each served page finds its assets.
//!
//! **Retention.** A page is cached for up to a day (its `stale-while-revalidate`), in browsers and at the CDN's edge,
//! and an old page requests the assets that it was built with. Counting publishes would not help: two of them may be a
//! minute apart. So a fingerprinted asset that was removed from the site stays for [`RETENTION_HOURS`], and the first
//! publish after that deletes it. Its name contains its digest, so it does not conflict with its successor. Other files
//! that were removed from the site are deleted immediately.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{Entry, Manifest, PublishTime, State};
use crate::model::Digest;
use crate::site::{SitePath, map};

pub use crate::site::map::Phase;

/// How long a fingerprinted asset is kept after its removal from the site, in hours: 7 days, because some caches keep
/// pages longer than the one day that they may.
pub const RETENTION_HOURS: i64 = 7 * 24;

/// A file to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The phase in which it is uploaded.
    pub phase: Phase,
    /// Its path at the destination.
    pub path: SitePath,
    /// Its stored format.
    pub entry: Entry,
}

/// The changes to make at a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Files to upload, ordered by phase and path.
    pub uploads: Vec<Upload>,
    /// Number of files that are already up to date.
    pub keep: BTreeMap<SitePath, Entry>,
    /// Number of files that were removed from the site and are kept for a while.
    pub retain: BTreeMap<SitePath, Entry>,
    /// Files to delete: an earlier publish wrote them, and they are no longer needed.
    pub delete: BTreeSet<SitePath>,
    /// Files whose cached copies will be out of date, including those of earlier unfinished runs.
    pub touched: BTreeSet<SitePath>,
    /// Whether an unfinished run has to be completed, even if there is nothing to upload.
    pub unfinished: bool,
}

impl Plan {
    /// Compares the files at the destination with the files of the site.
    ///
    /// `foreign` are existing paths that candor did not write: they are never deleted, and a cached copy of one that is
    /// overwritten is out of date. `withheld` are files that were withheld: they are deleted without a retention time.
    pub fn new(
        manifest: &Manifest,
        target: &BTreeMap<SitePath, Entry>,
        foreign: &BTreeSet<String>,
        withheld: &BTreeSet<Digest>,
        now: PublishTime,
    ) -> Plan {
        let certain = |path: &SitePath| manifest.files.get(path).filter(|_| !manifest.pending.contains_key(path));
        let mut plan = Plan {
            uploads: Vec::new(),
            keep: BTreeMap::new(),
            retain: BTreeMap::new(),
            delete: BTreeSet::new(),
            touched: manifest.touched.clone(),
            unfinished: manifest.state != State::Complete,
        };
        for (path, entry) in target {
            if certain(path).is_some_and(|standing| standing.stores_the_same_as(entry)) {
                plan.keep.insert(path.clone(), entry.clone());
                continue;
            }
            if !entry.is_immutable() && (manifest.owns(path) || foreign.contains(path.as_str())) {
                plan.touched.insert(path.clone());
            }
            plan.uploads.push(Upload {
                phase: map::find(path.as_str()).phase,
                path: path.clone(),
                entry: entry.clone(),
            });
        }
        plan.uploads.sort_by(|a, b| (a.phase, &a.path).cmp(&(b.phase, &b.path)));

        for path in manifest.files.keys().chain(manifest.pending.keys()).filter(|path| !target.contains_key(*path)) {
            match certain(path) {
                Some(entry) if entry.is_immutable() && !is_due(entry, now) && !is_of(path, entry, withheld) => {
                    let retired = entry.retired.or(Some(now));
                    plan.retain.insert(path.clone(), Entry { retired, ..entry.clone() });
                }
                Some(entry) if entry.is_immutable() && !is_of(path, entry, withheld) => {
                    plan.delete.insert(path.clone());
                }
                _ => {
                    plan.delete.insert(path.clone());
                    plan.touched.insert(path.clone());
                }
            }
        }
        plan
    }

    /// Returns the number of bytes to upload.
    pub fn bytes(&self) -> u64 {
        self.uploads.iter().map(|upload| upload.entry.size).sum()
    }

    /// Returns whether the destination is up to date.
    pub fn is_done(&self) -> bool {
        self.uploads.is_empty() && self.delete.is_empty() && !self.unfinished
    }
}

/// Returns whether a stored file is one of these. It may be stored compressed, but its name has a part of its digest.
fn is_of(path: &SitePath, entry: &Entry, files: &BTreeSet<Digest>) -> bool {
    let is = |file: &Digest| entry.sha256 == *file || path.as_str().contains(&format!(".{}.", file.short()));
    files.iter().any(is)
}

/// Returns whether the retention time of a removed file is over.
fn is_due(entry: &Entry, now: PublishTime) -> bool {
    entry.retired.is_some_and(|since| now.hours_since(since) >= RETENTION_HOURS)
}
