//! Makes text safe for a terminal, a log and a step summary, including everything it quotes.
//!
//! Text can contain control sequences and hidden characters ([`hidden`](super::hidden)), which repaint a terminal or show letters
//! in a different order, and commands to the program that collects a log. GitHub's runner executes lines that begin with `::`, and
//! `##[` anywhere; Azure's agent executes `##vso[` anywhere, TeamCity `##teamcity[`. They see complete lines of stdout and stderr,
//! so escaping depends on the line, not on the value: see `ActionCommand.cs` of actions/runner and `Command.cs` of
//! microsoft/azure-pipelines-agent.

use std::borrow::Cow;

use super::hidden::hidden_at;

/// The syntax of escapes for characters that must not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// `\u{202e}`, for people.
    Braces,
    /// `\u202e`, in JSON, so that programs read the same string.
    Json,
}

/// Returns a value for use in a message: in one line, with hidden characters as escapes.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '\t' | '\n' | '\r' => shown.push(' '),
            c if hidden_at(text, at).is_some() => escape(&mut shown, c, Escapes::Braces),
            c => shown.push(c),
        }
    }
    shown.into()
}

/// Returns a line of a file with each character replaced with one visible character, so that carets stay aligned.
pub fn pictured(text: &str) -> String {
    let picture = |(at, c): (usize, char)| match c {
        '\n' | '\t' => c,
        '\u{7F}' => '␡',
        _ if hidden_at(text, at).is_none() => c,
        _ => char::from_u32(0x2400 + u32::from(c)).filter(|_| u32::from(c) < 0x20).unwrap_or('\u{FFFD}'),
    };
    text.char_indices().map(picture).collect()
}

/// Cleans a stream of text piece by piece. It keeps track of the beginning of the current line.
#[derive(Debug, Clone)]
pub struct Cleaner {
    escapes: Escapes,
    line: LineStart,
    hash: HashMark,
}

/// The beginning of the current line, as far as commands are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineStart {
    /// Only whitespace.
    Blank,
    /// Whitespace and one colon.
    Colon,
    /// `:::`, which the renderer of diagnostics writes before the place of another file, and text after it. Another `::` would
    /// make it a command.
    Origin {
        /// Whether the last character is a colon.
        colon: bool,
    },
    /// Other text.
    Begun,
}

/// The end of the current line, as far as commands are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HashMark {
    None,
    One,
    /// `##`, optionally followed by a name.
    Command,
}

impl Cleaner {
    /// Creates a cleaner at the beginning of a line.
    pub fn new(escapes: Escapes) -> Cleaner {
        Cleaner { escapes, line: LineStart::Blank, hash: HashMark::None }
    }

    /// Creates a cleaner within a line.
    pub fn within_line(escapes: Escapes) -> Cleaner {
        Cleaner { escapes, line: LineStart::Begun, hash: HashMark::None }
    }

    /// Appends the text to `out`, with all escape sequences shown as text.
    pub fn push(&mut self, out: &mut String, text: &str) {
        self.clean(out, text, false);
    }

    /// Appends the text to `out` with its colors. All values in it must have been made [`visible`].
    pub fn push_styled(&mut self, out: &mut String, text: &str) {
        self.clean(out, text, true);
    }

    fn clean(&mut self, out: &mut String, text: &str, styled: bool) {
        let mut skip = 0;
        for (at, c) in text.char_indices() {
            if at < skip {
                continue;
            }
            let rest = &text[at..];
            if styled && let Some(length) = color(rest) {
                out.push_str(&rest[..length]);
                skip = at + length;
                continue;
            }
            if styled && self.line == LineStart::Colon && rest.starts_with(":: ") {
                out.push_str("::");
                (self.line, skip) = (LineStart::Origin { colon: false }, at + 2);
                continue;
            }
            match c {
                '\n' => {
                    out.push(c);
                    (self.line, self.hash) = (LineStart::Blank, HashMark::None);
                    continue;
                }
                '\t' => out.push(c),
                '\r' if rest.starts_with("\r\n") => out.push(c),
                c if self.is_command(c) || hidden_at(text, at).is_some() => {
                    escape(out, c, self.escapes);
                    // The path after `::: ` could still contain a command.
                    self.line = match self.line {
                        LineStart::Origin { .. } => LineStart::Origin { colon: false },
                        _ => LineStart::Begun,
                    };
                    self.hash = HashMark::None;
                    continue;
                }
                c => out.push(c),
            }
            self.follow(c);
        }
    }

    /// Returns whether a character would complete the beginning of a command.
    fn is_command(&self, c: char) -> bool {
        (c == '[' && self.hash == HashMark::Command)
            || (c == ':' && matches!(self.line, LineStart::Colon | LineStart::Origin { colon: true }))
    }

