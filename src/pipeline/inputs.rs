//! Reads and checks all files of a project. `check` and `build` both use it, so that they report the same problems.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::anchors::{self, Linking};
use crate::assets::Assets;
use crate::check::{self, Facts};
use crate::diagnostic::{Code, Report, Source};
use crate::history::former::former;
use crate::history::{Changes, History, ReleaseStatus, store};
use crate::load::{self, Content};
use crate::model::{Date, Id, Statement, WebUrl};
use crate::project::Project;
use crate::publication::site_facts;
use crate::references;
use crate::theme_file::ThemeFile;
use crate::wording::{Catalog, overrides};

/// A project that was read and checked.
pub struct CheckedProject {
    /// The content; `None` if its title or organization could not be read.
    pub content: Option<Content>,
    /// How the content differs from the newest release; `None` without content.
    pub status: Option<ReleaseStatus>,
    /// All releases.
    pub history: History,
    /// The custom templates, by their name below `templates/`.
    pub templates: Vec<(String, Arc<Source>)>,
    /// The UI strings in the content's language, in which strings of the project override built-in ones.
    pub strings: Arc<Catalog>,
    /// Files of the theme and of the publisher.
    pub assets: Assets,
    /// All diagnostics, at the levels that the settings define.
    pub report: Report,
    /// Whether all files could be read, regardless of diagnostics of rules.
    pub complete: bool,
}

/// Reads a project and checks it as of a date. `base_url` overrides the address in `site.yaml`.
pub fn check_project(project: &Project, base_url: Option<&WebUrl>, as_of: Date) -> CheckedProject {
    let (history, inputs) = rayon::join(|| store::read(project, as_of), || SourceInputs::read(project));
    inputs.check(history, base_url, as_of, None)
}

/// Like [`check_project`], before a release: for releases that have already been read, with the diagnostics about them. Also
/// checks the summary of the new release, which is frozen with it.
pub fn check_for_release(
    history: (History, Report),
    project: &Project,
    as_of: Date,
    summary: &Arc<Source>,
) -> CheckedProject {
    SourceInputs::read(project).check(history, None, as_of, Some(summary))
}

/// The files of a project, except for releases.
struct SourceInputs {
    content: Option<Content>,
    templates: Vec<(String, Arc<Source>)>,
    assets: Assets,
    report: Report,
}

impl SourceInputs {
    fn read(project: &Project) -> SourceInputs {
        let (content, mut report) = load::content(project);
        let (templates, problems) = load::templates(project);
        report.merge(problems);
        let theme = content.as_ref().map(|content| content.settings.theme.clone()).unwrap_or_default();
        let (assets, problems) = Assets::load(project, &theme);
        report.merge(problems);
        SourceInputs { content, templates, assets, report }
    }

