//! Defines which changes require customer notice (GDPR Art. 28(2)).
//!
//! These are: a subprocessor that was added, replaced or removed; new data categories or locations; a changed purpose,
//! condition or transfer mechanism. Removed data categories or locations and a changed name do not require notice.

use serde::Serialize;

use super::{FieldChange, Subject};
use crate::model::List;

/// Which changes to the items of a list require customer notice; an item that is added or removed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoticeRule {
    /// Fields whose every change requires notice.
    pub always: &'static [&'static str],
    /// List fields that require notice if an element was added.
    pub growth: &'static [&'static str],
}

/// The rule for each list that has one.
const RULES: &[(List, NoticeRule)] = &[(
    List::Subprocessors,
    NoticeRule {
        always: &["purpose", "condition", "transfer_mechanism", "replaces"],
        growth: &["data_categories", "locations"],
    },
)];

/// The rule for a part of the disclosure; `None` if no change requires notice.
pub fn rule(subject: Subject) -> Option<&'static NoticeRule> {
    RULES.iter().find(|(list, _)| subject == Subject::List(*list)).map(|(_, rule)| rule)
}

/// Whether an item that is added or removed requires notice.
pub fn of_item(subject: Subject) -> bool {
    rule(subject).is_some()
}

/// Whether a changed field requires notice; `grew` is true if the field is a list and elements were added.
pub fn of_field(subject: Subject, field: &str, grew: bool) -> bool {
    rule(subject).is_some_and(|rule| rule.always.contains(&field) || (grew && rule.growth.contains(&field)))
}

/// Sets `notice` of a change.
pub(super) fn with_notice(subject: Subject, mut change: FieldChange) -> FieldChange {
    match &mut change {
        FieldChange::Elements { field, notice, added, .. } => *notice = of_field(subject, field, !added.is_empty()),
        FieldChange::File { field, notice, .. } | FieldChange::Value { field, notice, .. } => {
            *notice = of_field(subject, field, false)
        }
    }
    change
}
