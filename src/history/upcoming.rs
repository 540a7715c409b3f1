//! The dated changes that releases announce: which release first stated each of them, until when customers can object, and what
//! became of it.
//!
//! The dated changes of an item are its start (before `effective`), the entries of its `upcoming`, and its end (`ends`). A
//! change is the same in consecutive releases if its list, item and entry id are the same.
//!
//! The days of a notice count from `announced`, or from the date of the release that first states the change if that is later,
//! with the terms of that release: customers can only read what is published, and unchanged content must not lose a day of
//! notice every day. A change that is moved earlier is stated anew, and so is an entry or a start that is still to come if what it
//! announces changes in a way that requires notice. Other differences are corrections. A change that is moved later is not stated
//! anew, because customers learned of the earlier date in time. Content that is not released yet counts as a release on the as-of date.

mod record;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

pub use record::UpcomingRecord;

use super::diff::entry::object;
use super::diff::upcoming::{announced_changes, is_other_entry, is_other_start, took_effect};
use super::diff::{AnyItem, FieldChange, ItemKind, Subject};
use super::{History, Release};
use crate::model::lists::for_each_list;
use crate::model::upcoming::{END, START, in_order};
use crate::model::{Date, Disclosure, Id, Item, List, Listed, NoticeTerms, Overlay, Subprocessor, Version};

/// What a dated change does to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DatedKind {
    /// The item starts.
    Start,
    /// Fields of the item change.
    Change,
    /// The item ends.
    End,
}

/// The state of a dated change on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DatedState {
    /// It is announced, and customers can object to it if there is a deadline.
    Announced,
    /// The objection deadline has passed.
    ObjectionClosed,
    /// It is in effect.
    Effective,
    /// The item has ended.
    Ended,
}

impl DatedState {
    /// Its name in JSON and in the string catalog.
    pub fn name(self) -> &'static str {
        match self {
            DatedState::Announced => "announced",
            DatedState::ObjectionClosed => "objection-closed",
            DatedState::Effective => "effective",
            DatedState::Ended => "ended",
        }
    }

    /// Whether the change is still to come.
    pub fn is_to_come(self) -> bool {
        matches!(self, DatedState::Announced | DatedState::ObjectionClosed)
    }
}

/// Identifies a dated change across releases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatedId {
    /// The list that contains the item.
    pub list: List,
    /// The item.
    pub item: Id,
    /// The entry: its id, or [`START`] or [`END`].
    pub entry: String,
}

/// A dated change, as a release states it.
#[derive(Debug, Clone, PartialEq)]
pub struct DatedChange {
    /// Identifies it.
    pub id: DatedId,
    /// What it does.
    pub kind: DatedKind,
    /// The name of the item for readers.
    pub label: String,
    /// The date of the announcement, if it is stated.
    pub announced: Option<Date>,
    /// The first date on which it applies; for an end, the last date of the item.
    pub effective: Date,
    /// What changes and why.
    pub note: Option<String>,
    /// The fields that an entry changes.
    pub changes: Vec<FieldChange>,
    /// The entry as it is in the record, with the new values of the fields that it changes; empty for a start and an end.
    pub entry: Map<String, Value>,
    /// The item just before the entry takes effect, without entries; empty for a start and an end.
    before: Arc<Map<String, Value>>,
    /// The subprocessor with the change, if it is one: for a start as it begins, for an entry with its new values.
    pub provider: Option<Arc<Subprocessor>>,
    /// The date of the release that first stated it.
    pub stated: Date,
    /// The terms of notice of that release.
    pub terms: Arc<NoticeTerms>,
    /// Whether it was in effect before the first release, so that there was no notice.
    is_historical: bool,
}

impl DatedChange {
    /// The date from which the days of notice count.
    pub fn notice_from(&self) -> Date {
        self.announced.map_or(self.stated, |announced| announced.max(self.stated))
    }

    /// The last date on which customers can object, in UTC; `None` without a period for objections.
    pub fn object_by(&self) -> Option<Date> {
        let days = self.terms.objection_days.filter(|_| !self.is_historical && !self.is_of_recipient())?;
        self.terms.last_date(self.notice_from(), days)
    }

    /// Its state on a date.
    pub fn state_on(&self, date: Date) -> DatedState {
        if self.kind == DatedKind::End && date > self.effective {
            DatedState::Ended
        } else if self.kind != DatedKind::End && date >= self.effective {
            DatedState::Effective
        } else if self.object_by().is_some_and(|last| last < date) {
            DatedState::ObjectionClosed
        } else {
            DatedState::Announced
        }
    }

