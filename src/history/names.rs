//! The names of subprocessors to which changes refer.

use super::History;
use crate::model::{Disclosure, Id, Version};

/// Where the names of subprocessors are stated: first in disclosures, then in the releases up to a version.
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

    /// Returns the name of a subprocessor; `None` if it is not known.
    pub fn get(self, id: &Id) -> Option<&'a str> {
        let stated = self.disclosures.into_iter().flatten().flat_map(|disclosure| &disclosure.subprocessors);
        let stated = stated.into_iter().find(|item| item.id == *id).map(|item| item.name.as_str());
        stated.or_else(|| {
            let (history, version) = self.history?;
            history.subprocessor_name(id, version)
        })
    }
}
