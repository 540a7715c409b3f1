//! The withheld values of one side of a comparison.

use serde_json::{Map, Value};

use super::Subject;
use crate::model::{Id, Item, Statement, Withheld};

/// What one side of a comparison withholds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'a>(Option<&'a Withheld>);

impl<'a> Side<'a> {
    /// Returns the side of a statement.
    pub fn of(statement: Statement<'a>) -> Side<'a> {
        Side(statement.withheld.filter(|withheld| !withheld.is_empty()))
    }

    /// Returns the fields that contain withheld values, as they are in the record.
    pub fn fields(self, subject: Subject, id: Option<&Id>) -> Option<&'a Map<String, Value>> {
        self.0?.fields(subject.name(), id.map(Id::as_str))
    }

    /// Whether a part of the disclosure, or an item, contains withheld values.
    pub fn withholds(self, subject: Subject, id: Option<&Id>) -> bool {
        self.fields(subject, id).is_some()
    }

    /// Whether the name of an item is withheld.
    pub fn withholds_label(self, item: &dyn Item) -> bool {
        let (list, id) = (item.list(), item.id().as_str());
        self.0.is_some_and(|withheld| withheld.has(list.name(), Some(id), list.label_field()))
    }

    /// Returns an object with its withheld values as they are in the record.
    pub fn object(self, subject: Subject, id: Option<&Id>, mut object: Map<String, Value>) -> Map<String, Value> {
        object.extend(self.fields(subject, id).cloned().unwrap_or_default());
        object
    }
}
