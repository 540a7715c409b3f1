//! What readers look for first, for the top of the trust page: computed from the lists, so that nothing is typed twice.

use std::collections::BTreeSet;

use super::date::DateView;
use super::edition::Edition;
use super::renderer::Renderer;
use super::view::{GlanceView, HeldView};
use crate::model::{CertificationStatus, ControlStatus, Disclosure, List, Show, Validity};

impl Renderer {
    /// Returns what an edition states at a glance.
    pub(super) fn glance(&self, edition: &Edition) -> GlanceView {
        let (disclosure, date) = (edition.disclosure(), edition.date());
        let strings = self.strings();
        let status = |wanted: CertificationStatus| {
            disclosure.certifications.iter().filter(move |item| item.status_on(date) == wanted)
        };
        let held = status(CertificationStatus::Active).map(|item| HeldView {
            href: format!("#{}", List::Certifications.anchor(&item.id)),
            framework: item.framework.clone(),
            valid_until: item.valid_until.map(|date| DateView::new(date, strings)),
        });
        let certifications_href = section(disclosure, List::Certifications, disclosure.certifications.len());
        let certifications = if certifications_href.is_some() { held.collect() } else { Vec::new() };
        let public = disclosure.documents.iter().filter(|item| item.access.is_public()).count();
        let current = disclosure.processors().filter(|item| item.validity_on(date) == Validity::Current);
        let locations: BTreeSet<&str> =
            current.flat_map(|item| &item.locations).map(|location| strings.country(location.code.as_str())).collect();
        GlanceView {
            certifications,
            certifications_in_progress: status(CertificationStatus::InProgress).count(),
            certifications_href,
            controls: disclosure.controls.len(),
            controls_implemented: disclosure
                .controls
                .iter()
                .filter(|item| item.status == ControlStatus::Implemented)
                .count(),
            controls_href: section(disclosure, List::Controls, disclosure.controls.len()),
            documents: public,
            documents_on_request: disclosure.documents.len() - public,
            documents_href: section(disclosure, List::Documents, disclosure.documents.len()),
            next_change: self.upcoming(edition).into_iter().next(),
            locations: locations.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Returns a link to the first section that shows a list of this length; none if it is empty.
fn section(disclosure: &Disclosure, list: List, length: usize) -> Option<String> {
    let section = disclosure.sections.iter().find(|section| section.show == Some(Show::List(list)))?;
    (length > 0).then(|| format!("#{}", section.id))
}
