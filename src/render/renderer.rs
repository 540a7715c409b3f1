//! The renderer: a publication, its theme, and the HTML that pages share.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use tera::{Context, Value};

use super::anchors::{AnchorLink, Anchors, PageLinks, TextLinks};
use super::edition::Edition;
use super::links::{TextOrigin, bound_key};
use super::lists::{ContactView, DocumentView, SubprocessorRow};
use super::memo::Memo;
use super::theme::{Theme, safe};
use super::view::{AssetView, LinkView, OrganizationView, PageLinkView, PageView, SectionView, SiteView};
use crate::diagnostic::Report;
use crate::embedded::STYLE;
use crate::history::Names;
use crate::markdown::{self, LinkTarget};
use crate::model::{
    Contact, Digest, Disclosure, Document, Id, List, PageNav, Section, Show, SiteLink, StatedUrl, Subprocessor,
    Validity, Version,
};
use crate::publication::Publication;
use crate::schedule::Schedule;
use crate::site::map::PageKind;
use crate::site::{SiteFacts, map};
use crate::text::percent;
use crate::wording::Catalog;

/// The page that is being rendered, with the path from it to the site's root.
#[derive(Debug, Clone)]
pub(super) struct PageLocation {
    page: PageView,
    /// The page as a template variable.
    value: Value,
    /// The statement that the page shows.
    origin: TextOrigin,
    /// The links of its texts.
    links: Rc<PageLinks>,
    /// The page of the publisher, if it is one.
    own: Option<OwnLocation>,
}

/// The location of a page of the publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnLocation {
    /// The id of the page; `None` for a questionnaire or an update, which show no list.
    pub id: Option<Id>,
    /// The path of the trust page of the same edition, to which the anchors of its lists belong.
    pub home: String,
}

impl PageLocation {
    /// The statement that the texts of the page belong to.
    pub fn origin(&self) -> TextOrigin {
        self.origin
    }

    /// The location of this page, which shows texts of this origin. Their links are added to `links`.
    pub fn new(page: PageView, origin: TextOrigin, links: &Rc<PageLinks>) -> PageLocation {
        PageLocation { value: Value::from_serializable(&page), page, origin, links: Rc::clone(links), own: None }
    }

    /// The same location, which is a page of the publisher.
    pub fn of_own(self, own: OwnLocation) -> PageLocation {
        PageLocation { own: Some(own), ..self }
    }

    /// The page.
    pub fn page(&self) -> &PageView {
        &self.page
    }

    /// Returns a template context with the variable `page`.
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
    prose: Memo<Prose, TextHtml>,
    anchors: Anchors,
    base_key: OnceLock<Digest>,
    /// For each release, a digest of the files that it binds.
    bound_keys: Vec<Option<Digest>>,
    /// The paths that texts may link to, without the files of `static/`.
    pages: OnceLock<BTreeSet<String>>,
    /// The positions of the releases that added or changed each update, oldest first.
    revisions_of_updates: OnceLock<BTreeMap<Id, Vec<usize>>>,
}

/// A rendered text.
#[derive(Debug, Clone)]
struct TextHtml {
    html: Value,
    links: Arc<TextLinks>,
}

/// The inputs of Markdown rendering that differ between pages of a site.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Prose {
    text: String,
    /// The title of the text, for messages and labels.
    title: String,
    /// The prefix of each anchor.
    prefix: String,
    /// The level of its top-level headings.
    heading: u8,
    /// The path from the page to the site's root, which is the prefix of links.
    root: String,
    /// Whether links to what the site does not have are written without a remark.
    is_draft: bool,
    /// The files that its statement binds.
    files: Option<Digest>,
    /// The release whose page has the anchors of a summary.
    summary_of: Option<Version>,
    /// Anchors that do not exist.
    missing: Arc<BTreeSet<AnchorLink>>,
    /// The path of the page that has the anchors that this one does not have.
    home: Option<String>,
}

impl Renderer {
    /// Creates a renderer for a publication and a theme.
    pub fn new(publication: Arc<Publication>, theme: Theme) -> Renderer {
        Renderer {
            facts: publication.facts(),
            bound_keys: publication.history.releases().iter().map(bound_key).collect(),
            publication,
            theme,
            rows: Memo::new(),
            prose: Memo::new(),
            anchors: Anchors::default(),
            base_key: OnceLock::new(),
            pages: OnceLock::new(),
            revisions_of_updates: OnceLock::new(),
        }
    }

