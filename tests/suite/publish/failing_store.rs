//! An in-memory store that fails on demand in the middle of an operation.

use std::fmt;
use std::sync::Mutex;

use async_trait::async_trait;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// A store that fails all requests after a number of writes, until it is restored.
#[derive(Debug, Default)]
pub struct FailingStore {
    inner: InMemory,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of writes and deletions before the failure, or `None` for no limit.
    remaining: Option<usize>,
    /// Whether the failing write is still stored although its response is lost.
    store_last: bool,
    /// Whether a write has failed, so that reads fail as well.
    failed: bool,
    /// The paths written or deleted since the last restore, in order.
    writes: Vec<String>,
}

impl FailingStore {
    /// Lets the store fail after `writes` more writes. With `store_last`, the failing write is stored, but gets no response.
    pub fn fail_after(&self, writes: usize, store_last: bool) {
        *self.state() = State { remaining: Some(writes), store_last, ..State::default() };
    }

    /// Restores the store, removes the limit and clears the list of writes.
    pub fn restore(&self) {
        *self.state() = State::default();
    }

    /// Returns the paths written or deleted since the last restore, in order, without the manifest.
    pub fn writes(&self) -> Vec<String> {
        self.state().writes.iter().filter(|path| !path.contains(".candor/")).cloned().collect()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no panic while the lock is held")
    }

    fn has_failed(&self) -> bool {
        self.state().failed
    }

    /// Counts a write and returns whether it is stored and whether it gets a response.
    fn count_write(&self, path: &Path) -> (bool, bool) {
        let mut state = self.state();
        // Probe objects of the check before a publish do not count.
        if path.as_ref().contains("/probe-") && state.remaining != Some(0) {
            return (true, true);
        }
        match &mut state.remaining {
            Some(0) => {
                state.failed = true;
                let stored = std::mem::take(&mut state.store_last);
                (stored, false)
            }
            remaining => {
                if let Some(remaining) = remaining {
                    *remaining -= 1;
                }
                state.writes.push(path.to_string());
                (true, true)
            }
        }
    }
}

fn connection_lost() -> Error {
    Error::Generic { store: "FailingStore", source: "connection lost".into() }
}

impl fmt::Display for FailingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FailingStore")
    }
}

#[async_trait]
impl ObjectStore for FailingStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        let (stored, has_response) = self.count_write(location);
        let result = if stored { self.inner.put_opts(location, payload, opts).await } else { Err(connection_lost()) };
        if has_response { result } else { Err(connection_lost()) }
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(connection_lost())
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if self.has_failed() { Err(connection_lost()) } else { self.inner.get_opts(location, options).await }
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        // Delete one by one, so that the store can fail in between.
        let paths: Vec<_> = futures::executor::block_on(locations.collect());
        let results: Vec<_> = paths
            .into_iter()
            .flatten()
            .map(|path| {
                let (stored, has_response) = self.count_write(&path);
                let one = futures::stream::iter([Ok(path.clone())]).boxed();
                if stored {
                    futures::executor::block_on(self.inner.delete_stream(one).collect::<Vec<_>>());
                }
                if has_response { Ok(path) } else { Err(connection_lost()) }
            })
            .collect();
        futures::stream::iter(results).boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(connection_lost())
    }
}
