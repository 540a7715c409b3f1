//! Site -> folder, in one step.
//!
//! The new site is put together in a folder beside the old one and then changes place with it: who reads
//! the folder sees the old site or the new one, never a mixture, and a build that fails or is killed at any
//! moment leaves the old site whole. What such a build leaves beside it (`.NAME.candor-new` and
//! `.NAME.candor-lock` for a folder NAME) goes with the next build.
//!
//! A folder that candor did not make is never replaced: [`manifest`] shows which are its own, and files that
//! somebody else put into one stop the build too.
//!
//! # Nothing in the old folder is trusted
//!
//! A folder with a list of files can come from anybody, for example with a pull request. So every file is made, and what
//! the old folder contains is compared with it byte by byte; where all of it is the same, the folder stays as it is. The
//! list only says which files may be deleted.
//!
//! # What survives what
//!
//! A killed process loses nothing. After a power failure the file system decides: nothing is forced to the
//! disk, for that would multiply the time of a build whose result can be built again from the content. Truncated
//! files differ from what the next build makes, and are replaced.

mod error;
mod fill;
pub mod manifest;
mod swap;
mod target;
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use self::error::EmitError;
use self::fill::Step;
use self::manifest::{Entry, Manifest};
use self::target::Target;
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
    /// How many files came out as they were in the folder, compressed copies included.
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
    let steps = plan(site, options.compress);
    let staging = target.stage()?;
    let made = fill::fill(&staging, &steps, old.as_ref())?;
    let sizes = made.iter().filter_map(|made| made.files.first()).map(|(_, entry)| entry.bytes);
    let mut written = Written {
        folder: target.out.clone(),
        files: site.len(),
        pages: site.iter().filter(|(_, artifact)| artifact.media_type.is_html()).count(),
        bytes: sizes.sum(),
        reused: made.iter().filter(|made| made.same).count(),
        unchanged: false,
    };
    let all_same = made.iter().all(|made| made.same);
    let files: BTreeMap<String, Entry> = made.into_iter().flat_map(|made| made.files).collect();
    let manifest = Manifest::new(site.program(), files);
    if let Some(old) = &old {
        if all_same && old.files() == manifest.files.len() && old.manifest == manifest {
            written.unchanged = true;
            return Ok(written);
        }
        target.refuse_changed(old, &|path| manifest.files.contains_key(path))?;
    }
    fill::write_manifest(&staging, &manifest)?;
    drop(staging);
    target.finish()?;
    Ok(written)
}

/// Decides for each file which compressed copies it may have.
fn plan(site: &Site, compress: bool) -> Vec<Step<'_>> {
    let step = |(path, artifact)| {
        // Where the site brings such a file itself, that one stays.
        let free = |encoding: &Encoding| site.get(&format!("{path}.{}", encoding.ending())).is_none();
        let encodings = if compress { Encoding::ALL.into_iter().filter(free).collect() } else { Vec::new() };
        Step { path, artifact, encodings }
    };
    site.iter().map(step).collect()
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
