//! The colors that the publisher states, as the pages of the built-in theme use them: for text, and for surfaces.
//!
//! A light brand color, such as yellow or orange, is not legible as text on a light page. It is used for surfaces, with dark text.
//! Text gets the nearest legible color, or the color of all other text if the nearest one would look like mud.

use super::Theme;
use super::color::{Color, DARK, LIGHT};

/// The color of text on light pages.
pub const INK: Color = Color::new(0x1b, 0x1d, 0x21);

/// A color whose contrast with the paper of light pages is lower is too light for text in any shade of it.
const LIGHT_CONTRAST: f64 = 1.7;

/// The accent color of text in each theme; `None` for the built-in accent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accents {
    /// For the light theme and for print.
    pub light: Option<Color>,
    /// For the dark theme.
    pub dark: Option<Color>,
}

/// A surface, and the text on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surface {
    /// The color of the surface.
    pub color: Color,
    /// The color of text on it: black or white.
    pub text: Color,
}

/// The colors of the publisher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Palette {
    /// The colors of text.
    pub accents: Accents,
    /// Surfaces of the light theme; `None` if they have the color of text.
    pub surface: Option<Surface>,
}

impl From<Accents> for Palette {
    fn from(accents: Accents) -> Palette {
        Palette { accents, surface: None }
    }
}

impl Surface {
    /// Returns a surface with the text that has the higher contrast, which is at least 4.5 on every color.
    pub fn new(color: Color) -> Surface {
        let [black, white] = [Color::new(0, 0, 0), Color::new(0xff, 0xff, 0xff)];
        let text = if color.contrast(black) >= color.contrast(white) { black } else { white };
        Surface { color, text }
    }
}

/// Whether a color is too light for text on light pages, in any shade of it.
fn is_light(color: Color) -> bool {
    color.contrast(LIGHT.paper) < LIGHT_CONTRAST
}

impl Theme {
    /// Returns accents with enough contrast: the stated colors if they have it, otherwise legible ones.
    pub fn accents(&self) -> Accents {
        let on_light = |color: Color| if is_light(color) { INK } else { color.readable_on(LIGHT) };
        Accents {
            light: self.accent.map(on_light),
            dark: self.accent_dark.or(self.accent).map(|color| color.readable_on(DARK)),
        }
    }

    /// Returns the colors of text and surfaces.
    pub fn palette(&self) -> Palette {
        let accents = self.accents();
        let surface = self.accent.filter(|color| accents.light != Some(*color)).map(Surface::new);
        Palette { accents, surface }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::color::MIN_CONTRAST;

    /// Colors of the whole range, and those that brands use.
    fn colors() -> impl Iterator<Item = Color> {
        let brands = [
            "#ffd400", "#ffcc00", "#fff200", "#c6ff00", "#ffffff", "#00e5ff", "#7cc4f0", "#ff9900", "#0b5c8a",
            "#000000",
        ];
        let all = (0..0x0100_0000_u32).step_by(4_099).map(|code| {
            let [_, red, green, blue] = code.to_be_bytes();
            Color::new(red, green, blue)
        });
        all.chain(brands.map(|text| text.parse().expect("a color")))
    }

    #[test]
    fn every_pair_of_text_and_background_is_legible() {
        for color in colors() {
            for (accent, accent_dark) in [(Some(color), None), (None, Some(color)), (Some(color), Some(color))] {
                let Palette { accents, surface } = Theme { accent, accent_dark, ..Theme::default() }.palette();
                for (text, page) in [(accents.light, LIGHT), (accents.dark, DARK)] {
                    assert!(text.is_none_or(|text| text.contrast_on(page) >= MIN_CONTRAST), "{color}: {text:?}");
                    // Text in the color of the paper is on surfaces in the accent color.
                    assert!(text.is_none_or(|text| text.contrast(page.paper) >= MIN_CONTRAST), "{color}: {text:?}");
                }
                if let Some(Surface { color, text }) = surface {
                    assert!(color.contrast(text) >= MIN_CONTRAST, "{color}: {text}");
                }
            }
        }
    }

    #[test]
    fn light_colors_are_surfaces_and_never_text() {
        for color in colors().filter(|color| color.contrast_on(LIGHT) < MIN_CONTRAST) {
            let Palette { accents, surface } = Theme { accent: Some(color), ..Theme::default() }.palette();
            assert_ne!(accents.light, Some(color));
            assert_eq!(surface.map(|surface| surface.color), Some(color));
            if is_light(color) {
                assert_eq!(accents.light, Some(INK));
                assert_eq!(surface.map(|surface| surface.text.to_string()).as_deref(), Some("#000000"), "{color}");
            }
        }
    }

    #[test]
    fn legible_colors_are_used_unchanged() {
        for color in colors().filter(|color| color.contrast_on(LIGHT) >= MIN_CONTRAST) {
            let palette = Theme { accent: Some(color), ..Theme::default() }.palette();
            assert_eq!((palette.accents.light, palette.surface), (Some(color), None));
        }
    }

    #[test]
    fn ink_matches_the_style_sheet() {
        let css = include_str!("../../static/css/candor.css");
        let (light, _) = css.split_once("@media screen and (prefers-color-scheme: dark)").expect("a dark page");
        assert!(light.contains(&format!("--ink: {INK};")));
    }
}
