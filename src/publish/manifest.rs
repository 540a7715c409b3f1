//! The manifest: what candor wrote at a destination, and which run is writing now.
//!
//! One JSON object at [`PATH`] in the destination's prefix. It is as public as the site that it describes, so it
//! contains no names of people or machines. A manifest with a higher `format` than this version supports is rejected
//! and never rewritten, because that would lose data of the newer version.
//!
//! Two sets describe the objects at the destination:
//!
//! - `files`: certain. Written by candor, completely, and as the entry describes.
//! - `pending`: uncertain. A run was about to write or delete it, and has not reported completion. It may
//!   have the old content, the new content, or be missing; the manifest lists the contents that it may have. The next run
//!   uploads it again, or deletes it.
//!
//! candor may overwrite or delete an object of these sets if it has a content that the manifest lists, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PublishError;
use crate::compress;
use crate::model::Digest;
use crate::site::SitePath;

/// The path of the manifest in the destination's prefix.
pub const PATH: &str = ".candor/manifest.json";

/// The number that this version of candor writes into `format`. Since format 2, entries have an `e_tag`.
pub const FORMAT: u32 = 2;

/// What candor wrote at a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Number of the manifest's format.
    pub format: u32,
    /// Number of completed publishes.
    pub generation: u64,
    /// Whether a run is writing.
    pub state: State,
    /// The files that are certain to exist.
    pub files: BTreeMap<SitePath, Entry>,
    /// The files that may exist, with the contents that candor may have left there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "pending")]
    pub pending: BTreeMap<SitePath, BTreeSet<StoredContent>>,
    /// Files that unfinished runs have changed and whose URLs may be cached; the run that completes the publish passes
    /// them on for purging.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub touched: BTreeSet<SitePath>,
}

/// Whether a run is writing.
///
/// ```text
///               claim                      all done
///  complete ────────────────> uploading ─────────────> complete
///                               │   ^
///      failure, Ctrl-C, SIGTERM │   │ claim: anyone
///                               v   │
///                           interrupted
/// ```
///
/// A run that is killed or loses the network leaves `uploading` behind. No clock can distinguish such a run from a slow
/// one, so none is used. A run that publishes the *same* files takes over the claim immediately, because both can only
/// write the same bytes to the same paths. A run with other files is rejected until a person (or a CI system that runs
/// one publish at a time) declares the first one dead. The run that lost its claim detects this at its next checkpoint
/// and stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The last publish was completed.
    Complete,
    /// A run is writing, or was killed while writing.
    Uploading(Claim),
    /// A run stopped early and released its claim.
    Interrupted,
}

/// Which run is writing, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The publish that wrote the claim, as a random number.
    pub run: RunId,
    /// When it started, according to its own clock; only for display.
    pub started: PublishTime,
    /// Digest of the list of all files of the site that it publishes.
    pub target: Digest,
    /// Number of its checkpoints; it makes each version of the manifest unique.
    pub checkpoint: u64,
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Digest of everything that determines the stored bytes. Equal recipes mean equal bytes, so an unchanged page can
    /// be compared without rendering it.
    pub recipe: Digest,
    /// SHA-256 of the stored bytes, after compression.
    pub sha256: Digest,
    /// The stored size in bytes.
    pub size: u64,
    /// `Content-Type`.
    pub media_type: String,
    /// `Cache-Control`.
    pub cache_control: String,
    /// `Content-Encoding`; `None` if the bytes are stored unencoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// The entity tag that the store gave the bytes, without quotes; while the object has this tag, it is unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
    /// When the file was removed from the site; only for files that are kept for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<PublishTime>,
}

/// The stored bytes of a file, without its headers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredContent {
    /// SHA-256 of the stored bytes, after compression.
    pub sha256: Digest,
    /// The stored size in bytes.
    pub size: u64,
    /// `Content-Encoding`; `None` if the bytes are stored unencoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// The entity tag that the store gave the bytes, without quotes; `None` if they have not been stored yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

impl StoredContent {
    /// Returns whether bytes that were read are this content. Some stores decode encoded objects when they are read.
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        let is = |bytes: &[u8]| Digest::of(bytes) == self.sha256;
        let encoded = |level| compress::Encoding::Gzip.encode(bytes, level);
        is(bytes)
            || self.encoding.is_some_and(|Encoding::Gzip| {
                compress::GZIP_LEVELS.into_iter().filter_map(encoded).any(|encoded| is(&encoded))
            })
    }
}

/// Reads pending files. Earlier manifests of format 2 list only their paths.
fn pending<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<SitePath, BTreeSet<StoredContent>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Pending {
        Contents(BTreeMap<SitePath, BTreeSet<StoredContent>>),
        Paths(BTreeSet<SitePath>),
    }
    Ok(match Pending::deserialize(deserializer)? {
        Pending::Contents(contents) => contents,
        Pending::Paths(paths) => paths.into_iter().map(|path| (path, BTreeSet::new())).collect(),
    })
}

impl Entry {
    /// Returns the stored bytes that the entry describes.
    pub fn content(&self) -> StoredContent {
        StoredContent { sha256: self.sha256, size: self.size, encoding: self.encoding, e_tag: self.e_tag.clone() }
    }

    /// Returns whether caches may keep the file without revalidation.
    pub fn is_immutable(&self) -> bool {
        self.cache_control.split(',').any(|directive| directive.trim() == "immutable")
    }

    /// Returns whether the same bytes are stored with the same headers.
    pub fn stores_the_same_as(&self, other: &Entry) -> bool {
        self.sha256 == other.sha256
            && self.size == other.size
            && self.media_type == other.media_type
            && self.cache_control == other.cache_control
            && self.encoding == other.encoding
    }
}

/// The encoding of stored bytes (RFC 9110, section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// RFC 1952.
    Gzip,
}

