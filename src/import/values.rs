//! Parses the text of cells into values of the model, with simple rules.

mod dates;
mod places;

pub use self::dates::{DateOrder, date, proven_order};
pub use self::places::{country, help as help_for_places, locations};

use std::sync::Arc;

use super::cell::Cell;
use crate::diagnostic::Source;
use crate::load;
use crate::model::{Condition, Id, Role, Subprocessor, Transfer, TransferMechanism, Transfers, WebUrl, When};
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
/// do. Nothing is split inside brackets. An "and" before the last entry is removed.
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
        return Read::all(Some(Condition::feature(When::Enabled, feature)));
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
            return Read::all(Some(Condition::feature(when, feature)));
        }
    }
    Read::nothing(cell)
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

/// Words that deny or limit what follows, in English, German, French and Spanish.
const DENIALS: &[&str] = &[
    "no",
    "not",
    "none",
    "without",
    "pending",
    "planned",
    "tbd",
    "if",
    "unless",
    "expired",
    "former",
    "formerly",
    "invalid",
    "withdrawn",
    "or",
    "except",
    "kein",
    "keine",
    "keiner",
    "nicht",
    "ohne",
    "geplant",
    "pas",
    "aucun",
    "aucune",
    "sans",
    "ni",
    "sin",
    "ninguno",
    "ninguna",
    "pendiente",
    "neither",
    "nor",
    "awaiting",
    "future",
    "previously",
    "lapsed",
    "t",
    "under",
    "review",
];

/// Words next to a transfer mechanism that do not change which one it is.
const FILLERS: &[&str] = &[
    "eu",
    "us",
    "the",
    "eea",
    "and",
    "und",
    "et",
    "y",
    "as",
    "well",
    "plus",
    "with",
    "certified",
    "certification",
    "framework",
    "self",
    "2021",
    "914",
    "decision",
    "commission",
    "european",
    "of",
    "participant",
    "active",
    "adequate",
    "country",
    "approved",
    "signed",
    "standard",
    "s",
    "e",
    "u",
    "based",
    "on",
    "in",
    "place",
    "executed",
];

/// The names of transfer mechanisms, longest first.
const MECHANISMS: &[(&str, TransferMechanism)] = &[
    ("standard contractual clauses", TransferMechanism::Scc),
    ("standard contractual clause", TransferMechanism::Scc),
    ("standardvertragsklauseln", TransferMechanism::Scc),
    ("clauses contractuelles types", TransferMechanism::Scc),
    ("clausulas contractuales tipo", TransferMechanism::Scc),
    ("model clauses", TransferMechanism::Scc),
    ("eu us data privacy framework", TransferMechanism::Dpf),
    ("data privacy framework", TransferMechanism::Dpf),
    ("binding corporate rules", TransferMechanism::Bcr),
    ("adequacy decision", TransferMechanism::Adequacy),
    ("angemessenheitsbeschluss", TransferMechanism::Adequacy),
    ("decision d adequation", TransferMechanism::Adequacy),
    ("decision de adecuacion", TransferMechanism::Adequacy),
    ("derogations", TransferMechanism::Derogation),
    ("derogation", TransferMechanism::Derogation),
    ("adequacy", TransferMechanism::Adequacy),
    ("sccs", TransferMechanism::Scc),
    ("scc", TransferMechanism::Scc),
    ("dpf", TransferMechanism::Dpf),
    ("bcrs", TransferMechanism::Bcr),
    ("bcr", TransferMechanism::Bcr),
];

/// Parses transfer mechanisms: one, or several that are listed. The cell must name nothing else: a denial, a choice or a limitation
/// would be lost. Countries in brackets after a mechanism are what it covers.
pub fn mechanisms(cell: &Cell) -> Read<Option<Transfers>> {
    let parts = outside_brackets(&cell.lines.join("\n"), &['\n', ';', ',', '/', '+', '&']);
    let mut transfers: Vec<Transfer> = Vec::new();
    for part in parts.iter().map(|part| without_bullet(part)).filter(|part| !part.is_empty()) {
        let Some(stated) = listed_mechanisms(&part) else { return Read::nothing(cell) };
        for transfer in stated {
            if !transfers.contains(&transfer) {
                transfers.push(transfer);
            }
        }
    }
    if transfers.is_empty() { Read::nothing(cell) } else { Read::all(Some(Transfers(transfers))) }
}

