//! Before anything is written: what readers were once shown must be part of what they will be shown.
//!
//! The release records that stand at the destination are fetched, all of them, and compared byte for byte with the
//! site's. They are found by listing `releases/`, not by asking the manifest or the index, so that a release that was
//! published by other means, or by a run that was killed right after, counts as well. Because each record
//! names the digest of the one before, equal records mean an equal past, and the site's chain was
//! verified when it was built: so the published chain is a prefix of the site's.

use futures::{StreamExt, TryStreamExt};

use super::{PublishError, Store};
use crate::model::{Digest, Version};
use crate::site::Site;

/// Checks that every published release is in the site, unchanged.
///
/// # Errors
/// [`PublishError::HistoryMissing`] or [`PublishError::HistoryDiffers`], for the earliest such release.
pub(super) async fn history(store: &Store, site: &Site, jobs: usize) -> Result<(), PublishError> {
    let mut versions: Vec<Version> =
        store.names_in("releases").await?.iter().filter_map(|name| name.strip_suffix(".json")?.parse().ok()).collect();
    versions.sort_unstable();
    // In order, so that of several the earliest is named, which is where history was rewritten.
    let checks = versions.into_iter().map(|version| check(store, site, version));
    futures::stream::iter(checks).buffered(jobs.max(1)).try_collect().await
}

async fn check(store: &Store, site: &Site, version: Version) -> Result<(), PublishError> {
    let path = format!("releases/{version}.json");
    let Some((bytes, _)) = store.read(&path).await? else {
        return Ok(());
    };
    let published = Digest::of(&bytes);
    let address = store.address().to_owned();
    let Some(artifact) = site.get(&path) else {
        return Err(PublishError::HistoryMissing { address, version });
    };
    let record = artifact.body.bytes().map_err(|report| PublishError::Page { path, report })?;
    let here = Digest::of(&record);
    if here == published { Ok(()) } else { Err(PublishError::HistoryDiffers { address, version, published, here }) }
}
