//! A connection to the SMTP server.
//!
//! What matters after a failure is whether the server can have accepted the message: not before the end of its text, but perhaps
//! after it. lettre's own transport does not tell, so the commands of a delivery are sent one by one.

use std::error::Error as _;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;

use super::server::{Encryption, SmtpServer};
use crate::model::Email;
use crate::notice::mime::address;
use crate::text::one_line;

/// How to connect.
pub(super) struct Connector<'a> {
    pub(super) server: &'a SmtpServer,
    pub(super) tls: TlsParameters,
    /// The name that the client states: the domain of the sender.
    pub(super) hello: ClientId,
    pub(super) timeout: Duration,
}

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoSession {
    /// The server is not available for now.
    ForNow(String),
    /// It cannot be used: it refuses this client, or the connection would not be secure.
    Never { message: String, help: &'static str },
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The server accepted it.
    Accepted(String),
    /// The server rejects this recipient (5xx).
    Rejected(String),
    /// The server does not accept it for now (4xx).
    ForNow(String),
    /// The server refuses the message (5xx), perhaps by a policy of the recipient.
    MessageRefused(String),
    /// The server refuses the sender (5xx), whoever the recipient is.
    Refused(String),
    /// The connection broke before the server could accept the message.
    Broken(String),
    /// The connection broke after the whole message was sent.
    Unknown(String),
}

/// Creates the TLS settings: the system's certificates and those of a PEM file.
///
/// # Errors
/// If the file has no certificate, or the system's certificates cannot be used.
pub(super) fn tls(server: &SmtpServer, ca: Option<&[u8]>) -> Result<TlsParameters, String> {
    let mut builder = TlsParameters::builder(server.host.clone());
    if let Some(pem) = ca {
        let text = String::from_utf8_lossy(pem);
        if !text.contains("-----BEGIN CERTIFICATE-----") {
            return Err("it contains no certificate in PEM format".to_owned());
        }
        builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(|error| reason(&error))?);
    }
    builder.build().map_err(|error| reason(&error))
}

impl Connector<'_> {
    /// Connects, encrypts and authenticates.
    ///
    /// # Errors
    /// If the server cannot be used now or at all.
    pub(super) fn connect(&self) -> Result<Session, NoSession> {
        let server = self.server;
        let implicit = (server.encryption == Encryption::Implicit).then_some(&self.tls);
        let address = (server.host.as_str(), server.port);
        let mut connection = SmtpConnection::connect(address, Some(self.timeout), &self.hello, implicit, None)
            .map_err(|error| self.failed("connect to", &error))?;
        if implicit.is_none() {
            if connection.can_starttls() {
                connection.starttls(&self.tls, &self.hello).map_err(|error| self.failed("start TLS with", &error))?;
            } else if server.encryption != Encryption::Optional {
                connection.abort();
                return Err(NoSession::Never {
                    message: format!(
                        "the SMTP server {server} offers no STARTTLS, so the connection would not be encrypted"
                    ),
                    help: "use smtps://, or the server's port with STARTTLS (usually 587); only a server on this machine is used without encryption",
                });
            }
        }
        if let Some((user, password)) = server.credentials() {
            const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
            if connection.server_info().get_auth_mechanism(&MECHANISMS).is_none() {
                connection.abort();
                return Err(NoSession::Never {
                    message: format!("the SMTP server {server} offers no authentication with user and password"),
                    help: "remove user and password from SMTP_URL, or use the server's port for submission (465 or 587)",
                });
            }
            let credentials = Credentials::new(user.to_owned(), password.to_owned());
            connection.auth(&MECHANISMS, &credentials).map_err(|error| self.failed("log in to", &error))?;
        }
        Ok(Session { connection })
    }

    fn failed(&self, what: &str, error: &SmtpError) -> NoSession {
        let server = self.server;
        let why = reason(error);
        let message = format!("cannot {what} the SMTP server {server}: {why}");
        if why.contains("certificate") {
            let help = "use the host that the certificate names; for a private certificate authority, set --ca-file to its certificate";
            return NoSession::Never { message, help };
        }
        if error.is_permanent() {
            let help = match what {
                "log in to" => "check the user and the password in SMTP_URL",
                _ => "check the host and the port in SMTP_URL, and whether the server requires a user and a password",
            };
            return NoSession::Never { message, help };
        }
        if why.contains("failed to lookup address") {
            return NoSession::Never { message, help: "check the host in SMTP_URL" };
        }
        NoSession::ForNow(message)
    }
}

/// An open connection.
pub(super) struct Session {
    connection: SmtpConnection,
}