    fn follow(&mut self, c: char) {
        self.line = match (self.line, c) {
            (LineStart::Blank, ':') => LineStart::Colon,
            (LineStart::Blank, c) if c.is_whitespace() => LineStart::Blank,
            (LineStart::Origin { .. }, c) => LineStart::Origin { colon: c == ':' },
            _ => LineStart::Begun,
        };
        self.hash = match (self.hash, c) {
            (HashMark::None, '#') => HashMark::One,
            (HashMark::One | HashMark::Command, '#') => HashMark::Command,
            (HashMark::Command, c) if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') => HashMark::Command,
            _ => HashMark::None,
        };
    }
}

/// Returns the length of the color sequence (ECMA-48, SGR) at the start of text.
fn color(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1B}[")?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    codes[end..].starts_with('m').then_some("\u{1B}[".len() + end + 1)
}

fn escape(out: &mut String, c: char, escapes: Escapes) {
    match escapes {
        Escapes::Braces => out.extend(c.escape_unicode()),
        Escapes::Json => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cleaner, Escapes, pictured, visible};
    use crate::text::hidden;

    fn cleaned(text: &str) -> String {
        let mut out = String::new();
        Cleaner::new(Escapes::Braces).push(&mut out, text);
        out
    }

    #[test]
    fn escapes_control_sequences() {
        let nasty = "a\u{1b}[31m\u{202e}b\u{9b}2J\u{7f}\tc\u{2066}";
        assert_eq!(visible(nasty), "a\\u{1b}[31m\\u{202e}b\\u{9b}2J\\u{7f} c\\u{2066}");
        assert_eq!(pictured(nasty), "a␛[31m�b�2J␡\tc�");
        assert_eq!(cleaned("a\u{1b}]0;x\u{7}\rb\r\n"), "a\\u{1b}]0;x\\u{7}\\u{d}b\r\n");
    }

    #[test]
    fn escapes_commands_to_ci_runners() {
        for (text, expected) in [
            ("::error::x", ":\\u{3a}error::x"),
            (" \t\u{A0}::set-output name=a::b", " \t\u{A0}:\\u{3a}set-output name=a::b"),
            ("a\n::add-mask::x", "a\n:\\u{3a}add-mask::x"),
            ("a ##[error]b", "a ##\\u{5b}error]b"),
            ("###[group]", "###\\u{5b}group]"),
            ("x##vso[task.setvariable variable=A]b", "x##vso\\u{5b}task.setvariable variable=A]b"),
            ("##VSO[a] ##teamcity[b]", "##VSO\\u{5b}a] ##teamcity\\u{5b}b]"),
        ] {
            assert_eq!(cleaned(text), expected);
        }
        for text in ["a::b", "std::io", "## Heading [link](x)", "# [a]", "#[a]", ": a", "[::1]:4700", "12:: a"] {
            assert_eq!(cleaned(text), text);
        }
    }

    #[test]
    fn keeps_own_colors_and_escapes_commands_between_them() {
        let mut out = String::new();
        let mut cleaner = Cleaner::new(Escapes::Braces);
        cleaner.push_styled(&mut out, "\u{1b}[1m##\u{1b}[0m[error] \u{1b}[38;5;9mx\u{1b}[2J");
        assert_eq!(out, "\u{1b}[1m##\u{1b}[0m\\u{5b}error] \u{1b}[38;5;9mx\\u{1b}[2J");
        out.clear();
        cleaner.push_styled(&mut out, "\n  \u{1b}[1m::: \u{1b}[0ma/b.md:1:2\n ::: a::b::c\n::: x");
        assert_eq!(out, "\n  \u{1b}[1m::: \u{1b}[0ma/b.md:1:2\n ::: a:\\u{3a}b:\\u{3a}c\n::: x");
    }

    proptest! {
        #[test]
        fn json_value_is_unchanged(text in "(::|##vso\\[|##\\[|\u{202E}|\u{9B}|\u{E0041}|\u{10FFFF}|[a-z\"\\\\ \n\t]|\\PC|.)*") {
            let json = serde_json::to_string_pretty(&serde_json::json!({ &text: [&text] })).expect("JSON");
            let mut out = String::new();
            Cleaner::new(Escapes::Json).push(&mut out, &json);
            let value: serde_json::Value = serde_json::from_str(&out).expect("JSON");
            prop_assert_eq!(&value[&text][0], &serde_json::json!(text));
            prop_assert_eq!(hidden::find(&out).count(), 0, "{:?}", out);
            prop_assert!(!out.contains("##[") && !out.contains("##vso["));
        }

        #[test]
        fn result_does_not_depend_on_how_a_stream_is_split(
            pieces in prop::collection::vec("(:|#|\\[|vso|\n| |a|\u{1b}|\u{202E})*", 0..6),
        ) {
            let mut out = String::new();
            let mut cleaner = Cleaner::new(Escapes::Braces);
            for piece in &pieces {
                cleaner.push(&mut out, piece);
            }
            prop_assert_eq!(&out, &cleaned(&pieces.concat()));
            for line in out.lines() {
                prop_assert!(!line.trim_start().starts_with("::"), "{:?}", line);
                prop_assert!(!line.contains("##[") && !line.contains("##vso["), "{:?}", line);
            }
        }
    }
}
