//! Parses conditions: when a subprocessor is used.
//!
//! Only a sentence that names one feature is read. Anything else may deny the condition, combine several, or say nothing about it.

use super::Read;
use super::denials::denies;
use crate::import::cell::Cell;
use crate::import::fields::plain;
use crate::model::{Condition, When};

/// What the name of a column asks, which decides what `Yes` and `No` mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionColumn {
    /// Whether it is optional: `No` means always, and `Yes` does not say when.
    Optional,
    /// Whether or when it applies: `Yes` means always.
    Applies,
}

impl ConditionColumn {
    /// Reads the name of a column.
    pub fn of(name: &str) -> ConditionColumn {
        let plain = plain(name);
        let asks =
            plain.split(' ').any(|word| word.starts_with("appl") || matches!(word, "when" | "required" | "used"));
        if asks { ConditionColumn::Applies } else { ConditionColumn::Optional }
    }
}

/// Texts that mean that there is no condition.
const ALWAYS: &[&str] = &[
    "always",
    "always on",
    "always enabled",
    "always used",
    "all customers",
    "every customer",
    "required",
    "mandatory",
    "core",
    "none",
    "no condition",
    "no conditions",
    "not optional",
    "unconditional",
    "immer",
    "alle kunden",
    "keine",
    "toujours",
    "tous les clients",
    "siempre",
    "todos los clientes",
];

/// Words that no feature has as its name or as a word of it: they deny, limit or combine.
const NOT_IN_FEATURES: &[&str] = &[
    "not",
    "no",
    "never",
    "unless",
    "except",
    "without",
    "only",
    "if",
    "when",
    "and",
    "or",
    "can",
    "may",
    "might",
    "must",
    "will",
    "be",
    "been",
    "is",
    "are",
    "was",
    "were",
    "always",
    "optionally",
    "sometimes",
    "by",
    "default",
    "it",
    "this",
    "they",
    "either",
    "both",
    "neither",
    "nor",
    "disabled",
    "non",
    "nothing",
    "anything",
    "everything",
    "something",
    // The first parts of `isn't` and the like.
    "isn",
    "isnt",
    "aren",
    "arent",
    "doesn",
    "doesnt",
    "don",
    "dont",
    "didn",
    "wasn",
    "weren",
    "won",
    "hasn",
    "haven",
    "cannot",
];

/// Words that are not the name of a feature on their own, but may be a part of one: `Customer portal`.
const NOT_FEATURES: &[&str] = &[
    "customer",
    "customers",
    "client",
    "clients",
    "user",
    "users",
    "account",
    "accounts",
    "consent",
    "permission",
    "approval",
    "request",
    "service",
    "services",
    "feature",
    "features",
    "option",
    "options",
    "setting",
    "the",
    "your",
    "a",
    "their",
    "prior",
    "explicit",
    "data",
    "processing",
    "subprocessor",
    "vendor",
];

/// Parses a condition: "when", "if" or "only if" before a feature that "is enabled" or "is configured", or a feature after
/// "only with". "Always" means no condition.
pub fn condition(cell: &Cell, column: ConditionColumn) -> Read<Option<Condition>> {
    let text = cell.text();
    let text = text.trim_end_matches('.');
    let lower = text.to_lowercase();
    let plain = plain(text);
    let answer = match plain.as_str() {
        "yes" | "ja" | "oui" | "si" | "true" => Some(ConditionColumn::Applies),
        "no" | "nein" | "non" | "false" => Some(ConditionColumn::Optional),
        _ => None,
    };
    if let Some(answer) = answer {
        return if answer == column { Read::all(None) } else { Read::nothing(cell) };
    }
    if ALWAYS.contains(&plain.as_str()) {
        return Read::all(None);
    }
    // Lowercase text may have a different length in bytes; in that case, offsets do not match and the cell is not parsed.
    if lower.len() != text.len() || denies(text) {
        return Read::nothing(cell);
    }
    if let Some(rest) = lower.strip_prefix("only with ") {
        return stated(&text[text.len() - rest.len()..], When::Enabled, cell);
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
        if let Some(feature) = text.get(begin..end) {
            return stated(feature, when, cell);
        }
    }
    Read::nothing(cell)
}

/// Returns the condition for a feature, if the text can be the name of one.
fn stated(feature: &str, when: When, cell: &Cell) -> Read<Option<Condition>> {
    let feature = feature.trim();
    let words = plain(feature);
    let is_name = !words.is_empty()
        && !words.split(' ').any(|word| NOT_IN_FEATURES.contains(&word))
        && !words.split(' ').all(|word| NOT_FEATURES.contains(&word))
        && !feature.contains([',', ';', '/', '|', '?', '!', '>', '&', '+', '\n'])
        && feature.chars().count() <= 80;
    match is_name {
        true => Read::all(Some(Condition::feature(when, feature))),
        false => Read::nothing(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, column: &str) -> Read<Option<Condition>> {
        condition(&Cell::new(text, None), ConditionColumn::of(column))
    }

    #[test]
    fn parses_conditions() {
        for (text, when, feature) in [
            ("Only if SendGrid is configured.", When::Configured, "SendGrid"),
            ("AI features enabled", When::Enabled, "AI features"),
            ("Only with Mail notifications", When::Enabled, "Mail notifications"),
            ("When Chat is turned on", When::Enabled, "Chat"),
        ] {
            assert_eq!(read(text, "Condition").value, Some(Condition::feature(when, feature)), "{text}");
        }
    }

    #[test]
    fn denials_and_combinations_are_no_features() {
        for text in [
            "When SSO is not enabled",
            "Where AI isn't enabled",
            "If Chat doesn’t get enabled",
            "When customer is enabled",
            "Only with consent",
            "Only with your explicit consent",
            "Only when nothing is enabled",
            "Unless AI is enabled",
            "Not enabled",
            "Except when Chat is enabled",
            "Only if Chat is enabled and SMS is configured",
            "Only with Chat or SMS",
            "When Chat, SMS are enabled",
            "Can be enabled",
            "May be configured",
            "Never enabled",
            "Without SSO enabled",
            "Is enabled",
            "It is enabled",
            "Enterprise plans",
            "enabled",
            "Disabled",
            "Enabled by default",
        ] {
            assert_eq!(read(text, "Condition").rest, [text], "{text}");
        }
    }

    #[test]
    fn answers_depend_on_the_question() {
        for column in ["Condition", "Applies", "Optional", "When"] {
            for text in ["Always", "Always enabled", "None", "Required", "Toujours"] {
                assert_eq!(read(text, column), Read::all(None), "{column}: {text}");
            }
        }
        for (column, text, always) in [
            ("Optional", "No", true),
            ("Optional?", "Yes", false),
            ("Conditional", "Yes", false),
            ("Applies", "Yes", true),
            ("Applies to all customers", "No", false),
        ] {
            assert_eq!(read(text, column).rest.is_empty(), always, "{column}: {text}");
        }
    }
}
