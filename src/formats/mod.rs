//! What machines read: feeds, lists, the records' index, addresses for robots, headers for CDNs.
//!
//! One file per format; each takes the publication and gives bytes. Everything here is deferred and carries a key, as
//! pages do: a sink that has seen the key before does not ask for the bytes again.
//!
//! | module | files |
//! |---|---|
//! | `feed`, `atom`, `json_feed` | `feed.xml`, `feed.json` and their archives in `feed/` |
//! | `subprocessors` | `subprocessors.json`, `subprocessors.csv` |
//! | [`schema`] | `schema/*.json`, for all JSON that is published |
//! | `security` | `.well-known/security.txt` |
//! | `robots` | `sitemap.xml`, `robots.txt`, `llms.txt` |
//! | `copy` | `index.md`, the trust page as Markdown |
//! | [`headers`] | `_headers`, `staticwebapp.config.json` |

mod atom;
mod copy;
mod feed;
pub mod headers;
mod json_feed;
mod robots;
pub mod schema;
mod security;
mod subprocessors;
mod tag;
mod xml;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Report};
use crate::history::index::Index;
use crate::model::Digest;
use crate::publication::Publication;
use crate::render::Renderer;
use crate::site::{Artifact, Cache, SitePath};

/// All machine-readable files of a publication.
pub fn files(renderer: &Arc<Renderer>, publication: &Arc<Publication>) -> Vec<(SitePath, Artifact)> {
    let mut files = Files::new(renderer, publication);
    feed::files(&mut files);
    if !publication.history.is_empty() {
        let key = files.history_key();
        files.deferred("releases/index.json", key, |source| {
            let index = Index::of(&source.publication.history, Some(source.schema(schema::RELEASES, 1)));
            json(&index)
        });
    }
    subprocessors::files(&mut files);
    copy::files(&mut files);
    security::files(&mut files);
    robots::files(&mut files);
    schema::files(&mut files);
    headers::files(&mut files);
    files.list
}

/// What a file is made from when its bytes are asked for.
struct Sources {
    renderer: Arc<Renderer>,
    publication: Arc<Publication>,
}

impl Sources {
    /// The address of a path below the root for a file that stands `depth` folders deep: absolute where the site has an
    /// address, else relative to the file.
    fn address(&self, path: &str, depth: usize) -> String {
        self.publication.absolute(path).unwrap_or_else(|| match (path, depth) {
            ("", 0) => "./".to_owned(),
            _ => format!("{}{path}", "../".repeat(depth)),
        })
    }

    /// The value of `$schema` in a file that stands `depth` folders deep.
    fn schema(&self, name: &str, depth: usize) -> String {
        self.address(&format!("schema/{name}.json"), depth)
    }
}

/// The list of files while it grows.
struct Files {
    sources: Arc<Sources>,
    base: Digest,
    front: Digest,
    list: Vec<(SitePath, Artifact)>,
}

impl Files {
    fn new(renderer: &Arc<Renderer>, publication: &Arc<Publication>) -> Files {
        let sources = Sources { renderer: Arc::clone(renderer), publication: Arc::clone(publication) };
        let (base, front) = (renderer.base_key(), renderer.front_key());
        Files { sources: Arc::new(sources), base, front, list: Vec::new() }
    }

    /// A file that is small, or the same for every build.
    fn ready(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        if let Some(path) = SitePath::new(path) {
            let artifact = Artifact::ready(&path, Cache::Revalidate, bytes.into());
            self.list.push((path, artifact));
        }
    }

    /// A file that is made on demand; `key` stands for everything that it is made from.
    fn deferred(
        &mut self,
        path: &str,
        key: Digest,
        produce: impl Fn(&Sources) -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) {
        if let Some(path) = SitePath::new(path) {
            let sources = Arc::clone(&self.sources);
            let artifact = Artifact::deferred(&path, key, move || produce(&sources));
            self.list.push((path, artifact));
        }
    }

    /// Stands for the program, the settings and all releases, and not for a draft or the day.
    fn history_key(&self) -> Digest {
        let newest = self.sources.publication.history.newest();
        let newest = newest.map(|release| release.digest.to_string()).unwrap_or_default();
        Digest::of(format!("{}\0{newest}", self.base).as_bytes())
    }
}

/// JSON as it is published: indented by two blanks, with one line feed at its end.
fn json(value: &impl serde::Serialize) -> Result<Vec<u8>, Report> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Diagnostic::error("format-failed", format!("a file could not be written as JSON: {error}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}
