//! The page, the site around it, and its sections.

use serde::Serialize;
use tera::Value;

use crate::render::lists::ContactView;

/// The page that is being rendered.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    /// `trust`, `subprocessors`, `changelog`, `release`, `schedule`, `compare` or `not-found`.
    pub kind: &'static str,
    /// Title of the page, without the organisation's name.
    pub title: String,
    /// What the page is, in a sentence.
    pub description: Option<String>,
    /// The way to the site's root: `./`, `../`, `../../`; for the page that is served at any address, the base path.
    pub root: String,
    /// Path of the page below the root, such as `subprocessors/`; empty for the trust page.
    pub path: String,
    /// Files that show the same in another form, for `rel="alternate"`.
    pub alternates: Vec<AlternateView>,
    /// What the page is about, as JSON-LD that can stand in a `script` element; none for most pages.
    pub structured: Option<Value>,
    /// Absolute address that search engines should show; none without `base_url`.
    pub canonical: Option<String>,
    /// Whether search engines are asked to leave the page out.
    pub noindex: bool,
    /// Whether the page shows content that was never released.
    pub draft: bool,
}

/// A file that shows the same as the page, or what is new on it, in another form.
#[derive(Debug, Clone, Serialize)]
pub struct AlternateView {
    /// Media type, without parameters.
    pub media_type: &'static str,
    /// Path below the site's root.
    pub href: &'static str,
    /// What it is.
    pub title: String,
}

/// The organisation.
#[derive(Debug, Clone, Serialize)]
pub struct OrganizationView {
    /// Name.
    pub name: String,
    /// Registered name.
    pub legal_name: Option<String>,
    /// Website.
    pub url: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// A file of the theme.
#[derive(Debug, Clone, Serialize)]
pub struct AssetView {
    /// Path below the site's root.
    pub href: String,
    /// Value for an `integrity` attribute (Subresource Integrity).
    pub integrity: String,
}

/// What every page of one disclosure shares.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// Title of the trust page.
    pub title: String,
    /// What the trust page is, in a sentence.
    pub description: Option<String>,
    /// Language tag.
    pub language: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Who speaks.
    pub organization: OrganizationView,
    /// Address under which the site is published, with a slash at its end.
    pub base_url: Option<String>,
    /// Style sheets.
    pub styles: Vec<AssetView>,
    /// Script modules.
    pub scripts: Vec<AssetView>,
    /// Path of the icon for tabs and bookmarks (`static/icon.svg`), below the site's root.
    pub icon: Option<String>,
    /// Path of the logo below the site's root.
    pub logo: Option<String>,
    /// Ways to reach the organisation.
    pub contacts: Vec<ContactView>,
    /// A `mailto:` link that asks for a DPA, where there is a privacy address.
    pub dpa_href: Option<String>,
    /// How many subprocessors are listed.
    pub subprocessor_count: usize,
    /// How many of them apply only under a condition.
    pub conditional_count: usize,
}

/// A section of the trust page.
#[derive(Debug, Clone, Serialize)]
pub struct SectionView {
    /// Id, which is its anchor too.
    pub id: String,
    /// Its place on the page, from 1.
    pub number: usize,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: Option<String>,
    /// The text, as HTML.
    pub body: Value,
    /// Name of the list that it carries.
    pub show: Option<String>,
    /// The list, as HTML.
    pub list: Value,
}

/// A link: where to and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LinkView {
    /// Target; for pages of the site, the path below the root. Empty where there is nothing to link to.
    pub href: String,
    /// What it says.
    pub text: String,
}
