//! The folder that a site goes to: which it is, whether it may be replaced, and the names beside it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::lock::Lock;
use super::manifest::{self, Manifest};
use super::tree::{self, Found, Tree};
use super::{EmitError, swap};

/// Files that desktops leave in any folder that somebody looks at. They are nobody's, and go with the old site.
const DESKTOP_FILES: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// How many foreign files a message names.
const NAMED: usize = 3;

/// The folder, locked for one build; what is made beside it goes when this is dropped.
#[derive(Debug)]
pub struct Target {
    /// The folder: absolute, and without links in the folders above it.
    pub out: PathBuf,
    /// Where the new site is put together: beside it, on the same file system.
    pub staging: PathBuf,
    /// Where the old site goes for a moment on systems that cannot exchange two folders.
    aside: PathBuf,
    /// Folders above `out` that were made for it, outermost first.
    made: Vec<PathBuf>,
    done: bool,
    /// Taken back only when this is dropped.
    lock: Option<Lock>,
}

/// The site that stands in the folder already.
#[derive(Debug)]
pub struct Old {
    /// What the build that wrote it said of it.
    pub manifest: Manifest,
    /// What is there now.
    tree: Tree,
    /// When the list was written: last of all files.
    finished: std::time::SystemTime,
}

/// The path of candor's own file or folder next to `out`: `.NAME.candor-WHAT` for a folder NAME.
fn beside(out: &Path, what: &str) -> PathBuf {
    let mut hidden = OsString::from(".");
    hidden.push(out.file_name().unwrap_or_default());
    hidden.push(format!(".candor-{what}"));
    out.with_file_name(hidden)
}

impl Target {
    /// Finds the folder and locks it, and clears what a killed build left beside it.
    ///
    /// # Errors
    /// When the folder would replace one of `inputs` or lies in one, when another build is at work on
    /// it, or when the system refuses.
    pub fn open(out: &Path, inputs: &[PathBuf]) -> Result<Target, EmitError> {
        let (out, made) = locate(out)?;
        let guarded = protect(&out, inputs).and_then(|()| Lock::take(&beside(&out, "lock"), &out));
        let lock = match guarded {
            Ok(lock) => lock,
            Err(error) => {
                remove_empty(&made);
                return Err(error);
            }
        };
        let (staging, aside) = (beside(&out, "new"), beside(&out, "old"));
        let target = Target { out, staging, aside, made, done: false, lock: Some(lock) };
        swap::recover(&target.out, &target.aside).map_err(EmitError::io("restore", &target.out))?;
        for litter in [&target.staging, &target.aside] {
            remove(litter).map_err(EmitError::io("remove", litter))?;
        }
        Ok(target)
    }

