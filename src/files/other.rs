//! Files relative to an open folder, on systems without folder handles. Paths are resolved and compared, and then the
//! opened file is checked. A link that appears in between is not detected here.

#![cfg_attr(all(test, unix), allow(dead_code, reason = "compiled but not used"))]

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{DirEntry, FileError, FileFacts, FileKind};

/// A folder, as a path without symbolic links.
pub(super) type Handle = PathBuf;

pub(super) fn open_chosen_folder(path: &Path) -> Result<Handle, FileError> {
    let real = fs::canonicalize(path)?;
    match FileKind::of(fs::metadata(&real)?.file_type()) {
        FileKind::Folder => Ok(real),
        kind => Err(FileError::Kind(kind)),
    }
}

fn resolve(dir: &Handle, below: &Path) -> Result<PathBuf, FileError> {
    let path = dir.join(below);
    let link = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
    let real = match fs::canonicalize(&path) {
        Err(error) if link => {
            return Err(match error.kind() {
                io::ErrorKind::NotFound => FileError::Dangling,
                io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory => error.into(),
                // There is no stable error kind for links that lead to each other.
                _ => FileError::Circle,
            });
        }
        real => real?,
    };
    let inside = real.strip_prefix(dir).map_err(|_| FileError::Outside { through: !link })?;
    super::check_target(dir, inside, below)?;
    Ok(real)
}

pub(super) fn open_folder(dir: &Handle, _root: &Path, below: &Path) -> Result<Handle, FileError> {
    let real = resolve(dir, below)?;
    match FileKind::of(fs::metadata(&real)?.file_type()) {
        FileKind::Folder => Ok(real),
        kind => Err(FileError::Kind(kind)),
    }
}

pub(super) fn open_file(dir: &Handle, _root: &Path, below: &Path) -> Result<File, FileError> {
    let real = resolve(dir, below)?;
    match FileKind::of(fs::metadata(&real)?.file_type()) {
        FileKind::File => Ok(File::open(real)?),
        kind => Err(FileError::Kind(kind)),
    }
}

pub(super) fn facts(dir: &Handle, _root: &Path, below: &Path) -> Result<FileFacts, FileError> {
    let metadata = fs::metadata(resolve(dir, below)?)?;
    let kind = FileKind::of(metadata.file_type());
    Ok(FileFacts { kind, len: metadata.len(), modified: metadata.modified().ok(), id: (0, 0) })
}

