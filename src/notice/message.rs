//! The composed notice of one release, in every format in which it is delivered.

use crate::model::{Digest, Language, Version};

/// For whom a notice is composed. The default is a reader about whom nothing is known: the notice then has every change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Audience {
    /// The name of the person.
    pub name: Option<String>,
    /// The name of the customer.
    pub customer: Option<String>,
    /// The features that the customer uses, and answers to dimensions such as `region=EU`; empty if they are not known.
    pub features: Vec<String>,
    /// The language in which the customer reads.
    pub language: Option<Language>,
}

/// The notice of a release for one reader: everything that does not depend on how it is delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The release that announces the changes.
    pub version: Version,
    /// SHA-256 of the release's original record, which stays the same if values are withheld from it later.
    pub record: Digest,
    /// The subject, in one line.
    pub subject: String,
    /// The notice as plain text.
    pub text: String,
    /// The notice as a complete HTML document without references to other files.
    pub html: String,
    /// The notice as JSON.
    pub json: String,
}
