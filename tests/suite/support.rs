//! A builder for projects in temporary folders, plus loopback servers for the tests.

#![allow(dead_code, reason = "no build configuration uses every helper")]

use std::ffi::OsStr;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use base64::Engine as _;
use candor::diagnostic::{Report, render};
use candor::history::record::RecordV1;
use candor::history::{History, Link, Newer, Release};
use candor::load::{self, Content};
use candor::model::{Date, Digest, Disclosure, Version};
use tempfile::TempDir;

/// The smallest valid `content/site.yaml`.
pub const SITE: &str = "title: Trust\norganization:\n  name: Example\n";

/// A project in a temporary folder that is removed on drop.
pub struct Project {
    folder: TempDir,
}

/// The output and exit code of one run of the program.
#[derive(Debug)]
pub struct Run {
    /// Standard output: the results.
    pub stdout: String,
    /// Standard error: diagnostics and progress.
    pub stderr: String,
    /// The exit code, or `None` if a signal ended the process.
    pub code: Option<i32>,
}

/// Runs a command that must succeed, and returns what it prints.
#[track_caller]
pub fn ok(project: &Project, args: &[&str]) -> String {
    let run = project.run(args);
    assert_eq!(run.code, Some(0), "{args:?}: {}{}", run.stdout, run.stderr);
    run.stdout
}

impl Project {
    /// Creates an empty folder.
    pub fn empty() -> Project {
        Project { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Creates a project with the smallest content that loads without errors.
    pub fn new() -> Project {
        Project::empty().file("content/site.yaml", SITE)
    }

    /// Writes a file and creates its parent folders.
    pub fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Project {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
        self
    }

    /// Creates a folder and its parents.
    pub fn folder(self, path: &str) -> Project {
        fs::create_dir_all(self.path(path)).expect("a folder");
        self
    }

    /// Removes a file.
    pub fn without(self, path: &str) -> Project {
        fs::remove_file(self.path(path)).expect("a file to remove");
        self
    }

    /// Creates a symbolic link at `path` that points to `target`.
    #[cfg(unix)]
    pub fn link(self, path: &str, target: impl AsRef<Path>) -> Project {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::os::unix::fs::symlink(target, path).expect("a link");
        self
    }

    /// Returns the root folder of the project.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Joins a relative path to the root.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Reads a text file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("a text file")
    }

    /// Loads the content with the library and returns it with all diagnostics.
    pub fn load(&self) -> (Option<Content>, Report) {
        load::content(&candor::project::Project::at(self.root()))
    }

    /// Loads the content and returns the diagnostics as printed on a terminal without colors.
    pub fn diagnostics(&self) -> String {
        anstream::adapter::strip_str(&render::human(&self.load().1)).to_string()
    }

    /// Adds `count` releases from September 2025 to March 2026. The last one matches the content; `edit` changes the
    /// disclosure of each earlier one and gets its index.
    pub fn released(mut self, count: usize, edit: impl Fn(usize, &mut Disclosure)) -> Project {
        let content = self.load().0.expect("content");
        let first: Date = "2025-09-01".parse().expect("a date");
        let (mut previous, mut sums): (Option<Link>, String) = (None, String::new());
        for at in 0..count {
            let published = first.plus_days(i32::try_from(at * 200 / count.max(2)).expect("few days"));
            let version = match previous {
                Some(Link { version, .. }) if Version::date(version) == published => version.next_on_day(),
                _ => Version::first_on(published),
            };
            let mut disclosure = content.disclosure.clone();
            if at + 1 < count {
                edit(at, &mut disclosure);
            }
            let record =
                RecordV1 { schema: 1, version, published, summary: format!("Release {at}"), previous, disclosure };
            let bytes = record.to_bytes();
            let sha256 = Digest::of(&bytes);
            sums += &format!("{sha256}  {version}.json\n");
            self = self.file(&format!("content/releases/{version}.json"), bytes);
            previous = Some(Link { version, sha256 });
        }
        if count > 0 { self.file("content/releases/SHA256SUMS", sums) } else { self }
    }

    /// Returns a command that runs the program in this project on a fixed date, without inherited environment variables.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
        command.args(args).current_dir(self.root()).env_clear().env("SOURCE_DATE_EPOCH", "1779408000"); // 2026-05-22
        command
    }

