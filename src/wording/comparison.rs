//! The data that the page's script needs to compare two releases like [`history::diff`](crate::history::diff) and to
//! describe the changes like [`phrase`](super::phrase).
//!
//! The script contains no names of lists, fields or languages, so a new list or field needs no change in it.
//! `tests/vectors/diff/` tests both implementations.

use std::collections::BTreeMap;

use serde::Serialize;

use super::phrase::{FieldKind, UNSTATED, first_facts};
use crate::history::Subject;
use crate::history::diff::notice::{self, NoticeRule};
use crate::history::diff::{NAMED_PARTS, files, upcoming};
use crate::model::upcoming::{END, START};
use crate::model::{Language, List, Region};
use crate::site::map::PageKind;

/// The input of `static/js/compare.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparisonRules {
    /// The language whose plural rules apply to the strings.
    language: String,
    /// The parts of a disclosure that are objects, in the order of changes.
    objects: Vec<ComparedObject>,
    /// The lists of a disclosure, in the order of changes.
    lists: Vec<ComparedList>,
    /// How to compare the files of two releases.
    files: ComparedFiles,
    /// The field with the name of each part, by the field that has the parts.
    parts: BTreeMap<&'static str, &'static str>,
    /// The countries of each region; `None` for all countries.
    regions: BTreeMap<&'static str, Option<Vec<String>>>,
    /// How to compare the terms of notice.
    notice: ComparedNotice,
    /// How to compare upcoming changes.
    upcoming: ComparedUpcoming,
    /// How to format values, by field.
    kinds: BTreeMap<&'static str, FieldKind>,
    /// The word for withheld values.
    redacted: String,
}

/// An object of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ComparedObject {
    name: &'static str,
    /// The fields of the disclosure that make up this object. `None` if the object is a field itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<[&'static str; Subject::PAGE_FIELDS.len()]>,
}

/// The files of two releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ComparedFiles {
    /// The part of the changes for files that belong to no item.
    name: &'static str,
    /// The list whose items have a file.
    list: &'static str,
    /// The field with the path of the file.
    field: &'static str,
    /// The field with the earlier editions of an item, which have the same fields.
    editions: &'static str,
    /// The field that is repeated if it did not change.
    version: &'static str,
}

/// The terms of notice, one of which has a short form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ComparedNotice {
    /// The field with the terms.
    name: &'static str,
    /// The field of the terms with a short form.
    days: &'static str,
    /// The short form: the object and its field.
    short: [&'static str; 2],
}

/// The fields of upcoming changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ComparedUpcoming {
    /// The field of an item with its upcoming changes.
    field: &'static str,
    id: &'static str,
    announced: &'static str,
    effective: &'static str,
    note: &'static str,
    remove: &'static str,
    /// The id of the start of an item.
    start: &'static str,
    /// The id of the end of an item.
    end: &'static str,
}

/// A list of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ComparedList {
    name: &'static str,
    /// The field that identifies an item to readers.
    label: &'static str,
    /// The path of the page on which each item has its id as an anchor.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    /// The changes that require customer notice. `None` if no change does.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static NoticeRule>,
    /// The fields of a new item to show.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    first: &'static [&'static str],
    /// The string catalog key of what a missing field means, by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unstated: BTreeMap<&'static str, &'static str>,
}

impl ComparisonRules {
    /// Returns the rules of this version, with the word for withheld values in the output of `candor diff`.
    pub fn current() -> ComparisonRules {
        ComparisonRules::with("redacted", &Language::default())
    }

    /// Returns the rules of this version, with another word for withheld values, for a catalog of this language.
    pub fn with(redacted: &str, language: &Language) -> ComparisonRules {
        let object = |subject: Subject| ComparedObject {
            name: subject.name(),
            fields: (subject == Subject::Page).then_some(Subject::PAGE_FIELDS),
        };
        ComparisonRules {
            language: language.to_string(),
            objects: Subject::OBJECTS.into_iter().map(object).collect(),
            lists: List::ALL.iter().copied().map(ComparedList::of).collect(),
            files: ComparedFiles {
                name: Subject::Files.name(),
                list: List::Documents.name(),
                field: files::FIELD,
                editions: files::EDITIONS,
                version: files::VERSION,
            },
            parts: NAMED_PARTS.into_iter().collect(),
            regions: Region::ALL.into_iter().map(|region| (region.as_str(), countries(region))).collect(),
            notice: ComparedNotice {
                name: Subject::Notice.name(),
                days: "days",
                short: [Subject::Organization.name(), "notice_days"],
            },
            upcoming: ComparedUpcoming::current(),
            kinds: FieldKind::fields().collect(),
            redacted: redacted.to_owned(),
        }
    }

    /// Returns the string catalog keys that the script needs in addition to those of changes, fields and values.
    pub fn string_keys(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().flat_map(|list| list.unstated.values().copied())
    }
}

impl ComparedUpcoming {
    fn current() -> ComparedUpcoming {
        let [id, announced, effective, note, remove] = upcoming::OWN;
        ComparedUpcoming { field: upcoming::FIELD, id, announced, effective, note, remove, start: START, end: END }
    }
}

/// Returns the codes of the countries of a region.
fn countries(region: Region) -> Option<Vec<String>> {
    Some(region.countries()?.iter().map(ToString::to_string).collect())
}

impl ComparedList {
    fn of(list: List) -> ComparedList {
        let unstated = UNSTATED.iter().filter(|(other, ..)| *other == list);
        ComparedList {
            name: list.name(),
            label: list.label_field(),
            page: (list == List::Subprocessors).then(|| PageKind::Subprocessors.path("")),
            notice: notice::rule(Subject::List(list)),
            first: first_facts(list),
            unstated: unstated.map(|(_, field, key)| (*field, *key)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::history::diff::UpcomingEvent;
    use crate::wording::phrase::event_key;

    #[test]
    fn the_script_finds_the_label_of_an_event_by_its_name() {
        for event in UpcomingEvent::ALL {
            assert_eq!(event_key(event), format!("upcoming.events.{}", event.name()));
        }
    }
}
