//! Why a publish failed, and how to fix it.
//!
//! The errors of the stores are long, differ between providers, and may quote URLs with signatures. They are classified
//! here, and quotes are reduced to the provider's error code or the root cause, without queries and secrets.

use std::error::Error;
use std::ffi::OsString;

use crate::diagnostic::{Remedy, Report};
use crate::model::Version;
use crate::site::SitePath;

use super::manifest::PublishTime;
use super::not_implemented::NotImplemented;

/// Why a publish failed.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The destination is not valid.
    #[error("{message}")]
    Destination {
        /// What is wrong with it; does not quote parts that may be secret.
        message: String,
        /// How to write a destination.
        help: String,
    },
    /// A setting from the environment is missing or malformed.
    #[error("cannot open `{address}`: {detail}")]
    Configuration {
        /// The destination.
        address: String,
        /// The error of the store's client.
        detail: String,
    },
    /// No credentials were found.
    #[error("no credentials for `{address}`: {detail}")]
    NoCredentials {
        /// The destination.
        address: String,
        /// The last source of credentials that was tried.
        detail: String,
    },
    /// The store rejected the credentials, or they have no permission.
    #[error("`{address}` rejected the credentials: {detail}")]
    Refused {
        /// The destination.
        address: String,
        /// The provider's error code.
        detail: String,
    },
    /// The bucket or container does not exist.
    #[error("`{address}` does not exist")]
    NoContainer {
        /// The destination.
        address: String,
    },
    /// The destination does not respond.
    #[error("cannot reach `{address}`: {detail}")]
    Unreachable {
        /// The destination.
        address: String,
        /// The root cause.
        detail: String,
    },
    /// The store does not support conditional writes, so concurrent publishes could not be detected.
    #[error("`{address}` does not support conditional writes: {what}")]
    Unconditional {
        /// The destination.
        address: String,
        /// How the store fails to support them.
        what: &'static str,
    },
    /// The store accepted a request but did not answer it.
    #[error("`{address}` did not answer within {seconds} s")]
    TimedOut {
        /// The destination.
        address: String,
        /// The time limit of the request.
        seconds: u64,
    },
    /// Any other response of a store, after all retries.
    #[error("`{address}` failed: {detail}")]
    Store {
        /// The destination.
        address: String,
        /// The response.
        detail: String,
    },
    /// The manifest is not valid.
    #[error("invalid manifest at `{address}`: {detail}")]
    BadManifest {
        /// The destination.
        address: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The manifest was written by a newer version of candor.
    #[error("`{address}` was published by a newer version of candor (manifest format {format})")]
    NewerManifest {
        /// The destination.
        address: String,
        /// The manifest's format.
        format: u32,
    },
    /// Another run has claimed the destination.
    #[error("another publish to `{address}`, started at {started}, is still running or was killed")]
    Busy {
        /// The destination.
        address: String,
        /// When the other run started.
        started: PublishTime,
    },
    /// Another run claimed the destination after this one read the manifest. Nothing was written.
    #[error("another publish to `{address}` started at the same time; nothing was written")]
    Raced {
        /// The destination.
        address: String,
    },
    /// Another run took over the claim while this one was writing.
    #[error("another publish took over `{address}`; this one stopped")]
    Overtaken {
        /// The destination.
        address: String,
    },
    /// A file that candor did not write exists at the path of one of the site's files.
    #[error("`{path}` already exists at `{address}` and was not written by candor")]
    Foreign {
        /// The destination.
        address: String,
        /// The first such file.
        path: String,
    },
    /// A file that would be overwritten or deleted was changed since candor wrote it.
    #[error("`{path}` at `{address}` was changed since candor wrote it")]
    Changed {
        /// The destination.
        address: String,
        /// The first such file.
        path: String,
    },
    /// A list of releases at the destination cannot be read, so the history cannot be verified.
    #[error("cannot read `{path}` at `{address}`: {detail}")]
    BadList {
        /// The destination.
        address: String,
        /// The list.
        path: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A published release is missing from the project.
    #[error("release {version} is published at `{address}` but missing from this project")]
    HistoryMissing {
        /// The destination.
        address: String,
        /// The release.
        version: Version,
    },
    /// A published release differs from the project's record.
    #[error("release {version} differs from its published record at `{address}`: published {published}, local {here}")]
    HistoryDiffers {
        /// The destination.
        address: String,
        /// The release.
        version: Version,
        /// Digest of the published record.
        published: crate::model::Digest,
        /// Digest of the project's record.
        here: crate::model::Digest,
    },
    /// Values were withheld from a published release, but the project still has them.
    #[error(
        "release {version} was redacted at `{address}`, where its SHA-256 is {published}, but the redaction is missing here"
    )]
    RedactionMissing {
        /// The destination.
        address: String,
        /// The release.
        version: Version,
        /// Digest of the published record.
        published: crate::model::Digest,
    },
    /// A page or file could not be produced.
    #[error("cannot produce `{path}`")]
    Page {
        /// Its path in the site.
        path: String,
        /// Why.
        report: Report,
    },
    /// A file differed when it was produced a second time.
    #[error("`{path}` changed while it was being published")]
    Unstable {
        /// Its path in the site.
        path: String,
    },
    /// The run was interrupted.
    #[error("interrupted before all files were published; readers still get a complete site")]
    Interrupted,
    /// The program could not start its threads.
    #[error("cannot start: {0}")]
    Runtime(std::io::Error),
}

