//! Compares the current files of a project or a site with those that its newest release binds.
//!
//! Readers download a document at its current address, such as `documents/dpa.pdf`, and not at the one that keeps it forever. The same
//! is true of the files and images that a text links to or shows. A withheld file must not be at its address either.

use std::path::Path;

use super::releases::ReleasesPlace;
use crate::assets;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::history::chain::RecordFile;
use crate::history::kept::{self, CurrentFile};
use crate::history::published::{Get, GetError, SiteError};
use crate::history::redaction::{PendingRedactions, Redactions};
use crate::model::{Date, Digest, RecordedFile, Version};
use crate::project::Project;

/// A file of a site with the state of unreleased changes, and the most of it that is read, in bytes.
const STATE: (&str, u64) = ("subprocessors.json", 64 * 1024 * 1024);

/// Reads the current file for each one that the newest release states. A file of a project that differs is an unreleased change;
/// in a site it is an error, unless the site shows unreleased changes.
///
/// A file whose document is not public any more on the date `as_of` is left out: the site may have been built before or after that.
///
/// # Errors
/// If a site cannot be read.
pub(super) fn verify(
    place: &ReleasesPlace,
    records: &[RecordFile],
    pending: &PendingRedactions,
    as_of: Date,
) -> Result<Report, SiteError> {
    let mut report = Report::new();
    let Some(newest) = records.iter().filter_map(|record| record.content.as_ref().ok()).next_back() else {
        return Ok(report);
    };
    let redactions = Redactions::of(records, pending);
    let withheld = redactions.files();
    let is_public = |current: &&CurrentFile| current.public_until.is_none_or(|until| as_of < until);
    let files = newest.current.iter().filter(is_public).map(|current| &current.file);
    let files = files.filter(|file| !withheld.contains(&file.sha256));
    match place {
        ReleasesPlace::Project(_, project) => {
            files.filter_map(|file| unreleased(project, file, newest.version)).for_each(|it| report.push(it));
            for (version, file) in kept::withheld(records, &redactions) {
                let path = project.static_files().join(&file.path);
                if read(project, &path).is_some_and(|bytes| Digest::of(&bytes) == file.sha256) {
                    report.push(kept::still_there(&project.display(&path), version, &redactions, file.sha256));
                }
            }
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
                report = Report::new();
            }
            for (version, file) in kept::withheld(records, &redactions) {
                let Some(path) = assets::published_at(&file.path, file.sha256) else { continue };
                match get(&path, kept::limit(file)) {
                    Ok(bytes) if Digest::of(&bytes) == file.sha256 => {
                        let shown = format!("{root}/{path}");
                        report.push(kept::still_there(&shown, version, &redactions, file.sha256));
                    }
                    Err(GetError::Unavailable(message)) => return Err(SiteError::unavailable(message)),
                    Ok(_) | Err(GetError::Absent(_) | GetError::TooLarge(_) | GetError::Unfit(_)) => {}
                }
            }
        }
        ReleasesPlace::Site { whole: None, .. } | ReleasesPlace::Folder(_) => {}
    }
    Ok(report)
}

/// Returns the warning that a file of a project is not the released one.
fn unreleased(project: &Project, file: &RecordedFile, version: Version) -> Option<Diagnostic> {
    let path = project.static_files().join(&file.path);
    let shown = project.display(&path);
    let what = match read(project, &path) {
        Some(bytes) if Digest::of(&bytes) == file.sha256 => return None,
        Some(_) => format!("`{shown}` is not the file that release {version} binds"),
        None => format!("there is no file `{shown}`, which release {version} binds"),
    };
    let found = Diagnostic::new(Code::UnreleasedChanges, format!("{what}: the change is not released"));
    Some(found.at(Place::file(shown), "").help("release it with `candor release`, or restore the file"))
}

fn read(project: &Project, path: &Path) -> Option<Vec<u8>> {
    project.open().and_then(|root| root.read(project.below(path), kept::MAX_FILE)).ok()
}

/// Returns whether a site was built with unreleased changes.
fn shows_unreleased_changes(get: &Get<'_>) -> bool {
    let state = get(STATE.0, STATE.1).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    state.is_some_and(|state| state.get("draft") == Some(&true.into()))
}
