//! Finds the release that first stated the start date of a subprocessor.
//!
//! Notice periods count from the date on which customers could first read the start date. For released content, that is the
//! date of a release and not the as-of date: otherwise, unchanged content would lose a day of notice every day.

use std::collections::BTreeMap;

use super::History;
use crate::model::{Date, Disclosure, Id};

/// The release that first stated the same start date as the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedStart {
    /// The date of the release.
    pub published: Date,
    /// The notice period that the release states, in days.
    pub notice_days: Option<u16>,
}

/// Returns, for each subprocessor of `content` that starts after `as_of`, the first of the consecutive releases up to the
/// newest that state the same start date. Subprocessors that are missing from the newest release, or have a different start
/// date there, are left out.
pub fn stated_starts(history: &History, content: &Disclosure, as_of: Date) -> BTreeMap<Id, StatedStart> {
    let start = |effective: Option<Date>| effective.filter(|effective| *effective > as_of);
    let items = content.subprocessors.iter();
    let mut open: BTreeMap<&Id, Date> = items.filter_map(|item| Some((&item.id, start(item.effective)?))).collect();
    let mut stated = BTreeMap::new();
    for release in history.releases().iter().rev() {
        if open.is_empty() {
            break;
        }
        let listed = release.disclosure.subprocessors.iter();
        let starts: BTreeMap<&Id, Date> = listed.filter_map(|item| Some((&item.id, start(item.effective)?))).collect();
        open.retain(|id, start| starts.get(id) == Some(start));
        let first =
            StatedStart { published: release.published, notice_days: release.disclosure.organization.notice_days };
        stated.extend(open.keys().map(|id| ((*id).clone(), first)));
    }
    stated
}
