//! What the last build saw, so that a run with nothing to do ends before it begins.
//!
//! Beside the folder that it wrote, a build leaves `.NAME.candor-seen`: the paths of everything that it read and wrote,
//! and one digest of what the system says of them (device, inode, size, times of the last write and of the last change).
//! Where program, options, day and digest are still the same, the folder holds what a build would make.
//!
//! # Why that is enough
//!
//! The time of the last change (`ctime`) moves with whatever is done to a file, setting its other times back included, and
//! no program can set it. What it cannot tell apart are two changes within one tick of the clock; so nothing is noted
//! where anything that was read changed less than [`TICK`] before the build began, or later. Nothing is noted either
//! where a symbolic link leads elsewhere, and on systems that keep no such time. Findings that did not stop the
//! build are noted, too, and told each time. The list is never relied on for more than this: `check`, `verify` and `publish`
//! read every byte, every time.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::target::Place;
use super::{Options, Run, Written, manifest};
use crate::check;
use crate::diagnostic::Report;
use crate::model::Digest;

/// The first line of a list; another form of it has another number.
const HEAD: &str = "candor-seen 1";

/// The coarsest time that a usual file system keeps (FAT: two seconds).
const TICK: Duration = Duration::from_secs(2);

/// From how many files on it pays to ask for them on all threads.
const MANY: usize = 1_500;

/// The site that the last build wrote to `out`, if a build could only write it again.
///
/// With it come the findings that did not stop that build.
pub fn recall(out: &Path, options: &Options) -> Option<(Written, Report)> {
    let place = Place::find(out)?;
    let run = options.run.as_ref()?;
    let text = fs::read_to_string(place.beside("seen")).ok()?;
    let list = List::parse(&text)?;
    // A build that was killed or is at work has something to tell or to clear.
    let idle = ["lock", "new", "old"].iter().all(|what| is_missing(&place.beside(what)));
    let seen = list.digest == digest(&list, run, options, &place)?;
    if !(idle && seen) {
        return None;
    }
    let findings = Report::from_line(list.findings, |code| check::find(code).map(|rule| rule.code))?;
    let List { files, pages, bytes, .. } = list;
    Some((Written { folder: place.out(), files, pages, bytes, reused: files, unchanged: true }, findings))
}

/// Notes what a build saw and wrote, where the next one may go by it. Call it while the folder is locked.
///
/// That it could not be noted is no failure: the next build reads everything, as this one did.
pub(super) fn note<'a>(place: &Place, written: &Written, files: impl Iterator<Item = &'a str>, options: &Options) {
    let Some(run) = &options.run else { return };
    let path = place.beside("seen");
    let Some(text) = list(place, written, files, run, options) else {
        // What an earlier build noted is true no longer.
        let _ = fs::remove_file(&path);
        return;
    };
    if let Err(error) = fs::write(&path, text) {
        log::debug!("cannot write `{}`: {error}", path.display());
        let _ = fs::remove_file(&path);
    }
}

/// The text of the list; none where it would not be safe to go by it.
fn list<'a>(
    place: &Place,
    written: &Written,
    files: impl Iterator<Item = &'a str>,
    run: &Run,
    options: &Options,
) -> Option<String> {
    let settled = run.started.checked_sub(TICK)?;
    let mut paths = Vec::new();
    for folder in sources(options) {
        match fs::symlink_metadata(&folder) {
            Ok(metadata) => walk(&folder, &metadata, settled, &mut paths)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => paths.push(one_line(&folder)?),
            Err(_) => return None,
        }
    }
    let out = place.out();
    paths.push(one_line(&out)?);
    paths.push(one_line(&out.join(manifest::NAME))?);
    let mut folders = HashSet::new();
    for file in files {
        // A folder's own time tells of files that came or went.
        for (at, _) in file.match_indices('/') {
            if folders.insert(&file[..at]) {
                paths.push(one_line(&out.join(&file[..at]))?);
            }
        }
        paths.push(one_line(&out.join(file))?);
    }
    let findings = run.findings.to_line()?;
    let mut list = List {
        digest: Digest::of(b""),
        findings: &findings,
        files: written.files,
        pages: written.pages,
        bytes: written.bytes,
        paths: paths.iter().map(String::as_str).collect(),
    };
    list.digest = digest(&list, run, options, place)?;
    Some(list.to_text())
}

/// Adds the paths of a folder and all that is in it; `None` where something changed after `settled` or is a link.
fn walk(path: &Path, metadata: &Metadata, settled: SystemTime, paths: &mut Vec<String>) -> Option<()> {
    let plain = metadata.is_dir() || metadata.is_file();
    (plain && changed(metadata)? < settled).then_some(())?;
    paths.push(one_line(path)?);
    if metadata.is_dir() {
        for entry in fs::read_dir(path).ok()? {
            let entry = entry.ok()?;
            walk(&entry.path(), &entry.metadata().ok()?, settled, paths)?;
        }
    }
    Some(())
}

