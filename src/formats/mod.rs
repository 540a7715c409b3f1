//! Machine-readable files: feeds, lists, the index of releases, files for crawlers, headers for CDNs.
//!
//! One module per format; each takes [`FormatInputs`] and returns bytes. Like pages, most files are deferred and have a key:
//! a sink that already has an output for the key does not generate the bytes again.
//!
//! | module | files |
//! |---|---|
//! | `feed`, `atom`, `json_feed` | `feed.xml`, `feed.json` and their archives in `feed/` |
//! | `updates` | `updates/feed.xml` |
//! | `subprocessors` | `subprocessors.json`, `subprocessors.csv` |
//! | `subprocessor_files` | `subprocessors-table.csv`, `subprocessors.xlsx` |
//! | `questionnaires` | `questionnaires/*.json`, `questionnaires/*.csv`, `questionnaires/*.xlsx` |
//! | `annex_files` | `schedule/annex.docx`, `schedule/annex.xlsx` |
//! | `trust` | `trust.json` |
//! | `upcoming`, `calendar` | `upcoming.json`, `notices.ics`, `notices/*.ics` |
//! | [`schema`] | `schema/*.json`, for all JSON that is published |
//! | `security` | `.well-known/security.txt` |
//! | `robots` | `sitemap.xml`, `robots.txt`, `llms.txt` |
//! | [`headers`] | `_headers`, `staticwebapp.config.json` |
//! | `aliases` | pages of aliases, `_redirects`, `redirects.nginx.conf` |

mod aliases;
mod annex_files;
mod atom;
mod calendar;
mod feed;
pub mod headers;
mod json_feed;
mod questionnaires;
mod robots;
pub mod schema;
mod security;
mod subprocessor_files;
mod subprocessors;
mod tag;
mod trust;
mod upcoming;
mod updates;
mod xml;

pub use calendar::calendar;
pub use questionnaires::{QuestionnaireDocument, questionnaire_document, questionnaire_table, questionnaire_workbook};

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Report;
use crate::history::index::Index;
use crate::model::{Date, Digest, Disclosure, Version};
use crate::publication::{FeedEntry, Publication};
use crate::site::map::{Kind, Output};
use crate::site::{Artifact, Location, SiteFacts, SitePath};
use crate::spreadsheet::WorkbookFacts;
use crate::wording::Catalog;

/// The inputs of all formats.
pub struct FormatInputs {
    /// What the files state.
    pub publication: Arc<Publication>,
    /// The facts that determine which URLs the site has.
    pub facts: SiteFacts,
    /// The UI strings in the site's language.
    pub strings: Arc<Catalog>,
    /// A digest of the inputs of every file: program, theme, settings, assets.
    pub base_key: Digest,
    /// A digest of the inputs of files about the current state: those of `base_key`, the latest release or the draft, and the date.
    pub front_key: Digest,
    /// Renders the feed entry of a release: takes its position, counted from the oldest, and the prefix of links to the site's
    /// root.
    pub entry: EntryWriter,
    /// Renders the entry of an update of the newest release: takes its position in the list, and the prefix of links to the site's root.
    pub update: EntryWriter,
    /// Whether the page at a path exists, but lacks an anchor.
    pub lacks_anchor: AnchorLookup,
}

/// Returns what a workbook of the front page's statement states: these facts, and which release or that it is a draft.
fn workbook_facts<'a>(
    publication: &Publication,
    strings: &Catalog,
    title: &'a str,
    disclosure: &'a Disclosure,
    mut facts: Vec<(String, String)>,
) -> WorkbookFacts<'a> {
    let organization = &disclosure.organization.name;
    let mut imprint = format!("{organization} · {title}");
    let stated = |key: &str, value: String| (strings.get(key).to_owned(), value);
    match publication.release() {
        Some(release) => {
            facts.push(stated("head.version", release.version.to_string()));
            facts.push(("SHA-256".to_owned(), release.digest.to_string()));
            imprint += &format!(" · {} · SHA-256 {}", release.version, release.digest);
        }
        None => {
            facts.push(stated("draft.label", strings.get("draft.banner").to_owned()));
            imprint += &format!(" · {}", strings.get("draft.label"));
        }
    }
    WorkbookFacts {
        title,
        author: organization,
        created: publication.as_of,
        imprint,
        facts,
        is_rtl: disclosure.language.is_rtl(),
    }
}

/// The release that a file states; all of it is omitted in a draft.
#[derive(Debug, Serialize, JsonSchema)]
struct StatedRelease {
    /// Version of the release; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    /// Date of publication of the release; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Date>,
    /// SHA-256 digest of the release record; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<Digest>,
}

impl StatedRelease {
    fn of(publication: &Publication) -> StatedRelease {
        let release = publication.release();
        StatedRelease {
            version: release.map(|release| release.version),
            published: release.map(|release| release.published),
            sha256: release.map(|release| release.digest),
        }
    }
}

/// Looks up an anchor: takes the path of a page, as links have it, and the anchor.
pub type AnchorLookup = Box<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// Renders feed entries.
pub type EntryWriter = Box<dyn Fn(usize, &str) -> Result<FeedEntry, Report> + Send + Sync>;

