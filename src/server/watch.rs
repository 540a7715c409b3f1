//! Waits for the next save, for as short a time as is safe.
//!
//! A debouncer that polls (notify-debouncer-full) would take longer than the whole rebuild. Here a batch of events ends
//! when there were no events for [`QUIET`] and every file that was being written has been closed, or after
//! [`PATIENCE`]. A batch that ends too early costs one more rebuild but never shows a wrong page: [`Tree`] is checked
//! again after each rebuild.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind};
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _, WatcherKind};

use super::tree::Tree;
use crate::files::{self, Dir, FileKind, leftover};

/// A batch ends when there were no events for this long.
const QUIET: Duration = Duration::from_millis(5);
/// Maximum length of a batch, for a writer that keeps a file open or a checkout of thousands of files.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often the folders are checked without any event: some file systems send none.
const ROUND: Duration = Duration::from_secs(2);

/// Watches some folders of a project.
pub struct Watch {
    root: PathBuf,
    folders: Vec<PathBuf>,
    tree: Tree,
    watcher: Option<RecommendedWatcher>,
    /// Whether the system reports when a written file is closed.
    closes: bool,
    events: Receiver<Signal>,
    wake: Sender<Signal>,
    hints: BTreeSet<PathBuf>,
}

enum Signal {
    Event(notify::Event),
    /// Events were lost.
    Lost,
    Stop,
}

/// Stops a waiting [`Watch`].
#[derive(Clone)]
pub struct Stop(Sender<Signal>);

impl Stop {
    /// Makes [`Watch::next`] return `None`.
    pub fn stop(&self) {
        // An error means that the watch is already gone.
        let _ = self.0.send(Signal::Stop);
    }
}

impl Watch {
    /// Starts watching folders, given relative to `root`. They may be missing and be created later.
    ///
    /// If the system cannot watch them (too many watches, an unsupported file system), the folders are checked every
    /// two seconds.
    pub fn new(root: &Path, folders: &[PathBuf]) -> Watch {
        // On some systems, events contain the real path.
        let root = files::real_path(root).unwrap_or_else(|_| root.to_owned());
        let (wake, events) = channel();
        let sender = wake.clone();
        let handler = move |event: notify::Result<notify::Event>| {
            let signal = event.map_or(Signal::Lost, Signal::Event);
            // The receiver is dropped when the preview ends.
            let _ = sender.send(signal);
        };
        // A link may lead to the root of the file system. Targets of links inside the project are checked every two
        // seconds.
        let watcher = RecommendedWatcher::new(handler, Config::default().with_follow_symlinks(false));
        let watcher = watcher.inspect_err(|error| log::warn!("cannot watch for changes: {error}")).ok();
        let mut watch = Watch {
            tree: Tree::new(&root, &[]),
            root,
            folders: folders.to_owned(),
            watcher,
            closes: RecommendedWatcher::kind() == WatcherKind::Inotify,
            events,
            wake,
            hints: BTreeSet::new(),
        };
        watch.follow();
        watch.tree = Tree::new(&watch.root, &watch.folders);
        watch
    }

    /// Returns a handle that ends the wait from another thread.
    pub fn stopper(&self) -> Stop {
        Stop(self.wake.clone())
    }

    /// Waits until files have changed and returns them, relative to the root. Also returns, with no files, when the
    /// site is `outdated` for another reason. Returns `None` once it was stopped.
    pub fn next(&mut self, outdated: impl Fn() -> bool) -> Option<Vec<PathBuf>> {
        loop {
            let look = match self.events.recv_timeout(ROUND) {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
                Ok(signal) => {
                    if !self.gather(signal) {
                        return None;
                    }
                    !self.hints.is_empty()
                }
                Err(RecvTimeoutError::Timeout) => true,
            };
            let changed = if look { self.changed() } else { Vec::new() };
            if !changed.is_empty() || outdated() {
                return Some(changed);
            }
        }
    }

    /// Returns what has changed since the last call, without waiting. Called after a rebuild, which may have read some
    /// files before a save and others after it.
    pub fn changed(&mut self) -> Vec<PathBuf> {
        let hints = std::mem::take(&mut self.hints);
        // A folder that was created or moved here has no watch yet, and a root that was replaced has lost all of them.
        let outer =
            |path: &PathBuf| path.as_os_str().is_empty() || self.folders.iter().any(|folder| folder.starts_with(path));
        let unwatched = hints.iter().any(outer);
        if unwatched {
            self.follow();
        }
        let changed = self.tree.update(&hints);
        if hints.is_empty() && !changed.is_empty() {
            self.follow();
        }
        changed
    }

