//! The renderer: a publication, its theme, and the HTML that pages have in common.

use std::convert::Infallible;
use std::sync::Arc;

use tera::{Context, Value};

use super::edition::Edition;
use super::lists::{ContactView, DocumentView, SubprocessorRow};
use super::memo::Memo;
use super::theme::{Theme, safe};
use super::view::{AssetView, LinkView, OrganizationView, PageView, SectionView, SiteView};
use crate::diagnostic::Report;
use crate::markdown;
use crate::model::{Contact, Disclosure, Document, Id, List, Section, StatedUrl};
use crate::publication::Publication;
use crate::schedule::Schedule;
use crate::site::SiteFacts;
use crate::text::percent;
use crate::wording::Catalog;

/// Where a page stands: the way from it to the site's root.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    page: PageView,
    /// The page as templates get it, made once.
    value: Value,
}

impl Spot {
    /// The location of this page.
    pub fn new(page: PageView) -> Spot {
        Spot { value: Value::from_serializable(&page), page }
    }

    /// The page.
    pub fn page(&self) -> &PageView {
        &self.page
    }

    /// A context that knows the page.
    pub fn context(&self) -> Context {
        let mut context = Context::new();
        context.insert_value("page", self.value.clone());
        context
    }
}

/// Renders the pages of one publication.
pub struct Renderer {
    publication: Arc<Publication>,
    facts: SiteFacts,
    theme: Theme,
    rows: Memo<SubprocessorRow>,
    prose: Memo<Prose>,
}

/// Everything that the HTML of a Markdown text is made from, besides what all pages of a site have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Prose {
    text: String,
    /// Names the text in messages and labels.
    title: String,
    /// Begins each anchor.
    prefix: String,
    /// The level of its first headings.
    heading: u8,
    /// The way from the page to the site's root, with which links begin.
    root: String,
}

impl Renderer {
    /// A renderer for a publication in a theme.
    pub fn new(publication: Arc<Publication>, theme: Theme) -> Renderer {
        Renderer { facts: publication.facts(), publication, theme, rows: Memo::new(), prose: Memo::new() }
    }

    /// What decides which addresses the site has.
    pub fn facts(&self) -> &SiteFacts {
        &self.facts
    }

    pub(super) fn publication(&self) -> &Publication {
        &self.publication
    }

    pub(super) fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Rows of the table of subprocessors, as the built-in template shows them.
    pub(super) fn rows(&self) -> &Memo<SubprocessorRow> {
        &self.rows
    }

    /// The strings of the interface.
    pub fn words(&self) -> &Catalog {
        self.theme.words()
    }

    /// The same, for those that outlive the renderer.
    pub fn strings(&self) -> Arc<Catalog> {
        Arc::clone(self.theme.words())
    }

    pub(super) fn render(&self, template: &str, context: &Context) -> Result<String, Report> {
        self.theme.render(template, context)
    }

    /// Where a file of `static/` is published, below the site's root.
    pub(super) fn published(&self, file: &str) -> Option<String> {
        self.publication.assets.get(file).map(|asset| asset.path.to_string())
    }

    /// The same, percent-encoded for an attribute.
    pub(super) fn published_url(&self, file: &str) -> Option<String> {
        self.publication.assets.get(file).map(|asset| asset.path.to_url())
    }

    /// Where a link from a page to a document leads: to its entry where the page lists the documents, else to the document
    /// itself or to the mail that requests it. Empty where there is none of these.
    pub(super) fn document_link(&self, id: &Id, disclosure: &Disclosure, spot: &Spot) -> LinkView {
        let Some(document) = disclosure.documents.iter().find(|document| document.id == *id) else {
            return LinkView { href: String::new(), text: id.to_string() };
        };
        let href = match disclosure.shows(List::Documents) {
            true => format!("#{}", List::Documents.anchor(id)),
            false => {
                let view = self.document(document, disclosure, spot);
                view.href.or(view.request_href).unwrap_or_default()
            }
        };
        LinkView { href, text: document.title.clone() }
    }

    /// A document as a page shows it.
    pub(super) fn document(&self, document: &Document, disclosure: &Disclosure, spot: &Spot) -> DocumentView {
        let root = &spot.page().root;
        let published = |file: &str| self.published_url(file).map(|path| format!("{root}{path}"));
        DocumentView::new(document, published, disclosure, self.words())
    }

    /// Markdown as HTML. What is wrong with it was reported when the content was checked; what was released
    /// before a rule was made is shown as far as it is safe.
    pub(super) fn markdown(&self, text: &str, title: &str, prefix: &str, heading: u8, spot: &Spot) -> Value {
        let [text, title, prefix, root] = [text, title, prefix, &spot.page().root].map(str::to_owned);
        let prose = Prose { text, title, prefix, heading, root };
        let Ok(html) = self.prose.get(prose, |prose| Ok::<_, Infallible>(self.prose_html(prose)));
        html
    }

