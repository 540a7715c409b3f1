//! A release record: the file `releases/VERSION.json`.
//!
//! Its canonical form is the output of [`Record::to_bytes`]: keys in the order of the types, an indent of two spaces,
//! absent optional values left out, one line feed at the end. A record in any other form is rejected, so that each disclosure
//! has exactly one representation and one digest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Date, Digest, Disclosure, Version};

/// The value of `schema` that this version of candor writes.
pub const SCHEMA: u32 = 1;

/// The maximum size of a record, in bytes. A record with a thousand subprocessors and every field has about 2 MB.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// A release record: a disclosure that is frozen under a version and never edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Record {
    /// Version of the record's format.
    pub schema: u32,
    /// The release's id.
    pub version: Version,
    /// The publication date.
    pub published: Date,
    /// The publisher's summary, as Markdown.
    pub summary: String,
    /// The previous release; null for the first.
    pub previous: Option<Link>,
    /// The published statements.
    pub disclosure: Disclosure,
}

impl Record {
    /// Returns the bytes of the file, in canonical form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Cannot fail: all map keys are strings, and writing to a vector never fails.
        serde_json::to_writer_pretty(&mut bytes, self).expect("a record is plain JSON");
        bytes.push(b'\n');
        bytes
    }
}

/// A link of the hash chain: the previous release and the digest of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Link {
    /// The version of the release.
    pub version: Version,
    /// SHA-256 of its record.
    pub sha256: Digest,
}
