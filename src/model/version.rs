//! Release versions.

use std::fmt;
use std::str::FromStr;

use super::{Date, Malformed, text_newtype};

/// The version of a release: `YYYY-MM-DD`, or `YYYY-MM-DD.2` for the second release of a date.
/// Versions are ordered by date, then by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    date: Date,
    number: u32,
}

impl Version {
    /// The first version of a date.
    pub fn first_on(date: Date) -> Version {
        Version { date, number: 1 }
    }

    /// The date.
    pub fn date(self) -> Date {
        self.date
    }

    /// The number of the release on its date, starting at 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// The next version with the same date.
    pub fn next_on_day(self) -> Version {
        Version { date: self.date, number: self.number.saturating_add(1) }
    }
}

impl FromStr for Version {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Version, Malformed> {
        let malformed = || {
            Malformed::new(
                format!("`{}` is not a version", text.escape_debug()),
                "use a date such as 2026-05-22, or 2026-05-22.2 for the second release of that date",
            )
        };
        let Some((date, number)) = text.split_once('.') else {
            return text.parse().map(Version::first_on).map_err(|_| malformed());
        };
        let canonical = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
        match (date.parse(), number.parse()) {
            (Ok(date), Ok(number)) if canonical && number >= 2 => Ok(Version { date, number }),
            _ => Err(malformed()),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            1 => write!(f, "{}", self.date),
            number => write!(f, "{}.{number}", self.date),
        }
    }
}

text_newtype!(Version, {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(\\.([2-9]|[1-9][0-9]+))?$",
    "description": "Version of a release: YYYY-MM-DD, or YYYY-MM-DD.2 for the second release of a date."
});

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn accepts_only_canonical_versions_and_orders_by_number() {
        for good in ["2026-05-22", "2026-05-22.2", "2026-05-22.10"] {
            assert_eq!(good.parse::<Version>().map(|v| v.to_string()), Ok(good.into()));
        }
        for bad in ["2026-05-22.1", "2026-05-22.0", "2026-05-22.02", "2026-05-22.", "2026-05-22.+2", "latest", ""] {
            assert!(bad.parse::<Version>().is_err(), "{bad:?} was accepted");
        }
        assert!("2026-05-22.10".parse::<Version>().ok() > "2026-05-22.9".parse::<Version>().ok());
    }
}
