//! Where the links of texts and the files of documents lead, on the page that shows them.
//!
//! The page of the current statement links to the files as they are now. The archived page of a release links to the files that
//! the release binds, so it shows forever what it showed first. Texts of releases never change, so a link to a page or a file
//! that the site no longer has is written as text.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::anchors::{AnchorLink, TextLinks};
use super::edition::Edition;
use super::renderer::Renderer;
use crate::history::Release;
use crate::markdown::{LinkTarget, Resolved};
use crate::model::{Digest, Disclosure, List, RecordedFile, StatedUrl, Validity, WebUrl};
use crate::site::map::{self, PageKind};
use crate::text::percent;
use crate::wording::dated;

/// The folder of the pages of releases.
const RELEASES: &str = "releases/";

/// The statement that a text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum TextOrigin {
    /// Unreleased content.
    Draft,
    /// The newest release, on a page of the current statement.
    Current,
    /// The release at this position, on its archived page.
    Archived(usize),
    /// The summary of the release at this position, on any page.
    Summary(usize),
}

impl TextOrigin {
    /// The origin of the texts of an edition.
    pub fn of(edition: &Edition, releases: &[Release]) -> TextOrigin {
        match edition {
            Edition::Draft { .. } => TextOrigin::Draft,
            Edition::Current { .. } => TextOrigin::Current,
            Edition::Archived { release, .. } => TextOrigin::Archived(super::changelog::position(releases, release)),
        }
    }
}

/// Where the file of a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileAddress {
    /// At this path of the site.
    Path(String),
    /// Unknown: the release recorded no files, so the current file may be another edition.
    NotRecorded,
    /// It was withheld after it was published.
    Withheld,
    /// The site does not have it.
    Gone,
}

impl Renderer {
    /// Returns the path below the site's root of a file of `static/` that a statement refers to.
    pub(super) fn file(&self, path: &str, origin: TextOrigin) -> FileAddress {
        let current = self.publication().assets.get(path);
        if let TextOrigin::Archived(at) | TextOrigin::Summary(at) = origin {
            let files = self.publication().history.releases()[at].files.as_deref();
            match files.map(|files| find(files, path)) {
                Some(Some(file)) if self.publication().history.withheld_files().contains(&file.sha256) => {
                    return FileAddress::Withheld;
                }
                Some(Some(file)) => return FileAddress::Path(map::bound_file(file)),
                None if current.is_none_or(|asset| asset.is_own()) => return FileAddress::NotRecorded,
                Some(None) | None => {}
            }
        }
        current.map_or(FileAddress::Gone, |asset| FileAddress::Path(asset.path.to_string()))
    }

    /// Returns where a link leads, knowing that some anchors are missing. Adds the link to `links` if its target may not exist.
    /// An anchor that a page of the publisher does not have may be on the trust page, whose path is `home`.
    pub(super) fn resolve_text(
        &self,
        target: &LinkTarget,
        origin: TextOrigin,
        (missing, home): (&BTreeSet<AnchorLink>, Option<&str>),
        links: &mut TextLinks,
    ) -> Resolved {
        let resolved = self.resolve(target, origin);
        match AnchorLink::of(target, &resolved) {
            Some(link) if !missing.contains(&link) => drop(links.anchors.insert(link)),
            None if resolved != Resolved::Gone => {}
            Some(AnchorLink { page: None, anchor }) if home.is_some_and(|home| !self.lacks_anchor(home, &anchor)) => {
                return Resolved::Path(home.unwrap_or_default().to_owned());
            }
            // The entry of an update in its feed may mean the page of the update, or the trust page.
            Some(AnchorLink { page: None, anchor })
                if home.is_some() && origin == TextOrigin::Current && !self.lacks_anchor("", &anchor) =>
            {
                return Resolved::Path(String::new());
            }
            Some(AnchorLink { anchor, .. }) if let Some(page) = self.page_of_former(&anchor, origin) => {
                return Resolved::Path(page);
            }
            _ => {
                links.gone.insert(shown(target));
                return Resolved::Gone;
            }
        }
        resolved
    }