    /// Whether it concerns a recipient, which is not a processor, so that customers have no right to object.
    pub fn is_of_recipient(&self) -> bool {
        self.provider.as_ref().is_some_and(|item| item.is_recipient())
    }

    /// Whether its subprocessor starts after a date.
    fn starts_after(&self, date: Date) -> bool {
        self.provider.as_ref().and_then(|item| item.effective).is_some_and(|start| start > date)
    }

    /// Whether another release states the same as this one does. The subprocessor is stated with its start; with other changes,
    /// only how the data is transferred is.
    fn states_the_same(&self, other: &DatedChange) -> bool {
        let stated = |change: &DatedChange| {
            let provider = change.provider.clone().filter(|_| change.kind == DatedKind::Start);
            DatedChange { provider, before: Arc::default(), ..change.clone() }
        };
        let transfer =
            |change: &DatedChange| change.provider.as_ref().map(|item| item.united().transfer_mechanism.clone());
        let is_entry = self.kind == DatedKind::Change;
        stated(self) == stated(other)
            && self.is_of_recipient() == other.is_of_recipient()
            && (!is_entry || transfer(self) == transfer(other))
    }

    /// Whether it was in effect before the first release.
    pub fn is_historical(&self) -> bool {
        self.is_historical
    }
}

/// A dated change in the calendar, which keeps every change that a release ever announced.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarChange {
    /// The change, as the last release that has it states it.
    pub change: DatedChange,
    /// How many releases changed it after the first one (RFC 5545 section 3.8.7.4).
    pub sequence: usize,
    /// The release that last changed it.
    pub version: Version,
    /// The date of that release.
    pub published: Date,
    /// The date on which it was to take effect before its date was last moved.
    pub moved_from: Option<Date>,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
    /// Whether it took effect before its date, so that its deadline no longer counts if it is later.
    pub is_early: bool,
}

impl CalendarChange {
    /// Returns the last date on which customers can object to the change. What is withdrawn, or in effect early, is no longer open
    /// to objections.
    pub fn object_by(&self) -> Option<Date> {
        let is_over = |date: &Date| self.is_withdrawn || (self.is_early && *date >= self.change.effective);
        self.change.object_by().filter(|date| !is_over(date))
    }
}

/// The dated changes of all releases.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    by_release: Vec<Vec<DatedChange>>,
    calendar: BTreeMap<DatedId, CalendarChange>,
    state: Announcements,
}

/// What consecutive releases up to the newest one announced about each dated change.
#[derive(Debug, Clone, Default)]
pub struct Announcements {
    first: Option<Date>,
    known: HashMap<DatedId, Stating>,
    /// The subprocessors that any release lists.
    listed: BTreeSet<Id>,
}

/// The consecutive statements of one change.
#[derive(Debug, Clone, Default)]
struct Stating {
    announced: Option<Date>,
    /// The entry, with its new values; empty for a start and an end.
    entry: Map<String, Value>,
    /// The subprocessor that starts.
    starts: Option<Arc<Subprocessor>>,
    dates: Vec<(Date, Date, Arc<NoticeTerms>)>,
    /// Whether the last statement withholds values of the item.
    is_withheld: bool,
}

/// The last dates on which customers can object, by change and by the date on which it takes effect.
#[derive(Debug, Clone, Default)]
pub struct Deadlines(HashMap<(DatedId, Date), Date>);

impl Deadlines {
    /// The deadlines of these changes.
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a DatedChange>) -> Deadlines {
        let deadline = |change: &DatedChange| Some(((change.id.clone(), change.effective), change.object_by()?));
        Deadlines(changes.into_iter().filter_map(deadline).collect())
    }

    /// Returns the deadline of a change that takes effect on a date.
    pub fn get(&self, list: List, item: &Id, entry: &str, effective: Date) -> Option<Date> {
        let id = DatedId { list, item: item.clone(), entry: entry.to_owned() };
        self.0.get(&(id, effective)).copied()
    }

    /// Iterates over all of them.
    pub fn iter(&self) -> impl Iterator<Item = (&DatedId, Date, Date)> {
        self.0.iter().map(|((id, effective), deadline)| (id, *effective, *deadline))
    }
}

impl Timeline {
    /// Follows the dated changes through a history.
    pub fn of(releases: &[Release]) -> Timeline {
        let mut timeline = Timeline::default();
        for release in releases {
            timeline.add(release);
        }
        timeline
    }

