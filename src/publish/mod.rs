//! Publishes a `Site` to object storage behind a CDN, so that readers never see a partly updated site.
//!
//! ```text
//! Site ── stage ──> entries ┐
//! destination ── manifest ──┼── plan ──> claim ──> upload, phase by phase ──> delete ──> complete
//! destination ── guard ─────┘
//! ```
//!
//! Safety depends on one object at the destination, the [`manifest`]:
//!
//! - It lists what the last publish wrote, so only changed files are sent, and only files that candor wrote are ever
//!   deleted.
//! - A run claims it with a conditional write (`If-None-Match: *`, or `If-Match` with the tag that was read) *before* it
//!   writes anything else. Of two concurrent runs, one gets the claim, and the other fails before it has changed a single
//!   file.
//! - The claim lists what is being written. A killed run leaves it behind, so the next run knows exactly which files are
//!   uncertain. A run that fails or is interrupted by a signal releases the claim. See [`manifest::State`].
//!
//! This module knows nothing about content, templates or the command line: it takes a finished [`Site`], and reports
//! progress through [`Event`]s.

mod conditional;
mod credentials;
pub mod destination;
mod error;
mod guard;
pub mod manifest;
mod not_implemented;
pub mod plan;
mod probe;
mod purge;
mod stage;
mod store;
mod upload;

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

pub use destination::Destination;
pub use error::PublishError;
pub use plan::{Phase, Plan};
pub use store::Store;

use crate::model::WebUrl;
use crate::site::{Site, SitePath};
use guard::Present;
use manifest::{Manifest, PublishTime, RunId, State};
use stage::Staged;
use store::Seen;

/// How to publish.
#[derive(Debug, Clone)]
pub struct Options {
    /// Identifies this run in the manifest; must be unique.
    pub run: RunId,
    /// When the run started: recorded in the manifest, and used for the retention of old assets.
    pub now: PublishTime,
    /// Whether to store pages, styles, scripts and drawings gzip-compressed, with `Content-Encoding`.
    pub compress: bool,
    /// The public URL of the site, for the list of URLs to purge.
    pub base_url: Option<WebUrl>,
    /// Whether to take over the claim of another run with a different site, because that run is known to be dead.
    pub take_over: bool,
    /// Whether to overwrite files at the destination that candor did not write.
    pub adopt: bool,
    /// Whether to send every file, even those that the manifest lists as present: for a destination that was changed by
    /// other means.
    pub resend: bool,
    /// Maximum number of concurrent transfers; at least 1.
    pub jobs: usize,
    /// Whether to claim the destination without conditional writes: for a store that does not support them, if other
    /// means prevent concurrent runs.
    pub no_lock: bool,
    /// Time limit of a request to the store, including retries but not the transfer of its body.
    pub time_limit: Duration,
}

/// The default time limit of a request.
pub const TIME_LIMIT: Duration = Duration::from_secs(120);

/// What happens before the plan is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preparation {
    /// The credentials are requested.
    Credentials,
    /// The manifest, the list of files and the records at the destination are read.
    Destination,
    /// Changed files of the site are produced and compressed.
    Site,
}

/// Progress of a publish.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A preparation begins.
    Preparing(Preparation),
    /// The plan is ready, and nothing has been written yet.
    Planned(&'a Plan),
    /// A phase with this many files begins.
    Phase(Phase, usize),
    /// A file was uploaded, with this many bytes.
    Uploaded(&'a str, u64),
    /// The deletion of this many files that are no longer part of the site begins.
    Deleting(usize),
}

/// Receives progress events.
pub type Observer<'a> = dyn Fn(Event<'_>) + Sync + 'a;

/// The result of a publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Number of completed publishes to the destination, including this one.
    pub generation: u64,
    /// Number of files uploaded.
    pub uploaded: usize,
    /// Number of bytes uploaded.
    pub bytes: u64,
    /// Number of files that were already up to date.
    pub kept: usize,
    /// Number of files that are no longer part of the site and are kept for readers of older pages.
    pub retained: usize,
    /// Number of files deleted.
    pub deleted: usize,
    /// URLs whose cached copies are out of date; empty without a base URL.
    pub purge: Vec<String>,
}

