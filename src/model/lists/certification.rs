//! Certifications and attestations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::word_enum::word_enum;
use crate::model::{Date, Id, StatedUrl};

/// A certification of the organization, an auditor's report on it, or a statement about a standard that it follows. The fields
/// state the newest edition, and `editions` the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Certification {
    /// Stable id.
    pub id: Id,
    /// The standard or scheme, such as `ISO/IEC 27001:2022`.
    pub framework: String,
    /// What it is: a certificate, a report, a self-assessment or an alignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<CertificationType>,
    /// Status of the certification. If it is left out, it follows from the dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<CertificationStatus>,
    /// Issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Scope, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Number of the certificate or report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// First day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Period that the auditor observed, such as that of a SOC 2 Type II report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Date on which it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Date>,
    /// Last day that a bridge letter covers, after the end of the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bridge_until: Option<Date>,
    /// Web address of the entry in the public register of the issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_url: Option<StatedUrl>,
    /// Id of the certificate or report in the document list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Id>,
    /// Other editions, such as the certificate that this one renews. The certification is held on each day that one of them covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub editions: Vec<CertificationEdition>,
}

/// An edition of a certification: one certificate, or one report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
pub struct CertificationEdition {
    /// Number of the certificate or report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// First day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Period that the auditor observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Date on which it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Date>,
    /// Id of the certificate or report in the document list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Id>,
}

/// A period with its first and its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Certification {
    /// The newest edition, as far as the fields of the certification state one.
    pub fn newest(&self) -> CertificationEdition {
        CertificationEdition {
            number: self.number.clone(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            period: self.period,
            issued: self.issued,
            document: self.document.clone(),
        }
    }

    /// All editions that are stated, the newest first.
    pub fn all_editions(&self) -> impl Iterator<Item = CertificationEdition> {
        let newest = Some(self.newest()).filter(|newest| *newest != CertificationEdition::default());
        newest.into_iter().chain(self.editions.iter().cloned())
    }

    /// Whether it only says that the organization follows a standard, and not that anyone has certified it.
    pub fn is_alignment(&self) -> bool {
        self.r#type == Some(CertificationType::Alignment)
    }
}

word_enum! {
    /// What a certification is.
    CertificationType {
        /// A certificate that an independent body issued.
        Certificate = "certificate",
        /// A report of an independent auditor, such as a SOC 2 report.
        Report = "report",
        /// The organization's own assessment, such as a completed questionnaire.
        SelfAssessment = "self-assessment",
        /// The organization follows the standard, without a certification. The page never shows it as held.
        Alignment = "alignment",
    }
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
