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
    for character in text.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' if depth == 0 => return text.split(separators).map(str::to_owned).collect(),
            ')' | ']' => depth -= 1,
            _ => {}
        }
        match parts.last_mut() {
            Some(part) if !separators.contains(&character) || depth > 0 => part.push(character),
            _ => parts.push(String::new()),
        }
    }
    if depth > 0 { text.split(separators).map(str::to_owned).collect() } else { parts }
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
        assert_eq!(list("Contact (name,\ne-mail)\nLogs"), ["Contact (name, e-mail)", "Logs"]);
        assert_eq!(list(":), a, b"), [":)", "a", "b"]);
        let twice = entries(&cell("Logs, Logs"));
        assert_eq!((twice.value.len(), twice.notes.len()), (1, 1));
        assert_eq!(names(&cell("Gama, Inc., Alfa Ltd, Co. KG")).value, ["Gama, Inc.", "Alfa Ltd, Co. KG"]);
        for text in ["Logs, no names", "Names; not stored", "keine Namen", "Logs, except passwords"] {
            assert_eq!(entries(&cell(text)).rest, [text], "{text}");
        }
    }
}
