//! What a project states about the notices that it sent: `content/notices/VERSION.yaml`.
//!
//! The file has one entry for each run that sent the notice of a release: how, when and to how many recipients, but no address. The
//! next release binds it, by the digest of its bytes, so that it proves later that the notice was sent before. Entries are only
//! added: the bytes that a release bound stay the beginning of the file. The files are not published, because the number of
//! recipients is the publisher's own business.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic, Place, Remedy};
use crate::model::{Date, Digest, Version};

/// The folder of the files, next to the folder of the releases.
pub const FOLDER: &str = "notices";

/// The maximum size of a file, in bytes.
pub const MAX_BYTES: u64 = 1024 * 1024;

/// The maximum number of bound files that a history can have.
pub const MAX_BOUND: usize = 100_000;

/// The first line of a file.
const HEAD: &str = "# Written by candor. The next release binds these lines by their digest: do not edit them.\n";

/// A notice that a release binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BoundNotice {
    /// The release that the notice is about.
    pub version: Version,
    /// The length of what was bound in bytes, from the beginning of `content/notices/VERSION.yaml`.
    pub bytes: u64,
    /// SHA-256 of these bytes.
    pub sha256: Digest,
}

/// How the notice of a release was sent in one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentNotice {
    /// The date of the run, in UTC.
    pub date: Date,
    /// The number of messages that the server accepted.
    pub recipients: usize,
    /// SHA-256 of the release's record.
    pub record: Digest,
    /// SHA-256 of the notice as plain text, for a reader about whom nothing is known.
    pub text: Digest,
}

impl SentNotice {
    /// Returns the file with this entry added.
    pub fn added_to(&self, file: &[u8]) -> Vec<u8> {
        let mut bytes = if file.is_empty() { HEAD.as_bytes().to_vec() } else { file.to_vec() };
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        let SentNotice { date, recipients, record, text } = self;
        let entry = format!(
            "- channel: email\n  date: {date}\n  recipients: {recipients}\n  record: {record}\n  text: {text}\n"
        );
        bytes.extend(entry.as_bytes());
        bytes
    }
}

impl BoundNotice {
    /// Binds a file.
    pub fn of(version: Version, file: &[u8]) -> BoundNotice {
        BoundNotice { version, bytes: file.len() as u64, sha256: Digest::of(file) }
    }

    /// Returns whether the file still begins with the bound bytes.
    pub fn is_kept_in(&self, file: &[u8]) -> bool {
        let length = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        file.get(..length).is_some_and(|bound| Digest::of(bound) == self.sha256)
    }

    /// Returns the name of the file.
    pub fn file_name(&self) -> String {
        file_name(self.version)
    }
}

/// Returns the name of the file about a release: `VERSION.yaml`.
pub fn file_name(version: Version) -> String {
    format!("{version}.yaml")
}

/// Reports a file that is not there.
pub fn missing(path: &str, bound: &BoundNotice) -> Diagnostic {
    let message =
        format!("`{path}` is missing, but a release binds what it states about the notice of {}", bound.version);
    Diagnostic::new(Code::SentNoticeMissing, message).at(Place::file(path), "").fix(Remedy::RestoreFile(path))
}

/// Reports a file with other bytes.
pub fn changed(path: &str, bound: &BoundNotice) -> Diagnostic {
    let message = format!("the first {} bytes of `{path}` are not those that a release binds", bound.bytes);
    Diagnostic::new(Code::SentNoticeChanged, message).at(Place::file(path), "").fix(Remedy::RestoreFile(path))
}

#[cfg(test)]
mod tests {
    use super::{BoundNotice, SentNotice};
    use crate::model::Digest;

    #[test]
    fn entries_are_added_and_bound_bytes_are_kept() {
        let version = "2026-05-22".parse().expect("a version");
        let entry = |recipients| SentNotice {
            date: "2026-05-23".parse().expect("a date"),
            recipients,
            record: Digest::of(b"record"),
            text: Digest::of(b"text"),
        };
        let first = entry(480).added_to(b"");
        let bound = BoundNotice::of(version, &first);
        let second = entry(1).added_to(&first);
        assert!(bound.is_kept_in(&first) && bound.is_kept_in(&second));
        let text = String::from_utf8(second.clone()).expect("text");
        assert_eq!((text.matches("- channel: email\n").count(), text.matches("recipients: 480").count()), (2, 1));
        for at in 0..first.len() {
            let mut changed = second.clone();
            changed[at] ^= 1;
            assert!(!bound.is_kept_in(&changed), "byte {at}");
            assert!(!bound.is_kept_in(&second[..at]), "{at} bytes");
        }
        let mut later = second.clone();
        *later.last_mut().expect("a byte") ^= 1;
        assert!(bound.is_kept_in(&later), "what was not bound yet may change");
    }
}
