//! Converts names of countries and regions to codes, in the spellings that published lists use.

mod names;
mod places;

use std::collections::HashMap;
use std::sync::LazyLock;

use self::names::NAMES;
use self::places::{OTHER_STATES, PLACES, US_STATES};
use super::fields::unaccented;
use crate::model::{CountryCode, Region, Territory};

const REGIONS: &[(Region, &str)] = &[
    (
        Region::Eu,
        "eu|european union|europaische union|ue|union europeenne|union europea|eu-27|eu27|eu member states|member states of the eu|eu countries",
    ),
    (
        Region::Eea,
        "eea|european economic area|ewr|europaischer wirtschaftsraum|eee|espace economique europeen|espacio economico europeo|eea countries|eea member states",
    ),
    (
        Region::Global,
        "global|globally|worldwide|world|weltweit|monde entier|mundial|todo el mundo|world-wide|all countries",
    ),
];

/// Returns the country or region with this name or code. `Georgia` is also a state of the US, so it is none.
pub fn territory(text: &str) -> Option<Territory> {
    let text = without_flag(text);
    let wanted = reduced(&text);
    if wanted == "georgia" || wanted == "korea" {
        return None;
    }
    if let Some(found) = flag(&text) {
        return Some(found);
    }
    if let Some(region) = REGIONS.iter().find(|(_, names)| named(names, &wanted)).map(|(region, _)| *region) {
        return Some(region.into());
    }
    // Codes with three letters are also words, such as `and` and `are`.
    let by_code = || {
        let letters = text.trim().replace('.', "");
        let (code, ..) = NAMES.iter().find(|(_, three, _)| !three.is_empty() && *three == letters)?;
        code.parse::<CountryCode>().ok()
    };
    let named = country(&wanted).or_else(by_code);
    let bare =
        || ARTICLES.iter().find_map(|article| country(wanted.strip_prefix(article).filter(|name| name.len() > 2)?));
    named.or_else(bare).map(Territory::from)
}

/// Articles before the names of countries, in German, French and Spanish. Some names begin with one, such as El Salvador.
const ARTICLES: [&str; 8] = ["die ", "der ", "la ", "le ", "les ", "l'", "los ", "el "];

/// Returns the country with a normalized name or code.
fn country(wanted: &str) -> Option<CountryCode> {
    if wanted.len() == 2
        && let Some((code, _)) = CountryCode::all().find(|(code, _)| code.as_str().eq_ignore_ascii_case(wanted))
    {
        return Some(code);
    }
    BY_NAME.get(wanted).cloned()
}

/// The countries by their normalized names.
static BY_NAME: LazyLock<HashMap<String, CountryCode>> = LazyLock::new(|| {
    let standard = CountryCode::all().map(|(code, name)| (reduced(name), code));
    let others = NAMES.iter().filter_map(|(code, _, names)| Some((code.parse::<CountryCode>().ok()?, *names)));
    let others = others.flat_map(|(code, names)| names.split('|').map(move |name| (name.to_owned(), code.clone())));
    let mut countries = HashMap::new();
    for (name, code) in standard.chain(others).filter(|(name, _)| !name.is_empty()) {
        countries.entry(name).or_insert(code);
    }
    countries
});

fn named(names: &str, wanted: &str) -> bool {
    !wanted.is_empty() && names.split('|').any(|name| name == wanted)
}

/// Whether text is the abbreviation of a state of the US.
pub fn is_us_state_code(text: &str) -> bool {
    let wanted = text.trim().trim_end_matches('.').to_uppercase();
    !wanted.is_empty() && US_STATES.iter().any(|(code, _)| *code == wanted)
}

/// Whether text is the abbreviation of a state or province, which is no code of a country after a place.
pub fn is_state_code(text: &str) -> bool {
    let wanted = text.trim().trim_end_matches('.').to_uppercase();
    is_us_state_code(text) || OTHER_STATES.iter().any(|(_, codes)| codes.contains(&wanted.as_str()))
}

/// Whether text is the name of a state of the US.
pub fn is_us_state_name(text: &str) -> bool {
    let wanted = reduced(text);
    US_STATES.iter().any(|(_, name)| *name == wanted)
}

/// Whether text is a state, province or region of a country, by its name or its abbreviation.
pub fn is_state_of(text: &str, country: &CountryCode) -> bool {
    let wanted = text.trim().trim_end_matches('.');
    match country.as_str() {
        "US" => is_us_state_code(wanted) || is_us_state_name(wanted),
        code => {
            let states = OTHER_STATES.iter().find(|(country, _)| *country == code);
            states.is_some_and(|(_, codes)| codes.contains(&wanted)) || is_place_in(text, &country.clone().into())
        }
    }
}

/// Whether text is the name of a known place in a country or region.
pub fn is_place_in(text: &str, territory: &Territory) -> bool {
    let wanted = reduced(text);
    let fits = |code: &str| code.parse().is_ok_and(|code: CountryCode| territory.covers(&Territory::from(code)));
    PLACES.iter().any(|(code, places)| named(places, &wanted) && fits(code)) || (is_us_state_name(text) && fits("US"))
}

/// Whether text is the name of a known place in any country.
pub fn is_known_place(text: &str) -> bool {
    let wanted = reduced(text);
    PLACES.iter().any(|(_, places)| named(places, &wanted))
}

