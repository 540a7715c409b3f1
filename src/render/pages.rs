//! Which pages a site has, and what each is made from.
//!
//! Pages are deferred: a sink makes them on its own threads. The key of each page is a digest of all that it
//! is made from, so that an archived page is made again only when its release, the theme or the settings change.

use std::sync::Arc;

use rayon::prelude::*;

use super::changelog::{PAGE_OF_ENTRIES, position};
use super::edition::Edition;
use super::renderer::{Renderer, Spot};
use super::script;
use super::structured;
use super::theme::safe;
use super::view::{AlternateView, LinkView, PageView};
use crate::diagnostic::Report;
use crate::history::Release;
use crate::model::{Date, Digest};
use crate::schedule::{self, Origin, Request, Schedule};
use crate::site::{Artifact, SitePath};

/// Path of the trust page's file.
const FRONT: &str = "index.html";

/// What one page shows.
#[derive(Debug, Clone)]
enum Page {
    Trust,
    Subprocessors,
    Changelog,
    ChangelogYear(i16),
    Release(usize),
    Schedule,
    Compare,
    NotFound,
}

/// All pages of the renderer's publication.
pub fn pages(renderer: &Arc<Renderer>) -> Vec<(SitePath, Artifact)> {
    let history = &renderer.publication().history;
    let mut pages = vec![Page::Trust, Page::Subprocessors, Page::Changelog, Page::Schedule, Page::NotFound];
    if !history.is_empty() {
        pages.push(Page::Compare);
    }
    if history.len() > PAGE_OF_ENTRIES {
        pages.extend(renderer.years().into_iter().map(Page::ChangelogYear));
    }
    pages.extend((0..history.len()).map(Page::Release));
    let base = renderer.base_key();
    let front = renderer.front_key();
    pages
        .into_par_iter()
        .filter_map(|page| {
            let path = SitePath::new(page.file(renderer))?;
            let key = match page {
                Page::Release(at) => archive_key(renderer, at, base),
                _ => front,
            };
            let renderer = Arc::clone(renderer);
            let artifact = Artifact::deferred(&path, key, move || page.render(&renderer).map(String::into_bytes));
            Some((path, artifact))
        })
        .collect()
}

/// A page that search engines may list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexable {
    /// Path below the site's root: a folder with its slash, empty for the trust page.
    pub path: String,
    /// The day on which what it states last changed.
    pub changed: Date,
}

/// The pages that search engines may list, the trust page first; none where nothing was released, and none of a draft.
///
/// Archived pages are not among them: a search should find what is stated today.
pub fn indexable(renderer: &Renderer) -> Vec<Indexable> {
    let releases = renderer.publication().history.releases();
    let Some(newest) = releases.last().filter(|_| renderer.publication().draft.is_none()) else { return Vec::new() };
    let listed = |at: usize| &releases[at].disclosure.subprocessors;
    let mut since = releases.len() - 1;
    while since > 0 && listed(since - 1) == listed(since) {
        since -= 1;
    }
    let years = if releases.len() > PAGE_OF_ENTRIES { renderer.years() } else { Vec::new() };
    let mut pages = vec![(Page::Trust, newest.published), (Page::Subprocessors, releases[since].published)];
    pages.push((Page::Changelog, newest.published));
    pages.extend(years.into_iter().filter_map(|year| {
        let last = releases.iter().rev().find(|release| release.published.year() == year)?;
        Some((Page::ChangelogYear(year), last.published))
    }));
    pages.push((Page::Schedule, releases[since].published));
    pages.into_iter().map(|(page, changed)| Indexable { path: page.path(renderer), changed }).collect()
}

impl Page {
    /// The address below the root: a folder with its slash, empty for the trust page.
    fn path(&self, renderer: &Renderer) -> String {
        match self {
            Page::Trust | Page::NotFound => String::new(),
            Page::Subprocessors => "subprocessors/".to_owned(),
            Page::Changelog => "changelog/".to_owned(),
            Page::ChangelogYear(year) => format!("changelog/{year:04}/"),
            Page::Release(at) => format!("releases/{}/", renderer.publication().history.releases()[*at].version),
            Page::Schedule => "schedule/".to_owned(),
            Page::Compare => "compare/".to_owned(),
        }
    }

    fn file(&self, renderer: &Renderer) -> String {
        match self {
            Page::NotFound => "404.html".to_owned(),
            _ => format!("{}{FRONT}", self.path(renderer)),
        }
    }

    fn render(&self, renderer: &Renderer) -> Result<String, Report> {
        let front = renderer.front()?;
        match self {
            Page::Trust => renderer.trust(&front),
            Page::Subprocessors => renderer.subprocessors_page(&front),
            Page::Changelog => renderer.changelog_page(&front, None),
            Page::ChangelogYear(year) => renderer.changelog_page(&front, Some(*year)),
            Page::Release(at) => renderer.archive(*at),
            Page::Schedule => renderer.schedule_page(&front),
            Page::Compare => renderer.compare_page(&front),
            Page::NotFound => renderer.not_found(&front),
        }
    }
}

