//! What readers look for first, for the top of the trust page: computed from the lists, so that nothing is typed twice.

use std::collections::BTreeSet;

use super::date::DateView;
use super::edition::Edition;
use super::links::FileAddress;
use super::renderer::{PageLocation, Renderer};
use super::view::{GlanceView, HeldView, LinkView, UpcomingView};
use crate::history::DatedState;
use crate::model::{CertificationStatus, ControlStatus, Disclosure, DocumentKind, List, Show, Standing, Validity};

impl Renderer {
    /// Returns what an edition states at a glance, for a page that shows these upcoming changes.
    pub(super) fn glance(&self, edition: &Edition, location: &PageLocation, upcoming: &[UpcomingView]) -> GlanceView {
        let (disclosure, date) = (edition.disclosure(), edition.date());
        let strings = self.strings();
        let held = disclosure.certifications.iter().filter(|item| item.standing_on(date).is_held());
        let held = held.map(|item| HeldView {
            href: format!("#{}", List::Certifications.anchor(&item.id)),
            framework: item.framework.clone(),
            valid_until: item.held_until(date).map(|date| DateView::new(date, strings)),
        });
        let in_progress = Standing::Status(CertificationStatus::InProgress);
        let certifications_href = section(disclosure, List::Certifications, disclosure.certifications.len());
        let certifications = if certifications_href.is_some() { held.collect() } else { Vec::new() };
        let is_withheld = |path: &str| self.file(path, location.origin()) == FileAddress::Withheld;
        let (public, on_request): (Vec<_>, Vec<_>) =
            disclosure.documents.iter().partition(|item| item.access.is_public());
        let available = public.iter().filter(|item| !item.file.as_deref().is_some_and(is_withheld)).count();
        let current = disclosure.processors().filter(|item| item.validity_on(date) == Validity::Current);
        let places = current
            .flat_map(|item| item.locations.iter().chain(item.services.iter().flat_map(|service| &service.locations)));
        let locations: BTreeSet<&str> = places.map(|location| strings.country(location.code.as_str())).collect();
        let agreement = disclosure.documents.iter().find(|item| item.kind == Some(DocumentKind::Dpa));
        let dpa = agreement.and_then(|item| {
            let view = self.document(item, disclosure, location);
            Some(LinkView { href: view.href?, text: view.title })
        });
        GlanceView {
            certifications,
            certifications_in_progress: disclosure
                .certifications
                .iter()
                .filter(|item| item.standing_on(date) == in_progress)
                .count(),
            certifications_href,
            controls: disclosure.controls.len(),
            controls_implemented: disclosure
                .controls
                .iter()
                .filter(|item| item.status == ControlStatus::Implemented)
                .count(),
            controls_href: section(disclosure, List::Controls, disclosure.controls.len()),
            documents: available,
            documents_on_request: on_request.len(),
            documents_href: section(disclosure, List::Documents, disclosure.documents.len()),
            next_change: next(upcoming).cloned(),
            more_changes: upcoming.len().saturating_sub(1),
            locations: locations.into_iter().map(str::to_owned).collect(),
            dpa,
        }
    }
}

/// Returns the change that concerns readers first: the one with the earliest deadline that is still open, or else the one that takes
/// effect first.
fn next(upcoming: &[UpcomingView]) -> Option<&UpcomingView> {
    let is_open = |change: &&UpcomingView| change.state == DatedState::Announced.name();
    let deadline = |change: &'_ UpcomingView| change.object_by.as_ref().map(|date| date.iso.clone());
    let open = upcoming.iter().filter(is_open).filter(|change| change.object_by.is_some());
    open.min_by_key(|change| deadline(change)).or(upcoming.first())
}

/// Returns a link to the first section that shows a list of this length; none if it is empty.
fn section(disclosure: &Disclosure, list: List, length: usize) -> Option<String> {
    let section = disclosure.sections.iter().find(|section| section.show == Some(Show::List(list)))?;
    (length > 0).then(|| format!("#{}", section.id))
}
