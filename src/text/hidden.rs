//! Characters that deceive: those that a reader cannot see, and those that change the order in which letters are shown.
//!
//! One table for both users: the rules, which report such characters in the content, and the terminal, which shows them as
//! escapes. Sources: Unicode 17, chapters 2 (surrogates, noncharacters, private use) and 23 (special areas and format
//! characters); UTS #39 and UTR #36 (security); CVE-2021-42574 (text that is shown in another order than it is read).
//!
//! Some of these characters are a regular part of honest text and pass there, one at a time:
//! - ZERO WIDTH JOINER between two emoji, as in a family;
//! - ZERO WIDTH JOINER and NON-JOINER between two letters of a script that joins letters (Arabic, Indic scripts and others), and
//!   after a virama, where they select the shape of the letters around them;
//! - variation selectors after an emoji, a digit of a keycap or an ideograph, and those of Mongolian after its letters;
//! - tags in the flags of England, Scotland and Wales.

use std::borrow::Cow;

/// What a hidden character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hidden {
    /// C0 and C1 controls and DELETE.
    Control,
    /// Opens or closes an embedding, an override or an isolate of the bidirectional algorithm (UAX #9).
    Bidi,
    /// LEFT-TO-RIGHT MARK and its relatives: they order what is next to them and leave everything else alone.
    Mark,
    /// ZERO WIDTH JOINER and NON-JOINER.
    Joiner,
    /// Takes no space, or looks like a space and is not one.
    Invisible,
    /// Selects one of several shapes of the character before it.
    Selector,
    /// An invisible copy of ASCII.
    Tag,
    /// Has a meaning that only the sender and the recipient agree on.
    PrivateUse,
    /// Not a character, by definition.
    Noncharacter,
    /// Not a character, so far.
    Unassigned,
}

