//! The list of files that a build leaves in the folder it wrote.
//!
//! It shows that the folder is candor's own, and which files in it a later build may delete: those that it names and that
//! still have the content that it states. It steers nothing else, because a folder with such a list can come from anybody,
//! for example with a pull request. It contains no time and no place, so that equal sites are equal folders, the list
//! included.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EmitError;
use crate::files::{Dir, FileError};
use crate::model::{Digest, ProgramVersion};

/// The list's own name, at the root of the folder.
pub const NAME: &str = ".candor";

/// The number that this version of candor writes into `candor`.
const FORMAT: u32 = 2;

/// The largest list that is read, in bytes: that of about a million files.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// What one build wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Number of the list's format.
    candor: u32,
    /// The [program](ProgramVersion) that wrote it.
    version: String,
    /// The files by path, compressed copies included, without the list itself.
    pub files: BTreeMap<String, Entry>,
}

/// A file as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// SHA-256 of its content; lists of candor 0.1 have it only for files with compressed copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Entry {
    /// The entry of a file with this content.
    pub fn of(bytes: &[u8]) -> Entry {
        Entry { sha256: Some(Digest::of(bytes)), bytes: bytes.len() as u64 }
    }

    /// Whether a file with this content is the one that was written, as far as the list states it.
    pub fn describes(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes.len() as u64 && self.sha256.is_none_or(|digest| digest == Digest::of(bytes))
    }
}

impl Manifest {
    /// The list of what this program wrote.
    pub fn new(program: &ProgramVersion, files: BTreeMap<String, Entry>) -> Manifest {
        Manifest { candor: FORMAT, version: program.to_string(), files }
    }

    /// The list's bytes: one file a line, in the order of their paths.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(64 + self.files.len() * 128);
        write!(out, "{{\"candor\":{},\"version\":", self.candor)?;
        serde_json::to_writer(&mut out, &self.version)?;
        write!(out, ",\"files\":{{")?;
        for (n, (path, entry)) in self.files.iter().enumerate() {
            out.extend_from_slice(if n == 0 { b"\n" } else { b",\n" });
            serde_json::to_writer(&mut out, path)?;
            out.push(b':');
            serde_json::to_writer(&mut out, entry)?;
        }
        out.extend_from_slice(b"\n}}\n");
        Ok(out)
    }

    /// The bytes of a folder's list; `None` where there is none.
    ///
    /// # Errors
    /// When it is not a regular file of the folder, or cannot be read.
    pub fn find(folder: &Dir) -> Result<Option<Vec<u8>>, EmitError> {
        match folder.read(Path::new(NAME), MAX_BYTES) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.is_missing() => Ok(None),
            Err(FileError::Io(error)) => Err(EmitError::io("read", &folder.path().join(NAME))(error)),
            Err(error) => {
                Err(EmitError::DamagedMarker { path: folder.path().join(NAME), reason: format!("it {error}") })
            }
        }
    }

    /// The list that these bytes of a folder are.
    ///
    /// # Errors
    /// When they are not such a list.
    pub fn parse(folder: &Path, bytes: &[u8]) -> Result<Manifest, EmitError> {
        let damaged = |reason: String| EmitError::DamagedMarker { path: folder.join(NAME), reason };
        let Format { candor } = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        match candor {
            FORMAT => serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string())),
            former::FORMAT => former::parse(bytes).map_err(|error| damaged(error.to_string())),
            _ => Err(damaged(format!("this version of candor does not know format {candor}"))),
        }
    }
}

/// The list of candor 0.1, so that a site that it built can be replaced.
mod former {
    use super::{BTreeMap, Deserialize, Digest, Entry, Manifest};

    pub const FORMAT: u32 = 1;

    #[derive(Deserialize)]
    struct FormerManifest {
        version: String,
        files: BTreeMap<String, FormerEntry>,
    }

    #[derive(Deserialize)]
    struct FormerEntry {
        sha256: Option<Digest>,
        bytes: u64,
        br: Option<FormerCopy>,
        gz: Option<FormerCopy>,
    }

    /// A compressed copy; `bytes` is missing where it was not smaller than the file, and so not kept.
    #[derive(Deserialize)]
    struct FormerCopy {
        bytes: Option<u64>,
    }

    pub fn parse(bytes: &[u8]) -> serde_json::Result<Manifest> {
        let FormerManifest { version, files: former } = serde_json::from_slice(bytes)?;
        let mut files = BTreeMap::new();
        for (path, FormerEntry { sha256, bytes, br, gz }) in former {
            for (ending, copy) in [("br", br), ("gz", gz)] {
                if let Some(bytes) = copy.and_then(|copy| copy.bytes) {
                    files.insert(format!("{path}.{ending}"), Entry { sha256: None, bytes });
                }
            }
            files.insert(path, Entry { sha256, bytes });
        }
        Ok(Manifest { candor: FORMAT, version, files })
    }
}

/// The part of every list that says which format it has.
#[derive(Deserialize)]
struct Format {
    candor: u32,
}
