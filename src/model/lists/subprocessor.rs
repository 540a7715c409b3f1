//! Subprocessors (GDPR Art. 28(2) and (4); SCC Annex III, Decision (EU) 2021/914).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use crate::model::word_enum::word_enum;
use crate::model::{Condition, CountryCode, Date, Id, Location, StatedUrl, Transfers, Upcoming};

/// A processor that the organization engages to process customer data, or another recipient of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Subprocessor {
    /// Stable id; the link to the subprocessor is `subprocessors/#ID`.
    pub id: Id,
    /// Name that customers know.
    pub name: String,
    /// Names that customers knew before, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
    /// Purpose of the processing, as plain text.
    pub purpose: String,
    /// Services of the subprocessor that the organization uses. With services, the purpose is a summary, and the data categories and
    /// locations of the services add to those of the subprocessor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub services: Vec<Service>,
    /// Heading under which subprocessors are grouped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Categories of personal data that it processes, each as plain text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub data_categories: Vec<String>,
    /// When the subprocessor is used: features of the customer, and values of dimensions that `site.yaml` declares. If it is left
    /// out, the subprocessor is always used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Registered name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// Legal Entity Identifier (ISO 17442).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[0-9A-Z]{18}[0-9]{2}$"))]
    pub lei: Option<String>,
    /// European Unique Identifier of the company in its register (Implementing Regulation (EU) 2021/1042).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[A-Z]{2}[^.\s]*\.\S+$"))]
    pub euid: Option<String>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Name, position and contact details of the contact person (SCC Annex III), as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<StatedUrl>,
    /// Relation to the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Countries and regions in which it processes the data: ISO 3166-1 alpha-2 codes, `EU`, `EEA` or `GLOBAL`. An entry can also
    /// state a place in the country, and a condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Country in which it is established (ISO 3166-1 alpha-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corporate_location: Option<CountryCode>,
    /// Legal basis of transfers to third countries (GDPR Chapter V): one word, or a list of entries with the countries that each
    /// covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_mechanism: Option<Transfers>,
    /// Measures that supplement the transfer mechanism (EDPB Recommendations 01/2020), as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplementary_measures: Option<String>,
    /// Web address of its data processing agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpa_url: Option<StatedUrl>,
    /// Web address of its own list of subprocessors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subprocessors_url: Option<StatedUrl>,
    /// Subject matter of the processing (GDPR Art. 28(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_matter: Option<String>,
    /// Duration of the processing (GDPR Art. 28(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// How long it keeps the data, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Categories of data subjects (GDPR Art. 28(3)).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_subjects: Vec<String>,
    /// Special categories of data (GDPR Art. 9) and the safeguards for them, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special_categories: Option<String>,
    /// Date on which customers were notified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<Date>,
    /// First day of the processing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<Date>,
    /// Last day of the processing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
    /// Id of the subprocessor that it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Id>,
    /// Changes that take effect on a later date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Upcoming<Subprocessor>>,
}

impl Subprocessor {
    /// Creates a subprocessor that states only what is required.
    pub fn new(id: Id, name: String, purpose: String) -> Subprocessor {
        Subprocessor { id, name, purpose, ..Subprocessor::default() }
    }

    /// Its condition, and those of its locations.
    pub fn own_conditions(&self) -> impl Iterator<Item = &Condition> {
        self.condition.iter().chain(self.locations.iter().filter_map(|location| location.condition.as_ref()))
    }

    /// All conditions: its own, and those of its services.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.own_conditions().chain(self.services.iter().flat_map(Service::conditions))
    }

    /// Whether it is a recipient and not a processor.
    pub fn is_recipient(&self) -> bool {
        self.role == Some(Role::Recipient)
    }
}

word_enum! {
    /// Whether a feature must be enabled or configured.
    When {
        /// The feature is switched on.
        Enabled = "enabled",
        /// The feature is set up.
        Configured = "configured",
    }
}

word_enum! {
    /// Relation to the organization.
    Role {
        /// An unrelated company.
        ThirdParty = "third-party",
        /// A company in the same group.
        Affiliate = "affiliate",
        /// Not a processor, but another recipient of the data (GDPR Art. 4(9)), such as a bank or an authority. It is listed apart
        /// from the subprocessors, does not count as one, and requires no notice.
        Recipient = "recipient",
    }
}

word_enum! {
    /// Legal basis of transfers to third countries (GDPR Chapter V).
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
