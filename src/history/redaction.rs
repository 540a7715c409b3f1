//! Redactions: which values and files were withheld from releases after they were published, when, and why.
//!
//! `candor redact` rewrites a record and adds an entry to `redactions.json`, where it is pending. The next release moves it into
//! its own record, which binds it: from then on, the hash chain proves that the publisher declared the redaction. The `previous`
//! of the release after a redacted one keeps the digest of the original record, so the entries explain the other digest.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chain::RecordFile;
use super::reading::conflict;
use crate::diagnostic::{Code, Diagnostic, Place, Remedy};
use crate::model::{Date, Digest, Version};

/// The name of the file with pending redactions, in the folder of the records.
pub const FILE_NAME: &str = "redactions.json";

/// The maximum size of the file, in bytes.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The maximum length of a reason, in bytes.
pub const MAX_REASON: usize = 4096;

/// A redaction: withheld values of one release, or a withheld file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Redaction {
    /// The release whose values are withheld; left out for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Version")]
    #[schemars(default)]
    pub version: Option<Version>,
    /// SHA-256 of the record as it was released, before any redaction; left out for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub original: Option<Digest>,
    /// SHA-256 of the record after this redaction; left out for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub sha256: Option<Digest>,
    /// The places of the values that this redaction withholds, as JSON pointers (RFC 6901) into the record; left out for a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pointers: Vec<String>,
    /// SHA-256 of the withheld file; left out for values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub file: Option<Digest>,
    /// The publisher's reason, as plain text.
    pub reason: String,
    /// The date of the redaction.
    pub date: Date,
}

/// The digests of a redaction of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewriting {
    /// The release.
    pub version: Version,
    /// SHA-256 of its original record.
    pub original: Digest,
    /// SHA-256 of the record after the redaction.
    pub sha256: Digest,
}

impl Redaction {
    /// The digests, if values were withheld.
    pub fn rewriting(&self) -> Option<Rewriting> {
        Some(Rewriting { version: self.version?, original: self.original?, sha256: self.sha256? })
    }

    /// Returns what is wrong with the entry; `None` if candor would write it.
    pub fn fault(&self) -> Option<String> {
        let parts = [self.version.is_some(), self.original.is_some(), self.sha256.is_some(), !self.pointers.is_empty()];
        let is_below = |pointer: &String| pointer == "/summary" || pointer.starts_with("/disclosure/");
        if parts.iter().any(|part| *part == self.file.is_some()) {
            Some("names neither a file, nor a version with its two digests and pointers".to_owned())
        } else if let Some(pointer) = self.pointers.iter().find(|pointer| !is_below(pointer)) {
            Some(format!(
                "has the pointer `{}`, which is neither `/summary` nor below `/disclosure/`",
                pointer.escape_debug()
            ))
        } else if self.pointers.windows(2).any(|pair| pair[0] >= pair[1]) {
            Some("has pointers that are not sorted, or are repeated".to_owned())
        } else if self.reason.trim().is_empty() || self.reason.trim() != self.reason || self.reason.len() > MAX_REASON {
            Some("has no reason, or one with whitespace around it or more than 4096 bytes".to_owned())
        } else {
            None
        }
    }
}

/// The pending redactions: the content of `redactions.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PendingRedactions {
    /// Path of the file in diagnostics.
    pub path: String,
    /// The redactions, oldest first.
    pub list: Vec<Redaction>,
}

impl PendingRedactions {
    /// Parses the file.
    ///
    /// # Errors
    /// If it is not the list that candor writes.
    pub fn parse(path: &str, bytes: &[u8]) -> Result<PendingRedactions, Box<Diagnostic>> {
        let text = String::from_utf8_lossy(bytes);
        if let Some(found) = conflict(path, &text) {
            return Err(Box::new(found));
        }
        let wrong = |why: String| {
            let found = Diagnostic::new(Code::RedactionList, format!("`{path}` is not a list of redactions: {why}"));
            Box::new(found.at(Place::file(path), "").fix(Remedy::RestoreFile(path)))
        };
        let list: Vec<Redaction> = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
        if let Some(why) = list.iter().find_map(Redaction::fault) {
            return Err(wrong(format!("an entry {why}")));
        }
        let pending = PendingRedactions { path: path.to_owned(), list };
        match pending.to_bytes() == bytes {
            true => Ok(pending),
            false => Err(wrong("it is not in the format that candor writes".to_owned())),
        }
    }

