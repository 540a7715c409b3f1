//! External links of the content, and diagnostics about the responses of their servers. The requests are sent by
//! [`probe`](crate::fetch::probe), and only with `--external`.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use super::prose;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::fetch::probe::Answer;
use crate::load::Content;
use crate::markdown::{self, LinkTarget};
use crate::model::{Contact, Date, Disclosure, List, StatedUrl, WebUrl};
use crate::text::counted;

/// A web address in the content, with all places that contain it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The address, as the parser writes it.
    pub address: Url,
    /// The places that contain it; at least one.
    pub places: Vec<Option<Place>>,
}

/// Returns all web addresses in the content, each once, in alphabetical order. The site's own address is not included, because
/// it may not exist before the site is first published.
pub fn links(content: &Content) -> Vec<Link> {
    let mut found: BTreeMap<Url, Vec<Option<Place>>> = BTreeMap::new();
    let mut add = |address: &str, place: Option<Place>| {
        // Other rules report addresses that do not parse.
        if let Ok(address) = address.parse() {
            found.entry(address).or_default().push(place);
        }
    };
    for (path, address) in fields(content) {
        add(address.as_str(), content.places.get(&path));
    }
    for prose in prose::of(content) {
        for link in &prose.rendered.links {
            if let LinkTarget::Web(address) = &link.target {
                add(address, prose.place(&link.range));
            }
        }
    }
    found.into_iter().map(|(address, places)| Link { address, places }).collect()
}

/// Returns the web addresses in fields of the content, with the paths of the fields.
pub(super) fn fields(content: &Content) -> Vec<(String, &WebUrl)> {
    let mut all = stated(&content.disclosure);
    let mut add = |path: String, address| all.extend(Option::map(address, |address| (path, address)));
    if let Some(security) = &content.settings.security_txt {
        for (at, contact) in security.contact.iter().enumerate() {
            add(format!("site.security_txt.contact[{at}]"), of_contact(contact));
        }
        let lists = [
            ("encryption", &security.encryption),
            ("acknowledgments", &security.acknowledgments),
            ("policy", &security.policy),
            ("hiring", &security.hiring),
        ];
        for (field, list) in lists {
            for (at, address) in list.iter().enumerate() {
                add(format!("site.security_txt.{field}[{at}]"), Some(address));
            }
        }
    }
    let links = content.settings.links.iter().flat_map(|links| [("header", &links.header), ("footer", &links.footer)]);
    for (place, links) in links {
        for (at, link) in links.iter().enumerate() {
            add(format!("site.links.{place}[{at}].url"), Some(&link.url));
        }
    }
    add("site.status_url".into(), content.settings.status_url.as_ref());
    let repository = content.settings.subscribe.as_ref().and_then(|subscribe| subscribe.repository.as_ref());
    add("site.subscribe.repository".into(), repository);
    all
}

/// Returns the web addresses in fields of a disclosure, with the paths of the fields.
pub(super) fn stated(disclosure: &Disclosure) -> Vec<(String, &WebUrl)> {
    let mut all = Vec::new();
    let mut add = |path: String, address| all.extend(Option::map(address, |address| (path, address)));
    add("site.organization.url".into(), disclosure.organization.url.as_ref().and_then(StatedUrl::link));
    for (name, contact) in &disclosure.contacts.0 {
        add(format!("site.contacts.{name}"), of_contact(contact));
    }
    for list in List::ALL {
        for (at, item) in disclosure.items(*list).into_iter().enumerate() {
            for (field, address) in item.urls() {
                add(format!("{list}[{at}].{field}"), Some(address));
            }
            for (entry, change) in item.entries().into_iter().enumerate() {
                for (field, address) in change.values.urls() {
                    add(format!("{list}[{at}].upcoming[{entry}].{field}"), Some(address));
                }
            }
        }
    }
    all
}

/// Returns the web addresses in fields and texts of disclosures, and in other texts.
pub fn all<'a>(
    disclosures: impl IntoIterator<Item = &'a Disclosure>,
    texts: impl IntoIterator<Item = &'a str>,
) -> HashSet<Url> {
    let mut all = HashSet::new();
    // Releases share most of their text.
    let mut known = HashSet::new();
    let mut add = |text: &str, all: &mut HashSet<Url>| {
        if text.contains("//") && known.insert(text.as_ptr()) {
            all.extend(markdown::addresses(text).iter().filter_map(|address| address.parse::<Url>().ok()));
        }
    };
    for disclosure in disclosures {
        all.extend(stated(disclosure).iter().filter_map(|(_, address)| address.as_str().parse::<Url>().ok()));
        prose::texts(disclosure).iter().for_each(|text| add(text.text, &mut all));
    }
    texts.into_iter().for_each(|text| add(text, &mut all));
    all
}

fn of_contact(contact: &Contact) -> Option<&WebUrl> {
    match contact {
        Contact::Url(address) => Some(address),
        Contact::Email(_) | Contact::Text(_) => None,
    }
}

/// Returns the diagnostics for the answers, at the levels of the content's settings. `answers` are in the order of `links`.
pub fn judge(content: &Content, links: &[Link], answers: &[Answer], as_of: Date) -> Report {
    let mut report = Report::new();
    for (link, answer) in links.iter().zip(answers) {
        let Some(found) = diagnostic(&link.address, answer) else { continue };
        for place in &link.places {
            report.push(found.clone().at_known(place.clone(), ""));
        }
    }
    super::apply_levels(&mut report, &content.settings);
    super::acknowledged::acknowledge_external(&mut report, content, as_of);
    report.sort();
    report
}

fn diagnostic(address: &Url, answer: &Answer) -> Option<Diagnostic> {
    let (code, message, help) = match answer {
        Answer::Fine => return None,
        Answer::Moved { to } => (
            Code::ExternalLinkMoved,
            format!("`{address}` redirects permanently"),
            format!("use the new address `{to}`"),
        ),
        Answer::Gone { status } => (
            Code::ExternalLinkBroken,
            format!("`{address}` does not exist: the server returned status {status}"),
            "find the new address of the page, or remove the link".into(),
        ),
        Answer::Refused { status } => (
            Code::ExternalLinkUnreachable,
            format!("`{address}` cannot be checked: the server returned status {status}"),
            "open it in a browser; it may require a login or block programs".into(),
        ),
        Answer::Failed { reason } => (
            Code::ExternalLinkUnreachable,
            format!("`{address}` {reason}"),
            "open it in a browser; if it fails there too, fix or remove the link".into(),
        ),
    };
    Some(Diagnostic::new(code, message).help(help))
}

/// Returns a summary of the answers by kind, in one line.
pub fn summary(links: &[Link], answers: &[Answer]) -> String {
    let hosts: std::collections::BTreeSet<_> = links.iter().map(|link| link.address.host_str()).collect();
    let count = |is: fn(&Answer) -> bool| answers.iter().filter(|answer| is(answer)).count();
    let kinds = [
        (count(|answer| matches!(answer, Answer::Fine | Answer::Moved { .. })), "OK"),
        (count(|answer| matches!(answer, Answer::Moved { .. })), "of them moved"),
        (count(|answer| matches!(answer, Answer::Gone { .. })), "broken"),
        (count(|answer| matches!(answer, Answer::Refused { .. })), "refused"),
        (count(|answer| matches!(answer, Answer::Failed { .. })), "unreachable"),
    ];
    let counts: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
    match links.len() {
        0 => "External links: none".to_owned(),
        all => format!("External links: {all} on {}: {}", counted(hosts.len(), "host"), counts.join(", ")),
    }
}
