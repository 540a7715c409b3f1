//! `upcoming.json`: the changes that the current version announces, with their dates, for programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FormatInputs, StatedRelease, json, schema};
use crate::diagnostic::Report;
use crate::history::{DatedChange, UpcomingRecord};
use crate::model::{Date, NoticeTerms};
use crate::site::map::notice_calendar;
use crate::wording::dated;

/// Changes that take effect on a stated date.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Upcoming")]
pub(super) struct UpcomingList {
    /// URL of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    schema: String,
    /// Name of the organization.
    organization: String,
    /// The release.
    #[serde(flatten)]
    release: StatedRelease,
    /// Whether the list is an unreleased draft, which must not be relied on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Date of which the states are.
    as_of: Date,
    /// The current terms of notice.
    notice: NoticeTerms,
    /// The changes, in the order in which they take effect.
    changes: Vec<UpcomingRecord>,
}

/// Formats `upcoming.json`.
pub(super) fn list(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let publication = &inputs.publication;
    let Some(disclosure) = publication.disclosure() else { return Ok(Vec::new()) };
    Ok(json(&UpcomingList {
        schema: inputs.schema(schema::UPCOMING, 0),
        organization: disclosure.organization.name.clone(),
        release: StatedRelease::of(publication),
        draft: publication.draft.is_some(),
        as_of: publication.as_of,
        notice: disclosure.notice_terms(),
        changes: records(inputs),
    }))
}

/// Returns the changes that the current version states, for a file in the root folder.
pub(super) fn records(inputs: &FormatInputs) -> Vec<UpcomingRecord> {
    let publication = &inputs.publication;
    let is_released = publication.draft.is_none() && publication.history.newest().is_some();
    let calendar = |change: &DatedChange| {
        let name = dated::calendar_name(change).filter(|_| is_released)?;
        Some(inputs.address(&notice_calendar(&name), 0))
    };
    let record = |change: &DatedChange| UpcomingRecord::new(change, publication.as_of, calendar(change));
    publication.upcoming().iter().map(record).collect()
}
