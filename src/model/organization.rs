//! Who makes the statements.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StatedUrl;
use super::word_enum::word_enum;

/// The organisation that the trust page speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Organization {
    /// Name as customers know it.
    pub name: String,
    /// Registered name, where it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// The organisation's own website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<StatedUrl>,
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

word_enum! {
    /// The law that the organisation's processing answers to.
    Jurisdiction {
        /// The GDPR, in the European Economic Area.
        Eu = "eu",
        /// The UK GDPR.
        Uk = "uk",
        /// Any other.
        Other = "other",
    }
}
