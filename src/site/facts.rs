//! What decides which addresses a site has, and the list of those that it has.

use std::collections::BTreeSet;

use super::SitePath;
use super::map::{self, ADDRESSES, Address, Kind, Output, SCHEMAS, When};
use crate::model::{Date, Version};

/// How many releases the first page of the change log shows; a longer log has a page per year as well.
pub const CHANGELOG_PAGE: usize = 100;

/// How many releases a document of a feed holds at most.
pub const FEED_DOCUMENT: usize = 50;

/// How many archives a feed of so many releases has: full documents only, and none that would repeat the newest document.
pub fn feed_archives(releases: usize) -> usize {
    releases.saturating_sub(1) / FEED_DOCUMENT
}

/// What decides which addresses a site has. The renderer and the link check ask the same value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteFacts {
    /// Versions and dates of all releases, oldest first.
    pub releases: Vec<(Version, Date)>,
    /// Whether the site has an absolute address.
    pub has_base_url: bool,
    /// Whether `site.yaml` states all that `security.txt` needs.
    pub has_security_txt: bool,
    /// Whether the site shows unreleased content.
    pub is_draft: bool,
    /// Where the files of `static/` are published.
    pub files: BTreeSet<String>,
}

/// One address of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Its row in the map.
    pub address: &'static Address,
    /// Its position among the addresses of that row: of its release, counted from the oldest; of its year in
    /// [`SiteFacts::years`]; of its archive, counted from the oldest; of its schema in [`SCHEMAS`].
    pub nth: usize,
    /// The file.
    pub path: SitePath,
}

impl Location {
    /// The path as links have it: a folder's `index.html` is the folder.
    pub fn linked(&self) -> &str {
        map::linked(self.path.as_str())
    }
}

impl SiteFacts {
    /// The facts as they will be once the content is released on this date: what content may link to.
    pub fn once_released(mut self, date: Date) -> SiteFacts {
        let next = match self.releases.last() {
            Some((newest, published)) if newest.date() >= date => (newest.next_on_day(), *published),
            _ => (Version::first_on(date), date),
        };
        self.releases.push(next);
        self.is_draft = false;
        self
    }

    /// The years that have a page of the change log, newest first; none while one page holds the whole log.
    pub fn years(&self) -> Vec<i16> {
        if self.releases.len() <= CHANGELOG_PAGE {
            return Vec::new();
        }
        let mut years: Vec<i16> = self.releases.iter().rev().map(|(_, published)| published.year()).collect();
        years.dedup();
        years
    }

    /// The position of the oldest release on the first page of the change log.
    pub fn changelog_start(&self) -> usize {
        self.releases.len().saturating_sub(CHANGELOG_PAGE)
    }

    /// Every address at which candor writes something, in the order of the map.
    pub fn locations(&self) -> Vec<Location> {
        let mut locations = Vec::new();
        for address in ADDRESSES {
            let paths = self.values(address.when).into_iter().map(|value| address.with(&value));
            let numbered = paths.enumerate().filter_map(|(nth, path)| Some((nth, SitePath::new(path)?)));
            locations.extend(numbered.map(|(nth, path)| Location { address, nth, path }));
        }
        locations
    }

    /// What content may link to, as links have it: a folder's `index.html` is the folder.
    pub fn linkable(&self) -> BTreeSet<String> {
        let own = self.locations().into_iter().map(|location| location.path.to_string());
        let all = own.chain(self.files.iter().cloned()).filter(|path| map::find(path).is_linkable());
        all.map(|path| map::linked(&path).to_owned()).collect()
    }

    /// The address of an output, if the site has it; the first where it has several.
    pub fn find(&self, output: Output) -> Option<Location> {
        self.locations().into_iter().find(|location| location.address.kind == Kind::Output(output))
    }

    /// The values of the parameter; one empty value where an address has none.
    fn values(&self, when: When) -> Vec<String> {
        let once = |exists: bool| if exists { vec![String::new()] } else { Vec::new() };
        match when {
            When::Always => once(true),
            When::Released => once(!self.releases.is_empty()),
            When::Listed => once(self.has_base_url && !self.is_draft),
            When::SecurityTxt => once(self.has_security_txt),
            When::EachRelease => self.releases.iter().map(|(version, _)| version.to_string()).collect(),
            When::EachYear => self.years().into_iter().map(|year| format!("{year:04}")).collect(),
            When::EachFeedArchive => {
                (1..=feed_archives(self.releases.len())).map(|number| number.to_string()).collect()
            }
            When::EachSchema => SCHEMAS.map(str::to_owned).to_vec(),
            When::EachFile | When::Never => Vec::new(),
        }
    }
}
