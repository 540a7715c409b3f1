//! What the last build saw, so that a run with nothing to do ends before it begins.
//!
//! Beside the folder that it wrote, a build leaves `.NAME.candor-seen`: the paths of everything that it read, with one digest
//! of what the system says of them (device, inode, size, times of the last write and of the last change), and the paths and
//! sizes of everything that it wrote. Where program, options, day and digest are the same, and nothing that was
//! written changed after the list was, the folder holds what a build would make.
//!
//! # Why that is enough
//!
//! The time of the last change (`ctime`) moves with whatever is done to a file, setting its other times back included, and
//! no program can set it. What it cannot tell apart are two changes within one tick of the clock; so nothing is noted
//! where anything that was read changed less than [`TICK`] before the build began, or later. Nothing is noted either
//! where a symbolic link leads elsewhere, and on systems that keep no such time. Findings that did not stop the
//! build are noted, too, and told each time. The list is never relied on for more than this: `check`, `verify` and `publish`
//! read every byte, every time.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::*;

use super::manifest::{self, Manifest};
use super::target::Place;
use super::{Options, Run, Written};
use crate::diagnostic::Report;
use crate::model::Digest;

/// The first line of a list; another form of it has another number.
const HEAD: &str = "candor-seen 1";

/// The coarsest time that a usual file system keeps (FAT: two seconds).
const TICK: Duration = Duration::from_secs(2);

/// From how many files on it pays to ask for them on all threads.
const MANY: usize = 1_500;

/// The site that the last build wrote to `out`, if a build could only write it again; with it the findings that did not
/// stop that build.
pub fn recall(out: &Path, options: &Options) -> Option<(Written, Report)> {
    let place = Place::find(out)?;
    let run = options.run.as_ref()?;
    let mut file = File::open(place.beside("seen")).ok()?;
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    let list = List::parse(&text)?;
    // A build that was killed or is at work has something to tell or to clear.
    let idle = ["lock", "new", "old"].iter().all(|what| matches!(ask(&place.beside(what)), Some(None)));
    if !idle || list.request != request(run, options, &place)? || list.read != ask_again(&list.sources)? {
        return None;
    }
    let noted = file.metadata().ok()?.modified().ok()?;
    let stands = |(bytes, path): &(Option<u64>, &str)| stands(&place.out().join(path), *bytes, noted).is_some();
    let intact = match list.written.len() {
        0..MANY => list.written.iter().all(stands),
        _ => list.written.par_iter().all(stands),
    };
    let findings = Report::from_line(list.findings)?;
    let List { files, pages, bytes, .. } = list;
    let written = Written { folder: place.out(), files, pages, bytes, reused: files, unchanged: true };
    intact.then_some((written, findings))
}

