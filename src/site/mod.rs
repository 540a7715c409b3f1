//! The complete site, a map from path to artifact. It is the input of all sinks: build, preview and publish.
//!
//! A site has the media type and cache policy of every file, but the bytes of a page need not exist yet. A [`Body::Deferred`]
//! is produced on demand, on the threads of the sink, and has a key that depends on all its inputs. So thousands of archived
//! pages are rendered in parallel, written and dropped one by one, and a page whose key has not changed is not rendered again.

mod aliases;
mod facts;
pub mod map;
pub mod media;

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use aliases::{Alias, aliases, is_conventional};
pub use facts::{CHANGELOG_PAGE, FEED_DOCUMENT, Location, SiteFacts, feed_archives};

use crate::diagnostic::Report;
use crate::model::{Digest, MediaType, ProgramVersion, web};
use crate::text::percent;

/// The path of a file in the site: relative, with forward slashes, without empty, `.` or `..` segments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SitePath(String);

impl SitePath {
    /// Creates a path. Returns `None` if it leads out of the site, or if some operating systems cannot store it.
    pub fn new(path: impl Into<String>) -> Option<SitePath> {
        let path = path.into();
        let safe = path.len() <= 1024
            && path.split('/').all(|segment| {
                !matches!(segment, "" | "." | "..")
                    && segment.len() <= 255
                    // Windows removes trailing dots and spaces, and reserves the names of devices.
                    && !segment.ends_with(['.', ' '])
                    && !is_device(segment)
                    && !segment
                        .chars()
                        .any(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
            });
        safe.then_some(SitePath(path))
    }

    /// The path as a string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of folders that contain the file, up to the root.
    pub fn depth(&self) -> usize {
        self.0.matches('/').count()
    }
}

impl SitePath {
    /// Returns the path for use in a URL (RFC 3986). Everything except unreserved characters and slashes is
    /// percent-encoded, so that no further escaping is needed in HTML, CSS or headers.
    pub fn to_url(&self) -> String {
        percent::path(&self.0)
    }
}

/// Whether this name, with or without an extension, is the name of a device on Windows.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let numbered = |prefix| stem.strip_prefix(prefix).is_some_and(|n: &str| matches!(n.as_bytes(), [b'1'..=b'9']));
    matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Paths are compared and hashed like their strings.
impl Borrow<str> for SitePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SitePath {
    type Error = String;

    fn try_from(text: String) -> Result<SitePath, String> {
        let refused = format!("`{}` is not a valid path of a site", text.escape_debug());
        SitePath::new(text).ok_or(refused)
    }
}

impl From<SitePath> for String {
    fn from(path: SitePath) -> String {
        path.0
    }
}

/// The cache policy of a file (RFC 9111).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cache {
    /// The file name contains a digest of the bytes, so a copy is valid for a year without revalidation.
    Immutable,
    /// A copy is valid for five minutes and may be served while it is revalidated.
    Revalidate,
}

impl Cache {
    /// The value of `Cache-Control`.
    pub const fn control(self) -> &'static str {
        match self {
            Cache::Immutable => "public, max-age=31536000, immutable",
            Cache::Revalidate => "public, max-age=300, stale-while-revalidate=86400",
        }
    }
}

/// Produces the bytes of an artifact.
pub type Produce = dyn Fn() -> Result<Vec<u8>, Report> + Send + Sync;

/// The bytes of an artifact, or a function that produces them.
#[derive(Clone)]
pub enum Body {
    /// The bytes.
    Ready(Arc<[u8]>),
    /// The bytes are produced on demand. For the same path, equal keys mean equal bytes.
    Deferred {
        /// A digest of all inputs, including the program.
        key: Digest,
        /// Whether the key is the SHA-256 of the bytes.
        exact: bool,
        /// Produces the bytes.
        produce: Arc<Produce>,
    },
}

impl Body {
    /// Returns the bytes, for a single use.
    ///
    /// # Errors
    /// If a template or an input file is invalid.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, Report> {
        match self {
            Body::Ready(bytes) => Ok(Cow::Borrowed(bytes)),
            Body::Deferred { produce, .. } => produce().map(Cow::Owned),
        }
    }

    /// Returns the bytes, for storage.
    ///
    /// # Errors
    /// The errors of [`Body::bytes`].
    pub fn shared(&self) -> Result<Arc<[u8]>, Report> {
        match self {
            Body::Ready(bytes) => Ok(Arc::clone(bytes)),
            Body::Deferred { produce, .. } => produce().map(Into::into),
        }
    }

    /// Returns the SHA-256 of the bytes if it was verified before, so that they need not be hashed again.
    pub fn sha256(&self) -> Option<Digest> {
        match self {
            Body::Deferred { key, exact: true, .. } => Some(*key),
            Body::Ready(_) | Body::Deferred { .. } => None,
        }
    }

    /// Returns a digest that changes if the bytes change.
    pub fn key(&self) -> Digest {
        match self {
            Body::Ready(bytes) => Digest::of(bytes),
            Body::Deferred { key, .. } => *key,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Ready(bytes) => write!(f, "Ready({} bytes)", bytes.len()),
            Body::Deferred { key, .. } => write!(f, "Deferred({})", key.short()),
        }
    }
}

/// Sees each file of a site when a sink produces it, and decides about the site when all have been produced.
pub trait Inspect: Sync {
    /// Takes note of a file. Sinks call this on their threads, in any order.
    fn file(&self, path: &SitePath, artifact: &Artifact, bytes: &[u8]);

    /// Returns the problems of the site; a sink refuses a site with errors.
    fn verdict(&self) -> Report;
}

