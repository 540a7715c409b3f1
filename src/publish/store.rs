//! The operations that publishing needs from a destination: read, write with headers, conditional write, list, delete.
//!
//! All paths are relative to the destination's prefix. A folder on disk is a store, too, with two differences that are
//! handled here: it keeps no headers, so the server of the folder must set them; and it has no `If-Match`, so the
//! manifest is compared and written while holding an operating-system lock.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Error, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
    UpdateVersion,
};

use super::credentials::MachineIdentity;
use super::manifest::Entry;
use super::{Options, PublishError};
use crate::files::{self, Dir, FileError};

/// How long a publish to a folder waits for another one that changes the same file.
const LOCK_PATIENCE: Duration = Duration::from_secs(60);

/// The version of an object that was read: its entity tag, or the generation number of Google storage.
pub(super) type Seen = UpdateVersion;

/// The outcome of a conditional write.
pub(super) enum Written {
    /// The object has the intended content, in this version.
    Done(Seen),
    /// Another run wrote the object first.
    Conflict,
}

/// An object in the listing of the destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// The entity tag, without quotes: some stores quote it in a response but not in a listing.
    pub(super) e_tag: Option<String>,
    /// The stored size in bytes.
    pub(super) size: u64,
}

/// Each of this many bytes of a body extends the time limit by one second.
const BYTES_PER_SECOND: u64 = 100_000;

/// An open destination.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<dyn ObjectStore>,
    prefix: Path,
    address: String,
    /// The folder, if the store is one.
    folder: Option<PathBuf>,
    /// Whether the manifest and the files are written conditionally.
    locks: bool,
    /// The source of the credentials, if that is the machine and not the environment.
    machine: Option<MachineIdentity>,
    /// Time limit of a request including retries, in addition to the time for its body.
    time_limit: Duration,
}

impl Store {
    /// Creates a store that keeps headers and supports conditional writes; in tests, one in memory.
    pub fn remote(inner: Arc<dyn ObjectStore>, prefix: Path, address: impl Into<String>) -> Store {
        let address = address.into();
        Store { inner, prefix, address, folder: None, locks: true, machine: None, time_limit: super::TIME_LIMIT }
    }

    /// Creates a store for a folder on disk.
    pub(super) fn folder(inner: Arc<dyn ObjectStore>, prefix: Path, folder: PathBuf, address: String) -> Store {
        Store {
            inner,
            prefix,
            address,
            folder: Some(folder),
            locks: true,
            machine: None,
            time_limit: super::TIME_LIMIT,
        }
    }

    /// Returns the store with the machine as the source of its credentials.
    pub(super) fn with_machine_identity(self, machine: Option<MachineIdentity>) -> Store {
        Store { machine, ..self }
    }

    /// Checks that there are credentials, as far as that is possible without a request to the store.
    pub(super) async fn check_credentials(&self) -> Result<(), PublishError> {
        match &self.machine {
            Some(machine) => machine.check(&self.address).await,
            None => Ok(()),
        }
    }

    /// Returns the store with the time limit and the locking that the options ask for.
    pub(super) fn with(&self, options: &Options) -> Store {
        Store { locks: !options.no_lock, time_limit: options.time_limit, ..self.clone() }
    }

    /// Returns whether writes have conditions, which must be tested before they are used. Folders use an
    /// operating-system lock instead.
    pub(super) fn relies_on_conditions(&self) -> bool {
        self.locks && self.folder.is_none()
    }

    /// Returns whether the store is a folder on disk.
    pub(super) fn is_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// Returns whether a write can be limited to objects that do not exist.
    pub(super) fn creates_exclusively(&self) -> bool {
        self.is_folder() || self.relies_on_conditions()
    }

    /// Waits for an operation, up to the time limit. `bytes` is the length of its body.
    async fn limited<T>(&self, bytes: u64, operation: impl Future<Output = T>) -> Result<T, PublishError> {
        let limit = self.time_limit + Duration::from_secs(bytes / BYTES_PER_SECOND);
        tokio::time::timeout(limit, operation)
            .await
            .map_err(|_| PublishError::TimedOut { address: self.address.clone(), seconds: limit.as_secs() })
    }

