//! The folder layout of a project.

use std::path::{Path, PathBuf};

use crate::files::{Dir, FileError};

/// A project: the folders content, templates, static and dist below one root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// Creates a project with this root folder.
    pub fn at(root: impl Into<PathBuf>) -> Project {
        Project { root: root.into() }
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Opens the root folder. Files of the project are read relative to it.
    ///
    /// # Errors
    /// If the root is missing or not a folder.
    pub fn open(&self) -> Result<Dir, FileError> {
        Dir::open(&self.root)
    }

    /// Converts a path of the project to a path relative to the root, for use with [`Dir`].
    pub fn below<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// The content folder, which the publisher edits.
    pub fn content(&self) -> PathBuf {
        self.root.join("content")
    }

    /// The folder of release records.
    pub fn releases(&self) -> PathBuf {
        self.root.join("content/releases")
    }

    /// The folder of custom templates; optional.
    pub fn templates(&self) -> PathBuf {
        self.root.join("templates")
    }

    /// The folder of static files; optional.
    pub fn static_files(&self) -> PathBuf {
        self.root.join("static")
    }

    /// The default output folder.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Formats a path for diagnostics: relative to the root, with forward slashes.
    pub fn display(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}
