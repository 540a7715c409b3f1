//! Writes files and folders below an open folder.
//!
//! Files are written atomically: the content goes to a temporary file with an unpredictable name, is flushed to the
//! disk, and is then renamed.

use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Dir, FileError, FileKind, sys};

/// How many temporary names to try.
const ATTEMPTS: usize = 16;

/// The prefix and suffix of the name of a temporary file; between them are 16 hexadecimal digits.
const STAGED: (&str, &str) = (".candor-", ".tmp");

/// What to do if the file exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// Fail.
    New,
    /// Replace the file or symbolic link. The link is not followed.
    Replace,
}

impl Dir {
    /// Creates a folder and its missing parents. Returns the folders that it created, outermost first.
    ///
    /// # Errors
    /// When a component is not a folder, or leads out of this one.
    pub fn create_dirs(&self, below: &Path) -> Result<Vec<PathBuf>, FileError> {
        super::checked(below)?;
        let mut made = Vec::new();
        let mut path = PathBuf::new();
        for part in below.components() {
            let around = path.clone();
            path.push(part);
            match sys::open_folder(&self.handle, self.path(), &path) {
                Err(error) if error.is_missing() => {
                    let folder = sys::open_folder(&self.handle, self.path(), &around)?;
                    match sys::make_folder(&folder, Path::new(&part)) {
                        Ok(()) => made.push(path.clone()),
                        // Another run created it first.
                        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                            sys::open_folder(&self.handle, self.path(), &path)?;
                        }
                        Err(error) => {
                            self.remove_empty(&made);
                            return Err(error.into());
                        }
                    }
                }
                opened => drop(opened?),
            }
        }
        Ok(made)
    }

    /// Creates one folder, which must not exist. Its parent must exist.
    ///
    /// # Errors
    /// When the path exists or the operating system returns an error.
    pub fn create_dir(&self, below: &Path) -> Result<(), FileError> {
        let (folder, name) = self.around(below)?;
        Ok(sys::make_folder(&folder, name)?)
    }

    /// Removes the folders that are empty, innermost first, and keeps the others.
    pub fn remove_empty(&self, folders: &[PathBuf]) {
        for path in folders.iter().rev() {
            if let Ok((folder, name)) = self.around(path) {
                let _ = sys::remove_folder(&folder, name);
            }
        }
    }

    /// Writes a new file directly, not atomically. On failure, removes the partly written file.
    ///
    /// # Errors
    /// When the file exists or the operating system returns an error.
    pub fn write_new(&self, below: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let (folder, name) = self.around(below)?;
        let mut file = sys::create(&folder, name)?;
        file.write_all(bytes).inspect_err(|_| drop(sys::remove_file(&folder, name)))?;
        Ok(())
    }

    /// Writes a file atomically and flushes it to the disk.
    ///
    /// # Errors
    /// When the operating system returns an error, or the file exists and may not be replaced.
    pub fn place(&self, below: &Path, bytes: &[u8], placing: Placing) -> Result<(), FileError> {
        let (folder, name) = self.around(below)?;
        let (mut file, staged) = stage(&folder)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        drop(file);
        let placed = written.and_then(|()| match placing {
            Placing::Replace => sys::rename(&folder, &staged, &folder, name),
            Placing::New => take_name(&folder, &staged, name),
        });
        if placed.is_err() || placing == Placing::New {
            // After a rename the temporary file is gone; after a link it is a second name of the same file.
            let _ = sys::remove_file(&folder, &staged);
        }
        placed?;
        sys::sync(&folder);
        Ok(())
    }

    /// Appends to a regular file.
    ///
    /// # Errors
    /// When it is missing, not a regular file, or cannot be written.
    pub fn append(&self, below: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let (folder, name) = self.around(below)?;
        match sys::kind(&folder, name)? {
            Some(FileKind::File) | None => {}
            Some(kind) => return Err(FileError::Kind(kind)),
        }
        let mut file = sys::open_append(&folder, name)?;
        match FileKind::of(file.metadata()?.file_type()) {
            FileKind::File => Ok(file.write_all(bytes)?),
            kind => Err(FileError::Kind(kind)),
        }
    }

    /// Hard-links a regular file of another folder here, if it still has this identity.
    ///
    /// # Errors
    /// When the file was replaced, or the operating system returns an error.
    pub fn link_from(&self, source: &Dir, from: &Path, id: (u64, u64), to: &Path) -> Result<(), FileError> {
        let (from_folder, from_name) = source.around(from)?;
        let (to_folder, to_name) = self.around(to)?;
        sys::link(&from_folder, from_name, &to_folder, to_name)?;
        if sys::id(&to_folder, to_name)? == id {
            return Ok(());
        }
        sys::remove_file(&to_folder, to_name)?;
        Err(FileError::Io(io::ErrorKind::NotFound.into()))
    }

    /// Removes a file or a symbolic link. Does not follow the link.
    ///
    /// # Errors
    /// When the operating system returns an error.
    pub fn remove_file(&self, below: &Path) -> Result<(), FileError> {
        let (folder, name) = self.around(below)?;
        Ok(sys::remove_file(&folder, name)?)
    }

    /// Removes the temporary files that a killed run left in a folder.
    pub fn remove_staged(&self, below: &Path) {
        for entry in self.entries(below).unwrap_or_default() {
            let name = entry.name.to_string_lossy();
            let middle = name.strip_prefix(STAGED.0).and_then(|name| name.strip_suffix(STAGED.1));
            let staged = middle.is_some_and(|hex| hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
            if staged && entry.kind == FileKind::File {
                let _ = self.remove_file(&below.join(&entry.name));
            }
        }
    }
}

/// Creates a temporary file with an unpredictable name.
fn stage(folder: &sys::Handle) -> Result<(File, PathBuf), FileError> {
    let mut attempt = 0;
    loop {
        // The standard library seeds this from the system's random number generator.
        let name =
            PathBuf::from(format!("{}{:016x}{}", STAGED.0, RandomState::new().build_hasher().finish(), STAGED.1));
        match sys::create(folder, &name) {
            Ok(file) => return Ok((file, name)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// Gives a temporary file its final name, which must not exist.
fn take_name(folder: &sys::Handle, staged: &Path, name: &Path) -> io::Result<()> {
    match sys::link(folder, staged, folder, name) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::StorageFull) => {
            // The file system has no hard links. The caller holds a lock, so no other run creates the file in between.
            match sys::kind(folder, name) {
                Ok(None) => sys::rename(folder, staged, folder, name),
                _ => Err(io::ErrorKind::AlreadyExists.into()),
            }
        }
        linked => linked,
    }
}
