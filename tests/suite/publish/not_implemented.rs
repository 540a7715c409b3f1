//! A store that answers 501 to conditional writes is recognized without a retry.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use super::command::released;

/// Starts an S3 store without objects, which does not implement conditional writes. It reports the method of each request, and the
/// status with which it responds.
fn store() -> (String, mpsc::Receiver<(String, &'static str)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (requests, log) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let requests = requests.clone();
            thread::spawn(move || respond(stream, &requests));
        }
    });
    (address, log)
}

fn respond(mut stream: TcpStream, requests: &mpsc::Sender<(String, &'static str)>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let (mut length, mut is_conditional) = (0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        length = line.strip_prefix("content-length: ").map_or(length, |length| length.parse().expect("a number"));
        is_conditional |= line.starts_with("if-match:") || line.starts_with("if-none-match:");
    }
    reader.take(length).read_to_end(&mut Vec::new()).ok()?;
    let (method, path) = first.split_once(' ')?;
    let empty =
        "<ListBucketResult><Name>site</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";
    let missing = "<Error><Code>NoSuchKey</Code><Message>There is no such object.</Message></Error>";
    let (status, body) = match method {
        "PUT" if is_conditional => ("501 Not Implemented", ""),
        "GET" if path.contains("list-type=2") => ("200 OK", empty),
        "DELETE" => ("204 No Content", ""),
        "POST" => ("200 OK", "<DeleteResult></DeleteResult>"),
        _ => ("404 Not Found", missing),
    };
    requests.send((method.to_owned(), status)).ok()?;
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).ok()
}

#[test]
fn conditional_write_that_is_not_implemented_is_tried_once() {
    let project = released();
    let (address, log) = store();
    let mut command = project.command(["publish", "s3://site", "--allow-placeholders"]);
    command.args(["--endpoint", &address]).env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let output = command.env("AWS_REGION", "us-east-1").output().expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    for part in ["does not support conditional writes", "it answers 501 Not Implemented", "--no-lock"] {
        assert!(stderr.contains(part), "{part} is missing: {stderr}");
    }
    let requests: Vec<(String, &str)> = log.try_iter().collect();
    assert_eq!(requests.iter().filter(|(method, _)| method == "PUT").count(), 1, "{requests:?}");
}
