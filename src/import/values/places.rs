//! Parses locations: countries and regions, each perhaps with a place in it.
//!
//! A cell is read completely or not at all. `Dublin, Ireland` is Ireland with the place Dublin, but `Frankfurt` alone names no
//! country, and `Germany, Frankfurt, USA` can be read in two ways.

use super::{Read, without_bullet};
use crate::import::cell::Cell;
use crate::import::countries::{is_code, is_state_code, is_state_name, territory};
use crate::model::{CountryCode, Location, Region, Territory};
use crate::text::one_line;

/// Words of a bracket that is more than a place.
const NOT_PLACES: &[&str] = &[
    "only",
    "if",
    "when",
    "unless",
    "except",
    "excluding",
    "primary",
    "backup",
    "support",
    "optional",
    "default",
    "secondary",
    "for",
    "or",
    "and",
    "scc",
    "sccs",
    "dpf",
    "bcr",
    "adequacy",
    "hq",
    "headquarters",
    "headquarter",
    "via",
    "with",
    "not",
    "no",
    "under",
    "failover",
    "customer",
    "customers",
    "depending",
    "formerly",
    "from",
    "until",
    "since",
    "processing",
    "storage",
    "hosting",
    "access",
    "planned",
    "pending",
    "dr",
    "data",
];

/// Parses the locations of a cell. Lines and semicolons separate segments, in which commas, slashes, `&` and "and" separate
/// countries. Nothing is split inside brackets.
pub fn locations(cell: &Cell) -> Read<Vec<Location>> {
    let mut read = Vec::new();
    for line in &cell.lines {
        for segment in split(line, &[";", "|", "•"]) {
            let segment = without_bullet(&segment.text);
            if segment.is_empty() {
                continue;
            }
            let Some(found) = segment_locations(&segment) else { return Read::nothing(cell) };
            read.extend(found);
        }
    }
    let mut locations: Vec<Location> = Vec::with_capacity(read.len());
    for location in read {
        if !locations.contains(&location) {
            locations.push(location);
        }
    }
    match locations.is_empty() {
        true => Read::nothing(cell),
        false => Read::all(locations),
    }
}

/// Parses a cell that names exactly one country and no place.
pub fn country(cell: &Cell) -> Read<Option<CountryCode>> {
    match locations(cell).value.as_slice() {
        [Location { code: Territory::Country(code), place: None, condition: None }] => Read::all(Some(code.clone())),
        _ => Read::nothing(cell),
    }
}

/// Explains why a cell that names places is not read, if there is a usual reason.
pub fn help(cell: &Cell, country_only: bool) -> &'static str {
    let text = cell.text();
    let parts: Vec<Part> = split(&text, SEPARATORS);
    let named = |wanted: &str| parts.iter().any(|part| part.text.trim().eq_ignore_ascii_case(wanted));
    match () {
        () if named("Georgia") => "Georgia is a country and a state of the US: write the code `GE`, or `US`",
        () if parts.len() > 1 && parts.iter().any(|part| is_code(part.text.trim()) && is_state_code(&part.text)) => {
            "two letters after a place are a state of the US or the code of a country: add the name of the country"
        }
        () if country_only => "write one country, without a city",
        () => {
            "write countries, `EU`, `EEA` or `Worldwide`, and a place before its country (`Dublin, Ireland`) or in brackets after it"
        }
    }
}

const SEPARATORS: &[&str] = &[",", "/", "&", "+", " and ", " und ", " et ", " y "];

/// A part of a segment, with the separator before it.
struct Part {
    separator: &'static str,
    text: String,
}

