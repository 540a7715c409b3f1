//! The summary of a release for a notice, which is read outside of the site.

use super::copy::MarkdownCopy;
use super::links::TextOrigin;
use super::renderer::{PageLocation, Renderer};
use super::view::PageView;
use crate::diagnostic::Report;
use crate::markdown;

/// The summary of a release, with links that start with the address of the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason {
    /// As HTML, with headings from level 3.
    pub html: String,
    /// As Markdown, with headings from level 3.
    pub markdown: String,
    /// As plain text.
    pub text: String,
}

impl Renderer {
    /// Renders the summary of the release at this position, counted from the oldest. `root` is the prefix of links to the site's
    /// root, with a trailing slash.
    ///
    /// # Errors
    /// None in practice, because no template is rendered.
    pub fn reason(&self, at: usize, root: &str) -> Result<Reason, Report> {
        let release = &self.publication().history.releases()[at];
        let prefix = format!("release-{}--", release.version);
        let origin = TextOrigin::Summary(at);
        let html = self.finished(|links| {
            let page = PageView::outside(release.version.to_string(), root);
            let location = PageLocation::new(page, origin, links);
            Ok(self.summary(at, &prefix, 3, &location).as_str().unwrap_or_default().trim().to_owned())
        })?;
        let mut markdown = String::new();
        MarkdownCopy::of_summary(self, at).prose(&mut markdown, &release.summary, &prefix, 3, false);
        Ok(Reason { html, text: markdown::plain(&markdown), markdown: markdown.trim().to_owned() })
    }
}
