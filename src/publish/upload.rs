//! Executes a plan: claims the destination, uploads phase by phase, deletes, and completes.
//!
//! The manifest is written again after each chunk of files, with a condition on its version. This checkpoint is where
//! the next run continues if this one is killed, and where a run that was replaced by another detects this and stops.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use tokio::time::Instant;

use super::conditional::{Expected, FileWritten, write_file};
use super::guard::{self, Present};
use super::manifest::{self, Claim, Entry, Manifest, State, StoredContent};
use super::plan::{Phase, Plan, Upload};
use super::stage::Staged;
use super::store::{Seen, Store, Written};
use super::{Event, Observer, Options, Prepared, PublishError, Summary, probe, purge, same_version};
use crate::site::SitePath;

/// Number of files between two checkpoints. With more, a killed run would lose more work; with fewer, the manifest
/// would be written too often.
const CHUNK: usize = 500;

/// How long a stopping run waits for pending transfers. If one takes longer, the run keeps its claim, like a killed
/// run.
const DRAIN: Duration = Duration::from_secs(20);

/// How long a failed run tries to release its claim.
const CLAIM_RELEASE_TIMEOUT: Duration = Duration::from_secs(30);

/// Executes the plan, until `stop` completes.
pub(super) async fn execute(
    store: &Store,
    prepared: Prepared,
    options: &Options,
    observer: &Observer<'_>,
    stop: impl Future<Output = ()>,
) -> Result<Summary, PublishError> {
    let Prepared { manifest, seen, staged, plan, present } = prepared;
    let mut summary = Summary {
        generation: manifest.generation,
        uploaded: plan.uploads.len(),
        bytes: plan.bytes(),
        kept: plan.keep.len(),
        retained: plan.retain.len(),
        deleted: plan.delete.len(),
        purge: options.base_url.as_ref().map(|base| purge::addresses(base, &plan.touched)).unwrap_or_default(),
    };
    if plan.is_done() {
        return Ok(summary);
    }
    if store.relies_on_conditions() {
        probe::conditions(store, options).await?;
    }
    let mut run = Run::claim(store, manifest, seen, present, &plan, &staged, options).await?;
    let staged = Arc::new(staged);
    match run.work(&plan, &staged, options, observer, std::pin::pin!(stop)).await {
        Ok(()) => {
            summary.generation = run.complete(&plan, staged.entries()).await?;
            Ok(summary)
        }
        Err(error) => {
            run.release_claim(&error).await;
            Err(error)
        }
    }
}

/// A run that has claimed the destination.
struct Run<'a> {
    store: &'a Store,
    manifest: Manifest,
    seen: Seen,
    claim: Claim,
    /// The objects at the destination when the plan was made.
    present: Present,
    /// Whether transfers may still arrive after the run stopped waiting for them.
    loose: bool,
}

