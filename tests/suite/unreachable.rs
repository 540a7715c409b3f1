//! Exit codes distinguish an unreachable site (2) from a site that was tampered with (1).

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use candor::fetch::{Client, FetchError};
use candor::model::WebUrl;

use crate::support::{Project, Run};

/// The status line and body of a response.
type Response = (&'static str, Vec<u8>);

/// Starts a server on loopback that responds by path. It runs until the test process exits.
fn server(answer: impl Fn(&str) -> Option<Response> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || respond(stream, &*answer));
        }
    });
    address
}

/// Responds to one request, or closes the connection if there is no response.
fn respond(mut stream: TcpStream, answer: &dyn Fn(&str) -> Option<Response>) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let (status, body) = answer(request.split(' ').nth(1)?)?;
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len()).ok()?;
    stream.write_all(&body).ok()
}

/// Creates a project with two releases and builds its site in `dist/`.
fn project() -> Project {
    let list = |purpose: &str| format!("- id: a\n  name: A\n  purpose: {purpose}\n  data_categories: [C]\n");
    let project = Project::new().file("content/data/subprocessors.yaml", list("One"));
    assert_eq!(project.run(["release", "-m", "First.", "--date", "2026-05-01"]).code, Some(0));
    let project = project.file("content/data/subprocessors.yaml", list("Two"));
    assert_eq!(project.run(["release", "-m", "Second.", "--date", "2026-05-02"]).code, Some(0));
    assert_eq!(project.run(["build", "--no-compress"]).code, Some(0));
    project
}

/// Serves the project's site, but with the responses of `special` for the paths that it handles.
fn site(project: &Project, special: impl Fn(&str) -> Option<Response> + Send + Sync + 'static) -> String {
    let root = project.path("dist");
    let address = server(move |path| {
        Some(special(path).unwrap_or_else(|| match std::fs::read(root.join(path.trim_start_matches('/'))) {
            Ok(body) => ("200 OK", body),
            Err(_) => ("404 Not Found", Vec::new()),
        }))
    });
    format!("http://{address}/")
}

