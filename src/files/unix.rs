//! Files relative to an open folder, on Unix.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, fstat, linkat, mkdirat, openat, renameat, statat, unlinkat};
use rustix::io::Errno;

use super::{DirEntry, FileError, FileFacts, FileKind};

/// An open folder.
pub(super) type Handle = OwnedFd;

/// Flags for reading: do not block on a pipe, do not make a terminal the controlling terminal, and do not pass the file
/// to child processes.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);
const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

/// How often to retry when the path changed while the kernel resolved it.
#[cfg(target_os = "linux")]
const ATTEMPTS: usize = 8;

pub(super) fn open_chosen_folder(path: &Path) -> Result<Handle, FileError> {
    openat(rustix::fs::CWD, path, FOLDER, Mode::empty()).map_err(|error| match (error, fs::symlink_metadata(path)) {
        (Errno::NOTDIR | Errno::LOOP, Ok(metadata)) => FileError::Kind(FileKind::of(metadata.file_type())),
        _ => FileError::Io(error.into()),
    })
}

/// Opens a subfolder by its name, and fails if the name is a symbolic link.
pub(super) fn open_folder_exactly_in(dir: &Handle, name: &Path) -> Result<Handle, FileError> {
    openat(dir, name, FOLDER | OFlags::NOFOLLOW, Mode::empty()).map_err(|error| match error {
        Errno::NOTDIR | Errno::LOOP => FileError::Kind(FileKind::Link),
        // A folder without read permission: its owner can remove that permission.
        error => FileError::Io(error.into()),
    })
}

pub(super) fn open_folder(dir: &Handle, root: &Path, below: &Path) -> Result<Handle, FileError> {
    let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
    open(dir, root, below, FOLDER)
}

pub(super) fn open_file(dir: &Handle, root: &Path, below: &Path) -> Result<File, FileError> {
    match open(dir, root, below, READ) {
        // A socket cannot be opened.
        Err(FileError::Io(error)) if error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) => {
            Err(FileError::Kind(FileKind::Socket))
        }
        opened => Ok(File::from(opened?)),
    }
}

/// Opens `below`, following only symbolic links that stay inside `dir` and do not lead to hidden files.
fn open(dir: &Handle, root: &Path, below: &Path, flags: OFlags) -> Result<OwnedFd, FileError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{ResolveFlags, openat2};
        for _ in 0..ATTEMPTS {
            let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
            match openat2(dir, below, flags, Mode::empty(), resolve | ResolveFlags::NO_SYMLINKS) {
                Ok(file) => return Ok(file),
                Err(Errno::LOOP | Errno::AGAIN) => {}
                Err(Errno::XDEV | Errno::NOSYS | Errno::PERM | Errno::INVAL) => break,
                Err(error) => return Err(explained(root, below, error)),
            }
            match openat2(dir, below, flags, Mode::empty(), resolve) {
                Ok(file) => return check_visible(&file, root, below).map(|()| file),
                Err(Errno::AGAIN) => {}
                // An absolute link may still stay inside; and a kernel or a sandbox may not support the call.
                Err(Errno::XDEV | Errno::NOSYS | Errno::PERM | Errno::INVAL) => break,
                Err(error) => return Err(explained(root, below, error)),
            }
        }
    }
    open_by_components(dir, root, below, flags)
}

/// Rejects a file that was opened through a symbolic link if it, or a folder that contains it, is hidden.
#[cfg(target_os = "linux")]
fn check_visible(file: &OwnedFd, root: &Path, below: &Path) -> Result<(), FileError> {
    use std::os::fd::AsRawFd;
    let opened = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd()));
    // Without /proc, the path is resolved again.
    let real = opened.or_else(|_| fs::canonicalize(root.join(below)))?;
    let real_root = fs::canonicalize(root)?;
    super::check_target(&real_root, real.strip_prefix(&real_root).map_err(|_| outside(root, below))?, below)
}

/// Resolves a path, and opens the result one component at a time without following links, so that a link that appears
/// in the meantime is rejected.
pub(super) fn open_by_components(dir: &Handle, root: &Path, below: &Path, flags: OFlags) -> Result<OwnedFd, FileError> {
    let unresolved = |error: io::Error| match Errno::from_io_error(&error) {
        Some(error) => explained(root, below, error),
        None => FileError::Io(error),
    };
    let real_root = fs::canonicalize(root)?;
    let real = fs::canonicalize(root.join(below)).map_err(unresolved)?;
    let inside = real.strip_prefix(&real_root).map_err(|_| outside(root, below))?;
    super::check_target(&real_root, inside, below)?;
    let mut parts: Vec<&OsStr> = inside.iter().collect();
    let last = parts.pop().unwrap_or(OsStr::new("."));
    let mut folder: Option<OwnedFd> = None;
    for part in parts {
        let at = folder.as_ref().unwrap_or(dir);
        folder = Some(openat(at, part, FOLDER | OFlags::NOFOLLOW, Mode::empty()).map_err(|e| swapped(root, below, e))?);
    }
    let at = folder.as_ref().unwrap_or(dir);
    openat(at, last, flags | OFlags::NOFOLLOW, Mode::empty()).map_err(|error| swapped(root, below, error))
}

