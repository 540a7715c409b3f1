//! Waits for the next save, with as little patience as is safe.
//!
//! A debouncer that ticks (notify-debouncer-full) would cost more than the whole rebuild. Here a batch of events ends
//! when nothing has happened for [`QUIET`] and every file that was being written has been closed, or when [`PATIENCE`] is over.
//! A batch that ends too early costs one rebuild more and never a wrong page: [`Tree`] is looked at again after each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind};
use notify::{Config, RecommendedWatcher, RecursiveMode, Watcher as _, WatcherKind};

use super::tree::Tree;
use crate::files::{self, Dir, FileKind, leftover};

/// A batch is over when nothing has happened for this long.
const QUIET: Duration = Duration::from_millis(5);
/// A writer that keeps a file open, or a checkout of thousands of files, is not waited for longer than this.
const PATIENCE: Duration = Duration::from_millis(100);
/// Without any event the folders are looked at this often: some file systems send none.
const ROUND: Duration = Duration::from_secs(2);

/// Watches some folders of a project.
pub struct Watch {
    root: PathBuf,
    folders: Vec<PathBuf>,
    tree: Tree,
    watcher: Option<RecommendedWatcher>,
    /// Whether the system tells when a file that was written is closed.
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

/// Ends a [`Watch`] that waits.
#[derive(Clone)]
pub struct Stop(Sender<Signal>);

impl Stop {
    /// Makes [`Watch::next`] return nothing.
    pub fn stop(&self) {
        // A watch that is gone needs no stopping.
        let _ = self.0.send(Signal::Stop);
    }
}

impl Watch {
    /// Watches folders, given relative to `root`, from now on. They may be missing and may come later.
    ///
    /// Where the system cannot watch (too many watches, an odd file system) the folders are still
    /// looked at every two seconds.
    pub fn new(root: &Path, folders: &[PathBuf]) -> Watch {
        // Events name files below the real path on some systems.
        let root = files::real_path(root).unwrap_or_else(|_| root.to_owned());
        let (wake, events) = channel();
        let sender = wake.clone();
        let handler = move |event: notify::Result<notify::Event>| {
            let signal = event.map_or(Signal::Lost, Signal::Event);
            // The receiver goes away when the preview ends.
            let _ = sender.send(signal);
        };
        // A link may lead to the root of the file system. What a link inside the project leads to is looked at every round.
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

    /// The way to end the wait from another thread.
    pub fn stopper(&self) -> Stop {
        Stop(self.wake.clone())
    }

    /// Waits until files have changed and returns them, relative to the root; or until the site is `outdated` for another reason,
    /// and then returns no files. `None` once it was stopped.
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

    /// What has changed since the last look, without waiting: to be asked after a rebuild, which may have
    /// read some files before and some after a save.
    pub fn changed(&mut self) -> Vec<PathBuf> {
        let hints = std::mem::take(&mut self.hints);
        // A folder that was made or put back has no watch yet, and a root that was replaced has lost all of them.
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

    /// Collects one batch; false if it was stopped meanwhile.
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
            // Events of the root are about the folders in it; the rest of it (dist, target, ...) is not ours.
            let Ok(path) = path.strip_prefix(&self.root).map(Path::to_owned) else { continue };
            let ours = self.folders.iter().any(|folder| path.starts_with(folder) || folder.starts_with(&path));
            if !ours || path.iter().any(|part| leftover(part).is_some()) {
                continue;
            }
            match event.kind {
                // Reading a file is no change; our own rebuilds do it.
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

    /// Puts a watch on the root, for folders that come and go, and on every folder that is there.
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
            // A watch on a folder that is gone says nothing about the one that took its place.
            let _ = watcher.unwatch(&path);
            if is_inside(folder)
                && let Err(error) = watcher.watch(&path, mode)
            {
                log::warn!("cannot watch {}: {error}; it is looked at every two seconds instead", path.display());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::Watch;

    /// Changes come in one batch or in several; what counts is that each of them comes.
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
    fn a_save_by_rename_is_a_save() {
        let (dir, mut watch) = project();
        fs::write(dir.path().join("content/data/faq.yaml~"), "b").expect("written");
        fs::rename(dir.path().join("content/data/faq.yaml~"), dir.path().join("content/data/faq.yaml"))
            .expect("renamed");
        expect(&mut watch, &["content/data/faq.yaml"]);
    }

    #[test]
    fn a_folder_that_is_deleted_and_put_back_is_watched_again() {
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
    fn a_folder_that_comes_later_is_watched() {
        let (dir, mut watch) = project();
        fs::create_dir_all(dir.path().join("templates/strings")).expect("made");
        fs::write(dir.path().join("templates/strings/en.yaml"), "a").expect("written");
        expect(&mut watch, &["templates/strings/en.yaml"]);
    }

    #[test]
    fn a_checkout_of_many_files_is_seen_whole() {
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
    fn a_watch_that_is_stopped_stops_waiting() {
        let (_dir, mut watch) = project();
        watch.stopper().stop();
        assert_eq!(watch.next(|| false), None);
    }
}
