//! The validity of dated items: the same rule for pages, machine-readable files and structured data.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Certification, CertificationEdition, CertificationStatus, Date, Document, Subprocessor};

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

/// Whether a certification is held on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has this status.
    Status(CertificationStatus),
    /// The organization follows the standard, but holds no certificate or report.
    Aligned,
}

impl Standing {
    /// The word of the status, or `aligned`.
    pub fn as_str(&self) -> &str {
        match self {
            Standing::Status(status) => status.as_str(),
            Standing::Aligned => "aligned",
        }
    }

    /// Whether the certification is held.
    pub fn is_held(&self) -> bool {
        *self == Standing::Status(CertificationStatus::Active)
    }
}

impl CertificationEdition {
    /// Whether the edition states the first or the last day of its validity.
    pub fn is_dated(&self) -> bool {
        self.valid_from.is_some() || self.valid_until.is_some()
    }

    /// Whether the edition is valid on a date. An edition without dates says nothing about any date.
    pub fn covers(&self, date: Date) -> bool {
        self.is_dated() && self.validity_on(date) == Validity::Current
    }

    fn validity_on(&self, date: Date) -> Validity {
        Validity::on(date, self.valid_from, self.valid_until)
    }
}

impl Certification {
    /// Whether the certification is valid on a date: if any of its editions is, so that there is no gap at a renewal.
    pub fn validity_on(&self, date: Date) -> Validity {
        if self.is_covered(date) {
            return Validity::Current;
        }
        let newest = self.newest();
        if newest != CertificationEdition::default() || !self.editions.iter().any(CertificationEdition::is_dated) {
            return newest.validity_on(date);
        }
        // The certification states no edition itself, so the others decide.
        match self.editions.iter().any(|edition| edition.validity_on(date) == Validity::Upcoming) {
            true => Validity::Upcoming,
            false => Validity::Ended,
        }
    }

    /// Whether it states several editions, and one of them is valid on a date.
    pub fn is_covered(&self, date: Date) -> bool {
        !self.editions.is_empty() && self.all_editions().any(|edition| edition.covers(date))
    }

    /// Returns the edition that readers look for on a date, and the others: the newest, unless it is not valid on that date and
    /// another one is, as before a renewal begins.
    pub fn editions_on(&self, date: Date) -> (CertificationEdition, Vec<CertificationEdition>) {
        let (newest, mut others) = (self.newest(), self.editions.clone());
        let is_stated = newest != CertificationEdition::default();
        let is_shown = is_stated && (newest.covers(date) || !newest.is_dated());
        let Some(at) = others.iter().position(|edition| edition.covers(date)).filter(|_| !is_shown) else {
            return (newest, others);
        };
        let current = others.remove(at);
        (current, is_stated.then_some(newest).into_iter().chain(others).collect())
    }

    /// The last day of the validity that includes a date: editions that follow one another without a gap count as one. `None` if the
    /// certification is not valid on that date, or if no last day is stated.
    pub fn held_until(&self, date: Date) -> Option<Date> {
        let mut editions: Vec<CertificationEdition> = self.all_editions().collect();
        let mut last = None;
        // An edition continues the validity if it begins on the day after its last day at the latest.
        let mut next = date;
        while let Some(at) = editions.iter().position(|edition| edition.covers(next)) {
            let until = editions.swap_remove(at).valid_until?;
            last = Some(until);
            next = until.plus_days(1);
        }
        last
    }

