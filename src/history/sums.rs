//! `releases/SHA256SUMS`: the digest of every record, in the form that `sha256sum -c` reads.
//!
//! A record pins the one before it, and nothing in the chain pins the newest. This file does: it makes a changed
//! or lost newest release visible, and it makes two branches that each add a release meet in a merge conflict
//! instead of passing each other unseen. Readers check a whole download with one command.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{History, damage, file_name};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source};
use crate::model::{Digest, Version};

/// Its name, in the folder of the records.
pub const FILE_NAME: &str = "SHA256SUMS";

/// The largest file that is read, in bytes: the lines of more than 20,000 releases.
pub const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// How many malformed lines are reported one by one.
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

    /// Reads the file; `path` is how findings name it. What cannot be read is left out and told.
    ///
    /// Every line must be what candor writes: the file is published, so that text of any other kind would be, too.
    /// A file in which a merge left its marks is read on both sides, so that the way out can be worked out.
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
                let message = format!("`{path}` holds the marks of a merge conflict: two branches each made a release");
                report.push(
                    Diagnostic::new(Code::ReleaseConflict, message)
                        .at(Place::new(&source, range), "git left this here")
                        .help("if the newest release was never published: bring the content of both branches together and run `candor release --replace`")
                        .help("if both were made on the same day, or the newest is published: take the published branch's releases with `git checkout BRANCH -- content/releases`, then run `candor release -m TEXT`"),
                );
            } else if line.starts_with("=======") || line.starts_with(">>>>>>> ") || line.starts_with("||||||| ") {
                // The marks' other lines; the first one has told it.
            } else {
                let why = match entry(line) {
                    Some((version, digest)) => {
                        let old = sums.digests.insert(version, digest);
                        (!merged && old.is_some()).then(|| format!("`{}` is listed twice", file_name(version)))
                    }
                    None => Some(format!("`{}` is not a digest and a file name", line.escape_debug())),
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
            report.push(malformed(&source, text.len()..text.len(), "the line feed at its end is missing"));
        }
        if malformed_lines > MAX_REPORTED {
            let why = format!("{} more lines are not a digest and a file name", malformed_lines - MAX_REPORTED);
            report.push(malformed(&source, text.len()..text.len(), &why));
        }
        (sums, report)
    }

    /// The file's text: one line per record, oldest first.
    pub fn to_text(&self) -> String {
        self.digests.iter().map(|(version, digest)| format!("{digest}  {}\n", file_name(*version))).collect()
    }

    /// Adds a release, or replaces its digest.
    pub fn insert(&mut self, version: Version, digest: Digest) {
        self.digests.insert(version, digest);
    }

    /// Forgets a release.
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

/// `DIGEST  VERSION.json`, exactly as `sha256sum` writes it.
fn entry(line: &str) -> Option<(Version, Digest)> {
    let (digest, name) = line.split_once("  ")?;
    let name = name.strip_suffix(".json")?;
    Some((name.parse().ok()?, digest.parse().ok()?))
}

fn malformed(source: &Arc<Source>, range: Range<usize>, why: &str) -> Diagnostic {
    Diagnostic::new(Code::ReleaseSums, format!("`{}` is damaged: {why}", source.path))
        .at(Place::new(source, range), "")
        .help("bring the file back as it was, for example with `git checkout`; each line is what `sha256sum VERSION.json` prints")
}

#[cfg(test)]
mod tests {
    use super::{MAX_REPORTED, Sums};
    use crate::diagnostic::Code;
    use crate::model::Digest;

    #[test]
    fn what_is_written_is_read_back() {
        let mut sums = Sums::default();
        for version in ["2026-05-22", "2026-05-22.2", "2026-05-22.10"] {
            sums.insert(version.parse().expect("a version"), Digest::of(version.as_bytes()));
        }
        let (read, report) = Sums::parse("SHA256SUMS", &sums.to_text());
        assert_eq!((read, report.is_empty()), (sums, true));
    }

    #[test]
    fn malformed_lines_are_counted_and_the_first_ones_reported() {
        for line in ["\n", "a\n", "0  a.json\n"] {
            let (sums, report) = Sums::parse("SHA256SUMS", &line.repeat(500_000));
            assert_eq!((sums.iter().count(), report.diagnostics().len()), (0, MAX_REPORTED + 1));
            let last = &report.diagnostics()[MAX_REPORTED].message;
            assert!(last.contains("499900 more lines"), "{last}");
        }
    }

    #[test]
    fn a_merge_conflict_is_told_once_and_both_sides_are_read() {
        let digest = Digest::of(b"");
        let text = format!(
            "{digest}  2026-05-22.json\n<<<<<<< HEAD\n{digest}  2026-06-01.json\n=======\n{digest}  2026-06-02.json\n>>>>>>> b\n"
        );
        let (sums, report) = Sums::parse("SHA256SUMS", &text);
        assert_eq!(sums.iter().count(), 3);
        assert_eq!(report.diagnostics().iter().map(|d| d.code()).collect::<Vec<_>>(), [Code::ReleaseConflict]);
    }
}
