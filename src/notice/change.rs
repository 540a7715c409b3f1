//! The changes in a notice, in words: what changes, when it was announced, until when customers can object, and when it takes
//! effect.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::choice::Customer;
use crate::history::diff::upcoming::{ANNOUNCED, dates};
use crate::history::diff::{UpcomingEvent, notice};
use crate::history::upcoming::CalendarChange;
use crate::history::{
    AnyItem, Change, DatedChange, DatedId, DatedState, FieldChange, History, Names, Release, Subject,
};
use crate::model::upcoming::{END, START};
use crate::model::{Contact, Date, Disclosure, Id, List, Subprocessor};
use crate::site::map::notice_calendar;
use crate::wording::Catalog;
use crate::wording::dated::{self, AnnouncedDocument, Objection};
use crate::wording::phrase::{Part, Phrasing, event_key};

/// What happened to an item, or to an upcoming change of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeEvent {
    /// A subprocessor was added.
    Added,
    /// A subprocessor was removed without a stated end.
    Removed,
    /// Fields changed without an announcement.
    Changed,
    /// The date on which a subprocessor starts changed.
    StartMoved,
    /// The last date of a subprocessor was stated or changed.
    EndStated,
    /// A change was announced.
    Announced,
    /// The date of an announced change was moved.
    Rescheduled,
    /// Other values of an announced change were announced.
    Revised,
    /// An announced change will not happen.
    Withdrawn,
    /// An announced change took effect before its date.
    EffectiveMovedEarlier,
    /// A change was announced after the earlier release, and took effect by the later one.
    TookEffect,
}

impl NoticeEvent {
    /// Returns the event of an upcoming change; `None` if it took effect as announced.
    fn of(event: UpcomingEvent) -> Option<NoticeEvent> {
        Some(match event {
            UpcomingEvent::Announced => NoticeEvent::Announced,
            UpcomingEvent::Rescheduled => NoticeEvent::Rescheduled,
            UpcomingEvent::Revised => NoticeEvent::Revised,
            UpcomingEvent::Withdrawn => NoticeEvent::Withdrawn,
            UpcomingEvent::EffectiveMovedEarlier => NoticeEvent::EffectiveMovedEarlier,
            // Customers were informed by the earlier release.
            UpcomingEvent::TookEffect | UpcomingEvent::Corrected => return None,
        })
    }

    /// Whether customers can object to it.
    fn is_open_to_objections(self) -> bool {
        !matches!(self, NoticeEvent::Removed | NoticeEvent::Withdrawn)
    }
}

/// A label and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeFact {
    /// The label, such as `Object by`.
    pub label: String,
    /// The value, in the words of the page.
    pub value: String,
    /// The address to which the value links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

impl NoticeFact {
    fn new(label: String, value: String) -> NoticeFact {
        NoticeFact { label, value, href: None }
    }
}

/// How customers object to a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeContact {
    /// The contact: an email address, a web address or text.
    pub contact: String,
    /// A `mailto:` link that names the change, the version and its digest, or a web address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

/// A change that requires notice.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct NoticeChange {
    /// The list that contains the item.
    pub list: List,
    /// Id of the item.
    pub id: Id,
    /// Name of the item.
    pub name: String,
    /// What happened.
    pub event: NoticeEvent,
    /// Id of the upcoming change in its item; `start` or `end` for the dates of the item itself. Omitted for a change without dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// What happened, in the words of the page, such as `New subprocessor`.
    pub title: String,
    /// Date of the announcement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<Date>,
    /// Last date on which customers can object, to the end of the day in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_by: Option<Date>,
    /// First date on which the change applies; for an end, the last date of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective: Option<Date>,
    /// All facts and dates, in the order in which readers see them.
    pub facts: Vec<NoticeFact>,
    /// The contact to whom customers object; omitted if there is nothing to object to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_to: Option<NoticeContact>,
    /// URL of a calendar file with the dates; omitted without `base_url` and for a change without dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// The fields that change, as data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The subprocessor as it will be; omitted for a removed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subprocessor: Option<Arc<Subprocessor>>,
}

