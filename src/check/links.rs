//! Rules for links within the site, files of `static/`, and references between lists.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::{Prose, Subject, external, prose};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, Suggestions};
use crate::history::kept;
use crate::load::Content;
use crate::markdown::LinkTarget;
use crate::model::{Aliases, Evidence, Id, List, Settings};
use crate::site::{Alias, is_conventional, map};
use crate::text::percent;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    if !subject.facts.complete {
        return;
    }
    let names = Names::of(subject);
    let targets = Targets::new(&names, &subject.facts.files);
    for prose in &subject.prose {
        links(subject, prose, &targets, report);
    }
    addresses(subject, &targets, report);
    aliases(subject, &targets, report);
    named_files(subject, &targets.files, report);
    documents(subject, report);
}

/// The pages whose anchors the rules know, as links have them.
const TRUST_PAGE: &str = "";
const SUBPROCESSORS: &str = "subprocessors/";

/// Existing names, with suggestions for unknown ones.
struct Known<'a> {
    names: &'a BTreeSet<String>,
    suggestions: Suggestions<'a>,
    /// The names by their composed spelling (Unicode NFC), computed on first use.
    composed: OnceCell<BTreeMap<String, &'a str>>,
}

impl<'a> Known<'a> {
    fn new(names: &'a BTreeSet<String>) -> Known<'a> {
        let suggested = names.iter().map(String::as_str).filter(|name| !is_conventional(name));
        Known { names, suggestions: Suggestions::new(suggested), composed: OnceCell::new() }
    }

    fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    fn nearest(&self, name: &str) -> Option<&'a str> {
        self.suggestions.nearest(name)
    }

    /// How to fix a name that is not known; `otherwise` if there is no similar one.
    fn help(&self, name: &str, otherwise: impl FnOnce() -> String) -> String {
        let spelling = |name: &str| name.nfc().collect::<String>();
        let composed = || self.names.iter().map(|name| (spelling(name), name.as_str())).collect();
        // The two names look the same, so "did you mean" would not help.
        let same = (!name.is_ascii()).then(|| self.composed.get_or_init(composed).get(&spelling(name))).flatten();
        match (same, self.nearest(name)) {
            (Some(same), _) if spelling(name) == name => format!(
                "the file `{same}` stores its accents as separate characters (Unicode NFD); rename it with composed ones (NFC), as here"
            ),
            (Some(same), _) => format!(
                "this name stores its accents as separate characters (Unicode NFD); type `{same}` anew, with composed ones (NFC)"
            ),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => otherwise(),
        }
    }
}

/// Checks the links of the summary of a new release. Its anchors lead to the page of the release.
pub(super) fn check_summary(subject: &Subject<'_>, summary: &Prose<'_>, report: &mut Report) {
    if !subject.facts.complete {
        return;
    }
    let mut names = Names::of(subject);
    names.trust.extend(summary.rendered.headings.iter().map(|heading| heading.id.clone()));
    links(subject, summary, &Targets::new(&names, &subject.facts.files), report);
}

/// What links can lead to: pages, files, and the anchors of the pages that texts link to most.
struct Names {
    /// The paths of pages and files.
    paths: BTreeSet<String>,
    /// The anchors of the trust page.
    trust: BTreeSet<String>,
    /// The anchors of the page of subprocessors.
    subprocessors: BTreeSet<String>,
    /// The anchors of each page of the publisher, in order.
    pages: Vec<BTreeSet<String>>,
    /// The anchors of the page of each update, in order.
    updates: Vec<BTreeSet<String>>,
}

impl Names {
    fn of(subject: &Subject<'_>) -> Names {
        // A file can be linked by its path in the site, and by its path in `static/`, which is rewritten.
        let mut paths = subject.facts.site.linkable();
        paths.extend(subject.facts.files.iter().cloned());
        let pages = subject.content.disclosure.pages.iter().enumerate();
        let updates = 0..subject.content.disclosure.updates.len();
        Names {
            paths,
            trust: super::anchors::of(subject),
            subprocessors: of_subprocessors(subject),
            pages: pages.map(|(at, page)| super::anchors::of_page(subject, at, page)).collect(),
            updates: updates.map(|at| super::anchors::of_update(subject, at)).collect(),
        }
    }
}

