//! What machines read: feeds, lists, the records' index, addresses for robots, headers for CDNs.
//!
//! One file per format; each takes [`FormatInputs`] and returns bytes. Everything here is deferred and carries a key, as
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
use crate::publication::{FeedEntry, Publication};
use crate::site::map::{Kind, Output};
use crate::site::{Artifact, Location, SiteFacts, SitePath};
use crate::wording::Catalog;

/// What the files are made from: the publication, and what the renderer knows of it.
pub struct FormatInputs {
    /// What is published.
    pub publication: Arc<Publication>,
    /// What decides which addresses the site has.
    pub facts: SiteFacts,
    /// The strings of the site's language.
    pub strings: Arc<Catalog>,
    /// The digest of what everything is made from: program, theme, settings, assets.
    pub base_key: Digest,
    /// The digest of what everything about the present is made from: the same with the newest release or the draft, and the date.
    pub front_key: Digest,
    /// Writes the feed entry of the release at a position, counted from the oldest. Its links begin with the given way to the
    /// site's root.
    pub entry: EntryWriter,
}

/// Writes feed entries.
pub type EntryWriter = Box<dyn Fn(usize, &str) -> Result<FeedEntry, Report> + Send + Sync>;

/// All machine-readable files of a publication: those that the map of the site's URLs has.
pub fn files(inputs: FormatInputs) -> Vec<(SitePath, Artifact)> {
    let files = Files { inputs: Arc::new(inputs) };
    let artifact = |location: Location| {
        let Kind::Output(output) = location.address.kind else { return None };
        let artifact = files.artifact(output, &location)?;
        Some((location.path, artifact))
    };
    files.inputs.facts.locations().into_iter().filter_map(artifact).collect()
}

impl FormatInputs {
    /// The address of a path below the root for a file that is `depth` folders deep: absolute where the site has an
    /// address, else relative to the file.
    fn address(&self, path: &str, depth: usize) -> String {
        self.publication.absolute(path).unwrap_or_else(|| match (path, depth) {
            ("", 0) => "./".to_owned(),
            _ => format!("{}{path}", "../".repeat(depth)),
        })
    }

    /// The value of `$schema` in a file that is `depth` folders deep.
    fn schema(&self, name: &str, depth: usize) -> String {
        self.address(&format!("schema/{name}.json"), depth)
    }
}

/// Makes the files.
struct Files {
    inputs: Arc<FormatInputs>,
}

impl Files {
    /// The file at a location; none where there is nothing to write.
    fn artifact(&self, output: Output, location: &Location) -> Option<Artifact> {
        let Location { path, nth, .. } = location;
        let publication = &self.inputs.publication;
        let front = self.inputs.front_key;
        Some(match output {
            Output::AtomFeed => self.feed(location, atom::write),
            Output::JsonFeed => self.feed(location, json_feed::write),
            Output::ReleaseIndex => self.deferred(path, self.history_key(), |inputs| {
                Ok(json(&Index::of(&inputs.publication.history, Some(inputs.schema(schema::RELEASES, 1)))))
            }),
            Output::Schema => Artifact::ready(path, schema::text(*nth, path, &self.inputs.publication)?.into_bytes()),
            Output::SubprocessorsJson => self.deferred(path, front, subprocessors::list),
            Output::SubprocessorsCsv => self.deferred(path, front, subprocessors::table),
            // Made by `render`, which has the lists.
            Output::MarkdownCopy => return None,
            Output::Llms => self.deferred(path, front, |inputs| Ok(robots::llms(inputs).into_bytes())),
            Output::SecurityTxt => Artifact::ready(path, security::text(publication, path.as_str())?.into_bytes()),
            Output::Sitemap => self.deferred(path, self.history_key(), |inputs| Ok(robots::sitemap(inputs))),
            Output::Robots => Artifact::ready(path, robots::robots(&self.inputs).into_bytes()),
            Output::HeadersFile => Artifact::ready(path, headers::list(&publication.assets).into_bytes()),
            Output::StaticWebApp => {
                Artifact::ready(path, headers::static_web_apps(&publication.settings, &publication.assets))
            }
        })
    }

    /// A file that is made on demand; `key` stands for everything that it is made from.
    fn deferred(
        &self,
        path: &SitePath,
        key: Digest,
        produce: impl Fn(&FormatInputs) -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) -> Artifact {
        let inputs = Arc::clone(&self.inputs);
        Artifact::deferred(path, key, move || produce(&inputs))
    }

    /// Stands for the program, the settings and all releases, and not for a draft or the day.
    fn history_key(&self) -> Digest {
        let newest = self.inputs.publication.history.newest();
        let newest = newest.map(|release| release.digest.to_string()).unwrap_or_default();
        Digest::of(format!("{}\0{newest}", self.inputs.base_key).as_bytes())
    }
}

/// JSON as it is published: indented by two blanks, with one line feed at its end.
fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // Structs, texts, numbers and maps by text: nothing here that JSON cannot hold.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