    /// Combines the files with the releases, and checks the project.
    fn check(
        self,
        (history, mut report): (History, Report),
        base_url: Option<&WebUrl>,
        as_of: Date,
        summary: Option<&Arc<Source>>,
    ) -> CheckedProject {
        let SourceInputs { mut content, templates, mut assets, report: problems } = self;
        report.merge(problems);
        let complete = !report.has_errors();
        let mut strings = Catalog::english();
        let mut files = Vec::new();
        let status = content.as_ref().map(|content| {
            files = references::of_disclosure(&content.disclosure, &content.settings, &assets);
            ReleaseStatus::of(
                &history,
                Statement { disclosure: &content.disclosure, files: Some(&files), withheld: None, date: Some(as_of) },
            )
        });
        if let Some(content) = &mut content {
            let stated = content.places.get("site.language");
            let problems;
            (strings, problems) = overrides::catalog(&templates, &content.disclosure.language, stated);
            report.merge(problems);
            report.merge(unknown_languages(&templates, content));
            if let Some(base_url) = base_url {
                content.settings.replace_base_url(base_url.clone());
            }
            // Pages that the content links to must exist once it is released.
            let site = site_facts(&content.settings, Some(&content.disclosure), &history, &assets);
            let site = match status.as_ref().is_some_and(ReleaseStatus::is_unreleased) {
                true => site.once_released(as_of),
                false => site,
            };
            let facts = Facts {
                as_of,
                files: assets.iter().map(|(path, _)| path.to_owned()).collect(),
                site,
                listed_before: listed_before(&history),
                named_before: named_before(&history),
                announced: history.timeline().announcements().clone(),
                unreleased: match &status {
                    Some(ReleaseStatus::Unreleased(changes)) => changes.clone(),
                    _ => Changes::default(),
                },
                releases: history.releases().iter().map(|release| release.published).collect(),
                theme_copies: theme_copies(&assets),
                root_pages: root_pages(&assets),
                templates: templates.iter().map(|(_, source)| Arc::clone(source)).collect(),
                summary: summary.map(Arc::clone),
                complete,
            };
            report.merge(check::check(content, &facts));
            let left_out = check::left_out(content, &history, &facts, assets.used_by_styles());
            report.merge(references::withheld(&assets, &history));
            assets.leave_out(&left_out.files);
            report.merge(assets.hidden_characters());
            report.merge(assets.state_media_types(&content.settings.media_types));
            report.merge(left_out.report);
            let is_named = |path: &str| templates.iter().any(|(_, source)| check::names_file(&source.text, path));
            report.merge(assets.unlinked_styles(&content.settings.theme, is_named));
            report.merge(check::check_editions(content, &history, as_of));
            if complete {
                let (content, history, status) = (&*content, &history, status.as_ref());
                let (assets, templates, strings) = (&assets, templates.as_slice(), &strings);
                let linking = Linking { content, files, summary, history, status, assets, templates, strings, as_of };
                report.merge(anchors::check(linking));
            }
            check::apply_levels(&mut report, &content.settings);
            check::acknowledge(&mut report, content, as_of, complete);
        }
        CheckedProject { content, status, history, templates, strings, assets, report, complete }
    }
}

/// Reports languages of translations for which there are no UI strings.
fn unknown_languages(templates: &[(String, Arc<Source>)], content: &Content) -> Report {
    let mut report = Report::new();
    for (at, language) in content.settings.languages.iter().enumerate() {
        let stated = content.places.get(&format!("site.languages[{at}]"));
        // The catalogs of all languages are checked with that of the content.
        let (_, mut problems) = overrides::catalog(templates, language, stated);
        problems.retain(|found| found.code() == Code::LanguageUnknown);
        report.merge(problems);
    }
    report
}

/// Returns the files of `static/` that replace built-in ones.
fn theme_copies(assets: &Assets) -> Vec<Arc<Source>> {
    let copies = ThemeFile::all().filter_map(|file| assets.get(file.name)).filter(|asset| asset.is_own());
    copies.filter_map(|asset| Some(Source::new(asset.source(), std::str::from_utf8(&asset.bytes).ok()?))).collect()
}

/// Returns the HTML files of `static/root/`.
fn root_pages(assets: &Assets) -> Vec<Arc<Source>> {
    let pages = assets.iter().filter(|(path, asset)| path.starts_with("root/") && asset.media_type.is_html());
    pages.filter_map(|(_, page)| Some(Source::new(page.source(), std::str::from_utf8(&page.bytes).ok()?))).collect()
}

/// Returns the subprocessors that are in any release. The newest one usually still lists a subprocessor that the draft replaces.
fn listed_before(history: &History) -> BTreeSet<Id> {
    let newest = history.newest().map(|release| release.disclosure.subprocessors.as_slice()).unwrap_or_default();
    let gone = former(history, None, None);
    newest.iter().map(|item| item.id.clone()).chain(gone.into_iter().map(|former| former.item.id.clone())).collect()
}

/// Returns the names under which the newest release, or the last one that listed them, lists subprocessors.
fn named_before(history: &History) -> BTreeSet<String> {
    let newest = history.newest().map(|release| release.disclosure.subprocessors.as_slice()).unwrap_or_default();
    let gone = former(history, None, None);
    newest.iter().map(|item| item.name.clone()).chain(gone.into_iter().map(|former| former.item.name.clone())).collect()
}
