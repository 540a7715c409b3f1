//! Links of texts to anchors, which exist or not only once a page is rendered.
//!
//! A custom template decides which ids a page has, so no list of anchors is right for every theme. A page is therefore rendered
//! first with all links of its texts; then each link to an anchor is looked up in the pages as they are. If an anchor is
//! missing, the page is rendered again with that link as text. That is rare, and costs nothing otherwise.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use super::links::{TextOrigin, shown};
use super::renderer::Renderer;
use crate::diagnostic::Report;
use crate::hypertext::{self, Syntax};
use crate::markdown::{self, LinkTarget, Resolved};
use crate::model::Digest;
use crate::site::map::{self, INDEX, Kind, PageKind};
use crate::text::{html, percent};
use crate::wording::dated;

/// A link of a text to an anchor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct AnchorLink {
    /// The path of the page, as links have it; `None` for the page that shows the text.
    pub page: Option<String>,
    pub anchor: String,
}

impl AnchorLink {
    /// Returns the anchor that a resolved link leads to, if it leads to one.
    pub fn of(target: &LinkTarget, resolved: &Resolved) -> Option<AnchorLink> {
        let page = match resolved {
            Resolved::Path(path) => Some(map::linked(path).to_owned()),
            Resolved::Written => None,
            Resolved::Gone => return None,
        };
        match target {
            LinkTarget::Anchor(anchor) => (!anchor.is_empty()).then(|| AnchorLink { page, anchor: anchor.clone() }),
            LinkTarget::Site { path, suffix } => {
                let (_, fragment) = suffix.split_once('#')?;
                let anchor = percent::anchor(fragment)?.into_owned();
                Some(AnchorLink { page: Some(page.unwrap_or_else(|| map::linked(path).to_owned())), anchor })
            }
            // An address of the site itself has a path.
            LinkTarget::Web(address) => {
                let (_, fragment) = address.split_once('#')?;
                Some(AnchorLink { page: Some(page?), anchor: percent::anchor(fragment)?.into_owned() })
            }
            LinkTarget::Mail { .. } | LinkTarget::Phone(_) => None,
        }
    }
}

/// The links of texts whose targets may not exist.
#[derive(Debug, Default)]
pub(super) struct TextLinks {
    /// The anchors that are linked.
    pub anchors: BTreeSet<AnchorLink>,
    /// The addresses of links that lead nowhere, which are written as text.
    pub gone: BTreeSet<String>,
}

/// The links of the texts of one page, collected while it is rendered.
#[derive(Debug, Default)]
pub(super) struct PageLinks {
    /// Anchors that do not exist.
    pub missing: Arc<BTreeSet<AnchorLink>>,
    anchors: RefCell<BTreeSet<AnchorLink>>,
    gone: RefCell<BTreeSet<(String, bool)>>,
}

impl PageLinks {
    /// Adds the links of a text.
    pub fn add(&self, links: &TextLinks, origin: TextOrigin) {
        if !links.anchors.is_empty() {
            self.anchors.borrow_mut().extend(links.anchors.iter().cloned());
        }
        if !links.gone.is_empty() {
            let is_frozen = matches!(origin, TextOrigin::Archived(_) | TextOrigin::Summary(_));
            self.gone.borrow_mut().extend(links.gone.iter().map(|address| (address.clone(), is_frozen)));
        }
    }
}

/// A link of a text that leads nowhere and is written as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoneLink {
    /// The address, as messages show it: a path from the root of the site, or only an anchor.
    pub address: String,
    /// The page that shows the text.
    pub page: PageKind,
    /// The position of the page among those of its kind, as in [`Location`](crate::site::Location).
    pub nth: usize,
    /// Whether the text belongs to a release that is not the current statement, and cannot be corrected.
    pub is_frozen: bool,
}

/// What is known about the anchors of pages.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// The anchors of pages that texts link to; `None` for a file without anchors.
    known: Mutex<HashMap<String, Option<Arc<HashSet<String>>>>>,
    /// The links that lead nowhere on the pages that were rendered.
    gone: Mutex<BTreeSet<GoneLink>>,
}