    /// The changes that the release at this position states, counted from the oldest: those that are not in effect on its date, and
    /// those that it is the first to state.
    pub fn at(&self, position: usize) -> &[DatedChange] {
        self.by_release.get(position).map(Vec::as_slice).unwrap_or_default()
    }

    /// The changes that the newest release states.
    pub fn newest(&self) -> &[DatedChange] {
        self.by_release.last().map(Vec::as_slice).unwrap_or_default()
    }

    /// All changes that a release ever announced.
    pub fn calendar(&self) -> impl Iterator<Item = &CalendarChange> {
        self.calendar.values()
    }

    /// Returns the change in the calendar with this id.
    pub fn calendar_change(&self, id: &DatedId) -> Option<&CalendarChange> {
        self.calendar.get(id)
    }

    /// Returns the changes that were announced before they took effect, and are in effect on a date, each with the position of the
    /// release that announced it.
    pub fn taken_effect_by(&self, date: Date) -> impl Iterator<Item = (&DatedChange, usize)> {
        let entries = self.calendar.values().filter(move |entry| {
            let change = &entry.change;
            !entry.is_withdrawn && change.effective > change.stated && !change.state_on(date).is_to_come()
        });
        entries.filter_map(|CalendarChange { change, .. }| {
            let states = |stated: &DatedChange| stated.id == change.id && stated.stated == change.stated;
            let announced = self.by_release.iter().position(|changes| changes.iter().any(states))?;
            Some((change, announced))
        })
    }

    /// Returns the changes of fields that the releases at these positions announced, and that took effect by the time of a later
    /// disclosure of a date, which no longer announces them; in the order in which they took effect.
    pub fn took_effect(&self, positions: Range<usize>, now: &Disclosure, date: Date) -> Vec<&DatedChange> {
        let mut stated: BTreeSet<DatedId> = BTreeSet::new();
        for list in List::ALL.iter().copied() {
            for item in now.items(list) {
                let id = |entry: String| DatedId { list, item: item.id().clone(), entry };
                stated.extend(item.entries().into_iter().map(|entry| id(entry.key.to_string())));
            }
        }
        let announced = positions.rev().flat_map(|at| self.at(at)).filter(|change| change.kind == DatedKind::Change);
        let (mut known, mut changes) = (BTreeSet::new(), Vec::new());
        for change in announced.filter(|change| !stated.contains(&change.id)) {
            let is_early = date < change.effective;
            let took_effect = |item| took_effect(&change.before, &change.changes, &item, is_early);
            if known.insert(&change.id) && item_object(now, &change.id).is_some_and(took_effect) {
                changes.push(change);
            }
        }
        changes.sort_by_key(|change| (change.effective, change.announced));
        changes
    }

    /// The deadlines of all changes that a release ever announced.
    pub fn deadlines(&self) -> Deadlines {
        Deadlines::of(self.by_release.iter().flatten())
    }

    /// What the releases announced about each change.
    pub fn announcements(&self) -> &Announcements {
        &self.state
    }

    fn add(&mut self, release: &Release) {
        let before = self.by_release.last().cloned().unwrap_or_default();
        let hides = |id: &DatedId| release.withheld.fields(id.list.name(), Some(id.item.as_str())).is_some();
        let changes = self.state.follow(&release.disclosure, release.published, &hides);
        let (version, published) = (release.version, release.published);
        let now: BTreeSet<&DatedId> = changes.iter().map(|change| &change.id).collect();
        // What became of a change does not follow from withheld values.
        for gone in before.iter().filter(|change| !now.contains(&change.id) && !hides(&change.id)) {
            let Some(entry) = self.calendar.get_mut(&gone.id) else { continue };
            match fate(&entry.change, &release.disclosure, published) {
                Fate::Kept => {}
                Fate::Early => {
                    entry.moved_from = Some(std::mem::replace(&mut entry.change.effective, published));
                    entry.is_early = true;
                    (entry.sequence, entry.version, entry.published) = (entry.sequence + 1, version, published);
                }
                Fate::Withdrawn => {
                    entry.is_withdrawn = true;
                    (entry.sequence, entry.version, entry.published) = (entry.sequence + 1, version, published);
                }
            }
        }
        for change in changes.iter().filter(|change| !change.is_historical) {
            let stated = |sequence, moved_from| CalendarChange {
                sequence,
                moved_from,
                version,
                published,
                is_withdrawn: false,
                is_early: false,
                change: change.clone(),
            };
            match self.calendar.get_mut(&change.id) {
                None => drop(self.calendar.insert(change.id.clone(), stated(0, None))),
                Some(entry) if entry.change.states_the_same(change) && !entry.is_withdrawn => {}
                Some(entry) => {
                    let was = Some(entry.change.effective).filter(|date| *date != change.effective);
                    let moved_from = was.or(entry.moved_from).filter(|_| !entry.is_withdrawn);
                    *entry = stated(entry.sequence + 1, moved_from);
                }
            }
        }
        self.by_release.push(changes);
    }
}

