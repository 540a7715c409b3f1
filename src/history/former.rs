//! Former subprocessors: when they were listed, and what replaced them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::diff::different;
use super::{History, Release};
use crate::model::{Date, Id, Subprocessor, Validity, Version};

/// A subprocessor, or another recipient, that an earlier release lists but the newest does not, or that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerSubprocessor {
    /// Its entry in the last release that listed it.
    pub item: Arc<Subprocessor>,
    /// The periods in which it was listed, oldest first; several if it was removed and added again.
    pub listed: Vec<Listing>,
    /// The last period in which it was announced and removed before its start. It was never in use if it was not listed otherwise.
    pub withdrawn: Option<Listing>,
    /// The subprocessor that replaces it, if one has it in `replaces`.
    pub replaced_by: Option<Id>,
}

/// A period in which consecutive releases list a subprocessor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// The first release that lists it.
    pub from: ReleaseRef,
    /// The first release that no longer lists it; `None` if the newest one lists it, and it has ended.
    pub until: Option<ReleaseRef>,
}

impl FormerSubprocessor {
    fn new(item: &Arc<Subprocessor>) -> FormerSubprocessor {
        FormerSubprocessor { item: Arc::clone(item), listed: Vec::new(), withdrawn: None, replaced_by: None }
    }

    /// Returns the last date of a period, its last one: of the release that removed it, or the stated end if that was earlier.
    pub fn last_date(&self, last: &Listing) -> Option<Date> {
        let ends = self.item.ends.filter(|_| self.withdrawn.as_ref() != Some(last));
        ends.into_iter().chain(last.until.map(|until| until.published)).min()
    }

    /// The last period in which it was listed or announced.
    fn last(&self) -> Option<&Listing> {
        self.listed.last().into_iter().chain(&self.withdrawn).max_by_key(|listing| listing.from.version)
    }
}

/// The version and publication date of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseRef {
    /// The version.
    pub version: Version,
    /// The publication date.
    pub published: Date,
}

impl From<&Release> for ReleaseRef {
    fn from(release: &Release) -> ReleaseRef {
        ReleaseRef { version: release.version, published: release.published }
    }
}

/// Content that is not released yet.
#[derive(Debug, Clone, Copy)]
pub struct Unreleased<'a> {
    /// The date of its release, if it were released now.
    pub date: Date,
    /// The subprocessors that it lists.
    pub subprocessors: &'a [Arc<Subprocessor>],
}

