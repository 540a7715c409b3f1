//! Releases on disk: `content/releases/`. The only module of this stage that touches files.

mod notices;
mod rewriting;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use super::chain::{self, RecordFile, SumsFile};
use super::heads::{Heads, batches};
use super::kept;
use super::published::{GetError, SiteError};
use super::reading::RecordReader;
use super::record::MAX_BYTES;
use super::redaction::{self, PendingRedactions};
use super::sums::{FILE_NAME, Sums};
use super::{History, Release, file_name, sums};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::files::{Dir, DirLock, FileError, FileKind, LockError, Placing};
use crate::model::{Date, Digest, RecordedFile, Version};
use crate::project::Project;

/// Reads and verifies the releases of a project. A release dated after `as_of` is an error.
///
/// All problems are in the report; if it has errors, the history must not be used. A project without releases has an empty
/// history and no problems.
pub fn read(project: &Project, as_of: Date) -> (History, Report) {
    let folder = Folder::of(project);
    let (files, sums_file, mut report) = folder.files();
    report.merge(folder.verify_files(&files, &sums_file.pending));
    let (history, found) = chain_of(files, &sums_file, as_of);
    report.merge(found);
    (history, report)
}

/// Reads and verifies the records of any folder, without the files that they bind; see [`read`].
pub fn read_folder(folder: &Folder, as_of: Date) -> (History, Report) {
    let (files, sums_file, mut report) = folder.files();
    let (history, found) = chain_of(files, &sums_file, as_of);
    report.merge(found);
    (history, report)
}

fn chain_of(files: Vec<RecordFile>, sums_file: &SumsFile, as_of: Date) -> (History, Report) {
    let (chain, mut report) = chain::verify(files, sums_file, as_of);
    report.merge(chain.unreadable);
    (chain.history, report)
}

/// Returns the bytes of a release as they are on disk, for publishing.
///
/// # Errors
/// If the file can no longer be read, or is no longer the file that was verified.
pub fn bytes(project: &Project, release: &Release) -> Result<Vec<u8>, Report> {
    let folder = Folder::of(project);
    let name = release.file_name();
    let shown = folder.shown(&name);
    let dir = folder.open().map_err(|error| Report::from(unreadable(&folder.shown, &error)))?;
    let bytes = read_file(&dir, &name, &shown, MAX_BYTES).map_err(|found| Report::from(*found))?;
    if Digest::of(&bytes) == release.digest {
        Ok(bytes)
    } else {
        let message = format!("release {} was modified while candor was running", release.version);
        Err(Diagnostic::new(Code::ReleaseEdited, message)
            .at(Place::file(shown), "")
            .help("run the command again")
            .into())
    }
}

/// A folder of records, and the path of the folder in diagnostics.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder that the user chose.
    base: PathBuf,
    /// The folder of records, relative to `base`; links that lead out of `base` are rejected.
    below: PathBuf,
    shown: String,
}

impl Folder {
    /// The releases folder of a project.
    pub fn of(project: &Project) -> Folder {
        let path = project.releases();
        let below = project.below(&path).to_owned();
        Folder { base: project.root().to_owned(), below, shown: project.display(&path) }
    }

    /// Any folder that contains records, such as `releases/` of a built site.
    pub fn at(path: &Path) -> Folder {
        Folder { base: path.to_owned(), below: PathBuf::new(), shown: path.display().to_string() }
    }

    /// The folder of records below a folder that the user chose.
    pub fn below(base: &Path, below: &str) -> Folder {
        let shown = base.join(below).display().to_string();
        Folder { base: base.to_owned(), below: below.into(), shown }
    }

    fn open(&self) -> Result<Dir, FileError> {
        Dir::open(&self.base)?.sub(&self.below)
    }

    /// Locks the content while the next release is made. Waits for other runs.
    ///
    /// # Errors
    /// [`LockError::Held`] if another run does not end within `patience`.
    pub fn lock(&self, patience: Duration) -> Result<DirLock, LockError> {
        let base = Dir::open(&self.base)?;
        // Lock the parent folder, because the folder of the records may not exist yet.
        let parent = self.below.parent().unwrap_or(Path::new(""));
        let lock = base.sub(parent)?.lock(patience)?;
        base.remove_staged(&self.below);
        Ok(lock)
    }

    /// The path of the folder in diagnostics.
    pub fn shown_as(&self) -> &str {
        &self.shown
    }

