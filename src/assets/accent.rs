//! The publisher's accent colour -> the theme's two custom properties.
//!
//! Links, buttons and signs are drawn in the accent, so it must be readable: where the colour as given has too
//! little contrast against the paper of a mode, its lightness is moved until it has enough. Hue and chroma stay,
//! as far as sRGB can show them, because lightness is moved in Oklab (<https://bottosson.github.io/posts/oklab/>).

use crate::model::Accent;

/// `--paper` of the light mode in `static/css/candor.css`.
const PAPER: Accent = Accent { red: 0xfd, green: 0xfc, blue: 0xfa };

/// `--paper` of the dark mode.
const DARK_PAPER: Accent = Accent { red: 0x15, green: 0x17, blue: 0x1a };

/// The contrast ratio that the accent must have against its paper. WCAG 2.2 (1.4.3) asks 4.5 of text; the accent also
/// stands on a tint of itself, which takes a part of it.
const CONTRAST: f64 = 5.7;

/// The rule that sets the accent for both modes.
pub fn rule(accent: Accent) -> String {
    format!(":root{{--accent:{};--accent-dark:{}}}", readable(accent, PAPER), readable(accent, DARK_PAPER))
}

/// The colour, or the nearest in lightness that is readable on this paper.
fn readable(colour: Accent, paper: Accent) -> Accent {
    let [lightness, a, b] = oklab(colour);
    // Away from the paper: black has more than enough contrast with a light paper, white with a dark one.
    let step = if luminance(paper) > 0.5 { -0.005 } else { 0.005 };
    let mut moved = colour;
    let mut steps = 0.0;
    while contrast(moved, paper) < CONTRAST {
        steps += 1.0;
        moved = srgb([lightness + step * steps, a, b]);
    }
    moved
}

/// Contrast ratio, 1 to 21 (WCAG 2.2, "contrast ratio").
fn contrast(one: Accent, other: Accent) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance, 0 to 1 (WCAG 2.2).
fn luminance(colour: Accent) -> f64 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn linear(colour: Accent) -> [f64; 3] {
    [colour.red, colour.green, colour.blue].map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    })
}

fn oklab(colour: Accent) -> [f64; 3] {
    let [r, g, b] = linear(colour);
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

/// The colour in sRGB, each channel held within its range.
fn srgb([lightness, a, b]: [f64; 3]) -> Accent {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let encode = |channel: f64| {
        let channel = channel.clamp(0.0, 1.0);
        let encoded = if channel <= 0.003_130_8 { 12.92 * channel } else { 1.055 * channel.powf(1.0 / 2.4) - 0.055 };
        (encoded * 255.0).round() as u8
    };
    Accent {
        red: encode(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        green: encode(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        blue: encode(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Accent {
        text.parse().expect("a colour")
    }

    #[test]
    fn every_accent_is_readable_in_both_modes() {
        for code in (0..0x0100_0000_u32).step_by(4099) {
            let [_, red, green, blue] = code.to_be_bytes();
            for paper in [PAPER, DARK_PAPER] {
                let accent = readable(Accent { red, green, blue }, paper);
                assert!(contrast(accent, paper) >= CONTRAST, "#{code:06x} became {accent}");
            }
        }
        for text in ["#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff", "#ffff00"] {
            assert!(contrast(readable(colour(text), PAPER), PAPER) >= CONTRAST);
            assert!(contrast(readable(colour(text), DARK_PAPER), DARK_PAPER) >= CONTRAST);
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is() {
        assert_eq!(readable(colour("#0b5c8a"), PAPER), colour("#0b5c8a"));
        assert_eq!(readable(colour("#7fc1ea"), DARK_PAPER), colour("#7fc1ea"));
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert_eq!(contrast(colour("#000000"), colour("#ffffff")), 21.0);
        assert_eq!((contrast(colour("#777777"), colour("#ffffff")) * 100.0).round(), 448.0);
    }

    #[test]
    fn a_colour_survives_the_way_through_oklab() {
        for code in (0..0x0100_0000_u32).step_by(65_521) {
            let [_, red, green, blue] = code.to_be_bytes();
            let colour = Accent { red, green, blue };
            assert_eq!(srgb(oklab(colour)), colour);
        }
    }

    #[test]
    fn the_papers_are_those_of_the_theme() {
        let css = include_str!("../../static/css/candor.css");
        assert!(css.contains(&format!("--paper: {PAPER};")) && css.contains(&format!("--paper: {DARK_PAPER};")));
    }
}