/// Returns all former subprocessors, most recently removed first, then by name. Unreleased content counts as the newest
/// release. With a date, those that the newest release lists and that have ended on that date are former, too.
pub fn former(history: &History, unreleased: Option<Unreleased<'_>>, date: Option<Date>) -> Vec<FormerSubprocessor> {
    let released =
        history.releases().iter().map(|release| (release.into(), release.disclosure.subprocessors.as_slice()));
    let newest = history.newest().map(|release| release.version.next_on_day());
    let next = unreleased.map(|Unreleased { date, subprocessors }| {
        let version = Version::first_on(date);
        (ReleaseRef { version: newest.map_or(version, |newest| newest.max(version)), published: date }, subprocessors)
    });
    let mut since: BTreeMap<Id, ReleaseRef> = BTreeMap::new();
    let mut removed: BTreeMap<Id, FormerSubprocessor> = BTreeMap::new();
    let mut before: &[Arc<Subprocessor>] = &[];
    for (release, now) in released.chain(next) {
        // Items that both releases share were neither added nor removed.
        let (old, new) = different(before, now);
        if !old.is_empty() || !new.is_empty() {
            let listed: BTreeSet<&Id> = new.iter().map(|item| &item.id).collect();
            for item in old.into_iter().filter(|item| !listed.contains(&item.id)) {
                let Some(from) = since.remove(&item.id) else { continue };
                let listing = Listing { from, until: Some(release) };
                let entry = removed.entry(item.id.clone()).or_insert_with(|| FormerSubprocessor::new(item));
                if item.effective.is_some_and(|start| start > release.published) {
                    entry.withdrawn = Some(listing);
                } else {
                    entry.item = Arc::clone(item);
                    entry.listed.push(listing);
                }
            }
            for item in new {
                since.entry(item.id.clone()).or_insert(release);
            }
            for item in now {
                if let Some(old) = item.replaces.as_ref().and_then(|old| removed.get_mut(old)) {
                    old.replaced_by = Some(item.id.clone());
                }
            }
        }
        before = now;
    }
    removed.retain(|id, _| !since.contains_key(id));
    let has_ended = |item: &&Arc<Subprocessor>| date.is_some_and(|date| item.validity_on(date) == Validity::Ended);
    for item in before.iter().filter(has_ended) {
        let Some(from) = since.get(&item.id) else { continue };
        let entry = removed.entry(item.id.clone()).or_insert_with(|| FormerSubprocessor::new(item));
        entry.listed.push(Listing { from: *from, until: None });
    }
    let mut former: Vec<FormerSubprocessor> = removed.into_values().collect();
    // One that the newest release lists ended last.
    let until = |former: &FormerSubprocessor| {
        let until = former.last().and_then(|listing| listing.until).map(|until| until.version);
        (until.is_none(), until)
    };
    former.sort_by(|a, b| until(b).cmp(&until(a)).then_with(|| a.item.name.cmp(&b.item.name)));
    former
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Unreleased, former};
    use crate::history::{History, Release};
    use crate::model::{Date, Digest, Version};

    /// Creates a history in which each release lists subprocessors by id; `id<old` replaces `old`.
    fn history(lists: &[&[&str]]) -> History {
        let release = |(at, list): (usize, &&[&str])| {
            let published = Date::new(2026, 5, 1).expect("a date").plus_days(at as i32);
            let item = |text: &&str| {
                let (id, old) = text.split_once('<').map_or((*text, None), |(id, old)| (id, Some(old)));
                let mut item = json!({"id": id, "name": id, "purpose": "P", "data_categories": ["D"]});
                if let Some(old) = old {
                    item["replaces"] = old.into();
                }
                item
            };
            let items: Vec<_> = list.iter().map(item).collect();
            let disclosure = json!({"title": "T", "organization": {"name": "O"}, "subprocessors": items});
            Release {
                corrects: None,
                redactions: Vec::new(),
                notices: Vec::new(),
                withheld: crate::model::Withheld::default(),
                original: None,
                files: None,
                version: Version::first_on(published),
                published,
                summary: String::new(),
                previous: None,
                disclosure: serde_json::from_value(disclosure).expect("a disclosure"),
                digest: Digest::of(b""),
                bytes: 0,
                newer: crate::history::Newer::default(),
            }
        };
        History::new(lists.iter().enumerate().map(release).collect())
    }

    fn summary(lists: &[&[&str]]) -> Vec<String> {
        let dates = |former: &super::FormerSubprocessor| -> Vec<String> {
            former
                .listed
                .iter()
                .map(|l| format!("{}-{}", l.from.published.day(), l.until.map_or(0, |until| until.published.day())))
                .collect()
        };
        let format = |former: super::FormerSubprocessor| {
            let by = former.replaced_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            format!("{} {}{by}", former.item.id, dates(&former).join(","))
        };
        former(&history(lists), None, None).into_iter().map(format).collect()
    }

    #[test]
    fn listed_subprocessors_are_not_former() {
        assert!(summary(&[&["a", "b"], &["b", "a"]]).is_empty());
        assert!(summary(&[&["a"], &[], &["a"]]).is_empty(), "it was added again");
    }

    #[test]
    fn the_most_recently_removed_comes_first_with_its_listing_dates() {
        assert_eq!(summary(&[&["a", "b"], &["b"], &["b"], &["c"]]), ["b 1-4", "a 1-2"]);
        assert_eq!(summary(&[&["a"], &[], &["a"], &[]]), ["a 1-2,3-4"]);
    }

    #[test]
    fn unreleased_content_counts_as_the_newest_release() {
        let released = history(&[&["a", "b"], &["b"]]);
        let date = Date::new(2026, 6, 1).expect("a date");
        let unreleased = Unreleased { date, subprocessors: &[] };
        let gone = former(&released, Some(unreleased), None);
        let ids: Vec<_> = gone.iter().map(|former| former.item.id.as_str()).collect();
        assert_eq!((ids, gone[0].listed[0].until.map(|it| it.published)), (vec!["b", "a"], Some(date)));
        assert_eq!(former(&released, None, None).len(), 1);
    }

    #[test]
    fn finds_the_replacement_when_it_states_replaces() {
        assert_eq!(summary(&[&["a"], &["b<a"]]), ["a 1-2 by b"]);
        assert_eq!(summary(&[&["a"], &["a", "b<a"], &["b<a"]]), ["a 1-3 by b"]);
    }
}