    /// Returns the destination as the user wrote it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns whether the store keeps the headers of objects.
    pub(super) fn keeps_headers(&self) -> bool {
        self.folder.is_none()
    }

    pub(super) fn at(&self, path: &str) -> Result<Path, PublishError> {
        let full = if self.prefix.is_root() { path.to_owned() } else { format!("{}/{path}", self.prefix) };
        Path::parse(full).map_err(|error| self.error(&error.into()))
    }

    pub(super) fn error(&self, error: &Error) -> PublishError {
        PublishError::store(&self.address, error)
    }

    /// Reads an object and its version; `None` if it does not exist.
    pub(super) async fn read(&self, path: &str) -> Result<Option<(Vec<u8>, Seen)>, PublishError> {
        let result = match self.limited(0, self.inner.get(&self.at(path)?)).await? {
            Ok(result) => result,
            Err(error @ Error::NotFound { .. }) => {
                return match self.error(&error) {
                    missing @ PublishError::NoContainer { .. } => Err(missing),
                    _ => Ok(None),
                };
            }
            Err(error) => return Err(self.error(&error)),
        };
        let seen = Seen { e_tag: result.meta.e_tag.clone(), version: result.meta.version.clone() };
        let size = result.meta.size;
        let bytes = self.limited(size, result.bytes()).await?.map_err(|error| self.error(&error))?;
        Ok(Some((bytes.to_vec(), seen)))
    }

