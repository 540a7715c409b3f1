//! Errors of opening, reading and writing files. Each message continues a sentence that begins with the path.

use std::io;

use super::FileKind;

/// Why a file could not be opened, read or written. The message follows the path: `` `PATH` is a named pipe ``.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A symbolic link leads out of the folder.
    #[error("{}", if *through { "is behind a symbolic link that leads out of the project" } else { "is a symbolic link that leads out of the project" })]
    Outside {
        /// Whether the link is a parent folder of the path, and not the path itself.
        through: bool,
    },
    /// A symbolic link to a hidden file or folder, such as `.git` or `.env`, which is usually not under version control.
    #[error("is a symbolic link to a hidden file or folder")]
    Hidden,
    /// A symbolic link whose target does not exist.
    #[error("is a symbolic link to a file that does not exist")]
    Dangling,
    /// Symbolic links that lead to each other, or a link to a folder that contains it.
    #[error("is a symbolic link that leads back to itself")]
    Circle,
    /// A file of another type than the caller asked for.
    #[error("is {}{}", .0.with_article(), if *.0 == FileKind::Folder { ", not a file" } else { "" })]
    Kind(FileKind),
    /// A file with more bytes than the caller allows.
    #[error("is larger than {}", size(*limit))]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
        /// The size of the file in bytes, as reported by the system.
        len: u64,
    },
    /// More files and folders than the limit.
    #[error("contains more than {limit} files and folders")]
    TooMany {
        /// The number that was exceeded.
        limit: usize,
    },
    /// Folders nested deeper than the limit.
    #[error("contains folders that are nested more than {limit} deep")]
    TooDeep {
        /// The number that was exceeded.
        limit: usize,
    },
    /// An error of the operating system.
    #[error("cannot be opened: {}", plain(.0))]
    Io(#[from] io::Error),
}

impl FileError {
    /// Returns whether the path does not exist.
    pub fn is_missing(&self) -> bool {
        matches!(self, FileError::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// Returns whether the path already exists.
    pub fn is_taken(&self) -> bool {
        matches!(self, FileError::Io(error) if error.kind() == io::ErrorKind::AlreadyExists)
    }

    /// Returns how to fix it.
    pub fn help(&self) -> &'static str {
        match self {
            FileError::Outside { .. } | FileError::Hidden => "put a copy of the file into the project",
            FileError::Dangling => "fix the link, or remove it",
            FileError::Circle => "remove the link",
            FileError::Kind(FileKind::Folder) => "move or rename the folder",
            FileError::Kind(_) => "put a regular file in its place",
            FileError::TooLarge { .. } => "use a smaller file",
            FileError::TooMany { .. } | FileError::TooDeep { .. } => "remove files that are not needed",
            FileError::Io(_) => "check that it exists and that you may read it",
        }
    }

    /// Returns the message as a sentence of its own, to follow a colon.
    pub fn reason(&self) -> String {
        match self {
            FileError::Io(error) => error.to_string(),
            other => format!("it {other}"),
        }
    }

    /// Converts it to an I/O error, for callers that report those.
    pub fn into_io(self) -> io::Error {
        match self {
            FileError::Io(error) => error,
            other => io::Error::other(other.reason()),
        }
    }
}

/// Formats a limit in MiB if it is a whole number of them, else in bytes.
fn size(limit: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if limit >= MIB && limit.is_multiple_of(MIB) { format!("{} MiB", limit / MIB) } else { format!("{limit} bytes") }
}

/// Returns the operating system's message without the error number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
