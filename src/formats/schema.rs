//! `schema/*.json`: JSON Schema (draft 2020-12) of every JSON that a site publishes.
//!
//! The schemas are made from the types that write the files, so they cannot disagree; doc comments become descriptions. Each
//! file names its schema under `$schema`, but for release records: those are frozen byte for byte, wherever they are
//! published.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use super::{Files, json_feed, subprocessors};
use crate::history::Record;
use crate::history::comparison::Comparison;
use crate::history::index::Index;

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

/// A schema that every site publishes.
pub struct Published {
    /// Its name: it stands at `schema/NAME.json`.
    pub name: &'static str,
    /// What it describes.
    pub describes: &'static str,
    make: fn() -> Schema,
}

/// All of them.
pub const PUBLISHED: [Published; 5] = [
    Published { name: RECORD, describes: "a release record, releases/VERSION.json", make: of::<Record> },
    Published { name: RELEASES, describes: "the list of releases, releases/index.json", make: of::<Index> },
    Published {
        name: CHANGES,
        describes: "the changes between two releases, as candor diff prints them",
        make: of::<Comparison>,
    },
    Published {
        name: SUBPROCESSORS,
        describes: "the list of subprocessors, subprocessors.json",
        make: of::<subprocessors::List>,
    },
    Published { name: FEED, describes: "the feed of releases, feed.json", make: of::<json_feed::JsonFeed<'static>> },
];

impl Published {
    /// The schema; `id` is the absolute address at which it is published, if it has one.
    pub fn schema(&self, id: Option<String>) -> Schema {
        let mut schema = (self.make)();
        if let Some(id) = id {
            schema.insert("$id".to_owned(), Value::String(id));
        }
        schema
    }
}

impl std::fmt::Debug for Published {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Published").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Adds a file per schema.
pub(super) fn files(files: &mut Files) {
    for published in &PUBLISHED {
        let path = format!("schema/{}.json", published.name);
        let id = files.sources.publication.absolute(&path);
        let mut bytes = serde_json::to_vec_pretty(&published.schema(id)).expect("a schema is plain JSON");
        bytes.push(b'\n');
        files.ready(&path, bytes);
    }
}

/// The schema of what is written for a type.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
