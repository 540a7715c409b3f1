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
    /// SHA-256 of its content.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Entry {
    /// The entry of a file with this content.
    pub fn of(bytes: &[u8]) -> Entry {
        Entry { sha256: Digest::of(bytes), bytes: bytes.len() as u64 }
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
        if candor != FORMAT {
            return Err(damaged(format!("this version of candor does not know format {candor}")));
        }
        serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))
    }
}

/// The part of every list that says which format it has.
#[derive(Deserialize)]
struct Format {
    candor: u32,
}
