//! The lists that sections show: one module per kind, with the template variables of its items, and its Markdown.
//!
//! A new list needs a module here, named as in the table of lists, whose constant `KIND` renders it.

mod ai;
pub(in crate::render) mod certifications;
mod commitments;
mod contacts;
mod controls;
mod documents;
mod extracts;
mod facts;
mod faq;
mod questionnaires;
mod subprocessors;
mod updates;

use std::sync::Arc;

use tera::{Context, Value};

pub use contacts::ContactView;
pub use documents::DocumentView;
pub use questionnaires::QuestionnaireView;
pub use subprocessors::SubprocessorRow;
pub use updates::UpdateView;

pub(super) use updates::newest_first;

use super::copy::MarkdownCopy;
use super::edition::Edition;
use super::renderer::{PageLocation, Renderer};
use super::theme::safe;
use crate::diagnostic::Report;
use crate::model::lists::for_each_list;
use crate::model::{List, Listed, Show};

/// Rendering of a kind of list on a page, and in the Markdown copy of the trust page.
pub(super) trait ListKind {
    /// Renders the list as HTML; empty if it has no items.
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report>;

    /// Renders the list as Markdown; empty if it has no items.
    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String;
}

macro_rules! shown {
    (Sections { $($sections:tt)* } Pages { $($pages:tt)* } $($list:ident { field: $field:ident, $($rest:tt)* })*) => {
        /// Returns the renderer of a list, or `None` for lists that are not shown, such as those of newer versions of candor.
        pub(super) fn shown(show: &Show) -> Option<&'static dyn ListKind> {
            match show {
                Show::List(List::Sections | List::Pages) | Show::Unknown(_) => None,
                $(Show::List(List::$list) => Some($field::KIND),)*
                Show::Contacts => Some(&contacts::ContactList),
                Show::Changelog => Some(&extracts::ChangelogExtract),
                Show::Schedule => Some(&extracts::ScheduleExtract),
            }
        }
    };
}
for_each_list!(shown);

impl Renderer {
    /// Renders the list that a section shows as HTML; empty if there is nothing to show.
    pub(super) fn list(&self, show: &Show, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        shown(show).map_or_else(|| Ok(safe("")), |kind| kind.html(self, edition, location))
    }

    /// Renders a Markdown field of an item as HTML.
    pub(super) fn item_markdown<T: Listed>(
        &self,
        item: &Arc<T>,
        text: Option<&str>,
        location: &PageLocation,
    ) -> Option<Value> {
        let prefix = T::LIST.heading_prefix(item.id());
        text.map(|text| self.markdown(text, item.label(), &prefix, 4, location))
    }

    /// Renders a list with its template; empty if it has no items.
    pub(super) fn list_html(
        &self,
        template: &str,
        empty: bool,
        items: &impl serde::Serialize,
        location: &PageLocation,
    ) -> Result<Value, Report> {
        if empty {
            return Ok(safe(""));
        }
        let mut context: Context = location.context();
        context.insert("items", items);
        self.render(template, &context).map(|html| safe(&html))
    }
}
