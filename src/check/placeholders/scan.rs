//! Finds placeholders in a string.

use std::ops::Range;

use crate::model::web::{is_reserved, is_within};

/// A placeholder in a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Byte range in the string.
    pub range: Range<usize>,
    pub kind: FoundKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoundKind {
    /// An email or web address that does not exist.
    Address,
    /// A word that marks unfinished text, such as `TODO`, or filler text.
    Word,
    /// A remark such as `(fictional)`.
    Marker,
    /// An instruction or a name in brackets, such as `[Add a date]`.
    Phrase,
}

/// How a string is written, and whether `todo` in lower case is a marker in its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Plain { todo: bool },
    Markdown { todo: bool },
}

/// Names in place of which a company's own is meant, as part of a domain.
const STAND_INS: [&str; 6] =
    ["yourcompany", "your-company", "yourdomain", "your-domain", "yourorganization", "your-organization"];
/// Words in brackets that begin an instruction.
const INSTRUCTIONS: [&str; 11] =
    ["add", "insert", "enter", "fill", "replace", "describe", "specify", "provide", "your", "put", "state"];
/// Words in brackets in place of which a value is meant.
const NOUNS: [&str; 24] = [
    "address",
    "company",
    "company name",
    "contact",
    "country",
    "date",
    "email",
    "email address",
    "full name",
    "legal name",
    "link",
    "name",
    "name of company",
    "number",
    "organization",
    "organization name",
    "phone",
    "phone number",
    "placeholder",
    "product",
    "product name",
    "title",
    "url",
    "website",
];
/// Names of HTML elements, which a text about the web may mention in angle brackets.
const ELEMENTS: [&str; 24] = [
    "a", "b", "base", "body", "br", "button", "code", "div", "em", "embed", "form", "head", "html", "i", "iframe",
    "img", "input", "link", "meta", "object", "p", "script", "span", "style",
];
/// The maximum length of a phrase in brackets, in bytes.
const MAX_PHRASE: usize = 80;

/// Returns the placeholders of a string, in its order.
pub(super) fn find(text: &str, kind: TextKind) -> Vec<Found> {
    let (TextKind::Plain { todo } | TextKind::Markdown { todo }) = kind;
    let mut found = addresses(text);
    words(text, todo, &mut found);
    for (at, open) in text.match_indices(['(', '[', '<', '{', '$']) {
        let phrase = match open {
            "(" => marker(&text[at..]).map(|length| (length, FoundKind::Marker)),
            "[" => bracket(&text[at..]).map(|length| (length, FoundKind::Phrase)),
            "<" => angle(text, at, kind).map(|length| (length, FoundKind::Phrase)),
            "{" => enclosed(&text[at..], "{{", "}}").map(|(length, _)| (length, FoundKind::Phrase)),
            _ => variable(&text[at..]).map(|length| (length, FoundKind::Phrase)),
        };
        found.extend(phrase.map(|(length, kind)| Found { range: at..at + length, kind }));
    }
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    // Of `[TODO]`, the brackets and the word are one placeholder.
    let mut end = 0;
    found.retain(|found| {
        let is_new = found.range.start >= end;
        end = end.max(found.range.end);
        is_new
    });
    found
}

/// Finds example addresses. A name such as `unit.test` is an address only after `@`, `//` or `www.`.
fn addresses(text: &str) -> Vec<Found> {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_host(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        at += bytes[start..].iter().take_while(|byte| is_host(**byte)).count();
        // The period at the end of a sentence is not part of a name.
        let host = text[start..at].trim_end_matches(['.', '-']).to_ascii_lowercase();
        let (before, end) = (&text[..start], start + host.len());
        let is_mail = before.ends_with('@');
        let is_url = before.ends_with("//");
        let is_domain = ["example.com", "example.net", "example.org"].iter().any(|domain| is_within(&host, domain));
        let is_example = is_domain
            || (is_mail || is_url || host.starts_with("www.")) && is_reserved(&host)
            || host.contains('.') && host.split('.').any(|label| STAND_INS.contains(&label));
        if is_example {
            let local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
            let scheme = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b':';
            let length = match (is_mail, is_url) {
                (true, _) => 1 + before[..start - 1].bytes().rev().take(64).take_while(local).count(),
                (_, true) => 2 + before[..start - 2].bytes().rev().take(8).take_while(scheme).count(),
                _ => 0,
            };
            found.push(Found { range: start - length..end, kind: FoundKind::Address });
        }
    }
    found
}

