//! `candor serve`: a local preview of the site over HTTP, served from memory.
//!
//! The input is anything that can [`Rebuild`] the site; the output is HTTP responses. The server knows nothing about
//! content or templates: it is a sink, like `emit`.
//!
//! ```text
//! watch -> Rebuild -> Site -> snapshot (all pages made) -> live view, swapped whole -> answer
//!                                                              \-> reload (server-sent events)
//! ```
//!
//! Two tokio threads answer requests; one separate thread rebuilds, so a slow build never delays an answer. The old
//! site is served until the new one is complete; after a failed build, it is still served.
//!
//! Hyper is used directly: there are no routes that a framework could handle, and hyper exposes the settings that
//! matter (time limit and size limit of a request head, shutdown).

mod answer;
mod connections;
mod guard;
mod host;
mod listen;
mod listeners;
mod live;
mod page;
pub mod path;
mod policy;
mod problems;
mod reload;
mod respond;
mod snapshot;
mod stream;
mod tree;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

pub use listen::{Bound, Port, ServeError, bind};

use crate::diagnostic::Report;
use crate::site::{Artifact, Site, SitePath};

/// The headers of a file, as name and value, as the CDN would send them.
pub type Headers = Arc<dyn Fn(&SitePath, &Artifact) -> Vec<(String, String)> + Send + Sync>;

/// Returns the bytes of a file of a site; `None` if the site does not have it.
pub type Files<'a> = dyn Fn(&SitePath) -> Option<Arc<[u8]>> + Sync + 'a;

/// A site that can be previewed.
pub struct Built {
    /// The files that the preview serves.
    pub site: Site,
    /// The path that it is served under, percent-encoded, with a slash at both ends: `/` or `/trust/`.
    pub base_path: String,
    /// Returns the headers that the CDN would send with a file; [`plain_headers`] if they are unknown.
    pub headers: Headers,
    /// Diagnostics that did not prevent the build.
    pub report: Report,
}

/// Builds the site, on a thread of its own each time. It may keep caches that make the next build faster.
pub trait Rebuild: Send + Sized + 'static {
    /// Returns what continues in place of this value if its next build does not end.
    fn successor(&self) -> Self;

    /// Returns why the build that is running now is given up. The successor is asked while a build runs.
    fn given_up(&self) -> Option<Report> {
        None
    }

    /// Builds the site after these files have changed. The paths are relative to the root; the list is empty for the
    /// first build, and if the site was [outdated](Self::is_outdated).
    ///
    /// # Errors
    /// Diagnostics with at least one error; the previous site stays.
    fn rebuild(&mut self, changed: &[PathBuf]) -> Result<Built, Report>;

    /// Checks the files of the site that was built last, such as their links. Called once for each site, before it is
    /// served; a site with errors is not.
    fn inspect(&self, _files: &Files<'_>) -> Report {
        Report::new()
    }

    /// Returns whether the site must be rebuilt although no file has changed, for example on a new date. Called every
    /// two seconds.
    fn is_outdated(&self) -> bool {
        false
    }

    /// Called after each rebuild, once its result is being served.
    fn on_rebuilt(&mut self, outcome: &RebuildOutcome<'_>);
}

/// The outcome of a rebuild.
#[derive(Debug)]
pub struct RebuildOutcome<'a> {
    /// The files that changed, relative to the root; empty for the first build, and if no file changed.
    pub changed: &'a [PathBuf],
    /// All diagnostics.
    pub report: &'a Report,
    /// Number of files of the site.
    pub files: usize,
    /// Number of files that are new or different.
    pub fresh: usize,
    /// What the preview shows now.
    pub shows: Shows,
}

/// What the preview shows after a rebuild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The new site.
    New,
    /// The last good site; the report contains the reason.
    LastGood,
    /// The report itself, because no build has succeeded yet.
    Nothing,
}

/// Returns content type and cache policy, without the headers that a publisher adds.
pub fn plain_headers(_path: &SitePath, artifact: &Artifact) -> Vec<(String, String)> {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![header("content-type", artifact.media_type.as_str()), header("cache-control", artifact.cache.control())]
}
