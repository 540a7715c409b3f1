//! What the calendar makes untrue: certificates, documents, verifications.

use super::{Rule, Subject};
use crate::diagnostic::Report;
use crate::model::{CertificationStatus, Date};

const EXPIRED: Rule = Rule::warning(
    "certification-expired",
    "A certification is past its last day.",
    "The page shows it as expired, and customers ask why.",
    "Enter the new period, or set `status: expired` if it is not renewed.",
)
.example("status: active\nvalid_from: 2026-01-01\nvalid_until: 2028-12-31");

const EXPIRING: Rule = Rule::warning(
    "certification-expiring",
    "A certification ends within 30 days.",
    "A renewal takes longer than that.",
    "Have the new certificate ready, and enter its period when it starts.",
);

const CONTRADICTED: Rule = Rule::warning(
    "status-contradicts-dates",
    "A certification's status says something else than its dates.",
    "An auditor reads both, and trusts neither.",
    "Correct the one that is wrong; without a status the dates speak.",
);

const DOCUMENT_EXPIRED: Rule = Rule::warning(
    "document-expired",
    "A document is past the last day on which it may be relied on.",
    "Customers file it as proof.",
    "Put the new edition in its place, or remove it.",
);

const DOCUMENT_EXPIRING: Rule = Rule::warning(
    "document-expiring",
    "A document ends within 30 days.",
    "The next edition needs time too.",
    "Have the next edition ready.",
);

const STALE: Rule = Rule::warning(
    "verification-stale",
    "A control was last verified more than a year ago.",
    "A control that nobody looks at is a hope; most frameworks ask for a review every year.",
    "Verify it and enter the day, or remove `last_verified`.",
);

const FUTURE: Rule = Rule::error(
    "date-in-future",
    "Something is said to have happened on a day that is still to come.",
    "A verification that has not taken place is a false statement.",
    "Enter the day on which it happened.",
);

pub(super) const REVERSED: Rule = Rule::error(
    "dates-reversed",
    "A period ends before it begins.",
    "One of the two dates is wrong, and readers cannot know which.",
    "Correct the dates.",
);

pub(super) const RULES: &[&Rule] =
    &[&EXPIRED, &EXPIRING, &CONTRADICTED, &DOCUMENT_EXPIRED, &DOCUMENT_EXPIRING, &STALE, &FUTURE, &REVERSED];

/// Days before an end in which it is told.
pub(super) const SOON: i64 = 30;
/// Days after which a verification is old.
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
            report.push(
                subject
                    .found(&REVERSED, message, &path("valid_until"))
                    .at_known(subject.content.places.get(&path("valid_from")), "it begins here")
                    .help("correct one of the two dates"),
            );
            continue;
        }
        let upcoming = item.valid_from.is_some_and(|from| from > today);
        match (item.status, item.valid_until) {
            (Some(CertificationStatus::Expired), Some(until)) if until >= today => {
                let message = format!("`{name}` has the status `expired`, but is valid until {until}");
                report.push(
                    subject.found(&CONTRADICTED, message, &path("status")).help("correct the status or the date"),
                );
            }
            (Some(CertificationStatus::Active), _) if upcoming => {
                let message = format!("`{name}` has the status `active`, but begins later");
                let help = "write `status: in-progress` until then, or leave the status out";
                report.push(subject.found(&CONTRADICTED, message, &path("status")).help(help));
            }
            (Some(CertificationStatus::Expired | CertificationStatus::InProgress), _) | (_, None) => {}
            (_, Some(until)) if until < today => {
                let message = format!("`{name}` was valid until {until}");
                let help = "enter the new period, or `status: expired`";
                report.push(subject.found(&EXPIRED, message, &path("valid_until")).help(help));
            }
            (_, Some(until)) if today.days_until(until) <= SOON => {
                let message = format!("`{name}` is valid until {until}: {}", left(today, until));
                let help = "have the renewal ready";
                report.push(subject.found(&EXPIRING, message, &path("valid_until")).help(help));
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
            report.push(subject.found(&FUTURE, message, &path("date")).help("enter the day that the document bears"));
        }
        let Some(until) = item.valid_until else { continue };
        if until < today {
            let message = format!("`{title}` was valid until {until}");
            let help = "put the new edition in its place, or remove it";
            report.push(subject.found(&DOCUMENT_EXPIRED, message, &path("valid_until")).help(help));
        } else if today.days_until(until) <= SOON {
            let message = format!("`{title}` is valid until {until}: {}", left(today, until));
            let help = "have the next edition ready";
            report.push(subject.found(&DOCUMENT_EXPIRING, message, &path("valid_until")).help(help));
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
            report.push(subject.found(&FUTURE, message, &path).help("enter the day on which it was verified"));
        } else if verified.days_until(today) > YEAR {
            let days = verified.days_until(today);
            let message = format!("`{}` was last verified on {verified}, {days} days ago", item.title);
            report.push(subject.found(&STALE, message, &path).help("verify it and enter the day"));
        }
    }
}

/// How much time is left, in words.
pub(super) fn left(today: Date, until: Date) -> String {
    match today.days_until(until) {
        0 => "this is the last day".to_owned(),
        1 => "1 day is left".to_owned(),
        days => format!("{days} days are left"),
    }
}
