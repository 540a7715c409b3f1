//! Everything that a project holds, read and checked: what `check` reports is what stops a build.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::assets::Assets;
use crate::check::{self, Facts};
use crate::diagnostic::{Report, Source};
use crate::history::former::former;
use crate::history::{History, Standing, store};
use crate::load::{self, Content};
use crate::model::{Date, Id, WebUrl};
use crate::project::Project;
use crate::publication::site_facts;

/// A project as it was read.
pub struct Reading {
    /// The working files; none where nobody knows who speaks.
    pub content: Option<Content>,
    /// All releases.
    pub history: History,
    /// The publisher's own templates, by their name below `templates/`.
    pub templates: Vec<(String, Arc<Source>)>,
    /// Theme files and the publisher's own.
    pub assets: Assets,
    /// All findings, at the level that the settings give them.
    pub report: Report,
    /// Whether everything could be read; what a rule finds does not count.
    pub complete: bool,
}

/// Reads a project, and checks it for a day. `base_url` takes the place of that in `site.yaml`.
pub fn read(project: &Project, base_url: Option<&WebUrl>, as_of: Date) -> Reading {
    let (history, beside) = rayon::join(|| store::read(project, as_of), || Beside::read(project));
    complete(history, beside, base_url, as_of)
}

/// The same where the releases were read before, with what was found in them.
pub fn read_beside(history: (History, Report), project: &Project, base_url: Option<&WebUrl>, as_of: Date) -> Reading {
    complete(history, Beside::read(project), base_url, as_of)
}

/// What stands beside the releases.
struct Beside {
    content: Option<Content>,
    templates: Vec<(String, Arc<Source>)>,
    assets: Assets,
    report: Report,
}

impl Beside {
    fn read(project: &Project) -> Beside {
        let (content, mut report) = load::content(project);
        let (templates, findings) = load::templates(project);
        report.merge(findings);
        let accent = content.as_ref().and_then(|content| content.settings.theme.accent);
        let (assets, findings) = Assets::load(project, accent);
        report.merge(findings);
        Beside { content, templates, assets, report }
    }
}

/// Puts releases and all that stands beside them together, and checks it.
fn complete(
    (history, mut report): (History, Report),
    Beside { mut content, templates, mut assets, report: findings }: Beside,
    base_url: Option<&WebUrl>,
    as_of: Date,
) -> Reading {
    report.merge(findings);
    let complete = !report.has_errors();
    if let Some(content) = &mut content {
        let own_base_url = content.settings.base_url.clone();
        if let Some(base_url) = base_url {
            content.settings.base_url = Some(base_url.clone());
        }
        // What content links to has to be there once it is released.
        let site = site_facts(&content.settings, &content.disclosure.contacts, &history, &assets);
        let site = match Standing::of(&history, &content.disclosure).is_draft() {
            true => site.once_released(as_of),
            false => site,
        };
        let facts = Facts {
            as_of,
            files: assets.iter().map(|(path, _)| path.to_owned()).collect(),
            site,
            listed_before: listed_before(&history),
            templates: templates.iter().map(|(_, source)| Arc::clone(source)).collect(),
            complete,
        };
        report.merge(check::check(content, &facts));
        let site_urls: Vec<&WebUrl> = own_base_url.iter().chain(base_url).collect();
        let withheld = check::withheld(content, &history, &facts, &site_urls, assets.used_by_styles());
        assets.withhold(&withheld.files);
        report.merge(withheld.report);
        check::apply_levels(&mut report, &content.settings);
    }
    Reading { content, history, templates, assets, report, complete }
}

/// Subprocessors that some release lists; the newest counts too, for what a draft replaces is mostly listed there.
fn listed_before(history: &History) -> BTreeSet<Id> {
    let newest = history.newest().map(|release| release.disclosure.subprocessors.as_slice()).unwrap_or_default();
    let gone = former(history, None);
    newest.iter().map(|item| item.id.clone()).chain(gone.into_iter().map(|former| former.item.id.clone())).collect()
}
