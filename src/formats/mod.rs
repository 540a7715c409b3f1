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
//! | [`headers`] | `_headers`, `staticwebapp.config.json` |

mod atom;
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

use crate::diagnostic::Report;
use crate::history::index::Index;
use crate::model::Digest;
use crate::publication::Publication;
use crate::render::Renderer;
use crate::site::map::{Kind, Output};
use crate::site::{Artifact, Location, SitePath};

/// All machine-readable files of a publication: those that the map of the site's URLs says it has.
pub fn files(renderer: &Arc<Renderer>, publication: &Arc<Publication>) -> Vec<(SitePath, Artifact)> {
    let files = Files::new(renderer, publication);
    let artifact = |location: Location| {
        let Kind::Output(output) = location.address.kind else { return None };
        let artifact = files.artifact(output, &location)?;
        Some((location.path, artifact))
    };
    renderer.facts().locations().into_iter().filter_map(artifact).collect()
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

/// Makes the files.
struct Files {
    sources: Arc<Sources>,
    base: Digest,
    front: Digest,
}

impl Files {
    fn new(renderer: &Arc<Renderer>, publication: &Arc<Publication>) -> Files {
        let sources = Sources { renderer: Arc::clone(renderer), publication: Arc::clone(publication) };
        let (base, front) = (renderer.base_key(), renderer.front_key());
        Files { sources: Arc::new(sources), base, front }
    }

    /// The file at a location; none where there is nothing to write.
    fn artifact(&self, output: Output, location: &Location) -> Option<Artifact> {
        let Location { path, nth, .. } = location;
        Some(match output {
            Output::AtomFeed => self.feed(location, atom::write),
            Output::JsonFeed => self.feed(location, json_feed::write),
            Output::ReleaseIndex => self.deferred(path, self.history_key(), |sources| {
                Ok(json(&Index::of(&sources.publication.history, Some(sources.schema(schema::RELEASES, 1)))))
            }),
            Output::Schema => Artifact::ready(path, schema::text(*nth, path, &self.sources.publication)?.into_bytes()),
            Output::SubprocessorsJson => self.deferred(path, self.front, subprocessors::list),
            Output::SubprocessorsCsv => self.deferred(path, self.front, subprocessors::table),
            // Made by `render`, which has the lists.
            Output::MarkdownCopy => return None,
            Output::Llms => self.deferred(path, self.front, |sources| Ok(robots::llms(sources).into_bytes())),
            Output::SecurityTxt => {
                Artifact::ready(path, security::text(&self.sources.publication, path.as_str())?.into_bytes())
            }
            Output::Sitemap => self.deferred(path, self.history_key(), |sources| Ok(robots::sitemap(sources))),
            Output::Robots => Artifact::ready(path, robots::robots(&self.sources).into_bytes()),
            Output::HeadersFile => Artifact::ready(path, headers::list(&self.sources.publication.assets).into_bytes()),
            Output::StaticWebApp => Artifact::ready(
                path,
                headers::static_web_apps(&self.sources.publication.settings, &self.sources.publication.assets),
            ),
        })
    }

    /// A file that is made on demand; `key` stands for everything that it is made from.
    fn deferred(
        &self,
        path: &SitePath,
        key: Digest,
        produce: impl Fn(&Sources) -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) -> Artifact {
        let sources = Arc::clone(&self.sources);
        Artifact::deferred(path, key, move || produce(&sources))
    }

    /// Stands for the program, the settings and all releases, and not for a draft or the day.
    fn history_key(&self) -> Digest {
        let newest = self.sources.publication.history.newest();
        let newest = newest.map(|release| release.digest.to_string()).unwrap_or_default();
        Digest::of(format!("{}\0{newest}", self.base).as_bytes())
    }
}

/// JSON as it is published: indented by two blanks, with one line feed at its end.
fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // Structs, texts, numbers and maps by text: nothing here that JSON cannot hold.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
