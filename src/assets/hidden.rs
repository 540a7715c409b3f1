//! Hidden characters in style sheets, scripts, pages, SVG images and host configuration of the publisher. They can make code look different from what
//! it does (CVE-2021-42574).

use std::collections::BTreeMap;

use super::code::{self, ActiveKind};
use super::ending;
use super::files::File;
use crate::diagnostic::{Diagnostic, Place, Report, Source, TextRole, deceptions};
use crate::site::map::control_file;
use crate::text::hidden::{code_ranges, is_in_ranges};

/// Reports hidden characters in code, including code below `static/root/`. Skips files that are not UTF-8.
pub(super) fn check(files: &BTreeMap<String, File>) -> Report {
    let mut report = Report::new();
    // The theme's own files need no check.
    for (path, file) in files.iter().filter(|(_, file)| file.source.starts_with("static/") && !file.bytes.is_ascii()) {
        let kind = code::of(path, &file.bytes);
        let is_for_host = control_file(path.strip_prefix("root/").unwrap_or(path)).is_some();
        // Programs read such files: `security.txt`, `ads.txt`.
        let is_for_programs = path.starts_with("root/") && ending(path).eq_ignore_ascii_case("txt");
        if kind.is_none() && !is_for_host && !is_for_programs && !ending(path).eq_ignore_ascii_case("svg") {
            continue;
        }
        let Ok(whole) = std::str::from_utf8(&file.bytes) else { continue };
        let text = whole.strip_prefix('\u{FEFF}').unwrap_or(whole);
        // Pages and images contain text for readers, in which right-to-left languages need marks.
        let markup = !is_for_host
            && !is_for_programs
            && !matches!(kind, Some(ActiveKind::Script | ActiveKind::StyleSheet | ActiveKind::ServerProgram));
        let ranges = if markup { code_ranges(text) } else { std::iter::once(0..text.len()).collect() };
        let role = |at| if is_in_ranges(&ranges, at) { TextRole::Name } else { TextRole::Prose };
        let found: Vec<_> = deceptions(text, role).into_iter().filter(|found| found.is_about_appearance()).collect();
        if found.is_empty() {
            continue;
        }
        let source = Source::new(&file.source, text);
        for found in found {
            let place = Place::new(&source, found.at..found.at + found.character.len_utf8());
            let message = found.message(&format!("`{}`", file.source), text);
            report.push(Diagnostic::new(found.code(), message).at(place, "").help(found.help()));
        }
    }
    report
}
