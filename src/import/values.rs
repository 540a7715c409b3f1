//! Parses the text of cells into values of the model, with simple rules.

use super::cell::Cell;
use super::countries::country;
use crate::model::{Condition, CountryCode, Date, Role, TransferMechanism, WebUrl, When};
use crate::text::one_line;

/// A parsed value, and the text that could not be parsed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read<T> {
    /// The parsed value.
    pub value: T,
    /// Text that could not be parsed.
    pub rest: Vec<String>,
    /// Notes about completed or normalized values.
    pub notes: Vec<String>,
}

impl<T: Default> Read<T> {
    fn nothing(cell: &Cell) -> Read<T> {
        Read { value: T::default(), rest: vec![cell.text()], notes: Vec::new() }
    }

    fn all(value: T) -> Read<T> {
        Read { value, rest: Vec::new(), notes: Vec::new() }
    }
}

/// Parses a list. If the cell has several lines, list items or semicolons, these separate the entries; otherwise commas
/// outside of brackets do. An "and" before the last entry is removed.
pub fn entries(cell: &Cell) -> Read<Vec<String>> {
    let by_line = cell.lines.len() > 1 || cell.lines.iter().any(|line| line.contains(';'));
    let parts: Vec<String> = match by_line {
        true => cell.lines.iter().flat_map(|line| line.split(';')).map(without_bullet).collect(),
        false => cell.lines.iter().flat_map(|line| outside_brackets(line)).map(|part| without_bullet(&part)).collect(),
    };
    let count = parts.len();
    let mut read = Read::all(Vec::new());
    for (at, part) in parts.into_iter().enumerate() {
        let last = at > 0 && at + 1 == count && !by_line;
        let part = part.strip_prefix("and ").filter(|_| last).map_or(part.clone(), str::to_owned);
        if part.is_empty() {
            continue;
        }
        if read.value.contains(&part) {
            read.notes.push(format!("`{part}` appears twice and is imported once"));
        } else {
            read.value.push(part);
        }
    }
    read
}

/// Removes a bullet from the beginning of an entry.
fn without_bullet(part: &str) -> String {
    one_line(part.trim().trim_start_matches(['•', '·', '‣', '▪']).trim_start_matches("- ").trim_end_matches(','))
}

/// Splits a line at commas outside of brackets.
fn outside_brackets(line: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for character in line.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(part) if character != ',' || depth > 0 => part.push(character),
            _ => parts.push(String::new()),
        }
    }
    parts
}

/// Parses countries: the whole cell if it is a country, otherwise its parts, separated by lines, semicolons, commas, slashes,
/// `&` and "and". Text in parentheses after a country is not imported.
pub fn countries(cell: &Cell) -> Read<Vec<CountryCode>> {
    let mut read = Read::all(Vec::new());
    for line in cell.lines.iter().flat_map(|line| line.split(';')) {
        take_countries(&without_bullet(line), &[",", "/", " & ", " and ", "|", "+"], &mut read);
    }
    read
}

fn take_countries(text: &str, separators: &[&str], read: &mut Read<Vec<CountryCode>>) {
    if text.trim().is_empty() {
        return;
    }
    if let Some(code) = country(text) {
        return add_country(code, read);
    }
    if let Some((before, inside)) = bracketed(text)
        && let Some(code) = country(before)
    {
        if country(inside).as_ref() != Some(&code) {
            read.rest.push(format!("({inside})"));
        }
        return add_country(code, read);
    }
    match separators {
        [separator, rest @ ..] => {
            // Commas in brackets do not separate countries.
            let parts: Vec<String> = match *separator {
                "," => outside_brackets(text),
                separator => text.split(separator).map(str::to_owned).collect(),
            };
            for part in parts {
                take_countries(&one_line(&part), rest, read);
            }
        }
        [] => read.rest.push(text.trim().strip_prefix("and ").unwrap_or(text.trim()).to_owned()),
    }
}

fn add_country(code: CountryCode, read: &mut Read<Vec<CountryCode>>) {
    if !read.value.contains(&code) {
        read.value.push(code);
    }
}

/// Splits `Germany (Frankfurt)` into the text before the parentheses and the text inside.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (before, inside) = text.trim().strip_suffix(')')?.split_once('(')?;
    Some((before.trim(), inside.trim()))
}

