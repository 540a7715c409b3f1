//! What the preview shows right now, and how it gets there: one value, swapped whole.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch::Sender;

use super::problems::Problems;
use super::snapshot::Snapshot;
use super::watch::Watch;
use super::{Rebuild, Shows, Turn};
use crate::diagnostic::Report;

/// What readers see at one moment.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The last good site, if there was one.
    pub site: Option<Arc<Snapshot>>,
    /// Why a newer one cannot be shown.
    pub problems: Option<Arc<Problems>>,
}

/// Builds, shows, waits for a change, and again; until the watch is stopped or nobody listens.
pub fn keep_fresh(rebuild: &mut dyn Rebuild, watch: &mut Watch, view: &Sender<View>) {
    let mut changed = Vec::new();
    while !view.is_closed() {
        changed = match turn(rebuild, watch, view, &changed) {
            // Files were written while they were read.
            Some(more) => more,
            None => match watch.next(|| rebuild.is_outdated()) {
                Some(changed) => changed,
                None => return,
            },
        };
    }
}

/// One rebuild. Gives files that have changed meanwhile.
fn turn(
    rebuild: &mut dyn Rebuild,
    watch: &mut Watch,
    view: &Sender<View>,
    changed: &[PathBuf],
) -> Option<Vec<PathBuf>> {
    let before = view.borrow().site.clone();
    let made = rebuild.rebuild(changed).and_then(|built| {
        let site = Snapshot::new(&built, before.as_deref())?;
        Ok((site, built.report))
    });
    let more = Some(watch.changed()).filter(|more| !more.is_empty());
    match made {
        Ok((site, report)) => {
            let (fresh, files) = (site.fresh, site.len());
            view.send_replace(View { site: Some(Arc::new(site)), problems: None });
            rebuild.tell(&Turn { changed, report: &report, files, fresh, shows: Shows::New });
        }
        // Half of a save is no error of anyone's.
        Err(_) if more.is_some() => return Some([changed, more.as_deref().unwrap_or_default()].concat()),
        Err(report) => {
            show_problems(view, &report);
            let shows = if before.is_some() { Shows::LastGood } else { Shows::Nothing };
            rebuild.tell(&Turn { changed, report: &report, files: 0, fresh: 0, shows });
        }
    }
    more
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
    use crate::server::{Built, Rebuild, Turn, plain_headers};
    use crate::site::Site;

    /// Nothing here takes this long; a test that waits for what never comes ends all the same.
    const DEADLINE: Duration = Duration::from_secs(30);

    /// Counts its builds, and is outdated until the next one when told so.
    struct Dated {
        outdated: Arc<AtomicBool>,
        built: Sender<Vec<PathBuf>>,
    }

    impl Rebuild for Dated {
        fn rebuild(&mut self, changed: &[PathBuf]) -> Result<Built, Report> {
            self.outdated.store(false, Ordering::SeqCst);
            self.built.send(changed.to_vec()).expect("the test waits");
            let headers = Arc::new(plain_headers);
            Ok(Built { site: Site::new(), base_path: "/".to_owned(), headers, report: Report::new() })
        }

        fn is_outdated(&self) -> bool {
            self.outdated.load(Ordering::SeqCst)
        }

        fn tell(&mut self, _turn: &Turn<'_>) {}
    }

    #[test]
    fn an_outdated_site_is_built_again_although_no_file_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (outdated, (built, builds)) = (Arc::new(AtomicBool::new(false)), channel());
        let mut rebuild = Dated { outdated: Arc::clone(&outdated), built };
        let mut files = Watch::new(folder.path(), &[PathBuf::from("content")]);
        let stop = files.stopper();
        let (show, _view) = watch::channel(View::default());
        let (first, second) = std::thread::scope(|threads| {
            threads.spawn(|| keep_fresh(&mut rebuild, &mut files, &show));
            let first = builds.recv_timeout(DEADLINE);
            outdated.store(true, Ordering::SeqCst);
            let second = builds.recv_timeout(DEADLINE);
            // Before anything is asserted: the thread has to end.
            stop.stop();
            (first, second)
        });
        assert_eq!((first, second), (Ok(Vec::new()), Ok(Vec::new())));
        assert!(builds.try_recv().is_err(), "it was built once more than asked for");
    }
}
