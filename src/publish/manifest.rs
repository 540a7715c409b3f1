//! The manifest: what candor wrote at a destination, and who is writing there now.
//!
//! One JSON object at [`PATH`] below the destination's prefix. It is as public as the site that it
//! describes, so it holds no names of people or machines. A manifest with a higher `format` than this
//! candor knows is refused, never rewritten: a newer candor may keep something there that this one would lose.
//!
//! Two sets tell what stands at the destination:
//!
//! - `files`: certain. Written by candor, in full, and as the entry says.
//! - `pending`: doubtful. A run was about to write or delete it, and never said that it was done. It may
//!   hold the old bytes, the new ones, or be missing. The next run sends it again, or deletes it.
//!
//! Both together are what candor may delete; nothing else is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::PublishError;
use crate::model::Digest;
use crate::site::SitePath;

/// Where the manifest stands, below the destination's prefix.
pub const PATH: &str = ".candor/manifest.json";

/// The number that this version of candor writes into `format`. Since 2, entries have an `e_tag`.
pub const FORMAT: u32 = 2;

/// What candor wrote at a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Number of the manifest's format.
    pub format: u32,
    /// How many publishes have been completed.
    pub generation: u64,
    /// Whether someone is writing.
    pub state: State,
    /// What certainly stands there.
    pub files: BTreeMap<SitePath, Entry>,
    /// What may stand there, in whatever state.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub pending: BTreeSet<SitePath>,
    /// What unfinished runs have changed under an address that caches may hold; the run that
    /// completes the publish hands it on for purging.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub touched: BTreeSet<SitePath>,
}

/// Whether someone is writing.
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
/// A run that is killed outright, or cut off from the network, leaves `uploading` behind. No clock can tell
/// such a run from one that is only slow, so none is asked: a run that wants to publish the *same* files
/// takes the claim at once, because the two can only write the same bytes to the same places; a run with
/// other files is refused until a person (or a CI that runs one publish at a time) says that the
/// first one is dead. The run that lost its claim notices at its next checkpoint and stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The last publish was completed.
    Complete,
    /// A run is writing, or was killed while it did.
    Uploading(Claim),
    /// A run stopped half-way and said so.
    Interrupted,
}

/// Who is writing, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The run.
    pub run: RunId,
    /// When it started, by its own clock; for people only.
    pub started: Moment,
    /// Digest of the list of all files of the site that it publishes.
    pub target: Digest,
    /// How many checkpoints it has passed; makes each version of the manifest a different one.
    pub checkpoint: u64,
}

/// One file as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Digest of everything that the stored bytes are made from; equal recipes mean equal bytes, so that a
    /// page that did not change need not be rendered to be compared.
    pub recipe: Digest,
    /// SHA-256 of the bytes as stored, after compression.
    pub sha256: Digest,
    /// How many bytes are stored.
    pub size: u64,
    /// `Content-Type`.
    pub media_type: String,
    /// `Cache-Control`.
    pub cache_control: String,
    /// `Content-Encoding`; none where the bytes are stored as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// The entity tag that the store gave the bytes, without quotes; as long as it has that tag, nothing else has written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
    /// Since when the file is no longer part of the site; only for files that stay for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Moment>,
}

impl Entry {
    /// Whether caches may keep the file without ever asking again.
    pub fn is_immutable(&self) -> bool {
        self.cache_control.split(',').any(|directive| directive.trim() == "immutable")
    }

    /// Whether the same bytes are stored with the same headers.
    pub fn stores_the_same_as(&self, other: &Entry) -> bool {
        self.sha256 == other.sha256
            && self.size == other.size
            && self.media_type == other.media_type
            && self.cache_control == other.cache_control
            && self.encoding == other.encoding
    }
}

/// How stored bytes are encoded (RFC 9110, section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// RFC 1952.
    Gzip,
}

impl Encoding {
    /// The value of `Content-Encoding`.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Gzip => "gzip",
        }
    }
}

/// Names one run. A digest, so that it tells nothing about who ran it and where.
pub type RunId = Digest;

/// A moment, written as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(jiff::Timestamp);

impl Moment {
    /// Whole hours from `earlier` to this moment; negative where it lies after.
    pub fn hours_since(self, earlier: Moment) -> i64 {
        (self.0.as_second() - earlier.0.as_second()) / 3600
    }
}

impl From<jiff::Timestamp> for Moment {
    fn from(timestamp: jiff::Timestamp) -> Moment {
        Moment(jiff::Timestamp::from_second(timestamp.as_second()).unwrap_or(timestamp))
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Moment, jiff::Error> {
        text.parse().map(Moment)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Default for Manifest {
    /// A destination where candor has never written.
    fn default() -> Manifest {
        Manifest {
            format: FORMAT,
            generation: 0,
            state: State::Complete,
            files: BTreeMap::new(),
            pending: BTreeSet::new(),
            touched: BTreeSet::new(),
        }
    }
}

impl Manifest {
    /// Reads a manifest that was found at `address`.
    ///
    /// # Errors
    /// [`PublishError::NewerManifest`] where a newer candor wrote it, [`PublishError::BadManifest`] where nobody could have.
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
        // What is read of an older format is written in this one.
        Ok(Manifest { format: FORMAT, ..manifest })
    }

    /// The manifest as it is stored: JSON with a final newline.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Maps with text keys and plain values: serialization has no way to fail.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Whether candor wrote an object of this name, or may have.
    pub fn owns_name(&self, name: &str) -> bool {
        SitePath::new(name).is_some_and(|path| self.owns(&path))
    }

    /// Whether candor wrote this path, or may have.
    pub fn owns(&self, path: &SitePath) -> bool {
        self.files.contains_key(path) || self.pending.contains(path)
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
            started: "2026-05-22T08:00:00Z".parse().expect("a moment"),
            target: Digest::of(b"target"),
            checkpoint: 3,
        };
        Manifest {
            state: State::Uploading(claim),
            files: [(path.clone(), entry)].into(),
            pending: [path].into(),
            ..Manifest::default()
        }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let manifest = sample();
        assert_eq!(Manifest::parse(&manifest.to_bytes(), "memory://").expect("valid"), manifest);
    }

    #[test]
    fn a_manifest_of_a_newer_candor_is_refused_even_if_its_fields_are_unknown() {
        let newer = br#"{"format": 3, "shards": []}"#;
        assert!(matches!(Manifest::parse(newer, "memory://"), Err(PublishError::NewerManifest { format: 3, .. })));
    }

    #[test]
    fn a_manifest_that_points_outside_the_destination_is_refused() {
        let text = String::from_utf8(sample().to_bytes()).expect("UTF-8").replace("index.html", "../../etc/passwd");
        assert!(matches!(Manifest::parse(text.as_bytes(), "memory://"), Err(PublishError::BadManifest { .. })));
    }

    #[test]
    fn immutable_is_read_from_the_directive_not_from_the_text() {
        let entry = sample().files.into_values().next().expect("an entry");
        assert!(Entry { cache_control: "public, max-age=1, immutable".into(), ..entry.clone() }.is_immutable());
        assert!(!Entry { cache_control: "private=\"immutable-ish\"".into(), ..entry }.is_immutable());
    }
}
