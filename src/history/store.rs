//! Releases on disk: `content/releases/`. The one part of this stage that touches files.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::chain::{self, File, Witness};
use super::reading::Reader;
use super::record::MAX_BYTES;
use super::sums::{FILE_NAME, Sums};
use super::{History, Release, file_name};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::model::{Date, Digest, Version};
use crate::project::Project;

/// Reads and verifies a project's releases, for a run that speaks for the day `as_of`.
///
/// Everything that is wrong is in the report: where it has errors, nothing may be built on the history. A project
/// without releases has an empty history and nothing to report.
pub fn read(project: &Project, as_of: Date) -> (History, Report) {
    let folder = Folder::of(project);
    let (files, witness, mut report) = folder.files();
    let (chain, findings) = chain::verify(files, &witness, as_of);
    report.merge(findings);
    report.merge(chain.unreadable);
    (chain.history, report)
}

/// The bytes of a release as they are on disk, for publishing.
///
/// # Errors
/// When the file cannot be read any more, or is no longer the one that was verified.
pub fn bytes(project: &Project, release: &Release) -> Result<Vec<u8>, Report> {
    let path = project.releases().join(release.file_name());
    let shown = project.display(&path);
    let bytes = read_file(&path, &shown).map_err(|found| Report::from(*found))?;
    if Digest::of(&bytes) == release.digest {
        Ok(bytes)
    } else {
        let message = format!("release {} was changed while candor was at work", release.version);
        Err(Diagnostic::new(Code::ReleaseEdited, message)
            .at(Place::file(shown), "")
            .help("run the command again")
            .into())
    }
}

/// A folder of records, and how findings name what is in it.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    shown: String,
}

impl Folder {
    /// The folder of a project.
    pub fn of(project: &Project) -> Folder {
        let path = project.releases();
        let shown = project.display(&path);
        Folder { path, shown }
    }

    /// Any folder that holds records, such as `releases/` of a built site.
    pub fn at(path: &Path) -> Folder {
        Folder { path: path.to_owned(), shown: path.display().to_string() }
    }

    /// Reads what is in it: records in parallel, and the digests beside them.
    pub fn files(&self) -> (Vec<File>, Witness, Report) {
        let mut report = Report::new();
        let reader = Reader::default();
        let versions = self.versions(&mut report);
        let files = versions.into_par_iter().map(|version| self.file(version, &reader)).collect();
        let sums = self.sums(&mut report);
        (files, Witness { path: self.shown(FILE_NAME), sums }, report)
    }

