//! Hidden characters that are written as percent-encoding or as HTML character references.
//!
//! An address is displayed decoded, and some programs decode twice, so nested escapes are decoded, too.

use std::ops::Range;

use super::{Hidden, hidden_at};

/// The maximum number of nested escapes, such as `%25E2`. Each level costs one pass.
const MAX_LEVELS: usize = 4;

/// Named character references of hidden characters, and of the characters that escapes consist of (HTML, section 13.5).
const NAMED: &[(&str, char)] = &[
    ("amp;", '&'),
    ("AMP;", '&'),
    ("num;", '#'),
    ("percnt;", '%'),
    ("semi;", ';'),
    ("shy;", '\u{AD}'),
    ("lrm;", '\u{200E}'),
    ("rlm;", '\u{200F}'),
    ("zwj;", '\u{200D}'),
    ("zwnj;", '\u{200C}'),
    ("ZeroWidthSpace;", '\u{200B}'),
    ("NegativeVeryThinSpace;", '\u{200B}'),
    ("NegativeThinSpace;", '\u{200B}'),
    ("NegativeMediumSpace;", '\u{200B}'),
    ("NegativeThickSpace;", '\u{200B}'),
    ("NoBreak;", '\u{2060}'),
    ("af;", '\u{2061}'),
    ("ApplyFunction;", '\u{2061}'),
    ("it;", '\u{2062}'),
    ("InvisibleTimes;", '\u{2062}'),
    ("ic;", '\u{2063}'),
    ("InvisibleComma;", '\u{2063}'),
];

/// A decoded character and its escape in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DecodedChar {
    character: char,
    /// Its byte range in the text.
    range: Range<usize>,
    /// Whether it is written as an escape.
    escaped: bool,
}

/// Finds escapes of hidden characters in text, with their byte ranges. Omits characters that are a regular part of the decoded
/// text, and those that are not about appearance: controls such as `%0D%0A` have a meaning in addresses.
pub fn find_escaped(text: &str) -> Vec<(Range<usize>, char, Hidden)> {
    if !text.contains(['%', '&']) {
        return Vec::new();
    }
    let mut chars: Vec<DecodedChar> = text
        .char_indices()
        .map(|(at, character)| DecodedChar { character, range: at..at + character.len_utf8(), escaped: false })
        .collect();
    for _ in 0..MAX_LEVELS {
        let length = chars.len();
        chars = references(&percent_encoded(&chars));
        if chars.len() == length {
            break;
        }
    }
    let decoded: String = chars.iter().map(|one| one.character).collect();
    chars
        .iter()
        .zip(decoded.char_indices())
        .filter(|(one, _)| one.escaped && !one.character.is_ascii())
        .filter_map(|(one, (at, _))| Some((one.range.clone(), one.character, hidden_at(&decoded, at)?)))
        .filter(|(.., kind)| kind.is_about_appearance())
        .collect()
}

