//! The ledger: what happened to each recipient of each release, one JSON object per line.
//!
//! A line is flushed to the disk before a message is sent and after its outcome is known. If a run is killed in between, the last
//! line of a recipient says `sending`: whether the server accepted the message is unknown. Lines are only added.

use std::collections::HashMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::files::{Dir, FileError, Journal};
use crate::history::sent::BoundNotice;
use crate::model::{Digest, Email, Version};

/// The maximum size of a ledger, in bytes: a million lines.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is about to be sent. As the last outcome of a recipient, it is unknown what became of it.
    Sending,
    /// The server accepted it.
    Sent,
    /// The server rejected it for this recipient; it was not delivered.
    Rejected,
    /// It was not delivered for now.
    Deferred,
    /// The connection broke after the message was sent and before the server answered.
    Unknown,
    /// No message: the messages before this line are about to be stated in the project's list of notices, as its detail says.
    Recording,
    /// No message: the messages before this line are stated in the project's list of notices.
    Recorded,
}

impl Outcome {
    /// Whether the recipient may have received the message, but it is not certain.
    pub fn is_uncertain(self) -> bool {
        matches!(self, Outcome::Sending | Outcome::Unknown)
    }
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LedgerLine {
    /// RFC 3339, in UTC.
    time: String,
    version: Version,
    record: Digest,
    email: String,
    outcome: Outcome,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    detail: String,
}

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be read or written.
    #[error("cannot use the ledger `{path}`: {}", source.reason())]
    File {
        /// Its path.
        path: String,
        /// The cause.
        source: FileError,
    },
    /// A line is not what candor writes.
    #[error("line {line} of the ledger `{path}` is damaged: {why}")]
    Damaged {
        /// Its path.
        path: String,
        /// The number of the line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// It states messages about another record with the same version.
    #[error("the ledger `{path}` lists messages about another record of release {version} (SHA-256 {record})")]
    OtherRecord {
        /// Its path.
        path: String,
        /// The version.
        version: Version,
        /// The digest of the other record.
        record: Digest,
    },
}

impl LedgerError {
    /// Returns how to fix it.
    pub fn help(&self) -> &'static str {
        match self {
            LedgerError::File { .. } => "set --ledger to a file that you can write, on a file system with enough space",
            LedgerError::Damaged { .. } => {
                "restore the ledger from a backup; without it, recipients could get the notice twice"
            }
            LedgerError::OtherRecord { .. } => {
                "use one ledger for each project (--ledger); if the release was replaced after its notice was sent, make a new release instead"
            }
        }
    }
}

/// What a ledger says about the recipients of one release.
#[derive(Debug)]
pub struct Ledger {
    path: String,
    version: Version,
    record: Digest,
    outcomes: HashMap<String, Outcome>,
    unrecorded: usize,
    /// What the list of notices begins with if it states all messages, and the run was killed before it could note that.
    recording: Option<BoundNotice>,
    /// The open file; `None` if the ledger was opened for reading.
    journal: Option<Journal>,
}

impl Ledger {
    /// Reads the ledger `name` in a folder, which may not exist yet.
    ///
    /// # Errors
    /// If it cannot be read, is damaged, or belongs to another project.
    pub fn read(dir: &Dir, name: &Path, version: Version, record: Digest) -> Result<Ledger, LedgerError> {
        Ok(Ledger::parse(dir, name, version, record)?.0)
    }

    /// Opens the ledger `name` in a folder for writing, and creates it if it is missing. Removes an incomplete last line, which a
    /// killed run left behind: what it was about to state had not happened yet, or is stated as `sending` before.
    ///
    /// # Errors
    /// As for [`Ledger::read`], and if it cannot be written.
    pub fn open(dir: &Dir, name: &Path, version: Version, record: Digest) -> Result<Ledger, LedgerError> {
        let (mut ledger, complete) = Ledger::parse(dir, name, version, record)?;
        let journal = dir.journal(name, complete).map_err(|source| ledger.failed(source))?;
        ledger.journal = Some(journal);
        Ok(ledger)
    }

    /// Reads the ledger, and returns the length of its complete lines.
    fn parse(dir: &Dir, name: &Path, version: Version, record: Digest) -> Result<(Ledger, u64), LedgerError> {
        let path = dir.path().join(name).display().to_string();
        let mut ledger =
            Ledger { path, version, record, outcomes: HashMap::new(), unrecorded: 0, recording: None, journal: None };
        let bytes = match dir.read(name, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => Vec::new(),
            Err(source) => return Err(ledger.failed(source)),
        };
        let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        for (at, line) in bytes[..complete].split_inclusive(|byte| *byte == b'\n').enumerate() {
            let parsed: LedgerLine = serde_json::from_slice(line).map_err(|error| LedgerError::Damaged {
                path: ledger.path.clone(),
                line: at + 1,
                why: error.to_string(),
            })?;
            if parsed.version != version {
                continue;
            }
            if parsed.record != record {
                return Err(LedgerError::OtherRecord { path: ledger.path, version, record: parsed.record });
            }
            ledger.learn(parsed.email, parsed.outcome, &parsed.detail);
        }
        Ok((ledger, complete as u64))
    }

    fn failed(&self, source: FileError) -> LedgerError {
        LedgerError::File { path: self.path.clone(), source }
    }

    /// The last outcome for a recipient; `None` if nothing was sent yet.
    pub fn outcome(&self, email: &Email) -> Option<Outcome> {
        self.outcomes.get(email.as_str()).copied()
    }

