//! A release record: the file `releases/VERSION.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Date, Digest, Disclosure, Version};

/// The number that this version of candor writes into `schema`.
pub const SCHEMA: u32 = 1;

/// A disclosure frozen under a version. Never edited again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Number of the record's format.
    pub schema: u32,
    /// The release's id.
    pub version: Version,
    /// The day it was published.
    pub published: Date,
    /// What the publisher says of it, as Markdown.
    pub summary: String,
    /// The release before, or null for the first.
    pub previous: Option<Link>,
    /// What was stated.
    pub disclosure: Disclosure,
}

/// A link of the chain: which release came before, and the digest of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its version.
    pub version: Version,
    /// SHA-256 of its file.
    pub sha256: Digest,
}
