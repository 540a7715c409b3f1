//! A release record: the file `releases/VERSION.json`.
//!
//! Its canonical form is the output of [`Record::to_bytes`]: keys in the order of the types, an indent of two spaces,
//! absent optional values left out, one line feed at the end. A record in any other form is rejected, so that each disclosure
//! has exactly one representation and one digest.
//!
//! | schema | written by | content |
//! |---|---|---|
//! | 1 | candor 0.1 | the disclosure |
//! | 2 | later versions | also the digests of all files that the disclosure and the summary refer to, corrections, redactions and notices |
//!
//! A withheld value is `{"redacted": true}` in place of the value; see [`redaction`](super::redaction).
//!
//! Later versions add optional keys to schema 2, in the order `schema`, `candor`, `version`, `published`, `summary`,
//! `previous`, `corrects`, `redactions`, `notices`, `translations`, `files`, `disclosure`.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::redaction::Redaction;
use super::sent::BoundNotice;
use crate::model::{Date, Digest, Disclosure, RecordedFile, Version};

/// The value of `schema` that this version of candor writes, and the highest one that it reads.
pub const SCHEMA: u32 = 2;

/// The maximum size of a record, in bytes. A record with a thousand subprocessors and every field has about 2 MB.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// A release record: a disclosure that is frozen under a version and never edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Record {
    /// Version of the record's format: 2.
    #[schemars(extend("const" = 2))]
    pub schema: u32,
    /// Version of candor that wrote the record.
    pub candor: String,
    /// The release's id.
    pub version: Version,
    /// The publication date.
    pub published: Date,
    /// The publisher's summary, as Markdown.
    pub summary: String,
    /// The previous release; left out for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Link>,
    /// The earlier release that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Version>,
    /// The redactions of earlier releases that this release binds, in the order in which they were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redactions: Vec<Redaction>,
    /// The notices that were sent before this release, by the digests of the files that state them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<BoundNotice>,
    /// The files that the disclosure and the summary refer to, ordered by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<RecordedFile>,
    /// The published statements.
    pub disclosure: Disclosure,
}

/// A record with schema 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RecordV1 {
    /// Version of the record's format: 1.
    #[schemars(extend("const" = 1))]
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
        canonical(self)
    }
}

impl RecordV1 {
    /// Returns the bytes of the file, in canonical form.
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }
}

/// A record of one schema.
pub(super) trait KnownSchema: DeserializeOwned + Serialize {
    /// What the record states.
    fn disclosure_mut(&mut self) -> &mut Disclosure;
}

impl KnownSchema for Record {
    fn disclosure_mut(&mut self) -> &mut Disclosure {
        &mut self.disclosure
    }
}

impl KnownSchema for RecordV1 {
    fn disclosure_mut(&mut self) -> &mut Disclosure {
        &mut self.disclosure
    }
}

/// A record of any schema that this version reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum AnyRecord {
    /// Schema 2.
    Current(Box<Record>),
    /// Schema 1.
    V1(Box<RecordV1>),
}

fn canonical(record: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Cannot fail: all map keys are strings, and writing to a vector never fails.
    serde_json::to_writer_pretty(&mut bytes, record).expect("a record is plain JSON");
    bytes.push(b'\n');
    bytes
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
