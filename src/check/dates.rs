//! Rules for dates of certifications, documents and verifications.

use std::iter;

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::upcoming::in_effect_on;
use crate::model::{Certification, CertificationStatus, CertificationType, Date, Period, Validity};

/// How many days in advance an expiry is reported.
pub(super) const SOON: i64 = 30;
/// The number of days after which a verification is stale.
pub(super) const YEAR: i64 = 365;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    certifications(subject, report);
    documents(subject, report);
    controls(subject, report);
}

fn certifications(subject: &Subject<'_>, report: &mut Report) {
    for (at, item) in subject.content.disclosure.certifications.iter().enumerate() {
        let path = format!("certifications[{at}]");
        let before = report.diagnostics().len();
        periods(subject, item, &path, report);
        if report.diagnostics().len() > before {
            continue;
        }
        certification(subject, item, &path, report);
        observed(subject, item, &path, report);
    }
}

/// Reports dates of the editions of a certification that contradict each other, or that have not come yet.
fn periods(subject: &Subject<'_>, item: &Certification, path: &str, report: &mut Report) {
    let today = subject.facts.as_of;
    let name = &item.framework;
    let others = item.editions.iter().enumerate().map(|(nth, edition)| (edition, format!("{path}.editions[{nth}]")));
    for (edition, path) in iter::once((&item.newest(), path.to_owned())).chain(others) {
        let path = |field: &str| format!("{path}.{field}");
        if let (Some(from), Some(until)) = (edition.valid_from, edition.valid_until)
            && until < from
        {
            let message = format!("`{name}` is valid until {until}, which is before {from}");
            report.push(subject.dates_reversed(message, &path("valid_until"), &path("valid_from"), "it begins here"));
        }
        if let Some(Period { from, to }) = edition.period
            && to < from
        {
            let message = format!("the period of `{name}` ends on {to}, which is before {from}");
            report.push(subject.dates_reversed(message, &path("period.to"), &path("period.from"), "it begins here"));
        }
        if let Some(issued) = edition.issued.filter(|issued| *issued > today) {
            let message = format!("`{name}` was issued on {issued}, which is after {today}");
            let help = "enter the date on which it was issued";
            report.push(subject.found(Code::DateInFuture, message, &path("issued")).help(help));
        }
    }
    if let (Some(bridge), Some(Period { to, .. })) = (item.bridge_until, item.period)
        && bridge < to
    {
        let message = format!("the bridge letter of `{name}` covers days until {bridge}, which is before {to}");
        let (bridge, to) = (format!("{path}.bridge_until"), format!("{path}.period.to"));
        report.push(subject.dates_reversed(message, &bridge, &to, "the period ends here"));
    }
}

/// Reports a certification that has expired or expires soon, or whose status contradicts its dates.
fn certification(subject: &Subject<'_>, item: &Certification, path: &str, report: &mut Report) {
    let today = subject.facts.as_of;
    let name = &item.framework;
    let field = |field: &str| format!("{path}.{field}");
    let validity = item.validity_on(today);
    // The last day that an edition states, and its place.
    let others = item.editions.iter().enumerate().map(|(nth, edition)| (nth, edition.valid_until));
    let others = others.filter_map(|(nth, until)| Some((until?, field(&format!("editions[{nth}].valid_until")))));
    let stated = item.valid_until.map(|until| (until, field("valid_until"))).into_iter().chain(others);
    let ends: Vec<(Date, String)> = stated.collect();
    let covered = item.is_covered(today);
    match &item.status {
        Some(CertificationStatus::Expired) if covered || item.valid_until.is_some() && validity != Validity::Ended => {
            let until = item.held_until(today).or(item.valid_until);
            let until = until.map_or_else(|| "today".to_owned(), |until| format!("until {until}"));
            let message = format!("`{name}` has the status `expired`, but is valid {until}");
            let help = "correct the status or the date";
            report.push(subject.found(Code::StatusContradictsDates, message, &field("status")).help(help));
        }
        Some(CertificationStatus::Active) if validity == Validity::Upcoming => {
            let message = format!("`{name}` has the status `active`, but is not valid yet");
            let help = "set `status: in-progress` until then, or remove the status";
            report.push(subject.found(Code::StatusContradictsDates, message, &field("status")).help(help));
        }
        Some(CertificationStatus::Expired) => {}
        Some(CertificationStatus::InProgress) if !covered => {}
        _ if validity == Validity::Ended => {
            let Some((until, place)) = ends.iter().max_by_key(|(until, _)| *until) else { return };
            let message = format!("`{name}` was valid until {until}");
            let help = "enter the new validity period, or set `status: expired`";
            report.push(subject.found(Code::CertificationExpired, message, place).help(help));
        }
        _ => {
            let Some(until) = item.held_until(today).filter(|until| today.days_until(*until) <= SOON) else { return };
            let Some((_, place)) = ends.iter().find(|(stated, _)| *stated == until) else { return };
            let message = format!("`{name}` is valid until {until}: {}", left(today, until));
            let help = "prepare the renewal";
            report.push(subject.found(Code::CertificationExpiring, message, place).help(help));
        }
    }
}