impl Encoding {
    /// Returns the value of `Content-Encoding`.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Gzip => "gzip",
        }
    }
}

/// Identifies a run. A digest, so that it reveals nothing about the user or the machine.
pub type RunId = Digest;

/// A point in time with a precision of one second, written as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublishTime(jiff::Timestamp);

impl PublishTime {
    /// Returns the whole hours from `earlier` to this time; negative if `earlier` is later.
    pub fn hours_since(self, earlier: PublishTime) -> i64 {
        (self.0.as_second() - earlier.0.as_second()) / 3600
    }
}

impl From<jiff::Timestamp> for PublishTime {
    fn from(timestamp: jiff::Timestamp) -> PublishTime {
        PublishTime(jiff::Timestamp::from_second(timestamp.as_second()).unwrap_or(timestamp))
    }
}

impl FromStr for PublishTime {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<PublishTime, jiff::Error> {
        text.parse().map(PublishTime)
    }
}

impl fmt::Display for PublishTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for PublishTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublishTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PublishTime, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Default for Manifest {
    /// Returns the manifest of a destination to which candor has never written.
    fn default() -> Manifest {
        Manifest {
            format: FORMAT,
            generation: 0,
            state: State::Complete,
            files: BTreeMap::new(),
            pending: BTreeMap::new(),
            touched: BTreeSet::new(),
        }
    }
}

impl Manifest {
    /// Parses the manifest of the destination `address`.
    ///
    /// # Errors
    /// [`PublishError::NewerManifest`] if a newer candor wrote it, [`PublishError::BadManifest`] if it is not valid.
    pub fn parse(bytes: &[u8], address: &str) -> Result<Manifest, PublishError> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        let bad = |error: serde_json::Error| PublishError::BadManifest {
            address: address.to_owned(),
            detail: error.to_string(),
        };
        let head: Head = serde_json::from_slice(bytes).map_err(bad)?;
        if head.format > FORMAT {
            return Err(PublishError::NewerManifest { address: address.to_owned(), format: head.format });
        }
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(bad)?;
        // An older format is written back in the current one.
        Ok(Manifest { format: FORMAT, ..manifest })
    }

    /// Serializes the manifest: JSON with a final newline.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Maps with string keys and plain values: serialization cannot fail.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Returns whether candor wrote, or may have written, an object with this name.
    pub fn owns_name(&self, name: &str) -> bool {
        SitePath::new(name).is_some_and(|path| self.owns(&path))
    }

    /// Returns whether candor wrote, or may have written, this path.
    pub fn owns(&self, path: &SitePath) -> bool {
        self.files.contains_key(path) || self.pending.contains_key(path)
    }

    /// Marks a file as uncertain: it may have the content that it has now, or `next`.
    pub(super) fn make_pending(&mut self, path: &SitePath, next: Option<&Entry>) {
        let now = self.files.remove(path);
        let contents = self.pending.entry(path.clone()).or_default();
        contents.extend(now.iter().chain(next).map(Entry::content));
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, Encoding, Entry, Manifest, State};
    use crate::model::Digest;
    use crate::publish::PublishError;
    use crate::site::SitePath;

    fn sample() -> Manifest {
        let path = SitePath::new("index.html").expect("a path");
        let entry = Entry {
            recipe: Digest::of(b"recipe"),
            sha256: Digest::of(b"bytes"),
            size: 5,
            media_type: "text/html; charset=utf-8".into(),
            cache_control: "public, max-age=300".into(),
            encoding: Some(Encoding::Gzip),
            e_tag: Some("tag".into()),
            retired: None,
        };
        let claim = Claim {
            run: Digest::of(b"run"),
            started: "2026-05-22T08:00:00Z".parse().expect("a time"),
            target: Digest::of(b"target"),
            checkpoint: 3,
        };
        Manifest {
            state: State::Uploading(claim),
            files: [(path.clone(), entry.clone())].into(),
            pending: [(path, [entry.content()].into())].into(),
            ..Manifest::default()
        }
    }

    #[test]
    fn round_trips() {
        let manifest = sample();
        assert_eq!(Manifest::parse(&manifest.to_bytes(), "memory://").expect("valid"), manifest);
    }

    #[test]
    fn reads_pending_files_without_contents() {
        let mut manifest = sample();
        let pending = serde_json::to_value(&manifest.pending).expect("JSON");
        let mut json: serde_json::Value = serde_json::from_slice(&manifest.to_bytes()).expect("JSON");
        assert_eq!(json["pending"], pending);
        json["pending"] = serde_json::json!(["index.html"]);
        manifest.pending.values_mut().for_each(std::collections::BTreeSet::clear);
        assert_eq!(Manifest::parse(json.to_string().as_bytes(), "memory://").expect("valid"), manifest);
    }

    #[test]
    fn rejects_a_newer_format_with_unknown_fields() {
        let newer = br#"{"format": 3, "shards": []}"#;
        assert!(matches!(Manifest::parse(newer, "memory://"), Err(PublishError::NewerManifest { format: 3, .. })));
    }

    #[test]
    fn rejects_paths_outside_the_destination() {
        let text = String::from_utf8(sample().to_bytes()).expect("UTF-8").replace("index.html", "../../etc/passwd");
        assert!(matches!(Manifest::parse(text.as_bytes(), "memory://"), Err(PublishError::BadManifest { .. })));
    }

    #[test]
    fn is_immutable_checks_whole_directives() {
        let entry = sample().files.into_values().next().expect("an entry");
        assert!(Entry { cache_control: "public, max-age=1, immutable".into(), ..entry.clone() }.is_immutable());
        assert!(!Entry { cache_control: "private=\"immutable-ish\"".into(), ..entry }.is_immutable());
    }
}
