//! Tests whether a store supports conditional writes, before anything else is written.
//!
//! Some stores answer 501 to a conditional write, and some silently ignore the condition; in both cases, concurrent
//! publishes would mix their files. So each publish that has changes writes a probe object next to the manifest: twice
//! as a new object, the second of which must be rejected, and twice as an update of the first version, the second of
//! which must be rejected as well. Then it deletes the probe.

use object_store::{Error, PutMode, PutResult};

use super::not_implemented::NotImplemented;
use super::store::Seen;
use super::{Options, PublishError, Store};

/// The prefix of the names of probes, in the folder of the manifest.
const PREFIX: &str = "probe-";

/// A probe of another run is considered abandoned if it is this many seconds older than ours.
const STALE: i64 = 3600;

/// Checks that the store supports `If-None-Match` and `If-Match`.
///
/// # Errors
/// [`PublishError::Unconditional`] if it does not, or any other error of the store.
pub(super) async fn conditions(store: &Store, options: &Options) -> Result<(), PublishError> {
    let name = format!(".candor/{PREFIX}{}", options.run);
    let verdict = try_out(store, &name).await;
    let cleaned = clean(store, &name).await;
    verdict.and(cleaned)
}

async fn try_out(store: &Store, name: &str) -> Result<(), PublishError> {
    let unconditional = |what| PublishError::Unconditional { address: store.address().to_owned(), what };
    let location = store.at(name)?;
    let put = async |text: &str, mode| store.put(&location, text.as_bytes().to_vec(), mode).await;
    let refuses_new = unconditional("it rejects `If-None-Match: *` for a new object");
    let first = accepted(store, name, put("1", PutMode::Create).await?, "1").await?.ok_or(refuses_new)?;
    if !refused(store, put("2", PutMode::Create).await?)? {
        return Err(unconditional("it ignores `If-None-Match`"));
    }
    if first.e_tag.is_none() && first.version.is_none() {
        return Err(unconditional("it returns no `ETag`"));
    }
    let update = || PutMode::Update(first.clone());
    let refuses_known = unconditional("it rejects `If-Match` with the current version");
    accepted(store, name, put("3", update()).await?, "3").await?.ok_or(refuses_known)?;
    if !refused(store, put("4", update()).await?)? {
        return Err(unconditional("it ignores `If-Match`"));
    }
    match store.read(name).await? {
        Some((bytes, _)) if bytes == b"3" => Ok(()),
        _ => Err(unconditional("it loses accepted writes or executes rejected ones")),
    }
}

/// Returns the version that a conditional write created; `None` if the write was rejected.
///
/// A store may execute a write but fail to report it. The client's retry then conflicts with its own write and is
/// rejected, so after a rejection the stored object is compared with the intended one: no other run writes an object
/// with this name.
async fn accepted(
    store: &Store,
    name: &str,
    result: object_store::Result<PutResult>,
    text: &str,
) -> Result<Option<Seen>, PublishError> {
    match result {
        Ok(put) => Ok(Some(put.into())),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
            let there = store.read(name).await?;
            Ok(there.filter(|(bytes, _)| bytes == text.as_bytes()).map(|(_, seen)| seen))
        }
        Err(error) => Err(not_implemented(store, &error)),
    }
}

/// Classifies an error other than a rejection. The store clients have no error kind for 501.
fn not_implemented(store: &Store, error: &Error) -> PublishError {
    if error.to_string().contains(&NotImplemented.to_string()) {
        let what = "it answers 501 Not Implemented";
        return PublishError::Unconditional { address: store.address().to_owned(), what };
    }
    store.error(error)
}

/// Returns whether a write was rejected because its condition is not met.
fn refused(store: &Store, result: object_store::Result<PutResult>) -> Result<bool, PublishError> {
    match result {
        Ok(_) => Ok(false),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotModified { .. }) => Ok(true),
        Err(error) => Err(not_implemented(store, &error)),
    }
}

/// Deletes the probe, and abandoned ones of killed runs, according to the store's clock.
async fn clean(store: &Store, name: &str) -> Result<(), PublishError> {
    let objects = store.objects_in(".candor").await?;
    let is_ours = |meta: &object_store::ObjectMeta| name.ends_with(meta.location.filename().unwrap_or("?"));
    let now = objects.iter().find(|meta| is_ours(meta)).map(|meta| meta.last_modified);
    let old = objects.iter().filter(|meta| {
        meta.location.filename().is_some_and(|name| name.starts_with(PREFIX))
            && now.is_some_and(|now| now.timestamp() - meta.last_modified.timestamp() > STALE)
    });
    let old = old.filter_map(|meta| Some(format!(".candor/{}", meta.location.filename()?)));
    let names: Vec<String> = old.chain([name.to_owned()]).collect();
    store.delete(names.iter().map(String::as_str)).await
}
