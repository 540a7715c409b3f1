//! One build at a time on one folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::EmitError;

/// Held while a folder is being written; given back, and its file removed, when dropped.
///
/// The lock belongs to the open file, not to the file's being there: when a build is killed the system
/// gives it back at once, and the file that stays behind is taken over by the next build.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock at `path` for writing to `out`, without waiting.
    ///
    /// # Errors
    /// [`EmitError::Busy`] when another build holds it; [`EmitError::Io`] when it cannot be made.
    pub fn take(path: &Path, out: &Path) -> Result<Lock, EmitError> {
        loop {
            let file = OpenOptions::new()
                .create(true)
                .write(true)
                .truncate(false)
                .open(path)
                .map_err(EmitError::io("create", path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(EmitError::Busy { out: out.to_owned() }),
                Err(TryLockError::Error(error)) => {
                    // Some network file systems have no locks. Two builds at once are rare, a build is not.
                    log::warn!("cannot lock `{}`: {error}", path.display());
                }
            }
            // Between opening and locking, the build before may have removed the file that was opened:
            // a lock on a file that nobody else can find protects nothing.
            if is_still_at(path, &file) {
                return Ok(Lock { path: path.to_owned(), file });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is still held, so that nobody's lock but this one goes.
        let _ = fs::remove_file(&self.path);
        // A process that was started meanwhile may hold the open file, too; the lock must not outlive this.
        let _ = self.file.unlock();
    }
}

#[cfg(unix)]
fn is_still_at(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(path), file.metadata()) {
        (Ok(there), Ok(here)) => (there.dev(), there.ino()) == (here.dev(), here.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still_at(_path: &Path, _file: &File) -> bool {
    // Elsewhere an open file cannot be replaced under its name.
    true
}
