//! `schema/*.json`: JSON Schema (draft 2020-12) of every JSON that a site publishes.
//!
//! The schemas are made from the types that write the files, so they cannot disagree; doc comments become descriptions. Each
//! file names its schema under `$schema`, but for release records: those are frozen byte for byte, wherever they are
//! published.

use super::{Files, json_feed, subprocessors};
use crate::history::Record;
use crate::history::comparison::Comparison;
use crate::history::index::Index;
use crate::schema::Format;

/// Name of the schema of `releases/index.json`.
pub const RELEASES: &str = "releases";
/// Name of the schema of `subprocessors.json`.
pub const SUBPROCESSORS: &str = "subprocessors";
/// Name of the schema of `feed.json`.
pub const FEED: &str = "feed";
/// Name of the schema of a release record.
pub const RECORD: &str = "release";
/// Name of the schema of what `candor diff --format json` prints.
pub const CHANGES: &str = "changes";

/// The formats whose schemas every site publishes; each stands at `schema/NAME.json`.
pub const PUBLISHED: [Format; 5] = [
    Format::output::<Index>(RELEASES, "releases/index.json", "Published list of releases"),
    Format::output::<Record>(RECORD, "releases/*.json", "Release record"),
    Format::output::<Comparison>(CHANGES, "changes.json", "Changes, as `candor diff --format json` prints them"),
    Format::output::<subprocessors::List>(SUBPROCESSORS, "subprocessors.json", "Published list of subprocessors"),
    Format::output::<json_feed::JsonFeed<'static>>(FEED, "feed.json", "Feed of releases (JSON Feed 1.1)"),
];

/// Adds a file per schema. Its `$id` is where it is published, if the site has an address.
pub(super) fn files(files: &mut Files) {
    for format in &PUBLISHED {
        let path = format!("schema/{}.json", format.name);
        let mut schema = format.schema();
        if let Some(address) = files.sources.publication.absolute(&path) {
            schema["$id"] = address.into();
        }
        files.ready(&path, format!("{schema:#}\n"));
    }
}
