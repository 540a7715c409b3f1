//! Why a site could not be written.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Report;
use crate::files::FileError;
use crate::site::SitePath;

/// Why a site could not be written. Whatever it is, the folder is as it was.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The system refused something.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was tried, as a verb: `write`, `create`, `remove`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is something else than a folder where the folder should be.
    #[error("`{}` is {what}, not a folder", path.display())]
    NotAFolder {
        /// Where.
        path: PathBuf,
        /// What is there, with its article.
        what: &'static str,
    },
    /// The folder holds files, but not the list of files that a build leaves.
    #[error("`{}` holds files that candor did not write", folder.display())]
    Foreign {
        /// The folder.
        folder: PathBuf,
    },
    /// Files in a folder that candor wrote are not in its list, or would be deleted although they were changed.
    #[error("`{}` contains {} that candor did not write: {}", folder.display(), files_in_words(*count), files.join(", "))]
    ForeignFiles {
        /// The folder.
        folder: PathBuf,
        /// The first few, relative to it.
        files: Vec<String>,
        /// How many there are.
        count: usize,
    },
    /// Some of the files belong to another user.
    #[error("`{}` contains files that this user may not remove", folder.display())]
    Unremovable {
        /// The folder.
        folder: PathBuf,
    },
    /// The list of files in the folder cannot be read as one.
    #[error("`{}` is damaged: {reason}", path.display())]
    DamagedMarker {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder is one that the build reads from, or holds one.
    #[error("the site cannot be written to `{}`: it would replace `{}`", out.display(), input.display())]
    Protected {
        /// Where the site was to go.
        out: PathBuf,
        /// What is there.
        input: PathBuf,
    },
    /// Another build is at work on the same folder.
    #[error("another build is writing `{}`", out.display())]
    Busy {
        /// The folder.
        out: PathBuf,
    },
    /// One file's path is a folder of another, or the name is kept for candor's own list.
    #[error("the site cannot hold both `{one}` and `{other}`")]
    Conflict {
        /// The file.
        one: SitePath,
        /// What needs the same name.
        other: String,
    },
    /// Bodies could not be made.
    #[error("{} of the site's files could not be made", .0.diagnostics().len())]
    Produce(Report),
}

impl EmitError {
    /// For `map_err`: says what was tried, and on what.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EmitError {
        let path = path.to_owned();
        move |source| EmitError::Io { action, path, source }
    }

    /// The same for an error of the module that opens files.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(FileError) -> EmitError {
        let path = path.to_owned();
        move |error| EmitError::Io { action, path, source: error.into_io() }
    }

    /// What to do about it, in one line; empty where the message says it all.
    pub fn help(&self) -> String {
        match self {
            EmitError::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk; the site is as it was before".into(),
                io::ErrorKind::PermissionDenied => "check who owns the folder, or build into another one with --out".into(),
                io::ErrorKind::ReadOnlyFilesystem => "build into another folder with --out".into(),
                io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => {
                    "a folder that a disk is mounted on cannot be swapped; build into a folder inside it with --out".into()
                }
                io::ErrorKind::AlreadyExists => {
                    "two files of the site have names that this file system takes for the same; rename one".into()
                }
                io::ErrorKind::InvalidFilename => "use a shorter path for the folder, or a shorter name for the file".into(),
                _ => "the site is as it was before".into(),
            },
            EmitError::NotAFolder { path, .. } => {
                format!("move `{}` away, or name another folder with --out", path.display())
            }
            EmitError::Foreign { folder } => format!(
                "name an empty or a new folder with --out, or delete `{}` yourself if nothing in it is needed",
                folder.display()
            ),
            EmitError::ForeignFiles { .. } => {
                "move what belongs to the site into static/root/, and the rest out of the folder; a build replaces the whole folder".into()
            }
            EmitError::Unremovable { .. } => {
                "build as the user who owns the files, or build into another folder with --out".into()
            }
            EmitError::DamagedMarker { path, .. } => match path.parent() {
                Some(folder) => format!("delete the folder `{}` and build again", folder.display()),
                None => String::new(),
            },
            EmitError::Protected { .. } => "name a folder of its own with --out, such as dist".into(),
            EmitError::Busy { .. } => "wait until it is done, or build into another folder with --out".into(),
            EmitError::Conflict { .. } => "rename the one that comes from static/".into(),
            EmitError::Produce(_) => String::new(),
        }
    }
}

fn files_in_words(count: usize) -> String {
    match count {
        1 => "a file".into(),
        count => format!("{count} files"),
    }
}
