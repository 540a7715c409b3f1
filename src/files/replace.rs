//! Moves, swaps and removes whole folders.

use std::ffi::OsString;
use std::path::Path;

use rayon::prelude::*;

use super::{Dir, FileError, FileKind, check_depth, sys};

impl Dir {
    /// Renames a file or folder.
    ///
    /// # Errors
    /// When the operating system returns an error.
    pub fn rename(&self, from: &Path, to: &Path) -> Result<(), FileError> {
        let ((from_folder, from), (to_folder, to)) = (self.around(from)?, self.around(to)?);
        Ok(sys::rename(&from_folder, from, &to_folder, to)?)
    }

    /// Swaps two names in this folder atomically. Returns `false` if the system or file system does not support it.
    ///
    /// # Errors
    /// When the operating system returns an error.
    pub fn swap(&self, one: &Path, other: &Path) -> Result<bool, FileError> {
        Ok(sys::swap(&self.handle, one, other)?)
    }

    /// Copies the permissions of one subfolder to another.
    ///
    /// # Errors
    /// When one of them is missing, or the operating system returns an error.
    pub fn copy_permissions(&self, from: &Path, to: &Path) -> Result<(), FileError> {
        let (from, to) = (self.sub(from)?, self.sub(to)?);
        Ok(sys::copy_permissions(&from.handle, &to.handle)?)
    }

    /// Returns whether this user may remove a folder and everything in it.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn may_remove_tree(&self, below: &Path) -> Result<bool, FileError> {
        self.may_remove_tree_at(below, 1)
    }

    fn may_remove_tree_at(&self, below: &Path, depth: usize) -> Result<bool, FileError> {
        check_depth(depth)?;
        let folder = self.sub(below)?;
        if !sys::may_empty(&folder.handle)? {
            return Ok(false);
        }
        let folders = folder.folders()?;
        let allowed = folders.par_iter().map(|name| folder.may_remove_tree_at(Path::new(name), depth + 1));
        allowed.try_reduce(|| true, |one, other| Ok(one && other))
    }

    /// Removes a folder with everything in it, a file or a symbolic link. Does nothing if the path does not exist. Does
    /// not follow links.
    ///
    /// # Errors
    /// When the operating system returns an error.
    pub fn remove_tree(&self, below: &Path) -> Result<(), FileError> {
        match self.kind(below)? {
            None => Ok(()),
            Some(FileKind::Folder) => {
                let (around, name) = self.around(below)?;
                match Dir::in_folder(&around, name, self.path().join(below)) {
                    Ok(folder) => folder.clear(1)?,
                    // Another run removed it or replaced it with a link.
                    Err(FileError::Kind(_)) => return Ok(sys::remove_file(&around, name)?),
                    Err(error) => return Err(error),
                }
                Ok(sys::remove_folder(&around, name)?)
            }
            Some(_) => self.remove_file(below),
        }
    }

    fn in_folder(around: &sys::Handle, name: &Path, path: std::path::PathBuf) -> Result<Dir, FileError> {
        Ok(Dir { handle: sys::open_folder_exactly_in(around, name)?, path })
    }

    /// Removes everything in this folder.
    fn clear(&self, depth: usize) -> Result<(), FileError> {
        check_depth(depth)?;
        sys::open_up(&self.handle);
        let entries = sys::entries(&self.handle)?;
        let (folders, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.kind == FileKind::Folder);
        for file in files {
            sys::remove_file(&self.handle, Path::new(&file.name))?;
        }
        folders.into_par_iter().try_for_each(|entry| {
            let name = Path::new(&entry.name);
            Dir::in_folder(&self.handle, name, self.path().join(name))?.clear(depth + 1)?;
            Ok(sys::remove_folder(&self.handle, name)?)
        })
    }

    fn folders(&self) -> Result<Vec<OsString>, FileError> {
        let entries = sys::entries(&self.handle)?;
        Ok(entries.into_iter().filter(|entry| entry.kind == FileKind::Folder).map(|entry| entry.name).collect())
    }
}
