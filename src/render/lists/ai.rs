//! The list of features that use artificial intelligence.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{AiFeature, List};
use crate::render::copy::{MarkdownCopy, in_cell, table};
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::view::LinkView;
use crate::text::markdown::escape;
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &AiList;

/// The list of features that use artificial intelligence.
struct AiList;

impl ListKind for AiList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let view = |item: &Arc<AiFeature>| {
            let details = renderer.item_markdown(item, item.details.as_deref(), location);
            let provider = item.provider.as_ref().map(|id| renderer.subprocessor_link(id, edition, location));
            AiFeatureView::new(item, details, provider, renderer.strings())
        };
        let items: Vec<_> = edition.disclosure().ai.iter().map(view).collect();
        renderer.list_html(List::Ai.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let strings = copy.strings();
        // Details of more than one paragraph follow the table.
        let mut below = String::new();
        let mut rows = Vec::new();
        for item in &copy.disclosure().ai {
            let details = item.details.as_deref().map(|details| copy.item_text(&**item, details)).unwrap_or_default();
            let feature = escape(&item.feature);
            if !details.is_line && !details.text.is_empty() {
                below += &format!("\n**{feature}**\n\n{}\n", details.text);
            }
            let optional = |text: Option<&str>| escape(text.unwrap_or_default());
            let provider = item.provider.as_ref().map(|id| copy.subprocessor_name(id));
            rows.push(vec![
                feature,
                optional(provider.as_deref()),
                optional(item.model.as_deref()),
                escape(&item.data_categories.join("; ")),
                optional(item.training.as_ref().map(|training| strings.value(training.as_str()))),
                optional(item.retention.as_deref()),
                escape(&regions(item, strings)),
                optional(item.human_oversight.as_deref()),
                optional(item.opt_out.as_deref()),
                if details.is_line { in_cell(&details.text) } else { String::new() },
            ]);
        }
        let heads = [
            "feature",
            "provider",
            "model",
            "data_categories",
            "training",
            "retention",
            "regions",
            "human_oversight",
            "opt_out",
            "details",
        ];
        table(&heads.map(|field| strings.field(field)), rows.into_iter()) + &below
    }
}

/// Returns the names of the countries and regions of a feature.
fn regions(item: &AiFeature, strings: &Catalog) -> String {
    item.regions.iter().map(|region| strings.country(region.as_str())).collect::<Vec<_>>().join("; ")
}

/// A feature that uses artificial intelligence.
#[derive(Debug, Clone, Serialize)]
pub struct AiFeatureView {
    /// Id; the anchor is `ai-ID`.
    pub id: String,
    /// Feature.
    pub feature: String,
    /// The subprocessor that provides the model; the link leads to its entry in the list of subprocessors.
    pub provider: Option<LinkView>,
    /// Model.
    pub model: Option<String>,
    /// Categories of data that it processes.
    pub data_categories: Vec<String>,
    /// `no`, `opt-in`, `opt-out` or `yes`, if stated.
    pub training: Option<String>,
    /// Whether customer data is used to train models, in words.
    pub training_label: Option<String>,
    /// How long the data is kept.
    pub retention: Option<String>,
    /// Names of the countries and regions of the processing, separated by semicolons.
    pub regions: Option<String>,
    /// How people oversee the results.
    pub human_oversight: Option<String>,
    /// How customers switch it off.
    pub opt_out: Option<String>,
    /// Details.
    pub details: Option<Value>,
}

impl AiFeatureView {
    /// Creates the view of a feature; `details` is rendered HTML.
    pub fn new(
        item: &AiFeature,
        details: Option<Value>,
        provider: Option<LinkView>,
        strings: &Catalog,
    ) -> AiFeatureView {
        let training = item.training.as_ref().map(|training| training.as_str());
        AiFeatureView {
            id: item.id.to_string(),
            feature: item.feature.clone(),
            provider,
            model: item.model.clone(),
            data_categories: item.data_categories.clone(),
            training: training.map(str::to_owned),
            training_label: training.map(|training| strings.value(training).to_owned()),
            retention: item.retention.clone(),
            regions: Some(regions(item, strings)).filter(|regions| !regions.is_empty()),
            human_oversight: item.human_oversight.clone(),
            opt_out: item.opt_out.clone(),
            details,
        }
    }
}
