//! `releases/SHA256SUMS`: the digest of every record, in the format that `sha256sum -c` reads.
//!
//! Each record pins the digest of the previous one, so nothing in the chain pins the newest record. This file does: it
//! reveals a modified or removed newest release, and it makes two branches that each add a release produce a merge
//! conflict. Readers can verify a whole download with one command.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{History, damage, file_name};
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report, Source};
use crate::model::{Digest, Version};

/// The name of the file, in the folder of the records.
pub const FILE_NAME: &str = "SHA256SUMS";

/// The maximum size of the file, in bytes: the lines of more than 20,000 releases.
pub const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// The maximum number of malformed lines that are reported individually.
const MAX_REPORTED: usize = 100;

/// Digests by version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    digests: BTreeMap<Version, Digest>,
}

impl Sums {
    /// The digests of a history.
    pub fn of(history: &History) -> Sums {
        Sums { digests: history.releases().iter().map(|release| (release.version, release.digest)).collect() }
    }

    /// Parses the file. Lines that cannot be parsed are skipped and reported; `path` is the name of the file in diagnostics.
    ///
    /// Every line must have exactly the format that candor writes, because the file is published as it is.
    /// If the file has merge conflict markers, both sides are read, so that `candor release` can resolve the conflict.
    pub fn parse(path: &str, text: &str) -> (Sums, Report) {
        let mut sums = Sums::default();
        let mut report: Report =
            damage::diagnostic(Code::ReleaseSums, path, text).map(Report::from).unwrap_or_default();
        let text = damage::without_byte_order_mark(text);
        let source = Source::new(path, text);
        let mut start = 0;
        let mut merged = false;
        let mut malformed_lines = 0_usize;
        for line in text.split_inclusive('\n') {
            let range = start..start + line.trim_end().len();
            start += line.len();
            let line = line.trim_end_matches(['\n', '\r']);
            if line.starts_with("<<<<<<< ") {
                merged = true;
                let message = format!("`{path}` has merge conflict markers: two branches each made a release");
                report.push(
                    Diagnostic::new(Code::ReleaseConflict, message)
                        .at(Place::new(&source, range), "conflict marker")
                        .fix(Remedy::MergeUnpublished)
                        .fix(Remedy::MergePublished),
                );
            } else if line.starts_with("=======") || line.starts_with(">>>>>>> ") || line.starts_with("||||||| ") {
                // The first marker was already reported.
            } else {
                let why = match entry(line) {
                    Some((version, digest)) => {
                        let old = sums.digests.insert(version, digest);
                        (!merged && old.is_some()).then(|| format!("`{}` appears twice", file_name(version)))
                    }
                    None => Some(format!("`{}` is not a digest followed by a file name", line.escape_debug())),
                };
                if let Some(why) = why {
                    malformed_lines += 1;
                    if malformed_lines <= MAX_REPORTED {
                        report.push(malformed(&source, range, &why));
                    }
                }
            }
        }
        if !text.is_empty() && !text.ends_with('\n') {
            report.push(malformed(&source, text.len()..text.len(), "missing newline at the end of the file"));
        }
        if malformed_lines > MAX_REPORTED {
            let why = format!("{} more lines are not a digest followed by a file name", malformed_lines - MAX_REPORTED);
            report.push(malformed(&source, text.len()..text.len(), &why));
        }
        (sums, report)
    }

    /// Formats the file: one line per record, oldest first.
    pub fn to_text(&self) -> String {
        self.digests.iter().map(|(version, digest)| format!("{digest}  {}\n", file_name(*version))).collect()
    }

    /// Adds the digest of a release, or replaces it.
    pub fn insert(&mut self, version: Version, digest: Digest) {
        self.digests.insert(version, digest);
    }

    /// Removes a release.
    pub fn remove(&mut self, version: Version) {
        self.digests.remove(&version);
    }

    /// The digest of a release.
    pub fn get(&self, version: Version) -> Option<Digest> {
        self.digests.get(&version).copied()
    }

    /// Versions and digests, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Version, Digest)> {
        self.digests.iter().map(|(version, digest)| (*version, *digest))
    }
}

/// Parses a line `DIGEST  VERSION.json`, exactly as `sha256sum` writes it.
fn entry(line: &str) -> Option<(Version, Digest)> {
    let (digest, name) = line.split_once("  ")?;
    let name = name.strip_suffix(".json")?;
    Some((name.parse().ok()?, digest.parse().ok()?))
}

fn malformed(source: &Arc<Source>, range: Range<usize>, why: &str) -> Diagnostic {
    Diagnostic::new(Code::ReleaseSums, format!("`{}` is damaged: {why}", source.path))
        .at(Place::new(source, range), "")
        .fix(Remedy::RestoreSums)
}

#[cfg(test)]
mod tests {
    use super::{MAX_REPORTED, Sums};
    use crate::diagnostic::Code;
    use crate::model::Digest;

    #[test]
    fn parses_what_it_writes() {
        let mut sums = Sums::default();
        for version in ["2026-05-22", "2026-05-22.2", "2026-05-22.10"] {
            sums.insert(version.parse().expect("a version"), Digest::of(version.as_bytes()));
        }
        let (read, report) = Sums::parse("SHA256SUMS", &sums.to_text());
        assert_eq!((read, report.is_empty()), (sums, true));
    }

    #[test]
    fn reports_the_first_malformed_lines_and_counts_the_rest() {
        for line in ["\n", "a\n", "0  a.json\n"] {
            let (sums, report) = Sums::parse("SHA256SUMS", &line.repeat(500_000));
            assert_eq!((sums.iter().count(), report.diagnostics().len()), (0, MAX_REPORTED + 1));
            let last = &report.diagnostics()[MAX_REPORTED].message;
            assert!(last.contains("499900 more lines"), "{last}");
        }
    }

    #[test]
    fn reports_a_merge_conflict_once_and_reads_both_sides() {
        let digest = Digest::of(b"");
        let text = format!(
            "{digest}  2026-05-22.json\n<<<<<<< HEAD\n{digest}  2026-06-01.json\n=======\n{digest}  2026-06-02.json\n>>>>>>> b\n"
        );
        let (sums, report) = Sums::parse("SHA256SUMS", &text);
        assert_eq!(sums.iter().count(), 3);
        assert_eq!(report.diagnostics().iter().map(|d| d.code()).collect::<Vec<_>>(), [Code::ReleaseConflict]);
    }
}