/// One or more neighboring code points.
struct HiddenRange(u32, u32, Hidden, &'static str);

/// Every hidden character except unassigned ones, in order. A name for one code point is its Unicode name (or alias); one for
/// several is what they have in common.
const TABLE: &[HiddenRange] = &[
    HiddenRange(0x0000, 0x0000, Hidden::Control, "NULL"),
    HiddenRange(0x0001, 0x0006, Hidden::Control, "CONTROL CHARACTER"),
    HiddenRange(0x0007, 0x0007, Hidden::Control, "ALERT"),
    HiddenRange(0x0008, 0x0008, Hidden::Control, "BACKSPACE"),
    HiddenRange(0x0009, 0x0009, Hidden::Control, "CHARACTER TABULATION"),
    HiddenRange(0x000A, 0x000A, Hidden::Control, "LINE FEED"),
    HiddenRange(0x000B, 0x000B, Hidden::Control, "LINE TABULATION"),
    HiddenRange(0x000C, 0x000C, Hidden::Control, "FORM FEED"),
    HiddenRange(0x000D, 0x000D, Hidden::Control, "CARRIAGE RETURN"),
    HiddenRange(0x000E, 0x001A, Hidden::Control, "CONTROL CHARACTER"),
    HiddenRange(0x001B, 0x001B, Hidden::Control, "ESCAPE"),
    HiddenRange(0x001C, 0x001F, Hidden::Control, "CONTROL CHARACTER"),
    HiddenRange(0x007F, 0x007F, Hidden::Control, "DELETE"),
    HiddenRange(0x0080, 0x0084, Hidden::Control, "CONTROL CHARACTER"),
    HiddenRange(0x0085, 0x0085, Hidden::Control, "NEXT LINE"),
    HiddenRange(0x0086, 0x009A, Hidden::Control, "CONTROL CHARACTER"),
    HiddenRange(0x009B, 0x009B, Hidden::Control, "CONTROL SEQUENCE INTRODUCER"),
    HiddenRange(0x009C, 0x009C, Hidden::Control, "STRING TERMINATOR"),
    HiddenRange(0x009D, 0x009D, Hidden::Control, "OPERATING SYSTEM COMMAND"),
    HiddenRange(0x009E, 0x009F, Hidden::Control, "CONTROL CHARACTER"),
    HiddenRange(0x00AD, 0x00AD, Hidden::Invisible, "SOFT HYPHEN"),
    HiddenRange(0x034F, 0x034F, Hidden::Invisible, "COMBINING GRAPHEME JOINER"),
    HiddenRange(0x061C, 0x061C, Hidden::Mark, "ARABIC LETTER MARK"),
    HiddenRange(0x115F, 0x115F, Hidden::Invisible, "HANGUL CHOSEONG FILLER"),
    HiddenRange(0x1160, 0x1160, Hidden::Invisible, "HANGUL JUNGSEONG FILLER"),
    HiddenRange(0x17B4, 0x17B4, Hidden::Invisible, "KHMER VOWEL INHERENT AQ"),
    HiddenRange(0x17B5, 0x17B5, Hidden::Invisible, "KHMER VOWEL INHERENT AA"),
    HiddenRange(0x180B, 0x180D, Hidden::Selector, "MONGOLIAN FREE VARIATION SELECTOR"),
    HiddenRange(0x180E, 0x180E, Hidden::Invisible, "MONGOLIAN VOWEL SEPARATOR"),
    HiddenRange(0x180F, 0x180F, Hidden::Selector, "MONGOLIAN FREE VARIATION SELECTOR FOUR"),
    HiddenRange(0x200B, 0x200B, Hidden::Invisible, "ZERO WIDTH SPACE"),
    HiddenRange(0x200C, 0x200C, Hidden::Joiner, "ZERO WIDTH NON-JOINER"),
    HiddenRange(0x200D, 0x200D, Hidden::Joiner, "ZERO WIDTH JOINER"),
    HiddenRange(0x200E, 0x200E, Hidden::Mark, "LEFT-TO-RIGHT MARK"),
    HiddenRange(0x200F, 0x200F, Hidden::Mark, "RIGHT-TO-LEFT MARK"),
    HiddenRange(0x2028, 0x2028, Hidden::Invisible, "LINE SEPARATOR"),
    HiddenRange(0x2029, 0x2029, Hidden::Invisible, "PARAGRAPH SEPARATOR"),
    HiddenRange(0x202A, 0x202A, Hidden::Bidi, "LEFT-TO-RIGHT EMBEDDING"),
    HiddenRange(0x202B, 0x202B, Hidden::Bidi, "RIGHT-TO-LEFT EMBEDDING"),
    HiddenRange(0x202C, 0x202C, Hidden::Bidi, "POP DIRECTIONAL FORMATTING"),
    HiddenRange(0x202D, 0x202D, Hidden::Bidi, "LEFT-TO-RIGHT OVERRIDE"),
    HiddenRange(0x202E, 0x202E, Hidden::Bidi, "RIGHT-TO-LEFT OVERRIDE"),
    HiddenRange(0x2060, 0x2060, Hidden::Invisible, "WORD JOINER"),
    HiddenRange(0x2061, 0x2061, Hidden::Invisible, "FUNCTION APPLICATION"),
    HiddenRange(0x2062, 0x2062, Hidden::Invisible, "INVISIBLE TIMES"),
    HiddenRange(0x2063, 0x2063, Hidden::Invisible, "INVISIBLE SEPARATOR"),
    HiddenRange(0x2064, 0x2064, Hidden::Invisible, "INVISIBLE PLUS"),
    HiddenRange(0x2065, 0x2065, Hidden::Unassigned, "UNASSIGNED"),
    HiddenRange(0x2066, 0x2066, Hidden::Bidi, "LEFT-TO-RIGHT ISOLATE"),
    HiddenRange(0x2067, 0x2067, Hidden::Bidi, "RIGHT-TO-LEFT ISOLATE"),
    HiddenRange(0x2068, 0x2068, Hidden::Bidi, "FIRST STRONG ISOLATE"),
    HiddenRange(0x2069, 0x2069, Hidden::Bidi, "POP DIRECTIONAL ISOLATE"),
    HiddenRange(0x206A, 0x206A, Hidden::Invisible, "INHIBIT SYMMETRIC SWAPPING"),
    HiddenRange(0x206B, 0x206B, Hidden::Invisible, "ACTIVATE SYMMETRIC SWAPPING"),
    HiddenRange(0x206C, 0x206C, Hidden::Invisible, "INHIBIT ARABIC FORM SHAPING"),
    HiddenRange(0x206D, 0x206D, Hidden::Invisible, "ACTIVATE ARABIC FORM SHAPING"),
    HiddenRange(0x206E, 0x206E, Hidden::Invisible, "NATIONAL DIGIT SHAPES"),
    HiddenRange(0x206F, 0x206F, Hidden::Invisible, "NOMINAL DIGIT SHAPES"),
    HiddenRange(0x2800, 0x2800, Hidden::Invisible, "BRAILLE PATTERN BLANK"),
    HiddenRange(0x3164, 0x3164, Hidden::Invisible, "HANGUL FILLER"),
    HiddenRange(0xE000, 0xF8FF, Hidden::PrivateUse, "PRIVATE USE"),
    HiddenRange(0xFDD0, 0xFDEF, Hidden::Noncharacter, "NONCHARACTER"),
    HiddenRange(0xFE00, 0xFE0F, Hidden::Selector, "VARIATION SELECTOR"),
    HiddenRange(0xFEFF, 0xFEFF, Hidden::Invisible, "ZERO WIDTH NO-BREAK SPACE"),
    HiddenRange(0xFFA0, 0xFFA0, Hidden::Invisible, "HALFWIDTH HANGUL FILLER"),
    HiddenRange(0xFFF0, 0xFFF8, Hidden::Unassigned, "UNASSIGNED"),
    HiddenRange(0xFFF9, 0xFFF9, Hidden::Invisible, "INTERLINEAR ANNOTATION ANCHOR"),
    HiddenRange(0xFFFA, 0xFFFA, Hidden::Invisible, "INTERLINEAR ANNOTATION SEPARATOR"),
    HiddenRange(0xFFFB, 0xFFFB, Hidden::Invisible, "INTERLINEAR ANNOTATION TERMINATOR"),
    HiddenRange(0x13430, 0x1343F, Hidden::Invisible, "EGYPTIAN HIEROGLYPH FORMAT CONTROL"),
    HiddenRange(0x16FE4, 0x16FE4, Hidden::Invisible, "KHITAN SMALL SCRIPT FILLER"),
    HiddenRange(0x1BCA0, 0x1BCA3, Hidden::Invisible, "SHORTHAND FORMAT CONTROL"),
    HiddenRange(0x1D159, 0x1D159, Hidden::Invisible, "MUSICAL SYMBOL NULL NOTEHEAD"),
    HiddenRange(0x1D173, 0x1D17A, Hidden::Invisible, "MUSICAL SYMBOL FORMAT CONTROL"),
    HiddenRange(0xE0000, 0xE0000, Hidden::Unassigned, "UNASSIGNED"),
    HiddenRange(0xE0001, 0xE0001, Hidden::Tag, "LANGUAGE TAG"),
    HiddenRange(0xE0002, 0xE001F, Hidden::Unassigned, "UNASSIGNED"),
    HiddenRange(0xE0020, 0xE007E, Hidden::Tag, "TAG CHARACTER"),
    HiddenRange(0xE007F, 0xE007F, Hidden::Tag, "CANCEL TAG"),
    HiddenRange(0xE0080, 0xE00FF, Hidden::Unassigned, "UNASSIGNED"),
    HiddenRange(0xE0100, 0xE01EF, Hidden::Selector, "VARIATION SELECTOR"),
    HiddenRange(0xE01F0, 0xE0FFF, Hidden::Unassigned, "UNASSIGNED"),
    HiddenRange(0xF0000, 0xFFFFD, Hidden::PrivateUse, "PRIVATE USE"),
    HiddenRange(0x100000, 0x10FFFD, Hidden::PrivateUse, "PRIVATE USE"),
];

/// Scripts whose letters join or stack, as ranges of code points: Arabic, Syriac, N'Ko and Mandaic; the Indic scripts from
/// Devanagari to Sinhala; Tibetan, Myanmar, Khmer, Mongolian, Balinese and their neighbors; Arabic presentation forms; Brahmi and
/// its descendants.
const JOINING: &[(u32, u32)] = &[
    (0x0620, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0F00, 0x109F),
    (0x1700, 0x18AF),
    (0x1900, 0x1CFF),
    (0xA800, 0xA8FF),
    (0xA980, 0xAAFF),
    (0xABC0, 0xABFF),
    (0xFB50, 0xFDCF),
    (0xFDF0, 0xFDFF),
    (0xFE70, 0xFEFC),
    (0x10A00, 0x10FFF),
    (0x11000, 0x11FFF),
    (0x1E900, 0x1E95F),
];

/// Viramas and other signs that make a conjunct (Indic_Syllabic_Category Virama, Invisible_Stacker and Pure_Killer).
const VIRAMAS: &[char] = &[
    '\u{94D}',
    '\u{9CD}',
    '\u{A4D}',
    '\u{ACD}',
    '\u{B4D}',
    '\u{BCD}',
    '\u{C4D}',
    '\u{CCD}',
    '\u{D4D}',
    '\u{DCA}',
    '\u{F84}',
    '\u{1039}',
    '\u{103A}',
    '\u{17D2}',
    '\u{1A60}',
    '\u{1B44}',
    '\u{A8C4}',
    '\u{A9C0}',
    '\u{11046}',
    '\u{110B9}',
    '\u{11133}',
    '\u{111C0}',
    '\u{1134D}',
];

/// Symbols with an emoji shape outside the block of emoji (emoji-data.txt, Extended_Pictographic and Emoji).
const EMOJI: &[(u32, u32)] = &[
    (0xA9, 0xA9),
    (0xAE, 0xAE),
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2194, 0x21AA),
    (0x231A, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25AA, 0x25FE),
    (0x2600, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B55),
    (0x3030, 0x3030),
    (0x303D, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1FAFF),
];

