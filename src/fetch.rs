//! Reading from the web: published files, for `diff` and `verify`, which look at what readers see, and in [`probe`]
//! whether an address leads anywhere.
//!
//! For a file, one bounded GET: few redirects, a time-out for each step, and a limit on the size, so that a hostile or broken server can
//! cost neither time nor memory without end.

pub mod probe;

use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

use crate::model::WebUrl;

/// How long one whole request may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(15);

/// How many redirects are followed.
const REDIRECTS: u32 = 5;

/// A client that keeps its connections between requests.
#[derive(Debug, Clone)]
pub struct Client {
    agent: ureq::Agent,
}

/// Why an address gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
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

impl Default for Client {
    fn default() -> Client {
        Client::new()
    }
}

impl Client {
    /// A client that trusts what the system trusts.
    pub fn new() -> Client {
        Client::with_timeout(TIMEOUT)
    }

    /// A client that waits at most this long for the whole of a file.
    pub fn with_timeout(timeout: Duration) -> Client {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .timeout_connect(Some(CONNECT))
            .max_redirects(REDIRECTS)
            .user_agent(concat!("candor/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls())
            .build();
        Client { agent: config.into() }
    }

    /// The bytes at an address, at most `limit` of them.
    ///
    /// # Errors
    /// When there is no answer, another than the file, or one that is too large.
    pub fn get(&self, url: &WebUrl, limit: u64) -> Result<Vec<u8>, FetchError> {
        let told = |error: ureq::Error| match error {
            ureq::Error::StatusCode(status) => FetchError::Status { url: url.to_string(), status },
            ureq::Error::BodyExceedsLimit(_) => FetchError::TooLarge { url: url.to_string(), limit },
            other => FetchError::Unreachable { url: url.to_string(), reason: other.to_string() },
        };
        let mut response = self.agent.get(url.as_str()).call().map_err(told)?;
        response.body_mut().with_config().limit(limit).read_to_vec().map_err(told)
    }
}

/// The certificates that the system trusts.
fn tls() -> TlsConfig {
    TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build()
}
