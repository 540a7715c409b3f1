//! The output folder: its location, whether it may be replaced, and the temporary names next to it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::manifest::{self, Entry, Manifest};
use super::tree::{self, Tree};
use super::{EmitError, swap};
use crate::compress::Encoding;
use crate::files::{self, Dir, DirLock, FileKind, Leftover, LockError};
use crate::model::ProgramVersion;

/// How many unmanaged files a message names.
const NAMED: usize = 3;

/// The output folder, locked for one build. Temporary files next to it are removed when this is dropped.
#[derive(Debug)]
pub struct Target {
    /// The folder: absolute, and with symbolic links in its parents resolved.
    pub out: PathBuf,
    /// The parent folder, held open: every name next to `out` is used relative to it.
    around: Dir,
    /// The name of `out`.
    name: PathBuf,
    /// The name of the staging folder, next to `out` on the same file system.
    staging: PathBuf,
    /// The temporary name of the old site on systems that cannot swap two folders.
    aside: PathBuf,
    /// Parent folders of `out` that were created, outermost first.
    made: Vec<PathBuf>,
    done: bool,
    /// An `Option` so that `drop` can release it before it removes the parent folders.
    lock: Option<DirLock>,
}

/// The site of an earlier build in the output folder.
#[derive(Debug)]
pub struct PreviousOutput {
    /// The folder, held open.
    pub dir: Dir,
    /// The manifest of that build.
    pub manifest: Manifest,
    /// The files that are in the folder now.
    tree: Tree,
    /// Whether the manifest states that the program that runs now wrote it.
    by_this_program: bool,
}

/// Returns the name of candor's own file or folder next to the folder NAME: `.NAME.candor-WHAT`.
fn hidden_name(name: &Path, what: &str) -> PathBuf {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".candor-{what}"));
    PathBuf::from(hidden)
}

impl Target {
    /// Locates and locks the folder, and removes temporary files of a killed build.
    ///
    /// # Errors
    /// When the folder would replace one of `inputs` or is inside one, when another build is writing to it, or when the
    /// operating system returns an error.
    pub fn open(out: &Path, inputs: &[PathBuf]) -> Result<Target, EmitError> {
        let (out, made) = locate(out)?;
        let guarded = protect(&out, inputs).and_then(|()| around(&out)).and_then(|(around, name)| {
            let lock = around.lock_by_file(&hidden_name(&name, "lock")).map_err(|error| match error {
                LockError::Held => EmitError::Busy { out: out.clone() },
                LockError::File(error) => {
                    EmitError::file("create", &around.path().join(hidden_name(&name, "lock")))(error)
                }
            })?;
            Ok((around, name, lock))
        });
        let (around, name, lock) = match guarded {
            Ok(guarded) => guarded,
            Err(error) => {
                files::remove_chosen_folders(&made);
                return Err(error);
            }
        };
        let (staging, aside) = (hidden_name(&name, "new"), hidden_name(&name, "old"));
        let target = Target { out, around, name, staging, aside, made, done: false, lock: Some(lock) };
        swap::recover(&target.around, &target.name, &target.aside).map_err(EmitError::file("restore", &target.out))?;
        for leftover in [&target.staging, &target.aside] {
            target.around.remove_tree(leftover).map_err(EmitError::file("remove", &target.sibling(leftover)))?;
        }
        Ok(target)
    }

    /// Returns the path of a name next to the output folder, for messages.
    fn sibling(&self, name: &Path) -> PathBuf {
        self.around.path().join(name)
    }

    /// Creates the staging folder.
    ///
    /// # Errors
    /// When the operating system returns an error.
    pub fn stage(&self) -> Result<Dir, EmitError> {
        let path = self.sibling(&self.staging);
        self.around.create_dir(&self.staging).map_err(EmitError::file("create", &path))?;
        self.around.sub(&self.staging).map_err(EmitError::file("open", &path))
    }

