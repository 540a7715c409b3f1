//! Sockets: the address to bind, limits on connections and time, and shutdown.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};

use super::Rebuild;
use super::answer::{Answering, answer, is_stream};
use super::connections::{ConnectionPlace, Connections};
use super::guard::{Guard, HEAD_SIZE, TOKEN_PARAMETER, Token};
use super::host::Hosts;
use super::listeners::Listeners;
use super::live::{View, keep_fresh};
use super::stream::{HeadBudget, HeadLimited};
use super::watch::{Stop, Watch};

/// Time limit for a request's head, and for the next request on an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// How long open responses may take to finish at shutdown.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);
/// How many ports to try.
const TRIES: u16 = 20;

/// Which port to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// This port, or the next free one.
    From(u16),
    /// Exactly this port; 0 lets the system choose.
    Exactly(u16),
}

/// Why the preview cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The host name has no address.
    #[error("cannot resolve `{host}`: {source}")]
    Host {
        /// The host as given.
        host: String,
        /// The resolver's error.
        source: io::Error,
    },
    /// The requested port is not available.
    #[error("cannot listen on {host} port {port}: {source}")]
    Port {
        /// The host as given.
        host: String,
        /// The port, or the first of those tried.
        port: u16,
        /// The operating system's error.
        source: io::Error,
    },
    /// An unexpected error of the operating system.
    #[error("cannot start the preview: {0}")]
    System(#[from] io::Error),
}

/// A listening socket; connections wait until [`run`](Bound::run) answers them.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    guard: Guard,
}

/// Binds a port on `host`, an address or a name of this machine.
///
/// # Errors
/// When the host has no address on this machine, or the port (or every port tried) is in use or forbidden.
pub fn bind(host: &str, port: Port) -> Result<Bound, ServeError> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let (first, ports): (u16, RangeInclusive<u16>) = match port {
        Port::Exactly(port) => (port, port..=port),
        Port::From(port) => (port, port..=port.saturating_add(TRIES - 1)),
    };
    let mut refused = None;
    for port in ports {
        let addresses: Vec<_> = (bare, port)
            .to_socket_addrs()
            .map_err(|source| ServeError::Host { host: host.to_owned(), source })?
            .collect();
        match TcpListener::bind(&addresses[..]) {
            Ok(listener) => {
                let address = listener.local_addr()?;
                listener.set_nonblocking(true)?;
                let token = (!address.ip().is_loopback()).then(|| Token::new(address.port()));
                return Ok(Bound { listener, address, guard: Guard { hosts: Hosts::new(host, address), token } });
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => refused = refused.or(Some(error)),
            Err(source) => return Err(ServeError::Port { host: host.to_owned(), port, source }),
        }
    }
    let source = refused.unwrap_or_else(|| io::ErrorKind::AddrInUse.into());
    Err(ServeError::Port { host: host.to_owned(), port: first, source })
}

impl Bound {
    /// Returns the port that the system chose, if 0 was requested.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the URL of the preview for a browser on this machine, with the token if one is needed.
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let query = self.guard.token.as_ref().map(|token| format!("?{TOKEN_PARAMETER}={}", token.secret()));
        format!("http://{}/{}", SocketAddr::new(ip, self.address.port()), query.unwrap_or_default())
    }

    /// Returns whether other machines can connect.
    pub fn is_open(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// Builds and serves the site, and rebuilds it whenever a file in `folders` (relative to `root`) changes. Returns
    /// after an interrupt (Ctrl-C or SIGTERM), once all pending responses are sent.
    ///
    /// # Errors
    /// When the operating system refuses threads or sockets.
    pub fn run(self, root: &Path, folders: &[PathBuf], rebuild: impl Rebuild) -> Result<(), ServeError> {
        let (show, view) = watch::channel(View::default());
        let mut files = Watch::new(root, folders);
        let stop = files.stopper();
        let builder = std::thread::Builder::new().name("rebuild".into()).spawn(move || {
            keep_fresh(rebuild, &mut files, &show);
        })?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let outcome = runtime.block_on(self.accept(view, &stop));
        // Connections that are still open after `DRAIN_TIMEOUT` are closed. A running build does not delay the shutdown.
        runtime.shutdown_background();
        if builder.is_finished() {
            builder.join().map_err(|_| io::Error::other("the rebuild thread crashed; this is a bug in candor"))?;
        }
        outcome
    }

    async fn accept(self, mut view: watch::Receiver<View>, stop: &Stop) -> Result<(), ServeError> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let from = Answering { guard: self.guard, view: view.clone(), listeners: Listeners::default() };
        let from = Arc::new(from);
        let connections = Connections::new();
        let mut id = 0;
        let (closing, close) = watch::channel(false);
        let interrupt = interrupt();
        tokio::pin!(interrupt);

        // Wait for the first build before answering requests.
        tokio::select! {
            built = view.changed() => if built.is_err() { return Err(crashed()) },
            _ = &mut interrupt => return Ok(()),
        }
        let mut gone = view.clone();
        loop {
            let connection = tokio::select! {
                connection = next(&listener, &connections, id) => connection,
                _ = &mut interrupt => break,
                () = ended(&mut gone) => return Err(crashed()),
            };
            let Some((stream, place, replaced)) = connection else { continue };
            id += 1;
            let (from, close) = (Arc::clone(&from), close.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = serve(stream, &place, &from, close) => {}
                    _ = replaced => log::debug!("a new connection replaced an idle one"),
                }
                drop(place);
            });
        }
        drop(listener);
        closing.send_replace(true);
        // Event streams end with the thread that feeds them.
        stop.stop();
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, connections.all_ended()).await;
        Ok(())
    }
}

fn crashed() -> ServeError {
    ServeError::System(io::Error::other("the rebuild thread crashed; this is a bug in candor"))
}

/// Completes when the rebuild thread has ended, so nothing will change anymore.
async fn ended(view: &mut watch::Receiver<View>) {
    while view.changed().await.is_ok() {}
}

/// Accepts the next connection. If there are too many, it replaces another one.
async fn next(
    listener: &tokio::net::TcpListener,
    connections: &Connections,
    id: u64,
) -> Option<(TcpStream, ConnectionPlace, oneshot::Receiver<()>)> {
    match listener.accept().await {
        Ok((stream, _)) => connections.enter(id).await.map(|(place, replaced)| (stream, place, replaced)),
        Err(error) => {
            // Either the connection was closed while it waited, or no file descriptors are left. Both are temporary.
            log::debug!("cannot accept a connection: {error}");
            tokio::time::sleep(Duration::from_millis(10)).await;
            None
        }
    }
}

async fn serve(stream: TcpStream, place: &ConnectionPlace, from: &Answering, mut close: watch::Receiver<bool>) {
    // Send small responses immediately.
    let _ = stream.set_nodelay(true);
    let budget = HeadBudget::new();
    let service = service_fn(|request| {
        budget.renew();
        let answer = answer(&request, from);
        place.requested(is_stream(&answer));
        async move { Ok::<_, std::convert::Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_SIZE)
        .serve_connection(TokioIo::new(HeadLimited { stream, budget: budget.clone() }), service);
    tokio::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        _ = close.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        log::debug!("a connection ended early: {error}");
    }
}

/// Completes when the user interrupts the program.
#[cfg(unix)]
async fn interrupt() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// Completes when the user interrupts the program.
#[cfg(not(unix))]
async fn interrupt() {
    let _ = tokio::signal::ctrl_c().await;
}
