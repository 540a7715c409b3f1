//! Facts that reviewers look for.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::word_enum::word_enum;
use crate::model::{Id, Malformed, StatedUrl, Territory};

/// A fact that reviewers look for, as a value that programs can read, or as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Fact {
    /// Stable id.
    pub id: Id,
    /// The name of the fact, as plain text, such as `Notice of a data breach`.
    pub title: String,
    /// What the fact is about, for programs. If it is left out, it is a fact of another kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<FactKind>,
    /// The plan to which it applies, as plain text. If it is left out, it applies to all plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// Duration in minutes. A fact has one duration at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = MAX_COUNT))]
    pub minutes: Option<u32>,
    /// Duration in hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = MAX_COUNT))]
    pub hours: Option<u32>,
    /// Duration in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = MAX_COUNT))]
    pub days: Option<u32>,
    /// Duration in months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = MAX_COUNT))]
    pub months: Option<u32>,
    /// Duration in years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = MAX_COUNT))]
    pub years: Option<u32>,
    /// Percentage from 0 to 100, with up to 3 decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Percent>,
    /// Countries and regions: ISO 3166-1 alpha-2 codes, `EU`, `EEA` or `GLOBAL`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub regions: Vec<Territory>,
    /// How customers approve subprocessors (GDPR Art. 28(2)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// Details, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// Id of the document in the document list that states it, such as the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Id>,
    /// Web address of a page that states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<StatedUrl>,
}

/// The maximum number of minutes, hours, days, months or years.
pub const MAX_COUNT: u32 = 100_000;

impl Fact {
    /// Its duration: the field and the number. Content states one at most.
    pub fn duration(&self) -> Option<(&'static str, u32)> {
        self.durations().next()
    }

    /// All durations that it states.
    pub fn durations(&self) -> impl Iterator<Item = (&'static str, u32)> {
        let stated = [self.minutes, self.hours, self.days, self.months, self.years];
        FactKind::DURATIONS.iter().zip(stated).filter_map(|(field, number)| Some((*field, number?)))
    }

    /// The fields with its values.
    pub fn values(&self) -> Vec<&'static str> {
        let others = [
            ("percent", self.percent.is_some()),
            ("regions", !self.regions.is_empty()),
            ("approval", self.approval.is_some()),
        ];
        let others = others.into_iter().filter(|(_, is_stated)| *is_stated).map(|(field, _)| field);
        self.durations().map(|(field, _)| field).chain(others).collect()
    }
}

word_enum! {
    /// What a fact is about.
    FactKind {
        /// How soon customers are notified of a breach of their personal data (GDPR Art. 33(2)).
        BreachNotice = "breach-notice",
        /// How long customer data is kept.
        Retention = "retention",
        /// How soon customer data is deleted after the contract ends.
        Deletion = "deletion",
        /// How often customer data is backed up.
        Backups = "backups",
        /// Recovery time objective: how soon the service works again after a failure.
        Rto = "rto",
        /// Recovery point objective: how much of the newest data a failure can destroy, as a duration.
        Rpo = "rpo",
        /// Availability that is promised.
        Uptime = "uptime",
        /// What customers get back if the availability is lower.
        ServiceCredits = "service-credits",
        /// Where customers can choose to store their data.
        DataResidency = "data-residency",
        /// How customers can audit the organization (GDPR Art. 28(3)(h)).
        AuditRights = "audit-rights",
        /// How customers approve subprocessors (GDPR Art. 28(2)).
        SubprocessorApproval = "subprocessor-approval",
        /// Insurance, such as for cyber risks.
        Insurance = "insurance",
        /// The jurisdiction to which the infrastructure of the service is subject (Regulation (EU) 2023/2854, Art. 28(1)(a)).
        Jurisdiction = "jurisdiction",
        /// Measures against access by governments of third countries (Regulation (EU) 2023/2854, Art. 28(1)(b)).
        ThirdCountryAccess = "third-country-access",
    }
}

impl FactKind {
    /// The fields with a duration, from the shortest unit to the longest.
    pub const DURATIONS: &'static [&'static str] = &["minutes", "hours", "days", "months", "years"];

    /// The fields in which a fact of this kind can have its value. Every kind can have details instead.
    pub fn values(&self) -> &'static [&'static str] {
        match self {
            FactKind::BreachNotice
            | FactKind::Retention
            | FactKind::Deletion
            | FactKind::Backups
            | FactKind::Rto
            | FactKind::Rpo => FactKind::DURATIONS,
            FactKind::Uptime | FactKind::ServiceCredits => &["percent"],
            FactKind::DataResidency | FactKind::Jurisdiction => &["regions"],
            FactKind::SubprocessorApproval => &["approval"],
            FactKind::AuditRights | FactKind::Insurance | FactKind::ThirdCountryAccess | FactKind::Unknown(_) => &[],
        }
    }
}

word_enum! {
    /// How customers approve subprocessors (GDPR Art. 28(2)).
    Approval {
        /// General authorization: customers are informed of changes and can object.
        General = "general",
        /// Specific authorization: customers approve each subprocessor in advance.
        Specific = "specific",
    }
}

/// A percentage in thousandths, so that equal values are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u32);

impl Percent {
    /// The thousandths of one percent.
    const THOUSANDTHS: u32 = 1000;
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / Percent::THOUSANDTHS, self.0 % Percent::THOUSANDTHS);
        match rest {
            0 => write!(f, "{whole}"),
            _ => f.write_str(format!("{whole}.{rest:03}").trim_end_matches('0')),
        }
    }
}

impl FromStr for Percent {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Percent, Malformed> {
        let malformed = || {
            let help = "write a number from 0 to 100 with up to 3 decimals, such as 99.95";
            Malformed::new(format!("`{}` is not a percentage", text.escape_debug()), help)
        };
        let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(rest) || rest.len() > 3 || whole.len() > 3 {
            return Err(malformed());
        }
        let thousandths = format!("{whole}{rest:0<3}").parse().ok();
        thousandths.filter(|thousandths| *thousandths <= 100 * Percent::THOUSANDTHS).map(Percent).ok_or_else(malformed)
    }
}

impl Serialize for Percent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % Percent::THOUSANDTHS {
            0 => serializer.serialize_u32(self.0 / Percent::THOUSANDTHS),
            _ => serializer.serialize_f64(f64::from(self.0) / f64::from(Percent::THOUSANDTHS)),
        }
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        number.to_string().parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number",
            "minimum": 0,
            "maximum": 100,
            "description": "A percentage from 0 to 100, with up to 3 decimals.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Percent;

    #[test]
    fn percentages_are_read_and_written_without_loss() {
        for (text, written) in
            [("99.95", "99.95"), ("99.999", "99.999"), ("100", "100"), ("0", "0"), ("99.900", "99.9")]
        {
            let percent: Percent = text.parse().expect(text);
            assert_eq!(percent.to_string(), written);
            let json = serde_json::to_string(&percent).expect("JSON");
            assert_eq!(json, written);
            assert_eq!(serde_json::from_str::<Percent>(&json).expect("a number"), percent);
        }
        for text in ["", "-1", "100.001", "99.9999", "1e2", "99,9", ".5", "5.", "1000"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_percentage_survives_json() {
        for thousandths in 0..=100_000 {
            let percent = Percent(thousandths);
            let json = serde_json::to_string(&percent).expect("JSON");
            assert_eq!(json, percent.to_string());
            assert_eq!(serde_json::from_str::<Percent>(&json).expect("a number"), percent);
        }
    }
}
