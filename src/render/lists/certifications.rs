//! The list of certifications, with their status on the date of the page.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Certification, CertificationEdition, Date, Id, List, Period};
use crate::render::copy::{MarkdownCopy, table};
use crate::render::date::DateView;
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::view::LinkView;
use crate::text::markdown::{escape, link};
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &CertificationList;

/// The list of certifications.
struct CertificationList;

impl ListKind for CertificationList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        let link = |id: &Id| renderer.document_link(id, disclosure, location);
        let restricted = disclosure.documents.iter().filter(|document| !document.access.is_public());
        let restricted: BTreeMap<&Id, &str> =
            restricted.map(|document| (&document.id, renderer.strings().value(document.access.as_str()))).collect();
        let access = |id: &Id| restricted.get(id).map(|label| (*label).to_owned());
        let items = disclosure
            .certifications
            .iter()
            .map(|item| CertificationView::new(item, &link, &access, edition.date(), renderer.strings()));
        let items: Vec<_> = items.collect();
        renderer.list_html(List::Certifications.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let strings = copy.strings();
        let rows = copy.disclosure().certifications.iter().map(|item| {
            let optional = |text: Option<&str>| escape(text.unwrap_or_default());
            let kind = item.r#type.as_ref().map(|kind| strings.value(kind.as_str()));
            let (first, others) = item.editions_on(copy.date());
            let editions: Vec<String> = others.iter().map(|edition| described(edition, strings).join(", ")).collect();
            let bridge = item.bridge_until.map(|date| bridged(date, strings));
            let details = first.number.iter().map(|number| numbered(number, strings));
            let details = details
                .chain(first.period.map(|period| observed(period, strings)))
                .chain(bridge)
                .chain(first.issued.map(|date| issued(date, strings)))
                .collect::<Vec<_>>()
                .join(", ");
            let registry = item.registry_url.as_ref().map(|url| match url.link() {
                Some(url) => link(&url.host(), url.as_str()),
                None => escape(&url.to_string()),
            });
            vec![
                escape(&item.framework),
                optional(kind),
                escape(strings.value(item.standing_on(copy.date()).as_str())),
                optional(item.scope.as_deref()),
                optional(item.issuer.as_deref()),
                optional(validity(&first, strings).as_deref()),
                escape(&details),
                registry.unwrap_or_default(),
                escape(&editions.join("; ")),
            ]
        });
        let heads = [
            "certifications.framework",
            "certifications.type",
            "certifications.status",
            "certifications.scope",
            "certifications.issuer",
            "certifications.validity",
            "certifications.details",
            "certifications.registry",
            "certifications.editions",
        ];
        table(&heads.map(|key| strings.get(key)), rows)
    }
}

/// Describes the validity of an edition; `None` if it has no dates.
fn validity(item: &CertificationEdition, strings: &Catalog) -> Option<String> {
    let [from, until] = [item.valid_from, item.valid_until].map(|date| date.map(|date| strings.date(date)));
    match (from, until) {
        (None, None) => None,
        (Some(from), None) => Some(strings.fill("certifications.valid-from", &[("date", &from)])),
        (None, Some(until)) => Some(strings.fill("certifications.valid-until", &[("date", &until)])),
        (Some(from), Some(until)) => {
            Some(strings.fill("certifications.valid-range", &[("from", &from), ("until", &until)]))
        }
    }
}

fn numbered(number: &str, strings: &Catalog) -> String {
    strings.fill("certifications.number", &[("number", number)])
}

pub(in crate::render) fn observed(period: Period, strings: &Catalog) -> String {
    let (from, until) = (strings.date(period.from), strings.date(period.to));
    strings.fill("certifications.period", &[("from", &from), ("until", &until)])
}

fn issued(date: Date, strings: &Catalog) -> String {
    strings.fill("certifications.issued", &[("date", &strings.date(date))])
}

pub(in crate::render) fn bridged(date: Date, strings: &Catalog) -> String {
    strings.fill("certifications.bridge", &[("date", &strings.date(date))])
}

