//! The pages of updates: the list at `/updates/`, each of the current statement at `/updates/NAME/`, and each of a release at
//! `/releases/VERSION/updates/NAME/`. And the entries of their feed.

use std::rc::Rc;

use serde::Serialize;

use super::anchors::PageLinks;
use super::changelog::position;
use super::date::DateView;
use super::edition::Edition;
use super::links::TextOrigin;
use super::lists::{UpdateView, newest_first};
use super::renderer::{OwnLocation, PageLocation, Renderer};
use super::view::{LinkView, PageView, RedactionView};
use crate::diagnostic::Report;
use crate::history::Subject;
use crate::markdown;
use crate::model::{Id, List, Update};
use crate::publication::FeedEntry;
use crate::site::SiteFacts;
use crate::site::map::{self, PageKind};
use crate::wording::phrase::{Mark, Part, Phrasing};

/// A release that added or changed an update.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionView {
    /// Link to the update as the release states it: its path below the site's root, and the version.
    pub release: LinkView,
    /// Date of the release.
    pub published: DateView,
    /// Whether the release added the update.
    pub first: bool,
    /// The fields that changed, each with the value before and after.
    pub parts: Vec<Part>,
}

impl Renderer {
    /// Returns the updates of an edition, newest first, with the paths of their pages in it.
    pub(super) fn updates(&self, edition: &Edition, location: &PageLocation) -> Vec<UpdateView> {
        let items = newest_first(edition.disclosure().updates.iter().map(|item| &**item));
        items.into_iter().map(|item| self.update(item, edition, location)).collect()
    }

    /// Returns the incidents of the current statement that are not resolved, newest first; none on archived pages.
    pub(super) fn open_incidents(&self, edition: &Edition, location: &PageLocation) -> Vec<UpdateView> {
        let is_archived = matches!(edition, Edition::Archived { .. });
        let open = edition.disclosure().updates.iter().map(|item| &**item).filter(|item| item.is_open_incident());
        let open = newest_first(open.filter(|_| !is_archived));
        open.into_iter().map(|item| self.update(item, edition, location)).collect()
    }

    fn update(&self, item: &Update, edition: &Edition, location: &PageLocation) -> UpdateView {
        let releases = self.publication().history.releases();
        let edited = self.update_revisions(&item.id, edition).into_iter().skip(1).next_back();
        let edited = edited.map(|at| releases[at].published);
        UpdateView::new(item, self.update_path(&item.id, location.origin()), edited, self.strings())
    }

    /// Returns the path of an update, as links have it, in the statement of this origin.
    pub(super) fn update_path(&self, id: &Id, origin: TextOrigin) -> String {
        match origin {
            TextOrigin::Draft | TextOrigin::Current => PageKind::Update.path(id.as_str()),
            TextOrigin::Archived(at) | TextOrigin::Summary(at) => {
                let version = self.publication().history.releases()[at].version;
                PageKind::ArchivedUpdate.path(&SiteFacts::archived_item(version, List::Updates, id.as_str()))
            }
        }
    }

    /// Returns the positions of the releases that added or changed an update, up to that of an edition, oldest first.
    fn update_revisions(&self, id: &Id, edition: &Edition) -> Vec<usize> {
        let releases = self.publication().history.releases();
        let end = edition.release().map_or(releases.len(), |release| position(releases, release) + 1);
        self.revisions_of_updates().get(id).into_iter().flatten().copied().filter(|at| *at < end).collect()
    }

    /// Returns the releases that added or changed an update, newest first, with what they changed.
    fn revisions(&self, id: &Id, edition: &Edition) -> Vec<RevisionView> {
        let history = &self.publication().history;
        let subject = Subject::List(List::Updates);
        let view = |at: usize| {
            let release = &history.releases()[at];
            let phrasing = Phrasing::new(self.strings());
            let line = history.changes(at).and_then(|changes| phrasing.line_of(changes, subject, id));
            let line = line.filter(|line| line.mark == Mark::Changed);
            RevisionView {
                release: LinkView {
                    href: self.update_path(id, TextOrigin::Archived(at)),
                    text: release.version.to_string(),
                },
                published: DateView::new(release.published, self.strings()),
                first: line.is_none(),
                parts: line.map(|line| line.parts).unwrap_or_default(),
            }
        };
        self.update_revisions(id, edition).into_iter().rev().map(view).collect()
    }

