//! Runs the stages from a project to its site, for all commands that build or check a site.
//!
//! It only composes stages, and uses no terminal and no clock. [`BuildRequest`] contains everything that a site depends on besides
//! the project's files.

mod anchors;
mod inputs;
mod unseen;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

pub use inputs::{CheckedProject, check_for_release, check_project};

use crate::assets::{Assets, code};
use crate::check;
use crate::diagnostic::{RefusedCommand, Report, Source};
use crate::formats::{self, FormatInputs};
use crate::history::store::Folder;
use crate::history::sums::Sums;
use crate::history::{History, ReleaseStatus, kept, store};
use crate::link_check::LinkCheck;
use crate::load::{self, Content};
use crate::model::{self, Date, MediaType, ProgramVersion, RecordedFile, Version, WebUrl};
use crate::project::Project;
use crate::publication::{self, Draft, Publication};
use crate::references;
use crate::render::{Builtin, Renderer, Theme, pages};
use crate::site::map::Kind;
use crate::site::{Artifact, Inspect as _, Location, Site, SitePath, media};
use crate::wording::{Catalog, refusal};

/// Everything that a site depends on besides the files of its project.
#[derive(Debug, Clone)]
pub struct BuildRequest {
    /// The date as of which the site is evaluated.
    pub as_of: Date,
    /// Whether to show unreleased changes.
    pub draft: bool,
    /// URL of the site, which overrides the one in `site.yaml`.
    pub base_url: Option<WebUrl>,
    /// The command that builds the site, which may refuse because of diagnostics that are not errors; `None` for a preview.
    pub command: Option<RefusedCommand>,
    /// The version of the program that builds the site.
    pub program: ProgramVersion,
}

impl BuildRequest {
    /// Requests a site of the releases, without unreleased changes, as of a date, built by the running program.
    pub fn new(as_of: Date) -> BuildRequest {
        BuildRequest { as_of, draft: false, base_url: None, command: None, program: ProgramVersion::current() }
    }

    /// Returns whether these diagnostics stop the build.
    fn is_stopped_by(&self, report: &Report) -> bool {
        report.has_errors() || self.command.is_some_and(|command| report.refuses(command))
    }
}

/// A site and its sources.
#[derive(Debug)]
pub struct SiteBuild {
    /// The files.
    pub site: Site,
    /// The publication that they are built from.
    pub publication: Arc<Publication>,
    /// The renderer of its pages.
    pub renderer: Arc<Renderer>,
    /// The custom templates.
    pub templates: Vec<Arc<Source>>,
    /// Diagnostics that do not stop the build.
    pub report: Report,
}

impl SiteBuild {
    /// Prepares the check of the site's links, which a sink shows each file that it produces.
    pub fn link_check(&self) -> LinkCheck<'_> {
        LinkCheck::new(&self.site, &self.publication, &self.renderer, &self.templates)
    }

    /// Produces all files and checks their links, without writing anything.
    pub fn check_links(&self) -> Report {
        self.check_links_of(|_, artifact| artifact.body.bytes())
    }

    /// Checks the links of all files, whose bytes the function returns.
    pub fn check_links_of<'a, B: AsRef<[u8]>>(
        &'a self,
        bytes: impl Fn(&SitePath, &'a Artifact) -> Result<B, Report> + Sync,
    ) -> Report {
        let check = self.link_check();
        let artifacts: Vec<_> = self.site.iter().collect();
        let failed = artifacts.into_par_iter().filter_map(|(path, artifact)| match bytes(path, artifact) {
            Ok(bytes) => {
                check.file(path, artifact, bytes.as_ref());
                None
            }
            Err(report) => Some(report),
        });
        let failed: Vec<Report> = failed.collect();
        let mut report = check.report();
        failed.into_iter().for_each(|problems| report.merge(problems));
        report.sort();
        report
    }
}

/// A publication, with the templates and UI strings to render it.
#[derive(Debug)]
pub struct PublicationInputs {
    /// The content of the site.
    pub publication: Publication,
    /// The custom templates, by their name below `templates/`.
    pub templates: Vec<(String, Arc<Source>)>,
    /// The UI strings in the content's language.
    pub strings: Arc<Catalog>,
    /// Diagnostics that do not stop the build.
    pub report: Report,
}

/// A renderer and its publication.
#[derive(Debug)]
pub struct RendererBuild {
    /// Renders the pages of the publication with the theme of the project.
    pub renderer: Arc<Renderer>,
    /// The publication that it renders.
    pub publication: Arc<Publication>,
    /// The custom templates.
    pub templates: Vec<Arc<Source>>,
    /// Diagnostics that do not stop the build.
    pub report: Report,
}

