//! Hidden characters: those that readers cannot see, and those that change the order in which letters are shown.
//!
//! One table serves both the rules, which report such characters in the content, and the terminal, which shows them as
//! escapes. Sources: Unicode 17, chapters 2 (surrogates, noncharacters, private use) and 23 (special areas and format
//! characters); UTS #39 and UTR #36 (security); CVE-2021-42574 (text that is displayed in a different order than it is stored).
//!
//! Some of these characters are a regular part of legitimate text and are allowed there, one at a time:
//! - ZERO WIDTH JOINER between two emoji, as in a family;
//! - ZERO WIDTH JOINER and NON-JOINER between two letters of a script that joins letters (Arabic, Indic scripts and others), and
//!   after a virama, where they select the shape of the letters around them;
//! - variation selectors after an emoji, a digit of a keycap or an ideograph, and those of Mongolian after its letters;
//! - tags in the flags of England, Scotland and Wales.

mod escaped;
mod markup;
mod table;

use std::borrow::Cow;

pub use self::escaped::find_escaped;
pub use self::markup::{code_ranges, is_in_ranges};

use self::table::{EMOJI, FLAGS, HiddenRange, JOINING, TABLE, VIRAMAS};

/// The kinds of hidden characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hidden {
    /// C0 and C1 controls and DELETE.
    Control,
    /// Opens or closes an embedding, an override or an isolate of the bidirectional algorithm (UAX #9).
    Bidi,
    /// LEFT-TO-RIGHT MARK and its relatives, which affect the order only of neighboring characters.
    Mark,
    /// ZERO WIDTH JOINER and NON-JOINER.
    Joiner,
    /// Has no width, or looks like a space but is not one.
    Invisible,
    /// Selects one of several shapes of the preceding character.
    Selector,
    /// An invisible copy of ASCII.
    Tag,
    /// Has a meaning only by private agreement.
    PrivateUse,
    /// Not a character, by definition.
    Noncharacter,
    /// Not assigned to a character yet.
    Unassigned,
}

impl Hidden {
    /// Returns whether such a character only affects how text looks: it has no width, or it changes the order or the shape of other
    /// characters. Controls, private use and unassigned characters can have a function in code and in addresses.
    pub fn is_about_appearance(self) -> bool {
        match self {
            Hidden::Bidi | Hidden::Mark | Hidden::Joiner | Hidden::Invisible | Hidden::Selector | Hidden::Tag => true,
            Hidden::Control | Hidden::PrivateUse | Hidden::Noncharacter | Hidden::Unassigned => false,
        }
    }
}

/// Returns the kind of a hidden character, or `None` if the character is visible.
pub fn hidden(c: char) -> Option<Hidden> {
    if (' '..='~').contains(&c) {
        return None;
    }
    let code = u32::from(c);
    if let Some(HiddenRange(.., kind, _)) = row(code) {
        return Some(*kind);
    }
    if code & 0xFFFE == 0xFFFE {
        return Some(Hidden::Noncharacter);
    }
    is_unassigned(c).then_some(Hidden::Unassigned)
}

/// Returns the name of a hidden character for messages: `U+202E RIGHT-TO-LEFT OVERRIDE`.
pub fn name(c: char) -> String {
    let code = u32::from(c);
    let name: Cow<'_, str> = match row(code) {
        Some(HiddenRange(0xFE00, ..)) => format!("VARIATION SELECTOR-{}", code - 0xFE00 + 1).into(),
        Some(HiddenRange(0xE0100, ..)) => format!("VARIATION SELECTOR-{}", code - 0xE0100 + 17).into(),
        Some(HiddenRange(.., name)) => (*name).into(),
        None if code & 0xFFFE == 0xFFFE => "NONCHARACTER".into(),
        None => "UNASSIGNED".into(),
    };
    format!("U+{code:04X} {name}")
}

/// Returns the [`name`] of the first hidden character in text, even if it is a regular part of the text.
pub fn first_name(text: &str) -> Option<String> {
    text.chars().find(|c| hidden(*c).is_some()).map(name)
}

/// Returns the kind of the character at a byte offset, if it is hidden and not a regular part of the text around it.
pub fn hidden_at(text: &str, at: usize) -> Option<Hidden> {
    let c = text[at..].chars().next()?;
    let kind = hidden(c)?;
    let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
    let regular = match kind {
        Hidden::Joiner => joins(c, before, after),
        Hidden::Selector => selects(c, before, after),
        Hidden::Tag => is_flag(text, at),
        _ => false,
    };
    (!regular).then_some(kind)
}

