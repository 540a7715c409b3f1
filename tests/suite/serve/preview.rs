//! A running `candor serve` process, and an HTTP client that sends exact bytes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::Project;

/// A timeout for hangs: much longer than any step takes, even on a busy machine.
const HANG_TIMEOUT: Duration = Duration::from_secs(600);

/// A preview server that is stopped on drop.
pub struct Preview {
    child: Child,
    /// The first line on stdout, with the address.
    pub first_line: String,
    /// The port that the server listens on.
    pub port: u16,
    lines: Receiver<String>,
}

/// An HTTP response.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Response {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v)
    }
}

/// Returns the command on a fixed date, without inherited environment variables.
pub fn command(project: &Project, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
    command.arg("serve").args(args).current_dir(project.root()).env_clear().env("SOURCE_DATE_EPOCH", "1779408000");
    command
}

impl Preview {
    /// Starts the preview on a free port.
    pub fn of(project: &Project) -> Preview {
        Preview::with(project, &["--port", "0"])
    }

    /// Starts the preview with these arguments.
    pub fn with(project: &Project, args: &[&str]) -> Preview {
        Preview::start(&mut command(project, args))
    }

    /// Starts the preview with this command.
    pub fn start(command: &mut Command) -> Preview {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let stderr = BufReader::new(child.stderr.take().expect("stderr"));
        let (sender, lines) = channel();
        thread::spawn(move || stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        let mut first_line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut first_line).expect("a first line");
        let port = first_line.rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok());
        let port =
            port.unwrap_or_else(|| panic!("no address in {first_line:?} {:?}", lines.iter().collect::<Vec<_>>()));
        Preview { child, first_line, port, lines }
    }

    /// Waits for the next line on stderr.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(HANG_TIMEOUT).expect("a line in time")
    }

    /// Waits for the next line on stderr that contains `text`.
    pub fn line_with(&self, text: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Returns the unread lines on stderr so far.
    pub fn printed(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }

    /// Opens a connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(HANG_TIMEOUT)).expect("a timeout");
        stream
    }

    /// Sends bytes on a new connection and reads the response until the connection is closed.
    pub fn raw(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // The server may close the connection before it has read an invalid request.
        let _ = stream.write_all(request);
        // The server waits for the end of an unfinished head. Closing the write side ends it.
        if !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    /// Sends a request. `headers` are complete header lines.
    pub fn request(&self, method: &str, target: &str, headers: &[&str]) -> Response {
        let host = if headers.iter().any(|line| line.starts_with("Host:")) { "" } else { "Host: localhost\r\n" };
        let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let answer =
            self.raw(format!("{method} {target} HTTP/1.1\r\n{host}{lines}Connection: close\r\n\r\n").as_bytes());
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no response to {target}: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Response { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Sends a GET request.
    pub fn get(&self, target: &str) -> Response {
        self.request("GET", target, &[])
    }

    /// Repeats a GET request until `wanted` accepts the response. Panics on server errors.
    pub fn until(&self, target: &str, wanted: impl Fn(&Response) -> bool) -> Response {
        let start = Instant::now();
        loop {
            let answer = self.get(target);
            assert!(answer.status < 500, "{} for {target} while waiting", answer.status);
            if wanted(&answer) {
                return answer;
            }
            assert!(start.elapsed() < HANG_TIMEOUT, "{target} did not change in time: {answer:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Opens the event stream for a page that was loaded with response `page`.
    pub fn events(&self, path: &str, page: &Response) -> impl Iterator<Item = String> + use<> {
        let token = page.body.split("data-page=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
        let mut stream = self.connect();
        let request = format!("GET /-candor/events?path={path}&page={token} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        BufReader::new(stream)
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| Some(line.strip_prefix("event: ")?.to_owned()))
    }

    /// Returns the resident memory in memory pages.
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> u64 {
        let statm =
            std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).expect("the process is running");
        statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number")
    }

    /// Returns whether the process is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }

    /// Sends Ctrl-C (SIGINT) and returns the exit code.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // The process may have exited already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
