//! Rewriting what a redaction withholds: records, their list of pending redactions, and kept files.

use std::path::{Path, PathBuf};

use super::{Folder, WriteError, read_file, unreadable};
use crate::diagnostic::Report;
use crate::files::{Dir, FileKind, Placing};
use crate::history::record::MAX_BYTES;
use crate::history::redaction::{self, PendingRedactions};
use crate::history::{file_name, kept};
use crate::model::{Digest, Version};

impl Folder {
    /// Reads the redactions that no release binds.
    pub(super) fn pending(&self, dir: &Dir, report: &mut Report) -> PendingRedactions {
        let name = redaction::FILE_NAME;
        let shown = self.shown(name);
        let nothing = PendingRedactions { path: shown.clone(), list: Vec::new() };
        if matches!(dir.kind(Path::new(name)), Ok(None)) {
            return nothing;
        }
        let read = read_file(dir, name, &shown, redaction::MAX_BYTES);
        read.and_then(|bytes| PendingRedactions::parse(&shown, &bytes)).unwrap_or_else(|found| {
            report.push(*found);
            nothing
        })
    }

    /// Replaces the list of pending redactions; an empty one is removed.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_pending(&self, pending: &PendingRedactions) -> Result<(), WriteError> {
        if !pending.list.is_empty() {
            return self.place(redaction::FILE_NAME, &pending.to_bytes(), Placing::Replace);
        }
        match self.remove(redaction::FILE_NAME) {
            Err(error) if !error.source.is_missing() => Err(error),
            _ => Ok(()),
        }
    }

    /// Replaces a record with its redacted version.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn rewrite(&self, version: Version, record: &[u8]) -> Result<(), WriteError> {
        self.place(&file_name(version), record, Placing::Replace)
    }

    /// Returns the bytes of a record.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn record(&self, version: Version) -> Result<Vec<u8>, Report> {
        let name = file_name(version);
        let dir = self.open().map_err(|error| Report::from(unreadable(&self.shown, &error)))?;
        read_file(&dir, &name, &self.shown(&name), MAX_BYTES).map_err(|found| Report::from(*found))
    }

    /// Whether the folder keeps a file with this digest.
    pub fn keeps(&self, sha256: Digest) -> bool {
        let folder = Path::new(kept::FOLDER).join(sha256.to_string());
        self.open().is_ok_and(|dir| matches!(dir.kind(&folder), Ok(Some(FileKind::Folder))))
    }

    /// Removes every copy of a kept file.
    ///
    /// # Errors
    /// If a copy cannot be removed.
    pub fn forget(&self, sha256: Digest) -> Result<(), WriteError> {
        let folder = Path::new(kept::FOLDER).join(sha256.to_string());
        let failed = |source| WriteError { path: self.shown(&folder.display().to_string()), source };
        let dir = self.open().map_err(failed)?;
        if dir.kind(&folder).map_err(failed)? != Some(FileKind::Folder) {
            return Ok(());
        }
        for file in dir.entries(&folder).map_err(failed)? {
            dir.remove_file(&folder.join(&file.name)).map_err(failed)?;
        }
        dir.remove_empty(&[folder, PathBuf::from(kept::FOLDER)]);
        Ok(())
    }
}
