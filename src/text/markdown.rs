//! Escapes text for Markdown: CommonMark and GitHub's extensions.
//!
//! Names and other values of the content are not Markdown. Escaped text reads the same wherever it is inserted: at the start of a
//! block, within a line, in a heading, in a table cell and in a link. It never becomes a link, an image, HTML or emphasis, and never
//! mentions an account on GitHub or GitLab. Email addresses and mentions are written as code, because GitHub and GitLab look for them
//! after resolving escapes and character references.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::one_line;

/// Returns the text in one line, escaped. Control characters are removed.
pub fn escape(text: &str) -> String {
    let printable: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    let line = one_line(&printable);
    let marker = block_marker(&line);
    // Trailing `#` signs would close a heading.
    let closing = line.trim_end_matches('#').len();
    let mut escaped = String::with_capacity(line.len() + 16);
    let mut at = 0;
    // Where the last code span ends: code that follows directly belongs into the same span, because two spans would merge.
    let mut code_end = usize::MAX;
    let mut push_code = |escaped: &mut String, code: &str| {
        if escaped.len() == code_end {
            escaped.pop();
        } else {
            escaped.push('`');
        }
        escaped.push_str(code);
        escaped.push('`');
        code_end = escaped.len();
    };
    while let Some(character) = line[at..].chars().next() {
        let (before, after) = (&line[..at], &line[at + character.len_utf8()..]);
        if let Some(address) = email_address(before, &line[at..]) {
            push_code(&mut escaped, address);
            at += address.len();
            continue;
        }
        if character == '@'
            && let Some(mention) = mention(before, after)
        {
            // Mentions are recognized after escapes and character references are resolved, but not in code.
            push_code(&mut escaped, &format!("@{mention}"));
            at += 1 + mention.len();
            continue;
        }
        if let Some(reference) = reference(before, &line[at..]) {
            push_code(&mut escaped, reference);
            at += reference.len();
            continue;
        }
        if marker == Some(at) || at >= closing || is_special(character, before, after) {
            escaped.push('\\');
        }
        escaped.push(character);
        at += character.len_utf8();
    }
    escaped
}

/// Returns a link to an address of the site or the web, with escaped text.
pub fn link(text: &str, address: &str) -> String {
    /// Characters that would end the destination or a table cell.
    const DESTINATION: &AsciiSet =
        &CONTROLS.add(b' ').add(b'<').add(b'>').add(b'(').add(b')').add(b'\\').add(b'|').add(b'`').add(b'"');
    let encoded = utf8_percent_encode(address, DESTINATION).to_string();
    let mut destination = String::with_capacity(encoded.len());
    for (at, part) in encoded.split('&').enumerate() {
        // `&copy;` would be a character reference, in a destination as well.
        let name = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(part.len());
        let ampersand = match at {
            0 => "",
            _ if part[name..].starts_with(';') => "&amp;",
            _ => "&",
        };
        destination.push_str(ampersand);
        destination.push_str(part);
    }
    format!("[{}]({destination})", escape(text))
}

/// Returns whether a character has a meaning in Markdown between `before` and `after`.
fn is_special(character: char, before: &str, after: &str) -> bool {
    match character {
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~' | '$' => true,
        // Could start a character reference.
        '&' => after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#'),
        // GitHub turns `https://…` and `www.…` into links.
        ':' => after.starts_with("//"),
        '.' => {
            let word = before.rfind(|c: char| !c.is_alphanumeric()).map_or(before, |at| &before[at..]);
            word.trim_start_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case("www")
        }
        // Would turn a following link into an image.
        '!' => after.is_empty(),
        // Could end the attributes of a heading: `{#id}`.
        '}' => after.is_empty(),
        _ => false,
    }
}

/// Returns the offset of a marker that would begin a heading, a quote or a list, or underline a heading: `#`, `>`, `-`, `+`, `=`,
/// or the delimiter in `1.` and `1)`.
fn block_marker(line: &str) -> Option<usize> {
    if line.starts_with(['#', '>', '-', '+', '=']) {
        return Some(0);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    (digits > 0 && (rest.is_empty() || rest.starts_with(' '))).then_some(digits)
}

/// Returns the name of the user or team that an `@` between `before` and `after` would mention, such as `acme/security`. The host
/// of an email address is not a mention.
fn mention<'a>(before: &str, after: &'a str) -> Option<&'a str> {
    let in_word = before.ends_with(|c: char| c.is_alphanumeric());
    if in_word || !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !"_-./@".contains(c)).unwrap_or(after.len());
    Some(after[..end].trim_end_matches(['.', '-', '/']))
}

