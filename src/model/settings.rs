//! How the site is made: what the publisher sets and no release freezes.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Contact, List, Malformed, MediaType, NameEnding, WebUrl, text_newtype};

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
    /// The one accent colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<Accent>,
    /// The accent colour on the dark page; by default a tint of `accent` that is strong enough there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent_dark: Option<Accent>,
    /// Path of the logo under `static/`, with forward slashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub logo: Option<String>,
}

impl Theme {
    /// The accent colour for the light page and for the dark page, if one was chosen.
    pub fn accents(&self) -> Option<(Accent, Accent)> {
        let accent = self.accent?;
        Some((accent, self.accent_dark.unwrap_or_else(|| super::contrast::strengthened(accent, super::contrast::DARK))))
    }
}

/// An sRGB colour, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl FromStr for Accent {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Accent, Malformed> {
        let malformed = || {
            Malformed::new(
                format!("`{}` is not a colour", text.escape_debug()),
                "write six hexadecimal digits in quotes, such as \"#0b5fff\"",
            )
        };
        let digits = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = digits.and_then(|hex| u32::from_str_radix(hex, 16).ok()).ok_or_else(malformed)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Accent { red, green, blue })
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

text_newtype!(Accent, {
    "type": "string",
    "pattern": "^#[0-9a-fA-F]{6}$",
    "description": "An sRGB colour as #rrggbb."
});

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
