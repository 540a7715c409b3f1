//! One run at a time: locks that the system gives back when a process ends, however it ends.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Dir, FileError, FileKind, sys};

/// How often a lock is tried while another run holds it.
const INTERVAL: Duration = Duration::from_millis(25);

/// Why a lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds it.
    #[error("another run holds the lock")]
    Held,
    /// It cannot be opened.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A lock, given back when dropped.
#[derive(Debug)]
pub struct DirLock {
    file: File,
    /// The lock file, to be removed at the end; none where a folder itself is locked.
    named: Option<(sys::Handle, PathBuf)>,
}

impl Dir {
    /// Locks the folder itself, so that no file of the lock is left in it. Waits for another run, at most `patience`.
    ///
    /// # Errors
    /// [`LockError::Held`] where another run holds it all the time.
    pub fn lock(&self, patience: Duration) -> Result<DirLock, LockError> {
        let file = sys::lockable(&self.handle, self.path()).map_err(FileError::Io)?;
        let start = Instant::now();
        loop {
            if try_lock(&file, self.path()) {
                return Ok(DirLock { file, named: None });
            }
            if start.elapsed() >= patience {
                return Err(LockError::Held);
            }
            std::thread::sleep(INTERVAL);
        }
    }

    /// Locks by a file in this folder, without waiting. The file is removed with the lock; one that a killed run left is
    /// taken over.
    ///
    /// # Errors
    /// [`LockError::Held`] where another run holds it; where the name is not that of a regular file.
    pub fn lock_by_file(&self, name: &Path) -> Result<DirLock, LockError> {
        let (folder, name) = self.around(name)?;
        loop {
            let file = match sys::open_lock(&folder, name) {
                Ok(file) => file,
                Err(error) => return Err(LockError::File(refused(&folder, name, error))),
            };
            let metadata = file.metadata().map_err(FileError::Io)?;
            let kind = FileKind::of(metadata.file_type());
            if kind != FileKind::File {
                return Err(LockError::File(FileError::Kind(kind)));
            }
            if !try_lock(&file, name) {
                return Err(LockError::Held);
            }
            // Between opening and locking, the run before may have removed the file that was opened: a lock on a file
            // that no other run can find protects nothing.
            if sys::is_at(&folder, name, &file) {
                return Ok(DirLock { file, named: Some((folder, name.to_owned())) });
            }
        }
    }
}

/// Why the file of a lock was not opened: what is under its name, if that is the reason.
fn refused(folder: &sys::Handle, name: &Path, error: io::Error) -> FileError {
    match sys::kind(folder, name) {
        Ok(Some(kind)) if kind != FileKind::File => FileError::Kind(kind),
        _ => FileError::Io(error),
    }
}

/// Whether the lock was taken; true, with a warning, where the file system has no locks.
fn try_lock(file: &File, shown: &Path) -> bool {
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => {
            // Some network file systems have no locks. Two runs at the same time are rare, a run is not.
            log::warn!("cannot lock `{}`: {error}", shown.display());
            true
        }
    }
}

impl Drop for DirLock {
    fn drop(&mut self) {
        if let Some((folder, name)) = &self.named {
            // Removed while it is still held, so that no other lock than this one goes.
            let _ = sys::remove_file(folder, name);
        }
        // A process that was started meanwhile may hold the open file, too; the lock must not outlive this.
        let _ = self.file.unlock();
    }
}
