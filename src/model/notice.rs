//! The notice that the organization gives before a change, and how its days are counted (GDPR Art. 28(2)).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word_enum::word_enum;
use super::{Date, Disclosure, Id};

/// The terms on which customers are informed of a change, and can object to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct NoticeTerms {
    /// Notice period before a change takes effect, in days, 1 to 365.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 365))]
    pub days: Option<u16>,
    /// Number of days in which customers can object to a change, 1 to 365. Without it, no objection deadline is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 365))]
    pub objection_days: Option<u16>,
    /// How days are counted; `calendar` by default.
    #[serde(default, skip_serializing_if = "Counting::is_default")]
    pub counting: Counting,
    /// Dates that are not business days, in addition to Saturdays and Sundays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Date>,
    /// Key of the contact to whom customers object; `privacy` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_to: Option<Id>,
    /// The contract clause that gives customers the right to object, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

word_enum! {
    /// How the days of a notice period are counted.
    #[derive(Default)]
    Counting {
        /// Every day counts.
        #[default]
        Calendar = "calendar",
        /// Saturdays, Sundays and holidays do not count.
        Business = "business",
    }
}

impl Counting {
    fn is_default(&self) -> bool {
        *self == Counting::default()
    }
}

impl NoticeTerms {
    /// The key of the contact to whom customers object if the terms name none.
    pub const DEFAULT_CONTACT: &'static str = "privacy";

    /// Whether the terms state nothing but the notice period, which has a short form in the organization.
    pub fn is_only_days(&self) -> bool {
        NoticeTerms { days: None, ..self.clone() } == NoticeTerms::default()
    }

    /// The key of the contact to whom customers object.
    pub fn contact(&self) -> &str {
        self.object_to.as_ref().map_or(NoticeTerms::DEFAULT_CONTACT, Id::as_str)
    }

    /// Returns the last date of a period of `days` that begins after `start`; `None` if the counting is that of a newer candor.
    ///
    /// With business days, it is the `days`-th date after `start` that is neither a Saturday, a Sunday nor a holiday.
    pub fn last_date(&self, start: Date, days: u16) -> Option<Date> {
        match self.counting {
            Counting::Calendar => Some(start.plus_days(i32::from(days))),
            Counting::Business => {
                let (mut date, mut left) = (start, days);
                while left > 0 {
                    let next = date.plus_days(1);
                    if next == date {
                        // The calendar ends here.
                        return Some(date);
                    }
                    date = next;
                    left -= u16::from(self.is_business_day(date));
                }
                Some(date)
            }
            Counting::Unknown(_) => None,
        }
    }

    /// Returns the number of days after `start`, up to and including `end`, that count; 0 if `end` is not after `start`.
    pub fn days_between(&self, start: Date, end: Date) -> i64 {
        let all = start.days_until(end).max(0);
        match self.counting {
            Counting::Business => {
                // The terms allow 365 days at most, so nothing depends on a higher count.
                let dates = (1..=i32::try_from(all.min(4000)).unwrap_or_default()).map(|day| start.plus_days(day));
                dates.filter(|date| self.is_business_day(*date)).count() as i64
            }
            Counting::Calendar | Counting::Unknown(_) => all,
        }
    }

    fn is_business_day(&self, date: Date) -> bool {
        !date.is_weekend() && !self.holidays.contains(&date)
    }
}

impl Disclosure {
    /// The terms of notice, including a notice period in its short form.
    pub fn notice_terms(&self) -> NoticeTerms {
        let mut terms = self.notice.clone().unwrap_or_default();
        terms.days = terms.days.or(self.organization.notice_days);
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::{Counting, NoticeTerms};
    use crate::model::Date;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn business(holidays: &[&str]) -> NoticeTerms {
        let holidays = holidays.iter().map(|text| date(text)).collect();
        NoticeTerms { counting: Counting::Business, holidays, ..NoticeTerms::default() }
    }

    #[test]
    fn calendar_days_include_february_29() {
        let terms = NoticeTerms::default();
        for (start, days, last) in [
            ("2028-02-15", 14, "2028-02-29"),
            ("2028-02-16", 14, "2028-03-01"),
            ("2027-02-15", 14, "2027-03-01"),
            ("2027-12-20", 30, "2028-01-19"),
            ("2026-05-22", 1, "2026-05-23"),
            ("2026-01-01", 365, "2027-01-01"),
        ] {
            assert_eq!(terms.last_date(date(start), days), Some(date(last)), "{start} + {days}");
            assert_eq!(terms.days_between(date(start), date(last)), i64::from(days));
        }
    }

    #[test]
    fn business_days_leave_out_weekends_and_holidays() {
        // 2026-12-18 is a Friday. Counted by hand: 21, 22, 23, 24, 28 (25 is a holiday), 29, 30, 31 December, 4 January
        // (1 January is a holiday).
        let holidays = ["2026-12-25", "2027-01-01", "2026-12-26"];
        for (start, days, last) in [
            ("2026-12-18", 1, "2026-12-21"),
            ("2026-12-18", 4, "2026-12-24"),
            ("2026-12-18", 5, "2026-12-28"),
            ("2026-12-18", 8, "2026-12-31"),
            ("2026-12-18", 9, "2027-01-04"),
            // A weekend does not count, whether the period begins on it or before it.
            ("2026-12-19", 1, "2026-12-21"),
            ("2026-12-20", 1, "2026-12-21"),
            ("2026-12-24", 1, "2026-12-28"),
        ] {
            assert_eq!(business(&holidays).last_date(date(start), days), Some(date(last)), "{start} + {days}");
            assert_eq!(business(&holidays).days_between(date(start), date(last)), i64::from(days), "{start}");
        }
        assert_eq!(business(&[]).last_date(date("2026-12-24"), 1), Some(date("2026-12-25")));
        assert_eq!(business(&[]).days_between(date("2026-12-24"), date("2026-12-20")), 0);
    }

    #[test]
    fn counting_ends_with_the_calendar() {
        assert_eq!(business(&[]).last_date(date("9999-12-30"), 365), Some(date("9999-12-31")));
        let unknown = NoticeTerms { counting: Counting::Unknown("lunar".into()), ..NoticeTerms::default() };
        assert_eq!(unknown.last_date(date("2026-05-22"), 5), None);
    }
}
