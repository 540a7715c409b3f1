//! Parses transfer mechanisms. A cell must name nothing else: a denial, a choice or a limitation would be lost.

use super::denials::denies;
use super::places::CodeMeaning;
use super::{Read, outside_brackets, places, without_bullet};
use crate::import::cell::Cell;
use crate::import::countries::territory;
use crate::import::fields::plain;
use crate::model::{Territory, Transfer, TransferMechanism, Transfers};

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
    // Clauses contractuelles types, cláusulas contractuales tipo.
    ("ccts", TransferMechanism::Scc),
    ("cct", TransferMechanism::Scc),
    ("dpf", TransferMechanism::Dpf),
    ("bcrs", TransferMechanism::Bcr),
    ("bcr", TransferMechanism::Bcr),
];

/// Phrases of fillers that put one thing in place of another.
const REPLACEMENTS: [&str; 4] = ["place of", "place for", "standard of", "on place"];

/// Parses transfer mechanisms: one, or several that are listed. Countries in brackets after a mechanism are what it covers.
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

/// Whether a character can be next to a mechanism. A question mark, an arrow, a cross or the mark of a footnote changes what it says.
fn is_harmless(c: char) -> bool {
    c.is_alphabetic() || c.is_ascii_digit() || c.is_whitespace() || "-–—.:'’()[]/,&+®™\"✓✔✅☑\u{FE0F}".contains(c)
}

/// Returns the mechanisms that a part of a cell names, in its order; `None` if it says anything else.
fn listed_mechanisms(part: &str) -> Option<Vec<Transfer>> {
    if denies(part) || !part.chars().all(is_harmless) {
        return None;
    }
    let (named, to) = match part.strip_suffix(')').and_then(|part| part.rsplit_once('(')) {
        Some((named, inside)) => match places::locations(&Cell::new(inside, None), CodeMeaning::default()) {
            read if read.rest.is_empty() && read.value.iter().all(|location| location.is_plain()) => {
                (named, read.value.into_iter().map(|location| location.code).collect())
            }
            _ => (part, Vec::new()),
        },
        None => (part, Vec::new()),
    };
    let plain = plain(named);
    if let Some(of) = adequacy_of(&plain).filter(|_| to.is_empty()) {
        return Some(vec![Transfer { mechanism: TransferMechanism::Adequacy, to: vec![of], note: None }]);
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
    let words: Vec<&str> = text.split_whitespace().collect();
    let (module, rest) = module(&words);
    let rest = rest.join(" ");
    let replaces = REPLACEMENTS.iter().any(|phrase| format!(" {rest} ").contains(&format!(" {phrase} ")));
    let only = !replaces && rest.split_whitespace().all(|word| FILLERS.contains(&word));
    // Countries after several mechanisms could belong to the last one only. Modules are those of the contractual clauses.
    let is_clear = mechanisms.len() == 1 || to.is_empty();
    let has_clauses = module.is_none() || mechanisms.contains(&TransferMechanism::Scc);
    let transfer = |mechanism: TransferMechanism| {
        let note = module.clone().filter(|_| mechanism == TransferMechanism::Scc);
        Transfer { mechanism, to: to.clone(), note }
    };
    (only && is_clear && has_clauses && !mechanisms.is_empty()).then(|| mechanisms.into_iter().map(transfer).collect())
}

/// Returns the country that an adequacy decision is about: `UK adequacy decision`.
fn adequacy_of(plain: &str) -> Option<Territory> {
    let country = ["adequacy decision", "adequacy"].iter().find_map(|name| plain.strip_suffix(name))?;
    territory(country.trim()).filter(|code| matches!(code, Territory::Country(_)))
}

/// Separates the modules of the standard contractual clauses from the other words: `Modules 2 and 3`.
fn module<'w>(words: &[&'w str]) -> (Option<String>, Vec<&'w str>) {
    let is_number = |word: &&str| {
        matches!(*word, "one" | "two" | "three" | "four" | "1" | "2" | "3" | "4" | "c2p" | "p2p" | "c2c" | "p2c")
    };
    let Some(start) = words.iter().position(|word| matches!(*word, "module" | "modules" | "modul")) else {
        // `SCC C2P`: the module without its word.
        let (numbers, rest): (Vec<&str>, Vec<&str>) =
            words.iter().copied().partition(|word| matches!(*word, "c2p" | "p2p" | "c2c" | "p2c"));
        let module = (!numbers.is_empty()).then(|| numbers.join(", ").to_uppercase());
        return (module, rest);
    };
    let mut end = start + 1;
    while words.get(end).is_some_and(is_number)
        || (words.get(end).is_some_and(|word| matches!(*word, "and" | "und" | "et" | "y"))
            && words.get(end + 1).is_some_and(is_number))
    {
        end += 1;
    }
    if end == start + 1 {
        return (None, words.to_vec());
    }
    let text = words[start..end].join(" ");
    let mut letters = text.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let rest = words[..start].iter().chain(&words[end..]).copied().collect();
    (Some(capital), rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cell(text: &str) -> Cell {
        Cell::new(text, None)
    }

    #[test]
    fn reads_one_mechanism_or_a_list_of_them() {
        let read = |text: &str| serde_json::to_value(mechanisms(&cell(text)).value.expect(text)).expect("JSON");
        for (text, stated) in [
            ("EU SCCs (Module 3)", json!([{ "mechanism": "scc", "note": "Module 3" }])),
            ("SCC Modules 2 and 3", json!([{ "mechanism": "scc", "note": "Modules 2 and 3" }])),
            ("SCC (C2P)", json!([{ "mechanism": "scc", "note": "C2P" }])),
            ("EU-US Data Privacy Framework", json!("dpf")),
            ("Standardvertragsklauseln", json!("scc")),
            ("CCT", json!("scc")),
            ("✅ SCC", json!("scc")),
            ("SCCs in place", json!("scc")),
            ("UK adequacy decision", json!([{ "mechanism": "adequacy", "to": ["GB"] }])),
            ("EU adequacy decision", json!("adequacy")),
            ("SCCs, SCC", json!("scc")),
            ("SCC und DPF", json!([{ "mechanism": "scc" }, { "mechanism": "dpf" }])),
            ("SCC and DPF", json!([{ "mechanism": "scc" }, { "mechanism": "dpf" }])),
            ("DPF, SCC", json!([{ "mechanism": "dpf" }, { "mechanism": "scc" }])),
            ("DPF / SCCs", json!([{ "mechanism": "dpf" }, { "mechanism": "scc" }])),
            (
                "• EU-US DPF\n• SCCs (Module 2)",
                json!([{ "mechanism": "dpf" }, { "mechanism": "scc", "note": "Module 2" }]),
            ),
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
            "❌ DPF / ✅ SCC",
            "SCC ✗",
            "SCC ✘",
            "SCC × DPF",
            "DPF in place of SCC",
            "DPF instead of SCC",
            "DPF -> SCC",
            "DPF → SCC",
            "DPF ➡️ SCC",
            "SCC?",
            "SCC (?)",
            "SCC*",
            "SCC¹",
            "SCC (not US)",
            "SCC (Module 7)",
            "DPF (Module 2)",
            "~SCC",
            "former SCC",
            "no longer DPF",
        ] {
            assert_eq!(mechanisms(&cell(text)).rest, [text], "{text}");
        }
    }
}
