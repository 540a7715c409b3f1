//! Subprocessors (GDPR Art. 28(2) and (4); SCC Annex III, Decision (EU) 2021/914).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word_enum::word_enum;
use super::{CountryCode, Date, Id, StatedUrl};

/// Another processor that the organisation engages to process customers' data.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Subprocessor {
    /// Stable id; `subprocessors/#ID` links to it.
    pub id: Id,
    /// Name as readers know it.
    pub name: String,
    /// What it does for the organisation, as plain text.
    pub purpose: String,
    /// Categories of personal data that it processes, each as plain text; at least one.
    #[schemars(length(min = 1))]
    pub data_categories: Vec<String>,
    /// When it applies. Without it: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Registered name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Contact person's name, position and contact details (SCC Annex III), as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Its website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<StatedUrl>,
    /// Its relation to the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Countries in which it processes the data (ISO 3166-1 alpha-2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<CountryCode>,
    /// Country in which it is established (ISO 3166-1 alpha-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corporate_location: Option<CountryCode>,
    /// What makes a transfer to a third country lawful (GDPR Chapter V).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_mechanism: Option<TransferMechanism>,
    /// Its data-processing agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpa_url: Option<StatedUrl>,
    /// Its own list of subprocessors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subprocessors_url: Option<StatedUrl>,
    /// Subject matter of the processing (GDPR Art. 28(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_matter: Option<String>,
    /// Duration of the processing (GDPR Art. 28(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Categories of data subjects (GDPR Art. 28(3)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_subjects: Vec<String>,
    /// Special categories of data (GDPR Art. 9) and the safeguards for them, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_categories: Option<String>,
    /// Day on which customers were told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Date>,
    /// First day of its processing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Date>,
    /// Last day of its processing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
    /// Id of the subprocessor whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Id>,
}

/// When a subprocessor applies: when a named feature is enabled or configured.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Condition {
    /// What has to happen to the feature.
    pub when: When,
    /// The feature, as plain text that fits after "Only with": `SendGrid` reads "Only with SendGrid".
    pub feature: String,
}

word_enum! {
    /// What has to happen to a feature.
    When {
        /// It is switched on.
        Enabled = "enabled",
        /// It is set up.
        Configured = "configured",
    }
}

word_enum! {
    /// A subprocessor's relation to the organisation.
    Role {
        /// An unrelated company.
        ThirdParty = "third-party",
        /// A company of the same group.
        Affiliate = "affiliate",
    }
}

word_enum! {
    /// What makes a transfer to a third country lawful (GDPR Chapter V).
    TransferMechanism {
        /// Adequacy decision (Art. 45).
        Adequacy = "adequacy",
        /// EU-US Data Privacy Framework (Decision (EU) 2023/1795, an adequacy decision under Art. 45).
        Dpf = "dpf",
        /// Standard contractual clauses (Art. 46(2)(c); Decision (EU) 2021/914).
        Scc = "scc",
        /// Binding corporate rules (Art. 47).
        Bcr = "bcr",
        /// A derogation (Art. 49).
        Derogation = "derogation",
    }
}