/// Parses a condition: "when", "if" or "only if" before a feature that "is enabled" or "is configured", or a feature after
/// "only with". "Always" means no condition.
pub fn condition(cell: &Cell) -> Read<Option<Condition>> {
    let text = cell.text();
    let text = text.trim_end_matches('.');
    let lower = text.to_lowercase();
    // Lowercase text may have a different length in bytes; in that case, offsets do not match and the cell is not parsed.
    if matches!(lower.as_str(), "always" | "yes" | "all customers" | "required" | "mandatory" | "none" | "core") {
        return Read::all(None);
    }
    if !text.is_ascii() && lower.len() != text.len() {
        return Read::nothing(cell);
    }
    if let Some(feature) = lower.strip_prefix("only with ").map(|rest| text[text.len() - rest.len()..].trim())
        && !feature.is_empty()
    {
        return Read::all(Some(Condition { when: When::Enabled, feature: feature.to_owned() }));
    }
    let start = ["only when ", "only if ", "when ", "if ", "where "].iter().find(|start| lower.starts_with(**start));
    let begin = start.map_or(0, |start| start.len());
    for (word, when) in [
        ("enabled", When::Enabled),
        ("switched on", When::Enabled),
        ("turned on", When::Enabled),
        ("configured", When::Configured),
        ("set up", When::Configured),
    ] {
        let Some(before) = lower.strip_suffix(word) else { continue };
        let before = before.trim_end();
        let end = [" is", " are"].iter().find_map(|verb| before.strip_suffix(verb)).unwrap_or(before).trim_end().len();
        if let Some(feature) = text.get(begin..end).map(str::trim).filter(|feature| !feature.is_empty()) {
            return Read::all(Some(Condition { when, feature: feature.to_owned() }));
        }
    }
    Read::nothing(cell)
}

/// Parses the relation to the organization.
pub fn role(cell: &Cell) -> Read<Option<Role>> {
    let text = cell.text().to_lowercase().replace('-', " ");
    let role = match text.as_str() {
        "third party" | "external" | "third party subprocessor" | "third party provider" | "vendor" => Role::ThirdParty,
        "affiliate" | "group company" | "affiliated company" | "subsidiary" | "internal" | "intra group" => {
            Role::Affiliate
        }
        _ => return Read::nothing(cell),
    };
    Read::all(Some(role))
}

/// Parses a transfer mechanism. The cell must contain exactly one.
pub fn mechanism(cell: &Cell) -> Read<Option<TransferMechanism>> {
    let text = format!(" {} ", super::fields::plain(&cell.text()));
    let named = |words: &[&str]| words.iter().any(|word| text.contains(&format!(" {word} ")));
    let mut found = Vec::new();
    for (words, mechanism) in [
        (&["scc", "sccs", "standard contractual clauses", "model clauses"][..], TransferMechanism::Scc),
        (&["dpf", "data privacy framework"], TransferMechanism::Dpf),
        (&["adequacy", "adequacy decision"], TransferMechanism::Adequacy),
        (&["bcr", "bcrs", "binding corporate rules"], TransferMechanism::Bcr),
        (&["derogation", "derogations"], TransferMechanism::Derogation),
    ] {
        if named(words) {
            found.push(mechanism);
        }
    }
    match found.as_slice() {
        [one] => Read::all(Some(one.clone())),
        _ if matches!(text.trim(), "none" | "not applicable" | "not required") => Read::all(None),
        _ => Read::nothing(cell),
    }
}

/// Parses a web address: the only link in the cell, or else the text, completed with `https://` if it is a host name.
pub fn url(cell: &Cell) -> Read<Option<WebUrl>> {
    let text = cell.text();
    let mut links = cell.links.clone();
    links.dedup();
    if let [link] = links.as_slice()
        && let Ok(url) = link.trim().parse()
    {
        return Read::all(Some(url));
    }
    if let Ok(url) = text.parse() {
        return Read::all(Some(url));
    }
    let host = text.split('/').next().unwrap_or_default();
    if host.contains('.')
        && !text.contains(['@', ':', ' '])
        && let Ok(url) = format!("https://{text}").parse()
    {
        return Read { notes: vec![format!("added `https://` to `{text}`")], ..Read::all(Some(url)) };
    }
    Read::nothing(cell)
}