    /// Returns the page that lists the former subprocessor with this id, for links to its entry on another page, which lists it no
    /// longer. The current statement may only link there if it has ended: a custom template that leaves out others is reported.
    pub(super) fn page_of_former(&self, id: &str, origin: TextOrigin) -> Option<String> {
        let publication = self.publication();
        let find =
            |disclosure: &Disclosure| disclosure.subprocessors.iter().find(|item| item.id.as_str() == id).cloned();
        let current = publication.disclosure().and_then(find);
        let is_former = match (&current, origin) {
            (Some(item), TextOrigin::Draft | TextOrigin::Current) => {
                item.validity_on(publication.as_of) == Validity::Ended
            }
            (Some(_), _) => true,
            (None, _) => publication.history.releases().iter().any(|release| find(&release.disclosure).is_some()),
        };
        let page = PageKind::Subprocessors.path("");
        (is_former && self.has_page(&page) && !self.lacks_anchor(&page, id)).then_some(page)
    }

    /// Returns where a link leads, regardless of anchors.
    pub(super) fn resolve(&self, target: &LinkTarget, origin: TextOrigin) -> Resolved {
        match target {
            LinkTarget::Site { path, .. } if self.archived_page(path, origin).is_some() => {
                Resolved::Path(self.archived_page(path, origin).unwrap_or_default())
            }
            LinkTarget::Site { path, .. } => match self.file(path, origin) {
                FileAddress::Path(published) => Resolved::Path(published),
                FileAddress::Withheld => Resolved::Gone,
                // For a text, unlike a document, the current file is better than none.
                FileAddress::NotRecorded | FileAddress::Gone => match self.publication().assets.get(path) {
                    Some(asset) => Resolved::Path(asset.path.to_string()),
                    None if self.has_page(path) => Resolved::Written,
                    None => Resolved::Gone,
                },
            },
            // A summary is shown on many pages, but only the page of its release has all the anchors that it may refer to.
            LinkTarget::Anchor(anchor) => match origin {
                // Only the front page lists what is still to come.
                TextOrigin::Summary(_) | TextOrigin::Archived(_) if anchor.starts_with(dated::ANCHOR) => {
                    Resolved::Path(String::new())
                }
                TextOrigin::Summary(at) if !anchor.is_empty() => {
                    Resolved::Path(map::release_page(self.publication().history.releases()[at].version))
                }
                _ => Resolved::Written,
            },
            // The site itself, with its full address.
            LinkTarget::Web(address) => {
                let Some((path, suffix)) = self.publication().settings.own_path(address) else {
                    return Resolved::Written;
                };
                match self.resolve(&LinkTarget::Site { path: path.clone(), suffix }, origin) {
                    Resolved::Written => Resolved::Path(path),
                    resolved => resolved,
                }
            }
            LinkTarget::Mail { .. } | LinkTarget::Phone(_) => Resolved::Written,
        }
    }

    /// Returns what the release at this position stated on its date, for its archived pages, and the addresses of its fields that
    /// lead nowhere, which are text.
    pub(super) fn archived_disclosure(&self, at: usize) -> (Cow<'_, Disclosure>, TextLinks) {
        let release = &self.publication().history.releases()[at];
        let mut disclosure = release.disclosure.in_effect_on(release.published);
        let stated = disclosure.urls();
        let replaced: BTreeMap<&WebUrl, StatedUrl> =
            stated.into_iter().filter_map(|url| Some((url, self.address_now(url, at)?))).collect();
        let mut links = TextLinks::default();
        if !replaced.is_empty() {
            let gone = replaced.iter().filter(|(_, now)| now.link().is_none());
            links.gone.extend(gone.map(|(stated, _)| stated.to_string()));
            let mut current = Disclosure::clone(&disclosure);
            current.replace_urls(&|url| replaced.get(url).cloned());
            disclosure = Cow::Owned(current);
        }
        (disclosure, links)
    }

