//! `content/site.yaml`: who speaks, and how the site is made.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::decode::record;
use super::values::base_url;
use crate::model::{
    Contacts, Language, List, MediaType, NameEnding, Organization, RuleLevel, SecurityTxt, Settings, Theme, WebUrl,
};

/// The fields of `site.yaml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SiteFile {
    /// Title of the page.
    pub title: String,
    /// What the page is, in a sentence of plain text.
    pub description: Option<String>,
    /// Language of the texts; `en` by default.
    #[schemars(default)]
    pub language: Language,
    /// Who makes the statements.
    pub organization: Organization,
    /// How to reach them, by purpose: `privacy`, `security`, `support` or a name of your own.
    #[schemars(default)]
    pub contacts: Contacts,
    /// Where the site is published, without query or fragment; absolute links in feeds and records use it.
    #[schemars(extend("pattern" = "^[^?#]*$"))]
    pub base_url: Option<WebUrl>,
    /// Fields of `security.txt` (RFC 9116).
    pub security_txt: Option<SecurityTxt>,
    /// Looks.
    #[schemars(default)]
    pub theme: Theme,
    /// Levels that differ from the rules' defaults, by code.
    #[schemars(default)]
    pub rules: BTreeMap<String, RuleLevel>,
    /// Lists that are declared to stand in the order of their names.
    #[schemars(default)]
    pub sorted: Vec<List>,
    /// Media types of your own files, by the ends of their names, where candor does not know them: `.vsdx`.
    #[schemars(default)]
    pub media_types: BTreeMap<NameEnding, MediaType>,
}

record!(SiteFile {
    title: required,
    description: optional,
    language: default,
    organization: required,
    contacts: default,
    base_url: optional(base_url),
    security_txt: optional,
    theme: default,
    rules: default,
    sorted: default,
    media_types: default,
});

impl SiteFile {
    /// The part that no release freezes.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            base_url: self.base_url.clone(),
            security_txt: self.security_txt.clone(),
            theme: self.theme.clone(),
            rules: self.rules.clone(),
            sorted: self.sorted.clone(),
            media_types: self.media_types.clone(),
        }
    }
}
