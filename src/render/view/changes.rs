//! Releases and their changes.

use serde::Serialize;
use tera::Value;

use super::LinkView;
use crate::history::{Redaction, Release};
use crate::model::Version;
use crate::render::date::DateView;
use crate::site::map::{release_page, release_record};
use crate::wording::Catalog;
use crate::wording::phrase::Group;

/// A release.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseView {
    /// Version, such as `2026-05-22` or `2026-05-22.2`.
    pub version: String,
    /// Date of publication.
    pub published: DateView,
    /// The publisher's summary of the release.
    pub summary: Value,
    /// SHA-256 digest of the release record, in hexadecimal.
    pub digest: String,
    /// Anchor of the release's entry in the change log, such as `v2026-05-22`.
    pub anchor: String,
    /// Path of the release's entry in the change log below the site's root, with the anchor.
    pub entry: String,
    /// Path of the release record below the site's root.
    pub record: String,
    /// Path of the release's page below the site's root.
    pub page: String,
    /// The earlier release that this one corrects.
    pub corrects: Option<LinkView>,
    /// The later releases that correct this one; empty in feeds, whose old entries never change.
    pub corrected_by: Vec<LinkView>,
    /// What this release withholds from earlier ones.
    pub withholds: Vec<WithholdingView>,
    /// Whether this is the first release.
    pub first: bool,
    /// Number of changes; none for the first release and in feeds.
    pub count: Option<usize>,
    /// Number of items added, removed and changed, such as `+2 −1 ~3`; empty for the first release and in feeds.
    pub tally: String,
}

impl ReleaseView {
    /// Creates the view of a release. `log` is the path of the change log page with its entry, `summary` its summary as HTML.
    pub fn new(
        release: &Release,
        log: &str,
        summary: Value,
        count: Option<usize>,
        tally: String,
        strings: &Catalog,
    ) -> ReleaseView {
        ReleaseView {
            version: release.version.to_string(),
            published: DateView::new(release.published, strings),
            summary,
            digest: release.digest.to_string(),
            anchor: format!("v{}", release.version),
            entry: format!("{log}#v{}", release.version),
            record: release_record(release.version),
            page: release_page(release.version),
            corrects: release.corrects.map(release_link),
            corrected_by: Vec::new(),
            withholds: release.redactions.iter().map(|redaction| WithholdingView::new(redaction, strings)).collect(),
            first: release.previous.is_none(),
            count,
            tally,
        }
    }
}

/// A redaction, in the entry of the release that declares it.
#[derive(Debug, Clone, Serialize)]
pub struct WithholdingView {
    /// Path of the page of the release whose values are withheld, below the site's root; none for a file.
    pub href: Option<String>,
    /// What is withheld, and why.
    pub text: String,
}

impl WithholdingView {
    fn new(redaction: &Redaction, strings: &Catalog) -> WithholdingView {
        let reason = redaction.reason.as_str();
        let text = match redaction.version.map(|version| version.to_string()) {
            Some(version) => strings.fill("changelog.withholds", &[("version", &version), ("reason", reason)]),
            None => strings.fill("changelog.withholds-file", &[("reason", reason)]),
        };
        WithholdingView { href: redaction.version.map(release_page), text }
    }
}

/// Returns a link to the page of a release, below the site's root.
pub fn release_link(version: Version) -> LinkView {
    LinkView { href: release_page(version), text: version.to_string() }
}

/// An entry of the change log.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    /// Anchor of the entry.
    pub anchor: String,
    /// Version of the release.
    pub version: String,
    /// Date of publication.
    pub published: DateView,
    /// The entry, as `partials/entry.html` renders it.
    pub html: Value,
}

/// Values or a file that were withheld from a release after it was published.
#[derive(Debug, Clone, Serialize)]
pub struct RedactionView {
    /// Date of the redaction.
    pub date: DateView,
    /// The publisher's reason.
    pub reason: String,
    /// What was withheld: the part of the content, the name of the item and the field, or the path of a file.
    pub places: Vec<String>,
    /// The release that declares the redaction.
    pub bound_by: LinkView,
}

/// Unreleased changes.
#[derive(Debug, Clone, Serialize)]
pub struct DraftView {
    /// Number of changes.
    pub count: usize,
    /// The changes; empty if there is no release yet.
    pub groups: Vec<Group>,
}

/// A subprocessor that is no longer listed.
#[derive(Debug, Clone, Serialize)]
pub struct FormerView {
    /// Id, which is also the anchor on the page of subprocessors.
    pub id: String,
    /// Name.
    pub name: String,
    /// Purpose of the processing.
    pub purpose: String,
    /// Whether it was a recipient that is not a processor. Recipients are after the subprocessors.
    pub recipient: bool,
    /// Date of the release that first listed it.
    pub from: DateView,
    /// Its last day, if it stated one; otherwise the date of the release that removed it.
    pub until: DateView,
}
