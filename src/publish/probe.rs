//! Whether a store carries out conditions, tried out before anything else is written.
//!
//! Some stores answer 501 to a conditional write, and some ignore the condition without a word; with either, two publishes at
//! the same time would mix their files. So each publish that has something to write puts an object of its own next to the
//! manifest: twice as a new one, of which the second must be refused, and twice as a change of the first version, of which the
//! second must be refused, too. Then it takes the object away.

use object_store::{Error, PutMode, PutResult};

use super::store::Seen;
use super::{Options, PublishError, Store};

/// What the names of probes begin with, in the folder of the manifest.
const PREFIX: &str = "probe-";

/// How much older than ours the probe of a run must be to be taken for left behind, in seconds.
const STALE: i64 = 3600;

/// Checks that the store carries out `If-None-Match` and `If-Match`.
///
/// # Errors
/// [`PublishError::Unconditional`] where it does not, or any other error of the store.
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
    let refuses_new = unconditional("it refuses `If-None-Match: *` for a new object");
    let first = accepted(store, name, put("1", PutMode::Create).await?, "1").await?.ok_or(refuses_new)?;
    if !refused(store, put("2", PutMode::Create).await?)? {
        return Err(unconditional("it ignores `If-None-Match`"));
    }
    if first.e_tag.is_none() && first.version.is_none() {
        return Err(unconditional("it gives no `ETag`"));
    }
    let update = || PutMode::Update(first.clone());
    let refuses_known = unconditional("it refuses `If-Match` for the version that it has");
    accepted(store, name, put("3", update()).await?, "3").await?.ok_or(refuses_known)?;
    if !refused(store, put("4", update()).await?)? {
        return Err(unconditional("it ignores `If-Match`"));
    }
    match store.read(name).await? {
        Some((bytes, _)) if bytes == b"3" => Ok(()),
        _ => Err(unconditional("it does not keep what it accepted, or writes what it refused")),
    }
}

/// The version that a write has made whose condition holds; `None` where it was refused.
///
/// A store may carry out a write and fail to say so. The client's retry then meets its own work and is refused, so after a
/// refusal what is there decides: no other run writes an object of this name.
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

/// What an error other than a refusal means. The clients of the stores have no kind of their own for 501.
fn not_implemented(store: &Store, error: &Error) -> PublishError {
    if error.to_string().contains("501 Not Implemented") {
        let what = "it answers 501, that it does not implement them";
        return PublishError::Unconditional { address: store.address().to_owned(), what };
    }
    store.error(error)
}

/// Whether a write was refused whose condition does not hold.
fn refused(store: &Store, result: object_store::Result<PutResult>) -> Result<bool, PublishError> {
    match result {
        Ok(_) => Ok(false),
        Err(Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotModified { .. }) => Ok(true),
        Err(error) => Err(not_implemented(store, &error)),
    }
}

/// Deletes the probe, and those that killed runs have left, by the clock of the store.
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
