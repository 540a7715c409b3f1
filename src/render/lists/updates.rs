//! The list of updates: one entry for each, newest first, which links to its page.

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Date, List, Update};
use crate::render::copy::{MarkdownCopy, bullets};
use crate::render::date::DateView;
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::site::map::PageKind;
use crate::text::markdown::{escape, link};
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &UpdateList;

/// The list of updates.
struct UpdateList;

impl ListKind for UpdateList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let items = renderer.updates(edition, location);
        renderer.list_html(List::Updates.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let strings = copy.strings();
        let line = |item: &Update| {
            let address = copy.address(&PageKind::Update.path(item.id.as_str()));
            let view = UpdateView::new(item, String::new(), None, strings);
            let stated = |label: &str, value: Option<String>| Some(format!("{}: {}", strings.field(label), value?));
            let facts = [
                view.date.map(|date| date.text),
                Some(view.kind_label),
                stated("severity", view.severity_label),
                stated("affected", view.affected),
                stated("status", view.status_label),
                stated("started", view.started.map(|date| date.text)),
                stated("resolved", view.resolved.map(|date| date.text)),
            ];
            let facts: Vec<String> = facts.into_iter().flatten().map(|fact| escape(&fact)).collect();
            format!("{}: {}", link(&item.title, &address), facts.join("; "))
        };
        bullets(newest_first(copy.disclosure().updates.iter().map(|item| &**item)).into_iter().map(line))
    }
}

/// Returns updates by their dates, newest first.
pub(in crate::render) fn newest_first<'a>(items: impl Iterator<Item = &'a Update>) -> Vec<&'a Update> {
    let mut items: Vec<&Update> = items.collect();
    items.sort_by_key(|item| std::cmp::Reverse((item.date(), &item.id)));
    items
}

/// An update.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateView {
    /// Id, which is the name of its page; the anchor of the entry is `update-ID`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Path of its page below the site's root.
    pub href: String,
    /// Date.
    pub date: Option<DateView>,
    /// `incident`, `advisory`, `certificate`, `roadmap` or `general`.
    pub kind: String,
    /// Name of the kind, such as `Incident`.
    pub kind_label: String,
    /// `critical`, `high`, `medium` or `low`.
    pub severity: Option<String>,
    /// Name of the severity, such as `High`.
    pub severity_label: Option<String>,
    /// What is affected.
    pub affected: Option<String>,
    /// `investigating`, `identified`, `monitoring` or `resolved`.
    pub status: Option<String>,
    /// Name of the status, such as `Resolved`.
    pub status_label: Option<String>,
    /// Date on which it started.
    pub started: Option<DateView>,
    /// Date on which it was resolved.
    pub resolved: Option<DateView>,
    /// Date of the release that last edited it, if one did.
    pub edited: Option<DateView>,
}

impl UpdateView {
    /// Creates the view of an update; `href` is the path of its page.
    pub fn new(item: &Update, href: String, edited: Option<Date>, strings: &Catalog) -> UpdateView {
        let label = |word: &str| strings.value(word).to_owned();
        let date = |date: Option<Date>| date.map(|date| DateView::new(date, strings));
        UpdateView {
            id: item.id.to_string(),
            title: item.title.clone(),
            href,
            date: date(item.date()),
            kind: item.kind.as_str().to_owned(),
            kind_label: label(item.kind.as_str()),
            severity: item.severity.as_ref().map(|severity| severity.as_str().to_owned()),
            severity_label: item.severity.as_ref().map(|severity| label(severity.as_str())),
            affected: item.affected.clone(),
            status: item.status.as_ref().map(|status| status.as_str().to_owned()),
            status_label: item.status.as_ref().map(|status| label(status.as_str())),
            started: date(item.started),
            resolved: date(item.resolved),
            edited: date(edited),
        }
    }
}
