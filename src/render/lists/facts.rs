//! The list of key facts.

use std::sync::Arc;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Fact, FactKind, List};
use crate::render::copy::{MarkdownCopy, in_cell, table};
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::view::LinkView;
use crate::text::markdown::{escape, link};
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &FactList;

/// The list of key facts.
struct FactList;

impl ListKind for FactList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        let view = |item: &Arc<Fact>| FactView {
            id: item.id.to_string(),
            title: item.title.clone(),
            kind: item.kind.as_ref().map(|kind| kind.as_str().to_owned()),
            plan: item.plan.clone(),
            value: value(item, renderer.strings()),
            details: renderer.item_markdown(item, item.details.as_deref(), location),
            document: item.document.as_ref().map(|id| renderer.document_link(id, disclosure, location)),
            page: item.url.as_ref().map(LinkView::to_host),
        };
        let items: Vec<_> = disclosure.facts.iter().map(view).collect();
        renderer.list_html(List::Facts.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let strings = copy.strings();
        // Details of more than one paragraph follow the table.
        let mut below = String::new();
        let mut rows = Vec::new();
        for item in &copy.disclosure().facts {
            let details = item.details.as_deref().map(|details| copy.item_text(&**item, details)).unwrap_or_default();
            let title = escape(&item.title);
            if !details.is_line && !details.text.is_empty() {
                below += &format!("\n**{title}**\n\n{}\n", details.text);
            }
            let document = item.document.as_ref().map(|id| {
                let document = copy.disclosure().documents.iter().find(|document| document.id == *id);
                escape(document.map_or(id.as_str(), |document| &document.title))
            });
            let page = item.url.as_ref().map(|url| match url.link() {
                Some(url) => link(&url.host(), url.as_str()),
                None => escape(&url.to_string()),
            });
            rows.push(vec![
                title,
                escape(item.plan.as_deref().unwrap_or_default()),
                escape(&value(item, strings).unwrap_or_default()),
                if details.is_line { in_cell(&details.text) } else { String::new() },
                document.unwrap_or_default(),
                page.unwrap_or_default(),
            ]);
        }
        let heads = ["facts.fact", "fields.plan", "facts.value", "fields.details", "fields.document", "fields.url"];
        table(&heads.map(|key| strings.get(key)), rows.into_iter()) + &below
    }
}

/// Returns the value of a fact in words, such as `Within 48 hours`; none if it has only details.
fn value(item: &Fact, strings: &Catalog) -> Option<String> {
    let duration = item.duration().map(|(unit, number)| {
        let duration = strings.count(&format!("facts.{unit}"), number as usize);
        match item.kind {
            Some(FactKind::BreachNotice | FactKind::Deletion) => {
                strings.fill("facts.within", &[("duration", &duration)])
            }
            Some(FactKind::Backups) => strings.fill("facts.every", &[("duration", &duration)]),
            _ => duration,
        }
    });
    let percent = item.percent.map(|percent| strings.percent(percent));
    let regions: Vec<&str> = item.regions.iter().map(|region| strings.country(region.as_str())).collect();
    let regions = Some(regions.join("; ")).filter(|regions| !regions.is_empty());
    let approval = item.approval.as_ref().map(|approval| strings.approval(approval.as_str()).to_owned());
    let values: Vec<String> = duration.into_iter().chain(percent).chain(regions).chain(approval).collect();
    Some(values.join("; ")).filter(|value| !value.is_empty())
}

/// A key fact.
#[derive(Debug, Clone, Serialize)]
pub struct FactView {
    /// Id; the anchor is `fact-ID`.
    pub id: String,
    /// Name of the fact.
    pub title: String,
    /// What it is about, such as `breach-notice`, if stated.
    pub kind: Option<String>,
    /// The plan to which it applies; none if it applies to all.
    pub plan: Option<String>,
    /// Its value in words, such as `Within 48 hours`; none if it has only details.
    pub value: Option<String>,
    /// Details.
    pub details: Option<Value>,
    /// Link to the document that states it.
    pub document: Option<LinkView>,
    /// Link to the web page that states it.
    pub page: Option<LinkView>,
}