/// Parses a date, written year-month-day or with an English month name. `03/04/2025` is ambiguous and is not parsed.
pub fn date(cell: &Cell) -> Read<Option<Date>> {
    let text = cell.text();
    if let Ok(date) = text.parse() {
        return Read::all(Some(date));
    }
    let words: Vec<&str> = text.split([' ', ',', '-', '.']).filter(|word| !word.is_empty()).collect();
    let (day, month, year) = match words.as_slice() {
        [day, month, year] if month.starts_with(char::is_alphabetic) => (*day, *month, *year),
        [month, day, year] if month.starts_with(char::is_alphabetic) => (*day, *month, *year),
        _ => return Read::nothing(cell),
    };
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let short = month.to_lowercase();
    let number = MONTHS.iter().position(|name| short.get(..3) == Some(*name)).map_or(0, |at| at + 1);
    let number = i8::try_from(number).unwrap_or_default();
    let date = match (year.len(), year.parse(), day.parse()) {
        (4, Ok(year), Ok(day)) => Date::new(year, number, day),
        _ => None,
    };
    match date {
        Some(date) => Read { notes: vec![format!("converted `{text}` to `{date}`")], ..Read::all(Some(date)) },
        None => Read::nothing(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell::new(text, None)
    }

    #[test]
    fn splits_lists_at_lines_or_semicolons_before_commas() {
        let list = |text| entries(&cell(text)).value;
        assert_eq!(list("Name, e-mail address, and logs"), ["Name", "e-mail address", "logs"]);
        assert_eq!(list("Name and address; Usage data, logs"), ["Name and address", "Usage data, logs"]);
        assert_eq!(list("• Contact data (name, e-mail)\n• Logs"), ["Contact data (name, e-mail)", "Logs"]);
        assert_eq!(list("Contact data (name, e-mail), Logs"), ["Contact data (name, e-mail)", "Logs"]);
        assert_eq!(list("and more"), ["and more"]);
        let twice = entries(&cell("Logs, Logs"));
        assert_eq!((twice.value.len(), twice.notes.len()), (1, 1));
    }

    #[test]
    fn parses_countries_and_returns_the_rest() {
        let read = |text| {
            let read = countries(&cell(text));
            (read.value.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), read.rest)
        };
        assert_eq!(read("Germany, Ireland and the United States"), ("DE IE US".to_owned(), vec![]));
        assert_eq!(read("Bosnia and Herzegovina"), ("BA".to_owned(), vec![]));
        assert_eq!(read("US/Canada\nNO; no"), ("US CA NO".to_owned(), vec![]));
        assert_eq!(read("Germany (Frankfurt), EU"), ("DE".to_owned(), vec!["(Frankfurt)".to_owned(), "EU".to_owned()]));
        assert_eq!(read("Germany (DE)"), ("DE".to_owned(), vec![]));
    }

    #[test]
    fn parses_conditions() {
        let read = |text| condition(&cell(text));
        let value = read("Only if SendGrid is configured.").value.expect("a condition");
        assert_eq!((value.when, value.feature.as_str()), (When::Configured, "SendGrid"));
        let value = read("AI features enabled").value.expect("a condition");
        assert_eq!((value.when, value.feature.as_str()), (When::Enabled, "AI features"));
        let value = read("Only with Mail notifications").value.expect("a condition");
        assert_eq!((value.when, value.feature.as_str()), (When::Enabled, "Mail notifications"));
        assert_eq!(read("Always"), Read::all(None));
        assert_eq!(read("Enterprise plans").rest, ["Enterprise plans"]);
        assert_eq!(read("enabled").rest, ["enabled"]);
    }

    #[test]
    fn parses_only_unambiguous_dates() {
        for text in ["2025-03-04", "4 March 2025", "March 4, 2025", "4th Mar 2025", "04-Mar-2025"] {
            assert_eq!(date(&cell(text)).value.map(|date| date.to_string()).as_deref(), Some("2025-03-04"), "{text}");
        }
        for text in ["03/04/2025", "Q1 2025", "30 February 2025", "soon"] {
            assert_eq!(date(&cell(text)).rest, [text]);
        }
    }

    #[test]
    fn rejects_several_mechanisms() {
        assert_eq!(mechanism(&cell("EU SCCs (Module 3)")).value, Some(TransferMechanism::Scc));
        assert_eq!(mechanism(&cell("DPF, SCC")).rest, ["DPF, SCC"]);
        assert_eq!(mechanism(&cell("Not applicable")), Read::all(None));
    }
}
