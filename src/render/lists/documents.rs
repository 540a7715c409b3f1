//! The list of documents, under the headings of their categories.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Contact, Disclosure, Document, DocumentEdition, List, StatedUrl, grouped};
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
                let file = |path: &str| copy.file(path);
                let address = |path: &str| copy.address(&percent::path(path));
                let view = DocumentView::new(item, &file, &address, copy.disclosure(), copy.strings());
                let linked =
                    |title: &str, href: Option<&String>| href.map_or_else(|| escape(title), |it| link(title, it));
                let requested = view.request_href.as_ref().filter(|_| view.request_to.is_none());
                let title = linked(&view.title, view.href.as_ref().or(requested));
                let address = view.address.map(|address| format!(", {}", escape(&address))).unwrap_or_default();
                let kind = view.kind_label.map(|kind| format!("{}, ", escape(&kind))).unwrap_or_default();
                let mut text = format!("{title} ({kind}{}{address})", escape(&view.access_label));
                let edition = |edition: &DocumentEditionView| {
                    let words = edition.words();
                    linked(&words, edition.href.as_ref())
                };
                if !view.editions.is_empty() {
                    let editions: Vec<String> = view.editions.iter().map(edition).collect();
                    let label = copy.strings().get("documents.editions");
                    text += &format!(". {}: {}", escape(label), editions.join("; "));
                }
                text
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
    /// What the document is, such as `dpa`; none if it is not stated.
    pub kind: Option<String>,
    /// Name of the kind, such as `Data processing agreement`.
    pub kind_label: Option<String>,
    /// `public`, `request` or `nda`.
    pub access: String,
    /// Name of the access, such as `On request`.
    pub access_label: String,
    /// Link to the document; none for one that is not public, unless it has an address in addition to that for requests.
    pub href: Option<String>,
    /// Whether the link leads to another site.
    pub external: bool,
    /// Why there is no link to the file of a public document, if there is none.
    pub missing: Option<String>,
    /// Location of the document, if it cannot be linked.
    pub address: Option<String>,
    /// A link that requests the document: a web address, or a `mailto:` link; none if there is neither, and for a public document
    /// without a form.
    pub request_href: Option<String>,
    /// The email address in that link.
    pub request_to: Option<String>,
    /// Version of the document.
    pub version: Option<String>,
    /// Date of the document.
    pub date: Option<DateView>,
    /// Last day of validity.
    pub valid_until: Option<DateView>,
    /// Earlier editions, newest first.
    pub editions: Vec<DocumentEditionView>,
}

/// An earlier edition of a document.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentEditionView {
    /// What it is called: its version, such as `Version 3.0`, or else its date or the title of the document.
    pub name: String,
    /// Link to the edition.
    pub href: Option<String>,
    /// Why there is no link to the file, if there is none.
    pub missing: Option<String>,
    /// Location of the edition, if it cannot be linked.
    pub address: Option<String>,
    /// Date of the edition.
    pub date: Option<DateView>,
    /// Last day of validity.
    pub valid_until: Option<DateView>,
    /// Its dates in words, such as `22 May 2026` and `until 22 May 2027`, except what the name says.
    pub details: Vec<String>,
}

impl DocumentEditionView {
    fn new(
        edition: &DocumentEdition,
        title: &str,
        (href, missing): (Option<String>, Option<String>),
        strings: &Catalog,
    ) -> DocumentEditionView {
        let version =
            edition.version.as_ref().map(|version| strings.fill("documents.version", &[("version", version)]));
        let date = edition.date.map(|date| strings.date(date));
        let until = edition
            .valid_until
            .map(|date| strings.fill("certifications.valid-until", &[("date", &strings.date(date))]));
        let (name, date) = match (version, date) {
            (Some(version), date) => (version, date),
            (None, Some(date)) => (date, None),
            (None, None) => (title.to_owned(), None),
        };
        DocumentEditionView {
            name,
            href,
            missing,
            address: unlinked(edition.url.as_ref()),
            date: edition.date.map(|date| DateView::new(date, strings)),
            valid_until: edition.valid_until.map(|date| DateView::new(date, strings)),
            details: date.into_iter().chain(until).collect(),
        }
    }

    /// The name and the details, such as `Version 3.0, 22 May 2026`.
    fn words(&self) -> String {
        let words = [&self.name].into_iter().chain(&self.details).chain(&self.missing).chain(&self.address);
        words.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// Returns the text of an address that cannot be linked.
fn unlinked(url: Option<&StatedUrl>) -> Option<String> {
    match url {
        Some(StatedUrl::Text(text)) => Some(text.clone()),
        Some(StatedUrl::Web(_) | StatedUrl::Moved { .. }) | None => None,
    }
}

impl DocumentView {
    /// Creates the view of a document. `file` returns where a public file is, and `address` the link target of a path of the site.
    pub(in crate::render) fn new(
        item: &Document,
        file: &dyn Fn(&str) -> FileAddress,
        address: &dyn Fn(&str) -> String,
        disclosure: &Disclosure,
        strings: &Catalog,
    ) -> DocumentView {
        let on_request = !item.access.is_public();
        let contact = disclosure.contacts.get("security").or_else(|| disclosure.contacts.get("privacy"));
        // A web address of the publisher goes first.
        let form = item.request_url.as_ref().and_then(StatedUrl::link).map(ToString::to_string);
        // Without another one, the address of a document that is not public is where readers ask for it.
        let portal = item.url.as_ref().and_then(StatedUrl::link).map(ToString::to_string).filter(|_| on_request);
        let form_or_portal = form.clone().or(portal);
        let request_to = contact.and_then(Contact::email).filter(|_| on_request && form_or_portal.is_none());
        let mail = request_to.map(|email| {
            let text = |key| strings.fill(key, &[("title", &item.title)]);
            email.letter(&text("documents.request-subject"), &text("documents.request-body"))
        });
        let request_href = form_or_portal.or(mail);
        // The link to a file or an address, or why there is none.
        let target =
            |path: Option<&String>, url: Option<&StatedUrl>| match path.filter(|_| !on_request).map(|it| file(it)) {
                Some(FileAddress::Path(path)) => (Some(address(&path)), None),
                Some(FileAddress::NotRecorded) => (None, Some(strings.get("documents.not-recorded").to_owned())),
                Some(FileAddress::Withheld) => (None, Some(strings.get("documents.withheld").to_owned())),
                Some(FileAddress::Gone) => (None, Some(strings.get("markdown.gone").to_owned())),
                None => (url.and_then(StatedUrl::link).map(ToString::to_string), None),
            };
        let (href, missing) = target(item.file.as_ref(), item.url.as_ref());
        let href = href.filter(|_| !on_request || form.is_some());
        let editions = item.editions.iter().map(|edition| {
            let target = target(edition.file.as_ref(), edition.url.as_ref());
            DocumentEditionView::new(edition, &item.title, target, strings)
        });
        DocumentView {
            id: item.id.to_string(),
            title: item.title.clone(),
            kind: item.kind.as_ref().map(|kind| kind.as_str().to_owned()),
            kind_label: item.kind.as_ref().map(|kind| strings.value(kind.as_str()).to_owned()),
            access: item.access.as_str().to_owned(),
            access_label: strings.value(item.access.as_str()).to_owned(),
            external: item.file.is_none(),
            href,
            missing,
            address: unlinked(item.url.as_ref()),
            request_href,
            request_to: request_to.map(ToString::to_string),
            version: item.version.clone(),
            date: item.date.map(|date| DateView::new(date, strings)),
            valid_until: item.valid_until.map(|date| DateView::new(date, strings)),
            editions: editions.collect(),
        }
    }
}
