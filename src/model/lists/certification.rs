//! Certifications and attestations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::word_enum::word_enum;
use crate::model::{Date, Id};

/// A certification of the organization, or an auditor's report on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Certification {
    /// Stable id.
    pub id: Id,
    /// The standard or scheme, such as `ISO/IEC 27001:2022`.
    pub framework: String,
    /// Status of the certification. If it is left out, it follows from the dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<CertificationStatus>,
    /// Issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Scope, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// First day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Id of the certificate or report in the document list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Id>,
}

word_enum! {
    /// Status of a certification.
    CertificationStatus {
        /// Obtained and valid.
        Active = "active",
        /// In progress; not obtained yet.
        InProgress = "in-progress",
        /// No longer valid.
        Expired = "expired",
    }
}
