//! Parses transfer mechanisms. A cell must name nothing else: a denial, a choice or a limitation would be lost.

use super::denials::denies;
use super::places::CodeMeaning;
use super::{Read, outside_brackets, places, without_bullet};
use crate::import::cell::Cell;
use crate::import::countries::is_code;
use crate::import::fields::plain;
use crate::model::{Territory, Transfer, TransferMechanism, Transfers};
use crate::text::{capitalized, one_line};

/// Words next to a transfer mechanism that do not change which one it is.
const FILLERS: &[&str] = &[
    "the",
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
    "based",
    "on",
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

/// Words before a mechanism that belong to its name: `EU SCCs`, `EU-US DPF`.
const PREFIXES: [&str; 4] = ["eu us ", "eu ", "eea ", "us "];

/// Phrases of fillers that put one thing in place of another.
const REPLACEMENTS: [&str; 4] = ["place of", "place for", "standard of", "on place"];

/// Parses transfer mechanisms: one, or several that are listed. Countries in brackets after a mechanism, or before it with a
/// colon, are what it covers.
pub fn mechanisms(cell: &Cell) -> Read<Option<Transfers>> {
    let mut transfers: Vec<Transfer> = Vec::new();
    for segment in outside_brackets(&cell.lines.join("\n"), &['\n', ';']) {
        let segment = without_bullet(&segment);
        // `US: DPF, SCC`: the country is that of all mechanisms after it.
        let (covered, listed) = match segment.split_once(':').map(|(before, after)| (codes(before), after)) {
            Some((Some(codes), after)) => (Some(codes), after),
            _ => (None, segment.as_str()),
        };
        for part in outside_brackets(listed, &[',', '/', '+', '&']) {
            let part = without_bullet(&part);
            if part.is_empty() {
                continue;
            }
            let Some(stated) = listed_mechanisms(&part, covered.as_deref()) else { return Read::nothing(cell) };
            for transfer in stated {
                if !transfers.contains(&transfer) {
                    transfers.push(transfer);
                }
            }
        }
    }
    if transfers.is_empty() { Read::nothing(cell) } else { Read::all(Some(Transfers(transfers))) }
}

/// Whether a character can be next to a mechanism. A question mark, an arrow, a cross or the mark of a footnote changes what it says.
fn is_harmless(c: char) -> bool {
    c.is_alphabetic() || c.is_ascii_digit() || c.is_whitespace() || "-–—.:'’()[]/,&+®™\"✓✔✅☑\u{FE0F}".contains(c)
}

/// Returns the countries and regions that a text names, if it names nothing else. A code has capital letters, because `in` and
/// `is` are words.
fn codes(text: &str) -> Option<Vec<Territory>> {
    let text = text.trim();
    if text.len() > 100 {
        return None;
    }
    let is_word = text.split([' ', ',', '/']).any(|word| is_code(word) && word.chars().any(char::is_lowercase));
    let read = places::locations(&Cell::new(text, None), CodeMeaning::certain());
    let plain = read.rest.is_empty() && read.value.iter().all(|location| location.is_plain());
    (plain && !is_word).then(|| read.value.into_iter().map(|location| location.code).collect())
}

/// Splits the countries from the end of a text: `SCC (India)`, `DPF US`, `SCC in US`.
fn with_countries(part: &str) -> (&str, Option<Vec<Territory>>) {
    if let Some((named, inside)) = part.strip_suffix(')').and_then(|part| part.rsplit_once('(')) {
        return match codes(inside) {
            Some(codes) => (named, Some(codes)),
            None => (part, None),
        };
    }
    let spaces: Vec<usize> = part.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at).collect();
    // The longest name of a country has five words.
    for at in spaces.iter().copied().skip(spaces.len().saturating_sub(5)) {
        let (named, country) = part.split_at(at);
        if let Some(codes) = codes(country.trim_start_matches([' ', '-', '–', '—'])) {
            let named = named.trim_end_matches([' ', '-', '–', '—', ':']);
            let named = [" in", " for", " to"].iter().find_map(|word| named.strip_suffix(word)).unwrap_or(named);
            return (named, Some(codes));
        }
    }
    (part, None)
}

