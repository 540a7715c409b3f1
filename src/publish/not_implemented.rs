//! Reports the response 501 of a store without a retry: unlike other server errors, it is permanent (RFC 9110, section 15.6.2).

use futures::future::BoxFuture;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};

/// The status code.
const STATUS: u16 = 501;

/// A response with the status 501.
#[derive(Debug, thiserror::Error)]
#[error("501 Not Implemented")]
pub(super) struct NotImplemented;

/// Connects like object_store does by default.
#[derive(Debug, Default)]
pub(super) struct Connector(ReqwestConnector);

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Service(self.0.connect(options)?)))
    }
}

#[derive(Debug)]
struct Service(HttpClient);

impl HttpService for Service {
    fn call<'a, 'f>(&'a self, request: HttpRequest) -> BoxFuture<'f, Result<HttpResponse, HttpError>>
    where
        'a: 'f,
        Self: 'f,
    {
        Box::pin(async move {
            let response = self.0.execute(request).await?;
            if response.status().as_u16() == STATUS {
                // The client does not retry errors of this kind.
                return Err(HttpError::new(HttpErrorKind::Unknown, NotImplemented));
            }
            Ok(response)
        })
    }
}