impl PublishError {
    /// Returns how to fix it; may be empty.
    pub fn help(&self) -> String {
        match self {
            PublishError::Destination { help, .. } => help.clone(),
            PublishError::Configuration { address, .. } | PublishError::NoCredentials { address, .. } => {
                credentials_help(address).into()
            }
            PublishError::Refused { address, .. } => format!(
                "check that they are correct and grant permission to list, read, write and delete; {}",
                credentials_help(address)
            ),
            PublishError::NoContainer { .. } => {
                "create the bucket or container first, or check its name and the account or endpoint; candor does not create buckets".into()
            }
            PublishError::Unreachable { .. } => {
                "check the network and the endpoint, then run the same command again to continue".into()
            }
            PublishError::Unconditional { .. } => {
                "without them, concurrent publishes could mix their files, and candor could overwrite what others write while \
                 it publishes; use a store that supports If-Match and If-None-Match, and unset AWS_CONDITIONAL_PUT; if nothing \
                 else writes there at the same time, run the same command with --no-lock, which cannot guarantee either"
                    .into()
            }
            PublishError::TimedOut { .. } => {
                "run the same command again to continue; use --timeout to give each request more time".into()
            }
            PublishError::Changed { .. } => {
                "find out what changed it; use --adopt to overwrite files that are part of the site and keep the others".into()
            }
            PublishError::BadList { path, .. } => format!(
                "find out what changed it; if it is not needed, delete {path} there and run the same command again, which creates it"
            ),
            PublishError::Store { .. } => "run the same command again to continue".into(),
            PublishError::BadManifest { .. } => {
                format!("if it is damaged, delete {} there and publish again with --adopt", super::manifest::PATH)
            }
            PublishError::NewerManifest { .. } => "update candor, or publish with the newer version".into(),
            PublishError::Busy { .. } => {
                "wait until it finishes; if it was killed, run the same command with --take-over".into()
            }
            PublishError::Raced { .. } | PublishError::Overtaken { .. } => {
                "wait until the other one finishes, then run the same command again".into()
            }
            PublishError::Foreign { .. } => {
                "check the destination; to overwrite such files, run the same command with --adopt (files that are not part \
                 of the site are always kept)"
                    .into()
            }
            PublishError::HistoryMissing { .. } => {
                "published releases are permanent: restore the record from the public site or from version control, \
                 then create a new release"
                    .into()
            }
            PublishError::HistoryDiffers { version, .. } => format!(
                "releases are never edited: restore content/releases/{version}.json, and publish changes in a new release"
            ),
            PublishError::RedactionMissing { .. } => Remedy::FetchRedaction.into(),
            PublishError::Page { .. } => String::new(),
            PublishError::Unstable { .. } => "stop other programs from writing to the project, and run the same command again".into(),
            PublishError::Interrupted => "run the same command again to continue".into(),
            PublishError::Runtime(_) => String::new(),
        }
    }

    /// Returns the error for an object that candor did not write. `certain`: candor had written the path before.
    pub(super) fn foreign(address: String, path: &SitePath, certain: bool) -> PublishError {
        let path = path.to_string();
        if certain { PublishError::Changed { address, path } } else { PublishError::Foreign { address, path } }
    }

    /// Classifies the error of a store.
    pub(super) fn store(address: &str, error: &object_store::Error) -> PublishError {
        use object_store::Error as E;
        let address = address.to_owned();
        let text = chain(error);
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let detail = brief(&text);
        if says(&["NoSuchBucket", "ContainerNotFound", "specified bucket does not exist"]) {
            return PublishError::NoContainer { address };
        }
        // Metadata services of cloud machines: they are the last source of credentials, and fail on other machines.
        if says(&["169.254.", "metadata.google.internal", "/metadata/identity"]) {
            return PublishError::NoCredentials {
                address,
                detail: "none in the environment, and this machine has no cloud identity".into(),
            };
        }
        match error {
            E::PermissionDenied { .. } | E::Unauthenticated { .. } => PublishError::Refused { address, detail },
            _ if says(&[
                "ExpiredToken",
                "InvalidToken",
                "AuthorizationHeaderMalformed",
                "invalid_grant",
                "invalid_client",
            ]) =>
            {
                PublishError::Refused { address, detail }
            }
            E::NotImplemented { .. } | E::NotSupported { .. } => {
                PublishError::Unconditional { address, what: "it reports that they are not implemented" }
            }
            _ if is_connection(error) => PublishError::Unreachable { address, detail: deepest(error) },
            _ => PublishError::Store { address, detail },
        }
    }
}

