//! Descriptions of changes: "Stripe: data categories + Invoice data".
//!
//! The terminal, the change log, feeds and pull requests share them. A [`Line`] has parts, which a page can style;
//! [`Line::plain`] joins them into plain text. All text comes from the catalog.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Catalog;
use crate::history::diff::ItemKind;
use crate::history::diff::StartDates;
use crate::history::diff::words::{Span, SpanKind, words};
use crate::history::diff::{NAMED_PARTS, UpcomingEvent, notice, upcoming};
use crate::history::{AnyItem, Change, Changes, Deadlines, FieldChange, Names, Subject};
use crate::model::lists::{field_key, for_each_list};
use crate::model::upcoming::{END, START};
use crate::model::{Date, Id, List, When, Withheld};
use crate::text::one_line;

/// Returns the fields of a new item to show in its description, in order.
pub const fn first_facts(list: List) -> &'static [&'static str] {
    match list {
        List::Subprocessors => &[
            "purpose",
            "services",
            "data_categories",
            "condition",
            "locations",
            "transfer_mechanism",
            "announced",
            "effective",
            "ends",
        ],
        List::Facts => {
            &["kind", "plan", "minutes", "hours", "days", "months", "years", "percent", "regions", "approval"]
        }
        List::Ai => &["provider", "model", "data_categories", "training", "regions"],
        List::Updates => &["kind", "severity", "affected", "status", "started", "resolved"],
        _ => &[],
    }
}

/// Fields whose absence has a meaning, with the key of the string for it.
pub const UNSTATED: [(List, &str, &str); 4] = [
    (List::Subprocessors, "condition", "subprocessors.always"),
    (List::Controls, "status", "values.implemented"),
    (List::Documents, "access", "values.public"),
    (List::Updates, "kind", "values.general"),
];

/// How to format the value of a field. Fields without a kind are shown unchanged. A kind whose values only have names is serialized as
/// the beginning of the keys of its strings, with which the page's script finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Countries, regions and places in them.
    Country,
    /// An enumerated value, such as `third-party`.
    #[serde(rename = "values.")]
    Value,
    /// The name of a list or of another part of the page.
    #[serde(rename = "changes.subjects.")]
    Subject,
    /// A date.
    Date,
    /// When a subprocessor applies.
    Condition,
    /// The id of another item of the list, shown as its name.
    Item,
    /// Transfer mechanisms, perhaps with the countries that they cover.
    Transfer,
    /// A period with its first and its last day.
    Period,
    /// The answer to a question of a questionnaire.
    #[serde(rename = "answers.")]
    Answer,
    /// How the use of subprocessors is approved.
    #[serde(rename = "approvals.")]
    Approval,
    /// A question of a questionnaire.
    Question,
    /// Several fields, each shown with its label.
    Fields,
}

macro_rules! listed_kinds {
    ($($list:ident {
        field: $field:ident, item: $item:ident, title: $title:literal, about: $about:literal,
        label: $label:ident, repeats: $repeats:literal, anchors: $anchors:literal, prose: $prose:tt, urls: $urls:tt,
        fields: $fields:tt $(then $check:ident)?, values: { $($name:ident: $kind:ident),* $(,)? },
    })*) => {
        /// The fields of lists that have a kind. A field that several lists have appears once for each.
        const LISTED_KINDS: &[(&str, FieldKind)] = &[$($((field_key(stringify!($name)), FieldKind::$kind),)*)*];
    };
}
for_each_list!(listed_kinds);

impl FieldKind {
    /// All fields that have a kind: those of lists, and those of the organization.
    pub fn fields() -> impl Iterator<Item = (&'static str, FieldKind)> {
        LISTED_KINDS.iter().copied().chain([
            ("jurisdiction", FieldKind::Value),
            ("counting", FieldKind::Value),
            ("holidays", FieldKind::Date),
        ])
    }

    fn of(field: &str) -> Option<FieldKind> {
        FieldKind::fields().find(|(name, _)| *name == field).map(|(_, kind)| kind)
    }
}

/// The kind of change that a line describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// An item was added.
    Added,
    /// An item was removed.
    Removed,
    /// Fields changed.
    Changed,
}

