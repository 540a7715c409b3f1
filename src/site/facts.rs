//! The facts that determine the addresses of a site, and the addresses that follow from them.

use std::collections::BTreeSet;

use super::map::{self, ADDRESSES, Address, Kind, Output, SCHEMAS, When};
use super::{Alias, SitePath};
use crate::model::{Date, Disclosure, List, Version};

/// The number of releases on the first page of the change log. Longer change logs also have one page per year.
pub const CHANGELOG_PAGE: usize = 100;

/// The maximum number of releases in one feed document.
pub const FEED_DOCUMENT: usize = 50;

/// The number of archive documents of a feed with this many releases. Archives are always full, and none repeats the newest
/// document.
pub fn feed_archives(releases: usize) -> usize {
    releases.saturating_sub(1) / FEED_DOCUMENT
}

/// The facts that determine the addresses of a site. The renderer and the link check use the same value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteFacts {
    /// Versions and dates of all releases, oldest first.
    pub releases: Vec<(Version, Date)>,
    /// Whether `base_url` is set.
    pub has_base_url: bool,
    /// Whether `site.yaml` has all fields that `security.txt` requires.
    pub has_security_txt: bool,
    /// Whether the site shows unreleased changes.
    pub is_draft: bool,
    /// The published paths of the files in `static/`.
    pub files: BTreeSet<String>,
    /// The names of the calendar files of changes, in order.
    pub notices: Vec<String>,
    /// The distinct files that releases bind, as `SHA256/NAME`, in order.
    pub bound_files: Vec<String>,
    /// The aliases whose addresses are free, sorted by path.
    pub stated_aliases: Vec<Alias>,
    /// The names of the publisher's pages, in order.
    pub pages: Vec<String>,
    /// The publisher's pages in all releases, as `VERSION/NAME`, oldest release first.
    pub archived_pages: Vec<String>,
    /// The names of the questionnaires, in order.
    pub questionnaires: Vec<String>,
    /// The questionnaires in all releases, as `VERSION/questionnaires/NAME`, oldest release first.
    pub archived_questionnaires: Vec<String>,
    /// The names of the updates, in order.
    pub updates: Vec<String>,
    /// The updates in all releases, as `VERSION/updates/NAME`, oldest release first.
    pub archived_updates: Vec<String>,
}

/// An address of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The row of the map that describes it.
    pub address: &'static Address,
    /// The position among the addresses of that row: of the release, counted from the oldest; of the year in
    /// [`SiteFacts::years`]; of the feed archive, counted from the oldest; of the file in
    /// [`SiteFacts::bound_files`]; of the alias in [`SiteFacts::aliases`]; of the change in [`SiteFacts::notices`]; of the page in
    /// [`SiteFacts::pages`] or
    /// [`SiteFacts::archived_pages`]; of the questionnaire in [`SiteFacts::questionnaires`] or
    /// [`SiteFacts::archived_questionnaires`]; of the update in [`SiteFacts::updates`] or [`SiteFacts::archived_updates`]; of the schema in [`SCHEMAS`].
    pub nth: usize,
    /// The path of the file.
    pub path: SitePath,
}

impl Location {
    /// The path for links, without `index.html`.
    pub fn linked(&self) -> &str {
        map::linked(self.path.as_str())
    }
}

impl SiteFacts {
    /// The facts after the content is released on this date. They determine what the content may link to.
    pub fn once_released(mut self, date: Date) -> SiteFacts {
        let next = match self.releases.last() {
            Some((newest, published)) if newest.date() >= date => (newest.next_on_day(), *published),
            _ => (Version::first_on(date), date),
        };
        self.archived_pages.extend(self.pages.iter().map(|name| format!("{}/{name}", next.0)));
        let archived = |list: List, names: &[String]| -> Vec<String> {
            names.iter().map(|name| SiteFacts::archived_item(next.0, list, name)).collect()
        };
        self.archived_questionnaires.extend(archived(List::Questionnaires, &self.questionnaires));
        self.archived_updates.extend(archived(List::Updates, &self.updates));
        self.releases.push(next);
        self.is_draft = false;
        self
    }

    /// Returns the names of the items of a list that are pages, for [`SiteFacts::pages`], [`SiteFacts::questionnaires`] and
    /// [`SiteFacts::updates`].
    pub fn names_of(disclosure: &Disclosure, list: List) -> Vec<String> {
        disclosure.items(list).into_iter().map(|item| item.id().to_string()).collect()
    }

