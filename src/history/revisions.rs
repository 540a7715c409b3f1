//! The releases that added or changed an item, so that readers see how it came to say what it says.

use std::collections::BTreeMap;

use super::{History, Subject};
use crate::model::{Id, List};

impl History {
    /// Returns the positions of the releases that added or changed each item of a list, oldest first.
    pub fn revisions(&self, list: List) -> BTreeMap<&Id, Vec<usize>> {
        let mut revisions: BTreeMap<&Id, Vec<usize>> = BTreeMap::new();
        let mut add = |id, at| revisions.entry(id).or_default().push(at);
        for (at, release) in self.releases().iter().enumerate() {
            let Some(changes) = self.changes(at) else {
                release.disclosure.items(list).into_iter().for_each(|item| add(item.id(), at));
                continue;
            };
            let changed =
                changes.iter().filter(|change| change.subject() == Subject::List(list) && !change.is_removal());
            changed.filter_map(|change| change.id()).for_each(|id| add(id, at));
        }
        revisions
    }
}