impl<'a> Run<'a> {
    /// Claims the destination, and records what is going to be written.
    async fn claim(
        store: &'a Store,
        old: Manifest,
        seen: Option<Seen>,
        present: Present,
        plan: &Plan,
        staged: &Staged,
        options: &Options,
    ) -> Result<Run<'a>, PublishError> {
        let claim = Claim { run: options.run, started: options.now, target: staged.digest(), checkpoint: 0 };
        let mut manifest = old;
        for upload in &plan.uploads {
            manifest.make_pending(&upload.path, Some(&upload.entry));
        }
        manifest.touched = plan.touched.clone();
        manifest.state = State::Uploading(claim);
        match store.write_if(manifest::PATH, manifest.to_bytes(), seen.as_ref()).await? {
            Written::Done(seen) => Ok(Run { store, manifest, seen, claim, present, loose: false }),
            Written::Conflict => Err(PublishError::Raced { address: store.address().to_owned() }),
        }
    }

    /// Uploads and deletes files.
    async fn work(
        &mut self,
        plan: &Plan,
        staged: &Arc<Staged>,
        options: &Options,
        observer: &Observer<'_>,
        mut stop: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), PublishError> {
        for phase in Phase::ALL {
            let uploads: Vec<&Upload> = plan.uploads.iter().filter(|upload| upload.phase == phase).collect();
            if !uploads.is_empty() {
                observer(Event::Phase(phase, uploads.len()));
            }
            for chunk in uploads.chunks(CHUNK) {
                self.upload(chunk, staged, options, observer, stop.as_mut()).await?;
                self.checkpoint().await?;
            }
        }
        if !plan.delete.is_empty() {
            observer(Event::Deleting(plan.delete.len()));
            let delete = self.still_ours(plan, options).await?;
            // Mark them as pending before the first deletion: the manifest of a killed run must not list a deleted file
            // as present.
            for path in &delete {
                self.manifest.make_pending(path, None);
            }
            self.checkpoint().await?;
            self.store.delete(delete.iter().map(|path| path.as_str())).await?;
            for path in &delete {
                self.manifest.pending.remove(path);
            }
        }
        Ok(())
    }

    /// Returns the files to delete, after checking again that candor wrote them: stores cannot delete conditionally.
    async fn still_ours(&self, plan: &Plan, options: &Options) -> Result<BTreeSet<SitePath>, PublishError> {
        let present = self.store.list().await?;
        let foreign =
            guard::foreign_deletions(self.store, &self.manifest, &present, &plan.delete, options.jobs).await?;
        match foreign.first().filter(|_| !options.adopt) {
            Some(path) => Err(PublishError::foreign(self.store.address().to_owned(), path, true)),
            None => Ok(plan.delete.difference(&foreign).cloned().collect()),
        }
    }

    /// Returns what must be at the path of a file, and the contents that candor may have left there.
    fn expected(&self, path: &SitePath, options: &Options) -> (Expected, BTreeSet<StoredContent>) {
        let expected = match self.present.get(path.as_str()) {
            _ if options.adopt => Expected::Anything,
            Some(listed) => Expected::Checked(listed.clone()),
            None => Expected::Nothing,
        };
        (expected, self.manifest.pending.get(path).cloned().unwrap_or_default())
    }

    /// Uploads some files concurrently. Those that arrive are recorded even if another one fails.
    ///
    /// After a failure or a stop signal, no new transfer begins, and the run waits for pending ones: one that arrived
    /// after the claim was released could overwrite what the next run has written.
    async fn upload(
        &mut self,
        uploads: &[&Upload],
        staged: &Arc<Staged>,
        options: &Options,
        observer: &Observer<'_>,
        mut stop: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<(), PublishError> {
        let store = self.store;
        let stopping = &AtomicBool::new(false);
        let guarded: Vec<_> = uploads.iter().map(|upload| (*upload, self.expected(&upload.path, options))).collect();
        let mut results = futures::stream::iter(guarded)
            .take_while(|_| std::future::ready(!stopping.load(Ordering::Relaxed)))
            .map(|(upload, (expected, ours))| async move {
                send(store, upload, staged, expected, &ours).await.map(|written| (upload, written))
            })
            .buffer_unordered(options.jobs.max(1));
        let (mut failure, mut foreign) = (None, None);
        let mut deadline = None;
        loop {
            let result = tokio::select! {
                result = results.next() => result,
                () = stop.as_mut(), if failure.is_none() => Some(Err(PublishError::Interrupted)),
                () = until(deadline) => {
                    self.loose = true;
                    None
                }
            };
            match result {
                Some(Ok((Upload { path, .. }, FileWritten::Foreign))) => {
                    stopping.store(true, Ordering::Relaxed);
                    deadline.get_or_insert(Instant::now() + DRAIN);
                    foreign.get_or_insert(path);
                }
                Some(Ok((Upload { path, entry, .. }, FileWritten::Done(e_tag)))) => {
                    self.manifest.pending.remove(path);
                    self.manifest.files.insert(path.clone(), Entry { e_tag, ..entry.clone() });
                    observer(Event::Uploaded(path.as_str(), entry.size));
                }
                Some(Err(error)) => {
                    stopping.store(true, Ordering::Relaxed);
                    deadline.get_or_insert(Instant::now() + DRAIN);
                    failure.get_or_insert(error);
                }
                None => break,
            }
        }
        drop(results);
        match (failure, foreign) {
            (Some(error), _) => Err(error),
            (None, Some(path)) => Err(self.foreign(path).await?),
            (None, None) => Ok(()),
        }
    }

    /// Returns the error for a file that someone else wrote during this run: another publish, or another program.
    async fn foreign(&self, path: &SitePath) -> Result<PublishError, PublishError> {
        let address = self.store.address().to_owned();
        let now = self.store.read(manifest::PATH).await?.map(|(_, seen)| seen);
        if !same_version(now.as_ref(), Some(&self.seen)) {
            return Ok(PublishError::Overtaken { address });
        }
        Ok(PublishError::foreign(address, path, self.present.contains_key(path.as_str())))
    }

    /// Writes the progress to the manifest, if this run still has the claim.
    async fn checkpoint(&mut self) -> Result<(), PublishError> {
        self.claim.checkpoint += 1;
        self.manifest.state = State::Uploading(self.claim);
        self.write().await
    }

    async fn write(&mut self) -> Result<(), PublishError> {
        match self.store.write_if(manifest::PATH, self.manifest.to_bytes(), Some(&self.seen)).await? {
            Written::Done(seen) => {
                self.seen = seen;
                Ok(())
            }
            Written::Conflict => Err(PublishError::Overtaken { address: self.store.address().to_owned() }),
        }
    }

    /// Completes the run: the manifest lists the site's files and those kept for readers of older pages.
    async fn complete(&mut self, plan: &Plan, target: &BTreeMap<SitePath, Entry>) -> Result<u64, PublishError> {
        let written = |path: &SitePath, entry: &Entry| {
            let e_tag = self.manifest.files.get(path).and_then(|written| written.e_tag.clone());
            Entry { e_tag, ..entry.clone() }
        };
        self.manifest = Manifest {
            generation: self.manifest.generation + 1,
            files: target
                .iter()
                .chain(&plan.retain)
                .map(|(path, entry)| (path.clone(), written(path, entry)))
                .collect(),
            ..Manifest::default()
        };
        self.write().await?;
        Ok(self.manifest.generation)
    }

    /// Releases the claim after a failure, so that another run can start immediately.
    async fn release_claim(&mut self, error: &PublishError) {
        if self.loose || matches!(error, PublishError::Overtaken { .. }) {
            return;
        }
        self.manifest.state = State::Interrupted;
        // The first error is the one to report; without a release, the claim remains like that of a killed run.
        match tokio::time::timeout(CLAIM_RELEASE_TIMEOUT, self.write()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => log::info!("cannot release the claim: {error}"),
            Err(_) => log::info!("cannot release the claim within {} s", CLAIM_RELEASE_TIMEOUT.as_secs()),
        }
    }
}

async fn send(
    store: &Store,
    upload: &Upload,
    staged: &Arc<Staged>,
    expected: Expected,
    ours: &BTreeSet<StoredContent>,
) -> Result<FileWritten, PublishError> {
    let path = upload.path.clone();
    let made = {
        let staged = Arc::clone(staged);
        // Rendering and compressing must not delay other transfers.
        tokio::task::spawn_blocking(move || staged.bytes(&path)).await
    };
    let bytes = made.map_err(|error| PublishError::Runtime(error.into()))??;
    write_file(store, upload.path.as_str(), bytes, &upload.entry, expected, ours).await
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