/// What the countries after a mechanism say.
enum Countries {
    /// The destinations that it covers.
    Covered(Vec<Territory>),
    /// The law of the exporter, such as `SCCs (EU)`.
    Law,
    /// The law of another exporter, such as `SCCs (UK)`, or both.
    Unclear,
}

fn meaning(mechanism: &TransferMechanism, codes: Vec<Territory>) -> Countries {
    let is_law = |code: &Territory| code.in_eea() || matches!(code, Territory::Region(_)) && code.as_str() != "GLOBAL";
    let swiss_or_british = |code: &Territory| matches!(code.as_str(), "GB" | "CH");
    let is_decision = *mechanism == TransferMechanism::Adequacy;
    match () {
        () if !codes.iter().any(|code| is_law(code) || (swiss_or_british(code) && !is_decision)) => {
            Countries::Covered(codes)
        }
        () if !is_decision
            && codes.iter().any(|code| matches!(code, Territory::Region(_)))
            && codes.iter().all(|code| is_law(code) || swiss_or_british(code)) =>
        {
            Countries::Law
        }
        () => Countries::Unclear,
    }
}

/// Returns the mechanisms that a part of a cell names, in its order; `None` if it says anything else. `covered` are the countries
/// before it.
fn listed_mechanisms(part: &str, covered: Option<&[Territory]>) -> Option<Vec<Transfer>> {
    if denies(part) || !part.chars().all(is_harmless) {
        return None;
    }
    let (named, after) = with_countries(part);
    if let Some(of) = adequacy_of(part).filter(|_| covered.is_none()) {
        return Some(vec![Transfer { mechanism: TransferMechanism::Adequacy, to: vec![of], note: None }]);
    }
    // `DPF – US` and `US – DPF`.
    let (before, named) = match [" - ", " – ", " — "].iter().find_map(|dash| named.split_once(dash)) {
        Some((before, rest)) if codes(before).is_some() => (codes(before), rest),
        _ => (None, named),
    };
    let mut stated = [covered.map(<[Territory]>::to_vec), before, after].into_iter().flatten();
    let to = stated.next();
    if stated.next().is_some() {
        return None;
    }
    let plain = plain(&named.replace("U.S.", "US"));
    let mut text = format!(" {plain} ").replace(" in place ", " ");
    let mut found: Vec<(usize, TransferMechanism)> = Vec::new();
    for (name, mechanism) in MECHANISMS {
        for prefix in PREFIXES.iter().chain(&[""]) {
            let name = format!(" {prefix}{name} ");
            // Only the framework is one with the US.
            if prefix.contains("us") && *mechanism != TransferMechanism::Dpf {
                continue;
            }
            while let Some(at) = text.find(&name) {
                // Spaces of the same length keep the positions of the others.
                text.replace_range(at..at + name.len(), &" ".repeat(name.len()));
                found.push((at, mechanism.clone()));
            }
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
    let (module, rest) = module(&words, part);
    let rest = rest.join(" ");
    let replaces = REPLACEMENTS.iter().any(|phrase| format!(" {plain} ").contains(&format!(" {phrase} ")));
    let only = !replaces && rest.split_whitespace().all(|word| FILLERS.contains(&word));
    // Countries after several mechanisms could belong to the last one only. Modules are those of the contractual clauses.
    let is_clear = mechanisms.len() == 1 || to.is_none();
    let has_clauses = module.is_none() || mechanisms.contains(&TransferMechanism::Scc);
    if !only || !is_clear || !has_clauses || mechanisms.is_empty() {
        return None;
    }
    let transfer = |mechanism: TransferMechanism| {
        let modules = module.clone().filter(|_| mechanism == TransferMechanism::Scc);
        let (to, note) = match to.clone().map(|codes| (codes.clone(), meaning(&mechanism, codes))) {
            None => (Vec::new(), None),
            Some((_, Countries::Covered(codes))) => (codes, None),
            Some((codes, Countries::Law)) => {
                // The words of the text, if they are next to the mechanism.
                let inside =
                    part.strip_suffix(')').and_then(|part| part.rsplit_once('(')).map(|(_, inside)| one_line(inside));
                let codes: Vec<&str> = codes.iter().map(Territory::as_str).collect();
                (Vec::new(), Some(inside.unwrap_or_else(|| codes.join(", "))))
            }
            Some((_, Countries::Unclear)) => return None,
        };
        Some(Transfer { mechanism, to, note: modules.or(note) })
    };
    mechanisms.into_iter().map(transfer).collect()
}

/// Returns the country that an adequacy decision is about: `UK adequacy decision`.
fn adequacy_of(part: &str) -> Option<Territory> {
    let lower = part.to_ascii_lowercase();
    let country = [" adequacy decision", " adequacy"].iter().find_map(|name| lower.strip_suffix(name))?;
    match codes(&part[..country.len()])?.as_slice() {
        [code @ Territory::Country(_)] => Some(code.clone()),
        _ => None,
    }
}

/// Separates the modules of the standard contractual clauses from the other words, and returns them as the text has them:
/// `Modules 2 and 3`, `Modules 1-3`.
fn module<'w>(words: &[&'w str], part: &str) -> (Option<String>, Vec<&'w str>) {
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
    let rest = words[..start].iter().chain(&words[end..]).copied().collect();
    (Some(stated_modules(part, words[end - 1])), rest)
}

