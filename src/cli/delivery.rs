//! Arguments of `candor notice` that deliver the notice.

#[cfg(feature = "mail")]
use std::path::PathBuf;

use clap::Args;

/// How to deliver a notice.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Delivery")]
pub struct DeliveryArgs {
    /// How to send it by email.
    #[cfg(feature = "mail")]
    #[command(flatten)]
    pub mail: MailArgs,
    /// Post the notice as JSON to this address, signed with the secret in CANDOR_WEBHOOK_SECRET
    // Parsed by the command itself: clap quotes rejected values, and the address may contain a secret.
    #[arg(long, value_name = "URL", conflicts_with = "format")]
    pub webhook: Option<String>,
    /// Number of times to try again what the server does not accept for now
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=20))]
    pub retries: u32,
    /// Seconds to wait before the first retry; each further wait is twice as long
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=3600))]
    pub retry_wait: u32,
    /// Time limit for each answer of the server
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub timeout: u32,
    /// Send placeholders and example addresses, too
    #[arg(long)]
    pub allow_placeholders: bool,
}

/// How to send a notice by email.
#[cfg(feature = "mail")]
#[derive(Debug, Clone, Args)]
pub struct MailArgs {
    /// Send the notice to each recipient by email, through the server in SMTP_URL; without --yes, only show what would be sent
    #[arg(long, requires = "recipients", conflicts_with_all = ["webhook", "selection", "customer", "name", "format"])]
    pub send: bool,
    /// CSV file outside the repository, with the columns email, name, customer, features and language
    #[arg(long, value_name = "FILE", requires = "send")]
    pub recipients: Option<PathBuf>,
    /// Send the messages
    #[arg(long, requires = "send")]
    pub yes: bool,
    /// Sender, as `NAME <ADDRESS>` or an address [default: the contact for objections, else subscribe.email in site.yaml]
    #[arg(long, value_name = "SENDER", requires = "send")]
    pub from: Option<String>,
    /// Maximum number of messages per minute
    #[arg(long, value_name = "N", requires = "send", value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub rate: Option<u32>,
    /// Ledger of sent messages [default: FILE.ledger, next to the list of recipients]
    #[arg(long, value_name = "FILE", requires = "send")]
    pub ledger: Option<PathBuf>,
    /// Send again to recipients who may already have the notice, because the outcome of an earlier run is unknown
    #[arg(long, requires = "send")]
    pub resend_uncertain: bool,
    /// Also trust the certificates in this PEM file
    #[arg(long, value_name = "FILE", requires = "send")]
    pub ca_file: Option<PathBuf>,
}

impl DeliveryArgs {
    /// Returns whether the notice is delivered, and not printed.
    pub fn delivers(&self) -> bool {
        #[cfg(feature = "mail")]
        if self.mail.send {
            return true;
        }
        self.webhook.is_some()
    }
}
