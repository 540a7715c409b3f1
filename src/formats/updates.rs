//! `updates/feed.xml`: one entry per update of the newest release (Atom, RFC 4287). An entry changes when its update does, and shows what
//! changed.

use std::cmp::Reverse;
use std::io;

use super::FormatInputs;
use super::feed::timestamp;
use super::tag::Tags;
use super::xml::{self, Xml};
use crate::diagnostic::Report;
use crate::history::Release;
use crate::model::{List, StatedUrl, Update};
use crate::publication::FeedEntry;
use crate::site::FEED_DOCUMENT;
use crate::site::map::{PageKind, updates_feed};

/// How many folders the file is below the root of the site.
const DEPTH: usize = 1;

/// An entry of the feed.
struct UpdateEntry<'a> {
    item: &'a Update,
    /// The release that first stated the update, and the one that last changed it.
    first: &'a Release,
    last: &'a Release,
    text: FeedEntry,
}

/// Returns the document as bytes: the updates that changed last, newest first.
///
/// # Errors
/// Returns the diagnostics of the entry template.
pub(super) fn atom(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let history = &inputs.publication.history;
    let tags = Tags::of(history, &inputs.publication.settings);
    let (Some(newest), Some(tags)) = (history.newest(), tags) else { return Ok(Vec::new()) };
    let revisions = history.revisions(List::Updates);
    let mut changed = Vec::new();
    for (nth, item) in newest.disclosure.updates.iter().enumerate() {
        let Some([first, .., last] | [first @ last]) = revisions.get(&item.id).map(Vec::as_slice) else { continue };
        changed.push((nth, &**item, *first, *last));
    }
    changed.sort_by_key(|(_, item, _, last)| Reverse((*last, item.date(), &item.id)));
    changed.truncate(FEED_DOCUMENT);
    let root = inputs.address("", DEPTH);
    let entry = |(nth, item, first, last): (usize, _, usize, usize)| {
        let releases = history.releases();
        Ok(UpdateEntry { item, first: &releases[first], last: &releases[last], text: (inputs.update)(nth, &root)? })
    };
    let entries: Vec<UpdateEntry<'_>> = changed.into_iter().map(entry).collect::<Result<_, Report>>()?;
    Ok(xml::document(|xml| {
        xml.create_element("feed")
            .with_attribute(("xmlns", "http://www.w3.org/2005/Atom"))
            .with_attribute(("xml:lang", newest.disclosure.language.as_str()))
            .write_inner_content(|xml| {
                head(xml, inputs, newest, &tags, &entries)?;
                entries.iter().try_for_each(|entry| write(xml, inputs, &tags, entry))
            })
            .map(|_| ())
    }))
}

fn head(
    xml: &mut Xml,
    inputs: &FormatInputs,
    newest: &Release,
    tags: &Tags,
    entries: &[UpdateEntry<'_>],
) -> io::Result<()> {
    let organization = &newest.disclosure.organization;
    xml::text(xml, "id", &tags.part(List::Updates.name()))?;
    xml::text(xml, "title", &format!("{}: {}", inputs.strings.get("updates.title"), organization.name))?;
    xml::text(xml, "updated", &timestamp(entries.first().map_or(newest, |entry| entry.last)))?;
    xml.create_element("author").write_inner_content(|xml| {
        xml::text(xml, "name", &organization.name)?;
        match organization.url.as_ref().and_then(StatedUrl::link) {
            Some(url) => xml::text(xml, "uri", &url.to_uri()),
            None => Ok(()),
        }
    })?;
    let address = |path: &str| inputs.address(path, DEPTH);
    xml::link(xml, "alternate", "text/html", &address(&PageKind::Updates.path("")))?;
    xml::link(xml, "self", "application/atom+xml", &address(updates_feed()))
}

fn write(xml: &mut Xml, inputs: &FormatInputs, tags: &Tags, entry: &UpdateEntry<'_>) -> io::Result<()> {
    let UpdateEntry { item, first, last, text } = entry;
    xml.create_element("entry")
        .write_inner_content(|xml| {
            xml::text(xml, "id", &tags.part(&format!("{}/{}", List::Updates, item.id)))?;
            xml::text(xml, "title", &text.title)?;
            xml::text(xml, "published", &timestamp(first))?;
            xml::text(xml, "updated", &timestamp(last))?;
            let page = inputs.address(&PageKind::Update.path(item.id.as_str()), DEPTH);
            xml::link(xml, "alternate", "text/html", &page)?;
            let words = [
                Some(item.kind.as_str()),
                item.severity.as_ref().map(|severity| severity.as_str()),
                item.status.as_ref().map(|status| status.as_str()),
            ];
            for word in words.into_iter().flatten() {
                xml::empty(xml, "category", &[("term", word), ("label", inputs.strings.value(word))])?;
            }
            if !text.summary.is_empty() {
                xml::text(xml, "summary", &text.summary)?;
            }
            xml::text_with(xml, "content", &[("type", "html")], &text.html)
        })
        .map(|_| ())
}
