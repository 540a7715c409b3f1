//! The page, the site around it, and its sections.

use serde::Serialize;
use tera::Value;

use crate::assets::Asset;
use crate::model::StatedUrl;
use crate::render::lists::ContactView;

/// A dimension of conditions, which customers answer.
#[derive(Debug, Clone, Serialize)]
pub struct DimensionView {
    /// Name in `site.yaml`, such as `region`.
    pub id: String,
    /// Label, such as `Region`.
    pub label: String,
    /// Values.
    pub values: Vec<String>,
}

/// The page that is rendered.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    /// `trust`, `subprocessors`, `changelog`, `release`, `schedule`, `compare`, `subscribe`, `own` for a page of the publisher,
    /// `questionnaires`, `questionnaire`, `updates`, `update`, `not-found`, or `feed` for an entry of a feed.
    pub kind: &'static str,
    /// Title of the page, without the name of the organization.
    pub title: String,
    /// Description of the trust page, from `site.yaml`; on a page of the publisher, its summary.
    pub description: Option<String>,
    /// Prefix of links to the site's root: `./`, `../` or `../../`. On `404.html` it is the path of `base_url`, in a
    /// feed the site's URL.
    pub root: String,
    /// Path of the page below the root, such as `subprocessors/`; empty for the trust page.
    pub path: String,
    /// Other formats of the page and the feeds, for `rel="alternate"`.
    pub alternates: Vec<AlternateView>,
    /// JSON-LD for a `script` element, on the trust page and the page of subprocessors; none in a draft.
    pub structured: Option<Value>,
    /// Absolute URL of the page, for `rel="canonical"`; none without `base_url`.
    pub canonical: Option<String>,
    /// Whether search engines are asked not to index the page.
    pub noindex: bool,
    /// Whether the page shows unreleased changes.
    pub draft: bool,
    /// Whether the page is that of a release, and stays as it is.
    pub archived: bool,
}

impl PageView {
    /// Returns the view of what is read outside of the site, such as an entry of a feed. `root` is the prefix of links to the site's
    /// root.
    pub fn outside(title: String, root: &str) -> PageView {
        PageView {
            kind: "feed",
            title,
            description: None,
            root: root.to_owned(),
            path: String::new(),
            alternates: Vec::new(),
            structured: None,
            canonical: None,
            noindex: false,
            draft: false,
            archived: false,
        }
    }
}

/// Another format of a page, or a feed.
#[derive(Debug, Clone, Serialize)]
pub struct AlternateView {
    /// Media type without parameters, such as `text/markdown`.
    pub media_type: &'static str,
    /// Path below the site's root.
    pub href: &'static str,
    /// Title of the link.
    pub title: String,
}

/// The organization, as `site.yaml` states it.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationView {
    /// Name.
    pub name: String,
    /// Registered name.
    pub legal_name: Option<String>,
    /// URL of the website.
    pub url: Option<String>,
    /// Postal address; may have several lines.
    pub address: Option<String>,
}

/// A style sheet or a script.
#[derive(Debug, Clone, Serialize)]
pub struct AssetView {
    /// Path below the site's root, percent-encoded.
    pub href: String,
    /// Value of the `integrity` attribute (Subresource Integrity).
    pub integrity: String,
}

impl AssetView {
    /// The view of a published file.
    pub fn of(asset: &Asset) -> AssetView {
        AssetView { href: asset.path.to_url(), integrity: asset.integrity.clone().unwrap_or_default() }
    }
}

/// The values that all pages of a site share.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// Title of the trust page.
    pub title: String,
    /// Description of the trust page.
    pub description: Option<String>,
    /// Language of the content, as a BCP 47 tag such as `en`.
    pub language: String,
    /// Direction of the text: `ltr` or `rtl`.
    pub dir: &'static str,
    /// The organization.
    pub organization: OrganizationView,
    /// URL at which the site is published, with a trailing slash.
    pub base_url: Option<String>,
    /// Style sheets: the built-in one, then those of the publisher.
    pub styles: Vec<AssetView>,
    /// Scripts of the page, as ES modules; empty if the page needs none.
    pub scripts: Vec<AssetView>,
    /// Path of the site's icon, `static/icon.svg`, below the site's root.
    pub icon: Option<String>,
    /// Path of the logo below the site's root.
    pub logo: Option<String>,
    /// Pages of the publisher in the navigation at the top.
    pub header_pages: Vec<PageLinkView>,
    /// Pages of the publisher at the bottom of each page.
    pub footer_pages: Vec<PageLinkView>,
    /// Path of the logo for the dark theme below the site's root.
    pub logo_dark: Option<String>,
    /// Whether the header shows the name of the organization; if not, it is the alternative text of the logo.
    pub show_name: bool,
    /// Address of the page with the status of the service.
    pub status_href: Option<String>,
    /// Links for the header, from `site.yaml`.
    pub header_links: Vec<LinkView>,
    /// Links for the footer, from `site.yaml`.
    pub footer_links: Vec<LinkView>,
    /// Contacts of the organization.
    pub contacts: Vec<ContactView>,
    /// A `mailto:` link that requests a DPA; none if the contact `privacy` is not an email address.
    pub dpa_href: Option<String>,
    /// Number of questionnaires of the current statement.
    pub questionnaire_count: usize,
    /// Number of updates of the current statement.
    pub update_count: usize,
    /// Number of subprocessors, without those that start later.
    pub subprocessor_count: usize,
    /// Number of these with a condition.
    pub conditional_count: usize,
}

/// A link to a page of the publisher.
#[derive(Debug, Clone, Serialize)]
pub struct PageLinkView {
    /// Path below the site's root. On pages of a release, that of the page as the release states it.
    pub href: String,
    /// Title of the page.
    pub text: String,
    /// Whether it is the page that is rendered.
    pub current: bool,
}

/// The content of a page of the publisher. Its title is `page.title`.
#[derive(Debug, Clone, Serialize)]
pub struct OwnPageView {
    /// Id of the page, which is its address: `/ID/`.
    pub id: String,
    /// Summary, one sentence.
    pub summary: Option<String>,
    /// Text of the page. Its highest headings are `h2`.
    pub body: Value,
    /// Name of the list that the page shows, such as `controls`.
    pub show: Option<String>,
    /// Heading of the list.
    pub list_title: Option<String>,
    /// The list, as its template in `lists/` renders it; empty without a list.
    pub list: Value,
}

/// A section of the trust page.
#[derive(Debug, Clone, Serialize)]
pub struct SectionView {
    /// Id of the section, which is also its anchor.
    pub id: String,
    /// Position on the page, counted from 1.
    pub number: usize,
    /// Heading.
    pub title: String,
    /// Summary, one sentence.
    pub summary: Option<String>,
    /// Text of the section.
    pub body: Value,
    /// Name of the list that the section shows, such as `controls`.
    pub show: Option<String>,
    /// The list, as its template in `lists/` renders it; empty without a list.
    pub list: Value,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LinkView {
    /// Target. Empty if the text cannot be linked. In `previous`, `next` and `years` it is a path below the site's
    /// root, elsewhere it is complete.
    pub href: String,
    /// Text of the link.
    pub text: String,
}

impl LinkView {
    /// Creates a link whose text is the host of its address; an address that cannot be linked is text.
    pub(in crate::render) fn to_host(url: &StatedUrl) -> LinkView {
        match url.link() {
            Some(link) => LinkView { href: link.to_string(), text: url.host() },
            None => LinkView { href: String::new(), text: url.to_string() },
        }
    }
}
