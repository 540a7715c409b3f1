//! Parses destinations (`az://`, `s3://`, `gs://` and `file://`), and opens their stores.
//!
//! Credentials come only from the environment and the providers' own mechanisms (machine roles, federated tokens, key
//! files that the environment names). A destination that contains credentials is rejected, and error messages do not
//! quote it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::credentials::{self, MachineIdentity};
use super::not_implemented::Connector;
use super::{PublishError, Store};
use crate::files::{Dir, FileKind};
use crate::model::WebUrl;
use crate::site::SitePath;

/// The valid formats of a destination, as a help line.
const FORMATS: &str =
    "use az://CONTAINER[/prefix], s3://BUCKET[/prefix], gs://BUCKET[/prefix] or file:///absolute/path";

/// A publish destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    kind: Kind,
    /// Folder in the container, without slashes at its ends; may be empty.
    prefix: String,
    endpoint: Option<WebUrl>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Azure { container: String },
    S3 { bucket: String },
    Google { bucket: String },
    Folder { path: PathBuf },
}

impl Kind {
    /// Returns the endpoint that the provider's own tools would take from the environment.
    fn endpoint_of_environment(&self) -> Result<Option<WebUrl>, PublishError> {
        let names: &[&str] = match self {
            Kind::S3 { .. } => &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"],
            Kind::Azure { .. } => &["AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"],
            Kind::Google { .. } | Kind::Folder { .. } => &[],
        };
        let Some((name, text)) = names.iter().find_map(|name| std::env::var(name).ok().map(|text| (name, text))) else {
            return Ok(None);
        };
        parse_endpoint(name, &text).map(Some)
    }
}

/// Parses the endpoint given by the option or variable `name`. Error messages do not contain a password that it may
/// include.
fn parse_endpoint(name: &str, text: &str) -> Result<WebUrl, PublishError> {
    let endpoint: WebUrl = text.parse().map_err(|malformed: crate::model::Malformed| PublishError::Destination {
        message: format!("{name}: {malformed}"),
        help: malformed.help,
    })?;
    check_endpoint(&endpoint)?;
    Ok(endpoint)
}

