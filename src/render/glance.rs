//! What readers look for first, for the top of the trust page: computed from the lists, so that nothing is typed twice.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::date::DateView;
use super::edition::Edition;
use super::links::FileAddress;
use super::lists::certifications::{bridged, observed};
use super::renderer::{PageLocation, Renderer};
use super::view::{GlanceView, HeldView, LinkView, UpcomingView};
use crate::history::DatedState;
use crate::model::{
    Certification, CertificationStatus, ControlStatus, Date, Disclosure, Document, DocumentKind, List, Show, Standing,
    Validity,
};
use crate::wording::Catalog;

impl Renderer {
    /// Returns what an edition states at a glance, for a page that shows these upcoming changes.
    pub(super) fn glance(&self, edition: &Edition, location: &PageLocation, upcoming: &[UpcomingView]) -> GlanceView {
        let (disclosure, date) = (edition.disclosure(), edition.date());
        let strings = self.strings();
        let held = disclosure.certifications.iter().filter(|item| item.standing_on(date).is_held());
        let page = self.list_page(List::Certifications, disclosure, location).unwrap_or_default();
        let held = held.map(|item| HeldView {
            href: format!("{page}#{}", List::Certifications.anchor(&item.id)),
            framework: item.framework.clone(),
            valid_until: item.held_until(date).map(|date| DateView::new(date, strings)),
            validity: validity(item, date, strings),
        });
        let in_progress = Standing::Status(CertificationStatus::InProgress);
        let certifications_in_progress =
            disclosure.certifications.iter().filter(|item| item.standing_on(date) == in_progress).count();
        let certifications: Vec<_> = held.collect();
        let stated = certifications.len() + certifications_in_progress;
        let shown = |list, length| self.shown(list, length, disclosure, location);
        let is_withheld = |path: &str| self.file(path, location.origin()) == FileAddress::Withheld;
        let (public, on_request): (Vec<_>, Vec<_>) =
            disclosure.documents.iter().partition(|item| item.access.is_public());
        let is_available =
            |item: &&&Arc<Document>| item.file.as_deref().map_or(item.url.is_some(), |file| !is_withheld(file));
        let available = public.iter().filter(is_available).count();
        let current = disclosure.processors().filter(|item| item.validity_on(date) == Validity::Current);
        let places = current
            .flat_map(|item| item.locations.iter().chain(item.services.iter().flat_map(|service| &service.locations)));
        let locations: BTreeSet<&str> = places.map(|location| strings.country(location.code.as_str())).collect();
        let agreements = disclosure.documents.iter().filter(|item| item.kind == Some(DocumentKind::Dpa));
        let agreements: Vec<_> = agreements.map(|item| (item, self.document(item, disclosure, location))).collect();
        let (public, restricted): (Vec<_>, Vec<_>) = agreements.iter().partition(|(item, _)| item.access.is_public());
        let published = public.iter().find_map(|(_, view)| Some((view.href.clone()?, view.title.clone())));
        let mut with_form = public.iter().chain(&restricted).filter(|(_, view)| view.request_to.is_none());
        let requested = || {
            let href = with_form.find_map(|(_, view)| view.request_href.clone())?;
            Some((href, strings.get("head.request-dpa").to_owned()))
        };
        let dpa = published.or_else(requested).map(|(href, text)| LinkView { href, text });
        GlanceView {
            certifications,
            certifications_in_progress,
            certifications_href: shown(List::Certifications, stated),
            controls: disclosure.controls.len(),
            controls_implemented: disclosure
                .controls
                .iter()
                .filter(|item| item.status == ControlStatus::Implemented)
                .count(),
            controls_href: shown(List::Controls, disclosure.controls.len()),
            documents: available,
            documents_on_request: on_request.len(),
            documents_href: shown(List::Documents, disclosure.documents.len()),
            next_change: upcoming.first().cloned(),
            next_deadline: next_deadline(upcoming).cloned(),
            more_changes: upcoming.len().saturating_sub(1),
            locations: locations.into_iter().map(str::to_owned).collect(),
            dpa,
            open_incidents: self.open_incidents(edition, location),
        }
    }

    /// Returns a link to the first section that shows a list of this length, or to the page that does; none if it is empty.
    fn shown(&self, list: List, length: usize, disclosure: &Disclosure, location: &PageLocation) -> Option<String> {
        if length == 0 {
            return None;
        }
        let section = disclosure.sections.iter().find(|section| section.show == Some(Show::List(list)));
        section.map(|section| format!("#{}", section.id)).or_else(|| self.list_page(list, disclosure, location))
    }
}

/// Returns the change with the earliest deadline that is still open.
fn next_deadline(upcoming: &[UpcomingView]) -> Option<&UpcomingView> {
    let is_open = |change: &&UpcomingView| change.state == DatedState::Announced.name();
    let open = upcoming.iter().filter(is_open).filter(|change| change.object_by.is_some());
    open.min_by_key(|change| change.object_by.as_ref().map(|date| date.iso.clone()))
}

/// Describes until when a certification is valid, or what it states instead: the end of a bridge letter, or the observed period.
fn validity(item: &Certification, date: Date, strings: &Catalog) -> Option<String> {
    if let Some(until) = item.held_until(date) {
        return Some(strings.fill("certifications.valid-until", &[("date", &strings.date(until))]));
    }
    let bridge = item.bridge_until.map(|until| bridged(until, strings));
    bridge.or_else(|| item.period.map(|period| observed(period, strings)))
}
