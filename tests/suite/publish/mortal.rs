//! A store in memory that dies on demand, in the middle of whatever candor is doing.

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

/// A store that dies after some writes, and can be revived.
#[derive(Debug, Default)]
pub struct Mortal {
    inner: InMemory,
    life: Mutex<Life>,
}

#[derive(Debug, Default)]
struct Life {
    /// Writes and deletions that still go through; `None` for ever.
    left: Option<usize>,
    /// Whether the write that kills is carried out before its answer gets lost.
    last_word: bool,
    /// Paths written or deleted since the last revival, in order.
    writes: Vec<String>,
}

impl Mortal {
    /// Lets the store die after `writes` more writes; the next one is still carried out if `last_word`, but not answered.
    pub fn dies_after(&self, writes: usize, last_word: bool) {
        *self.life() = Life { left: Some(writes), last_word, writes: Vec::new() };
    }

    /// Makes the store immortal, and forgets what was written.
    pub fn revive(&self) {
        *self.life() = Life::default();
    }

    /// What was written or deleted since the last revival, in order, without the manifest.
    pub fn writes(&self) -> Vec<String> {
        self.life().writes.iter().filter(|path| !path.contains(".candor/")).cloned().collect()
    }

    fn life(&self) -> std::sync::MutexGuard<'_, Life> {
        self.life.lock().expect("no test panics while it holds the lock")
    }

    fn is_dead(&self) -> bool {
        self.life().left == Some(0)
    }

    /// Whether a write is carried out, and whether it is answered.
    fn spend(&self, path: &Path) -> (bool, bool) {
        let mut life = self.life();
        // What is tried out before a publish is no write of the publish.
        if path.as_ref().contains("/probe-") && life.left != Some(0) {
            return (true, true);
        }
        match &mut life.left {
            Some(0) => {
                let carried_out = std::mem::take(&mut life.last_word);
                (carried_out, false)
            }
            left => {
                if let Some(left) = left {
                    *left -= 1;
                }
                life.writes.push(path.to_string());
                (true, true)
            }
        }
    }
}

fn dead() -> Error {
    Error::Generic { store: "Mortal", source: "the line is dead".into() }
}

impl fmt::Display for Mortal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mortal")
    }
}

#[async_trait]
impl ObjectStore for Mortal {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        let (carried_out, answered) = self.spend(location);
        let result = if carried_out { self.inner.put_opts(location, payload, opts).await } else { Err(dead()) };
        if answered { result } else { Err(dead()) }
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(dead())
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if self.is_dead() { Err(dead()) } else { self.inner.get_opts(location, options).await }
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        // One by one, so that the store can die between two.
        let paths: Vec<_> = futures::executor::block_on(locations.collect());
        let results: Vec<_> = paths
            .into_iter()
            .flatten()
            .map(|path| {
                let (carried_out, answered) = self.spend(&path);
                let one = futures::stream::iter([Ok(path.clone())]).boxed();
                if carried_out {
                    futures::executor::block_on(self.inner.delete_stream(one).collect::<Vec<_>>());
                }
                if answered { Ok(path) } else { Err(dead()) }
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
        Err(dead())
    }
}
