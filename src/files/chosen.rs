//! Files that the user names on the command line. Such a path may be a symbolic link, because the user chose it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::{Dir, FileError, Placing, read_regular, sys};

/// Reads a file of at most `limit` bytes that the user named.
///
/// Named pipes, sockets and devices in a project are rejected. The system's own files, such as `/dev/stdin`, are read
/// when the user names them.
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

/// Writes a file into a folder that the user named, and creates the folder if needed. Replaces a symbolic link at the
/// file's path.
///
/// # Errors
/// When the operating system returns an error.
pub fn write_chosen(folder: &Path, below: &Path, bytes: &[u8]) -> Result<(), FileError> {
    fs::create_dir_all(folder)?;
    let dir = Dir::open(folder)?;
    if let Some(parent) = below.parent() {
        dir.create_dirs(parent)?;
    }
    dir.place(below, bytes, Placing::Replace)
}

/// Creates or truncates an output file that the user named.
///
/// # Errors
/// When the operating system returns an error.
pub fn create_chosen(path: &Path) -> io::Result<impl Write + use<>> {
    File::create(path)
}

/// Creates a folder that the user named, and its missing parents. Returns the folders that it created, outermost first.
///
/// # Errors
/// When the operating system returns an error; the folders created so far are removed.
pub fn make_chosen_folder(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut made: Vec<PathBuf> = path.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    made.reverse();
    fs::create_dir_all(path).inspect_err(|_| remove_chosen_folders(&made))?;
    Ok(made)
}

/// Removes the folders that are empty, innermost first, and keeps the others.
pub fn remove_chosen_folders(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// Returns the absolute path without symbolic links of a path that the user named.
///
/// # Errors
/// When it does not exist.
pub fn real_path(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

/// Returns whether the path that the user named is a file.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Returns whether the path that the user named is a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}