/// [`Names`] and the files of `static/`, with suggestions.
struct Targets<'a> {
    paths: Known<'a>,
    files: Known<'a>,
    trust: Known<'a>,
    subprocessors: Known<'a>,
    pages: Vec<Known<'a>>,
    updates: Vec<Known<'a>>,
}

impl<'a> Targets<'a> {
    fn new(names: &'a Names, files: &'a BTreeSet<String>) -> Targets<'a> {
        Targets {
            paths: Known::new(&names.paths),
            files: Known::new(files),
            trust: Known::new(&names.trust),
            subprocessors: Known::new(&names.subprocessors),
            pages: names.pages.iter().map(Known::new).collect(),
            updates: names.updates.iter().map(Known::new).collect(),
        }
    }
}

impl Targets<'_> {
    /// Returns what is wrong with a link to a page or a file of the site.
    fn missing(&self, content: &Content, path: &str, suffix: &str) -> Option<Found> {
        if !self.paths.contains(map::linked(path)) && !self.paths.contains(path) {
            return Some(missing(Code::BrokenLink, "page or file", path, &self.paths));
        }
        let anchor = fragment(suffix)?;
        match map::linked(path) {
            TRUST_PAGE => self.missing_on_trust_page(content, &anchor),
            SUBPROCESSORS => unknown_anchor(&anchor, &self.subprocessors),
            page => own_page(content, page).and_then(|at| unknown_anchor(&anchor, self.pages.get(at)?)),
        }
    }

    /// Returns what is wrong with a link to an anchor of the trust page.
    fn missing_on_trust_page(&self, content: &Content, anchor: &str) -> Option<Found> {
        let (code, mut message, mut help) = unknown_anchor(anchor, &self.trust)?;
        let disclosure = &content.disclosure;
        let section = disclosure.sections.iter().find(|section| section.id.as_str() == anchor);
        if section.is_some_and(|section| disclosure.leaves_out(section)) {
            message = format!("the page leaves out the section `#{anchor}`: it has no text, and its list is empty");
            help = "add items to the list or a text to the section, or remove the link".to_owned();
        }
        Some((code, message, help))
    }
}

/// Checks the fields with web addresses of this site. A release binds the files that it names as such, so no field may name one by its
/// web address. Links of the pages' header and footer are not part of a release, so their files must be bound otherwise.
fn addresses(subject: &Subject<'_>, targets: &Targets<'_>, report: &mut Report) {
    let content = subject.content;
    let own_path = |address: &str| content.settings.own_path(address).map(|(path, _)| path);
    let bound = || kept::stated_paths(&content.disclosure, &own_path);
    for (at, address) in external::fields(content) {
        let Some((path, suffix)) = content.settings.own_path(address.as_str()) else { continue };
        let of_disclosure = ["site.organization.", "site.contacts."].iter().any(|part| at.starts_with(part));
        let is_stated = of_disclosure || !at.starts_with("site.");
        let is_file = targets.files.contains(&path);
        let (code, message, help) = if !is_stated && is_file && !bound().contains(&path) {
            let message = format!("`{address}` is a file of this site, which no release binds");
            (Code::FileByAddress, message, format!("add a document with `file: {path}`"))
        } else if is_stated && is_file {
            let message = format!("`{address}` is a file of this site, which a release binds only by its path");
            let help = match at.strip_suffix(".url").is_some_and(|item| item.starts_with(List::Documents.name())) {
                true => format!("write `file: {path}` instead"),
                false if of_disclosure => {
                    format!("add a document with `file: {path}`, and write the address of a page")
                }
                false => format!("add a document with `file: {path}`, and refer to it"),
            };
            (Code::FileByAddress, message, help)
        } else if let Some((_, message, help)) = targets.missing(content, &path, &suffix) {
            (Code::BrokenAddress, message, help)
        } else {
            continue;
        };
        report.push(subject.found(code, message, &at).help(help));
    }
}

