//! Delivers a notice as JSON to a web address, for a program that tells customers about it.
//!
//! The request is signed like those of Stripe: the header has the time and the HMAC-SHA256 of the time, a dot and the body. A
//! receiver that checks both accepts neither a forged nor an old request. Every request about a release has the same
//! `Idempotency-Key`, so that a receiver can ignore a repetition.

use std::fmt::Write as _;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::{Host, Url};

use super::message::Message;
use crate::fetch::transport::{Transport, TransportError};
use crate::model::Malformed;

/// The header with the time and the signature of a request.
pub const SIGNATURE: &str = "Candor-Signature";

/// The time limit for connecting.
const CONNECT: Duration = Duration::from_secs(15);

/// The longest wait between two attempts, even if the server asks for more.
const MAX_WAIT: Duration = Duration::from_secs(120);

/// The minimum length of a secret, in bytes.
const MIN_SECRET: usize = 16;

/// A web address that takes notices. Its `Display` does not show the path, which often contains a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookAddress(Url);

impl std::str::FromStr for WebhookAddress {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<WebhookAddress, Malformed> {
        const HELP: &str = "use an https:// address; http:// only for a receiver on this machine";
        let url: Url = text
            .trim()
            .parse()
            .map_err(|error| Malformed::new(format!("the address of the webhook is not a URL: {error}"), HELP))?;
        let is_loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => return Err(Malformed::new("the address of the webhook is not encrypted", HELP)),
            _ => return Err(Malformed::new("the address of the webhook is not a web address", HELP)),
        }
        if !url.username().is_empty() || url.password().is_some() {
            let help = "remove them; the signature of each request proves who sends it";
            return Err(Malformed::new("the address of the webhook contains a user or a password", help));
        }
        Ok(WebhookAddress(url))
    }
}

impl std::fmt::Display for WebhookAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl std::fmt::Debug for WebhookAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebhookAddress({self})")
    }
}

/// The secret that signs requests.
#[derive(Clone)]
pub struct WebhookSecret(String);

impl std::str::FromStr for WebhookSecret {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<WebhookSecret, Malformed> {
        let text = text.trim();
        if text.len() < MIN_SECRET {
            let message = format!("the secret of the webhook has fewer than {MIN_SECRET} characters");
            return Err(Malformed::new(message, "generate one, for example with `openssl rand -hex 32`"));
        }
        Ok(WebhookSecret(text.to_owned()))
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret")
    }
}

impl WebhookSecret {
    /// Returns the value of [`SIGNATURE`]: `t=SECONDS,v1=HEX`.
    pub fn sign(&self, seconds: i64, body: &str) -> String {
        let mut value = format!("t={seconds},v1=");
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()) {
            mac.update(format!("{seconds}.{body}").as_bytes());
            for byte in mac.finalize().into_bytes() {
                // Writing to a string never fails.
                let _ = write!(value, "{byte:02x}");
            }
        }
        value
    }
}

/// How long to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often to try again.
    pub retries: u32,
    /// How long to wait before the first retry; each further wait is twice as long.
    pub wait: Duration,
    /// The time limit for each request.
    pub timeout: Duration,
}

/// Why a notice was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is no HTTP client.
    #[error("cannot use the network: {0}")]
    NoClient(String),
    /// The receiver does not accept the notice.
    #[error("{address} answered {status}")]
    Refused {
        /// The address.
        address: WebhookAddress,
        /// The status with its name.
        status: String,
    },
    /// The receiver did not accept the notice in any attempt.
    #[error("{address} did not accept the notice in {attempts} attempts: {reason}")]
    Unavailable {
        /// The address.
        address: WebhookAddress,
        /// The number of attempts.
        attempts: u32,
        /// What happened in the last one.
        reason: String,
    },
}

impl WebhookError {
    /// Returns how to fix it.
    pub fn help(&self) -> &'static str {
        match self {
            WebhookError::NoClient(_) => "use a build of candor with default features",
            WebhookError::Refused { .. } => {
                "check the address of the webhook, and whether the receiver knows the secret"
            }
            WebhookError::Unavailable { .. } => {
                "run the command again later; requests about this release have the same Idempotency-Key"
            }
        }
    }
}