impl Destination {
    /// Parses a destination. `endpoint` is the API endpoint of a store that is compatible with S3, Azure or Google
    /// storage; the providers' own stores need none.
    ///
    /// # Errors
    /// [`PublishError::Destination`].
    pub fn parse(text: &str, endpoint: Option<&str>) -> Result<Destination, PublishError> {
        let fail = |message: String| PublishError::Destination { message, help: FORMATS.into() };
        let more =
            || fail("the destination must contain only a name and a path; put credentials in the environment".into());
        let Some((scheme, rest)) = text.split_once("://") else {
            // A connection string (`AccountName=...;AccountKey=...`) is one of several kinds of secrets that end up
            // here.
            return Err(match text.contains(['=', ';', '?', '@']) {
                true => more(),
                false => fail(format!("`{}` is not a destination", text.escape_debug())),
            });
        };
        if rest.contains(['?', '@', '#', ';']) || scheme.contains(['=', ';', '@']) {
            return Err(more());
        }
        let endpoint = endpoint.map(|endpoint| parse_endpoint("--endpoint", endpoint)).transpose()?;
        if scheme == "file" {
            if endpoint.is_some() {
                return Err(fail("a file:// destination takes no endpoint".into()));
            }
            let path =
                url::Url::parse(text).ok().filter(|url| url.host_str().is_none()).and_then(|u| u.to_file_path().ok());
            return match path {
                Some(path) if path.parent().is_some() => {
                    Ok(Destination { kind: Kind::Folder { path }, prefix: String::new(), endpoint: None })
                }
                _ => Err(fail(format!("`{}` is not the absolute path of a folder", text.escape_debug()))),
            };
        }
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let kind = match scheme {
            "az" => Kind::Azure { container: name.to_owned() },
            "s3" => Kind::S3 { bucket: name.to_owned() },
            "gs" => Kind::Google { bucket: name.to_owned() },
            _ => return Err(fail(format!("`{}` is not a supported type of destination", scheme.escape_debug()))),
        };
        let well_named = !name.is_empty()
            && name.len() <= 255
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"$-_.".contains(&b));
        if !well_named {
            return Err(fail(format!("`{}` is not the name of a bucket or container", name.escape_debug())));
        }
        if !prefix.is_empty() && SitePath::new(prefix).is_none() {
            return Err(fail(format!("`{}` is not a valid path in the container", prefix.escape_debug())));
        }
        Ok(Destination { kind, prefix: prefix.to_owned(), endpoint })
    }

    /// Returns whether it is a folder of this computer, and not object storage.
    pub fn is_folder(&self) -> bool {
        self.folder().is_some()
    }

    /// Returns the folder of this computer; `None` for object storage.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.kind {
            Kind::Folder { path } => Some(path),
            _ => None,
        }
    }

    /// Returns the destination as the user wrote it.
    pub fn address(&self) -> String {
        let (scheme, name) = match &self.kind {
            Kind::Azure { container } => ("az", container),
            Kind::S3 { bucket } => ("s3", bucket),
            Kind::Google { bucket } => ("gs", bucket),
            Kind::Folder { path } => return format!("file://{}", path.display()),
        };
        if self.prefix.is_empty() { format!("{scheme}://{name}") } else { format!("{scheme}://{name}/{}", self.prefix) }
    }

    /// Opens the store. Sends no request yet, so invalid credentials are detected later.
    ///
    /// # Errors
    /// [`PublishError::Configuration`] if the environment lacks a setting that the store's client needs.
    pub fn open(&self) -> Result<Store, PublishError> {
        let address = self.address();
        let configuration = |error: object_store::Error| match PublishError::store(&address, &error) {
            PublishError::Store { address, detail } => PublishError::Configuration { address, detail },
            error => error,
        };
        let endpoint = match &self.endpoint {
            Some(endpoint) => Some(endpoint.clone()),
            None => self.kind.endpoint_of_environment()?,
        };
        let local = endpoint.as_ref().is_some_and(is_loopback);
        let client = client(local);
        let machine;
        let store: Arc<dyn ObjectStore> = match &self.kind {
            Kind::S3 { bucket } => {
                let mut builder = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    .with_retry(retry())
                    .with_http_connector(Connector::default())
                    .with_client_options(client);
                if let Some(endpoint) = &endpoint {
                    builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_allow_http(local);
                }
                let uses_machine = credentials::s3_uses_machine(&builder);
                let store = builder.build().map_err(configuration)?;
                machine = uses_machine.then(|| MachineIdentity::Aws(Arc::clone(store.credentials())));
                Arc::new(store)
            }
            Kind::Azure { container } => {
                let mut builder = MicrosoftAzureBuilder::from_env()
                    .with_container_name(container)
                    .with_retry(retry())
                    .with_http_connector(Connector::default())
                    .with_client_options(client);
                if let Some(endpoint) = &endpoint {
                    builder = builder
                        .with_endpoint(endpoint.as_str().trim_end_matches('/').to_owned())
                        .with_allow_http(local);
                }
                let uses_machine = credentials::azure_uses_machine(&builder);
                let store = builder.build().map_err(configuration)?;
                machine = uses_machine.then(|| MachineIdentity::Azure(Arc::clone(store.credentials())));
                Arc::new(store)
            }
            Kind::Google { bucket } => {
                let mut builder = GoogleCloudStorageBuilder::from_env()
                    .with_bucket_name(bucket)
                    .with_retry(retry())
                    .with_http_connector(Connector::default())
                    .with_client_options(client);
                if let Some(endpoint) = &endpoint {
                    builder = builder.with_base_url(endpoint.as_str().trim_end_matches('/'));
                }
                let uses_machine = credentials::google_uses_machine(&builder);
                let store = builder.build().map_err(configuration)?;
                machine = uses_machine.then(|| MachineIdentity::Google(Arc::clone(store.credentials())));
                Arc::new(store)
            }
            Kind::Folder { path } => {
                // `candor build` writes a file with the name of our folder.
                let list = Dir::open(path).and_then(|dir| dir.kind(".candor".as_ref()));
                if matches!(list, Ok(Some(FileKind::File))) {
                    return Err(PublishError::Destination {
                        message: format!("`{}` is a folder that `candor build` writes", path.display()),
                        help: "publish to a separate folder".into(),
                    });
                }
                let prefix = Path::from_absolute_path(path).map_err(|error| configuration(error.into()))?;
                let store = Arc::new(LocalFileSystem::new().with_automatic_cleanup(true));
                return Ok(Store::folder(store, prefix, path.clone(), address));
            }
        };
        let prefix = Path::parse(&self.prefix).map_err(|error| configuration(error.into()))?;
        Ok(Store::remote(store, prefix, address).with_machine_identity(machine))
    }
}

