//! The types of files.

use std::fs::FileType;

/// The type of a file, as the file system reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A named pipe.
    Pipe,
    /// A socket.
    Socket,
    /// A device.
    Device,
    /// Something else.
    Other,
}

impl FileKind {
    /// Returns its name with an article.
    pub fn with_article(self) -> &'static str {
        match self {
            FileKind::File => "a file",
            FileKind::Folder => "a folder",
            FileKind::Link => "a symbolic link",
            FileKind::Pipe => "a named pipe",
            FileKind::Socket => "a socket",
            FileKind::Device => "a device",
            FileKind::Other => "neither a file nor a folder",
        }
    }

    /// Converts the type of the standard library.
    pub(super) fn of(kind: FileType) -> FileKind {
        if kind.is_file() {
            return FileKind::File;
        }
        if kind.is_dir() {
            return FileKind::Folder;
        }
        if kind.is_symlink() {
            return FileKind::Link;
        }
        special(kind)
    }
}

/// Returns the kind of a file that is neither a regular file nor a folder nor a link.
#[cfg(unix)]
fn special(kind: FileType) -> FileKind {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        FileKind::Pipe
    } else if kind.is_socket() {
        FileKind::Socket
    } else if kind.is_char_device() || kind.is_block_device() {
        FileKind::Device
    } else {
        FileKind::Other
    }
}

/// Returns the kind of a file that is neither a regular file nor a folder nor a link. Other systems have no types for it.
#[cfg(not(unix))]
fn special(_: FileType) -> FileKind {
    FileKind::Other
}
