//! Service commitments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Id, Upcoming};

/// A service commitment for one plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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
    /// Changes that take effect on a later date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Upcoming<Commitment>>,
}
