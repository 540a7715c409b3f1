//! What both feeds have in common: which releases stand in which document.
//!
//! The subscription document holds the newest releases. Older ones are reached through archive documents (RFC 5005
//! section 4), which are counted from the oldest release: archive 1 holds the first fifty for ever, whatever is
//! released later. Once there is an archive after it, an archive's bytes do not change any more. The newest releases
//! of the last archive stand in the subscription document too, so that it is never nearly empty; a reader knows them by
//! their ids.

use std::ops::Range;

use super::tag::Tags;
use super::{Files, FormatInputs};
use crate::diagnostic::Report;
use crate::history::Release;
use crate::model::Digest;
use crate::publication::FeedEntry;
use crate::site::map::When;
use crate::site::{Artifact, FEED_DOCUMENT, Location, feed_archives};

/// One document of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Document {
    /// What readers subscribe to.
    Subscription,
    /// Older releases; counted from 1, which is the oldest.
    Archive(usize),
}

/// Writes a document in one of the formats.
pub(super) type Format = fn(&Feed<'_>) -> Result<Vec<u8>, Report>;

impl Files {
    /// The document of a feed at a location.
    pub(super) fn feed(&self, location: &Location, format: Format) -> Artifact {
        let document = match location.address.when {
            When::EachFeedArchive => Document::Archive(location.nth + 1),
            _ => Document::Subscription,
        };
        self.deferred(&location.path, key(&self.inputs, document), move |inputs| {
            Feed::new(inputs, document).map_or_else(|| Ok(Vec::new()), |feed| format(&feed))
        })
    }
}

/// The newest release's digest stands for all before it; besides, a document is made from its links.
fn key(inputs: &FormatInputs, document: Document) -> Digest {
    let releases = inputs.publication.history.releases();
    let newest = document.range(releases.len()).last().map(|at| releases[at].digest.to_string()).unwrap_or_default();
    let next = document.next(releases.len());
    Digest::of(format!("{}\0{newest}\0{next:?}", inputs.base_key).as_bytes())
}

impl Document {
    /// Where it stands below the site's root.
    pub fn path(self, ending: &str) -> String {
        match self {
            Document::Subscription => format!("feed.{ending}"),
            Document::Archive(number) => format!("feed/{number}.{ending}"),
        }
    }

    /// How many folders it is below the root.
    pub fn depth(self) -> usize {
        usize::from(self != Document::Subscription)
    }

    /// The positions of its releases, counted from the oldest.
    pub fn range(self, releases: usize) -> Range<usize> {
        match self {
            Document::Subscription => releases.saturating_sub(FEED_DOCUMENT)..releases,
            Document::Archive(number) => (number - 1) * FEED_DOCUMENT..number * FEED_DOCUMENT,
        }
    }

    /// The document with the releases before.
    pub fn previous(self, releases: usize) -> Option<Document> {
        let number = match self {
            Document::Subscription => feed_archives(releases),
            Document::Archive(number) => number - 1,
        };
        (number > 0).then_some(Document::Archive(number))
    }

    /// The archive with the releases after.
    pub fn next(self, releases: usize) -> Option<Document> {
        match self {
            Document::Archive(number) if number < feed_archives(releases) => Some(Document::Archive(number + 1)),
            _ => None,
        }
    }
}

/// A document with what it is made from.
pub(super) struct Feed<'a> {
    pub inputs: &'a FormatInputs,
    pub document: Document,
    pub tags: Tags,
    /// The newest release of the document: it speaks for the feed's title and author, so that an archive
    /// does not change when they do.
    pub newest: &'a Release,
}

/// One entry of a feed.
pub(super) struct Entry<'a> {
    pub at: usize,
    pub release: &'a Release,
    pub text: FeedEntry,
}

impl<'a> Feed<'a> {
    /// The document; none where it would hold nothing.
    fn new(inputs: &'a FormatInputs, document: Document) -> Option<Feed<'a>> {
        let publication = &inputs.publication;
        let releases = publication.history.releases();
        let tags = Tags::of(&publication.history, &publication.settings)?;
        let newest = releases.get(document.range(releases.len()).last()?)?;
        Some(Feed { inputs, document, tags, newest })
    }

    /// The entries, newest first.
    pub fn entries(&self) -> Result<Vec<Entry<'a>>, Report> {
        let releases = self.inputs.publication.history.releases();
        let root = self.address("");
        let entry = |at: usize| {
            let text = (self.inputs.entry)(at, &root)?;
            Ok(Entry { at, release: &releases[at], text })
        };
        self.document.range(releases.len()).rev().map(entry).collect()
    }

    /// `Trust & Compliance: Quantum SmartQR`
    pub fn title(&self) -> String {
        format!("{}: {}", self.newest.disclosure.title, self.newest.disclosure.organization.name)
    }

    /// The address of a path below the site's root.
    pub fn address(&self, path: &str) -> String {
        self.inputs.address(path, self.document.depth())
    }

    /// The document with the releases before.
    pub fn previous(&self) -> Option<Document> {
        self.document.previous(self.inputs.publication.history.len())
    }

    /// The archive with the releases after.
    pub fn next(&self) -> Option<Document> {
        self.document.next(self.inputs.publication.history.len())
    }
}

/// When a release was published (RFC 3339). Releases have a day and no time; readers sort by time, so the second release of
/// a day is a second later.
pub(super) fn timestamp(release: &Release) -> String {
    let second = (release.version.number() - 1).min(86_399);
    format!("{}T{:02}:{:02}:{:02}Z", release.published, second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::{Document, feed_archives};

    #[test]
    fn every_release_is_reached_from_the_subscription_document() {
        for releases in [1, 49, 50, 51, 99, 100, 101, 149, 150, 151, 10_000] {
            let mut reached = vec![false; releases];
            let mut document = Some(Document::Subscription);
            while let Some(at) = document {
                at.range(releases).for_each(|release| reached[release] = true);
                if let Some(Document::Archive(number)) = at.previous(releases) {
                    let back = Document::Archive(number).next(releases);
                    assert!(back == Some(at) || at == Document::Subscription, "{releases}: {at:?}");
                }
                document = at.previous(releases);
            }
            assert!(reached.into_iter().all(|reached| reached), "of {releases}");
        }
    }

    #[test]
    fn archives_hold_the_same_releases_for_ever() {
        assert_eq!([1, 50, 51, 100, 101].map(feed_archives), [0, 0, 1, 1, 2]);
        assert_eq!(Document::Archive(2).range(101), Document::Archive(2).range(9_999));
    }
}