/// Whether text consists of two letters, as a code does.
pub fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Normalizes a name: lowercase without accents, dots and "the", with straight apostrophes.
pub(super) fn reduced(name: &str) -> String {
    let name: String = name.trim().chars().filter(|c| *c != '.').flat_map(char::to_lowercase).map(unaccented).collect();
    let name = name.replace('’', "'").replace('ß', "ss").replace('æ', "ae").replace('œ', "oe");
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.strip_suffix(" only").unwrap_or(&name);
    name.strip_prefix("the ").unwrap_or(name).to_owned()
}

/// Removes the flag before a name, unless there is no name.
fn without_flag(text: &str) -> String {
    let name: String = text.chars().filter(|c| indicator(*c).is_none()).collect();
    if name.trim().is_empty() { text.trim().to_owned() } else { name.trim().to_owned() }
}

/// Returns the country of a flag: two regional indicator symbols.
fn flag(text: &str) -> Option<Territory> {
    let letters: Option<String> = text.trim().chars().map(indicator).collect();
    let letters = letters.filter(|letters| letters.len() == 2)?;
    letters.parse::<CountryCode>().ok().map(Territory::from)
}

fn indicator(c: char) -> Option<char> {
    let offset = u32::from(c).checked_sub(0x1F1E6).filter(|offset| *offset < 26)?;
    char::from_u32(u32::from('A') + offset)
}

#[cfg(test)]
mod tests {
    use super::{NAMES, PLACES, REGIONS, is_place_in, reduced, territory};
    use crate::model::{CountryCode, Territory};

    #[test]
    fn recognizes_names_and_codes() {
        for (text, code) in [
            ("Germany", "DE"),
            ("U.S.A.", "US"),
            ("the United States", "US"),
            ("The Netherlands", "NL"),
            ("UK", "GB"),
            ("ie", "IE"),
            ("Côte d'Ivoire", "CI"),
            ("Bosnia and Herzegovina", "BA"),
            ("Korea, Republic of", "KR"),
            ("Deutschland", "DE"),
            ("États-Unis", "US"),
            ("Países Bajos", "NL"),
            ("Österreich", "AT"),
            ("DEU", "DE"),
            ("🇩🇪 Germany", "DE"),
            ("🇫🇷", "FR"),
            ("EU", "EU"),
            ("European Economic Area", "EEA"),
            ("EWR", "EEA"),
            ("Worldwide", "GLOBAL"),
            ("Germany only", "DE"),
            ("die Schweiz", "CH"),
            ("la France", "FR"),
            ("les Pays-Bas", "NL"),
            ("l’Allemagne", "DE"),
            ("El Salvador", "SV"),
            ("La Réunion", "RE"),
        ] {
            assert_eq!(territory(text).map(|code| code.to_string()).as_deref(), Some(code), "{text}");
        }
        for text in
            ["Frankfurt", "us-east-1", "", "Georgia", "Europe", "EMEA", "APAC", "North America", "Asia", "Korea"]
        {
            assert_eq!(territory(text), None, "{text}");
        }
    }

    #[test]
    fn codes_with_three_letters_are_no_words() {
        for word in ["and", "can", "are", "est", "ben", "Per", "nor"] {
            assert_eq!(territory(word), None, "{word}");
        }
        assert_eq!(territory("CAN").map(|code| code.to_string()).as_deref(), Some("CA"));
    }

    #[test]
    fn other_names_are_normalized_and_unique() {
        let mut known = std::collections::BTreeSet::new();
        let others = NAMES.iter().map(|(.., names)| *names).filter(|names| !names.is_empty());
        let names = others.chain(REGIONS.iter().map(|(_, names)| *names));
        for name in names.flat_map(|names| names.split('|')) {
            assert!(known.insert(name), "{name} appears twice");
            assert_eq!(reduced(name), name);
            assert!(territory(name).is_some(), "{name}");
        }
        for (code, three, names) in NAMES {
            let all = names.split('|').chain([*three]).filter(|name| !name.is_empty());
            for name in all {
                assert_eq!(territory(name).map(|found| found.to_string()).as_deref(), Some(*code), "{name}");
            }
        }
    }

    #[test]
    fn every_country_has_names_in_four_languages() {
        for name in ["Kenia", "Katar", "Perú", "Méjico", "Nordirland", "Malasia", "Singapour", "Birmanie", "Swaziland"]
        {
            assert!(territory(name).is_some(), "{name}");
        }
        for (code, _) in CountryCode::all() {
            assert!(NAMES.iter().any(|(known, ..)| *known == code.as_str()), "{code}");
        }
    }

    #[test]
    fn places_are_normalized_and_no_countries() {
        for (code, places) in PLACES {
            let country: Territory = code.parse().expect("a code");
            for place in places.split('|') {
                assert_eq!(reduced(place), place);
                assert!(is_place_in(place, &country), "{place}");
                let other = territory(place).filter(|found| *found != country);
                assert_eq!(other, None, "{place} is a country");
            }
        }
        assert!(!is_place_in("Dublin", &"DE".parse().expect("a code")));
        assert!(is_place_in("Dublin", &"EU".parse().expect("a code")));
    }
}
