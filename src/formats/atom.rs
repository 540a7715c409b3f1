//! `feed.xml`: one entry per release (Atom, RFC 4287; archives, RFC 5005 section 4).

use std::io;

use super::feed::{Document, Entry, Feed, timestamp};
use super::xml::{self, Xml, link};
use crate::diagnostic::Report;
use crate::history::Changes;
use crate::model::StatedUrl;
use crate::site::map::{release_page, release_record};

/// Returns the document as bytes.
///
/// # Errors
/// Returns the diagnostics of the entry template.
pub(super) fn write(feed: &Feed<'_>) -> Result<Vec<u8>, Report> {
    let entries = feed.entries()?;
    Ok(xml::document(|xml| {
        xml.create_element("feed")
            .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
            .with_attribute(("xmlns:fh", "http://purl.org/syndication/history/1.0"))
            .with_attribute(("xml:lang", feed.newest.disclosure.language.as_str()))
            .write_inner_content(|xml| {
                head(xml, feed)?;
                entries.iter().try_for_each(|entry| self::entry(xml, feed, entry))
            })
            .map(|_| ())
    }))
}

fn head(xml: &mut Xml, feed: &Feed<'_>) -> io::Result<()> {
    let disclosure = &feed.newest.disclosure;
    xml::text(xml, "id", &feed.tags.feed())?;
    xml::text(xml, "title", &feed.title())?;
    if let Some(description) = &disclosure.description {
        xml::text(xml, "subtitle", description)?;
    }
    xml::text(xml, "updated", &timestamp(feed.newest))?;
    xml.create_element("author").write_inner_content(|xml| {
        xml::text(xml, "name", &disclosure.organization.name)?;
        match disclosure.organization.url.as_ref().and_then(StatedUrl::link) {
            Some(url) => xml::text(xml, "uri", &url.to_uri()),
            None => Ok(()),
        }
    })?;
    link(xml, "alternate", "text/html", &feed.address("changelog/"))?;
    let mut to = |relation: &str, document: Document| {
        link(xml, relation, "application/atom+xml", &feed.address(&document.path("xml")))
    };
    to("self", feed.document)?;
    if feed.document != Document::Subscription {
        to("current", Document::Subscription)?;
    }
    if let Some(previous) = feed.previous() {
        to("prev-archive", previous)?;
    }
    if let Some(next) = feed.next() {
        to("next-archive", next)?;
    }
    if feed.document != Document::Subscription {
        xml::empty(xml, "fh:archive", &[])?;
    }
    Ok(())
}

fn entry(xml: &mut Xml, feed: &Feed<'_>, entry: &Entry<'_>) -> io::Result<()> {
    let release = entry.release;
    xml.create_element("entry")
        .write_inner_content(|xml| {
            xml::text(xml, "id", &feed.tags.entry(release))?;
            xml::text(xml, "title", &entry.text.title)?;
            xml::text(xml, "published", &timestamp(release))?;
            // Releases are immutable.
            xml::text(xml, "updated", &timestamp(release))?;
            link(xml, "alternate", "text/html", &feed.address(&release_page(release.version)))?;
            let record = feed.address(&release_record(release.version));
            link(xml, "related", "application/json", &record)?;
            let changes = feed.inputs.publication.history.changes(entry.at);
            if changes.is_some_and(Changes::notice) {
                xml::empty(xml, "category", &[("term", "notice")])?;
            }
            if !entry.text.summary.is_empty() {
                xml::text(xml, "summary", &entry.text.summary)?;
            }
            xml::text_with(xml, "content", &[("type", "html")], &entry.text.html)
        })
        .map(|_| ())
}
