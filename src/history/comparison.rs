//! The output of `candor diff --format json`: two sides and the changes between them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Changes, UpcomingRecord};
use crate::model::{CodeReview, Digest, Version};

/// The changes from one side to another.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Comparison {
    /// The old side.
    pub old: Side,
    /// The new side.
    pub new: Side,
    /// Whether any change requires customer notice.
    pub notice: bool,
    /// The changes.
    pub changes: Changes,
    /// The changes that the new side states with a date on which they take effect; left out if there are none, or if the releases
    /// before the new side are not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub upcoming: Vec<UpcomingRecord>,
    /// The code of the project, if the new side is the content; with `--base`, only the code that differs. Left out if there is no code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeReview>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    /// The side as it was specified: a version, a file, an address, or `draft`; `nothing` if the project has no release yet.
    pub name: String,
    /// Its version; left out for `draft` and `nothing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// SHA-256 of its record; left out for `draft` and `nothing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
}
