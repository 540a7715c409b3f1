//! Reads the history of a file with the `git` program.
//!
//! Only first parents are followed: these commits are the successive states of the branch, regardless of what happened on
//! branches that were merged into it.

mod process;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::MAX_BYTES;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::import::{Revision, State};
use crate::model::Date;

/// The maximum size of the list of commits, in bytes.
const MAX_LOG: u64 = 64 * 1024 * 1024;

/// The time limit for all calls of git combined.
const TOTAL_TIME_LIMIT: Duration = Duration::from_secs(600);

/// The arguments to list the commits of a file. They set every option that a configuration could change.
const LOG: &[&str] = &[
    "log",
    "--follow",
    "--first-parent",
    "-m",
    "-O/dev/null",
    "--no-color",
    "--no-ext-diff",
    "--no-mailmap",
    "--no-notes",
    "--no-show-signature",
    "--no-textconv",
    "--encoding=UTF-8",
    "--name-status",
    "-z",
    "--format=%x01%H%x1f%ct%x1f%s%x1f%b%x1e",
    "--end-of-options",
    "HEAD",
    "--",
];

/// The arguments to read the newest commit. A pipe in `.git` in place of a file blocks git forever; this call reads most
/// of the files that the list of commits needs, so that it reports such a repository early.
const PROBE: &[&str] = &[
    "log",
    "-1",
    "--first-parent",
    "-m",
    "-O/dev/null",
    "--no-color",
    "--no-ext-diff",
    "--no-mailmap",
    "--no-notes",
    "--no-show-signature",
    "--no-textconv",
    "--name-status",
    "--format=%H",
    "--end-of-options",
    "HEAD",
    "--",
];

/// The history of a file.
pub struct FileHistory {
    /// The commits that touched the file, oldest first, each with its time in seconds.
    pub revisions: Vec<(i64, Revision)>,
    /// The file that it began as a copy of. Its commits are not part of the history.
    pub copy_of: Option<String>,
}

/// Returns the histories of several files in the order of the commits, in which a commit may appear once for each file.
///
/// # Errors
/// If git cannot be run, there is no repository, no commit contains a file, or the history is incomplete.
pub fn histories(files: &[PathBuf], copies: bool) -> Result<(Vec<Revision>, Report), Box<Diagnostic>> {
    let mut report = Report::new();
    let mut all: Vec<(i64, Revision)> = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let FileHistory { mut revisions, copy_of } = history(file, copies)?;
        if let Some(source) = copy_of {
            let shown = file.display().to_string();
            let message = format!("`{shown}` began as a copy of `{source}`, whose commits are not part of its history");
            let help =
                format!("use `--copies` if `{shown}` continues that list, or name both files, the older one first");
            report.push(Diagnostic::new(Code::ImportCopied, message).at(Place::file(shown), "").help(help));
        }
        revisions.iter_mut().for_each(|(_, revision)| revision.file = at);
        all = merged(all, revisions);
    }
    Ok((all.into_iter().map(|(_, revision)| revision).collect(), report))
}

/// Merges two histories. A commit of both comes after all commits before it in either; others are in the order of their times.
fn merged(first: Vec<(i64, Revision)>, second: Vec<(i64, Revision)>) -> Vec<(i64, Revision)> {
    let shared: HashSet<String> = {
        let commits: HashSet<&str> = first.iter().map(|(_, revision)| revision.commit.as_str()).collect();
        second.iter().map(|(_, revision)| revision.commit.clone()).filter(|id| commits.contains(id.as_str())).collect()
    };
    let mut merged = Vec::with_capacity(first.len() + second.len());
    let (mut first, mut second) = (first.into_iter().peekable(), second.into_iter().peekable());
    loop {
        let last = merged.last().map(|(_, revision): &(i64, Revision)| revision.commit.as_str());
        let take_first = match (first.peek(), second.peek()) {
            (None, None) => return merged,
            (_, Some((_, b))) if Some(b.commit.as_str()) == last => false,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some((early, a)), Some((late, b))) => match (shared.contains(&a.commit), shared.contains(&b.commit)) {
                (true, true) => true,
                (true, false) => false,
                (false, true) => true,
                (false, false) => early <= late,
            },
        };
        merged.extend(if take_first { first.next() } else { second.next() });
    }
}

