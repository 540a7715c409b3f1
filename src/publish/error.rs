//! Why a publish did not happen, and what to do about it.
//!
//! The stores' own errors are long, differ from provider to provider, and may quote addresses that carry
//! signatures. They are sorted into a few kinds here, and what is quoted of them is cut down to the
//! provider's error code or the last cause, with queries and secrets taken out.

use std::error::Error;
use std::ffi::OsString;

use crate::diagnostic::Report;
use crate::model::Version;

use super::manifest::Moment;

/// Why a publish did not happen.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The destination is not one.
    #[error("{message}")]
    Destination {
        /// What is wrong with it; quotes no part that may be a secret.
        message: String,
        /// How to write it.
        help: String,
    },
    /// A setting that the environment should hold is missing or malformed.
    #[error("`{address}` cannot be opened: {detail}")]
    Configuration {
        /// The destination.
        address: String,
        /// What the store's client says.
        detail: String,
    },
    /// No credentials were found anywhere.
    #[error("no credentials for `{address}`: {detail}")]
    NoCredentials {
        /// The destination.
        address: String,
        /// The last place that was asked.
        detail: String,
    },
    /// The store knows who we are, or not, and says no.
    #[error("`{address}` refuses these credentials: {detail}")]
    Refused {
        /// The destination.
        address: String,
        /// The provider's error code.
        detail: String,
    },
    /// There is no such bucket or container.
    #[error("`{address}` does not exist")]
    NoContainer {
        /// The destination.
        address: String,
    },
    /// Nobody answers.
    #[error("`{address}` cannot be reached: {detail}")]
    Unreachable {
        /// The destination.
        address: String,
        /// The last cause.
        detail: String,
    },
    /// The store cannot write on a condition, so two publishes could not be kept apart.
    #[error("`{address}` does not support conditional writes: {what}")]
    Unconditional {
        /// The destination.
        address: String,
        /// What it does instead.
        what: &'static str,
    },
    /// The store accepted a request, and did not answer it.
    #[error("`{address}` did not answer within {seconds} s")]
    TimedOut {
        /// The destination.
        address: String,
        /// How long a request may take.
        seconds: u64,
    },
    /// Anything else that a store answers, after all retries.
    #[error("`{address}` failed: {detail}")]
    Store {
        /// The destination.
        address: String,
        /// What it said.
        detail: String,
    },
    /// The manifest is not one.
    #[error("the manifest at `{address}` cannot be read: {detail}")]
    BadManifest {
        /// The destination.
        address: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The manifest is of a later candor.
    #[error("`{address}` was published by a newer candor (manifest format {format})")]
    NewerManifest {
        /// The destination.
        address: String,
        /// Its format.
        format: u32,
    },
    /// Another run holds the destination.
    #[error("another publish to `{address}` is going on, or was killed: it started at {started}")]
    Busy {
        /// The destination.
        address: String,
        /// When the other run started.
        started: Moment,
    },
    /// Another run claimed the destination between our reading and our writing. Nothing was written.
    #[error("another publish to `{address}` started at the same time and was first; nothing was written")]
    Raced {
        /// The destination.
        address: String,
    },
    /// Another run took the claim over while this one was writing.
    #[error("another publish has taken over `{address}`; this one has stopped")]
    Overtaken {
        /// The destination.
        address: String,
    },
    /// A file that candor did not write stands where one of the site's has to go.
    #[error("`{path}` stands at `{address}` already, and candor did not put it there")]
    Foreign {
        /// The destination.
        address: String,
        /// The first such file.
        path: String,
    },
    /// A file that candor wrote, and that something else has changed since, would be overwritten or deleted.
    #[error("`{path}` at `{address}` was changed since candor wrote it")]
    Changed {
        /// The destination.
        address: String,
        /// The first such file.
        path: String,
    },
    /// A list of releases at the destination cannot be read, so that the history cannot be compared.
    #[error("`{path}` at `{address}` cannot be read: {detail}")]
    BadList {
        /// The destination.
        address: String,
        /// The list.
        path: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A release is public and not in the project.
    #[error("release {version} is published at `{address}`, and this project does not have it")]
    HistoryMissing {
        /// The destination.
        address: String,
        /// The release.
        version: Version,
    },
    /// A release is public with other bytes.
    #[error("release {version} differs from what is published at `{address}`: published {published}, here {here}")]
    HistoryDiffers {
        /// The destination.
        address: String,
        /// The release.
        version: Version,
        /// Digest of the public record.
        published: crate::model::Digest,
        /// Digest of the project's record.
        here: crate::model::Digest,
    },
    /// A page or file could not be made.
    #[error("`{path}` cannot be made")]
    Page {
        /// Where it stands in the site.
        path: String,
        /// Why.
        report: Report,
    },
    /// A file came out differently the second time it was made.
    #[error("`{path}` changed while it was being published")]
    Unstable {
        /// Where it stands in the site.
        path: String,
    },
    /// The run was told to stop.
    #[error("stopped half-way; readers are served a whole site")]
    Interrupted,
    /// The program could not start its own threads.
    #[error("cannot start: {0}")]
    Runtime(std::io::Error),
}

impl PublishError {
    /// What to do about it; may be empty.
    pub fn help(&self) -> String {
        match self {
            PublishError::Destination { help, .. } => help.clone(),
            PublishError::Configuration { address, .. } | PublishError::NoCredentials { address, .. } => {
                credentials_help(address).into()
            }
            PublishError::Refused { address, .. } => format!(
                "check that they are the right ones and may list, read, write and delete there; {}",
                credentials_help(address)
            ),
            PublishError::NoContainer { .. } => {
                "create the bucket or container first, or check its name and the account or endpoint; candor creates none".into()
            }
            PublishError::Unreachable { .. } => {
                "check the network and the endpoint; run the same command again to go on where it stopped".into()
            }
            PublishError::Unconditional { .. } => {
                "without them two publishes at the same time could mix their files; use a store that supports If-Match \
                 and If-None-Match, and unset AWS_CONDITIONAL_PUT; if only one publish runs at a time for certain, run the same \
                 command with --no-lock"
                    .into()
            }
            PublishError::TimedOut { .. } => {
                "run the same command again, it goes on where it stopped; --timeout gives each request more time".into()
            }
            PublishError::Changed { .. } => {
                "find out who changed it; with --adopt, files that are part of the site are overwritten, and others stay".into()
            }
            PublishError::BadList { path, .. } => format!(
                "find out who changed it; if nobody needs it, delete {path} there and run the same command again, which writes it anew"
            ),
            PublishError::Store { .. } => "run the same command again; it goes on where it stopped".into(),
            PublishError::BadManifest { .. } => {
                format!("if it was damaged, delete {} there and publish again with --adopt", super::manifest::PATH)
            }
            PublishError::NewerManifest { .. } => "publish with that candor, or update this one".into(),
            PublishError::Busy { .. } => {
                "wait for it to end; if it is known to be dead, run the same command with --take-over".into()
            }
            PublishError::Raced { .. } | PublishError::Overtaken { .. } => {
                "wait for the other one to end, then run the same command again".into()
            }
            PublishError::Foreign { .. } => {
                "check the destination; to overwrite such files, run the same command with --adopt (files that are not part \
                 of the site stay in any case)"
                    .into()
            }
            PublishError::HistoryMissing { .. } => {
                "what was published stays published: get the record from the public site or from version control, \
                 and release again on top of it"
                    .into()
            }
            PublishError::HistoryDiffers { version, .. } => format!(
                "a release is never edited: restore content/releases/{version}.json, and say what changed in a new release"
            ),
            PublishError::Page { .. } => String::new(),
            PublishError::Unstable { .. } => "let no other program write to the project, and run the same command again".into(),
            PublishError::Interrupted => "run the same command again; it goes on where it stopped".into(),
            PublishError::Runtime(_) => String::new(),
        }
    }

    /// What a store answered, sorted.
    pub(super) fn store(address: &str, error: &object_store::Error) -> PublishError {
        use object_store::Error as E;
        let address = address.to_owned();
        let text = chain(error);
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let detail = brief(&text);
        if says(&["NoSuchBucket", "ContainerNotFound", "specified bucket does not exist"]) {
            return PublishError::NoContainer { address };
        }
        // The places where providers hand out credentials to their own machines: asked last, and only in vain elsewhere.
        if says(&["169.254.", "metadata.google.internal", "/metadata/identity"]) {
            return PublishError::NoCredentials {
                address,
                detail: "none in the environment, and this machine has no identity of its own".into(),
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
                PublishError::Unconditional { address, what: "it answers that it does not implement them" }
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

/// The error and all its causes, in one text.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        // Most of these errors quote their cause already.
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}

/// The last cause.
fn deepest(error: &dyn Error) -> String {
    let mut last: &dyn Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    redact(&last.to_string())
}

fn is_connection(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<object_store::client::HttpError>().is_some() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The provider's error code where there is one, else the beginning of the text without secrets.
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

/// Whether an environment variable holds a secret of a provider: its settings are named so, in several spellings each.
fn is_secret(name: &str) -> bool {
    let provider = ["AWS_", "AZURE_", "GOOGLE_"].iter().any(|prefix| name.starts_with(prefix));
    let secret = ["KEY", "SECRET", "TOKEN", "PASSWORD"].iter().any(|word| name.contains(word));
    // The path of a file is none, and what a message is about.
    provider && secret && !name.ends_with("_FILE")
}

/// The text without the queries of addresses and without any secret that the environment holds.
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
    fn no_secret_and_no_signature_reaches_a_message() {
        let text =
            "PUT https://a.blob.core.windows.net/c/x?sv=1&sig=abc%3D failed (key hunter22): see https://docs/?a=b.";
        let clean = redact_values(text, &["hunter22".into(), "x".into()]);
        assert_eq!(
            clean,
            "PUT https://a.blob.core.windows.net/c/x?[redacted] failed (key [redacted]): see https://docs/?[redacted]"
        );
    }

    #[test]
    fn a_secret_is_known_by_its_name_in_every_spelling() {
        let known = |text: &str, key: fn(&str) -> bool| text.split(' ').all(|name| is_secret(name) == key(name));
        let secrets = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_TOKEN AWS_SSE_CUSTOMER_KEY_BASE64 \
            AZURE_STORAGE_ACCOUNT_KEY AZURE_STORAGE_MASTER_KEY AZURE_STORAGE_SAS_TOKEN AZURE_STORAGE_CLIENT_SECRET \
            AZURE_FABRIC_SESSION_TOKEN GOOGLE_SERVICE_ACCOUNT_KEY GOOGLE_BEARER_TOKEN";
        assert!(known(secrets, |_| true));
        assert!(known("AWS_REGION AWS_WEB_IDENTITY_TOKEN_FILE AZURE_TENANT_ID HOME API_KEY", |_| false));
    }

    #[test]
    fn a_long_answer_is_cut_down_to_its_code() {
        let answer = "403: <Error><Code>SignatureDoesNotMatch</Code><Message>Check your key.\nLine</Message>\
                      <StringToSign>AWS4-HMAC ...</StringToSign></Error>";
        assert_eq!(brief(answer), "SignatureDoesNotMatch (Check your key.)");
        assert!(brief(&"long ".repeat(200)).chars().count() <= 301);
    }
}