    pub(super) fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    /// Returns a digest of the inputs of every page: program, theme, settings, assets, the redactions, which can change any page
    /// that shows an earlier release, and the links of releases that lead nowhere.
    pub fn base_key(&self) -> Digest {
        *self.base_key.get_or_init(|| {
            let publication = self.publication();
            let settings = serde_json::to_string(&publication.settings).unwrap_or_default();
            let (program, theme, assets) = (&publication.program, self.theme.digest(), publication.assets.key());
            let redactions: Vec<_> = publication.history.redactions().map(|(_, redaction)| redaction).collect();
            let redactions = match redactions.is_empty() {
                true => String::new(),
                false => format!("\0{}", serde_json::to_string(&redactions).unwrap_or_default()),
            };
            let gone = self.gone_key().map(|key| format!("\0{key}")).unwrap_or_default();
            Digest::of(format!("{program}\0{theme}\0{settings}\0{assets}{redactions}{gone}").as_bytes())
        })
    }

    /// Returns the positions of the releases that added or changed each update, oldest first.
    pub(super) fn revisions_of_updates(&self) -> &BTreeMap<Id, Vec<usize>> {
        self.revisions_of_updates.get_or_init(|| {
            let revisions = self.publication().history.revisions(List::Updates);
            revisions.into_iter().map(|(id, positions)| (id.clone(), positions)).collect()
        })
    }

    pub(super) fn bound_keys(&self) -> &[Option<Digest>] {
        &self.bound_keys
    }

    /// Whether the site has a page or another file at a path to which a text may link.
    pub(super) fn has_page(&self, path: &str) -> bool {
        let pages = self.pages.get_or_init(|| self.facts.linkable());
        pages.contains(map::linked(path)) || pages.contains(path)
    }

    /// The facts that determine which URLs the site has.
    pub fn facts(&self) -> &SiteFacts {
        &self.facts
    }

    pub(super) fn publication(&self) -> &Publication {
        &self.publication
    }

    pub(super) fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The rendered rows of the subprocessor table, if the built-in template is used.
    pub(super) fn rows(&self) -> &Memo<SubprocessorRow> {
        &self.rows
    }

    /// The UI strings.
    pub fn strings(&self) -> &Catalog {
        self.theme.strings()
    }

    /// The UI strings, for callers that outlive the renderer.
    pub fn shared_strings(&self) -> Arc<Catalog> {
        Arc::clone(self.theme.strings())
    }

    pub(super) fn render(&self, template: &str, context: &Context) -> Result<String, Report> {
        self.theme.render(template, context)
    }

    /// Returns the published path of a file in `static/`, percent-encoded for an attribute.
    pub(super) fn published_url(&self, file: &str) -> Option<String> {
        self.publication.assets.get(file).map(|asset| asset.path.to_url())
    }

    /// Returns a link to a document: to its entry if the page lists the documents, otherwise to the document itself or to an
    /// email that requests it. The target is empty if none of these exist.
    pub(super) fn document_link(&self, id: &Id, disclosure: &Disclosure, location: &PageLocation) -> LinkView {
        let Some(document) = disclosure.documents.iter().find(|document| document.id == *id) else {
            return LinkView { href: String::new(), text: id.to_string() };
        };
        let href = match self.list_page(List::Documents, disclosure, location) {
            Some(page) => format!("{page}#{}", List::Documents.anchor(id)),
            None => {
                let view = self.document(document, disclosure, location);
                view.href.or(view.request_href).unwrap_or_default()
            }
        };
        LinkView { href, text: document.title.clone() }
    }

    /// Returns a link to a subprocessor, with its name: to its entry in the list. The target is empty if no page of the edition lists
    /// it.
    pub(super) fn subprocessor_link(&self, id: &Id, edition: &Edition, location: &PageLocation) -> LinkView {
        let disclosure = edition.disclosure();
        let shown = edition.release().or(self.publication.history.newest());
        let text = self.subprocessor_name(id, disclosure, shown.map(|release| release.version));
        let is_listed =
            |item: &&Arc<Subprocessor>| item.id == *id && item.validity_on(edition.date()) != Validity::Ended;
        let page = disclosure.subprocessors.iter().find(is_listed).and_then(|_| {
            let own = || format!("{}{}", location.page.root, PageKind::Subprocessors.path(""));
            let is_archived = matches!(edition, Edition::Archived { .. });
            self.list_page(List::Subprocessors, disclosure, location).or_else(|| (!is_archived).then(own))
        });
        let href = page.map(|page| format!("{page}#{}", List::Subprocessors.anchor(id))).unwrap_or_default();
        LinkView { href, text }
    }

    /// Returns the name of a subprocessor that a disclosure or a release up to this version lists; its id if none does.
    pub(super) fn subprocessor_name(&self, id: &Id, disclosure: &Disclosure, release: Option<Version>) -> String {
        let names = match release {
            Some(version) => Names::up_to(&self.publication.history, version),
            None => Names::default(),
        };
        names.with([Some(disclosure), None]).get(id).unwrap_or(id.as_str()).to_owned()
    }

