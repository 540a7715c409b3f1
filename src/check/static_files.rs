//! Decides which files of `static/` the site publishes.
//!
//! Anyone can download a published file, even if no page links to it. Two kinds of files are therefore
//! not published: the file of a document that is not public, and a file below `static/documents/` that
//! nothing refers to.
//!
//! The newest statement about a file, in the content or in a release, decides whether it is restricted:
//! a document that was public and is now under NDA is not published, even though an old page links to it. An announced
//! restriction applies from the date on which it takes effect. Content that does not change gets no error then, so the file is
//! left out with a warning.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::{Facts, external, prose};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::history::History;
use crate::load::Content;
use crate::markdown::{self, LinkTarget, RenderedLink};
use crate::model::{Date, Disclosure, Document, Restriction, StatedFile, Version, WebUrl};
use crate::text::percent;

/// The folder whose files are published only if something refers to them.
const DOCUMENTS: &str = "documents/";

/// The files that are not published, and why.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// Paths below `static/`.
    pub files: BTreeSet<String>,
    /// References to restricted files, and files that nothing refers to.
    pub report: Report,
}

/// Decides which files the site leaves out. `used` contains the files that style sheets refer to.
pub fn left_out(content: &Content, history: &History, facts: &Facts, used: &BTreeSet<String>) -> LeftOut {
    let roots: Vec<&WebUrl> = content.settings.base_urls().collect();
    let site = SiteFiles { files: &facts.files, roots: &roots };
    let restricted = restricted(content, history, &site, facts.as_of);
    let mut left_out = LeftOut { files: BTreeSet::new(), report: not_yet_public(content, facts.as_of) };
    let mut unreferenced: BTreeSet<&str> =
        facts.files.iter().map(String::as_str).filter(|file| file.starts_with(DOCUMENTS)).collect();
    for file in used {
        unreferenced.remove(file.as_str());
    }
    refer(&content.disclosure, &mut unreferenced);
    for (_, file) in content.settings.theme.files() {
        unreferenced.remove(file);
    }
    unreferenced.retain(|file| !facts.templates.iter().any(|template| names_file(&template.text, file)));
    if !restricted.is_empty() || !unreferenced.is_empty() {
        let summary = facts.summary.as_ref().map(|summary| references_of_summary(summary, &site)).unwrap_or_default();
        for (file, place) in references(content, &site).into_iter().chain(summary) {
            unreferenced.remove(file.as_str());
            if let Some(owner) = restricted.get(fold(&file).as_ref()).filter(|owner| owner.restriction.since.is_none())
            {
                left_out.report.push(owner.refuse(&file, place, content));
            }
        }
    }
    if !unreferenced.is_empty() {
        refer_in_releases(history, &site, &mut unreferenced);
    }
    for file in &facts.files {
        let owner = restricted.get(fold(file).as_ref());
        if owner.is_none() && !unreferenced.contains(file.as_str()) {
            continue;
        }
        left_out.files.insert(file.clone());
        // A restricted file of the content is already reported as an error at the document.
        let reason = match owner {
            Some(RestrictedDocument { version: None, restriction: Restriction { since: None, .. }, .. }) => continue,
            Some(owner) => owner.to_string(),
            None => "nothing refers to it".to_owned(),
        };
        if facts.complete {
            left_out.report.push(unpublished(file, &reason));
        }
    }
    left_out
}

/// Reports the files that a document which is not public yet states for the time after an upcoming change. A release publishes the files
/// that it announces.
fn not_yet_public(content: &Content, date: Date) -> Report {
    let documents = &content.disclosure.documents;
    let is_later = |stated: &StatedFile| stated.public_from.is_some_and(|from| from > date);
    let mut report = Report::new();
    for (at, document) in documents.iter().enumerate() {
        for stated in document.stated_files().into_iter().filter(|stated| stated.is_public && is_later(stated)) {
            let is_same = |other: &StatedFile| other.file == stated.file && other.is_public && !is_later(other);
            if documents.iter().any(|other| other.stated_files().iter().any(is_same)) {
                continue;
            }
            let from = stated.public_from.map(|date| date.to_string()).unwrap_or_default();
            let message = format!(
                "anyone could download `{}` now, but `{}` is public only from {from}",
                stated.file, document.title
            );
            let found = Diagnostic::new(Code::FileNotPublic, message)
                .at_known(content.places.get(&format!("documents[{at}].{}", stated.field)), "")
                .at_known(content.places.get(&format!("documents[{at}].access")), "not public")
                .help("remove it, and move the file out of static/; state the file when the change takes effect");
            report.push(found);
        }
    }
    report
}

