//! Rules for dated changes and their notice (GDPR Art. 28(2)).
//!
//! The days of a notice count as [`history::upcoming`](crate::history::upcoming) defines. A rule that depends on the as-of date
//! concerns only content that is not released yet, or is a warning that a date has come, so that released content never fails
//! later for want of notice.

use std::collections::HashMap;

use super::Subject;
use crate::diagnostic::{Code, Remedy, Report, nearest};
use crate::history::diff::notice::stated_date;
use crate::history::diff::upcoming::dates;
use crate::history::diff::{UpcomingEvent, notice};
use crate::history::{Change, DatedChange, DatedKind, FieldChange, Subject as Part};
use crate::model::{Counting, Date, Id, List, Validity};
use crate::text::counted;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    contact(subject, report);
    let places = DatedPlaces::new(subject);
    let unreleased: HashMap<(Part, Option<&Id>), &Change> =
        subject.facts.unreleased.iter().map(|change| ((change.subject(), change.id()), change)).collect();
    for change in &subject.facts.announced.with_draft(&subject.content.disclosure, subject.facts.as_of) {
        let paths = places.of(change);
        order(subject, change, &paths, report);
        if subject.facts.complete {
            due(subject, change, &paths, report);
            let of_item = unreleased.get(&(Part::List(change.id.list), Some(&change.id.item)));
            if is_judged(subject, change, of_item.copied()) {
                published(subject, change, &paths, report);
                period(subject, change, &paths, report);
                objection(subject, change, &paths, report);
            }
        }
    }
    if subject.facts.complete {
        for change in &subject.facts.unreleased {
            let path = places.of_item(change);
            undated(subject, change, &path, report);
            moved_earlier(subject, change, &path, report);
            removed(subject, change, &path, report);
        }
    }
}

/// Whether the rules about notice concern a change: if the newest release does not state it as it is, and if it is still to come or
/// the unreleased change of its item requires notice.
fn is_judged(subject: &Subject<'_>, change: &DatedChange, of_item: Option<&Change>) -> bool {
    let is_to_come = change.state_on(subject.facts.as_of).is_to_come();
    !subject.facts.announced.is_released(change)
        && (is_to_come || of_item.is_some_and(|unreleased| announces(unreleased, change)))
}

/// Whether the unreleased change of an item states a dated change that requires notice.
fn announces(unreleased: &Change, dated: &DatedChange) -> bool {
    let is_stated = |field: &FieldChange| match (dated.kind, field) {
        (DatedKind::Change, FieldChange::Upcoming { entry, notice, .. }) => *notice && *entry == dated.id.entry,
        (DatedKind::Start | DatedKind::End, field @ FieldChange::Value { .. }) => {
            let rule = notice::rule(unreleased.subject());
            let is_date = rule.is_some_and(|rule| match dated.kind {
                DatedKind::Start => rule.dates.contains(&field.field()),
                _ => rule.end == Some(field.field()),
            });
            is_date && field.notice()
        }
        _ => false,
    };
    match unreleased {
        Change::Added { upcoming, .. } if dated.kind == DatedKind::Change => upcoming.iter().any(is_stated),
        Change::Added { item, notice, .. } => *notice && notice::of_item(unreleased.subject(), &item.fields()),
        Change::Changed { fields, .. } => fields.iter().any(is_stated),
        Change::Removed { .. } => false,
    }
}

/// The paths of the dates of a change.
struct DatedPaths {
    announced: String,
    effective: String,
}

/// The positions of the items in the content.
struct DatedPlaces(HashMap<(List, Id), (usize, Vec<String>)>);

impl DatedPlaces {
    fn new(subject: &Subject<'_>) -> DatedPlaces {
        let disclosure = &subject.content.disclosure;
        let mut places = HashMap::new();
        for list in List::ALL {
            for (at, item) in disclosure.items(*list).into_iter().enumerate() {
                let entries = item.entries().into_iter().map(|entry| entry.key.to_string()).collect();
                places.insert((*list, item.id().clone()), (at, entries));
            }
        }
        DatedPlaces(places)
    }

    fn of(&self, change: &DatedChange) -> DatedPaths {
        let list = change.id.list;
        let known = self.0.get(&(list, change.id.item.clone()));
        let item = known.map_or_else(|| list.to_string(), |(at, _)| format!("{list}[{at}]"));
        let field = |name: &str| format!("{item}.{name}");
        match change.kind {
            DatedKind::Start => DatedPaths { announced: field("announced"), effective: field("effective") },
            DatedKind::End => DatedPaths { announced: field("announced"), effective: field("ends") },
            DatedKind::Change => {
                let entries = known.map(|(_, entries)| entries.as_slice()).unwrap_or_default();
                let at = entries.iter().position(|entry| *entry == change.id.entry).unwrap_or_default();
                let date = |name: &str| format!("{item}.upcoming[{at}].{name}");
                DatedPaths { announced: date("announced"), effective: date("effective") }
            }
        }
    }