/// Decodes percent-encoding. Bytes that are not UTF-8 stay as they are.
fn percent_encoded(chars: &[DecodedChar]) -> Vec<DecodedChar> {
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let Some(first) = byte(&chars[at..]) else {
            out.push(chars[at].clone());
            at += 1;
            continue;
        };
        let length = match first {
            0..=0x7F => 1,
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 0,
        };
        let bytes: Vec<u8> = (0..length).map_while(|nth| byte(chars.get(at + 3 * nth..)?)).collect();
        match std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            Some(character) if bytes.len() == length => {
                let last = at + 3 * length;
                out.push(DecodedChar { character, range: range(&chars[at..last]), escaped: true });
                at = last;
            }
            _ => {
                out.push(chars[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// Returns the byte of an escape such as `%E2`.
fn byte(chars: &[DecodedChar]) -> Option<u8> {
    let [percent, high, low, ..] = chars else { return None };
    let digit = |one: &DecodedChar| one.character.to_digit(16);
    (percent.character == '%').then_some(())?;
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// Decodes character references. The semicolon of a numeric one may be missing, as in browsers.
fn references(chars: &[DecodedChar]) -> Vec<DecodedChar> {
    let mut out = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let decoded = (chars[at].character == '&').then(|| numeric(&chars[at..]).or_else(|| named(&chars[at..])));
        match decoded.flatten() {
            Some((character, length)) => {
                out.push(DecodedChar { character, range: range(&chars[at..at + length]), escaped: true });
                at += length;
            }
            None => {
                out.push(chars[at].clone());
                at += 1;
            }
        }
    }
    out
}

fn numeric(chars: &[DecodedChar]) -> Option<(char, usize)> {
    let at = |index: usize| chars.get(index).map(|one| one.character);
    if at(1) != Some('#') {
        return None;
    }
    let (radix, start) = if matches!(at(2), Some('x' | 'X')) { (16, 3) } else { (10, 2) };
    let (mut code, mut end) = (0_u32, start);
    while let Some(digit) = at(end).and_then(|c| c.to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    let character = (end > start).then(|| char::from_u32(code)).flatten()?;
    Some((character, end + usize::from(at(end) == Some(';'))))
}

fn named(chars: &[DecodedChar]) -> Option<(char, usize)> {
    let follows = |name: &str| name.chars().zip(chars.get(1..)?).all(|(c, one)| c == one.character).then_some(());
    NAMED.iter().find_map(|(name, character)| {
        let length = name.len() + 1;
        (chars.len() >= length).then_some(())?;
        follows(name)?;
        Some((*character, length))
    })
}

fn range(chars: &[DecodedChar]) -> Range<usize> {
    chars.first().map_or(0, |one| one.range.start)..chars.last().map_or(0, |one| one.range.end)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::find_escaped;
    use crate::text::hidden::{Hidden, hidden};

    fn found(text: &str) -> Vec<(&str, char)> {
        find_escaped(text).into_iter().map(|(range, c, _)| (&text[range], c)).collect()
    }

    /// Returns the spellings of a character.
    fn spellings(c: char) -> Vec<String> {
        let code = u32::from(c);
        let percent: String = c.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reference = format!("&#x{code:x};");
        vec![
            percent.to_lowercase(),
            percent.replace('%', "%25"),
            percent.replace('%', "%2525"),
            percent.replace('%', "&percnt;"),
            percent.replace('%', "&#37;"),
            reference.replace("&#", "&amp;#"),
            reference.replace("&#", "%26%23"),
            reference.replace('&', "&amp;amp;"),
            format!("&#X{code:06X};"),
            format!("&#{code};"),
            format!("&#{code:09}"),
            percent,
            reference,
        ]
    }

    #[test]
    fn finds_every_spelling_of_every_character() {
        let mut checked = 0;
        for c in samples().filter(|c| !c.is_ascii() && hidden(*c).is_some_and(Hidden::is_about_appearance)) {
            for written in spellings(c) {
                let text = format!("https://a.example/é{written}/z?q=%20#100%&amp;");
                assert_eq!(found(&text), [(written.as_str(), c)], "{text}");
                checked += 1;
            }
        }
        assert!(checked > 1_000, "{checked}");
    }

    #[test]
    fn finds_named_references() {
        for (text, c) in [("a&lrm;b", '\u{200E}'), ("&ZeroWidthSpace;", '\u{200B}'), ("a&amp;shy;", '\u{AD}')] {
            assert_eq!(found(text).iter().map(|(_, c)| *c).collect::<Vec<_>>(), [c], "{text}");
        }
    }

    #[test]
    fn ignores_what_is_regular_or_not_an_escape() {
        for text in [
            "100%",
            "%",
            "%E2%80",
            "%E2%80%",
            "%C3%28",
            "a%20b%2Fc",
            "mailto:a@example.com?body=a%0D%0Ab",
            "&",
            "&#;",
            "&#x;",
            "&#x110000;",
            "&#99999999999;",
            "&copy;&reg",
            "AT&T",
            "https://fa.wikipedia.org/wiki/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85",
            "%E2%9D%A4%EF%B8%8F",
            "\u{202E}%41",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn takes_time_in_proportion_to_the_length() {
        for part in ["%", "%25", "&", "&amp;", "%E2", "&#x", "&#1"] {
            let text = part.repeat(200_000);
            assert!(found(&text).is_empty());
        }
    }
}