/// Describes the changes of a release for a customer.
pub(super) struct Describing<'a> {
    pub strings: &'a Catalog,
    pub release: &'a Release,
    pub history: &'a History,
    /// The positions of the releases after the earlier one, up to the later one.
    pub span: RangeInclusive<usize>,
    pub customer: Customer<'a>,
    /// The dated changes that the releases of the notice state.
    pub dated: HashMap<DatedId, &'a DatedChange>,
    /// What the later release states for the customer.
    pub now: &'a Disclosure,
    /// The changes of fields that these releases announced and that took effect, by list and item.
    pub took_effect: HashMap<(List, &'a Id), Vec<&'a DatedChange>>,
    /// Returns the absolute URL of a path of the site.
    pub absolute: &'a dyn Fn(&str) -> Option<String>,
    /// Returns the absolute URL of a file below `static/`.
    pub file: &'a dyn Fn(&str) -> Option<String>,
}

/// The fields that are stated as dates or in the title, or that are no facts.
const NO_FACTS: [&str; 7] = ["id", "name", "announced", "effective", "ends", "replaces", "upcoming"];

impl Describing<'_> {
    /// Returns the notices of a change: one for each date, and one for what changes without a date.
    pub fn notices(&self, change: &Change) -> Vec<NoticeChange> {
        let (Subject::List(list), Some(id), Some(name)) = (change.subject(), change.id(), change.label()) else {
            return Vec::new();
        };
        let new = |event, title: &str| NoticeChange {
            list,
            id: id.clone(),
            name: name.to_owned(),
            event,
            entry: None,
            title: title.to_owned(),
            announced: None,
            object_by: None,
            effective: None,
            facts: Vec::new(),
            object_to: None,
            calendar: None,
            fields: Vec::new(),
            subprocessor: None,
        };
        match change {
            Change::Added { subject, item, upcoming, .. } => {
                let mut notices = Vec::new();
                let fields = item.fields();
                if notice::of_item(*subject, &fields) {
                    let mut added = new(NoticeEvent::Added, self.strings.get("upcoming.kinds.start"));
                    self.replacement(change, &mut added);
                    self.all_facts(item, &mut added);
                    let start = self.find(list, id, START);
                    match (start, start.and_then(|start| self.early(&start.id))) {
                        (_, Some(early)) => {
                            self.date(&early.change, early.object_by(), &mut added);
                            self.moved(early.moved_from, &mut added);
                        }
                        (Some(start), None) => self.date(start, start.object_by(), &mut added),
                        (None, None) => self.undated(&mut added),
                    }
                    notices.push(added);
                }
                notices.extend(upcoming.iter().filter_map(|event| self.upcoming(list, id, event, &new)));
                let states_end =
                    notice::rule(*subject).and_then(|rule| rule.end).is_some_and(|end| fields.contains_key(end));
                if let Some(end) = self.find(list, id, END).filter(|_| states_end) {
                    notices.push(self.entry(end, new(NoticeEvent::EndStated, dated::kind(end, self.strings))));
                }
                notices
            }
            Change::Removed { subject, item, ended, withdrawn, upcoming, .. } => {
                let mut notices = Vec::new();
                let fields = item.fields();
                let stated = |field: &str| fields.get(field).and_then(|date| date.as_str()?.parse().ok());
                let rule = notice::rule(*subject);
                let end = rule.and_then(|rule| rule.end).and_then(stated);
                if notice::of_item(*subject, &fields) && !ended {
                    if *withdrawn {
                        let mut removed = new(NoticeEvent::Withdrawn, self.strings.get("message.start-withdrawn"));
                        self.replacement(change, &mut removed);
                        removed.entry = Some(START.to_owned());
                        let start = rule.and_then(|rule| rule.dates.iter().find_map(|field| stated(field)));
                        self.withdrawn_dates(stated("announced"), start, &mut removed);
                        notices.push(removed);
                    } else if let Some(end) = self.ended(list, id) {
                        let mut ended = new(NoticeEvent::EndStated, dated::kind(end, self.strings));
                        self.replacement(change, &mut ended);
                        notices.push(self.entry(end, ended));
                    } else {
                        let mut removed = new(NoticeEvent::Removed, self.strings.get("message.removed"));
                        self.replacement(change, &mut removed);
                        if end.is_some() {
                            removed.entry = Some(END.to_owned());
                            self.withdrawn_dates(None, end, &mut removed);
                        }
                        self.undated(&mut removed);
                        notices.push(removed);
                    }
                }
                notices.extend(upcoming.iter().filter_map(|event| self.upcoming(list, id, event, &new)));
                notices
            }
            Change::Changed { fields, .. } => self.changed(list, id, fields, &new),
        }
    }

    /// Describes what happened to an upcoming change; `None` if it requires no notice, or does not concern the customer.
    fn upcoming(
        &self,
        list: List,
        id: &Id,
        field: &FieldChange,
        new: &dyn Fn(NoticeEvent, &str) -> NoticeChange,
    ) -> Option<NoticeChange> {
        let FieldChange::Upcoming { event, entry, before, after, changes, notice: true, .. } = field else {
            return None;
        };
        let kind = NoticeEvent::of(*event)?;
        // What changes nothing for the customer does not concern the customer.
        if self.customer.is_known() && changes.is_empty() {
            return None;
        }
        let mut change = new(kind, self.strings.get(event_key(*event)));
        change.entry = Some(entry.clone());
        change.fields.clone_from(changes);
        match (self.find(list, id, entry).filter(|_| after.is_some()), before) {
            (Some(dated), _) => {
                let was = before.as_ref().and_then(|before| dates(before).1);
                change = self.entry(dated, change);
                self.moved(was, &mut change);
            }
            (None, Some(before)) => self.no_longer_upcoming(id, before, &mut change),
            // A value that is withheld, such as a date.
            (None, None) => {
                let parts = self.phrasing().parts(Subject::List(list), Some(id), changes);
                change.facts.extend(self.changes(&parts));
            }
        }
        Some(change)
    }

    fn changed(
        &self,
        list: List,
        id: &Id,
        fields: &[FieldChange],
        new: &dyn Fn(NoticeEvent, &str) -> NoticeChange,
    ) -> Vec<NoticeChange> {
        let (mut notices, mut direct) = (Vec::new(), Vec::new());
        for field in fields {
            match field {
                FieldChange::Upcoming { .. } => notices.extend(self.upcoming(list, id, field, new)),
                other => match self.moved_date(list, id, other, new).or_else(|| self.withdrawn_end(list, other, new)) {
                    Some(change) => notices.push(change),
                    None => direct.push(other.clone()),
                },
            }
        }
        // The last one that changed a field counts.
        for dated in self.took_effect.get(&(list, id)).into_iter().flatten().rev() {
            let is_own = |field: &FieldChange| dated.changes.iter().any(|own| own.field() == field.field());
            let (own, rest) = direct.into_iter().partition(is_own);
            direct = rest;
            // Every announcement requires notice, except those of recipients.
            if !own.is_empty() && !dated.is_of_recipient() {
                if let Some(entry) = self.early(&dated.id) {
                    let title = self.strings.get(event_key(UpcomingEvent::EffectiveMovedEarlier));
                    let change = NoticeChange { fields: own, ..new(NoticeEvent::EffectiveMovedEarlier, title) };
                    let mut change = self.entry_until(&entry.change, entry.object_by(), change);
                    self.moved(entry.moved_from, &mut change);
                    notices.insert(0, change);
                    continue;
                }
                let title = self.strings.get(event_key(UpcomingEvent::TookEffect));
                let change = NoticeChange { fields: own, ..new(NoticeEvent::TookEffect, title) };
                notices.insert(0, self.entry(dated, change));
            }
        }
        if direct.iter().any(FieldChange::notice) {
            let mut change = new(NoticeEvent::Changed, self.strings.get("changes.changed"));
            let moved = notices.iter().position(|other| other.event == NoticeEvent::StartMoved);
            let moved = moved.map(|at| notices.remove(at));
            let applies_from =
                |start: &&DatedChange| moved.is_some() || start.state_on(self.release.published).is_to_come();
            if let Some(start) = self.find(list, id, START).filter(applies_from) {
                // Its facts apply from its start.
                direct.retain(|field| field.field() != ANNOUNCED);
                change.fields = direct;
                if let Some(moved) = &moved {
                    (change.event, change.title) = (moved.event, moved.title.clone());
                }
                change = self.entry(start, change);
                for date in moved.into_iter().flat_map(|moved| moved.fields) {
                    self.moved(date_before(&date), &mut change);
                    change.fields.push(date);
                }
                notices.insert(0, change);
                return notices;
            }
            let rule = notice::rule(Subject::List(list));
            let is_start = |field: &FieldChange| rule.is_some_and(|rule| rule.dates.contains(&field.field()));
            if let Some(start) = direct.iter().find(|field| is_start(field) && field.notice()).and_then(date_before) {
                // It no longer states a start, so it is in use.
                let title = self.strings.get(event_key(UpcomingEvent::EffectiveMovedEarlier));
                change = new(NoticeEvent::EffectiveMovedEarlier, title);
                change.entry = Some(START.to_owned());
                let announced = direct.iter().find(|field| field.field() == ANNOUNCED).and_then(date_before);
                direct.retain(|field| !is_start(field) && field.field() != ANNOUNCED);
                self.withdrawn_dates(announced, Some(start), &mut change);
            }
            let now = self.now.subprocessors.iter().find(|item| list == List::Subprocessors && item.id == *id);
            let now = now.map(|item| AnyItem::from(Arc::clone(item)).fields());
            let phrasing = self.phrasing();
            let phrasing = now.as_ref().map_or(phrasing, |now| phrasing.with_whole_lists(now));
            let parts = phrasing.parts(Subject::List(list), Some(id), &direct);
            change.facts.extend(self.changes(&parts));
            change.fields = direct;
            self.undated(&mut change);
            notices.insert(0, change);
        }
        notices
    }

    /// Describes a start or an end whose date changed.
    fn moved_date(
        &self,
        list: List,
        id: &Id,
        change: &FieldChange,
        new: &dyn Fn(NoticeEvent, &str) -> NoticeChange,
    ) -> Option<NoticeChange> {
        let FieldChange::Value { field, after: Some(_), notice: true, .. } = change else { return None };
        let rule = notice::rule(Subject::List(list))?;
        let (entry, event) = match field.as_str() {
            field if rule.dates.contains(&field) => (START, NoticeEvent::StartMoved),
            field if rule.end == Some(field) => (END, NoticeEvent::EndStated),
            _ => return None,
        };
        let dated = self.find(list, id, entry)?;
        let title = match event {
            NoticeEvent::StartMoved => self.strings.get("message.start-moved"),
            _ => dated::kind(dated, self.strings),
        };
        let mut notice = self.entry(dated, new(event, title));
        notice.fields.push(change.clone());
        self.moved(date_before(change), &mut notice);
        Some(notice)
    }

    /// Describes an end that is no longer stated, and had not come.
    fn withdrawn_end(
        &self,
        list: List,
        change: &FieldChange,
        new: &dyn Fn(NoticeEvent, &str) -> NoticeChange,
    ) -> Option<NoticeChange> {
        let FieldChange::Value { field, before: Some(before), after: None, notice: true } = change else { return None };
        let rule = notice::rule(Subject::List(list)).filter(|rule| rule.end == Some(field))?;
        let end: Date = before.as_str()?.parse().ok().filter(|end| *end >= self.release.published)?;
        let mut notice = new(NoticeEvent::Withdrawn, self.strings.get("message.end-withdrawn"));
        notice.entry = rule.end.map(|_| END.to_owned());
        self.withdrawn_dates(None, Some(end), &mut notice);
        notice.fields.push(change.clone());
        Some(notice)
    }

    /// States the dates of a change that will not happen on them.
    fn withdrawn_dates(&self, announced: Option<Date>, date: Option<Date>, change: &mut NoticeChange) {
        change.announced = announced;
        change.facts.extend(announced.map(|date| self.fact("announced", self.strings.date(date))));
        let label = self.strings.get("message.announced-for").to_owned();
        change.facts.extend(date.map(|date| NoticeFact::new(label, self.strings.date(date))));
    }

    /// Returns the end of a removed item, if these releases announced it and it came as announced.
    fn ended(&self, list: List, item: &Id) -> Option<&DatedChange> {
        self.find(list, item, END).filter(|end| !end.state_on(self.release.published.plus_days(1)).is_to_come())
    }

    fn find(&self, list: List, item: &Id, entry: &str) -> Option<&DatedChange> {
        let id = DatedId { list, item: item.clone(), entry: entry.to_owned() };
        self.dated.get(&id).copied()
    }

    /// Returns a change in the calendar if it took effect before its date, by the time of the later release.
    fn early(&self, id: &DatedId) -> Option<&CalendarChange> {
        let entry = self.history.timeline().calendar_change(id)?;
        (entry.is_early && entry.version <= self.release.version).then_some(entry)
    }

    /// States a change with dates: what it alters, the most important other facts, and its dates.
    fn entry(&self, dated: &DatedChange, change: NoticeChange) -> NoticeChange {
        self.entry_until(dated, dated.object_by(), change)
    }

    /// Does the same with this last date for objections.
    fn entry_until(&self, dated: &DatedChange, object_by: Option<Date>, mut change: NoticeChange) -> NoticeChange {
        let provider = dated.provider.as_ref().map(|item| self.customer.applicable(item));
        let mut shown = dated.clone();
        shown.provider.clone_from(&provider);
        if !change.fields.is_empty() {
            // They leave out what does not apply to the customer.
            shown.changes.clone_from(&change.fields);
        } else {
            change.fields.clone_from(&dated.changes);
        }
        change.facts.extend(dated.note.as_ref().map(|note| self.fact("note", note.clone())));
        let (parts, facts) = dated::described_by(&shown, self.phrasing(), self.strings);
        change.facts.extend(self.changes(&parts));
        change.facts.extend(stated(&facts));
        let address = match dated::document(dated) {
            Some(AnnouncedDocument::File(path)) => (self.file)(path),
            Some(AnnouncedDocument::Url(url)) => Some(url.to_owned()),
            None => None,
        };
        change.facts.extend(address.map(|address| NoticeFact {
            label: self.strings.get("upcoming.document").to_owned(),
            value: address.clone(),
            href: Some(address),
        }));
        change.subprocessor = provider;
        self.date(dated, object_by, &mut change);
        change
    }

    /// States a change that was announced, and that the release no longer announces.
    fn no_longer_upcoming(&self, id: &Id, before: &serde_json::Value, change: &mut NoticeChange) {
        let (announced, effective, note) = dates(before);
        change.facts.extend(note.map(|note| self.fact("note", note.to_owned())));
        let phrasing = self.phrasing();
        let phrasing = before.as_object().map_or(phrasing, |entry| phrasing.with_whole_lists(entry));
        let parts = phrasing.parts(Subject::List(change.list), Some(id), &change.fields);
        change.facts.extend(self.changes(&parts));
        self.withdrawn_dates(announced, effective, change);
        if change.event == NoticeEvent::EffectiveMovedEarlier {
            self.undated(change);
        }
    }

    /// States the dates of a change, its deadline, and how to object to it.
    fn date(&self, dated: &DatedChange, object_by: Option<Date>, change: &mut NoticeChange) {
        change.entry = Some(dated.id.entry.clone());
        (change.announced, change.object_by) = (dated.announced, object_by);
        change.effective = Some(dated.effective);
        change.facts.extend(dated.announced.map(|date| self.fact("announced", self.strings.date(date))));
        change.facts.extend(object_by.map(|date| {
            let counted = dated::counted(dated, self.strings).unwrap_or_default();
            self.fact("object_by", format!("{} ({counted})", self.strings.date(date)))
        }));
        let label = dated::effective(dated.kind, self.strings).to_owned();
        change.facts.push(NoticeFact::new(label, self.strings.date(dated.effective)));
        // A notice over several releases names the one that published the change first.
        let is_same = |other: &DatedChange| {
            (&other.id, other.stated, other.effective) == (&dated.id, dated.stated, dated.effective)
        };
        let states = |at: &usize| self.history.timeline().at(*at).iter().any(is_same);
        let first = self.span.clone().find(states).map(|at| &self.history.releases()[at]);
        if let Some(first) = first.filter(|first| first.version != self.release.version) {
            let label = self.strings.get("message.published").to_owned();
            change.facts.push(NoticeFact::new(label, self.with_version("message.in-effect", first)));
        }
        // The notice is as of the date of its release.
        let is_over = object_by.is_none() && dated.object_by().is_some();
        let is_open = !is_over && dated.state_on(self.release.published) == DatedState::Announced;
        let (kind, basis) = (dated::kind(dated, self.strings), dated.terms.basis.as_ref());
        if is_open {
            self.objection(dated.terms.contact(), basis, (kind, dated.effective), change);
        } else {
            change.facts.extend(basis.map(|basis| self.fact("basis", basis.clone())));
        }
        change.calendar = dated::calendar_name(dated).and_then(|name| (self.absolute)(&notice_calendar(&name)));
    }

    /// States that a change without dates is in effect with its release.
    fn undated(&self, change: &mut NoticeChange) {
        let is_own = |other: &Change| other.subject() == Subject::List(change.list) && other.id() == Some(&change.id);
        let changed = |at: &usize| {
            self.history.changes(*at).is_some_and(|changes| changes.iter().any(|it| it.notice() && is_own(it)))
        };
        let release = self.span.clone().rev().find(changed).map_or(self.release, |at| &self.history.releases()[at]);
        let date = release.published;
        change.effective = Some(date);
        let label = self.strings.get("upcoming.states.effective").to_owned();
        change.facts.push(NoticeFact::new(label, self.with_version("message.in-effect", release)));
        let terms = self.release.disclosure.notice_terms();
        let title = change.title.clone();
        self.objection(terms.contact(), terms.basis.as_ref(), (&title, date), change);
    }

    /// Returns the date of a release, and its version.
    fn with_version(&self, key: &str, release: &Release) -> String {
        let (date, version) = (self.strings.date(release.published), release.version.to_string());
        self.strings.fill(key, &[("date", &date), ("version", &version)])
    }

    /// States the contract clause and the contact. `what` and `effective` describe the change as the page does.
    fn objection(
        &self,
        contact: &str,
        basis: Option<&String>,
        (what, effective): (&str, Date),
        change: &mut NoticeChange,
    ) {
        if !change.event.is_open_to_objections() {
            return;
        }
        change.facts.extend(basis.map(|basis| self.fact("basis", basis.clone())));
        let disclosure = &self.release.disclosure;
        change.object_to = disclosure.contacts.get(contact).map(|contact: &Contact| {
            let objection = Objection {
                organization: &disclosure.organization.name,
                name: &change.name,
                change: what,
                effective,
                version: self.release.version,
                digest: self.release.digest,
            };
            NoticeContact { contact: contact.to_string(), href: objection.href(contact, self.strings) }
        });
    }

    /// States from which date a change was moved.
    fn moved(&self, was: Option<Date>, change: &mut NoticeChange) {
        let Some(effective) = change.effective else { return };
        let (stated, text) = (self.strings.date(effective), dated::moved(effective, was, self.strings));
        if let Some(fact) = change.facts.iter_mut().rev().find(|fact| fact.value == stated) {
            fact.value = text;
        }
    }

    /// States which item an added or removed item replaces, or is replaced by.
    fn replacement(&self, change: &Change, notice: &mut NoticeChange) {
        let note = self.phrasing().note(change, &|id| self.names().get(id));
        if !note.is_empty() {
            notice.facts.push(self.fact("note", crate::text::capitalized(&note)));
        }
    }

    fn names(&self) -> Names<'_> {
        Names::up_to(self.history, self.release.version)
    }

    fn phrasing(&self) -> Phrasing<'_> {
        Phrasing::new(self.strings).with_names(self.names())
    }

    fn all_facts(&self, item: &AnyItem, change: &mut NoticeChange) {
        let mut facts = self.phrasing().all_facts(item, &NO_FACTS);
        if facts.iter().all(|fact| fact.field != "condition") {
            facts.push(dated::always(self.strings));
        }
        change.facts.extend(stated(&facts));
        change.subprocessor = Arc::<Subprocessor>::try_from(item.clone()).ok();
    }

    fn changes(&self, parts: &[Part]) -> Vec<NoticeFact> {
        let fact = |part: &Part| NoticeFact::new(part.label.clone(), part.change(self.strings));
        parts.iter().map(fact).collect()
    }

    fn fact(&self, field: &str, value: String) -> NoticeFact {
        NoticeFact::new(self.strings.field(field).to_owned(), value)
    }
}

/// Returns the date that a field stated before.
fn date_before(change: &FieldChange) -> Option<Date> {
    match change {
        FieldChange::Value { before, .. } => notice::stated_date(before.as_ref()),
        _ => None,
    }
}

/// Returns facts that state a value.
fn stated(parts: &[Part]) -> Vec<NoticeFact> {
    let fact = |part: &Part| Some(NoticeFact::new(part.label.clone(), part.after()?.to_owned()));
    parts.iter().filter_map(fact).collect()
}