/// Runs the commands that read a site.
fn runs(project: &Project, url: &str) -> [(&'static str, Run); 3] {
    [
        ("verify", project.run(["verify", url])),
        ("verify --against", project.run(["verify", "--against", url])),
        ("diff", project.run(["diff", url, "2026-05-02"])),
    ]
}

#[track_caller]
fn assert_unreachable(project: &Project, url: &str, message: &str) {
    for (command, run) in runs(project, url) {
        assert_eq!(run.code, Some(2), "{command} {url}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains(message), "{command} {url}: {}", run.stderr);
        assert!(
            !run.stderr.contains("error[") && run.stdout.is_empty(),
            "{command} {url}: {}{}",
            run.stdout,
            run.stderr
        );
    }
}

#[track_caller]
fn assert_invalid(project: &Project, url: &str, code: &str) {
    for (command, run) in runs(project, url) {
        assert_eq!(run.code, Some(1), "{command} {url}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(&format!("error[{code}]")), "{command} {url}: {}", run.stderr);
    }
}

#[test]
fn reachable_site_is_verified_and_compared() {
    let project = project();
    for (command, run) in runs(&project, &site(&project, |_| None)) {
        assert_eq!(run.code, Some(0), "{command}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn network_failure_is_exit_code_2() {
    let project = project();
    let refused = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address");
    assert_unreachable(&project, &format!("http://{refused}/"), "cannot fetch");
    assert_unreachable(&project, "http://nowhere.invalid/", "cannot fetch http://nowhere.invalid/releases/index.json");
    let closed = server(|_| None);
    assert_unreachable(&project, &format!("http://{closed}/"), "cannot fetch");
    let no_tls = server(|_| Some(("200 OK", Vec::new())));
    assert_unreachable(&project, &format!("https://{no_tls}/"), "cannot fetch");
    let truncated = site(&project, |path| {
        path.ends_with("index.json").then(|| ("200 OK\r\nTransfer-Encoding: chunked", Vec::new()))
    });
    assert_unreachable(&project, &truncated, "cannot fetch");
}

#[test]
fn server_timeout_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url: WebUrl = format!("http://{}/", listener.local_addr().expect("an address")).parse().expect("a URL");
    let failed = Client::with_timeout(Duration::from_millis(200)).expect("a client").get(&url, 1024);
    assert!(matches!(failed, Err(FetchError::Unreachable { .. })), "{failed:?}");
}

#[test]
fn server_error_is_exit_code_2_for_lists_and_records() {
    let project = project();
    for status in ["500 Internal Server Error", "503 Service Unavailable", "429 Too Many Requests", "403 Forbidden"] {
        let number = &status[..3];
        for file in ["index.json", "2026-05-02.json"] {
            let url = site(&project, move |path| path.ends_with(file).then(|| (status, Vec::new())));
            assert_unreachable(&project, &url, &format!("{file} returned status {number}"));
        }
    }
}

#[test]
fn address_without_a_site_is_exit_code_2() {
    let project = project();
    for status in ["404 Not Found", "410 Gone"] {
        let url = site(&project, move |_| Some((status, Vec::new())));
        assert_unreachable(&project, &url, "use the root of a site that candor built");
    }
}

/// A site that has releases should also have the list of releases.
#[test]
fn site_without_its_list_of_releases_is_exit_code_1() {
    let project = project();
    for status in ["404 Not Found", "410 Gone"] {
        let url = site(&project, move |path| path.ends_with("index.json").then(|| (status, Vec::new())));
        assert_invalid(&project, &url, "site-index");
        let lists = ["index.json", "SHA256SUMS"];
        let url = site(&project, move |path| lists.iter().any(|it| path.ends_with(it)).then(|| (status, Vec::new())));
        let run = project.run(["verify", "--against", &url]);
        assert!(run.code == Some(1) && run.stderr.contains("error[site-index]"), "{run:?}");
    }
}

#[test]
fn invalid_content_is_exit_code_1() {
    let project = project();
    let page = site(&project, |path| path.ends_with("index.json").then(|| ("200 OK", b"<!doctype html>".to_vec())));
    assert_invalid(&project, &page, "site-index");
    let missing = site(&project, |path| path.ends_with("2026-05-02.json").then(|| ("404 Not Found", Vec::new())));
    assert_invalid(&project, &missing, "release-unreadable");
    let other = site(&project, |path| path.ends_with("2026-05-02.json").then(|| ("200 OK", b"{}".to_vec())));
    for (command, run) in runs(&project, &other) {
        assert_eq!(run.code, Some(1), "{command}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn json_format_uses_the_same_exit_codes() {
    let project = project();
    let page = site(&project, |path| path.ends_with("index.json").then(|| ("200 OK", b"<!doctype html>".to_vec())));
    let wrong = project.run(["verify", "--format", "json", &page]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.stdout.contains("site-index"), "{}", wrong.stdout);
    let unreachable = project.run(["verify", "--format", "json", "http://nowhere.invalid/"]);
    assert_eq!(unreachable.code, Some(2));
    assert_eq!(unreachable.stdout, "");
}

#[test]
fn record_urls_use_the_same_exit_codes() {
    let project = project();
    let url = site(&project, |path| path.ends_with("2026-05-01.json").then(|| ("200 OK", b"{}".to_vec())));
    let wrong = project.run(["diff", &format!("{url}releases/2026-05-01.json"), "2026-05-02"]);
    assert_eq!(wrong.code, Some(1), "{}", wrong.stderr);
    for address in [format!("{url}releases/2026-05-09.json"), "http://nowhere.invalid/releases/2026-05-01.json".into()]
    {
        let run = project.run(["diff", &address, "2026-05-02"]);
        assert_eq!(run.code, Some(2), "{address}: {}", run.stderr);
    }
}