    /// Collects one batch; returns false if it was stopped.
    fn gather(&mut self, first: Signal) -> bool {
        let mut open = BTreeSet::new();
        self.note(first, &mut open);
        let deadline = Instant::now() + PATIENCE;
        while !(self.hints.is_empty() && open.is_empty()) {
            let left = deadline.saturating_duration_since(Instant::now());
            let wait = if open.is_empty() { QUIET.min(left) } else { left };
            match self.events.recv_timeout(wait) {
                Ok(Signal::Stop) => return false,
                Ok(signal) => self.note(signal, &mut open),
                Err(_) => break,
            }
        }
        true
    }

    fn note(&mut self, signal: Signal, open: &mut BTreeSet<PathBuf>) {
        let event = match signal {
            Signal::Event(event) => event,
            Signal::Lost | Signal::Stop => {
                self.hints.insert(PathBuf::new());
                return;
            }
        };
        if event.need_rescan() {
            self.hints.insert(PathBuf::new());
        }
        for path in event.paths {
            // Events of the root concern the folders in it; its other entries (dist, target, ...) are not watched.
            let Ok(path) = path.strip_prefix(&self.root).map(Path::to_owned) else { continue };
            let ours = self.folders.iter().any(|folder| path.starts_with(folder) || folder.starts_with(&path));
            if !ours || path.iter().any(|part| leftover(part).is_some()) {
                continue;
            }
            match event.kind {
                // Reading a file is not a change; our own rebuilds read files.
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => {
                    open.remove(&path);
                }
                EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => continue,
                EventKind::Modify(ModifyKind::Data(_)) if self.closes => {
                    open.insert(path.clone());
                }
                EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                    open.remove(&path);
                }
                _ => {}
            }
            self.hints.insert(path);
        }
    }

    /// Watches the root, for folders that are created and removed, and every folder that exists.
    fn follow(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        let root = Dir::open(&self.root);
        let is_inside = |folder: &Path| {
            let facts = root.as_ref().ok().and_then(|root| root.facts(folder).ok());
            facts.is_some_and(|facts| facts.kind == FileKind::Folder)
        };
        let places = std::iter::once((Path::new(""), RecursiveMode::NonRecursive))
            .chain(self.folders.iter().map(|folder| (folder.as_path(), RecursiveMode::Recursive)));
        for (folder, mode) in places {
            let path = self.root.join(folder);
            // A watch on a removed folder does not report events of the folder that replaced it.
            let _ = watcher.unwatch(&path);
            if is_inside(folder)
                && let Err(error) = watcher.watch(&path, mode)
            {
                log::warn!("cannot watch {}: {error}; checking it every two seconds instead", path.display());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::Watch;

    /// Changes may arrive in one or more batches; only their union matters.
    fn expect(watch: &mut Watch, wanted: &[&str]) {
        let mut missing: Vec<_> = wanted.iter().map(PathBuf::from).collect();
        while !missing.is_empty() {
            let changed = watch.next(|| false).expect("not stopped");
            missing.retain(|path| !changed.contains(path));
        }
    }

    fn project() -> (tempfile::TempDir, Watch) {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(dir.path().join("content/data")).expect("made");
        fs::write(dir.path().join("content/data/faq.yaml"), "a").expect("written");
        let watch = Watch::new(dir.path(), &["content".into(), "templates".into()]);
        (dir, watch)
    }

    #[test]
    fn reports_a_save_by_rename() {
        let (dir, mut watch) = project();
        fs::write(dir.path().join("content/data/faq.yaml~"), "b").expect("written");
        fs::rename(dir.path().join("content/data/faq.yaml~"), dir.path().join("content/data/faq.yaml"))
            .expect("renamed");
        expect(&mut watch, &["content/data/faq.yaml"]);
    }

    #[test]
    fn watches_a_recreated_folder() {
        let (dir, mut watch) = project();
        fs::remove_dir_all(dir.path().join("content")).expect("removed");
        expect(&mut watch, &["content/data/faq.yaml"]);
        fs::create_dir_all(dir.path().join("content/data")).expect("made");
        fs::write(dir.path().join("content/data/faq.yaml"), "b").expect("written");
        expect(&mut watch, &["content/data/faq.yaml"]);
        fs::write(dir.path().join("content/data/faq.yaml"), "c").expect("written");
        expect(&mut watch, &["content/data/faq.yaml"]);
    }

    #[test]
    fn watches_a_folder_created_later() {
        let (dir, mut watch) = project();
        fs::create_dir_all(dir.path().join("templates/strings")).expect("made");
        fs::write(dir.path().join("templates/strings/en.yaml"), "a").expect("written");
        expect(&mut watch, &["templates/strings/en.yaml"]);
    }

    #[test]
    fn reports_all_files_of_a_large_checkout() {
        let (dir, mut watch) = project();
        let names: Vec<_> = (0..400).map(|nth| format!("content/{}/{nth}.md", nth % 7)).collect();
        for name in &names {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, "a").expect("written");
        }
        expect(&mut watch, &names.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn stop_ends_the_wait() {
        let (_dir, mut watch) = project();
        watch.stopper().stop();
        assert_eq!(watch.next(|| false), None);
    }
}
