//! Renders what a draft does not show, so that a custom template that fails there is reported before it stops a build.
//!
//! Before the first release, that is everything about releases: archived pages, entries of the change log and the feeds. The annex
//! of a customer is never part of a site. The links of the site after the first release are checked, too.

use super::{BuildRequest, RendererBuild, SiteBuild, renderer, site_of};
use crate::diagnostic::Report;
use crate::history::new_release::{self, ReleaseContent, ReleaseRequest};
use crate::history::{History, Release};
use crate::model::Date;
use crate::project::Project;
use crate::publication::{self, Publication};
use crate::references;
use crate::render::{Renderer, Theme};
use crate::schedule::{Request, Schedule};
use crate::site::map::{self, Kind};

/// Renders the templates that the draft of a site does not need, and reports what fails. `theme` renders the site as it is after
/// the first release.
pub(super) fn render(project: &Project, draft: &SiteBuild, theme: Option<Theme>) -> Report {
    let (mut report, date) = (Report::new(), draft.publication.as_of);
    if let Some(newest) = draft.publication.history.newest() {
        annex(&draft.renderer, newest, date, &mut report);
    } else if let Some((publication, theme)) = once_released(&draft.publication).zip(theme) {
        let (publication, renderer) = renderer(publication, theme);
        let templates = draft.templates.clone();
        let build = RendererBuild { renderer, publication, templates, report: Report::new() };
        if let Ok(made) = site_of(project, &BuildRequest::new(date), build) {
            // The record of the release and its files do not exist yet, and have no links of a template.
            report.merge(made.check_links_of(|path, artifact| match map::find(path.as_str()).kind {
                Kind::Record | Kind::BoundFile => Ok(Vec::new().into()),
                _ => artifact.body.bytes(),
            }));
            let first = made.publication.history.newest();
            first.into_iter().for_each(|first| annex(&made.renderer, first, date, &mut report));
        }
    }
    report
}

/// Returns the publication with its draft as the first release; `None` if that cannot be released.
fn once_released(shown: &Publication) -> Option<Publication> {
    let disclosure = shown.draft.as_ref()?.disclosure.clone();
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
        replaces_redacted: false,
        notices: Vec::new(),
        candor: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let new = new_release::create(&request, content, None, shown.as_of).ok()?;
    let history = History::new(vec![new.release]);
    Some(Publication {
        settings: shown.settings.clone(),
        draft: None,
        in_effect: publication::in_effect(&history, shown.as_of),
        history,
        assets: shown.assets.clone(),
        bound_media_types: shown.bound_media_types.clone(),
        as_of: shown.as_of,
        program: shown.program.clone(),
    })
}

/// Renders the annex with all subprocessors of a release.
fn annex(renderer: &Renderer, release: &Release, date: Date, report: &mut Report) {
    let request = Request::everything(date);
    if let Err(problems) = renderer.schedule_document(&Schedule::new(&release.disclosure, release.into(), request)) {
        report.merge(problems);
    }
}
