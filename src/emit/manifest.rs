//! The manifest: the list of files that a build writes into its output folder.
//!
//! It identifies the folder as candor's own, and determines which files a later build may delete: those that it lists
//! and whose content it still describes. It controls nothing else, because a folder with a manifest can come from
//! anyone, for example in a pull request. It contains no time and no path of the machine, so that identical sites are
//! identical folders, including the manifest.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::EmitError;
use crate::files::{Dir, FileError};
use crate::model::{Digest, ProgramVersion};
use crate::site::map::{self, Kind};
use crate::site::{Site, SiteName};

/// The name of the manifest, in the root of the folder.
pub const NAME: &str = ".candor";

/// The format number that this version of candor writes to `candor`.
const FORMAT: u32 = 2;

/// The title of a new project.
const DEFAULT_TITLE: &str = "Trust center";

/// The largest manifest that is read, in bytes: about a million files.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// The files that one build wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Number of the manifest's format.
    candor: u32,
    /// The [program](ProgramVersion) that wrote it.
    version: String,
    /// The name of the site; `None` in manifests of candor 0.1.
    #[serde(default)]
    pub site: Option<SiteName>,
    /// The files by path, including compressed copies but not the manifest itself.
    pub files: BTreeMap<String, Entry>,
}

/// A file in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// SHA-256 of its content; manifests of candor 0.1 have it only for files with compressed copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Entry {
    /// Returns the entry of a file with this content.
    pub fn of(bytes: &[u8]) -> Entry {
        Entry { sha256: Some(Digest::of(bytes)), bytes: bytes.len() as u64 }
    }

    /// Returns whether the content matches this entry, as far as the entry describes it.
    pub fn describes(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes.len() as u64 && self.sha256.is_none_or(|digest| digest == Digest::of(bytes))
    }
}

impl Manifest {
    /// Creates a manifest of the files of a site.
    pub fn new(site: &Site, files: BTreeMap<String, Entry>) -> Manifest {
        Manifest { candor: FORMAT, version: site.program().to_string(), site: Some(site.name().clone()), files }
    }

    /// Returns whether it states that this program wrote the files.
    pub fn is_written_by(&self, program: &ProgramVersion) -> bool {
        self.version == program.as_str()
    }

    /// Returns whether the files are those of another project's site.
    ///
    /// The sites of one project share release records, in their present or original form, unless the only one was replaced, and a
    /// site of unreleased changes may have none. Then their addresses decide, and without addresses their names.
    pub fn is_of_other_project(&self, site: &Site) -> bool {
        let is_record = |path: &str| map::find(path).kind == Kind::Record;
        let own: BTreeMap<&str, Option<Digest>> = site
            .iter()
            .filter(|(path, _)| is_record(path.as_str()))
            .map(|(path, artifact)| (path.as_str(), artifact.body.sha256()))
            .collect();
        let there: Vec<_> = self.files.iter().filter(|(path, _)| is_record(path)).collect();
        let is_shared = |path: &str, entry: &Entry| {
            own.get(path).is_some_and(|own| entry.sha256.is_none() || entry.sha256 == *own)
                || entry.sha256.is_some_and(|digest| site.original_records().contains(&digest))
        };
        if there.iter().any(|(path, entry)| is_shared(path, entry)) {
            return false;
        }
        let has_releases = !own.is_empty() && !there.is_empty();
        let Some(before) = &self.site else { return has_releases };
        let now = site.name();
        if let (Some(before), Some(now)) = (before.address(), now.address()) {
            return before != now;
        }
        let (title, organization) = (before.title == now.title, before.organization == now.organization);
        if has_releases {
            // A replaced release keeps its version.
            let is_replaced =
                own.len() == 1 && there.len() == 1 && there.iter().all(|(path, _)| own.contains_key(path.as_str()));
            return !(is_replaced && title && organization);
        }
        // Many projects have the title of a new project.
        !(organization || title && now.title != DEFAULT_TITLE)
    }

    /// Serializes the manifest: one file per line, sorted by path.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut out = Vec::with_capacity(64 + self.files.len() * 128);
        write!(out, "{{\"candor\":{},\"version\":", self.candor)?;
        serde_json::to_writer(&mut out, &self.version)?;
        if let Some(site) = &self.site {
            write!(out, ",\"site\":")?;
            serde_json::to_writer(&mut out, site)?;
        }
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

    /// Reads the manifest of a folder; `None` if it has none.
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

    /// Parses a manifest.
    ///
    /// # Errors
    /// When the bytes are not a valid manifest.
    pub fn parse(folder: &Path, bytes: &[u8]) -> Result<Manifest, EmitError> {
        let damaged = |reason: String| EmitError::DamagedMarker { path: folder.join(NAME), reason };
        let Format { candor } = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        match candor {
            FORMAT => serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string())),
            former::FORMAT => former::parse(bytes).map_err(|error| damaged(error.to_string())),
            _ => Err(damaged(format!("format {candor} is not supported by this version of candor"))),
        }
    }
}

/// The manifest format of candor 0.1, read so that a site built by it can be replaced.
mod former {
    use super::{BTreeMap, Deserialize, Digest, Entry, Manifest};

    pub const FORMAT: u32 = 1;

    #[derive(Deserialize)]
    struct LegacyManifest {
        version: String,
        files: BTreeMap<String, LegacyEntry>,
    }

    #[derive(Deserialize)]
    struct LegacyEntry {
        sha256: Option<Digest>,
        bytes: u64,
        br: Option<FormerCopy>,
        gz: Option<FormerCopy>,
    }

    /// A compressed copy; `bytes` is missing if the copy was not smaller than the file and so was not kept.
    #[derive(Deserialize)]
    struct FormerCopy {
        bytes: Option<u64>,
    }

    pub fn parse(bytes: &[u8]) -> serde_json::Result<Manifest> {
        let LegacyManifest { version, files: former } = serde_json::from_slice(bytes)?;
        let mut files = BTreeMap::new();
        for (path, LegacyEntry { sha256, bytes, br, gz }) in former {
            for (ending, copy) in [("br", br), ("gz", gz)] {
                if let Some(bytes) = copy.and_then(|copy| copy.bytes) {
                    files.insert(format!("{path}.{ending}"), Entry { sha256: None, bytes });
                }
            }
            files.insert(path, Entry { sha256, bytes });
        }
        Ok(Manifest { candor: FORMAT, version, site: None, files })
    }
}

/// The part of every manifest that identifies its format.
#[derive(Deserialize)]
struct Format {
    candor: u32,
}
