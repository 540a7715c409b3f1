//! Opens every file that candor reads or writes in a project and next to its output.
//!
//! A project comes from other people: a pull request can put a symbolic link, a device or a named pipe at any path that
//! candor uses. So no other module opens a file by its path. A [`Dir`] is a folder that the user chose. Everything
//! below it is opened relative to its handle, never through a symbolic link that leads out of it, and only regular
//! files are read, up to a limit that the caller sets. All checks are made on the open file itself, so an attacker
//! cannot swap it between the check and the use.
//!
//! Linux resolves a path below a folder in one step (`openat2` with `RESOLVE_BENEATH`). On other systems the path is
//! resolved first and then opened one component at a time without following links. Symbolic links that stay inside the
//! folder work everywhere, including absolute ones, unless they lead to hidden files.

mod chosen;
mod error;
mod journal;
mod kind;
mod leftover;
mod lfs;
mod lock;
mod place;
mod replace;
mod walk;

// The tests on Unix compile it, too.
#[cfg(all(test, unix))]
#[path = "files/other.rs"]
mod other;
#[cfg(not(unix))]
#[path = "files/other.rs"]
mod sys;
#[cfg(unix)]
#[path = "files/unix.rs"]
mod sys;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

pub use chosen::{
    create_chosen, is_file, is_folder, make_chosen_folder, read_chosen, real_path, remove_chosen_folders, write_chosen,
};
pub use error::FileError;
pub use journal::Journal;
pub use kind::FileKind;
pub use leftover::{Leftover, leftover};
pub use lfs::{MAX_LFS_POINTER, is_lfs_pointer};
pub use lock::{DirLock, LockError};
pub use place::Placing;
pub use walk::{Flow, MAX_DEPTH, MAX_VISITS, Visit, check_depth};

/// A folder that the user chose, held open. All paths are relative to it.
#[derive(Debug)]
pub struct Dir {
    path: PathBuf,
    handle: sys::Handle,
}

/// An entry of a folder. Symbolic links are reported as links, not followed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DirEntry {
    /// The file name without its folder; it may not be UTF-8.
    pub name: OsString,
    /// The type of the file.
    pub kind: FileKind,
}

/// The metadata of a file, after following symbolic links inside the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFacts {
    /// The type of the file.
    pub kind: FileKind,
    /// Its size in bytes.
    pub len: u64,
    /// The time of the last modification.
    pub modified: Option<SystemTime>,
    /// Device and inode, equal for two names of one file. Zero on systems that have neither.
    pub id: (u64, u64),
}

