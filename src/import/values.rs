//! Parses the text of cells into values of the model, with simple rules.

mod conditions;
mod dates;
mod denials;
mod mechanisms;
mod places;

pub use self::conditions::{ConditionColumn, condition};
pub use self::dates::{DateOrder, date, proven_order};
pub use self::denials::{denies, is_denial};
pub use self::mechanisms::mechanisms;
pub use self::places::{CodeMeaning, country, help as help_for_places, locations};

use std::sync::Arc;

use super::cell::Cell;
use crate::diagnostic::Source;
use crate::load;
use crate::model::{Id, Role, Subprocessor, WebUrl};
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
/// do. Nothing is split inside brackets. An "and" before the last entry is removed. An entry that denies something is left out.
pub fn entries(cell: &Cell) -> Read<Vec<String>> {
    let text = cell.lines.join("\n");
    let by_line = outside_brackets(&text, &['\n', ';']);
    let by_comma = by_line.len() == 1;
    let parts = if by_comma { outside_brackets(&text, &[',']) } else { by_line };
    let count = parts.len();
    let mut read = Read::all(Vec::new());
    for (at, part) in parts.iter().enumerate() {
        let part = without_bullet(part);
        let last = at > 0 && at + 1 == count && by_comma;
        let part = part.strip_prefix("and ").filter(|_| last).map_or(part.clone(), str::to_owned);
        if part.is_empty() {
            continue;
        }
        if denies(&part) {
            return Read::nothing(cell);
        }
        // `Names, logs, ...`: the list goes on.
        if part.chars().all(|c| matches!(c, '.' | '…'))
            && let Some(last) = read.value.last_mut()
        {
            *last = format!("{last}, {part}");
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

/// Parses a list of names of companies, in which a comma before a legal form separates nothing: `Gama, Inc.`.
pub fn names(cell: &Cell) -> Read<Vec<String>> {
    let mut read = entries(cell);
    let mut names: Vec<String> = Vec::with_capacity(read.value.len());
    for name in std::mem::take(&mut read.value) {
        let form = name.split(' ').all(is_legal_form);
        match names.last_mut() {
            Some(last) if form => *last = format!("{last}, {name}"),
            _ => names.push(name),
        }
    }
    read.value = names;
    read
}

/// Parses a name, which may continue on the next line: `Alfa` above `Web Services` or `(formerly Alpha)`. The lines below a complete
/// name are the rest.
pub fn name(cell: &Cell) -> Read<String> {
    let mut read = Read::<String>::default();
    let ends_in_form = |text: &str| text.rsplit(' ').next().is_some_and(is_legal_form);
    for (at, line) in cell.lines.iter().enumerate() {
        let complete = ends_in_form(&read.value);
        match () {
            () if at == 0 => read.value.clone_from(line),
            () if !read.rest.is_empty() => read.rest.push(line.clone()),
            () if line.starts_with('(') || read.value.ends_with([',', '&', '-', '/']) => {
                read.value = format!("{} {line}", read.value)
            }
            // Two companies.
            () if complete && ends_in_form(line) && line.contains(' ') => {
                read.value = format!("{}, {line}", read.value)
            }
            () if (complete && !is_form_only(line)) || is_address(&cell.lines[at..].join(", ")) => {
                read.rest.push(line.clone())
            }
            () => read.value = format!("{} {line}", read.value),
        }
    }
    read
}

/// Splits `Muster GmbH, Musterstr. 1, 10115 Berlin` at the first comma before an address.
pub fn name_and_address(line: &str) -> Read<String> {
    let split = line.match_indices(", ").find(|(at, _)| {
        let rest = &line[at + 2..];
        is_address(rest) && !rest.split([' ', ',']).next().is_some_and(is_legal_form)
    });
    match split {
        Some((at, _)) => {
            Read { value: line[..at].to_owned(), rest: vec![line[at + 2..].to_owned()], notes: Vec::new() }
        }
        None => Read::all(line.to_owned()),
    }
}

fn is_form_only(line: &str) -> bool {
    line.split(' ').all(is_legal_form)
}

/// Whether a text has the number of a house or a postal code, as addresses do.
pub fn is_address(text: &str) -> bool {
    const STREETS: &[&str] = &[
        "street",
        "st",
        "avenue",
        "ave",
        "road",
        "rd",
        "lane",
        "boulevard",
        "blvd",
        "drive",
        "square",
        "floor",
        "suite",
        "*strasse",
        "*str",
        "*weg",
        "*platz",
        "*allee",
        "*gasse",
        "rue",
        "quai",
        "calle",
        "via",
        "plaza",
        "*straat",
        "*laan",
        "*gatan",
    ];
    let plain = super::fields::latin(text);
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let street = words.iter().any(|word| STREETS.iter().any(|street| super::words::fits(word, street)));
    let postal =
        words.iter().any(|word| word.len() >= 4 && word.bytes().all(|b| b.is_ascii_digit())) && words.len() > 1;
    postal || (street && words.iter().any(number))
}

/// Whether a word is the legal form of a company.
pub fn is_legal_form(word: &str) -> bool {
    let plain = super::fields::plain(&word.replace('.', ""));
    LEGAL_FORMS.contains(&plain.as_str())
}

/// Words of company names that do not distinguish companies.
const LEGAL_FORMS: &[&str] = &[
    "inc",
    "incorporated",
    "llc",
    "ltd",
    "limited",
    "gmbh",
    "ag",
    "sa",
    "sas",
    "sarl",
    "bv",
    "nv",
    "ab",
    "oy",
    "as",
    "aps",
    "plc",
    "corp",
    "corporation",
    "co",
    "company",
    "kg",
    "se",
    "srl",
    "spa",
    "sl",
    "pty",
    "pbc",
    "lp",
    "llp",
    "the",
    "pte",
    "ug",
    "ohg",
];

/// Removes a bullet from the beginning of an entry.
fn without_bullet(part: &str) -> String {
    let bullet = ['•', '·', '‣', '▪', '●', '○', '◦'];
    one_line(
        part.trim().trim_start_matches(bullet).trim_start_matches("- ").trim_start_matches("* ").trim_end_matches(','),
    )
}

/// Splits text at separators outside of brackets. If the brackets are not balanced, they are text.
fn outside_brackets(text: &str, separators: &[char]) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 0 => return text.split(separators).map(str::to_owned).collect(),
            ')' | ']' => depth -= 1,
            _ => {}
        }
        match parts.last_mut() {
            Some(part) if !separators.contains(&character) || depth > 0 || is_in_number(text, at) => {
                part.push(character)
            }
            _ => parts.push(String::new()),
        }
    }
    if depth > 0 { text.split(separators).map(str::to_owned).collect() } else { parts }
}