impl Mark {
    /// Returns the symbol, which is clear without color: `+`, `−` or `~`.
    pub fn symbol(self) -> &'static str {
        match self {
            Mark::Added => "+",
            Mark::Removed => "−",
            Mark::Changed => "~",
        }
    }

    /// Returns the key of its string.
    pub fn key(self) -> &'static str {
        match self {
            Mark::Added => "changes.added",
            Mark::Removed => "changes.removed",
            Mark::Changed => "changes.changed",
        }
    }

    /// Returns the key of the sentence that states it of an item.
    pub fn sentence(self) -> &'static str {
        match self {
            Mark::Added => "changes.sentences.added",
            Mark::Removed => "changes.sentences.removed",
            Mark::Changed => "changes.sentences.changed",
        }
    }
}

/// A change of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Kind of the change: `added`, `removed` or `changed`.
    pub mark: Mark,
    /// Symbol of the kind: `+`, `−` or `~`.
    pub symbol: &'static str,
    /// Kind of the change as a word, such as `Added`.
    pub word: String,
    /// The sentence that states the change, before the name: empty in English.
    pub before_name: String,
    /// The rest of the sentence, after the name, such as ` was added.`.
    pub after_name: String,
    /// The part of the content: the same as in the group.
    pub subject: Subject,
    /// Name of the part, such as `Subprocessors`.
    pub heading: String,
    /// Id of the item; none for `page`, `organization` and `contacts`.
    pub id: Option<Id>,
    /// Name of the item; none for `page`, `organization` and `contacts`.
    pub label: Option<String>,
    /// Whether the change requires customer notice.
    pub notice: bool,
    /// A likely rename or a replacement, such as `replaces Example Mail`; may be empty.
    pub note: String,
    /// The fields that changed; for a new subprocessor, its most important fields. For a new or a removed item, also its upcoming
    /// changes.
    pub parts: Vec<Part>,
    /// How many of the parts are fields of a new item.
    #[serde(skip)]
    facts: usize,
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Key of the field in the release record, such as `data_categories`.
    pub field: String,
    /// Name of the field, such as `Data categories`.
    pub label: String,
    /// The part with a name that has the field, such as a service, and the name of the field in it.
    #[serde(skip)]
    pub(crate) of: Option<(String, String)>,
    /// Whether the change requires customer notice.
    pub notice: bool,
    /// How the part changed.
    pub change: PartChange,
}

/// The old and the new value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PartChange {
    /// Elements of a list were added or removed.
    Elements {
        /// Elements that were added.
        added: Vec<String>,
        /// Elements that were removed.
        removed: Vec<String>,
    },
    /// One value replaced another; none means that the field was absent.
    Value {
        /// The old value.
        before: Option<String>,
        /// The new value.
        after: Option<String>,
    },
    /// A value is withheld on one side, or on both.
    Redacted {
        /// What happened: `redacted`.
        text: String,
    },
    /// What happened to an upcoming change.
    Dates {
        /// Its dates, such as `announced 1 May 2026, effective 12 June 2026, object by 15 May 2026`.
        text: String,
    },
    /// A file was replaced.
    File {
        /// What happened, such as `replaced (version still 1.0)`.
        text: String,
    },
    /// Prose was edited.
    Text {
        /// The text in order, in spans that both strings or only one of them have.
        spans: Vec<Span>,
    },
}

/// Returns the key of the label of what happened to an upcoming change.
pub fn event_key(event: UpcomingEvent) -> &'static str {
    match event {
        UpcomingEvent::Announced => "upcoming.events.announced",
        UpcomingEvent::Rescheduled => "upcoming.events.rescheduled",
        UpcomingEvent::Revised => "upcoming.events.revised",
        UpcomingEvent::Corrected => "upcoming.events.corrected",
        UpcomingEvent::Withdrawn => "upcoming.events.withdrawn",
        UpcomingEvent::TookEffect => "upcoming.events.took-effect",
        UpcomingEvent::EffectiveMovedEarlier => "upcoming.events.effective-moved-earlier",
    }
}

/// The fields of an item with its own dates.
pub const DATES: [&str; 3] = ["announced", "effective", "ends"];

/// The field of a part with the objection deadline, which candor computes.
const OBJECT_BY: &str = "object_by";

/// The changes of one part of the content, under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The part: `page`, `organization`, `contacts` or the name of a list, such as `subprocessors`.
    pub subject: Subject,
    /// Name of the part, such as `Subprocessors`.
    pub heading: String,
    /// The changes.
    pub lines: Vec<Line>,
}

/// Describes changes with the strings of a catalog.
#[derive(Debug, Clone, Copy)]
pub struct Phrasing<'a> {
    strings: &'a Catalog,
    deadlines: Option<&'a Deadlines>,
    names: Names<'a>,
    after: Option<&'a Map<String, Value>>,
}

