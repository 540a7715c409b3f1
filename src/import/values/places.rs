//! Parses locations: countries and regions, each perhaps with a place in it.
//!
//! A cell is read completely or not at all. `Dublin, Ireland` is Ireland with the place Dublin, but `Frankfurt` alone names no
//! country, and `Germany, Frankfurt, USA` can be read in two ways. A text next to a country is a place only if it is known to be one
//! in that country, or if it is between a state and its country: anything else may be a misspelled country, a denial or a condition.

use std::borrow::Cow;

use super::{Read, without_bullet};
use crate::import::cell::Cell;
use crate::import::countries::{
    is_code, is_known_place, is_place_in, is_state_code, is_state_of, is_us_state_code, is_us_state_name, territory,
};
use crate::model::{CountryCode, Location, Region, Territory};
use crate::text::one_line;

/// Words that no city has in its name, and that limit, deny or describe a location.
const NOT_CITIES: &[&str] = &[
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
    "hq",
    "headquarters",
    "via",
    "with",
    "not",
    "no",
    "non",
    "never",
    "outside",
    "under",
    "failover",
    "fallback",
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
    "data",
    "remote",
    "office",
    "offices",
    "team",
    "rest",
    "other",
    "others",
    "all",
    "various",
    "multiple",
    "request",
    "us",
    "usa",
    "eu",
    "eea",
    "europe",
    "asia",
    "africa",
    "america",
];

/// What the other cells of a column say about codes with two letters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodeMeaning {
    /// Whether a cell is the code of a state of the US that no country has, such as `NY`: then `CA` is not a country either.
    pub are_states: bool,
    /// Whether another cell is the code of a country, so that `NO` is Norway and not a denial.
    pub has_countries: bool,
}

impl CodeMeaning {
    /// Reads the cells of a column.
    pub fn of<'a>(cells: impl Iterator<Item = &'a Cell>) -> CodeMeaning {
        let mut meaning = CodeMeaning::default();
        for line in cells.flat_map(|cell| &cell.lines) {
            let answer = line.trim().to_lowercase();
            if matches!(answer.as_str(), "yes" | "y" | "ja" | "oui" | "si" | "sí" | "true") {
                return CodeMeaning { has_countries: false, ..meaning };
            }
            let codes = codes(line);
            // `NY, NJ` are states, so `CA, NY` are not a country and a state.
            if codes.iter().any(|code| territory(code).is_none() && is_us_state_code(code)) {
                meaning.are_states = true;
            } else {
                meaning.has_countries |= codes.iter().any(|code| *code != "NO" && territory(code).is_some());
            }
        }
        meaning
    }

    /// A code is always that of a country, because the user states it.
    pub fn certain() -> CodeMeaning {
        CodeMeaning { are_states: false, has_countries: true }
    }

    /// Whether a whole cell can mean something else than countries.
    fn is_ambiguous(self, text: &str) -> bool {
        let is_answer = text.eq_ignore_ascii_case("no") && !self.has_countries;
        let codes = codes(text);
        is_answer || (self.are_states && !codes.is_empty() && codes.iter().all(|code| is_us_state_code(code)))
    }
}