    /// Returns the bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Cannot fail: the entries are plain JSON.
        let mut bytes = serde_json::to_vec_pretty(&self.list).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// A redaction, with the release that binds it.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// The entry.
    pub redaction: &'a Redaction,
    /// The release that binds it; `None` while it is pending.
    pub by: Option<Version>,
}

/// All redactions of a history: first the bound ones in the order of their releases, then the pending ones.
#[derive(Debug, Clone, Default)]
pub struct Redactions<'a> {
    /// The redactions of values, by release.
    values: BTreeMap<Version, Vec<Bound<'a>>>,
    all: Vec<Bound<'a>>,
}

impl<'a> Redactions<'a> {
    /// Collects the redactions of records and the pending ones. A pending redaction that a record binds is left out: candor was
    /// stopped before it removed the entry.
    pub fn of(files: &'a [RecordFile], pending: &'a PendingRedactions) -> Redactions<'a> {
        let parsed = files.iter().filter_map(|file| file.content.as_ref().ok());
        let bound: Vec<Bound<'a>> = parsed
            .flat_map(|parsed| parsed.redactions.iter().map(|redaction| Bound { redaction, by: Some(parsed.version) }))
            .collect();
        let known: BTreeSet<&Redaction> = bound.iter().map(|bound| bound.redaction).collect();
        let unbound: Vec<Bound<'a>> = pending
            .list
            .iter()
            .filter(|redaction| !known.contains(redaction))
            .map(|redaction| Bound { redaction, by: None })
            .collect();
        let mut redactions = Redactions { all: [bound, unbound].concat(), ..Redactions::default() };
        for bound in &redactions.all {
            if let Some(Rewriting { version, .. }) = bound.redaction.rewriting() {
                redactions.values.entry(version).or_default().push(*bound);
            }
        }
        redactions
    }

    /// All redactions, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Bound<'a>> {
        self.all.iter()
    }

    /// The redactions that no release binds.
    pub fn pending(&self) -> impl Iterator<Item = &'a Redaction> {
        self.all.iter().filter(|bound| bound.by.is_none()).map(|bound| bound.redaction)
    }

    /// The redactions of values of a release, in order.
    pub fn of_release(&self, version: Version) -> &[Bound<'a>] {
        self.values.get(&version).map(Vec::as_slice).unwrap_or_default()
    }

    /// The digest of the original record of a release; `None` if nothing was withheld.
    pub fn original(&self, version: Version) -> Option<Digest> {
        self.of_release(version).first()?.redaction.original
    }

    /// The withheld files.
    pub fn files(&self) -> BTreeSet<Digest> {
        self.all.iter().filter_map(|bound| bound.redaction.file).collect()
    }

    /// The digests that each redacted record has had, oldest first.
    pub fn sequences(&self) -> Sequences {
        sequences(self.all.iter().map(|bound| bound.redaction))
    }
}

/// Returns the redactions that a record binds; none if it is not a record.
pub fn bound_by(record: &[u8]) -> Vec<Redaction> {
    #[derive(Deserialize)]
    struct Head {
        #[serde(default)]
        redactions: Vec<Redaction>,
    }
    serde_json::from_slice::<Head>(record).map(|head| head.redactions).unwrap_or_default()
}

/// The digests that each redacted record has had, oldest first: that of the original, then one for each redaction.
pub type Sequences = BTreeMap<Version, Vec<Digest>>;

/// Returns the sequences of digests that redactions explain.
pub fn sequences<'a>(redactions: impl IntoIterator<Item = &'a Redaction>) -> Sequences {
    let mut sequences = Sequences::new();
    for Rewriting { version, original, sha256 } in redactions.into_iter().filter_map(Redaction::rewriting) {
        sequences.entry(version).or_insert_with(|| vec![original]).push(sha256);
    }
    sequences
}

/// Whether `one` is an earlier digest than `other` of the same record.
pub fn is_earlier(sequences: &Sequences, version: Version, one: Digest, other: Digest) -> bool {
    let position = |digest| sequences.get(&version)?.iter().position(|known| *known == digest);
    matches!((position(one), position(other)), (Some(one), Some(other)) if one < other)
}
