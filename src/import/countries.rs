//! Converts names of countries and regions to codes, in the spellings that published lists use.

use super::fields::unaccented;
use crate::model::{CountryCode, Region, Territory};

/// Names other than the ISO short names, separated by `|` and normalized by [`reduced`]: other English names, codes with three
/// letters, and names in German, French and Spanish.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("AE", "uae|are|vereinigte arabische emirate|emirats arabes unis|emiratos arabes unidos"),
    ("AR", "arg|argentinien|argentine"),
    ("AT", "aut|osterreich|autriche"),
    ("AU", "aus|australien|australie"),
    ("BA", "bih|bosnia|bosnia & herzegovina|bosnien und herzegowina|bosnien|bosnie-herzegovine|bosnia y herzegovina"),
    ("BE", "bel|belgien|belgique|belgica"),
    ("BG", "bgr|bulgarien|bulgarie"),
    ("BR", "bra|brasilien|bresil|brasil"),
    ("CA", "can|kanada"),
    ("CD", "democratic republic of the congo|democratic republic of congo|congo, democratic republic of the|drc"),
    ("CH", "che|schweiz|suisse|suiza|swiss confederation"),
    ("CI", "ivory coast|elfenbeinkuste"),
    ("CL", "chl|chili"),
    ("CN", "chn|people's republic of china|prc|mainland china|chine"),
    ("CO", "col|kolumbien|colombie"),
    ("CY", "cyp|zypern|chypre|chipre"),
    ("CZ", "cze|czech republic|tschechien|tschechische republik|tchequie|republique tcheque|chequia|republica checa"),
    ("DE", "deu|ger|deutschland|allemagne|alemania|federal republic of germany"),
    ("DK", "dnk|danemark|dinamarca"),
    ("EE", "est|estland|estonie"),
    ("EG", "egy|agypten|egypte|egipto"),
    ("ES", "esp|spanien|espagne|espana"),
    ("FI", "fin|finnland|finlande|finlandia"),
    ("FR", "fra|frankreich|francia"),
    (
        "GB",
        "gbr|uk|great britain|england|scotland|wales|northern ireland|united kingdom of great britain and northern ireland|vereinigtes konigreich|grossbritannien|royaume-uni|royaume uni|reino unido|angleterre|inglaterra|britain",
    ),
    ("GR", "grc|el|griechenland|grece|grecia|hellas"),
    ("HK", "hkg|hong kong|hong kong sar|hong kong sar china|hongkong"),
    ("HR", "hrv|kroatien|croatie|croacia"),
    ("HU", "hun|ungarn|hongrie|hungria"),
    ("IE", "irl|republic of ireland|irland|irlande|irlanda|eire"),
    ("IL", "isr"),
    ("IN", "ind|indien|inde"),
    ("IR", "iran, islamic republic of|islamic republic of iran"),
    ("IS", "isl|island|islande|islandia"),
    ("IT", "ita|italien|italie|italia"),
    ("JP", "jpn|japon"),
    ("KP", "north korea|nordkorea|coree du nord|corea del norte|democratic people's republic of korea"),
    ("KR", "kor|south korea|republic of korea|korea, republic of|korea (south)|sudkorea|coree du sud|corea del sur"),
    ("LI", "lie"),
    ("LT", "ltu|litauen|lituanie|lituania"),
    ("LU", "lux|luxemburg|luxemburgo"),
    ("LV", "lva|lettland|lettonie|letonia"),
    ("MA", "mar|marokko|maroc|marruecos"),
    ("MD", "republic of moldova|moldova, republic of|moldawien|moldavie|moldavia"),
    ("MK", "mkd|macedonia|republic of north macedonia|nordmazedonien|macedoine du nord|macedonia del norte"),
    ("MT", "mlt|malte"),
    ("MX", "mex|mexiko|mexique"),
    ("MY", "mys"),
    ("NL", "nld|holland|niederlande|pays-bas|paises bajos"),
    ("NO", "nor|norwegen|norvege|noruega"),
    ("NZ", "nzl|neuseeland|nouvelle-zelande|nueva zelanda"),
    ("PH", "phl|philippinen|filipinas"),
    ("PL", "pol|polen|pologne|polonia"),
    ("PT", "prt"),
    ("RO", "rou|rumanien|roumanie|rumania"),
    ("RS", "srb|serbien|serbie"),
    ("RU", "rus|russia|russian federation|russland|russie|rusia"),
    ("SA", "sau|saudi-arabien|arabie saoudite|arabia saudita|kingdom of saudi arabia|ksa"),
    ("SE", "swe|schweden|suede|suecia"),
    ("SG", "sgp|singapur|singapour"),
    ("SI", "svn|slowenien|slovenie|eslovenia"),
    ("SK", "svk|slovak republic|slowakei|slovaquie|eslovaquia"),
    ("TH", "tha"),
    ("TN", "tun|tunesien|tunisie|tunez"),
    ("TR", "tur|turkey|turkiye|turkei|turquie|turquia"),
    ("TW", "twn|taiwan|taiwan, province of china|republic of china"),
    ("TZ", "tanzania, united republic of|united republic of tanzania"),
    ("UA", "ukr"),
    (
        "US",
        "usa|us|united states of america|america|vereinigte staaten|vereinigte staaten von amerika|etats-unis|etats-unis d'amerique|estados unidos|estados unidos de america|eeuu|ee uu",
    ),
    ("VE", "venezuela, bolivarian republic of"),
    ("VN", "vnm|vietnam|viet nam"),
    ("ZA", "zaf|rsa|sudafrika|afrique du sud|sudafrica"),
];

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

