//! Text with the colors of candor itself.
//!
//! Colors are escape sequences, and so is what a hostile file would have a terminal do. Here the two stay apart: values are made
//! visible on their way in, so that every escape sequence in the text is one that candor wrote.

use std::fmt;

use anstyle::Style;

use super::visible::visible;

/// Text with colors, for a terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Styled(String);

impl Styled {
    /// No text.
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

    /// Appends what the program itself says: blanks, line feeds, punctuation.
    pub fn layout(&mut self, text: &'static str) -> &mut Styled {
        self.0.push_str(text);
        self
    }

    /// Appends text of a renderer that writes colors. All values in it must be [`visible`].
    pub fn rendered(&mut self, text: &str) -> &mut Styled {
        self.0.push_str(text);
        self
    }

    /// The text with escape sequences for its colors.
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
    fn every_escape_sequence_is_one_of_candor() {
        let mut text = Styled::new();
        text.styled(Style::new().bold(), "a\u{1b}[31m").layout("\n").value("b\nc\u{202e}");
        assert_eq!(text.as_str(), "\u{1b}[1ma\\u{1b}[31m\u{1b}[0m\nb c\\u{202e}");
    }
}
