//! The validity of dated items: the same rule for pages, machine-readable files and structured data.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Certification, CertificationStatus, Date, Document, Subprocessor};

/// How a date relates to the first and the last date of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// The first date is in the future.
    Upcoming,
    /// The date is in the period.
    Current,
    /// The last date is in the past.
    Ended,
}

impl Validity {
    /// Its name in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Validity::Upcoming => "upcoming",
            Validity::Current => "current",
            Validity::Ended => "ended",
        }
    }

    /// Returns the validity on `date` of an item with these first and last dates. Both dates are inclusive and may be open.
    pub fn on(date: Date, first: Option<Date>, last: Option<Date>) -> Validity {
        if first.is_some_and(|first| first > date) {
            Validity::Upcoming
        } else if last.is_some_and(|last| last < date) {
            Validity::Ended
        } else {
            Validity::Current
        }
    }
}

impl Subprocessor {
    /// Whether the subprocessor processes data on a date.
    pub fn validity_on(&self, date: Date) -> Validity {
        Validity::on(date, self.effective, self.ends)
    }
}

impl Document {
    /// Whether the document is valid on a date. Its own date is when it was issued, and does not limit its validity.
    pub fn validity_on(&self, date: Date) -> Validity {
        Validity::on(date, None, self.valid_until)
    }
}

impl Certification {
    /// Whether the certification is valid on a date.
    pub fn validity_on(&self, date: Date) -> Validity {
        Validity::on(date, self.valid_from, self.valid_until)
    }

    /// The status on a date: a certification whose last date has passed is expired, even if its stated status is different.
    pub fn status_on(&self, date: Date) -> CertificationStatus {
        match (&self.status, self.validity_on(date)) {
            (Some(CertificationStatus::InProgress), _) | (None, Validity::Upcoming) => CertificationStatus::InProgress,
            (Some(CertificationStatus::Expired), _) | (_, Validity::Ended) => CertificationStatus::Expired,
            (Some(CertificationStatus::Unknown(word)), _) => CertificationStatus::Unknown(Arc::clone(word)),
            _ => CertificationStatus::Active,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn first_and_last_dates_are_inclusive() {
        let on = |day: &str| Validity::on(date(day), Some(date("2026-02-01")), Some(date("2026-02-28")));
        assert_eq!(on("2026-01-31"), Validity::Upcoming);
        assert_eq!(["2026-02-01", "2026-02-28"].map(on), [Validity::Current; 2]);
        assert_eq!(on("2026-03-01"), Validity::Ended);
        assert_eq!(Validity::on(date("2026-02-01"), None, None), Validity::Current);
    }

    #[test]
    fn status_never_exceeds_the_dates() {
        use CertificationStatus::{Active, Expired, InProgress};
        let status = |stated: Option<CertificationStatus>, day: &str| {
            let period = serde_json::json!({
                "id": "iso", "framework": "ISO", "valid_from": "2026-02-01", "valid_until": "2026-02-28",
            });
            let item: Certification = serde_json::from_value(period).expect("a certification");
            Certification { status: stated, ..item }.status_on(date(day))
        };
        for (stated, before, during, after) in [
            (None, InProgress, Active, Expired),
            (Some(Active), Active, Active, Expired),
            (Some(InProgress), InProgress, InProgress, InProgress),
            (Some(Expired), Expired, Expired, Expired),
        ] {
            let on = |day| status(stated.clone(), day);
            assert_eq!([on("2026-01-31"), on("2026-02-15"), on("2026-03-01")], [before, during, after]);
        }
    }
}
