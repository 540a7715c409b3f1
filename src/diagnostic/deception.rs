//! Hidden characters as diagnostics: what is an error, what is a warning, and what may stay.
//!
//! - In a name, an id, an address and the text of a link every hidden character is an error: two names that look the same must
//!   be the same.
//! - In running text it is a warning. LEFT-TO-RIGHT MARK and its relatives may stay: they are part of honest right-to-left text.
//! - Bidi controls that are not closed again are an error anywhere: they turn around what follows.

use std::collections::HashMap;

use super::Code;
use crate::text::hidden::{Hidden, find, is_balanced, name};
use crate::text::visible::visible;

/// How readers use a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRole {
    /// To tell it from others, or to go somewhere.
    Name,
    /// To read it.
    Prose,
}

/// A hidden character of a value that should not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deception {
    /// Where it is first, in bytes of the value.
    pub at: usize,
    /// The character.
    pub character: char,
    kind: Hidden,
    error: bool,
    count: usize,
}

/// The hidden characters of a value that should not be there, each once, in the order in which they appear. `role` gives the role of
/// the text at a byte offset.
pub fn deceptions(text: &str, role: impl Fn(usize) -> TextRole) -> Vec<Deception> {
    let mut found: Vec<Deception> = Vec::new();
    let mut known: HashMap<(char, bool), usize> = HashMap::new();
    let mut balanced = None;
    for (at, character, kind) in find(text) {
        let role = role(at);
        if kind == Hidden::Mark && role == TextRole::Prose {
            continue;
        }
        let error =
            role == TextRole::Name || (kind == Hidden::Bidi && !*balanced.get_or_insert_with(|| is_balanced(text)));
        let index = *known.entry((character, error)).or_insert_with(|| {
            found.push(Deception { at, character, kind, error, count: 0 });
            found.len() - 1
        });
        found[index].count += 1;
    }
    found
}

impl Deception {
    /// The diagnostic's code.
    pub fn code(&self) -> Code {
        if self.error { Code::HiddenCharacter } else { Code::HiddenCharacterInText }
    }

    /// What is wrong with `what`, which holds `text`.
    pub fn message(&self, what: &str, text: &str) -> String {
        /// How many characters are quoted on each side.
        const AROUND: usize = 20;
        let start = text[..self.at].char_indices().rev().take(AROUND).last().map_or(self.at, |(at, _)| at);
        let end = text[self.at..].char_indices().nth(AROUND + 1).map_or(text.len(), |(at, _)| self.at + at);
        let times = if self.count == 1 { String::new() } else { format!(" {} times", self.count) };
        format!("{what} contains {}{times}: `{}`", name(self.character), visible(&text[start..end]))
    }

    /// How to fix it.
    pub fn help(&self) -> &'static str {
        match self.kind {
            Hidden::Bidi | Hidden::Mark => "remove it: it changes the order in which letters are shown",
            Hidden::PrivateUse | Hidden::Unassigned | Hidden::Noncharacter => {
                "replace it: what it shows depends on the reader's fonts"
            }
            _ => "remove it, or type the text again: readers cannot see it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TextRole, deceptions};

    fn codes(text: &str, role: TextRole) -> Vec<&'static str> {
        deceptions(text, |_| role).iter().map(|found| found.code().as_str()).collect()
    }

    #[test]
    fn names_hold_no_hidden_character_and_text_only_marks() {
        assert_eq!(codes("a\u{200E}b", TextRole::Name), ["hidden-character"]);
        assert_eq!(codes("a\u{200E}b\u{200F}", TextRole::Prose), [""; 0]);
        assert_eq!(codes("a\u{AD}b\u{AD}", TextRole::Prose), ["hidden-character-in-text"]);
        assert_eq!(codes("\u{2067}a\u{2069}", TextRole::Prose), ["hidden-character-in-text"; 2]);
        assert_eq!(codes("\u{2067}a", TextRole::Prose), ["hidden-character"]);
        assert_eq!(codes("עברית العربية می\u{200C}خواهم 👩\u{200D}💻", TextRole::Name), [""; 0]);
    }

    #[test]
    fn messages_name_the_code_point_and_quote_what_is_around_it() {
        let text = format!("{}pay\u{202E}lap\u{202E}{}", "é".repeat(40), "é".repeat(40));
        let found = deceptions(&text, |_| TextRole::Name);
        assert_eq!(found.len(), 1);
        let message = found[0].message("`name`", &text);
        assert!(message.starts_with("`name` contains U+202E RIGHT-TO-LEFT OVERRIDE 2 times: `é"), "{message}");
        assert!(message.contains("épay\\u{202e}lap\\u{202e}é") && message.chars().count() < 130, "{message}");
    }
}