fn unpublished(file: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::FileUnreferenced, format!("`static/{file}` is not published: {reason}"))
        .at(Place::file(format!("static/{file}")), "")
        .help("reference it as the `file:` of a public document, link to it, or delete it from static/")
}

/// The document that restricts a file.
struct RestrictedDocument<'a> {
    document: &'a Document,
    restriction: Restriction,
    /// The release that states it; `None` for the content.
    version: Option<Version>,
    /// Its position in the list of documents.
    position: usize,
}

impl RestrictedDocument<'_> {
    /// Returns the diagnostic for a reference to the file.
    fn refuse(&self, file: &str, place: Option<Place>, content: &Content) -> Diagnostic {
        let own = self.version.is_none().then(|| content.places.get(&format!("documents[{}].access", self.position)));
        Diagnostic::new(Code::FileNotPublic, format!("anyone could download `{file}`: {self}"))
            .at_known(place, "")
            .at_known(own.flatten(), "not public")
            .help("remove the reference, or add a document with this `file:` and `access: public`")
    }
}

impl std::fmt::Display for RestrictedDocument<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let access = self.restriction.access.as_str();
        write!(f, "it is the file of `{}`, whose `access` is `{access}`", self.document.title)?;
        if let Some(since) = self.restriction.since {
            write!(f, " since {since}")?;
        }
        match self.version {
            Some(version) => write!(f, " in release {version}"),
            None => Ok(()),
        }
    }
}

/// Returns the files that are restricted on a date by their folded path, with the newest document that restricts them.
fn restricted<'a>(
    content: &'a Content,
    history: &'a History,
    site: &SiteFiles<'_>,
    date: Date,
) -> BTreeMap<String, RestrictedDocument<'a>> {
    let newest_first = std::iter::once((None, &content.disclosure))
        .chain(history.releases().iter().rev().map(|release| (Some(release.version), &release.disclosure)));
    let mut decided: BTreeMap<String, Option<RestrictedDocument<'a>>> = BTreeMap::new();
    // Releases share unchanged documents, so each document needs to be examined only once.
    let mut examined: HashSet<*const Document> = HashSet::new();
    for (version, disclosure) in newest_first {
        let mut stated: BTreeMap<String, Option<RestrictedDocument<'a>>> = BTreeMap::new();
        // An announced restriction of one document does not remove the file of another one that is public.
        let mut public: BTreeSet<String> = BTreeSet::new();
        for (position, document) in disclosure.documents.iter().enumerate() {
            if !examined.insert(Arc::as_ptr(document)) {
                continue;
            }
            let restriction = document.restriction_on(date);
            for file in site.files_of(document, date) {
                let file = fold(&file).into_owned();
                if restriction.is_none() {
                    public.insert(file.clone());
                }
                let owner = restriction.clone();
                let owner = owner.map(|restriction| RestrictedDocument { document, restriction, version, position });
                let before = stated.entry(file).or_default();
                *before = before.take().or(owner);
            }
        }
        for (file, owner) in stated {
            let owner = owner.filter(|owner| owner.restriction.since.is_none() || !public.contains(&file));
            decided.entry(file).or_insert(owner);
        }
    }
    decided.into_iter().filter_map(|(file, owner)| Some((file, owner?))).collect()
}

/// Removes the files of public documents from `unreferenced`.
fn refer(disclosure: &Disclosure, unreferenced: &mut BTreeSet<&str>) {
    for file in disclosure.documents.iter().flat_map(|document| document.public_files()) {
        unreferenced.remove(file.as_str());
    }
}

