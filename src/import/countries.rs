//! Converts country names to ISO 3166-1 codes.

use crate::model::CountryCode;

/// Names other than the ISO short names, normalized by [`reduced`].
const OTHER_NAMES: &[(&str, &str)] = &[
    ("usa", "US"),
    ("us", "US"),
    ("united states of america", "US"),
    ("america", "US"),
    ("uk", "GB"),
    ("great britain", "GB"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("wales", "GB"),
    ("northern ireland", "GB"),
    ("republic of ireland", "IE"),
    ("holland", "NL"),
    ("the netherlands", "NL"),
    ("czech republic", "CZ"),
    ("deutschland", "DE"),
    ("österreich", "AT"),
    ("schweiz", "CH"),
    ("south korea", "KR"),
    ("republic of korea", "KR"),
    ("korea", "KR"),
    ("russia", "RU"),
    ("taiwan", "TW"),
    ("turkey", "TR"),
    ("türkiye", "TR"),
    ("vietnam", "VN"),
    ("viet nam", "VN"),
    ("hong kong", "HK"),
    ("hong kong sar", "HK"),
    ("uae", "AE"),
    ("macedonia", "MK"),
    ("ivory coast", "CI"),
];

/// Returns the country with this name or code.
pub fn country(text: &str) -> Option<CountryCode> {
    let wanted = reduced(text);
    let (code, _) = (wanted.len() == 2)
        .then(|| CountryCode::all().find(|(code, _)| code.as_str().eq_ignore_ascii_case(&wanted)))
        .flatten()
        .or_else(|| CountryCode::all().find(|(_, name)| reduced(name) == wanted))
        .or_else(|| {
            let (_, other) = OTHER_NAMES.iter().find(|(name, _)| *name == wanted)?;
            CountryCode::all().find(|(code, _)| code.as_str() == *other)
        })?;
    Some(code)
}

/// Normalizes a name: lowercase, without dots and "the", with straight apostrophes.
fn reduced(name: &str) -> String {
    let name = name.trim().replace('.', "").replace('’', "'").to_lowercase();
    name.strip_prefix("the ").map(str::to_owned).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{OTHER_NAMES, country};

    #[test]
    fn recognizes_names_and_codes_but_not_regions() {
        for (text, code) in [
            ("Germany", "DE"),
            ("U.S.A.", "US"),
            ("the United States", "US"),
            ("The Netherlands", "NL"),
            ("UK", "GB"),
            ("ie", "IE"),
            ("Côte d'Ivoire", "CI"),
            ("Bosnia and Herzegovina", "BA"),
        ] {
            assert_eq!(country(text).map(|code| code.to_string()).as_deref(), Some(code), "{text}");
        }
        for text in ["EU", "EEA", "Global", "Frankfurt", "us-east-1", ""] {
            assert_eq!(country(text), None, "{text}");
        }
        for (name, _) in OTHER_NAMES.iter().filter(|(name, _)| !name.starts_with("the ")) {
            assert!(country(name).is_some(), "{name}");
        }
    }
}
