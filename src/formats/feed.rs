//! The parts that both feed formats share: the division of releases into documents.
//!
//! The subscription document contains the latest releases. It links to archive documents with older ones (RFC 5005
//! section 4), which are numbered from the oldest release: archive 1 always contains the first fifty. Once an archive has
//! a successor, its bytes no longer change. The latest releases of the last archive are also in the subscription
//! document, so that it is never almost empty; feed readers recognize them by their ids.

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
    /// The document that readers subscribe to.
    Subscription,
    /// Older releases, numbered from 1, the oldest.
    Archive(usize),
}

/// Writes a document in one of the formats.
pub(super) type Format = fn(&Feed<'_>) -> Result<Vec<u8>, Report>;

impl Files {
    /// Returns the feed document at a location.
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

/// Returns the key of a document. The digest of its latest release covers all earlier ones; the link to the next archive is the
/// only other input.
fn key(inputs: &FormatInputs, document: Document) -> Digest {
    let releases = inputs.publication.history.releases();
    let newest = document.range(releases.len()).last().map(|at| releases[at].digest.to_string()).unwrap_or_default();
    let next = document.next(releases.len());
    Digest::of(format!("{}\0{newest}\0{next:?}", inputs.base_key).as_bytes())
}

impl Document {
    /// Returns its path below the site's root.
    pub fn path(self, ending: &str) -> String {
        match self {
            Document::Subscription => format!("feed.{ending}"),
            Document::Archive(number) => format!("feed/{number}.{ending}"),
        }
    }

    /// Returns how many folders it is below the root.
    pub fn depth(self) -> usize {
        usize::from(self != Document::Subscription)
    }

    /// Returns the positions of its releases, counted from the oldest.
    pub fn range(self, releases: usize) -> Range<usize> {
        match self {
            Document::Subscription => releases.saturating_sub(FEED_DOCUMENT)..releases,
            Document::Archive(number) => (number - 1) * FEED_DOCUMENT..number * FEED_DOCUMENT,
        }
    }

    /// Returns the document with the preceding releases.
    pub fn previous(self, releases: usize) -> Option<Document> {
        let number = match self {
            Document::Subscription => feed_archives(releases),
            Document::Archive(number) => number - 1,
        };
        (number > 0).then_some(Document::Archive(number))
    }

    /// Returns the archive with the following releases.
    pub fn next(self, releases: usize) -> Option<Document> {
        match self {
            Document::Archive(number) if number < feed_archives(releases) => Some(Document::Archive(number + 1)),
            _ => None,
        }
    }
}

/// A feed document with its inputs.
pub(super) struct Feed<'a> {
    pub inputs: &'a FormatInputs,
    pub document: Document,
    pub tags: Tags,
    /// The latest release of the document. The feed's title and author come from it, so that an archive does not change
    /// when they do.
    pub newest: &'a Release,
}

/// A feed entry.
pub(super) struct Entry<'a> {
    pub at: usize,
    pub release: &'a Release,
    pub text: FeedEntry,
}

impl<'a> Feed<'a> {
    /// Returns the document, or `None` if it would be empty.
    fn new(inputs: &'a FormatInputs, document: Document) -> Option<Feed<'a>> {
        let publication = &inputs.publication;
        let releases = publication.history.releases();
        let tags = Tags::of(&publication.history, &publication.settings)?;
        let newest = releases.get(document.range(releases.len()).last()?)?;
        Some(Feed { inputs, document, tags, newest })
    }

    /// Returns the entries, newest first.
    pub fn entries(&self) -> Result<Vec<Entry<'a>>, Report> {
        let releases = self.inputs.publication.history.releases();
        let root = self.address("");
        let entry = |at: usize| {
            let text = (self.inputs.entry)(at, &root)?;
            Ok(Entry { at, release: &releases[at], text })
        };
        self.document.range(releases.len()).rev().map(entry).collect()
    }

    /// Returns the title, such as `Trust & Compliance: Quantum SmartQR`.
    pub fn title(&self) -> String {
        format!("{}: {}", self.newest.disclosure.title, self.newest.disclosure.organization.name)
    }

    /// Returns the URL of a path below the site's root.
    pub fn address(&self, path: &str) -> String {
        self.inputs.address(path, self.document.depth())
    }

    /// Returns the document with the preceding releases.
    pub fn previous(&self) -> Option<Document> {
        self.document.previous(self.inputs.publication.history.len())
    }

    /// Returns the archive with the following releases.
    pub fn next(&self) -> Option<Document> {
        self.document.next(self.inputs.publication.history.len())
    }
}

/// Returns the publication time of a release (RFC 3339). Releases have a date without a time. Feed readers sort by time, so each
/// further release of a date is one second later.
pub(super) fn timestamp(release: &Release) -> String {
    let second = (release.version.number() - 1).min(86_399);
    format!("{}T{:02}:{:02}:{:02}Z", release.published, second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::{Document, feed_archives};

    #[test]
    fn every_release_is_reachable_from_the_subscription_document() {
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
    fn archives_always_contain_the_same_releases() {
        assert_eq!([1, 50, 51, 100, 101].map(feed_archives), [0, 0, 1, 1, 2]);
        assert_eq!(Document::Archive(2).range(101), Document::Archive(2).range(9_999));
    }
}