    /// Returns the existing site; `None` if the folder is missing or empty. `program` is the one that runs now.
    ///
    /// # Errors
    /// When the folder must not be replaced.
    pub fn old(&self, program: &ProgramVersion) -> Result<Option<PreviousOutput>, EmitError> {
        let unreadable = || EmitError::file("read", &self.out);
        match self.around.kind(&self.name).map_err(unreadable())? {
            None => return Ok(None),
            Some(FileKind::Folder) => {}
            Some(kind) => return Err(EmitError::NotAFolder { path: self.out.clone(), what: kind.with_article() }),
        }
        let dir = self.around.sub(&self.name).map_err(unreadable())?;
        if !self.around.may_remove_tree(&self.name).map_err(unreadable())? {
            return Err(EmitError::Unremovable { folder: self.out.clone() });
        }
        let Some(list) = Manifest::find(&dir)? else {
            return match dir.entries(Path::new("")).map_err(unreadable())?.is_empty() {
                true => Ok(None),
                false => Err(EmitError::Foreign { folder: self.out.clone() }),
            };
        };
        let (manifest, tree) = rayon::join(|| Manifest::parse(&self.out, &list), || tree::scan(&dir));
        let (manifest, mut tree) = (manifest?, tree?);
        tree.remove(manifest::NAME);
        tree.retain(|path, _| {
            // File managers create these in any folder that they display. They are removed with the old site.
            let name = path.rsplit('/').next().unwrap_or(path);
            files::leftover(name.as_ref()) != Some(Leftover::Desktop)
        });
        let by_this_program = manifest.is_written_by(program);
        let old = PreviousOutput { dir, manifest, tree, by_this_program };
        self.refuse_foreign(old.foreign())?;
        Ok(Some(old))
    }

    /// Rejects files that no build wrote.
    fn refuse_foreign(&self, files: Vec<String>) -> Result<(), EmitError> {
        if files.is_empty() {
            return Ok(());
        }
        let count = files.len();
        let files = files.into_iter().take(NAMED).collect();
        Err(EmitError::ForeignFiles { folder: self.out.clone(), count, files })
    }

    /// Refuses to delete files that were changed since they were built. `stays` returns whether the new site has the
    /// path, too.
    ///
    /// # Errors
    /// When there are such files.
    pub fn refuse_changed(&self, old: &PreviousOutput, stays: &(dyn Fn(&str) -> bool + Sync)) -> Result<(), EmitError> {
        let gone: Vec<&String> = old.tree.keys().filter(|path| !stays(path)).collect();
        let mut changed: Vec<String> = gone.into_par_iter().filter(|path| !old.is_as_listed(path)).cloned().collect();
        changed.sort();
        self.refuse_foreign(changed)
    }

    /// Moves the staged site to the output folder, and removes the old one.
    ///
    /// # Errors
    /// When the operating system returns an error; the old site is then still in place.
    pub fn finish(&mut self) -> Result<(), EmitError> {
        if self.around.kind(&self.name).map_err(EmitError::file("read", &self.out))?.is_some() {
            // If the folder was opened to the web server's group, the new one must be, too.
            self.around
                .copy_permissions(&self.name, &self.staging)
                .map_err(EmitError::file("set the permissions of", &self.sibling(&self.staging)))?;
        }
        swap::swap(&self.around, &self.staging, &self.name, &self.aside)
            .map_err(EmitError::file("replace", &self.out))?;
        self.done = true;
        self.clear();
        Ok(())
    }

    /// Removes the temporary files next to the output folder.
    fn clear(&self) {
        for leftover in [&self.staging, &self.aside] {
            if let Err(error) = self.around.remove_tree(leftover) {
                // The site itself is complete, and the next build tries again.
                log::warn!("cannot remove `{}`: {}", self.sibling(leftover).display(), error.reason());
            }
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.done {
            self.clear();
        }
        // The lock file must be removed first, or the created parent folders are not empty.
        drop(self.lock.take());
        if !self.done {
            files::remove_chosen_folders(&self.made);
        }
    }
}

impl PreviousOutput {
    /// Returns the identity of the file if it has exactly this content.
    pub fn same(&self, path: &str, bytes: &[u8]) -> Option<(u64, u64)> {
        if self.tree.get(path) != Some(&FileKind::File) {
            return None;
        }
        let (old, id) = self.dir.read_identified(Path::new(path), bytes.len() as u64).ok()?;
        (old == bytes).then_some(id)
    }

