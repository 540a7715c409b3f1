//! Reading from the web: published files, for `diff` and `verify`, which look at what readers see, and in [`probe`]
//! whether an address leads anywhere.
//!
//! For a file, one bounded GET: few redirects, a limit on the time for all of it, and a limit on the size, so that a hostile
//! or broken server can cost neither time nor memory without end.

pub mod probe;
pub mod transport;

use std::time::{Duration, Instant};

use url::Url;

use self::transport::{Method, Transport, TransportError};
use crate::model::WebUrl;

/// How long a file may take, with its redirects.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(15);

/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// A client that keeps its connections between requests.
pub struct Client {
    transport: Transport,
    patience: Patience,
}

/// How long a client waits.
#[derive(Debug, Clone, Copy)]
enum Patience {
    /// This long for each file.
    Each(Duration),
    /// Until this moment for all files, which was so far away when the client was made.
    Until(Instant, Duration),
}

/// Why an address gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// candor has no client, or no certificates to trust.
    #[error("cannot use the network: {0}")]
    NoClient(String),
    /// The server answered, and not with the file.
    #[error("{url} answers with status {status}")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status (RFC 9110).
        status: u16,
    },
    /// The file is larger than it may be.
    #[error("{url} is larger than {limit} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// The server redirects to a place that is not followed: what is verified is the site that was named.
    #[error("{url} redirects to `{to}`, {what}")]
    Elsewhere {
        /// The address.
        url: String,
        /// Where the redirect leads.
        to: String,
        /// Why it is not followed.
        what: &'static str,
    },
    /// There was no answer.
    #[error("cannot fetch {url}: {reason}")]
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong on the way.
        reason: String,
    },
}

impl FetchError {
    /// Whether the server says that there is no such file.
    pub fn is_absence(&self) -> bool {
        matches!(self, FetchError::Status { status: 404 | 410, .. })
    }
}

impl Client {
    /// A client with the limits that are right for releases.
    ///
    /// # Errors
    /// When candor was compiled without an HTTP client, or the certificates of the system cannot be read.
    pub fn new() -> Result<Client, FetchError> {
        Client::with_timeout(TIMEOUT)
    }

    /// A client that gives a file this much time, redirects included.
    ///
    /// # Errors
    /// See [`Client::new`].
    pub fn with_timeout(timeout: Duration) -> Result<Client, FetchError> {
        Client::new_with(Patience::Each(timeout))
    }

    /// A client that gives all its files together this much time, from now on.
    ///
    /// # Errors
    /// See [`Client::new`].
    pub fn with_deadline(total: Duration) -> Result<Client, FetchError> {
        Client::new_with(Patience::Until(Instant::now() + total, total))
    }

    fn new_with(patience: Patience) -> Result<Client, FetchError> {
        let transport = Transport::new(CONNECT).map_err(FetchError::NoClient)?;
        Ok(Client { transport, patience })
    }

    /// The bytes at an address, at most `limit` of them. Redirects are followed on the same host, and from `http` to `https`.
    ///
    /// # Errors
    /// When there is no answer, another than the file, or one that is too large.
    pub fn get(&self, url: &WebUrl, limit: u64) -> Result<Vec<u8>, FetchError> {
        let end = match self.patience {
            Patience::Each(time) => Instant::now() + time,
            Patience::Until(end, _) => end,
        };
        let unreachable = |reason: String| FetchError::Unreachable { url: url.to_string(), reason };
        let failed = |error: TransportError| match error {
            TransportError::Timeout => unreachable(match self.patience {
                Patience::Each(time) => format!("no answer within {} s", time.as_secs_f32()),
                Patience::Until(_, total) => {
                    format!("the time limit of {} s for the whole run is over", total.as_secs_f32())
                }
            }),
            error => unreachable(error.to_string()),
        };
        let mut address: Url = url.as_str().parse().map_err(|error: url::ParseError| unreachable(error.to_string()))?;
        for _ in 0..=REDIRECTS {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(failed(TransportError::Timeout));
            }
            let response = self.transport.send(Method::Get, &address, left).map_err(failed)?;
            match response.redirect(&address) {
                Some(next) => {
                    let next = next.map_err(unreachable)?;
                    if let Some(what) = elsewhere(&address, &next) {
                        return Err(FetchError::Elsewhere { url: url.to_string(), to: next.to_string(), what });
                    }
                    address = next;
                }
                None if !(200..300).contains(&response.status) => {
                    return Err(FetchError::Status { url: url.to_string(), status: response.status });
                }
                None => {
                    let bytes = response.read(limit).map_err(failed)?;
                    return bytes.ok_or_else(|| FetchError::TooLarge { url: url.to_string(), limit });
                }
            }
        }
        Err(unreachable(format!("redirects more than {REDIRECTS} times")))
    }
}

/// Why a redirect is not followed; `None` where it is.
fn elsewhere(from: &Url, to: &Url) -> Option<&'static str> {
    let port = |url: &Url| url.port_or_known_default();
    match (from.scheme(), to.scheme()) {
        _ if from.host_str() != to.host_str() => Some("which is another host"),
        ("https", "http") => Some("which is not encrypted"),
        ("http", "https") if port(from) == Some(80) && port(to) == Some(443) => None,
        _ if port(from) != port(to) => Some("which is another port"),
        _ => None,
    }
}

/// Makes ring the cryptography of TLS: the clients are compiled without one, so that there are not two.
#[cfg(any(feature = "publish", feature = "fetch"))]
pub fn install_crypto_provider() {
    // An error says that there is a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
