//! Who makes the statements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WebUrl;

/// The organisation that the trust page speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Name as customers know it.
    pub name: String,
    /// Registered name, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// The organisation's own website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<WebUrl>,
    /// Postal address; line breaks are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whose data-protection law the page answers to; `eu` asks for a transfer mechanism outside the EEA.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Jurisdiction>,
    /// Days of notice that customers get before a new subprocessor starts (GDPR Art. 28(2)), 1 to 365.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 365))]
    pub notice_days: Option<u16>,
}

/// The law that the organisation's processing answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Jurisdiction {
    /// The GDPR, in the European Economic Area.
    Eu,
    /// The UK GDPR.
    Uk,
    /// Any other.
    Other,
}

impl Jurisdiction {
    /// All values with the word that content uses.
    pub const ALL: [(&'static str, Jurisdiction); 3] =
        [("eu", Jurisdiction::Eu), ("uk", Jurisdiction::Uk), ("other", Jurisdiction::Other)];
}
