//! Rules for `site.yaml`: the site's address, the levels of rules, and security.txt (RFC 9116).

use super::Subject;
use super::dates::{SOON, left};
use super::external::links;
use crate::diagnostic::{Code, Diagnostic, Place, Remedy, Report};
use crate::hypertext::{self, Syntax};
use crate::model::web::is_reserved;
use crate::model::{Contact, Date, SecurityTxt, Settings, SubscribeMethod, WebUrl};

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    address(subject, report);
    levels(subject, report);
    former_hosts(subject, report);
    form(subject, report);
    if let Some(security) = &subject.content.settings.security_txt {
        security_txt(subject, security, report);
    }
}

fn address(subject: &Subject<'_>, report: &mut Report) {
    let help = "set it to the address at which the site is published";
    match &subject.content.settings.base_url {
        None if subject.content.places.contains("site.base_url#key") => {}
        None => report.push(subject.found(Code::BaseUrlMissing, "`base_url` is missing", "site.base_url").help(help)),
        Some(url) if is_reserved(&url.host()) => {
            let message = format!("`{url}` is a reserved example address");
            report.push(subject.found(Code::PlaceholderBaseUrl, message, "site.base_url").help(help));
        }
        Some(_) => {}
    }
}

/// Reports addresses at which the site was published before: links, settings, and addresses in templates and in HTML files.
fn former_hosts(subject: &Subject<'_>, report: &mut Report) {
    let settings = &subject.content.settings;
    if settings.former_base_urls.is_empty() {
        return;
    }
    for link in links(subject.content) {
        for place in link.places {
            former_host(settings, link.address.as_str(), place, None, report);
        }
    }
    let subscribe = settings.subscribe.as_ref();
    let form = subscribe.and_then(|subscribe| subscribe.form.as_ref()).map(|form| ("form.action", &form.action));
    let unsubscribe = match subscribe.and_then(|subscribe| subscribe.list_unsubscribe.as_ref()) {
        Some(Contact::Url(address)) => Some(("list_unsubscribe", address)),
        _ => None,
    };
    for (field, address) in form.into_iter().chain(unsubscribe) {
        let place = subject.content.places.get(&format!("site.subscribe.{field}"));
        former_host(settings, address.as_str(), place, None, report);
    }
    for (source, html) in super::markup::documents(subject) {
        // Addresses begin with `page.root` in templates, and with `/` elsewhere.
        let root = if source.path.starts_with("templates/") { "{{ page.root }}" } else { "/" };
        for address in hypertext::read(&html, Syntax::Html).addresses {
            former_host(settings, &address.value, Some(Place::new(source, address.range)), Some(root), report);
        }
    }
}

/// Reports an address if the site was published there before. `root` is how the address of the site begins in HTML.
fn former_host(settings: &Settings, address: &str, place: Option<Place>, root: Option<&str>, report: &mut Report) {
    let Ok(address) = url::Url::parse(address.trim()) else { return };
    let Some((base, path)) = WebUrl::innermost(settings.base_urls(), &address) else { return };
    // One address may be below the other: that of a site that moved into a folder is below its former one.
    if settings.current_base_urls().any(|current| current == base) {
        return;
    }
    let path = [path, &address[url::Position::AfterPath..]].concat();
    let message = format!("`{address}` is at a former address of this site");
    let mut help = match root {
        Some(root) => format!("write `{root}{path}`"),
        None => format!("write the path from the root of the site: `{}`", if path.is_empty() { "/" } else { &path }),
    };
    // Fields of lists and settings hold full addresses.
    if let (Some(base), None) = (&settings.base_url, root) {
        help += &format!("; outside Markdown, write `{}/{path}`", base.to_uri().trim_end_matches('/'));
    }
    report.push(Diagnostic::new(Code::LinkToFormerHost, message).at_known(place, "").help(help));
}

/// Checks that the form of the page about subscriptions sends everything that its address states.
fn form(subject: &Subject<'_>, report: &mut Report) {
    let subscribe = subject.content.settings.subscribe.as_ref();
    let Some(form) = subscribe.and_then(|subscribe| subscribe.form.as_ref()) else { return };
    let action = form.action.to_string();
    if form.method == SubscribeMethod::Get
        && let Some((_, query)) = action.split_once('?')
    {
        let message = format!("the form is sent with `get`, so browsers replace `?{query}` of its address");
        let help = "set `method: post`, or use an address without a query";
        report.push(subject.found(Code::SubscribeFormQuery, message, "site.subscribe.form.action").help(help));
    }
}

fn levels(subject: &Subject<'_>, report: &mut Report) {
    for code in subject.content.settings.rules.keys() {
        let path = format!("site.rules.{code}");
        let place = |path: &str| subject.content.places.get(&format!("{path}#key"));
        match code.parse::<Code>() {
            Err(unknown) => {
                let help = match unknown.nearest {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => Remedy::ListRules.into(),
                };
                report.push(
                    Diagnostic::new(Code::UnknownRule, format!("there is no rule `{code}`"))
                        .at_known(place(&path), "")
                        .help(help),
                );
            }
            Ok(known) if !known.is_adjustable() => {
                let message = format!("the level of `{code}` cannot be changed");
                report
                    .push(Diagnostic::new(Code::FixedRule, message).at_known(place(&path), "").help("remove the line"));
            }
            Ok(_) => {}
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
            let message = format!("`{url}` in security.txt is not an https address");
            let path = format!("site.security_txt.{field}[{at}]");
            report.push(
                subject
                    .found(Code::SecurityTxtIncomplete, message, &path)
                    .help("use an https address, as RFC 9116 requires"),
            );
        }
    }
    let path = "site.security_txt.expires";
    let today = subject.facts.as_of;
    // A timestamp begins with its date. The loader has checked its format.
    let Some(expires) = security.expires.as_deref().and_then(|text| text.get(..10)?.parse::<Date>().ok()) else {
        let help = "add `expires:` with a date within the next year (RFC 9116 section 2.5.5)";
        report.push(subject.found(Code::SecurityTxtIncomplete, "security.txt has no `expires`", path).help(help));
        return;
    };
    let help = "review it, and set a date within the next year";
    match today.days_until(expires) {
        days if days <= 0 => {
            let message = format!("security.txt expired on {expires}");
            report.push(subject.found(Code::SecurityTxtExpired, message, path).help(help));
        }
        days if days <= SOON => {
            let message = format!("security.txt expires on {expires}: {}", left(today, expires));
            report.push(subject.found(Code::SecurityTxtExpiring, message, path).help(help));
        }
        days if days > 366 => {
            let message = format!("security.txt expires on {expires}, in {days} days");
            report.push(subject.found(Code::SecurityTxtLong, message, path).help(help));
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
        report.push(
            subject.found(Code::SecurityTxtIncomplete, "security.txt has no contact", "site.security_txt").help(help),
        );
    }
    for (path, contact) in contacts {
        let why = match contact {
            Contact::Email(_) => continue,
            Contact::Url(url) if url.is_https() => continue,
            Contact::Url(_) => "is not an https address",
            Contact::Text(_) => "is not an address",
        };
        let message = format!("the contact `{contact}` in security.txt {why}");
        let help = "use an email or https address (RFC 9116 section 2.5.3)";
        report.push(subject.found(Code::SecurityTxtIncomplete, message, &path).help(help));
    }
}
