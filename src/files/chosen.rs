//! Files that the user names on the command line. Such a path may be a symbolic link, because the user chose it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{Dir, FileError, Placing, read_regular, sys};

/// Reads a file that the user named, of at most `limit` bytes.
///
/// A named pipe, a socket or a device in a project is refused; the system's own files, such as `/dev/stdin`, are read when
/// the user names them so.
///
/// # Errors
/// When it is missing, is not a regular file, or is larger.
pub fn read_chosen(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    if !sys::is_of_the_system(path) {
        return read_regular(sys::open_chosen(path)?, limit);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge { limit, len: limit.saturating_add(1) });
    }
    Ok(bytes)
}

/// Writes a file into a folder that the user named, creating the folder. A symbolic link under the file's name is replaced.
///
/// # Errors
/// When the system refuses.
pub fn write_chosen(folder: &Path, below: &Path, bytes: &[u8]) -> Result<(), FileError> {
    fs::create_dir_all(folder)?;
    let dir = Dir::open(folder)?;
    if let Some(parent) = below.parent() {
        dir.create_dirs(parent)?;
    }
    dir.place(below, bytes, Placing::Replace)
}

/// Creates or empties a file that the user named for output.
///
/// # Errors
/// When the system refuses.
pub fn create_chosen(path: &Path) -> io::Result<impl Write + use<>> {
    File::create(path)
}

/// Creates a folder that the user named and those around it, and returns the ones that were missing, outermost first.
///
/// # Errors
/// When the system refuses; what was made until then is removed.
pub fn make_chosen_folder(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut made: Vec<PathBuf> = path.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    made.reverse();
    fs::create_dir_all(path).inspect_err(|_| remove_chosen_folders(&made))?;
    Ok(made)
}

/// Removes the folders that are empty, innermost first. One that contains something stays.
pub fn remove_chosen_folders(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// A path that the user named, absolute and without symbolic links.
///
/// # Errors
/// When it is missing.
pub fn real_path(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

/// Whether the user named a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}