/// Whether the comma at a position is a part of a number: `1,000`.
fn is_in_number(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let digits = after.strip_prefix(',').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    digits == 3 && before.ends_with(|c: char| c.is_ascii_digit())
}

/// Answers to whether a subprocessor has access to data, which name no data, normalized by [`plain`](super::fields::plain).
const ANSWERS: &[&str] = &[
    "yes",
    "no",
    "y",
    "n",
    "x",
    "true",
    "false",
    "ja",
    "nein",
    "j",
    "oui",
    "non",
    "o",
    "si",
    "s",
    "limited",
    "possible",
    "possibly",
    "potentially",
    "maybe",
    "partial",
    "partially",
    "partly",
    "some",
    "optional",
    "indirect",
    "indirectly",
    "incidental",
    "full",
    "read only",
    "begrenzt",
    "teilweise",
    "moglich",
    "limite",
    "limitee",
    "partiel",
    "limitado",
    "limitada",
    "parcial",
];

/// Parses categories of data. `Yes`, `✓`, `Limited` or `EU only` answers a question, and
/// `See Alfa` refers to another cell: they are not categories.
pub fn data_categories(cell: &Cell) -> Read<Vec<String>> {
    let text = cell.text();
    let words = super::fields::plain(&text);
    let first = words.split(' ').next().unwrap_or_default();
    let is_place = text.len() > 2 && super::countries::territory(&text).is_some();
    let is_answer = is_place || ANSWERS.contains(&words.as_str()) || matches!(first, "yes" | "ja" | "oui" | "si");
    let is_reference = matches!(first, "see" | "siehe" | "voir" | "vease" | "refer");
    match is_answer || is_reference || words.is_empty() {
        true => Read::nothing(cell),
        false => entries(cell),
    }
}

