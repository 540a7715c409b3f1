//! Rules for anchors of the trust page. Each id must be unique, or links to it reach the wrong element.

use std::collections::{BTreeSet, HashMap};

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::{Disclosure, Item, List};

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

/// Returns the ids of sections and of the items that they show, with the paths of the ids.
fn ids(disclosure: &Disclosure) -> Vec<(String, String)> {
    let mut ids = Vec::new();
    for list in List::ALL.iter().copied().filter(|list| *list == List::Sections || disclosure.shows(*list)) {
        let anchor = |(at, item): (usize, &dyn Item)| (list.anchor(item.id()), format!("{list}[{at}].id"));
        ids.extend(disclosure.items(list).into_iter().enumerate().map(anchor));
    }
    ids
}

/// Returns all anchors that a link can use: ids, and headings in Markdown.
pub(super) fn of(subject: &Subject<'_>) -> BTreeSet<String> {
    let headings = subject.prose.iter().flat_map(|prose| &prose.rendered.headings).map(|heading| heading.id.clone());
    ids(&subject.content.disclosure)
        .into_iter()
        .map(|(id, _)| id)
        .chain(headings)
        .chain(["content".to_owned()])
        .collect()
}

/// Returns the anchors that the trust page has for a disclosure, with the built-in templates: those that [`check`](super::check)
/// lets content link to. A test compares them with the page.
pub fn on_trust_page(disclosure: &Disclosure) -> BTreeSet<String> {
    let headings = super::prose::texts(disclosure).into_iter().flat_map(|text| text.headings());
    ids(disclosure).into_iter().map(|(id, _)| id).chain(headings).chain(["content".to_owned()]).collect()
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
}
