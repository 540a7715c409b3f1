//! Diagnostics for hidden characters: which are errors, which are warnings, and which are allowed.
//!
//! - In names, ids, addresses, link text and code, every hidden character is an error: two names that look the same must be
//!   the same. In names and addresses, this includes characters that are written as percent-encoding or character references.
//! - In running text and comments, a hidden character is a warning. LEFT-TO-RIGHT MARK and its relatives are allowed, because legitimate
//!   right-to-left text contains them.
//! - A bidi control that is not closed is always an error, because it reorders the text after it.

use std::collections::HashMap;

use super::Code;
use crate::text::hidden::{Hidden, find, find_escaped, is_balanced, name};
use crate::text::visible::visible;

/// The role of a string for readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRole {
    /// Identifies something, links to something, or is code.
    Name,
    /// Running text.
    Prose,
}

/// A hidden character that is not allowed in a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deception {
    /// Byte offset of its first occurrence in the string.
    pub at: usize,
    /// The hidden character, decoded if it is written as an escape.
    pub character: char,
    kind: Hidden,
    error: bool,
    count: usize,
    /// How the character is written, if it is written as an escape.
    escape: Option<String>,
}

/// Returns the hidden characters that are not allowed in a string, each once, in order of first occurrence. `role` returns the
/// role of the text at a byte offset.
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
            found.push(Deception { at, character, kind, error, count: 0, escape: None });
            found.len() - 1
        });
        found[index].count += 1;
    }
    found
}

/// Returns the hidden characters of a name or an address that are written as escapes (`%E2%80%AE`, `&#x202E;`), each once, in order
/// of first occurrence.
pub fn escaped_deceptions(text: &str) -> Vec<Deception> {
    let mut found: Vec<Deception> = Vec::new();
    let mut known: HashMap<char, usize> = HashMap::new();
    for (range, character, kind) in find_escaped(text) {
        let index = *known.entry(character).or_insert_with(|| {
            let escape = Some(text[range.clone()].to_owned());
            found.push(Deception { at: range.start, character, kind, error: true, count: 0, escape });
            found.len() - 1
        });
        found[index].count += 1;
    }
    found
}

impl Deception {
    /// Returns the length of the character in bytes if text begins with it, as it is written.
    pub fn length_at(&self, text: &str) -> Option<usize> {
        match &self.escape {
            Some(escape) => text.starts_with(escape.as_str()).then_some(escape.len()),
            None => text.starts_with(self.character).then_some(self.character.len_utf8()),
        }
    }

    /// Returns the offset of the character in text, as it is written.
    pub fn search(&self, text: &str) -> Option<usize> {
        match &self.escape {
            Some(escape) => text.find(escape.as_str()),
            None => text.find(self.character),
        }
    }

    /// Returns whether the character only affects how text looks.
    pub fn is_about_appearance(&self) -> bool {
        self.kind.is_about_appearance()
    }

    /// Returns the code of the diagnostic.
    pub fn code(&self) -> Code {
        if self.error { Code::HiddenCharacter } else { Code::HiddenCharacterInText }
    }

    /// Returns the message of the diagnostic. `what` describes the string and `text` is its value.
    pub fn message(&self, what: &str, text: &str) -> String {
        /// The number of characters to quote on each side.
        const CONTEXT: usize = 20;
        let start = text[..self.at].char_indices().rev().take(CONTEXT).last().map_or(self.at, |(at, _)| at);
        let end = text[self.at..].char_indices().nth(CONTEXT + 1).map_or(text.len(), |(at, _)| self.at + at);
        let times = if self.count == 1 { String::new() } else { format!(" {} times", self.count) };
        let escaped = if self.escape.is_some() { "an escaped " } else { "" };
        format!("{what} contains {escaped}{}{times}: `{}`", name(self.character), visible(&text[start..end]))
    }

    /// Returns how to fix it.
    pub fn help(&self) -> &'static str {
        match self.kind {
            Hidden::Bidi | Hidden::Mark => "remove it: it changes the order in which letters are shown",
            Hidden::PrivateUse | Hidden::Unassigned | Hidden::Noncharacter => {
                "replace it: its appearance depends on the reader's fonts"
            }
            _ => "remove it, or retype the text: readers cannot see it",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TextRole, deceptions, escaped_deceptions};

    fn codes(text: &str, role: TextRole) -> Vec<&'static str> {
        deceptions(text, |_| role).iter().map(|found| found.code().as_str()).collect()
    }

    #[test]
    fn rejects_hidden_characters_in_names_and_allows_marks_in_prose() {
        assert_eq!(codes("a\u{200E}b", TextRole::Name), ["hidden-character"]);
        assert_eq!(codes("a\u{200E}b\u{200F}", TextRole::Prose), [""; 0]);
        assert_eq!(codes("a\u{AD}b\u{AD}", TextRole::Prose), ["hidden-character-in-text"]);
        assert_eq!(codes("\u{2067}a\u{2069}", TextRole::Prose), ["hidden-character-in-text"; 2]);
        assert_eq!(codes("\u{2067}a", TextRole::Prose), ["hidden-character"]);
        assert_eq!(codes("עברית العربية می\u{200C}خواهم 👩\u{200D}💻", TextRole::Name), [""; 0]);
    }

    #[test]
    fn message_quotes_an_escape() {
        let text = "https://a.example/%E2%80%AEx%e2%80%ae";
        let found = escaped_deceptions(text);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message("`url`", text),
            "`url` contains an escaped U+202E RIGHT-TO-LEFT OVERRIDE 2 times: `https://a.example/%E2%80%AEx%e2%80%ae`"
        );
        assert_eq!((found[0].length_at(&text[18..]), found[0].search(text)), (Some(9), Some(18)));
    }

    #[test]
    fn message_names_the_code_point_and_quotes_the_context() {
        let text = format!("{}pay\u{202E}lap\u{202E}{}", "é".repeat(40), "é".repeat(40));
        let found = deceptions(&text, |_| TextRole::Name);
        assert_eq!(found.len(), 1);
        let message = found[0].message("`name`", &text);
        assert!(message.starts_with("`name` contains U+202E RIGHT-TO-LEFT OVERRIDE 2 times: `é"), "{message}");
        assert!(message.contains("épay\\u{202e}lap\\u{202e}é") && message.chars().count() < 130, "{message}");
    }
}
