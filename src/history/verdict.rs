//! What `candor verify --format json` prints.

use schemars::JsonSchema;
use serde::Serialize;

use super::against::ComparedRelease;
use crate::diagnostic::render::JsonReport;
use crate::model::{Digest, Version};

/// The result of `candor verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// Whether everything that was checked is right.
    pub valid: bool,
    /// How many releases there are.
    pub releases: usize,
    /// The newest release; left out unless `valid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "NewestRelease")]
    #[schemars(default)]
    pub newest: Option<NewestRelease>,
    /// The comparison that `--against` asks for; left out without it, and if one of the two sides could not be compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "PublishedComparison")]
    #[schemars(default)]
    pub comparison: Option<PublishedComparison>,
    /// All diagnostics.
    pub report: JsonReport,
}

/// The newest release of a verified chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NewestRelease {
    /// Its id.
    pub version: Version,
    /// SHA-256 of its record.
    pub sha256: Digest,
}

/// What is here compared with what is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublishedComparison {
    /// The address or folder that `--against` names.
    pub against: String,
    /// Every release of both sides, the oldest first.
    pub releases: Vec<ComparedRelease>,
}
