//! The list of security controls, under the headings of their groups.

use std::fmt::Write;
use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Control, ControlStatus, Evidence, List, grouped};
use crate::render::copy::{MarkdownCopy, after_lead, by_heading};
use crate::render::date::DateView;
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::view::LinkView;
use crate::text::markdown::escape;
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &ControlList;

/// The list of security controls.
struct ControlList;

impl ListKind for ControlList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        let view = |item: &Arc<Control>| {
            let description = renderer.item_markdown(item, item.description.as_deref(), location);
            let evidence = item.evidence.as_ref().map(|evidence| match evidence {
                Evidence::Url(url) => LinkView::to_host(url),
                Evidence::Document(id) => renderer.document_link(id, disclosure, location),
            });
            ControlView::new(item, description, evidence, renderer.strings())
        };
        let groups: Vec<ControlGroup> = grouped(&disclosure.controls, |item| item.group.as_deref())
            .into_iter()
            .map(|(name, items)| ControlGroup {
                name: name.map(str::to_owned),
                implemented: items.iter().filter(|item| item.status == ControlStatus::Implemented).count(),
                controls: items.into_iter().map(view).collect(),
            })
            .collect();
        renderer.list_html(List::Controls.template(), groups.is_empty(), &groups, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        by_heading(
            &copy.disclosure().controls,
            |item| item.group.as_deref(),
            |item| {
                let mut text = format!("**{}**", escape(&item.title));
                if item.status != ControlStatus::Implemented {
                    let _ = write!(text, " ({})", escape(copy.strings().value(item.status.as_str())));
                }
                match &item.description {
                    Some(description) => after_lead(&text, &copy.item_text(item, description)),
                    None => text,
                }
            },
        )
    }
}

/// Controls under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct ControlGroup {
    /// Heading; none for controls without a group.
    pub name: Option<String>,
    /// Number of controls that are implemented.
    pub implemented: usize,
    /// The controls.
    pub controls: Vec<ControlView>,
}

/// A security control.
#[derive(Debug, Clone, Serialize)]
pub struct ControlView {
    /// Id, which is also the anchor.
    pub id: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: Option<Value>,
    /// `implemented`, `partial` or `planned`.
    pub status: String,
    /// Name of the status, such as `Planned`.
    pub status_label: String,
    /// Whether the status is `implemented`.
    pub implemented: bool,
    /// Link to the evidence.
    pub evidence: Option<LinkView>,
    /// Date of the last verification.
    pub last_verified: Option<DateView>,
    /// Clauses of frameworks that the control addresses, such as `ISO/IEC 27001 A.8.24`.
    pub frameworks: Vec<String>,
}

impl ControlView {
    /// Creates the view of a control; `description` is rendered HTML.
    pub fn new(
        item: &Control,
        description: Option<Value>,
        evidence: Option<LinkView>,
        strings: &Catalog,
    ) -> ControlView {
        ControlView {
            id: item.id.to_string(),
            title: item.title.clone(),
            description,
            status: item.status.as_str().to_owned(),
            status_label: strings.value(item.status.as_str()).to_owned(),
            implemented: item.status == ControlStatus::Implemented,
            evidence,
            last_verified: item.last_verified.map(|date| DateView::new(date, strings)),
            frameworks: item.frameworks.clone(),
        }
    }
}
