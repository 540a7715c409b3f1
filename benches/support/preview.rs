//! A client for `candor serve`: like a browser, it keeps a connection open.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A preview that is stopped when this is dropped.
pub struct Preview {
    process: Child,
    /// Its port on the loopback address.
    pub port: u16,
}

impl Preview {
    /// Starts a program's preview of a project, as of the last day of 2099.
    ///
    /// # Errors
    /// When the program cannot be started or does not print its address.
    pub fn start(program: &str, root: &Path) -> io::Result<Preview> {
        let mut process = Command::new(program)
            .args(["serve", "--port", "0"])
            .current_dir(root)
            .env("SOURCE_DATE_EPOCH", "4102358400")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut greeting = String::new();
        let stdout = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        BufReader::new(stdout).read_line(&mut greeting)?;
        let port = greeting.trim_end().trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.ok_or_else(|| io::Error::other(format!("no port in {greeting:?}")))?;
        Ok(Preview { process, port })
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A connection that is kept open.
pub struct Client(BufReader<TcpStream>);

impl Client {
    /// Connects to the loopback address.
    ///
    /// # Errors
    /// When the connection is refused.
    pub fn new(port: u16) -> io::Result<Client> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Client(BufReader::new(stream)))
    }

    /// Sends a request, and returns status and body of the response.
    ///
    /// # Errors
    /// When the connection ends.
    pub fn get(&mut self, target: &str) -> io::Result<(u16, String)> {
        write!(self.0.get_mut(), "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let (mut status, mut len, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap_or(0);
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                len = value.trim().parse().unwrap_or(0);
            } else if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; len];
        self.0.read_exact(&mut body)?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    /// Repeats a request until the response contains a string. Returns how long that took.
    ///
    /// # Errors
    /// When the connection ends.
    pub fn until(&mut self, target: &str, text: &str) -> io::Result<Duration> {
        let start = Instant::now();
        while !self.get(target)?.1.contains(text) {}
        Ok(start.elapsed())
    }
}
