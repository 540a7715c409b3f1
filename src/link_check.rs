//! Checks that every internal link of a finished site leads to a file and an anchor of that site.
//!
//! The check reads the bytes of each file as a sink produces them, so it sees what readers get, regardless of what wrote it: a template,
//! a format, or the publisher. The files of a site are known before any of them is rendered, but the anchors of a page only
//! when it is; so links to anchors of other pages are collected, and resolved after the last file.
//!
//! Text never fails this check: a link of content that leads nowhere is reported at its place before anything is rendered, and
//! a link of a release whose target is gone is written as text, with a note. What remains is the fault of a template, of a file
//! in `static/`, or of candor.

mod address;
mod gone;
mod read;
mod report;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::fast::RandomState;

use self::address::{SiteRoot, Target};
use self::read::FileLinks;
use crate::check;
use crate::diagnostic::{Report, Source};
use crate::hypertext::{Address, KnownRows};
use crate::publication::Publication;
use crate::render::Renderer;
use crate::site::map::INDEX;
use crate::site::{Artifact, Inspect, Site, SitePath};

/// Checks the links of one site.
#[derive(Debug)]
pub struct LinkCheck<'a> {
    site: &'a Site,
    publication: &'a Publication,
    /// The renderer, which knows the links of texts that lead nowhere.
    renderer: &'a Renderer,
    /// The custom templates, which may have written a link.
    templates: &'a [Arc<Source>],
    root: SiteRoot,
    /// The table rows that files share.
    rows: KnownRows,
    seen: Mutex<Seen>,
}

/// What the files so far contain.
#[derive(Debug, Default)]
struct Seen {
    /// The anchors of each page, one per line.
    anchors: HashMap<SitePath, Box<str>>,
    /// Links to anchors of other pages: the page and its anchor, and where they are.
    waiting: BTreeMap<(SitePath, String), Occurrence>,
    /// Problems, and where they are.
    faults: BTreeMap<Fault, Occurrence>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// The site has no file at the path.
    NoFile { path: String },
    /// The page has no such anchor; no page is given if the address consists only of the anchor.
    NoAnchor { page: Option<String>, anchor: String },
    /// The relative address leads out of the site.
    Outside { address: String },
    /// The address leads to another part of the host, but the site has a file at this path.
    Beside { path: String },
    /// The address begins with two slashes, so that it leads to a host with the name of a folder or file.
    Host { address: String },
    /// A page has the id twice.
    SameId { id: String },
}

/// Where the same link or id occurs.
#[derive(Debug, Clone)]
struct Occurrence {
    /// The first file that has it, by path.
    file: SitePath,
    /// The address as the file has it.
    address: String,
    /// The byte range of the address in the file, if the file is HTML or SVG.
    range: Option<Range<usize>>,
    /// The number of files that have it.
    files: usize,
}

impl Occurrence {
    /// Adds the occurrences in other files.
    fn merge(&mut self, other: Occurrence) {
        let files = self.files + other.files;
        if other.file < self.file {
            *self = other;
        }
        self.files = files;
    }
}

