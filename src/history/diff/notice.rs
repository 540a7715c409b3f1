//! Defines which changes require customer notice (GDPR Art. 28(2)).
//!
//! These are: a subprocessor that was added, replaced or removed; new data categories or countries; a changed purpose,
//! condition or transfer mechanism; a service of it that was added or removed; an end that is stated, changed or withdrawn; a start that is still to come. Removed data
//! categories or locations, a changed name, another wording of a condition, and the removal of a subprocessor after its stated
//! end do not require notice.
//! Announcements of changes that take effect later require notice in every list ([`super::upcoming`]), and so do other values of
//! an announced change, if a change from the announced values to them requires notice. Others are corrections.
//!
//! So does a data processing agreement whose file was replaced or is another one, and an AI feature with another provider, new
//! data categories, or another statement on training with customer data. A new AI feature does not: its provider is a
//! subprocessor, whose addition or new purpose does.
//!
//! A recipient is not a processor, so its changes require no notice. An item that becomes a recipient, or stops being one, is
//! a removed or an added subprocessor.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::upcoming::ANNOUNCED;
use super::{FieldChange, NAMED_PARTS, Subject, files, forms};
use crate::model::lists::service::both;
use crate::model::{Condition, Date, List, Location, PLACEHOLDER, Withheld, location};

/// Which changes to the items of a list require customer notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoticeRule {
    /// Fields whose every change requires notice, except the wording of a condition. A part with a name requires it if it is added
    /// or removed.
    pub always: &'static [&'static str],
    /// List fields that require notice if an element was added that neither the item nor one of its named parts had.
    pub growth: &'static [&'static str],
    /// Fields with locations, which require notice if the set of countries of the item and its named parts grew.
    pub places: &'static [&'static str],
    /// Dates that require notice if the old or the new one is after the date of the new side.
    pub dates: &'static [&'static str],
    /// Whether an item that is added or removed requires notice.
    pub items: bool,
    /// The last date of an item, after which its removal requires no notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<&'static str>,
    /// The items that require no notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub except: Option<ItemsWith>,
    /// Fields of which another value in an announced change requires notice, in addition to those above: customers rely on what
    /// was announced, even if a change without an announcement requires no notice.
    pub announced: &'static [&'static str],
    /// The only items that require notice; all if it is left out. Announced changes of others require it, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<ItemsWith>,
}

/// The items that have this value in this field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ItemsWith {
    /// The field. A change of whether an item requires notice at all requires notice, too.
    pub field: &'static str,
    /// The keyword as content and records write it.
    pub value: &'static str,
}

impl ItemsWith {
    fn includes(self, fields: &Map<String, Value>) -> bool {
        fields.get(self.field).and_then(Value::as_str) == Some(self.value)
    }
}

/// The rule for each list that has one.
const RULES: &[(List, NoticeRule)] = &[
    (
        List::Commitments,
        NoticeRule {
            always: &[],
            growth: &[],
            places: &[],
            dates: &[],
            items: false,
            end: None,
            except: None,
            announced: &["commitment"],
            only: None,
        },
    ),
    (
        List::Subprocessors,
        NoticeRule {
            always: &["purpose", "services", "condition", "transfer_mechanism", "replaces", "ends"],
            growth: &["data_categories"],
            places: &["locations"],
            dates: &["effective"],
            items: true,
            end: Some("ends"),
            except: Some(ItemsWith { field: "role", value: "recipient" }),
            announced: &[],
            only: None,
        },
    ),
    (
        List::Documents,
        NoticeRule {
            always: &[files::FIELD],
            growth: &[],
            places: &[],
            dates: &[],
            items: false,
            end: None,
            except: None,
            announced: &["access", "file", "url", "version"],
            only: Some(ItemsWith { field: "kind", value: "dpa" }),
        },
    ),
    (
        List::Ai,
        NoticeRule {
            always: &["provider", "training"],
            growth: &["data_categories"],
            places: &[],
            dates: &[],
            items: false,
            end: None,
            except: None,
            announced: &[],
            only: None,
        },
    ),
];

