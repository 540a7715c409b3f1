//! Feed entries: a release as plain text and as self-contained HTML.
//!
//! Feed readers do not load the site's styles and icons, so entries have a separate template in plain HTML, whose links
//! start with the site's URL.

use super::links::TextOrigin;
use super::renderer::{PageLocation, Renderer};
use super::view::{PageView, ReleaseView};
use crate::diagnostic::Report;
use crate::markdown;
use crate::publication::FeedEntry;
use crate::site::map::PageKind;
use crate::text::shortened;

/// The maximum length of a title, in characters.
const TITLE: usize = 110;

impl Renderer {
    /// Renders the entry of the release at this position, counted from the oldest. `root` is the prefix of links to the site's
    /// root, with a trailing slash: its absolute URL, or a relative one if the site has no `base_url`.
    ///
    /// # Errors
    /// Returns the diagnostics of the template.
    pub fn feed_entry(&self, at: usize, root: &str) -> Result<FeedEntry, Report> {
        let history = &self.publication().history;
        let release = &history.releases()[at];
        let version = release.version.to_string();
        let page = PageView::outside(version.clone(), root);
        let summary = markdown::render(&release.summary, &markdown::RenderOptions::new(&version)).text;
        let changes = history.changes(at);
        let count = changes.map(|changes| self.strings().count("count.changes", changes.len()));
        let lead = summary.lines().find(|line| !line.trim().is_empty()).map(str::to_owned).or(count);
        let title = match lead {
            Some(lead) => format!("{version}: {}", shortened(&lead, TITLE)),
            None => version.clone(),
        };
        let groups = self.groups(at);
        let html = self.finished(|links| {
            let location = PageLocation::new(page.clone(), TextOrigin::Summary(at), links);
            let html = self.summary(at, &format!("release-{version}--"), 3, &location);
            let mut context = location.context();
            // The bytes of feed archives must not change, so an entry never links to the page of its year.
            let log = PageKind::Changelog.path("");
            context.insert("entry", &ReleaseView::new(release, &log, html, None, String::new(), self.strings()));
            context.insert("groups", &groups);
            self.render("feed/entry.html", &context)
        })?;
        // Feed readers show an entry on a page of their own direction.
        let html = match release.disclosure.language.is_rtl() {
            true => format!("<div dir=\"rtl\">{}</div>", html.trim()),
            false => html.trim().to_owned(),
        };
        Ok(FeedEntry { title, summary: summary.trim().to_owned(), html })
    }
}
