//! Rules for the theme: the contrast of the accent colors.

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::color::{DARK, LIGHT, MIN_CONTRAST};
use crate::model::palette::is_light;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let theme = &subject.content.settings.theme;
    let pages = [(theme.accent, LIGHT, "accent", "light"), (theme.accent_dark, DARK, "accent_dark", "dark")];
    for (color, page, field, name) in pages {
        // A light color is never used for text.
        let Some(color) = color.filter(|color| page != LIGHT || !is_light(*color)) else { continue };
        let contrast = color.contrast_on(page);
        if contrast < MIN_CONTRAST {
            // Round down, so that an insufficient contrast is not shown as sufficient.
            let shown = (contrast * 100.0).floor() / 100.0;
            let message =
                format!("`{color}` has a contrast of {shown:.2}:1 on the {name} page, below {MIN_CONTRAST}:1");
            let near = color.readable_on(page);
            let path = format!("site.theme.{field}");
            report.push(
                subject
                    .found(Code::AccentContrast, message, &path)
                    .help(format!("use \"{near}\", the nearest color with enough contrast")),
            );
        }
    }
}
