//! The stages in order, for every command that ends in a site.

use std::sync::Arc;

use super::Context;
use super::reading::{self, Reading};
use crate::diagnostic::{RefusedCommand, Report};
use crate::formats;
use crate::history::sums::Sums;
use crate::history::{Standing, store};
use crate::model::{Date, WebUrl};
use crate::project::Project;
use crate::publication::{Draft, Publication};
use crate::render::{Builtin, Renderer, builtin_words, pages};
use crate::site::map::Kind;
use crate::site::{Artifact, Location, Site, SitePath};

/// What a site is wanted for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whether content that was never released may be shown.
    pub draft: bool,
    /// Address of the site, in place of that in `site.yaml`.
    pub base_url: Option<WebUrl>,
    /// The day that the site speaks for.
    pub as_of: Date,
    /// The command that refuses to make the site because of some diagnostics that are not errors; none for a preview.
    pub command: Option<RefusedCommand>,
}

impl Wanted {
    /// Whether what was found stops the site from being made.
    fn is_stopped_by(&self, report: &Report) -> bool {
        report.has_errors() || self.command.is_some_and(|command| report.refuses(command))
    }
}

/// A site with what is known of it.
#[derive(Debug)]
pub struct Made {
    /// The files.
    pub site: Site,
    /// What they are made of.
    pub publication: Arc<Publication>,
    /// Findings that do not stop a build.
    pub report: Report,
}

/// A renderer with what it renders and with findings that do not stop a build.
type Ready = (Arc<Renderer>, Arc<Publication>, Report);

/// Reads the project and compiles its theme.
///
/// # Errors
/// All that is wrong with content, releases, templates and static files, in one report.
pub fn renderer(project: &Project, wanted: &Wanted) -> Result<Ready, Report> {
    // The built-in theme takes about as long to compile as a small project takes to read.
    let (read, builtin) = rayon::join(|| publication(project, wanted), Builtin::new);
    let (publication, templates, mut report) = read?;
    let language = publication.disclosure().map(|disclosure| disclosure.language.as_str().to_owned());
    match builtin.and_then(|builtin| builtin.with(&templates, language.as_deref().unwrap_or("en"))) {
        Ok(theme) => {
            let publication = Arc::new(publication);
            Ok((Arc::new(Renderer::new(Arc::clone(&publication), theme)), publication, report))
        }
        Err(findings) => {
            report.merge(findings);
            Err(report)
        }
    }
}

/// Reads the project and makes its site. Pages are deferred: an error in a template may still come when they are made.
///
/// # Errors
/// Those of [`renderer`], and static files that would stand in the place of a page or a format.
pub fn make(project: &Project, wanted: &Wanted) -> Result<Made, Report> {
    let (renderer, publication, mut report) = renderer(project, wanted)?;
    let mut site = Site::new();
    let files = pages(&renderer)
        .into_iter()
        .chain(records(project, &renderer, &publication))
        .chain(formats::files(&renderer, &publication));
    for (path, artifact) in files {
        let inserted = site.insert(path, artifact);
        debug_assert!(inserted.is_ok(), "two pages or formats have the path {inserted:?}");
    }
    report.merge(publication.assets.insert_into(&mut site));
    if wanted.is_stopped_by(&report) { Err(report) } else { Ok(Made { site, publication, report }) }
}

/// Templates by name.
type Templates = Vec<(String, Arc<crate::diagnostic::Source>)>;

/// Loads and checks everything that goes into a site; whatever is wrong is told in one report.
fn publication(project: &Project, wanted: &Wanted) -> Result<(Publication, Templates, Report), Report> {
    let Reading { content, history, templates, assets, mut report, complete } =
        reading::read(project, wanted.base_url.as_ref(), wanted.as_of);
    let Some(content) = content else { return Err(report) };
    let settings = content.settings;
    let mut draft = None;
    if complete {
        let standing = Standing::of(&history, &content.disclosure);
        if standing.is_draft() {
            if !wanted.draft {
                let words = builtin_words(content.disclosure.language.as_str());
                report.merge(standing.refusal(&words).map(Report::from).unwrap_or_default());
            }
            let changes = match standing {
                Standing::Draft(changes) => Some(changes),
                Standing::Released | Standing::NeverReleased => None,
            };
            draft = Some(Draft { disclosure: content.disclosure, changes });
        }
    }
    if wanted.is_stopped_by(&report) {
        return Err(report);
    }
    let publication = Publication { settings, history, draft, assets, as_of: wanted.as_of };
    Ok((publication, templates, report))
}

/// Release records, byte for byte, and their digests as `sha256sum -c` reads them. Records' bytes are read when a sink asks
/// for them, and must be those that were verified.
fn records(project: &Project, renderer: &Renderer, publication: &Arc<Publication>) -> Vec<(SitePath, Artifact)> {
    let artifact = |location: Location| {
        let Location { address, nth, path } = location;
        let artifact = match address.kind {
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

impl Context {
    /// What a command wants that publishes: releases only, for the day of the run.
    pub fn released(&self, base_url: Option<WebUrl>, command: RefusedCommand) -> Wanted {
        Wanted { draft: false, base_url, as_of: self.as_of, command: Some(command) }
    }
}
