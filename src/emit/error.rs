//! Why a site could not be written.

use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Report;
use crate::files::FileError;
use crate::site::SitePath;
use crate::text::shortened;

/// Why a site could not be written. On any error, the output folder is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// An error of the operating system.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// The action that failed, as a verb: `write`, `create`, `remove`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// The output path exists and is not a folder.
    #[error("`{}` is {what}, not a folder", path.display())]
    NotAFolder {
        /// The output path.
        path: PathBuf,
        /// The type of the file, with its article.
        what: &'static str,
    },
    /// The folder has files, but no manifest of an earlier build.
    #[error("`{}` contains files that candor did not write", folder.display())]
    Foreign {
        /// The output folder, as it was given.
        folder: PathBuf,
    },
    /// Files in a folder that candor wrote are not in its manifest, or would be deleted although they were changed.
    #[error("`{}` contains {} that candor did not write: {}", folder.display(), files_in_words(*count), files.join(", "))]
    ForeignFiles {
        /// The output folder, as it was given.
        folder: PathBuf,
        /// The first few, relative to the folder.
        files: Vec<String>,
        /// How many there are.
        count: usize,
    },
    /// The folder has the site of another project.
    #[error("`{}` contains the site of another project{}", folder.display(), titled(title))]
    OtherProject {
        /// The output folder, as it was given.
        folder: PathBuf,
        /// The title of that site; empty if it is not known.
        title: String,
    },
    /// Some of the files belong to another user.
    #[error("`{}` contains files that you do not have permission to remove", folder.display())]
    Unremovable {
        /// The output folder, as it was given.
        folder: PathBuf,
    },
    /// The manifest in the folder is not valid.
    #[error("`{}` is damaged: {reason}", path.display())]
    DamagedMarker {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The output folder is an input of the build, or contains one.
    #[error("cannot write the site to `{}`: this would overwrite `{}`", out.display(), input.display())]
    Protected {
        /// The output folder.
        out: PathBuf,
        /// The input folder.
        input: PathBuf,
    },
    /// Another build is writing to the same folder.
    #[error("another build is writing `{}`", out.display())]
    Busy {
        /// The folder.
        out: PathBuf,
    },
    /// A file's path is a folder of another file, or is reserved for the manifest.
    #[error("the site cannot contain both `{one}` and `{other}`")]
    Conflict {
        /// The file.
        one: SitePath,
        /// What needs the same name.
        other: String,
    },
    /// Bodies could not be produced.
    #[error("{} of the site's files could not be produced", .0.diagnostics().len())]
    Produce(Report),
}

impl EmitError {
    /// Adds the action and the path to an I/O error, for `map_err`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> EmitError {
        let path = path.to_owned();
        move |source| EmitError::Io { action, path, source }
    }

    /// Adds the action and the path to a [`FileError`], for `map_err`.
    pub(super) fn file(action: &'static str, path: &Path) -> impl FnOnce(FileError) -> EmitError {
        let path = path.to_owned();
        move |error| EmitError::Io { action, path, source: error.into_io() }
    }

    /// Returns how to fix it, in one line; empty if there is nothing to add.
    pub fn help(&self) -> String {
        match self {
            EmitError::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free up disk space; the existing site was not changed".into(),
                io::ErrorKind::PermissionDenied => "check the owner and permissions of the folder, or build to another folder with --out".into(),
                io::ErrorKind::ReadOnlyFilesystem => "build to another folder with --out".into(),
                io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => {
                    "a mount point cannot be replaced; build to a folder inside it with --out".into()
                }
                io::ErrorKind::AlreadyExists => {
                    "the file system treats the names of two files as equal; rename one of them".into()
                }
                io::ErrorKind::InvalidFilename => "use a shorter path for the folder, or a shorter name for the file".into(),
                _ => "the existing site was not changed".into(),
            },
            EmitError::NotAFolder { path, .. } => {
                format!("move or rename `{}`, or choose another folder with --out", path.display())
            }
            EmitError::Foreign { folder } => format!(
                "choose an empty or new folder with --out, or delete `{}` if you do not need its content",
                folder.display()
            ),
            EmitError::OtherProject { folder, .. } => format!(
                "choose another folder with --out, or delete `{}` if that site is no longer needed",
                folder.display()
            ),
            EmitError::ForeignFiles { .. } => {
                "move files that belong to the site to static/root/, and other files out of the folder; a build replaces the whole folder".into()
            }
            EmitError::Unremovable { .. } => {
                "build as the owner of the files, or build to another folder with --out".into()
            }
            EmitError::DamagedMarker { path, .. } => match path.parent() {
                Some(folder) => format!("delete the folder `{}` and build again", folder.display()),
                None => String::new(),
            },
            EmitError::Protected { .. } => "choose a separate folder with --out, such as dist".into(),
            EmitError::Busy { .. } => "wait until it has finished, or build to another folder with --out".into(),
            EmitError::Conflict { .. } => "rename the one that comes from static/".into(),
            EmitError::Produce(_) => String::new(),
        }
    }
}

/// Returns a title as part of a message, on one line and without control characters.
fn titled(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(": `{}`", shortened(title, 60)) }
}

fn files_in_words(count: usize) -> String {
    match count {
        1 => "a file".into(),
        count => format!("{count} files"),
    }
}