/// Returns the reference to an issue or a merge request at the start of `text`: `#1`, `!1` or `GH-1`. In the description of a
/// pull request, "fixes #1" closes an issue.
fn reference<'a>(before: &str, text: &'a str) -> Option<&'a str> {
    let sign = match text.get(..3) {
        Some(sign) if sign.eq_ignore_ascii_case("gh-") && !before.ends_with(char::is_alphanumeric) => 3,
        _ if text.starts_with(['#', '!']) => 1,
        _ => return None,
    };
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| &text[..sign + digits])
}

/// Returns the email address at the start of `text`, unless `before` ends within a word. GitHub turns email addresses into links,
/// except in code.
fn email_address<'a>(before: &str, text: &'a str) -> Option<&'a str> {
    let local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    if before.ends_with(local) || !text.starts_with(local) {
        return None;
    }
    let at = text.find(|c| !local(c)).filter(|at| text[*at..].starts_with('@'))?;
    let end = text[at..].find(|c| !local(c) && !matches!(c, '@' | '/')).map_or(text.len(), |end| at + end);
    let address = text[..end].trim_end_matches(['.', '-', '+', '/', '@']);
    (address.len() > at + 1).then_some(address)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

    use super::{escape, link};
    use crate::text::one_line;

    #[test]
    fn escapes_markup() {
        assert_eq!(escape("a|b *c*\n<script>"), "a\\|b \\*c\\* \\<script>");
        assert_eq!(escape("R&D & &lt;"), "R\\&D & \\&lt;");
        assert_eq!(escape("- no list"), "\\- no list");
        assert_eq!(escape("a*b <i> \u{1b}[0m"), "a\\*b \\<i> \\[0m");
        assert_eq!(["1. a", "12)", "1.5 GB", "2026-05-22"].map(escape), ["1\\. a", "12\\)", "1.5 GB", "2026-05-22"]);
        assert_eq!(
            ["C {#id}", "C ##", "C#", "# C", "> c"].map(escape),
            ["C {#id\\}", "C \\#\\#", "C\\#", "\\# C", "\\> c"]
        );
    }

    #[test]
    fn escapes_addresses() {
        assert_eq!(escape("see https://evil.example"), "see https\\://evil.example");
        assert_eq!(escape("(WWW.evil.example)"), "(WWW\\.evil.example)");
        assert_eq!(escape("awww. no"), "awww. no");
        assert_eq!(escape("[click](https://evil.example) *x*"), "\\[click\\](https\\://evil.example) \\*x\\*");
    }

    #[test]
    fn writes_mentions_and_email_addresses_as_code() {
        assert_eq!(escape("@team, @acme/sec-ops."), "`@team`, `@acme/sec-ops`.");
        assert_eq!(escape("privacy@example.com, @ noon"), "`privacy@example.com`, @ noon");
        assert_eq!(escape("a.b+c@d.example@e/f. x@ @"), "`a.b+c@d.example@e/f`. x@ @");
    }

    #[test]
    fn writes_references_to_issues_as_code() {
        assert_eq!(escape("fixes #12, acme/site#3, GH-4, group!5"), "fixes `#12`, acme/site`#3`, `GH-4`, group`!5`");
        assert_eq!(escape("# 1, C#, HIGH-4"), "\\# 1, C#, HIGH-4");
        assert_eq!(escape("#1"), "`#1`");
        assert_eq!(escape("@team!0#1 `!2"), "`@team!0#1` \\``!2`");
    }

    #[test]
    fn link_keeps_its_destination_and_text() {
        for (address, expected) in [
            ("a b(c).pdf", "a%20b%28c%29.pdf"),
            ("https://a.example/?x=1&copy=2#d", "https://a.example/?x=1&copy=2#d"),
            ("a?b&amp;c", "a?b&amp;c"),
            ("a\\b|<c>", "a%5Cb%7C%3Cc%3E"),
        ] {
            let text = format!("| {} |\n| --- |\n| {} |\n", "h", link("[t]!", address));
            let (mut target, mut words) = (String::new(), String::new());
            for event in Parser::new_ext(&text, github()) {
                match event {
                    Event::Start(Tag::Link { dest_url, .. }) => {
                        target = dest_url.into_string();
                        words.clear();
                    }
                    Event::Text(text) => words.push_str(&text),
                    _ => {}
                }
            }
            assert_eq!((target.as_str(), words.as_str()), (expected, "[t]!"));
        }
    }

    /// GitHub's dialect, and extensions of other programs.
    fn github() -> Options {
        Options::all()
            - Options::ENABLE_SMART_PUNCTUATION
            - Options::ENABLE_OLD_FOOTNOTES
            - Options::ENABLE_SUPERSCRIPT
            - Options::ENABLE_SUBSCRIPT
            - Options::ENABLE_DEFINITION_LIST
    }

    /// Returns the text of the only block with text, or an unexpected event.
    fn words(document: &str, block: TagEnd) -> Result<String, String> {
        let mut words = String::new();
        let mut inside = false;
        for event in Parser::new_ext(document, github()) {
            match event {
                Event::Start(tag) if tag.to_end() == block => inside = true,
                Event::End(tag) if tag == block => inside = false,
                Event::Text(text) if inside => words.push_str(&text),
                // The table header.
                Event::Text(head) if *head == *"h" => {}
                // A mention, an email address or a reference to an issue.
                Event::Code(code) if inside && code.contains(['@', '#', '!']) => words.push_str(&code),
                Event::Start(Tag::Heading { id: None, ref classes, ref attrs, .. })
                    if classes.is_empty() && attrs.is_empty() => {}
                Event::Start(
                    Tag::Paragraph
                    | Tag::List(None)
                    | Tag::Item
                    | Tag::Table(_)
                    | Tag::TableHead
                    | Tag::TableRow
                    | Tag::TableCell,
                )
                | Event::End(_) => {}
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(words)
    }

    /// Generates text with characters that matter in Markdown.
    fn texts() -> impl Strategy<Value = String> {
        let marks = "[-+*_`~#>|!&<\\[\\](){}:.=$^\\\\@/\"' \n0-9a-c]";
        let words = prop::sample::select(vec![
            "www.",
            "http://",
            "https://a.b",
            "&amp;",
            "&#64;",
            "<b>",
            "<!--",
            "-->",
            "[x]",
            "[^1]",
            "[a]: b",
            "](",
            "1. ",
            "---",
            "===",
            "```",
            "@team",
            "a@b.example",
            "@a/b",
            "$$",
            "~~",
            "**",
            ":::",
            "+++",
            "{#id}",
            "{.c}",
            "| - |",
            "[ ] ",
            "!",
            "<https://a.b>",
            "\u{2028}",
            "\u{0}",
            "\u{feff}",
            "é",
            "漢",
        ]);
        let part = prop_oneof![3 => marks.prop_map(String::from), 1 => words.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
        prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
    }

    /// Returns the text that a reader should see.
    fn shown(text: &str) -> String {
        let printable: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
        one_line(&printable)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn escaped_text_reads_unchanged(text in texts()) {
            let escaped = escape(&text);
            for (before, after, block, words_before) in [
                ("", "", TagEnd::Paragraph, ""),
                ("before ", "", TagEnd::Paragraph, "before "),
                ("- ", "\n", TagEnd::Item, ""),
                ("# ", "\n", TagEnd::Heading(HeadingLevel::H1), ""),
                ("| h | h |\n| --- | --- |\n| ", " | |\n", TagEnd::TableRow, ""),
            ] {
                let document = format!("{before}{escaped}{after}");
                let expected = format!("{words_before}{}", shown(&text));
                prop_assert_eq!(words(&document, block), Ok(expected.trim_end().to_owned()), "{}", document);
            }
        }

        #[test]
        fn own_renderer_shows_escaped_text_unchanged(text in texts()) {
            let rendered = crate::markdown::render(&escape(&text), &crate::markdown::RenderOptions::new("t"));
            prop_assert_eq!(rendered.text.trim(), shown(&text));
            // Hidden characters are always reported.
            let reported = crate::text::hidden::find(&text).count() > 0;
            prop_assert!(rendered.links.is_empty() && rendered.headings.is_empty());
            prop_assert!(reported || rendered.diagnostics.is_empty());
        }
    }
}