/// Returns the mechanisms that a part of a cell names, in its order; `None` if it says anything else.
fn listed_mechanisms(part: &str) -> Option<Vec<Transfer>> {
    let (named, to) = match part.strip_suffix(')').and_then(|part| part.rsplit_once('(')) {
        Some((named, inside)) => match places::locations(&Cell::new(inside, None)) {
            read if read.rest.is_empty() && read.value.iter().all(|location| location.is_plain()) => {
                (named, read.value.into_iter().map(|location| location.code).collect())
            }
            _ => (part, Vec::new()),
        },
        None => (part, Vec::new()),
    };
    let plain = super::fields::plain(named);
    if matches!(plain.as_str(), "not applicable" | "not required" | "none required") {
        return None;
    }
    let mut text = format!(" {plain} ");
    let mut found: Vec<(usize, TransferMechanism)> = Vec::new();
    for (name, mechanism) in MECHANISMS {
        let name = format!(" {name} ");
        while let Some(at) = text.find(&name) {
            // Spaces of the same length keep the positions of the others.
            text.replace_range(at..at + name.len(), &" ".repeat(name.len()));
            found.push((at, mechanism.clone()));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    let mut mechanisms: Vec<TransferMechanism> = Vec::new();
    for (_, mechanism) in found {
        if !mechanisms.contains(&mechanism) {
            mechanisms.push(mechanism);
        }
    }
    let mut rest = text.split_whitespace();
    let denied = rest.clone().any(|word| DENIALS.contains(&word));
    let only = !denied && rest.all(|word| FILLERS.contains(&word) || is_module(word));
    // Countries after several mechanisms could belong to the last one only.
    let is_clear = mechanisms.len() == 1 || to.is_empty();
    let transfer = |mechanism| Transfer { mechanism, to: to.clone(), note: None };
    (only && is_clear && !mechanisms.is_empty()).then(|| mechanisms.into_iter().map(transfer).collect())
}

/// Whether a word is part of the name of a module of the standard contractual clauses, such as `Module 2`.
fn is_module(word: &str) -> bool {
    matches!(
        word,
        "module" | "modules" | "modul" | "c2p" | "p2p" | "one" | "two" | "three" | "four" | "1" | "2" | "3" | "4"
    )
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
    use serde_json::json;

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
    }

    #[test]
    fn parses_conditions() {
        let read = |text| condition(&cell(text));
        let value = read("Only if SendGrid is configured.").value.expect("a condition");
        assert_eq!(value, Condition::feature(When::Configured, "SendGrid"));
        let value = read("AI features enabled").value.expect("a condition");
        assert_eq!(value, Condition::feature(When::Enabled, "AI features"));
        let value = read("Only with Mail notifications").value.expect("a condition");
        assert_eq!(value, Condition::feature(When::Enabled, "Mail notifications"));
        assert_eq!(read("Always"), Read::all(None));
        assert_eq!(read("Enterprise plans").rest, ["Enterprise plans"]);
        assert_eq!(read("enabled").rest, ["enabled"]);
    }

    #[test]
    fn reads_one_mechanism_or_a_list_of_them() {
        let read = |text: &str| serde_json::to_value(mechanisms(&cell(text)).value.expect(text)).expect("JSON");
        for (text, stated) in [
            ("EU SCCs (Module 3)", json!("scc")),
            ("EU-US Data Privacy Framework", json!("dpf")),
            ("Standardvertragsklauseln", json!("scc")),
            ("SCCs, SCC", json!("scc")),
            ("SCC und DPF", json!([{ "mechanism": "scc" }, { "mechanism": "dpf" }])),
            ("SCC and DPF", json!([{ "mechanism": "scc" }, { "mechanism": "dpf" }])),
            ("DPF, SCC", json!([{ "mechanism": "dpf" }, { "mechanism": "scc" }])),
            ("DPF / SCCs", json!([{ "mechanism": "dpf" }, { "mechanism": "scc" }])),
            ("• EU-US DPF\n• SCCs (Module 2)", json!([{ "mechanism": "dpf" }, { "mechanism": "scc" }])),
            ("DPF + SCC & BCRs", json!([{ "mechanism": "dpf" }, { "mechanism": "scc" }, { "mechanism": "bcr" }])),
            (
                "Data Privacy Framework and Standard Contractual Clauses",
                json!([{ "mechanism": "dpf" }, { "mechanism": "scc" }]),
            ),
            (
                "DPF (United States), Adequacy (UK, Japan)",
                json!([{ "mechanism": "dpf", "to": ["US"] }, { "mechanism": "adequacy", "to": ["GB", "JP"] }]),
            ),
            ("SCC (India)", json!([{ "mechanism": "scc", "to": ["IN"] }])),
        ] {
            assert_eq!(read(text), stated, "{text}");
        }
    }

    #[test]
    fn rejects_mechanisms_that_are_denied_limited_or_unknown() {
        for text in [
            "No SCCs",
            "SCCs not signed",
            "SCC pending",
            "none (adequacy)",
            "without BCR",
            "keine Standardvertragsklauseln",
            "SCCs for support in India",
            "DPF if certified",
            "Adequacy or SCC",
            "DPF, or SCC",
            "DPF, not SCC",
            "SCC, pending DPF",
            "SCC, consent",
            "SCC and DPF (US)",
            "none",
            "not required",
            ",",
        ] {
            assert_eq!(mechanisms(&cell(text)).rest, [text], "{text}");
        }
    }
}
