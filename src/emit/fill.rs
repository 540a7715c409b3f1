//! Fills the staging folder: creates shared folders first, then writes files on all threads.
//!
//! Every file is produced again, because the old folder is not trusted. Only compressed copies are taken from there, after decoding
//! them gave the bytes of the new file. A file that is identical to the old one is hard-linked to it, which keeps its modification
//! time, so that web servers answer that it has not changed.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use rayon::prelude::*;

use super::EmitError;
use super::manifest::{self, Entry, Manifest};
use super::target::PreviousOutput;
use crate::compress::Encoding;
use crate::diagnostic::Report;
use crate::files::Dir;
use crate::model::Digest;
use crate::site::{Artifact, Inspect, SitePath};

/// The maximum number of steps in one batch of a thread.
const LONGEST_RUN: usize = 128;

/// A file of the site to be written.
#[derive(Debug)]
pub struct Step<'a> {
    /// Its path in the site.
    pub path: &'a SitePath,
    /// Its content.
    pub artifact: &'a Artifact,
    /// The compressed copies that it may have.
    pub encodings: Vec<Encoding>,
}

/// A file in the staging folder, with its compressed copies.
#[derive(Debug)]
pub struct Made {
    /// The file and its copies by path, the file first.
    pub files: Vec<(String, Entry)>,
    /// Whether all of them are identical to the files in the old folder.
    pub same: bool,
}

/// Writes all files, in parallel, and shows each to `inspect`.
///
/// # Errors
/// The first error of the operating system, or else the diagnostics about all bodies that could not be produced.
pub fn fill(
    staging: &Dir,
    steps: &[Step<'_>],
    old: Option<&PreviousOutput>,
    inspect: Option<&dyn Inspect>,
) -> Result<Vec<Made>, EmitError> {
    let folders = Folders::of(steps);
    folders.make_shared(staging)?;
    let run = (steps.len() / (8 * rayon::current_num_threads())).clamp(1, LONGEST_RUN);
    let results: Vec<Vec<Result<Made, Report>>> = steps
        .par_chunks(run)
        .map(|run| take_run(staging, &folders, run, old, inspect))
        .collect::<Result<_, EmitError>>()?;
    let mut report = Report::new();
    let mut made = Vec::with_capacity(steps.len());
    for result in results.into_iter().flatten() {
        match result {
            Ok(file) => made.push(file),
            Err(problems) => report.merge(problems),
        }
    }
    if report.is_empty() {
        return Ok(made);
    }
    report.sort();
    Err(EmitError::Produce(report))
}

/// Writes a batch of files on one thread. Files in shared folders come first and in one go, because only one thread at
/// a time can add to a folder; then files that have a folder to themselves, such as archived pages.
fn take_run(
    staging: &Dir,
    folders: &Folders<'_>,
    steps: &[Step<'_>],
    old: Option<&PreviousOutput>,
    inspect: Option<&dyn Inspect>,
) -> Result<Vec<Result<Made, Report>>, EmitError> {
    let (alone, among_others): (Vec<&Step<'_>>, Vec<&Step<'_>>) =
        steps.iter().partition(|step| folders.is_alone(step.path));
    for step in &alone {
        folders.make_own(staging, step.path)?;
    }
    let take = |step: &Step<'_>| match step.artifact.body.bytes() {
        Err(report) => Ok(Err(report)),
        Ok(bytes) => {
            if let Some(inspect) = inspect {
                inspect.file(step.path, step.artifact, &bytes);
            }
            make(staging, step, &bytes, old).map(Ok)
        }
    };
    among_others.into_iter().chain(alone).map(take).collect()
}

/// Writes the manifest.
///
/// # Errors
/// When the operating system returns an error.
pub fn write_manifest(staging: &Dir, manifest: &Manifest) -> Result<(), EmitError> {
    let failed = || staging.path().join(manifest::NAME);
    let bytes = manifest.to_bytes().map_err(EmitError::io("write", &failed()))?;
    staging.write_new(Path::new(manifest::NAME), &bytes).map_err(EmitError::file("write", &failed()))
}

/// The folders of all files, with the number of files and folders in each.
#[derive(Debug)]
struct Folders<'a> {
    entries: HashMap<&'a str, usize>,
}