/// Converts an error for a resolved path. It contains a link only if the path changed in the meantime.
fn swapped(root: &Path, below: &Path, error: Errno) -> FileError {
    match error {
        Errno::LOOP | Errno::MLINK => outside(root, below),
        error => explained(root, below, error),
    }
}

fn outside(root: &Path, below: &Path) -> FileError {
    FileError::Outside { through: !is_link(root, below) }
}

fn is_link(root: &Path, below: &Path) -> bool {
    fs::symlink_metadata(root.join(below)).is_ok_and(|metadata| metadata.is_symlink())
}

/// Converts an error for this path. The path is examined again only for the message.
fn explained(root: &Path, below: &Path, error: Errno) -> FileError {
    match error {
        Errno::LOOP if is_link(root, below) => FileError::Circle,
        Errno::NOENT if is_link(root, below) => FileError::Dangling,
        Errno::NOTDIR => match fs::metadata(root.join(below)) {
            Ok(metadata) => FileError::Kind(FileKind::of(metadata.file_type())),
            Err(_) => FileError::Io(Errno::NOENT.into()),
        },
        error => FileError::Io(error.into()),
    }
}

pub(super) fn facts(dir: &Handle, root: &Path, below: &Path) -> Result<FileFacts, FileError> {
    // Opened only to read the metadata, which does not access a device.
    #[cfg(target_os = "linux")]
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    let flags = READ;
    let below = if below.as_os_str().is_empty() { Path::new(".") } else { below };
    let file = open(dir, root, below, flags)?;
    Ok(facts_of(&fstat(&file).map_err(io::Error::from)?))
}

#[allow(clippy::unnecessary_cast, reason = "the types differ from system to system")]
fn facts_of(stat: &Stat) -> FileFacts {
    let kind = kind_of(FileType::from_raw_mode(stat.st_mode));
    let seconds = u64::try_from(stat.st_mtime).unwrap_or_default();
    let modified = std::time::UNIX_EPOCH
        .checked_add(std::time::Duration::new(seconds, u32::try_from(stat.st_mtime_nsec).unwrap_or_default()));
    FileFacts {
        kind,
        len: u64::try_from(stat.st_size).unwrap_or_default(),
        modified,
        id: (stat.st_dev as u64, stat.st_ino as u64),
    }
}

fn kind_of(kind: FileType) -> FileKind {
    match kind {
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Folder,
        FileType::Symlink => FileKind::Link,
        FileType::Fifo => FileKind::Pipe,
        FileType::Socket => FileKind::Socket,
        FileType::CharacterDevice | FileType::BlockDevice => FileKind::Device,
        _ => FileKind::Other,
    }
}

/// Returns the type of an entry, without following links.
pub(super) fn kind(dir: &Handle, name: &Path) -> Result<Option<FileKind>, FileError> {
    match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(kind_of(FileType::from_raw_mode(stat.st_mode)))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(FileError::Io(error.into())),
    }
}

/// Returns the device and inode of an entry, without following links.
pub(super) fn id(dir: &Handle, name: &Path) -> Result<(u64, u64), FileError> {
    Ok(facts_of(&statat(dir, name, AtFlags::SYMLINK_NOFOLLOW).map_err(io::Error::from)?).id)
}

/// Returns the device and inode of an open file.
pub(super) fn id_of(file: &File) -> io::Result<(u64, u64)> {
    Ok(facts_of(&fstat(file)?).id)
}

pub(super) fn entries(dir: &Handle) -> Result<Vec<DirEntry>, FileError> {
    let mut entries = Vec::new();
    for entry in rustix::fs::Dir::read_from(dir).map_err(io::Error::from)? {
        let entry = entry.map_err(io::Error::from)?;
        let bytes = entry.file_name().to_bytes();
        if bytes == b"." || bytes == b".." {
            continue;
        }
        let name = OsString::from_vec(bytes.to_vec());
        // Some file systems do not report the type of an entry.
        let kind = match entry.file_type() {
            FileType::Unknown => match kind(dir, Path::new(&name))? {
                Some(kind) => kind,
                None => continue,
            },
            known => kind_of(known),
        };
        entries.push(DirEntry { name, kind });
    }
    Ok(entries)
}

/// Creates a new file. Fails if the path exists, even as a symbolic link.
pub(super) fn create(dir: &Handle, name: &Path) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(File::from(openat(dir, name, flags, Mode::from_raw_mode(0o666))?))
}