/// A path as a line of the list; `None` where it cannot be one.
fn one_line(path: &Path) -> Option<String> {
    path.to_str().filter(|path| !path.contains('\n')).map(str::to_owned)
}

/// The folders that a site is made from.
fn sources(options: &Options) -> Vec<PathBuf> {
    // The first is the root, which holds the others, and much that no site is made from.
    let own = options.inputs.iter().skip(1).cloned();
    // A debug build reads the built-in theme from where it stands.
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let builtin = ["templates", "static"].iter().filter(|_| cfg!(debug_assertions));
    own.chain(builtin.map(|folder| repository.join(folder))).collect()
}

fn is_missing(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// A list, as it is written.
struct List<'a> {
    digest: Digest,
    files: usize,
    pages: usize,
    bytes: u64,
    findings: &'a str,
    paths: Vec<&'a str>,
}

impl<'a> List<'a> {
    fn parse(text: &'a str) -> Option<List<'a>> {
        let mut lines = text.lines();
        (lines.next()? == HEAD).then_some(())?;
        let digest = lines.next()?.parse().ok()?;
        let mut numbers = lines.next()?.split(' ').map(str::parse::<u64>);
        let mut number = || numbers.next()?.ok();
        let (files, pages, bytes) = (number()?, number()?, number()?);
        let [files, pages] = [files, pages].map(usize::try_from);
        let findings = lines.next()?;
        Some(List { digest, files: files.ok()?, pages: pages.ok()?, bytes, findings, paths: lines.collect() })
    }

    fn to_text(&self) -> String {
        let List { digest, files, pages, bytes, findings, paths } = self;
        let mut text = format!("{HEAD}\n{digest}\n{files} {pages} {bytes}\n{findings}\n");
        for path in paths {
            text.extend([*path, "\n"]);
        }
        text
    }
}

/// Stands for everything that a build depends on and everything that it wrote, as the system has it now.
fn digest(list: &List<'_>, run: &Run, options: &Options, place: &Place) -> Option<Digest> {
    let program = std::env::current_exe().and_then(fs::metadata).ok()?;
    let mut all = format!(
        "{}\0{}\0{}\0{:?}\0{:?}\0{} {} {}\0{}\0",
        env!("CARGO_PKG_VERSION"),
        run.request,
        options.compress,
        options.inputs,
        place.out(),
        list.files,
        list.pages,
        list.bytes,
        list.findings,
    )
    .into_bytes();
    all.extend(state(&program)?);
    let ask = |path: &&str| match fs::symlink_metadata(path) {
        Ok(metadata) => state(&metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some([0; STATE]),
        Err(_) => None,
    };
    let states: Option<Vec<[u8; STATE]>> = match list.paths.len() {
        0..MANY => list.paths.iter().map(ask).collect(),
        _ => list.paths.par_iter().map(ask).collect(),
    };
    for (path, state) in list.paths.iter().zip(states?) {
        all.extend_from_slice(path.as_bytes());
        all.push(0);
        all.extend_from_slice(&state);
    }
    Some(Digest::of(&all))
}

/// How many bytes [`state`] has.
const STATE: usize = 60;

/// What the system says of a file or a folder: everything that moves when it or what is in it changes.
#[cfg(unix)]
fn state(metadata: &Metadata) -> Option<[u8; STATE]> {
    use std::os::unix::fs::MetadataExt;

    // A folder's size and times of change are the system's own affair; its time of writing moves with its entries.
    let (size, changed) = match metadata.is_dir() {
        true => (0, (0, 0)),
        false => (metadata.size(), (metadata.ctime(), metadata.ctime_nsec())),
    };
    let numbers = [
        metadata.dev(),
        metadata.ino(),
        size,
        metadata.mtime().cast_unsigned(),
        metadata.mtime_nsec().cast_unsigned(),
        changed.0.cast_unsigned(),
        changed.1.cast_unsigned(),
    ];
    let mut state = [0; STATE];
    for (to, number) in state.chunks_exact_mut(8).zip(numbers) {
        to.copy_from_slice(&number.to_le_bytes());
    }
    state[STATE - 4..].copy_from_slice(&metadata.mode().to_le_bytes());
    Some(state)
}

#[cfg(not(unix))]
fn state(_metadata: &Metadata) -> Option<[u8; STATE]> {
    None
}

/// When anything about a file last changed.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;

    let seconds = u64::try_from(metadata.ctime()).ok()?;
    let nanoseconds = u32::try_from(metadata.ctime_nsec()).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanoseconds))
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> Option<SystemTime> {
    None
}