impl<'a> Phrasing<'a> {
    /// Uses the strings of this catalog.
    pub fn new(strings: &'a Catalog) -> Phrasing<'a> {
        Phrasing { strings, deadlines: None, names: Names::default(), after: None }
    }

    /// Also shows the objection deadlines of changes that take effect later.
    #[must_use]
    pub fn with_deadlines(self, deadlines: &'a Deadlines) -> Phrasing<'a> {
        Phrasing { deadlines: Some(deadlines), ..self }
    }

    /// Shows the names of other items to which changes refer.
    #[must_use]
    pub fn with_names(self, names: Names<'a>) -> Phrasing<'a> {
        Phrasing { names, ..self }
    }

    /// Describes lists as a whole, before and after the change. `after` has the new values of the fields.
    #[must_use]
    pub fn with_whole_lists(self, after: &'a Map<String, Value>) -> Phrasing<'a> {
        Phrasing { after: Some(after), ..self }
    }

    /// Describes the fields of a named part of a field.
    fn within(self, field: &str, name: &str) -> Phrasing<'a> {
        let key = NAMED_PARTS.iter().find(|(parts, _)| *parts == field).map_or("", |(_, key)| *key);
        let is_part = |part: &&Value| part.get(key).and_then(Value::as_str) == Some(name);
        let find = |after: &'a Map<String, Value>| after.get(field)?.as_array()?.iter().find(is_part)?.as_object();
        Phrasing { after: self.after.and_then(find), ..self }
    }

    /// Returns one line per change, in the order of the changes.
    pub fn lines(self, changes: &Changes) -> Vec<Line> {
        let names =
            changes.iter().filter_map(|change| Some(((change.subject(), change.id()?), change.label()?))).collect();
        changes.iter().map(|change| self.line(change, &names)).collect()
    }

    /// Returns the line of one item; `None` if it did not change.
    pub fn line_of(self, changes: &Changes, subject: Subject, id: &Id) -> Option<Line> {
        let change = changes.iter().find(|change| change.subject() == subject && change.id() == Some(id))?;
        Some(self.line(change, &HashMap::new()))
    }

    /// Returns the lines, grouped by part of the disclosure.
    pub fn groups(self, changes: &Changes) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for line in self.lines(changes) {
            match groups.last_mut() {
                Some(group) if group.subject == line.subject => group.lines.push(line),
                _ => groups.push(Group { subject: line.subject, heading: line.heading.clone(), lines: vec![line] }),
            }
        }
        groups
    }

    fn line(self, change: &Change, names: &HashMap<(Subject, &Id), &str>) -> Line {
        let name = |id: &Id| names.get(&(change.subject(), id)).copied().or_else(|| self.names.get(id));
        let note = self.note(change, &name);
        let mut facts = 0;
        let (mark, parts) = match change {
            Change::Added { subject, item, upcoming, .. } => {
                let mut parts = self.first_facts(item);
                facts = parts.len();
                parts.extend(self.parts(*subject, change.id(), upcoming));
                (Mark::Added, parts)
            }
            Change::Removed { subject, upcoming, .. } => (Mark::Removed, self.parts(*subject, change.id(), upcoming)),
            Change::Changed { subject, start, fields, .. } => {
                let mut parts = self.parts(*subject, change.id(), fields);
                parts.extend(start.as_ref().and_then(|start| self.not_started(*subject, change.id()?, start, fields)));
                (Mark::Changed, parts)
            }
        };
        let sentence = self.strings.get(mark.sentence());
        let (before_name, after_name) = sentence.split_once("{name}").unwrap_or(("", sentence));
        Line {
            mark,
            symbol: mark.symbol(),
            before_name: before_name.to_owned(),
            after_name: after_name.to_owned(),
            word: self.strings.get(mark.key()).to_owned(),
            subject: change.subject(),
            heading: self.strings.subject(change.subject().name()).to_owned(),
            id: change.id().cloned(),
            label: change.label().map(str::to_owned),
            notice: change.notice(),
            note,
            parts,
            facts,
        }
    }

    /// Returns a likely rename or a replacement, such as `replaces Example Mail`; empty if there is none. `name` returns the name
    /// of an item.
    pub fn note<'n>(self, change: &Change, name: &dyn Fn(&Id) -> Option<&'n str>) -> String {
        let note = |key: &str, id: &Id| {
            let name = name(id).unwrap_or(id.as_str());
            self.strings.fill(key, &[("id", id.as_str()), ("name", name)])
        };
        match change {
            Change::Added { same_name_as, item, .. } => {
                let replaces = match &item.kind {
                    ItemKind::Subprocessor(item) => item.replaces.as_ref(),
                    _ => None,
                };
                match (same_name_as, replaces) {
                    (Some(id), _) => note("changes.renamed-from", id),
                    (None, Some(id)) => note("changes.replaces", id),
                    (None, None) => String::new(),
                }
            }
            Change::Removed { ended: true, .. } => self.strings.get("upcoming.events.ended").to_owned(),
            Change::Removed { withdrawn: true, .. } => self.strings.get("upcoming.events.not-started").to_owned(),
            Change::Removed { same_name_as, replaced_by, .. } => match (same_name_as, replaced_by) {
                (Some(id), _) => note("changes.renamed-to", id),
                (None, Some(id)) => note("changes.replaced-by", id),
                (None, None) => String::new(),
            },
            Change::Changed { .. } => String::new(),
        }
    }

    /// Returns the fields of an item that changed. An upcoming change is several parts: its dates, then what it changes.
    pub fn parts(self, subject: Subject, item: Option<&Id>, changes: &[FieldChange]) -> Vec<Part> {
        let mut parts = Vec::new();
        for change in changes {
            match change {
                FieldChange::Upcoming { field, notice, event, entry, before, after, changes } => {
                    let dates = UpcomingDates { before: before.as_ref(), after: after.as_ref() };
                    let deadline = |effective| self.deadline(subject, item?, entry, effective);
                    parts.push(Part {
                        field: field.clone(),
                        label: self.strings.get(event_key(*event)).to_owned(),
                        of: None,
                        notice: *notice,
                        change: PartChange::Dates { text: dates.text(self.strings, deadline) },
                    });
                    parts.extend(dates.note(self.strings).map(|note| self.stated("note", note.to_owned())));
                    parts.extend(Phrasing { after: None, ..self }.parts(subject, item, changes));
                }
                // Parts that were added or removed, then the fields of those that changed, each under the name of its part.
                FieldChange::Parts { field, added, removed, changed, .. } => {
                    if !added.is_empty() || !removed.is_empty() {
                        parts.push(self.part(subject, change));
                    }
                    for part in changed {
                        let inside = self.within(field, &part.name).parts(subject, None, &part.fields);
                        let name = part.label.as_ref().unwrap_or(&part.name);
                        parts.extend(inside.into_iter().map(|inner| Part {
                            label: self.strings.of_part(name, &inner.label),
                            of: Some((name.clone(), inner.label)),
                            ..inner
                        }));
                    }
                }
                // An end that is no longer stated.
                FieldChange::Value { field, before: Some(before), after: None, .. } if is_end(subject, field) => {
                    let withdrawn = self.strings.get("upcoming.events.end-withdrawn").to_owned();
                    let sides = PartChange::Value { before: Some(self.value(field, before)), after: Some(withdrawn) };
                    parts.push(Part { change: sides, ..self.part(subject, change) });
                }
                FieldChange::Value { field, after: Some(Value::String(after)), notice: true, .. } => {
                    parts.push(self.part(subject, change));
                    let effective = after.parse().ok();
                    parts.extend(self.deadline_of_date(subject, item, field, effective));
                }
                _ => parts.push(self.part(subject, change)),
            }
        }
        parts
    }

    /// Returns the dates of the start of an item that are not among the fields that changed, with the deadline.
    fn not_started(self, subject: Subject, item: &Id, start: &StartDates, fields: &[FieldChange]) -> Option<Part> {
        let effective =
            Some(start.effective).filter(|_| fields.iter().all(|change| change.field() != upcoming::EFFECTIVE));
        let announced = start.announced.filter(|_| fields.iter().all(|change| change.field() != upcoming::ANNOUNCED));
        let deadline = effective.and_then(|date| self.deadline(subject, item, START, date));
        let text = dates(self.strings, (None, effective), announced, deadline);
        (!text.is_empty()).then(|| Part {
            field: upcoming::EFFECTIVE.to_owned(),
            label: self.strings.get("upcoming.events.to-start").to_owned(),
            of: None,
            notice: false,
            change: PartChange::Dates { text },
        })
    }

    fn deadline(self, subject: Subject, item: &Id, entry: &str, effective: Date) -> Option<Date> {
        let Subject::List(list) = subject else { return None };
        self.deadlines?.get(list, item, entry, effective)
    }

    /// Returns the deadline of a start or an end.
    fn deadline_of_date(self, subject: Subject, item: Option<&Id>, field: &str, date: Option<Date>) -> Option<Part> {
        let rule = notice::rule(subject)?;
        let entry = if rule.dates.contains(&field) { START } else { END };
        if entry == END && !is_end(subject, field) {
            return None;
        }
        let deadline = self.deadline(subject, item?, entry, date?)?;
        Some(self.stated(OBJECT_BY, self.strings.date(deadline)))
    }

    /// Returns a part that states a value.
    fn stated(self, field: &str, text: String) -> Part {
        Part {
            field: field.to_owned(),
            label: self.strings.field(field).to_owned(),
            of: None,
            notice: false,
            change: PartChange::Value { before: None, after: Some(text) },
        }
    }

    /// Returns the most important fields of a new item.
    pub fn first_facts(self, item: &AnyItem) -> Vec<Part> {
        let Subject::List(list) = item.subject() else { return Vec::new() };
        let facts = first_facts(list);
        if facts.is_empty() {
            return Vec::new();
        }
        let fields = item.fields();
        let id = fields.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let mut parts = Vec::new();
        for field in facts {
            let Some(value) = fields.get(*field) else { continue };
            let change = match value {
                Value::Array(added) => PartChange::Elements { added: self.values(field, added), removed: Vec::new() },
                value => PartChange::Value { before: None, after: Some(self.value(field, value)) },
            };
            let label = self.field(item.subject(), field);
            parts.push(Part { field: (*field).to_owned(), label, of: None, notice: false, change });
            let date = value.as_str().and_then(|text| text.parse().ok());
            parts.extend(self.deadline_of_date(item.subject(), id.as_ref(), field, date));
        }
        parts
    }

    /// Returns all fields of an item with their values, except for these.
    pub fn all_facts(self, item: &AnyItem, except: &[&str]) -> Vec<Part> {
        let fields = item.fields();
        let facts = fields.iter().filter(|(field, _)| !except.contains(&field.as_str())).map(|(field, value)| {
            let text = match value {
                Value::Array(values) => self.values(field, values).join("; "),
                value => self.value(field, value),
            };
            self.stated(field, text)
        });
        facts.collect()
    }

    fn part(self, subject: Subject, change: &FieldChange) -> Part {
        let described = match change {
            FieldChange::Elements { field, added, removed, .. } if self.after.is_some() => {
                let after = self.after.and_then(|after| after.get(field)?.as_array()).cloned().unwrap_or_default();
                let mut before = after.clone();
                for value in added {
                    before.iter().position(|other| other == value).map(|at| before.remove(at));
                }
                before.extend(removed.iter().cloned());
                let whole = |list: &[Value]| (!list.is_empty()).then(|| self.values(field, list).join("; "));
                PartChange::Value { before: whole(&before), after: whole(&after) }
            }
            FieldChange::Elements { field, added, removed, .. } | FieldChange::Parts { field, added, removed, .. } => {
                PartChange::Elements { added: self.values(field, added), removed: self.values(field, removed) }
            }
            FieldChange::Redacted { .. } => {
                PartChange::Redacted { text: self.strings.get("changes.redacted").to_owned() }
            }
            FieldChange::File { version, .. } => {
                let text = match version {
                    Some(version) => self.strings.fill("changes.file-replaced-same-version", &[("version", version)]),
                    None => self.strings.get("changes.file-replaced").to_owned(),
                };
                PartChange::File { text }
            }
            // Described by `parts`, together with what it changes.
            FieldChange::Upcoming { event, .. } => {
                PartChange::Dates { text: self.strings.get(event_key(*event)).to_owned() }
            }
            FieldChange::Value { field, before, after, .. } => {
                let side = |value: &Option<Value>| match value {
                    Some(value) => Some(self.value(field, value)),
                    None => self.unstated(subject, field),
                };
                match (before, after) {
                    (Some(Value::String(before)), Some(Value::String(after))) if is_prose(before, after) => {
                        PartChange::Text { spans: words(before, after) }
                    }
                    // The labels of two conditions on the same feature may be identical.
                    (Some(Value::Object(before)), Some(Value::Object(after)))
                        if is_simple(before) && is_simple(after) && before["feature"] == after["feature"] =>
                    {
                        PartChange::Value { before: named(before), after: named(after) }
                    }
                    _ => PartChange::Value { before: side(before), after: side(after) },
                }
            }
        };
        let field = change.field();
        Part {
            field: field.to_owned(),
            label: self.field(subject, field),
            of: None,
            notice: change.notice(),
            change: described,
        }
    }

    /// Returns the label of a field.
    fn field(self, subject: Subject, field: &str) -> String {
        match subject {
            Subject::Contacts => self.strings.contact(field),
            // Publishers name dimensions, and a name may be that of a field.
            Subject::Dimensions => self.strings.dimension(field),
            _ => self.strings.field(field).to_owned(),
        }
    }

    /// Returns the meaning of a missing field, if it has one.
    fn unstated(self, subject: Subject, field: &str) -> Option<String> {
        let (.., key) = UNSTATED.iter().find(|(list, name, _)| subject == Subject::List(*list) && *name == field)?;
        Some(self.strings.get(key).to_owned())
    }

    /// Returns a value with the string for withheld values in place of those in it.
    fn shown(self, value: &Value) -> Value {
        match value {
            value if Withheld::is(value) => self.strings.get("changes.redacted").into(),
            Value::Array(values) => values.iter().map(|value| self.shown(value)).collect::<Vec<_>>().into(),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| (key.clone(), self.shown(value)));
                fields.collect::<serde_json::Map<_, _>>().into()
            }
            scalar => scalar.clone(),
        }
    }

    fn values(self, field: &str, values: &[Value]) -> Vec<String> {
        values.iter().map(|value| self.value(field, value)).collect()
    }

    fn value(self, field: &str, value: &Value) -> String {
        let kind = FieldKind::of(field);
        if Withheld::is(value) {
            return self.strings.get("changes.redacted").to_owned();
        }
        let shown = Withheld::is_in(value).then(|| self.shown(value));
        let value = shown.as_ref().unwrap_or(value);
        // A withheld member has a word in its place, which not every type can have.
        let unreadable = || match &shown {
            Some(_) => self.strings.get("changes.redacted").to_owned(),
            None => value.to_string(),
        };
        let text = match (value, kind) {
            (Value::String(text), _) => text,
            // Values in a record were written from these types.
            (condition, Some(FieldKind::Condition)) => {
                return serde_json::from_value(condition.clone())
                    .map_or_else(|_| unreadable(), |condition| self.strings.condition(&condition));
            }
            (Value::Object(_), Some(FieldKind::Transfer)) => {
                return serde_json::from_value(value.clone())
                    .map_or_else(|_| unreadable(), |transfer| self.strings.transfer(&transfer));
            }
            (Value::Array(entries), Some(FieldKind::Transfer)) => return self.values(field, entries).join("; "),
            (Value::Object(period), Some(FieldKind::Period)) => return self.period(period),
            (Value::Object(question), Some(FieldKind::Question)) => {
                return question.get("question").and_then(Value::as_str).unwrap_or_default().to_owned();
            }
            (Value::Object(fields), Some(FieldKind::Fields)) => {
                let stated = |(field, value): (&String, &Value)| {
                    let text = match value {
                        Value::Array(values) => self.values(field, values).join(", "),
                        value => self.value(field, value),
                    };
                    format!("{}: {text}", self.strings.field(field))
                };
                return fields.iter().map(stated).collect::<Vec<_>>().join("; ");
            }
            (location, Some(FieldKind::Country)) => {
                return serde_json::from_value(location.clone())
                    .map_or_else(|_| unreadable(), |location| self.strings.location(&location));
            }
            (other, _) => return other.to_string(),
        };
        match kind {
            Some(FieldKind::Country) => self.strings.country(text).to_owned(),
            Some(FieldKind::Value | FieldKind::Transfer) => self.strings.value(text).to_owned(),
            Some(FieldKind::Subject) => self.strings.subject(text).to_owned(),
            Some(FieldKind::Item) => {
                let id = text.parse().ok();
                id.and_then(|id: Id| self.names.get(&id)).unwrap_or(text).to_owned()
            }
            Some(FieldKind::Date) => text.parse().map_or_else(|_| text.clone(), |date: Date| self.strings.date(date)),
            Some(FieldKind::Answer) => self.strings.answer(text).to_owned(),
            Some(FieldKind::Approval) => self.strings.approval(text).to_owned(),
            Some(FieldKind::Condition | FieldKind::Period | FieldKind::Fields | FieldKind::Question) | None => {
                text.clone()
            }
        }
    }

    /// Formats a period, of which a day may be withheld.
    fn period(self, period: &serde_json::Map<String, Value>) -> String {
        let day = |key: &str| {
            let text = period.get(key).and_then(Value::as_str).unwrap_or(self.strings.get("changes.redacted"));
            text.parse().map_or_else(|_| text.to_owned(), |date: Date| self.strings.date(date))
        };
        self.strings.fill("dates.range", &[("from", &day("from")), ("until", &day("to"))])
    }
}

