//! Calendar dates.

use std::fmt;
use std::str::FromStr;

use super::{Malformed, text_newtype};

/// A civil date, written `YYYY-MM-DD` (RFC 3339 `full-date`), without time or time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// Creates a date from year (0 to 9999), month (1 to 12) and day of the month (1 to 31); `None` if the date does not exist.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        if !(0..=9999).contains(&year) {
            return None;
        }
        jiff::civil::Date::new(year, month, day).ok().map(Date)
    }

    /// The year, 0 to 9999.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday)
    }

    /// The number of days from `self` to `later`; negative if `later` is earlier.
    pub fn days_until(self, later: Date) -> i64 {
        i64::from((later.0 - self.0).get_days())
    }

    /// The date `days` later (or earlier, if negative), limited to the range of the calendar.
    pub fn plus_days(self, days: i32) -> Date {
        Date(self.0.saturating_add(jiff::Span::new().days(days)))
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Date {
        Date(date)
    }
}

impl FromStr for Date {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Date, Malformed> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shaped {
            return Err(Malformed::new(
                format!("invalid date `{}`", text.escape_debug()),
                "write year-month-day, such as 2026-05-22",
            ));
        }
        let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap_or_default();
        Date::new(number(0..4), number(5..7) as i8, number(8..10) as i8).ok_or_else(|| {
            Malformed::new(format!("invalid date `{text}`"), "use a date that exists, such as 2026-02-28")
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

text_newtype!(Date, {
    "type": "string",
    "format": "date",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": "A date, written YYYY-MM-DD."
});

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn accepts_only_existing_dates_in_iso_format() {
        assert_eq!("2026-05-22".parse::<Date>().map(|d| d.to_string()), Ok("2026-05-22".into()));
        for bad in [
            "2026-02-30",
            "2026-5-22",
            "20260522",
            "2026-05-22T00:00",
            "22.05.2026",
            "",
            "2026-13-01",
            "２０２６-05-22",
        ] {
            assert!(bad.parse::<Date>().is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn counts_days_across_leap_years() {
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!(day("2024-02-28").days_until(day("2024-03-01")), 2);
        assert_eq!(day("2026-05-22").days_until(day("2026-05-20")), -2);
        assert_eq!(day("2026-12-31").plus_days(1), day("2027-01-01"));
    }
}