    /// Returns where an address of this site in a field of the release at this position leads today: to the file as the release
    /// bound it, to the present address of a page or file, or nowhere, as text. `None` if the address is right as it was stated.
    pub(super) fn address_now(&self, stated: &WebUrl, at: usize) -> Option<StatedUrl> {
        let publication = self.publication();
        let (path, suffix) = publication.settings.own_path(stated.as_str())?;
        let target = LinkTarget::Site { path: path.clone(), suffix: suffix.clone() };
        let resolved = match self.resolve(&target, TextOrigin::Archived(at)) {
            Resolved::Gone => None,
            Resolved::Written => Some(path.clone()),
            Resolved::Path(resolved) => Some(resolved),
        };
        // Pages of releases never lose an anchor.
        let lacks = |page: &String| {
            let link = AnchorLink::of(&target, &Resolved::Path(page.clone()));
            let link = link.filter(|_| !page.starts_with(RELEASES));
            link.is_some_and(|link| self.lacks_anchor(map::linked(page), &link.anchor))
        };
        let Some(now) = resolved.filter(|page| !lacks(page)) else {
            return Some(StatedUrl::Text(format!("{stated} ({})", self.strings().get("markdown.gone"))));
        };
        let base = publication.settings.base_url.as_ref()?;
        let is_file = publication.assets.get(&path).is_some() || !self.has_page(&path);
        if base.below(stated.as_str()).is_some() && (now == path || !is_file) {
            return None;
        }
        let now = publication.absolute(&percent::path(&now))? + &suffix;
        Some(StatedUrl::Moved { stated: stated.clone(), now: now.parse().ok()? })
    }

    /// Returns the path of the archived page that a text of a release means: a page of the publisher, a questionnaire or an update, or,
    /// if the release has pages of the publisher, the trust page. Links between pages stay inside their version.
    fn archived_page(&self, path: &str, origin: TextOrigin) -> Option<String> {
        let (TextOrigin::Archived(at) | TextOrigin::Summary(at)) = origin else { return None };
        let release = &self.publication().history.releases()[at];
        let linked = map::linked(path);
        if linked.is_empty() {
            return (!release.disclosure.pages.is_empty()).then(|| map::release_page(release.version));
        }
        let name = linked.trim_end_matches('/');
        if let Some((list, id)) = name.split_once('/') {
            let list = list.parse().ok().filter(|list: &List| list.has_folder())?;
            let item = release.disclosure.items(list).into_iter().find(|item| item.id().as_str() == id)?;
            return match list {
                List::Questionnaires => Some(self.questionnaire_path(item.id(), origin)),
                List::Updates => Some(self.update_path(item.id(), origin)),
                _ => None,
            };
        }
        let page = release.disclosure.pages.iter().find(|page| page.id.as_str() == name)?;
        Some(self.own_path(&page.id, origin))
    }

    /// Returns the remark on a link that leads nowhere. In a draft, that is usually a link to what its release will add, such as
    /// the feed; `check` reports all others.
    pub(super) fn gone(&self, origin: TextOrigin) -> &str {
        if origin == TextOrigin::Draft { "" } else { self.strings().get("markdown.gone") }
    }

    /// Returns a digest of the files that a statement binds: equal texts with equal digests have equal links.
    pub(super) fn files_key(&self, origin: TextOrigin) -> Option<Digest> {
        match origin {
            TextOrigin::Draft | TextOrigin::Current => None,
            TextOrigin::Archived(at) | TextOrigin::Summary(at) => self.bound_keys()[at],
        }
    }
}

/// Returns the target of a link to the site for messages.
pub(super) fn shown(target: &LinkTarget) -> String {
    match target {
        LinkTarget::Site { path, suffix } if path.is_empty() => format!("/{suffix}"),
        LinkTarget::Site { path, suffix } => format!("{path}{suffix}"),
        LinkTarget::Anchor(anchor) => format!("#{anchor}"),
        LinkTarget::Web(address) => address.clone(),
        LinkTarget::Mail { .. } | LinkTarget::Phone(_) => String::new(),
    }
}

/// Returns a digest of the files that a release binds; `None` if it recorded none.
pub(super) fn bound_key(release: &Release) -> Option<Digest> {
    let files = release.files.as_deref()?;
    let text: String = files.iter().map(|file| format!("{}\0{}\n", file.path, file.sha256)).collect();
    Some(Digest::of(text.as_bytes()))
}

/// Returns the file with this path; files are ordered by path.
fn find<'a>(files: &'a [RecordedFile], path: &str) -> Option<&'a RecordedFile> {
    files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &files[at])
}