/// Returns the part of a text from the word "module" to the last number after it, with a capital letter.
fn stated_modules(part: &str, last: &str) -> String {
    let lower = part.to_ascii_lowercase();
    let start = lower.find("modul").unwrap_or_default();
    let end = lower.rfind(last).map_or(part.len(), |at| at + last.len());
    let text = one_line(part.get(start..end).unwrap_or(part));
    let text = if text.matches('(').count() > text.matches(')').count() { format!("{text})") } else { text };
    capitalized(&text)
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
            ("US: DPF; IN: SCC", json!([{ "mechanism": "dpf", "to": ["US"] }, { "mechanism": "scc", "to": ["IN"] }])),
            ("DPF US / SCC IN", json!([{ "mechanism": "dpf", "to": ["US"] }, { "mechanism": "scc", "to": ["IN"] }])),
            ("SCC in US", json!([{ "mechanism": "scc", "to": ["US"] }])),
            ("SCC - US", json!([{ "mechanism": "scc", "to": ["US"] }])),
            ("US: DPF, SCC", json!([{ "mechanism": "dpf", "to": ["US"] }, { "mechanism": "scc", "to": ["US"] }])),
            // The law of the exporter.
            ("SCCs (EU)", json!([{ "mechanism": "scc", "note": "EU" }])),
            ("SCCs (EEA)", json!([{ "mechanism": "scc", "note": "EEA" }])),
            ("DPF (EU, UK)", json!([{ "mechanism": "dpf", "note": "EU, UK" }])),
            ("SCC Modules 1-3", json!([{ "mechanism": "scc", "note": "Modules 1-3" }])),
            ("SCC (Module 2 & 3)", json!([{ "mechanism": "scc", "note": "Module 2 & 3" }])),
            ("SCC (Modules 2/3)", json!([{ "mechanism": "scc", "note": "Modules 2/3" }])),
            ("EU-U.S. DPF", json!("dpf")),
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
            "UK SCCs",
            "SCCs (UK)",
            "SCC (DE)",
            "DPF (CH)",
            "Adequacy (EU)",
            "inadequacy",
            "is adequacy",
            "in adequacy",
            "US: DPF (India)",
            "no longer DPF",
        ] {
            assert_eq!(mechanisms(&cell(text)).rest, [text], "{text}");
        }
    }
}
