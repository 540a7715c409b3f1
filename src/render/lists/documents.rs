//! The list of documents, under the headings of their categories.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Contact, Disclosure, Document, List, StatedUrl, grouped};
use crate::render::copy::{MarkdownCopy, by_heading};
use crate::render::date::DateView;
use crate::render::edition::Edition;
use crate::render::links::FileAddress;
use crate::render::renderer::{PageLocation, Renderer};
use crate::text::markdown::{escape, link};
use crate::text::percent;
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &DocumentList;

/// The list of documents.
struct DocumentList;

impl ListKind for DocumentList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        let view = |item: &Arc<Document>| renderer.document(item, disclosure, location);
        let groups: Vec<_> = grouped(&disclosure.documents, |item| item.category.as_deref())
            .into_iter()
            .map(|(name, items)| DocumentGroup {
                name: name.map(str::to_owned),
                documents: items.into_iter().map(view).collect(),
            })
            .collect();
        renderer.list_html(List::Documents.template(), groups.is_empty(), &groups, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        by_heading(
            &copy.disclosure().documents,
            |item| item.category.as_deref(),
            |item| {
                let file = item.public_file().map(|file| copy.file(file));
                let address = |path: &str| copy.address(&percent::path(path));
                let view = DocumentView::new(item, file, &address, copy.disclosure(), copy.strings());
                let title = view.href.map_or_else(|| escape(&view.title), |href| link(&view.title, &href));
                let address = view.address.map(|address| format!(", {}", escape(&address))).unwrap_or_default();
                format!("{title} ({}{address})", escape(&view.access_label))
            },
        )
    }
}

/// Documents under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentGroup {
    /// Heading; none for documents without a category.
    pub name: Option<String>,
    /// The documents.
    pub documents: Vec<DocumentView>,
}

/// A document.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentView {
    /// Id; the anchor is `document-ID`.
    pub id: String,
    /// Title.
    pub title: String,
    /// `public`, `request` or `nda`.
    pub access: String,
    /// Name of the access, such as `On request`.
    pub access_label: String,
    /// Link to the document.
    pub href: Option<String>,
    /// Why there is no link to the file of a public document, if there is none.
    pub missing: Option<String>,
    /// Location of the document, if it cannot be linked.
    pub address: Option<String>,
    /// A `mailto:` link that requests the document; none if it is public or there is no email address to write to.
    pub request_href: Option<String>,
    /// Version of the document.
    pub version: Option<String>,
    /// Date of the document.
    pub date: Option<DateView>,
    /// Last day of validity.
    pub valid_until: Option<DateView>,
}

impl DocumentView {
    /// Creates the view of a document. `file` is where its public file is, if it has one; `address` returns the link target of a
    /// path of the site.
    pub(in crate::render) fn new(
        item: &Document,
        file: Option<FileAddress>,
        address: &dyn Fn(&str) -> String,
        disclosure: &Disclosure,
        strings: &Catalog,
    ) -> DocumentView {
        let on_request = !item.access.is_public();
        let contact = disclosure.contacts.get("security").or_else(|| disclosure.contacts.get("privacy"));
        let request_href = contact.and_then(Contact::email).filter(|_| on_request).map(|email| {
            let subject = strings.fill("documents.request-subject", &[("title", &item.title)]);
            format!("{}?subject={}", email.mailto(), percent::component(&subject))
        });
        let (href, missing) = match file {
            Some(FileAddress::Path(path)) => (Some(address(&path)), None),
            Some(FileAddress::NotRecorded) => (None, Some(strings.get("documents.not-recorded").to_owned())),
            Some(FileAddress::Withheld) => (None, Some(strings.get("documents.withheld").to_owned())),
            Some(FileAddress::Gone) => (None, Some(strings.get("markdown.gone").to_owned())),
            None => (item.url.as_ref().and_then(StatedUrl::link).map(ToString::to_string), None),
        };
        DocumentView {
            id: item.id.to_string(),
            title: item.title.clone(),
            access: item.access.as_str().to_owned(),
            access_label: strings.value(item.access.as_str()).to_owned(),
            href,
            missing,
            address: match &item.url {
                Some(StatedUrl::Text(text)) => Some(text.clone()),
                _ => None,
            },
            request_href,
            version: item.version.clone(),
            date: item.date.map(|date| DateView::new(date, strings)),
            valid_until: item.valid_until.map(|date| DateView::new(date, strings)),
        }
    }
}
