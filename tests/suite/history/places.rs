//! Where `verify` reads releases: an ambiguous path is an error, an empty history is never reported as verified, and no
//! server can consume unlimited time or memory.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use candor::model::Digest;

use super::published::publish;
use super::{company, edit, output_of, released};
use crate::support::{FileServer, Project};

/// Starts a server on loopback that answers by path until the tests end.
fn server(answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || -> std::io::Result<()> {
                let mut lines = BufReader::new(stream.try_clone()?).lines();
                let request = lines.next().transpose()?.unwrap_or_default();
                while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
                answer(request.split(' ').nth(1).unwrap_or("/"), &mut stream)
            });
        }
    });
    address
}

fn ok(stream: &mut TcpStream, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(body)
}

#[test]
fn nothing_to_verify_is_an_error() {
    let empty = company().folder("nothing").folder("site/releases").file("site/releases/SHA256SUMS", "");
    let empty = empty.file("site/releases/index.json", "{\"releases\": []}");
    let server = FileServer::of(empty.path("site"));
    let url = server.url("");
    for args in [vec!["verify"], vec!["verify", "nothing"], vec!["verify", "site"], vec!["verify", &url]] {
        let run = empty.run(&args);
        assert_eq!(run.code, Some(1), "{args:?}: {run:?}");
        assert!(run.stderr.contains("error[releases-not-found]: no releases found at `"), "{args:?}: {run:?}");
        let json = empty.run([args.as_slice(), &["--format", "json"]].concat());
        assert_eq!(json.code, Some(1));
        assert!(json.stdout.contains("\"valid\": false"), "{json:?}");
    }
}

#[test]
fn ambiguous_folder_is_an_error() {
    let project = publish(released(2));
    let index = project.read("dist/releases/index.json");
    let project = project.file("releases/index.json", index);
    for name in ["SHA256SUMS", "2026-05-01.json"] {
        std::fs::copy(project.path(&format!("dist/releases/{name}")), project.path(&format!("releases/{name}")))
            .expect("a copy");
    }
    let run = project.run(["verify", "."]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("`--site` or `--project`") && run.stderr.contains("`./content/releases`"), "{run:?}");
    assert_eq!(project.run(["verify", "--project", "."]).code, Some(0));
    assert_eq!(project.run(["verify", "./content/releases"]).code, Some(0));
    // The site in this folder lacks a record.
    for args in [["verify", "--site", "."].as_slice(), &["verify", "./releases"]] {
        let run = project.run(args);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.stderr.contains("error[release-unreadable]"), "{run:?}");
    }
    assert_eq!(project.run(["verify", "--against", "."]).code, Some(2));
    for args in [["verify", "--site", "content"], ["verify", "--project", "dist"]] {
        let run = project.run(args);
        assert_eq!(run.code, Some(2), "{run:?}");
    }
    assert_eq!(project.run(["verify", "--site", "--project", "."]).code, Some(2));
}

/// Values that `release` never writes, in the first, a middle and the last record, with correct digests.
#[test]
fn rejects_records_that_release_never_writes() {
    let long = format!("\"summary\": \"{}\"", "x".repeat(1024 * 1024 + 1));
    for day in 1..=3 {
        let date = format!("2026-05-0{day}");
        let summary = format!("\"summary\": \"Form {day}\"");
        for (from, to) in [
            (format!("\"published\": \"{date}\""), "\"published\": \"2026-04-30\""),
            (format!("\"published\": \"{date}\""), "\"published\": \"2026-05-09\""),
            (format!("\"published\": \"{date}\""), "\"published\": \"2030-01-01\""),
            (format!("\"version\": \"{date}\""), "\"version\": \"2026-05-07\""),
            (summary.clone(), "\"summary\": \"\""),
            (summary.clone(), "\"summary\": \" \\n\""),
            (summary.clone(), "\"summary\": \" Form\""),
            (summary.clone(), "\"summary\": \"Form\\n\""),
            (summary.clone(), "\"summary\": \"a\\r\\nb\""),
            (summary, long.as_str()),
        ] {
            let project = relinked(edit(released(3), &format!("content/releases/{date}.json"), &from, to));
            let run = project.run(["verify"]);
            assert_eq!(run.code, Some(1), "{date}, {from} -> {}: {run:?}", &to[..to.len().min(60)]);
            assert!(
                ["release-inconsistent", "release-renamed"].iter().any(|code| run.stderr.contains(code)),
                "{date}, {from}: {}",
                run.stderr
            );
        }
    }
}

/// Returns the project with correct digests again.
fn relinked(project: Project) -> Project {
    let mut previous: Option<(String, String)> = None;
    let mut sums = String::new();
    let mut project = project;
    for day in 1..=3 {
        let name = format!("content/releases/2026-05-0{day}.json");
        let mut text = project.read(&name);
        if let Some((old, new)) = &previous {
            text = text.replace(old, new);
        }
        let old = project.read("content/releases/SHA256SUMS").lines().nth(day - 1).expect("a line")[..64].to_owned();
        let digest = Digest::of(text.as_bytes()).to_string();
        sums += &format!("{digest}  2026-05-0{day}.json\n");
        previous = Some((old, digest));
        project = project.file(&name, text);
    }
    project.file("content/releases/SHA256SUMS", sums)
}

