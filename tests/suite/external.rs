//! `candor check --external` with servers that misbehave in every way that real servers do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use candor::check::external::links;
use candor::fetch::probe::{Answer, Effort, PER_HOST, probe};
use snapbox::{assert_data_eq, str};
use url::Url;

use crate::support::{Project, tls_server};

/// Longer than any operation in this file takes, even on a busy machine.
const TEST_TIMEOUT: Duration = Duration::from_secs(600);

/// Requests that the server received, and state that changes its answers.
#[derive(Default)]
struct ServerState {
    /// `METHOD /path`, in the order of arrival.
    requests: Mutex<Vec<String>>,
    /// Requests in progress, and the highest number of them so far.
    current: AtomicUsize,
    peak: AtomicUsize,
}

/// A server with a path for each kind of misbehavior.
struct FaultyServer {
    address: SocketAddr,
    state: Arc<ServerState>,
    stop: Arc<AtomicBool>,
}

impl FaultyServer {
    fn start() -> FaultyServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (state, stop) = (Arc::<ServerState>::default(), Arc::<AtomicBool>::default());
        let (shared, stopped) = (Arc::clone(&state), Arc::clone(&stop));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let (state, stopped) = (Arc::clone(&shared), Arc::clone(&stopped));
                thread::spawn(move || misbehave(stream, &state, &stopped));
            }
        });
        FaultyServer { address, state, stop }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    fn ask(&self, path: &str) -> Answer {
        ask(&self.url(path))
    }

    /// Returns the methods of the requests for a path.
    fn requests(&self, path: &str) -> Vec<String> {
        let all = self.state.requests.lock().expect("the list");
        let of_path = all.iter().filter_map(|request| request.split_once(' ')).filter(|(_, asked)| *asked == path);
        of_path.map(|(method, _)| method.to_owned()).collect()
    }
}

impl Drop for FaultyServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // The listener checks the flag when a connection arrives.
        let _ = TcpStream::connect(self.address);
    }
}

/// Answers one request on one connection.
fn misbehave(mut stream: TcpStream, state: &ServerState, stop: &AtomicBool) {
    let mut line = String::new();
    let mut head = BufReader::new(stream.try_clone().expect("a second handle"));
    if head.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let mut rest = String::new();
    while head.read_line(&mut rest).is_ok_and(|read| read > 2) {
        rest.clear();
    }
    let mut words = line.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let before = {
        let mut requests = state.requests.lock().expect("the list");
        requests.push(format!("{method} {path}"));
        requests.iter().filter(|request| **request == format!("{method} {path}")).count()
    };
    state.peak.fetch_max(state.current.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    let head = method == "HEAD";
    let (status, headers) = match path {
        "/no-head" if head => ("405 Method Not Allowed", String::new()),
        "/head-lies" if head => ("404 Not Found", String::new()),
        "/gone" => ("404 Not Found", String::new()),
        "/login" => ("401 Unauthorized", String::new()),
        "/broken" => ("500 Internal Server Error", String::new()),
        "/busy" if before == 1 => ("503 Service Unavailable", "Retry-After: 0\r\n".into()),
        "/moved" => ("301 Moved Permanently", "Location: /fine\r\n".into()),
        "/moved-twice" => ("308 Permanent Redirect", "Location: /moved\r\n".into()),
        "/lent" => ("302 Found", "Location: /moved\r\n".into()),
        "/circle" => ("302 Found", "Location: /circle/2\r\n".into()),
        "/circle/2" => ("302 Found", "Location: /circle\r\n".into()),
        "/to-mail" => ("302 Found", "Location: mailto:a@example.com\r\n".into()),
        "/to-gone" => ("301 Moved Permanently", "Location: /gone\r\n".into()),
        path if path.starts_with("/deeper") => ("302 Found", format!("Location: {path}x\r\n")),
        "/slow" => {
            while !stop.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(10));
            }
            return;
        }
        "/hang-up" => return,
        "/noise" => {
            let _ = stream.write_all(b"\0\x01 this is no HTTP\r\n\r\n");
            return;
        }
        path if path.starts_with("/crowd") => {
            // Long enough for all concurrent requests to arrive.
            thread::sleep(Duration::from_millis(20));
            ("200 OK", String::new())
        }
        // An endless body, which the client must not read.
        "/endless" if !head => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
            while !stop.load(Ordering::SeqCst) && stream.write_all(&[b'x'; 1024]).is_ok() {}
            return;
        }
        "/endless" => ("501 Not Implemented", String::new()),
        _ => ("200 OK", String::new()),
    };
    state.current.fetch_sub(1, Ordering::SeqCst);
    let _ = stream
        .write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n{headers}Connection: close\r\n\r\n").as_bytes());
}

