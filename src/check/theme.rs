//! Rules for the theme: the contrast of the dark theme's accent color, fonts and style sheets, and copies of built-in files.

use super::Subject;
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::embedded::STYLE;
use crate::model::color::{DARK, MIN_CONTRAST};
use crate::theme_file::{ThemeFile, note};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    file_types(subject, report);
    copies(subject, report);
    let theme = &subject.content.settings.theme;
    // A color of the light theme that is not legible as text is used for surfaces.
    if let Some(color) = theme.accent_dark.filter(|color| color.contrast_on(DARK) < MIN_CONTRAST) {
        // Round down, so that an insufficient contrast is not shown as sufficient.
        let shown = (color.contrast_on(DARK) * 100.0).floor() / 100.0;
        let message = format!("`{color}` has a contrast of {shown:.2}:1 on the dark page, below {MIN_CONTRAST}:1");
        let near = color.readable_on(DARK);
        report.push(
            subject
                .found(Code::AccentContrast, message, "site.theme.accent_dark")
                .help(format!("use \"{near}\", the nearest color with enough contrast")),
        );
    }
}

/// Reports fonts, style sheets and logos that are files of another type.
fn file_types(subject: &Subject<'_>, report: &mut Report) {
    let theme = &subject.content.settings.theme;
    let fonts = theme.fonts().map(|(field, font)| (format!("site.theme.{field}"), font, ".woff2", "a WOFF2 font"));
    let styles = theme.styles.iter().flatten().enumerate();
    let styles =
        styles.map(|(at, style)| (format!("site.theme.styles[{at}]"), style.as_str(), ".css", "a style sheet"));
    for (path, file, ending, what) in fonts.chain(styles).filter(|(_, file, ending, _)| !file.ends_with(ending)) {
        let message = format!("`{file}` is not {what}");
        report.push(subject.found(Code::BadPath, message, &path).help(format!("use a file that ends in {ending}")));
    }
    for (at, style) in theme.styles.iter().flatten().enumerate() {
        if style == STYLE {
            let message = format!("every page loads `{STYLE}` before the style sheets in `styles`");
            let found = subject.found(Code::DuplicateEntry, message, &format!("site.theme.styles[{at}]"));
            report.push(found.help("remove it from the list"));
        }
        if theme.styles.iter().flatten().take(at).any(|other| other == style) {
            let found = subject.found(
                Code::DuplicateEntry,
                format!("`{style}` is listed twice"),
                &format!("site.theme.styles[{at}]"),
            );
            report.push(found.help("remove one of the two"));
        }
    }
    if let (Some(dark), None) = (&theme.logo_dark, &theme.logo) {
        let message = format!("`logo_dark: {dark}` has no effect without `logo`");
        let found = subject.found(Code::MissingField, message, "site.theme.logo_dark");
        report.push(found.help("add `logo`, the logo of the light theme; it can be the same file"));
    }
    for (field, logo) in theme.logos() {
        let is_image = IMAGES.iter().any(|ending| logo.to_ascii_lowercase().ends_with(ending));
        if !is_image {
            let message = format!("`{logo}` is not an image");
            let found = subject.found(Code::BadPath, message, &format!("site.theme.{field}"));
            report.push(found.help(format!("use a file that ends in one of: {}", IMAGES.join(", "))));
        }
    }
}

/// The ends of the names of images that all browsers show.
const IMAGES: [&str; 8] = [".svg", ".png", ".webp", ".avif", ".jpg", ".jpeg", ".gif", ".ico"];

/// Reports copies of built-in files that have changed since.
fn copies(subject: &Subject<'_>, report: &mut Report) {
    for copy in subject.facts.templates.iter().chain(&subject.facts.theme_copies) {
        let Some(found) = note(&copy.text) else { continue };
        let Some(file) = ThemeFile::find(&copy.path).filter(|file| file.sha256() != found.sha256) else { continue };
        let message = format!(
            "`{}` is a copy of a file of candor {}, which has changed since",
            copy.path,
            found.version.escape_debug()
        );
        let place = Place::new(copy, found.range.start..found.range.end.saturating_sub(1));
        report.push(
            Diagnostic::new(Code::ThemeFileOutdated, message).at(place, "").fix(Remedy::AdoptThemeFile(file.name)),
        );
    }
}
