//! Lists the files in a folder, without following links.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::EmitError;
use crate::files::{self, Dir, FileKind};

/// All files in a folder and its subfolders, by relative path with forward slashes. Names that are not UTF-8 are shown
/// with replacement characters: no file of a site has one.
pub type Tree = HashMap<String, FileKind>;

/// Lists the files of a folder, without following links.
///
/// # Errors
/// When a folder cannot be read.
pub fn scan(root: &Dir) -> Result<Tree, EmitError> {
    Ok(scan_below(root, Path::new(""), "", 1)?.into_iter().collect())
}

fn scan_below(root: &Dir, folder: &Path, prefix: &str, depth: usize) -> Result<Vec<(String, FileKind)>, EmitError> {
    files::check_depth(depth).map_err(EmitError::file("read", root.path()))?;
    let entries = root.entries(folder).map_err(EmitError::file("read", &root.path().join(folder)))?;
    let mut found = Vec::new();
    let mut folders: Vec<(PathBuf, String)> = Vec::new();
    for entry in entries {
        let name = format!("{prefix}{}", entry.name.to_string_lossy());
        match entry.kind {
            FileKind::Folder => folders.push((folder.join(&entry.name), format!("{name}/"))),
            kind => found.push((name, kind)),
        }
    }
    let below = folders
        .par_iter()
        .map(|(path, prefix)| scan_below(root, path, prefix, depth + 1))
        .collect::<Result<Vec<_>, EmitError>>()?;
    found.extend(below.into_iter().flatten());
    Ok(found)
}
