//! Fetching published files over HTTP: limits, redirects, proxies and certificates behave the same with either client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use candor::fetch::{Client, FetchError};
use candor::model::WebUrl;

use crate::support::tls_server;

/// A server that answers each connection by calling a function of the request's path.
struct ScriptedServer {
    address: SocketAddr,
    /// The heads of all requests, in the order of arrival.
    heads: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
}

impl ScriptedServer {
    fn start(
        answer: impl Fn(&str, &mut dyn Write, &AtomicBool) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> ScriptedServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (heads, stop) = (Arc::<Mutex<Vec<String>>>::default(), Arc::<AtomicBool>::default());
        let (received, stopped, answer) = (Arc::clone(&heads), Arc::clone(&stop), Arc::new(answer));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let (received, stopped, answer) = (Arc::clone(&received), Arc::clone(&stopped), Arc::clone(&answer));
                thread::spawn(move || {
                    let head = head(&mut stream);
                    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
                    received.lock().expect("the list").push(head);
                    // Tests include clients that disconnect.
                    let _ = answer(&path, &mut stream, &stopped);
                });
            }
        });
        ScriptedServer { address, heads, stop }
    }

    fn url(&self, path: &str) -> WebUrl {
        format!("http://{}/{path}", self.address).parse().expect("a URL")
    }

    fn requests(&self) -> Vec<String> {
        let heads = self.heads.lock().expect("the list");
        heads.iter().map(|head| head.lines().next().unwrap_or_default().to_owned()).collect()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // The listener checks the flag when a connection arrives.
        let _ = TcpStream::connect(self.address);
    }
}

/// Reads the head of a request.
fn head(stream: &mut impl Read) -> String {
    let mut head = String::new();
    let mut lines = BufReader::new(stream);
    while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
    head
}

