//! A notice as JSON, for programs: the body of webhooks, and the output of the command.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::change::NoticeChange;
use super::compose::Notice;
use super::text;
use crate::history::Link;
use crate::model::{Date, Digest, Version};
use crate::wording::Catalog;

/// The notice of a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NoticeDocument<'a> {
    /// Name of the organization.
    organization: &'a str,
    /// Version of the release that states the changes.
    version: Version,
    /// Date of its publication.
    published: Date,
    /// SHA-256 of its record.
    sha256: Digest,
    /// The release with which it is compared.
    previous: Link,
    /// Language of the text.
    language: &'a str,
    /// The customer that the notice is for; omitted if it is for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<NoticeSelection<'a>>,
    /// What the notice is about, in one line.
    subject: &'a str,
    /// The summary of the release: the reason for the changes, as Markdown.
    summary: &'a str,
    /// The changes that require notice; empty if no change does.
    changes: &'a [NoticeChange],
    /// How customers object; omitted if there is nothing to object to.
    #[serde(skip_serializing_if = "Option::is_none")]
    how_to_object: Option<&'a str>,
    /// Pages that the notice refers to; empty without `base_url`.
    links: Vec<NoticeLink<'a>>,
    /// The whole notice as plain text.
    text: String,
}

/// What is known about a customer.
#[derive(Debug, Serialize, JsonSchema)]
struct NoticeSelection<'a> {
    /// The features that the customer uses.
    features: &'a [String],
    /// The customer's value of each dimension that is known.
    dimensions: &'a BTreeMap<String, String>,
}

/// A page that a notice refers to.
#[derive(Debug, Serialize, JsonSchema)]
struct NoticeLink<'a> {
    /// What the page shows.
    label: &'a str,
    /// Its URL.
    url: &'a str,
}

/// Formats a notice.
pub fn write(notice: &Notice, strings: &Catalog) -> String {
    let (version, sha256) = notice.previous;
    let customer = notice.choice.as_ref();
    let document = NoticeDocument {
        organization: &notice.organization,
        version: notice.version,
        published: notice.published,
        sha256: notice.digest,
        previous: Link { version, sha256 },
        language: notice.language.as_str(),
        customer: customer.map(|choice| NoticeSelection { features: &choice.features, dimensions: &choice.dimensions }),
        subject: &notice.subject,
        summary: &notice.reason.markdown,
        changes: &notice.changes,
        how_to_object: notice.how_to_object.as_deref(),
        links: notice.links.iter().map(|(label, url)| NoticeLink { label, url }).collect(),
        text: text::write(notice, strings),
    };
    // Cannot fail: the types have only string keys and finite numbers.
    let mut json = serde_json::to_string_pretty(&document).unwrap_or_default();
    json.push('\n');
    json
}