impl Session {
    /// Sends a message to one recipient. After [`Answer::Broken`] and [`Answer::Unknown`], the session cannot be used any more.
    pub(super) fn deliver(&mut self, from: &Email, to: &Email, message: &[u8]) -> Answer {
        let (from, to) = match (address(from), address(to)) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(why), _) => return Answer::Refused(why),
            (_, Err(why)) => return Answer::Rejected(why),
        };
        let connection = &mut self.connection;
        if let Err(error) = connection.command(Mail::new(Some(from), Vec::new())) {
            return self.refused(&error);
        }
        if let Err(error) = connection.command(Rcpt::new(to, Vec::new())) {
            return match Refusal::of(&error) {
                _ if !error.is_permanent() => self.refused(&error),
                Refusal::Sender => Answer::Refused(reason(&error)),
                Refusal::Policy => self.after_reset(Answer::MessageRefused(reason(&error))),
                Refusal::Recipient => self.after_reset(Answer::Rejected(reason(&error))),
            };
        }
        match connection.command(Data) {
            Ok(response) if response.has_code(354) => {}
            Ok(response) => return Answer::Broken(format!("unexpected reply to DATA: {}", response.code())),
            Err(error) => return self.message_refused(&error),
        }
        match connection.message(message) {
            Ok(response) if response.code().to_string().starts_with('2') => Answer::Accepted(format!(
                "{} {}",
                response.code(),
                response.first_line().map(one_line).unwrap_or_default()
            )),
            Ok(response) => Answer::Unknown(format!("unexpected reply to the message: {}", response.code())),
            Err(error) if error.status().is_some() => self.message_refused(&error),
            Err(error) => Answer::Unknown(reason(&error)),
        }
    }

    /// Classifies a negative reply that is not about the recipient's address, unless its status code (RFC 3463) says so.
    fn refused(&mut self, error: &SmtpError) -> Answer {
        let why = reason(error);
        match error.status() {
            None => Answer::Broken(why),
            Some(_) if error.is_transient() => self.after_reset(Answer::ForNow(why)),
            Some(_) if is_about_recipient(error) => self.after_reset(Answer::Rejected(why)),
            Some(_) => Answer::Refused(why),
        }
    }

    /// Classifies a negative reply to the message. The server may have it from the recipient's system, so it says nothing about others.
    fn message_refused(&mut self, error: &SmtpError) -> Answer {
        match self.refused(error) {
            Answer::Refused(why) => self.after_reset(Answer::MessageRefused(why)),
            answer => answer,
        }
    }

    /// Prepares the connection for the next message. A broken connection is noticed by the next command.
    fn after_reset(&mut self, answer: Answer) -> Answer {
        let _ = self.connection.command(Rset);
        answer
    }

    /// Ends the session.
    pub(super) fn quit(mut self) {
        let _ = self.connection.quit();
    }
}

/// What a server refuses when it refuses a recipient for good. Servers may say only then that they refuse the client or the sender.
enum Refusal {
    /// This recipient.
    Recipient,
    /// Perhaps this recipient, and perhaps any.
    Policy,
    /// The client or the sender, whoever the recipient is.
    Sender,
}

impl Refusal {
    /// Reads the status codes (RFC 5321, RFC 4954 and RFC 3463). Not all servers send a code for a refusal to relay messages.
    fn of(error: &SmtpError) -> Refusal {
        let (code, why) = (status_code(error), reason(error));
        if why.starts_with("530 ") || SENDER_CODES.contains(&code.as_str()) {
            return Refusal::Sender;
        }
        match code.starts_with("5.7.") || why.to_ascii_lowercase().contains("relay") {
            true => Refusal::Policy,
            false => Refusal::Recipient,
        }
    }
}

/// The status codes about the sender's address (RFC 3463, 3.2).
const SENDER_CODES: [&str; 2] = ["5.1.7", "5.1.8"];

/// Returns the enhanced status code of a reply (RFC 3463), or its first word.
fn status_code(error: &SmtpError) -> String {
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Returns whether the status code of a reply is about the recipient's address (5.1.x) or mailbox (5.2.x), but not about the
/// sender's address or the size of the message (5.2.3).
fn is_about_recipient(error: &SmtpError) -> bool {
    let code = status_code(error);
    (code.starts_with("5.1.") && !SENDER_CODES.contains(&code.as_str()))
        || (code.starts_with("5.2.") && code != "5.2.3")
}

/// Describes an error in one line: the reply of the server with its code, or what broke.
fn reason(error: &SmtpError) -> String {
    let source = error.source().map(|source| one_line(&source.to_string())).unwrap_or_default();
    match error.status() {
        Some(code) => format!("{code} {source}").trim_end().to_owned(),
        None if error.is_timeout() || source.contains("os error 11)") => "no answer in time".to_owned(),
        None if source.is_empty() || source == "incomplete response" => "the server closed the connection".to_owned(),
        None => source,
    }
}
