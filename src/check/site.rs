//! `site.yaml`: the site's address, the levels of the rules, and security.txt (RFC 9116).

use super::dates::{SOON, left};
use super::{Rule, Subject, rules};
use crate::diagnostic::{Report, nearest};
use crate::model::{Contact, Date, SecurityTxt};

const PLACEHOLDER: Rule = Rule::warning(
    "placeholder-base-url",
    "The site's address is a reserved example.",
    "Feeds, records and search engines would point to a site that is not yours (RFC 2606).",
    "Set `base_url` to the address under which the page is published.",
)
.example("base_url: https://trust.example-company.com");

const NO_ADDRESS: Rule = Rule::warning(
    "base-url-missing",
    "The site has no address.",
    "Feeds and records need absolute links, and are left out or incomplete without it.",
    "Set `base_url` to the address under which the page is published.",
);

const UNKNOWN: Rule = Rule::fixed(
    "unknown-rule",
    "`rules:` names a code that does not exist.",
    "You think that a rule is off, or an error, and it is not.",
    "Write the code as it stands in the finding; `candor explain` lists all.",
);

const FIXED: Rule = Rule::fixed(
    "fixed-rule",
    "`rules:` sets the level of a rule that has only one.",
    "What cannot be read, or would not be safe, cannot be published at any level.",
    "Remove the line, and mend what the rule reports.",
);

const INCOMPLETE: Rule = Rule::error(
    "security-txt-incomplete",
    "security.txt lacks a field that RFC 9116 requires, or one is not as it requires.",
    "Researchers' tools reject the file, and a report of a weakness never arrives.",
    "Give `expires` and at least one contact that is an e-mail or https address.",
)
.example("contacts:\n  security: security@example.com\nsecurity_txt:\n  expires: 2027-03-31");

const EXPIRED: Rule = Rule::warning(
    "security-txt-expired",
    "security.txt is past its `Expires`.",
    "It must not be used any more (RFC 9116 section 2.5.5).",
    "Review it, and set `expires` to a day within the next year.",
);

const EXPIRING: Rule = Rule::warning(
    "security-txt-expiring",
    "security.txt expires within 30 days.",
    "After that day it must not be used any more (RFC 9116 section 2.5.5).",
    "Review it, and set `expires` to a day within the next year.",
);

const FAR: Rule = Rule::warning(
    "security-txt-long",
    "security.txt expires more than a year from now.",
    "RFC 9116 section 2.5.5 recommends less, so that nobody trusts an old file.",
    "Set `expires` to a day within the next year.",
);

pub(super) const RULES: &[&Rule] =
    &[&PLACEHOLDER, &NO_ADDRESS, &UNKNOWN, &FIXED, &INCOMPLETE, &EXPIRED, &EXPIRING, &FAR];

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    address(subject, report);
    levels(subject, report);
    if let Some(security) = &subject.content.settings.security_txt {
        security_txt(subject, security, report);
    }
}

fn address(subject: &Subject<'_>, report: &mut Report) {
    let help = "set it to the address under which the page is published";
    match &subject.content.settings.base_url {
        None => report.push(subject.found(&NO_ADDRESS, "`base_url` is missing", "site.base_url").help(help)),
        Some(url) if is_reserved(&url.host()) => {
            let message = format!("`{url}` is a reserved example address");
            report.push(subject.found(&PLACEHOLDER, message, "site.base_url").help(help));
        }
        Some(_) => {}
    }
}

/// Names that belong to nobody (RFC 2606, RFC 6761).
fn is_reserved(host: &str) -> bool {
    let within = |domain: &&str| host == *domain || host.strip_suffix(*domain).is_some_and(|rest| rest.ends_with('.'));
    ["example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"].iter().any(within)
}

fn levels(subject: &Subject<'_>, report: &mut Report) {
    for code in subject.content.settings.rules.keys() {
        let path = format!("site.rules.{code}");
        let place = |path: &str| subject.content.places.get(&format!("{path}#key"));
        match rules::find(code) {
            None => {
                let help = match nearest(code, rules::all().map(|rule| rule.code)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`candor explain` lists all rules".to_owned(),
                };
                report.push(UNKNOWN.found(format!("there is no rule `{code}`")).at_known(place(&path), "").help(help));
            }
            Some(rule) if rule.fixed => {
                let message = format!("the level of `{code}` cannot be changed");
                report.push(FIXED.found(message).at_known(place(&path), "").help("remove the line"));
            }
            Some(_) => {}
        }
    }
}

fn security_txt(subject: &Subject<'_>, security: &SecurityTxt, report: &mut Report) {
    contacts(subject, security, report);
    let urls = [
        ("encryption", &security.encryption),
        ("acknowledgments", &security.acknowledgments),
        ("policy", &security.policy),
        ("hiring", &security.hiring),
    ];
    for (field, urls) in urls {
        for (at, url) in urls.iter().enumerate().filter(|(_, url)| !url.is_https()) {
            let message = format!("`{url}` in security.txt does not begin with https://");
            let path = format!("site.security_txt.{field}[{at}]");
            report
                .push(subject.found(&INCOMPLETE, message, &path).help("RFC 9116 takes web addresses with https only"));
        }
    }
    let path = "site.security_txt.expires";
    let today = subject.facts.as_of;
    // A time begins with its day; its form was checked when it was read.
    let Some(expires) = security.expires.as_deref().and_then(|text| text.get(..10)?.parse::<Date>().ok()) else {
        let help = "add `expires:` with a day within the next year (RFC 9116 section 2.5.5)";
        report.push(subject.found(&INCOMPLETE, "security.txt has no `expires`", path).help(help));
        return;
    };
    let help = "review it, and set a day within the next year";
    match today.days_until(expires) {
        days if days <= 0 => {
            let message = format!("security.txt expired on {expires}");
            report.push(subject.found(&EXPIRED, message, path).help(help));
        }
        days if days <= SOON => {
            let message = format!("security.txt expires on {expires}: {}", left(today, expires));
            report.push(subject.found(&EXPIRING, message, path).help(help));
        }
        days if days > 366 => {
            let message = format!("security.txt expires on {expires}, in {days} days");
            report.push(subject.found(&FAR, message, path).help(help));
        }
        _ => {}
    }
}

fn contacts(subject: &Subject<'_>, security: &SecurityTxt, report: &mut Report) {
    let contacts: Vec<(String, &Contact)> = if security.contact.is_empty() {
        let contact = subject.content.disclosure.contacts.get("security");
        contact.map(|contact| ("site.contacts.security".to_owned(), contact)).into_iter().collect()
    } else {
        security
            .contact
            .iter()
            .enumerate()
            .map(|(at, contact)| (format!("site.security_txt.contact[{at}]"), contact))
            .collect()
    };
    if contacts.is_empty() {
        let help = "add `security:` to `contacts:`, or `contact:` to `security_txt:`";
        report.push(subject.found(&INCOMPLETE, "security.txt has no contact", "site.security_txt").help(help));
    }
    for (path, contact) in contacts {
        let why = match contact {
            Contact::Email(_) => continue,
            Contact::Url(url) if url.is_https() => continue,
            Contact::Url(_) => "does not begin with https://",
            Contact::Text(_) => "is not an address",
        };
        let message = format!("the contact `{contact}` in security.txt {why}");
        let help = "write an e-mail or https address (RFC 9116 section 2.5.3)";
        report.push(subject.found(&INCOMPLETE, message, &path).help(help));
    }
}
