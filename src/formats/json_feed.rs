//! `feed.json`: one item per release, with its changes as HTML and as data (JSON Feed 1.1).
//!
//! Data without a field in JSON Feed is in an object `_candor`, as its section on extensions requires.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::feed::{Document, Entry, Feed, timestamp};
use super::{json, schema};
use crate::diagnostic::Report;
use crate::history::{Changes, UpcomingRecord};
use crate::model::{Date, Digest, StatedUrl, Version, WebUrl};
use crate::site::map::{release_page, release_record};

/// Feed of releases: JSON Feed 1.1 with an extension.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Feed")]
pub(super) struct JsonFeed<'a> {
    /// URL of the JSON Feed version.
    version: &'static str,
    /// Title of the feed.
    title: String,
    /// URL of the change log for people.
    home_page_url: String,
    /// URL of this document.
    feed_url: String,
    /// Description of the trust page.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    /// URL of the document with earlier releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    /// The organization that publishes the trust page.
    authors: [Author<'a>; 1],
    /// Language of the content.
    language: &'a str,
    /// Extension of the feed.
    _candor: FeedExtension,
    /// The releases, newest first.
    items: Vec<FeedItem<'a>>,
}

/// Organization that publishes the trust page.
#[derive(Debug, Serialize, JsonSchema)]
struct Author<'a> {
    /// Name of the organization.
    name: &'a str,
    /// Its website.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Extension of the feed.
#[derive(Debug, Serialize, JsonSchema)]
struct FeedExtension {
    /// URL of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    schema: String,
}

/// A release.
#[derive(Debug, Serialize, JsonSchema)]
struct FeedItem<'a> {
    /// Permanent id.
    id: String,
    /// URL of the archived page of the release.
    url: String,
    /// Version and beginning of the summary.
    title: String,
    /// Summary by the publisher, as plain text.
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: Cow<'a, str>,
    /// Summary and changes as HTML.
    content_html: String,
    /// Time of publication (RFC 3339). Releases have only a date; the time keeps releases of the same date in order.
    date_published: String,
    /// `notice` if a change requires customer notice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'static str>,
    /// Extension with the release as data.
    _candor: ItemExtension<'a>,
}

/// The release as data.
#[derive(Debug, Serialize, JsonSchema)]
struct ItemExtension<'a> {
    /// Version of the release.
    release: Version,
    /// Date of publication.
    published: Date,
    /// URL of its record.
    record: String,
    /// SHA-256 digest of its record.
    sha256: Digest,
    /// The earlier release that this one corrects.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Version")]
    #[schemars(default)]
    corrects: Option<Version>,
    /// Whether any change requires customer notice.
    notice: bool,
    /// Changes since the previous release; omitted for the first release.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a Changes>,
    /// The changes that the release states with a date on which they take effect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    upcoming: Vec<UpcomingRecord>,
}

/// Returns the document as bytes.
///
/// # Errors
/// Returns the diagnostics of the entry template.
pub(super) fn write(feed: &Feed<'_>) -> Result<Vec<u8>, Report> {
    let disclosure = &feed.newest.disclosure;
    let document = |document: Document| feed.address(&document.path("json"));
    let items = feed.entries()?.into_iter().map(|entry| item(feed, entry)).collect();
    Ok(json(&JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: feed.title(),
        home_page_url: feed.address("changelog/"),
        feed_url: document(feed.document),
        description: disclosure.description.as_deref(),
        next_url: feed.previous().map(document),
        authors: [Author {
            name: &disclosure.organization.name,
            url: disclosure.organization.url.as_ref().and_then(StatedUrl::link).map(WebUrl::to_uri),
        }],
        language: disclosure.language.as_str(),
        _candor: FeedExtension { schema: feed.inputs.schema(schema::FEED, feed.document.depth()) },
        items,
    }))
}

fn item<'a>(feed: &Feed<'a>, entry: Entry<'a>) -> FeedItem<'a> {
    let release = entry.release;
    let changes = feed.inputs.publication.history.changes(entry.at);
    let notice = changes.is_some_and(Changes::notice);
    // As of the release: an entry of a feed never changes.
    let dated = feed.inputs.publication.history.timeline().at(entry.at);
    FeedItem {
        id: feed.tags.entry(release),
        url: feed.address(&release_page(release.version)),
        title: entry.text.title,
        summary: entry.text.summary.into(),
        content_html: entry.text.html,
        date_published: timestamp(release),
        tags: if notice { vec!["notice"] } else { Vec::new() },
        _candor: ItemExtension {
            release: release.version,
            published: release.published,
            record: feed.address(&release_record(release.version)),
            sha256: release.digest,
            corrects: release.corrects,
            notice,
            changes,
            upcoming: dated.iter().map(|change| UpcomingRecord::new(change, release.published, None)).collect(),
        },
    }
}