    /// The status on a date. A certification whose last date has passed is expired, even if its stated status is different, and one
    /// with an edition that covers the date is neither expired nor in progress. An alignment is never held.
    pub fn standing_on(&self, date: Date) -> Standing {
        let status = match (&self.status, self.validity_on(date)) {
            (Some(CertificationStatus::Unknown(word)), Validity::Current | Validity::Upcoming) => {
                CertificationStatus::Unknown(Arc::clone(word))
            }
            _ if self.is_covered(date) => CertificationStatus::Active,
            (Some(CertificationStatus::InProgress), _) | (None, Validity::Upcoming) => CertificationStatus::InProgress,
            (Some(CertificationStatus::Expired), _) | (_, Validity::Ended) => CertificationStatus::Expired,
            _ => CertificationStatus::Active,
        };
        match status {
            CertificationStatus::Active if self.is_alignment() => Standing::Aligned,
            status => Standing::Status(status),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::CertificationType;

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

    fn certification(value: serde_json::Value) -> Certification {
        let mut item = serde_json::json!({ "id": "iso", "framework": "ISO" });
        item.as_object_mut().expect("an object").extend(value.as_object().cloned().expect("an object"));
        serde_json::from_value(item).expect("a certification")
    }

    #[test]
    fn status_never_exceeds_the_dates() {
        for (stated, before, during, after) in [
            (None, "in-progress", "active", "expired"),
            (Some("active"), "active", "active", "expired"),
            (Some("in-progress"), "in-progress", "in-progress", "in-progress"),
            (Some("expired"), "expired", "expired", "expired"),
            (Some("suspended"), "suspended", "suspended", "expired"),
        ] {
            let mut item = certification(json!({ "valid_from": "2026-02-01", "valid_until": "2026-02-28" }));
            item.status = stated.map(|word| serde_json::from_value(word.into()).expect("a status"));
            let on = |day| item.standing_on(date(day)).as_str().to_owned();
            assert_eq!([on("2026-01-31"), on("2026-02-15"), on("2026-03-01")], [before, during, after]);
        }
    }

    #[test]
    fn a_renewed_certification_has_no_gap() {
        let old = json!([{ "number": "1", "valid_from": "2023-03-01", "valid_until": "2026-02-28" }]);
        for status in [None, Some("active"), Some("in-progress"), Some("expired")] {
            for (from, gap) in [("2026-03-01", false), ("2026-02-01", false), ("2026-03-05", true)] {
                let mut item =
                    certification(json!({ "valid_from": from, "valid_until": "2029-02-28", "editions": old }));
                item.status = status.map(|word| serde_json::from_value(word.into()).expect("a status"));
                for day in ["2023-03-01", "2025-12-31", "2026-02-15", "2026-02-28", "2026-03-05", "2029-02-28"] {
                    assert_eq!(item.standing_on(date(day)).as_str(), "active", "{status:?} {from} {day}");
                }
                let until = if gap { "2026-02-28" } else { "2029-02-28" };
                assert_eq!(item.held_until(date("2026-01-01")), Some(date(until)), "{from}");
                assert!(!item.standing_on(date("2029-03-01")).is_held(), "{status:?}");
            }
        }
    }

    #[test]
    fn editions_decide_if_the_certification_states_none_itself() {
        let item = certification(json!({
            "editions": [
                { "valid_from": "2026-01-01", "valid_until": "2026-12-31" },
                { "valid_from": "2024-01-01", "valid_until": "2024-12-31" },
                { "number": "7" },
            ],
        }));
        for (day, standing) in [
            ("2023-12-31", "in-progress"),
            ("2024-06-01", "active"),
            ("2025-06-01", "in-progress"),
            ("2026-12-31", "active"),
            ("2027-01-01", "expired"),
        ] {
            assert_eq!(item.standing_on(date(day)).as_str(), standing, "{day}");
        }
        assert_eq!(item.held_until(date("2026-06-01")), Some(date("2026-12-31")));
        // Editions without dates limit nothing.
        let undated = certification(json!({ "editions": [{ "number": "7" }] }));
        assert!(undated.standing_on(date("2026-06-01")).is_held());
        assert_eq!(undated.held_until(date("2026-06-01")), None);
    }

    #[test]
    fn an_alignment_is_never_held() {
        for fields in [
            json!({}),
            json!({ "status": "active" }),
            json!({ "valid_from": "2020-01-01" }),
            json!({ "editions": [{ "valid_from": "2020-01-01" }] }),
            json!({ "status": "in-progress", "editions": [{ "valid_from": "2020-01-01" }] }),
        ] {
            let mut item = certification(fields.clone());
            assert_eq!(item.standing_on(date("2026-01-01")).as_str(), "active", "{fields}");
            item.r#type = Some(CertificationType::Alignment);
            assert_eq!(item.standing_on(date("2026-01-01")), Standing::Aligned, "{fields}");
        }
        let planned = certification(json!({ "type": "alignment", "status": "in-progress" }));
        assert_eq!(planned.standing_on(date("2026-01-01")).as_str(), "in-progress");
    }
}
