//! A running `candor serve`, and an HTTP client that sends exactly what it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::Project;

/// Longer than anything here takes, however busy the machine is; a test that waits for what never comes ends all the same.
const DEADLINE: Duration = Duration::from_secs(600);

/// A preview that ends with the test.
pub struct Preview {
    child: Child,
    /// All that it printed first, on stdout.
    pub greeting: String,
    /// The port that it listens on.
    pub port: u16,
    lines: Receiver<String>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, v)| v)
    }
}

/// The command, on a fixed day and without the settings of the machine.
pub fn command(project: &Project, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candor"));
    command.arg("serve").args(args).current_dir(project.root()).env_clear().env("SOURCE_DATE_EPOCH", "1779408000");
    command
}

impl Preview {
    /// Starts on a port that the system chooses.
    pub fn of(project: &Project) -> Preview {
        Preview::with(project, &["--port", "0"])
    }

    /// Starts with these arguments.
    pub fn with(project: &Project, args: &[&str]) -> Preview {
        let mut child =
            command(project, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let stderr = BufReader::new(child.stderr.take().expect("stderr"));
        let (sender, lines) = channel();
        thread::spawn(move || stderr.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok()));
        let mut greeting = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut greeting).expect("a first line");
        let port = greeting.rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok());
        let port = port.unwrap_or_else(|| panic!("no address: {greeting:?} {:?}", lines.iter().collect::<Vec<_>>()));
        Preview { child, greeting, port, lines }
    }

    /// Its next line on stderr.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(DEADLINE).expect("a line in time")
    }

    /// The next line on stderr that holds this text.
    pub fn line_with(&self, text: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(text) {
                return line;
            }
        }
    }

    /// What it has printed on stderr so far and nobody has read.
    pub fn printed(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }

    /// A connection.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
        stream
    }

    /// Sends these bytes on a connection of their own and reads whatever comes until its end.
    pub fn raw(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // The server may hang up on nonsense before all of it was sent.
        let _ = stream.write_all(request);
        // A head without an end would be waited for; this ends it.
        if !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    /// Sends a request; `headers` are whole lines.
    pub fn ask(&self, method: &str, target: &str, headers: &[&str]) -> Answer {
        let host = if headers.iter().any(|line| line.starts_with("Host:")) { "" } else { "Host: localhost\r\n" };
        let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let answer =
            self.raw(format!("{method} {target} HTTP/1.1\r\n{host}{lines}Connection: close\r\n\r\n").as_bytes());
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {target}: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// GET.
    pub fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[])
    }

    /// Asks again and again until the answer is as wanted; fails on any answer that is an error.
    pub fn until(&self, target: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let start = Instant::now();
        loop {
            let answer = self.get(target);
            assert!(answer.status < 500, "{} for {target} while waiting", answer.status);
            if wanted(&answer) {
                return answer;
            }
            assert!(start.elapsed() < DEADLINE, "{target} never became what was wanted: {answer:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// A stream of events for a page in the state that its answer shows.
    pub fn events(&self, path: &str, page: &Answer) -> impl Iterator<Item = String> + use<> {
        let token = page.body.split("data-page=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
        let mut stream = self.connect();
        let request = format!("GET /-candor/events?path={path}&page={token} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("sent");
        BufReader::new(stream)
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| Some(line.strip_prefix("event: ")?.to_owned()))
    }

    /// Its resident memory in pages of the system.
    #[cfg(target_os = "linux")]
    pub fn memory(&self) -> u64 {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id())).expect("it lives");
        statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).expect("a number")
    }

    /// Whether it has not ended by itself.
    pub fn lives(&mut self) -> bool {
        self.child.try_wait().expect("its state").is_none()
    }

    /// Presses Ctrl-C and gives the exit code.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
