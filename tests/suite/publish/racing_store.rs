//! An in-memory store in which someone else writes an object immediately before a write or deletion of the publish.

use std::fmt;
use std::sync::Mutex;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::client::{HttpError, HttpErrorKind};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// What happens when the publish writes an object.
#[derive(Debug, Clone)]
pub enum Incident {
    /// Someone else writes this content first.
    Written(Vec<u8>),
    /// Someone else deletes the object first.
    Deleted,
    /// The connection breaks before the store receives the request.
    RequestLost,
    /// The connection breaks after the store executed the request.
    ResponseLost,
}

/// A store with one planned incident.
#[derive(Debug, Default)]
pub struct RacingStore {
    inner: InMemory,
    /// The path, and what happens there, once.
    planned: Mutex<Option<(Path, Incident)>>,
}

impl RacingStore {
    /// Plans an incident for the next write of `path`, or for the next listing that finds it once all files are written.
    pub fn plan(&self, path: &str, incident: Incident) {
        *self.planned() = Some((Path::from(path), incident));
    }

    /// Returns whether the planned incident has happened.
    pub fn has_happened(&self) -> bool {
        self.planned().is_none()
    }

    fn planned(&self) -> std::sync::MutexGuard<'_, Option<(Path, Incident)>> {
        self.planned.lock().expect("no panic while the lock is held")
    }

    fn take(&self, location: &Path) -> Option<Incident> {
        self.planned().take_if(|(path, _)| path == location).map(|(_, incident)| incident)
    }

    /// Writes an object as someone else.
    pub async fn write_as_other(&self, location: &Path, bytes: Vec<u8>) {
        self.inner.put(location, bytes.into()).await.expect("stored");
    }
}

fn broken() -> Error {
    let error = HttpError::new(HttpErrorKind::Interrupted, std::io::Error::other("connection reset"));
    Error::Generic { store: "RacingStore", source: Box::new(error) }
}

impl fmt::Display for RacingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RacingStore")
    }
}

#[async_trait]
impl ObjectStore for RacingStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        match self.take(location) {
            None => self.inner.put_opts(location, payload, opts).await,
            Some(Incident::Written(bytes)) => {
                self.write_as_other(location, bytes).await;
                self.inner.put_opts(location, payload, opts).await
            }
            Some(Incident::Deleted) => {
                self.inner.delete(location).await?;
                self.inner.put_opts(location, payload, opts).await
            }
            Some(Incident::RequestLost) => Err(broken()),
            Some(Incident::ResponseLost) => {
                self.inner.put_opts(location, payload, opts).await?;
                Err(broken())
            }
        }
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(broken())
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix).boxed()
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(broken())
    }
}