/// Returns the value of `Idempotency-Key`: the version and the digest of the release.
pub fn idempotency_key(message: &Message) -> String {
    format!("{}-{}", message.version, message.record)
}

/// Sends the JSON of a notice, and tries again if the receiver is not available for now. Returns the status of the response.
/// Redirects are not followed: the notice goes to the address that was stated.
///
/// # Errors
/// If the receiver does not accept it.
pub fn post(
    address: &WebhookAddress,
    secret: &WebhookSecret,
    message: &Message,
    patience: Patience,
    now: &dyn Fn() -> jiff::Timestamp,
) -> Result<u16, WebhookError> {
    let transport = Transport::new(CONNECT).map_err(WebhookError::NoClient)?;
    let key = idempotency_key(message);
    let mut attempts = 0;
    loop {
        let signature = secret.sign(now().as_second(), &message.json);
        let headers =
            [("Content-Type", "application/json"), ("Idempotency-Key", key.as_str()), (SIGNATURE, signature.as_str())];
        attempts += 1;
        let (reason, wait) = match transport.post(&address.0, &headers, &message.json, patience.timeout) {
            Ok(response) => match response.status {
                200..=299 => return Ok(response.status),
                408 | 425 | 429 | 500..=599 => (response.status_line, response.retry_after),
                _ => return Err(WebhookError::Refused { address: address.clone(), status: response.status_line }),
            },
            Err(error @ (TransportError::Tls(_) | TransportError::UnknownHost)) => {
                return Err(WebhookError::Unavailable {
                    address: address.clone(),
                    attempts,
                    reason: error.to_string(),
                });
            }
            Err(error) => (error.to_string(), None),
        };
        if attempts > patience.retries {
            return Err(WebhookError::Unavailable { address: address.clone(), attempts, reason });
        }
        log::warn!("{address}: {reason}; trying again");
        let pause = patience.wait * 2_u32.saturating_pow(attempts - 1);
        std::thread::sleep(wait.unwrap_or(pause).min(MAX_WAIT));
    }
}

#[cfg(test)]
mod tests {
    use super::{WebhookAddress, WebhookSecret};

    #[test]
    fn signs_the_time_and_the_body() {
        let secret: WebhookSecret = "whsec_0123456789abcdef".parse().expect("a secret");
        // printf '1779444000.{"version":"2026-05-22"}' | openssl dgst -sha256 -hmac whsec_0123456789abcdef
        let expected = "t=1779444000,v1=ef4405a0fa9e664de6c41ae47aa70c0d96f2c3620c470d67cfc5b0235796d4a3";
        assert_eq!(secret.sign(1_779_444_000, "{\"version\":\"2026-05-22\"}"), expected);
        assert_ne!(secret.sign(1_779_444_001, "{\"version\":\"2026-05-22\"}")[13..], expected[13..]);
    }

    #[test]
    fn takes_only_encrypted_addresses_or_this_machine() {
        for address in [
            "https://hooks.customer.com/T0/s3cret",
            "http://127.0.0.1:8080/s3cret",
            "http://[::1]/s3cret",
            "http://localhost:8080/s3cret",
        ] {
            let address: WebhookAddress = address.parse().expect("an address");
            assert!(!format!("{address} {address:?}").contains("s3cret"), "{address}");
        }
        for address in [
            "http://hooks.customer.com/s3cret",
            "http://localhost.customer.com/s3cret",
            "ftp://hooks.customer.com/s3cret",
            "https://user:s3cret@hooks.customer.com/",
            "hooks.customer.com/s3cret",
            "",
        ] {
            let why = address.parse::<WebhookAddress>().expect_err("no address");
            assert!(!why.message.contains("s3cret") && !why.help.contains("s3cret"), "{why:?}");
        }
    }

    #[test]
    fn rejects_short_secrets_without_showing_them() {
        for secret in ["", "   ", "s3cret", "s3cret         "] {
            let why = secret.parse::<WebhookSecret>().expect_err("no secret");
            assert!(!why.message.contains("s3cret"), "{why:?}");
        }
        let secret: WebhookSecret = "0123456789abcdef\n".parse().expect("a secret");
        assert_eq!(format!("{secret:?}"), "WebhookSecret");
    }
}
