//! Compares the current files of a project or a site with those that its newest release binds.
//!
//! Readers download a document at its current address, such as `documents/dpa.pdf`, and not at the one that keeps it forever.

use super::releases::ReleasesPlace;
use crate::assets;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::history::chain::RecordFile;
use crate::history::kept;
use crate::history::published::{Get, SiteError};
use crate::history::redaction::{PendingRedactions, Redactions};
use crate::model::{Digest, RecordedFile, Version};
use crate::project::Project;

/// A file of a site with the state of unreleased changes, and the most of it that is read, in bytes.
const STATE: (&str, u64) = ("subprocessors.json", 64 * 1024 * 1024);

/// Reads the current file of each public document of the newest release. A file of a project that differs is an unreleased change;
/// in a site it is an error, unless the site shows unreleased changes.
///
/// # Errors
/// If a site cannot be read.
pub(super) fn verify(
    place: &ReleasesPlace,
    records: &[RecordFile],
    pending: &PendingRedactions,
) -> Result<Report, SiteError> {
    let mut report = Report::new();
    let Some(newest) = records.iter().filter_map(|record| record.content.as_ref().ok()).next_back() else {
        return Ok(report);
    };
    let withheld = Redactions::of(records, pending).files();
    let files = newest.documents.iter().filter(|file| !withheld.contains(&file.sha256));
    match place {
        ReleasesPlace::Project(_, project) => {
            files.filter_map(|file| unreleased(project, file, newest.version)).for_each(|it| report.push(it));
        }
        ReleasesPlace::Site { whole: Some((root, get)), .. } => {
            for file in files {
                let Some(path) = assets::published_at(&file.path, file.sha256) else { continue };
                let shown = format!("{root}/{path}");
                if let Some(found) = kept::problem(&shown, file, newest.version, get(&path, kept::limit(file)))? {
                    report.push(found);
                }
            }
            if !report.is_empty() && shows_unreleased_changes(get) {
                return Ok(Report::new());
            }
        }
        ReleasesPlace::Site { whole: None, .. } | ReleasesPlace::Folder(_) => {}
    }
    Ok(report)
}

/// Returns the warning that a file of a project is not the released one. A missing file is reported by `candor check`.
fn unreleased(project: &Project, file: &RecordedFile, version: Version) -> Option<Diagnostic> {
    let path = project.static_files().join(&file.path);
    let bytes = project.open().and_then(|root| root.read(project.below(&path), kept::MAX_FILE)).ok()?;
    let shown = project.display(&path);
    let message = format!("`{shown}` is not the file that release {version} binds: the change is not released");
    (Digest::of(&bytes) != file.sha256).then(|| {
        Diagnostic::new(Code::UnreleasedChanges, message)
            .at(Place::file(shown), "")
            .help("release it with `candor release`, or restore the file")
    })
}

/// Returns whether a site was built with unreleased changes.
fn shows_unreleased_changes(get: &Get<'_>) -> bool {
    let state = get(STATE.0, STATE.1).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    state.is_some_and(|state| state.get("draft") == Some(&true.into()))
}
