//! What a project states about the notices that it sent: reads, verifies and extends `content/notices/`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Folder, WriteError, read_file};
use crate::diagnostic::Report;
use crate::files::{Dir, FileError, FileKind, Placing};
use crate::history::chain::RecordFile;
use crate::history::sent::{self, BoundNotice, FOLDER, MAX_BYTES, SentNotice};
use crate::model::{Digest, Version};

impl Folder {
    /// Returns the folder of the notices, relative to the folder that the user chose.
    fn notices(&self) -> PathBuf {
        self.below.with_file_name(FOLDER)
    }

    fn shown_notice(&self, name: &str) -> String {
        let folder = Path::new(&self.shown).with_file_name(FOLDER);
        folder.join(name).to_string_lossy().replace('\\', "/")
    }

    /// Returns what the files state beyond what earlier releases bind, for the next release to bind.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn unbound_notices<'a>(
        &self,
        bound: impl IntoIterator<Item = &'a BoundNotice>,
    ) -> Result<Vec<BoundNotice>, Report> {
        let mut lengths: BTreeMap<Version, u64> = BTreeMap::new();
        for bound in bound {
            let length = lengths.entry(bound.version).or_default();
            *length = bound.bytes.max(*length);
        }
        let Ok(dir) = Dir::open(&self.base).and_then(|base| base.sub(&self.notices())) else { return Ok(Vec::new()) };
        let mut unbound = Vec::new();
        for entry in dir.entries(Path::new("")).unwrap_or_default() {
            let name = entry.name.to_string_lossy();
            let Some(Ok(version)) = name.strip_suffix(".yaml").map(str::parse::<Version>) else { continue };
            let file =
                read_file(&dir, &name, &self.shown_notice(&name), MAX_BYTES).map_err(|found| Report::from(*found))?;
            if file.len() as u64 > lengths.get(&version).copied().unwrap_or_default() {
                unbound.push(BoundNotice::of(version, &file));
            }
        }
        unbound.sort_by_key(|bound| bound.version);
        Ok(unbound)
    }

    /// Verifies what the records bind. Returns the number of files.
    pub fn verify_notices(&self, records: &[RecordFile]) -> (usize, Report) {
        let bound = records.iter().filter_map(|file| file.content.as_ref().ok()).flat_map(|parsed| &parsed.notices);
        self.verify_bound_notices(bound)
    }

    /// Verifies what releases bind. Returns the number of files.
    pub fn verify_bound_notices<'a>(&self, bound: impl IntoIterator<Item = &'a BoundNotice>) -> (usize, Report) {
        let mut report = Report::new();
        let mut by_version: BTreeMap<Version, Vec<&BoundNotice>> = BTreeMap::new();
        for bound in bound {
            by_version.entry(bound.version).or_default().push(bound);
        }
        let dir = Dir::open(&self.base).and_then(|base| base.sub(&self.notices()));
        for bounds in by_version.values() {
            let Some(first) = bounds.first() else { continue };
            let (name, shown) = (first.file_name(), self.shown_notice(&first.file_name()));
            let exists = dir.as_ref().is_ok_and(|dir| !matches!(dir.kind(Path::new(&name)), Ok(None)));
            match &dir {
                Ok(dir) if exists => match read_file(dir, &name, &shown, MAX_BYTES) {
                    Ok(file) => {
                        let broken = bounds.iter().find(|bound| !bound.is_kept_in(&file));
                        report
                            .merge(broken.map(|bound| Report::from(sent::changed(&shown, bound))).unwrap_or_default());
                    }
                    Err(found) => report.push(*found),
                },
                _ => report.push(sent::missing(&shown, first)),
            }
        }
        (by_version.len(), report)
    }

    /// Returns the file about a release with an entry added, and what it binds.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn with_notice(&self, version: Version, entry: &SentNotice) -> Result<(BoundNotice, Vec<u8>), WriteError> {
        let file = entry.added_to(&self.notice(version)?);
        Ok((BoundNotice::of(version, &file), file))
    }

    /// Whether it states that the notice of a release was sent, whose record has this digest.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn states_notice(&self, version: Version, record: Digest) -> Result<bool, WriteError> {
        let stated = self.notice(version)?;
        Ok(String::from_utf8_lossy(&stated).contains(&record.to_string()))
    }

    /// Whether the file about a release begins with these bytes.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn has_notice(&self, bound: &BoundNotice) -> Result<bool, WriteError> {
        Ok(bound.is_kept_in(&self.notice(bound.version)?))
    }

    /// Writes the file about a release. Returns its path.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_notice(&self, version: Version, file: &[u8]) -> Result<String, WriteError> {
        self.at_notice(version, |base, path| {
            base.create_dirs(&self.notices())?;
            base.place(path, file, Placing::Replace)
        })?;
        Ok(self.shown_notice(&sent::file_name(version)))
    }

    /// Reads the file about a release; empty if it is missing.
    fn notice(&self, version: Version) -> Result<Vec<u8>, WriteError> {
        self.at_notice(version, |base, path| match base.kind(path) {
            Ok(None) => Ok(Vec::new()),
            Err(error) if error.is_missing() => Ok(Vec::new()),
            Ok(Some(kind @ FileKind::Link)) => Err(FileError::Kind(kind)),
            Ok(Some(_)) => base.read(path, MAX_BYTES),
            Err(error) => Err(error),
        })
    }

    fn at_notice<T>(
        &self,
        version: Version,
        act: impl FnOnce(&Dir, &Path) -> Result<T, FileError>,
    ) -> Result<T, WriteError> {
        let name = sent::file_name(version);
        let done = Dir::open(&self.base).and_then(|base| act(&base, &self.notices().join(&name)));
        done.map_err(|source| WriteError { path: self.shown_notice(&name), source })
    }
}