/// Publishes the site.
///
/// # Errors
/// See [`PublishError`]. After any error, the destination still serves a complete site, and the same command can be run
/// again.
pub fn publish(
    site: &Site,
    destination: &Destination,
    options: &Options,
    observer: &Observer<'_>,
) -> Result<Summary, PublishError> {
    let store = destination.open()?;
    runtime()?.block_on(publish_to(&store, site, options, observer, interruption()))
}

/// Returns what [`publish`] would do, without writing anything.
///
/// # Errors
/// As [`publish`], as far as errors occur before anything is written.
pub fn dry_run(
    site: &Site,
    destination: &Destination,
    options: &Options,
    observer: &Observer<'_>,
) -> Result<Plan, PublishError> {
    let store = destination.open()?.with(options);
    runtime()?.block_on(prepare(&store, site, options, observer)).map(|prepared| prepared.plan)
}

/// Publishes to an open store until `stop` completes.
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
    let prepared = prepare(store, site, options, observer).await?;
    observer(Event::Planned(&prepared.plan));
    upload::execute(store, prepared, options, observer, stop).await
}

/// The state before anything is written.
struct Prepared {
    /// The manifest that was read, or a new one.
    manifest: Manifest,
    /// The version of the manifest that was read; `None` if there was none.
    seen: Option<Seen>,
    /// The site in its stored format.
    staged: Staged,
    /// The changes to make.
    plan: Plan,
    /// The objects at the destination when the plan was made.
    present: Present,
}

async fn prepare(
    store: &Store,
    site: &Site,
    options: &Options,
    observer: &Observer<'_>,
) -> Result<Prepared, PublishError> {
    observer(Event::Preparing(Preparation::Credentials));
    store.check_credentials().await?;
    observer(Event::Preparing(Preparation::Destination));
    let (mut manifest, seen) = match store.read(manifest::PATH).await? {
        Some((bytes, seen)) => (Manifest::parse(&bytes, store.address())?, Some(seen)),
        None => (Manifest::default(), None),
    };
    let present = store.list().await?;
    guard::history(store, site, &manifest, &present, options).await?;
    observer(Event::Preparing(Preparation::Site));
    let staged = Staged::new(site, &manifest, options.compress && store.keeps_headers())?;
    if let State::Uploading(claim) = &manifest.state
        && claim.target != staged.digest()
        && !options.take_over
    {
        return Err(PublishError::Busy { address: store.address().to_owned(), started: claim.started });
    }
    // Files that are missing there are sent again, and with `resend` all files are.
    let doubtful = manifest.files.keys().filter(|path| staged.entries().contains_key(*path));
    let doubtful = doubtful.filter(|path| options.resend || !present.contains_key(path.as_str()));
    let doubtful: BTreeSet<SitePath> = doubtful.cloned().collect();
    for path in &doubtful {
        manifest.make_pending(path, None);
    }
    observer(Event::Preparing(Preparation::Destination));
    let unmanaged = present.keys().filter(|path| !manifest.owns_name(path)).cloned().collect();
    let mut plan = Plan::new(&manifest, staged.entries(), &unmanaged, site.withheld_files(), options.now);
    let foreign = guard::foreign(store, &manifest, &present, &plan, options.jobs).await?;
    if !options.adopt
        && let Some(path) = foreign.overwritten.iter().chain(&foreign.deleted).next()
    {
        // These files may be of a publish that started after the manifest was read.
        let now = store.read(manifest::PATH).await?.map(|(_, seen)| seen);
        let raced = !same_version(now.as_ref(), seen.as_ref());
        let certain = manifest.files.contains_key(path) || doubtful.contains(path);
        let address = store.address().to_owned();
        return Err(if raced {
            PublishError::Raced { address }
        } else {
            PublishError::foreign(address, path, certain)
        });
    }
    plan.delete.retain(|path| !foreign.deleted.contains(path));
    Ok(Prepared { manifest, seen, staged, plan, present })
}

/// Returns whether two reads returned the same manifest.
fn same_version(one: Option<&Seen>, other: Option<&Seen>) -> bool {
    let version = |seen: &Seen| (seen.e_tag.clone(), seen.version.clone());
    one.map(version) == other.map(version)
}

fn runtime() -> Result<tokio::runtime::Runtime, PublishError> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(PublishError::Runtime)
}

/// Completes when the user or the CI system asks the program to stop.
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
