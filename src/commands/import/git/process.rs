//! Runs `git` on a repository that may be hostile: its configuration cannot start programs, and each call has limits for time
//! and output.
//!
//! The configuration of a repository can name programs that git starts: hooks, a file system monitor, diff drivers, filters,
//! pagers, transport helpers. candor needs none of them. Git itself checks whether the repository belongs to the current user
//! (`safe.directory`). candor never names the repository explicitly, because that would disable the check.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The time limit for one call of git.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(120);

/// The time limit for a call that reads only a few files, regardless of the size of the repository.
pub(super) const QUICK_TIME_LIMIT: Duration = Duration::from_secs(10);

/// The maximum size of error messages that are kept, in bytes.
const MAX_MESSAGES: u64 = 64 * 1024;

/// How often to check whether a call has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

/// Settings that override those of the repository.
const SETTINGS: &[&str] = &[
    "safe.bareRepository=explicit",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=",
    "core.attributesFile=/dev/null",
    "core.useReplaceRefs=false",
    "core.commitGraph=false",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.mailmap=false",
    "protocol.allow=never",
    "submodule.recurse=false",
];

/// Environment variables that override those of the caller.
const VARIABLES: &[(&str, &str)] = &[
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    // Treat all characters in file names literally.
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_PAGER", "cat"),
    ("GIT_TERMINAL_PROMPT", "0"),
    // Error messages are matched in English.
    ("LC_ALL", "C"),
];

/// Environment variables that could select a different repository or a program.
const REMOVED: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ASKPASS",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PROXY_COMMAND",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_WORK_TREE",
    "LANGUAGE",
    "SSH_ASKPASS",
];

/// Creates a git command. All calls of git use this function.
pub(super) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).stdin(Stdio::null());
    for name in REMOVED {
        command.env_remove(name);
    }
    command.envs(VARIABLES.iter().copied()).arg("--no-pager");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.args(arguments);
    command
}

/// The result of a call.
pub(super) struct Answer {
    pub status: ExitStatus,
    /// At most one byte more than the limit.
    pub output: Vec<u8>,
    pub messages: String,
}

/// Runs a command. Kills it if it takes longer than `time` or writes more than `limit` bytes.
///
/// # Errors
/// If it cannot be started, or [`io::ErrorKind::TimedOut`].
pub(super) fn run(mut command: Command, limit: u64, time: Duration) -> io::Result<Answer> {
    let deadline = Instant::now() + time;
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let output = read(child.stdout.take(), limit.saturating_add(1));
    let messages = read(child.stderr.take(), MAX_MESSAGES);
    let answer = wait(&mut child, &output, &messages, limit, deadline);
    if answer.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    answer
}

fn wait(
    child: &mut Child,
    output: &Receiver<Vec<u8>>,
    messages: &Receiver<Vec<u8>>,
    limit: u64,
    deadline: Instant,
) -> io::Result<Answer> {
    let left = || deadline.saturating_duration_since(Instant::now());
    let late = |_: RecvTimeoutError| io::Error::from(io::ErrorKind::TimedOut);
    let output = output.recv_timeout(left()).map_err(late)?;
    if output.len() as u64 > limit {
        child.kill()?;
    }
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if left().is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(POLL_INTERVAL);
    };
    let messages = messages.recv_timeout(left()).map_err(late)?;
    Ok(Answer { status, output, messages: String::from_utf8_lossy(&messages).into_owned() })
}

/// Reads a pipe in a separate thread, so that a program that keeps the pipe open cannot block the caller.
fn read(pipe: Option<impl Read + Send + 'static>, limit: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // On an error, keep what has been read.
            let _ = pipe.take(limit).read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn kills_a_call_that_does_not_end() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & sleep 1000"]);
        let error = run(command, 10, Duration::from_millis(50)).err().expect("an error");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn truncates_endless_output() {
        let mut command = Command::new("sh");
        command.args(["-c", "while :; do echo text; done"]);
        let answer = run(command, 1000, Duration::from_secs(100)).expect("an answer");
        assert_eq!(answer.output.len(), 1001);
        assert!(!answer.status.success());
    }
}
