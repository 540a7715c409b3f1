//! The places that releases are read from: a project, a folder of records, a built site or a published site. `verify` and `diff`
//! support the same places, with the same limits.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::{Context, Failure};
use crate::diagnostic::Report;
use crate::fetch::{Client, FetchError};
use crate::files::{Dir, FileKind};
use crate::history::chain::{self, RecordFile};
use crate::history::kept::{self, VerifiedFiles};
use crate::history::published::{self, GetError, INDEX, SiteError};
use crate::history::redaction::PendingRedactions;
use crate::history::store::Folder;
use crate::history::{Release, store};
use crate::model::{Date, Malformed, Version, WebUrl};
use crate::project::Project;
use crate::text::percent;

/// A place with releases.
pub(super) enum ReleasesPlace {
    /// The releases of a project.
    Project(Folder, Project),
    /// A folder of records.
    Folder(Folder),
    /// A built or published site.
    Site {
        /// The name of its folder `releases/` in diagnostics.
        shown: String,
        /// Reads a file below `releases/`.
        get: Box<published::Get<'static>>,
        /// The name of the site itself in diagnostics, and a function that reads a file of it; `None` if only its folder
        /// `releases/` is known.
        whole: Option<(String, Box<published::Get<'static>>)>,
        /// The records that exist even if the site does not list them; empty for a published site, which cannot be listed.
        present: Vec<Version>,
    },
}

impl ReleasesPlace {
    /// Returns the place that a command-line argument names. `time` is the limit for all requests combined.
    ///
    /// # Errors
    /// If the argument names no place, or is ambiguous.
    pub(super) fn of(name: &str, time: Duration) -> Result<ReleasesPlace, Failure> {
        if name.contains("://") {
            let url: WebUrl = name.parse().map_err(|why: Malformed| Failure::new(why.message, why.help))?;
            return ReleasesPlace::published(&url, time);
        }
        let path = Path::new(name);
        let Ok(dir) = Dir::open(path) else {
            return Err(Failure::new(
                format!("`{name}` is neither a folder nor a web address"),
                "use a project, a built site, a folder of release records, or the address of a published site",
            ));
        };
        let is_project = is(&dir, "content", FileKind::Folder);
        match site_folder(&dir) {
            Some(_) if is_project => Err(Failure::new(
                format!("`{name}` has both `content/` and a built site"),
                format!(
                    "add `--site` or `--project`, or specify the folder of its releases: `{0}/releases` or `{0}/content/releases`",
                    name.trim_end_matches('/')
                ),
            )),
            Some(below) => Ok(ReleasesPlace::built(dir, below)),
            None if is_project => Ok(ReleasesPlace::in_folder(path)),
            None if is(&dir, "releases", FileKind::Folder) => {
                Ok(ReleasesPlace::Folder(Folder::below(path, "releases")))
            }
            None => Ok(ReleasesPlace::Folder(Folder::at(path))),
        }
    }

    /// Returns the releases of a project.
    pub(super) fn of_project(project: &Project) -> ReleasesPlace {
        ReleasesPlace::Project(Folder::of(project), project.clone())
    }

    fn in_folder(path: &Path) -> ReleasesPlace {
        ReleasesPlace::Project(Folder::below(path, "content/releases"), Project::at(path))
    }

    /// Returns the releases of the project in a folder, even if the folder also contains a site.
    ///
    /// # Errors
    /// If the folder has no `content/`.
    pub(super) fn project(name: &str) -> Result<ReleasesPlace, Failure> {
        let path = Path::new(name);
        if Dir::open(path).is_ok_and(|dir| is(&dir, "content", FileKind::Folder)) {
            return Ok(ReleasesPlace::in_folder(path));
        }
        Err(Failure::new(format!("`{name}` is not a project"), "specify the folder that contains content/"))
    }

    /// Returns the releases of the site at an address or in a folder, even if the folder also contains a project.
    ///
    /// # Errors
    /// If the folder has no `releases/index.json`.
    pub(super) fn site(name: &str, time: Duration) -> Result<ReleasesPlace, Failure> {
        if name.contains("://") {
            return ReleasesPlace::of(name, time);
        }
        let dir = Dir::open(Path::new(name)).ok();
        match dir.and_then(|dir| Some((site_folder(&dir)?, dir))) {
            Some((below, dir)) => Ok(ReleasesPlace::built(dir, below)),
            None => Err(Failure::new(
                format!("`{name}` is not a built site"),
                "specify the folder that contains releases/index.json",
            )),
        }
    }

    /// Returns the releases of a built site, in the subfolder `below` of the folder that the user specified.
    fn built(dir: Dir, below: &'static str) -> ReleasesPlace {
        let shown = dir.path().join(below).display().to_string();
        let present = Folder::below(dir.path(), below).named();
        let dir = Arc::new(dir);
        let reader = |below: &'static str| {
            let dir = Arc::clone(&dir);
            let get = move |name: &str, limit: u64| {
                let below = Path::new(below).join(name);
                let path = dir.path().join(&below).display().to_string();
                dir.read(&below, limit).map_err(|error| GetError::of_file(&path, &error))
            };
            Box::new(get) as Box<published::Get<'static>>
        };
        let whole = (!below.is_empty()).then(|| (dir.path().display().to_string(), reader("")));
        ReleasesPlace::Site { shown, get: reader(below), whole, present }
    }

