//! What has to be done at a destination, and in which order. Pure: entries in, plan out.
//!
//! **Order.** Files go up in [`Phase`]s, each complete before the next begins, so that whatever a page
//! needs is there before the page: assets, then the frozen records, then the archived pages, then the
//! other pages, and last the files that announce something new: the front page, the feeds, the list of
//! releases. Deletions come after all that. At every moment, and wherever a run is cut off, each page
//! that is served finds the assets that it names.
//!
//! **Retention.** A page is cached for up to a day (its `stale-while-revalidate`), in browsers and at the CDN's
//! edge, and an old page asks for the assets that it was built with. Counting publishes would not
//! help: two of them may be a minute apart. So a fingerprinted asset that left the site stays for
//! [`RETENTION_HOURS`] and is deleted by the first publish after that. Its name holds its digest, so it
//! can stand beside its successor. Everything else that left the site is deleted at once.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{Entry, Manifest, Moment, State};
use crate::site::{SitePath, map};

pub use crate::site::map::Phase;

/// How long a fingerprinted asset outlives its place in the site: 7 days, a week of pages held by caches
/// that are allowed one day.
pub const RETENTION_HOURS: i64 = 7 * 24;

/// One file to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// When.
    pub phase: Phase,
    /// Where to.
    pub path: SitePath,
    /// What will stand there.
    pub entry: Entry,
}

/// What has to be done at a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Files to send, in the order of phases and paths.
    pub uploads: Vec<Upload>,
    /// Files that stand there already.
    pub keep: BTreeMap<SitePath, Entry>,
    /// Files that left the site and stay for a while.
    pub retain: BTreeMap<SitePath, Entry>,
    /// Files that an earlier publish wrote and nobody needs any more.
    pub delete: BTreeSet<SitePath>,
    /// Files whose cached copies will be out of date, those of earlier unfinished runs included.
    pub touched: BTreeSet<SitePath>,
    /// Whether a run that never finished has to be brought to an end, even if nothing is left to send.
    pub unfinished: bool,
}

impl Plan {
    /// Compares what stands at the destination with what shall stand there.
    ///
    /// `foreign` are paths that exist there and that candor did not write: they are never deleted,
    /// and a cached copy of one that is overwritten is out of date.
    pub fn new(
        manifest: &Manifest,
        target: &BTreeMap<SitePath, Entry>,
        foreign: &BTreeSet<String>,
        now: Moment,
    ) -> Plan {
        let certain = |path: &SitePath| manifest.files.get(path).filter(|_| !manifest.pending.contains(path));
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

        for path in manifest.files.keys().chain(&manifest.pending).filter(|path| !target.contains_key(path)) {
            match certain(path) {
                Some(entry) if entry.is_immutable() && !is_due(entry, now) => {
                    let retired = entry.retired.or(Some(now));
                    plan.retain.insert(path.clone(), Entry { retired, ..entry.clone() });
                }
                Some(entry) if entry.is_immutable() => {
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

    /// How many bytes have to be sent.
    pub fn bytes(&self) -> u64 {
        self.uploads.iter().map(|upload| upload.entry.size).sum()
    }

    /// Whether the destination is as it shall be.
    pub fn is_done(&self) -> bool {
        self.uploads.is_empty() && self.delete.is_empty() && !self.unfinished
    }
}

/// Whether a file that left the site has stayed long enough.
fn is_due(entry: &Entry, now: Moment) -> bool {
    entry.retired.is_some_and(|since| now.hours_since(since) >= RETENTION_HOURS)
}