    /// Returns the path of the item that a change is about; of its list if the content no longer has it.
    fn of_item(&self, change: &Change) -> String {
        let (Part::List(list), Some(id)) = (change.subject(), change.id()) else { return String::new() };
        let known = self.0.get(&(list, id.clone()));
        known.map_or_else(|| list.to_string(), |(at, _)| format!("{list}[{at}]"))
    }
}

/// Checks that the contact to whom customers object exists.
fn contact(subject: &Subject<'_>, report: &mut Report) {
    let disclosure = &subject.content.disclosure;
    let Some(key) = disclosure.notice.as_ref().and_then(|notice| notice.object_to.as_ref()) else { return };
    if disclosure.contacts.get(key.as_str()).is_some() {
        return;
    }
    let known: Vec<&str> = disclosure.contacts.in_order().map(|(id, _)| id.as_str()).collect();
    let help = match nearest(key.as_str(), known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("add `{key}` to `contacts:`"),
        None => format!("add `{key}` to `contacts:`, or use one of: {}", known.join(", ")),
    };
    let message = format!("`object_to` names the contact `{key}`, which does not exist");
    report.push(subject.found(Code::ObjectToUnknown, message, "site.notice.object_to").help(help));
}

/// Checks that a change is announced before it takes effect.
fn order(subject: &Subject<'_>, change: &DatedChange, paths: &DatedPaths, report: &mut Report) {
    let Some(announced) = change.announced.filter(|announced| *announced > change.effective) else { return };
    let (name, effective) = (&change.label, change.effective);
    if change.kind == DatedKind::End {
        let message = format!("`{name}` ends on {effective}, before it is announced on {announced}");
        report.push(subject.dates_reversed(message, &paths.effective, &paths.announced, "it is announced here"));
        return;
    }
    let message = format!("`{name}` is announced on {announced}, after it takes effect on {effective}");
    report.push(
        subject
            .found(Code::AnnouncedAfterEffective, message, &paths.announced)
            .at_known(subject.content.places.get(&paths.effective), "it takes effect here")
            .help("correct one of the two dates, or, if the notice really was late, set `rules: {announced-after-effective: note}`"),
    );
}

/// Reports a change that is in effect but still an entry of `upcoming`.
fn due(subject: &Subject<'_>, change: &DatedChange, paths: &DatedPaths, report: &mut Report) {
    if change.kind == DatedKind::Change && change.effective <= subject.facts.as_of {
        let (name, effective) = (&change.label, change.effective);
        if !subject.facts.announced.is_released(change) {
            let message =
                format!("the date of the change of `{name}`, {effective}, has come, but no release announces it");
            let help = "set `effective` to a later date; or, if it is in effect, move the values into the fields and remove the entry";
            report.push(subject.found(Code::UpcomingDue, message, &paths.effective).help(help));
            return;
        }
        let message = format!("the change of `{name}` that was announced for {effective} is in effect");
        report.push(subject.found(Code::UpcomingDue, message, &paths.effective).fix(Remedy::ApplyUpcoming));
    }
}

/// Checks that the date of the announcement is not before the release that first states the change.
fn published(subject: &Subject<'_>, change: &DatedChange, paths: &DatedPaths, report: &mut Report) {
    let Some(announced) = change.announced.filter(|announced| *announced < change.stated) else { return };
    let stated = change.stated;
    let is_released = subject.facts.releases.contains(&stated) && !is_unreleased(subject, change);
    let since = match is_released {
        true => format!("the first release that states it is of {stated}"),
        false => format!("it is not released as of {stated}"),
    };
    let what = match change.kind {
        DatedKind::Start => format!("`{}`", change.label),
        DatedKind::Change => format!("the change of `{}`", change.label),
        DatedKind::End => format!("the end of `{}`", change.label),
    };
    let with = if change.kind == DatedKind::Change { " with these values" } else { "" };
    let message = format!("{what}{with} is announced on {announced}, but {since}");
    // Without an id, the date identifies the change.
    let keeps_id = if change.kind == DatedKind::Change && change.id.entry == announced.to_string() {
        format!(", and `id` to {announced}, so that it stays the same change")
    } else {
        String::new()
    };
    let help = format!(
        "set `announced` to {stated}{keeps_id}: candor counts the days of notice from the release. If customers were informed in another way, set `rules: {{announced-before-published: note}}`"
    );
    report.push(subject.found(Code::AnnouncedBeforePublished, message, &paths.announced).help(help));
}

