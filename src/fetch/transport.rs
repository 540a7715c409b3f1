//! A single HTTP request, through the client that candor is compiled with.
//!
//! reqwest is used with the feature `publish`, because object storage uses it too; ureq with the feature `fetch` alone;
//! and no client without either. Both trust the operating system's certificates (or those in `SSL_CERT_FILE`), use the
//! proxy from the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`), send the same user agent, and
//! follow no redirects: the callers do that, so that limits and messages do not depend on the client.

use std::error::Error;
use std::io::{self, Read};
use std::time::Duration;

use url::Url;

#[cfg(not(any(feature = "publish", feature = "fetch")))]
#[path = "transport/absent.rs"]
mod client;
#[cfg(all(feature = "fetch", not(feature = "publish")))]
#[path = "transport/with_ureq.rs"]
mod client;
#[cfg(feature = "publish")]
#[path = "transport/with_reqwest.rs"]
mod client;

pub use client::Transport;

/// The `User-Agent` header of all requests.
pub const USER_AGENT: &str = concat!("candor/", env!("CARGO_PKG_VERSION"));

/// The HTTP method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// HEAD: the head of a response without its body.
    Head,
    /// GET: the head and the body.
    Get,
}

/// A response whose body has not been read yet.
pub struct Response {
    /// The status code (RFC 9110 section 15).
    pub status: u16,
    /// The status code with its name, such as `404 Not Found`.
    pub status_line: String,
    /// The header `Location`.
    pub location: Option<String>,
    /// The header `Retry-After`, if it is a number of seconds.
    pub retry_after: Option<Duration>,
    /// The body, which is read only as far as the caller allows.
    body: Box<dyn Read>,
}

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// Name resolution failed.
    #[error("the host is unknown")]
    UnknownHost,
    /// The TLS connection failed, usually because of the server's certificate.
    #[error("{0}")]
    Tls(String),
    /// The time limit was exceeded.
    #[error("no answer in time")]
    Timeout,
    /// The connection failed or was closed.
    #[error("{0}")]
    Broken(String),
}

impl Response {
    /// The head of a response; `header` returns the value of a header by its name.
    #[cfg(any(feature = "publish", feature = "fetch"))]
    fn without_body<'h>(
        status: u16,
        status_line: String,
        header: impl Fn(&'static str) -> Option<&'h [u8]>,
    ) -> Response {
        let text = |name| header(name).map(|value| String::from_utf8_lossy(value).into_owned());
        Response {
            status,
            status_line,
            location: text("location"),
            retry_after: text("retry-after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs),
            body: Box::new(io::empty()),
        }
    }

    /// Reads the body, but at most `limit` bytes; `None` if there are more.
    ///
    /// # Errors
    /// When the connection breaks, or the request's time limit is exceeded.
    pub fn read(self, limit: u64) -> Result<Option<Vec<u8>>, TransportError> {
        let mut bytes = Vec::new();
        self.body.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| client::failure(&error))?;
        Ok((bytes.len() as u64 <= limit).then_some(bytes))
    }

    /// Returns where a redirect leads to, without the fragment; `None` if the response is not a redirect.
    ///
    /// # Errors
    /// A phrase that describes why the redirect cannot be followed.
    pub fn redirect(&self, from: &Url) -> Option<Result<Url, String>> {
        let location = self.location.as_ref().filter(|_| (300..400).contains(&self.status))?;
        Some(match from.join(location) {
            Err(_) => Err("redirects to an invalid URL".to_owned()),
            Ok(next) if !matches!(next.scheme(), "http" | "https") => {
                Err(format!("redirects to `{next}`, which is not a web page"))
            }
            Ok(mut next) => {
                next.set_fragment(None);
                Ok(next)
            }
        })
    }
}

/// An error and everything that caused it, the root cause last.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    // `source()` of an I/O error returns the source of the inner error, and would skip the inner error itself.
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// Returns the message of the root cause, which is more specific than those of the outer errors.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}