/// Limits that a busy machine cannot exceed. Requests that must time out are never answered.
fn generous_limits() -> Effort {
    Effort { timeout: Duration::from_secs(600), attempts: 3, pause: Duration::from_millis(1) }
}

fn ask(url: &str) -> Answer {
    let url: Url = url.parse().expect("an address");
    probe(&[url], generous_limits()).expect("a client").pop().expect("an answer")
}

fn reason(answer: Answer) -> String {
    match answer {
        Answer::Failed { reason } => reason,
        other => panic!("not a failure: {other:?}"),
    }
}

#[test]
fn existing_page_gets_one_head_request() {
    let server = FaultyServer::start();
    assert_eq!(server.ask("fine#part"), Answer::Fine);
    assert_eq!(server.requests("/fine"), ["HEAD"]);
}

#[test]
fn falls_back_to_get_if_head_fails() {
    let server = FaultyServer::start();
    for path in ["no-head", "head-lies", "endless"] {
        assert_eq!(server.ask(path), Answer::Fine, "{path}");
        assert_eq!(server.requests(&format!("/{path}")), ["HEAD", "GET"]);
    }
}

#[test]
fn missing_page_is_not_retried() {
    let server = FaultyServer::start();
    assert_eq!(server.ask("gone"), Answer::Gone { status: 404 });
    assert_eq!(server.requests("/gone"), ["HEAD", "GET"]);
    assert_eq!(server.ask("login"), Answer::Refused { status: 401 });
}

#[test]
fn server_error_gets_three_attempts() {
    let server = FaultyServer::start();
    assert_eq!(reason(server.ask("broken")), "returned status 500 Internal Server Error");
    assert_eq!(server.requests("/broken"), ["HEAD", "GET", "HEAD", "GET", "HEAD", "GET"]);
    assert_eq!(server.ask("busy"), Answer::Fine);
    assert_eq!(server.requests("/busy"), ["HEAD", "HEAD"]);
}