    /// Returns the address of the page that has the anchors of a list, relative to a page of the same edition: empty if it is that
    /// page itself. `None` if no page shows the list.
    pub(super) fn list_page(&self, list: List, disclosure: &Disclosure, location: &PageLocation) -> Option<String> {
        let own = location.own.as_ref();
        let shown_here = |own: &OwnLocation| {
            let is_own =
                |page: &crate::model::OwnPage| own.id.as_ref() == Some(&page.id) && page.show == Some(Show::List(list));
            disclosure.pages.iter().any(|page| is_own(page))
        };
        if own.map_or(disclosure.shows(list), shown_here) {
            return Some(String::new());
        }
        let root = &location.page.root;
        if disclosure.shows(list) {
            return own.map(|own| format!("{root}{}", own.home));
        }
        let page = disclosure.page_showing(list)?;
        Some(format!("{root}{}", self.own_path(&page.id, location.origin)))
    }

    /// Returns the path of a page of the publisher, as links have it, in the statement of this origin.
    pub(super) fn own_path(&self, id: &Id, origin: TextOrigin) -> String {
        match origin {
            TextOrigin::Draft | TextOrigin::Current => PageKind::Own.path(id.as_str()),
            TextOrigin::Archived(at) | TextOrigin::Summary(at) => {
                PageKind::ArchivedOwn.path(&format!("{}/{id}", self.publication.history.releases()[at].version))
            }
        }
    }

    /// Returns the links to the pages of the publisher that an edition has in a part of the navigation.
    fn page_links(&self, edition: &Edition, nav: &PageNav, location: &PageLocation) -> Vec<PageLinkView> {
        let pages = edition.disclosure().pages.iter().filter(|page| page.nav == *nav);
        pages
            .map(|page| PageLinkView {
                href: self.own_path(&page.id, location.origin),
                text: page.title.clone(),
                current: location.own.as_ref().is_some_and(|own| own.id.as_ref() == Some(&page.id)),
            })
            .collect()
    }

    /// Returns the view of a document.
    pub(super) fn document(
        &self,
        document: &Document,
        disclosure: &Disclosure,
        location: &PageLocation,
    ) -> DocumentView {
        let root = &location.page().root;
        let file = |path: &str| self.file(path, location.origin);
        let address = |path: &str| format!("{root}{}", percent::path(path));
        DocumentView::new(document, &file, &address, disclosure, self.strings())
    }

    /// Renders Markdown of the statement that a page shows. Its problems are reported when content is checked; for releases older
    /// than a rule, the safe parts are shown.
    pub(super) fn markdown(
        &self,
        text: &str,
        title: &str,
        prefix: &str,
        heading: u8,
        location: &PageLocation,
    ) -> Value {
        self.text(text, title, prefix, heading, location.origin, location)
    }

    /// Renders the summary of the release at this position, for any page.
    pub(super) fn summary(&self, at: usize, prefix: &str, heading: u8, location: &PageLocation) -> Value {
        let release = &self.publication.history.releases()[at];
        let title = release.version.to_string();
        self.text(&release.summary, &title, prefix, heading, TextOrigin::Summary(at), location)
    }

    fn text(
        &self,
        text: &str,
        title: &str,
        prefix: &str,
        heading: u8,
        origin: TextOrigin,
        location: &PageLocation,
    ) -> Value {
        let [text, title, prefix, root] = [text, title, prefix, &location.page().root].map(str::to_owned);
        let prose = Prose {
            text,
            title,
            prefix,
            heading,
            root,
            is_draft: origin == TextOrigin::Draft,
            files: self.files_key(origin),
            summary_of: match origin {
                TextOrigin::Summary(at) => Some(self.publication.history.releases()[at].version),
                TextOrigin::Draft | TextOrigin::Current | TextOrigin::Archived(_) => None,
            },
            missing: Arc::clone(&location.links.missing),
            home: location.own.as_ref().map(|own| own.home.clone()),
        };
        let Ok(text) = self.prose.get(prose, |prose| Ok::<_, Infallible>(self.prose_html(prose, origin)));
        location.links.add(&text.links, origin);
        text.html
    }

    fn prose_html(&self, prose: &Prose, origin: TextOrigin) -> TextHtml {
        let Prose { text, title, prefix, heading, root, missing, home, .. } = prose;
        let links = RefCell::new(TextLinks::default());
        let resolve = |target: &LinkTarget| {
            self.resolve_text(target, origin, (missing, home.as_deref()), &mut links.borrow_mut())
        };
        let strings = self.strings();
        let options = markdown::RenderOptions {
            title,
            heading_base: *heading,
            id_prefix: prefix,
            root,
            resolve: Some(&resolve),
            labels: markdown::Labels {
                table: strings.get("markdown.table"),
                footnotes: strings.get("markdown.footnotes"),
                footnote: strings.get("markdown.footnote"),
                footnote_back: strings.get("markdown.footnote-back"),
                task_done: strings.get("markdown.task-done"),
                task_open: strings.get("markdown.task-open"),
                gone: self.gone(origin),
            },
        };
        let html = safe(&markdown::render(text, &options).html);
        TextHtml { html, links: Arc::new(links.into_inner()) }
    }

