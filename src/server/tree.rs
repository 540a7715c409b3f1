//! The files in the watched folders, which are the source of truth behind file events.
//!
//! Events are hints. They come twice, late, for irrelevant files, or not at all (a full queue, a network share, a
//! folder that was moved back between two calls). So an event only indicates when to look; the changes are found by
//! comparing two walks, which take well under a millisecond for a project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::files::{Dir, FileKind, Flow, leftover};
use crate::model::Digest;

/// The files below some folders, as of the last walk.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    folders: Vec<PathBuf>,
    files: BTreeMap<PathBuf, Stamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    len: u64,
    /// Whether it is a regular file. Other files are not opened: reading a pipe would block, and a device may have no
    /// end.
    plain: bool,
    /// Known only for files that have changed since the start: the file system's clock may be too coarse to tell two
    /// saves apart.
    digest: Option<Digest>,
}

/// Larger files are compared only by time and size.
const HASHED: u64 = 4 << 20;

impl Tree {
    /// Walks the folders, which are relative to the root and may be missing.
    pub fn new(root: &Path, folders: &[PathBuf]) -> Tree {
        let mut tree = Tree { root: root.to_owned(), folders: folders.to_owned(), files: BTreeMap::new() };
        tree.files = tree.walk();
        tree
    }

    /// Walks again, and returns the files that were added, changed or removed, relative to the root. `hinted` are files
    /// that an event reported as written; their content is compared if the stamps are equal.
    pub fn update(&mut self, hinted: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
        let mut now = self.walk();
        let mut changed: Vec<_> = self.files.keys().filter(|path| !now.contains_key(*path)).cloned().collect();
        for (path, stamp) in &mut now {
            let before = self.files.get(path);
            let same_stamp = before.is_some_and(|before| (before.modified, before.len) == (stamp.modified, stamp.len));
            if same_stamp && !hinted.contains(path) {
                stamp.digest = before.and_then(|before| before.digest);
                continue;
            }
            stamp.digest = if stamp.plain && stamp.len <= HASHED { self.digest(path) } else { None };
            if !same_stamp || stamp.digest.is_none() || before.and_then(|before| before.digest) != stamp.digest {
                changed.push(path.clone());
            }
        }
        self.files = now;
        changed.sort();
        changed
    }

    fn digest(&self, path: &Path) -> Option<Digest> {
        Dir::open(&self.root).and_then(|root| root.read(path, HASHED)).ok().map(|bytes| Digest::of(&bytes))
    }

    fn walk(&self) -> BTreeMap<PathBuf, Stamp> {
        let mut files = BTreeMap::new();
        // A file that cannot be read has been removed, or the stage that needs it will report it.
        let Ok(root) = Dir::open(&self.root) else { return files };
        for folder in &self.folders {
            let _ = root.walk(folder, &mut |visit| {
                if visit.path.file_name().and_then(leftover).is_some() {
                    return Flow::Skip;
                }
                let facts = match visit.kind {
                    Ok(FileKind::Folder) => return Flow::Go,
                    // A link is represented by its target.
                    Ok(FileKind::File) => root.facts(visit.path).ok(),
                    // Links that lead out, devices and pipes are tracked but not read.
                    Ok(_) | Err(_) => None,
                };
                let (modified, len) = facts.map_or((None, 0), |facts| (facts.modified, facts.len));
                let stamp = Stamp { modified, len, plain: facts.is_some(), digest: None };
                files.insert(visit.path.to_owned(), stamp);
                Flow::Skip
            });
        }
        files
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::PathBuf;

    use super::Tree;

    fn hints(paths: &[&str]) -> BTreeSet<PathBuf> {
        paths.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn finds_changes_without_events() {
        let dir = tempfile::tempdir().expect("a folder");
        let content = dir.path().join("content");
        fs::create_dir_all(content.join("data")).expect("made");
        fs::write(content.join("data/faq.yaml"), "a").expect("written");
        let mut tree = Tree::new(dir.path(), &["content".into(), "static".into()]);
        assert_eq!(tree.update(&hints(&[])), Vec::<PathBuf>::new());

        fs::write(content.join("data/faq.yaml"), "longer").expect("written");
        fs::write(content.join("data/.faq.yaml.swp"), "x").expect("written");
        assert_eq!(tree.update(&hints(&[])), [PathBuf::from("content/data/faq.yaml")]);

        fs::rename(&content, dir.path().join("away")).expect("moved");
        assert_eq!(tree.update(&hints(&[])), [PathBuf::from("content/data/faq.yaml")]);
        fs::rename(dir.path().join("away"), &content).expect("moved");
        assert_eq!(tree.update(&hints(&[])), [PathBuf::from("content/data/faq.yaml")]);
    }

    #[test]
    fn detects_two_saves_with_the_same_timestamp() {
        let dir = tempfile::tempdir().expect("a folder");
        let (file, path) = (dir.path().join("static/a.css"), ["static/a.css"]);
        fs::create_dir_all(dir.path().join("static")).expect("made");
        let save = |text: &str| {
            fs::write(&file, text).expect("written");
            let handle = fs::File::options().write(true).open(&file).expect("opened");
            handle.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("a time");
        };
        save("a");
        let mut tree = Tree::new(dir.path(), &["static".into()]);
        save("b");
        assert_eq!(tree.update(&hints(&path)).len(), 1);
        save("c");
        assert_eq!(tree.update(&hints(&path)).len(), 1);
        // An event that arrives late, after the file was read, is not a change.
        assert_eq!(tree.update(&hints(&path)).len(), 0);
    }
}