/// Returns the memory that the program uses, in bytes. `None` where the system does not say.
pub fn memory_in_use() -> Option<u64> {
    const LIMIT: u64 = 64 * 1024;
    // Linux: `VmRSS:     1234 kB`.
    let bytes = Dir::open(Path::new("/proc/self")).ok()?.read(Path::new("status"), LIMIT).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

impl Dir {
    /// Opens a folder that the user named. It may be a symbolic link, because the user chose it.
    ///
    /// # Errors
    /// When it is missing, unreadable or not a folder.
    pub fn open(path: &Path) -> Result<Dir, FileError> {
        // `Path::parent` returns an empty path for a bare name.
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Ok(Dir { path: path.to_owned(), handle: sys::open_chosen_folder(path)? })
    }

    /// Opens a subfolder. Symbolic links in it may then lead only to places inside that subfolder.
    ///
    /// # Errors
    /// When it is missing, leads out of this folder, or is not a folder.
    pub fn sub(&self, below: &Path) -> Result<Dir, FileError> {
        checked(below)?;
        Ok(Dir { path: self.path.join(below), handle: sys::open_folder(&self.handle, &self.path, below)? })
    }

    /// Returns the path that the folder was opened with.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// When it is missing, leads out of this folder, is not a regular file, or is larger.
    pub fn read(&self, below: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
        read_regular(self.file(below)?, limit)
    }

    /// Like [`Dir::read`], and also returns the identity of the file, for [`Dir::link_from`].
    ///
    /// # Errors
    /// As for [`Dir::read`].
    pub fn read_identified(&self, below: &Path, limit: u64) -> Result<(Vec<u8>, (u64, u64)), FileError> {
        let file = self.file(below)?;
        let id = sys::id_of(&file)?;
        Ok((read_regular(file, limit)?, id))
    }

    /// Returns the metadata of a file or folder. Does not open devices and pipes.
    ///
    /// # Errors
    /// When it is missing or leads out of this folder.
    pub fn facts(&self, below: &Path) -> Result<FileFacts, FileError> {
        checked(below)?;
        sys::facts(&self.handle, &self.path, below)
    }

    /// Returns the type of an entry without following symbolic links, or `None` if it does not exist.
    ///
    /// # Errors
    /// When the parent folder leads out of this one or cannot be read.
    pub fn kind(&self, below: &Path) -> Result<Option<FileKind>, FileError> {
        let (folder, name) = match self.around(below) {
            Err(error) if error.is_missing() => return Ok(None),
            around => around?,
        };
        sys::kind(&folder, name)
    }

    /// Returns the entries of a subfolder, sorted by name.
    ///
    /// # Errors
    /// When the subfolder is missing, leads out of this one, or is not a folder.
    pub fn entries(&self, below: &Path) -> Result<Vec<DirEntry>, FileError> {
        checked(below)?;
        let folder = sys::open_folder(&self.handle, &self.path, below)?;
        let mut entries = sys::entries(&folder)?;
        entries.sort();
        Ok(entries)
    }

    fn file(&self, below: &Path) -> Result<File, FileError> {
        checked(below)?;
        sys::open_file(&self.handle, &self.path, below)
    }

    /// Opens the parent folder of a path, and returns it with the last component of the path.
    fn around<'a>(&self, below: &'a Path) -> Result<(sys::Handle, &'a Path), FileError> {
        checked(below)?;
        let name = below.file_name().map(Path::new).ok_or(FileError::Kind(FileKind::Folder))?;
        let folder = below.parent().unwrap_or(Path::new(""));
        Ok((sys::open_folder(&self.handle, &self.path, folder)?, name))
    }
}

/// Rejects absolute paths and paths with `..`.
fn checked(below: &Path) -> Result<(), FileError> {
    let plain = below.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if plain { Ok(()) } else { Err(FileError::Outside { through: true }) }
}

/// Rejects the target of a symbolic link if it, or a folder that contains it, is hidden: hidden files, such as `.git/config` and
/// `.env`, are usually not under version control, and may contain secrets. `inside` is the real path of `below`, both relative to
/// `root`, which is a real path.
fn check_target(root: &Path, inside: &Path, below: &Path) -> Result<(), FileError> {
    let (real, named): (Vec<_>, Vec<_>) = (inside.iter().collect(), below.iter().collect());
    let is_hidden = |part: &&OsStr| part.as_encoded_bytes().starts_with(b".");
    if real == named || !real.iter().any(is_hidden) {
        return Ok(());
    }
    // Behind a link to a visible folder, hidden names that the caller asked for are allowed, such as `root/.well-known`.
    let shared = real.iter().rev().zip(named.iter().rev()).take_while(|(real, named)| real == named).count();
    let prefix = |parts: &[&OsStr], rest: usize| parts[..parts.len() - rest].iter().collect::<PathBuf>();
    for rest in (1..=shared).rev() {
        let target = prefix(&real, rest);
        let is_link_target =
            std::fs::canonicalize(root.join(prefix(&named, rest))).is_ok_and(|it| it == root.join(&target));
        if is_link_target && !target.iter().any(|part| is_hidden(&part)) {
            return Ok(());
        }
    }
    Err(FileError::Hidden)
}

/// Reads an open file if it is a regular file of at most `limit` bytes.
fn read_regular(file: File, limit: u64) -> Result<Vec<u8>, FileError> {
    let metadata = file.metadata()?;
    let kind = FileKind::of(metadata.file_type());
    if kind != FileKind::File {
        return Err(FileError::Kind(kind));
    }
    let expected = metadata.len().min(limit);
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default().saturating_add(1));
    // Reading one byte more than allowed detects a file that has grown since its size was read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge { limit, len: metadata.len() });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
