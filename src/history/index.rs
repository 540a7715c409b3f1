//! `releases/index.json`: the published list of all releases with their digests.
//!
//! Every build generates it from the history; it is never stored in the content folder. `candor verify URL` starts from it.

use std::collections::BTreeSet;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{History, Redaction};
use crate::model::{Date, Digest, RecordedFile, Version, Withheld};

/// The published list of releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Index {
    /// Address of the JSON Schema of this file.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// All releases, newest first.
    pub releases: Vec<IndexEntry>,
}

/// A release in the published list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndexEntry {
    /// The release's id.
    pub version: Version,
    /// The publication date.
    pub published: Date,
    /// The publisher's summary, as Markdown; `{"redacted": true}` if it was withheld.
    // `None` if it was withheld, or if a newer candor wrote the list, and the summary is not text.
    #[serde(deserialize_with = "text", serialize_with = "text_or_withheld")]
    #[schemars(schema_with = "summary_schema")]
    pub summary: Option<String>,
    /// The earlier release that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Version")]
    #[schemars(default)]
    pub corrects: Option<Version>,
    /// The later releases that correct this one, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected_by: Vec<Version>,
    /// SHA-256 of the record.
    pub sha256: Digest,
    /// SHA-256 of the record as it was released, if values were withheld from it later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub original_sha256: Option<Digest>,
    /// The redactions of the release, oldest first: of its values, and of the files that it binds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redactions: Vec<IndexRedaction>,
    /// Length of the record in bytes.
    pub bytes: u64,
    /// Address of the record, relative to this file.
    pub record: String,
    /// Address of the archived page, relative to this file.
    pub page: String,
}

impl Index {
    /// Creates the list for a history; `schema` is the address of its JSON Schema, relative to the file or absolute.
    pub fn of(history: &History, schema: Option<String>) -> Index {
        let entry = |release: &super::Release| IndexEntry {
            version: release.version,
            published: release.published,
            summary: Some(release.summary.clone()).filter(|_| !release.withheld.summary()),
            corrects: release.corrects,
            corrected_by: history.corrections(release.version).map(|later| later.version).collect(),
            sha256: release.digest,
            original_sha256: release.original,
            redactions: {
                let all = history.redactions().map(|(by, redaction)| (by.version, redaction));
                IndexRedaction::of(all, release.version, release.files.as_deref().unwrap_or_default())
            },
            bytes: release.bytes,
            record: release.file_name(),
            page: format!("{}/", release.version),
        };
        Index { schema, releases: history.releases().iter().rev().map(entry).collect() }
    }
}

/// A redaction of a release in the published list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndexRedaction {
    /// The date of the redaction.
    pub date: Date,
    /// The publisher's reason, as plain text.
    pub reason: String,
    /// The places of the withheld values, as JSON pointers (RFC 6901) into the record; left out for a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pointers: Vec<String>,
    /// SHA-256 of the withheld file; left out for values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Digest")]
    #[schemars(default)]
    pub file: Option<Digest>,
    /// The later release whose record declares the redaction.
    pub declared_by: Version,
}

impl IndexRedaction {
    /// Returns those of a release that binds these files. `all` are the redactions of all releases, each with the release that
    /// declares it.
    pub(super) fn of<'a>(
        all: impl Iterator<Item = (Version, &'a Redaction)>,
        version: Version,
        files: &[RecordedFile],
    ) -> Vec<IndexRedaction> {
        let concerns = |redaction: &Redaction| match redaction.file {
            Some(file) => files.iter().any(|bound| bound.sha256 == file),
            None => redaction.version == Some(version),
        };
        all.filter(|(_, redaction)| concerns(redaction)).map(|(by, redaction)| Self::new(by, redaction)).collect()
    }

    /// Returns the entry for a redaction that a release declares.
    pub(super) fn new(declared_by: Version, redaction: &Redaction) -> IndexRedaction {
        IndexRedaction {
            date: redaction.date,
            reason: redaction.reason.clone(),
            pointers: redaction.pointers.clone(),
            file: redaction.file,
            declared_by,
        }
    }
}

/// Returns the keys in a published list that [`Index`] does not have, such as `releases[].other`, in order.
pub(super) fn unknown_keys(list: &Value) -> BTreeSet<String> {
    let known = |schema: Schema| -> BTreeSet<String> {
        let properties = schema.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(|properties| properties.keys().cloned()).collect()
    };
    let (list_keys, entry_keys) = (known(schema_for!(Index)), known(schema_for!(IndexEntry)));
    let keys =
        |value: &Value| value.as_object().into_iter().flat_map(|object| object.keys().cloned()).collect::<Vec<_>>();
    let entries = list.get("releases").and_then(Value::as_array).into_iter().flatten();
    let in_list = keys(list).into_iter().filter(|key| !list_keys.contains(key));
    let in_entries = entries.flat_map(keys).filter(|key| !entry_keys.contains(key));
    in_list.chain(in_entries.map(|key| format!("releases[].{key}"))).collect()
}

/// Returns whether this is an address of the schema of the list: the one next to the list, or an absolute one.
pub(super) fn is_own_schema(address: &str) -> bool {
    let absolute = || {
        let url = url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.is_some_and(|url| url.path().ends_with("/schema/releases.json") && url.query().or(url.fragment()).is_none())
    };
    address == "../schema/releases.json" || absolute()
}

fn text_or_withheld<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match text {
        Some(text) => serializer.serialize_str(text),
        None => Withheld::value().serialize(serializer),
    }
}

fn summary_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [{ "type": "string" }, Withheld::schema()] })
}

/// Parses a value of any type; `None` if it is not text.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}