    /// The site that is there; `None` where the folder is missing or empty.
    ///
    /// # Errors
    /// When what is there is not candor's to replace.
    pub fn old(&self) -> Result<Option<Old>, EmitError> {
        let kind = match fs::symlink_metadata(&self.out) {
            Ok(metadata) => metadata.file_type(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(EmitError::io("read", &self.out)(error)),
        };
        if !kind.is_dir() {
            let what = if kind.is_symlink() { "a symbolic link" } else { "a file" };
            return Err(EmitError::NotAFolder { path: self.out.clone(), what });
        }
        let Some(list) = Manifest::find(&self.out)? else {
            let mut entries = fs::read_dir(&self.out).map_err(EmitError::io("read", &self.out))?;
            return match entries.next() {
                None => Ok(None),
                Some(_) => Err(EmitError::Foreign { folder: self.out.clone() }),
            };
        };
        let (manifest, tree) = rayon::join(|| Manifest::parse(&self.out, &list), || tree::scan(&self.out));
        let (manifest, mut tree) = (manifest?, tree?);
        let finished = match tree.remove(manifest::NAME) {
            Some(Found { modified, .. }) => modified,
            None => return Err(EmitError::Foreign { folder: self.out.clone() }),
        };
        tree.retain(|path, _| {
            let name = path.rsplit('/').next().unwrap_or(path);
            !DESKTOP_FILES.contains(&name) && !name.starts_with("._")
        });
        let old = Old { manifest, tree, finished };
        match old.foreign() {
            files if files.is_empty() => Ok(Some(old)),
            files => Err(EmitError::ForeignFiles {
                folder: self.out.clone(),
                count: files.len(),
                files: files.into_iter().take(NAMED).collect(),
            }),
        }
    }

    /// Puts the staged site in place, and removes the old one.
    ///
    /// # Errors
    /// When the system refuses; the old site is then still in place.
    pub fn finish(&mut self) -> Result<(), EmitError> {
        if let Ok(metadata) = fs::metadata(&self.out) {
            // Whoever opened the folder to a web server's group wants it to stay open.
            fs::set_permissions(&self.staging, metadata.permissions())
                .map_err(EmitError::io("set the permissions of", &self.staging))?;
        }
        swap::swap(&self.staging, &self.out, &self.aside).map_err(EmitError::io("replace", &self.out))?;
        self.done = true;
        self.clear();
        Ok(())
    }

    /// Removes what was made beside the folder.
    fn clear(&self) {
        for leftover in [&self.staging, &self.aside] {
            if let Err(error) = remove(leftover) {
                // The site itself is whole, old or new, and the next build tries again.
                log::warn!("cannot remove `{}`: {error}", leftover.display());
            }
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.done {
            self.clear();
        }
        // Its file would keep a folder that was made for the site from being empty.
        drop(self.lock.take());
        if !self.done {
            remove_empty(&self.made);
        }
    }
}

impl Old {
    /// Whether the file is there as it was written: same size, and not touched after the build ended.
    ///
    /// Like `make`, this trusts sizes and times: a file that was changed to the same size and given an older
    /// time is not noticed.
    pub fn is_intact(&self, path: &str, bytes: u64) -> bool {
        self.tree.get(path).is_some_and(|found| found.bytes == Some(bytes) && found.modified <= self.finished)
    }

    /// How many files there are, compressed copies included, without the list.
    pub fn files(&self) -> usize {
        self.tree.len()
    }

    /// The files that no build wrote, in order.
    fn foreign(&self) -> Vec<String> {
        let ours: std::collections::HashSet<String> =
            (self.manifest.files.iter()).flat_map(|(path, entry)| entry.on_disk(path).map(|(path, _)| path)).collect();
        let mut foreign: Vec<String> = self.tree.keys().filter(|path| !ours.contains(*path)).cloned().collect();
        foreign.sort();
        foreign
    }
}

/// Where `out` is (the folder above it is made if need be), and the folders made.
fn locate(out: &Path) -> Result<(PathBuf, Vec<PathBuf>), EmitError> {
    let absolute = std::path::absolute(out).map_err(EmitError::io("find", out))?;
    let whole = match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => {
            let made = make_parents(parent)?;
            let parent = fs::canonicalize(parent).map_err(EmitError::io("find", parent))?;
            return Ok((parent.join(name), made));
        }
        // `.`, `..` and the like: the folder itself must be there to have a name.
        _ => fs::canonicalize(&absolute).map_err(EmitError::io("find", out))?,
    };
    match (whole.parent(), whole.file_name()) {
        (Some(_), Some(_)) => Ok((whole, Vec::new())),
        _ => Err(EmitError::Protected { out: out.to_owned(), input: whole }),
    }
}

fn make_parents(parent: &Path) -> Result<Vec<PathBuf>, EmitError> {
    let mut made: Vec<PathBuf> = parent.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    made.reverse();
    fs::create_dir_all(parent).map_err(|error| {
        remove_empty(&made);
        EmitError::io("create", parent)(error)
    })?;
    Ok(made)
}

/// Refuses a folder that is, holds or lies in one of `inputs`; the project's root, their first, may hold it.
fn protect(out: &Path, inputs: &[PathBuf]) -> Result<(), EmitError> {
    for (n, input) in inputs.iter().enumerate() {
        let input = real(input);
        let is_root = n == 0;
        if input.starts_with(out) || (!is_root && out.starts_with(&input)) {
            return Err(EmitError::Protected { out: out.to_owned(), input });
        }
    }
    Ok(())
}

/// The path without links, also where the last part of it is missing.
fn real(path: &Path) -> PathBuf {
    let parent_and_name = || Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?));
    fs::canonicalize(path).ok().or_else(parent_and_name).unwrap_or_else(|| path.to_owned())
}

/// Removes a folder or a file, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => remove_folder(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes a folder, two levels of it in parallel: most files of a large site lie in `releases/VERSION/`, and
/// removing the old ones takes about as long as linking the new ones.
fn remove_folder(path: &Path) -> io::Result<()> {
    let folders = |path: &Path| -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        // Links are not followed: the type is that of the entry itself.
        Ok(entries.iter().filter(|e| e.file_type().is_ok_and(|t| t.is_dir())).map(fs::DirEntry::path).collect())
    };
    folders(path)?.par_iter().try_for_each(|folder| folders(folder)?.par_iter().try_for_each(fs::remove_dir_all))?;
    fs::remove_dir_all(path)
}

/// Removes the folders that are empty, innermost first.
fn remove_empty(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        // One that somebody has put something into stays.
        let _ = fs::remove_dir(folder);
    }
}