impl<'a> Folders<'a> {
    fn of(steps: &'a [Step<'_>]) -> Folders<'a> {
        let mut entries: HashMap<&str, usize> = HashMap::new();
        for step in steps {
            let mut inner = step.path.as_str();
            while let Some(folder) = parent(inner) {
                let count = entries.entry(folder).or_default();
                *count += 1;
                if *count > 1 {
                    // The parent folders were counted with the first file.
                    break;
                }
                inner = folder;
            }
        }
        Folders { entries }
    }

    /// Creates the folders that contain more than one entry, parents first. There are few of them.
    fn make_shared(&self, staging: &Dir) -> Result<(), EmitError> {
        let above = self.entries.keys().filter_map(|folder| parent(folder));
        let shared = self.entries.iter().filter(|(_, count)| **count > 1).map(|(folder, _)| *folder);
        // In this order, a folder comes before its subfolders.
        let folders: BTreeSet<&str> = above.chain(shared).collect();
        folders.into_iter().try_for_each(|folder| make_folder(staging, folder))
    }

    /// Returns whether the file has a folder to itself, as an archived page has.
    fn is_alone(&self, file: &SitePath) -> bool {
        parent(file.as_str()).is_some_and(|folder| self.entries.get(folder) == Some(&1))
    }

    /// Creates the folder of a file that has it to itself.
    fn make_own(&self, staging: &Dir, file: &SitePath) -> Result<(), EmitError> {
        parent(file.as_str()).map_or(Ok(()), |folder| make_folder(staging, folder))
    }
}

fn make_folder(staging: &Dir, folder: &str) -> Result<(), EmitError> {
    let path = Path::new(folder);
    staging.create_dir(path).map_err(EmitError::file("create", &staging.path().join(path)))
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}

/// Writes a file and its compressed copies.
fn make(staging: &Dir, step: &Step<'_>, bytes: &[u8], old: Option<&PreviousOutput>) -> Result<Made, EmitError> {
    let path = step.path.as_str();
    let mut made = Made { files: Vec::with_capacity(1 + step.encodings.len()), same: true };
    let same = old.and_then(|old| Some((old, old.same(path, bytes)?)));
    let sha256 = step.artifact.body.sha256().unwrap_or_else(|| Digest::of(bytes));
    put(staging, path.to_owned(), bytes, Entry { sha256: Some(sha256), bytes: bytes.len() as u64 }, same, &mut made)?;
    for &encoding in &step.encodings {
        let Some(level) = encoding.level(path, step.artifact.media_type.as_str(), bytes.len()) else { continue };
        let at = format!("{path}.{}", encoding.ending());
        let kept = old.and_then(|old| Some((old, old.copy_of(&at, encoding, bytes)?)));
        let (copy, entry, same) = match kept {
            Some((old, (copy, entry, id))) => (copy, entry, Some((old, id))),
            None => {
                let Some(copy) = encoding.encode(bytes, level) else { continue };
                let same = old.and_then(|old| Some((old, old.same(&at, &copy)?)));
                let entry = Entry::of(&copy);
                (copy, entry, same)
            }
        };
        put(staging, at, &copy, entry, same, &mut made)?;
    }
    Ok(made)
}

/// Writes one file, or hard-links the old one if `same` is its identity there.
fn put(
    staging: &Dir,
    path: String,
    bytes: &[u8],
    entry: Entry,
    same: Option<(&PreviousOutput, (u64, u64))>,
    made: &mut Made,
) -> Result<(), EmitError> {
    let at = Path::new(&path);
    made.same &= same.is_some();
    // Hard links fail on some file systems and for files of other users; then the file is written.
    if same.is_none_or(|(old, id)| staging.link_from(&old.dir, at, id, at).is_err()) {
        staging.write_new(at, bytes).map_err(EmitError::file("write", &staging.path().join(at)))?;
    }
    made.files.push((path, entry));
    Ok(())
}
