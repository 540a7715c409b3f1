//! The pages of the publisher: of the current statement at `/NAME/`, and of each release at `/releases/VERSION/NAME/`.

use std::rc::Rc;

use super::anchors::PageLinks;
use super::edition::Edition;
use super::renderer::{OwnLocation, PageLocation, Renderer};
use super::theme::safe;
use super::view::{OwnPageView, PageView, RedactionView};
use crate::diagnostic::Report;
use crate::model::{Id, List, OwnPage, Show};
use crate::site::map::{self, PageKind};

impl Renderer {
    /// Renders the page at this position among those of the current statement.
    pub(super) fn own_page(&self, edition: &Edition, nth: usize, links: &Rc<PageLinks>) -> Result<String, Report> {
        let Some(page) = edition.disclosure().pages.get(nth) else { return Ok(String::new()) };
        let location = self.own_location(PageKind::Own, page.id.as_str(), "", page, edition, links);
        let mut context = self.page_context(edition, &location)?;
        context.insert("own", &self.own_view(page, edition, &location)?);
        context.insert("is_newest", &false);
        context.insert("redactions", &Vec::<RedactionView>::new());
        self.render("page.html", &context)
    }

    /// Returns the position of the release, and the id, of the item at this position among those that all releases have in a list.
    pub(super) fn archived_item(&self, list: List, nth: usize) -> Option<(usize, Id)> {
        let mut rest = nth;
        for (at, release) in self.publication().history.releases().iter().enumerate() {
            let count = release.disclosure.count(list);
            if rest < count {
                return Some((at, release.disclosure.items(list).get(rest)?.id().clone()));
            }
            rest -= count;
        }
        None
    }

    /// Renders the archived page at this position among those of all releases.
    pub(super) fn archived_own_page(&self, nth: usize, links: &Rc<PageLinks>) -> Result<String, Report> {
        let Some((at, id)) = self.archived_item(List::Pages, nth) else { return Ok(String::new()) };
        let releases = self.publication().history.releases();
        let release = &releases[at];
        let (disclosure, gone) = self.archived_disclosure(at);
        let edition = Edition::Archived { release, disclosure: &disclosure };
        let Some(page) = disclosure.pages.iter().find(|page| page.id == id) else { return Ok(String::new()) };
        let (value, home) = (format!("{}/{id}", release.version), map::release_page(release.version));
        let location = self.own_location(PageKind::ArchivedOwn, &value, &home, page, &edition, links);
        links.add(&gone, location.origin());
        let mut context = self.page_context(&edition, &location)?;
        context.insert("own", &self.own_view(page, &edition, &location)?);
        context.insert("is_newest", &(at + 1 == releases.len()));
        context.insert("redactions", &self.redactions(release));
        self.render("page.html", &context)
    }

    fn own_location(
        &self,
        kind: PageKind,
        value: &str,
        home: &str,
        page: &OwnPage,
        edition: &Edition,
        links: &Rc<PageLinks>,
    ) -> PageLocation {
        let view = self.page_view(kind, kind.path(value), page.title.clone(), edition);
        let description = page.summary.clone().or(view.description);
        let own = OwnLocation { id: Some(page.id.clone()), home: home.to_owned() };
        self.located(PageView { description, ..view }, edition, links).of_own(own)
    }

    fn own_view(&self, page: &OwnPage, edition: &Edition, location: &PageLocation) -> Result<OwnPageView, Report> {
        let list = match &page.show {
            Some(show) => self.list(show, edition, location)?,
            None => safe(""),
        };
        Ok(OwnPageView {
            id: page.id.to_string(),
            summary: page.summary.clone(),
            body: self.markdown(&page.body, &page.title, &List::Pages.heading_prefix(&page.id), 2, location),
            show: page.show.as_ref().map(|show| show.name().to_owned()),
            list_title: page.show.as_ref().and_then(|show| self.list_title(show)),
            list,
        })
    }

    /// Returns the heading of what a page shows.
    fn list_title(&self, show: &Show) -> Option<String> {
        match show {
            Show::List(_) | Show::Changelog | Show::Schedule | Show::Contacts => {
                Some(self.strings().subject(show.name()).to_owned())
            }
            Show::Unknown(_) => None,
        }
    }
}