    fn prose_html(&self, prose: &Prose) -> Value {
        let Prose { text, title, prefix, heading, root } = prose;
        let published = |file: &str| self.published(file);
        let words = self.words();
        let options = markdown::Options {
            title,
            heading_base: *heading,
            id_prefix: prefix,
            root,
            published: Some(&published),
            labels: markdown::Labels {
                table: words.get("markdown.table"),
                footnotes: words.get("markdown.footnotes"),
                footnote: words.get("markdown.footnote"),
                footnote_back: words.get("markdown.footnote-back"),
                task_done: words.get("markdown.task-done"),
                task_open: words.get("markdown.task-open"),
            },
        };
        safe(&markdown::render(text, &options).html)
    }

    /// The sections of an edition with their lists.
    pub(super) fn sections(&self, edition: &Edition, spot: &Spot) -> Result<Vec<SectionView>, Report> {
        let section = |(at, section): (usize, &Arc<Section>)| {
            let body = self.markdown(&section.body, &section.title, &format!("{}--", section.id), 3, spot);
            let list = match &section.show {
                Some(show) => self.list(show, edition, spot)?,
                None => safe(""),
            };
            Ok(SectionView {
                id: section.id.to_string(),
                number: at + 1,
                title: section.title.clone(),
                summary: section.summary.clone(),
                body,
                show: section.show.as_ref().map(|show| show.name().to_owned()),
                list,
            })
        };
        edition.disclosure().sections.iter().enumerate().map(section).collect()
    }

    /// What every page of a disclosure shares.
    pub(super) fn site(&self, disclosure: &Disclosure, version: &str, spot: &Spot) -> SiteView {
        let settings = &self.publication.settings;
        let asset = |name: &str| {
            let asset = self.publication.assets.get(name)?;
            Some(AssetView { href: asset.path.to_url(), integrity: asset.integrity.clone().unwrap_or_default() })
        };
        SiteView {
            title: disclosure.title.clone(),
            description: disclosure.description.clone(),
            language: disclosure.language.to_string(),
            dir: if disclosure.language.is_rtl() { "rtl" } else { "ltr" },
            organization: OrganizationView {
                name: disclosure.organization.name.clone(),
                legal_name: disclosure.organization.legal_name.clone(),
                url: disclosure.organization.url.as_ref().and_then(StatedUrl::link).map(ToString::to_string),
                address: disclosure.organization.address.clone(),
            },
            base_url: self.publication.absolute(""),
            styles: asset("css/candor.css").into_iter().collect(),
            // Pages that do nothing by script load none.
            scripts: asset(&format!("js/{}.js", spot.page.kind)).into_iter().collect(),
            icon: self.published_url("icon.svg"),
            logo: settings.theme.logo.as_deref().and_then(|logo| self.published_url(logo)),
            contacts: self.contacts(disclosure),
            dpa_href: self.dpa_href(disclosure, version),
            subprocessor_count: disclosure.subprocessors.len(),
            conditional_count: disclosure.subprocessors.iter().filter(|item| item.condition.is_some()).count(),
        }
    }

    pub(super) fn contacts(&self, disclosure: &Disclosure) -> Vec<ContactView> {
        disclosure.contacts.in_order().map(|(id, contact)| ContactView::new(id, contact, self.words())).collect()
    }

    /// A mail to the privacy contact that asks for a DPA and names what it takes to answer.
    fn dpa_href(&self, disclosure: &Disclosure, version: &str) -> Option<String> {
        let values = [("organization", disclosure.organization.name.as_str()), ("version", version)];
        self.mail(disclosure, ["dpa.subject", "dpa.body"], &values)
    }

    /// A mail to the privacy contact that asks for a confirmed schedule of the customer's own.
    pub(super) fn schedule_href(&self, schedule: &Schedule) -> Option<String> {
        let (version, digest) = (schedule.origin.version.to_string(), schedule.origin.digest.to_string());
        let values = [
            ("organization", schedule.disclosure.organization.name.as_str()),
            ("version", &version),
            ("digest", &digest),
            ("customer", ""),
            ("workspace", ""),
            ("features", ""),
        ];
        self.mail(schedule.disclosure, ["schedule.subject", "schedule.body"], &values)
    }

    /// A mail to the privacy contact with these strings as its subject and body.
    fn mail(&self, disclosure: &Disclosure, [subject, body]: [&str; 2], values: &[(&str, &str)]) -> Option<String> {
        let email = disclosure.contacts.get("privacy").and_then(Contact::email)?;
        let subject = self.words().fill(subject, values);
        // RFC 6068 section 5: line breaks in a body are CRLF.
        let body = self.words().fill(body, values).replace('\n', "\r\n");
        Some(format!("{}?subject={}&body={}", email.mailto(), percent::component(&subject), percent::component(&body)))
    }
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").field("theme", &self.theme).finish_non_exhaustive()
    }
}