/// The rule for a part of the disclosure; `None` if no change requires notice.
pub fn rule(subject: Subject) -> Option<&'static NoticeRule> {
    RULES.iter().find(|(list, _)| subject == Subject::List(*list)).map(|(_, rule)| rule)
}

/// Whether an item with these fields requires notice if it is added or removed.
pub fn of_item(subject: Subject, fields: &Map<String, Value>) -> bool {
    rule(subject)
        .is_some_and(|rule| rule.items && !rule.excepts(fields) && rule.only.is_none_or(|it| it.includes(fields)))
}

impl NoticeRule {
    fn excepts(&self, fields: &Map<String, Value>) -> bool {
        self.except.is_some_and(|it| it.includes(fields))
    }
}

/// The rule for the changes of one object.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectRule<'a> {
    rule: Option<&'static NoticeRule>,
    /// The field whose change makes the item an exception, or ends that it is one.
    switch: Option<&'static str>,
    /// Whether the object is an exception on both sides, whose announcements require no notice either.
    pub is_excepted: bool,
    /// The date of the new side.
    date: Option<Date>,
    /// The object on the old side.
    old: Option<&'a Map<String, Value>>,
    /// The named part of the new side whose fields are compared.
    part: Option<&'a Map<String, Value>>,
}

impl<'a> ObjectRule<'a> {
    /// Returns a rule by which no change requires notice.
    pub fn none() -> ObjectRule<'a> {
        ObjectRule { rule: None, switch: None, is_excepted: false, date: None, old: None, part: None }
    }

    /// Returns the rule for the fields of a named part of the object, as it is on the new side.
    pub fn within(self, part: &'a Map<String, Value>) -> ObjectRule<'a> {
        ObjectRule { switch: None, part: Some(part), ..self }
    }

    /// Returns the rule for an object with these fields on each side.
    pub fn of(
        subject: Subject,
        old: &'a Map<String, Value>,
        new: &Map<String, Value>,
        date: Option<Date>,
    ) -> ObjectRule<'a> {
        let rule = rule(subject);
        let (was, is) = rule.map_or((false, false), |rule| (rule.excepts(old), rule.excepts(new)));
        let concerns = |rule: &&NoticeRule| rule.only.is_none_or(|it| it.includes(old) || it.includes(new));
        ObjectRule {
            rule: rule.filter(concerns).filter(|_| !(was && is)),
            is_excepted: was && is,
            old: Some(old),
            part: None,
            date,
            switch: rule.and_then(|rule| rule.except).filter(|_| was != is).map(|except| except.field),
        }
    }

    /// Whether a stated date is after the date of the new side.
    fn is_to_come(self, side: Option<&Value>) -> bool {
        self.date.is_some_and(|date| stated_date(side).is_some_and(|stated| stated > date))
    }

    /// Sets `notice` of a change.
    pub fn apply(self, mut change: FieldChange) -> FieldChange {
        let Some(rule) = self.rule else { return change };
        let field = change.field();
        let listed = |fields: &[&str]| fields.contains(&field);
        let meanings =
            |values: &[Value]| values.iter().map(|value| forms::meaning(value).into_owned()).collect::<Vec<_>>();
        let (reworded, to_come) = match &change {
            FieldChange::Value { before, after, .. } => {
                let (before, after) = (before.as_ref(), after.as_ref());
                (
                    before.map(forms::meaning) == after.map(forms::meaning),
                    self.is_to_come(before) || self.is_to_come(after),
                )
            }
            FieldChange::Elements { added, removed, .. } => (meanings(added) == meanings(removed), false),
            _ => (false, false),
        };
        let replaced = matches!(change, FieldChange::File { .. }) && rule.always.contains(&files::FIELD);
        let required = replaced
            || (listed(rule.always) && !reworded)
            || self.switch == Some(field)
            || (listed(rule.dates) && to_come)
            || (listed(rule.growth)
                && matches!(&change, FieldChange::Elements { added, .. } if self.is_new(field, added)))
            || (listed(rule.places)
                && matches!(&change, FieldChange::Elements { added, .. } if self.grew(field, added)));
        match &mut change {
            FieldChange::Parts { notice, added, removed, changed, .. } => {
                *notice = (required && !(added.is_empty() && removed.is_empty())) || changed.iter().any(|it| it.notice);
            }
            FieldChange::Redacted { .. } => {}
            FieldChange::Elements { notice, .. }
            | FieldChange::File { notice, .. }
            | FieldChange::Value { notice, .. } => *notice = required,
            // Decided by what happened to the change.
            FieldChange::Upcoming { .. } => {}
        }
        change
    }

    /// The named parts of the old side.
    fn old_parts(self) -> impl Iterator<Item = &'a Map<String, Value>> {
        let parts = NAMED_PARTS.iter().filter_map(move |(field, _)| self.old?.get(*field)?.as_array());
        parts.flatten().filter_map(Value::as_object)
    }

    /// Whether the old side had one of these elements neither in the field itself nor in that of a named part.
    fn is_new(self, field: &str, elements: &[Value]) -> bool {
        let lists = self.old.into_iter().chain(self.old_parts()).filter_map(|object| object.get(field)?.as_array());
        let known: Vec<&Value> = lists.flatten().collect();
        elements.iter().any(|element| !known.contains(&element))
    }

    /// Whether added locations include a country that the old side had neither in the field itself nor in that of a named part.
    fn grew(self, field: &str, added: &[Value]) -> bool {
        let stated = |object: &Map<String, Value>| match object.get(field) {
            Some(Value::Array(stated)) => locations(stated),
            _ => Vec::new(),
        };
        let own = self.old.map(stated).unwrap_or_default();
        let before: Vec<Location> =
            own.into_iter().chain(self.old_parts().flat_map(|part| within(part, stated(part)))).collect();
        let after = locations(added);
        location::grew(&before, &self.part.map_or(after.clone(), |part| within(part, after)))
    }
}

