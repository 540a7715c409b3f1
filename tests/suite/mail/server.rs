//! An SMTP server on loopback that follows a script.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::support::tls_identity;

/// A point of a session at which the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Hello,
    StartTls,
    Auth,
    Mail,
    Recipient,
    Data,
    Message,
}

/// What the client just sent.
#[derive(Debug)]
pub struct Step<'a> {
    pub stage: Stage,
    /// The number of times that this stage was reached before, in all sessions.
    pub before: usize,
    /// The recipient, from RCPT on.
    pub recipient: &'a str,
}

/// What the server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Answers as a server usually does, and accepts messages.
    Proceed,
    /// Answers with this reply. A message is delivered only if the reply begins with 2.
    Say(&'static str),
    /// Closes the connection. A message is not delivered.
    Close,
    /// Delivers the message, and closes the connection without a reply.
    DeliverAndClose,
    /// Never answers. A message is not delivered.
    Hang,
}

/// A delivered message.
#[derive(Debug, Clone)]
pub struct Delivered {
    pub recipient: String,
    pub text: String,
    pub was_encrypted: bool,
}

type Script = dyn Fn(&Step<'_>) -> Deed + Send + Sync;

struct State {
    script: Box<Script>,
    offers: &'static [&'static str],
    reached: Mutex<Vec<Stage>>,
    delivered: Mutex<Vec<Delivered>>,
    logins: Mutex<Vec<String>>,
    stop: AtomicBool,
    tls: Arc<rustls::ServerConfig>,
}

pub struct SmtpScript {
    pub address: SocketAddr,
    pub certificate: String,
    state: Arc<State>,
}

impl SmtpScript {
    /// Starts a server that offers these extensions.
    pub fn start(
        offers: &'static [&'static str],
        script: impl Fn(&Step<'_>) -> Deed + Send + Sync + 'static,
    ) -> SmtpScript {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (tls, certificate) = tls_identity();
        let state = Arc::new(State {
            script: Box::new(script),
            offers,
            reached: Mutex::default(),
            delivered: Mutex::default(),
            logins: Mutex::default(),
            stop: AtomicBool::new(false),
            tls,
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.stop.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&shared);
                // Tests include clients and servers that disconnect.
                thread::spawn(move || drop(Session { state: &shared, is_encrypted: false }.serve(stream)));
            }
        });
        SmtpScript { address, certificate, state }
    }

    pub fn delivered(&self) -> Vec<Delivered> {
        self.state.delivered.lock().expect("the list").clone()
    }

    /// Returns the recipients of the delivered messages, sorted.
    pub fn recipients(&self) -> Vec<String> {
        let mut recipients: Vec<String> = self.delivered().into_iter().map(|message| message.recipient).collect();
        recipients.sort();
        recipients
    }

    /// Returns how often a stage was reached.
    pub fn count(&self, stage: Stage) -> usize {
        self.state.reached.lock().expect("the list").iter().filter(|reached| **reached == stage).count()
    }

    /// Returns the arguments of the AUTH commands.
    pub fn logins(&self) -> Vec<String> {
        self.state.logins.lock().expect("the list").clone()
    }
}

impl Drop for SmtpScript {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        // The listener checks the flag when a connection arrives.
        let _ = TcpStream::connect(self.address);
    }
}

struct Session<'a> {
    state: &'a State,
    is_encrypted: bool,
}

/// How a conversation ended.
enum End {
    Closed,
    StartTls,
}