impl Renderer {
    /// Renders a page. Links of texts to anchors that do not exist are written as text.
    ///
    /// # Errors
    /// Returns a diagnostic with its place in the template.
    pub(super) fn finished_page(&self, kind: PageKind, nth: usize) -> Result<String, Report> {
        let mut links = Rc::new(PageLinks::default());
        let mut html = self.page(kind, nth, &links)?;
        let missing = self.missing(&links, Some((&self.page_path(kind, nth), &html)));
        if !missing.is_empty() {
            links = Rc::new(PageLinks { missing: Arc::new(missing), ..PageLinks::default() });
            html = self.page(kind, nth, &links)?;
        }
        let gone = links.gone.borrow();
        if !gone.is_empty() {
            let link = |(address, is_frozen): &(String, bool)| GoneLink {
                address: address.clone(),
                page: kind,
                nth,
                is_frozen: *is_frozen,
            };
            let mut all = self.anchors().gone.lock().unwrap_or_else(PoisonError::into_inner);
            all.extend(gone.iter().map(link));
        }
        Ok(html)
    }

    /// Renders HTML that is not a page, such as a feed entry, in the same way.
    pub(super) fn finished<T>(&self, render: impl Fn(&Rc<PageLinks>) -> Result<T, Report>) -> Result<T, Report> {
        let links = Rc::new(PageLinks::default());
        let rendered = render(&links)?;
        let missing = self.missing(&links, None);
        match missing.is_empty() {
            true => Ok(rendered),
            false => render(&Rc::new(PageLinks { missing: Arc::new(missing), ..PageLinks::default() })),
        }
    }

