//! Splits a template into the tokens of its tags, as Tera does. Content, comments and raw blocks have none.

use std::ops::Range;

/// A token of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemplateToken<'t> {
    /// The beginning of a tag: `{%`. An expression, `{{`, has no such token.
    TagStart,
    /// The end of a tag or expression.
    End,
    /// An identifier or keyword.
    Word(&'t str),
    /// The content of a string, without its quotes and with its escapes.
    Text(&'t str),
    /// A number.
    Number,
    /// Any other character; operators of several characters are several tokens.
    Sign(char),
}

/// Iterates over the tokens of a template, each with its place. Stops at the first character that Tera rejects.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (TemplateToken<'_>, Range<usize>)> {
    let mut lexer = Lexer { text, at: 0, close: None };
    std::iter::from_fn(move || lexer.next_token())
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// The end of the current tag or expression; none outside of both.
    close: Option<&'static str>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn next_token(&mut self) -> Option<(TemplateToken<'t>, Range<usize>)> {
        let close = loop {
            if let Some(close) = self.close {
                break close;
            }
            if self.open()? {
                return Some((TemplateToken::TagStart, self.at..self.at));
            }
        };
        self.at += self.rest().len() - self.rest().trim_ascii_start().len();
        let start = self.at;
        let rest = self.rest();
        if let Some(after) = rest.strip_prefix('-').unwrap_or(rest).strip_prefix(close) {
            self.close = None;
            self.at = self.text.len() - after.len();
            return Some((TemplateToken::End, start..self.at));
        }
        let first = rest.chars().next()?;
        let run = |accept: fn(&u8) -> bool| rest.bytes().take_while(accept).count();
        let (token, length) = match first {
            '"' | '\'' | '`' => {
                let length = string_length(rest)?;
                (TemplateToken::Text(&rest[1..length - 1]), length)
            }
            '0'..='9' => (TemplateToken::Number, run(u8::is_ascii_digit)),
            'a'..='z' | 'A'..='Z' | '_' => {
                let length = run(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
                (TemplateToken::Word(&rest[..length]), length)
            }
            _ if first.is_ascii() => (TemplateToken::Sign(first), 1),
            _ => return None,
        };
        self.at += length;
        Some((token, start..self.at))
    }

    /// Moves behind the next beginning of a tag, expression, comment or raw block. Returns whether it is a tag, and `None` at the
    /// end of the template.
    fn open(&mut self) -> Option<bool> {
        let rest = self.rest();
        let found = rest.match_indices('{').find_map(|(at, _)| {
            let kind = *rest.as_bytes().get(at + 1)?;
            matches!(kind, b'{' | b'%' | b'#').then_some((at, kind))
        });
        let (at, kind) = found?;
        self.at += at + 2;
        if self.rest().starts_with('-') {
            self.at += 1;
        }
        match kind {
            b'{' => self.close = Some("}}"),
            b'#' => self.at += self.rest().find("#}")? + 2,
            _ => match after_tag(self.rest(), "raw") {
                Some(after) => self.at = self.text.len() - self.after_raw(after)?.len(),
                None => {
                    self.close = Some("%}");
                    return Some(true);
                }
            },
        }
        Some(false)
    }

    /// Returns what follows the end of a raw block.
    fn after_raw(&self, block: &'t str) -> Option<&'t str> {
        block.match_indices("{%").find_map(|(at, _)| after_tag(&block[at + 2..], "endraw"))
    }
}

/// Returns what follows a tag that consists of this name, if the text continues with the rest of such a tag.
fn after_tag<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let text = text.strip_prefix('-').unwrap_or(text).trim_ascii_start().strip_prefix(name)?.trim_ascii_start();
    text.strip_prefix('-').unwrap_or(text).strip_prefix("%}")
}

/// Returns the length of the string at the beginning of the text, with its quotes. `None` if it has no end.
fn string_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while *bytes.get(at)? != bytes[0] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    Some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::{TemplateToken, tokens};

    fn words(text: &str) -> Vec<&str> {
        let word = |(token, range): (TemplateToken<'_>, std::ops::Range<usize>)| match token {
            TemplateToken::Word(_) | TemplateToken::Text(_) => Some(&text[range]),
            _ => None,
        };
        tokens(text).filter_map(word).collect()
    }

    #[test]
    fn only_tags_and_expressions_have_tokens() {
        for (text, expected) in [
            ("a {b} {{ c }} d {% e %} {# f #} g", &["c", "e"][..]),
            ("{{- a -}}{%- b -%}{#- c -#}", &["a", "b"]),
            ("{% raw %}{{ a }}{% b %}{% endraw %}{{ c }}", &["c"]),
            ("{%-raw-%}{{ a }}{%-endraw-%}{{ c }}", &["c"]),
            ("{% rawly %}{{ c }}", &["rawly", "c"]),
            ("{{ \"}}\" | a }} {{ 'b\\'}}' }} {{ `c` }}", &["\"}}\"", "a", "'b\\'}}'", "`c`"]),
            ("{{ 1.5 + a1 }}{{ {\"b\": [c]} }}", &["a1", "\"b\"", "c"]),
            ("{{{ a }}", &["a"]),
            ("{#}{{ a }}#}{{ b }}", &["b"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn unfinished_templates_end() {
        for text in
            ["", "{", "{{", "{%", "{#", "{#-", "{% raw %}", "{% raw %}{% endraw", "{{ 'a", "{{ 'a\\", "{{ ü", "{{-"]
        {
            let _ = words(text);
        }
    }
}
