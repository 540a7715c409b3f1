//! The open connections, limited in number so that idle ones cannot keep new ones waiting.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Maximum number of open connections. A new one replaces the one that has sent no request for the longest time.
pub const CONNECTIONS: usize = 256;

/// All open connections.
#[derive(Debug, Clone)]
pub struct Connections {
    places: Arc<Semaphore>,
    /// The connection that sent no request for the longest time first.
    open: Arc<Mutex<VecDeque<OpenConnection>>>,
}

/// A connection that can be closed.
#[derive(Debug)]
struct OpenConnection {
    /// Dropping it closes the connection.
    _close: oneshot::Sender<()>,
    id: u64,
    /// Whether it is an event stream. Their number has a separate limit, so they are not closed.
    streams: bool,
}

/// The place of an open connection, until it is dropped.
#[derive(Debug)]
pub struct ConnectionPlace {
    id: u64,
    connections: Connections,
    _permit: OwnedSemaphorePermit,
}

impl Connections {
    /// Creates the list, without connections.
    pub fn new() -> Connections {
        Connections { places: Arc::new(Semaphore::new(CONNECTIONS)), open: Arc::default() }
    }

    /// Adds a connection, and closes another one if there are too many. The returned receiver completes when this
    /// connection must close.
    pub async fn enter(&self, id: u64) -> Option<(ConnectionPlace, oneshot::Receiver<()>)> {
        let permit = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                self.close_one();
                Arc::clone(&self.places).acquire_owned().await.ok()?
            }
        };
        let (close, closed) = oneshot::channel();
        self.lock().push_back(OpenConnection { _close: close, id, streams: false });
        Some((ConnectionPlace { id, connections: self.clone(), _permit: permit }, closed))
    }

    /// Waits until all connections have ended.
    pub async fn all_ended(&self) {
        let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        let _ = self.places.acquire_many(all).await;
    }

    fn close_one(&self) {
        let mut open = self.lock();
        if let Some(oldest) = open.iter().position(|one| !one.streams) {
            open.remove(oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<OpenConnection>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConnectionPlace {
    /// Records that the connection sent a request, and whether the response is an event stream.
    pub fn requested(&self, streams: bool) {
        let mut open = self.connections.lock();
        if let Some(one) = open.iter().position(|one| one.id == self.id).and_then(|at| open.remove(at)) {
            open.push_back(OpenConnection { streams, ..one });
        }
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.connections.lock().retain(|one| one.id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot::error::TryRecvError;

    use super::{CONNECTIONS, Connections};

    #[tokio::test]
    async fn closes_the_connection_that_is_idle_for_the_longest_time() {
        let connections = Connections::new();
        let mut all = Vec::new();
        for id in 0..CONNECTIONS as u64 {
            all.push(connections.enter(id).await.expect("a place"));
        }
        assert!(all.iter_mut().all(|(_, closed)| closed.try_recv() == Err(TryRecvError::Empty)));
        // The first is an event stream, and the second sends a request.
        all[0].0.requested(true);
        all[1].0.requested(false);
        let entering = connections.enter(1000);
        tokio::pin!(entering);
        let waits = std::future::poll_fn(|cx| std::task::Poll::Ready(entering.as_mut().poll(cx).is_pending()));
        assert!(waits.await, "there are too many connections");
        for (id, (_, closed)) in all.iter_mut().enumerate() {
            let expected = if id == 2 { TryRecvError::Closed } else { TryRecvError::Empty };
            assert_eq!(closed.try_recv(), Err(expected), "{id}");
        }
        drop(all.remove(2));
        assert!(entering.await.is_some());
        drop(all);
        connections.all_ended().await;
        assert!(connections.lock().is_empty());
    }
}