/// Returns all machine-readable files of a publication that the map of the site's URLs contains.
pub fn files(inputs: FormatInputs) -> Vec<(SitePath, Artifact)> {
    let files = Files { inputs: Arc::new(inputs) };
    let artifact = |location: Location| {
        let artifact = match location.address.kind {
            Kind::Output(output) => files.artifact(output, &location)?,
            Kind::Alias => {
                let nth = location.nth;
                let front = files.inputs.front_key;
                files.deferred(&location.path, front, move |inputs| Ok(aliases::page(inputs, nth).into_bytes()))
            }
            _ => return None,
        };
        Some((location.path, artifact))
    };
    files.inputs.facts.locations().into_iter().filter_map(artifact).collect()
}

impl FormatInputs {
    /// Returns the URL of a path for use in a file that is `depth` folders deep: absolute if the site has a `base_url`,
    /// otherwise relative to the file.
    fn address(&self, path: &str, depth: usize) -> String {
        address(&self.publication, path, depth)
    }

    /// Returns the value of `$schema` for a file that is `depth` folders deep.
    fn schema(&self, name: &str, depth: usize) -> String {
        self.address(&format!("schema/{name}.json"), depth)
    }
}

/// Returns the URL of a path for use in a file that is `depth` folders deep.
fn address(publication: &Publication, path: &str, depth: usize) -> String {
    publication.absolute(path).unwrap_or_else(|| match (path, depth) {
        ("", 0) => "./".to_owned(),
        _ => format!("{}{path}", "../".repeat(depth)),
    })
}

/// Creates the files.
struct Files {
    inputs: Arc<FormatInputs>,
}

impl Files {
    /// Returns the file at a location, or `None` if there is nothing to write.
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
            Output::TrustJson => self.deferred(path, front, trust::document),
            Output::UpdatesFeed => self.deferred(path, self.history_key(), updates::atom),
            Output::UpcomingJson => self.deferred(path, front, upcoming::list),
            Output::Calendar => self.deferred(path, front, calendar::all),
            Output::NoticeCalendar => {
                let nth = *nth;
                self.deferred(path, front, move |inputs| calendar::one(inputs, nth))
            }
            Output::QuestionnaireJson => self.questionnaire(location, questionnaires::json),
            Output::QuestionnaireTable => self.questionnaire(location, questionnaires::table),
            Output::QuestionnaireWorkbook => self.questionnaire(location, questionnaires::workbook),
            Output::SubprocessorsCsv => self.deferred(path, front, subprocessors::table),
            Output::SubprocessorsTable => self.deferred(path, front, subprocessor_files::table),
            Output::SubprocessorsWorkbook => self.deferred(path, front, subprocessor_files::workbook),
            Output::AnnexDocument => self.deferred(path, front, annex_files::document),
            Output::AnnexWorkbook => self.deferred(path, front, annex_files::workbook),
            // Created by `render`, which formats the lists.
            Output::MarkdownCopy => return None,
            Output::Llms => self.deferred(path, front, |inputs| Ok(robots::llms(inputs).into_bytes())),
            Output::SecurityTxt => Artifact::ready(path, security::text(publication, path.as_str())?.into_bytes()),
            Output::Sitemap => self.deferred(path, self.history_key(), |inputs| Ok(robots::sitemap(inputs))),
            Output::Robots => Artifact::ready(path, robots::robots(&self.inputs).into_bytes()),
            Output::HeadersFile => Artifact::ready(
                path,
                headers::list(&publication.settings, &headers::typed_files(publication)).into_bytes(),
            ),
            Output::StaticWebApp => self.deferred(path, front, |inputs| {
                let typed = headers::typed_files(&inputs.publication);
                Ok(headers::static_web_apps(&inputs.publication.settings, &typed, &inputs.redirects()))
            }),
            Output::RedirectsFile => self.deferred(path, front, |inputs| Ok(aliases::list(inputs).into_bytes())),
            Output::NginxRedirects => self.deferred(path, front, |inputs| Ok(aliases::nginx(inputs).into_bytes())),
        })
    }

    /// Returns a file of a questionnaire.
    fn questionnaire(
        &self,
        Location { path, nth, .. }: &Location,
        produce: fn(&FormatInputs, usize) -> Result<Vec<u8>, Report>,
    ) -> Artifact {
        let nth = *nth;
        self.deferred(path, self.inputs.front_key, move |inputs| produce(inputs, nth))
    }

    /// Returns a file that is generated on demand; `key` is a digest of all of its inputs.
    fn deferred(
        &self,
        path: &SitePath,
        key: Digest,
        produce: impl Fn(&FormatInputs) -> Result<Vec<u8>, Report> + Send + Sync + 'static,
    ) -> Artifact {
        let inputs = Arc::clone(&self.inputs);
        Artifact::deferred(path, key, move || produce(&inputs))
    }

    /// Returns a key for files that depend on the program, the settings and all releases, but not on a draft or the date.
    fn history_key(&self) -> Digest {
        let newest = self.inputs.publication.history.newest();
        let newest = newest.map(|release| release.digest.to_string()).unwrap_or_default();
        Digest::of(format!("{}\0{newest}", self.inputs.base_key).as_bytes())
    }
}

/// Serializes published JSON: indented by two spaces, with a line feed at the end.
fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // Cannot fail: the types have only string keys and finite numbers.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