impl Stating {
    /// Whether a release on a date announces the same change again. A start that has come is not announced again when its
    /// subprocessor changes.
    fn announces(&self, change: &DatedChange, date: Option<Date>) -> bool {
        let subject = Subject::List(change.id.list);
        match (change.kind, &self.starts, &change.provider) {
            (DatedKind::Change, ..) => {
                let [old, new] = [&self.entry, &change.entry].map(|entry| Value::Object(entry.clone()));
                self.entry == change.entry || !is_other_entry(subject, &change.before, &old, &new)
            }
            (DatedKind::Start, Some(was), Some(is)) if date.is_none_or(|date| change.state_on(date).is_to_come()) => {
                was == is || !is_other_start(subject, object(&**was), object(&**is))
            }
            (DatedKind::Start | DatedKind::End, ..) => true,
        }
    }
}

impl Announcements {
    /// Returns the changes that content would state if it were released on a date.
    pub fn with_draft(&self, disclosure: &Disclosure, date: Date) -> Vec<DatedChange> {
        self.clone().follow(disclosure, date, &|_| false)
    }

    /// Whether the newest release states a change as it is, with the same dates.
    pub fn is_released(&self, change: &DatedChange) -> bool {
        self.known.get(&change.id).is_some_and(|stating| {
            stating.announced == change.announced
                && stating.announces(change, None)
                && stating.dates.last().is_some_and(|(effective, ..)| *effective == change.effective)
        })
    }

    /// Follows the changes that a disclosure states on a date, and returns those that are still to come or stated anew. `hides` returns
    /// whether values of the item of a change are withheld, so that the change is the same although it may look different.
    fn follow(&mut self, disclosure: &Disclosure, date: Date, hides: &dyn Fn(&DatedId) -> bool) -> Vec<DatedChange> {
        let first = *self.first.get_or_insert(date);
        let terms = Arc::new(disclosure.notice_terms());
        let mut known = HashMap::new();
        let mut changes = Vec::new();
        for mut change in stated(disclosure) {
            let mut stating = match self.known.remove(&change.id) {
                Some(stating) if stating.is_withheld || hides(&change.id) || stating.announces(&change, Some(date)) => {
                    stating
                }
                _ => Stating::default(),
            };
            stating.announced = change.announced;
            stating.entry.clone_from(&change.entry);
            stating.starts = change.provider.clone().filter(|_| change.kind == DatedKind::Start);
            stating.is_withheld = hides(&change.id);
            let is_new = stating.dates.last().is_none_or(|(effective, ..)| *effective != change.effective);
            if is_new {
                stating.dates.push((change.effective, date, Arc::clone(&terms)));
            }
            let in_time =
                stating.dates.iter().rev().take_while(|(effective, ..)| *effective <= change.effective).last();
            if let Some((_, published, terms)) = in_time {
                (change.stated, change.terms) = (*published, Arc::clone(terms));
            }
            change.is_historical = change.effective <= first;
            // That a subprocessor which a release listed before started long ago is not a change.
            let is_listed = change.kind == DatedKind::Start && self.listed.contains(&change.id.item);
            let is_change = !change.is_historical || (date > first && !is_listed);
            known.insert(change.id.clone(), stating);
            let is_entry = change.kind == DatedKind::Change;
            if is_entry || change.state_on(date).is_to_come() || (is_new && is_change) {
                changes.push(change);
            }
        }
        // A change that a redaction hides may be stated again.
        known.extend(self.known.drain().filter(|(id, _)| hides(id)));
        self.known = known;
        self.listed.extend(disclosure.subprocessors.iter().map(|item| item.id.clone()));
        changes
    }
}

/// What became of a change that a release no longer states.
enum Fate {
    /// It took effect, or its item has ended.
    Kept,
    /// It took effect before its date.
    Early,
    /// It will not happen.
    Withdrawn,
}