impl Session<'_> {
    fn serve(mut self, mut stream: TcpStream) -> io::Result<()> {
        if let End::StartTls = self.talk(&mut stream, true)? {
            self.is_encrypted = true;
            let connection = rustls::ServerConnection::new(Arc::clone(&self.state.tls)).map_err(io::Error::other)?;
            self.talk(&mut rustls::StreamOwned::new(connection, stream), false)?;
        }
        Ok(())
    }

    fn talk(&self, stream: &mut (impl Read + Write), greet: bool) -> io::Result<End> {
        let mut lines = BufReader::new(stream);
        if greet && !self.answer(Stage::Greeting, "", "220 mail.test ready", lines.get_mut())? {
            return Ok(End::Closed);
        }
        let mut recipient = String::new();
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(End::Closed);
            }
            let line = line.trim_end();
            let (stage, usual) = match line.to_uppercase().split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    let offers: Vec<&str> = self
                        .state
                        .offers
                        .iter()
                        .copied()
                        .filter(|offer| !(self.is_encrypted && *offer == "STARTTLS"))
                        .collect();
                    let mut names = vec!["mail.test"];
                    names.extend(offers);
                    let last = names.len() - 1;
                    let reply: Vec<String> = names
                        .iter()
                        .enumerate()
                        .map(|(at, name)| format!("250{}{name}", if at == last { ' ' } else { '-' }))
                        .collect();
                    (Stage::Hello, reply.join("\r\n"))
                }
                "STARTTLS" => (Stage::StartTls, "220 go ahead".to_owned()),
                "AUTH" => {
                    self.state.logins.lock().expect("the list").push(line.to_owned());
                    (Stage::Auth, "235 welcome".to_owned())
                }
                "MAIL" => (Stage::Mail, "250 sender ok".to_owned()),
                "RCPT" => {
                    recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    (Stage::Recipient, "250 recipient ok".to_owned())
                }
                "DATA" => (Stage::Data, "354 go ahead".to_owned()),
                "QUIT" => return Ok(End::Closed),
                _ => {
                    write!(lines.get_mut(), "250 ok\r\n")?;
                    continue;
                }
            };
            match self.deed(stage, &recipient) {
                Deed::Proceed => write!(lines.get_mut(), "{usual}\r\n")?,
                Deed::Say(reply) => {
                    write!(lines.get_mut(), "{reply}\r\n")?;
                    if reply.starts_with("421") {
                        return Ok(End::Closed);
                    }
                    continue;
                }
                Deed::Close | Deed::DeliverAndClose => return Ok(End::Closed),
                Deed::Hang => return self.hang(),
            }
            match stage {
                Stage::StartTls => return Ok(End::StartTls),
                Stage::Data => {
                    let text = message(&mut lines)?;
                    let deliver = || {
                        let message =
                            Delivered { recipient: recipient.clone(), text, was_encrypted: self.is_encrypted };
                        self.state.delivered.lock().expect("the list").push(message);
                    };
                    match self.deed(Stage::Message, &recipient) {
                        Deed::Proceed => {
                            deliver();
                            write!(lines.get_mut(), "250 2.0.0 queued\r\n")?;
                        }
                        Deed::Say(reply) => {
                            if reply.starts_with('2') {
                                deliver();
                            }
                            write!(lines.get_mut(), "{reply}\r\n")?;
                        }
                        Deed::Close => return Ok(End::Closed),
                        Deed::DeliverAndClose => {
                            deliver();
                            return Ok(End::Closed);
                        }
                        Deed::Hang => return self.hang(),
                    }
                }
                _ => {}
            }
        }
    }

    fn deed(&self, stage: Stage, recipient: &str) -> Deed {
        let before = {
            let mut reached = self.state.reached.lock().expect("the list");
            let before = reached.iter().filter(|other| **other == stage).count();
            reached.push(stage);
            before
        };
        (self.state.script)(&Step { stage, before, recipient })
    }

    fn answer(&self, stage: Stage, recipient: &str, usual: &str, out: &mut impl Write) -> io::Result<bool> {
        let reply = match self.deed(stage, recipient) {
            Deed::Proceed => usual,
            Deed::Say(reply) => reply,
            Deed::Close | Deed::DeliverAndClose => return Ok(false),
            Deed::Hang => {
                self.hang()?;
                return Ok(false);
            }
        };
        write!(out, "{reply}\r\n")?;
        Ok(reply.starts_with('2'))
    }

    /// Keeps the connection open until the test ends.
    fn hang(&self) -> io::Result<End> {
        while !self.state.stop.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(5));
        }
        Ok(End::Closed)
    }
}

/// Reads a message up to its final dot.
fn message(lines: &mut impl BufRead) -> io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