    /// Runs the program in this project on a fixed date, without inherited environment variables.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        let output = self.command(args).output().expect("the program starts");
        Run {
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
            code: output.status.code(),
        }
    }
}

/// An HTTP server for a folder, on loopback. It handles one connection at a time and stops on drop.
pub struct FileServer {
    address: std::net::SocketAddr,
    stop: std::sync::Arc<std::sync::atomic::AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl FileServer {
    /// Starts a server for this folder.
    pub fn of(folder: PathBuf) -> FileServer {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = std::sync::Arc::<std::sync::atomic::AtomicBool>::default();
        let stopped = std::sync::Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(std::sync::atomic::Ordering::SeqCst) {
                    break;
                }
                // Ignore clients that disconnect early.
                let _ = stream.and_then(|stream| answer(stream, &folder));
            }
        });
        FileServer { address, stop, thread: Some(thread) }
    }

    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }
}

impl Drop for FileServer {
    fn drop(&mut self) {
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        // A connection wakes the server so that it sees the flag.
        let _ = std::net::TcpStream::connect(self.address);
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

fn answer(mut stream: std::net::TcpStream, folder: &Path) -> std::io::Result<()> {
    use std::io::{BufRead, BufReader, Write};
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = request.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let path = candor::text::percent::decode_lossy(path).into_owned();
    let (status, body) = match fs::read(folder.join(path)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

/// Splits a command line into words. Quotes group words, a `#` after a space starts a comment, and an unquoted character of `ends`
/// ends the line.
pub fn shell_words(line: &str, ends: &[char]) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(character),
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, end) if ends.contains(&end) => break,
            (None, '#') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// Starts a TLS server on loopback with a self-signed certificate and passes each connection to `handle`. Returns the address
/// and the certificate in PEM format.
pub fn tls_server(
    handle: impl Fn(&mut rustls::ServerConnection, &mut TcpStream) + Send + 'static,
) -> (SocketAddr, String) {
    let (config, certificate) = tls_identity();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut session = rustls::ServerConnection::new(Arc::clone(&config)).expect("a session");
            handle(&mut session, &mut stream);
        }
    });
    (address, certificate)
}

/// Creates the configuration of a TLS server named `localhost` with a self-signed certificate, and returns it with the certificate
/// in PEM format.
pub fn tls_identity() -> (Arc<rustls::ServerConfig>, String) {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![certified.cert.der().clone()],
            rustls::pki_types::PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()).into(),
        )
        .expect("a configuration");
    let base64 = base64::engine::general_purpose::STANDARD.encode(certified.cert.der());
    (Arc::new(config), format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"))
}

/// Returns a history of releases, one a day from `first`. `state` gives the summary and the disclosure of each, by its position.
pub fn daily_history(releases: usize, first: &str, state: impl Fn(usize) -> (String, Disclosure)) -> History {
    let first: Date = first.parse().expect("a date");
    let mut history: Vec<Release> = Vec::new();
    for nth in 0..releases {
        let published = first.plus_days(i32::try_from(nth).expect("few releases"));
        let (summary, disclosure) = state(nth);
        let record = RecordV1 {
            schema: 1,
            version: Version::first_on(published),
            published,
            summary,
            previous: history.last().map(Release::link),
            disclosure,
        };
        let bytes = record.to_bytes();
        history.push(Release {
            version: record.version,
            published,
            summary: record.summary,
            previous: record.previous,
            disclosure: record.disclosure,
            digest: Digest::of(&bytes),
            bytes: bytes.len() as u64,
            newer: Newer::default(),
            corrects: None,
            redactions: Vec::new(),
            notices: Vec::new(),
            withheld: candor::model::Withheld::default(),
            original: None,
            files: None,
        });
    }
    History::new(history)
}
