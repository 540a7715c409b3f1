//! The list of files that a build leaves in the folder it wrote.
//!
//! It is what tells candor's own folder from somebody else's, and what a later build goes by to know
//! which files need not be made again. It says nothing about when or where the build ran, so that equal
//! sites are equal folders, the list included.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EmitError;
use crate::compress::Encoding;
use crate::model::{Digest, ProgramVersion};

/// The list's own name, at the root of the folder.
pub const NAME: &str = ".candor";

/// The number that this version of candor writes into `candor`.
const FORMAT: u32 = 1;

/// What one build wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Number of the list's format.
    candor: u32,
    /// The [program](ProgramVersion) that wrote it.
    version: String,
    /// The files by path, without the compressed copies and the list itself.
    pub files: BTreeMap<String, Entry>,
}

/// What was written at one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Stands for everything that the bytes were made from.
    pub key: Digest,
    /// Digest of the bytes, where compressed copies are made: by it they are known when the file is made again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// How many there are.
    pub bytes: u64,
    /// The Brotli copy, where one was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub br: Option<Copy>,
    /// The gzip copy, where one was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gz: Option<Copy>,
}

/// A compressed copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The level it was made with.
    pub level: u8,
    /// How many bytes it has; `None` where it was not smaller and so not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Entry {
    /// The copy in this encoding, where one was tried.
    pub fn copy(&self, encoding: Encoding) -> Option<&Copy> {
        match encoding {
            Encoding::Brotli => self.br.as_ref(),
            Encoding::Gzip => self.gz.as_ref(),
        }
    }

    /// Records what became of a copy.
    pub fn set_copy(&mut self, encoding: Encoding, copy: Copy) {
        match encoding {
            Encoding::Brotli => self.br = Some(copy),
            Encoding::Gzip => self.gz = Some(copy),
        }
    }

    /// The files that this entry stands for: path and size, the compressed copies included.
    pub fn on_disk<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (String, u64)> + 'a {
        let copies = Encoding::ALL.into_iter().filter_map(move |encoding| {
            let bytes = self.copy(encoding)?.bytes?;
            Some((format!("{path}.{}", encoding.ending()), bytes))
        });
        std::iter::once((path.to_owned(), self.bytes)).chain(copies)
    }
}

impl Manifest {
    /// The list of what this program wrote.
    pub fn new(program: &ProgramVersion, files: BTreeMap<String, Entry>) -> Manifest {
        Manifest { candor: FORMAT, version: program.to_string(), files }
    }

    /// Whether this program wrote it: another one may render and compress the same things differently.
    pub fn is_by(&self, program: &ProgramVersion) -> bool {
        self.version == program.as_str()
    }

    /// The list's bytes: one file a line, in the order of their paths.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(64 + self.files.len() * 256);
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
    /// When it cannot be read.
    pub fn find(folder: &Path) -> Result<Option<Vec<u8>>, EmitError> {
        let path = folder.join(NAME);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(EmitError::io("read", &path)(error)),
        }
    }

    /// The list that these bytes of a folder are.
    ///
    /// # Errors
    /// When they are not such a list.
    pub fn parse(folder: &Path, bytes: &[u8]) -> Result<Manifest, EmitError> {
        let damaged = |reason: String| EmitError::DamagedMarker { path: folder.join(NAME), reason };
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        if manifest.candor != FORMAT {
            return Err(damaged(format!("format {} is not one that this version of candor knows", manifest.candor)));
        }
        Ok(manifest)
    }
}