    /// Reads the records in parallel, and `SHA256SUMS`.
    pub fn files(&self) -> (Vec<RecordFile>, SumsFile, Report) {
        let mut report = Report::new();
        let path = self.shown(FILE_NAME);
        let Some(dir) = self.open_reported(&mut report) else {
            return (Vec::new(), SumsFile { path, ..SumsFile::default() }, report);
        };
        let reader = RecordReader::default();
        let versions = self.versions(&dir, &mut report);
        let files = versions.into_par_iter().map(|version| self.file(&dir, version, &reader)).collect();
        let (sums, pending) = (self.sums(&dir, &mut report), self.pending(&dir, &mut report));
        (files, SumsFile { path, sums, pending }, report)
    }

    /// Reads the heads of the records, for chain verification only. Holds about as many bytes at a time as one record may have.
    pub fn heads(&self) -> (Vec<RecordFile>, SumsFile, Report) {
        let mut report = Report::new();
        let path = self.shown(FILE_NAME);
        let Some(dir) = self.open_reported(&mut report) else {
            return (Vec::new(), SumsFile { path, ..SumsFile::default() }, report);
        };
        let mut versions = self.versions(&dir, &mut report);
        versions.sort_unstable();
        let size = |version| dir.facts(Path::new(&file_name(version))).map_or(0, |facts| facts.len);
        let sized = versions.into_iter().map(|version| (version, size(version)));
        let mut heads = Heads::default();
        for batch in batches(sized) {
            let read = |(version, _)| self.file(&dir, version, &RecordReader::default());
            heads.extend(batch.into_par_iter().map(read).collect());
        }
        let (sums, pending) = (self.sums(&dir, &mut report), self.pending(&dir, &mut report));
        (heads.files, SumsFile { path, sums, pending }, report)
    }

    /// Returns the versions in the file names of the folder. Other files are ignored.
    pub fn named(&self) -> Vec<Version> {
        let mut ignored = Report::new();
        self.open().map(|dir| self.versions(&dir, &mut ignored)).unwrap_or_default()
    }

    /// Opens the folder; `None` if it does not exist, or if it cannot be opened, which is reported.
    fn open_reported(&self, report: &mut Report) -> Option<Dir> {
        match self.open() {
            Ok(dir) => Some(dir),
            Err(error) => {
                if !error.is_missing() {
                    report.push(unreadable(&self.shown, &error));
                }
                None
            }
        }
    }

    /// Returns the versions in the file names. Hidden files are ignored, because editors and operating systems create them.
    fn versions(&self, dir: &Dir, report: &mut Report) -> Vec<Version> {
        let entries = match dir.entries(Path::new("")) {
            Ok(entries) => entries,
            Err(error) => {
                report.push(unreadable(&self.shown, &error));
                return Vec::new();
            }
        };
        let mut versions = Vec::new();
        for entry in entries {
            let name = entry.name.to_string_lossy();
            if name.starts_with('.') || [FILE_NAME, redaction::FILE_NAME, kept::FOLDER].contains(&&*name) {
                continue;
            }
            match name.strip_suffix(".json").map(str::parse) {
                Some(Ok(version)) => versions.push(version),
                _ => report.push(
                    Diagnostic::new(
                        Code::ReleaseName,
                        format!("`{}` is not the file name of a release", name.escape_debug()),
                    )
                    .at(Place::file(self.shown(&name)), "")
                    .fix(Remedy::MoveOutOfReleases),
                ),
            }
        }
        versions
    }

    fn file(&self, dir: &Dir, version: Version, reader: &RecordReader) -> RecordFile {
        let name = file_name(version);
        let path = self.shown(&name);
        match read_file(dir, &name, &path, MAX_BYTES) {
            Err(found) => RecordFile::unread(path, version, found),
            Ok(bytes) => RecordFile::read(path, version, &bytes, reader),
        }
    }

    fn sums(&self, dir: &Dir, report: &mut Report) -> Option<Sums> {
        let shown = self.shown(FILE_NAME);
        if matches!(dir.kind(Path::new(FILE_NAME)), Ok(None)) {
            return None;
        }
        let bytes = match read_file(dir, FILE_NAME, &shown, sums::MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(found) => {
                report.push(*found);
                return None;
            }
        };
        let (sums, diagnostics) = Sums::parse(&shown, &String::from_utf8_lossy(&bytes));
        report.merge(diagnostics);
        Some(sums)
    }

