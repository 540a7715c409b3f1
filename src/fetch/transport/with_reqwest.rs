//! The transport that uses reqwest's blocking API.

use std::error::Error;
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use reqwest::redirect::Policy;
use url::Url;

use super::{Method, Response, TransportError, USER_AGENT, causes, root_cause};

/// A client that keeps its connections between requests.
#[derive(Debug, Clone)]
pub struct Transport {
    client: Client,
}

impl Transport {
    /// Creates a client; `connect` is the longest time to make a connection.
    ///
    /// # Errors
    /// When the certificates of the system cannot be read.
    pub fn new(connect: Duration) -> Result<Transport, String> {
        crate::fetch::install_crypto_provider();
        let builder = Client::builder().user_agent(USER_AGENT).connect_timeout(connect).redirect(Policy::none());
        match builder.build() {
            Ok(client) => Ok(Transport { client }),
            Err(error) => Err(root_cause(&error)),
        }
    }

    /// Sends a request; `timeout` includes reading the body.
    ///
    /// # Errors
    /// When there is no response.
    pub fn send(&self, method: Method, url: &Url, timeout: Duration) -> Result<Response, TransportError> {
        let request = match method {
            Method::Head => self.client.head(url.clone()),
            Method::Get => self.client.get(url.clone()),
        };
        answer(request, timeout)
    }

    /// Sends a body with these headers; `timeout` includes reading the response.
    ///
    /// # Errors
    /// When there is no response.
    pub fn post(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        body: &str,
        timeout: Duration,
    ) -> Result<Response, TransportError> {
        let request = self.client.post(url.clone()).body(body.to_owned());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        answer(request, timeout)
    }
}

fn answer(request: RequestBuilder, timeout: Duration) -> Result<Response, TransportError> {
    let response = request.timeout(timeout).send().map_err(|error| failure(&error))?;
    let (status, headers) = (response.status(), response.headers());
    let header = |name: &str| headers.get(name).map(|value| value.as_bytes());
    let head = Response::without_body(status.as_u16(), status.to_string(), header);
    Ok(Response { body: Box::new(response), ..head })
}

/// Classifies an error of the client.
pub(super) fn failure(error: &(dyn Error + 'static)) -> TransportError {
    let is_timeout = |cause: &(dyn Error + 'static)| cause.downcast_ref().is_some_and(reqwest::Error::is_timeout);
    if causes(error).any(is_timeout) {
        return TransportError::Timeout;
    }
    if causes(error).any(|cause| cause.is::<rustls::Error>()) {
        return TransportError::Tls(root_cause(error));
    }
    // The type of this error is private to hyper-util.
    if causes(error).any(|cause| cause.to_string() == "dns error") {
        return TransportError::UnknownHost;
    }
    TransportError::Broken(root_cause(error))
}