/// The dates of an upcoming change on both sides.
struct UpcomingDates<'a> {
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

impl UpcomingDates<'_> {
    /// Returns the dates in one line.
    fn text(&self, strings: &Catalog, deadline: impl Fn(Date) -> Option<Date>) -> String {
        let stated = |entry: Option<&Value>| {
            let (announced, effective, _) = entry.map(upcoming::dates).unwrap_or_default();
            (announced, effective)
        };
        let (old, new) = (stated(self.before), stated(self.after));
        dates(strings, (old.1, new.1.or(old.1)), new.0.or(old.0), new.1.and_then(deadline))
    }

    fn note<'s>(&'s self, strings: &'s Catalog) -> Option<&'s str> {
        match self.after.or(self.before)?.get("note")? {
            note if Withheld::is(note) => Some(strings.get("changes.redacted")),
            note => note.as_str(),
        }
    }
}

/// Returns dates in one line: when a change takes effect, and took effect before it was moved; when it was announced; and the deadline.
fn dates(
    strings: &Catalog,
    effective: (Option<Date>, Option<Date>),
    announced: Option<Date>,
    object_by: Option<Date>,
) -> String {
    let dated = |key: &str, date: Date| strings.fill(key, &[("date", &strings.date(date))]);
    let effective = match effective {
        (Some(before), Some(date)) if before != date => {
            let values = [("date", strings.date(date)), ("before", strings.date(before))];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            Some(strings.fill("upcoming.effective-moved", &values))
        }
        (_, date) => date.map(|date| dated("upcoming.effective", date)),
    };
    let announced = announced.map(|date| dated("upcoming.announced", date));
    let object_by = object_by.map(|date| dated("upcoming.object-by", date));
    effective.into_iter().chain(announced).chain(object_by).collect::<Vec<_>>().join(", ")
}