/// Reports a report on controls without the period that the auditor observed, or with one that ended too long ago.
fn observed(subject: &Subject<'_>, item: &Certification, path: &str, report: &mut Report) {
    // The framework says that it is a report, unless the type says otherwise; and an audit in progress has no period yet.
    let is_report = item.r#type.is_none() || item.r#type == Some(CertificationType::Report);
    let is_planned = item.r#type.is_none() && item.status == Some(CertificationStatus::InProgress);
    if !is_report || is_planned || !states_period(&item.framework) {
        return;
    }
    let today = subject.facts.as_of;
    let name = &item.framework;
    let Some(Period { to, .. }) = item.all_editions().filter_map(|edition| edition.period).max_by_key(|it| it.to)
    else {
        if subject.content.places.contains(&format!("{path}.period#key")) {
            return;
        }
        let message = format!("the report `{name}` does not state the period that it covers");
        let help = "add `period: {from: ..., to: ...}` with the first and the last day that the auditor observed";
        report.push(subject.found(Code::ReportPeriodMissing, message, &format!("{path}.framework")).help(help));
        return;
    };
    let is_bridged = item.bridge_until.is_some_and(|bridge| bridge >= today);
    if to.days_until(today) <= YEAR || is_bridged {
        return;
    }
    let bridge = match item.bridge_until {
        Some(bridge) => format!(", and the bridge letter covers days until {bridge} only"),
        None => String::new(),
    };
    let message = format!("the period of the report `{name}` ended on {to}, {} days ago{bridge}", to.days_until(today));
    let place = if item.period.is_some() { "period.to" } else { "framework" };
    let help = "publish the next report, or a bridge letter with `bridge_until: DATE`";
    report.push(subject.found(Code::ReportPeriodOld, message, &format!("{path}.{place}")).help(help));
}

/// Whether reports on a framework cover a period: SOC 1 to 3 and the standards of their auditors, except reports of type 1, which
/// describe one day.
fn states_period(framework: &str) -> bool {
    let lower = framework.to_lowercase();
    let words: Vec<&str> = lower.split(|character: char| !character.is_alphanumeric()).collect();
    let is_audited = words.iter().any(|word| {
        matches!(*word, "soc" | "isae" | "ssae" | "isae3402" | "isae3000" | "ssae18")
            || word.strip_prefix("soc").is_some_and(|number| matches!(number, "1" | "2" | "3"))
    });
    let is_of_one_day = words.windows(2).any(|pair| pair[0] == "type" && matches!(pair[1], "1" | "i"));
    is_audited && !is_of_one_day
}

fn documents(subject: &Subject<'_>, report: &mut Report) {
    let today = subject.facts.as_of;
    for (at, item) in subject.content.disclosure.documents.iter().enumerate() {
        let path = |field: &str| format!("documents[{at}].{field}");
        let title = &item.title;
        if let Some(date) = item.date.filter(|date| *date > today) {
            let message = format!("`{title}` is dated {date}, which is after {today}");
            report
                .push(subject.found(Code::DateInFuture, message, &path("date")).help("enter the date on the document"));
        }
        for (nth, edition) in item.editions.iter().enumerate() {
            let path = |field: &str| path(&format!("editions[{nth}].{field}"));
            if let Some(date) = edition.date.filter(|date| *date > today) {
                let message = format!("an earlier edition of `{title}` is dated {date}, which is after {today}");
                let help = "enter the date on the document";
                report.push(subject.found(Code::DateInFuture, message, &path("date")).help(help));
            }
            if let (Some(date), Some(until)) = (edition.date, edition.valid_until)
                && until < date
            {
                let message =
                    format!("an edition of `{title}` is valid until {until}, which is before its date {date}");
                report.push(subject.dates_reversed(message, &path("valid_until"), &path("date"), "it is dated here"));
            }
        }
        let item = &in_effect_on(item, today);
        let Some(until) = item.valid_until else { continue };
        if let Some(date) = item.date.filter(|date| until < *date) {
            let message = format!("`{title}` is valid until {until}, which is before its date {date}");
            report.push(subject.dates_reversed(message, &path("valid_until"), &path("date"), "it is dated here"));
        } else if item.validity_on(today) == Validity::Ended {
            let message = format!("`{title}` was valid until {until}");
            let help = "replace it with the current edition, or remove it";
            report.push(subject.found(Code::DocumentExpired, message, &path("valid_until")).help(help));
        } else if today.days_until(until) <= SOON {
            let message = format!("`{title}` is valid until {until}: {}", left(today, until));
            let help = "prepare the next edition";
            report.push(subject.found(Code::DocumentExpiring, message, &path("valid_until")).help(help));
        }
    }
}

fn controls(subject: &Subject<'_>, report: &mut Report) {
    let today = subject.facts.as_of;
    for (at, item) in subject.content.disclosure.controls.iter().enumerate() {
        let Some(verified) = item.last_verified else { continue };
        let path = format!("controls[{at}].last_verified");
        if verified > today {
            let message = format!("`{}` was verified on {verified}, which is after {today}", item.title);
            report.push(
                subject.found(Code::DateInFuture, message, &path).help("enter the date on which it was verified"),
            );
        } else if verified.days_until(today) > YEAR {
            let days = verified.days_until(today);
            let message = format!("`{}` was last verified on {verified}, {days} days ago", item.title);
            report.push(subject.found(Code::VerificationStale, message, &path).help("verify it and enter the date"));
        }
    }
}

/// Describes how much time is left.
pub(super) fn left(today: Date, until: Date) -> String {
    match today.days_until(until) {
        0 => "this is the last day".to_owned(),
        1 => "1 day is left".to_owned(),
        days => format!("{days} days are left"),
    }
}