impl<'a> LinkCheck<'a> {
    /// Prepares the check of a site.
    pub fn new(
        site: &'a Site,
        publication: &'a Publication,
        renderer: &'a Renderer,
        templates: &'a [Arc<Source>],
    ) -> LinkCheck<'a> {
        let root = SiteRoot::new(publication.settings.base_url.as_ref());
        LinkCheck { site, publication, renderer, templates, root, rows: KnownRows::default(), seen: Mutex::default() }
    }

    /// Returns notes on links of releases that lead nowhere on the pages so far, and are written as text.
    pub fn gone(&self) -> Report {
        let mut report = gone::frozen(&self.renderer.gone_links(), self.publication);
        check::apply_levels(&mut report, &self.publication.settings);
        report
    }

    /// Returns the problems of the files so far, sorted.
    pub fn report(&self) -> Report {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut faults = seen.faults.clone();
        let mut anchors: (Option<&SitePath>, HashSet<&str>) = (None, HashSet::new());
        // The links are in the order of their pages.
        for ((page, anchor), occurrence) in &seen.waiting {
            // A page that could not be produced is reported by the sink.
            let Some(lines) = seen.anchors.get(page) else { continue };
            if anchors.0 != Some(page) {
                anchors = (Some(page), lines.lines().collect());
            }
            if !anchors.1.contains(anchor.as_str()) {
                let fault = Fault::NoAnchor { page: Some(page.to_string()), anchor: anchor.clone() };
                add(&mut faults, fault, occurrence.clone());
            }
        }
        let mut report = report::of(&faults, self);
        report.merge(gone::current(&self.renderer.gone_links(), self.publication));
        check::apply_levels(&mut report, &self.publication.settings);
        report
    }

    fn look(&self, path: &SitePath, artifact: &Artifact, bytes: &[u8]) {
        let Some(links) = read::links(path, artifact, bytes, &self.rows) else { return };
        let mut faults: BTreeMap<Fault, Occurrence> = BTreeMap::new();
        let mut waiting: BTreeMap<(SitePath, String), Occurrence> = BTreeMap::new();
        let (anchors, twice) = anchors(&links);
        for (address, range) in links.references() {
            let occurrence =
                || Occurrence { file: path.clone(), address: address.to_owned(), range: range.cloned(), files: 1 };
            match self.root.resolve(address, path.as_str(), links.base.as_deref()) {
                Target::Elsewhere => {
                    if path.as_str() == NOT_FOUND && self.is_folder_as_host(address) {
                        let fault = Fault::Host { address: address.to_owned() };
                        faults.entry(fault).or_insert_with(occurrence);
                    }
                }
                Target::Beside { path: target } => {
                    if self.site.get(&target).is_some() && !is_of_host(&target) {
                        faults.entry(Fault::Beside { path: target }).or_insert_with(occurrence);
                    }
                }
                Target::Outside => {
                    let fault = Fault::Outside { address: address.to_owned() };
                    faults.entry(fault).or_insert_with(occurrence);
                }
                Target::Here { path: target, anchor } if target == path.as_str() => {
                    if let Some(anchor) = anchor.filter(|anchor| links.has_anchors && !anchors.contains(&**anchor)) {
                        let page = (!address.starts_with('#')).then(|| path.to_string());
                        let fault = Fault::NoAnchor { page, anchor: anchor.into_owned() };
                        faults.entry(fault).or_insert_with(occurrence);
                    }
                }
                Target::Here { path: target, anchor } => match (self.site.get_key_value(&target), anchor) {
                    (None, _) => {
                        let fault = Fault::NoFile { path: target.into_owned() };
                        faults.entry(fault).or_insert_with(occurrence);
                    }
                    (Some((page, artifact)), Some(anchor)) if read::has_anchors(page, artifact) => {
                        waiting.entry((page.clone(), anchor.into_owned())).or_insert_with(occurrence);
                    }
                    (Some(_), _) => {}
                },
            }
        }
        for anchor in &links.lost_anchors {
            let occurrence = Occurrence { file: path.clone(), address: format!("#{anchor}"), range: None, files: 1 };
            faults.insert(Fault::NoAnchor { page: None, anchor: anchor.clone() }, occurrence);
        }
        faults.extend(self.same_ids(path, twice));
        let lines = links.has_anchors.then(|| lines(&links));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lines) = lines {
            seen.anchors.insert(path.clone(), lines);
        }
        for (fault, occurrence) in faults {
            add(&mut seen.faults, fault, occurrence);
        }
        for (target, occurrence) in waiting {
            add(&mut seen.waiting, target, occurrence);
        }
    }

    /// Whether an address is that of a host by mistake: `{{ page.root }}/folder/` on the page whose `page.root` is `/`.
    fn is_folder_as_host(&self, address: &str) -> bool {
        let Some(below) = address.strip_prefix("//") else { return false };
        let host = below.split(['/', '?', '#']).next().unwrap_or_default();
        let is_name = !host.is_empty() && !host.contains(['.', ':', '[', '@']) && host != "localhost";
        is_name
            || matches!(self.root.resolve(&address[1..], "", None), Target::Here { path, .. } if self.site.get(&path).is_some())
    }

    /// Returns the faults of ids that a page has twice. An id of a release cannot be changed, so it is not reported on its
    /// archived page, where a later version of the theme may have taken it.
    fn same_ids(&self, path: &SitePath, twice: Vec<&Address<'_>>) -> Vec<(Fault, Occurrence)> {
        let fault = |id: &Address<'_>| {
            let fault = Fault::SameId { id: id.value.to_string() };
            let address = id.value.to_string();
            (fault, Occurrence { file: path.clone(), address, range: Some(id.range.clone()), files: 1 })
        };
        let is_frozen = |id: &Address<'_>| report::is_frozen_id(self.publication, path, &id.value);
        twice.into_iter().filter(|id| !is_frozen(id)).map(fault).collect()
    }
}

impl Inspect for LinkCheck<'_> {
    fn file(&self, path: &SitePath, artifact: &Artifact, bytes: &[u8]) {
        self.look(path, artifact, bytes);
    }

    fn verdict(&self) -> Report {
        self.report()
    }
}

/// The only page that does not know at which address it is shown, so that its links begin with the path of the site.
const NOT_FOUND: &str = "404.html";

/// Whether hosts usually have a file at this path of their root, so that an address of it is hardly meant to be one of the site.
fn is_of_host(path: &str) -> bool {
    matches!(path, INDEX | "robots.txt") || path.starts_with("favicon.") || path.starts_with(".well-known/")
}

/// Returns the anchors of a file, and the ids that it has twice.
fn anchors<'a>(links: &'a FileLinks<'_>) -> (HashSet<&'a str, RandomState>, Vec<&'a Address<'a>>) {
    let mut anchors = HashSet::with_capacity_and_hasher(links.ids.len(), RandomState::default());
    let twice = links.ids.iter().filter(|id| !anchors.insert(&*id.value)).collect();
    anchors.extend(links.names.iter().map(|name| &**name));
    (anchors, twice)
}

/// Returns the anchors of a page, one per line.
fn lines(links: &FileLinks<'_>) -> Box<str> {
    let mut lines = String::with_capacity(links.ids.iter().map(|id| id.value.len() + 1).sum());
    for anchor in links.ids.iter().map(|id| &id.value).chain(&links.names) {
        lines.push_str(anchor);
        lines.push('\n');
    }
    lines.into()
}

fn add<K: Ord>(all: &mut BTreeMap<K, Occurrence>, key: K, occurrence: Occurrence) {
    match all.get_mut(&key) {
        Some(known) => known.merge(occurrence),
        None => drop(all.insert(key, occurrence)),
    }
}
