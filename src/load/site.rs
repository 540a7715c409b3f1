//! `content/site.yaml`: the organization and the settings of the site.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::decode::{Clash, Decoder, record};
use super::values::{base_url, base_urls};
use super::yaml::Node;
use crate::diagnostic::Code;
use crate::model::{
    Acknowledgment, Aliases, Contacts, Dimensions, Language, List, MediaType, NameEnding, NoticeTerms, Organization,
    RuleLevel, SecurityTxt, Settings, SiteLinks, Subscribe, Theme, WebUrl,
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
    /// Languages into which `content/i18n/` translates the content. The text in `language` is authoritative.
    #[schemars(default)]
    pub languages: Vec<Language>,
    /// The organization that publishes the trust center.
    pub organization: Organization,
    /// Contacts by purpose: `privacy`, `security`, `support` or a custom name.
    #[schemars(default)]
    pub contacts: Contacts,
    /// The terms on which customers are informed of a change, and can object to it.
    pub notice: Option<NoticeTerms>,
    /// Dimensions by which conditions differ between customers, such as `region` and `plan`, with their values.
    #[schemars(default)]
    pub dimensions: Dimensions,
    /// How readers learn of changes.
    pub subscribe: Option<Subscribe>,
    /// Address of the page with the current status of the service. The header of every page links to it.
    pub status_url: Option<WebUrl>,
    /// Links in the header and the footer of every page.
    pub links: Option<SiteLinks>,
    /// Addresses that lead to a page, a section or a file of the site. Sites have conventional ones, such as `/dpa`, by default;
    /// `false` turns them off, and a map adds more: each path with its target.
    pub aliases: Option<Aliases>,
    /// Address at which the site is published, without query or fragment, for absolute links in feeds and other files.
    #[schemars(extend("pattern" = "^[^?#]*$"))]
    pub base_url: Option<WebUrl>,
    /// Addresses at which the site was published before, without query or fragment. Links to them are reported.
    #[schemars(default)]
    pub former_base_urls: Vec<WebUrl>,
    /// Fields of `security.txt` (RFC 9116).
    pub security_txt: Option<SecurityTxt>,
    /// Colors, logo, fonts and style sheets.
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

/// Reports a notice period that is stated twice.
fn settle_notice(site: &SiteFile, _: &Node, at: &str, decoder: &mut Decoder<'_>) {
    if site.organization.notice_days.is_none() || site.notice.as_ref().is_none_or(|notice| notice.days.is_none()) {
        return;
    }
    let [first, second] =
        ["organization.notice_days", "notice.days"].map(|field| decoder.range_of(&format!("{at}.{field}#key")));
    if let (Some(first), Some(second)) = (first, second) {
        decoder.clash(Clash {
            code: Code::NoticeDaysTwice,
            message: "the notice period is stated twice".to_owned(),
            second: &second,
            first: &first,
            first_text: "also stated here",
            help: "remove `notice_days`, which is the short form of `days` in `notice`",
        });
    }
}

record!(SiteFile {
    title: required,
    description: optional,
    language: default,
    languages: default,
    organization: required,
    contacts: default,
    notice: optional,
    dimensions: default,
    subscribe: optional,
    status_url: optional,
    links: optional,
    aliases: optional,
    base_url: optional(base_url),
    former_base_urls: default(base_urls),
    security_txt: optional,
    theme: default,
    rules: default,
    acknowledged: default,
    sorted: default,
    media_types: default,
} then settle_notice);

impl SiteFile {
    /// Moves a notice period into its short form if nothing else is stated about notice, so that records have one form for it.
    pub(super) fn shorten_notice(mut self) -> SiteFile {
        if let Some(notice) = self.notice.take_if(|notice| notice.is_only_days()) {
            self.organization.notice_days = self.organization.notice_days.or(notice.days);
        }
        self
    }

    /// The settings, which are not part of releases.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            base_url: self.base_url.clone(),
            replaced_base_url: None,
            former_base_urls: self.former_base_urls.clone(),
            security_txt: self.security_txt.clone(),
            theme: self.theme.clone(),
            rules: self.rules.clone(),
            acknowledged: self.acknowledged.clone(),
            sorted: self.sorted.clone(),
            media_types: self.media_types.clone(),
            subscribe: self.subscribe.clone(),
            status_url: self.status_url.clone(),
            links: self.links.clone(),
            aliases: self.aliases.clone(),
            languages: self.languages.clone(),
        }
    }
}