/// Whether a field is the last date of an item.
fn is_end(subject: Subject, field: &str) -> bool {
    notice::rule(subject).is_some_and(|rule| rule.end == Some(field))
}

/// Whether a condition names one feature and says nothing else.
fn is_simple(condition: &serde_json::Map<String, Value>) -> bool {
    condition.get("feature").is_some_and(Value::is_string)
        && condition.keys().all(|key| ["when", "feature"].contains(&key.as_str()))
}

/// Formats a condition with the value in the content: `SendGrid (configured)`.
fn named(condition: &serde_json::Map<String, Value>) -> Option<String> {
    let part = |key: &str| condition.get(key).and_then(Value::as_str);
    Some(format!("{} ({})", part("feature")?, part("when").unwrap_or(When::Enabled.as_str())))
}

/// Whether to show the changed words of two strings: both are sentences (four words or more) and they share a word.
fn is_prose(before: &str, after: &str) -> bool {
    let sentence = |text: &str| text.split_whitespace().nth(3).is_some();
    sentence(before) && sentence(after) && {
        let shared = |span: &Span| span.kind == SpanKind::Same && span.text.chars().any(char::is_alphanumeric);
        words(before, after).iter().any(shared)
    }
}

impl Line {
    /// Returns the item's name, or the heading if there is no item.
    pub fn title(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.heading)
    }

    /// Returns the parts that are shown below the line as plain text: all of a new or a removed item, and several of another one.
    pub fn below(&self, strings: &Catalog) -> Vec<String> {
        if self.mark == Mark::Changed && self.parts.len() < 2 {
            return Vec::new();
        }
        let (facts, others) = self.parts.split_at(self.facts);
        let facts = facts.iter().map(|part| part.stated(strings));
        facts.chain(others.iter().map(|part| part.plain(strings))).collect()
    }

    /// Returns the line as plain text, without its symbol: `Stripe: data categories + Invoice data`.
    pub fn plain(&self, strings: &Catalog) -> String {
        format!("{}{}", self.title(), self.rest(strings))
    }

    /// Returns [`Line::plain`], and the dates of a new or a removed item.
    pub fn with_dates(&self, strings: &Catalog) -> String {
        let mut text = self.plain(strings);
        if self.mark == Mark::Changed {
            return text;
        }
        let is_date = |part: &&Part| {
            matches!(part.change, PartChange::Dates { .. })
                || DATES.contains(&part.field.as_str())
                || part.field == OBJECT_BY
        };
        for part in self.parts.iter().filter(is_date) {
            text.push_str("; ");
            text.push_str(&part.stated(strings));
        }
        text
    }

    /// Returns the part of [`Line::plain`] after the title.
    pub fn rest(&self, strings: &Catalog) -> String {
        let mut text = match self.mark {
            Mark::Changed => {
                let parts: Vec<String> = self.parts.iter().map(|part| part.plain(strings)).collect();
                format!(": {}", parts.join("; "))
            }
            Mark::Added | Mark::Removed => format!(": {}", strings.in_sentence(&self.word)),
        };
        if !self.note.is_empty() {
            text.push_str(&format!(" ({})", self.note));
        }
        text
    }
}

