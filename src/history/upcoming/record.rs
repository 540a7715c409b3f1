//! A dated change as data, in the files of a site and in the output of commands.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{DatedChange, DatedKind, DatedState};
use crate::history::FieldChange;
use crate::model::{Date, Id, List, Subprocessor};

/// A change that takes effect on a stated date.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct UpcomingRecord {
    /// The list that contains the item.
    list: List,
    /// Id of the item.
    id: Id,
    /// Name of the item.
    name: String,
    /// What the change does to the item.
    kind: DatedKind,
    /// Id of the change in its item; `start` or `end` for the item itself.
    entry: String,
    /// State of the change on the date of the file; in a feed, on the date of the release.
    state: DatedState,
    /// Date of the announcement.
    #[serde(skip_serializing_if = "Option::is_none")]
    announced: Option<Date>,
    /// Date of the release that first stated the change.
    stated: Date,
    /// Date after which the days of notice count.
    counted_from: Date,
    /// Last date on which customers can object, to the end of the day in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    object_by: Option<Date>,
    /// First date on which the change applies; for an end, the last date of the item.
    effective: Date,
    /// What changes and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The fields that change, in comparison with the fields of the item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<FieldChange>,
    /// The subprocessor as it will be.
    #[serde(skip_serializing_if = "Option::is_none")]
    subprocessor: Option<Arc<Subprocessor>>,
    /// URL of a calendar file with the dates; omitted in a draft, and for a change that was in effect before the first release.
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<String>,
}

impl UpcomingRecord {
    /// Describes a change as of a date.
    pub fn new(change: &DatedChange, date: Date, calendar: Option<String>) -> UpcomingRecord {
        UpcomingRecord {
            list: change.id.list,
            id: change.id.item.clone(),
            name: change.label.clone(),
            kind: change.kind,
            entry: change.id.entry.clone(),
            state: change.state_on(date),
            announced: change.announced,
            stated: change.stated,
            counted_from: change.notice_from(),
            object_by: change.object_by(),
            effective: change.effective,
            note: change.note.clone(),
            changes: change.changes.clone(),
            subprocessor: change.provider.clone(),
            calendar,
        }
    }
}