#[test]
fn unresponsive_servers_are_reported() {
    let server = FaultyServer::start();
    let slow: Url = server.url("slow").parse().expect("an address");
    let answer = probe(&[slow], Effort { timeout: Duration::from_secs(1), ..generous_limits() });
    let answer = answer.expect("a client").pop().expect("an answer");
    assert_eq!(reason(answer), "did not respond within 1 s");
    // The server may log a request only after the client has given up.
    let start = Instant::now();
    while server.requests("/slow").len() < 3 && start.elapsed() < TEST_TIMEOUT {
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(server.requests("/slow").len(), 3);
    let hung_up = reason(server.ask("hang-up"));
    assert!(hung_up.starts_with("closed the connection"), "{hung_up}");
    let noise = reason(server.ask("noise"));
    assert!(noise.starts_with("closed the connection"), "{noise}");
    // A port that is no longer listening.
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let refused = reason(ask(&format!("http://{closed}/")));
    assert!(refused.starts_with("closed the connection"), "{refused}");
}

#[test]
fn permanent_and_temporary_redirects_are_distinguished() {
    let server = FaultyServer::start();
    assert_eq!(server.ask("moved"), Answer::Moved { to: server.url("fine") });
    assert_eq!(server.ask("moved-twice"), Answer::Moved { to: server.url("fine") });
    // With a temporary redirect on the way, the old address is the one to keep.
    assert_eq!(server.ask("lent"), Answer::Fine);
    assert_eq!(server.ask("to-gone"), Answer::Gone { status: 404 });
    assert_eq!(reason(server.ask("circle")), format!("redirects in a loop, back to {}", server.url("circle")));
    assert_eq!(reason(server.ask("deeper")), "redirects more than 10 times");
    assert_eq!(reason(server.ask("to-mail")), "redirects to `mailto:a@example.com`, which is not a web page");
}

#[test]
fn concurrent_requests_per_host_are_limited() {
    let server = FaultyServer::start();
    let addresses: Vec<Url> =
        (0..24).map(|at| server.url(&format!("crowd/{at}")).parse().expect("an address")).collect();
    let answers = probe(&addresses, generous_limits()).expect("a client");
    assert!(answers.iter().all(|answer| *answer == Answer::Fine), "{answers:?}");
    let peak = server.state.peak.load(Ordering::SeqCst);
    assert!((1..=PER_HOST).contains(&peak), "{peak} concurrent requests");
}

#[test]
fn untrusted_certificate_is_a_diagnostic() {
    // The client aborts the handshake, as expected.
    let (address, _) = tls_server(|session, stream| {
        let _ = rustls::Stream::new(session, stream).read(&mut [0; 64]);
    });
    let found = reason(ask(&format!("https://localhost:{}/", address.port())));
    assert!(found.starts_with("has no valid certificate"), "{found}");

    let plain = FaultyServer::start();
    let found = reason(ask(&plain.url("").replacen("http", "https", 1)));
    assert!(found.starts_with("has no valid certificate") || found.starts_with("closed the connection"), "{found}");
}

#[test]
fn broken_url_is_reported_at_every_use() {
    let server = FaultyServer::start();
    let (gone, moved) = (server.url("gone"), server.url("moved"));
    let site = format!("{}base_url: https://trust.myexample.com\n", crate::support::SITE);
    let project = Project::new()
        .file("content/site.yaml", &site)
        .file(
            "content/data/subprocessors.yaml",
            format!("- id: one\n  name: One\n  purpose: Hosting\n  data_categories: [Names]\n  website: {gone}\n  dpa_url: {moved}\n"),
        )
        .file(
            "content/sections/10-a.md",
            format!("---\ntitle: A\n---\nSee [this]({gone}) and [that]({}).\n", server.url("fine")),
        );
    let run = project.run(["check", "--external", "--timeout", "600"]);
    assert_eq!(run.code, Some(1));
    assert_data_eq!(
        run.stderr.replace(&server.address.to_string(), "127.0.0.1:PORT"),
        str![[r#"
warning[unreleased-changes]: there is no release yet, and only releases can be published
 |
 = help: create the first release with `candor release -m "First release"`, or preview the page with `candor build --draft`

error[external-link-broken]: `http://127.0.0.1:PORT/gone` does not exist: the server returned status 404
 --> content/data/subprocessors.yaml:5:12
  |
5 |   website: http://127.0.0.1:PORT/gone
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: find the new address of the page, or remove the link

warning[external-link-moved]: `http://127.0.0.1:PORT/moved` redirects permanently
 --> content/data/subprocessors.yaml:6:12
  |
6 |   dpa_url: http://127.0.0.1:PORT/moved
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: use the new address `http://127.0.0.1:PORT/fine`

error[external-link-broken]: `http://127.0.0.1:PORT/gone` does not exist: the server returned status 404
 --> content/sections/10-a.md:4:5
  |
4 | See [this](http://127.0.0.1:PORT/gone) and [that](http://127.0.0.1:PORT/fine).
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: find the new address of the page, or remove the link

2 errors, 2 warnings in 2 files
External links: 3 on 1 host: 2 OK, 1 of them moved, 1 broken

"#]]
    );
    let json = project.run(["check", "--external", "--timeout", "600", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON alone on stdout");
    assert!(report.to_string().contains("external-link-broken"));

    let quiet = project.file("content/site.yaml", format!("{site}rules:\n  external-link-broken: warn\n"));
    let run = quiet.run(["check", "--external", "--timeout", "600"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn no_requests_are_sent_without_the_option() {
    let server = FaultyServer::start();
    let project = Project::new()
        .file("content/sections/10-a.md", format!("---\ntitle: A\n---\nSee [this]({}).\n", server.url("gone")));
    let run = project.run(["check"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(server.state.requests.lock().expect("the list").is_empty());
}

/// Every field with a web address is followed; a new field fails this test until it is.
#[test]
fn every_url_field_is_checked() {
    let project = Project::empty();
    let init = project.run(["init", ".", "--full", "--name", "Example"]);
    assert_eq!(init.code, Some(0), "{}", init.stderr);
    let (content, report) = project.load();
    assert!(!report.has_errors(), "{report:?}");
    let content = content.expect("content");
    let mut stated = std::collections::BTreeSet::new();
    addresses_in(&serde_json::to_value(&content.disclosure).expect("JSON"), &mut stated);
    addresses_in(&serde_json::to_value(&content.settings.security_txt).expect("JSON"), &mut stated);
    assert!(stated.len() > 3, "{stated:?}");
    let followed: Vec<String> = links(&content).iter().map(|link| link.address.to_string()).collect();
    for address in stated {
        assert!(followed.contains(&address), "{address} is not among {followed:?}");
    }
}

/// Collects the strings that are web addresses, as the parser writes them.
fn addresses_in(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
    match value {
        serde_json::Value::String(text) if text.starts_with("http") => {
            found.extend(text.parse::<Url>().ok().map(|address| address.to_string()));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| addresses_in(item, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| addresses_in(value, found)),
        _ => {}
    }
}
