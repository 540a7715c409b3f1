//! Reads many records in little memory: one batch at a time, keeping only the fields that chain verification needs.

use std::collections::HashSet;

use super::chain::RecordFile;
use super::kept::{self, MAX_FILES};
use super::record::MAX_BYTES;
use super::sent::MAX_BOUND;
use crate::diagnostic::{Diagnostic, Place};
use crate::model::{Digest, Version};

/// The maximum number of records in a batch.
const BATCH: usize = 32;

/// How much text of damaged records is kept for snippets, in bytes. Further diagnostics name only the file.
const QUOTED: usize = 8 * 1024 * 1024;

/// How much text of redactions is kept, in bytes: a history has few. What exceeds it is dropped, so that the verification fails.
const REDACTED: usize = 16 * 1024 * 1024;

/// The files of records without their disclosures.
#[derive(Debug, Default)]
pub struct Heads {
    /// The files, in the order in which they were added.
    pub files: Vec<RecordFile>,
    /// The number of bytes of text that diagnostics hold.
    quoted: usize,
    /// The number of bytes of redactions and of places of withheld values.
    redacted: usize,
    /// The number of notices that the records bind.
    notices: usize,
    /// The recorded files that are known; each is kept only with the first record that has it.
    bound: HashSet<(Digest, String)>,
}

impl Heads {
    /// Adds files and drops everything that chain verification does not need.
    pub fn extend(&mut self, files: Vec<RecordFile>) {
        let newest = files.iter().rposition(|file| file.content.is_ok());
        for (at, mut file) in files.into_iter().enumerate() {
            file.content = match file.content {
                Ok(mut parsed) => {
                    let entries = parsed.redactions.iter().flat_map(|it| it.pointers.iter().chain([&it.reason]));
                    self.redacted +=
                        entries.chain(&parsed.withheld.pointers).map(|text| text.len() + 64).sum::<usize>();
                    if self.redacted > REDACTED {
                        parsed.redactions.clear();
                        parsed.withheld.pointers.clear();
                    }
                    self.notices += parsed.notices.len();
                    if self.notices > MAX_BOUND {
                        parsed.notices.clear();
                    }
                    // Only those of the newest record are current.
                    if Some(at) == newest {
                        let before = self.files.iter_mut().rev().find_map(|file| file.content.as_mut().ok());
                        before.into_iter().for_each(|before| before.current = Vec::new());
                        parsed.current = kept::current(&parsed);
                    }
                    if let Some(files) = &mut parsed.files {
                        files.retain(|it| {
                            self.bound.len() < MAX_FILES && self.bound.insert((it.sha256, it.name().to_owned()))
                        });
                        files.shrink_to_fit();
                    }
                    Ok(parsed.without_statements())
                }
                Err(mut found) => {
                    self.shorten(&mut found);
                    Err(found)
                }
            };
            file.faults.iter_mut().for_each(|found| self.shorten(found));
            self.files.push(file);
        }
    }

    fn shorten(&mut self, found: &mut Diagnostic) {
        for label in &mut found.labels {
            let length = label.place.source.text.len();
            if self.quoted + length > QUOTED {
                label.place = Place::file(&label.place.source.path);
            } else {
                self.quoted += length;
            }
        }
    }
}

/// Groups versions with the lengths of their records, in order. The records of a batch have at most [`MAX_BYTES`] bytes in
/// total, unless the batch has a single record.
pub fn batches(versions: impl IntoIterator<Item = (Version, u64)>) -> Vec<Vec<(Version, u64)>> {
    let mut batches: Vec<Vec<(Version, u64)>> = Vec::new();
    let mut bytes = 0;
    for (version, length) in versions {
        match batches.last_mut().filter(|batch| batch.len() < BATCH && length <= MAX_BYTES.saturating_sub(bytes)) {
            Some(batch) => batch.push((version, length)),
            None => {
                bytes = 0;
                batches.push(vec![(version, length)]);
            }
        }
        bytes += length.min(MAX_BYTES);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::{BATCH, MAX_BYTES, batches};
    use crate::model::Version;

    #[test]
    fn batches_keep_the_order_and_respect_both_limits() {
        let day: Version = "2026-05-22".parse().expect("a version");
        let lengths = [1, MAX_BYTES, 1, 2, MAX_BYTES - 3, 1, u64::MAX, 5].into_iter().chain([0; 70]);
        let versions: Vec<_> =
            std::iter::successors(Some(day), |version| Some(version.next_on_day())).zip(lengths).collect();
        let batches = batches(versions.clone());
        assert_eq!(batches.concat(), versions);
        for batch in &batches {
            let bytes: u128 = batch.iter().map(|(_, length)| u128::from(*length)).sum();
            assert!(batch.len() <= BATCH && (batch.len() == 1 || bytes <= u128::from(MAX_BYTES)), "{batch:?}");
        }
        assert!(batches.len() < 10, "{}", batches.len());
    }
}
