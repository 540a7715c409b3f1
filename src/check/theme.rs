//! The theme: whether everybody can read what is set in the accent colour.

use super::{Rule, Subject};
use crate::diagnostic::Report;
use crate::model::contrast::{self, DARK, LIGHT};

const CONTRAST: Rule = Rule::error(
    "accent-contrast",
    "The accent colour is too weak against the page.",
    "Links are set in it; below 4.5:1 many cannot read them (WCAG 2.2, success criterion 1.4.3).",
    "Use a stronger colour. `accent` stands on white; on the dark page stands `accent_dark`, or without it a lighter \
     tint of `accent` that is strong enough.",
)
.example("theme:\n  accent: \"#0b5c8a\"\n  accent_dark: \"#7cc4f0\"");

pub(super) const RULES: &[&Rule] = &[&CONTRAST];

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let theme = &subject.content.settings.theme;
    let grounds = [(theme.accent, LIGHT, "accent", "light"), (theme.accent_dark, DARK, "accent_dark", "dark")];
    for (colour, ground, field, name) in grounds {
        let Some(colour) = colour else { continue };
        let ratio = contrast::ratio(colour, ground);
        if ratio < contrast::AA {
            let message = format!("`{colour}` has a contrast of {ratio:.2}:1 on the {name} page, less than 4.5:1");
            let near = contrast::strengthened(colour, ground);
            let path = format!("site.theme.{field}");
            report.push(
                subject
                    .found(&CONTRAST, message, &path)
                    .help(format!("the nearest that is strong enough is \"{near}\"")),
            );
        }
    }
}