    /// Whether it states nothing about the notice of the release.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// Adds a line and flushes it to the disk.
    ///
    /// # Errors
    /// If it cannot be written; the message must not be sent then.
    pub(super) fn note(
        &mut self,
        email: &Email,
        outcome: Outcome,
        detail: &str,
        time: jiff::Timestamp,
    ) -> Result<(), LedgerError> {
        self.write(email.as_str(), outcome, detail, time)
    }

    fn write(&mut self, email: &str, outcome: Outcome, detail: &str, time: jiff::Timestamp) -> Result<(), LedgerError> {
        let (version, record, detail) = (self.version, self.record, detail.to_owned());
        let line = LedgerLine { time: time.to_string(), version, record, email: email.to_owned(), outcome, detail };
        let mut bytes = serde_json::to_vec(&line).map_err(|error| self.failed(FileError::Io(error.into())))?;
        bytes.push(b'\n');
        if let Some(journal) = &mut self.journal {
            let written = journal.append(&bytes);
            written.map_err(|error| self.failed(error.into()))?;
        }
        self.learn(line.email, outcome, &line.detail);
        Ok(())
    }

    fn learn(&mut self, email: String, outcome: Outcome, detail: &str) {
        self.recording = None;
        match outcome {
            Outcome::Recording => self.recording = serde_json::from_str(detail).ok(),
            Outcome::Recorded => self.unrecorded = 0,
            outcome => {
                self.unrecorded += usize::from(outcome == Outcome::Sent);
                self.outcomes.insert(email, outcome);
            }
        }
    }

    /// The number of accepted messages that the project's list of notices does not state yet.
    pub fn unrecorded(&self) -> usize {
        self.unrecorded
    }

    /// What the project's list of notices begins with if it states all messages, although the ledger does not note that.
    pub fn recording(&self) -> Option<BoundNotice> {
        self.recording
    }

    /// Notes what the project's list of notices begins with once it states all messages.
    ///
    /// # Errors
    /// If it cannot be written; the list must not be written then.
    pub fn will_record(&mut self, list: &BoundNotice, time: jiff::Timestamp) -> Result<(), LedgerError> {
        let detail = serde_json::to_string(list).map_err(|error| self.failed(FileError::Io(error.into())))?;
        self.write("", Outcome::Recording, &detail, time)
    }

    /// Notes that the project's list of notices states all messages.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn recorded(&mut self, time: jiff::Timestamp) -> Result<(), LedgerError> {
        self.write("", Outcome::Recorded, "", time)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Ledger, LedgerError, Outcome};
    use crate::files::Dir;
    use crate::model::{Digest, Email, Version};

    const NAME: &str = "list.ledger";

    fn release() -> (Version, Digest) {
        ("2026-05-22".parse().expect("a version"), Digest::of(b"record"))
    }

    fn open(folder: &Path) -> Result<Ledger, LedgerError> {
        let (version, record) = release();
        Ledger::open(&Dir::open(folder).expect("a folder"), Path::new(NAME), version, record)
    }

    fn email(text: &str) -> Email {
        text.parse().expect("an address")
    }

    #[test]
    fn survives_a_run_that_is_killed_at_any_byte() {
        let folder = tempfile::tempdir().expect("a folder");
        let time = jiff::Timestamp::UNIX_EPOCH;
        let mut ledger = open(folder.path()).expect("a ledger");
        for outcome in [Outcome::Sending, Outcome::Sent] {
            ledger.note(&email("a@customer.com"), outcome, "250 ok", time).expect("written");
        }
        drop(ledger);
        let file = folder.path().join(NAME);
        let bytes = fs::read(&file).expect("the ledger");
        let first = bytes.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
        for length in 0..=bytes.len() {
            fs::write(&file, &bytes[..length]).expect("written");
            let mut ledger = open(folder.path()).expect("a ledger");
            let expected = match length {
                _ if length < first => None,
                _ if length < bytes.len() => Some(Outcome::Sending),
                _ => Some(Outcome::Sent),
            };
            assert_eq!(ledger.outcome(&email("a@customer.com")), expected, "{length} bytes");
            ledger.note(&email("b@customer.com"), Outcome::Sent, "", time).expect("written");
            drop(ledger);
            let again = open(folder.path()).expect("a ledger");
            assert_eq!(again.outcome(&email("b@customer.com")), Some(Outcome::Sent));
            assert_eq!(again.outcome(&email("a@customer.com")), expected);
        }
    }

    #[test]
    fn rejects_damaged_lines_and_other_records() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ledger = open(folder.path()).expect("a ledger");
        ledger.note(&email("a@customer.com"), Outcome::Sent, "", jiff::Timestamp::UNIX_EPOCH).expect("written");
        drop(ledger);
        let dir = Dir::open(folder.path()).expect("a folder");
        let (version, record) = release();
        let other = Ledger::read(&dir, Path::new(NAME), version, Digest::of(b"other"));
        assert!(matches!(other, Err(LedgerError::OtherRecord { .. })), "{other:?}");
        // Another release is not concerned.
        let next = Ledger::read(&dir, Path::new(NAME), version.next_on_day(), Digest::of(b"other")).expect("a ledger");
        assert_eq!(next.outcome(&email("a@customer.com")), None);
        let file = folder.path().join(NAME);
        let text = fs::read_to_string(&file).expect("the ledger");
        for damaged in [format!("{text}x\n{text}"), format!("\n{text}"), text.replace("sent", "posted")] {
            fs::write(&file, &damaged).expect("written");
            let read = Ledger::read(&dir, Path::new(NAME), version, record);
            assert!(matches!(read, Err(LedgerError::Damaged { .. })), "{damaged}");
            assert_eq!(fs::read_to_string(&file).expect("the ledger"), damaged, "never repaired silently");
        }
    }
}
