//! The staging folder: shared folders first, then files on all threads.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use rayon::prelude::*;

use super::EmitError;
use super::manifest::{self, Copy, Entry, Manifest};
use super::target::{Old, Target};
use crate::compress::Encoding;
use crate::diagnostic::Report;
use crate::model::Digest;
use crate::site::{Artifact, SitePath};

/// The most steps that one thread takes at a time.
const LONGEST_RUN: usize = 128;

/// What to do for one file of the site.
#[derive(Debug)]
pub enum Step<'a> {
    /// Take it over from the old folder, with its compressed copies.
    Keep {
        /// Where it stands.
        path: &'a SitePath,
        /// What stands in the list, old and new.
        entry: Entry,
    },
    /// Make it.
    Make {
        /// Where it goes.
        path: &'a SitePath,
        /// What it is.
        artifact: &'a Artifact,
        /// Stands for what it is made from.
        key: Digest,
        /// Which compressed copies may be made.
        levels: [(Encoding, bool); 2],
    },
}

impl Step<'_> {
    fn path(&self) -> &SitePath {
        let (Step::Keep { path, .. } | Step::Make { path, .. }) = self;
        path
    }
}

/// A file that is in the staging folder.
#[derive(Debug)]
pub struct Made {
    /// Where.
    pub path: String,
    /// What is to be said of it in the list.
    pub entry: Entry,
}

/// Takes every step, in parallel.
///
/// # Errors
/// The first thing that the system refused, or else the findings on all bodies that could not be made.
pub fn fill(target: &Target, steps: &[Step<'_>], old: Option<&Old>) -> Result<Vec<Made>, EmitError> {
    fs::create_dir(&target.staging).map_err(EmitError::io("create", &target.staging))?;
    let folders = Folders::of(steps);
    folders.make_shared(&target.staging)?;
    let run = (steps.len() / (8 * rayon::current_num_threads())).clamp(1, LONGEST_RUN);
    let results: Vec<Vec<Result<Made, Report>>> =
        steps.par_chunks(run).map(|run| take_run(target, &folders, run, old)).collect::<Result<_, EmitError>>()?;
    let mut findings = Report::new();
    let mut made = Vec::with_capacity(steps.len());
    for result in results.into_iter().flatten() {
        match result {
            Ok(file) => made.push(file),
            Err(report) => findings.merge(report),
        }
    }
    if findings.is_empty() {
        return Ok(made);
    }
    findings.sort();
    Err(EmitError::Produce(findings))
}

/// Takes a run of steps on one thread: what adds to a folder that others add to first, at one go, because only one thread
/// at a time can; then what has a folder for itself, as archived pages have.
fn take_run(
    target: &Target,
    folders: &Folders<'_>,
    steps: &[Step<'_>],
    old: Option<&Old>,
) -> Result<Vec<Result<Made, Report>>, EmitError> {
    let (alone, among_others): (Vec<&Step<'_>>, Vec<&Step<'_>>) =
        steps.iter().partition(|step| folders.is_alone(step.path()));
    for step in &alone {
        folders.make_own(&target.staging, step.path())?;
    }
    let take = |step: &Step<'_>| match step {
        Step::Keep { path, entry } => keep(target, path, entry).map(Ok),
        Step::Make { path, artifact, key, levels } => match artifact.body.bytes() {
            Err(report) => Ok(Err(report)),
            Ok(bytes) => make(target, path, artifact, *key, &bytes, levels, old).map(Ok),
        },
    };
    among_others.into_iter().chain(alone).map(take).collect()
}

/// Writes the list. It comes last, so that a file with a later time was touched by somebody else.
///
/// # Errors
/// When the system refuses.
pub fn write_manifest(target: &Target, manifest: &Manifest) -> Result<(), EmitError> {
    let path = target.staging.join(manifest::NAME);
    let bytes = manifest.to_bytes().map_err(EmitError::io("write", &path))?;
    write_new(&path, &bytes)
}

/// The folders of all files, with how many files and folders are to stand in each.
#[derive(Debug)]
struct Folders<'a> {
    entries: HashMap<&'a str, usize>,
}

