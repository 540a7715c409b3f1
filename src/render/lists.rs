//! Lists -> HTML, one template per list and one per row of the table of subprocessors.

use std::sync::Arc;

use tera::{Context, Value};

use super::edition::Edition;
use super::memo::Key;
use super::renderer::{Renderer, Spot};
use super::theme::safe;
use super::view::{
    CertificationView, Columns, CommitmentView, ControlGroup, ControlView, DocumentGroup, FaqView, LinkView,
    SubprocessorView,
};
use crate::diagnostic::Report;
use crate::model::{Certification, Control, Document, Evidence, Id, List, Listed, Show, Subprocessor, grouped};

impl Renderer {
    /// The list that a section carries, as HTML; empty where the list has no items.
    pub(super) fn list(&self, show: Show, edition: &Edition, spot: &Spot) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        match show {
            Show::List(List::Sections) => Ok(safe("")),
            Show::List(List::Subprocessors) => self.subprocessors(edition, spot),
            Show::List(List::Controls) => {
                let view = |item: &Arc<Control>| {
                    let description = self.item_markdown(item, "description", item.description.as_deref(), spot)?;
                    let evidence = item.evidence.as_ref().map(|evidence| match evidence {
                        Evidence::Url(url) => LinkView { href: url.to_string(), text: url.host() },
                        Evidence::Document(id) => self.document_link(id, disclosure, spot),
                    });
                    Ok(ControlView::new(item, description, evidence, self.words()))
                };
                let groups = grouped(&disclosure.controls, |item| item.group.as_deref())
                    .into_iter()
                    .map(|(name, items)| {
                        let controls = items.into_iter().map(view).collect::<Result<_, Report>>()?;
                        Ok(ControlGroup { name: name.map(str::to_owned), controls })
                    })
                    .collect::<Result<Vec<_>, Report>>()?;
                self.list_html("lists/controls.html", groups.is_empty(), &groups, spot)
            }
            Show::List(List::Commitments) => {
                let mut items = Vec::new();
                for item in &disclosure.commitments {
                    let details = self.item_markdown(item, "details", item.details.as_deref(), spot)?;
                    items.push(CommitmentView::new(item, details));
                }
                self.list_html("lists/commitments.html", items.is_empty(), &items, spot)
            }
            Show::List(List::Certifications) => {
                let view = |item: &Arc<Certification>| {
                    let document = item.document.as_ref().map(|id| self.document_link(id, disclosure, spot));
                    CertificationView::new(item, document, edition.day(), self.words())
                };
                let items: Vec<_> = disclosure.certifications.iter().map(view).collect();
                self.list_html("lists/certifications.html", items.is_empty(), &items, spot)
            }
            Show::List(List::Documents) => {
                let view = |item: &Arc<Document>| self.document(item, disclosure, spot);
                let groups: Vec<_> = grouped(&disclosure.documents, |item| item.category.as_deref())
                    .into_iter()
                    .map(|(name, items)| DocumentGroup {
                        name: name.map(str::to_owned),
                        documents: items.into_iter().map(view).collect(),
                    })
                    .collect();
                self.list_html("lists/documents.html", groups.is_empty(), &groups, spot)
            }
            Show::List(List::Faq) => {
                let mut items = Vec::new();
                for item in &disclosure.faq {
                    let answer = self.item_markdown(item, "answer", Some(&item.answer), spot)?;
                    items.push(FaqView::new(item, answer.unwrap_or_else(|| safe(""))));
                }
                self.list_html("lists/faq.html", items.is_empty(), &items, spot)
            }
            Show::Contacts => {
                let contacts = self.contacts(disclosure);
                self.list_html("lists/contacts.html", contacts.is_empty(), &contacts, spot)
            }
            Show::Changelog => self.recent_changes(edition, spot),
            Show::Schedule => self.list_html("lists/schedule.html", disclosure.subprocessors.is_empty(), &(), spot),
        }
    }

    /// The table of subprocessors.
    pub(super) fn subprocessors(&self, edition: &Edition, spot: &Spot) -> Result<Value, Report> {
        self.table(&edition.disclosure().subprocessors.iter().collect::<Vec<_>>(), edition, spot)
    }

    /// The table of some of an edition's subprocessors.
    pub(super) fn table(&self, items: &[&Arc<Subprocessor>], edition: &Edition, spot: &Spot) -> Result<Value, Report> {
        let columns = Columns::of(edition.disclosure());
        let rows: Result<Vec<Value>, Report> =
            items.iter().map(|item| self.row(item, items, columns, edition, spot)).collect();
        let rows = rows?;
        let mut context = spot.context();
        context.insert("count", &rows.len());
        context.insert("columns", &columns);
        context.insert("version", &edition.release().map(|release| release.version.to_string()));
        context.insert_value("rows", Value::from(rows));
        self.render("lists/subprocessors.html", &context).map(|html| safe(&html))
    }

    /// One row of the table that has these rows.
    fn row(
        &self,
        item: &Arc<Subprocessor>,
        rows: &[&Arc<Subprocessor>],
        columns: Columns,
        edition: &Edition,
        spot: &Spot,
    ) -> Result<Value, Report> {
        let has_row = |id: &Id| rows.iter().any(|row| row.id == *id);
        let view = || SubprocessorView::new(item, edition.disclosure(), &has_row, edition.day(), self.words());
        let make = |view: &SubprocessorView| {
            let mut context = spot.context();
            context.insert("item", view);
            context.insert("columns", &columns);
            self.render("lists/subprocessor.html", &context).map(|html| safe(&html))
        };
        if item.replaces.is_some() {
            // The row names another item of the same disclosure, so its own address does not stand for it.
            return make(&view());
        }
        let moment = super::view::Moment::of(edition.day(), item.effective, item.ends) as u32;
        let flags = u32::from(columns.condition) | u32::from(columns.locations) << 1 | u32::from(columns.transfer) << 2;
        let key = Key::new("row", item, spot.depth(), moment << 3 | flags);
        self.memo().get(key, || make(&view()))
    }

    /// A Markdown field of an item as HTML, made once per item and depth.
    fn item_markdown<T: Listed>(
        &self,
        item: &Arc<T>,
        field: &'static str,
        text: Option<&str>,
        spot: &Spot,
    ) -> Result<Option<Value>, Report> {
        let Some(text) = text else { return Ok(None) };
        let prefix = T::LIST.heading_prefix(item.id());
        let key = Key::new(field, item, spot.depth(), 0);
        self.memo().get(key, || Ok(safe(&self.markdown(text, item.label(), &prefix, 4, spot)))).map(Some)
    }

    fn list_html(
        &self,
        template: &str,
        empty: bool,
        items: &impl serde::Serialize,
        spot: &Spot,
    ) -> Result<Value, Report> {
        if empty {
            return Ok(safe(""));
        }
        let mut context: Context = spot.context();
        context.insert("items", items);
        self.render(template, &context).map(|html| safe(&html))
    }
}