/// Splits text at separators outside of brackets.
fn split(text: &str, separators: &'static [&'static str]) -> Vec<Part> {
    let mut parts = vec![Part { separator: "", text: String::new() }];
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let found = separators.iter().find(|separator| depth == 0 && rest.starts_with(**separator));
        if let Some(separator) = found {
            parts.push(Part { separator, text: String::new() });
            rest = &rest[separator.len()..];
            // "A, and B": one separator.
            continue;
        }
        if let Some(part) = parts.last_mut() {
            part.text.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    parts
}

/// What a part of a segment is.
enum Word {
    Known(Location),
    Unknown(String),
}

fn segment_locations(segment: &str) -> Option<Vec<Location>> {
    let parts: Vec<Part> = split(segment, SEPARATORS)
        .into_iter()
        .map(|part| {
            let text = one_line(&part.text);
            let text =
                ["and ", "und ", "et "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text).to_owned();
            Part { text, ..part }
        })
        .filter(|part| !part.text.is_empty())
        .collect();
    let codes_only = parts.iter().all(|part| is_code(&part.text));
    let mut words = Vec::with_capacity(parts.len());
    let mut at = 0;
    while at < parts.len() {
        // Some names contain separators: `Bosnia and Herzegovina`, `Korea, Republic of`.
        let (length, word) = (1..=3.min(parts.len() - at))
            .rev()
            .find_map(|length| Some((length, known(&joined(&parts[at..at + length]))?)))
            .map_or((1, Word::Unknown(parts[at].text.clone())), |(length, location)| (length, Word::Known(location)));
        // Short words such as `in` and `it` are codes only among codes.
        let text = &parts[at].text;
        let lower = length == 1 && is_code(text) && text.chars().any(char::is_lowercase) && !codes_only;
        words.push(if lower { Word::Unknown(text.clone()) } else { word });
        // Two letters after a place are a state, not a country.
        if length == 1
            && is_code(text)
            && is_state_code(text)
            && let [.., Word::Unknown(_), last] = words.as_mut_slice()
        {
            *last = Word::Unknown(text.clone());
        }
        at += length;
    }
    // `MA, USA` is a state and its country, or two countries.
    let state = |pair: &[Part]| {
        let country = territory(&pair[1].text).is_some_and(|code| code.as_str() == "US");
        country && is_code(&pair[0].text) && is_state_code(&pair[0].text)
    };
    if !codes_only && parts.len() < 3 && parts.windows(2).any(state) {
        return None;
    }
    arranged(words)
}

fn joined(parts: &[Part]) -> String {
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            text.push_str(match part.separator {
                "," => ", ",
                "&" => " & ",
                other => other,
            });
        }
        text.push_str(&part.text);
    }
    text
}

/// Combines places with the countries that follow them. Returns `None` if a place has no country, or could have two.
fn arranged(words: Vec<Word>) -> Option<Vec<Location>> {
    let unknown = words.iter().filter(|word| matches!(word, Word::Unknown(_))).count();
    if unknown == 0 {
        let known = |word| if let Word::Known(location) = word { Some(location) } else { None };
        return Some(words.into_iter().filter_map(known).collect());
    }
    let mut locations = Vec::new();
    let mut place: Vec<String> = Vec::new();
    for word in words {
        match word {
            Word::Unknown(text) => {
                if !is_place(&text) {
                    return None;
                }
                place.push(text);
            }
            // The next place may belong to a country before it.
            Word::Known(location) if place.is_empty() && location.is_plain() => return None,
            Word::Known(location) if place.is_empty() => locations.push(location),
            Word::Known(mut location) => {
                let us = location.code.as_str() == "US";
                let fits = match place.as_slice() {
                    [one] => us || !is_state_name(one),
                    [_, state] => is_state_code(state) || (us && is_state_name(state)),
                    _ => false,
                };
                if !fits || location.place.is_some() || matches!(location.code, Territory::Region(Region::Global)) {
                    return None;
                }
                location.place = Some(place.join(", "));
                place.clear();
                locations.push(location);
            }
        }
    }
    place.is_empty().then_some(locations)
}

/// Reads a country or region, perhaps with a place in brackets or after a dash.
fn known(text: &str) -> Option<Location> {
    if let Some(code) = territory(text) {
        return Some(code.into());
    }
    let (before, inside) = bracketed(text).or_else(|| dashed(text))?;
    match (territory(before), territory(inside)) {
        (Some(outer), Some(inner)) if outer == inner => Some(outer.into()),
        (Some(code), inner) => {
            // `EU (Ireland)` names the country within the region.
            let place = inner.is_some_and(|inner| code.covers(&inner)) || is_places(inside);
            place.then(|| Location { place: Some(inside.to_owned()), ..code.into() })
        }
        (None, Some(code)) if is_place(before) && !matches!(code, Territory::Region(Region::Global)) => {
            Some(Location { place: Some(before.to_owned()), ..code.into() })
        }
        (None, _) => None,
    }
}

/// Splits `Germany (Frankfurt)` into the text before the brackets and the text inside.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (before, inside) = match text.strip_suffix(')') {
        Some(text) => text.split_once('(')?,
        None => text.strip_suffix(']')?.split_once('[')?,
    };
    (!inside.contains(['(', ')', '[', ']'])).then_some((before.trim(), inside.trim()))
}

/// Splits `Germany - Frankfurt` or `Germany: Frankfurt`.
fn dashed(text: &str) -> Option<(&str, &str)> {
    let (before, after) = [" - ", " – ", " — ", ": "].iter().find_map(|dash| text.split_once(dash))?;
    Some((before.trim(), after.trim()))
}

/// Whether each entry of a bracket can be a place.
fn is_places(text: &str) -> bool {
    text.split([',', '/', '&', ';']).all(|part| is_place(part.trim()))
}

