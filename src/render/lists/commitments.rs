//! The list of service commitments.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Commitment, List};
use crate::render::copy::{MarkdownCopy, table};
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::text::markdown::escape;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &CommitmentList;

/// The list of service commitments.
struct CommitmentList;

impl ListKind for CommitmentList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let items = edition.disclosure().commitments.iter();
        let view = |item: &Arc<Commitment>| {
            CommitmentView::new(item, renderer.item_markdown(item, item.details.as_deref(), location))
        };
        let items: Vec<_> = items.map(view).collect();
        renderer.list_html(List::Commitments.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let rows = copy.disclosure().commitments.iter().map(|item| {
            let details = item.details.as_deref().map(|details| copy.in_cell(&**item, details)).unwrap_or_default();
            vec![escape(&item.plan), escape(&item.commitment), details]
        });
        let heads = ["commitments.plan", "commitments.commitment", "fields.details"];
        table(&heads.map(|key| copy.strings().get(key)), rows)
    }
}

/// A service commitment.
#[derive(Debug, Clone, Serialize)]
pub struct CommitmentView {
    /// Id, which is also the anchor.
    pub id: String,
    /// Plan that the commitment is part of.
    pub plan: String,
    /// Commitment.
    pub commitment: String,
    /// Details.
    pub details: Option<Value>,
}

impl CommitmentView {
    /// Creates the view of a commitment; `details` is rendered HTML.
    pub fn new(item: &Commitment, details: Option<Value>) -> CommitmentView {
        CommitmentView {
            id: item.id.to_string(),
            plan: item.plan.clone(),
            commitment: item.commitment.clone(),
            details,
        }
    }
}
