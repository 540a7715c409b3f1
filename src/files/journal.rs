//! Files to which lines are added, each of which is on the disk before the next step.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::{Dir, FileError, FileKind, sys};

/// An open file that is only appended to.
#[derive(Debug)]
pub struct Journal {
    file: File,
}

impl Dir {
    /// Opens a regular file for appending, and creates it if it is missing. Keeps its first `keep` bytes.
    ///
    /// # Errors
    /// When the path is not a regular file, or the operating system returns an error.
    pub fn journal(&self, below: &Path, keep: u64) -> Result<Journal, FileError> {
        let (folder, name) = self.around(below)?;
        match sys::kind(&folder, name)? {
            None => drop(sys::create(&folder, name)?),
            Some(FileKind::File) => {}
            Some(kind) => return Err(FileError::Kind(kind)),
        }
        let file = sys::open_append(&folder, name)?;
        let metadata = file.metadata()?;
        let kind = FileKind::of(metadata.file_type());
        if kind != FileKind::File {
            return Err(FileError::Kind(kind));
        }
        if metadata.len() > keep {
            file.set_len(keep)?;
        }
        file.sync_all()?;
        sys::sync(&folder);
        Ok(Journal { file })
    }
}

impl Journal {
    /// Appends bytes and flushes them to the disk.
    ///
    /// # Errors
    /// When the operating system returns an error.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_data()
    }
}
