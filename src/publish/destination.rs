//! Where to publish: `az://`, `s3://`, `gs://` or `file://`, and the store that stands behind it.
//!
//! Credentials come from the environment and the providers' own chains alone (roles of the machine,
//! federated tokens, key files that the environment names). An address that carries any is refused, and not quoted.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::{PublishError, Store};
use crate::files::{Dir, FileKind};
use crate::model::WebUrl;
use crate::site::SitePath;

/// How a destination is written.
const FORMS: &str =
    "write az://CONTAINER[/prefix], s3://BUCKET[/prefix], gs://BUCKET[/prefix] or file:///absolute/path";

/// Where to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    kind: Kind,
    /// Folder below the container, without slashes at its ends; may be empty.
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
    /// The endpoint that the provider's own tools would take from the environment.
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

/// An endpoint as it was given under a name. What is said of a malformed one leaves out the password that it may hold.
fn parse_endpoint(name: &str, text: &str) -> Result<WebUrl, PublishError> {
    let endpoint: WebUrl = text.parse().map_err(|malformed: crate::model::Malformed| PublishError::Destination {
        message: format!("{name}: {malformed}"),
        help: malformed.help,
    })?;
    check_endpoint(&endpoint)?;
    Ok(endpoint)
}

impl Destination {
    /// Reads a destination. `endpoint` is where the store's API answers, for stores that are compatible
    /// with S3, Azure or Google storage; the providers' own endpoints need none.
    ///
    /// # Errors
    /// [`PublishError::Destination`].
    pub fn parse(text: &str, endpoint: Option<&str>) -> Result<Destination, PublishError> {
        let fail = |message: String| PublishError::Destination { message, help: FORMS.into() };
        let more = || {
            fail("the destination carries more than a name and a path: credentials belong in the environment".into())
        };
        let Some((scheme, rest)) = text.split_once("://") else {
            // A connection string (`AccountName=...;AccountKey=...`) would be one of several secrets that look like this.
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
                return Err(fail("a file:// destination has no endpoint".into()));
            }
            let path =
                url::Url::parse(text).ok().filter(|url| url.host_str().is_none()).and_then(|u| u.to_file_path().ok());
            return match path {
                Some(path) if path.parent().is_some() => {
                    Ok(Destination { kind: Kind::Folder { path }, prefix: String::new(), endpoint: None })
                }
                _ => Err(fail(format!("`{}` does not name a folder by its absolute path", text.escape_debug()))),
            };
        }
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let kind = match scheme {
            "az" => Kind::Azure { container: name.to_owned() },
            "s3" => Kind::S3 { bucket: name.to_owned() },
            "gs" => Kind::Google { bucket: name.to_owned() },
            _ => return Err(fail(format!("`{}` is not a kind of store that candor knows", scheme.escape_debug()))),
        };
        let well_named = !name.is_empty()
            && name.len() <= 255
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"$-_.".contains(&b));
        if !well_named {
            return Err(fail(format!("`{}` is not the name of a bucket or container", name.escape_debug())));
        }
        if !prefix.is_empty() && SitePath::new(prefix).is_none() {
            return Err(fail(format!("`{}` is not a path below the container", prefix.escape_debug())));
        }
        Ok(Destination { kind, prefix: prefix.to_owned(), endpoint })
    }

    /// The destination as people know it.
    pub fn address(&self) -> String {
        let (scheme, name) = match &self.kind {
            Kind::Azure { container } => ("az", container),
            Kind::S3 { bucket } => ("s3", bucket),
            Kind::Google { bucket } => ("gs", bucket),
            Kind::Folder { path } => return format!("file://{}", path.display()),
        };
        if self.prefix.is_empty() { format!("{scheme}://{name}") } else { format!("{scheme}://{name}/{}", self.prefix) }
    }

    /// Opens the store. Nothing is sent yet, so wrong credentials show later.
    ///
    /// # Errors
    /// [`PublishError::Configuration`] where the environment lacks what the store's client needs.
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
        let store: Arc<dyn ObjectStore> = match &self.kind {
            Kind::S3 { bucket } => {
                let mut builder = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    .with_retry(retry())
                    .with_client_options(client);
                if let Some(endpoint) = &endpoint {
                    builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/')).with_allow_http(local);
                }
                Arc::new(builder.build().map_err(configuration)?)
            }
            Kind::Azure { container } => {
                let mut builder = MicrosoftAzureBuilder::from_env()
                    .with_container_name(container)
                    .with_retry(retry())
                    .with_client_options(client);
                if let Some(endpoint) = &endpoint {
                    builder = builder
                        .with_endpoint(endpoint.as_str().trim_end_matches('/').to_owned())
                        .with_allow_http(local);
                }
                Arc::new(builder.build().map_err(configuration)?)
            }
            Kind::Google { bucket } => {
                let mut builder = GoogleCloudStorageBuilder::from_env()
                    .with_bucket_name(bucket)
                    .with_retry(retry())
                    .with_client_options(client);
                if let Some(endpoint) = &endpoint {
                    builder = builder.with_base_url(endpoint.as_str().trim_end_matches('/'));
                }
                Arc::new(builder.build().map_err(configuration)?)
            }
            Kind::Folder { path } => {
                // `candor build` keeps its list in a file of the name that is a folder of ours.
                let list = Dir::open(path).and_then(|dir| dir.kind(".candor".as_ref()));
                if matches!(list, Ok(Some(FileKind::File))) {
                    return Err(PublishError::Destination {
                        message: format!("`{}` is a folder that `candor build` writes", path.display()),
                        help: "publish to a folder of its own".into(),
                    });
                }
                let prefix = Path::from_absolute_path(path).map_err(|error| configuration(error.into()))?;
                let store = Arc::new(LocalFileSystem::new().with_automatic_cleanup(true));
                return Ok(Store::folder(store, prefix, path.clone(), address));
            }
        };
        let prefix = Path::parse(&self.prefix).map_err(|error| configuration(error.into()))?;
        Ok(Store::remote(store, prefix, address))
    }
}

