//! Rules for dates of certifications, documents and verifications.

use super::Subject;
use crate::diagnostic::{Code, Report};
use crate::model::{CertificationStatus, Date, Validity};

/// How many days in advance an expiry is reported.
pub(super) const SOON: i64 = 30;
/// The number of days after which a verification is stale.
const YEAR: i64 = 365;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    certifications(subject, report);
    documents(subject, report);
    controls(subject, report);
}

fn certifications(subject: &Subject<'_>, report: &mut Report) {
    let today = subject.facts.as_of;
    for (at, item) in subject.content.disclosure.certifications.iter().enumerate() {
        let path = |field: &str| format!("certifications[{at}].{field}");
        let name = &item.framework;
        if let (Some(from), Some(until)) = (item.valid_from, item.valid_until)
            && until < from
        {
            let message = format!("`{name}` is valid until {until}, which is before {from}");
            report.push(subject.dates_reversed(message, &path("valid_until"), &path("valid_from"), "it begins here"));
            continue;
        }
        let validity = item.validity_on(today);
        match (&item.status, item.valid_until) {
            (Some(CertificationStatus::Expired), Some(until)) if validity != Validity::Ended => {
                let message = format!("`{name}` has the status `expired`, but is valid until {until}");
                report.push(
                    subject
                        .found(Code::StatusContradictsDates, message, &path("status"))
                        .help("correct the status or the date"),
                );
            }
            (Some(CertificationStatus::Active), _) if validity == Validity::Upcoming => {
                let message = format!("`{name}` has the status `active`, but is not valid yet");
                let help = "set `status: in-progress` until then, or remove the status";
                report.push(subject.found(Code::StatusContradictsDates, message, &path("status")).help(help));
            }
            (Some(CertificationStatus::Expired | CertificationStatus::InProgress), _) | (_, None) => {}
            (_, Some(until)) if validity == Validity::Ended => {
                let message = format!("`{name}` was valid until {until}");
                let help = "enter the new validity period, or set `status: expired`";
                report.push(subject.found(Code::CertificationExpired, message, &path("valid_until")).help(help));
            }
            (_, Some(until)) if today.days_until(until) <= SOON => {
                let message = format!("`{name}` is valid until {until}: {}", left(today, until));
                let help = "prepare the renewal";
                report.push(subject.found(Code::CertificationExpiring, message, &path("valid_until")).help(help));
            }
            _ => {}
        }
    }
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
