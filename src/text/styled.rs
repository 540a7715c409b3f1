//! Text with candor's own colors.
//!
//! Colors are escape sequences, and a hostile file may contain escape sequences as well. [`Styled`] escapes all values that are
//! added to it, so that it contains only escape sequences that candor wrote.

use std::fmt;

use anstyle::Style;

use super::visible::visible;

/// Text with colors, for a terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Styled(String);

impl Styled {
    /// Creates an empty text.
    pub fn new() -> Styled {
        Styled::default()
    }

    /// Appends a value in one line, with hidden characters as escapes.
    pub fn value(&mut self, text: &str) -> &mut Styled {
        self.0.push_str(&visible(text));
        self
    }

    /// Appends a value in a style.
    pub fn styled(&mut self, style: Style, text: &str) -> &mut Styled {
        self.0.push_str(&format!("{style}{}{style:#}", visible(text)));
        self
    }

    /// Appends literal text of the program: spaces, line feeds, punctuation.
    pub fn layout(&mut self, text: &'static str) -> &mut Styled {
        self.0.push_str(text);
        self
    }

    /// Appends the output of a renderer that writes colors. All values in it must have been made [`visible`].
    pub fn rendered(&mut self, text: &str) -> &mut Styled {
        self.0.push_str(text);
        self
    }

    /// Returns the text with escape sequences for its colors.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Styled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use anstyle::Style;

    use super::Styled;

    #[test]
    fn escapes_sequences_in_values() {
        let mut text = Styled::new();
        text.styled(Style::new().bold(), "a\u{1b}[31m").layout("\n").value("b\nc\u{202e}");
        assert_eq!(text.as_str(), "\u{1b}[1ma\\u{1b}[31m\u{1b}[0m\nb c\\u{202e}");
    }
}
