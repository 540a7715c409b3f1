//! The organization that publishes the trust center.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::StatedUrl;
use super::word_enum::word_enum;

/// The organization that publishes the trust center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Organization {
    /// Name that customers know.
    pub name: String,
    /// Registered name, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// Website of the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<StatedUrl>,
    /// Postal address; line breaks are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Applicable data protection law. With `uk` or `other`, candor does not check transfer mechanisms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Jurisdiction>,
    /// Notice period before a new subprocessor starts (GDPR Art. 28(2)), in days, 1 to 365.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 365))]
    pub notice_days: Option<u16>,
}

word_enum! {
    /// The data protection law that applies to the organization's processing.
    Jurisdiction {
        /// The GDPR, in the European Economic Area.
        Eu = "eu",
        /// The UK GDPR.
        Uk = "uk",
        /// Any other law.
        Other = "other",
    }
}