/// Returns the codes with two capital letters that a line consists of; none if it has anything else.
fn codes(line: &str) -> Vec<&str> {
    let codes: Vec<&str> =
        line.split([',', '/', ';', '&', '|', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_capital = |code: &&str| is_code(code) && code.bytes().all(|b| b.is_ascii_uppercase());
    if codes.iter().all(is_capital) { codes } else { Vec::new() }
}

/// Parses the locations of a cell. Lines and semicolons separate segments, in which commas, slashes, `&` and "and" separate
/// countries. Nothing is split inside brackets.
pub fn locations(cell: &Cell, meaning: CodeMeaning) -> Read<Vec<Location>> {
    let mut read = Vec::new();
    if let [line] = cell.lines.as_slice()
        && meaning.is_ambiguous(line.trim())
    {
        return Read::nothing(cell);
    }
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
pub fn country(cell: &Cell, meaning: CodeMeaning) -> Read<Option<CountryCode>> {
    match locations(cell, meaning).value.as_slice() {
        [Location { code: Territory::Country(code), place: None, condition: None }] => Read::all(Some(code.clone())),
        _ => Read::nothing(cell),
    }
}

/// Explains why a cell that names places is not read, if there is a usual reason.
pub fn help(cell: &Cell, country_only: bool, meaning: CodeMeaning) -> Cow<'static, str> {
    let text = cell.text();
    let parts: Vec<Part> = split(&text, SEPARATORS);
    let named = |wanted: &str| parts.iter().any(|part| part.text.trim().eq_ignore_ascii_case(wanted));
    let readable = locations(cell, meaning).value;
    let help = match readable.as_slice() {
        [Location { code: Territory::Country(code), .. }] if country_only => {
            return format!("write only the country, such as `{code}`: this field has no place").into();
        }
        [_, ..] if country_only => "write one country",
        _ if text.eq_ignore_ascii_case("no") => {
            "write `Norway` if it is the country; leave the cell empty if it means no"
        }
        _ if meaning.is_ambiguous(&text) => "the column has states of the US: add the name of the country",
        _ if named("Georgia") => "Georgia is a country and a state of the US: write the code `GE`, or `Georgia, USA`",
        _ if parts.len() > 1 && parts.iter().any(|part| is_code(part.text.trim()) && is_state_code(&part.text)) => {
            "two letters after a place are a state of the US or the code of a country: write the name of the country"
        }
        _ if country_only => "write one country, without a city",
        _ => {
            "write countries, `EU`, `EEA` or `Worldwide`, and a known city before its country (`Dublin, Ireland`) or in brackets after it"
        }
    };
    help.into()
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
    /// A text, with whether a comma is before it.
    Unknown(String, bool),
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
    // `US, CA` is a country and its state, or two countries.
    if let [country, state] = parts.as_slice()
        && codes_only
        && state.separator == ","
        && segment == segment.to_uppercase()
        && (is_us(&country.text) && is_us_state_code(&state.text)
            || is_us(&state.text) && is_us_state_code(&country.text))
    {
        return None;
    }
    let mut words: Vec<Word> = Vec::with_capacity(parts.len());
    let mut at = 0;
    while at < parts.len() {
        // Some names contain separators: `Bosnia and Herzegovina`, `Korea, Republic of`.
        let (length, word) = (1..=3.min(parts.len() - at))
            .rev()
            .find_map(|length| Some((length, known(&joined(&parts[at..at + length]))?)))
            .map_or_else(|| (1, unknown(&parts[at])), |(length, location)| (length, Word::Known(location)));
        let text = &parts[at].text;
        let is_code = length == 1 && is_code(text);
        // Short words such as `in` and `it` are codes only among codes; `No` denies.
        let is_word =
            is_code && text.chars().any(char::is_lowercase) && (!codes_only || text.eq_ignore_ascii_case("no"));
        let next = parts.get(at + length).and_then(|part| territory(&part.text));
        let word = match word {
            _ if is_word => unknown(&parts[at]),
            // `England, UK`: a part of its country.
            Word::Known(location)
                if length == 1 && next.as_ref().is_some_and(|next| is_part(text, &location, next)) =>
            {
                unknown(&parts[at])
            }
            word if is_code && !codes_only && is_state_code(text) => in_context(&parts[at], word, words.last())?,
            word => word,
        };
        words.push(word);
        at += length;
    }
    arranged(words)
}

fn unknown(part: &Part) -> Word {
    Word::Unknown(part.text.clone(), part.separator == ",")
}

/// Whether a name that means a country is that of a part of it, which is next.
fn is_part(text: &str, location: &Location, next: &Territory) -> bool {
    location.code == *next && !is_code(text) && is_place_in(text, next)
}

fn is_us(text: &str) -> bool {
    territory(text).is_some_and(|code| code.as_str() == "US")
}

/// Returns what two letters mean that are a country and a state: after a city, the country if the city is known to be in it, or
/// else the state. Returns `None` if they can be both.
fn in_context(part: &Part, word: Word, before: Option<&Word>) -> Option<Word> {
    let text = part.text.as_str();
    match before {
        Some(Word::Unknown(city, _)) => match word {
            // `CA` is California and Canada.
            Word::Known(location) if text != "CA" && is_place_in(city, &location.code) => Some(Word::Known(location)),
            _ => Some(unknown(part)),
        },
        Some(Word::Known(location)) => {
            let country = match &location.code {
                Territory::Country(code) => is_state_of(text, code),
                Territory::Region(_) => false,
            };
            (!country && !is_us_state_code(text)).then_some(word)
        }
        None if is_us_state_code(text) => None,
        None => Some(word),
    }
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
    let unknown = words.iter().filter(|word| matches!(word, Word::Unknown(..))).count();
    if unknown == 0 {
        let known = |word| if let Word::Known(location) = word { Some(location) } else { None };
        return Some(words.into_iter().filter_map(known).collect());
    }
    let mut locations = Vec::new();
    let mut place: Vec<(String, bool)> = Vec::new();
    for word in words {
        match word {
            Word::Unknown(text, after_comma) => place.push((text, after_comma)),
            // The next place may belong to a country before it.
            Word::Known(location) if place.is_empty() && location.is_plain() => return None,
            Word::Known(location) if place.is_empty() => locations.push(location),
            Word::Known(mut location) => {
                let fits = match (place.as_slice(), &location.code) {
                    (_, Territory::Region(Region::Global)) => false,
                    ([(one, _)], code) => is_place_in(one, code),
                    // The state may be a city of the same name (`New York`), so a city of another country is not in it.
                    ([(city, _), (state, true)], Territory::Country(code)) => {
                        let is_clear = !is_known_place(city) || !is_city_too(state);
                        is_state_of(state, code) && (is_place_in(city, &location.code) || (is_city(city) && is_clear))
                    }
                    _ => false,
                };
                if !fits || location.place.is_some() {
                    return None;
                }
                let names: Vec<String> = place.drain(..).map(|(text, _)| text).collect();
                location.place = Some(names.join(", "));
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
        // `EU (Ireland)` names the country within the region, and `Ireland (EU)` the region around the country.
        (Some(outer), Some(inner)) if outer.covers(&inner) && !is_global(&outer) => {
            Some(Location { place: Some(inside.to_owned()), ..outer.into() })
        }
        (Some(outer), Some(inner)) if inner.covers(&outer) && !is_global(&inner) => Some(outer.into()),
        (Some(_), Some(_)) => None,
        (Some(outer), None) => {
            are_places(inside, &outer).then(|| Location { place: Some(inside.to_owned()), ..outer.into() })
        }
        (None, Some(code)) => {
            is_place_in(before, &code).then(|| Location { place: Some(before.to_owned()), ..code.into() })
        }
        (None, None) => None,
    }
    .filter(|location| location.place.is_none() || !is_global(&location.code))
}

fn is_global(code: &Territory) -> bool {
    matches!(code, Territory::Region(Region::Global))
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

/// Whether each entry of a bracket is a place in a country or region: a known city or state, a country of the region, or the name
/// of a data center region, such as `eu-west-1`.
fn are_places(text: &str, outer: &Territory) -> bool {
    let parts = split(text, &[",", "/", "&", ";", " and "]);
    parts.iter().all(|part| {
        let part = part.text.trim();
        let inner = territory(part).filter(|_| !is_code(part));
        match inner {
            Some(inner) => outer.covers(&inner) && *outer != inner,
            None => is_place_in(part, outer) || is_data_center(part, outer),
        }
    })
}

/// Whether text is the name of a data center region that does not contradict the country: `us-east-1`, `europe-west4`.
fn is_data_center(text: &str, outer: &Territory) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let words =
        parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if parts.len() < 2 || !words || !text.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    match parts[0] {
        "us" => outer.as_str() == "US",
        "eu" | "europe" => outer.in_eea() || matches!(outer.as_str(), "GB" | "CH"),
        _ => !matches!(outer, Territory::Region(_)),
    }
}

/// Whether the name of a state is also that of a city.
fn is_city_too(state: &str) -> bool {
    is_known_place(state) || ["new york", "washington"].contains(&state.to_lowercase().as_str())
}

/// Whether text between a state and its country can be a city: up to four capitalized words.
fn is_city(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '-', '.']).filter(|word| !word.is_empty()).collect();
    let is_word = |word: &&str| NOT_CITIES.contains(&word.to_lowercase().as_str());
    !words.is_empty()
        && words.len() <= 4
        && text.chars().count() <= 40
        && text.chars().all(|c| c.is_alphabetic() || " -'’.".contains(c))
        && text.starts_with(char::is_uppercase)
        && !words.iter().any(is_word)
        && territory(text).is_none()
        && !is_us_state_name(text)
}

#[cfg(test)]
mod tests {
    use super::{CodeMeaning, country, locations};
    use crate::import::cell::Cell;

    /// Returns the locations of a cell, such as `DE:Frankfurt IE`; empty if it is not read.
    fn read(text: &str) -> String {
        let read = locations(&Cell::new(text, None), CodeMeaning { has_countries: true, are_states: false });
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
            ("US/Canada\nNO; Norway", "US CA NO"),
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
            ("Athens, GA, USA", "US:Athens, GA"),
            ("Dublin, Ohio, USA", "US:Dublin, Ohio"),
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
            "London, New York, USA",
            "London & New York, USA",
            "Paris, Washington, USA",
            "Dublin, Hamburg, Germany",
            "Milan, Madrid, Spain",
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
        let read =
            |text: &str| country(&Cell::new(text, None), CodeMeaning::default()).value.map(|code| code.to_string());
        assert_eq!(read("Germany").as_deref(), Some("DE"));
        for text in ["EU", "Germany, France", "Boston, MA, USA", "Georgia", "San Francisco, CA"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