/// Returns all commits that touched a file.
fn history(file: &Path, copies: bool) -> Result<FileHistory, Box<Diagnostic>> {
    let repository = Repository::of(file);
    let shallow = repository.probe(&["rev-parse", "--is-shallow-repository"])?;
    if String::from_utf8_lossy(&shallow).trim() == "true" {
        return Err(repository.wrong("the repository is a shallow clone"));
    }
    repository.probe(PROBE)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let log = repository.run(&[LOG, &[&name]].concat())?;
    let mut commits = commits(&String::from_utf8_lossy(&log));
    if commits.is_empty() {
        return Err(repository.wrong("no commit contains it"));
    }
    let mut copy_of = None;
    if !copies && let Some(at) = commits.iter().position(|commit| commit.copy_of.is_some()) {
        commits.truncate(at + 1);
        copy_of = commits[at].copy_of.take();
    }
    let mut revisions = Vec::with_capacity(commits.len());
    for commit in commits.into_iter().rev() {
        let state = match commit.removed {
            true => State::Removed,
            false => repository.state(&commit.id, &commit.path)?,
        };
        let revision = Revision {
            date: date(commit.seconds),
            commit: commit.id,
            subject: commit.subject,
            body: commit.body,
            file: 0,
            path: commit.path,
            state,
        };
        revisions.push((commit.seconds, revision));
    }
    Ok(FileHistory { revisions, copy_of })
}

/// Returns the date of a Unix timestamp, in UTC.
fn date(seconds: i64) -> Date {
    let timestamp = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    timestamp.to_zoned_datetime(jiff::tz::TimeZone::UTC).date().into()
}

/// The repository that a file is in.
struct Repository<'a> {
    file: &'a Path,
    folder: &'a Path,
    deadline: Instant,
}

impl<'a> Repository<'a> {
    fn of(file: &'a Path) -> Repository<'a> {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Repository { file, folder, deadline: Instant::now() + TOTAL_TIME_LIMIT }
    }

    fn call(&self, arguments: &[&str], limit: u64) -> Result<process::Answer, Box<Diagnostic>> {
        let time = self.deadline.saturating_duration_since(Instant::now()).min(process::TIME_LIMIT);
        process::run(process::command(self.folder, arguments), limit, time).map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => self.wrong("git took too long"),
            _ => self.wrong(&format!("cannot run git: {error}")),
        })
    }

    /// Runs a call that reads only a few files.
    fn probe(&self, arguments: &[&str]) -> Result<Vec<u8>, Box<Diagnostic>> {
        let time = process::QUICK_TIME_LIMIT;
        let answer = process::run(process::command(self.folder, arguments), MAX_LOG, time);
        self.output(answer.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => {
                let why = format!("git did not read the newest commit within {} seconds", time.as_secs());
                Box::new(self.wrong(&why).help("check that `.git` contains only regular files, without pipes"))
            }
            _ => self.wrong(&format!("cannot run git: {error}")),
        })?)
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, Box<Diagnostic>> {
        self.output(self.call(arguments, MAX_LOG)?)
    }

    fn output(&self, answer: process::Answer) -> Result<Vec<u8>, Box<Diagnostic>> {
        if answer.output.len() as u64 > MAX_LOG {
            return Err(self.wrong("the list of its commits is too long"));
        }
        if answer.status.success() {
            return Ok(answer.output);
        }
        Err(self.refused(&answer.messages))
    }

    /// Explains why git refused a repository.
    fn refused(&self, messages: &str) -> Box<Diagnostic> {
        if messages.contains("dubious ownership") {
            let found = self.wrong("the repository belongs to another user");
            let help = "if you trust it, run `git config --global --add safe.directory FOLDER` with its path";
            return Box::new(found.help(help));
        }
        if messages.contains("safe.bareRepository") {
            let why = format!("the folder `{}` is itself a bare git repository", self.folder.display());
            return Box::new(self.wrong(&why).help("move the file out of that folder"));
        }
        self.wrong(messages.lines().next().unwrap_or("git failed").trim_start_matches("fatal: "))
    }

    /// Returns the state of a file after a commit. Objects are read without the filters of the repository.
    fn state(&self, commit: &str, path: &str) -> Result<State, Box<Diagnostic>> {
        let object = format!("{commit}:{path}");
        let answer = self.call(&["cat-file", "--end-of-options", "blob", &object], MAX_BYTES)?;
        if answer.output.len() as u64 > MAX_BYTES {
            return Ok(State::Unreadable("the file is too large".to_owned()));
        }
        if !answer.status.success() {
            return Ok(State::Unreadable(format!("git has no `{object}`")));
        }
        Ok(super::state(path, answer.output).unwrap_or_else(|why| State::Unreadable(why.message)))
    }

    fn wrong(&self, why: &str) -> Box<Diagnostic> {
        let shown = self.file.display().to_string();
        let message = format!("the history of `{shown}` cannot be read: {why}");
        let found = Diagnostic::new(Code::ImportNoGitHistory, message)
            .at(Place::file(shown), "")
            .help("omit --git-history to import only the current list");
        Box::new(match why.contains("shallow") {
            true => found.help("run `git fetch --unshallow` to get the full history"),
            false => found,
        })
    }
}

