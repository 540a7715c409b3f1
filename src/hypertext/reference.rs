//! Decodes character references in attribute values (WHATWG HTML, section 13.2.5.72).

use std::borrow::Cow;

use crate::markdown;

/// Decodes a value. References that do not exist are kept as they are written.
pub(super) fn decode(value: &str) -> Cow<'_, str> {
    let Some(first) = value.find('&') else { return Cow::Borrowed(value) };
    let mut decoded = String::with_capacity(value.len());
    decoded.push_str(&value[..first]);
    let mut rest = &value[first..];
    while let Some(after) = rest.strip_prefix('&') {
        match reference(after) {
            Some((text, length)) => {
                decoded.push_str(&text);
                rest = &after[length..];
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
        let next = rest.find('&').unwrap_or(rest.len());
        decoded.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(decoded)
}

/// Returns the text of a reference and its length, without the `&`.
fn reference(after: &str) -> Option<(Cow<'static, str>, usize)> {
    for (name, text) in [("amp;", "&"), ("quot;", "\""), ("lt;", "<"), ("gt;", ">"), ("apos;", "'")] {
        if after.starts_with(name) {
            return Some((text.into(), name.len()));
        }
    }
    if let Some(number) = after.strip_prefix('#') {
        return numeric(number).map(|(character, length)| (character.to_string().into(), length + 1));
    }
    let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
    if after[end..].starts_with(';') {
        return markdown::character_reference(&after[..end]).map(|text| (text.into(), end + 1));
    }
    // For historical reasons, some names need no semicolon, but not before `=` or a letter.
    let legacy = [("amp", "&"), ("quot", "\""), ("lt", "<"), ("gt", ">")];
    let legacy = legacy.into_iter().find(|(name, _)| *name == &after[..end] && !after[end..].starts_with('='));
    legacy.map(|(_, text)| (text.into(), end))
}

/// Returns the character of a numeric reference and its length, without `&#`.
fn numeric(number: &str) -> Option<(char, usize)> {
    let (digits, radix, prefix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (number, 10, 0),
    };
    let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let semicolon = usize::from(digits[end..].starts_with(';'));
    let code = digits.get(..end).filter(|digits| !digits.is_empty())?;
    let character = u32::from_str_radix(code, radix).ok().and_then(char::from_u32).filter(|c| *c != '\0');
    Some((character.unwrap_or('\u{FFFD}'), prefix + end + semicolon))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_all_kinds_of_references() {
        for (value, expected) in [
            ("a?b=1&amp;c=2", "a?b=1&c=2"),
            ("&#x2F;&#47;&#X2f", "///"),
            ("B&uuml;cher&nbsp;1", "Bücher\u{A0}1"),
            ("?a&copy=1&unknown;&", "?a&copy=1&unknown;&"),
            ("?a&lt=1&amp&lt", "?a&lt=1&<"),
            ("&#;&#x;&#0;&#xD800;&#x110000;", "&#;&#x;\u{FFFD}\u{FFFD}\u{FFFD}"),
        ] {
            assert_eq!(decode(value), expected, "{value}");
        }
    }
}
