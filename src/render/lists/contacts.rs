//! The list of contacts.

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Contact, Id};
use crate::render::copy::{MarkdownCopy, bullets};
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::text::markdown::escape;
use crate::wording::Catalog;

/// The contacts.
pub(super) struct ContactList;

impl ListKind for ContactList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let contacts = renderer.contacts(edition.disclosure());
        renderer.list_html("lists/contacts.html", contacts.is_empty(), &contacts, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        bullets(copy.disclosure().contacts.in_order().map(|(purpose, contact)| {
            let address = match contact {
                Contact::Text(text) => escape(text),
                Contact::Email(_) | Contact::Url(_) => format!("<{contact}>"),
            };
            format!("{}: {address}", escape(&copy.strings().contact(purpose.as_str())))
        }))
    }
}

/// A contact of the organization.
#[derive(Debug, Clone, Serialize)]
pub struct ContactView {
    /// Key in `site.yaml`: `privacy`, `security`, `support` or another id.
    pub purpose: String,
    /// Name of the contact, such as `Security reports`.
    pub label: String,
    /// Email address, URL or other text.
    pub text: String,
    /// Target of a link to the contact; none if the text cannot be linked.
    pub href: Option<String>,
}

impl ContactView {
    /// Creates the view of a contact.
    pub fn new(purpose: &Id, contact: &Contact, strings: &Catalog) -> ContactView {
        let label = strings.contact(purpose.as_str());
        ContactView { purpose: purpose.to_string(), label, text: contact.to_string(), href: contact.href() }
    }
}