fn ok(out: &mut dyn Write, body: &str) -> std::io::Result<()> {
    write!(out, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn redirect(out: &mut dyn Write, target: &str) -> std::io::Result<()> {
    write!(out, "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn client() -> Client {
    Client::new().expect("a client")
}

/// Returns why a URL cannot be fetched.
fn unreachable(server: &ScriptedServer, path: &str) -> String {
    match client().get(&server.url(path), 100) {
        Err(FetchError::Unreachable { url, reason }) => {
            assert_eq!(url, server.url(path).to_string());
            reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn file_is_fetched_with_one_request_with_a_user_agent() {
    let server = ScriptedServer::start(|_, out, _| ok(out, "{}"));
    assert_eq!(client().get(&server.url("releases/index.json"), 100).expect("a file"), b"{}");
    assert_eq!(server.requests(), ["GET /releases/index.json HTTP/1.1"]);
    let head = server.heads.lock().expect("the list")[0].to_lowercase();
    assert!(head.contains(&format!("\nuser-agent: candor/{}\r\n", env!("CARGO_PKG_VERSION"))), "{head}");
}

#[test]
fn non_success_status_is_an_error() {
    let server = ScriptedServer::start(|path, out, _| {
        write!(out, "HTTP/1.1 {} Said\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody", &path[1..])
    });
    for status in [304, 404, 500] {
        let answer = client().get(&server.url(&status.to_string()), 100);
        assert!(matches!(answer, Err(FetchError::Status { status: reported, .. }) if reported == status), "{answer:?}");
    }
}

#[test]
fn rejects_files_larger_than_the_limit() {
    let server = ScriptedServer::start(|path, out, stop| match path {
        "/exact" => ok(out, &"x".repeat(100)),
        "/more" => ok(out, &"x".repeat(101)),
        _ => {
            write!(out, "HTTP/1.1 200 OK\r\n\r\n")?;
            while !stop.load(Ordering::SeqCst) {
                out.write_all(&[b'x'; 1024])?;
            }
            Ok(())
        }
    });
    assert_eq!(client().get(&server.url("exact"), 100).expect("a file").len(), 100);
    for path in ["more", "endless"] {
        let answer = client().get(&server.url(path), 100);
        assert!(matches!(answer, Err(FetchError::TooLarge { limit: 100, .. })), "{path}: {answer:?}");
    }
}

#[test]
fn follows_at_most_five_redirects() {
    let server = ScriptedServer::start(|path, out, _| match path.trim_matches('/').parse::<u32>() {
        Ok(0) => ok(out, "here"),
        Ok(left) => redirect(out, &(left - 1).to_string()),
        Err(_) => redirect(out, "ftp://example.com/"),
    });
    assert_eq!(client().get(&server.url("5"), 100).expect("a file"), b"here");
    assert_eq!(unreachable(&server, "6"), "redirects more than 5 times");
    assert_eq!(unreachable(&server, "away"), "redirects to `ftp://example.com/`, which is not a web page");
}

#[test]
fn slow_server_times_out() {
    let server = ScriptedServer::start(|path, out, stop| {
        if path == "/body" {
            write!(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")?;
        }
        while !stop.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    });
    let client = Client::with_timeout(Duration::from_millis(300)).expect("a client");
    for (path, expected) in [("head", "no answer within 0.3 s"), ("body", "no answer within 0.3 s")] {
        match client.get(&server.url(path), 100) {
            Err(FetchError::Unreachable { reason, .. }) => assert_eq!(reason, expected, "{path}"),
            other => panic!("{path}: {other:?}"),
        }
    }
}

#[test]
fn broken_connection_is_an_error() {
    let server = ScriptedServer::start(|path, out, _| match path {
        "/short" => write!(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        "/noise" => out.write_all(b"\0\x01 this is not HTTP\r\n\r\n"),
        _ => Ok(()),
    });
    for path in ["short", "noise", "nothing"] {
        assert!(!unreachable(&server, path).is_empty());
    }
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let url = format!("http://{closed}/").parse().expect("a URL");
    let refused = client().get(&url, 100).expect_err("no listener").to_string();
    assert!(
        refused.starts_with(&format!("cannot fetch http://{closed}/: ")) && refused.contains("refused"),
        "{refused}"
    );
}

#[test]
fn unknown_host_is_reported() {
    let url = "http://no-such-host.invalid/".parse().expect("a URL");
    let unknown = client().get(&url, 100).expect_err("no such host").to_string();
    assert_eq!(unknown, "cannot fetch http://no-such-host.invalid/: the host is unknown");
}

/// Returns what `candor verify` reports with only these environment variables.
fn verify(url: &str, variables: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_candor"))
        .args(["verify", url])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("the program starts");
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[test]
fn uses_the_proxy_from_the_environment() {
    let proxy = ScriptedServer::start(|_, out, _| write!(out, "HTTP/1.1 418 Said\r\nContent-Length: 0\r\n\r\n"));
    let address = format!("http://{}", proxy.address);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let before = proxy.requests().len();
        let output = verify("http://trust.invalid/", &[(name, &address)]);
        let requests = proxy.requests();
        assert!(requests.len() > before && requests[before].contains("trust.invalid"), "{name}: {requests:?} {output}");
    }
    let before = proxy.requests().len();
    let output = verify("http://trust.invalid/", &[("HTTP_PROXY", &address), ("NO_PROXY", "trust.invalid")]);
    assert_eq!(proxy.requests().len(), before, "{output}");
}

/// Starts a server that has a self-signed certificate and answers 404. Returns its address and the certificate in PEM.
fn self_signed_server() -> (SocketAddr, String) {
    tls_server(|session, stream| {
        let mut secure = rustls::Stream::new(session, stream);
        head(&mut secure);
        let _ = secure.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        session.send_close_notify();
        let _ = session.complete_io(stream);
    })
}

#[test]
#[cfg(target_os = "linux")]
fn trusts_only_system_certificates() {
    let (address, certificate) = self_signed_server();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, certificate).expect("a file");
    let url = format!("https://localhost:{}/", address.port());
    let trusted = verify(&url, &[("SSL_CERT_FILE", file.to_str().expect("UTF-8"))]);
    assert!(trusted.contains("returned status 404"), "{trusted}");
    let unknown = verify(&url, &[]);
    assert!(unknown.contains("certificate"), "{unknown}");
}
