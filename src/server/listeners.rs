//! The pages that listen for changes: not more of them than the preview can spare connections for.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// How many pages may listen at the same time. A new one replaces the one that has listened longest, which connects again
/// when it is shown.
pub const LISTENERS: usize = 32;

/// All pages that listen, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Listeners(Arc<Mutex<VecDeque<oneshot::Sender<()>>>>);

impl Listeners {
    /// Adds one, and ends the oldest where there are too many. What is returned is ready when this one has to end.
    pub fn join(&self) -> oneshot::Receiver<()> {
        let (end, ended) = oneshot::channel();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those whose page went away.
        all.retain(|other| !other.is_closed());
        while all.len() >= LISTENERS {
            // Dropping the sender ends it.
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
    fn the_oldest_gives_way_and_those_that_left_do_not_count() {
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
