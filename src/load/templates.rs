//! The publisher's own templates: `templates/**/*.html` and `templates/strings/*.yaml`.
//!
//! They are read here and compiled in `render`; whatever else lies in the folder is named as a mistake,
//! since a template that is silently not used is one.

use std::sync::Arc;

use super::folder::{fit, too_many, unfit};
use super::text;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::files::{FileError, FileKind, Flow, Visit};
use crate::project::Project;

/// Most templates that are read, and how deep their folders may nest.
const MAX_TEMPLATES: usize = 1_000;
const MAX_DEPTH: usize = 16;

/// Reads the templates, with their names relative to `templates/`, in the order of the names.
pub fn templates(project: &Project) -> (Vec<(String, Arc<Source>)>, Report) {
    let mut report = Report::new();
    let mut found = Vec::new();
    let folder = project.templates();
    let mut visit = |visit: Visit<'_>| template(project, visit, &mut found, &mut report);
    if let Err(error) = project.open().and_then(|root| root.walk(project.below(&folder), &mut visit))
        && !error.is_missing()
    {
        report.push(match error {
            FileError::Kind(kind) => {
                Diagnostic::new(Code::NotAFolder, format!("`templates` is {}, not a folder", kind.words()))
                    .at(Place::file("templates"), "")
                    .help("move it away; your own templates belong into a folder of that name")
            }
            _ => text::problem("templates", &error),
        });
    }
    (found, report)
}

/// Reads a file below `templates/`, if it is a template.
fn template(project: &Project, visit: Visit<'_>, found: &mut Vec<(String, Arc<Source>)>, report: &mut Report) -> Flow {
    let path = project.root().join(visit.path);
    let shown = project.display(&path);
    let file_name = visit.path.file_name().unwrap_or_default();
    if file_name.to_string_lossy().starts_with('.') {
        return Flow::Skip;
    }
    match visit.kind {
        Ok(FileKind::Folder) if !visit.link => {
            if visit.depth == MAX_DEPTH {
                report.push(
                    Diagnostic::new(Code::TooMany, format!("`{shown}` lies {MAX_DEPTH} folders deep"))
                        .at(Place::file(shown), "")
                        .help("move its templates up; nothing below it is read"),
                );
                return Flow::Skip;
            }
            return Flow::Go;
        }
        Err(error @ FileError::TooMany { .. }) => {
            report.push(text::problem(&shown, &error));
            return Flow::Stop;
        }
        // A file that cannot be read is reported where it is read, and other names where nothing reads them.
        _ => {}
    }
    if fit(file_name).is_none() {
        report.push(unfit(&shown));
        return Flow::Skip;
    }
    let name = shown.strip_prefix("templates/").unwrap_or(&shown).to_owned();
    let template = name.ends_with(".html") || (name.starts_with("strings/") && name.ends_with(".yaml"));
    if !template {
        if !name.ends_with('~') {
            report.push(
                Diagnostic::new(Code::NotATemplate, format!("`{shown}` is not used")).at(Place::file(&shown), "").help(
                    "templates end in .html, words stand in strings/LANGUAGE.yaml, other files belong into static/",
                ),
            );
        }
        return Flow::Skip;
    }
    if found.len() == MAX_TEMPLATES {
        report.push(too_many("templates", MAX_TEMPLATES, "files"));
        return Flow::Stop;
    }
    if let Some(source) = text::read(project, &path, report) {
        found.push((name, source));
    }
    Flow::Skip
}
