//! The pages of a site.
//!
//! Pages are deferred: a sink renders them on its threads. The key of each page is a digest of its inputs, so that an
//! archived page is rendered again only when its release, the theme or the settings change.

use std::rc::Rc;
use std::sync::Arc;

use rayon::prelude::*;

use super::anchors::PageLinks;
use super::changelog::{RECENT, position};
use super::edition::Edition;
use super::links::TextOrigin;
use super::renderer::{PageLocation, Renderer};
use super::script;
use super::structured;
use super::theme::safe;
use super::view::{AlternateView, DimensionView, LinkView, PageView, UpcomingPieceView, UpcomingView};
use crate::diagnostic::{Code, Diagnostic, Remedy, Report};
use crate::embedded::STYLE;
use crate::history::{DatedChange, Release};
use crate::model::{Condition, Digest, Disclosure, List, Subprocessor};
use crate::schedule::{self, Request, Schedule};
use crate::site::map::{Kind, Output, PageKind};
use crate::site::{Artifact, Location, SitePath};
use crate::wording::dated;

/// Returns all pages of the publication that the map of the site's URLs contains, and the Markdown copy of the trust page.
pub fn pages(renderer: &Arc<Renderer>) -> Vec<(SitePath, Artifact)> {
    let base = renderer.base_key();
    let front = renderer.front_key();
    let artifact = |location: Location| {
        let Location { address, nth, path } = location;
        let own = Arc::clone(renderer);
        let artifact = match address.kind {
            Kind::Page(kind) => {
                let key = match kind {
                    PageKind::Release => archive_key(renderer, nth, base),
                    _ => archived_list(kind)
                        .and_then(|list| renderer.archived_item(list, nth).map(|it| (list, it)))
                        .map_or(front, |(list, (at, id))| {
                            Digest::of(format!("{}\0{list}\0{id}", archive_key(renderer, at, base)).as_bytes())
                        }),
                };
                Artifact::deferred(&path, key, move || own.finished_page(kind, nth).map(String::into_bytes))
            }
            Kind::Output(Output::MarkdownCopy) => {
                Artifact::deferred(&path, front, move || Ok(own.markdown_copy().into_bytes()))
            }
            _ => return None,
        };
        Some((path, artifact))
    };
    renderer.facts().locations().into_par_iter().filter_map(artifact).collect()
}

/// Returns the list whose items, as releases state them, are pages of this kind.
pub(super) fn archived_list(kind: PageKind) -> Option<List> {
    match kind {
        PageKind::ArchivedOwn => Some(List::Pages),
        PageKind::ArchivedQuestionnaire => Some(List::Questionnaires),
        PageKind::ArchivedUpdate => Some(List::Updates),
        _ => None,
    }
}

/// Returns the key of an archived page. Its inputs are its release (whose digest covers all earlier ones, as they were before any
/// redaction), the link to the next
/// one, the releases that correct it, and how many of the entries that it links to have moved from the change log to the page of their year.
fn archive_key(renderer: &Renderer, at: usize, base: Digest) -> Digest {
    let releases = renderer.publication().history.releases();
    let next = releases.get(at + 1).map(|next| next.version.to_string()).unwrap_or_default();
    let first = (at + 1).saturating_sub(RECENT);
    let moved = renderer.facts().changelog_start().saturating_sub(first).min(RECENT);
    let moved = if moved > 0 { format!("\0{moved}") } else { String::new() };
    let corrections = renderer.publication().history.corrections(releases[at].version);
    let corrected: String = corrections.map(|later| format!("\0corrected by {}", later.version)).collect();
    Digest::of(format!("{base}\0{}\0{next}{moved}{corrected}", releases[at].digest).as_bytes())
}

impl Renderer {
    /// Returns a digest of the inputs of pages about the current state: those of [`Self::base_key`], the latest release or the
    /// draft, and the date.
    pub fn front_key(&self) -> Digest {
        let publication = self.publication();
        let head = publication.history.newest().map(|release| release.digest.to_string()).unwrap_or_default();
        let draft =
            publication.draft.as_ref().map(|draft| serde_json::to_string(&draft.disclosure).unwrap_or_default());
        let parts = format!("{}\0{head}\0{}\0{draft:?}", self.base_key(), publication.as_of);
        Digest::of(parts.as_bytes())
    }

