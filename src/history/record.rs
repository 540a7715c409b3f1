//! A release record: the file `releases/VERSION.json`.
//!
//! Its canonical form is the one that [`Record::to_bytes`] writes: keys in the order of the types, an indent
//! of two blanks, optional values left out, one line feed at the end. A record in any other form is refused, so
//! that a statement has one spelling and one digest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Date, Digest, Disclosure, Version};

/// The number that this version of candor writes into `schema`.
pub const SCHEMA: u32 = 1;

/// The largest record that is read, in bytes. A record of a thousand subprocessors with every field is about 2 MB.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// A disclosure frozen under a version. Never edited again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
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

impl Record {
    /// The file's bytes, in canonical form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Maps have text keys and a vector takes every byte, so there is no way for this to fail.
        serde_json::to_writer_pretty(&mut bytes, self).expect("a record is plain JSON");
        bytes.push(b'\n');
        bytes
    }
}

/// A link of the chain: which release came before, and the digest of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Link {
    /// Its version.
    pub version: Version,
    /// SHA-256 of its file.
    pub sha256: Digest,
}