/// Describes an edition in a few phrases: number, validity, period and date of issue.
fn described(edition: &CertificationEdition, strings: &Catalog) -> Vec<String> {
    let number = edition.number.iter().map(|number| numbered(number, strings));
    number
        .chain(validity(edition, strings))
        .chain(edition.period.map(|period| observed(period, strings)))
        .chain(edition.issued.map(|date| issued(date, strings)))
        .collect()
}

/// A certification.
#[derive(Debug, Clone, Serialize)]
pub struct CertificationView {
    /// Id, which is also the anchor.
    pub id: String,
    /// Standard or framework.
    pub framework: String,
    /// `certificate`, `report`, `self-assessment` or `alignment`, if stated.
    pub kind: Option<String>,
    /// Name of the type, such as `Certificate`.
    pub kind_label: Option<String>,
    /// `active`, `in-progress`, `expired`, or `aligned` for an alignment, which is never held; as of the date of the page.
    pub status: String,
    /// Name of the status, such as `Active`.
    pub status_label: String,
    /// Issuer.
    pub issuer: Option<String>,
    /// Scope.
    pub scope: Option<String>,
    /// First day of validity.
    pub valid_from: Option<DateView>,
    /// Last day of validity.
    pub valid_until: Option<DateView>,
    /// Period of validity in words, such as `until 22 May 2027`.
    pub validity: Option<String>,
    /// Number of the certificate or report in words, such as `No. IS 12345`.
    pub number: Option<String>,
    /// Period that the auditor observed in words, such as `observed 1 October 2025 to 30 September 2026`.
    pub period: Option<String>,
    /// Date of issue in words, such as `issued 1 November 2026`.
    pub issued: Option<String>,
    /// Last day that a bridge letter covers, in words.
    pub bridge: Option<String>,
    /// Link to the entry in the public register.
    pub registry: Option<LinkView>,
    /// Link to the document that proves it.
    pub document: Option<LinkView>,
    /// How readers get that document, such as `Under NDA`; none if it is public.
    pub document_access: Option<String>,
    /// The other editions.
    pub editions: Vec<CertificationEditionView>,
}

/// An edition of a certification.
#[derive(Debug, Clone, Serialize)]
pub struct CertificationEditionView {
    /// What it states, in phrases: number, validity, period and date of issue.
    pub details: Vec<String>,
    /// Whether it is valid on the date of the page.
    pub current: bool,
    /// Link to the document that proves it.
    pub document: Option<LinkView>,
}

impl CertificationView {
    /// Creates the view of a certification on a date; `link` links to a certificate or report in the document list, and `access` says
    /// how readers get one that is not public.
    pub fn new(
        item: &Certification,
        link: &dyn Fn(&Id) -> LinkView,
        access: &dyn Fn(&Id) -> Option<String>,
        date: Date,
        strings: &Catalog,
    ) -> CertificationView {
        let standing = item.standing_on(date);
        let (first, others) = item.editions_on(date);
        let editions = others.iter().map(|edition| CertificationEditionView {
            details: described(edition, strings),
            current: edition.covers(date),
            document: edition.document.as_ref().map(link),
        });
        CertificationView {
            id: item.id.to_string(),
            framework: item.framework.clone(),
            kind: item.r#type.as_ref().map(|kind| kind.as_str().to_owned()),
            kind_label: item.r#type.as_ref().map(|kind| strings.value(kind.as_str()).to_owned()),
            status: standing.as_str().to_owned(),
            status_label: strings.value(standing.as_str()).to_owned(),
            issuer: item.issuer.clone(),
            scope: item.scope.clone(),
            valid_from: first.valid_from.map(|date| DateView::new(date, strings)),
            valid_until: first.valid_until.map(|date| DateView::new(date, strings)),
            validity: validity(&first, strings),
            number: first.number.as_ref().map(|number| numbered(number, strings)),
            period: first.period.map(|period| observed(period, strings)),
            issued: first.issued.map(|date| issued(date, strings)),
            bridge: item.bridge_until.map(|date| bridged(date, strings)),
            registry: item.registry_url.as_ref().map(LinkView::to_host),
            document: first.document.as_ref().map(link),
            document_access: first.document.as_ref().and_then(access),
            editions: editions.collect(),
        }
    }
}
