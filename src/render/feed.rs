//! One entry of a feed: a release as plain text and as HTML that stands on its own, wherever it is read.
//!
//! A feed reader knows neither the site's styles nor its icons, so an entry has a template of its own, in plain
//! HTML, with links that start at the site's address.

use super::renderer::{Renderer, Spot};
use super::view::{PageView, ReleaseView};
use crate::diagnostic::Report;
use crate::markdown;
use crate::publication::FeedEntry;
use crate::site::map::PageKind;
use crate::text::shortened;

/// How long a title may grow, in characters.
const TITLE: usize = 110;

impl Renderer {
    /// The entry for the release at this position, counted from the oldest. `root` is the way to the site's root with a
    /// slash at its end: its absolute address, or a relative one where the site has none.
    ///
    /// # Errors
    /// What is wrong with the template.
    pub fn feed_entry(&self, at: usize, root: &str) -> Result<FeedEntry, Report> {
        let history = &self.publication().history;
        let release = &history.releases()[at];
        let version = release.version.to_string();
        let spot = Spot::new(PageView {
            kind: "feed",
            title: version.clone(),
            description: None,
            root: root.to_owned(),
            path: String::new(),
            alternates: Vec::new(),
            structured: None,
            canonical: None,
            noindex: false,
            draft: false,
        });
        let summary = markdown::render(&release.summary, &markdown::Options::new(&version)).text;
        let changes = history.changes(at);
        let count = changes.map(|changes| self.words().count("count.changes", changes.len()));
        let lead = summary.lines().find(|line| !line.trim().is_empty()).map(str::to_owned).or(count);
        let title = match lead {
            Some(lead) => format!("{version}: {}", shortened(&lead, TITLE)),
            None => version.clone(),
        };
        let html = self.markdown(&release.summary, &version, &format!("release-{version}--"), 3, &spot);
        let mut context = spot.context();
        // Documents of a feed keep their bytes, so an entry does not follow its release to the page of its year.
        let log = PageKind::Changelog.path("");
        context.insert("entry", &ReleaseView::new(release, &log, html, None, String::new(), self.words()));
        context.insert("groups", &self.groups(at));
        let html = self.render("feed/entry.html", &context)?;
        Ok(FeedEntry { title, summary: summary.trim().to_owned(), html: html.trim().to_owned() })
    }
}