/// Whether text can be the name of a place: a few capitalized words, or the name of a data center region (`eu-west-1`).
fn is_place(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '-', '.']).filter(|word| !word.is_empty()).collect();
    let known_word = |word: &&str| NOT_PLACES.contains(&word.to_lowercase().as_str());
    let region = text.bytes().any(|b| b.is_ascii_digit()) && text.contains('-') && !text.contains(' ');
    let capitalized = words.first().is_some_and(|word| word.starts_with(|c: char| c.is_uppercase() || !c.is_ascii()));
    !words.is_empty()
        && words.len() <= 4
        && text.chars().count() <= 40
        && text.chars().all(|c| c.is_alphanumeric() || " -'’.".contains(c))
        && !words.iter().any(known_word)
        && (region || capitalized)
        && !CONTINENTS.contains(&text.to_lowercase().as_str())
}

/// Names of regions without a code: a place before a country is never one of them.
const CONTINENTS: &[&str] = &[
    "europe",
    "asia",
    "africa",
    "america",
    "americas",
    "north america",
    "south america",
    "latin america",
    "emea",
    "apac",
    "latam",
    "asia pacific",
    "asia-pacific",
    "oceania",
    "middle east",
    "nordics",
    "benelux",
    "dach",
    "europa",
    "amer",
    "various",
    "multiple",
    "other",
    "others",
    "unknown",
    "remote",
    "eu",
    "eea",
    "global",
    "international",
    "scandinavia",
    "baltics",
];

#[cfg(test)]
mod tests {
    use super::{country, locations};
    use crate::import::cell::Cell;

    /// Returns the locations of a cell, such as `DE:Frankfurt IE`; empty if it is not read.
    fn read(text: &str) -> String {
        let read = locations(&Cell::new(text, None));
        assert_eq!(read.value.is_empty(), !read.rest.is_empty(), "{text}: a cell is read completely or not at all");
        let shown = read.value.iter().map(|location| match &location.place {
            Some(place) => format!("{}:{place}", location.code),
            None => location.code.to_string(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn reads_countries_regions_and_places() {
        for (text, expected) in [
            ("Germany, Ireland and the United States", "DE IE US"),
            ("Bosnia and Herzegovina", "BA"),
            ("Trinidad and Tobago, Korea, Republic of", "TT KR"),
            ("US/Canada\nNO; no", "US CA NO"),
            ("Germany (DE)", "DE"),
            ("Germany (Frankfurt), EU", "DE:Frankfurt EU"),
            ("US, EEA", "US EEA"),
            ("United States, European Economic Area", "US EEA"),
            ("EU/EEA & UK", "EU EEA GB"),
            ("European Union (EU)", "EU"),
            ("Dublin, Ireland", "IE:Dublin"),
            ("Dublin, Ireland; Frankfurt, Germany", "IE:Dublin DE:Frankfurt"),
            ("Dublin, Ireland, Frankfurt, Germany", "IE:Dublin DE:Frankfurt"),
            ("Boston, MA, USA", "US:Boston, MA"),
            ("California, USA", "US:California"),
            ("USA (Virginia, Oregon)", "US:Virginia, Oregon"),
            ("USA - Virginia", "US:Virginia"),
            ("Frankfurt (Germany)", "DE:Frankfurt"),
            ("EU (Ireland)", "EU:Ireland"),
            ("EU (eu-west-1)", "EU:eu-west-1"),
            ("Worldwide", "GLOBAL"),
            ("🇩🇪 Germany", "DE"),
            ("de, us", "DE US"),
            ("DE / US / IN", "DE US IN"),
            ("London, UK", "GB:London"),
            ("• Germany\n• France", "DE FR"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn reads_nothing_of_a_cell_that_says_more() {
        for text in [
            "Frankfurt",
            "Georgia",
            "San Francisco, CA",
            "Wilmington, DE",
            "Chicago, IL",
            "Oregon, Ireland",
            "Germany, Frankfurt, USA",
            "Germany, Frankfurt",
            "US, Europe",
            "Europe, Germany",
            "US or EU",
            "US (for support only)",
            "EU (except Germany)",
            "outside the EU",
            "not in the US",
            "US (Primary)",
            "MA, USA",
            "EMEA",
            "Germany (Frankfurt",
            "US, in some cases",
            "AWS us-east-1",
        ] {
            assert_eq!(read(text), "", "{text}");
        }
    }

    #[test]
    fn corporate_location_is_one_country() {
        let read = |text: &str| country(&Cell::new(text, None)).value.map(|code| code.to_string());
        assert_eq!(read("Germany").as_deref(), Some("DE"));
        for text in ["EU", "Germany, France", "Boston, MA, USA", "Georgia", "San Francisco, CA"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