/// Parses the relation to the organization.
pub fn role(cell: &Cell) -> Read<Option<Role>> {
    let text = super::fields::plain(&cell.text());
    let text = text.strip_suffix(" subprocessor").or_else(|| text.strip_suffix(" sub processor")).unwrap_or(&text);
    let role = match text {
        "third party"
        | "external"
        | "third party provider"
        | "third party vendor"
        | "vendor"
        | "dritter"
        | "tiers"
        | "tercero" => Role::ThirdParty,
        "affiliate"
        | "affiliates"
        | "affiliated"
        | "group company"
        | "group entity"
        | "affiliated company"
        | "affiliated entity"
        | "subsidiary"
        | "internal"
        | "intra group"
        | "konzernunternehmen"
        | "verbundenes unternehmen"
        | "tochtergesellschaft"
        | "filiale"
        | "filial" => Role::Affiliate,
        "recipient" | "controller" | "independent controller" | "empfanger" | "destinataire" | "destinatario" => {
            Role::Recipient
        }
        _ => return Read::nothing(cell),
    };
    Read::all(Some(role))
}

/// Parses a Legal Entity Identifier.
pub fn lei(cell: &Cell) -> Read<Option<String>> {
    identifier(cell, |item, text| item.lei = Some(text))
}

/// Parses a European Unique Identifier.
pub fn euid(cell: &Cell) -> Read<Option<String>> {
    identifier(cell, |item, text| item.euid = Some(text))
}

/// Parses an identifier that the loader accepts.
fn identifier(cell: &Cell, set: impl Fn(&mut Subprocessor, String)) -> Read<Option<String>> {
    let Some(id) = Id::from_name("subprocessor") else { return Read::nothing(cell) };
    let mut item = Subprocessor::new(id, "Name".to_owned(), "Purpose".to_owned());
    set(&mut item, cell.text());
    let written = Source::new("", super::to_yaml(&[Arc::new(item)], ""));
    match load::subprocessors(&written).1.is_empty() {
        true => Read::all(Some(cell.text())),
        false => Read::nothing(cell),
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
        assert_eq!(list("Contact (name; e-mail), Logs"), ["Contact (name; e-mail)", "Logs"]);
        assert_eq!(list("IP address, 1,000 events, 1, 2"), ["IP address", "1,000 events", "1", "2"]);
        assert_eq!(list("Contact (name,\ne-mail)\nLogs"), ["Contact (name, e-mail)", "Logs"]);
        assert_eq!(list(":), a, b"), [":)", "a", "b"]);
        let name = |text| {
            let read = name(&cell(text));
            (read.value, read.rest.join("|"))
        };
        for (text, named, rest) in [
            ("Alfa\nWeb Services", "Alfa Web Services", ""),
            ("Beta\n(Gamma)", "Beta (Gamma)", ""),
            ("Beta Corporation,\nincluding Cloud", "Beta Corporation, including Cloud", ""),
            ("Alfa GmbH\nMusterstraße 1\n10115 Berlin", "Alfa GmbH", "Musterstraße 1|10115 Berlin"),
            ("Alfa\n1 Main Street\nSpringfield", "Alfa", "1 Main Street|Springfield"),
            ("Alfa Inc.\nSan Francisco", "Alfa Inc.", "San Francisco"),
            ("Alfa Inc.\nBeta Ltd", "Alfa Inc., Beta Ltd", ""),
            ("Alfa Cloud\nGmbH", "Alfa Cloud GmbH", ""),
        ] {
            assert_eq!(name(text), (named.to_owned(), rest.to_owned()), "{text}");
        }
        let twice = entries(&cell("Logs, Logs"));
        assert_eq!((twice.value.len(), twice.notes.len()), (1, 1));
        assert_eq!(names(&cell("Gama, Inc., Alfa Ltd, Co. KG")).value, ["Gama, Inc.", "Alfa Ltd, Co. KG"]);
        for text in ["Logs, no names", "Names; not stored", "keine Namen", "Logs, except passwords"] {
            assert_eq!(entries(&cell(text)).rest, [text], "{text}");
        }
    }
}
