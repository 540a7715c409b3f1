//! Sends a notice to all recipients, so that each gets it once, however often the run is interrupted and repeated.

use std::time::{Duration, Instant};

use lettre::transport::smtp::extension::ClientId;

use super::session::{Answer, Connector, NoSession, Session, tls};
use super::{Ledger, LedgerError, Outcome, Recipient, Sender, SmtpServer, envelope};
use crate::notice::message::Message;

/// How many messages in a row may break the connection before the run stops.
const BROKEN_IN_A_ROW: usize = 3;

/// How many messages in a row the server may refuse for the same reason before the run stops, because it refuses them all.
const REFUSED_IN_A_ROW: usize = 3;

/// How fast to send, and how long to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The maximum number of messages per minute; `None` for no limit.
    pub per_minute: Option<u32>,
    /// How often to try again what the server does not accept for now (4xx).
    pub retries: u32,
    /// How long to wait before the first retry; each further wait is twice as long.
    pub wait: Duration,
    /// The time limit for each answer of the server.
    pub timeout: Duration,
}

/// Composes the message to a recipient; returns `None` if no change concerns the recipient.
pub type Composing<'a> = dyn Fn(&Recipient) -> Result<Option<Message>, String> + 'a;

/// A delivery to all recipients of a list.
pub struct Delivery<'a> {
    /// The server.
    pub server: &'a SmtpServer,
    /// Additional certificates to trust, in PEM format.
    pub ca: Option<&'a [u8]>,
    /// The sender.
    pub sender: &'a Sender,
    /// How fast to send.
    pub pace: Pace,
    /// Whether to send again to recipients whose outcome is unknown.
    pub resend_uncertain: bool,
    /// Returns the time.
    pub now: &'a dyn Fn() -> jiff::Timestamp,
}

/// A recipient who did not get the message, or perhaps did not get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished<'a> {
    /// The recipient.
    pub recipient: &'a Recipient,
    /// What happened.
    pub reason: String,
}

/// The outcome of a delivery.
#[derive(Debug, Default)]
pub struct Summary<'a> {
    /// The number of messages that the server accepted in this run.
    pub sent: usize,
    /// The number of recipients who got the message in an earlier run.
    pub already_sent: usize,
    /// The number of recipients whom no change concerns.
    pub not_concerned: usize,
    /// The recipients whom the server rejects.
    pub rejected: Vec<Unfinished<'a>>,
    /// The recipients who may or may not have got the message.
    pub uncertain: Vec<Unfinished<'a>>,
    /// The recipients who did not get it and can get it in another run.
    pub undelivered: Vec<Unfinished<'a>>,
    /// Why the run stopped before it tried all recipients.
    pub stopped: Option<DeliveryError>,
}

/// Why a delivery stopped.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The server cannot be used.
    #[error("{message}")]
    Server {
        /// What is wrong.
        message: String,
        /// How to fix it.
        help: String,
    },
    /// The ledger cannot be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A message cannot be built.
    #[error("cannot build the message for line {line}: {why}")]
    Message {
        /// The line of the recipient.
        line: usize,
        /// What is wrong.
        why: String,
    },
}

impl DeliveryError {
    /// Returns how to fix it.
    pub fn help(&self) -> &str {
        match self {
            DeliveryError::Server { help, .. } => help,
            DeliveryError::Ledger(error) => error.help(),
            DeliveryError::Message { .. } => "fix the row, then run the command again",
        }
    }

    fn for_now(message: String) -> DeliveryError {
        let help = "run the command again later; recipients who got the notice are left out".to_owned();
        DeliveryError::Server { message, help }
    }
}

/// Returns what a server demands that refuses with code 530, and how to meet it: encryption (RFC 3207 section 4) or a login
/// (RFC 4954 section 6).
fn demanded(reason: &str) -> Option<(&'static str, &'static str)> {
    if !reason.starts_with("530 ") {
        return None;
    }
    Some(match reason.to_ascii_uppercase().contains("TLS") {
        true => (
            "requires an encrypted connection, but offers no STARTTLS",
            "use smtps:// or another port in SMTP_URL, or switch STARTTLS on at the server",
        ),
        false => ("requires a login", "add the user and the password to SMTP_URL: smtps://USER:PASSWORD@HOST"),
    })
}

