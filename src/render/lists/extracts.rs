//! What a section can show in addition to lists: the latest entries of the change log, and the link to the page
//! "Your subprocessors".

use std::fmt::Write;

use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::render::changelog::RECENT;
use crate::render::copy::{MarkdownCopy, after_lead, bullets};
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::theme::safe;
use crate::site::map::release_page;
use crate::text::markdown::{escape, link};

/// The latest entries of the change log.
pub(super) struct ChangelogExtract;

impl ListKind for ChangelogExtract {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        renderer.recent_changes(edition, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let (strings, history) = (copy.strings(), copy.history());
        let releases = history.releases();
        let entries = (releases.len().saturating_sub(RECENT)..releases.len()).rev().map(|at| {
            let release = &releases[at];
            let page = copy.address(&release_page(release.version));
            let mut entry = after_lead(&link(&release.version.to_string(), &page), &copy.summary_text(at));
            if let Some(corrected) = release.corrects {
                let corrects = strings.fill("changelog.corrects", &[("version", &corrected.to_string())]);
                let _ = write!(entry, "\n\n  {}\n", escape(&corrects));
            }
            for line in copy.groups(at).iter().flat_map(|group| &group.lines) {
                let _ = write!(entry, "\n  - {} {}", line.symbol, escape(&line.with_dates(strings)));
            }
            entry
        });
        bullets(entries.chain([link(strings.get("changelog.all"), &copy.address("changelog/"))]))
    }
}

/// The link to the page "Your subprocessors".
pub(super) struct ScheduleExtract;

impl ListKind for ScheduleExtract {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        if edition.disclosure().processors().next().is_none() {
            return Ok(safe(""));
        }
        renderer.render("lists/schedule.html", &location.context()).map(|html| safe(&html))
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        bullets([link(copy.strings().get("schedule.open"), &copy.address("schedule/"))])
    }
}
