//! Checks before anything is written: published releases must stay part of the site, and files that candor did not
//! write are left alone.
//!
//! **History.** Three sources determine which releases are public: the records at the destination (found by listing, so
//! that one that was published by other means, or by a run that was killed immediately afterwards, counts as well), the
//! manifest, and the two published lists. Every digest in any of them must equal that of the site's record. So a record
//! that was lost at the destination is uploaded again if all other sources agree with the site, and a rewritten history
//! is rejected even if the record that would prove it is gone.
//!
//! **Foreign files.** An object belongs to candor if the manifest lists it and it still has the content that candor
//! wrote, according to its entity tag or else its bytes. Other objects are never overwritten or deleted.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;

use super::manifest::{Entry, Manifest};
use super::plan::Plan;
use super::store::Listed;
use super::{Options, PublishError, Store};
use crate::history::published::INDEX;
use crate::history::sums::{FILE_NAME, Sums};
use crate::model::{Digest, Version};
use crate::site::map::release_record;
use crate::site::{Site, SitePath};

/// The objects at the destination.
pub(super) type Present = BTreeMap<String, Listed>;

/// Checks that every published release is in the site, unchanged.
///
/// # Errors
/// [`PublishError::HistoryMissing`] or [`PublishError::HistoryDiffers`], for the earliest such release.
pub(super) async fn history(
    store: &Store,
    site: &Site,
    manifest: &Manifest,
    present: &Present,
    options: &Options,
) -> Result<(), PublishError> {
    let mut published: BTreeMap<Version, BTreeSet<Digest>> = BTreeMap::new();
    for (version, digest) in listed(store, present, options).await? {
        published.entry(version).or_default().insert(digest);
    }
    for (path, entry) in &manifest.files {
        if let Some(version) = version_of(path.as_str()).filter(|_| entry.encoding.is_none()) {
            published.entry(version).or_default().insert(entry.sha256);
        }
    }
    let records = present.keys().filter_map(|path| version_of(path)).map(|version| async move {
        let read = store.read(&release_record(version)).await?;
        Ok::<_, PublishError>(read.map(|(bytes, _)| (version, Digest::of(&bytes))))
    });
    let mut records = futures::stream::iter(records).buffered(options.jobs.max(1));
    while let Some(found) = records.try_next().await? {
        if let Some((version, digest)) = found {
            published.entry(version).or_default().insert(digest);
        }
    }
    // In order, so that the earliest difference is reported, which is where history was rewritten.
    for (version, digests) in published {
        check(store, site, version, &digests)?;
    }
    Ok(())
}

fn check(store: &Store, site: &Site, version: Version, digests: &BTreeSet<Digest>) -> Result<(), PublishError> {
    let address = store.address().to_owned();
    let path = release_record(version);
    let Some(artifact) = site.get(&path) else {
        return Err(PublishError::HistoryMissing { address, version });
    };
    let bytes = artifact.body.bytes().map_err(|report| PublishError::Page { path, report })?;
    let here = Digest::of(&bytes);
    match digests.iter().find(|digest| **digest != here) {
        None => Ok(()),
        Some(published) => Err(PublishError::HistoryDiffers { address, version, published: *published, here }),
    }
}

/// Returns the digests in the published lists.
async fn listed(store: &Store, present: &Present, options: &Options) -> Result<Vec<(Version, Digest)>, PublishError> {
    /// The required part of the list; a newer candor may write more.
    #[derive(Deserialize)]
    struct List {
        releases: Vec<ListEntry>,
    }
    #[derive(Deserialize)]
    struct ListEntry {
        version: Version,
        sha256: Digest,
    }
    let mut digests = Vec::new();
    for name in [INDEX, FILE_NAME] {
        let path = format!("releases/{name}");
        if !present.contains_key(&path) {
            continue;
        }
        let Some((bytes, _)) = store.read(&path).await? else { continue };
        let read = if name == INDEX {
            let list = serde_json::from_slice::<List>(&bytes);
            list.map(|list| list.releases.into_iter().map(|entry| (entry.version, entry.sha256)).collect())
                .map_err(|error| error.to_string())
        } else {
            let (sums, report) = Sums::parse(&path, &String::from_utf8_lossy(&bytes));
            match report.diagnostics().first() {
                None => Ok(sums.iter().collect::<Vec<_>>()),
                Some(found) => Err(found.message.clone()),
            }
        };
        match read {
            Ok(read) => digests.extend(read),
            Err(_) if options.adopt => {}
            Err(detail) => return Err(PublishError::BadList { address: store.address().to_owned(), path, detail }),
        }
    }
    Ok(digests)
}

fn version_of(path: &str) -> Option<Version> {
    path.strip_prefix("releases/")?.strip_suffix(".json")?.parse().ok()
}

/// Files that a plan would overwrite or delete, and that candor did not write.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    /// Objects that are not in the manifest or were changed since candor wrote them, and that the plan overwrites.
    pub(super) overwritten: BTreeSet<SitePath>,
    /// Objects that were changed since candor wrote them, and that the plan deletes.
    pub(super) deleted: BTreeSet<SitePath>,
}

/// Finds objects that candor did not write among those that a plan overwrites or deletes.
///
/// Files of an unfinished run count as candor's, because their content is unknown.
pub(super) async fn foreign(
    store: &Store,
    manifest: &Manifest,
    present: &Present,
    plan: &Plan,
    jobs: usize,
) -> Result<Foreign, PublishError> {
    let uploads = plan.uploads.iter().map(|upload| (&upload.path, true));
    let candidates = uploads.chain(plan.delete.iter().map(|path| (path, false)));
    let checks = candidates.filter(|(path, _)| !manifest.pending.contains(*path)).filter_map(|(path, overwritten)| {
        let there = present.get(path.as_str())?;
        Some(async move {
            let ours = match manifest.files.get(path) {
                Some(entry) => is_unchanged(store, path, entry, there).await?,
                None => false,
            };
            Ok::<_, PublishError>((path, overwritten, ours))
        })
    });
    let mut checks = futures::stream::iter(checks).buffered(jobs.max(1));
    let mut foreign = Foreign::default();
    while let Some((path, overwritten, ours)) = checks.try_next().await? {
        match (ours, overwritten) {
            (true, _) => false,
            (false, true) => foreign.overwritten.insert(path.clone()),
            (false, false) => foreign.deleted.insert(path.clone()),
        };
    }
    Ok(foreign)
}

/// Returns whether an object still has the content that candor wrote.
async fn is_unchanged(store: &Store, path: &SitePath, entry: &Entry, there: &Listed) -> Result<bool, PublishError> {
    if entry.e_tag.is_some() && entry.e_tag == there.e_tag {
        return Ok(true);
    }
    if entry.size != there.size {
        return Ok(false);
    }
    if entry.e_tag.is_none() && entry.encoding.is_some() {
        // Manifests of format 1 have no tags, and some stores decode encoded objects when they are read.
        return Ok(true);
    }
    let read = store.read(path.as_str()).await?;
    Ok(read.is_none_or(|(bytes, _)| Digest::of(&bytes) == entry.sha256))
}