    /// Returns the links that lead nowhere on the pages that have been rendered so far, in order.
    pub fn gone_links(&self) -> Vec<GoneLink> {
        self.anchors().gone.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Returns the linked anchors that do not exist. `own` is the page that shows the texts, with its path.
    fn missing(&self, links: &PageLinks, own: Option<(&str, &str)>) -> BTreeSet<AnchorLink> {
        let is_missing = |link: &&AnchorLink| match (&link.page, own) {
            // What is read outside of the site has no anchors.
            (None, None) => true,
            (None, Some((_, html))) => !has_anchor(html, &link.anchor),
            (Some(page), Some((path, html))) if page == path => !has_anchor(html, &link.anchor),
            (Some(page), _) => self.lacks_anchor(page, &link.anchor),
        };
        links.anchors.borrow().iter().filter(is_missing).cloned().collect()
    }

    /// Whether the file at a path has anchors, but not this one.
    pub fn lacks_anchor(&self, page: &str, anchor: &str) -> bool {
        let known =
            |anchors: &Option<Arc<HashSet<String>>>| anchors.as_ref().is_some_and(|anchors| !anchors.contains(anchor));
        if let Some(anchors) = self.anchors().known.lock().unwrap_or_else(PoisonError::into_inner).get(page) {
            return known(anchors);
        }
        // Not while the lock is held: other threads need other pages.
        let anchors = self.anchors_of(page).map(Arc::new);
        let lacks = known(&anchors);
        self.anchors().known.lock().unwrap_or_else(PoisonError::into_inner).insert(page.to_owned(), anchors);
        lacks
    }

    /// Returns the anchors of the page or file at a path; `None` if it has none or cannot be rendered.
    fn anchors_of(&self, path: &str) -> Option<HashSet<String>> {
        let file = if path.is_empty() || path.ends_with('/') { format!("{path}{INDEX}") } else { path.to_owned() };
        if let Some(location) = self.facts().locations().into_iter().find(|other| other.path.as_str() == file)
            && let Kind::Page(kind) = location.address.kind
        {
            let nth = location.nth;
            // Whether a link is written as a link or as text does not change the anchors of a page.
            let html = self.page(kind, nth, &Rc::default()).ok()?;
            return Some(anchors(&html, Syntax::Html));
        }
        let (_, asset) = self.publication().assets.iter().find(|(_, asset)| asset.path.as_str() == file)?;
        let text = std::str::from_utf8(&asset.bytes).ok()?;
        match asset.media_type.as_str() {
            "image/svg+xml" => Some(anchors(text, Syntax::Xml)),
            _ if asset.media_type.is_html() => Some(anchors(text, Syntax::Html)),
            _ => None,
        }
    }

    /// Returns the path of a page, as links have it.
    fn page_path(&self, kind: PageKind, nth: usize) -> String {
        let value = match kind {
            PageKind::Release => self.publication().history.releases()[nth].version.to_string(),
            PageKind::Own => self.facts().pages.get(nth).cloned().unwrap_or_default(),
            PageKind::ArchivedOwn => self.facts().archived_pages.get(nth).cloned().unwrap_or_default(),
            PageKind::Questionnaire => self.facts().questionnaires.get(nth).cloned().unwrap_or_default(),
            PageKind::ArchivedQuestionnaire => {
                self.facts().archived_questionnaires.get(nth).cloned().unwrap_or_default()
            }
            PageKind::Update => self.facts().updates.get(nth).cloned().unwrap_or_default(),
            PageKind::ArchivedUpdate => self.facts().archived_updates.get(nth).cloned().unwrap_or_default(),
            PageKind::ChangelogYear => {
                self.facts().years().get(nth).map(|year| format!("{year:04}")).unwrap_or_default()
            }
            _ => String::new(),
        };
        kind.path(&value)
    }

    /// Returns a digest of the links of releases to other pages that lead nowhere, and of addresses that lead elsewhere. They depend on more than the release, so
    /// they are part of the key of every page; `None` if there are none.
    pub(super) fn gone_key(&self) -> Option<Digest> {
        let mut targets: HashMap<*const u8, Vec<LinkTarget>> = HashMap::new();
        let mut is_own: HashMap<*const u8, bool> = HashMap::new();
        let settings = &self.publication().settings;
        let mut gone = String::new();
        for (at, release) in self.publication().history.releases().iter().enumerate() {
            let items = crate::model::List::ALL.iter().flat_map(|list| release.disclosure.items(*list));
            let texts = items.flat_map(|item| item.prose()).map(|(_, text)| (text, TextOrigin::Archived(at)));
            for (text, origin) in texts.chain([(release.summary.as_str(), TextOrigin::Summary(at))]) {
                // Releases share most of their texts.
                for target in targets.entry(text.as_ptr()).or_insert_with(|| self.site_links(text)) {
                    let resolved = self.resolve(target, origin);
                    let link = AnchorLink::of(target, &resolved);
                    let lacks = |link: AnchorLink| self.lacks_anchor(link.page.as_deref()?, &link.anchor).then_some(());
                    if resolved == Resolved::Gone || link.and_then(lacks).is_some() {
                        gone += &format!("{at}\0{}\n", shown(target));
                    }
                }
            }
            for url in release.disclosure.urls() {
                if *is_own.entry(url.as_str().as_ptr()).or_insert_with(|| settings.own_path(url.as_str()).is_some())
                    && let Some(now) = self.address_now(url, at)
                {
                    gone += &format!("{at}\0{url}\0{:?}\n", now.link());
                }
            }
        }
        (!gone.is_empty()).then(|| Digest::of(gone.as_bytes()))
    }

    /// Returns the links of a text of a release to other pages of the site.
    fn site_links(&self, text: &str) -> Vec<LinkTarget> {
        if !["](", "]:", "<http"].iter().any(|mark| text.contains(mark)) {
            return Vec::new();
        }
        let links = markdown::render(text, &markdown::RenderOptions::new("")).links.into_iter();
        let leaves = |target: &LinkTarget| match target {
            LinkTarget::Site { .. } => true,
            LinkTarget::Anchor(anchor) => anchor.starts_with(dated::ANCHOR),
            LinkTarget::Web(address) => self.publication().settings.own_path(address).is_some(),
            LinkTarget::Mail { .. } | LinkTarget::Phone(_) => false,
        };
        links.map(|link| link.target).filter(leaves).collect()
    }
}

/// Whether a page has an anchor.
fn has_anchor(page: &str, anchor: &str) -> bool {
    page.contains(&format!("id=\"{}\"", html::escape(anchor))) || anchors(page, Syntax::Html).contains(anchor)
}

fn anchors(text: &str, syntax: Syntax) -> HashSet<String> {
    let found = hypertext::read(text, syntax);
    let ids = found.ids.into_iter().map(|id| id.value.into_owned());
    ids.chain(found.names.into_iter().map(std::borrow::Cow::into_owned)).collect()
}
