//! Delivers a composed notice, by email or to a webhook.

#[cfg(feature = "mail")]
mod email;

use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

use super::{Context, Failure, Outcome};
use crate::cli::delivery::DeliveryArgs;
use crate::diagnostic::{Code, RefusedCommand};
use crate::model::Malformed;
#[cfg(feature = "mail")]
use crate::notice::mail::Sender;
use crate::notice::message::{Audience, Message};
use crate::notice::webhook::{self, Patience, WebhookAddress, WebhookSecret};
use crate::pipeline::{CheckedProject, check_project};

/// The environment variable with the secret that signs requests.
const SECRET: &str = "CANDOR_WEBHOOK_SECRET";

/// Composes the notice for an audience; returns `None` if no change that requires customer notice concerns it.
pub type Compose<'a> = dyn Fn(&Audience) -> Result<Option<Message>, Failure> + 'a;

/// Delivers a notice. `general` is the notice for a reader about whom nothing is known, and `sender` the default sender of emails.
///
/// # Errors
/// If it cannot be sent, or only to some recipients because the server cannot be used any more.
pub fn run(
    args: &DeliveryArgs,
    general: &Message,
    compose: &Compose<'_>,
    #[cfg(feature = "mail")] sender: Option<Sender>,
    context: &Context,
) -> Result<Outcome, Failure> {
    let checked = check_project(&context.project, None, context.as_of);
    let is_trial = is_dry_run(args);
    if !is_trial && !args.allow_placeholders && has_placeholders(&checked, context)? {
        return Ok(Outcome::Problems);
    }
    #[cfg(feature = "mail")]
    if args.mail.send {
        return email::send(args, general, compose, sender, context);
    }
    #[cfg(not(feature = "mail"))]
    let _ = compose;
    post(args, general, context)
}

fn is_dry_run(args: &DeliveryArgs) -> bool {
    #[cfg(feature = "mail")]
    if args.mail.send {
        return !args.mail.yes;
    }
    let _ = args;
    false
}

/// Reports the placeholders of the project, because of which `publish` refuses too.
fn has_placeholders(checked: &CheckedProject, context: &Context) -> Result<bool, Failure> {
    let mut report = checked.report.clone();
    let is_placeholder = |code: Code| matches!(code, Code::Placeholder | Code::PlaceholderBaseUrl);
    report.retain(|found| is_placeholder(found.code()) && found.refuses(RefusedCommand::Upload));
    if report.is_empty() {
        return Ok(false);
    }
    context.report(&report)?;
    let codes: BTreeSet<String> = report.diagnostics().iter().map(|found| format!("`{}`", found.code())).collect();
    let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
    let mut err = context.err();
    writeln!(err, "error: `candor notice` sends nothing because of {codes}")?;
    writeln!(err, "help: replace the placeholders, or send them with --allow-placeholders")?;
    Ok(true)
}

fn malformed(why: Malformed) -> Failure {
    Failure::new(why.message, why.help)
}

/// Sends the notice to the webhook.
fn post(args: &DeliveryArgs, message: &Message, context: &Context) -> Result<Outcome, Failure> {
    let address: WebhookAddress = args.webhook.as_deref().unwrap_or_default().parse().map_err(malformed)?;
    let help = format!("set {SECRET} to a secret that the receiver knows, for example from `openssl rand -hex 32`");
    let secret = match std::env::var(SECRET) {
        Ok(secret) if !secret.trim().is_empty() => secret,
        _ => return Err(Failure::new(format!("{SECRET} is not set"), help)),
    };
    let secret: WebhookSecret = secret.parse().map_err(malformed)?;
    let patience = Patience {
        retries: args.retries,
        wait: Duration::from_secs(args.retry_wait.into()),
        timeout: Duration::from_secs(args.timeout.into()),
    };
    let status = webhook::post(&address, &secret, message, patience, &jiff::Timestamp::now)
        .map_err(|error| Failure::new(error.to_string(), error.help()))?;
    if !context.quiet {
        writeln!(context.out(), "posted the notice of release {} to {address}: status {status}", message.version)?;
    }
    Ok(Outcome::Fine)
}