    fn shown(&self, name: &str) -> String {
        format!("{}/{name}", self.shown)
    }

    /// Writes a release: first the files that it binds, then the record, then its line in `SHA256SUMS`. Each file is written
    /// atomically. An existing record is replaced only if `replace` is set.
    ///
    /// # Errors
    /// If a file cannot be written; `AlreadyExists` if the version has a record.
    pub fn write(&self, release: &WrittenRelease<'_>, sums: &Sums, replace: bool) -> Result<(), WriteError> {
        let placing = if replace { Placing::Replace } else { Placing::New };
        let base = Dir::open(&self.base).map_err(|source| WriteError { path: self.shown.clone(), source })?;
        let mut made = Vec::new();
        let mut added = Vec::new();
        let name = file_name(release.version);
        let before =
            if replace { self.open().and_then(|dir| dir.read(Path::new(&name), MAX_BYTES)).ok() } else { None };
        let placed = self.make(&base, Path::new(""), &mut made).and_then(|()| {
            for (at, bytes) in release.files {
                self.keep(&base, at, bytes, &mut made, &mut added)?;
            }
            self.place(&name, release.record, placing)?;
            self.write_sums(sums).inspect_err(|_| {
                // A record without its digest is not a release, so undo the previous step.
                let _ = match &before {
                    Some(before) => self.place(&name, before, Placing::Replace),
                    None => self.remove(&name),
                };
            })
        });
        placed.inspect_err(|_| {
            for name in &added {
                let _ = self.remove(name);
            }
            base.remove_empty(&made);
        })
    }

    /// Creates a folder below the folder of the records, and notes what was created.
    fn make(&self, base: &Dir, below: &Path, made: &mut Vec<PathBuf>) -> Result<(), WriteError> {
        let path = self.below.join(below);
        let created = base.create_dirs(&path).map_err(|source| WriteError { path: self.shown.clone(), source })?;
        made.extend(created);
        Ok(())
    }

    /// Keeps a file under its digest, unless it is already kept.
    fn keep(
        &self,
        base: &Dir,
        at: &str,
        bytes: &[u8],
        made: &mut Vec<PathBuf>,
        added: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let name = format!("{}/{at}", kept::FOLDER);
        let is_kept = self.open().and_then(|dir| dir.read(Path::new(&name), bytes.len() as u64));
        if is_kept.as_deref().is_ok_and(|kept| kept == bytes) {
            return Ok(());
        }
        let is_new = is_kept.is_err_and(|error| error.is_missing());
        self.make(base, Path::new(&name).parent().unwrap_or(Path::new("")), made)?;
        self.place(&name, bytes, Placing::Replace)?;
        if is_new {
            added.push(name);
        }
        Ok(())
    }

    /// Removes files that no release binds: those of a release that was replaced.
    ///
    /// # Errors
    /// If a file cannot be removed.
    pub fn forget_unbound(&self, bound: &BTreeSet<String>) -> Result<(), WriteError> {
        let folder = Path::new(kept::FOLDER);
        let failed = |source| WriteError { path: self.shown(kept::FOLDER), source };
        let dir = self.open().map_err(failed)?;
        if !matches!(dir.kind(folder), Ok(Some(FileKind::Folder))) {
            return Ok(());
        }
        for entry in dir.entries(folder).map_err(failed)? {
            let digest = entry.name.to_string_lossy().into_owned();
            // Other files are not candor's.
            if digest.parse::<Digest>().is_err()
                || dir.kind(&folder.join(&digest)).ok().flatten() != Some(FileKind::Folder)
            {
                continue;
            }
            for file in dir.entries(&folder.join(&digest)).map_err(failed)? {
                let at = format!("{digest}/{}", file.name.to_string_lossy());
                if !bound.contains(&at) {
                    dir.remove_file(&folder.join(&at)).map_err(failed)?;
                }
            }
            dir.remove_empty(&[folder.join(&digest)]);
        }
        dir.remove_empty(&[folder.to_owned()]);
        Ok(())
    }

    /// Verifies the files that the records bind.
    pub fn verify_files(&self, records: &[RecordFile], pending: &PendingRedactions) -> Report {
        match kept::verify(records, pending, &self.shown, &|name, limit| self.get(name, limit)) {
            Ok((_, report)) | Err(SiteError::Wrong(report)) => report,
            Err(SiteError::Unavailable { message, help }) => {
                let shown = format!("{}/{}", self.shown, kept::FOLDER);
                Diagnostic::new(Code::ReleaseUnreadable, message).at(Place::file(shown), "").help(help).into()
            }
        }
    }