    /// The versions that files are named after. Dot files are left alone: editors and systems put them anywhere.
    fn versions(&self, report: &mut Report) -> Vec<Version> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                report.push(unreadable(&self.shown, &error));
                return Vec::new();
            }
        };
        let mut versions = Vec::new();
        for entry in entries {
            let name = match entry {
                Ok(entry) => entry.file_name().to_string_lossy().into_owned(),
                Err(error) => {
                    report.push(unreadable(&self.shown, &error));
                    continue;
                }
            };
            if name.starts_with('.') || name == FILE_NAME {
                continue;
            }
            match name.strip_suffix(".json").map(str::parse) {
                Some(Ok(version)) => versions.push(version),
                _ => report.push(
                    Diagnostic::new(Code::ReleaseName, format!("`{}` is not the name of a release", name.escape_debug()))
                        .at(Place::file(self.shown(&name)), "")
                        .help("this folder holds VERSION.json files that `candor release` writes, and nothing else; move the file elsewhere"),
                ),
            }
        }
        versions
    }

    fn file(&self, version: Version, reader: &Reader) -> File {
        let name = file_name(version);
        let path = self.shown(&name);
        let (digest, content) = match read_file(&self.path.join(&name), &path) {
            Err(found) => (None, Err(found)),
            Ok(bytes) => match reader.record(&path, &bytes) {
                Ok(parsed) => (Some(parsed.digest), Ok(parsed)),
                Err(found) => (Some(Digest::of(&bytes)), Err(found)),
            },
        };
        File { path, version, digest, content }
    }

    fn sums(&self, report: &mut Report) -> Option<Sums> {
        let shown = self.shown(FILE_NAME);
        let path = self.path.join(FILE_NAME);
        if fs::symlink_metadata(&path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return None;
        }
        let bytes = match read_file(&path, &shown) {
            Ok(bytes) => bytes,
            Err(found) => {
                report.push(*found);
                return None;
            }
        };
        let (sums, findings) = Sums::parse(&shown, &String::from_utf8_lossy(&bytes));
        report.merge(findings);
        Some(sums)
    }

    fn shown(&self, name: &str) -> String {
        format!("{}/{name}", self.shown)
    }

    /// Writes a release: the record first, and then its line in `SHA256SUMS`. Each appears whole or not at all.
    /// An existing record is replaced only where `replace` says so.
    ///
    /// # Errors
    /// When a file cannot be written; `AlreadyExists` where the version has a record.
    pub fn write(&self, version: Version, record: &[u8], sums: &Sums, replace: bool) -> Result<(), WriteError> {
        let wrap = |path: &Path| {
            let path = path.to_owned();
            move |source| WriteError { path, source }
        };
        fs::create_dir_all(&self.path).map_err(wrap(&self.path))?;
        let path = self.path.join(file_name(version));
        place_file(&path, record, replace).map_err(wrap(&path))?;
        self.write_sums(sums)
    }

    /// Writes `SHA256SUMS` anew.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_sums(&self, sums: &Sums) -> Result<(), WriteError> {
        let path = self.path.join(FILE_NAME);
        place_file(&path, sums.to_text().as_bytes(), true).map_err(|source| WriteError { path, source })
    }
}

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {source}", path.display())]
pub struct WriteError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Puts a file in its place in one step: under another name first, flushed to the disk, then given its name. Without
/// `replace` the name is taken with a hard link, which fails where a file has it already.
fn place_file(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let staged = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let placed =
        stage(&staged, bytes).and_then(|()| if replace { fs::rename(&staged, path) } else { take_name(&staged, path) });
    if placed.is_err() || !replace {
        // Gone already after a rename; after a link it is the second name of the same file.
        let _ = fs::remove_file(&staged);
    }
    placed?;
    // The name is safe once the folder is on the disk too; not every system lets a folder be opened.
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn stage(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // What a killed run left under this very name is in nobody's way.
    let _ = fs::remove_file(path);
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn take_name(staged: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(staged, path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::StorageFull) => {
            // A file system without hard links: two runs at once are told apart by the check alone.
            match fs::symlink_metadata(path) {
                Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
                Err(_) => fs::rename(staged, path),
            }
        }
        linked => linked,
    }
}

/// Reads a regular file of bearable size. Links, devices and pipes are refused: a record is a file of its own.
fn read_file(path: &Path, shown: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
    let told = |error: io::Error| Box::new(unreadable(shown, &error));
    let metadata = fs::symlink_metadata(path).map_err(told)?;
    if !metadata.is_file() {
        let kind = if metadata.is_symlink() { "a symbolic link" } else { "not a file" };
        return Err(Box::new(
            Diagnostic::new(Code::ReleaseUnreadable, format!("`{shown}` is {kind}"))
                .at(Place::file(shown), "")
                .help("a release is a file of its own; bring it back as it was published"),
        ));
    }
    let file = fs::File::open(path).map_err(told)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > MAX_BYTES {
        let megabytes = metadata.len() / (1024 * 1024);
        return Err(Box::new(
            Diagnostic::new(
                Code::ReleaseTooLarge,
                format!("`{shown}` has {megabytes} MiB; a release has at most {} MiB", MAX_BYTES / (1024 * 1024)),
            )
            .at(Place::file(shown), "")
            .help("candor did not write this file; bring the release back as it was published"),
        ));
    }
    Ok(bytes)
}

fn unreadable(shown: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::ReleaseUnreadable, format!("`{shown}` cannot be read: {error}"))
        .at(Place::file(shown), "")
        .help("check that the file exists and that you may read it")
}