pub(super) fn kind(dir: &Handle, name: &Path) -> Result<Option<FileKind>, FileError> {
    match fs::symlink_metadata(dir.join(name)) {
        Ok(metadata) => Ok(Some(FileKind::of(metadata.file_type()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn id(_dir: &Handle, _name: &Path) -> Result<(u64, u64), FileError> {
    Ok((0, 0))
}

pub(super) fn entries(dir: &Handle) -> Result<Vec<DirEntry>, FileError> {
    let entry = |entry: io::Result<fs::DirEntry>| -> Result<DirEntry, FileError> {
        let entry = entry?;
        Ok(DirEntry { name: entry.file_name(), kind: FileKind::of(entry.file_type()?) })
    };
    fs::read_dir(dir)?.map(entry).collect()
}

pub(super) fn create(dir: &Handle, name: &Path) -> io::Result<File> {
    File::create_new(dir.join(name))
}

/// Opens a lock file, and creates it if it is missing. Fails if it is not a regular file, such as a symbolic link.
pub(super) fn open_lock(dir: &Handle, name: &Path) -> io::Result<File> {
    if kind(dir, name).map_err(FileError::into_io)?.is_some_and(|kind| kind != FileKind::File) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    OpenOptions::new().create(true).write(true).truncate(false).open(dir.join(name))
}

pub(super) fn open_append(dir: &Handle, name: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).open(dir.join(name))
}

pub(super) fn make_folder(dir: &Handle, name: &Path) -> io::Result<()> {
    fs::create_dir(dir.join(name))
}

pub(super) fn rename(from_dir: &Handle, from: &Path, to_dir: &Handle, to: &Path) -> io::Result<()> {
    fs::rename(from_dir.join(from), to_dir.join(to))
}

pub(super) fn link(from_dir: &Handle, from: &Path, to_dir: &Handle, to: &Path) -> io::Result<()> {
    fs::hard_link(from_dir.join(from), to_dir.join(to))
}

pub(super) fn remove_file(dir: &Handle, name: &Path) -> io::Result<()> {
    fs::remove_file(dir.join(name))
}

pub(super) fn remove_folder(dir: &Handle, name: &Path) -> io::Result<()> {
    fs::remove_dir(dir.join(name))
}

pub(super) fn sync(_dir: &Handle) {}

/// A folder cannot be locked here, so a file in the system's temporary folder is locked instead.
pub(super) fn lockable(dir: &Handle, _path: &Path) -> io::Result<File> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    dir.hash(&mut hasher);
    let path = std::env::temp_dir().join(format!("candor-{:016x}.lock", hasher.finish()));
    OpenOptions::new().create(true).write(true).truncate(false).open(path)
}

pub(super) fn open_chosen(path: &Path) -> io::Result<File> {
    File::open(path)
}

pub(super) fn is_of_the_system(_path: &Path) -> bool {
    false
}

/// An open file cannot be replaced here.
pub(super) fn is_at(_dir: &Handle, _name: &Path, _file: &File) -> bool {
    true
}

pub(super) fn swap(_dir: &Handle, _one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

pub(super) fn id_of(_file: &File) -> io::Result<(u64, u64)> {
    Ok((0, 0))
}

pub(super) fn may_empty(_dir: &Handle) -> Result<bool, FileError> {
    Ok(true)
}

pub(super) fn open_up(_dir: &Handle) {}

pub(super) fn copy_permissions(from: &Handle, to: &Handle) -> io::Result<()> {
    fs::set_permissions(to, fs::metadata(from)?.permissions())
}

pub(super) fn open_folder_exactly_in(dir: &Handle, name: &Path) -> Result<Handle, FileError> {
    let path = dir.join(name);
    match FileKind::of(fs::symlink_metadata(&path)?.file_type()) {
        FileKind::Folder => Ok(fs::canonicalize(path)?),
        kind => Err(FileError::Kind(kind)),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::path::Path;

    use super::{open_chosen_folder, open_file, open_lock};
    use crate::files::{FileError, FileKind};

    #[test]
    fn never_locks_a_link_or_a_device() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = open_chosen_folder(folder.path()).expect("a folder");
        let outside = tempfile::tempdir().expect("a folder");
        symlink(outside.path().join("new"), folder.path().join("dangling")).expect("a link");
        symlink("/dev/null", folder.path().join("device")).expect("a link");
        let _socket = UnixListener::bind(folder.path().join("socket")).expect("a socket");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            folder.path().join("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .expect("a pipe");
        fs::create_dir(folder.path().join("folder")).expect("a folder");
        for name in ["dangling", "device", "socket", "pipe", "folder"] {
            assert!(open_lock(&dir, Path::new(name)).is_err(), "{name}");
        }
        assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 0);
        assert!(open_lock(&dir, Path::new("lock")).is_ok() && open_lock(&dir, Path::new("lock")).is_ok());
    }

    #[test]
    fn reports_links_that_lead_nowhere_or_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = open_chosen_folder(folder.path()).expect("a folder");
        for (name, target) in [("self", "self"), ("nowhere", "missing"), ("out", "/etc/hostname"), ("root", "/")] {
            symlink(target, folder.path().join(name)).expect("a link");
        }
        fs::write(folder.path().join("file"), "x").expect("written");
        symlink("file", folder.path().join("inside")).expect("a link");
        let open = |name: &str| open_file(&dir, folder.path(), Path::new(name));
        assert!(matches!(open("self"), Err(FileError::Circle)));
        assert!(matches!(open("nowhere"), Err(FileError::Dangling)));
        assert!(matches!(open("out"), Err(FileError::Outside { .. })));
        assert!(matches!(open("root"), Err(FileError::Outside { .. })));
        assert!(matches!(open("root/etc/passwd"), Err(FileError::Outside { .. })));
        assert!(open("inside").is_ok());
        fs::create_dir(folder.path().join("folder")).expect("a folder");
        assert!(matches!(open("folder"), Err(FileError::Kind(FileKind::Folder))));
    }
}
