//! Writes the site to a folder, atomically.
//!
//! The new site is written to a folder next to the old one, and then the two are swapped. A process that reads the
//! folder sees either the old site or the new one, never a mixture, and a build that fails or is killed leaves the old
//! site intact. The next build removes the temporary files of a killed one (`.NAME.candor-new` and `.NAME.candor-lock`
//! for a folder NAME).
//!
//! A folder that candor did not create is never replaced. The [`manifest`] identifies candor's folders. Files that
//! other people or programs put into such a folder also stop the build.
//!
//! # Nothing in the old folder is trusted
//!
//! A folder with a manifest can come from anyone, for example in a pull request. So every file is produced again and
//! compared with the existing folder byte by byte; if everything is equal, the folder is left untouched. The manifest
//! only determines which files may be deleted.
//!
//! # Durability
//!
//! Killing the process loses nothing. After a power failure the result depends on the file system: nothing is flushed
//! to the disk, because that would make builds several times slower, and the site can be built again from the content.
//! Truncated files differ from what the next build produces, so it replaces them.

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
use crate::diagnostic::Report;
use crate::project::Project;
use crate::site::{Inspect, Site, SitePath};

/// How to write a site.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether to write compressed copies of the files that benefit from them.
    pub compress: bool,
    /// Input folders, the project root first. The site may be written to a folder inside the root, but must not replace
    /// an input folder, contain one, or be inside one of the others.
    pub inputs: Vec<PathBuf>,
}

impl Options {
    /// Returns options that keep a build out of the project's own folders.
    pub fn for_project(project: &Project, compress: bool) -> Options {
        let inputs = vec![project.root().to_owned(), project.content(), project.templates(), project.static_files()];
        Options { compress, inputs }
    }
}

/// Rejects a folder that is one of the folders that the project is made of, contains one or is inside one, before anything is
/// written into it.
///
/// # Errors
/// [`EmitError::Protected`].
pub fn protect(folder: &Path, project: &Project) -> Result<(), EmitError> {
    target::protect(&target::real(folder), &Options::for_project(project, false).inputs)
}

/// The result of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The output folder.
    pub folder: PathBuf,
    /// Number of files, not counting compressed copies.
    pub files: usize,
    /// How many of them are HTML pages.
    pub pages: usize,
    /// Size of all files in bytes, not counting compressed copies.
    pub bytes: u64,
    /// Number of files that are identical to the existing ones, counting compressed copies.
    pub reused: usize,
    /// Whether the folder already contained exactly this site, so that nothing was written.
    pub unchanged: bool,
}

/// Writes the site to the folder `out`, replacing its previous content.
///
/// Deferred bodies are produced on rayon's threads, one at a time per thread, and dropped once they are written.
///
/// # Errors
/// See [`EmitError`]. On any error, `out` is unchanged. Diagnostics about bodies that could not be produced are
/// returned together, as [`EmitError::Produce`].
pub fn write(site: &Site, out: &Path, options: &Options) -> Result<Written, EmitError> {
    write_inspected(site, out, options, None)
}

/// Like [`write()`], but shows each file to `inspect`, and writes the site only if that finds no error.
///
/// # Errors
/// The errors of [`write()`]; those that `inspect` finds are an [`EmitError::Produce`].
pub fn write_inspected(
    site: &Site,
    out: &Path,
    options: &Options,
    inspect: Option<&dyn Inspect>,
) -> Result<Written, EmitError> {
    refuse_conflicts(site)?;
    let mut target = Target::open(out, &options.inputs)?;
    let old = target.old(site.program())?;
    if let Some(old) = old.as_ref().filter(|old| old.manifest.is_of_other_project(site)) {
        let title = old.manifest.site.as_ref().map(|site| site.title.clone()).unwrap_or_default();
        return Err(EmitError::OtherProject { folder: target.out.clone(), title });
    }
    let steps = plan(site, options.compress);
    let staging = target.stage()?;
    let made = fill::fill(&staging, &steps, old.as_ref(), inspect)?;
    let verdict = inspect.map(Inspect::verdict).filter(Report::has_errors);
    if let Some(report) = verdict {
        return Err(EmitError::Produce(report));
    }
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
    let manifest = Manifest::new(site, files);
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

/// Decides which compressed copies each file may have.
fn plan(site: &Site, compress: bool) -> Vec<Step<'_>> {
    let step = |(path, artifact)| {
        // The site itself may contain such a file, which must not be overwritten.
        let free = |encoding: &Encoding| site.get(&format!("{path}.{}", encoding.ending())).is_none();
        let encodings = if compress { Encoding::ALL.into_iter().filter(free).collect() } else { Vec::new() };
        Step { path, artifact, encodings }
    };
    site.iter().map(step).collect()
}

/// Rejects a file whose path is also a folder of another file, or is reserved for the manifest.
fn refuse_conflicts(site: &Site) -> Result<(), EmitError> {
    let conflict = |one: &SitePath, other: &str| Err(EmitError::Conflict { one: one.clone(), other: other.to_owned() });
    for (path, _) in site.iter() {
        let text = path.as_str();
        if text == manifest::NAME || text.starts_with(".candor/") {
            return conflict(path, "candor's manifest");
        }
        for (at, _) in text.match_indices('/') {
            if let Some((file, _)) = site.get_key_value(&text[..at]) {
                return conflict(file, text);
            }
        }
    }
    Ok(())
}
