//! Features that use artificial intelligence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::word_enum::word_enum;
use crate::model::{Id, Territory, Upcoming};

/// A feature that uses artificial intelligence: whose model it uses, and what happens to customer data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AiFeature {
    /// Stable id.
    pub id: Id,
    /// The feature, as plain text.
    pub feature: String,
    /// Id of the subprocessor that provides the model. If it is left out, the organization names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Id>,
    /// The model, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Categories of personal data that the feature processes, each as plain text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub data_categories: Vec<String>,
    /// Whether customer data is used to train models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<AiTraining>,
    /// How long the provider or the feature keeps the data, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Countries and regions in which the model processes the data: ISO 3166-1 alpha-2 codes, `EU`, `EEA` or `GLOBAL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub regions: Vec<Territory>,
    /// How people oversee the results, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub human_oversight: Option<String>,
    /// How customers switch the feature off, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_out: Option<String>,
    /// Details, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// Changes that take effect on a later date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Upcoming<AiFeature>>,
}

impl AiFeature {
    /// The ids of its provider, now and after its upcoming changes.
    pub fn providers(&self) -> impl Iterator<Item = &Id> {
        self.provider.iter().chain(self.upcoming.iter().filter_map(|entry| entry.values.provider.as_ref()))
    }
}

word_enum! {
    /// Whether customer data is used to train models.
    AiTraining {
        /// Never.
        No = "no",
        /// Only data of customers who agree.
        OptIn = "opt-in",
        /// Data of customers who do not object.
        OptOut = "opt-out",
        /// Always.
        Yes = "yes",
    }
}