    /// Returns the edition that pages about the current state show.
    pub(super) fn front(&self) -> Result<Edition<'_>, Report> {
        let publication = self.publication();
        let date = publication.as_of;
        match (&publication.draft, publication.history.newest()) {
            (Some(draft), _) => Ok(Edition::Draft { disclosure: &draft.disclosure, date }),
            (None, Some(release)) => {
                let disclosure = publication.in_effect.as_ref().unwrap_or(&release.disclosure);
                Ok(Edition::Current { release, disclosure, date })
            }
            (None, None) => Err(Diagnostic::new(Code::NothingReleased, "there is no release yet")
                .fix(Remedy::MakeFirstRelease)
                .into()),
        }
    }

    /// Renders a page; `nth` distinguishes pages of the same kind, as in [`Location`].
    pub(super) fn page(&self, kind: PageKind, nth: usize, links: &Rc<PageLinks>) -> Result<String, Report> {
        let front = self.front()?;
        match kind {
            PageKind::Trust => self.trust(&front, links),
            PageKind::Subprocessors => self.subprocessors_page(&front, links),
            PageKind::Changelog => self.changelog_page(&front, None, links),
            PageKind::ChangelogYear => self.changelog_page(&front, self.facts().years().get(nth).copied(), links),
            PageKind::Release => self.archive(nth, links),
            PageKind::Schedule => self.schedule_page(&front, links),
            PageKind::Compare => self.compare_page(&front, links),
            PageKind::Subscribe => self.subscribe_page(&front, links),
            PageKind::NotFound => self.not_found(&front, links),
            PageKind::Own => self.own_page(&front, nth, links),
            PageKind::ArchivedOwn => self.archived_own_page(nth, links),
            PageKind::Questionnaires => self.questionnaires_page(&front, links),
            PageKind::Questionnaire => self.questionnaire_page(&front, nth, links),
            PageKind::ArchivedQuestionnaire => self.archived_questionnaire_page(nth, links),
            PageKind::Updates => self.updates_page(&front, links),
            PageKind::Update => self.update_page(&front, nth, links),
            PageKind::ArchivedUpdate => self.archived_update_page(nth, links),
        }
    }

    /// Returns the location of a page. `value` is the year or version in the page's path.
    pub(super) fn location(
        &self,
        kind: PageKind,
        value: &str,
        title: String,
        edition: &Edition,
        links: &Rc<PageLinks>,
    ) -> PageLocation {
        self.located(self.page_view(kind, kind.path(value), title, edition), edition, links)
    }

    /// Returns the location of a page that shows this edition.
    pub(super) fn located(&self, page: PageView, edition: &Edition, links: &Rc<PageLinks>) -> PageLocation {
        PageLocation::new(page, TextOrigin::of(edition, self.publication().history.releases()), links)
    }

    pub(super) fn page_view(&self, kind: PageKind, path: String, title: String, edition: &Edition) -> PageView {
        let root = match path.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        };
        PageView {
            kind: kind.name(),
            title,
            alternates: self.alternates(kind),
            structured: self.structured(kind, &root, edition),
            description: edition.disclosure().description.clone(),
            root,
            canonical: self.publication().absolute(&path),
            path,
            noindex: edition.is_draft() || !kind.is_indexable(),
            draft: edition.is_draft(),
            archived: kind.is_archived(),
        }
    }

    /// Returns the alternates of a page: the feeds if there is a release, and for the trust page its Markdown copy and its data.
    fn alternates(&self, kind: PageKind) -> Vec<AlternateView> {
        let strings = self.strings();
        let alternate = |media_type, href, key| AlternateView { media_type, href, title: strings.get(key).to_owned() };
        let feeds = [
            alternate("application/atom+xml", "feed.xml", "changelog.title"),
            alternate("application/feed+json", "feed.json", "changelog.title"),
        ];
        let feeds = feeds.into_iter().filter(|_| !self.publication().history.is_empty());
        let mut all: Vec<AlternateView> = feeds.collect();
        if let Some(path) = self.facts().updates_feed() {
            // Feed readers offer the first feed of a page.
            let at = match kind {
                PageKind::Updates | PageKind::Update => Some(0),
                PageKind::Trust | PageKind::Subscribe => Some(all.len()),
                _ => None,
            };
            let feed = alternate("application/atom+xml", path, "updates.title");
            at.into_iter().for_each(|at| all.insert(at, feed.clone()));
        }
        let copy = alternate("text/markdown", "index.md", "nav.home");
        let data = alternate("application/json", "trust.json", "nav.home");
        all.extend([copy, data].into_iter().filter(|_| kind == PageKind::Trust));
        all
    }

    /// Returns the JSON-LD of a page for search engines.
    fn structured(&self, kind: PageKind, root: &str, edition: &Edition) -> Option<tera::Value> {
        let absolute = self.publication().absolute("");
        let addresses = structured::Addresses { root: absolute.as_deref().unwrap_or(root) };
        let logo = self.publication().settings.theme.logo.as_deref().and_then(|logo| self.published_url(logo));
        let value = match kind {
            _ if edition.is_draft() => return None,
            PageKind::Trust => structured::trust(edition, &addresses, self.strings(), logo.as_deref()),
            PageKind::Subprocessors => structured::subprocessors(edition, &addresses, self.strings()),
            _ => return None,
        };
        Some(safe(&structured::embedded(&value)))
    }

    /// Returns a context with the variables of every page: `page`, `site`, `release` and `draft`.
    pub(super) fn page_context(&self, edition: &Edition, location: &PageLocation) -> Result<tera::Context, Report> {
        let mut context = location.context();
        let version = edition.release().map(|release| release.version.to_string());
        context.insert("site", &self.site(edition, version.as_deref().unwrap_or_default(), location));
        let releases = self.publication().history.releases();
        let release = edition.release().or(releases.last());
        context.insert("release", &release.map(|release| self.release(position(releases, release), location)));
        let draft = self.publication().draft.as_ref().filter(|_| edition.is_draft());
        context.insert("draft", &draft.map(|draft| self.draft(draft)));
        Ok(context)
    }

    fn trust(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = edition.disclosure().title.clone();
        let location = self.location(PageKind::Trust, "", title, edition, links);
        let mut context = self.page_context(edition, &location)?;
        context.insert("sections", &self.sections(edition, &location)?);
        let upcoming = self.upcoming(edition);
        context.insert("glance", &self.glance(edition, &location, &upcoming));
        context.insert("upcoming", &upcoming);
        self.render("index.html", &context)
    }

    fn subprocessors_page(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = self.strings().get("subprocessors.title").to_owned();
        let location = self.location(PageKind::Subprocessors, "", title, edition, links);
        let mut context = self.page_context(edition, &location)?;
        context.insert_value("table", self.subprocessors(edition, &location)?);
        let (former, withdrawn) = self.former(edition);
        context.insert("former", &former);
        context.insert("withdrawn", &withdrawn);
        let mut upcoming = self.upcoming(edition);
        upcoming.retain(|change| change.list == List::Subprocessors.name());
        context.insert("upcoming", &upcoming);
        self.render("subprocessors.html", &context)
    }

    fn archive(&self, at: usize, links: &Rc<PageLinks>) -> Result<String, Report> {
        let releases = self.publication().history.releases();
        let release = &releases[at];
        let (disclosure, gone) = self.archived_disclosure(at);
        let edition = Edition::Archived { release, disclosure: &disclosure };
        let version = release.version.to_string();
        let title = self
            .strings()
            .fill("archive.title", &[("title", release.disclosure.title.as_str()), ("version", version.as_str())]);
        let location = self.location(PageKind::Release, &version, title, &edition, links);
        links.add(&gone, location.origin());
        let mut context = self.page_context(&edition, &location)?;
        context.insert("sections", &self.sections(&edition, &location)?);
        context.insert("groups", &self.groups(at));
        context.insert("glance", &self.glance(&edition, &location, &[]));
        context.insert("is_newest", &(at + 1 == releases.len()));
        let link = |release: &Release| LinkView {
            href: PageKind::Release.path(&release.version.to_string()),
            text: release.version.to_string(),
        };
        context.insert("previous", &at.checked_sub(1).map(|before| link(&releases[before])));
        context.insert("next", &releases.get(at + 1).map(link));
        context.insert("redactions", &self.redactions(release));
        self.render("release.html", &context)
    }

    fn schedule_page(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = self.strings().get("schedule.title").to_owned();
        let location = self.location(PageKind::Schedule, "", title, edition, links);
        let mut context = self.page_context(edition, &location)?;
        let disclosure = edition.disclosure();
        // The annex names its release, so a draft has none.
        let schedule = edition.release().map(|release| {
            Schedule::new(disclosure, release.into(), Request::everything(edition.date()))
                .with_upcoming(self.publication().upcoming().into_owned())
                .with_names_of(&self.publication().history)
        });
        let table = match &schedule {
            Some(schedule) => self.table(&schedule.items, edition, &location)?,
            None => self.subprocessors(edition, &location)?,
        };
        context.insert_value("table", table);
        context.insert("particulars", &schedule.as_ref().map(|schedule| schedule.particulars(self.strings())));
        context.insert("features", &schedule.as_ref().map(|_| schedule::features(disclosure)));
        let dimensions = schedule.as_ref().map(|_| self.dimensions(disclosure));
        context.insert("dimensions", &dimensions);
        context.insert("data", &schedule.as_ref().map(|schedule| script::schedule(schedule, self.strings())));
        context.insert("ask_href", &schedule.as_ref().and_then(|schedule| self.schedule_href(schedule)));
        context.insert("upcoming", &schedule.as_ref().map(|schedule| self.to_come(schedule, edition)));
        self.render("schedule.html", &context)
    }

    fn dimensions(&self, disclosure: &Disclosure) -> Vec<DimensionView> {
        let all = schedule::dimensions(disclosure).into_iter();
        all.map(|(name, values)| DimensionView {
            id: name.to_owned(),
            label: self.strings().dimension(name),
            values: values.to_vec(),
        })
        .collect()
    }

    fn compare_page(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = self.strings().get("compare.title").to_owned();
        let location = self.location(PageKind::Compare, "", title, edition, links);
        let mut context = self.page_context(edition, &location)?;
        let releases = self.publication().history.releases().iter().enumerate().rev();
        context.insert("releases", &releases.map(|(at, _)| self.release(at, &location)).collect::<Vec<_>>());
        context.insert("effective", &self.taken_effect(edition));
        context.insert("data", &script::compare(&self.publication().history, self.strings()));
        self.render("compare.html", &context)
    }

    /// Renders a subprocessor annex as one self-contained HTML file: to print, send and file.
    ///
    /// # Errors
    /// Returns a diagnostic with its place in the template.
    pub fn schedule_document(&self, schedule: &Schedule) -> Result<String, Report> {
        let disclosure = schedule.disclosure;
        let history = &self.publication().history;
        let edition = match history.get(schedule.origin.version) {
            Some(release) => Edition::Archived { release, disclosure },
            None => Edition::Draft { disclosure, date: schedule.request.date },
        };
        let title = self.strings().get("schedule.annex").to_owned();
        let page = self.page_view(PageKind::Schedule, String::new(), title, &edition);
        let location = self.located(page, &edition, &Rc::default());
        let mut context = self.page_context(&edition, &location)?;
        let style = self.publication().assets.get(STYLE).map(|asset| String::from_utf8_lossy(&asset.bytes));
        // Only `</style` can end the element early.
        let style = style.unwrap_or_default().replace("</", "<\\/");
        context.insert_value("style", safe(&style));
        context.insert("particulars", &schedule.particulars(self.strings()));
        let items: Vec<_> = schedule.items.iter().map(|item| schedule.applicable(item)).collect();
        context.insert_value("table", self.table(&items.iter().collect::<Vec<_>>(), &edition, &location)?);
        context.insert("upcoming", &self.to_come(schedule, &edition));
        self.render("schedule-document.html", &context)
    }

    /// Returns the changes of the subprocessors of an annex that are still to come.
    fn to_come(&self, schedule: &Schedule, edition: &Edition) -> Vec<UpcomingView> {
        let strings = self.strings();
        let view = |item: &Subprocessor, change: &DatedChange| {
            let piece = |(piece, conditions): (DatedChange, Vec<Condition>)| UpcomingPieceView {
                parts: dated::parts_of_piece(&piece, strings),
                // Cannot fail: the type has only string keys.
                conditions: serde_json::to_string(&conditions).ok().filter(|_| !conditions.is_empty()),
            };
            let pieces = schedule.pieces(item, &change.id).into_iter().map(piece).collect();
            UpcomingView { pieces, ..self.upcoming_view(change, edition) }
        };
        let views = |item| schedule.upcoming_changes(item).iter().map(|change| view(item, change)).collect::<Vec<_>>();
        schedule.items.iter().flat_map(|item| views(item)).collect()
    }

    fn not_found(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = self.strings().get("not-found.title").to_owned();
        let page = self.page_view(PageKind::NotFound, String::new(), title, edition);
        let root = self.publication().settings.base_path();
        let location = self.located(PageView { root, canonical: None, ..page }, edition, links);
        let context = self.page_context(edition, &location)?;
        self.render("404.html", &context)
    }
}
