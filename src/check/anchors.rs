//! Rules for anchors of the trust page. Each id must be unique, or links to it reach the wrong element.

use std::collections::{BTreeSet, HashMap};

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::history::DatedChange;
use crate::model::{Disclosure, Item, List, OwnPage, Show};
use crate::wording::dated;

/// Ids that the built-in templates use.
const RESERVED: [&str; 16] = [
    "content",
    "unreleased",
    "toc-title",
    "former",
    "annex",
    "changes",
    "verify",
    "i-full",
    "i-half",
    "i-empty",
    "i-ended",
    "i-mail",
    "i-lock",
    "i-open",
    "i-feed",
    "i-bell",
];

/// Returns the ids of all sections and of the items that they show, with the paths of the ids.
fn ids(disclosure: &Disclosure) -> Vec<(String, String)> {
    let is_shown = |list: &List| *list == List::Sections || disclosure.shows(*list);
    List::ALL.iter().copied().filter(is_shown).flat_map(|list| ids_of(disclosure, list)).collect()
}

/// Returns the ids that the trust page has.
fn shown_ids(disclosure: &Disclosure) -> impl Iterator<Item = String> {
    let sections = disclosure.shown_sections().map(|section| List::Sections.anchor(&section.id));
    let lists = List::shown().filter(|list| disclosure.shows(*list));
    sections.chain(lists.flat_map(|list| ids_of(disclosure, list)).map(|(id, _)| id))
}

/// Returns the ids of the items of a list, with the paths of the ids.
fn ids_of(disclosure: &Disclosure, list: List) -> impl Iterator<Item = (String, String)> {
    let anchor = move |(at, item): (usize, &dyn Item)| (list.anchor(item.id()), format!("{list}[{at}].id"));
    disclosure.items(list).into_iter().enumerate().map(anchor)
}

/// Returns the list that a text belongs to, from its path.
pub(super) fn list_of(path: &str) -> Option<List> {
    path.split('[').next()?.parse().ok()
}

/// Whether the trust page shows the text at a path, as far as pages of the publisher do not.
fn is_on_trust_page(disclosure: &Disclosure, path: &str) -> bool {
    // A list of updates shows their titles; each text is a page.
    let is_page = |list: List| matches!(list, List::Pages | List::Updates);
    list_of(path).is_none_or(|list| !is_page(list) && disclosure.page_showing(list).is_none())
}

/// Returns the anchors of the page of the update at a position: of its headings.
pub(super) fn of_update(subject: &Subject<'_>, at: usize) -> BTreeSet<String> {
    let body = format!("{}[{at}].body", List::Updates);
    let shown = subject.prose.iter().filter(|prose| prose.path == body);
    let headings = shown.flat_map(|prose| &prose.rendered.headings).map(|heading| heading.id.clone());
    headings.chain(["content".to_owned()]).collect()
}

/// Returns the anchors of the page of the publisher at a position: of its headings, and of the items of its list.
pub(super) fn of_page(subject: &Subject<'_>, at: usize, page: &OwnPage) -> BTreeSet<String> {
    let disclosure = &subject.content.disclosure;
    let body = format!("{}[{at}].body", List::Pages);
    let list = match page.show {
        Some(Show::List(list)) => Some(list),
        _ => None,
    };
    let has_texts = list.filter(|list| *list != List::Updates);
    let is_shown = |path: &str| path == body || has_texts.is_some_and(|list| list_of(path) == Some(list));
    let shown = subject.prose.iter().filter(|prose| !prose.is_upcoming && is_shown(&prose.path));
    let headings = shown.flat_map(|prose| &prose.rendered.headings).map(|heading| heading.id.clone());
    let items = list.into_iter().flat_map(|list| ids_of(disclosure, list)).map(|(id, _)| id);
    headings.chain(items).chain(["content".to_owned()]).collect()
}

/// Returns all anchors that a link can use: ids, and headings in Markdown.
pub(super) fn of(subject: &Subject<'_>) -> BTreeSet<String> {
    let disclosure = &subject.content.disclosure;
    let is_shown = |prose: &&super::Prose<'_>| !prose.is_upcoming && is_on_trust_page(disclosure, &prose.path);
    let shown = subject.prose.iter().filter(is_shown);
    let headings = shown.flat_map(|prose| &prose.rendered.headings).map(|heading| heading.id.clone());
    shown_ids(disclosure).chain(headings).chain(["content".to_owned()]).chain(upcoming(subject, None)).collect()
}

/// Returns the anchors of the changes that are still to come, of one list or of all, and that of their heading.
///
/// For released content, they are those of the date of the release: content that is not changed gets no new error when a change
/// takes effect.
pub(super) fn upcoming(subject: &Subject<'_>, list: Option<List>) -> Vec<String> {
    let facts = subject.facts;
    let released = facts.releases.last().filter(|_| facts.unreleased.is_empty());
    let date = *released.unwrap_or(&facts.as_of);
    let changes = facts.announced.with_draft(&subject.content.disclosure, date);
    let is_shown =
        |change: &&DatedChange| list.is_none_or(|list| change.id.list == list) && change.state_on(date).is_to_come();
    let mut anchors: Vec<String> = changes.iter().filter(is_shown).map(|change| dated::anchor(&change.id)).collect();
    if !anchors.is_empty() {
        anchors.push(dated::ANCHOR.to_owned());
    }
    anchors
}

/// Returns the anchors that the trust page has for a disclosure, with the built-in templates: those that [`check`](super::check)
/// lets content link to, except for those of upcoming changes, which depend on the date. A test compares them with the page.
pub fn on_trust_page(disclosure: &Disclosure) -> BTreeSet<String> {
    let is_shown =
        |text: &super::prose::MarkdownText<'_>| !text.is_upcoming && is_on_trust_page(disclosure, &text.path);
    let texts = super::prose::texts(disclosure).into_iter().filter(is_shown);
    let headings = texts.flat_map(|text| text.headings());
    shown_ids(disclosure).chain(headings).chain(["content".to_owned()]).collect()
}

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let mut firsts: HashMap<String, String> = HashMap::new();
    for (id, path) in ids(&subject.content.disclosure) {
        if RESERVED.contains(&id.as_str()) {
            let message = format!("the id `{id}` is reserved for the page itself");
            report.push(subject.found(Code::IdTaken, message, &path).help("choose a different `id:`"));
        } else if let Some(first) = firsts.get(&id) {
            let message = format!("the id `{id}` is used twice on the trust page");
            report.push(
                subject
                    .found(Code::IdTaken, message, &path)
                    .at_known(subject.content.places.get(first), "first here")
                    .help("change the id that has not been released yet"),
            );
        } else {
            firsts.insert(id, path);
        }
    }
    let disclosure = &subject.content.disclosure;
    for list in List::shown().filter(|list| disclosure.page_showing(*list).is_some()) {
        for (id, path) in ids_of(disclosure, list).filter(|(id, _)| RESERVED.contains(&id.as_str())) {
            let message = format!("the id `{id}` is reserved for the page itself");
            report.push(subject.found(Code::IdTaken, message, &path).help("choose a different `id:`"));
        }
    }
}
