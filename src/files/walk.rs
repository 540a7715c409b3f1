//! Walks the folders below an open folder, in the order of their names.

use std::path::{Path, PathBuf};

use super::{Dir, FileError, FileKind};

/// The most files and folders that a walk visits. Symbolic links can lead to one folder on many ways, so their number says
/// nothing about that of the visits.
pub const MAX_VISITS: usize = 100_000;

/// How many folders deep a folder is read or removed. A path on a site has at most 1,024 bytes, and half of that is far
/// beyond what anybody publishes; each level takes an open folder and a part of the stack.
pub const MAX_DEPTH: usize = 512;

/// A file or folder that a walk visits.
#[derive(Debug)]
pub struct Visit<'a> {
    /// Its path below the folder that was opened.
    pub path: &'a Path,
    /// How many folders are around it, counted from the start of the walk; the first level is 1.
    pub depth: usize,
    /// What it is, after symbolic links inside the folder, or why that cannot be said.
    pub kind: Result<FileKind, FileError>,
    /// Whether it is a symbolic link.
    pub link: bool,
}

/// How a walk goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Visit what is in this folder, and everything after it.
    Go,
    /// Leave this folder out.
    Skip,
    /// Visit nothing more.
    Stop,
}

struct Walk<'a> {
    dir: &'a Dir,
    visit: &'a mut dyn FnMut(Visit<'_>) -> Flow,
    /// The folders around the current one.
    around: Vec<(u64, u64)>,
    visits: usize,
}

impl Dir {
    /// Visits everything below a folder. Symbolic links are followed where they stay inside this folder; one that leads to
    /// a folder around it, or out, is visited with an error.
    ///
    /// # Errors
    /// When the first folder cannot be read; later ones are visited with their error.
    pub fn walk(&self, below: &Path, visit: &mut dyn FnMut(Visit<'_>) -> Flow) -> Result<(), FileError> {
        let mut walk = Walk { dir: self, visit, around: Vec::new(), visits: 0 };
        walk.folder(below, 1).map(drop)
    }
}

impl Walk<'_> {
    /// Visits what is in a folder; false to stop.
    fn folder(&mut self, path: &Path, depth: usize) -> Result<bool, FileError> {
        if depth > MAX_DEPTH {
            return Err(FileError::TooDeep { limit: MAX_DEPTH });
        }
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
