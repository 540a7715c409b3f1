//! The theme: whether everybody can read what is set in the accent colour.

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::contrast::{self, DARK, LIGHT};

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
                    .found(Code::AccentContrast, message, &path)
                    .help(format!("the nearest that is strong enough is \"{near}\"")),
            );
        }
    }
}