fn fate(change: &DatedChange, now: &Disclosure, date: Date) -> Fate {
    let item = item_object(now, &change.id);
    match (change.kind, item) {
        _ if !change.state_on(date).is_to_come() => Fate::Kept,
        // The item was removed on its last day, as announced.
        (DatedKind::End, None) if change.effective == date => Fate::Kept,
        // The item is gone: it ended before the date that was announced, or it will not start or change.
        (DatedKind::End, None) if change.starts_after(date) => Fate::Withdrawn,
        (DatedKind::End, None) => Fate::Early,
        (DatedKind::Start | DatedKind::Change, None) => Fate::Withdrawn,
        (DatedKind::End, Some(_)) => Fate::Withdrawn,
        // It is listed without a start, so it is in use.
        (DatedKind::Start, Some(_)) => Fate::Early,
        (DatedKind::Change, Some(item)) => match took_effect(&change.before, &change.changes, &item, true) {
            true => Fate::Early,
            false => Fate::Withdrawn,
        },
    }
}

macro_rules! stated_changes {
    ($($list:ident { field: $field:ident, $($rest:tt)* })*) => {
        /// Returns all dated changes of a disclosure, in its order.
        fn stated(disclosure: &Disclosure) -> Vec<DatedChange> {
            let mut changes = Vec::new();
            $(entries(&disclosure.$field, &mut changes);)*
            for item in &disclosure.subprocessors {
                let date = |kind, entry: &str, effective| DatedChange {
                    provider: Some(Arc::clone(item)),
                    ..blank(DatedId { list: List::Subprocessors, item: item.id.clone(), entry: entry.to_owned() }, kind, &**item, effective)
                };
                if let Some(effective) = item.effective {
                    changes.push(DatedChange { announced: item.announced, ..date(DatedKind::Start, START, effective) });
                }
                if let Some(ends) = item.ends {
                    // The announcement of a subprocessor that starts on a stated date is that of its start.
                    let announced = item.announced.filter(|_| item.effective.is_none());
                    changes.push(DatedChange { announced, ..date(DatedKind::End, END, ends) });
                }
            }
            changes.sort_by(|one, other| (one.effective, &one.id).cmp(&(other.effective, &other.id)));
            changes
        }

        /// Returns the fields of the item with a change.
        fn item_object(disclosure: &Disclosure, id: &DatedId) -> Option<Map<String, Value>> {
            match id.list {
                $(List::$list => disclosure.$field.iter().find(|item| item.id == id.item).map(|item| object(&**item)),)*
            }
        }
    };
}
for_each_list!(stated_changes);

fn blank(id: DatedId, kind: DatedKind, item: &dyn Item, effective: Date) -> DatedChange {
    DatedChange {
        id,
        kind,
        label: item.label().to_owned(),
        announced: None,
        effective,
        note: None,
        changes: Vec::new(),
        entry: Map::new(),
        before: Arc::default(),
        provider: None,
        stated: effective,
        terms: Arc::default(),
        is_historical: false,
    }
}

/// Adds the entries of the items of a list, each in comparison with its item after the entries before it.
fn entries<T>(items: &[Arc<T>], changes: &mut Vec<DatedChange>)
where
    T: Listed + Overlay,
    AnyItem: From<Arc<T>>,
{
    for item in items.iter().filter(|item| !item.upcoming().is_empty()) {
        let mut before = T::clone(item);
        before.set_upcoming(Vec::new());
        for entry in in_order(item.upcoming()) {
            let fields = serde_json::to_value(entry).unwrap_or_default();
            let item_before = object(&before);
            let compared = announced_changes(Subject::List(T::LIST), &item_before, &fields);
            entry.apply(&mut before);
            let id = DatedId { list: T::LIST, item: item.id().clone(), entry: entry.key().to_string() };
            let provider = match AnyItem::from(Arc::new(before.clone())).kind {
                ItemKind::Subprocessor(item) => Some(item),
                _ => None,
            };
            changes.push(DatedChange {
                announced: Some(entry.announced),
                note: entry.note.clone(),
                changes: compared,
                entry: object(entry),
                before: Arc::new(item_before),
                provider,
                ..blank(id, DatedKind::Change, &**item, entry.effective)
            });
        }
    }
}

impl History {
    /// The dated changes of all releases.
    pub fn timeline(&self) -> &Timeline {
        self.timeline.get_or_init(|| Timeline::of(&self.releases))
    }
}
