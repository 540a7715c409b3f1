//! Site -> folder, in one step.
//!
//! The new site is put together in a folder beside the old one and then changes place with it: who reads
//! the folder sees the old site or the new one, never a mixture, and a build that fails or is killed at any
//! moment leaves the old site whole. What such a build leaves beside it (`.NAME.candor-new` and
//! `.NAME.candor-lock` for a folder NAME) goes with the next build.
//!
//! A folder that candor did not make is never replaced: [`manifest`] tells which are its own, and files that
//! somebody else put into one stop the build too.
//!
//! # What is not made again
//!
//! The manifest of the last build says what each file was made from, and by which [program](Site::program): another one
//! makes everything again. A file with the same [key](crate::site::Body::key) that is untouched in the old folder is linked into
//! the new one; where all files are, nothing is written at all. A page that had to be made again but came out the same keeps its compressed copies,
//! which cost far more than the page.
//!
//! # What survives what
//!
//! A killed process loses nothing. After a power failure the file system decides: nothing is forced to the
//! disk, for that would multiply the time of a build whose result can be built again from the content. Truncated
//! files are noticed by their size at the next build.

mod error;
mod fill;
mod lock;
pub mod manifest;
mod swap;
mod target;
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use self::error::EmitError;
use self::fill::{Made, Step};
use self::manifest::{Entry, Manifest};
use self::target::{Old, Target};
use crate::compress::Encoding;
use crate::project::Project;
use crate::site::{Site, SitePath};

/// How to write a site.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether to put compressed copies beside the files that are worth it.
    pub compress: bool,
    /// Folders that the site is made from, the project's root first: the site may go below the root, but not in the
    /// place of any of them, above one, or into one of the others.
    pub inputs: Vec<PathBuf>,
}

impl Options {
    /// Options that keep a build out of the project's own folders.
    pub fn for_project(project: &Project, compress: bool) -> Options {
        let inputs = vec![project.root().to_owned(), project.content(), project.templates(), project.static_files()];
        Options { compress, inputs }
    }
}

/// What a build wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The folder.
    pub folder: PathBuf,
    /// Files of the site, compressed copies not counted.
    pub files: usize,
    /// How many of them are HTML pages.
    pub pages: usize,
    /// Size of all files in bytes, compressed copies not counted.
    pub bytes: u64,
    /// How many files were taken over from the last build, not made again.
    pub reused: usize,
    /// Whether the folder held this very site already, so that nothing was written.
    pub unchanged: bool,
}

/// Writes the site to the folder `out`, which then holds it and nothing else.
///
/// Deferred bodies are made on rayon's threads, one at a time on each, and dropped once they are written.
///
/// # Errors
/// See [`EmitError`]; whatever it is, `out` is as it was. Findings on bodies that could not be made come all
/// together, as [`EmitError::Produce`].
pub fn write(site: &Site, out: &Path, options: &Options) -> Result<Written, EmitError> {
    refuse_conflicts(site)?;
    let mut target = Target::open(out, &options.inputs)?;
    let old = target.old()?;
    let ours = old.as_ref().filter(|old| old.manifest.is_by(site.program()));
    let steps = plan(site, ours, options.compress);
    let reused = steps.iter().filter(|step| matches!(step, Step::Keep { .. })).count();
    let mut written = Written {
        folder: target.out.clone(),
        files: site.len(),
        pages: site.iter().filter(|(_, artifact)| artifact.media_type.is_html()).count(),
        bytes: 0,
        reused,
        unchanged: false,
    };
    if let Some(bytes) = ours.and_then(|old| unchanged(&steps, old)) {
        return Ok(Written { bytes, unchanged: true, ..written });
    }
    let made = fill::fill(&target, &steps, ours)?;
    written.bytes = made.iter().map(|Made { entry, .. }| entry.bytes).sum();
    let files: BTreeMap<String, Entry> = made.into_iter().map(|made| (made.path, made.entry)).collect();
    let manifest = Manifest::new(site.program(), files);
    fill::write_manifest(&target, &manifest)?;
    target.finish()?;
    Ok(written)
}

/// Decides for each file whether it has to be made; `old` is what the same program wrote.
fn plan<'a>(site: &'a Site, old: Option<&'a Old>, compress: bool) -> Vec<Step<'a>> {
    let artifacts: Vec<_> = site.iter().collect();
    artifacts
        .into_par_iter()
        .map(|(path, artifact)| {
            let key = artifact.body.key();
            let levels = Encoding::ALL.map(|encoding| {
                // Where the site brings such a file itself, that one stands.
                let taken = site.get(&format!("{path}.{}", encoding.ending())).is_some();
                (encoding, compress && !taken)
            });
            let kept = old.and_then(|old| {
                let entry = old.manifest.files.get(path.as_str()).filter(|entry| entry.key == key)?;
                keep(path, artifact.media_type.as_str(), entry, &levels, old)
            });
            match kept {
                Some(entry) => Step::Keep { path, entry },
                None => Step::Make { path, artifact, key, levels },
            }
        })
        .collect()
}

/// The entry under which the old file and the copies that are wanted can be taken over as they are.
fn keep(path: &SitePath, media_type: &str, entry: &Entry, levels: &[(Encoding, bool)], old: &Old) -> Option<Entry> {
    let compressed = levels.iter().any(|(_, wanted)| *wanted);
    let sha256 = if compressed { Some(entry.sha256?) } else { None };
    let mut kept = Entry { sha256, br: None, gz: None, ..entry.clone() };
    for &(encoding, wanted) in levels {
        let level = encoding.level(path.as_str(), media_type, usize::try_from(entry.bytes).ok()?);
        let Some(level) = level.filter(|_| wanted) else { continue };
        let copy = entry.copy(encoding).filter(|copy| copy.level == level)?;
        kept.set_copy(encoding, copy.clone());
    }
    let intact = kept.on_disk(path.as_str()).all(|(path, bytes)| old.is_intact(&path, bytes));
    intact.then_some(kept)
}

/// The site's size, if the old folder holds exactly what the steps would make.
fn unchanged(steps: &[Step<'_>], old: &Old) -> Option<u64> {
    let mut bytes = 0;
    let mut files = 0;
    for step in steps {
        let Step::Keep { path, entry } = step else { return None };
        old.manifest.files.get(path.as_str()).filter(|before| *before == entry)?;
        bytes += entry.bytes;
        files += entry.on_disk(path.as_str()).count();
    }
    (files == old.files() && steps.len() == old.manifest.files.len()).then_some(bytes)
}

/// A file cannot stand where another one needs a folder, nor under the name of the list.
fn refuse_conflicts(site: &Site) -> Result<(), EmitError> {
    let conflict = |one: &SitePath, other: &str| Err(EmitError::Conflict { one: one.clone(), other: other.to_owned() });
    for (path, _) in site.iter() {
        let text = path.as_str();
        if text == manifest::NAME || text.starts_with(".candor/") {
            return conflict(path, "candor's list of files");
        }
        for (at, _) in text.match_indices('/') {
            if let Some((file, _)) = site.get_key_value(&text[..at]) {
                return conflict(file, text);
            }
        }
    }
    Ok(())
}