/// A key must not travel in the clear, so plain HTTP is for emulators on this machine.
fn check_endpoint(endpoint: &WebUrl) -> Result<(), PublishError> {
    let encrypted = endpoint.as_str().get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
    if encrypted || is_loopback(endpoint) {
        return Ok(());
    }
    Err(PublishError::Destination {
        message: format!("the endpoint `{endpoint}` is not encrypted"),
        help: "write https://; plain http:// is only for this machine (localhost, 127.0.0.1, [::1])".into(),
    })
}

fn is_loopback(endpoint: &WebUrl) -> bool {
    matches!(endpoint.host().as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

/// 429, 408, 5xx and refused connections are tried again, as long as the time limit of the request allows.
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
        // `Store` limits the time of each request, by the length of its body.
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
    fn a_destination_names_a_container_and_a_prefix() {
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
    fn what_names_no_place_is_refused() {
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
            assert!(address(bad).is_err(), "{bad:?} was taken for a destination");
        }
    }

    #[test]
    fn credentials_in_an_address_are_refused_and_not_quoted() {
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
    fn a_malformed_endpoint_does_not_show_its_password() {
        for bad in
            ["http://user:hunter2@bad host/", "ht!tp://user:hunter2@h/", "user:hunter2@h", "http://user:hunter2@h/"]
        {
            let error = Destination::parse("s3://b", Some(bad)).expect_err("refused");
            assert!(!format!("{error} {error:?} {}", error.help()).contains("hunter2"), "{error}");
            assert!(error.to_string().contains("endpoint"), "{error}");
        }
    }

    #[test]
    fn keys_travel_in_the_clear_only_to_this_machine() {
        let with = |endpoint: &str| Destination::parse("s3://b", Some(endpoint)).is_ok();
        assert!(with("https://s3.example.com") && with("http://127.0.0.1:5000") && with("http://localhost:1"));
        assert!(!with("http://s3.example.com") && !with("http://127.0.0.1.example.com"));
    }
}
