//! Writes a file of the site, on the condition that the destination still has there what was checked before.
//!
//! Between the check of foreign files and the upload, someone else may write an object with the same name. So a new
//! file is written only if there is still no object, and a file is replaced only if the object is still in the version
//! that was checked. A store with conditional writes decides this in one step. A folder creates a new file only if there
//! is none. Where a store offers neither (a file that is replaced in a folder, or a store that is used without a lock),
//! the object is compared immediately before the write.
//!
//! **Ambiguous results.** A store may execute a write but fail to report it. The retry then conflicts with its own write.
//! And a killed run's last transfer may arrive late. So after a rejection, the object is read: if it is what this run
//! writes, the write is done, and if it is what candor may have left there, the write is tried again on top of it.

use std::collections::BTreeSet;
use std::time::Duration;

use object_store::{Error, PutMode, PutPayload, PutResult};

use super::PublishError;
use super::manifest::{Entry, StoredContent};
use super::store::{Listed, Seen, Store, plain_tag};

/// How often a write is tried.
const ATTEMPTS: u32 = 5;

/// How long to wait before the second attempt; each further attempt waits twice as long.
const FIRST_DELAY: Duration = Duration::from_millis(200);

/// What must be at the path of a file for it to be written.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    /// Anything: files of the site may be overwritten, whoever wrote them.
    Anything,
    /// No object.
    Nothing,
    /// The object that was checked.
    Checked(Listed),
    /// The object in this version.
    Version(Seen),
}

/// The outcome of a conditional write of a file.
#[derive(Debug)]
pub(super) enum FileWritten {
    /// The file is stored, with this entity tag, without quotes.
    Done(Option<String>),
    /// Someone else wrote the object.
    Foreign,
}

/// Writes a file of the site. `ours` are the contents that candor may have left at its path.
///
/// # Errors
/// An error of the store.
pub(super) async fn write_file(
    store: &Store,
    path: &str,
    bytes: Vec<u8>,
    entry: &Entry,
    mut expected: Expected,
    ours: &BTreeSet<StoredContent>,
) -> Result<FileWritten, PublishError> {
    let payload = PutPayload::from(bytes);
    let next = entry.content();
    let mut delay = FIRST_DELAY;
    let mut failure = None;
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(delay).await;
            delay *= 2;
        }
        match attempt_write(store, path, &payload, entry, &expected).await? {
            Ok(put) => return Ok(FileWritten::Done(plain_tag(put.e_tag))),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotModified { .. }) => failure = None,
            // The client does not repeat a conditional write whose response was lost.
            Err(error) if super::error::is_connection(&error) => failure = Some(store.error(&error)),
            Err(error) => return Err(store.error(&error)),
        }
        if matches!(expected, Expected::Anything) {
            continue;
        }
        expected = match store.read(path).await? {
            None => Expected::Nothing,
            Some((there, seen)) if next.is(&there) && !expected.is_version(&seen) => {
                return Ok(FileWritten::Done(plain_tag(seen.e_tag)));
            }
            Some((there, seen)) if next.is(&there) || ours.iter().any(|content| content.is(&there)) => {
                Expected::Version(seen)
            }
            Some(_) => return Ok(FileWritten::Foreign),
        };
    }
    Err(failure.unwrap_or_else(|| PublishError::Store {
        address: store.address().to_owned(),
        detail: format!("it rejected each of {ATTEMPTS} attempts to write `{path}`"),
    }))
}

impl Expected {
    /// Returns whether the object was already in this version before the write.
    fn is_version(&self, seen: &Seen) -> bool {
        let tag = plain_tag(seen.e_tag.clone());
        match self {
            Expected::Anything | Expected::Nothing => false,
            Expected::Checked(listed) => tag.is_some() && tag == listed.e_tag,
            Expected::Version(before) => tag.is_some() && tag == plain_tag(before.e_tag.clone()),
        }
    }
}

/// Tries once to write the file.
async fn attempt_write(
    store: &Store,
    path: &str,
    payload: &PutPayload,
    entry: &Entry,
    expected: &Expected,
) -> Result<object_store::Result<PutResult>, PublishError> {
    let put = async |mode| store.put_file(path, payload.clone(), entry, mode).await;
    match expected {
        Expected::Anything => put(PutMode::Overwrite).await,
        Expected::Version(seen) if store.relies_on_conditions() => put(PutMode::Update(seen.clone())).await,
        Expected::Version(_) => put(PutMode::Overwrite).await,
        Expected::Nothing => {
            if store.creates_exclusively() {
                match put(PutMode::Create).await? {
                    // Some file systems have no hard links, which exclusive creation in a folder needs.
                    Err(error) if store.is_folder() && !matches!(error, Error::AlreadyExists { .. }) => {}
                    result => return Ok(result),
                }
            }
            match store.head(path).await? {
                None => put(PutMode::Overwrite).await,
                Some(_) => Ok(Err(changed(path))),
            }
        }
        Expected::Checked(checked) => match store.head(path).await? {
            // Someone deleted it.
            None => Ok(Err(changed(path))),
            Some((now, _)) if now != *checked => Ok(Err(changed(path))),
            Some((_, seen)) if store.relies_on_conditions() => put(PutMode::Update(seen)).await,
            Some(_) => put(PutMode::Overwrite).await,
        },
    }
}

fn changed(path: &str) -> Error {
    Error::Precondition { path: path.to_owned(), source: "the object has another version".into() }
}