/// Checks the aliases of `site.yaml`: their addresses and their targets.
fn aliases(subject: &Subject<'_>, targets: &Targets<'_>, report: &mut Report) {
    let Some(Aliases::Own(own)) = &subject.content.settings.aliases else { return };
    let aliases: Vec<_> = own.iter().map(|(path, target)| (path, target, Alias::stated(path, target))).collect();
    for (path, target, alias) in &aliases {
        let at = format!("site.aliases.{path}");
        let key = || subject.content.places.get(&format!("{at}#key"));
        if let Some(conflict) = alias.conflict(&subject.facts.site) {
            let message = format!("an alias cannot have the address `/{}`, which {conflict}", alias.path);
            let help = "choose another path, such as `legal/dpa`";
            report.push(Diagnostic::new(Code::PageNameTaken, message).at_known(key(), "").help(help));
        } else if target.contains(':') || !(alias.page.is_empty() || subject.facts.site.has(&alias.page)) {
            let (code, message, help) = missing(Code::BrokenLink, "page or file", target, &targets.paths);
            report.push(subject.found(code, message, &at).help(help));
        } else if let Some(anchor) = &alias.anchor
            && let Some((code, message, help)) = targets.missing(subject.content, &alias.page, &format!("#{anchor}"))
        {
            report.push(subject.found(code, message, &at).help(help));
        }
    }
}

/// Returns the anchors of the page that shows a text, if the trust page does not: a page of the publisher, or that of an update.
fn anchors_beside<'a, 'n>(subject: &Subject<'_>, prose: &Prose<'_>, targets: &'a Targets<'n>) -> Option<&'a Known<'n>> {
    let disclosure = &subject.content.disclosure;
    let list = super::anchors::list_of(&prose.path)?;
    let position = || prose.path.split(['[', ']']).nth(1)?.parse::<usize>().ok();
    match list {
        List::Pages => targets.pages.get(position()?),
        List::Updates => targets.updates.get(position()?),
        _ => {
            let page = disclosure.page_showing(list)?;
            targets.pages.get(disclosure.pages.iter().position(|other| other.id == page.id)?)
        }
    }
}

/// Returns the anchors of the page of subprocessors, which also lists former ones, so that a contract can link to one.
fn of_subprocessors(subject: &Subject<'_>) -> BTreeSet<String> {
    let listed = subject.content.disclosure.subprocessors.iter().map(|item| item.id.to_string());
    let former = subject.facts.listed_before.iter().map(ToString::to_string);
    let mut anchors: BTreeSet<String> = listed.chain(former).collect();
    if anchors.len() > subject.content.disclosure.subprocessors.len() {
        anchors.insert("former".to_owned());
    }
    anchors.insert("content".to_owned());
    anchors.extend(super::anchors::upcoming(subject, Some(List::Subprocessors)));
    anchors
}

fn links(subject: &Subject<'_>, prose: &Prose<'_>, targets: &Targets<'_>, report: &mut Report) {
    let files = &targets.files;
    let unknown = |anchor: &str| targets.missing_on_trust_page(subject.content, anchor);
    for link in &prose.rendered.links {
        let own = of_own_site(&link.target, &subject.content.settings);
        let found = match own.as_ref().unwrap_or(&link.target) {
            LinkTarget::Site { path, .. } if link.image && !files.contains(path) => {
                Some(missing(Code::FileNotFound, "image", path, files))
            }
            LinkTarget::Site { path, suffix } => targets.missing(subject.content, path, suffix),
            // Other pages lead to the trust page for anchors that they do not have.
            LinkTarget::Anchor(anchor) => match anchors_beside(subject, prose, targets) {
                Some(page) if page.contains(anchor) => None,
                Some(page) => unknown(anchor).map(|(code, message, help)| {
                    (code, message, page.nearest(anchor).map_or(help, |near| format!("did you mean `#{near}`?")))
                }),
                None => unknown(anchor),
            },
            LinkTarget::Web(_) | LinkTarget::Mail { .. } | LinkTarget::Phone(_) => None,
        };
        if let Some((code, message, help)) = found {
            report.push(subject.found_in(code, message, prose, &link.range).help(help));
        }
    }
}

type Found = (Code, String, String);

fn missing(code: Code, what: &str, path: &str, known: &Known<'_>) -> Found {
    let help = known.help(path, || "write the path from the site's root, and put files in static/".to_owned());
    (code, format!("there is no {what} `{path}` on the site"), help)
}

fn unknown_anchor(anchor: &str, known: &Known<'_>) -> Option<Found> {
    if anchor.is_empty() || known.contains(anchor) {
        return None;
    }
    let help = match known.nearest(anchor) {
        Some(near) => format!("did you mean `#{near}`?"),
        None => "use the id of a section or an item, or a heading of this text in kebab-case".to_owned(),
    };
    Some((Code::BrokenAnchor, format!("there is no anchor `#{anchor}` on the page"), help))
}