/// A file of the site.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// The value of `Content-Type`, including the charset.
    pub media_type: MediaType,
    /// The cache policy.
    pub cache: Cache,
    /// The content.
    pub body: Body,
}

impl Artifact {
    /// Creates a file from bytes.
    pub fn ready(path: &SitePath, bytes: impl Into<Arc<[u8]>>) -> Artifact {
        Artifact::at(path, Body::Ready(bytes.into()))
    }

    /// Creates a file that is produced on demand.
    pub fn deferred(
        path: &SitePath,
        key: Digest,
        produce: impl Fn() -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) -> Artifact {
        Artifact::at(path, Body::Deferred { key, exact: false, produce: Arc::new(produce) })
    }

    /// Creates a file with a known digest that is read on demand. `produce` must return bytes with this digest, or fail.
    pub fn recorded(
        path: &SitePath,
        sha256: Digest,
        produce: impl Fn() -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) -> Artifact {
        Artifact::at(path, Body::Deferred { key: sha256, exact: true, produce: Arc::new(produce) })
    }

    /// Creates a file with the media type and cache policy of its address in the map.
    fn at(path: &SitePath, body: Body) -> Artifact {
        let address = map::find(path.as_str());
        Artifact { media_type: MediaType::known(address.media_type(path.as_str())), cache: address.cache, body }
    }
}

/// Names a site, so that the sites of different projects can be distinguished.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteName {
    /// The title of the trust page.
    pub title: String,
    /// The name of the organization.
    pub organization: String,
    /// The address of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
}

impl SiteName {
    /// Returns the address of the site; `None` if it has none, or one that is reserved for examples.
    pub fn address(&self) -> Option<&str> {
        self.base_url.as_deref().filter(|url| !web::is_reserved(&web::host(url)))
    }
}

/// The files of a site.
#[derive(Debug, Clone)]
pub struct Site {
    program: ProgramVersion,
    name: SiteName,
    artifacts: BTreeMap<SitePath, Artifact>,
    withheld_files: BTreeSet<Digest>,
    original_records: BTreeSet<Digest>,
}

impl Default for Site {
    fn default() -> Site {
        Site::new()
    }
}

impl Site {
    /// Creates an empty site that is built by the running program.
    pub fn new() -> Site {
        Site::made_by(ProgramVersion::current())
    }

    /// Creates an empty site that is built by this program.
    pub fn made_by(program: ProgramVersion) -> Site {
        Site {
            program,
            name: SiteName::default(),
            artifacts: BTreeMap::new(),
            withheld_files: BTreeSet::new(),
            original_records: BTreeSet::new(),
        }
    }

    /// The program that builds the files and their compressed copies.
    pub fn program(&self) -> &ProgramVersion {
        &self.program
    }

    /// Sets the name of the site.
    pub fn set_name(&mut self, name: SiteName) {
        self.name = name;
    }

    /// The name of the site.
    pub fn name(&self) -> &SiteName {
        &self.name
    }

    /// Sets the digests of the files that were withheld after they were published.
    pub fn withhold_files(&mut self, files: BTreeSet<Digest>) {
        self.withheld_files = files;
    }

    /// The digests of the files that were withheld after they were published, which no copy of the site may keep.
    pub fn withheld_files(&self) -> &BTreeSet<Digest> {
        &self.withheld_files
    }

    /// Sets the digests of the release records from which values were withheld later.
    pub fn set_original_records(&mut self, records: BTreeSet<Digest>) {
        self.original_records = records;
    }

    /// The digests of the release records from which values were withheld later: earlier sites of the project have them.
    pub fn original_records(&self) -> &BTreeSet<Digest> {
        &self.original_records
    }

    /// Adds a file. Returns the path as an error if it is already used.
    pub fn insert(&mut self, path: SitePath, artifact: Artifact) -> Result<(), SitePath> {
        match self.artifacts.entry(path) {
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(artifact);
                Ok(())
            }
            std::collections::btree_map::Entry::Occupied(slot) => Err(slot.key().clone()),
        }
    }

    /// Returns the file at a path.
    pub fn get(&self, path: &str) -> Option<&Artifact> {
        self.artifacts.get(path)
    }

    /// Returns the file at a path, with a reference to the path.
    pub fn get_key_value(&self, path: &str) -> Option<(&SitePath, &Artifact)> {
        self.artifacts.get_key_value(path)
    }

    /// Iterates over all files, sorted by path.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&SitePath, &Artifact)> {
        self.artifacts.iter()
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.artifacts.len()
    }

    /// Whether the site has no files.
    pub fn is_empty(&self) -> bool {
        self.artifacts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::SitePath;

    #[test]
    fn rejects_unsafe_and_unportable_paths() {
        for bad in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            "../a",
            "a/../b",
            "./a",
            "a\\b",
            "a\0b",
            "c:/a",
            "a\nb",
            "a./b",
            "a ",
            "con",
            "a/Nul.txt",
            "lpt1",
        ] {
            assert_eq!(SitePath::new(bad), None, "{bad:?}");
        }
        for good in [".well-known/security.txt", "console.html", "com10", "Käse 1.pdf"] {
            assert!(SitePath::new(good).is_some(), "{good:?}");
        }
    }

    #[test]
    fn to_url_escapes_all_reserved_characters() {
        let url = |path: &str| SitePath::new(path).map(|path| path.to_url());
        assert_eq!(url("documents/SOC 2 (2026)'&%#.pdf").unwrap(), "documents/SOC%202%20%282026%29%27%26%25%23.pdf");
        assert_eq!(url("é.html").unwrap(), "%C3%A9.html");
    }
}