impl Delivery<'_> {
    /// Sends the message that `compose` returns to each recipient who has not got it; recipients for whom it returns `None` are left
    /// out. `progress` is called with the number of the recipients that are done.
    pub fn run<'r>(
        &self,
        recipients: &'r [Recipient],
        ledger: &mut Ledger,
        compose: &Composing<'_>,
        progress: &mut dyn FnMut(usize),
    ) -> Summary<'r> {
        let mut summary = Summary::default();
        let mut waiting = Vec::new();
        for recipient in recipients {
            match ledger.outcome(&recipient.email) {
                Some(Outcome::Sent) => summary.already_sent += 1,
                Some(outcome) if outcome.is_uncertain() && !self.resend_uncertain => {
                    let reason = "an earlier run did not learn whether the server accepted the message".to_owned();
                    summary.uncertain.push(Unfinished { recipient, reason });
                }
                _ => waiting.push(Unfinished { recipient, reason: String::new() }),
            }
        }
        let mut run = Run {
            delivery: self,
            connector: None,
            session: None,
            broken: 0,
            refused: (String::new(), 0),
            last: None,
            done: 0,
        };
        for round in 0..=self.pace.retries {
            if waiting.is_empty() {
                break;
            }
            if round > 0 {
                std::thread::sleep(self.pace.wait * 2_u32.saturating_pow(round - 1));
            }
            let mut later = Vec::new();
            let mut rest = std::mem::take(&mut waiting).into_iter();
            for one in rest.by_ref() {
                let recipient = one.recipient;
                let result = run.one(recipient, ledger, compose, &mut summary);
                match result {
                    Ok(Some(reason)) => later.push(Unfinished { recipient, reason }),
                    Ok(None) => {
                        run.done += 1;
                        progress(run.done);
                    }
                    Err(stop) => {
                        let is_last =
                            |list: &[Unfinished<'_>]| list.last().is_some_and(|last| last.recipient == recipient);
                        let is_listed = is_last(&summary.uncertain) || is_last(&summary.rejected);
                        let is_uncertain = ledger.outcome(&recipient.email).is_some_and(Outcome::is_uncertain);
                        match is_uncertain {
                            _ if is_listed => {}
                            true => summary.uncertain.push(Unfinished { recipient, reason: stop.to_string() }),
                            false => later.push(one),
                        }
                        summary.stopped = Some(stop);
                        break;
                    }
                }
            }
            waiting = later;
            if summary.stopped.is_some() {
                waiting.extend(rest);
                break;
            }
        }
        if let Some(session) = run.session {
            session.quit();
        }
        summary.undelivered = waiting;
        summary
    }
}

/// Returns the codes of a reply (RFC 5321 and RFC 3463), which are the same for the same reason.
fn status(reply: &str) -> Vec<&str> {
    let is_code = |word: &&str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
    reply.split_whitespace().take_while(is_code).collect()
}

/// The state of a delivery.
struct Run<'a, 'd> {
    delivery: &'a Delivery<'d>,
    connector: Option<Connector<'a>>,
    session: Option<Session>,
    /// How many messages in a row broke the connection.
    broken: usize,
    /// The reply with which the server refused the last messages, and how many in a row.
    refused: (String, usize),
    /// When the last message was sent.
    last: Option<Instant>,
    done: usize,
}