/// What an archived page is made from: its release (whose digest covers all before it) and the link to the next.
fn archive_key(renderer: &Renderer, at: usize, base: Digest) -> Digest {
    let releases = renderer.publication().history.releases();
    let next = releases.get(at + 1).map(|next| next.version.to_string()).unwrap_or_default();
    Digest::of(format!("{base}\0{}\0{next}", releases[at].digest).as_bytes())
}

impl Renderer {
    /// What everything is made from: program, theme, settings, assets.
    pub fn base_key(&self) -> Digest {
        let publication = self.publication();
        let settings = serde_json::to_string(&publication.settings).unwrap_or_default();
        let parts = format!(
            "{}\0{}\0{settings}\0{}",
            env!("CARGO_PKG_VERSION"),
            self.theme().digest(),
            publication.assets.key()
        );
        Digest::of(parts.as_bytes())
    }

    /// What everything about the present is made from: the newest release or the draft, and the day, besides.
    pub fn front_key(&self) -> Digest {
        let publication = self.publication();
        let head = publication.history.newest().map(|release| release.digest.to_string()).unwrap_or_default();
        let draft =
            publication.draft.as_ref().map(|draft| serde_json::to_string(&draft.disclosure).unwrap_or_default());
        let parts = format!("{}\0{head}\0{}\0{draft:?}", self.base_key(), publication.as_of);
        Digest::of(parts.as_bytes())
    }