/// The tags that make a flag of WAVING BLACK FLAG: England, Scotland and Wales.
const FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];

/// What a character is, if it is hidden; `None` for all that a reader sees.
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

/// The name of a hidden character for messages: `U+202E RIGHT-TO-LEFT OVERRIDE`.
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

/// What the character at a byte offset of a text is, if it is hidden and not a regular part of the text around it.
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

/// The hidden characters of a text with their byte offsets, without line feeds, tabs and what is a regular part of the text.
pub fn find(text: &str) -> impl Iterator<Item = (usize, char, Hidden)> {
    text.char_indices()
        .filter(|(_, c)| !matches!(c, '\n' | '\t' | ' '..='~'))
        .filter_map(|(at, c)| hidden_at(text, at).map(|kind| (at, c, kind)))
}

/// Whether what a text opens with bidi controls is closed in it, in order and within the same line.
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

/// Every character that the table lists: all of the short rows, and the ends of the long ones. For tests of what uses the table.
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

/// Whether the standard library's version of Unicode has no such character. `str::escape_debug` escapes what is not printable;
/// behind a letter it leaves combining marks alone.
fn is_unassigned(c: char) -> bool {
    let mut text = String::from("a");
    text.push(c);
    // Format characters and spaces are not printable, either: those that are not in the table are visible.
    !c.is_whitespace() && !is_visible_format(c) && text.escape_debug().nth(1) == Some('\\') && c != '\'' && c != '"'
}

