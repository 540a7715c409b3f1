//! Defines which changes require customer notice (GDPR Art. 28(2)).
//!
//! These are: a subprocessor that was added, replaced or removed; new data categories or countries; a changed purpose,
//! condition or transfer mechanism; an end that is stated, changed or withdrawn; a start that is still to come. Removed data
//! categories or locations, a changed name, another wording of a condition, and the removal of a subprocessor after its stated
//! end do not require notice.
//! Announcements of changes that take effect later require notice in every list ([`super::upcoming`]).
//!
//! A recipient is not a processor, so its changes require no notice. An item that becomes a recipient, or stops being one, is
//! a removed or an added subprocessor.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{FieldChange, Subject, forms};
use crate::model::{Date, List, Location, location};

/// Which changes to the items of a list require customer notice; an item that is added or removed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoticeRule {
    /// Fields whose every change requires notice, except the wording of a condition.
    pub always: &'static [&'static str],
    /// List fields that require notice if an element was added.
    pub growth: &'static [&'static str],
    /// Fields with locations, which require notice if the set of countries grew.
    pub places: &'static [&'static str],
    /// Dates that require notice if the old or the new one is after the date of the new side.
    pub dates: &'static [&'static str],
    /// The last date of an item, after which its removal requires no notice.
    pub end: &'static str,
    /// The items that require no notice.
    pub except: NoticeException,
}

/// Items that require no notice: those that have this value in this field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoticeException {
    /// The field. A change of whether an item is an exception requires notice.
    pub field: &'static str,
    /// The keyword as content and records write it.
    pub value: &'static str,
}

impl NoticeException {
    fn includes(self, fields: &Map<String, Value>) -> bool {
        fields.get(self.field).and_then(Value::as_str) == Some(self.value)
    }
}

/// The rule for each list that has one.
const RULES: &[(List, NoticeRule)] = &[(
    List::Subprocessors,
    NoticeRule {
        always: &["purpose", "condition", "transfer_mechanism", "replaces", "ends"],
        growth: &["data_categories"],
        places: &["locations"],
        dates: &["effective"],
        end: "ends",
        except: NoticeException { field: "role", value: "recipient" },
    },
)];

/// The rule for a part of the disclosure; `None` if no change requires notice.
pub fn rule(subject: Subject) -> Option<&'static NoticeRule> {
    RULES.iter().find(|(list, _)| subject == Subject::List(*list)).map(|(_, rule)| rule)
}

/// Whether an item with these fields requires notice if it is added or removed.
pub fn of_item(subject: Subject, fields: &Map<String, Value>) -> bool {
    rule(subject).is_some_and(|rule| !rule.except.includes(fields))
}

/// The rule for the changes of one object.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectRule {
    rule: Option<&'static NoticeRule>,
    /// The field whose change makes the item an exception, or ends that it is one.
    switch: Option<&'static str>,
    /// The date of the new side.
    date: Option<Date>,
}

impl ObjectRule {
    /// Returns a rule by which no change requires notice.
    pub fn none() -> ObjectRule {
        ObjectRule { rule: None, switch: None, date: None }
    }

    /// Returns the rule for an object with these fields on each side.
    pub fn of(subject: Subject, old: &Map<String, Value>, new: &Map<String, Value>, date: Option<Date>) -> ObjectRule {
        let rule = rule(subject);
        let (was, is) = rule.map_or((false, false), |rule| (rule.except.includes(old), rule.except.includes(new)));
        ObjectRule {
            rule: rule.filter(|_| !(was && is)),
            date,
            switch: rule.filter(|_| was != is).map(|rule| rule.except.field),
        }
    }

    /// Whether the announcements of an object can require notice: those of an exception do not.
    pub fn is_excepted(self, subject: Subject) -> bool {
        self.rule.is_none() && rule(subject).is_some()
    }

    /// Whether a stated date is after the date of the new side.
    fn is_to_come(self, side: Option<&Value>) -> bool {
        self.date.is_some_and(|date| stated_date(side).is_some_and(|stated| stated > date))
    }

    /// Sets `notice` of a change from one value to another.
    pub fn apply(self, mut change: FieldChange, before: Option<&Value>, after: Option<&Value>) -> FieldChange {
        let Some(rule) = self.rule else { return change };
        let field = change.field();
        let listed = |fields: &[&str]| fields.contains(&field);
        let reworded = before.map(forms::meaning) == after.map(forms::meaning);
        let required = (listed(rule.always) && !reworded)
            || self.switch == Some(field)
            || (listed(rule.dates) && [before, after].into_iter().any(|side| self.is_to_come(side)))
            || (listed(rule.growth) && matches!(&change, FieldChange::Elements { added, .. } if !added.is_empty()))
            || (listed(rule.places) && location::grew(&locations(before), &locations(after)));
        match &mut change {
            FieldChange::Redacted { .. } => {}
            FieldChange::Elements { notice, .. }
            | FieldChange::File { notice, .. }
            | FieldChange::Value { notice, .. } => *notice = required,
            // Decided by what happened to the change.
            FieldChange::Upcoming { .. } => {}
        }
        change
    }
}

/// Whether an item that was removed on a date had stated an end that had come.
pub(super) fn has_ended(subject: Subject, item: &Map<String, Value>, date: Option<Date>) -> bool {
    let (Some(rule), Some(date)) = (rule(subject), date) else { return false };
    stated_date(item.get(rule.end)).is_some_and(|end| end <= date)
}

/// Returns the date that a value states.
pub(super) fn stated_date(value: Option<&Value>) -> Option<Date> {
    value?.as_str()?.parse().ok()
}

/// Reads the locations of an object in a record. They were written from the same type, so none is lost.
fn locations(value: Option<&Value>) -> Vec<Location> {
    value.and_then(|value| serde_json::from_value(value.clone()).ok()).unwrap_or_default()
}
