//! Locks against concurrent runs. The operating system releases them when a process ends, even when it is killed.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Dir, FileError, FileKind, sys};

/// How often to retry while another run holds the lock.
const INTERVAL: Duration = Duration::from_millis(25);

/// Why a lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run holds the lock.
    #[error("another run holds the lock")]
    Held,
    /// The file cannot be opened.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A lock that is released when dropped.
#[derive(Debug)]
pub struct DirLock {
    file: File,
    /// The lock file, which is removed at the end; `None` if a folder itself is locked.
    named: Option<(sys::Handle, PathBuf)>,
}

impl Dir {
    /// Locks the folder itself, which leaves no lock file in it. Waits up to `patience` for another run to finish.
    ///
    /// # Errors
    /// [`LockError::Held`] if another run still holds the lock after that time.
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

    /// Locks a lock file in this folder, without waiting. The file is removed when the lock is released. A lock file
    /// that a killed run left behind is reused.
    ///
    /// # Errors
    /// [`LockError::Held`] if another run holds the lock; [`LockError::File`] if the path is not a regular file.
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
            // The previous run may have removed the file between the open and the lock. A lock on a file that no other
            // run can find protects nothing.
            if sys::is_at(&folder, name, &file) {
                return Ok(DirLock { file, named: Some((folder, name.to_owned())) });
            }
        }
    }
}

/// Explains why a lock file was not opened, by the type of the existing file if that is the reason.
fn refused(folder: &sys::Handle, name: &Path, error: io::Error) -> FileError {
    match sys::kind(folder, name) {
        Ok(Some(kind)) if kind != FileKind::File => FileError::Kind(kind),
        _ => FileError::Io(error),
    }
}

/// Returns whether the lock was taken. If the file system does not support locks, warns and returns true.
fn try_lock(file: &File, shown: &Path) -> bool {
    match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => {
            // Some network file systems do not support locks. Concurrent runs are rare, so continue without a lock.
            log::warn!("cannot lock `{}`: {error}", shown.display());
            true
        }
    }
}

impl Drop for DirLock {
    fn drop(&mut self) {
        if let Some((folder, name)) = &self.named {
            // Removed while still locked, so that the file of a later lock is never removed.
            let _ = sys::remove_file(folder, name);
        }
        // A child process may have inherited the open file; the lock must not outlive this value.
        let _ = self.file.unlock();
    }
}
