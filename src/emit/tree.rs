//! What stands in a folder: one walk, all sizes and times.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use rayon::prelude::*;

use super::EmitError;

/// One thing in a folder that is not a folder itself.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// Size in bytes; `None` for what is not a plain file, such as a symbolic link.
    pub bytes: Option<u64>,
    /// When it was last written.
    pub modified: SystemTime,
}

/// Everything in a folder and below, by path relative to it, with forward slashes.
/// A name that is not UTF-8 is shown with replacement characters: no file of a site has one.
pub type Tree = HashMap<String, Found>;

/// Walks a folder, without following links.
///
/// # Errors
/// When a folder cannot be read.
pub fn scan(root: &Path) -> Result<Tree, EmitError> {
    Ok(scan_below(root, "")?.into_iter().collect())
}

fn scan_below(folder: &Path, prefix: &str) -> Result<Vec<(String, Found)>, EmitError> {
    let mut found = Vec::new();
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).map_err(EmitError::io("read", folder))? {
        let entry = entry.map_err(EmitError::io("read", folder))?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(EmitError::io("read", &path))?;
        if kind.is_dir() {
            folders.push((path, format!("{name}/")));
            continue;
        }
        let metadata = entry.metadata().map_err(EmitError::io("read", &path))?;
        let modified = metadata.modified().map_err(EmitError::io("read", &path))?;
        found.push((name, Found { bytes: kind.is_file().then_some(metadata.len()), modified }));
    }
    let below =
        folders.par_iter().map(|(path, prefix)| scan_below(path, prefix)).collect::<Result<Vec<_>, EmitError>>()?;
    found.extend(below.into_iter().flatten());
    Ok(found)
}
