//! What readers look for first, computed from the lists.

use serde::Serialize;

use crate::render::date::DateView;
use crate::render::lists::UpdateView;
use crate::render::view::{LinkView, UpcomingView};

/// What readers look for first. Each part is left out if no page shows its list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GlanceView {
    /// Certifications that are held on the date of the page.
    pub certifications: Vec<HeldView>,
    /// Number of certifications in progress.
    pub certifications_in_progress: usize,
    /// Link to the section or the page with the certifications; none if none is held or in progress, or no page shows them.
    pub certifications_href: Option<String>,
    /// Number of security controls.
    pub controls: usize,
    /// Number of security controls that are implemented.
    pub controls_implemented: usize,
    /// Link to the section or the page with the controls; none if no page shows any.
    pub controls_href: Option<String>,
    /// Number of documents that everyone can read.
    pub documents: usize,
    /// Number of documents that are available on request or under a non-disclosure agreement.
    pub documents_on_request: usize,
    /// Link to the section or the page with the documents; none if no page shows any.
    pub documents_href: Option<String>,
    /// Names of the countries and regions in which subprocessors process data, in the order of their names.
    pub locations: Vec<String>,
    /// Link to the first document of `kind: dpa` that is published, with its title; or else to the form that requests one.
    pub dpa: Option<LinkView>,
    /// The next upcoming change; none on archived pages, which show what was upcoming among their changes.
    pub next_change: Option<UpcomingView>,
    /// The upcoming change with the earliest deadline that is still open.
    pub next_deadline: Option<UpcomingView>,
    /// How many other changes are upcoming.
    pub more_changes: usize,
    /// Incidents that are not resolved, newest first; none on archived pages.
    pub open_incidents: Vec<UpdateView>,
}

/// A certification that is held.
#[derive(Debug, Clone, Serialize)]
pub struct HeldView {
    /// Link to its entry.
    pub href: String,
    /// Standard or framework.
    pub framework: String,
    /// Last day of validity, of all editions that follow one another.
    pub valid_until: Option<DateView>,
    /// Until when it is valid, in words; or else the end of a bridge letter, or the period that the auditor observed.
    pub validity: Option<String>,
}
