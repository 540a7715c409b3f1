//! Certifications and attestations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word_enum::word_enum;
use super::{Date, Id};

/// A certificate or an auditor's report on the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Certification {
    /// Stable id.
    pub id: Id,
    /// The standard or scheme, such as `ISO/IEC 27001:2022`.
    pub framework: String,
    /// Whether it is held. Without it the dates speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<CertificationStatus>,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What it covers, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// First day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Id of the document that proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Id>,
}

word_enum! {
    /// Whether a certification is held.
    CertificationStatus {
        /// Held.
        Active = "active",
        /// Being worked for; not held.
        InProgress = "in-progress",
        /// Once held.
        Expired = "expired",
    }
}