/// Format characters that have a shape: signs of Arabic, Syriac and Kaithi numbers.
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

/// Whether a joiner is between what it may join.
fn joins(joiner: char, before: &str, after: &str) -> bool {
    let (Some(last), next) = (before.chars().next_back(), after.chars().next()) else { return false };
    let shape = VIRAMAS.contains(&last) && next.is_none_or(|next| hidden(next).is_none());
    let letters = is_joining(last) && next.is_some_and(is_joining);
    let base = match last {
        // The emoji before its selector.
        '\u{FE0F}' => before.chars().rev().nth(1),
        other => Some(other),
    };
    shape || letters || (joiner == '\u{200D}' && base.is_some_and(is_emoji) && next.is_some_and(is_emoji))
}

/// Whether a selector follows what it has shapes for.
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

/// Whether the tag at a byte offset is part of a flag.
fn is_flag(text: &str, at: usize) -> bool {
    const FLAG: char = '\u{1F3F4}';
    const CANCEL: char = '\u{E007F}';
    const LENGTH: usize = 6;
    // Four bytes for each tag.
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
    fn the_table_is_in_order_and_has_no_overlaps() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 <= pair[0].1 && pair[0].1 < pair[1].0, "{:X} and {:X}", pair[0].0, pair[1].0);
        }
        assert!(samples().all(|c| hidden(c).is_some()));
        assert!(samples().count() > 500, "{}", samples().count());
    }

    #[test]
    fn everything_that_the_standard_library_does_not_print_is_known() {
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
    fn honest_text_passes() {
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
    fn characters_that_hide_are_found_wherever_they_do_not_belong() {
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
        // Nothing that is hidden in itself passes between ASCII letters.
        for c in samples().filter(|c| !matches!(c, '\n' | '\t')) {
            assert_eq!(found(&format!("a{c}b")).len(), 1, "{c:?}");
        }
    }

    #[test]
    fn what_is_opened_must_be_closed_on_its_line() {
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
