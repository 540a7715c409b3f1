//! What sections show: one module per kind of list, with what templates get of its items, and its Markdown.
//!
//! A new kind of list is a module here and its arm in `shown`.

mod certifications;
mod commitments;
mod contacts;
mod controls;
mod documents;
mod extracts;
mod faq;
mod subprocessors;

use std::sync::Arc;

use tera::{Context, Value};

pub use contacts::ContactView;
pub use documents::DocumentView;
pub use subprocessors::SubprocessorRow;

use super::copy::MarkdownCopy;
use super::edition::Edition;
use super::renderer::{Renderer, Spot};
use super::theme::safe;
use crate::diagnostic::Report;
use crate::model::{List, Listed, Show};

/// How a kind of list is shown on a page, and in the Markdown copy of the trust page.
pub(super) trait ListKind {
    /// The list as HTML; empty where it has no items.
    fn html(&self, renderer: &Renderer, edition: &Edition, spot: &Spot) -> Result<Value, Report>;

    /// The list as Markdown; empty where it has no items.
    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String;
}

/// What a section shows; none for what is not shown, such as a list that only a newer version of candor knows.
pub(super) fn shown(show: &Show) -> Option<&'static dyn ListKind> {
    match show {
        Show::List(List::Sections) | Show::Unknown(_) => None,
        Show::List(List::Controls) => Some(&controls::ControlList),
        Show::List(List::Commitments) => Some(&commitments::CommitmentList),
        Show::List(List::Subprocessors) => Some(&subprocessors::SubprocessorList),
        Show::List(List::Certifications) => Some(&certifications::CertificationList),
        Show::List(List::Documents) => Some(&documents::DocumentList),
        Show::List(List::Faq) => Some(&faq::FaqList),
        Show::Contacts => Some(&contacts::ContactList),
        Show::Changelog => Some(&extracts::ChangelogExtract),
        Show::Schedule => Some(&extracts::ScheduleExtract),
    }
}

impl Renderer {
    /// What a section shows, as HTML; empty where there is nothing to show.
    pub(super) fn list(&self, show: &Show, edition: &Edition, spot: &Spot) -> Result<Value, Report> {
        shown(show).map_or_else(|| Ok(safe("")), |kind| kind.html(self, edition, spot))
    }

    /// A Markdown field of an item as HTML.
    pub(super) fn item_markdown<T: Listed>(&self, item: &Arc<T>, text: Option<&str>, spot: &Spot) -> Option<Value> {
        let prefix = T::LIST.heading_prefix(item.id());
        text.map(|text| self.markdown(text, item.label(), &prefix, 4, spot))
    }

    /// A list rendered by its template; empty where it has no items.
    pub(super) fn list_html(
        &self,
        template: &str,
        empty: bool,
        items: &impl serde::Serialize,
        spot: &Spot,
    ) -> Result<Value, Report> {
        if empty {
            return Ok(safe(""));
        }
        let mut context: Context = spot.context();
        context.insert("items", items);
        self.render(template, &context).map(|html| safe(&html))
    }
}
