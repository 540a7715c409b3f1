//! A project on disk: which folder is which.

use std::path::{Path, PathBuf};

use crate::files::{Dir, FileError};

/// The folders of a project (design: content, templates, static, dist below one root).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The project whose root is this folder.
    pub fn at(root: impl Into<PathBuf>) -> Project {
        Project { root: root.into() }
    }

    /// The root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The root, opened: files of the project are read relative to it.
    ///
    /// # Errors
    /// When the root is missing or not a folder.
    pub fn open(&self) -> Result<Dir, FileError> {
        Dir::open(&self.root)
    }

    /// A path of the project relative to the root, as [`Dir`] takes it.
    pub fn below<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// What the publisher edits.
    pub fn content(&self) -> PathBuf {
        self.root.join("content")
    }

    /// Frozen releases.
    pub fn releases(&self) -> PathBuf {
        self.root.join("content/releases")
    }

    /// The publisher's own templates; may be missing.
    pub fn templates(&self) -> PathBuf {
        self.root.join("templates")
    }

    /// The publisher's own files; may be missing.
    pub fn static_files(&self) -> PathBuf {
        self.root.join("static")
    }

    /// Where a build goes unless told otherwise.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A path as diagnostics show it: relative to the root, with forward slashes.
    pub fn display(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}
