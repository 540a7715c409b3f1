//! Why a file was not opened. Each message continues a sentence that begins with the path.

use std::io;

use super::FileKind;

/// Why a file was not opened, read or written. The message follows the path: `` `PATH` is a named pipe ``.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A symbolic link leads out of the folder; `through` where it is one of the folders above.
    #[error("{}", if *through { "is behind a symbolic link that leads out of the project" } else { "is a symbolic link that leads out of the project" })]
    Outside {
        /// Whether the path itself is not the link.
        through: bool,
    },
    /// A symbolic link to nothing.
    #[error("is a symbolic link to a file that does not exist")]
    Dangling,
    /// Symbolic links that lead to each other, or a link to a folder that it is in.
    #[error("is a symbolic link that leads back to itself")]
    Circle,
    /// Something that is not what the caller asked for.
    #[error("is {}{}", .0.words(), if *.0 == FileKind::Folder { ", not a file" } else { "" })]
    Kind(FileKind),
    /// More bytes than the caller allows.
    #[error("is larger than {}", size(*limit))]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
        /// The size of the file in bytes, as the system states it.
        len: u64,
    },
    /// More names than anybody needs.
    #[error("contains more than {limit} files and folders")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// Folders in folders, deeper than any site or project has them.
    #[error("contains folders that are nested more than {limit} deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// What the system refused.
    #[error("cannot be opened: {}", plain(.0))]
    Io(#[from] io::Error),
}

impl FileError {
    /// Whether there is nothing under this name.
    pub fn is_missing(&self) -> bool {
        matches!(self, FileError::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// Whether there is something under this name already.
    pub fn is_taken(&self) -> bool {
        matches!(self, FileError::Io(error) if error.kind() == io::ErrorKind::AlreadyExists)
    }

    /// What to do about it; empty where the message says enough.
    pub fn help(&self) -> &'static str {
        match self {
            FileError::Outside { .. } => "put a copy of the file into the project",
            FileError::Dangling => "fix the link, or remove it",
            FileError::Circle => "remove the link",
            FileError::Kind(FileKind::Folder) => "move the folder away",
            FileError::Kind(_) => "put a regular file in its place",
            FileError::TooLarge { .. } => "use a smaller file",
            FileError::TooMany { .. } | FileError::TooDeep { .. } => "remove what is not needed",
            FileError::Io(_) => "check that it exists and that you may read it",
        }
    }

    /// The message as a sentence of its own, behind a colon.
    pub fn reason(&self) -> String {
        match self {
            FileError::Io(error) => error.to_string(),
            other => format!("it {other}"),
        }
    }

    /// The same as an error of the system, for callers that report those.
    pub fn into_io(self) -> io::Error {
        match self {
            FileError::Io(error) => error,
            other => io::Error::other(other.reason()),
        }
    }
}

/// A limit as people say it.
fn size(limit: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if limit >= MIB && limit.is_multiple_of(MIB) { format!("{} MiB", limit / MIB) } else { format!("{limit} bytes") }
}

/// The system's words without its number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