    /// Returns the value for [`SiteFacts::archived_questionnaires`] and [`SiteFacts::archived_updates`].
    pub fn archived_item(version: Version, list: List, name: &str) -> String {
        format!("{version}/{list}/{name}")
    }

    /// The years that have a change log page, newest first; empty if the whole change log fits on one page.
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

    /// Returns all addresses at which candor writes a file, in the order of the map.
    pub fn locations(&self) -> Vec<Location> {
        let mut locations = Vec::new();
        for address in ADDRESSES {
            let paths = self.values(address).into_iter().map(|value| address.with(&value));
            let numbered = paths.enumerate().filter_map(|(nth, path)| Some((nth, SitePath::new(path)?)));
            locations.extend(numbered.map(|(nth, path)| Location { address, nth, path }));
        }
        locations
    }

    /// Returns the paths that content may link to, without `index.html`.
    pub fn linkable(&self) -> BTreeSet<String> {
        let own = self.locations().into_iter().map(|location| location.path.to_string());
        let all = own.chain(self.files.iter().cloned()).filter(|path| map::find(path).is_linkable());
        all.map(|path| map::linked(&path).to_owned()).collect()
    }

    /// Returns the aliases whose targets exist.
    pub fn aliases(&self) -> impl Iterator<Item = &Alias> {
        self.stated_aliases.iter().filter(|alias| self.has(&alias.page))
    }

    /// Whether the site has a page or a file at a path, as links have it. Aliases do not count.
    pub fn has(&self, linked: &str) -> bool {
        let is_folder = linked.is_empty() || linked.ends_with('/');
        let file = if is_folder { format!("{linked}{}", map::INDEX) } else { linked.to_owned() };
        let row = map::find(&file);
        let is_written = || self.values(row).iter().any(|value| row.with(value) == file);
        self.files.contains(&file) || (row.when != When::EachAlias && row.is_linkable() && is_written())
    }

    /// Returns the path of the feed of updates, which the site has if the newest release has updates.
    pub fn updates_feed(&self) -> Option<&'static str> {
        let (version, _) = self.releases.last()?;
        let newest = self.archived_updates.last()?.split('/').next();
        (newest == Some(&version.to_string())).then(map::updates_feed)
    }

    /// Returns the first address of an output, if the site has it.
    pub fn find(&self, output: Output) -> Option<Location> {
        self.locations().into_iter().find(|location| location.address.kind == Kind::Output(output))
    }

    /// Returns the values of the pattern's parameter; one empty value for an address without a parameter.
    fn values(&self, address: &Address) -> Vec<String> {
        let once = |exists: bool| if exists { vec![String::new()] } else { Vec::new() };
        match address.when {
            When::Always => once(true),
            When::Released => once(!self.releases.is_empty()),
            When::Listed => once(self.has_base_url && !self.is_draft),
            When::SecurityTxt => once(self.has_security_txt),
            // A file of the publisher replaces it.
            When::Aliased => once(self.aliases().next().is_some() && !self.files.contains(address.pattern)),
            When::EachAlias => self.aliases().map(|alias| alias.path.clone()).collect(),
            When::EachPage => self.pages.clone(),
            When::EachArchivedPage => self.archived_pages.clone(),
            When::Questionnaires => once(!self.questionnaires.is_empty()),
            When::EachQuestionnaire => self.questionnaires.clone(),
            When::EachArchivedQuestionnaire => self.archived_questionnaires.clone(),
            When::Updates => once(!self.updates.is_empty()),
            When::ReleasedUpdates => once(self.updates_feed().is_some()),
            When::EachUpdate => self.updates.clone(),
            When::EachArchivedUpdate => self.archived_updates.clone(),
            When::EachRelease => self.releases.iter().map(|(version, _)| version.to_string()).collect(),
            When::EachYear => self.years().into_iter().map(|year| format!("{year:04}")).collect(),
            When::EachFeedArchive => {
                (1..=feed_archives(self.releases.len())).map(|number| number.to_string()).collect()
            }
            When::EachBoundFile => self.bound_files.clone(),
            When::EachNotice => self.notices.clone(),
            When::EachSchema => SCHEMAS.map(str::to_owned).to_vec(),
            When::EachFile | When::Never => Vec::new(),
        }
    }
}
