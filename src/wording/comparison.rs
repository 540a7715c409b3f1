//! What the page's script needs to compare two releases as [`history::diff`](crate::history::diff) does, and to phrase the
//! changes as [`phrase`](super::phrase) does.
//!
//! The script has no list, field or language of its own, so that a new list or field needs no edit in it. The rules that both
//! implement are held by `tests/vectors/diff/`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PluralCategory;
use super::phrase::{FieldKind, UNSTATED, first_facts};
use crate::history::Subject;
use crate::history::diff::notice::{self, NoticeRule};
use crate::model::List;
use crate::site::map::PageKind;

/// The facts that `static/js/compare.js` works with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComparisonRules {
    /// The language whose plural rules the strings follow.
    language: &'static str,
    /// The objects next to the lists, in the order of changes.
    objects: Vec<ComparedObject>,
    /// The lists, in the order of changes.
    lists: Vec<ComparedList>,
    /// How values are put into words, by field.
    kinds: BTreeMap<&'static str, FieldKind>,
}

/// An object of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ComparedObject {
    name: &'static str,
    /// The fields of the disclosure that are this object; none where it is a field itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<[&'static str; Subject::PAGE_FIELDS.len()]>,
}

/// A list of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ComparedList {
    name: &'static str,
    /// The field that readers know an item by.
    label: &'static str,
    /// The page, below the site's root, on which every item has its id as an anchor.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    /// Which changes require customer notice; none where no change does.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static NoticeRule>,
    /// The fields of a new item that a reader wants to know first.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    first: &'static [&'static str],
    /// What the absence of a field means: its key in the string catalog, by field.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unstated: BTreeMap<&'static str, &'static str>,
}

impl ComparisonRules {
    /// The rules of this version.
    pub fn current() -> ComparisonRules {
        let object = |subject: Subject| ComparedObject {
            name: subject.name(),
            fields: (subject == Subject::Page).then_some(Subject::PAGE_FIELDS),
        };
        ComparisonRules {
            language: PluralCategory::LANGUAGE,
            objects: Subject::OBJECTS.into_iter().map(object).collect(),
            lists: List::ALL.iter().copied().map(ComparedList::of).collect(),
            kinds: FieldKind::FIELDS.into_iter().collect(),
        }
    }

    /// The string catalog keys that the script needs besides those of changes, fields and values.
    pub fn string_keys(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().flat_map(|list| list.unstated.values().copied())
    }
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
