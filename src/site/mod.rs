//! The finished site: path -> artifact. The one thing that all sinks take.
//!
//! A site knows what every file is and how it may be cached, but a page's bytes need not exist yet:
//! a [`Body::Deferred`] is made when a sink asks for it, on the sink's own threads, and carries a key
//! that stands for everything it is made from. So ten thousand archived pages are rendered in parallel,
//! written and forgotten one by one, and a page whose key a sink has seen before is not made again.

mod facts;
pub mod map;
pub mod media;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use facts::{CHANGELOG_PAGE, FEED_DOCUMENT, Location, SiteFacts, feed_archives};

use crate::diagnostic::Report;
use crate::model::{Digest, MediaType, ProgramVersion};
use crate::text::percent;

/// Where a file stands in the site: relative, with forward slashes, without empty, `.` or `..` segments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SitePath(String);

impl SitePath {
    /// The path, if it stays inside the site and every system can store it.
    pub fn new(path: impl Into<String>) -> Option<SitePath> {
        let path = path.into();
        let safe = path.len() <= 1024
            && path.split('/').all(|segment| {
                !matches!(segment, "" | "." | "..")
                    && segment.len() <= 255
                    // Windows drops these at the end of a name, and keeps the names of devices to itself.
                    && !segment.ends_with(['.', ' '])
                    && !is_device(segment)
                    && !segment
                        .chars()
                        .any(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
            });
        safe.then_some(SitePath(path))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many folders it is below the site's root.
    pub fn depth(&self) -> usize {
        self.0.matches('/').count()
    }
}

impl SitePath {
    /// The path as it stands in a URL (RFC 3986): everything but unreserved characters and slashes is
    /// percent-encoded, so that it needs no further escaping in HTML, CSS or a header either.
    pub fn to_url(&self) -> String {
        percent::path(&self.0)
    }
}

/// Whether Windows takes this name, with or without an ending, for a device.
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

impl TryFrom<String> for SitePath {
    type Error = String;

    fn try_from(text: String) -> Result<SitePath, String> {
        let refused = format!("`{}` is not a path of a site", text.escape_debug());
        SitePath::new(text).ok_or(refused)
    }
}

impl From<SitePath> for String {
    fn from(path: SitePath) -> String {
        path.0
    }
}

/// How long a copy may be kept (RFC 9111).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cache {
    /// The name holds a digest of the bytes: keep it for a year and never ask again.
    Immutable,
    /// Ask again after a short while, and serve the old copy while asking.
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

/// Makes the bytes of an artifact.
pub type Produce = dyn Fn() -> Result<Vec<u8>, Report> + Send + Sync;

/// The bytes of an artifact, or the way to them.
#[derive(Clone)]
pub enum Body {
    /// They are here.
    Ready(Arc<[u8]>),
    /// They are made on demand; at one path, equal keys mean equal bytes.
    Deferred {
        /// Digest of everything that the bytes are made from, the program included.
        key: Digest,
        /// Whether the key is the SHA-256 of the bytes themselves.
        exact: bool,
        /// Makes them.
        produce: Arc<Produce>,
    },
}

impl Body {
    /// The bytes, for one use.
    ///
    /// # Errors
    /// What is wrong with the template or the file that they are made from.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, Report> {
        match self {
            Body::Ready(bytes) => Ok(Cow::Borrowed(bytes)),
            Body::Deferred { produce, .. } => produce().map(Cow::Owned),
        }
    }

    /// The bytes, to be kept.
    ///
    /// # Errors
    /// Those of [`Body::bytes`].
    pub fn shared(&self) -> Result<Arc<[u8]>, Report> {
        match self {
            Body::Ready(bytes) => Ok(Arc::clone(bytes)),
            Body::Deferred { produce, .. } => produce().map(Into::into),
        }
    }

    /// Whether [`Body::key`] is the SHA-256 of the bytes, so that they need not be hashed again.
    pub fn is_exact(&self) -> bool {
        match self {
            Body::Ready(_) => true,
            Body::Deferred { exact, .. } => *exact,
        }
    }

    /// A digest that changes whenever the bytes do.
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

/// One file of the site.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Value of `Content-Type`, with its charset.
    pub media_type: MediaType,
    /// How long a copy may be kept.
    pub cache: Cache,
    /// What is in it.
    pub body: Body,
}

impl Artifact {
    /// A file whose bytes are here.
    pub fn ready(path: &SitePath, bytes: impl Into<Arc<[u8]>>) -> Artifact {
        Artifact::at(path, Body::Ready(bytes.into()))
    }

    /// A page or file that is made on demand.
    pub fn deferred(
        path: &SitePath,
        key: Digest,
        produce: impl Fn() -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) -> Artifact {
        Artifact::at(path, Body::Deferred { key, exact: false, produce: Arc::new(produce) })
    }

    /// A file that is read on demand and whose digest is known: `produce` gives these bytes or fails.
    pub fn recorded(
        path: &SitePath,
        sha256: Digest,
        produce: impl Fn() -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) -> Artifact {
        Artifact::at(path, Body::Deferred { key: sha256, exact: true, produce: Arc::new(produce) })
    }

    /// A file with the media type and cache policy that the map states for its address.
    fn at(path: &SitePath, body: Body) -> Artifact {
        let address = map::find(path.as_str());
        Artifact { media_type: MediaType::known(address.media_type(path.as_str())), cache: address.cache, body }
    }
}

/// The finished set of files.
#[derive(Debug, Clone)]
pub struct Site {
    program: ProgramVersion,
    artifacts: BTreeMap<SitePath, Artifact>,
}

impl Default for Site {
    fn default() -> Site {
        Site::new()
    }
}

impl Site {
    /// A site without files, made by the program that is running.
    pub fn new() -> Site {
        Site::made_by(ProgramVersion::current())
    }

    /// A site without files, made by this program.
    pub fn made_by(program: ProgramVersion) -> Site {
        Site { program, artifacts: BTreeMap::new() }
    }

    /// The program that makes its files: their bytes, and their compressed copies.
    pub fn program(&self) -> &ProgramVersion {
        &self.program
    }

    /// Adds a file; gives the path back where one stands there already.
    pub fn insert(&mut self, path: SitePath, artifact: Artifact) -> Result<(), SitePath> {
        match self.artifacts.entry(path) {
            std::collections::btree_map::Entry::Vacant(slot) => {
                slot.insert(artifact);
                Ok(())
            }
            std::collections::btree_map::Entry::Occupied(slot) => Err(slot.key().clone()),
        }
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&Artifact> {
        self.artifacts.get(&SitePath(path.to_owned()))
    }

    /// The file at a path, with the path as the site holds it.
    pub fn get_key_value(&self, path: &str) -> Option<(&SitePath, &Artifact)> {
        self.artifacts.get_key_value(&SitePath(path.to_owned()))
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&SitePath, &Artifact)> {
        self.artifacts.iter()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.artifacts.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.artifacts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::SitePath;

    #[test]
    fn no_path_leaves_the_site() {
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
    fn a_path_in_a_url_needs_no_further_escaping() {
        let url = |path: &str| SitePath::new(path).map(|path| path.to_url());
        assert_eq!(url("documents/SOC 2 (2026)'&%#.pdf").unwrap(), "documents/SOC%202%20%282026%29%27%26%25%23.pdf");
        assert_eq!(url("é.html").unwrap(), "%C3%A9.html");
    }
}