/// Reads a project and compiles its theme.
///
/// # Errors
/// All diagnostics about content, releases, templates and static files.
pub fn build_renderer(project: &Project, request: &BuildRequest) -> Result<RendererBuild, Report> {
    // Compiling the built-in theme takes about as long as reading a small project.
    let (read, builtin) = rayon::join(|| publication(project, request), Builtin::new);
    let read = read?;
    let theme = builtin.and_then(|builtin| builtin.with(&read.templates, &read.strings)?.with_known_names());
    renderer_of(read, theme)
}

fn renderer_of(read: PublicationInputs, theme: Result<Theme, Report>) -> Result<RendererBuild, Report> {
    let PublicationInputs { publication, templates, mut report, .. } = read;
    match theme {
        Ok(theme) => {
            let mut unused = theme.unused();
            check::apply_levels(&mut unused, &publication.settings);
            report.merge(unused);
            let (publication, renderer) = renderer(publication, theme);
            let templates = templates.into_iter().map(|(_, source)| source).collect();
            Ok(RendererBuild { renderer, publication, templates, report })
        }
        Err(problems) => {
            report.merge(problems);
            Err(report)
        }
    }
}

/// Creates the renderer of a publication.
fn renderer(publication: Publication, mut theme: Theme) -> (Arc<Publication>, Arc<Renderer>) {
    theme.use_files(publication.assets.iter().map(|(path, asset)| (path.to_owned(), asset.path.to_url())));
    let publication = Arc::new(publication);
    let renderer = Arc::new(Renderer::new(Arc::clone(&publication), theme));
    (publication, renderer)
}

/// Reads a project and creates its site. Pages are rendered later, so a template may still fail then.
///
/// # Errors
/// The errors of [`build_renderer`], and static files with the path of a page or a format.
pub fn build_site(project: &Project, request: &BuildRequest) -> Result<SiteBuild, Report> {
    site_of(project, request, build_renderer(project, request)?)
}

/// Creates the site of a project that was read and checked, with its unreleased changes.
///
/// # Errors
/// The errors of [`build_site`].
pub fn draft_site(project: &Project, read: CheckedProject, theme: Theme, as_of: Date) -> Result<SiteBuild, Report> {
    let request = BuildRequest { draft: true, ..BuildRequest::new(as_of) };
    site_of(project, &request, renderer_of(published(project, read, &request)?, Ok(theme))?)
}

/// Renders the templates that the draft of a site does not need, such as the archived page of a release, and reports what fails.
/// Before the first release, `theme` renders the site as it is after it, whose links are checked.
pub fn render_unseen(project: &Project, draft: &SiteBuild, theme: Option<Theme>) -> Report {
    unseen::render(project, draft, theme)
}

fn site_of(project: &Project, request: &BuildRequest, build: RendererBuild) -> Result<SiteBuild, Report> {
    let RendererBuild { renderer, publication, templates, mut report } = build;
    let mut site = Site::made_by(request.program.clone());
    site.set_name(publication.site_name());
    site.withhold_files(publication.history.withheld_files().clone());
    site.set_original_records(publication.history.releases().iter().filter_map(|release| release.original).collect());
    let files = rendered_files(&renderer, &publication);
    for (path, artifact) in files.into_iter().chain(records(project, &renderer, &publication)) {
        let inserted = site.insert(path, artifact);
        debug_assert!(inserted.is_ok(), "two pages or formats have the path {inserted:?}");
    }
    report.merge(publication.assets.insert_into(&mut site));
    if request.is_stopped_by(&report) {
        Err(report)
    } else {
        Ok(SiteBuild { site, publication, renderer, templates, report })
    }
}

/// Returns the pages of a publication, and its machine-readable files.
pub fn rendered_files(renderer: &Arc<Renderer>, publication: &Arc<Publication>) -> Vec<(SitePath, Artifact)> {
    let [own, updates_of, pages_of] = [(); 3].map(|()| Arc::clone(renderer));
    let inputs = FormatInputs {
        publication: Arc::clone(publication),
        facts: renderer.facts().clone(),
        strings: renderer.shared_strings(),
        base_key: renderer.base_key(),
        front_key: renderer.front_key(),
        entry: Box::new(move |at, root| own.feed_entry(at, root)),
        update: Box::new(move |nth, root| updates_of.update_entry(nth, root)),
        lacks_anchor: Box::new(move |page, anchor| pages_of.lacks_anchor(page, anchor)),
    };
    let mut files = pages(renderer);
    files.extend(formats::files(inputs));
    files
}

/// Loads and checks all inputs of a site.
///
/// # Errors
/// All diagnostics about content, releases, templates and static files.
pub fn publication(project: &Project, request: &BuildRequest) -> Result<PublicationInputs, Report> {
    published(project, check_project(project, request.base_url.as_ref(), request.as_of), request)
}

