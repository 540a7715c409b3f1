//! Custom templates: `templates/**/*.html` and `templates/strings/*.yaml`.
//!
//! This module reads them, and `render` compiles them. All other files in the folder are reported, because they are probably
//! misnamed templates.

use std::sync::Arc;

use super::folder::{fit, too_many, unfit};
use super::text;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::files::{FileError, FileKind, Flow, Visit};
use crate::project::Project;

/// The maximum number of templates, and the maximum depth of their folders.
const MAX_TEMPLATES: usize = 1_000;
const MAX_DEPTH: usize = 16;

/// Reads the templates, with their names relative to `templates/`, sorted by name.
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
                Diagnostic::new(Code::NotAFolder, format!("`templates` is {}, not a folder", kind.with_article()))
                    .at(Place::file("templates"), "")
                    .help("replace it with a folder; custom templates belong in a folder with that name")
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
                    Diagnostic::new(
                        Code::TooMany,
                        format!("`{shown}` is nested too deeply: the limit is {MAX_DEPTH} folders"),
                    )
                    .at(Place::file(shown), "")
                    .help("move its templates up; they are not read"),
                );
                return Flow::Skip;
            }
            return Flow::Go;
        }
        Err(error @ FileError::TooMany { .. }) => {
            report.push(text::problem(&shown, &error));
            return Flow::Stop;
        }
        // Unreadable files and unused names are reported below.
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
                    "rename or move the file: templates end in .html, UI strings are in strings/LANGUAGE.yaml, other files belong in static/",
                ),
            );
        }
        return Flow::Skip;
    }
    if let Some(own) = name.strip_prefix("builtin/") {
        let message = format!("`{shown}` is not used: templates cannot change what `builtin/` names");
        let help = format!("move it to templates/{own}, which replaces the built-in template");
        report.push(Diagnostic::new(Code::NotATemplate, message).at(Place::file(&shown), "").help(help));
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
