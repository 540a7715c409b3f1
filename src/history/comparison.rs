//! Two sides and the changes between them: what `candor diff --format json` prints.

use schemars::JsonSchema;
use serde::Serialize;

use super::Changes;
use crate::model::{CodeReview, Digest, Version};

/// The changes from one side to another.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// The old side.
    pub old: Side,
    /// The new side.
    pub new: Side,
    /// Whether any change matters to a customer who is owed notice.
    pub notice: bool,
    /// The changes.
    pub changes: Changes,
    /// The code of the project, where the new side is the draft and there is any; what differs, with `--base`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeReview>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// What it was called: a version, a file, an address, or `draft`.
    pub name: String,
    /// Its version; left out for the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// SHA-256 of its record; left out for the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
}
