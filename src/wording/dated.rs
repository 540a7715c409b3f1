//! Dated changes in words: their kinds, states, and how a deadline was counted.

use std::sync::Arc;

use super::Catalog;
use super::phrase::{DATES, Part, PartChange, Phrasing};
use crate::history::diff::Subject;
use crate::history::upcoming::CalendarChange;
use crate::history::{AnyItem, DatedChange, DatedId, DatedKind, DatedState, FieldChange};
use crate::model::{Contact, Counting, Date, Digest, List, Version};

/// Returns the name of a kind in JSON and in the string catalog.
pub fn kind_name(kind: DatedKind) -> &'static str {
    match kind {
        DatedKind::Start => "start",
        DatedKind::Change => "change",
        DatedKind::End => "end",
    }
}

/// Describes what a change does, such as `New subprocessor`.
pub fn kind<'a>(change: &DatedChange, strings: &'a Catalog) -> &'a str {
    match change.kind {
        DatedKind::Start => strings.get("upcoming.kinds.start"),
        DatedKind::End => strings.get("upcoming.kinds.end"),
        DatedKind::Change => strings.get("upcoming.kinds.change"),
    }
}

/// Describes what became of a change that was withdrawn or took effect early, such as `Announced end withdrawn`.
pub fn fate<'a>(entry: &CalendarChange, strings: &'a Catalog) -> Option<&'a str> {
    let key = match (entry.change.kind, entry.is_withdrawn, entry.is_early) {
        (DatedKind::Start, true, _) => "message.start-withdrawn",
        (DatedKind::Change, true, _) => "upcoming.events.withdrawn",
        (DatedKind::End, true, _) => "message.end-withdrawn",
        (DatedKind::Start | DatedKind::Change, false, true) => "upcoming.events.effective-moved-earlier",
        (DatedKind::End, false, true) => "message.removed",
        (_, false, false) => return None,
    };
    Some(strings.get(key))
}

/// Writes a date, and the date from which it was moved.
pub fn moved(date: Date, from: Option<Date>, strings: &Catalog) -> String {
    let (stated, before) = (strings.date(date), from.filter(|from| *from != date).map(|from| strings.date(from)));
    before.map_or(stated.clone(), |before| strings.fill("message.moved", &[("date", &stated), ("before", &before)]))
}

/// Describes a state, such as `Announced`.
pub fn state(state: DatedState, strings: &Catalog) -> &str {
    match state {
        DatedState::Announced => strings.get("upcoming.states.announced"),
        DatedState::ObjectionClosed => strings.get("upcoming.states.objection-closed"),
        DatedState::Effective => strings.get("upcoming.states.effective"),
        DatedState::Ended => strings.get("upcoming.states.ended"),
    }
}

/// Returns the label of the date on which a change takes effect.
pub fn effective(kind: DatedKind, strings: &Catalog) -> &str {
    match kind {
        DatedKind::Start | DatedKind::Change => strings.field("effective"),
        DatedKind::End => strings.field("ends"),
    }
}

/// Describes how a deadline was counted; `None` if there is none.
pub fn counted(change: &DatedChange, strings: &Catalog) -> Option<String> {
    let days = change.terms.objection_days.filter(|_| change.object_by().is_some())?;
    let key = match change.terms.counting {
        Counting::Business => "upcoming.counted-business",
        Counting::Calendar | Counting::Unknown(_) => "upcoming.counted-calendar",
    };
    let (n, date) = (days.to_string(), strings.date(change.notice_from()));
    Some(strings.fill_count(key, usize::from(days), &[("n", &n), ("date", &date)]))
}

/// Returns what a change alters, from what to what, and the important facts about a new subprocessor.
pub fn described(change: &DatedChange, strings: &Catalog) -> (Vec<Part>, Vec<Part>) {
    described_by(change, Phrasing::new(strings), strings)
}

/// Returns the same, with the names that a phrasing knows.
pub fn described_by(change: &DatedChange, phrasing: Phrasing<'_>, strings: &Catalog) -> (Vec<Part>, Vec<Part>) {
    let provider = change.provider.clone().map(AnyItem::from);
    let after = provider.as_ref().map_or_else(|| change.entry.clone(), AnyItem::fields);
    let parts =
        phrasing.with_whole_lists(&after).parts(Subject::List(change.id.list), Some(&change.id.item), &change.changes);
    let is_new = change.kind == DatedKind::Start;
    let mut facts = provider.as_ref().filter(|_| is_new).map(|item| phrasing.first_facts(item)).unwrap_or_default();
    if is_new && let Some(item) = &provider {
        let established = stated_field(item, "corporate_location", strings);
        let at = facts.iter().position(|fact| fact.field == "transfer_mechanism").unwrap_or(facts.len());
        facts.splice(at..at, established);
    }
    // Readers of a change to which they can object need not look up what it does not alter.
    let alters = |field: &str| change.changes.iter().any(|change| change.field() == field);
    let is_objectionable = change.kind == DatedKind::Change && change.changes.iter().any(FieldChange::notice);
    if let Some(item) = change.provider.as_ref().filter(|_| is_objectionable) {
        let united = AnyItem::from(Arc::new(item.united().into_owned()));
        // Those whom a condition did not include before have no other description of the subprocessor.
        let is_shown =
            |fact: &Part| UNALTERED.contains(&fact.field.as_str()) || (fact.field == "purpose" && alters("condition"));
        facts.extend(phrasing.first_facts(&united).into_iter().filter(is_shown));
    }
    let is_other =
        |fact: &Part| !DATES.contains(&fact.field.as_str()) && parts.iter().all(|part| part.field != fact.field);
    let mut facts: Vec<Part> = facts.into_iter().filter(is_other).map(as_fact).collect();
    let is_stated = |field: &str| parts.iter().chain(&facts).any(|part| part.field == field);
    let is_unconditional = change.provider.as_ref().is_some_and(|item| item.condition.is_none());
    if is_unconditional && (is_new || is_objectionable) && !is_stated("condition") {
        facts.push(always(strings));
    }
    (parts, facts)
}

