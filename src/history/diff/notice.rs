//! Which changes matter to a customer who is owed notice of them (GDPR Art. 28(2)).
//!
//! A subprocessor that was added, replaced or removed; data categories or locations that grew; another purpose,
//! condition or transfer mechanism. Less data or fewer places need no notice, and neither does a new spelling of
//! a name.

use serde::Serialize;

use super::{FieldChange, Subject};
use crate::model::List;

/// Which changes to the items of a list require customer notice; an item that is added or removed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoticeRule {
    /// Fields of which every change requires notice.
    pub always: &'static [&'static str],
    /// Fields that hold lists, which require notice where an element is new.
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

/// The rule for a part of the disclosure; none where no change requires notice.
pub fn rule(subject: Subject) -> Option<&'static NoticeRule> {
    RULES.iter().find(|(list, _)| subject == Subject::List(*list)).map(|(_, rule)| rule)
}

/// Whether an item that is added or removed requires notice.
pub fn of_item(subject: Subject) -> bool {
    rule(subject).is_some()
}

/// Whether a field that differs requires notice; `grew` says whether a list in it has elements that it had not before.
pub fn of_field(subject: Subject, field: &str, grew: bool) -> bool {
    rule(subject).is_some_and(|rule| rule.always.contains(&field) || (grew && rule.growth.contains(&field)))
}

/// The change with its weight in it.
pub(super) fn weigh(subject: Subject, mut change: FieldChange) -> FieldChange {
    match &mut change {
        FieldChange::Elements { field, notice, added, .. } => *notice = of_field(subject, field, !added.is_empty()),
        FieldChange::Value { field, notice, .. } => *notice = of_field(subject, field, false),
    }
    change
}