    /// Returns the bytes of a file that a release binds.
    ///
    /// # Errors
    /// If the file can no longer be read, or is no longer the file that was verified.
    pub fn kept_file(&self, file: &RecordedFile, version: Version) -> Result<Vec<u8>, Report> {
        let name = format!("{}/{}", kept::FOLDER, file.kept_at());
        let shown = self.shown(&name);
        match self.get(&name, kept::MAX_FILE) {
            Ok(bytes) if Digest::of(&bytes) == file.sha256 => Ok(bytes),
            Ok(_) => Err(kept::changed(&shown, file, version, "it was modified while candor was running").into()),
            Err(_) => Err(kept::missing(&shown, file, version).into()),
        }
    }

    /// Reads a file below the folder, as the verification of sites does.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn get(&self, name: &str, limit: u64) -> Result<Vec<u8>, GetError> {
        let shown = self.shown(name);
        let dir = self.open().map_err(|error| GetError::of_file(&self.shown, &error))?;
        dir.read(Path::new(name), limit).map_err(|error| GetError::of_file(&shown, &error))
    }

    /// Whether the folder keeps the files of releases.
    pub fn keeps_files(&self) -> bool {
        self.open().is_ok_and(|dir| matches!(dir.kind(Path::new(kept::FOLDER)), Ok(Some(FileKind::Folder))))
    }

    fn remove(&self, name: &str) -> Result<(), WriteError> {
        let removed = self.open().and_then(|dir| dir.remove_file(Path::new(name)));
        removed.map_err(|source| WriteError { path: self.shown(name), source })
    }

    /// Replaces `SHA256SUMS`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_sums(&self, sums: &Sums) -> Result<(), WriteError> {
        self.place(FILE_NAME, sums.to_text().as_bytes(), Placing::Replace)
    }

    fn place(&self, name: &str, bytes: &[u8], placing: Placing) -> Result<(), WriteError> {
        let placed = self.open().and_then(|dir| dir.place(Path::new(name), bytes, placing));
        placed.map_err(|source| WriteError { path: self.shown(name), source })
    }
}

/// A release to write.
#[derive(Debug, Clone, Copy)]
pub struct WrittenRelease<'a> {
    /// Its version.
    pub version: Version,
    /// Its record.
    pub record: &'a [u8],
    /// The files that it binds, by [`RecordedFile::kept_at`].
    pub files: &'a BTreeMap<String, Arc<[u8]>>,
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{path}`: {}", source.reason())]
pub struct WriteError {
    /// Its path in messages.
    pub path: String,
    /// The cause.
    pub source: FileError,
}

/// Reads a regular file of at most `limit` bytes. Symbolic links are rejected, even if they stay inside the folder.
fn read_file(dir: &Dir, name: &str, shown: &str, limit: u64) -> Result<Vec<u8>, Box<Diagnostic>> {
    let name = Path::new(name);
    let read = match dir.kind(name) {
        Ok(Some(kind @ FileKind::Link)) => Err(FileError::Kind(kind)),
        Ok(_) => dir.read(name, limit),
        Err(error) => Err(error),
    };
    read.map_err(|error| Box::new(unreadable(shown, &error)))
}

/// Reports a record, or a folder of records, that could not be read.
fn unreadable(shown: &str, error: &FileError) -> Diagnostic {
    match error {
        FileError::TooLarge { len, limit } => {
            let (megabytes, most) = (len / (1024 * 1024), limit / (1024 * 1024));
            Diagnostic::new(Code::ReleaseTooLarge, format!("`{shown}` has {megabytes} MiB; the limit is {most} MiB"))
                .at(Place::file(shown), "")
                .help("restore the release as it was published; candor did not write this file")
        }
        FileError::Io(error) => Diagnostic::new(Code::ReleaseUnreadable, format!("cannot read `{shown}`: {error}"))
            .at(Place::file(shown), "")
            .help("check that the file exists and that you have permission to read it"),
        error => Diagnostic::new(Code::ReleaseUnreadable, format!("`{shown}` {error}"))
            .at(Place::file(shown), "")
            .help("restore the release as it was published; a release is a regular file"),
    }
}
