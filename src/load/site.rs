//! `content/site.yaml`: the organization and the settings of the site.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::decode::record;
use super::values::base_url;
use crate::model::{
    Acknowledgment, Contacts, Dimensions, Language, List, MediaType, NameEnding, Organization, RuleLevel, SecurityTxt,
    Settings, Theme, WebUrl,
};

/// The fields of `site.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SiteFile {
    /// Title of the page.
    pub title: String,
    /// One-sentence description of the page, as plain text.
    pub description: Option<String>,
    /// Language of the content; `en` by default.
    #[schemars(default)]
    pub language: Language,
    /// The organization that publishes the trust center.
    pub organization: Organization,
    /// Contacts by purpose: `privacy`, `security`, `support` or a custom name.
    #[schemars(default)]
    pub contacts: Contacts,
    /// Dimensions by which conditions differ between customers, such as `region` and `plan`, with their values.
    #[schemars(default)]
    pub dimensions: Dimensions,
    /// Address at which the site is published, without query or fragment, for absolute links in feeds and other files.
    #[schemars(extend("pattern" = "^[^?#]*$"))]
    pub base_url: Option<WebUrl>,
    /// Fields of `security.txt` (RFC 9116).
    pub security_txt: Option<SecurityTxt>,
    /// Colors and logo.
    #[schemars(default)]
    pub theme: Theme,
    /// Levels of rules that differ from the defaults, by code.
    #[schemars(default)]
    pub rules: BTreeMap<String, RuleLevel>,
    /// Warnings that are notes until a date.
    #[schemars(default)]
    pub acknowledged: Vec<Acknowledgment>,
    /// Lists whose items must be sorted by name.
    #[schemars(default)]
    pub sorted: Vec<List>,
    /// Media types of files that candor does not know, by the end of the file name, such as `.vsdx`.
    #[schemars(default)]
    pub media_types: BTreeMap<NameEnding, MediaType>,
}

record!(SiteFile {
    title: required,
    description: optional,
    language: default,
    organization: required,
    contacts: default,
    dimensions: default,
    base_url: optional(base_url),
    security_txt: optional,
    theme: default,
    rules: default,
    acknowledged: default,
    sorted: default,
    media_types: default,
});

impl SiteFile {
    /// The settings, which are not part of releases.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            base_url: self.base_url.clone(),
            security_txt: self.security_txt.clone(),
            theme: self.theme.clone(),
            rules: self.rules.clone(),
            acknowledged: self.acknowledged.clone(),
            sorted: self.sorted.clone(),
            media_types: self.media_types.clone(),
        }
    }
}
