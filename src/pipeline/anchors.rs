//! Checks the links of content to anchors of other pages, such as the change log, before the content is released.
//!
//! Which anchors a page has depends on its template. The pages that are linked are therefore rendered as they will be after the
//! next release, by the code that later decides whether a link is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assets::Assets;
use crate::check::{self, LinkedAnchor};
use crate::diagnostic::{Code, Diagnostic, Report, Source};
use crate::history::new_release::{self, ReleaseContent, ReleaseRequest};
use crate::history::{History, ReleaseStatus};
use crate::load::Content;
use crate::model::{Date, ProgramVersion, RecordedFile};
use crate::publication::{self, Publication};
use crate::render::{Renderer, Theme};
use crate::wording::Catalog;

/// What is checked.
pub(super) struct Linking<'a> {
    pub content: &'a Content,
    /// The files that the content refers to.
    pub files: Vec<RecordedFile>,
    pub summary: Option<&'a Arc<Source>>,
    pub history: &'a History,
    pub status: Option<&'a ReleaseStatus>,
    pub assets: &'a Assets,
    pub templates: &'a [(String, Arc<Source>)],
    pub strings: &'a Arc<Catalog>,
    pub as_of: Date,
}

/// Reports the links to anchors of other pages that do not exist. Nothing is rendered if there are no such links.
pub(super) fn check(linking: Linking<'_>) -> Report {
    let mut report = Report::new();
    let links = check::linked_anchors(linking.content, linking.summary);
    if links.is_empty() {
        return report;
    }
    // Problems of the theme are reported when the site is built.
    let Ok(theme) = Theme::new(linking.templates, linking.strings) else { return report };
    let history = next_history(&linking);
    let publication = Publication {
        settings: linking.content.settings.clone(),
        in_effect: publication::in_effect(&history, linking.as_of),
        history,
        draft: None,
        assets: linking.assets.clone(),
        bound_media_types: BTreeMap::new(),
        as_of: linking.as_of,
        program: ProgramVersion::current(),
    };
    let renderer = Renderer::new(Arc::new(publication), theme);
    for LinkedAnchor { page, anchor, place } in links {
        if renderer.lacks_anchor(&page, &anchor) {
            let message = format!("there is no anchor `#{anchor}` on the page `{page}`");
            let found = Diagnostic::new(Code::BrokenAnchor, message).at_known(place, "");
            report.push(found.help("use an id that the page has, or link to the page without an anchor"));
        }
    }
    report
}

/// Returns the history with the release that the content would make.
fn next_history(linking: &Linking<'_>) -> History {
    let is_unreleased = linking.status.is_some_and(ReleaseStatus::is_unreleased);
    let request = ReleaseRequest {
        version: None,
        date: None,
        summary: linking.summary.map_or_else(|| ".".to_owned(), |summary| summary.text.clone()),
        corrects: None,
        redactions: Vec::new(),
        replaces_redacted: false,
        notices: Vec::new(),
        candor: ProgramVersion::current().version().to_owned(),
    };
    let content = ReleaseContent {
        disclosure: linking.content.disclosure.clone(),
        files: linking.files.clone(),
        summary_files: Vec::new(),
    };
    let new = is_unreleased.then(|| new_release::create(&request, content, linking.history.newest(), linking.as_of));
    match new {
        Some(Ok(new)) => History::new(linking.history.releases().iter().cloned().chain([new.release]).collect()),
        // What prevents the release is reported when it is made.
        Some(Err(_)) | None => linking.history.clone(),
    }
}