/// Rejects unencrypted endpoints, which would expose keys. Plain HTTP is only for emulators on this machine.
fn check_endpoint(endpoint: &WebUrl) -> Result<(), PublishError> {
    let encrypted = endpoint.as_str().get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    if encrypted || is_loopback(endpoint) {
        return Ok(());
    }
    Err(PublishError::Destination {
        message: format!("the endpoint `{endpoint}` is not encrypted"),
        help: "use https://; plain http:// is only allowed for this machine (localhost, 127.0.0.1, [::1])".into(),
    })
}

fn is_loopback(endpoint: &WebUrl) -> bool {
    matches!(endpoint.host().as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

/// Responses 429, 408 and 5xx except 501 and refused connections are retried within the time limit of the request.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(15),
            base: 2.0,
        },
        max_retries: 8,
        retry_timeout: super::TIME_LIMIT,
    }
}

fn client(allow_http: bool) -> ClientOptions {
    crate::fetch::install_crypto_provider();
    ClientOptions::new()
        .with_allow_http(allow_http)
        .with_connect_timeout(Duration::from_secs(10))
        // `Store` sets the time limit of each request, depending on the length of its body.
        .with_timeout_disabled()
}

#[cfg(test)]
mod tests {
    use super::Destination;
    use crate::publish::PublishError;

    fn address(text: &str) -> Result<String, PublishError> {
        Destination::parse(text, None).map(|destination| destination.address())
    }

    #[test]
    fn parses_container_and_prefix() {
        for (text, shown) in [
            ("az://$web", "az://$web"),
            ("az://site/trust/", "az://site/trust"),
            ("s3://bucket", "s3://bucket"),
            ("s3://bucket/a/b", "s3://bucket/a/b"),
            ("gs://bucket.example.com/", "gs://bucket.example.com"),
            ("file:///srv/www%20trust", "file:///srv/www trust"),
        ] {
            assert_eq!(address(text).expect(text), shown);
        }
    }

    #[test]
    fn rejects_invalid_destinations() {
        for bad in [
            "",
            "dist",
            "s3:bucket",
            "s3://",
            "s3:///x",
            "az://a b",
            "ftp://x",
            "file://host/x",
            "file://x",
            "file:///",
            "s3://b/../c",
            "s3://b//c",
            "s3://b/a\\b",
        ] {
            assert!(address(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn rejects_credentials_without_quoting_them() {
        for bad in [
            "s3://key:hunter2@bucket",
            "az://site?sv=1&sig=hunter2",
            "gs://b/p#hunter2",
            "AccountName=a;AccountKey=hunter2",
            "AccountKey=hunter2;BlobEndpoint=https://a.example",
        ] {
            let error = address(bad).expect_err("refused");
            assert!(!format!("{error} {error:?} {}", error.help()).contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn does_not_quote_the_password_of_a_malformed_endpoint() {
        for bad in
            ["http://user:hunter2@bad host/", "ht!tp://user:hunter2@h/", "user:hunter2@h", "http://user:hunter2@h/"]
        {
            let error = Destination::parse("s3://b", Some(bad)).expect_err("refused");
            assert!(!format!("{error} {error:?} {}", error.help()).contains("hunter2"), "{error}");
            assert!(error.to_string().contains("endpoint"), "{error}");
        }
    }

    #[test]
    fn allows_plain_http_only_for_this_machine() {
        let with = |endpoint: &str| Destination::parse("s3://b", Some(endpoint)).is_ok();
        assert!(with("https://s3.example.com") && with("http://127.0.0.1:5000") && with("http://localhost:1"));
        assert!(!with("http://s3.example.com") && !with("http://127.0.0.1.example.com"));
    }
}
