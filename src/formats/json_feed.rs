//! `feed.json`: one item per release, with its changes as HTML and as data (JSON Feed 1.1).
//!
//! What JSON Feed has no field for stands in an object `_candor`, as its section on extensions asks.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::feed::{Document, Entry, Feed, timestamp};
use super::{json, schema};
use crate::diagnostic::Report;
use crate::history::Changes;
use crate::model::{Date, Digest, StatedUrl, Version, WebUrl};
use crate::site::map::{release_page, release_record};

/// The feed of releases: JSON Feed 1.1 with an extension.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Feed")]
pub(super) struct JsonFeed<'a> {
    /// The version of JSON Feed.
    version: &'static str,
    /// What the feed is called.
    title: String,
    /// The page that shows the same to people.
    home_page_url: String,
    /// Address of this document.
    feed_url: String,
    /// What the feed is about, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    /// Address of the document with earlier releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    /// Who speaks.
    authors: [Author<'a>; 1],
    /// Language of the texts.
    language: &'a str,
    /// What JSON Feed has no field for.
    _candor: FeedExtension,
    /// The releases, newest first.
    items: Vec<FeedItem<'a>>,
}

/// Who speaks.
#[derive(Debug, Serialize, JsonSchema)]
struct Author<'a> {
    /// Name of the organisation.
    name: &'a str,
    /// Its website.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// What candor says of the feed.
#[derive(Debug, Serialize, JsonSchema)]
struct FeedExtension {
    /// Address of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    schema: String,
}

/// A release.
#[derive(Debug, Serialize, JsonSchema)]
struct FeedItem<'a> {
    /// A name that never changes.
    id: String,
    /// The archived page of the release.
    url: String,
    /// Version and the first words of the summary.
    title: String,
    /// What the publisher says of it, as plain text.
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: Cow<'a, str>,
    /// Summary and changes as HTML.
    content_html: String,
    /// When it was published (RFC 3339). Releases have a day; the time only keeps those of one day in order.
    date_published: String,
    /// `notice` where a change matters to a customer who is owed notice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'static str>,
    /// The release as data.
    _candor: ItemExtension<'a>,
}

/// The release as data.
#[derive(Debug, Serialize, JsonSchema)]
struct ItemExtension<'a> {
    /// The release's id.
    release: Version,
    /// The day it was published.
    published: Date,
    /// Address of its record.
    record: String,
    /// SHA-256 of its record.
    sha256: Digest,
    /// Whether any change matters to a customer who is owed notice.
    notice: bool,
    /// What changed since the release before; left out for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a Changes>,
}

/// The document as bytes.
///
/// # Errors
/// What is wrong with the template of an entry.
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
            notice,
            changes,
        },
    }
}