    /// Returns the listed properties of an object, and its version; `None` if it does not exist.
    pub(super) async fn head(&self, path: &str) -> Result<Option<(Listed, Seen)>, PublishError> {
        match self.limited(0, self.inner.head(&self.at(path)?)).await? {
            Ok(meta) => {
                let listed = Listed { e_tag: plain_tag(meta.e_tag.clone()), size: meta.size };
                Ok(Some((listed, Seen { e_tag: meta.e_tag, version: meta.version })))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Writes a file of the site with its headers.
    pub(super) async fn put_file(
        &self,
        path: &str,
        payload: PutPayload,
        entry: &Entry,
        mode: PutMode,
    ) -> Result<object_store::Result<object_store::PutResult>, PublishError> {
        let mut attributes = Attributes::new();
        if self.keeps_headers() {
            attributes.insert(Attribute::ContentType, entry.media_type.clone().into());
            attributes.insert(Attribute::CacheControl, entry.cache_control.clone().into());
            if let Some(encoding) = entry.encoding {
                attributes.insert(Attribute::ContentEncoding, encoding.as_str().into());
            }
        }
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        let length = payload.content_length() as u64;
        self.limited(length, self.inner.put_opts(&self.at(path)?, payload, options)).await
    }

    /// Writes a JSON object that must not be cached, provided that the stored version is still the one that was read
    /// (`None`: that there is still no object).
    ///
    /// A store may execute a write but fail to report it. The retry then conflicts with its own write and is rejected,
    /// so after a rejection the stored object is compared with the intended one. Manifests of two runs are never equal.
    pub(super) async fn write_if(
        &self,
        path: &str,
        bytes: Vec<u8>,
        seen: Option<&Seen>,
    ) -> Result<Written, PublishError> {
        let location = self.at(path)?;
        let attempt = match &self.folder {
            Some(folder) => self.write_locked(folder.clone(), &location, bytes.clone(), seen).await?,
            None => {
                let mode = match seen {
                    _ if !self.locks => PutMode::Overwrite,
                    Some(seen) => PutMode::Update(seen.clone()),
                    None => PutMode::Create,
                };
                self.put(&location, bytes.clone(), mode).await?
            }
        };
        match attempt {
            Ok(result) => Ok(Written::Done(result.into())),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => match self.read(path).await? {
                Some((standing, seen)) if standing == bytes => Ok(Written::Done(seen)),
                _ => Ok(Written::Conflict),
            },
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Writes a JSON object that must not be cached.
    pub(super) async fn put(
        &self,
        location: &Path,
        bytes: Vec<u8>,
        mode: PutMode,
    ) -> Result<object_store::Result<object_store::PutResult>, PublishError> {
        let mut attributes = Attributes::new();
        attributes.insert(Attribute::ContentType, "application/json".into());
        attributes.insert(Attribute::CacheControl, "no-store".into());
        let length = bytes.len() as u64;
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        self.limited(length, self.inner.put_opts(location, PutPayload::from(bytes), options)).await
    }

    /// `If-Match` for a folder: compares and writes while holding a lock against other processes on this machine.
    async fn write_locked(
        &self,
        folder: PathBuf,
        location: &Path,
        bytes: Vec<u8>,
        seen: Option<&Seen>,
    ) -> Result<object_store::Result<object_store::PutResult>, PublishError> {
        let failed = |error: std::io::Error| PublishError::Store {
            address: self.address.clone(),
            detail: format!("cannot acquire the lock: {error}"),
        };
        let lock = tokio::task::spawn_blocking(move || {
            files::make_chosen_folder(&folder)?;
            let dir = Dir::open(&folder).map_err(FileError::into_io)?;
            dir.create_dirs(".candor".as_ref()).map_err(FileError::into_io)?;
            let dir = dir.sub(".candor".as_ref()).map_err(FileError::into_io)?;
            dir.lock(LOCK_PATIENCE).map_err(|error| std::io::Error::other(error.to_string()))
        })
        .await
        .map_err(|error| failed(error.into()))?
        .map_err(failed)?;
        let written = self.write_if_same(location, bytes, seen).await;
        drop(lock);
        written
    }

    /// Compares and writes; the caller holds the lock.
    async fn write_if_same(
        &self,
        location: &Path,
        bytes: Vec<u8>,
        seen: Option<&Seen>,
    ) -> Result<object_store::Result<object_store::PutResult>, PublishError> {
        let standing = match self.inner.head(location).await {
            Ok(meta) => meta.e_tag,
            Err(Error::NotFound { .. }) => None,
            Err(error) => return Err(self.error(&error)),
        };
        Ok(if standing == seen.and_then(|seen| seen.e_tag.clone()) {
            self.inner.put(location, bytes.into()).await
        } else {
            Err(Error::Precondition { path: location.to_string(), source: "the object has another version".into() })
        })
    }

    /// Lists all objects at the destination, except candor's own.
    pub(super) async fn list(&self) -> Result<BTreeMap<String, Listed>, PublishError> {
        let prefix = (!self.prefix.is_root()).then_some(&self.prefix);
        let mut objects = self.inner.list(prefix);
        let mut listed = BTreeMap::new();
        while let Some(meta) = self.limited(0, objects.try_next()).await?.map_err(|error| self.error(&error))? {
            if let Some(path) = self.relative(&meta.location).filter(|path| !path.starts_with(".candor/")) {
                listed.insert(path, Listed { e_tag: plain_tag(meta.e_tag), size: meta.size });
            }
        }
        Ok(listed)
    }

    /// Lists the objects directly in a folder, with the store's metadata.
    pub(super) async fn objects_in(&self, folder: &str) -> Result<Vec<ObjectMeta>, PublishError> {
        let folder = self.at(folder)?;
        match self.limited(0, self.inner.list_with_delimiter(Some(&folder))).await? {
            Ok(listed) => Ok(listed.objects),
            Err(Error::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(self.error(&error)),
        }
    }

    fn relative(&self, location: &Path) -> Option<String> {
        let text = location.as_ref();
        if self.prefix.is_root() {
            return Some(text.to_owned());
        }
        text.strip_prefix(self.prefix.as_ref())?.strip_prefix('/').map(str::to_owned)
    }

    /// Deletes files; a missing file is not an error.
    pub(super) async fn delete(&self, paths: impl IntoIterator<Item = &str>) -> Result<(), PublishError> {
        let locations = paths.into_iter().map(|path| self.at(path)).collect::<Result<Vec<_>, _>>()?;
        if locations.is_empty() {
            return Ok(());
        }
        // The store deletes single objects or batches of up to a thousand; each response has its own time limit.
        let mut results = self.inner.delete_stream(futures::stream::iter(locations.into_iter().map(Ok)).boxed());
        while let Some(result) = self.limited(0, results.next()).await? {
            match result {
                Ok(_) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(self.error(&error)),
            }
        }
        Ok(())
    }
}

/// Returns an entity tag without quotes.
pub(super) fn plain_tag(tag: Option<String>) -> Option<String> {
    tag.map(|tag| tag.trim_start_matches("W/").trim_matches('"').to_owned())
}
