//! Questions and answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Id;

/// A question that customers ask, and its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Faq {
    /// Stable id.
    pub id: Id,
    /// The question, as plain text.
    pub question: String,
    /// The answer, as Markdown.
    pub answer: String,
}
