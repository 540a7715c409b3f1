//! Renders what a draft does not show, so that a custom template that fails there is reported before it stops a build.
//!
//! Before the first release, that is everything about releases: archived pages, entries of the change log and the feeds. The annex
//! of a customer is never part of a site.

use std::sync::Arc;

use super::rendered_files;
use crate::diagnostic::Report;
use crate::history::new_release::{self, ReleaseContent, ReleaseRequest};
use crate::history::{History, Release};
use crate::model::{Date, Disclosure};
use crate::publication::{self, Publication};
use crate::references;
use crate::render::{Renderer, Theme};
use crate::schedule::{Origin, Request, Schedule};
use crate::site::Body;

/// Renders the templates that the draft of a site does not need, and reports what fails.
pub(super) fn render(shown: &Publication, mut theme: Theme) -> Report {
    let is_first = shown.history.is_empty();
    let Some(publication) =
        (if is_first { once_released(shown) } else { Some(released(shown, shown.history.clone())) })
    else {
        return Report::new();
    };
    theme.use_files(publication.assets.iter().map(|(path, asset)| (path.to_owned(), asset.path.to_url())));
    let publication = Arc::new(publication);
    let renderer = Arc::new(Renderer::new(Arc::clone(&publication), theme));
    let mut report = Report::new();
    if is_first {
        for (_, artifact) in rendered_files(&renderer, &publication) {
            if let Body::Deferred { produce, .. } = artifact.body
                && let Err(problems) = produce()
            {
                report.merge(problems);
            }
        }
    }
    if let Some(release) = publication.history.newest()
        && let Err(problems) = renderer.schedule_document(&whole_annex(release, shown.as_of))
    {
        report.merge(problems);
    }
    report
}

/// Returns the publication with its draft as the first release; `None` if that cannot be released.
fn once_released(shown: &Publication) -> Option<Publication> {
    let disclosure: Disclosure = shown.draft.as_ref()?.disclosure.clone();
    let content = ReleaseContent {
        files: references::of_disclosure(&disclosure, &shown.settings, &shown.assets),
        summary_files: Vec::new(),
        disclosure,
    };
    let request = ReleaseRequest {
        version: None,
        date: None,
        summary: "First release".to_owned(),
        corrects: None,
        redactions: Vec::new(),
        notices: Vec::new(),
        candor: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let new = new_release::create(&request, content, None, shown.as_of).ok()?;
    Some(released(shown, History::new(vec![new.release])))
}

fn released(shown: &Publication, history: History) -> Publication {
    Publication {
        settings: shown.settings.clone(),
        draft: None,
        in_effect: publication::in_effect(&history, shown.as_of),
        history,
        assets: shown.assets.clone(),
        bound_media_types: shown.bound_media_types.clone(),
        as_of: shown.as_of,
        program: shown.program.clone(),
    }
}

fn whole_annex(release: &Release, date: Date) -> Schedule<'_> {
    let origin = Origin { version: release.version, digest: release.digest, published: release.published };
    Schedule::new(&release.disclosure, origin, Request { choice: None, customer: None, workspace: None, date })
}
