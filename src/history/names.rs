//! The names of subprocessors and documents to which changes refer.

use super::History;
use crate::model::{Disclosure, Id, Version};

/// Where the names of subprocessors and documents are stated: first in disclosures, then in the releases up to a version.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    disclosures: [Option<&'a Disclosure>; 2],
    history: Option<(&'a History, Version)>,
}

impl<'a> Names<'a> {
    /// Uses the releases up to a version.
    pub fn up_to(history: &'a History, version: Version) -> Names<'a> {
        Names { history: Some((history, version)), ..Names::default() }
    }

    /// Uses all releases.
    pub fn of(history: &'a History) -> Names<'a> {
        Names { history: history.newest().map(|newest| (history, newest.version)), ..Names::default() }
    }

    /// Uses these disclosures first.
    #[must_use]
    pub fn with(self, disclosures: [Option<&'a Disclosure>; 2]) -> Names<'a> {
        Names { disclosures, ..self }
    }

    /// Returns the name of a subprocessor, or else the title of a document; `None` if neither is known.
    pub fn get(self, id: &Id) -> Option<&'a str> {
        let mut stated = self.disclosures.into_iter().flatten().flat_map(|disclosure| &disclosure.subprocessors);
        let stated = stated.find(|item| item.id == *id).map(|item| item.name.as_str());
        stated.or_else(|| self.history?.0.subprocessor_name(id, self.history?.1)).or_else(|| self.document(id))
    }

    fn document(self, id: &Id) -> Option<&'a str> {
        let mut stated = self.disclosures.into_iter().flatten().flat_map(|disclosure| &disclosure.documents);
        let stated = stated.find(|item| item.id == *id).map(|item| item.title.as_str());
        stated.or_else(|| self.history?.0.document_title(id, self.history?.1))
    }
}