impl Part {
    /// Returns the new value, if the part is one value.
    pub fn after(&self) -> Option<&str> {
        match &self.change {
            PartChange::Value { after, .. } => after.as_deref(),
            _ => None,
        }
    }

    /// Returns a field of a new item as plain text: `Data categories: Invoice data`.
    pub fn stated(&self, strings: &Catalog) -> String {
        match &self.change {
            PartChange::Elements { added, .. } => format!("{}: {}", self.label, added.join("; ")),
            PartChange::Value { after: Some(after), .. } => format!("{}: {after}", self.label),
            _ => self.plain(strings),
        }
    }

    /// Returns the field as plain text: `data categories + Invoice data`.
    pub fn plain(&self, strings: &Catalog) -> String {
        // The name of a part keeps its capital letters.
        let label = match &self.of {
            Some((name, field)) => strings.of_part(name, &strings.in_sentence(field)),
            None => strings.in_sentence(&self.label),
        };
        match self.change(strings) {
            // A deadline follows from the dates, and is not a change of its own.
            _ if self.field == OBJECT_BY => format!("{label} {}", self.after().unwrap_or_default()),
            change if change.is_empty() => label,
            change => format!("{label} {change}"),
        }
    }

    /// Returns what changed as plain text, without the name of the field: `+ Invoice data`.
    pub fn change(&self, strings: &Catalog) -> String {
        match &self.change {
            PartChange::Elements { added, removed } => {
                let signed = |sign: &'static str, values: &[String]| {
                    values.iter().map(|value| format!("{sign} {value}")).collect::<Vec<_>>()
                };
                [signed("+", added), signed("−", removed)].concat().join(" ")
            }
            PartChange::Value { before: None, after: Some(after) } => format!("+ {}", one_line(after)),
            PartChange::Value { before: Some(before), after: None } => format!("− {}", one_line(before)),
            PartChange::Value { before, after } => {
                let side = |side: &Option<String>| one_line(side.as_deref().unwrap_or_default());
                format!("{} → {}", side(before), side(after))
            }
            PartChange::File { text } | PartChange::Redacted { text } => strings.in_sentence(text),
            PartChange::Dates { text } => format!("({text})"),
            PartChange::Text { spans } => reworded(spans),
        }
    }
}

