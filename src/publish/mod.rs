//! `Site` -> object storage behind a CDN, so that no reader ever meets half a site.
//!
//! ```text
//! Site ── stage ──> entries ┐
//! destination ── manifest ──┼── plan ──> claim ──> upload, phase by phase ──> delete ──> complete
//! destination ── guard ─────┘
//! ```
//!
//! What makes it safe is one object at the destination, the [`manifest`]:
//!
//! - It lists what the last publish wrote, so only what changed is sent, and only what candor
//!   wrote is ever deleted.
//! - A run claims it with a conditional write (`If-None-Match: *`, or `If-Match` with the tag that was
//!   read) *before* it writes anything else. Of two runs at the same time one gets the claim, and the
//!   other is told so before it has touched a single file.
//! - The claim names what is being written. A run that was killed leaves it behind, and the next run
//!   knows exactly which files it may not trust. A run that fails or is interrupted by a signal
//!   gives the claim back. See [`manifest::State`].
//!
//! This module knows nothing of content, templates or the command line: it takes a finished
//! [`Site`], and tells what happens through [`Event`]s.

pub mod destination;
mod error;
mod guard;
pub mod manifest;
pub mod plan;
mod probe;
mod purge;
mod stage;
mod store;
mod upload;

use std::future::Future;
use std::time::Duration;

pub use destination::Destination;
pub use error::PublishError;
pub use plan::{Phase, Plan};
pub use store::Store;

use crate::model::WebUrl;
use crate::site::Site;
use manifest::{Manifest, Moment, RunId, State};
use stage::Staged;
use store::Seen;

/// How to publish.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names this run in the manifest; any text that no other run has.
    pub run: RunId,
    /// When the run started, for the manifest and for how long old assets are kept.
    pub now: Moment,
    /// Store pages, styles, scripts and drawings gzip-compressed, with `Content-Encoding`.
    pub compress: bool,
    /// Where the site is read, for the list of addresses to purge.
    pub base_url: Option<WebUrl>,
    /// Go on although another run with another site holds the destination, because it is known to be dead.
    pub take_over: bool,
    /// Overwrite files at the destination that candor did not write.
    pub adopt: bool,
    /// Send every file, also those that stand there by the manifest: for a destination that someone else has changed.
    pub resend: bool,
    /// How many transfers run at the same time; at least 1.
    pub jobs: usize,
    /// Do not claim the destination with conditional writes: for a store that has none, where runs are kept apart by other means.
    pub no_lock: bool,
    /// How long a request to the store may take, retries included, without the time for its body.
    pub time_limit: Duration,
}

/// The usual time limit of a request.
pub const TIME_LIMIT: Duration = Duration::from_secs(120);

/// What happens during a publish, for those who watch.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The plan is made, and nothing is written yet.
    Planned(&'a Plan),
    /// A phase begins with this many files.
    Phase(Phase, usize),
    /// A file is at the destination, with this many bytes.
    Uploaded(&'a str, u64),
    /// This many files that are no longer part of the site begin to be deleted.
    Deleting(usize),
}

/// Who watches.
pub type Observer<'a> = dyn Fn(Event<'_>) + Sync + 'a;

/// What a publish did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many publishes the destination has seen, with this one.
    pub generation: u64,
    /// Files sent.
    pub uploaded: usize,
    /// Bytes sent.
    pub bytes: u64,
    /// Files that stood there already.
    pub kept: usize,
    /// Files that are no longer part of the site and stay for readers who hold an older page.
    pub retained: usize,
    /// Files deleted.
    pub deleted: usize,
    /// Addresses whose cached copies are out of date; empty without a base URL.
    pub purge: Vec<String>,
}

/// Publishes the site.
///
/// # Errors
/// See [`PublishError`]. Whatever the error, the destination still serves a whole site, and the same
/// command can be run again.
pub fn publish(
    site: &Site,
    destination: &Destination,
    options: &Options,
    observer: &Observer<'_>,
) -> Result<Summary, PublishError> {
    let store = destination.open()?;
    runtime()?.block_on(publish_to(&store, site, options, observer, interruption()))
}

