//! The open pages that listen for changes, limited in number so that they do not use up all connections.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// Maximum number of listening pages. A new page replaces the one that has listened longest, which connects again when
/// it becomes visible.
pub const LISTENERS: usize = 32;

/// All listening pages, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Listeners(Arc<Mutex<VecDeque<oneshot::Sender<()>>>>);

impl Listeners {
    /// Adds a page, and ends the oldest if there are too many. The returned receiver completes when this page must end.
    pub fn join(&self) -> oneshot::Receiver<()> {
        let (end, ended) = oneshot::channel();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Remove the pages that have disconnected.
        all.retain(|other| !other.is_closed());
        while all.len() >= LISTENERS {
            // Dropping the sender ends the page's stream.
            all.pop_front();
        }
        all.push_back(end);
        ended
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot::error::TryRecvError;

    use super::{LISTENERS, Listeners};

    #[test]
    fn ends_the_oldest_and_ignores_disconnected_pages() {
        let listeners = Listeners::default();
        let mut all: Vec<_> = (0..LISTENERS).map(|_| listeners.join()).collect();
        assert!(all.iter_mut().all(|one| one.try_recv() == Err(TryRecvError::Empty)));
        let newest = listeners.join();
        assert_eq!(all[0].try_recv(), Err(TryRecvError::Closed));
        assert!(all[1..].iter_mut().all(|one| one.try_recv() == Err(TryRecvError::Empty)));
        drop((newest, all.remove(5)));
        let _new = (listeners.join(), listeners.join());
        assert_eq!(all[1].try_recv(), Err(TryRecvError::Empty), "two had left");
    }
}
