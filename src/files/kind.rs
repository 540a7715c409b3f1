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
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            if kind.is_fifo() {
                return FileKind::Pipe;
            }
            if kind.is_socket() {
                return FileKind::Socket;
            }
            if kind.is_char_device() || kind.is_block_device() {
                return FileKind::Device;
            }
        }
        FileKind::Other
    }
}