    /// Renders the list of updates.
    pub(super) fn updates_page(&self, edition: &Edition, links: &Rc<PageLinks>) -> Result<String, Report> {
        let title = self.strings().get("updates.title").to_owned();
        let location = self.location(PageKind::Updates, "", title, edition, links);
        let mut context = self.page_context(edition, &location)?;
        context.insert("items", &self.updates(edition, &location));
        context.insert("feed", &self.facts().updates_feed());
        self.render("updates.html", &context)
    }

    /// Renders the update at this position among those of the current statement.
    pub(super) fn update_page(&self, edition: &Edition, nth: usize, links: &Rc<PageLinks>) -> Result<String, Report> {
        let Some(item) = edition.disclosure().updates.get(nth) else { return Ok(String::new()) };
        let location = self
            .location(PageKind::Update, item.id.as_str(), item.title.clone(), edition, links)
            .of_own(OwnLocation { id: None, home: String::new() });
        let mut context = self.page_context(edition, &location)?;
        self.insert_update(&mut context, item, edition, &location);
        context.insert("is_newest", &false);
        context.insert("redactions", &Vec::<RedactionView>::new());
        self.render("update.html", &context)
    }

    /// Renders the archived update at this position among those of all releases.
    pub(super) fn archived_update_page(&self, nth: usize, links: &Rc<PageLinks>) -> Result<String, Report> {
        let Some((at, id)) = self.archived_item(List::Updates, nth) else { return Ok(String::new()) };
        let releases = self.publication().history.releases();
        let release = &releases[at];
        let (disclosure, gone) = self.archived_disclosure(at);
        let edition = Edition::Archived { release, disclosure: &disclosure };
        let Some(item) = disclosure.updates.iter().find(|item| item.id == id) else { return Ok(String::new()) };
        let value = SiteFacts::archived_item(release.version, List::Updates, id.as_str());
        let location = self
            .location(PageKind::ArchivedUpdate, &value, item.title.clone(), &edition, links)
            .of_own(OwnLocation { id: None, home: map::release_page(release.version) });
        links.add(&gone, location.origin());
        let mut context = self.page_context(&edition, &location)?;
        self.insert_update(&mut context, item, &edition, &location);
        context.insert("is_newest", &(at + 1 == releases.len()));
        context.insert("redactions", &self.redactions(release));
        self.render("update.html", &context)
    }

    fn insert_update(&self, context: &mut tera::Context, item: &Update, edition: &Edition, location: &PageLocation) {
        context.insert("update", &self.update(item, edition, location));
        context.insert_value("body", self.update_body(item, 2, location));
        context.insert("revisions", &self.revisions(&item.id, edition));
    }

    fn update_body(&self, item: &Update, heading: u8, location: &PageLocation) -> tera::Value {
        self.markdown(&item.body, &item.title, &List::Updates.heading_prefix(&item.id), heading, location)
    }

    /// Returns the entry of the feed of updates for the update at this position of the newest release. `root` is the prefix of links to
    /// the site's root.
    ///
    /// # Errors
    /// Returns the diagnostics of the template.
    pub fn update_entry(&self, nth: usize, root: &str) -> Result<FeedEntry, Report> {
        let empty = FeedEntry { title: String::new(), summary: String::new(), html: String::new() };
        let Some(release) = self.publication().history.newest() else { return Ok(empty) };
        let disclosure = &release.disclosure;
        let Some(item) = disclosure.updates.get(nth) else { return Ok(empty) };
        let edition = Edition::Current { release, disclosure, date: release.published };
        let page = PageView::outside(item.title.clone(), root);
        let revisions = self.revisions(&item.id, &edition);
        let html = self.finished(|links| {
            let home = PageKind::Update.path(item.id.as_str());
            let location =
                PageLocation::new(page.clone(), TextOrigin::Current, links).of_own(OwnLocation { id: None, home });
            let mut context = location.context();
            context.insert("update", &self.update(item, &edition, &location));
            context.insert_value("body", self.update_body(item, 3, &location));
            context.insert("revisions", &revisions);
            self.render("feed/update.html", &context)
        })?;
        // Feed readers show an entry on a page of their own direction.
        let html = match disclosure.language.is_rtl() {
            true => format!("<div dir=\"rtl\">{}</div>", html.trim()),
            false => html.trim().to_owned(),
        };
        let title = match &item.status {
            Some(status) => format!("{} ({})", item.title, self.strings().value(status.as_str())),
            None => item.title.clone(),
        };
        let text = markdown::render(&item.body, &markdown::RenderOptions::new(&item.title)).text;
        Ok(FeedEntry { title, summary: text.trim().to_owned(), html })
    }
}
