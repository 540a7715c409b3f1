//! The list of certifications, with their status on the date of the page.

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Certification, Date, List};
use crate::render::copy::{MarkdownCopy, table};
use crate::render::date::DateView;
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::view::LinkView;
use crate::text::markdown::escape;
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &CertificationList;

/// The list of certifications.
struct CertificationList;

impl ListKind for CertificationList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        let items = disclosure.certifications.iter().map(|item| {
            let document = item.document.as_ref().map(|id| renderer.document_link(id, disclosure, location));
            CertificationView::new(item, document, edition.date(), renderer.strings())
        });
        let items: Vec<_> = items.collect();
        renderer.list_html(List::Certifications.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let strings = copy.strings();
        let rows = copy.disclosure().certifications.iter().map(|item| {
            let optional = |text: Option<&str>| escape(text.unwrap_or_default());
            vec![
                escape(&item.framework),
                escape(strings.value(item.status_on(copy.date()).as_str())),
                optional(item.scope.as_deref()),
                optional(item.issuer.as_deref()),
                optional(validity(item, strings).as_deref()),
            ]
        });
        let heads = [
            "certifications.framework",
            "certifications.status",
            "certifications.scope",
            "certifications.issuer",
            "certifications.validity",
        ];
        table(&heads.map(|key| strings.get(key)), rows)
    }
}

/// Describes the validity of a certification; `None` if it has no dates.
fn validity(item: &Certification, strings: &Catalog) -> Option<String> {
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

/// A certification.
#[derive(Debug, Clone, Serialize)]
pub struct CertificationView {
    /// Id, which is also the anchor.
    pub id: String,
    /// Standard or framework.
    pub framework: String,
    /// `active`, `in-progress` or `expired`, as of the date of the page.
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
    /// Link to the document that proves it.
    pub document: Option<LinkView>,
}

impl CertificationView {
    /// Creates the view of a certification on a date; `document` links to the certificate or report.
    pub fn new(item: &Certification, document: Option<LinkView>, date: Date, strings: &Catalog) -> CertificationView {
        let status = item.status_on(date);
        CertificationView {
            id: item.id.to_string(),
            framework: item.framework.clone(),
            status: status.as_str().to_owned(),
            status_label: strings.value(status.as_str()).to_owned(),
            issuer: item.issuer.clone(),
            scope: item.scope.clone(),
            valid_from: item.valid_from.map(|date| DateView::new(date, strings)),
            valid_until: item.valid_until.map(|date| DateView::new(date, strings)),
            validity: validity(item, strings),
            document,
        }
    }
}