#[test]
fn redirect_to_another_site_is_reported_and_not_followed() {
    let project = publish(released(2));
    let evil = FileServer::of(project.path("dist"));
    for moved in ["/releases/index.json", "/releases/SHA256SUMS", "/releases/2026-05-01.json"] {
        for scheme in ["http://localhost", "http://127.0.0.1", "https://127.0.0.1", "//localhost"] {
            let (root, target) = (project.path("dist"), evil.url(""));
            let port = target.trim_end_matches('/').rsplit(':').next().expect("a port").to_owned();
            let address = server(move |path, stream| {
                if path == moved {
                    return write!(
                        stream,
                        "HTTP/1.1 302 Found\r\nLocation: {scheme}:{port}{path}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    );
                }
                ok(stream, &std::fs::read(root.join(path.trim_start_matches('/'))).unwrap_or_default())
            });
            let url = format!("http://{address}/");
            for args in [["verify", &url].as_slice(), &["verify", "--against", &url]] {
                let run = project.run(args);
                assert_eq!(run.code, Some(1), "{moved} {scheme}: {run:?}");
                assert!(run.stderr.contains("redirects to `") && run.stderr.contains("error["), "{moved}: {run:?}");
            }
        }
    }
}

/// A server that sends a byte now and then: the time limit applies to all requests together.
#[test]
fn dripping_server_is_abandoned_at_the_time_limit() {
    let project = publish(released(3));
    for slow in ["index.json", "SHA256SUMS", "2026-05-01.json", ".json"] {
        let root = project.path("dist");
        let address = server(move |path, stream| {
            let body = std::fs::read(root.join(path.trim_start_matches('/'))).unwrap_or_default();
            if !path.ends_with(slow) || (slow == ".json" && path.ends_with("index.json")) {
                return ok(stream, &body);
            }
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")?;
            loop {
                stream.write_all(b" ")?;
                stream.flush()?;
                thread::sleep(std::time::Duration::from_millis(50));
            }
        });
        let run = project.run(["verify", &format!("http://{address}/"), "--timeout", "1"]);
        assert_eq!(run.code, Some(2), "{slow}: {run:?}");
        assert!(run.stderr.contains("the time limit of 1 s for the whole run was exceeded"), "{slow}: {run:?}");
    }
}

#[test]
fn rejects_list_with_too_many_releases() {
    let entries: Vec<_> = (0..10_001)
        .map(|n| {
            let version = if n == 0 { "2026-05-01".to_owned() } else { format!("2026-05-01.{}", n + 1) };
            serde_json::json!({"version": version, "published": "2026-05-01", "summary": "", "sha256": "0".repeat(64),
                "bytes": 1, "record": format!("{version}.json"), "page": format!("{version}/")})
        })
        .rev()
        .collect();
    let project =
        publish(released(1)).file("dist/releases/index.json", serde_json::json!({"releases": entries}).to_string());
    let run = project.run(["verify", "dist"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(output_of(&run).contains("lists 10001 releases; the limit is 10000"), "{}", output_of(&run));
}

/// Returns the peak memory of a process, in KiB.
#[cfg(target_os = "linux")]
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// Twenty-four records of 4 MiB take little more memory than twelve: each batch is dropped before the next one is read.
#[cfg(target_os = "linux")]
#[test]
fn memory_use_is_independent_of_the_number_of_records() {
    const RECORDS: usize = 24;
    let body = format!("{:?}", "x".repeat(4 * 1024 * 1024));
    let project = released(1);
    let template = project.read("content/releases/2026-05-01.json");
    let text = template.replace("\"Payment processing, form 1\"", &body);
    let versions: Vec<String> =
        (1..=28).flat_map(|day| [format!("2026-01-{day:02}"), format!("2026-02-{day:02}")]).collect();
    let mut versions: Vec<String> = versions.into_iter().take(RECORDS).collect();
    versions.sort();
    let records: Vec<(String, String)> =
        versions.iter().map(|version| (version.clone(), text.replace("2026-05-01", version))).collect();
    let entries: Vec<_> = records
        .iter()
        .rev()
        .map(|(version, text)| {
            serde_json::json!({"version": version, "published": version, "summary": "Form 1", "bytes": text.len(),
                "sha256": Digest::of(text.as_bytes()), "record": format!("{version}.json"), "page": format!("{version}/")})
        })
        .collect();
    let index = serde_json::json!({"releases": entries}).to_string();
    let sums: String =
        records.iter().map(|(version, text)| format!("{}  {version}.json\n", Digest::of(text.as_bytes()))).collect();
    let child = Arc::new(Mutex::new(None::<u32>));
    let peaks = Arc::new(Mutex::new(Vec::<u64>::new()));
    let (seen, process) = (Arc::clone(&peaks), Arc::clone(&child));
    let address = server(move |path, stream| {
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        if let Some(memory) = process.lock().expect("no panic").and_then(peak) {
            seen.lock().expect("no panic").push(memory);
        }
        match name.as_str() {
            "index.json" => ok(stream, index.as_bytes()),
            "SHA256SUMS" => ok(stream, sums.as_bytes()),
            _ => ok(
                stream,
                records
                    .iter()
                    .find(|(version, _)| name == format!("{version}.json"))
                    .map_or(&[], |(_, text)| text.as_bytes()),
            ),
        }
    });
    let mut run = project.command(["verify", &format!("http://{address}/")]);
    let run = run
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program starts");
    *child.lock().expect("no panic") = Some(run.id());
    let mut run = run;
    // The records are copies that do not follow each other, so the chain is invalid, but all are read.
    assert_eq!(run.wait().expect("an end").code(), Some(1));
    let peaks = peaks.lock().expect("no panic");
    assert!(peaks.len() >= RECORDS, "{peaks:?}");
    // A batch has 32 MiB, which is 8 records. If all were kept, the last 12 would add 48 MiB or more.
    let (early, late) = (peaks[peaks.len() - RECORDS + 12], *peaks.last().expect("a sample"));
    assert!(late < early + 24 * 1024, "the peak grew from {early} KiB to {late} KiB: {peaks:?}");
}
