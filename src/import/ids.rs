//! Gives each subprocessor an id that no other one has.

use std::collections::{HashMap, HashSet};

use crate::model::Id;

/// The ids that are already used.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids {
    taken: HashSet<Id>,
    /// The next number for each repeated id, because thousands of rows may have the same name.
    next: HashMap<Id, usize>,
}

impl Ids {
    /// Returns the id, or the first unused of `-2`, `-3`, ... A name without Latin letters becomes `subprocessor`.
    pub fn free(&mut self, wanted: Option<Id>) -> Id {
        let wanted = wanted.or_else(|| Id::from_name("subprocessor"));
        // Cannot fail, because `subprocessor` is a valid id.
        let wanted = wanted.unwrap_or_else(|| unreachable!("`subprocessor` is an id"));
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        let number = self.next.entry(wanted.clone()).or_insert(2);
        let base = wanted.as_str();
        loop {
            let ending = format!("-{number}");
            let kept = base.get(..base.len().min(Id::MAX - ending.len())).unwrap_or(base).trim_end_matches('-');
            *number += 1;
            // Terminates, because there are more numbers than rows.
            if let Ok(id) = format!("{kept}{ending}").parse::<Id>()
                && self.taken.insert(id.clone())
            {
                return id;
            }
        }
    }
}