/// Finds words that mark unfinished text, and filler text.
fn words(text: &str, todo: bool, found: &mut Vec<Found>) {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut before: Option<Range<usize>> = None;
    let mut rest = 0;
    while let Some(start) = text[rest..].find(is_word).map(|at| rest + at) {
        let end = start + text[start..].find(|c: char| !is_word(c)).unwrap_or(text.len() - start);
        let word = &text[start..end];
        let is_marker = match word {
            "TODO" | "PLACEHOLDER" => true,
            _ if word.len() >= 3 && (word.bytes().all(|b| b == b'X') || word.bytes().all(|b| b == b'x')) => true,
            _ if ["fixme", "tbd", "changeme"].iter().any(|marker| word.eq_ignore_ascii_case(marker)) => true,
            // As a word in a sentence, it may be the name of a list.
            _ => todo && word.eq_ignore_ascii_case("todo") && (word == text.trim() || text[end..].starts_with(':')),
        };
        let is_filler = word.eq_ignore_ascii_case("ipsum");
        if is_marker {
            found.push(Found { range: start..end, kind: FoundKind::Word });
        } else if let Some(lorem) =
            before.filter(|lorem| is_filler && text[lorem.clone()].eq_ignore_ascii_case("lorem"))
        {
            found.push(Found { range: lorem.start..end, kind: FoundKind::Word });
        }
        before = Some(start..end);
        rest = end;
    }
}

/// Returns the length of a remark such as `(fictional)` at the start of the text.
fn marker(text: &str) -> Option<usize> {
    let (length, inside) = enclosed(text, "(", ")")?;
    let first = inside.split_whitespace().next()?.to_lowercase();
    ["fictional", "fictitious", "placeholder", "dummy"].contains(&first.as_str()).then_some(length)
}

/// Returns the length of a phrase in brackets at the start of the text, unless the brackets are part of a link.
fn bracket(text: &str) -> Option<usize> {
    let (length, inside) = enclosed(text, "[", "]")?;
    let is_link = text[length..].starts_with(['(', '[', ':']);
    (!is_link && is_phrase(inside)).then_some(length)
}

/// Returns the length of a phrase in angle brackets. Markdown reports HTML, and `\<` is a `<` that is meant, so there only what
/// cannot be HTML is a placeholder.
fn angle(text: &str, at: usize, kind: TextKind) -> Option<usize> {
    let (length, inside) = enclosed(&text[at..], "<", ">")?;
    let inside = inside.trim();
    let is_ellipsis = ["…", "..."].contains(&inside);
    let is_name = || {
        let first = inside.split([' ', '-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        inside.starts_with(|c: char| c.is_alphabetic())
            && inside.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            && !ELEMENTS.contains(&first.as_str())
            // `List<String>` is a type.
            && !text[..at].ends_with(|c: char| c.is_alphanumeric())
    };
    let is_placeholder = match kind {
        TextKind::Plain { .. } => is_ellipsis || is_name(),
        TextKind::Markdown { .. } => is_ellipsis || is_phrase(inside),
    };
    is_placeholder.then_some(length)
}

/// Returns the length of a variable such as `${NAME}` at the start of the text.
fn variable(text: &str) -> Option<usize> {
    let (length, name) = enclosed(text, "${", "}")?;
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)).then_some(length)
}

/// Returns the length of a short text between two marks at the start of `text`, and what is between them.
fn enclosed<'a>(text: &'a str, open: &str, close: &str) -> Option<(usize, &'a str)> {
    let inside = text.strip_prefix(open)?;
    let mut limit = inside.len().min(MAX_PHRASE);
    while !inside.is_char_boundary(limit) {
        limit -= 1;
    }
    let end = inside[..limit].find(close)?;
    let between = &inside[..end];
    let is_one = !between.trim().is_empty() && !between.contains(open) && !between.contains("\n\n");
    is_one.then(|| (open.len() + end + close.len(), between))
}

