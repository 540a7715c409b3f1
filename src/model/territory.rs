//! Countries and regions: what a location or a transfer names.
//!
//! A region names a set of countries: `EU` covers its members, `EEA` covers `EU`, and `GLOBAL` covers every country.

use std::fmt;
use std::str::FromStr;

use super::{CountryCode, Malformed, text_newtype};

/// A region: a set of countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// The European Union.
    Eu,
    /// The European Economic Area.
    Eea,
    /// Every country.
    Global,
}

impl Region {
    /// All regions, from the smallest to the largest.
    pub const ALL: [Region; 3] = [Region::Eu, Region::Eea, Region::Global];

    /// The code in content and in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Region::Eu => "EU",
            Region::Eea => "EEA",
            Region::Global => "GLOBAL",
        }
    }

    /// The English name.
    pub const fn english_name(self) -> &'static str {
        match self {
            Region::Eu => "European Union",
            Region::Eea => "European Economic Area",
            Region::Global => "Worldwide",
        }
    }

    /// The countries and territories of the region; `None` for all of the world.
    pub fn countries(self) -> Option<Vec<CountryCode>> {
        let all = || CountryCode::all().map(|(code, _)| code);
        match self {
            Region::Eu => Some(all().filter(CountryCode::in_eu).collect()),
            Region::Eea => Some(all().filter(CountryCode::in_eea).collect()),
            Region::Global => None,
        }
    }

    /// The region that a name means, in any spelling that people use.
    fn named(name: &str) -> Option<Region> {
        match name.to_ascii_lowercase().as_str() {
            "eu" | "european union" => Some(Region::Eu),
            "eea" | "european economic area" => Some(Region::Eea),
            "global" | "worldwide" | "world" => Some(Region::Global),
            _ => None,
        }
    }
}

/// A country, or a region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Territory {
    /// A country or territory of ISO 3166-1.
    Country(CountryCode),
    /// A region.
    Region(Region),
}

impl Territory {
    /// The code: two letters, `EEA` or `GLOBAL`.
    pub fn as_str(&self) -> &str {
        match self {
            Territory::Country(code) => code.as_str(),
            Territory::Region(region) => region.as_str(),
        }
    }

    /// The English name.
    pub fn english_name(&self) -> &str {
        match self {
            Territory::Country(code) => code.english_name(),
            Territory::Region(region) => region.english_name(),
        }
    }

    /// Whether all of it is in the European Economic Area.
    pub fn in_eea(&self) -> bool {
        match self {
            Territory::Country(code) => code.in_eea(),
            Territory::Region(region) => *region != Region::Global,
        }
    }

    /// Whether it covers all of another one.
    pub fn covers(&self, other: &Territory) -> bool {
        match (self, other) {
            (Territory::Region(Region::Global), _) => true,
            (Territory::Region(Region::Eea), other) => other.in_eea(),
            (Territory::Region(Region::Eu), Territory::Country(code)) => code.in_eu(),
            (Territory::Region(Region::Eu), Territory::Region(region)) => *region == Region::Eu,
            (Territory::Country(code), Territory::Country(other)) => code == other,
            (Territory::Country(_), Territory::Region(_)) => false,
        }
    }

    /// All codes with their English names: the regions, then the countries by code.
    pub fn all() -> impl Iterator<Item = (Territory, &'static str)> {
        let regions = Region::ALL.into_iter().map(|region| (Territory::Region(region), region.english_name()));
        regions.chain(CountryCode::all().map(|(code, name)| (Territory::Country(code), name)))
    }

    /// Whether this version knows the code.
    pub fn is_known(&self) -> bool {
        match self {
            Territory::Country(code) => code.is_assigned(),
            Territory::Region(_) => true,
        }
    }

    /// Creates a territory from a record, without validation.
    fn archived(text: &str) -> Territory {
        let region = Region::ALL.into_iter().find(|region| region.as_str() == text);
        region.map_or_else(|| Territory::Country(CountryCode::archived(text)), Territory::Region)
    }
}

impl From<CountryCode> for Territory {
    fn from(code: CountryCode) -> Territory {
        Territory::Country(code)
    }
}

impl From<Region> for Territory {
    fn from(region: Region) -> Territory {
        Territory::Region(region)
    }
}

impl FromStr for Territory {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Territory, Malformed> {
        let message = || format!("`{}` is not a country or region", text.escape_debug());
        match Region::named(text) {
            Some(region) if region.as_str() == text => Ok(Territory::Region(region)),
            Some(region) => Err(Malformed::new(message(), format!("write `{}`", region.as_str()))),
            None => match text.parse::<CountryCode>() {
                Ok(code) => Ok(Territory::Country(code)),
                Err(Malformed { help, .. }) if help.starts_with("write ") => Err(Malformed::new(message(), help)),
                Err(_) => Err(Malformed::new(
                    message(),
                    "use an ISO 3166-1 alpha-2 code, such as DE, IE or US, or one of EU, EEA and GLOBAL",
                )),
            },
        }
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

text_newtype!(Territory, archived, {
    "type": "string",
    "pattern": "^([A-Z]{2}|EEA|GLOBAL)$",
    "description": "Country or territory as an ISO 3166-1 alpha-2 code, or a region: `EU`, `EEA` or `GLOBAL`."
});

#[cfg(test)]
mod tests {
    use super::{Region, Territory};
    use crate::model::CountryCode;

    fn territory(code: &str) -> Territory {
        code.parse().unwrap_or_else(|error| panic!("{code}: {error}"))
    }

    #[test]
    fn regions_cover_their_members() {
        for (outer, inner, covers) in [
            ("EU", "DE", true),
            ("EU", "GF", true),
            ("EU", "NO", false),
            ("EEA", "NO", true),
            ("EEA", "EU", true),
            ("EU", "EEA", false),
            ("GLOBAL", "EEA", true),
            ("GLOBAL", "US", true),
            ("GLOBAL", "GLOBAL", true),
            ("EEA", "GLOBAL", false),
            ("EEA", "CH", false),
            ("DE", "EU", false),
            ("DE", "DE", true),
        ] {
            assert_eq!(territory(outer).covers(&territory(inner)), covers, "{outer} covers {inner}");
        }
        assert_eq!(Region::Eu.countries().map(|all| all.len()), Some(34));
        assert_eq!(Region::Eea.countries().map(|all| all.len()), Some(37));
    }

    #[test]
    fn suggests_the_code_of_a_region_and_refuses_it_as_a_country() {
        for (wrong, right) in [("eu", "EU"), ("European Union", "EU"), ("Worldwide", "GLOBAL"), ("UK", "GB")] {
            let error = wrong.parse::<Territory>().expect_err("not a code");
            assert_eq!(error.help, format!("write `{right}`"));
        }
        for region in ["EU", "EEA", "GLOBAL", "Europe", "Worldwide"] {
            assert!(region.parse::<CountryCode>().is_err(), "{region}");
        }
        let error = "EU".parse::<CountryCode>().expect_err("not a country");
        assert!(error.message.contains("is a region"), "{error}");
    }
}