/// Finds the hidden characters in text, with their byte offsets. Omits line feeds, tabs and characters that are a regular part
/// of the text.
pub fn find(text: &str) -> impl Iterator<Item = (usize, char, Hidden)> {
    text.char_indices()
        .filter(|(_, c)| !matches!(c, '\n' | '\t' | ' '..='~'))
        .filter_map(|(at, c)| hidden_at(text, at).map(|kind| (at, c, kind)))
}

/// Returns whether all bidi controls that open an embedding, override or isolate are closed, in order and on the same line.
pub fn is_balanced(text: &str) -> bool {
    text.split(['\n', '\u{2028}', '\u{2029}', '\u{85}']).all(|line| {
        let mut open = Vec::new();
        for c in line.chars() {
            match c {
                '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push('\u{202C}'),
                '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
                '\u{202C}' | '\u{2069}' if open.pop() != Some(c) => return false,
                _ => {}
            }
        }
        open.is_empty()
    })
}

/// Returns characters of the table, for tests: all characters of short ranges, and the first and last of long ones.
pub fn samples() -> impl Iterator<Item = char> {
    TABLE.iter().flat_map(|HiddenRange(first, last, ..)| {
        let all = *first..=*last;
        let kept = if last - first < 0x100 { all } else { *first..=*first };
        kept.chain([*last]).filter_map(char::from_u32)
    })
}

fn row(code: u32) -> Option<&'static HiddenRange> {
    let at = TABLE.partition_point(|HiddenRange(first, ..)| *first <= code).checked_sub(1)?;
    Some(&TABLE[at]).filter(|HiddenRange(_, last, ..)| code <= *last)
}

/// Returns whether the character is unassigned in the standard library's version of Unicode. `str::escape_debug` escapes characters
/// that are not printable, but not combining marks after a letter.
fn is_unassigned(c: char) -> bool {
    let mut text = String::from("a");
    text.push(c);
    // Spaces and format characters are not printable, either. Those that are not in the table are visible.
    !c.is_whitespace() && !is_visible_format(c) && text.escape_debug().nth(1) == Some('\\') && c != '\'' && c != '"'
}

/// Returns whether a format character is visible, such as Arabic, Syriac and Kaithi number signs.
fn is_visible_format(c: char) -> bool {
    matches!(
        c,
        '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}' | '\u{110BD}' | '\u{110CD}'
    )
}

fn is_in(ranges: &[(u32, u32)], c: char) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
}

fn is_joining(c: char) -> bool {
    is_in(JOINING, c) && hidden(c).is_none()
}

fn is_emoji(c: char) -> bool {
    is_in(EMOJI, c)
}

/// Returns whether a joiner is between characters that it may join.
fn joins(joiner: char, before: &str, after: &str) -> bool {
    let (Some(last), next) = (before.chars().next_back(), after.chars().next()) else { return false };
    let shape = VIRAMAS.contains(&last) && next.is_none_or(|next| hidden(next).is_none());
    let letters = is_joining(last) && next.is_some_and(is_joining);
    let base = match last {
        // Skip the selector after an emoji.
        '\u{FE0F}' => before.chars().rev().nth(1),
        other => Some(other),
    };
    shape || letters || (joiner == '\u{200D}' && base.is_some_and(is_emoji) && next.is_some_and(is_emoji))
}

/// Returns whether a selector follows a character with selectable shapes.
fn selects(selector: char, before: &str, after: &str) -> bool {
    let Some(last) = before.chars().next_back() else { return false };
    match selector {
        '\u{FE0E}' | '\u{FE0F}' => {
            is_emoji(last) || (matches!(last, '0'..='9' | '#' | '*') && after.starts_with('\u{20E3}'))
        }
        '\u{180B}'..='\u{180F}' => matches!(last, '\u{1820}'..='\u{18AA}'),
        '\u{FE00}'..='\u{FE02}' | '\u{E0100}'..='\u{E01EF}' => matches!(
            last,
            '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}'
        ),
        _ => false,
    }
}

/// Returns whether the tag at a byte offset is part of a flag.
fn is_flag(text: &str, at: usize) -> bool {
    const FLAG: char = '\u{1F3F4}';
    const CANCEL: char = '\u{E007F}';
    const LENGTH: usize = 6;
    // A tag has four bytes in UTF-8.
    let starts = (0..LENGTH)
        .filter_map(|back| at.checked_sub(4 * back))
        .find(|start| text.get(..*start).is_some_and(|before| before.ends_with(FLAG)));
    let Some(start) = starts else { return false };
    let tags: String = text[start..]
        .chars()
        .take_while(|c| *c != CANCEL)
        .take(LENGTH)
        .filter_map(|c| u32::from(c).checked_sub(0xE0000).and_then(char::from_u32))
        .collect();
    FLAGS.contains(&tags.as_str()) && text[start..].chars().nth(tags.len()) == Some(CANCEL)
}

