//! The transport that uses ureq, which is small and needs no async runtime.

use std::error::Error;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};
use url::Url;

use super::{Method, Response, TransportError, USER_AGENT, causes, root_cause};

/// A client that keeps its connections between requests.
#[derive(Debug, Clone)]
pub struct Transport {
    agent: ureq::Agent,
}

impl Transport {
    /// Creates a client; `connect` is the longest time to make a connection.
    ///
    /// # Errors
    /// Never; the other implementations may fail.
    pub fn new(connect: Duration) -> Result<Transport, String> {
        crate::fetch::install_crypto_provider();
        let config = ureq::Agent::config_builder()
            .user_agent(USER_AGENT)
            .timeout_connect(Some(connect))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        Ok(Transport { agent: config.into() })
    }

    /// Sends a request; `timeout` includes reading the body.
    ///
    /// # Errors
    /// When there is no response.
    pub fn send(&self, method: Method, url: &Url, timeout: Duration) -> Result<Response, TransportError> {
        let request = match method {
            Method::Head => self.agent.head(url.as_str()),
            Method::Get => self.agent.get(url.as_str()),
        };
        let response =
            request.config().timeout_global(Some(timeout)).build().call().map_err(|error| failure(&error))?;
        Ok(answer(response))
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
        let request = self.agent.post(url.as_str());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response =
            request.config().timeout_global(Some(timeout)).build().send(body).map_err(|error| failure(&error))?;
        Ok(answer(response))
    }
}

fn answer(response: ureq::http::Response<ureq::Body>) -> Response {
    let (status, headers) = (response.status(), response.headers());
    let header = |name: &str| headers.get(name).map(|value| value.as_bytes());
    let head = Response::without_body(status.as_u16(), status.to_string(), header);
    Response { body: Box::new(response.into_body().into_reader()), ..head }
}

/// Classifies an error of the client.
pub(super) fn failure(error: &(dyn Error + 'static)) -> TransportError {
    for cause in causes(error) {
        match cause.downcast_ref() {
            Some(ureq::Error::Timeout(_)) => return TransportError::Timeout,
            Some(ureq::Error::HostNotFound) => return TransportError::UnknownHost,
            Some(ureq::Error::Tls(_) | ureq::Error::Rustls(_)) => return TransportError::Tls(root_cause(error)),
            // This error does not return it as its source.
            Some(ureq::Error::Io(inner)) => return failure(inner),
            _ if cause.is::<rustls::Error>() => return TransportError::Tls(root_cause(error)),
            // An error of the system's resolver has no specific kind.
            _ if cause.to_string().starts_with("failed to lookup address information") => {
                return TransportError::UnknownHost;
            }
            _ => {}
        }
    }
    TransportError::Broken(root_cause(error))
}
