//! Service commitments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Id;

/// What customers of one plan can count on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Commitment {
    /// Stable id.
    pub id: Id,
    /// The plan, as plain text.
    pub plan: String,
    /// What is promised, as plain text.
    pub commitment: String,
    /// Details, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}
