//! Rules for updates: what incidents and advisories state, and their dates.

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::{List, Update, UpdateStatus};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for (at, item) in subject.content.disclosure.updates.iter().enumerate() {
        let path = format!("{}[{at}]", List::Updates);
        dates(subject, item, &path, report);
        if item.kind.is_tracked() {
            state(subject, item, &path, report);
        }
    }
}

/// Reports dates that have not come yet, and those in the wrong order.
fn dates(subject: &Subject<'_>, item: &Update, path: &str, report: &mut Report) {
    let (today, title) = (subject.facts.as_of, &item.title);
    let field = |field: &str| format!("{path}.{field}");
    if let Some(date) = item.date().filter(|date| *date > today) {
        let message = format!("`{title}` has the date {date}, which is after {today}");
        let help = "rename the file: its name begins with the date on which the update is published";
        report.push(subject.found(Code::DateInFuture, message, &field("title")).help(help));
    }
    let stated = [("started", item.started), ("resolved", item.resolved)];
    for (name, date) in stated.into_iter().filter_map(|(name, date)| Some((name, date.filter(|date| *date > today)?))) {
        let message = format!(
            "`{title}` {} on {date}, which is after {today}",
            if name == "started" { name } else { "was resolved" }
        );
        let help = "enter the date on which it happened";
        report.push(subject.found(Code::DateInFuture, message, &field(name)).help(help));
    }
    if let (Some(started), Some(resolved)) = (item.started, item.resolved)
        && resolved < started
    {
        let message = format!("`{title}` was resolved on {resolved}, which is before {started}");
        report.push(subject.dates_reversed(message, &field("resolved"), &field("started"), "it started here"));
    }
    if let (Some(date), Some(started)) = (item.date(), item.started)
        && date < started
    {
        let message = format!("`{title}` has the date {date}, but started on {started}");
        let help =
            "correct `started:`, or rename the file: its name begins with the date on which the update is published";
        report.push(subject.found(Code::DatesReversed, message, &field("started")).help(help));
    }
}

/// Reports an incident or advisory that does not state what readers ask first, or whose status contradicts its date.
fn state(subject: &Subject<'_>, item: &Update, path: &str, report: &mut Report) {
    let title = &item.title;
    let is_resolved = item.status == Some(UpdateStatus::Resolved);
    if item.resolved.is_some() && !is_resolved && item.status.is_some() {
        let status = item.status.as_ref().map_or("", |status| status.as_str());
        let message = format!("`{title}` has a date on which it was resolved, but the status `{status}`");
        report.push(
            subject
                .found(Code::UpdateContradiction, message, &format!("{path}.status"))
                .at_known(subject.content.places.get(&format!("{path}.resolved")), "resolved here")
                .help("set `status: resolved`, or remove `resolved:`"),
        );
    }
    let missing =
        item.tracked().into_iter().filter(|(field, is_stated)| !is_stated && (*field != "resolved" || is_resolved));
    let missing: Vec<String> = missing.map(|(field, _)| format!("`{field}`")).collect();
    if !missing.is_empty() {
        let what = match missing.as_slice() {
            [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            all => all.concat(),
        };
        let message = format!("`{title}` does not state {what}");
        let help = format!("add {what} to the front matter");
        report.push(subject.found(Code::UpdateIncomplete, message, &format!("{path}.title")).help(help));
    }
}
