//! Updates: incidents, advisories and other news, each of which is a page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::word_enum::word_enum;
use crate::model::{Date, Id};

/// An update: an incident, an advisory, or other news. Its date is the beginning of its file name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Update {
    /// Stable id, which is also the address of its page: the file name without `.md`, such as `2026-05-22-mail-delays`.
    pub id: Id,
    /// Title, as plain text.
    pub title: String,
    /// What it is about; `general` by default.
    #[serde(default, skip_serializing_if = "UpdateKind::is_default")]
    pub kind: UpdateKind,
    /// How severe the incident or vulnerability is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// What is affected, such as services, versions, regions or customers, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affected: Option<String>,
    /// The state of the work on an incident or a vulnerability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UpdateStatus>,
    /// Date on which the incident started, or since which the vulnerability exists or is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Date>,
    /// Date on which it was resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Date>,
    /// The text, as Markdown with line feeds, without leading or trailing blank lines.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

word_enum! {
    /// What an update is about.
    #[derive(Default)]
    UpdateKind {
        /// An interruption of the service or a breach of security.
        Incident = "incident",
        /// A vulnerability or another risk, and what customers can do about it.
        Advisory = "advisory",
        /// A new or renewed certificate or report.
        Certificate = "certificate",
        /// What the organization plans.
        Roadmap = "roadmap",
        /// Anything else.
        #[default]
        General = "general",
    }
}

word_enum! {
    /// The severity of an incident or a vulnerability.
    Severity {
        /// The service cannot be used, or data is at risk.
        Critical = "critical",
        /// Important functions fail for many customers.
        High = "high",
        /// Some functions fail, or for some customers.
        Medium = "medium",
        /// Customers hardly notice it.
        Low = "low",
    }
}

word_enum! {
    /// The state of the work on an incident or a vulnerability.
    UpdateStatus {
        /// The cause is not known yet.
        Investigating = "investigating",
        /// The cause is known, and the work on a fix has begun.
        Identified = "identified",
        /// It is fixed, and observed.
        Monitoring = "monitoring",
        /// It is over.
        Resolved = "resolved",
    }
}

impl UpdateKind {
    /// Whether it is the default.
    pub fn is_default(&self) -> bool {
        *self == UpdateKind::default()
    }

    /// Whether updates of this kind have a severity, a status and dates of their own. A value of a newer candor may have them.
    pub fn is_tracked(&self) -> bool {
        matches!(self, UpdateKind::Incident | UpdateKind::Advisory | UpdateKind::Unknown(_))
    }
}

impl Update {
    /// The date of the update, with which its id begins. Content always has one.
    pub fn date(&self) -> Option<Date> {
        Update::date_of(self.id.as_str())
    }

    /// Returns the date with which the name of an update begins, if a name follows it.
    pub fn date_of(name: &str) -> Option<Date> {
        let (date, rest) = name.split_at_checked(10)?;
        date.parse().ok().filter(|_| rest.len() > 1 && rest.starts_with('-'))
    }

    /// Whether it is an incident that is not over.
    pub fn is_open_incident(&self) -> bool {
        self.kind == UpdateKind::Incident && self.status != Some(UpdateStatus::Resolved)
    }

    /// The fields that only incidents and advisories have, with whether this update has them.
    pub fn tracked(&self) -> [(&'static str, bool); 4] {
        [
            ("severity", self.severity.is_some()),
            ("status", self.status.is_some()),
            ("started", self.started.is_some()),
            ("resolved", self.resolved.is_some()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::Update;

    #[test]
    fn a_name_begins_with_a_date() {
        let date = |name| Update::date_of(name).map(|date| date.to_string());
        assert_eq!(date("2026-05-22-mail-delays"), Some("2026-05-22".to_owned()));
        for name in
            ["2026-05-22", "2026-05-22-", "2026-05-22mail", "2026-02-30-mail", "mail-2026-05-22", "", "2026-05-2é"]
        {
            assert_eq!(date(name), None, "{name}");
        }
    }
}