/// Formats edited prose with a few words around each change: `…in [−old−]{+new+} places…`.
fn reworded(spans: &[Span]) -> String {
    const AROUND: usize = 3;
    let last = spans.len().saturating_sub(1);
    let mut text = String::new();
    for (at, span) in spans.iter().enumerate() {
        let shown = one_line(&span.text);
        match span.kind {
            SpanKind::Added => text.push_str(&format!("{{+{}+}}", shown.trim())),
            SpanKind::Removed => text.push_str(&format!("[−{}−]", shown.trim())),
            SpanKind::Same => {
                let words: Vec<&str> = shown.split_whitespace().collect();
                let keep = AROUND * (usize::from(at > 0) + usize::from(at < last));
                let pad = |on: bool| if on { " " } else { "" };
                text.push_str(pad(at > 0));
                if words.len() <= keep {
                    text.push_str(&words.join(" "));
                } else {
                    let head = if at > 0 { words[..AROUND].join(" ") } else { String::new() };
                    let tail = if at < last { words[words.len() - AROUND..].join(" ") } else { String::new() };
                    text.push_str(&format!("{head}{}…{}{tail}", pad(at > 0), pad(at < last)));
                }
                text.push_str(pad(at < last && !words.is_empty()));
            }
        }
    }
    text
}
