//! The list of service commitments.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Commitment, List};
use crate::render::copy::{MarkdownCopy, in_cell, table};
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
        // Details of more than one paragraph follow the table.
        let mut below = String::new();
        let mut rows = Vec::new();
        for item in &copy.disclosure().commitments {
            let details = item.details.as_deref().map(|details| copy.item_text(&**item, details)).unwrap_or_default();
            let (plan, commitment) = (escape(&item.plan), escape(&item.commitment));
            if !details.is_line && !details.text.is_empty() {
                below += &format!("\n**{plan}: {commitment}**\n\n{}\n", details.text);
            }
            rows.push(vec![plan, commitment, if details.is_line { in_cell(&details.text) } else { String::new() }]);
        }
        let heads = ["commitments.plan", "commitments.commitment", "fields.details"];
        table(&heads.map(|key| copy.strings().get(key)), rows.into_iter()) + &below
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
