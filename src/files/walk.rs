//! Walks a folder recursively, in the order of the names.

use std::path::{Path, PathBuf};

use super::{Dir, FileError, FileKind};

/// The maximum number of files and folders that a walk visits. With symbolic links, many paths can lead to one folder,
/// so the number of files does not limit the number of visits.
pub const MAX_VISITS: usize = 100_000;

/// Maximum depth of folders that are read or removed recursively. A path of a site has at most 1,024 bytes, so real sites are
/// far less deep; each level requires an open folder and stack space.
pub const MAX_DEPTH: usize = 512;

/// Rejects a folder that is nested too deeply to be read or removed.
///
/// # Errors
/// If `depth` is greater than [`MAX_DEPTH`].
pub fn check_depth(depth: usize) -> Result<(), FileError> {
    if depth > MAX_DEPTH { Err(FileError::TooDeep { limit: MAX_DEPTH }) } else { Ok(()) }
}

/// A file or folder that a walk visits.
#[derive(Debug)]
pub struct Visit<'a> {
    /// Its path, relative to the open folder.
    pub path: &'a Path,
    /// Its depth below the start of the walk; the first level is 1.
    pub depth: usize,
    /// Its type after following symbolic links inside the folder, or why the type is unknown.
    pub kind: Result<FileKind, FileError>,
    /// Whether it is a symbolic link.
    pub link: bool,
}

/// How to continue a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Continue, and descend into this folder.
    Go,
    /// Continue, and skip the content of this folder.
    Skip,
    /// Stop the walk.
    Stop,
}

struct Walk<'a> {
    dir: &'a Dir,
    visit: &'a mut dyn FnMut(Visit<'_>) -> Flow,
    /// The identities of the folders above the current one.
    around: Vec<(u64, u64)>,
    visits: usize,
}

impl Dir {
    /// Visits everything below a folder. Symbolic links are followed if they stay inside this folder; a link that leads
    /// out or to one of its own parents is visited with an error.
    ///
    /// # Errors
    /// When the start folder cannot be read. Other folders that cannot be read are visited with an error.
    pub fn walk(&self, below: &Path, visit: &mut dyn FnMut(Visit<'_>) -> Flow) -> Result<(), FileError> {
        let mut walk = Walk { dir: self, visit, around: Vec::new(), visits: 0 };
        walk.folder(below, 1).map(drop)
    }
}

impl Walk<'_> {
    /// Visits the content of a folder; returns false to stop.
    fn folder(&mut self, path: &Path, depth: usize) -> Result<bool, FileError> {
        check_depth(depth)?;
        let id = self.dir.facts(path)?.id;
        if id != (0, 0) && self.around.contains(&id) {
            return Err(FileError::Circle);
        }
        let entries = self.dir.entries(path)?;
        self.around.push(id);
        let mut go = true;
        for entry in entries {
            self.visits += 1;
            let link = entry.kind == FileKind::Link;
            let path: PathBuf = path.join(&entry.name);
            if self.visits > MAX_VISITS {
                let kind = Err(FileError::TooMany { limit: MAX_VISITS });
                (self.visit)(Visit { path: &path, depth, kind, link });
                go = false;
                break;
            }
            let kind = if link { self.dir.facts(&path).map(|facts| facts.kind) } else { Ok(entry.kind) };
            let folder = matches!(kind, Ok(FileKind::Folder));
            go = match (self.visit)(Visit { path: &path, depth, kind, link }) {
                Flow::Stop => false,
                Flow::Go if folder => match self.folder(&path, depth + 1) {
                    Ok(go) => go,
                    Err(error) => (self.visit)(Visit { path: &path, depth, kind: Err(error), link }) != Flow::Stop,
                },
                Flow::Go | Flow::Skip => true,
            };
            if !go {
                break;
            }
        }
        self.around.pop();
        Ok(go)
    }
}
