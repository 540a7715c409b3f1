//! Since when releases state the start of a subprocessor.
//!
//! A rule about notice counts from the date on which customers could read of the start. For content that is released, that is
//! the date of a release and not the as-of date: otherwise, unchanged content would lose a day of notice every day.

use std::collections::BTreeMap;

use super::History;
use crate::model::{Date, Disclosure, Id};

/// The release that first stated the start of a subprocessor as the content states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedStart {
    /// The date of the release.
    pub published: Date,
    /// The notice period that the release states, in days.
    pub notice_days: Option<u16>,
}

/// Returns, for each subprocessor of `content` that starts after `as_of`, the first of the releases that state the same start
/// without interruption up to the newest. Subprocessors that the newest release lists with another start, or not at all, are
/// left out.
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
