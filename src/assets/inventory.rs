//! Lists all code of a project with its digests, so that a reviewer sees what changed besides the content.

use std::sync::Arc;

use super::code::{self, ActiveKind};
use super::files;
use super::svg;
use crate::diagnostic::{Report, Source};
use crate::files::{FileKind, Flow};
use crate::history::kept;
use crate::model::{CodeFile, CodeKind, Digest, Settings};
use crate::project::Project;
use crate::site::map::control_file;

/// Returns the code of a project, ordered by path: its templates and strings; the scripts, style sheets and files below
/// `root/` in `static/`; SVG images that refer to other hosts, also those that releases keep; and the settings that
/// determine how pages look and files are served. The report lists files of `static/` that could not be read.
pub fn code_files(
    project: &Project,
    templates: &[(String, Arc<Source>)],
    settings: Option<&Settings>,
) -> (Vec<CodeFile>, Report) {
    let (own, report) = files::read(project);
    let file = |path: String, kind, sha256| CodeFile { path, kind, sha256, change: None };
    let templates = templates.iter().map(|(name, source)| {
        let kind = if name.starts_with("strings/") { CodeKind::Strings } else { CodeKind::Template };
        file(source.path.clone(), kind, Digest::of(source.text.as_bytes()))
    });
    let own = own.iter().filter(|(_, file)| file.source.starts_with("static/")).filter_map(|(path, read)| {
        let kind = match code::of(path, &read.bytes) {
            _ if path.starts_with("root/") => CodeKind::ServedAsIs,
            _ if control_file(path).is_some() => CodeKind::HostFile,
            Some(ActiveKind::StyleSheet) => CodeKind::StyleSheet,
            Some(ActiveKind::Script) => CodeKind::Script,
            Some(_) => CodeKind::Page,
            None if refers_to_other_hosts(path, &read.bytes) => CodeKind::LinkingImage,
            None => return None,
        };
        Some(file(read.source.clone(), kind, Digest::of(&read.bytes)))
    });
    let setting = |key: &str, value: serde_json::Result<serde_json::Value>| {
        let value = value.ok().filter(|value| value.as_object().is_some_and(|object| !object.is_empty()))?;
        Some(file(format!("content/site.yaml: {key}"), CodeKind::Setting, Digest::of(value.to_string().as_bytes())))
    };
    let settings = settings.into_iter().flat_map(|settings| {
        let theme = setting("theme", serde_json::to_value(&settings.theme));
        let types = setting("media_types", serde_json::to_value(&settings.media_types));
        [theme, types].into_iter().flatten()
    });
    let kept = kept_images(project).into_iter().map(|(path, sha256)| file(path, CodeKind::LinkingImage, sha256));
    let mut all: Vec<CodeFile> = templates.chain(own).chain(settings).chain(kept).collect();
    all.sort_by(|one, other| one.path.cmp(&other.path));
    (all, report)
}

fn refers_to_other_hosts(path: &str, bytes: &[u8]) -> bool {
    path.to_lowercase().ends_with(".svg") && !svg::references(bytes).is_empty()
}

/// Returns the SVG images among the files of releases that refer to other hosts, with their digests. `candor verify` reports
/// files that cannot be read.
fn kept_images(project: &Project) -> Vec<(String, Digest)> {
    let mut found = Vec::new();
    let folder = project.releases().join(kept::FOLDER);
    let Ok(root) = project.open() else { return found };
    // A project without such a folder has no such files.
    let _ = root.walk(project.below(&folder), &mut |visit| {
        if matches!(visit.kind, Ok(FileKind::File))
            && visit.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("svg"))
            && let Ok(bytes) = root.read(visit.path, kept::MAX_FILE)
            && !svg::references(&bytes).is_empty()
        {
            found.push((project.display(&project.root().join(visit.path)), Digest::of(&bytes)));
        }
        Flow::Go
    });
    found
}