/// Returns the anchor of `?query#anchor`, decoded.
fn fragment(suffix: &str) -> Option<Cow<'_, str>> {
    suffix.split_once('#').and_then(|(_, fragment)| percent::anchor(fragment))
}

/// Returns the target of a link that names the site itself with its full address, or with a former one.
fn of_own_site(target: &LinkTarget, settings: &Settings) -> Option<LinkTarget> {
    let LinkTarget::Web(address) = target else { return None };
    settings.own_path(address).map(|(path, suffix)| LinkTarget::Site { path, suffix })
}

/// Returns the position of the publisher's page at a path.
fn own_page(content: &Content, path: &str) -> Option<usize> {
    content.disclosure.pages.iter().position(|page| page.id.as_str() == path.trim_end_matches('/'))
}

/// A link of content to an anchor of a page whose anchors only its template knows.
#[derive(Debug, Clone)]
pub struct LinkedAnchor {
    /// The path of the page, as links have it.
    pub page: String,
    /// The anchor, decoded.
    pub anchor: String,
    /// The place of the link.
    pub place: Option<Place>,
}

/// Returns the links of content, and of the summary of a new release, to anchors of pages other than those whose anchors are known.
pub fn linked_anchors(content: &Content, summary: Option<&Arc<Source>>) -> Vec<LinkedAnchor> {
    let mut linked = Vec::new();
    for prose in prose::of(content).into_iter().chain(summary.map(prose::of_summary)) {
        for link in &prose.rendered.links {
            let own = of_own_site(&link.target, &content.settings);
            let LinkTarget::Site { path, suffix } = own.as_ref().unwrap_or(&link.target) else { continue };
            let (page, Some(anchor)) = (map::linked(path), fragment(suffix)) else { continue };
            if ![TRUST_PAGE, SUBPROCESSORS].contains(&page) && own_page(content, page).is_none() {
                let place = prose.place(&link.range);
                linked.push(LinkedAnchor { page: page.to_owned(), anchor: anchor.into_owned(), place });
            }
        }
    }
    linked
}

fn named_files(subject: &Subject<'_>, files: &Known<'_>, report: &mut Report) {
    let mut need = |path: &str, at: &str| {
        if !files.contains(path) {
            let help = files.help(path, || format!("put the file at static/{path}"));
            let message = format!("there is no file `static/{path}`");
            report.push(subject.found(Code::FileNotFound, message, at).help(help));
        }
    };
    for (field, file) in subject.content.settings.theme.files() {
        need(file, &format!("site.theme.{field}"));
    }
    for (at, document) in subject.content.disclosure.documents.iter().enumerate() {
        for stated in document.stated_files() {
            need(&stated.file, &format!("documents[{at}].{}", stated.field));
        }
    }
}

fn documents(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    let ids: BTreeSet<String> = disclosure.documents.iter().map(|document| document.id.to_string()).collect();
    let known = Known::new(&ids);
    let unknown = |id: &Id, at: &str| -> Option<Diagnostic> {
        if known.contains(id.as_str()) {
            return None;
        }
        let help = match known.nearest(id.as_str()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it to content/data/documents.yaml, or remove the reference".to_owned(),
        };
        Some(subject.found(Code::UnknownDocument, format!("there is no document with the id `{id}`"), at).help(help))
    };
    for (at, item) in disclosure.certifications.iter().enumerate() {
        let found = item.document.as_ref().and_then(|id| unknown(id, &format!("certifications[{at}].document")));
        found.into_iter().for_each(|found| report.push(found));
        for (nth, edition) in item.editions.iter().enumerate() {
            let place = format!("certifications[{at}].editions[{nth}].document");
            let found = edition.document.as_ref().and_then(|id| unknown(id, &place));
            found.into_iter().for_each(|found| report.push(found));
        }
    }
    for (at, item) in disclosure.facts.iter().enumerate() {
        let found = item.document.as_ref().and_then(|id| unknown(id, &format!("facts[{at}].document")));
        found.into_iter().for_each(|found| report.push(found));
    }
    for (at, item) in disclosure.controls.iter().enumerate() {
        if let Some(Evidence::Document(id)) = &item.evidence {
            unknown(id, &format!("controls[{at}].evidence")).into_iter().for_each(|found| report.push(found));
        }
    }
}
