//! A placeholder without an HTTP client: for builds that only read and write folders.

use std::error::Error;
use std::time::Duration;

use url::Url;

use super::{Method, Response, TransportError, root_cause};

/// A client that cannot be created.
pub enum Transport {}

impl Transport {
    /// Fails, because there is no client.
    ///
    /// # Errors
    /// Always.
    pub fn new(_connect: Duration) -> Result<Transport, String> {
        Err("this build of candor was compiled without an HTTP client (feature `publish` or `fetch`)".to_owned())
    }

    /// Cannot be called, because no client exists.
    ///
    /// # Errors
    /// Never.
    pub fn send(&self, _method: Method, _url: &Url, _timeout: Duration) -> Result<Response, TransportError> {
        match *self {}
    }

    /// Cannot be called, because no client exists.
    ///
    /// # Errors
    /// Never.
    pub fn post(
        &self,
        _url: &Url,
        _headers: &[(&str, &str)],
        _body: &str,
        _timeout: Duration,
    ) -> Result<Response, TransportError> {
        match *self {}
    }
}

/// Classifies an error.
pub(super) fn failure(error: &(dyn Error + 'static)) -> TransportError {
    TransportError::Broken(root_cause(error))
}
