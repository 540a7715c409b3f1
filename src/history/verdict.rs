//! The output of `candor verify --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::against::ComparedRelease;
use super::kept::VerifiedFiles;
use super::redaction::Redaction;
use crate::diagnostic::render::JsonReport;
use crate::model::{Digest, Version};

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// The result of `candor verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Verdict {
    /// Whether all checks passed.
    pub valid: bool,
    /// The number of releases.
    pub releases: usize,
    /// The newest release; left out unless `valid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "NewestRelease")]
    #[schemars(default)]
    pub newest: Option<NewestRelease>,
    /// The files that the releases bind, each of which was verified; left out with `--records-only`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "VerifiedFiles")]
    #[schemars(default)]
    pub files: Option<VerifiedFiles>,
    /// The number of files about sent notices that the releases bind, each of which was verified; left out if there are none.
    #[serde(skip_serializing_if = "is_zero")]
    #[schemars(default)]
    pub notices: usize,
    /// The redactions of releases and files, oldest first; left out if nothing was withheld.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redactions: Vec<Redaction>,
    /// The release whose original record was given with `--original`, if exactly the values that its redactions name differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Version")]
    #[schemars(default)]
    pub original: Option<Version>,
    /// The comparison with `--against`; left out without `--against`, or if one of the two sides could not be compared.
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
    /// The version.
    pub version: Version,
    /// SHA-256 of its record.
    pub sha256: Digest,
}

/// The comparison of local releases with published releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublishedComparison {
    /// The argument of `--against`: an address or a folder.
    pub against: String,
    /// Every release of both sides, oldest first.
    pub releases: Vec<ComparedRelease>,
}