/// The states of the US and provinces of Canada and Australia, by abbreviation. Many are also codes of countries.
const STATES: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "PR", "AB", "BC", "MB", "NB", "NL",
    "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT", "SA", "TAS", "VIC", "NSW", "QLD", "ACT",
];

/// Names of states of the US, normalized by [`reduced`].
const STATE_NAMES: &[&str] = &[
    "alabama",
    "alaska",
    "arizona",
    "arkansas",
    "california",
    "colorado",
    "connecticut",
    "delaware",
    "florida",
    "georgia",
    "hawaii",
    "idaho",
    "illinois",
    "indiana",
    "iowa",
    "kansas",
    "kentucky",
    "louisiana",
    "maine",
    "maryland",
    "massachusetts",
    "michigan",
    "minnesota",
    "mississippi",
    "missouri",
    "montana",
    "nebraska",
    "nevada",
    "new hampshire",
    "new jersey",
    "new mexico",
    "new york",
    "north carolina",
    "north dakota",
    "ohio",
    "oklahoma",
    "oregon",
    "pennsylvania",
    "rhode island",
    "south carolina",
    "south dakota",
    "tennessee",
    "texas",
    "utah",
    "vermont",
    "virginia",
    "washington",
    "west virginia",
    "wisconsin",
    "wyoming",
    "northern virginia",
    "n virginia",
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
    let named = country(&wanted);
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
    let by_name = CountryCode::all().find(|(_, name)| reduced(name) == wanted).map(|(code, _)| code);
    by_name.or_else(|| {
        let (code, _) = OTHER_NAMES.iter().find(|(_, names)| named(names, wanted))?;
        code.parse().ok()
    })
}

fn named(names: &str, wanted: &str) -> bool {
    names.split('|').any(|name| name == wanted)
}

/// Whether text is the abbreviation of a state or province, which is no code of a country after a place.
pub fn is_state_code(text: &str) -> bool {
    STATES.contains(&text.trim().trim_end_matches('.').to_uppercase().as_str())
}

/// Whether text is the name of a state of the US.
pub fn is_state_name(text: &str) -> bool {
    STATE_NAMES.contains(&reduced(text).as_str())
}

/// Whether text consists of two letters, as a code does.
pub fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Normalizes a name: lowercase without accents, dots and "the", with straight apostrophes.
fn reduced(name: &str) -> String {
    let name: String = name.trim().chars().filter(|c| *c != '.').flat_map(char::to_lowercase).map(unaccented).collect();
    let name = name.replace('’', "'").replace('ß', "ss");
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
    use super::{OTHER_NAMES, REGIONS, territory};

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
    fn other_names_are_normalized_and_unique() {
        let mut known = std::collections::BTreeSet::new();
        let names = OTHER_NAMES.iter().map(|(_, names)| *names).chain(REGIONS.iter().map(|(_, names)| *names));
        for name in names.flat_map(|names| names.split('|')) {
            assert!(known.insert(name), "{name} appears twice");
            assert!(territory(name).is_some(), "{name}");
        }
        for (code, names) in OTHER_NAMES {
            for name in names.split('|') {
                assert_eq!(territory(name).map(|found| found.to_string()).as_deref(), Some(*code), "{name}");
            }
        }
    }
}