impl<'a> Folders<'a> {
    fn of(steps: &'a [Step<'_>]) -> Folders<'a> {
        let mut entries: HashMap<&str, usize> = HashMap::new();
        for step in steps {
            let mut inner = step.path().as_str();
            while let Some(folder) = parent(inner) {
                let count = entries.entry(folder).or_default();
                *count += 1;
                if *count > 1 {
                    // The folders above were counted with the first.
                    break;
                }
                inner = folder;
            }
        }
        Folders { entries }
    }

    /// Makes those that several things need, the outer ones first: they are few.
    fn make_shared(&self, staging: &Path) -> Result<(), EmitError> {
        let above = self.entries.keys().filter_map(|folder| parent(folder));
        let shared = self.entries.iter().filter(|(_, count)| **count > 1).map(|(folder, _)| *folder);
        // In this order a folder comes before those in it.
        let folders: BTreeSet<&str> = above.chain(shared).collect();
        folders.into_iter().try_for_each(|folder| make_folder(staging, folder))
    }

    /// Whether the file has a folder for itself, as an archived page has.
    fn is_alone(&self, file: &SitePath) -> bool {
        parent(file.as_str()).is_some_and(|folder| self.entries.get(folder) == Some(&1))
    }

    /// Makes the folder of a file that is alone in it.
    fn make_own(&self, staging: &Path, file: &SitePath) -> Result<(), EmitError> {
        parent(file.as_str()).map_or(Ok(()), |folder| make_folder(staging, folder))
    }
}

fn make_folder(staging: &Path, folder: &str) -> Result<(), EmitError> {
    let path = staging.join(folder);
    fs::create_dir(&path).map_err(EmitError::io("create", &path))
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}

fn keep(target: &Target, path: &SitePath, entry: &Entry) -> Result<Made, EmitError> {
    for (file, _) in entry.on_disk(path.as_str()) {
        take_over(target, &file)?;
    }
    Ok(Made { path: path.to_string(), entry: entry.clone() })
}

fn make(
    target: &Target,
    path: &SitePath,
    artifact: &Artifact,
    key: Digest,
    bytes: &[u8],
    levels: &[(Encoding, bool)],
    old: Option<&Old>,
) -> Result<Made, EmitError> {
    write_new(&target.staging.join(path.as_str()), bytes)?;
    let wanted = levels.iter().any(|(_, wanted)| *wanted);
    let sha256 = wanted.then(|| if artifact.body.is_exact() { key } else { Digest::of(bytes) });
    let mut entry = Entry { key, sha256, bytes: bytes.len() as u64, br: None, gz: None };
    for &(encoding, wanted) in levels {
        let level = encoding.level(path.as_str(), artifact.media_type.as_str(), bytes.len());
        let Some(level) = level.filter(|_| wanted) else { continue };
        let beside = format!("{path}.{}", encoding.ending());
        let copy = match reusable(old, path, &entry, encoding, level, &beside) {
            Some(copy) => {
                if copy.bytes.is_some() {
                    take_over(target, &beside)?;
                }
                copy.clone()
            }
            None => {
                let encoded = encoding.encode(bytes, level);
                if let Some(encoded) = &encoded {
                    write_new(&target.staging.join(&beside), encoded)?;
                }
                Copy { level, bytes: encoded.map(|encoded| encoded.len() as u64) }
            }
        };
        entry.set_copy(encoding, copy);
    }
    Ok(Made { path: path.to_string(), entry })
}

/// The old compressed copy, where the file came out the same although it was made from something else.
fn reusable<'a>(
    old: Option<&'a Old>,
    path: &SitePath,
    entry: &Entry,
    encoding: Encoding,
    level: u8,
    beside: &str,
) -> Option<&'a Copy> {
    let old = old?;
    let before = old.manifest.files.get(path.as_str()).filter(|before| before.sha256 == entry.sha256)?;
    before.sha256?;
    let copy = before.copy(encoding).filter(|copy| copy.level == level)?;
    copy.bytes.is_none_or(|bytes| old.is_intact(beside, bytes)).then_some(copy)
}

/// Links a file of the old folder into the staging folder, or copies it where the file system has no links.
fn take_over(target: &Target, file: &str) -> Result<(), EmitError> {
    let (from, to) = (target.out.join(file), target.staging.join(file));
    fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(drop)).map_err(EmitError::io("copy", &from))
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), EmitError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(EmitError::io("write", path))
}
