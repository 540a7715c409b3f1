//! How the site is made: what the publisher sets and no release freezes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::color::{Color, DARK, LIGHT};
use super::{Contact, List, MediaType, NameEnding, WebUrl};

/// The part of `site.yaml` that is about the site and not about what is stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Where the site is published, without query or fragment; absolute links in feeds and records use it.
    pub base_url: Option<WebUrl>,
    /// RFC 9116 fields.
    pub security_txt: Option<SecurityTxt>,
    /// Looks.
    pub theme: Theme,
    /// Levels that differ from the rules' defaults, by code.
    pub rules: BTreeMap<String, RuleLevel>,
    /// Lists that are declared to stand in the order of their names.
    pub sorted: Vec<List>,
    /// Media types of the publisher's own files, by the ends of their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub media_types: BTreeMap<NameEnding, MediaType>,
}

impl Settings {
    /// The path under which the site is served, with a slash at both ends: `/` or `/trust/`.
    pub fn base_path(&self) -> String {
        let path = self.base_url.as_ref().map(WebUrl::path).unwrap_or_default();
        match path.trim_matches('/') {
            "" => "/".to_owned(),
            inner => format!("/{inner}/"),
        }
    }
}

/// Looks that need no template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// The accent color.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<Color>,
    /// The accent color on the dark page; by default a tint of `accent` with enough contrast there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent_dark: Option<Color>,
    /// Path of the logo under `static/`, with forward slashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub logo: Option<String>,
}

/// The accent of each page; none where the built-in one stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accents {
    /// On the light page and on paper.
    pub light: Option<Color>,
    /// On the dark page.
    pub dark: Option<Color>,
}

impl Theme {
    /// Returns the accents with enough contrast on their pages: as they are stated if they have it, else the nearest that have.
    pub fn accents(&self) -> Accents {
        Accents {
            light: self.accent.map(|color| color.readable_on(LIGHT)),
            dark: self.accent_dark.or(self.accent).map(|color| color.readable_on(DARK)),
        }
    }
}

/// The level of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleLevel {
    /// Do not report it.
    Off,
    /// Report it as a note.
    Note,
    /// Report it as a warning.
    Warn,
    /// Report it as an error, which stops a build.
    Error,
}

impl RuleLevel {
    /// All values with the word that content uses.
    pub const ALL: [(&'static str, RuleLevel); 4] =
        [("off", RuleLevel::Off), ("note", RuleLevel::Note), ("warn", RuleLevel::Warn), ("error", RuleLevel::Error)];
}

/// Fields of `security.txt` (RFC 9116 section 2.5). `Canonical` follows from `base_url`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecurityTxt {
    /// `Contact`, in order of preference; by default the security contact.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact: Vec<Contact>,
    /// `Expires`: an RFC 3339 time, or a day, which stands for its first instant in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$"))]
    pub expires: Option<String>,
    /// `Encryption`: where the key is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub encryption: Vec<WebUrl>,
    /// `Acknowledgments`: where reporters are thanked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledgments: Vec<WebUrl>,
    /// `Preferred-Languages`: language tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred_languages: Vec<super::Language>,
    /// `Policy`: where the disclosure policy is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<WebUrl>,
    /// `Hiring`: where security jobs are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hiring: Vec<WebUrl>,
}
