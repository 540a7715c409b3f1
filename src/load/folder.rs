//! Finds the files of `content/`, and reports files that are not used.
//!
//! A misnamed file would silently be missing from the site. So a name that is similar to an expected name is an error, any
//! other unexpected file is a warning, and only hidden files and leftovers of other programs are ignored.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::translations;
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report, nearest};
use crate::files::{FileError, FileKind, Leftover, leftover};
use crate::model::List;
use crate::project::Project;
use crate::text::hidden;

/// The maximum number of files of sections, and of pages.
const MAX_WRITTEN: usize = 1_000;

/// The files to read, by type.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Files {
    pub site: Option<PathBuf>,
    /// Sorted by name.
    pub sections: Vec<PathBuf>,
    /// Sorted by name.
    pub pages: Vec<PathBuf>,
    pub lists: Vec<(List, PathBuf)>,
    /// The files of lists with a folder, sorted by name.
    pub folders: Vec<(List, Vec<PathBuf>)>,
}

/// Finds the files in `content/`.
pub(super) fn files(project: &Project, report: &mut Report) -> Files {
    let content = project.content();
    let mut files = Files::default();
    let Some(entries) = entries(project, &content, report) else { return files };
    let folders = List::ALL.iter().filter(|list| list.has_folder()).map(|list| list.name());
    let known: Vec<&str> = ["site.yaml", "sections", "pages", "data", "releases", "notices", translations::FOLDER]
        .into_iter()
        .chain(folders)
        .collect();
    for name in entries {
        let path = content.join(&name);
        match name.as_str() {
            "site.yaml" => files.site = Some(path),
            "sections" => files.sections = written(project, &path, "section", report),
            "pages" => files.pages = written(project, &path, "page", report),
            "data" => files.lists = lists(project, &path, report),
            "releases" | "notices" | translations::FOLDER => {}
            _ if let Some(list) = List::ALL.iter().find(|list| list.has_folder() && list.name() == name) => {
                let found = match list.is_written() {
                    true => written(project, &path, list.singular(), report),
                    false => items(project, &path, report),
                };
                files.folders.push((*list, found));
            }
            _ => report_unexpected(project, &path, &known, report),
        }
    }
    if files.site.is_none() {
        report.push(
            Diagnostic::new(Code::MissingFile, format!("`{}` is missing", project.display(&content.join("site.yaml"))))
                .at(Place::file(project.display(&content.join("site.yaml"))), "")
                .fix(Remedy::CreateSiteFile),
        );
    }
    files
}

/// Finds the Markdown files of a folder; `what` is what each of them is.
fn written(project: &Project, folder: &Path, what: &str, report: &mut Report) -> Vec<PathBuf> {
    with_ending(project, folder, ".md", report, &|name, is_folder| match Path::new(name)
        .extension()
        .and_then(OsStr::to_str)
    {
        Some("markdown" | "mdown" | "MD" | "txt" | "mdx") => {
            format!("rename the file: {what} files end in .md")
        }
        _ if is_folder => format!("move its files into content/{what}s/, which has no subfolders"),
        _ => "move the file elsewhere: only files that end in .md are read here".to_owned(),
    })
}

/// Finds the YAML files of a list with a folder.
fn items(project: &Project, folder: &Path, report: &mut Report) -> Vec<PathBuf> {
    with_ending(project, folder, ".yaml", report, &|name, is_folder| match name.strip_suffix(".yml") {
        Some(stem) => format!("rename the file to `{stem}.yaml`"),
        None if is_folder => format!("move its files into {}/, which has no subfolders", project.display(folder)),
        None => "move the file elsewhere: only files that end in .yaml are read here".to_owned(),
    })
}

/// Finds the files of a folder whose names have an ending. `fix` returns what to do with another file or folder, by its name and whether
/// it is a folder.
fn with_ending(
    project: &Project,
    folder: &Path,
    ending: &str,
    report: &mut Report,
    fix: &dyn Fn(&str, bool) -> String,
) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in entries(project, folder, report).unwrap_or_default() {
        let path = folder.join(&name);
        if !name.ends_with(ending) {
            let help = fix(&name, is_folder(project, &path));
            report.push(unread(Code::MisnamedFile, project, &path).help(help));
            continue;
        }
        if found.len() == MAX_WRITTEN {
            report.push(too_many(&project.display(folder), MAX_WRITTEN, "files"));
            break;
        }
        found.push(path);
    }
    found
}

fn lists(project: &Project, folder: &Path, report: &mut Report) -> Vec<(List, PathBuf)> {
    let all: Vec<List> = List::data().collect();
    let names: Vec<String> = all.iter().map(|list| format!("{list}.yaml")).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for name in entries(project, folder, report).unwrap_or_default() {
        let path = folder.join(&name);
        match known.iter().position(|known| *known == name) {
            Some(index) => found.push((all[index], path)),
            None => report_unexpected(project, &path, &known, report),
        }
    }
    found
}