impl<'a> Run<'a, '_> {
    /// Sends the message to one recipient. Returns why it must be tried again, or `None` if it must not.
    fn one<'r>(
        &mut self,
        recipient: &'r Recipient,
        ledger: &mut Ledger,
        compose: &Composing<'_>,
        summary: &mut Summary<'r>,
    ) -> Result<Option<String>, DeliveryError> {
        let Delivery { sender, now, .. } = *self.delivery;
        let line = recipient.line;
        let Some(message) = compose(recipient).map_err(|why| DeliveryError::Message { line, why })? else {
            summary.not_concerned += 1;
            return Ok(None);
        };
        self.wait();
        loop {
            let is_new = self.session.is_none();
            let mut session = match self.session.take() {
                Some(session) => session,
                None => self.connect()?,
            };
            let bytes = envelope::compose(&message, sender, recipient, now())
                .map_err(|why| DeliveryError::Message { line, why })?;
            ledger.note(&recipient.email, Outcome::Sending, "", now())?;
            let answer = session.deliver(&sender.email, &recipient.email, &bytes);
            let (outcome, reason) = match &answer {
                Answer::Accepted(reply) => (Outcome::Sent, reply),
                Answer::Rejected(reason) | Answer::MessageRefused(reason) => (Outcome::Rejected, reason),
                Answer::ForNow(reason) | Answer::Refused(reason) | Answer::Broken(reason) => {
                    (Outcome::Deferred, reason)
                }
                Answer::Unknown(reason) => (Outcome::Unknown, reason),
            };
            ledger.note(&recipient.email, outcome, reason, now())?;
            let unfinished = |reason| Unfinished { recipient, reason };
            match answer {
                // A server may close a connection that was idle for long.
                Answer::Broken(_) if !is_new => continue,
                Answer::Broken(reason) => {
                    self.count_broken(&reason)?;
                    return Ok(Some(reason));
                }
                Answer::Unknown(reason) => {
                    let stop = self.count_broken(&reason);
                    summary.uncertain.push(unfinished(reason));
                    return stop.map(|()| None);
                }
                Answer::Refused(reason) => {
                    session.quit();
                    return Err(self.refused_by_server(&reason));
                }
                Answer::Accepted(_) => {
                    self.refused.1 = 0;
                    summary.sent += 1;
                }
                Answer::Rejected(reason) => summary.rejected.push(unfinished(reason)),
                Answer::MessageRefused(reason) => {
                    let stop = self.count_refused(&reason);
                    summary.rejected.push(unfinished(reason));
                    if let Err(stop) = stop {
                        session.quit();
                        return Err(stop);
                    }
                }
                Answer::ForNow(reason) => {
                    self.session = Some(session);
                    return Ok(Some(reason));
                }
            }
            self.broken = 0;
            self.session = Some(session);
            return Ok(None);
        }
    }

    /// Counts a message that broke the connection.
    fn count_broken(&mut self, reason: &str) -> Result<(), DeliveryError> {
        self.broken += 1;
        if self.broken < BROKEN_IN_A_ROW {
            return Ok(());
        }
        let server = self.delivery.server;
        let message =
            format!("the connection to the SMTP server {server} broke {} times in a row: {reason}", self.broken);
        Err(DeliveryError::for_now(message))
    }

    /// Explains that the server refuses the sender or the connection.
    fn refused_by_server(&self, reason: &str) -> DeliveryError {
        let refused = (
            "refuses the sender",
            "check that the server allows this sender (--from) and such messages, then run the command again",
        );
        let (what, help) = demanded(reason).unwrap_or(refused);
        let message = format!("the SMTP server {} {what}: {reason}", self.delivery.server);
        DeliveryError::Server { message, help: help.to_owned() }
    }

    /// Counts a message that the server refused.
    fn count_refused(&mut self, reason: &str) -> Result<(), DeliveryError> {
        let (last, count) = &mut self.refused;
        if status(last) != status(reason) {
            *count = 0;
        }
        reason.clone_into(last);
        *count += 1;
        if *count < REFUSED_IN_A_ROW {
            return Ok(());
        }
        let server = self.delivery.server;
        let message = format!("the SMTP server {server} refused {count} messages in a row: {reason}");
        let help = "check that the server allows this sender (--from) and such messages, then run the command again";
        Err(DeliveryError::Server { message, help: help.to_owned() })
    }

    /// Waits until the next message may be sent.
    fn wait(&mut self) {
        if let (Some(last), Some(per_minute)) = (self.last, self.delivery.pace.per_minute) {
            let between = Duration::from_secs(60) / per_minute.max(1);
            std::thread::sleep(between.saturating_sub(last.elapsed()));
        }
        self.last = Some(Instant::now());
    }

    /// Connects; tries again if the server is not available for now.
    fn connect(&mut self) -> Result<Session, DeliveryError> {
        let Delivery { server, ca, sender, pace, .. } = *self.delivery;
        let connector = match &mut self.connector {
            Some(connector) => connector,
            empty => {
                let tls = tls(server, ca).map_err(|why| DeliveryError::Server {
                    message: format!("cannot use certificates for TLS: {why}"),
                    help: "set --ca-file to a PEM file with the certificate of the authority".to_owned(),
                })?;
                let hello = ClientId::Domain(sender.domain().to_owned());
                empty.insert(Connector { server, tls, hello, timeout: pace.timeout })
            }
        };
        let mut attempt = 0;
        loop {
            match connector.connect() {
                Ok(session) => return Ok(session),
                Err(NoSession::Never { message, help }) => {
                    return Err(DeliveryError::Server { message, help: help.to_owned() });
                }
                Err(NoSession::ForNow(message)) if attempt == pace.retries => {
                    return Err(DeliveryError::for_now(message));
                }
                Err(NoSession::ForNow(message)) => {
                    log::warn!("{message}; trying again");
                    std::thread::sleep(pace.wait * 2_u32.saturating_pow(attempt));
                    attempt += 1;
                }
            }
        }
    }
}
