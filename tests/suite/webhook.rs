//! Notices by webhook: signed requests that are repeated only if the receiver is not available.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use candor::model::Digest;
use candor::notice::message::Message;
use candor::notice::webhook::{Patience, WebhookAddress, WebhookError, WebhookSecret, post};

const BODY: &str = "{\"version\":\"2026-05-22\",\"text\":\"Grüße\"}\n";

/// A listener that answers requests with these status lines in turn, and the last one from then on. `""` closes the connection.
struct Receiver {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<(String, String)>>>,
    stop: Arc<AtomicBool>,
}

impl Receiver {
    fn start(answers: &'static [&'static str]) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (requests, stop) = (Arc::<Mutex<Vec<(String, String)>>>::default(), Arc::<AtomicBool>::default());
        let (received, stopped) = (Arc::clone(&requests), Arc::clone(&stop));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let Some(request) = request(&mut stream) else { continue };
                let at = {
                    let mut received = received.lock().expect("the list");
                    received.push(request);
                    received.len() - 1
                };
                let answer = answers[at.min(answers.len() - 1)];
                if !answer.is_empty() {
                    let _ = write!(stream, "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                }
            }
        });
        Receiver { address, requests, stop }
    }

    fn post(&self, retries: u32) -> Result<u16, WebhookError> {
        let address: WebhookAddress = format!("http://{}/hook?token=t0ken", self.address).parse().expect("an address");
        let secret: WebhookSecret = "whsec_0123456789abcdef".parse().expect("a secret");
        let patience = Patience { retries, wait: Duration::from_millis(1), timeout: Duration::from_secs(30) };
        let now = || jiff::Timestamp::from_second(1_779_444_000).expect("a time");
        post(&address, &secret, &message(), patience, &now)
    }

    fn requests(&self) -> Vec<(String, String)> {
        self.requests.lock().expect("the list").clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // The listener checks the flag when a connection arrives.
        let _ = TcpStream::connect(self.address);
    }
}

/// Reads the head and the body of a request.
fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut lines = BufReader::new(stream);
    let mut head = String::new();
    while lines.read_line(&mut head).ok()? > 2 {}
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok())?;
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn message() -> Message {
    Message {
        version: "2026-05-22".parse().expect("a version"),
        record: Digest::of(b"record"),
        subject: "Acme: a new subprocessor".to_owned(),
        text: "Hello".to_owned(),
        html: "<p>Hello</p>".to_owned(),
        json: BODY.to_owned(),
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    let name = format!("{}: ", name.to_lowercase());
    head.lines().find_map(|line| line.to_lowercase().starts_with(&name).then(|| line[name.len()..].to_owned()))
}

#[test]
fn posts_the_json_with_a_signature_and_an_idempotency_key() {
    let receiver = Receiver::start(&["204 No Content"]);
    assert_eq!(receiver.post(0).expect("delivered"), 204);
    let requests = receiver.requests();
    let [(head, body)] = requests.as_slice() else { panic!("{requests:?}") };
    assert!(head.starts_with("POST /hook?token=t0ken HTTP/1.1\r\n"), "{head}");
    assert_eq!(body, BODY);
    assert_eq!(header(head, "Content-Type").as_deref(), Some("application/json"));
    assert_eq!(header(head, "Idempotency-Key"), Some(format!("2026-05-22-{}", Digest::of(b"record"))));
    let secret: WebhookSecret = "whsec_0123456789abcdef".parse().expect("a secret");
    assert_eq!(header(head, "Candor-Signature"), Some(secret.sign(1_779_444_000, BODY)));
}

#[test]
fn tries_again_while_the_receiver_is_not_available() {
    for unavailable in [
        &["500 Internal Server Error", "200 OK"][..],
        &["503 Service Unavailable\r\nRetry-After: 0", "200 OK"],
        &["429 Too Many Requests", "200 OK"],
        &["408 Request Timeout", "200 OK"],
        &["", "200 OK"],
    ] {
        let receiver = Receiver::start(Box::leak(unavailable.to_vec().into_boxed_slice()));
        assert_eq!(receiver.post(2).expect("delivered"), 200, "{unavailable:?}");
        let requests = receiver.requests();
        // A client may repeat a request by itself if the connection was closed.
        assert!(requests.len() >= 2, "{unavailable:?}");
        let keys: Vec<_> = requests.iter().map(|(head, _)| header(head, "Idempotency-Key")).collect();
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1] && pair[0].is_some()), "{keys:?}");
    }
    let receiver = Receiver::start(&["500 Internal Server Error"]);
    let error = receiver.post(2).expect_err("never delivered");
    assert_eq!(receiver.requests().len(), 3);
    assert!(error.to_string().contains("in 3 attempts: 500 Internal Server Error"), "{error}");
    assert!(!error.to_string().contains("t0ken"), "{error}");
}

#[test]
fn neither_repeats_a_refused_request_nor_follows_a_redirect() {
    for answer in [
        &["400 Bad Request"][..],
        &["401 Unauthorized"],
        &["404 Not Found"],
        &["301 Moved Permanently\r\nLocation: /elsewhere"],
        &["307 Temporary Redirect\r\nLocation: /elsewhere"],
    ] {
        let receiver = Receiver::start(Box::leak(answer.to_vec().into_boxed_slice()));
        let error = receiver.post(3).expect_err("refused");
        assert!(matches!(error, WebhookError::Refused { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("t0ken") && !error.help().is_empty(), "{error}");
        assert_eq!(receiver.requests().len(), 1, "{answer:?}");
    }
}
