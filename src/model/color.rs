//! Colors, and their contrast on the pages of the built-in theme.
//!
//! The rule that checks the publisher's accent color and the published style sheet use the same numbers: a color that passes the
//! rule is published as it is, any other color is replaced by the nearest color that passes. The replacement differs only in
//! lightness, as far as sRGB allows, because it is computed in Oklab (<https://bottosson.github.io/posts/oklab/>).

use std::fmt;
use std::str::FromStr;

use super::{Malformed, text_newtype};

/// The minimum contrast of text with its background (WCAG 2.2, success criterion 1.4.3, level AA).
pub const MIN_CONTRAST: f64 = 4.5;

/// The backgrounds of the light theme.
pub const LIGHT: PageColors =
    PageColors { paper: Color::new(0xfd, 0xfc, 0xfa), wash: Color::new(0xf4, 0xf2, 0xec), tint: 7 };

/// The backgrounds of the dark theme.
pub const DARK: PageColors =
    PageColors { paper: Color::new(0x15, 0x17, 0x1a), wash: Color::new(0x1e, 0x21, 0x25), tint: 11 };

/// The backgrounds on which `static/css/candor.css` uses the accent color for text, in one color scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageColors {
    /// `--paper`: the page.
    pub paper: Color,
    /// `--wash`: the background of code, which can be part of a link.
    pub wash: Color,
    /// `--tint`: the background of banners and callouts is the paper mixed with this percentage of the accent color.
    pub tint: u8,
}

/// An sRGB color, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Color {
    /// The color with these channels.
    pub const fn new(red: u8, green: u8, blue: u8) -> Color {
        Color { red, green, blue }
    }

    /// The contrast ratio of two colors, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Color) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The lowest contrast ratio that text in this color has on a page.
    pub fn contrast_on(self, page: PageColors) -> f64 {
        let tint = self.mixed_into(page.paper, page.tint);
        [page.paper, page.wash, tint].map(|background| self.contrast(background)).into_iter().fold(f64::MAX, f64::min)
    }

    /// Returns the color itself if it has enough contrast on the page, otherwise the nearest in lightness that does.
    pub fn readable_on(self, page: PageColors) -> Color {
        let [lightness, a, b] = self.oklab();
        // Move away from the paper: black is readable on light paper, white on dark paper.
        let (step, last) = match page.paper.luminance() > 0.5 {
            true => (-0.005, Color::new(0, 0, 0)),
            false => (0.005, Color::new(0xff, 0xff, 0xff)),
        };
        let moved = (1..=200).map(|steps| Color::from_oklab([lightness + step * f64::from(steps), a, b]));
        let readable = |color: &Color| color.contrast_on(page) >= MIN_CONTRAST;
        std::iter::once(self).chain(moved).find(readable).unwrap_or(last)
    }

    /// Computes the CSS function `color-mix(in srgb, SELF PERCENT, OTHER)`.
    fn mixed_into(self, other: Color, percent: u8) -> Color {
        let share = f64::from(percent) / 100.0;
        let mix = |one: u8, other: u8| (f64::from(one) * share + f64::from(other) * (1.0 - share)).round() as u8;
        Color::new(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }

    /// Relative luminance: 0 for black, 1 for white (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn oklab(self) -> [f64; 3] {
        let [r, g, b] = self.linear();
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }

    /// Converts from Oklab to sRGB; each channel is limited to its range.
    fn from_oklab([lightness, a, b]: [f64; 3]) -> Color {
        let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        let encode = |channel: f64| {
            let channel = channel.clamp(0.0, 1.0);
            let encoded =
                if channel <= 0.003_130_8 { 12.92 * channel } else { 1.055 * channel.powf(1.0 / 2.4) - 0.055 };
            (encoded * 255.0).round() as u8
        };
        Color {
            red: encode(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
            green: encode(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
            blue: encode(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
        }
    }
}

impl FromStr for Color {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Color, Malformed> {
        let malformed = || {
            Malformed::new(
                format!("`{}` is not a color", text.escape_debug()),
                "write six hexadecimal digits in quotes, such as \"#0b5fff\"",
            )
        };
        let digits = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = digits.and_then(|hex| u32::from_str_radix(hex, 16).ok()).ok_or_else(malformed)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Color { red, green, blue })
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

text_newtype!(Color, {
    "type": "string",
    "pattern": "^#[0-9a-fA-F]{6}$",
    "description": "An sRGB color as #rrggbb."
});

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Color {
        text.parse().expect("a color")
    }

    fn colors(step: usize) -> impl Iterator<Item = Color> {
        (0..0x0100_0000_u32).step_by(step).map(|code| {
            let [_, red, green, blue] = code.to_be_bytes();
            Color { red, green, blue }
        })
    }

    #[test]
    fn readable_on_makes_every_color_readable_in_both_themes() {
        let corners = ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#ff00ff", "#00ffff"];
        for stated in colors(4099).chain(corners.map(color)) {
            for page in [LIGHT, DARK] {
                let readable = stated.readable_on(page);
                assert!(readable.contrast_on(page) >= MIN_CONTRAST, "{stated} became {readable}");
                assert_eq!(readable.readable_on(page), readable);
                assert_eq!(readable == stated, stated.contrast_on(page) >= MIN_CONTRAST, "{stated}");
            }
        }
    }

    #[test]
    fn contrast_matches_wcag() {
        assert_eq!(color("#000000").contrast(color("#ffffff")), 21.0);
        assert_eq!((color("#777777").contrast(color("#ffffff")) * 100.0).round(), 448.0);
        assert!(color("#767676").contrast(color("#ffffff")) >= MIN_CONTRAST);
    }

    #[test]
    fn oklab_conversion_round_trips() {
        for color in colors(65_521) {
            assert_eq!(Color::from_oklab(color.oklab()), color);
        }
    }

    #[test]
    fn page_colors_match_the_style_sheet() {
        let css = include_str!("../../static/css/candor.css");
        let (light, dark) = css.split_once("@media screen and (prefers-color-scheme: dark)").expect("a dark page");
        let dark = dark.split_once("\n}").expect("an end").0;
        for (text, page) in [(light, LIGHT), (dark, DARK)] {
            let PageColors { paper, wash, tint } = page;
            let tint = format!("color-mix(in srgb, var(--mark) {tint}%, var(--paper))");
            for (property, value) in [("paper", paper.to_string()), ("wash", wash.to_string()), ("tint", tint)] {
                let begin = format!("--{property}:");
                let stated: Vec<&str> =
                    text.match_indices(&begin).map(|(at, _)| text[at..].split(';').next().unwrap_or("")).collect();
                assert_eq!(stated, [format!("{begin} {value}")]);
            }
        }
        // The built-in accents need no change.
        let stated = |property: &str| {
            let value = light.split_once(property).expect("an accent").1.split(';').next().expect("a value");
            color(value.trim())
        };
        let (accent, accent_dark) = (stated("--accent:"), stated("--accent-dark:"));
        assert_eq!((accent.readable_on(LIGHT), accent_dark.readable_on(DARK)), (accent, accent_dark));
    }
}