fn credentials_help(address: &str) -> &'static str {
    match address.split("://").next() {
        Some("s3") => {
            "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION (`aws configure export-credentials --format env` \
             prints those of a profile), or run under a role"
        }
        Some("az") => {
            "set AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_KEY, AZURE_CLIENT_ID with its \
             secret or federated token, or AZURE_USE_AZURE_CLI=true after `az login`"
        }
        Some("gs") => {
            "set GOOGLE_APPLICATION_CREDENTIALS to a key file, run `gcloud auth application-default login`, or run under \
             a service account"
        }
        _ => "check the folder's owner and permissions",
    }
}

/// Joins the messages of the error and all its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        // Most of these errors already include the message of their cause.
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}

/// Returns the root cause.
fn deepest(error: &dyn Error) -> String {
    let mut last: &dyn Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    redact(&last.to_string())
}

/// Returns whether a request failed because of its connection, so that it is not known whether the store executed it.
pub(super) fn is_connection(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<object_store::client::HttpError>() {
            return !error.source().is_some_and(|source| source.is::<NotImplemented>());
        }
        cause = error.source();
    }
    false
}

/// Returns the provider's error code if there is one, else the beginning of the text without secrets.
fn brief(text: &str) -> String {
    let tag = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(value, _)| value.trim().to_owned())
    };
    if let Some(code) = tag("Code") {
        let message = tag("Message").and_then(|message| message.lines().next().map(str::to_owned));
        return redact(&message.map_or(code.clone(), |message| format!("{code} ({message})")));
    }
    let mut text = redact(text);
    if let Some((end, _)) = text.char_indices().nth(300) {
        text.truncate(end);
        text.push('…');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether an environment variable contains a secret of a provider. There are several spellings of each
/// setting.
fn is_secret(name: &str) -> bool {
    let provider = ["AWS_", "AZURE_", "GOOGLE_"].iter().any(|prefix| name.starts_with(prefix));
    let secret = ["KEY", "SECRET", "TOKEN", "PASSWORD"].iter().any(|word| name.contains(word));
    // The path of a key file is not secret, and messages need it.
    provider && secret && !name.ends_with("_FILE")
}

/// Removes the queries of URLs, and all secrets in the environment, from the text.
fn redact(text: &str) -> String {
    let named = |(name, value): (OsString, OsString)| is_secret(name.to_str()?).then(|| value.into_string().ok())?;
    let mut secrets: Vec<String> = std::env::vars_os().filter_map(named).collect();
    // The longest first: one may be part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    redact_values(text, &secrets)
}

fn redact_values(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
        text = text.replace(secret.as_str(), "[redacted]");
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("://") {
        let end = rest[at..].find([' ', '"', '\'', ')', '>', '\n', '`']).map_or(rest.len(), |length| at + length);
        let address = &rest[..end];
        match address[at..].find('?') {
            Some(query) => {
                clean.push_str(&address[..at + query]);
                clean.push_str("?[redacted]");
            }
            None => clean.push_str(address),
        }
        rest = &rest[end..];
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::{brief, is_secret, redact_values};

    #[test]
    fn redacts_secrets_and_signatures() {
        let text =
            "PUT https://a.blob.core.windows.net/c/x?sv=1&sig=abc%3D failed (key hunter22): see https://docs/?a=b.";
        let clean = redact_values(text, &["hunter22".into(), "x".into()]);
        assert_eq!(
            clean,
            "PUT https://a.blob.core.windows.net/c/x?[redacted] failed (key [redacted]): see https://docs/?[redacted]"
        );
    }

    #[test]
    fn recognizes_secrets_by_variable_name() {
        let known = |text: &str, key: fn(&str) -> bool| text.split(' ').all(|name| is_secret(name) == key(name));
        let secrets = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_TOKEN AWS_SSE_CUSTOMER_KEY_BASE64 \
            AZURE_STORAGE_ACCOUNT_KEY AZURE_STORAGE_MASTER_KEY AZURE_STORAGE_SAS_TOKEN AZURE_STORAGE_CLIENT_SECRET \
            AZURE_FABRIC_SESSION_TOKEN GOOGLE_SERVICE_ACCOUNT_KEY GOOGLE_BEARER_TOKEN";
        assert!(known(secrets, |_| true));
        assert!(known("AWS_REGION AWS_WEB_IDENTITY_TOKEN_FILE AZURE_TENANT_ID HOME API_KEY", |_| false));
    }

    #[test]
    fn shortens_a_long_response_to_its_code() {
        let answer = "403: <Error><Code>SignatureDoesNotMatch</Code><Message>Check your key.\nLine</Message>\
                      <StringToSign>AWS4-HMAC ...</StringToSign></Error>";
        assert_eq!(brief(answer), "SignatureDoesNotMatch (Check your key.)");
        assert!(brief(&"long ".repeat(200)).chars().count() <= 301);
    }
}
