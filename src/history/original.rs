//! Compares the original record of a redacted release, which a reader kept, with the record as it is now.
//!
//! A redaction changes the digest of a record, so the chain alone cannot show that no other value was changed at the same time.
//! Withholding the same places of the original must result in exactly the bytes that are published now.

use super::redact::withhold;
use super::redaction::Redactions;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::model::{Digest, Version};

/// Returns the release whose original record these bytes are.
///
/// # Errors
/// If no redaction is of this record, or if it differs from the current record in other values.
pub fn check(path: &str, bytes: &[u8], redactions: &Redactions<'_>) -> Result<Version, Box<Diagnostic>> {
    let digest = Digest::of(bytes);
    let wrong = |message: String| {
        let found = Diagnostic::new(Code::RedactionMismatch, message).at(Place::file(path), "");
        Box::new(found.help("the SHA-256 of the original record is `original_sha256` in releases/index.json"))
    };
    let sequences = redactions.sequences();
    let known = sequences.iter().find(|(_, digests)| digests.contains(&digest));
    let Some((version, _)) = known else {
        return Err(wrong(format!(
            "`{path}`, with the SHA-256 {digest}, is not the original record of a redacted release"
        )));
    };
    match replay(bytes, *version, redactions) {
        Ok(_) => Ok(*version),
        Err(ReplayError::NoValue(pointer)) => {
            Err(wrong(format!("`{path}` has no value at `{}`, which a redaction names", pointer.escape_debug())))
        }
        Err(ReplayError::Differs) => {
            Err(wrong(format!("release {version} differs from `{path}` in other values than those that were withheld")))
        }
    }
}

/// Why redactions of a record cannot be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplayError {
    /// The record has no value at this pointer.
    NoValue(String),
    /// The result has another digest than the redaction.
    Differs,
}

/// Returns the record that the redactions of a release make from an earlier one, whose bytes these are.
///
/// # Errors
/// If the bytes are not an earlier record of the release, or if withholding the values does not result in the digests.
pub fn replay(bytes: &[u8], version: Version, redactions: &Redactions<'_>) -> Result<Vec<u8>, ReplayError> {
    let digests = redactions.sequences().remove(&version).unwrap_or_default();
    let known = digests.iter().position(|known| *known == Digest::of(bytes)).ok_or(ReplayError::Differs)?;
    let mut record = bytes.to_vec();
    // The entry at each position leads to the next digest of the sequence.
    for bound in redactions.of_release(version).iter().skip(known) {
        record = withhold(&record, &bound.redaction.pointers).map_err(ReplayError::NoValue)?;
        if Some(Digest::of(&record)) != bound.redaction.sha256 {
            return Err(ReplayError::Differs);
        }
    }
    Ok(record)
}