/// Returns the locations of a named part, with the condition of the part.
fn within(part: &Map<String, Value>, locations: Vec<Location>) -> Vec<Location> {
    let condition: Option<Condition> = part.get("condition").and_then(|it| serde_json::from_value(it.clone()).ok());
    let combined =
        |location: Location| Location { condition: both(condition.as_ref(), location.condition.as_ref()), ..location };
    locations.into_iter().map(combined).collect()
}

/// Whether an item that was removed on a date had stated an end that had come.
pub(super) fn has_ended(subject: Subject, item: &Map<String, Value>, date: Option<Date>) -> bool {
    let (Some(rule), Some(date)) = (rule(subject), date) else { return false };
    stated_date(rule.end.and_then(|end| item.get(end))).is_some_and(|end| end <= date)
}

/// The dates of the start of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StartDates {
    /// The date on which customers were informed; left out if it is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<Date>,
    /// The first date on which the item is used.
    pub effective: Date,
}

/// Returns the start that an item states, if it is after a date.
pub(super) fn start(subject: Subject, item: &Map<String, Value>, date: Option<Date>) -> Option<StartDates> {
    let (rule, date) = (rule(subject)?, date?);
    let effective = rule.dates.iter().find_map(|field| stated_date(item.get(*field)).filter(|start| *start > date))?;
    Some(StartDates { announced: stated_date(item.get(ANNOUNCED)), effective })
}

/// Returns the date that a value states.
pub fn stated_date(value: Option<&Value>) -> Option<Date> {
    value?.as_str()?.parse().ok()
}

/// Reads the locations of an object in a record, without what is withheld. They were written from the same type, so no other is lost.
fn locations(values: &[Value]) -> Vec<Location> {
    let stated = values.iter().map(|value| match value {
        Value::Object(members) => {
            let mut members = members.clone();
            // No other condition is the same as a withheld one.
            let withheld = members.get_mut("condition").filter(|condition| Withheld::is_in(condition));
            withheld.into_iter().for_each(|condition| *condition = json!({ "feature": PLACEHOLDER }));
            members.retain(|_, member| !Withheld::is_in(member));
            Value::Object(members)
        }
        word => word.clone(),
    });
    stated.filter_map(|value| serde_json::from_value(value).ok()).collect()
}