/// Whether a change is unreleased.
fn is_unreleased(subject: &Subject<'_>, change: &DatedChange) -> bool {
    subject
        .facts
        .unreleased
        .iter()
        .any(|other| other.subject() == Part::List(change.id.list) && other.id() == Some(&change.id.item))
        && change.stated == subject.facts.as_of
}

/// Checks that customers get the full notice period.
fn period(subject: &Subject<'_>, change: &DatedChange, paths: &DatedPaths, report: &mut Report) {
    let Some(days) = change.terms.days.filter(|_| !change.is_of_recipient()) else { return };
    let (name, effective, from) = (&change.label, change.effective, change.notice_from());
    let notice = change.terms.days_between(from, effective);
    let Some(earliest) = change.terms.last_date(from, days).filter(|earliest| effective < *earliest) else { return };
    let (what, field) = match change.kind {
        DatedKind::Start => (format!("`{name}` starts on {effective}"), "effective"),
        DatedKind::Change => (format!("a change of `{name}` takes effect on {effective}"), "effective"),
        DatedKind::End => (format!("`{name}` ends on {effective}"), "ends"),
    };
    let since = match change.announced {
        Some(announced) if announced == from => format!("announced on {announced}"),
        _ if is_unreleased(subject, change) || !subject.facts.releases.contains(&from) => {
            format!("not announced as of {from}")
        }
        _ => format!("first released on {from}"),
    };
    let day = if change.terms.counting == Counting::Business { "business day" } else { "day" };
    let notice = counted(usize::try_from(notice).unwrap_or_default(), day);
    let message = format!("{what} and was {since}: {notice} of notice instead of {days}");
    report.push(
        subject
            .found(Code::NoticeTooShort, message, &paths.effective)
            .at_known(
                change
                    .announced
                    .filter(|date| *date == from)
                    .and_then(|_| subject.content.places.get(&paths.announced)),
                "announced here",
            )
            .help(format!("set `{field}` to {earliest} or later")),
    );
}

/// Checks that the period for objections ends before the change takes effect.
fn objection(subject: &Subject<'_>, change: &DatedChange, paths: &DatedPaths, report: &mut Report) {
    let (name, effective) = (&change.label, change.effective);
    // The end is the last date of the item, and other changes apply from their date on.
    let is_end = change.kind == DatedKind::End;
    let too_late = |object_by: &Date| if is_end { *object_by > effective } else { *object_by >= effective };
    let Some(object_by) = change.object_by().filter(too_late) else { return };
    let (message, help) = if is_end {
        (
            format!("customers can object to the end of `{name}` until {object_by}, but it ends on {effective}"),
            format!("set `ends` to {object_by} or later, or reduce `objection_days`"),
        )
    } else {
        (
            format!(
                "customers can object to the change of `{name}` until {object_by}, but it takes effect on {effective}"
            ),
            format!("set `effective` to {} or later, or reduce `objection_days`", object_by.plus_days(1)),
        )
    };
    report.push(subject.found(Code::ObjectionAfterEffective, message, &paths.effective).help(help));
}

/// Reports unreleased changes that require customer notice but have no dates.
fn undated(subject: &Subject<'_>, change: &Change, path: &str, report: &mut Report) {
    if !change.notice() {
        return;
    }
    let Part::List(list) = change.subject() else { return };
    let name = change.label().unwrap_or_default();
    let missing =
        |message: String, path: &str, help: &str| subject.found(Code::NoticeDatesMissing, message, path).help(help);
    match change {
        // What it announces has dates.
        Change::Added { item, .. } if !notice::of_item(change.subject(), &item.fields()) => {}
        Change::Added { item, .. } => {
            let fields = item.fields();
            let absent: Vec<&str> =
                ["announced", "effective"].into_iter().filter(|field| !fields.contains_key(*field)).collect();
            if !absent.is_empty() {
                let absent = absent.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ");
                let message = format!("`{name}` is new, but has no {absent}");
                let help = "add the date on which you inform customers, and the first date of the processing";
                report.push(missing(message, path, help));
            }
        }
        // It was never in use, or its announced changes are withdrawn.
        Change::Removed { withdrawn: true, .. } => {}
        Change::Removed { item, .. } if !notice::of_item(change.subject(), &item.fields()) => {}
        Change::Removed { item, .. } => {
            let end = notice::rule(change.subject()).and_then(|rule| rule.end).unwrap_or_default();
            if !item.fields().contains_key(end) {
                let message = format!("`{name}` is removed, but its end was never released");
                let help = "keep it, set `ends` to its last date, and make a release; remove it after that date";
                report.push(missing(message, path, help));
            }
        }
        // The facts of a provider that is still to start have the dates of its start.
        Change::Changed { id: Some(id), .. } if list == List::Subprocessors && is_to_start(subject, id) => {}
        Change::Changed { fields, .. } => {
            let direct = |field: &&FieldChange| {
                let rule = notice::rule(Part::List(list));
                let dated =
                    rule.is_some_and(|rule| rule.end == Some(field.field()) || rule.dates.contains(&field.field()));
                field.notice() && !dated && !matches!(field, FieldChange::Upcoming { .. })
            };
            if let Some(field) = fields.iter().find(direct) {
                let is_file = matches!(field, FieldChange::File { .. });
                let field = field.field();
                let message = format!("`{field}` of `{name}` changes without notice: the change has no dates");
                let help = match is_file {
                    true => "restore the file, and state another path for the new one under `upcoming:` with the dates `announced` and `effective`".to_owned(),
                    false => format!(
                        "restore `{field}`, and state the new value under `upcoming:` with the dates `announced` and `effective`"
                    ),
                };
                report.push(missing(message, &format!("{path}.{field}"), &help));
            }
        }
    }
}