/// A commit as `git log` lists it.
#[derive(Debug, PartialEq, Eq)]
struct Commit {
    id: String,
    seconds: i64,
    subject: String,
    body: String,
    path: String,
    removed: bool,
    /// The file that the commit copied, if it created the file as a copy.
    copy_of: Option<String>,
}

/// Parses the output of `git log -z --name-status`: a header that begins with U+0001, then the status and the path, or the old
/// and the new path.
fn commits(log: &str) -> Vec<Commit> {
    let mut commits: Vec<Commit> = Vec::new();
    let mut parts = log.split('\0').map(|part| part.trim_start_matches('\n'));
    while let Some(part) = parts.next() {
        // Some versions of git put the first status after the header, separated by a line feed.
        let (head, status) = match part.strip_prefix('\u{1}') {
            Some(head) => match head.rsplit_once('\u{1e}') {
                Some((head, status)) => (Some(head), Some(status.trim_start_matches('\n'))),
                None => (Some(head), None),
            },
            None => (None, Some(part)),
        };
        if let Some(head) = head {
            let mut fields = head.splitn(4, '\u{1f}');
            commits.push(Commit {
                id: fields.next().unwrap_or_default().to_owned(),
                seconds: fields.next().and_then(|seconds| seconds.parse().ok()).unwrap_or_default(),
                subject: fields.next().unwrap_or_default().to_owned(),
                body: fields.next().unwrap_or_default().trim().to_owned(),
                path: String::new(),
                removed: false,
                copy_of: None,
            });
        }
        let (Some(status), Some(commit)) = (status.filter(|status| !status.is_empty()), commits.last_mut()) else {
            continue;
        };
        commit.removed = status == "D";
        let mut path = parts.next();
        if status.starts_with(['R', 'C']) {
            let source = path;
            path = parts.next();
            commit.copy_of = source.filter(|_| status.starts_with('C')).map(str::to_owned);
        }
        commit.path = path.unwrap_or_default().to_owned();
    }
    commits.retain(|commit| !commit.path.is_empty());
    commits
}

#[cfg(test)]
mod tests {
    use super::commits;

    #[test]
    fn parses_renames_and_removals() {
        let log = "\u{1}c3\u{1f}30\u{1f}Move\u{1f}A\n\nbody\n\u{1e}\0\nR090\0a.md\0b | c.md\0\u{1}c2\u{1f}20\u{1f}\u{1f}\u{1e}\0\nD\0a.md\0\
            \u{1}c1\u{1f}10\u{1f}Add\u{1f}\u{1e}\n\nC075\0z.md\0a.md\0";
        let read = commits(log);
        let read: Vec<_> = read.iter().map(|c| (c.id.as_str(), c.seconds, c.path.as_str(), c.removed)).collect();
        assert_eq!(commits(log)[0].body, "A\n\nbody");
        assert_eq!(commits(log)[2].copy_of.as_deref(), Some("z.md"));
        assert_eq!(read, [("c3", 30, "b | c.md", false), ("c2", 20, "a.md", true), ("c1", 10, "a.md", false)]);
    }
}