/// Opens a lock file, and creates it if it is missing. Fails if it is a symbolic link.
pub(super) fn open_lock(dir: &Handle, name: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let written = openat(dir, name, flags | OFlags::RDWR | OFlags::CREATE, Mode::from_raw_mode(0o666));
    let opened = match written {
        // Another user's file can be locked without write permission.
        Err(Errno::ACCESS) => match openat(dir, name, flags | OFlags::RDONLY, Mode::empty()) {
            // It does not exist, and this user may not create it.
            Err(Errno::NOENT) => Err(Errno::ACCESS),
            opened => opened,
        },
        opened => opened,
    };
    Ok(File::from(opened?))
}

/// Opens a regular file for appending. Fails if it is a symbolic link.
pub(super) fn open_append(dir: &Handle, name: &Path) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(openat(dir, name, flags, Mode::empty())?))
}

pub(super) fn make_folder(dir: &Handle, name: &Path) -> io::Result<()> {
    Ok(mkdirat(dir, name, Mode::from_raw_mode(0o777))?)
}

pub(super) fn rename(from_dir: &Handle, from: &Path, to_dir: &Handle, to: &Path) -> io::Result<()> {
    Ok(renameat(from_dir, from, to_dir, to)?)
}

/// Creates a hard link. Does not follow a symbolic link.
pub(super) fn link(from_dir: &Handle, from: &Path, to_dir: &Handle, to: &Path) -> io::Result<()> {
    Ok(linkat(from_dir, from, to_dir, to, AtFlags::empty())?)
}

pub(super) fn remove_file(dir: &Handle, name: &Path) -> io::Result<()> {
    Ok(unlinkat(dir, name, AtFlags::empty())?)
}

pub(super) fn remove_folder(dir: &Handle, name: &Path) -> io::Result<()> {
    Ok(unlinkat(dir, name, AtFlags::REMOVEDIR)?)
}

/// Flushes the entries of a folder to the disk.
pub(super) fn sync(dir: &Handle) {
    // Not every file system supports this, and the file itself is already on the disk.
    let _ = rustix::fs::fsync(dir);
}

/// Returns the folder as a file that can be locked.
pub(super) fn lockable(dir: &Handle, _path: &Path) -> io::Result<File> {
    Ok(File::from(openat(dir.as_fd(), ".", FOLDER, Mode::empty())?))
}

/// Opens a path that the user named, without waiting for the other end of a pipe.
pub(super) fn open_chosen(path: &Path) -> io::Result<File> {
    Ok(File::from(openat(rustix::fs::CWD, path, READ, Mode::empty())?))
}

/// Returns whether the user named one of the system's own files, such as `/dev/stdin`.
pub(super) fn is_of_the_system(path: &Path) -> bool {
    let bytes = path.as_os_str().as_bytes();
    bytes.starts_with(b"/dev/") || bytes.starts_with(b"/proc/")
}

/// Returns whether the open file is the one at this path.
pub(super) fn is_at(dir: &Handle, name: &Path, file: &File) -> bool {
    match (id(dir, name), id_of(file)) {
        (Ok(there), Ok(here)) => there == here,
        _ => false,
    }
}

/// Swaps two names in a folder atomically. Returns `false` if the system or file system does not support it.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
pub(super) fn swap(dir: &Handle, one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{RenameFlags, renameat_with};

    match renameat_with(dir, one, dir, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(error) if [Errno::NOSYS, Errno::INVAL, Errno::OPNOTSUPP, Errno::NOTSUP].contains(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
pub(super) fn swap(_dir: &Handle, _one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Returns whether this user may remove the entries of a folder.
pub(super) fn may_empty(dir: &Handle) -> Result<bool, FileError> {
    use rustix::fs::{Access, accessat};
    let user = rustix::process::geteuid();
    let stat = fstat(dir).map_err(io::Error::from)?;
    let writable = accessat(dir, ".", Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).is_ok();
    if !writable && stat.st_uid == user.as_raw() {
        // The owner can add the permission when it is needed.
        return Ok(true);
    }
    let sticky = stat.st_mode & 0o1000 != 0;
    if !sticky || user.is_root() || stat.st_uid == user.as_raw() {
        return Ok(writable);
    }
    for entry in entries(dir)? {
        let owner = statat(dir, &entry.name, AtFlags::SYMLINK_NOFOLLOW).map_err(io::Error::from)?.st_uid;
        if owner != user.as_raw() {
            return Ok(false);
        }
    }
    Ok(writable)
}

/// Gives the owner of a folder permission to remove its entries.
pub(super) fn open_up(dir: &Handle) {
    if let Ok(stat) = fstat(dir) {
        let mode = Mode::from_raw_mode(stat.st_mode) | Mode::RWXU;
        let _ = rustix::fs::fchmod(dir, mode);
    }
}

/// Copies the permissions of one folder to another.
pub(super) fn copy_permissions(from: &Handle, to: &Handle) -> io::Result<()> {
    let mode = Mode::from_raw_mode(fstat(from)?.st_mode);
    Ok(rustix::fs::fchmod(to, mode)?)
}
