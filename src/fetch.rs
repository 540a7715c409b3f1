//! HTTP client for published files, used by `diff` and `verify`, and the [`probe`] of links.
//!
//! A file is fetched with a GET request that limits redirects, total time and size, so that a hostile or broken server
//! cannot consume unlimited time or memory.

pub mod probe;
pub mod transport;

use std::time::{Duration, Instant};

use url::Url;

use self::transport::{Method, Transport, TransportError};
use crate::model::WebUrl;

/// The time limit for a file, including redirects.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The time limit for connecting.
const CONNECT: Duration = Duration::from_secs(15);

/// The maximum number of redirects.
const REDIRECTS: usize = 5;

/// A client that keeps its connections between requests.
pub struct Client {
    transport: Transport,
    patience: Patience,
}

/// The time limit of a client.
#[derive(Debug, Clone, Copy)]
enum Patience {
    /// A limit for each file.
    Each(Duration),
    /// A deadline for all files together, with the original total.
    Until(Instant, Duration),
}

/// Why a file could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// candor was compiled without an HTTP client, or there are no trusted certificates.
    #[error("cannot use the network: {0}")]
    NoClient(String),
    /// The server answered with an error status.
    #[error("{url} returned status {status}")]
    Status {
        /// The URL that was requested.
        url: String,
        /// The HTTP status (RFC 9110).
        status: u16,
    },
    /// The file exceeds the size limit.
    #[error("{url} is larger than {limit} bytes")]
    TooLarge {
        /// The URL that was requested.
        url: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A redirect that is not followed: only the requested site is verified.
    #[error("{url} redirects to `{to}`, {what}")]
    Elsewhere {
        /// The URL that was requested.
        url: String,
        /// The target of the redirect.
        to: String,
        /// Why it is not followed.
        what: &'static str,
    },
    /// There was no response.
    #[error("cannot fetch {url}: {reason}")]
    Unreachable {
        /// The URL that was requested.
        url: String,
        /// Why, as the HTTP client reports it.
        reason: String,
    },
}

impl FetchError {
    /// Returns whether the server reported that the file does not exist.
    pub fn is_absence(&self) -> bool {
        matches!(self, FetchError::Status { status: 404 | 410, .. })
    }
}

impl Client {
    /// Creates a client with the default limits for release files.
    ///
    /// # Errors
    /// When candor was compiled without an HTTP client, or the certificates of the system cannot be read.
    pub fn new() -> Result<Client, FetchError> {
        Client::with_timeout(TIMEOUT)
    }

    /// Creates a client with a time limit for each file, including redirects.
    ///
    /// # Errors
    /// See [`Client::new`].
    pub fn with_timeout(timeout: Duration) -> Result<Client, FetchError> {
        Client::new_with(Patience::Each(timeout))
    }

    /// Creates a client with a time limit for all its files together, starting now.
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

    /// Fetches a file of at most `limit` bytes. Follows redirects on the same host, and from `http` to `https`.
    ///
    /// # Errors
    /// When there is no response, it is not the file, or the file is too large.
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
                    format!("the time limit of {} s for the whole run was exceeded", total.as_secs_f32())
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

/// Returns why a redirect is not followed; `None` if it is.
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

/// Makes ring the cryptography provider of rustls: the clients are compiled without one, so that there are not two.
#[cfg(any(feature = "publish", feature = "fetch"))]
pub fn install_crypto_provider() {
    // An error means that a provider is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
