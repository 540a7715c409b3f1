//! Contrast of two colours (WCAG 2.2, "relative luminance" and "contrast ratio").
//!
//! The rule that judges the accent and the theme that derives its dark variant use the same numbers.

use super::Accent;

/// The least contrast of text on its background (WCAG 2.2, success criterion 1.4.3, level AA).
pub const AA: f64 = 4.5;
/// The page's background in light mode.
pub const LIGHT: Accent = Accent { red: 0xff, green: 0xff, blue: 0xff };
/// The page's background in dark mode.
pub const DARK: Accent = Accent { red: 0x12, green: 0x16, blue: 0x1a };

/// Relative luminance: 0 for black, 1 for white.
pub fn luminance(colour: Accent) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
}

/// Contrast ratio of two colours, 1 to 21, whichever comes first.
pub fn ratio(one: Accent, other: Accent) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The colour itself where it is strong enough on this background, else the nearest mixture with white or
/// black (whichever is away from the background) that is.
pub fn strengthened(colour: Accent, background: Accent) -> Accent {
    let target = if luminance(background) < 0.18 { 255.0 } else { 0.0 };
    let mixed = |share: f64| {
        let channel = |value: u8| (f64::from(value) + (target - f64::from(value)) * share).round() as u8;
        Accent { red: channel(colour.red), green: channel(colour.green), blue: channel(colour.blue) }
    };
    (0..=100_u32)
        .map(|step| mixed(f64::from(step) / 100.0))
        .find(|mixed| ratio(*mixed, background) >= AA)
        .unwrap_or(colour)
}

#[cfg(test)]
mod tests {
    use super::{AA, Accent, DARK, LIGHT, ratio, strengthened};

    fn colour(text: &str) -> Accent {
        text.parse().expect("a colour")
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((ratio(colour("#000000"), colour("#ffffff")) - 21.0).abs() < 1e-9);
        assert!((ratio(colour("#777777"), LIGHT) - 4.48).abs() < 0.005);
        assert!(ratio(colour("#767676"), LIGHT) >= AA);
    }

    #[test]
    fn every_accent_has_a_variant_that_is_strong_enough() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let accent = Accent { red, green, blue };
                    for background in [LIGHT, DARK] {
                        assert!(ratio(strengthened(accent, background), background) >= AA, "{accent}");
                    }
                }
            }
        }
        assert_eq!(strengthened(colour("#0b5c8a"), LIGHT), colour("#0b5c8a"));
    }
}