    /// The edition that the pages about the present show.
    pub(super) fn front(&self) -> Result<Edition<'_>, Report> {
        let publication = self.publication();
        let day = publication.as_of;
        match (&publication.draft, publication.history.newest()) {
            (Some(draft), _) => Ok(Edition::Draft { disclosure: &draft.disclosure, day }),
            (None, Some(release)) => Ok(Edition::Current { release, day }),
            (None, None) => Err(crate::diagnostic::Diagnostic::error("nothing-released", "nothing was ever released")
                .help("freeze the content with `candor release -m \"First release\"`")
                .into()),
        }
    }

    /// The place of a page, with what its head says.
    pub(super) fn spot(&self, kind: &'static str, title: String, path: &str, edition: &Edition) -> Spot {
        let root = match path.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        };
        Spot::at(PageView {
            kind,
            title,
            alternates: self.alternates(kind),
            structured: self.structured(kind, &root, edition),
            description: edition.disclosure().description.clone(),
            root,
            path: path.to_owned(),
            canonical: self.publication().absolute(path),
            noindex: edition.is_draft() || matches!(kind, "release" | "compare"),
            draft: edition.is_draft(),
        })
    }

    /// The feeds, where something was released; and the trust page as Markdown.
    fn alternates(&self, kind: &str) -> Vec<AlternateView> {
        let words = self.words();
        let alternate = |media_type, href, key| AlternateView { media_type, href, title: words.get(key).to_owned() };
        let feeds = [
            alternate("application/atom+xml", "feed.xml", "changelog.title"),
            alternate("application/feed+json", "feed.json", "changelog.title"),
        ];
        let feeds = feeds.into_iter().filter(|_| !self.publication().history.is_empty());
        let copy = alternate("text/markdown", "index.md", "nav.home");
        feeds.chain((kind == "trust").then_some(copy)).collect()
    }

    /// JSON-LD for the pages that search engines look at.
    fn structured(&self, kind: &str, root: &str, edition: &Edition) -> Option<tera::Value> {
        let absolute = self.publication().absolute("");
        let addresses = structured::Addresses { root: absolute.as_deref().unwrap_or(root) };
        let logo = self.publication().settings.theme.logo.as_deref().and_then(|logo| self.published(logo));
        let value = match kind {
            _ if edition.is_draft() => return None,
            "trust" => structured::trust(edition, &addresses, self.words(), logo.as_deref()),
            "subprocessors" => structured::subprocessors(edition, &addresses, self.words()),
            _ => return None,
        };
        Some(safe(&structured::embedded(&value)))
    }

    /// A context with what every page has: `page`, `site`, `release` (unless it is a draft) and `draft` (if it is one).
    pub(super) fn page_context(&self, edition: &Edition, spot: &Spot) -> Result<tera::Context, Report> {
        let mut context = spot.context();
        let version = edition.release().map(|release| release.version.to_string());
        context.insert("site", &self.site(edition.disclosure(), version.as_deref().unwrap_or_default(), spot));
        let releases = self.publication().history.releases();
        let release = edition.release().or(releases.last());
        context.insert("release", &release.map(|release| self.release(position(releases, release), spot)));
        let draft = self.publication().draft.as_ref().filter(|_| edition.is_draft());
        context.insert("draft", &draft.map(|draft| self.draft(draft)));
        Ok(context)
    }

    fn trust(&self, edition: &Edition) -> Result<String, Report> {
        let title = edition.disclosure().title.clone();
        let spot = self.spot("trust", title, "", edition);
        let mut context = self.page_context(edition, &spot)?;
        context.insert("sections", &self.sections(edition, &spot)?);
        self.render("index.html", &context)
    }

    fn subprocessors_page(&self, edition: &Edition) -> Result<String, Report> {
        let title = self.words().get("subprocessors.title").to_owned();
        let spot = self.spot("subprocessors", title, "subprocessors/", edition);
        let mut context = self.page_context(edition, &spot)?;
        context.insert_value("table", self.subprocessors(edition, &spot)?);
        context.insert("former", &self.former());
        self.render("subprocessors.html", &context)
    }

    fn archive(&self, at: usize) -> Result<String, Report> {
        let releases = self.publication().history.releases();
        let release = &releases[at];
        let edition = Edition::Archived { release };
        let version = release.version.to_string();
        let path = format!("releases/{version}/");
        let title = self
            .words()
            .fill("archive.title", &[("title", release.disclosure.title.as_str()), ("version", version.as_str())]);
        let spot = self.spot("release", title, &path, &edition);
        let mut context = self.page_context(&edition, &spot)?;
        context.insert("sections", &self.sections(&edition, &spot)?);
        context.insert("groups", &self.groups(at));
        let link = |release: &Release| LinkView {
            href: format!("releases/{}/", release.version),
            text: release.version.to_string(),
        };
        context.insert("previous", &at.checked_sub(1).map(|before| link(&releases[before])));
        context.insert("next", &releases.get(at + 1).map(link));
        self.render("release.html", &context)
    }

    fn schedule_page(&self, edition: &Edition) -> Result<String, Report> {
        let title = self.words().get("schedule.title").to_owned();
        let spot = self.spot("schedule", title, "schedule/", edition);
        let mut context = self.page_context(edition, &spot)?;
        let disclosure = edition.disclosure();
        // A schedule is made from a release: a draft has none that it could name.
        let schedule = edition.release().map(|release| {
            let origin = Origin { version: release.version, digest: release.digest, published: release.published };
            let features = schedule::features(disclosure).into_iter().map(str::to_owned).collect();
            let request = Request { features, customer: None, workspace: None, day: edition.day() };
            Schedule::new(disclosure, origin, request)
        });
        let table = match &schedule {
            Some(schedule) => self.table(&schedule.items, edition, &spot)?,
            None => self.subprocessors(edition, &spot)?,
        };
        context.insert_value("table", table);
        context.insert("particulars", &schedule.as_ref().map(|schedule| schedule.particulars(self.words())));
        context.insert("features", &schedule.as_ref().map(|schedule| &schedule.request.features));
        context.insert("data", &schedule.as_ref().map(|schedule| script::schedule(schedule, self.words())));
        context.insert("ask_href", &schedule.as_ref().and_then(|schedule| self.schedule_href(schedule)));
        self.render("schedule.html", &context)
    }

    fn compare_page(&self, edition: &Edition) -> Result<String, Report> {
        let title = self.words().get("compare.title").to_owned();
        let spot = self.spot("compare", title, "compare/", edition);
        let mut context = self.page_context(edition, &spot)?;
        let releases = self.publication().history.releases().iter().enumerate().rev();
        context.insert("releases", &releases.map(|(at, _)| self.release(at, &spot)).collect::<Vec<_>>());
        context.insert("data", &script::compare(self.words()));
        self.render("compare.html", &context)
    }

    /// A schedule as one HTML file that needs no other: to print, to send, to file.
    ///
    /// # Errors
    /// A diagnostic with its place in the template.
    pub fn schedule_document(&self, schedule: &Schedule) -> Result<String, Report> {
        let disclosure = schedule.disclosure;
        let history = &self.publication().history;
        let edition = match history.get(schedule.origin.version) {
            Some(release) => Edition::Archived { release },
            None => Edition::Draft { disclosure, day: schedule.request.day },
        };
        let title = self.words().get("schedule.annex").to_owned();
        let spot = self.spot("schedule", title, "", &edition);
        let mut context = self.page_context(&edition, &spot)?;
        let style = self.publication().assets.get("css/candor.css").map(|asset| String::from_utf8_lossy(&asset.bytes));
        // `</style` is the one text that would end the element early.
        let style = style.unwrap_or_default().replace("</", "<\\/");
        context.insert_value("style", safe(&style));
        context.insert("particulars", &schedule.particulars(self.words()));
        context.insert_value("table", self.table(&schedule.items, &edition, &spot)?);
        self.render("schedule-document.html", &context)
    }

    fn not_found(&self, edition: &Edition) -> Result<String, Report> {
        let title = self.words().get("not-found.title").to_owned();
        let mut page = self.spot("not-found", title, "", edition).page().clone();
        page.root = self.publication().settings.base_path();
        page.noindex = true;
        page.canonical = None;
        let spot = Spot::anywhere(page);
        let context = self.page_context(edition, &spot)?;
        self.render("404.html", &context)
    }
}