/// Reports a file that is not read: an error if its name is similar to an expected name, otherwise a warning.
fn report_unexpected(project: &Project, path: &Path, known: &[&str], report: &mut Report) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // Compare stems, because a common ending makes any two names similar.
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let stems: Vec<String> = known.iter().map(|known| stem(known)).collect();
    let near = nearest(&stem(&name), stems.iter().map(String::as_str))
        .and_then(|near| stems.iter().position(|stem| stem == near))
        .map(|index| known[index]);
    let code = match near {
        None if ![".yaml", ".yml", ".md"].iter().any(|ending| name.ends_with(ending)) => Code::UnknownFile,
        _ => Code::MisnamedFile,
    };
    let help = match near {
        Some(near) if name.ends_with(".yml") && near.ends_with(".yaml") => {
            format!("rename the file to `{near}`")
        }
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of these names: {}", known.join(", ")),
    };
    let diagnostic = unread(code, project, path).help(help);
    report.push(diagnostic);
}

fn unread(code: Code, project: &Project, path: &Path) -> Diagnostic {
    let name = project.display(path);
    Diagnostic::new(code, format!("`{}` is not used", name.escape_debug())).at(Place::file(name), "")
}

fn is_folder(project: &Project, path: &Path) -> bool {
    let facts = project.open().and_then(|root| root.facts(project.below(path)));
    facts.is_ok_and(|facts| facts.kind == FileKind::Folder)
}

/// Returns the sorted names in a folder, without hidden and temporary files.
pub(super) fn entries(project: &Project, folder: &Path, report: &mut Report) -> Option<Vec<String>> {
    let name = project.display(folder);
    let problem = |code, message: String, help: &str| {
        Diagnostic::new(code, message).at(Place::file(name.as_str()), "").help(help)
    };
    let entries = match project.open().and_then(|root| root.entries(project.below(folder))) {
        Ok(entries) => entries,
        Err(error) => {
            report.push(match error {
                FileError::Outside { .. } | FileError::Hidden => {
                    let help = "move or copy the folder into the project";
                    problem(Code::OutsideProject, format!("`{name}` {error}"), help)
                }
                FileError::Kind(kind) => {
                    let message = format!("`{name}` is {}, not a folder", kind.with_article());
                    problem(Code::NotAFolder, message, "replace it with a folder")
                }
                _ if error.is_missing() => {
                    let message = format!("the folder `{name}` is missing");
                    problem(Code::MissingFile, message, &Remedy::NameOrCreateProject.to_string())
                }
                _ => problem(
                    Code::Unreadable,
                    format!("the folder `{name}` {error}"),
                    "check that you have permission to read it",
                ),
            });
            return None;
        }
    };
    let mut names = Vec::with_capacity(entries.len());
    for entry in entries {
        let file = entry.name;
        let is_hidden = file.to_string_lossy().starts_with('.');
        if is_hidden || leftover(&file).is_some() {
            // Editors create hidden files next to a text while it is open.
            let found = temporary(&project.display(&folder.join(&file)), &file);
            found.filter(|_| !is_hidden).into_iter().for_each(|found| report.push(found));
            continue;
        }
        match fit(&file) {
            Some(fit) => names.push(fit.to_owned()),
            None => report.push(unfit(&project.display(&folder.join(&file)))),
        }
    }
    names.sort();
    Some(names)
}

/// Returns the name if it is valid Unicode without hidden characters, so that it is displayed correctly everywhere.
pub(super) fn fit(name: &OsStr) -> Option<&str> {
    name.to_str().filter(|name| hidden::find(name).next().is_none() && !name.contains(['\n', '\t']))
}

/// Reports a name that is not [`fit`].
pub(super) fn unfit(path: &str) -> Diagnostic {
    let what = hidden::first_name(path).unwrap_or_else(|| "bytes that are not UTF-8".to_owned());
    Diagnostic::new(Code::FileName, format!("the name of `{}` contains {what}", path.escape_debug()))
        .at(Place::file(path), "")
        .help("rename the file; use letters, digits, hyphens and dots, in UTF-8")
}

/// Reports a folder or a list that has too many entries.
pub(super) fn too_many(path: &str, most: usize, what: &str) -> Diagnostic {
    Diagnostic::new(Code::TooMany, format!("`{path}` has more than {most} {what}"))
        .at(Place::file(path), "")
        .help("remove some of them; the rest is ignored")
}

/// Returns a warning for a temporary file of an editor, which is never part of the site.
pub(crate) fn temporary(path: &str, name: &OsStr) -> Option<Diagnostic> {
    let message = || format!("temporary file `{}` is ignored", path.escape_debug());
    (leftover(name) == Some(Leftover::Editor)).then(|| {
        Diagnostic::new(Code::TemporaryFile, message())
            .at(Place::file(path), "")
            .help("delete it, or rename it if it is not a backup or a temporary file")
    })
}
