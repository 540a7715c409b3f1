//! Which changes matter to a customer who is owed notice of them (GDPR Art. 28(2)).
//!
//! A subprocessor that was added, replaced or removed; data categories or locations that grew; another purpose,
//! condition or transfer mechanism. Less data or fewer places need no notice, and neither does a new spelling of
//! a name.

use super::{FieldChange, Subject};
use crate::model::List;

/// Whether an item that came or went matters.
pub fn of_item(subject: Subject) -> bool {
    subject == Subject::List(List::Subprocessors)
}

/// Whether a field that differs matters; `grew` says whether a list in it has elements that it had not before.
pub fn of_field(subject: Subject, field: &str, grew: bool) -> bool {
    subject == Subject::List(List::Subprocessors)
        && match field {
            "data_categories" | "locations" => grew,
            "purpose" | "condition" | "transfer_mechanism" | "replaces" => true,
            _ => false,
        }
}

/// The change with its weight in it.
pub(super) fn weigh(subject: Subject, mut change: FieldChange) -> FieldChange {
    match &mut change {
        FieldChange::Elements { field, notice, added, .. } => *notice = of_field(subject, field, !added.is_empty()),
        FieldChange::Value { field, notice, .. } => *notice = of_field(subject, field, false),
    }
    change
}
