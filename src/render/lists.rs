//! Lists -> HTML, one template per list and one per row of the table of subprocessors.

use std::sync::Arc;

use tera::{Context, Value};

use super::edition::Edition;
use super::renderer::{Renderer, Spot};
use super::theme::safe;
use super::view::{
    CertificationView, Columns, CommitmentView, ControlGroup, ControlView, DocumentGroup, FaqView, LinkView, Moment,
    SubprocessorView,
};
use crate::diagnostic::Report;
use crate::model::{
    Certification, Control, Document, Evidence, Id, List, Listed, Show, StatedUrl, Subprocessor, grouped,
};

/// The template of a row of the table of subprocessors.
const ROW: &str = "lists/subprocessor.html";

/// Everything that a row of the table of subprocessors shows.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct SubprocessorRow {
    item: Arc<Subprocessor>,
    replaces: Option<LinkView>,
    moment: Moment,
    columns: Columns,
}

impl Renderer {
    /// The list that a section carries, as HTML; empty where the list has no items.
    pub(super) fn list(&self, show: &Show, edition: &Edition, spot: &Spot) -> Result<Value, Report> {
        let disclosure = edition.disclosure();
        match show {
            Show::List(List::Sections) => Ok(safe("")),
            Show::List(List::Subprocessors) => self.subprocessors(edition, spot),
            Show::List(List::Controls) => {
                let view = |item: &Arc<Control>| {
                    let description = self.item_markdown(item, item.description.as_deref(), spot);
                    let evidence = item.evidence.as_ref().map(|evidence| match evidence {
                        Evidence::Url(StatedUrl::Web(url)) => LinkView { href: url.to_string(), text: url.host() },
                        Evidence::Url(StatedUrl::Text(text)) => LinkView { href: String::new(), text: text.clone() },
                        Evidence::Document(id) => self.document_link(id, disclosure, spot),
                    });
                    ControlView::new(item, description, evidence, self.words())
                };
                let groups: Vec<ControlGroup> = grouped(&disclosure.controls, |item| item.group.as_deref())
                    .into_iter()
                    .map(|(name, items)| ControlGroup {
                        name: name.map(str::to_owned),
                        controls: items.into_iter().map(view).collect(),
                    })
                    .collect();
                self.list_html("lists/controls.html", groups.is_empty(), &groups, spot)
            }
            Show::List(List::Commitments) => {
                let mut items = Vec::new();
                for item in &disclosure.commitments {
                    let details = self.item_markdown(item, item.details.as_deref(), spot);
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
                    let answer = self.item_markdown(item, Some(&item.answer), spot);
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
            // A list of a newer candor: a note says so.
            Show::Unknown(_) => Ok(safe("")),
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
        let row = SubprocessorRow {
            item: Arc::clone(item),
            replaces: SubprocessorView::replaced(item, edition.disclosure(), has_row),
            moment: Moment::of(edition.day(), item.effective, item.ends),
            columns,
        };
        if self.theme().overrides(ROW) {
            // The publisher's template may show anything of the page, so it is rendered for each page.
            return self.row_html(&row, spot.context());
        }
        // The built-in template is not given the page: the row is all that it can show.
        self.rows().get(row, |row| self.row_html(row, Context::new()))
    }

    fn row_html(&self, row: &SubprocessorRow, mut context: Context) -> Result<Value, Report> {
        let SubprocessorRow { item, replaces, moment, columns } = row;
        context.insert("item", &SubprocessorView::new(item, replaces.clone(), *moment, self.words()));
        context.insert("columns", columns);
        self.render(ROW, &context).map(|html| safe(&html))
    }

    /// A Markdown field of an item as HTML.
    fn item_markdown<T: Listed>(&self, item: &Arc<T>, text: Option<&str>, spot: &Spot) -> Option<Value> {
        let prefix = T::LIST.heading_prefix(item.id());
        text.map(|text| self.markdown(text, item.label(), &prefix, 4, spot))
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