    /// Renders the sections of an edition with their lists.
    pub(super) fn sections(&self, edition: &Edition, location: &PageLocation) -> Result<Vec<SectionView>, Report> {
        let section = |(at, section): (usize, &Arc<Section>)| {
            let body = self.markdown(&section.body, &section.title, &format!("{}--", section.id), 3, location);
            let list = match &section.show {
                Some(show) => self.list(show, edition, location)?,
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
        edition.disclosure().shown_sections().enumerate().map(section).collect()
    }

    /// Returns the variable `site`, which is the same on every page of a disclosure.
    pub(super) fn site(&self, edition: &Edition, version: &str, location: &PageLocation) -> SiteView {
        let disclosure = edition.disclosure();
        // Subprocessors that start later are upcoming changes, and those that have ended are former ones.
        let is_listed = |item: &&Arc<Subprocessor>| item.validity_on(edition.date()) == Validity::Current;
        let listed = || disclosure.processors().filter(is_listed);
        let settings = &self.publication.settings;
        let asset = |name: &str| self.publication.assets.get(name).map(AssetView::of);
        let scripts = [
            Some(format!("js/{}.js", location.page.kind)),
            self.searches_questions(disclosure, location).then(|| "js/faq.js".to_owned()),
        ];
        let link = |link: &SiteLink| LinkView { href: link.url.to_string(), text: link.title.clone() };
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
            styles: asset(STYLE)
                .into_iter()
                .chain(self.publication.assets.styles(&settings.theme).into_iter().map(AssetView::of))
                .collect(),
            // Pages without a script of their kind load none.
            scripts: scripts.into_iter().flatten().filter_map(|name| asset(&name)).collect(),
            icon: self.published_url("icon.svg"),
            logo: settings.theme.logo.as_deref().and_then(|logo| self.published_url(logo)),
            header_pages: self.page_links(edition, &PageNav::Header, location),
            footer_pages: self.page_links(edition, &PageNav::Footer, location),
            logo_dark: settings.theme.logo_dark.as_deref().and_then(|logo| self.published_url(logo)),
            show_name: settings.theme.shows_name(),
            status_href: settings.status_url.as_ref().map(ToString::to_string),
            header_links: settings.links.iter().flat_map(|links| &links.header).map(link).collect(),
            footer_links: settings.links.iter().flat_map(|links| &links.footer).map(link).collect(),
            contacts: self.contacts(disclosure),
            dpa_href: self.dpa_href(disclosure, version),
            questionnaire_count: self.facts.questionnaires.len(),
            update_count: self.facts.updates.len(),
            subprocessor_count: listed().count(),
            conditional_count: listed().filter(|item| item.applicability().is_some()).count(),
        }
    }

    /// Whether a page shows enough questions for a search.
    fn searches_questions(&self, disclosure: &Disclosure, location: &PageLocation) -> bool {
        let shows_lists =
            [PageKind::Trust, PageKind::Release, PageKind::Own].iter().any(|kind| kind.name() == location.page.kind);
        let here = self.list_page(List::Faq, disclosure, location).is_some_and(|page| page.is_empty());
        shows_lists && here && disclosure.faq.len() >= SEARCHED
    }

    pub(super) fn contacts(&self, disclosure: &Disclosure) -> Vec<ContactView> {
        disclosure.contacts.in_order().map(|(id, contact)| ContactView::new(id, contact, self.strings())).collect()
    }

    /// Returns a `mailto:` link to the privacy contact that requests a DPA.
    fn dpa_href(&self, disclosure: &Disclosure, version: &str) -> Option<String> {
        let values = [("organization", disclosure.organization.name.as_str()), ("version", version)];
        self.mail(disclosure, ["dpa.subject", "dpa.body"], &values)
    }

    /// Returns a `mailto:` link to the privacy contact that requests a confirmed copy of the customer's annex.
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

    /// Returns a `mailto:` link to the privacy contact with these strings as subject and body.
    fn mail(&self, disclosure: &Disclosure, [subject, body]: [&str; 2], values: &[(&str, &str)]) -> Option<String> {
        let email = disclosure.contacts.get("privacy").and_then(Contact::email)?;
        let [subject, body] = [subject, body].map(|key| self.strings().fill(key, values));
        Some(email.letter(&subject, &body))
    }
}

/// The number of questions from which on readers can search them.
const SEARCHED: usize = 4;

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").field("theme", &self.theme).finish_non_exhaustive()
    }
}