fn published(project: &Project, read: CheckedProject, request: &BuildRequest) -> Result<PublicationInputs, Report> {
    let CheckedProject { content, status, history, templates, strings, assets, mut report, complete } = read;
    let (Some(content), Some(status)) = (content, status) else { return Err(report) };
    let settings = content.settings;
    let mut draft = None;
    if complete && status.is_unreleased() {
        if !request.draft {
            let stated = (&content.disclosure, request.as_of);
            let unreleased = refusal::unreleased(&status, &history, stated, &strings);
            report.merge(unreleased.map(Report::from).unwrap_or_default());
        }
        let changes = match status {
            ReleaseStatus::Unreleased(changes) => Some(changes),
            ReleaseStatus::Released | ReleaseStatus::NeverReleased => None,
        };
        let disclosure = content.disclosure.in_effect_on(request.as_of).into_owned();
        draft = Some(Draft { disclosure, changes });
    }
    if request.is_stopped_by(&report) {
        return Err(report);
    }
    let history = history.with_word(strings.get("changes.redacted"));
    let (as_of, program) = (request.as_of, request.program.clone());
    let in_effect = publication::in_effect(&history, as_of);
    let bound_media_types = bound_media_types(project, &history);
    let publication = Publication { settings, history, draft, in_effect, assets, bound_media_types, as_of, program };
    Ok(PublicationInputs { publication, templates, strings, report })
}

/// Returns a publication of releases that have been read, for output that states a release and not the content.
///
/// Nothing is checked, and problems of the content and of static files are not reported: settings that cannot be read have their
/// defaults, and files that cannot be read are left out.
pub fn released(project: &Project, history: History, as_of: Date) -> Publication {
    let settings = load::content(project).0.map(|content| content.settings).unwrap_or_default();
    let (assets, _) = Assets::load(project, &settings.theme);
    let in_effect = publication::in_effect(&history, as_of);
    let (bound_media_types, program) = (BTreeMap::new(), ProgramVersion::current());
    Publication { settings, history, draft: None, in_effect, assets, bound_media_types, as_of, program }
}

/// Returns the files that content refers to. Problems of files in `static/` are not reported, and such files are left out.
pub fn files_of(content: &Content, project: &Project) -> Vec<RecordedFile> {
    // The theme matters only to style sheets, which are not statements.
    let (assets, _) = Assets::load(project, &model::Theme::default());
    references::of_disclosure(&content.disclosure, &content.settings, &assets)
}

/// Returns the media types of the files that releases bind. No browser runs such a file, even if its record has such a type.
fn bound_media_types(project: &Project, history: &History) -> BTreeMap<String, MediaType> {
    let folder = Folder::of(project);
    let served_as = |version: Version, file: &RecordedFile| {
        let media_type = file.media_type.as_str();
        // An image may be drawn with SVG, as long as it has no code.
        let is_safe = || folder.kept_file(file, version).is_ok_and(|bytes| code::of(&file.path, &bytes).is_none());
        match code::is_active(media_type) && !(media_type.starts_with("image/svg+xml") && is_safe()) {
            true => MediaType::known(media::UNKNOWN),
            false => file.media_type.clone(),
        }
    };
    let bound = kept::of_history(history).into_iter();
    bound.map(|(at, (version, file))| (at, served_as(version, file))).collect()
}

/// Returns the release records and the files that they bind, byte for byte, and the digests of the records in the format of
/// `sha256sum -c`. A file is read only when a sink writes it, and must still have the verified digest then.
fn records(project: &Project, renderer: &Renderer, publication: &Arc<Publication>) -> Vec<(SitePath, Artifact)> {
    let bound: Vec<_> =
        kept::of_history(&publication.history).into_values().map(|(version, file)| (version, file.clone())).collect();
    let artifact = |location: Location| {
        let Location { address, nth, path } = location;
        let artifact = match address.kind {
            Kind::BoundFile => {
                let (version, file) = bound.get(nth)?.clone();
                let (folder, digest) = (Folder::of(project), file.sha256);
                let media_type = publication.bound_media_types.get(&file.kept_at()).cloned();
                let media_type = media_type.unwrap_or_else(|| MediaType::known(media::UNKNOWN));
                let artifact = Artifact::recorded(&path, digest, move || folder.kept_file(&file, version));
                Artifact { media_type, ..artifact }
            }
            Kind::Record => {
                let (project, publication) = (project.clone(), Arc::clone(publication));
                let digest = publication.history.releases().get(nth)?.digest;
                let produce = move || store::bytes(&project, &publication.history.releases()[nth]);
                Artifact::recorded(&path, digest, produce)
            }
            Kind::Checksums => Artifact::ready(&path, Sums::of(&publication.history).to_text().into_bytes()),
            _ => return None,
        };
        Some((path, artifact))
    };
    renderer.facts().locations().into_iter().filter_map(artifact).collect()
}
