//! `trust.json`: everything that the current version states, in one file for programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::upcoming::records;
use super::{FormatInputs, StatedRelease, json, schema};
use crate::diagnostic::Report;
use crate::history::UpcomingRecord;
use crate::model::{Date, Disclosure, Id, NoticeTerms, Validity, WebUrl};
use crate::site::map::release_record;

/// Everything that the current version of a trust center states.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Trust")]
pub(super) struct TrustDocument {
    /// URL of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    schema: String,
    /// The release.
    #[serde(flatten)]
    release: StatedRelease,
    /// URL of the release record; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    /// The publisher's summary of the release, as Markdown; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    /// Whether this is an unreleased draft, which must not be relied on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Date for which the values and states hold. Upcoming changes that are in effect on it are in the fields.
    as_of: Date,
    /// Address of the page with the status of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    status_url: Option<WebUrl>,
    /// The current terms of notice.
    notice: NoticeTerms,
    /// Whether each subprocessor processes data on the date, by its id: `upcoming`, `current` or `ended`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(default)]
    subprocessor_states: BTreeMap<Id, Validity>,
    /// The status of each certification on the date, by its id: `active`, `in-progress`, `expired`, or `aligned` for an alignment,
    /// which is never held.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(default)]
    certification_states: BTreeMap<Id, String>,
    /// The changes that take effect later, in the order in which they take effect.
    upcoming: Vec<UpcomingRecord>,
    /// Everything that the version states, as in the release record.
    disclosure: Disclosure,
}

/// Formats `trust.json`.
pub(super) fn document(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let publication = &inputs.publication;
    let Some(disclosure) = publication.disclosure() else { return Ok(Vec::new()) };
    let release = publication.release();
    let date = publication.as_of;
    let subprocessors = disclosure.subprocessors.iter().map(|item| (item.id.clone(), item.validity_on(date)));
    let standing =
        disclosure.certifications.iter().map(|item| (item.id.clone(), item.standing_on(date).as_str().to_owned()));
    Ok(json(&TrustDocument {
        schema: inputs.schema(schema::TRUST, 0),
        release: StatedRelease::of(publication),
        record: release.map(|release| inputs.address(&release_record(release.version), 0)),
        summary: release.map(|release| release.summary.clone()),
        draft: publication.draft.is_some(),
        as_of: date,
        status_url: publication.settings.status_url.clone(),
        notice: disclosure.notice_terms(),
        subprocessor_states: subprocessors.collect(),
        certification_states: standing.collect(),
        upcoming: records(inputs),
        disclosure: disclosure.clone(),
    }))
}
