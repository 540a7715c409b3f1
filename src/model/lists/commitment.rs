//! Service commitments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Id;

/// A service commitment for one plan.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Commitment {
    /// Stable id.
    pub id: Id,
    /// The plan, as plain text.
    pub plan: String,
    /// The commitment, as plain text.
    pub commitment: String,
    /// Details, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}