    /// Returns a compressed copy of a file, its entry and its identity, if a build of this program wrote it and it is a stream of exactly these
    /// bytes.
    ///
    /// The folder can come from anyone, so the copy is decoded. This takes a tenth of the time of compressing the file again. The
    /// program and the digest in the manifest only ensure that the result is the one that compressing it would have.
    pub fn copy_of(&self, path: &str, encoding: Encoding, bytes: &[u8]) -> Option<(Vec<u8>, Entry, (u64, u64))> {
        if !self.by_this_program || self.tree.get(path) != Some(&FileKind::File) {
            return None;
        }
        let entry = self.manifest.files.get(path).filter(|entry| entry.sha256.is_some())?;
        let (copy, id) = self.dir.read_identified(Path::new(path), entry.bytes.min(bytes.len() as u64)).ok()?;
        (entry.describes(&copy) && encoding.decodes_to(&copy, bytes)).then(|| (copy, entry.clone(), id))
    }

    /// Returns the number of files, including compressed copies but not the manifest.
    pub fn files(&self) -> usize {
        self.tree.len()
    }

    /// Returns whether a file has the content that the manifest describes.
    fn is_as_listed(&self, path: &str) -> bool {
        let Some(entry) = self.manifest.files.get(path) else { return false };
        self.dir.read(Path::new(path), entry.bytes).is_ok_and(|bytes| entry.describes(&bytes))
    }

    /// Returns the files that no build wrote, sorted.
    fn foreign(&self) -> Vec<String> {
        let foreign = |path: &&String| !self.manifest.files.contains_key(*path);
        let mut foreign: Vec<String> = self.tree.keys().filter(foreign).cloned().collect();
        foreign.sort();
        foreign
    }
}

/// Opens the parent folder of `out`, and returns it with the name of `out`.
fn around(out: &Path) -> Result<(Dir, PathBuf), EmitError> {
    let (parent, name) = (out.parent().unwrap_or(out), out.file_name().unwrap_or_default());
    Ok((Dir::open(parent).map_err(EmitError::file("open", parent))?, PathBuf::from(name)))
}

/// Returns the absolute path of `out`, and the parent folders that were created.
fn locate(out: &Path) -> Result<(PathBuf, Vec<PathBuf>), EmitError> {
    let absolute = std::path::absolute(out).map_err(EmitError::io("find", out))?;
    let whole = match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => {
            let made = files::make_chosen_folder(parent).map_err(EmitError::io("create", parent))?;
            let parent = files::real_path(parent).map_err(EmitError::io("find", parent))?;
            return Ok((parent.join(name), made));
        }
        // A path such as `.` or `..` has a name only if the folder exists.
        _ => files::real_path(&absolute).map_err(EmitError::io("find", out))?,
    };
    match (whole.parent(), whole.file_name()) {
        (Some(_), Some(_)) => Ok((whole, Vec::new())),
        _ => Err(EmitError::Protected { out: out.to_owned(), input: whole }),
    }
}

/// Rejects a folder that is, contains or is inside one of `inputs`. It may be inside the first one, the project root.
pub(super) fn protect(out: &Path, inputs: &[PathBuf]) -> Result<(), EmitError> {
    for (n, input) in inputs.iter().enumerate() {
        let input = real(input);
        let is_root = n == 0;
        if input.starts_with(out) || (!is_root && out.starts_with(&input)) {
            return Err(EmitError::Protected { out: out.to_owned(), input });
        }
    }
    Ok(())
}

/// Returns the path with symbolic links resolved, even if its last component does not exist.
pub(super) fn real(path: &Path) -> PathBuf {
    let parent_and_name = || Some(files::real_path(path.parent()?).ok()?.join(path.file_name()?));
    files::real_path(path).ok().or_else(parent_and_name).unwrap_or_else(|| path.to_owned())
}
