//! Aliases: conventional addresses that lead to a page, a section or a file of the site, so that a reader who types
//! `/dpa` or `/sub-processors` gets there. A site has an alias only if its target exists and nothing else has its address.

use super::SiteFacts;
use super::map::{self, INDEX};
use crate::model::{Aliases, Disclosure, DocumentKind, Id, List, Settings, Show};

/// An address that leads to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Path below the root of the site, without slashes at its ends, such as `legal/dpa`.
    pub path: String,
    /// Path of the target, as links have it: a folder with a trailing slash, a file, or empty for the trust page.
    pub page: String,
    /// The anchor of the target on its page.
    pub anchor: Option<String>,
}

/// What an alias leads to.
#[derive(Clone, Copy)]
enum Target {
    /// The trust page.
    Trust,
    /// A page of candor.
    Page(map::PageKind),
    /// The section or page that shows a list.
    List(List),
    /// The published data processing agreement, or the place where readers request it.
    Agreement,
}

/// The aliases that every site has by default.
const CONVENTIONAL: &[(&str, Target)] = &[
    ("sub-processors", Target::Page(map::PageKind::Subprocessors)),
    ("subprocessor-list", Target::Page(map::PageKind::Subprocessors)),
    ("legal/subprocessors", Target::Page(map::PageKind::Subprocessors)),
    ("legal/sub-processors", Target::Page(map::PageKind::Subprocessors)),
    ("dpa", Target::Agreement),
    ("legal/dpa", Target::Agreement),
    ("data-processing-agreement", Target::Agreement),
    ("security", Target::List(List::Controls)),
    ("compliance", Target::List(List::Certifications)),
    ("certifications", Target::List(List::Certifications)),
    ("faq", Target::List(List::Faq)),
    ("trust", Target::Trust),
    ("change-log", Target::Page(map::PageKind::Changelog)),
];

/// Whether an address is conventional, and so leads to a page with another address, which is the one to link to.
pub fn is_conventional(address: &str) -> bool {
    CONVENTIONAL.iter().any(|(path, _)| *path == address.trim_end_matches('/'))
}

impl Alias {
    /// Returns the alias that `site.yaml` states: a path, and a target such as `documents/dpa.pdf` or `#security`.
    pub fn stated(path: &str, target: &str) -> Alias {
        let (page, anchor) = match target.split_once('#') {
            Some((page, anchor)) => (page, Some(anchor.to_owned())),
            None => (target, None),
        };
        let page = page.trim_start_matches('/').to_owned();
        Alias { path: path.trim_matches('/').to_owned(), page, anchor }
    }

    /// Returns why the alias cannot have its address; `None` if it can.
    pub fn conflict(&self, facts: &SiteFacts) -> Option<String> {
        let path = self.path.as_str();
        if path.is_empty() || !path.split('/').all(|name| name.parse::<Id>().is_ok()) {
            return Some("has characters other than lowercase letters, digits and hyphens".to_owned());
        }
        let page = format!("{path}/{INDEX}");
        if super::SitePath::new(page.as_str()).is_none() || map::is_reserved_for_candor(path) {
            return Some("is reserved".to_owned());
        }
        if facts.pages.iter().any(|name| name == path) {
            return Some("is that of a page".to_owned());
        }
        // A file cannot have the path of a folder, and hosts may serve a file for the address of a page.
        let is_conflict = |file: &&String| {
            let folded = map::fold(file);
            path.strip_prefix(&folded).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                || map::is_served_for_page(file, path)
        };
        facts.files.iter().find(is_conflict).map(|file| format!("is that of the file `{file}`"))
    }
}

/// Returns the aliases that a site can have, sorted by path. Those of `site.yaml` replace the conventional ones.
pub fn aliases(settings: &Settings, front: Option<&Disclosure>, facts: &SiteFacts) -> Vec<Alias> {
    let own = match &settings.aliases {
        Some(Aliases::Conventional(false)) => return Vec::new(),
        Some(Aliases::Own(own)) => own.iter().map(|(path, target)| Alias::stated(path, target)).collect(),
        Some(Aliases::Conventional(true)) | None => Vec::new(),
    };
    let conventional = CONVENTIONAL.iter().filter_map(|(path, target)| {
        let (page, anchor) = target.find(front?, facts)?;
        Some(Alias { path: (*path).to_owned(), page, anchor })
    });
    let mut all: Vec<Alias> = own;
    for alias in conventional {
        if all.iter().all(|own| own.path != alias.path) {
            all.push(alias);
        }
    }
    all.retain(|alias| alias.conflict(facts).is_none());
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all.dedup_by(|a, b| a.path == b.path);
    all
}

impl Target {
    /// Returns the path and the anchor of the target, if the site states what it is about.
    fn find(self, disclosure: &Disclosure, facts: &SiteFacts) -> Option<(String, Option<String>)> {
        match self {
            Target::Trust => Some((String::new(), None)),
            Target::Page(kind) => Some((kind.path(""), None)),
            Target::List(list) => shown_at(disclosure, list),
            Target::Agreement => {
                let is_agreement = |kind: &Option<DocumentKind>| *kind == Some(DocumentKind::Dpa);
                let document = disclosure.documents.iter().find(|document| is_agreement(&document.kind))?;
                let file =
                    document.file.as_ref().filter(|file| document.access.is_public() && facts.files.contains(*file));
                match file {
                    Some(file) => Some((file.clone(), None)),
                    None => {
                        let (page, _) = shown_at(disclosure, List::Documents)?;
                        Some((page, Some(List::Documents.anchor(&document.id))))
                    }
                }
            }
        }
    }
}

/// Returns the path of the page that shows a list, and the anchor of its section.
fn shown_at(disclosure: &Disclosure, list: List) -> Option<(String, Option<String>)> {
    if disclosure.count(list) == 0 {
        return None;
    }
    let show = Some(Show::List(list));
    if let Some(section) = disclosure.sections.iter().find(|section| section.show == show) {
        return Some((String::new(), Some(section.id.to_string())));
    }
    let page = disclosure.page_showing(list)?;
    Some((map::PageKind::Own.path(page.id.as_str()), None))
}
