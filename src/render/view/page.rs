//! The page, the site around it, and its sections.

use serde::Serialize;
use tera::Value;

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
    /// `trust`, `subprocessors`, `changelog`, `release`, `schedule`, `compare`, `subscribe`, `not-found`, or `feed` for an entry
    /// of a feed.
    pub kind: &'static str,
    /// Title of the page, without the name of the organization.
    pub title: String,
    /// Description of the trust page, from `site.yaml`.
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
    /// Style sheets.
    pub styles: Vec<AssetView>,
    /// Scripts of the page, as ES modules; empty if the page needs none.
    pub scripts: Vec<AssetView>,
    /// Path of the site's icon, `static/icon.svg`, below the site's root.
    pub icon: Option<String>,
    /// Path of the logo below the site's root.
    pub logo: Option<String>,
    /// Contacts of the organization.
    pub contacts: Vec<ContactView>,
    /// A `mailto:` link that requests a DPA; none if the contact `privacy` is not an email address.
    pub dpa_href: Option<String>,
    /// Number of subprocessors, without those that start later.
    pub subprocessor_count: usize,
    /// Number of these with a condition.
    pub conditional_count: usize,
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