/// Removes the files that Markdown and addresses of releases refer to from `unreferenced`, starting with the newest release.
///
/// Only releases of schema 1 count: they recorded no files, so their pages link to the current ones, except for those of documents.
/// The pages of all other releases link to the files as the releases bound them, and a file of `static/` that changed since then may
/// be one that is not public.
fn refer_in_releases(history: &History, site: &SiteFiles<'_>, unreferenced: &mut BTreeSet<&str>) {
    // Most Markdown fields are the same in many releases, and parsing Markdown takes longer than comparing it.
    let mut examined: HashSet<&str> = HashSet::new();
    for release in history.releases().iter().rev().filter(|release| release.files.is_none()) {
        let texts =
            prose::texts(&release.disclosure).into_iter().map(|text| text.text).chain([release.summary.as_str()]);
        for text in texts.filter(|text| examined.insert(text)) {
            for link in markdown::render(text, &markdown::RenderOptions::new("")).links {
                if let Some(file) = site.file_at(&link.target) {
                    unreferenced.remove(file.as_str());
                }
            }
            if unreferenced.is_empty() {
                return;
            }
        }
        for (_, address) in external::stated(&release.disclosure) {
            if let Some(file) = site.file_at_url(address.as_str()) {
                unreferenced.remove(file.as_str());
            }
        }
    }
}

/// Returns all files that the content refers to, with the places, except for `file:` fields of restricted documents.
fn references(content: &Content, site: &SiteFiles<'_>) -> Vec<(String, Option<Place>)> {
    let mut found = Vec::new();
    for (at, document) in content.disclosure.documents.iter().enumerate() {
        for stated in document.stated_files().into_iter().filter(|stated| stated.is_public) {
            found.push((stated.file, content.places.get(&format!("documents[{at}].{}", stated.field))));
        }
    }
    for prose in prose::of(content) {
        for link in &prose.rendered.links {
            if let Some(file) = site.file_at(&link.target) {
                found.push((file, prose.place(&link.range)));
            }
        }
    }
    for (path, address) in external::fields(content) {
        if let Some(file) = site.file_at_url(address.as_str()) {
            found.push((file, content.places.get(&path)));
        }
    }
    found
}

/// Returns all files that the summary of a new release refers to, with the places.
fn references_of_summary(summary: &Arc<Source>, site: &SiteFiles<'_>) -> Vec<(String, Option<Place>)> {
    let links = markdown::render(&summary.text, &markdown::RenderOptions::new("")).links;
    let file = |link: RenderedLink| Some((site.file_at(&link.target)?, Some(Place::new(summary, link.range))));
    links.into_iter().filter_map(file).collect()
}

/// Finds the file of `static/` that an address leads to.
struct SiteFiles<'a> {
    files: &'a BTreeSet<String>,
    /// The addresses at which the site is or was published.
    roots: &'a [&'a WebUrl],
}

impl SiteFiles<'_> {
    /// Returns the files of the editions of a document, as it states them and by the changes that are in effect on a date.
    fn files_of<'d>(&self, document: &'d Document, date: Date) -> Vec<Cow<'d, str>> {
        let changes = document.upcoming.iter().filter(|entry| entry.effective <= date);
        let changed = changes.flat_map(|entry| entry.values.files());
        let addresses = document.editions.iter().map(|edition| edition.url.as_ref()).chain([document.url.as_ref()]);
        let linked = addresses.flatten().filter_map(|url| self.file_at_url(url.as_str())).map(Cow::Owned);
        document.files().chain(changed).map(Cow::Borrowed).chain(linked).collect()
    }

    fn file_at(&self, target: &LinkTarget) -> Option<String> {
        match target {
            LinkTarget::Site { path, .. } => Some(path.clone()),
            LinkTarget::Web(address) => self.file_at_url(address),
            LinkTarget::Mail { .. } | LinkTarget::Phone(_) | LinkTarget::Anchor(_) => None,
        }
    }

    /// Returns the file at a full address of this site.
    fn file_at_url(&self, address: &str) -> Option<String> {
        if self.roots.is_empty() {
            return None;
        }
        let url: url::Url = address.parse().ok()?;
        let (_, below) = WebUrl::innermost(self.roots.iter().copied(), &url)?;
        let path = percent::decode_lossy(below);
        self.files.contains(path.as_ref()).then(|| path.into_owned())
    }
}

/// Normalizes a path as the most lenient file systems do: to NFC and lower case.
fn fold(path: &str) -> Cow<'_, str> {
    if path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(path);
    }
    Cow::Owned(path.nfc().collect::<String>().to_lowercase())
}

/// Returns whether a template contains the path of a file, not followed by other characters of a path.
pub fn names_file(template: &str, file: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || "-_/.".contains(next));
    template.match_indices(file).any(|(at, _)| ends(&template[at + file.len()..]))
}