fn is_to_start(subject: &Subject<'_>, id: &Id) -> bool {
    let mut items = subject.content.disclosure.subprocessors.iter();
    items.any(|item| item.id == *id && item.validity_on(subject.facts.as_of) == Validity::Upcoming)
}

/// Reports changes that take effect before the date that a release announced.
fn moved_earlier(subject: &Subject<'_>, change: &Change, path: &str, report: &mut Report) {
    let name = change.label().unwrap_or_default();
    let fields = match change {
        Change::Changed { fields, .. } => fields,
        Change::Removed { item, withdrawn: false, .. } => {
            let end = notice::rule(change.subject()).and_then(|rule| rule.end).unwrap_or_default();
            if let Some(end) = stated_date(item.fields().get(end)).filter(|end| *end > subject.facts.as_of) {
                let message = format!("`{name}` is removed, but a release announced its end for {end}");
                let help = "keep it until that date, or agree on the earlier one with your customers";
                report.push(subject.found(Code::EffectiveMovedEarlier, message, path).help(help));
            }
            return;
        }
        Change::Added { .. } | Change::Removed { .. } => return,
    };
    for field in fields {
        let (before, after, path) = match field {
            FieldChange::Upcoming { event: UpcomingEvent::EffectiveMovedEarlier, before: Some(before), .. } => {
                (dates(before).1, Some(subject.facts.as_of), path.to_owned())
            }
            FieldChange::Upcoming {
                event: UpcomingEvent::Rescheduled,
                before: Some(before),
                after: Some(after),
                ..
            } => (dates(before).1, dates(after).1, path.to_owned()),
            FieldChange::Value { field, before, after, notice: true } if field == "effective" => (
                stated_date(before.as_ref()),
                stated_date(after.as_ref()).or(Some(subject.facts.as_of)),
                format!("{path}.{field}"),
            ),
            // An end that has come is only corrected.
            FieldChange::Value { field, before, after, notice: true } if field == "ends" => {
                let before = stated_date(before.as_ref()).filter(|end| *end >= subject.facts.as_of);
                (before, stated_date(after.as_ref()), format!("{path}.{field}"))
            }
            _ => continue,
        };
        let (Some(before), Some(after)) = (before, after) else { continue };
        if after < before {
            let message = match field.field() {
                "ends" => format!("`{name}` ends on {after}, but a release announced its end for {before}"),
                _ => format!("`{name}`: a release announced the change for {before}, but it takes effect on {after}"),
            };
            let help = format!(
                "keep the announced date, or agree on the earlier one with your customers; {before} is the date that they rely on"
            );
            report.push(subject.found(Code::EffectiveMovedEarlier, message, &path).help(help));
        }
    }
}

/// Reports items that are removed while a release announces a change of them.
fn removed(subject: &Subject<'_>, change: &Change, path: &str, report: &mut Report) {
    let Change::Removed { item, .. } = change else { return };
    let fields = item.fields();
    let entries = fields.get("upcoming").and_then(serde_json::Value::as_array).into_iter().flatten();
    let start = fields.get("effective").and_then(serde_json::Value::as_str).and_then(|text| text.parse().ok());
    let announced = entries.filter_map(|entry| dates(entry).1).chain(start).filter(|date| *date > subject.facts.as_of);
    if let Some(date) = announced.min() {
        let name = change.label().unwrap_or_default();
        let message = format!("`{name}` is removed, but a release announces a change of it for {date}");
        let help = "say in the summary of the release that the announced change is withdrawn; the change log shows it as withdrawn";
        report.push(subject.found(Code::RemovedWhileUpcoming, message, path).help(help));
    }
}