/// Returns whether text in brackets is an instruction, or the name of what to write there.
fn is_phrase(inside: &str) -> bool {
    // Markdown escapes brackets with a backslash.
    let inside = inside.trim_end_matches('\\').trim();
    let words: Vec<String> =
        inside.split([' ', '\n', '_']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let Some(first) = words.first() else { return false };
    let is_instruction = words.len() > 1 && INSTRUCTIONS.contains(&first.as_str());
    let is_noun = NOUNS.contains(&words.join(" ").replacen("isation", "ization", 1).as_str());
    let is_in_capitals = words.len() > 1 && inside.chars().all(|c| c.is_uppercase() || matches!(c, ' ' | '_' | '-'));
    is_instruction || is_noun || is_in_capitals
}

#[cfg(test)]
mod tests {
    use super::{TextKind, find};

    fn found(text: &str, kind: TextKind) -> Vec<&str> {
        find(text, kind).into_iter().map(|found| &text[found.range]).collect()
    }

    const PLAIN: TextKind = TextKind::Plain { todo: true };
    const MARKDOWN: TextKind = TextKind::Markdown { todo: true };

    #[test]
    fn finds_each_kind_of_placeholder() {
        for text in [
            "example.com",
            "trust.example.org",
            "privacy@example.net",
            "dpo@acme.example",
            "https://acme.test",
            "http://localhost",
            "www.acme.invalid",
            "https://www.your-company.com",
            "info@yourdomain.de",
            "TODO",
            "FIXME",
            "TBD",
            "tbd",
            "XXX",
            "XXXXX",
            "Todo",
            "lorem ipsum",
            "Lorem\u{a0}Ipsum",
            "(fictional)",
            "(Fictional company)",
            "[Add a date]",
            "[your company]",
            "[COMPANY NAME]",
            "[organization name]",
            "[Company_Name]",
            "[date]",
            "<company>",
            "<your-name>",
            "<…>",
            "{{ company }}",
            "${COMPANY}",
        ] {
            for around in ["_", "a _ b", "(_)", "a: _.", "_, b"] {
                if around != "_" && text == "Todo" {
                    continue;
                }
                assert_eq!(found(&around.replace('_', text), PLAIN), [text], "{around}");
            }
        }
        assert_eq!(found("todo: describe\nTODO (who?) <...>", MARKDOWN), ["todo", "TODO", "<...>"]);
        assert_eq!(found("\\[Add a date\\] \\<insert name\\>", MARKDOWN), ["[Add a date\\]", "<insert name\\>"]);
        assert_eq!(
            found("<mailto:a@example.com> (https://b.example/c?d)", MARKDOWN),
            ["a@example.com", "https://b.example"]
        );
    }

    #[test]
    fn ordinary_text_is_not_a_placeholder() {
        for text in [
            "What to do, and a to-do list, and todo lists",
            "an example, for example: this",
            "unit.test and main.example",
            "https://contest.com and a@latest.io and best.example-company.com",
            "https://examples.com, https://myexample.com, example.community",
            "[the policy](https://acme.com) [Add a site](https://acme.com) [Your data][b]",
            "[b]: https://acme.com [^1] [x] [ ] [sic] [1] [EU] [ISO 27001] […] [add-on] [Add]",
            "status 5xx, size XXL, XX, Roman XXI",
            "a < b > c, x << y, List<String>, <script>, <a href>, <https://acme.com>, <dpo@acme.com>",
            "{n} {name} $5 ${ } {{}} {{ }}",
            "(a fictional person) (example) fictional",
            "Lorem is a word, ipsum too",
        ] {
            assert_eq!(found(text, PLAIN), [""; 0]);
            assert_eq!(found(text, MARKDOWN), [""; 0]);
        }
        assert_eq!(found("acceso a todo: datos", TextKind::Plain { todo: false }), [""; 0]);
        assert_eq!(found("write \\<head\\> or <b>", MARKDOWN), [""; 0]);
    }
}
