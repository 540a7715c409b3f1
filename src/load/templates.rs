//! The publisher's own templates: `templates/**/*.html` and `templates/strings/*.yaml`.
//!
//! They are read here and compiled in `render`; whatever else lies in the folder is named as a mistake,
//! since a template that is silently not used is one.

use std::fs;
use std::sync::Arc;

use super::folder::{fit, too_many, unfit};
use super::text;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::project::Project;

/// Most templates that are read, and how deep their folders may nest.
const MAX_TEMPLATES: usize = 1_000;
const MAX_DEPTH: usize = 16;

/// Reads the templates, with their names relative to `templates/`, in the order of the names.
pub fn templates(project: &Project) -> (Vec<(String, Arc<Source>)>, Report) {
    let folder = project.templates();
    let mut report = Report::new();
    let mut found = Vec::new();
    match fs::metadata(&folder) {
        Err(_) => return (found, report),
        Ok(metadata) if !metadata.is_dir() => {
            report.push(
                Diagnostic::new(Code::NotAFolder, "`templates` is a file, not a folder")
                    .at(Place::file("templates"), "")
                    .help("move it away; your own templates belong into a folder of that name"),
            );
            return (found, report);
        }
        Ok(_) => {}
    }
    for entry in walkdir::WalkDir::new(&folder)
        .max_depth(MAX_DEPTH)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.'))
    {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map(|path| project.display(path)).unwrap_or_default();
                report.push(
                    Diagnostic::new(Code::Unreadable, format!("cannot read `{path}`"))
                        .at(Place::file(path), "")
                        .help("check that it exists and that you may read it"),
                );
                continue;
            }
        };
        let path = entry.path();
        let shown = project.display(path);
        if entry.file_type().is_dir() {
            if entry.depth() == MAX_DEPTH {
                report.push(
                    Diagnostic::new(Code::TooMany, format!("`{shown}` lies {MAX_DEPTH} folders deep"))
                        .at(Place::file(shown), "")
                        .help("move its templates up; nothing below it is read"),
                );
            }
            continue;
        }
        if fit(entry.file_name()).is_none() {
            report.push(unfit(&shown));
            continue;
        }
        let name = shown.strip_prefix("templates/").unwrap_or(&shown).to_owned();
        let template = name.ends_with(".html") || (name.starts_with("strings/") && name.ends_with(".yaml"));
        if !template {
            if !name.ends_with('~') {
                report.push(
                    Diagnostic::new(Code::NotATemplate, format!("`{shown}` is not used"))
                        .at(Place::file(&shown), "")
                        .help("templates end in .html, words stand in strings/LANGUAGE.yaml, other files belong into static/"),
                );
            }
            continue;
        }
        if found.len() == MAX_TEMPLATES {
            report.push(too_many("templates", MAX_TEMPLATES, "files"));
            break;
        }
        if let Some(source) = text::read(project, path, &mut report) {
            found.push((name, source));
        }
    }
    (found, report)
}