/// The facts of a subprocessor that a notice states even if the change does not alter them.
const UNALTERED: [&str; 4] = ["data_categories", "condition", "locations", "transfer_mechanism"];

/// States the value of a field of an item.
fn stated_field(item: &AnyItem, field: &str, strings: &Catalog) -> Option<Part> {
    Phrasing::new(strings).all_facts(item, &[]).into_iter().find(|fact| fact.field == field)
}

/// States that a subprocessor without a condition is always used.
pub fn always(strings: &Catalog) -> Part {
    Part {
        of: None,
        field: "condition".to_owned(),
        label: strings.field("condition").to_owned(),
        notice: false,
        change: PartChange::Value { before: None, after: Some(strings.get("subprocessors.always").to_owned()) },
    }
}

/// Writes a list of a subprocessor as a value, because its elements are not new.
fn as_fact(part: Part) -> Part {
    match part.change {
        PartChange::Elements { added, .. } => {
            let change = PartChange::Value { before: None, after: Some(added.join("; ")) };
            Part { change, ..part }
        }
        _ => part,
    }
}

/// Where the document is that a change announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnnouncedDocument<'a> {
    /// A file, by its path below `static/`.
    File(&'a str),
    /// A web address.
    Url(&'a str),
}

/// Returns the document that a change announces, if it is one.
pub fn document(change: &DatedChange) -> Option<AnnouncedDocument<'_>> {
    let text = |field: &str| change.entry.get(field)?.as_str();
    let is_url = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    let found = text("file").map(AnnouncedDocument::File);
    let found = found.or_else(|| text("url").filter(is_url).map(AnnouncedDocument::Url));
    found.filter(|_| change.id.list == List::Documents)
}

/// Describes a change with its dates in one line, such as `15 June 2026: processing locations Germany → Germany; United States
/// (announced 12 May 2026, object by 26 May 2026)`.
pub fn one_line(change: &DatedChange, strings: &Catalog) -> String {
    let (parts, _) = described(change, strings);
    dated_line(change, &parts, strings)
}

/// Describes a piece of a change in the same way, but its lists only with what it adds and removes: the rest may not apply to the
/// reader.
pub fn one_line_of_piece(piece: &DatedChange, strings: &Catalog) -> String {
    dated_line(piece, &parts_of_piece(piece, strings), strings)
}

/// Returns what a piece of a change alters: its lists only with what it adds and removes.
pub fn parts_of_piece(piece: &DatedChange, strings: &Catalog) -> Vec<Part> {
    Phrasing::new(strings).parts(Subject::List(piece.id.list), Some(&piece.id.item), &piece.changes)
}

fn dated_line(change: &DatedChange, parts: &[Part], strings: &Catalog) -> String {
    let parts: Vec<String> = parts.iter().map(|part| part.plain(strings)).collect();
    let what = if parts.is_empty() { kind(change, strings).to_owned() } else { parts.join("; ") };
    let dates = [("upcoming.announced", change.announced), ("upcoming.object-by", change.object_by())];
    let dates = dates.into_iter().filter_map(|(key, date)| Some(strings.fill(key, &[("date", &strings.date(date?))])));
    let dates: Vec<String> = dates.collect();
    let text = format!("{}: {what}", strings.date(change.effective));
    if dates.is_empty() { text } else { format!("{text} ({})", dates.join(", ")) }
}

/// What a customer objects to.
#[derive(Debug, Clone, Copy)]
pub struct Objection<'a> {
    /// The organization that announces the change.
    pub organization: &'a str,
    /// The item that changes.
    pub name: &'a str,
    /// What the change does, such as `New subprocessor`.
    pub change: &'a str,
    /// The date on which it takes effect.
    pub effective: Date,
    /// The version that states it.
    pub version: Version,
    /// SHA-256 of the record of that version.
    pub digest: Digest,
}

impl Objection<'_> {
    /// Returns the address for objections at a contact: a `mailto:` link that names the change, the version and its digest, or a
    /// web address; `None` for a contact that is text.
    pub fn href(&self, contact: &Contact, strings: &Catalog) -> Option<String> {
        let email = match contact {
            Contact::Email(email) => email,
            other => return other.href(),
        };
        let (date, version, digest) = (strings.date(self.effective), self.version.to_string(), self.digest.to_string());
        let values = [
            ("organization", self.organization),
            ("name", self.name),
            ("change", self.change),
            ("date", &date),
            ("version", &version),
            ("digest", &digest),
        ];
        let text = |key| strings.fill(key, &values);
        Some(email.letter(&text("upcoming.objection-subject"), &text("upcoming.objection-body")))
    }
}

/// The anchor of the changes that are still to come, and the start of the anchor of each.
pub const ANCHOR: &str = "ui--upcoming";

/// Returns the anchor of a change that is still to come, on the pages that list it.
pub fn anchor(id: &DatedId) -> String {
    format!("{ANCHOR}-{}-{}-{}", id.list, id.item, id.entry)
}

/// Returns the name of the calendar file of a released change, without its extension; `None` if it has no calendar file, because it
/// was in effect before the first release.
pub fn calendar_name(change: &DatedChange) -> Option<String> {
    (!change.is_historical()).then(|| file_name(&change.id))
}

/// Returns the name of a calendar file, without its extension. Ids have no double hyphens.
pub fn file_name(id: &DatedId) -> String {
    [id.list.name(), id.item.as_str(), &id.entry].join("--")
}
