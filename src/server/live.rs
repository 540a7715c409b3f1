//! The current state of the preview, as one value that is swapped as a whole, and the loop that updates it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use tokio::sync::watch::Sender;

use super::problems::Problems;
use super::snapshot::Snapshot;
use super::watch::Watch;
use super::{Rebuild, RebuildOutcome, Shows};
use crate::diagnostic::Report;

/// The state of the preview.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The last good site, if any.
    pub site: Option<Arc<Snapshot>>,
    /// Why a newer site cannot be shown.
    pub problems: Option<Arc<Problems>>,
}

/// How often a running build is asked whether it was given up.
const POLL: Duration = Duration::from_millis(50);

/// Builds the site, shows it and waits for changes, until the watcher stops or all receivers are gone.
pub fn keep_fresh(mut rebuild: impl Rebuild, watch: &mut Watch, view: &Sender<View>) {
    let mut changed = Vec::new();
    while !view.is_closed() {
        let more;
        (rebuild, more) = rebuild_once(rebuild, watch, view, &changed);
        changed = match more {
            // Files were written during the build.
            Some(more) => more,
            None => match watch.next(|| rebuild.is_outdated()) {
                Some(changed) => changed,
                None => return,
            },
        };
    }
}

/// A new site with its diagnostics, or why there is none.
type Made = Result<(Snapshot, Report), Report>;

/// Builds the site on a thread of its own. If the build is given up, its thread is left alone, because nothing can stop it.
fn build<R: Rebuild>(mut rebuild: R, changed: &[PathBuf], before: Option<Arc<Snapshot>>) -> (R, Made) {
    let successor = rebuild.successor();
    let (done, made) = channel();
    let changed = changed.to_vec();
    let make = move || {
        let made = rebuild.rebuild(&changed).and_then(|built| {
            let site = Snapshot::new(&built, before.as_deref())?;
            let mut report = built.report;
            report.merge(rebuild.inspect(&|path| site.bytes(path)));
            if report.has_errors() { Err(report) } else { Ok((site, report)) }
        });
        (rebuild, made)
    };
    let builder = std::thread::spawn(move || {
        // A build that is given up keeps its threads, which the next one needs.
        let made = match rayon::ThreadPoolBuilder::new().build() {
            Ok(pool) => pool.install(make),
            Err(_) => make(),
        };
        // Nothing waits for a build that was given up.
        let _ = done.send(made);
    });
    loop {
        match made.recv_timeout(POLL) {
            Ok(made) => return made,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(report) = successor.given_up() {
                    return (successor, Err(report));
                }
            }
            Err(RecvTimeoutError::Disconnected) => match builder.join() {
                Ok(()) => return (successor, Err(Report::new())),
                Err(panic) => std::panic::resume_unwind(panic),
            },
        }
    }
}

/// Rebuilds once. Returns the files that have changed in the meantime.
fn rebuild_once<R: Rebuild>(
    rebuild: R,
    watch: &mut Watch,
    view: &Sender<View>,
    changed: &[PathBuf],
) -> (R, Option<Vec<PathBuf>>) {
    let before = view.borrow().site.clone();
    let (mut rebuild, made) = build(rebuild, changed, before.clone());
    let more = Some(watch.changed()).filter(|more| !more.is_empty());
    match made {
        Ok((site, report)) => {
            let (fresh, files) = (site.fresh, site.len());
            view.send_replace(View { site: Some(Arc::new(site)), problems: None });
            rebuild.on_rebuilt(&RebuildOutcome { changed, report: &report, files, fresh, shows: Shows::New });
        }
        // Ignore errors while files are only partly saved.
        Err(_) if more.is_some() => {
            return (rebuild, Some([changed, more.as_deref().unwrap_or_default()].concat()));
        }
        Err(report) => {
            show_problems(view, &report);
            let shows = if before.is_some() { Shows::LastGood } else { Shows::Nothing };
            rebuild.on_rebuilt(&RebuildOutcome { changed, report: &report, files: 0, fresh: 0, shows });
        }
    }
    (rebuild, more)
}

fn show_problems(view: &Sender<View>, report: &Report) {
    let problems = Some(Arc::new(Problems::new(report)));
    view.send_modify(|view| view.problems = problems);
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    use tokio::sync::watch;

    use super::{View, keep_fresh};
    use crate::diagnostic::Report;
    use crate::server::watch::Watch;
    use crate::server::{Built, Rebuild, RebuildOutcome, plain_headers};
    use crate::site::Site;

    /// Far longer than any step takes; it makes a test fail instead of waiting forever.
    const DEADLINE: Duration = Duration::from_secs(30);

    /// Counts its builds. `outdated` is set by the test and cleared by a build.
    #[derive(Clone)]
    struct Dated {
        outdated: Arc<AtomicBool>,
        built: Sender<Vec<PathBuf>>,
    }

    impl Rebuild for Dated {
        fn successor(&self) -> Dated {
            self.clone()
        }

        fn rebuild(&mut self, changed: &[PathBuf]) -> Result<Built, Report> {
            self.outdated.store(false, Ordering::SeqCst);
            self.built.send(changed.to_vec()).expect("the test waits");
            let headers = Arc::new(plain_headers);
            Ok(Built { site: Site::new(), base_path: "/".to_owned(), headers, report: Report::new() })
        }

        fn is_outdated(&self) -> bool {
            self.outdated.load(Ordering::SeqCst)
        }

        fn on_rebuilt(&mut self, _outcome: &RebuildOutcome<'_>) {}
    }

    #[test]
    fn rebuilds_an_outdated_site_without_file_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let (outdated, (built, builds)) = (Arc::new(AtomicBool::new(false)), channel());
        let rebuild = Dated { outdated: Arc::clone(&outdated), built };
        let mut files = Watch::new(folder.path(), &[PathBuf::from("content")]);
        let stop = files.stopper();
        let (show, _view) = watch::channel(View::default());
        let (first, second) = std::thread::scope(|threads| {
            threads.spawn(|| keep_fresh(rebuild, &mut files, &show));
            let first = builds.recv_timeout(DEADLINE);
            outdated.store(true, Ordering::SeqCst);
            let second = builds.recv_timeout(DEADLINE);
            // Stop the thread before any assertion can panic.
            stop.stop();
            (first, second)
        });
        assert_eq!((first, second), (Ok(Vec::new()), Ok(Vec::new())));
        assert!(builds.try_recv().is_err(), "one build too many");
    }
}