/// Notes what a build saw and wrote, where the next one may go by it. Call it while the folder is locked.
///
/// That it could not be noted is no failure: the next build reads everything, as this one did.
pub(super) fn note(place: &Place, written: &Written, manifest: &Manifest, options: &Options) {
    let Some(run) = &options.run else { return };
    let path = place.beside("seen");
    let Some(text) = list(place, written, manifest, run, options) else {
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
fn list(place: &Place, written: &Written, manifest: &Manifest, run: &Run, options: &Options) -> Option<String> {
    let settled = run.started.checked_sub(TICK)?;
    let mut sources = Sources::default();
    for folder in folders(options) {
        match ask(&folder)? {
            Some(metadata) => sources.add(&folder, &metadata, settled)?,
            None => sources.push(&folder, ABSENT)?,
        }
    }
    let mut lines = String::with_capacity(manifest.files.len() * 64);
    let mut above = BTreeSet::from([""]);
    for path in manifest.files.keys() {
        above.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
    }
    // A folder's own time tells of files that came or went.
    lines.extend(above.into_iter().flat_map(|folder| ["- ", folder, "\n"]));
    let size = fs::symlink_metadata(place.out().join(manifest::NAME)).ok()?.len();
    let _ = writeln!(lines, "{size} {}", manifest::NAME);
    for (path, entry) in &manifest.files {
        for (path, bytes) in entry.on_disk(path) {
            let _ = writeln!(lines, "{bytes} {path}");
        }
    }
    let list = List {
        request: request(run, options, place)?,
        read: sources.digest(),
        files: written.files,
        pages: written.pages,
        bytes: written.bytes,
        findings: &run.findings.to_line()?,
        sources: sources.paths.iter().map(String::as_str).collect(),
        written: Vec::new(),
    };
    Some(list.to_text(&lines))
}

/// Everything that a site is made from, with what the system says of it.
#[derive(Default)]
struct Sources {
    paths: Vec<String>,
    states: Vec<u8>,
}

impl Sources {
    fn push(&mut self, path: &Path, state: [u8; STATE]) -> Option<()> {
        self.paths.push(path.to_str().filter(|path| !path.contains('\n'))?.to_owned());
        self.states.extend_from_slice(&state);
        Some(())
    }

    /// Adds a folder and all that is in it; `None` where something changed after `settled` or is a link.
    fn add(&mut self, path: &Path, metadata: &Metadata, settled: SystemTime) -> Option<()> {
        let plain = metadata.is_dir() || metadata.is_file();
        (plain && changed(metadata)? < settled).then_some(())?;
        self.push(path, state(metadata)?)?;
        if metadata.is_dir() {
            let entries: Vec<fs::DirEntry> = fs::read_dir(path).ok()?.collect::<Result<_, _>>().ok()?;
            let ask = |entry: &fs::DirEntry| Some((entry.path(), entry.metadata().ok()?));
            let known: Option<Vec<(PathBuf, Metadata)>> = entries.par_iter().with_min_len(200).map(ask).collect();
            for (path, metadata) in known? {
                self.add(&path, &metadata, settled)?;
            }
        }
        Some(())
    }

    fn digest(&self) -> Digest {
        let mut all = self.states.clone();
        for path in &self.paths {
            all.extend_from_slice(path.as_bytes());
            all.push(b'\n');
        }
        Digest::of(&all)
    }
}

/// The digest of these paths as the system has them now.
fn ask_again(paths: &[&str]) -> Option<Digest> {
    let now = |path: &&str| match ask(Path::new(path))? {
        Some(metadata) => state(&metadata),
        None => Some(ABSENT),
    };
    let states: Option<Vec<[u8; STATE]>> = match paths.len() {
        0..MANY => paths.iter().map(now).collect(),
        _ => paths.par_iter().map(now).collect(),
    };
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    Some(Sources { paths, states: states?.concat() }.digest())
}

/// Whether a file of this size, or a folder, is there and has not changed after `noted`.
fn stands(path: &Path, bytes: Option<u64>, noted: SystemTime) -> Option<()> {
    let metadata = fs::symlink_metadata(path).ok()?;
    let last = match bytes {
        // A folder's time of change moves when the site is put in its place.
        None => metadata.is_dir().then(|| metadata.modified().ok())??,
        Some(bytes) => (metadata.is_file() && metadata.len() == bytes).then(|| changed(&metadata))??,
    };
    (last <= noted).then_some(())
}

/// The folders that a site is made from.
fn folders(options: &Options) -> impl Iterator<Item = PathBuf> {
    // The first is the root, which holds the others, and much that no site is made from.
    let own = options.inputs.iter().skip(1).cloned();
    // A debug build reads the built-in theme from where it stands.
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let builtin = ["templates", "static"].iter().filter(|_| cfg!(debug_assertions));
    own.chain(builtin.map(|folder| repository.join(folder)))
}

/// What the system says of a path itself, links not followed: nothing where there is nothing, `None` where it does not say.
fn ask(path: &Path) -> Option<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Some(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(None),
        Err(_) => None,
    }
}

/// Stands for the program, and for what it was asked for and where.
fn request(run: &Run, options: &Options, place: &Place) -> Option<Digest> {
    let program = state(&std::env::current_exe().and_then(fs::metadata).ok()?)?;
    let Options { compress, inputs, .. } = options;
    let (version, out) = (env!("CARGO_PKG_VERSION"), place.out());
    let text = format!("{version}\0{program:?}\0{}\0{compress}\0{inputs:?}\0{out:?}", run.request);
    Some(Digest::of(text.as_bytes()))
}

/// A list, as it is written.
struct List<'a> {
    request: Digest,
    /// Digest of [`Sources`].
    read: Digest,
    files: usize,
    pages: usize,
    bytes: u64,
    findings: &'a str,
    /// What was read: whole paths.
    sources: Vec<&'a str>,
    /// What was written: sizes, none for folders, and paths below the folder.
    written: Vec<(Option<u64>, &'a str)>,
}

impl<'a> List<'a> {
    fn parse(text: &'a str) -> Option<List<'a>> {
        let (digest, text) = text.strip_prefix(HEAD)?.strip_prefix('\n')?.split_once('\n')?;
        // A list that was cut short or damaged is none.
        (Digest::of(text.as_bytes()) == digest.parse().ok()?).then_some(())?;
        let mut lines = text.lines();
        let (request, read) = (lines.next()?.parse().ok()?, lines.next()?.parse().ok()?);
        let mut numbers = lines.next()?.split(' ').map(str::parse::<u64>);
        let mut number = || numbers.next()?.ok();
        let (files, pages, bytes, sources) = (number()?, number()?, number()?, number()?);
        let [files, pages, sources] = [files, pages, sources].map(|number| usize::try_from(number).ok());
        let findings = lines.next()?;
        let sources = lines.by_ref().take(sources?).collect();
        let written = |line: &'a str| match line.split_once(' ')? {
            ("-", folder) => Some((None, folder)),
            (bytes, path) => Some((Some(bytes.parse().ok()?), path)),
        };
        let written = lines.map(written).collect::<Option<_>>()?;
        Some(List { request, read, files: files?, pages: pages?, bytes, findings, sources, written })
    }

    /// The list with these lines in the place of [`List::written`].
    fn to_text(&self, written: &str) -> String {
        let List { request, read, files, pages, bytes, findings, sources, .. } = self;
        let mut text = format!("{request}\n{read}\n{files} {pages} {bytes} {}\n{findings}\n", sources.len());
        for path in sources {
            text.extend([*path, "\n"]);
        }
        text += written;
        format!("{HEAD}\n{}\n{text}", Digest::of(text.as_bytes()))
    }
}

/// How many bytes [`state`] has.
const STATE: usize = 60;

/// The state of what is not there.
const ABSENT: [u8; STATE] = [0; STATE];

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
