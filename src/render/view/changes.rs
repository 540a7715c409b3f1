//! Releases and what changed in them.

use serde::Serialize;
use tera::Value;

use crate::history::Release;
use crate::render::date::DateView;
use crate::site::map::{release_page, release_record};
use crate::wording::Catalog;
use crate::wording::phrase::Group;

/// A release.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseView {
    /// Version.
    pub version: String,
    /// The day it was published.
    pub published: DateView,
    /// What the publisher says of it, as HTML.
    pub summary: Value,
    /// SHA-256 of its record.
    pub digest: String,
    /// Anchor of its entry in the change log.
    pub anchor: String,
    /// Path of its entry in the change log below the site's root, with the anchor; a long log has a page per year.
    pub entry: String,
    /// Path of its record below the site's root.
    pub record: String,
    /// Path of its page below the site's root.
    pub page: String,
    /// Whether nothing came before it.
    pub first: bool,
    /// How many things changed; none for the first.
    pub count: Option<usize>,
    /// How much changed, in signs: `+2 −1 ~3`; empty for the first.
    pub tally: String,
}

impl ReleaseView {
    /// The view of a release. `log` is the page of the change log that has its entry, `summary` its Markdown as HTML, and
    /// `count` and `tally` say how much changed.
    pub fn new(
        release: &Release,
        log: &str,
        summary: Value,
        count: Option<usize>,
        tally: String,
        words: &Catalog,
    ) -> ReleaseView {
        ReleaseView {
            version: release.version.to_string(),
            published: DateView::new(release.published, words),
            summary,
            digest: release.digest.to_string(),
            anchor: format!("v{}", release.version),
            entry: format!("{log}#v{}", release.version),
            record: release_record(release.version),
            page: release_page(release.version),
            first: release.previous.is_none(),
            count,
            tally,
        }
    }
}

/// An entry of the change log: its anchor and version, and all of it as HTML.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// Anchor.
    pub anchor: String,
    /// Version.
    pub version: String,
    /// The entry.
    pub html: Value,
}

/// Unreleased changes.
#[derive(Debug, Clone, Serialize)]
pub struct DraftView {
    /// How many things changed.
    pub count: usize,
    /// What changed; empty where nothing was ever released.
    pub groups: Vec<Group>,
}

/// A subprocessor that is no longer listed.
#[derive(Debug, Clone, Serialize)]
pub struct FormerView {
    /// Id, which stays its anchor on the page of subprocessors.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it did.
    pub purpose: String,
    /// The day of the release that first listed it.
    pub from: DateView,
    /// The day of the release that no longer did.
    pub until: DateView,
}
