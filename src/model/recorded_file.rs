//! Files that a release binds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, Digest, Disclosure, MediaType, Withheld};

/// A file that a release refers to, as its record describes it.
///
/// The record binds the file: its digest is in the record, and the file is kept under this digest with the releases, so it
/// stays available as it was even if the publisher replaces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RecordedFile {
    /// Path of the file below `static/`, with forward slashes.
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub path: String,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Media type of the file.
    pub media_type: MediaType,
}

impl RecordedFile {
    /// The last segment of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The path at which the file is kept, below the folder of recorded files: `SHA256/NAME`.
    pub fn kept_at(&self) -> String {
        format!("{}/{}", self.sha256, self.name())
    }
}

/// What one release, or the content, states: a disclosure, and the files that it refers to.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// What the organization states.
    pub disclosure: &'a Disclosure,
    /// The files; `None` for releases with schema 1, which recorded no files.
    pub files: Option<&'a [RecordedFile]>,
    /// The values that were withheld; `None` for content.
    pub withheld: Option<&'a Withheld>,
    /// The date of the release, or the date as of which the content is evaluated; `None` if it is not known.
    pub date: Option<Date>,
}

impl<'a> Statement<'a> {
    /// The files by path; empty if none were recorded.
    pub fn files_by_path(self) -> BTreeMap<&'a str, &'a RecordedFile> {
        self.files.unwrap_or_default().iter().map(|file| (file.path.as_str(), file)).collect()
    }
}

impl<'a> From<&'a Disclosure> for Statement<'a> {
    /// Creates a statement without recorded files. A comparison with it leaves files out.
    fn from(disclosure: &'a Disclosure) -> Statement<'a> {
        Statement { disclosure, files: None, withheld: None, date: None }
    }
}