    fn published(url: &WebUrl, time: Duration) -> Result<ReleasesPlace, Failure> {
        let root = url.as_str().trim_end_matches('/').trim_end_matches("/releases").to_owned();
        let client = Arc::new(Client::with_deadline(time)?);
        let reader = |base: String| {
            let client = Arc::clone(&client);
            let get = move |name: &str, limit: u64| {
                let url: WebUrl = format!("{base}/{}", percent::path(name))
                    .parse()
                    .map_err(|why: Malformed| GetError::Unavailable(why.message))?;
                client.get(&url, limit).map_err(|error| match &error {
                    FetchError::TooLarge { .. } => GetError::TooLarge(error.to_string()),
                    FetchError::Elsewhere { .. } => GetError::Unfit(error.to_string()),
                    _ if error.is_absence() => GetError::Absent(error.to_string()),
                    FetchError::NoClient(_) | FetchError::Status { .. } | FetchError::Unreachable { .. } => {
                        GetError::Unavailable(error.to_string())
                    }
                })
            };
            Box::new(get) as Box<published::Get<'static>>
        };
        let shown = format!("{root}/releases");
        let get = reader(shown.clone());
        Ok(ReleasesPlace::Site { shown, get, whole: Some((root.clone(), reader(root))), present: Vec::new() })
    }

    /// Returns the name of the place in diagnostics.
    pub(super) fn shown(&self) -> String {
        match self {
            ReleasesPlace::Project(folder, _) | ReleasesPlace::Folder(folder) => folder.shown_as().to_owned(),
            ReleasesPlace::Site { shown, .. } => shown.clone(),
        }
    }

    /// Returns the files of its releases in order, the redactions that no release binds, and all diagnostics about them. `also` lists versions to request from a site
    /// even if it does not list them.
    ///
    /// # Errors
    /// If a site cannot be read.
    pub(super) fn files(
        &self,
        also: &[Version],
        as_of: Date,
    ) -> Result<(Vec<RecordFile>, PendingRedactions, Report), SiteError> {
        match self {
            ReleasesPlace::Project(folder, _) | ReleasesPlace::Folder(folder) => {
                let (files, sums_file, mut report) = folder.heads();
                report.merge(chain::check(&files, &sums_file, as_of));
                Ok((files, sums_file.pending, report))
            }
            ReleasesPlace::Site { shown, get, present, .. } => {
                let (files, report) = published::read(shown, get, &[also, present.as_slice()].concat(), as_of)?;
                Ok((files, PendingRedactions::default(), report))
            }
        }
    }

    /// Reads and hashes the files that these records bind; of a folder that has only records, they are left out with a note.
    ///
    /// # Errors
    /// If a site cannot be read.
    pub(super) fn verify_files(
        &self,
        records: &[RecordFile],
        pending: &PendingRedactions,
    ) -> Result<(VerifiedFiles, Report), SiteError> {
        match self {
            ReleasesPlace::Folder(folder) if !folder.keeps_files() => {
                let note = kept::not_kept(records, folder.shown_as());
                Ok((VerifiedFiles::default(), note.map(Report::from).unwrap_or_default()))
            }
            ReleasesPlace::Project(folder, _) | ReleasesPlace::Folder(folder) => {
                kept::verify(records, pending, folder.shown_as(), &|name, limit| folder.get(name, limit))
            }
            ReleasesPlace::Site { shown, get, .. } => kept::verify(records, pending, shown, get),
        }
    }

    /// Verifies what the records of a project bind about notices that were sent. Other places do not have these files. Returns the
    /// number of files.
    pub(super) fn verify_notices(&self, records: &[RecordFile]) -> (usize, Report) {
        match self {
            ReleasesPlace::Project(folder, _) => folder.verify_notices(records),
            ReleasesPlace::Folder(_) | ReleasesPlace::Site { .. } => (0, Report::new()),
        }
    }

    /// Returns the newest release, or `None` if nothing has been released.
    ///
    /// # Errors
    /// If it cannot be read or is not valid.
    pub(super) fn newest(&self, context: &Context) -> Result<Option<Release>, SiteError> {
        match self {
            ReleasesPlace::Project(folder, _) | ReleasesPlace::Folder(folder) => {
                let (history, report) = store::read_folder(folder, context.as_of);
                if report.has_errors() { Err(SiteError::Wrong(report)) } else { Ok(history.newest().cloned()) }
            }
            ReleasesPlace::Site { shown, get, .. } => published::newest(shown, get),
        }
    }
}

/// Returns the folder with the records of a built site: a subfolder of `dir`, or `dir` itself (an empty path).
fn site_folder(dir: &Dir) -> Option<&'static str> {
    if is(dir, &format!("releases/{INDEX}"), FileKind::File) {
        Some("releases")
    } else {
        is(dir, INDEX, FileKind::File).then_some("")
    }
}

fn is(dir: &Dir, below: &str, kind: FileKind) -> bool {
    dir.facts(Path::new(below)).is_ok_and(|facts| facts.kind == kind)
}

/// Returns the diagnostics about an invalid site.
///
/// # Errors
/// If the site could not be read, so that nothing is known about its validity.
pub(super) fn as_report(error: SiteError) -> Result<Report, Failure> {
    match error {
        SiteError::Wrong(report) => Ok(report),
        SiteError::Unavailable { message, help } => Err(Failure::new(message, help)),
    }
}
