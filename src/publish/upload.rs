//! Carries out a plan: claim, upload phase by phase, delete, complete.
//!
//! Between chunks of some hundred files the manifest is written again, under the condition that it still is ours. That is
//! the checkpoint from which the next run goes on if this one is killed, and the moment at which a run
//! that was taken for dead finds out and stops.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::StreamExt;
use tokio::time::Instant;

use super::manifest::{self, Claim, Entry, Manifest, State};
use super::plan::{Phase, Plan, Upload};
use super::stage::Staged;
use super::store::{Seen, Store, Written};
use super::{Event, Observer, Options, Prepared, PublishError, Summary, probe, purge};
use crate::site::SitePath;

/// How many files go up between two checkpoints; more would lose more work to a kill, fewer would write
/// the manifest too often.
const CHUNK: usize = 500;

/// How long a run that stops waits for transfers on their way. One that takes longer keeps the claim, as
/// a killed run would.
const DRAIN: Duration = Duration::from_secs(20);

/// How long a run that failed tries to give its claim back.
const GIVE_BACK: Duration = Duration::from_secs(30);

/// Does what the plan says, until `stop` is ready.
pub(super) async fn execute(
    store: &Store,
    prepared: Prepared,
    options: &Options,
    observer: &Observer<'_>,
    stop: impl Future<Output = ()>,
) -> Result<Summary, PublishError> {
    let Prepared { manifest, seen, staged, plan } = prepared;
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
    let mut run = Run::claim(store, manifest, seen, &plan, &staged, options).await?;
    let staged = Arc::new(staged);
    match run.work(&plan, &staged, options, observer, std::pin::pin!(stop)).await {
        Ok(()) => {
            summary.generation = run.complete(&plan, staged.entries()).await?;
            Ok(summary)
        }
        Err(error) => {
            run.give_back(&error).await;
            Err(error)
        }
    }
}

/// A run that holds the claim.
struct Run<'a> {
    store: &'a Store,
    manifest: Manifest,
    seen: Seen,
    claim: Claim,
    /// Whether transfers may still arrive that we no longer wait for.
    loose: bool,
}

impl<'a> Run<'a> {
    /// Claims the destination, and says what it is going to write there.
    async fn claim(
        store: &'a Store,
        old: Manifest,
        seen: Option<Seen>,
        plan: &Plan,
        staged: &Staged,
        options: &Options,
    ) -> Result<Run<'a>, PublishError> {
        let claim = Claim { run: options.run, started: options.now, target: staged.digest(), checkpoint: 0 };
        let mut manifest = old;
        for path in plan.uploads.iter().map(|upload| &upload.path) {
            manifest.files.remove(path);
            manifest.pending.insert(path.clone());
        }
        manifest.touched = plan.touched.clone();
        manifest.state = State::Uploading(claim);
        match store.write_if(manifest::PATH, manifest.to_bytes(), seen.as_ref()).await? {
            Written::Done(seen) => Ok(Run { store, manifest, seen, claim, loose: false }),
            Written::Conflict => Err(PublishError::Raced { address: store.address().to_owned() }),
        }
    }

    /// Uploads and deletes.
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
            // Doubtful before the first one goes: a run that is killed here must not leave a manifest that counts on them.
            for path in &plan.delete {
                self.manifest.files.remove(path);
                self.manifest.pending.insert(path.clone());
            }
            self.checkpoint().await?;
            self.store.delete(plan.delete.iter().map(|path| path.as_str())).await?;
            for path in &plan.delete {
                self.manifest.pending.remove(path);
            }
        }
        Ok(())
    }

    /// Sends some files at the same time; those that arrived are certain, even if another one fails.
    ///
    /// After a failure or the wish to stop no new transfer begins, and those on their way are waited for:
    /// one that arrived after the claim was given back could overwrite what the next run has written.
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
        let mut results = futures::stream::iter(uploads.iter().copied())
            .take_while(|_| std::future::ready(!stopping.load(Ordering::Relaxed)))
            .map(|upload| async move { send(store, upload, staged).await.map(|e_tag| (upload, e_tag)) })
            .buffer_unordered(options.jobs.max(1));
        let mut failure = None;
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
                Some(Ok((Upload { path, entry, .. }, e_tag))) => {
                    self.manifest.pending.remove(path);
                    self.manifest.files.insert(path.clone(), Entry { e_tag, ..entry.clone() });
                    observer(Event::Uploaded(path.as_str(), entry.size));
                }
                Some(Err(error)) => {
                    stopping.store(true, Ordering::Relaxed);
                    deadline.get_or_insert(Instant::now() + DRAIN);
                    failure.get_or_insert(error);
                }
                None => return failure.map_or(Ok(()), Err),
            }
        }
    }

    /// Writes down how far we are, if we still may.
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

    /// Ends the run: what stands there is the site, and what is kept for readers of older pages.
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

    /// Gives the claim back after a failure, so that anyone may go on at once.
    async fn give_back(&mut self, error: &PublishError) {
        if self.loose || matches!(error, PublishError::Overtaken { .. }) {
            return;
        }
        self.manifest.state = State::Interrupted;
        // The first error is the one to report; the claim then is that of a killed run.
        match tokio::time::timeout(GIVE_BACK, self.write()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => log::info!("the claim could not be given back: {error}"),
            Err(_) => log::info!("the claim could not be given back within {} s", GIVE_BACK.as_secs()),
        }
    }
}

async fn send(store: &Store, upload: &Upload, staged: &Arc<Staged>) -> Result<Option<String>, PublishError> {
    let path = upload.path.clone();
    let made = {
        let staged = Arc::clone(staged);
        // Rendering and compressing must not hold up the transfers of others.
        tokio::task::spawn_blocking(move || staged.bytes(&path)).await
    };
    let bytes = made.map_err(|error| PublishError::Runtime(error.into()))??;
    store.write(upload.path.as_str(), bytes, &upload.entry).await
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