/// What [`publish`] would do; nothing is written.
///
/// # Errors
/// As [`publish`], as far as they show before anything is written.
pub fn dry_run(site: &Site, destination: &Destination, options: &Options) -> Result<Plan, PublishError> {
    let store = destination.open()?.with(options);
    runtime()?.block_on(prepare(&store, site, options)).map(|prepared| prepared.plan)
}

/// [`publish`] to a store that is open already, until `stop` is ready.
///
/// # Errors
/// As [`publish`].
pub async fn publish_to(
    store: &Store,
    site: &Site,
    options: &Options,
    observer: &Observer<'_>,
    stop: impl Future<Output = ()>,
) -> Result<Summary, PublishError> {
    let store = &store.with(options);
    let prepared = prepare(store, site, options).await?;
    observer(Event::Planned(&prepared.plan));
    upload::execute(store, prepared, options, observer, stop).await
}

/// All that is known before anything is written.
struct Prepared {
    /// The manifest as it was read, or a new one.
    manifest: Manifest,
    /// Which version of the manifest that was; `None` if there was none.
    seen: Option<Seen>,
    /// The site as it will be stored.
    staged: Staged,
    /// What has to be done.
    plan: Plan,
}

async fn prepare(store: &Store, site: &Site, options: &Options) -> Result<Prepared, PublishError> {
    let (mut manifest, seen) = match store.read(manifest::PATH).await? {
        Some((bytes, seen)) => (Manifest::parse(&bytes, store.address())?, Some(seen)),
        None => (Manifest::default(), None),
    };
    let present = store.list().await?;
    guard::history(store, site, &manifest, &present, options).await?;
    let staged = Staged::new(site, &manifest, options.compress && store.keeps_headers())?;
    if let State::Uploading(claim) = &manifest.state
        && claim.target != staged.digest()
        && !options.take_over
    {
        return Err(PublishError::Busy { address: store.address().to_owned(), started: claim.started });
    }
    // What was lost there is sent again, and so is everything where that is asked for.
    let doubtful = manifest.files.keys().filter(|path| staged.entries().contains_key(path));
    let doubtful = doubtful.filter(|path| options.resend || !present.contains_key(path.as_str())).cloned();
    manifest.pending.extend(doubtful.collect::<Vec<_>>());
    let unmanaged = present.keys().filter(|path| !manifest.owns_name(path)).cloned().collect();
    let mut plan = Plan::new(&manifest, staged.entries(), &unmanaged, options.now);
    let foreign = guard::foreign(store, &manifest, &present, &plan, options.jobs).await?;
    if !options.adopt
        && let Some(path) = foreign.overwritten.iter().chain(&foreign.deleted).next()
    {
        let address = store.address().to_owned();
        // They may be those of a publish that began after we looked.
        let now = store.read(manifest::PATH).await?.map(|(_, seen)| seen);
        return Err(match path.to_string() {
            _ if !same_version(now.as_ref(), seen.as_ref()) => PublishError::Raced { address },
            path if !manifest.owns_name(&path) => PublishError::Foreign { address, path },
            path => PublishError::Changed { address, path },
        });
    }
    plan.delete.retain(|path| !foreign.deleted.contains(path));
    Ok(Prepared { manifest, seen, staged, plan })
}

/// Whether two reads saw the same manifest.
fn same_version(one: Option<&Seen>, other: Option<&Seen>) -> bool {
    let version = |seen: &Seen| (seen.e_tag.clone(), seen.version.clone());
    one.map(version) == other.map(version)
}

fn runtime() -> Result<tokio::runtime::Runtime, PublishError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(PublishError::Runtime)
}

/// Ready when the person at the keyboard, or the CI that runs us, wants us to stop.
async fn interruption() {
    let keyboard = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let termination = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let termination = std::future::pending::<()>();
    tokio::select! {
        () = keyboard => {}
        () = termination => {}
    }
}