#[cfg(test)]
mod tests {
    use super::{Hidden, TABLE, find, hidden, is_balanced, name, samples};

    fn found(text: &str) -> Vec<Hidden> {
        find(text).map(|(.., kind)| kind).collect()
    }

    #[test]
    fn table_is_sorted_without_overlaps() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 <= pair[0].1 && pair[0].1 < pair[1].0, "{:X} and {:X}", pair[0].0, pair[1].0);
        }
        assert!(samples().all(|c| hidden(c).is_some()));
        assert!(samples().count() > 500, "{}", samples().count());
    }

    #[test]
    fn knows_every_character_that_the_standard_library_does_not_print() {
        for c in ('\0'..=char::MAX).filter(|c| hidden(*c).is_none()) {
            assert!(!c.is_control(), "{c:?}");
            let printed = format!("a{c}").escape_debug().nth(1) != Some('\\') || matches!(c, '"' | '\'' | '\\');
            assert!(printed || c.is_whitespace() || super::is_visible_format(c), "{c:?}");
        }
    }

    #[test]
    fn characters_have_names() {
        for (c, expected) in [
            ('\u{202E}', "U+202E RIGHT-TO-LEFT OVERRIDE"),
            ('\u{FE0F}', "U+FE0F VARIATION SELECTOR-16"),
            ('\u{E0100}', "U+E0100 VARIATION SELECTOR-17"),
            ('\u{E0041}', "U+E0041 TAG CHARACTER"),
            ('\u{378}', "U+0378 UNASSIGNED"),
            ('\u{FFFF}', "U+FFFF NONCHARACTER"),
            ('\u{1B}', "U+001B ESCAPE"),
        ] {
            assert_eq!(name(c), expected);
            assert!(hidden(c).is_some(), "{expected}");
        }
    }

    #[test]
    fn allows_hidden_characters_in_legitimate_text() {
        for text in [
            "Zażółć gęślą jaźń, Größe, naïve e\u{301}, «50\u{A0}%», 10\u{202F}000",
            "株式会社サーバー\u{3000}東京, 한국어, 葛\u{E0100}城市",
            "می\u{200C}خواهم, نامه\u{200C}ای",
            "क्\u{200D}ष, ശ്രീ, ക്\u{200D}, ක්\u{200D}ෂ",
            "العربية, עברית, ١٢٣ \u{600}",
            "👩\u{200D}👩\u{200D}👧\u{200D}👦 🏳\u{FE0F}\u{200D}🌈 👩🏽\u{200D}💻 ❤\u{FE0F} 1\u{FE0F}\u{20E3} ↩\u{FE0E}",
            "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} 🇩🇪",
            "∑ ≤ ™ © — “quotes” … \\ ' \" \u{FFFD}",
            "ᠠ\u{180B}",
        ] {
            assert_eq!(found(text), [], "{text:?}");
        }
    }

    #[test]
    fn finds_hidden_characters_where_they_do_not_belong() {
        for (text, count) in [
            ("pay\u{200D}pal \u{200C}", 2),
            ("می\u{200C}\u{200C}خواهم", 2),
            ("می\u{200C} خواهم", 1),
            ("👩\u{200D}a", 1),
            ("👩\u{200C}👩", 1),
            ("a\u{FE0F}1\u{FE0F}", 2),
            ("❤\u{FE0F}\u{FE0F}", 1),
            ("葛\u{E0100}\u{E0101}", 1),
            ("🏴\u{E0061}\u{E0062}\u{E007F}", 3),
            ("\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}", 6),
            ("a\u{AD}b\u{2060}c\u{FEFF}d\u{3164}", 4),
            ("\u{E000}\u{378}\u{FDD0}\u{10FFFF}", 4),
            ("\u{1B}[0m\u{9B}\u{7F}\r", 4),
            ("\u{202E}a\u{202C}\u{200E}", 3),
        ] {
            assert_eq!(found(text).len(), count, "{text:?}: {:?}", found(text));
        }
        // No hidden character is allowed between ASCII letters.
        for c in samples().filter(|c| !matches!(c, '\n' | '\t')) {
            assert_eq!(found(&format!("a{c}b")).len(), 1, "{c:?}");
        }
    }

    #[test]
    fn bidi_controls_must_be_closed_on_the_same_line() {
        for text in ["", "a", "\u{202E}a\u{202C}", "\u{2067}a \u{202B}b\u{202C}\u{2069} c", "\u{200E}"] {
            assert!(is_balanced(text), "{text:?}");
        }
        for text in
            ["\u{202E}a", "a\u{202C}", "\u{2066}a\u{202C}", "\u{202E}a\n\u{202C}", "\u{2067}\u{202E}\u{2069}\u{202C}"]
        {
            assert!(!is_balanced(text), "{text:?}");
        }
    }
}
