//! `candor serve`: a preview over HTTP that shows what will ship, from memory.
//!
//! In goes something that can [`Rebuild`] the site; out come answers on a socket. The server knows nothing
//! of content or templates: it is a sink like `emit`.
//!
//! ```text
//! watch -> Rebuild -> Site -> snapshot (all pages made) -> live view, swapped whole -> answer
//!                                                              \-> reload (server-sent events)
//! ```
//!
//! Two threads of tokio answer requests; one plain thread rebuilds, so a slow build never delays an answer.
//! The old site is served until the new one is whole; an error keeps the last good one.
//!
//! Hyper is used directly: there are no routes here for a framework to route, and its connection has the
//! settings that matter (time to read a head, size of a head, shutdown) within reach.

mod answer;
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

/// What goes with the bytes of a file: header names and values, as the CDN would send them.
pub type Headers = Arc<dyn Fn(&SitePath, &Artifact) -> Vec<(String, String)> + Send + Sync>;

/// A site that can be shown.
pub struct Built {
    /// The site.
    pub site: Site,
    /// The path that it is served under, percent-encoded, with a slash at both ends: `/` or `/trust/`.
    pub base_path: String,
    /// What the CDN says with each file; [`plain_headers`] where nothing is known.
    pub headers: Headers,
    /// Findings that do not stand in the way.
    pub report: Report,
}

/// Makes the site anew. It lives on one thread and may keep whatever makes the next time faster.
pub trait Rebuild: Send + 'static {
    /// Builds the site after these files have changed (relative to the root; none for the first time, or where the site was
    /// [outdated](Self::is_outdated)).
    ///
    /// # Errors
    /// Findings with at least one error; the site that was shown before stays.
    fn rebuild(&mut self, changed: &[PathBuf]) -> Result<Built, Report>;

    /// Whether the site has to be built again although no file has changed, such as on a new date. Asked every two seconds.
    fn is_outdated(&self) -> bool {
        false
    }

    /// Is told how each rebuild ended, right after its result is on show.
    fn tell(&mut self, turn: &Turn<'_>);
}

/// How one rebuild ended.
#[derive(Debug)]
pub struct Turn<'a> {
    /// What had changed, relative to the root; empty for the first build, and where no file had changed.
    pub changed: &'a [PathBuf],
    /// All findings.
    pub report: &'a Report,
    /// How many files the site has.
    pub files: usize,
    /// How many of them are new or different.
    pub fresh: usize,
    /// What is on show now.
    pub shows: Shows,
}

/// What the preview shows after a rebuild.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The new site.
    New,
    /// The last good one: the report says why.
    LastGood,
    /// The report itself: there has never been a good site.
    Nothing,
}

/// Content type and cache policy, without anything that a publisher's headers would add.
pub fn plain_headers(_path: &SitePath, artifact: &Artifact) -> Vec<(String, String)> {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![header("content-type", artifact.media_type.as_str()), header("cache-control", artifact.cache.control())]
}
