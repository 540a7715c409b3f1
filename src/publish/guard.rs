//! Checks before anything is written: published releases must stay part of the site, and files that candor did not
//! write are left alone.
//!
//! **History.** Three sources determine which releases are public: the records at the destination (found by listing, so
//! that one that was published by other means, or by a run that was killed immediately afterwards, counts as well), the
//! manifest, and the two published lists. Every digest in any of them must equal that of the site's record. So a record
//! that was lost at the destination is uploaded again if all other sources agree with the site, and a rewritten history
//! is rejected even if the record that would prove it is gone. A record may differ only because values were withheld from it, which
//! its redactions prove: the site's record must have more withheld than the published one, and never less.
//!
//! **Foreign files.** An object belongs to candor if the manifest lists it and it has the content that candor wrote,
//! according to its entity tag or else its bytes. If a run was killed, that is any content that it may have left there.
//! Other objects are never overwritten or deleted.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;

use super::manifest::{Entry, Manifest, StoredContent};
use super::plan::Plan;
use super::store::Listed;
use super::{Options, PublishError, Store};
use crate::history::published::INDEX;
use crate::history::redaction::{Redaction, Sequences, bound_by, is_earlier, sequences};
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
        Ok::<_, PublishError>(read.map(|(bytes, _)| (version, Digest::of(&bytes), bound_by(&bytes))))
    });
    let mut records = futures::stream::iter(records).buffered(options.jobs.max(1));
    let mut redactions: BTreeMap<Version, Vec<Redaction>> = BTreeMap::new();
    while let Some(found) = records.try_next().await? {
        if let Some((version, digest, bound)) = found {
            published.entry(version).or_default().insert(digest);
            redactions.insert(version, bound);
        }
    }
    let there = sequences(redactions.values().flatten());
    let here = OnceCell::new();
    // In order, so that the earliest difference is reported, which is where history was rewritten.
    for (version, digests) in published {
        check(store, site, version, &digests, &here, &there)?;
    }
    Ok(())
}

/// Returns the redactions that the records of a site bind, in order.
fn redactions_of(site: &Site) -> Result<Vec<Redaction>, PublishError> {
    let records = site.iter().filter_map(|(path, artifact)| Some((version_of(path.as_str())?, path, artifact)));
    let mut bound: BTreeMap<Version, Vec<Redaction>> = BTreeMap::new();
    for (version, path, artifact) in records {
        let bytes = artifact.body.bytes();
        let bytes = bytes.map_err(|report| PublishError::Page { path: path.to_string(), report })?;
        bound.insert(version, bound_by(&bytes));
    }
    Ok(bound.into_values().flatten().collect())
}

fn check(
    store: &Store,
    site: &Site,
    version: Version,
    digests: &BTreeSet<Digest>,
    here_redacted: &OnceCell<Sequences>,
    redactions_there: &Sequences,
) -> Result<(), PublishError> {
    let address = store.address().to_owned();
    let path = release_record(version);
    let Some(artifact) = site.get(&path) else {
        return Err(PublishError::HistoryMissing { address, version });
    };
    let bytes = artifact.body.bytes().map_err(|report| PublishError::Page { path, report })?;
    let here = Digest::of(&bytes);
    if digests.iter().all(|digest| *digest == here) {
        return Ok(());
    }
    // All records are read for it, so only if it is needed.
    if here_redacted.get().is_none() {
        let _ = here_redacted.set(sequences(&redactions_of(site)?));
    }
    let is_redacted_here =
        |published| here_redacted.get().is_some_and(|known| is_earlier(known, version, published, here));
    match digests.iter().find(|digest| **digest != here && !is_redacted_here(**digest)) {
        None => Ok(()),
        Some(published) if is_earlier(redactions_there, version, here, *published) => {
            Err(PublishError::RedactionMissing { address, version, published: *published })
        }
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
    /// Objects that the plan overwrites.
    pub(super) overwritten: BTreeSet<SitePath>,
    /// Objects that the plan deletes.
    pub(super) deleted: BTreeSet<SitePath>,
}

/// Finds objects that candor did not write among those that a plan overwrites or deletes.
pub(super) async fn foreign(
    store: &Store,
    manifest: &Manifest,
    present: &Present,
    plan: &Plan,
    jobs: usize,
) -> Result<Foreign, PublishError> {
    let uploads = plan.uploads.iter().map(|upload| (&upload.path, Some(&upload.entry)));
    let deletions = plan.delete.iter().map(|path| (path, None));
    foreign_among(store, manifest, present, uploads.chain(deletions), jobs).await
}

/// Finds objects that candor did not write among those that are to be deleted.
pub(super) async fn foreign_deletions(
    store: &Store,
    manifest: &Manifest,
    present: &Present,
    delete: &BTreeSet<SitePath>,
    jobs: usize,
) -> Result<BTreeSet<SitePath>, PublishError> {
    let deletions = delete.iter().map(|path| (path, None));
    Ok(foreign_among(store, manifest, present, deletions, jobs).await?.deleted)
}

async fn foreign_among<'a>(
    store: &Store,
    manifest: &Manifest,
    present: &Present,
    candidates: impl Iterator<Item = (&'a SitePath, Option<&'a Entry>)>,
    jobs: usize,
) -> Result<Foreign, PublishError> {
    let checks = candidates.filter_map(|(path, next)| {
        let there = present.get(path.as_str())?;
        Some(async move { Ok::<_, PublishError>((path, next, is_ours(store, manifest, path, next, there).await?)) })
    });
    let mut checks = futures::stream::iter(checks).buffered(jobs.max(1));
    let mut foreign = Foreign::default();
    while let Some((path, next, ours)) = checks.try_next().await? {
        match (ours, next) {
            (true, _) => false,
            (false, Some(_)) => foreign.overwritten.insert(path.clone()),
            (false, None) => foreign.deleted.insert(path.clone()),
        };
    }
    Ok(foreign)
}

/// Returns whether an object has a content that candor wrote, or that an unfinished run may have written. `next` is
/// what this run uploads: an unfinished run of the same site may have stored that, too.
async fn is_ours(
    store: &Store,
    manifest: &Manifest,
    path: &SitePath,
    next: Option<&Entry>,
    there: &Listed,
) -> Result<bool, PublishError> {
    let mut contents: BTreeSet<StoredContent> = manifest.files.get(path).map(Entry::content).into_iter().collect();
    if let Some(pending) = manifest.pending.get(path) {
        contents.extend(pending.iter().cloned());
        contents.extend(next.map(Entry::content));
    }
    if contents.iter().any(|content| content.e_tag.is_some() && content.e_tag == there.e_tag) {
        return Ok(true);
    }
    contents.retain(|content| content.size == there.size);
    if contents.is_empty() {
        return Ok(false);
    }
    if manifest.files.get(path).is_some_and(|entry| entry.e_tag.is_none() && entry.encoding.is_some()) {
        // Manifests of format 1 have no tags, and an older version may have compressed differently.
        return Ok(true);
    }
    let read = store.read(path.as_str()).await?;
    Ok(read.is_none_or(|(bytes, _)| contents.iter().any(|content| content.is(&bytes))))
}
