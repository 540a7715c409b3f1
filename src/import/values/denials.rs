//! Recognizes text that denies a value: `none`, `keine`, `no personal data`, a cross.
//!
//! A denial is not a value: `None` is not a category of data, and `no SCCs` not a transfer mechanism.

use crate::import::cell::Cell;
use crate::import::fields::plain;

/// Texts that state as a whole that there is no value, normalized by [`plain`], in English, German, French and Spanish.
const NOTHING: &[&str] = &[
    "no",
    "none",
    "nothing",
    "nil",
    "never",
    "not",
    "nope",
    "false",
    "no data",
    "none required",
    "none needed",
    "none known",
    "none currently",
    "currently none",
    "none at this time",
    "not available",
    "not required",
    "not needed",
    "not used",
    "not in use",
    "not stated",
    "not known",
    "unknown",
    "not specified",
    "not disclosed",
    "keine",
    "kein",
    "keiner",
    "keines",
    "keins",
    "keinerlei",
    "nein",
    "nicht",
    "nichts",
    "nie",
    "entfallt",
    "nicht erforderlich",
    "nicht vorhanden",
    "aucun",
    "aucune",
    "aucuns",
    "aucunes",
    "non",
    "rien",
    "neant",
    "jamais",
    "pas de",
    "non requis",
    "non applicable",
    "ningun",
    "ninguno",
    "ninguna",
    "ningunos",
    "ningunas",
    "nada",
    "nunca",
    "no hay",
    "no requerido",
];

/// Words that deny what follows them at the beginning of a text.
const BEGINNINGS: &[&str] = &[
    "no",
    "not",
    "none",
    "never",
    "without",
    "neither",
    "nor",
    "non",
    "except",
    "excluding",
    "excludes",
    "unless",
    "kein",
    "keine",
    "keiner",
    "keinen",
    "keinerlei",
    "nicht",
    "ohne",
    "ausser",
    "ausgenommen",
    "nie",
    "niemals",
    "pas",
    "aucun",
    "aucune",
    "aucunes",
    "aucuns",
    "sans",
    "sauf",
    "jamais",
    "ni",
    "sin",
    "ningun",
    "ninguno",
    "ninguna",
    "nunca",
    "excepto",
    "salvo",
];

/// Marks that deny: crosses and signs of prohibition.
const CROSSES: [char; 14] = ['❌', '✗', '✘', '✕', '✖', '❎', '⛔', '🚫', '☒', '🗙', '⨯', '⨉', '👎', '🛑'];

/// Whether a text denies as a whole that there is a value: `None`, `keine`, `✗`.
pub fn is_denial(cell: &Cell) -> bool {
    let text = cell.text();
    let has_words = text.chars().any(char::is_alphanumeric);
    if !has_words {
        return text.contains(CROSSES) || text == "×";
    }
    NOTHING.contains(&plain(&text).as_str())
}

/// Whether a text begins with a denial, or has a cross: `no names`, `not stored`, `❌ DPF`. A name such as `Non-profit` does not.
pub fn denies(text: &str) -> bool {
    if text.contains(CROSSES) {
        return true;
    }
    let first = text.trim_start().split([' ', ',', ':']).next().unwrap_or_default();
    BEGINNINGS.contains(&plain(first).as_str())
}

#[cfg(test)]
mod tests {
    use super::{denies, is_denial};
    use crate::import::cell::Cell;

    #[test]
    fn recognizes_denials_in_four_languages() {
        for text in ["None", "No.", "keine", "Aucune", "Ninguno", "néant", "✗", "❌", "Not used"] {
            assert!(is_denial(&Cell::new(text, None)), "{text}");
        }
        for text in ["Norway", "Nothing Technology Ltd", "Names", "Nine", "Non-profit data", "✓"] {
            assert!(!is_denial(&Cell::new(text, None)), "{text}");
        }
        for text in ["no names", "Not stored", "ohne Namen", "sans contenu", "Except passwords", "❌ DPF"] {
            assert!(denies(text), "{text}");
        }
        for text in ["Notes", "Non-personal data", "Nonprofits", "Names (no addresses)"] {
            assert!(!denies(text), "{text}");
        }
    }
}
