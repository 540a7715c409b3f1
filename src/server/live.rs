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
