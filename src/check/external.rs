//! Links to elsewhere: which there are, and what the answers of the servers mean. Nothing is asked for in here; that is
//! done by [`probe`](crate::fetch::probe), and only on request.

use std::collections::BTreeMap;

use url::Url;

use super::prose;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::fetch::probe::Answer;
use crate::load::Content;
use crate::markdown::Target;
use crate::model::{Contact, Disclosure, List, StatedUrl, WebUrl};
use crate::text::counted;

/// A web address of the content, and every place that names it.
#[derive(Debug, Clone)]
pub struct Link {
    /// The address.
    pub address: Url,
    /// Where it stands; at least one place.
    pub places: Vec<Option<Place>>,
}

/// Every web address of the content, each once, in alphabetical order. The site's own address is not among them, for
/// it may lead nowhere before the first publication.
pub fn links(content: &Content) -> Vec<Link> {
    let mut found: BTreeMap<Url, Vec<Option<Place>>> = BTreeMap::new();
    let mut add = |address: &str, place: Option<Place>| {
        // What does not parse has a finding of its own.
        if let Ok(address) = address.parse() {
            found.entry(address).or_default().push(place);
        }
    };
    for (path, address) in fields(content) {
        add(address.as_str(), content.places.get(&path));
    }
    for prose in prose::of(content) {
        for link in &prose.rendered.links {
            if let Target::Web(address) = &link.target {
                add(address, prose.place(&link.range));
            }
        }
    }
    found.into_iter().map(|(address, places)| Link { address, places }).collect()
}

/// The fields of the content that hold web addresses, with their paths.
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
    all
}

/// The fields of a disclosure that hold web addresses, with their paths.
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
        }
    }
    all
}

fn of_contact(contact: &Contact) -> Option<&WebUrl> {
    match contact {
        Contact::Url(address) => Some(address),
        Contact::Email(_) | Contact::Text(_) => None,
    }
}

/// What the answers mean, at the levels of the content's settings. `answers` are in the order of `links`.
pub fn judge(content: &Content, links: &[Link], answers: &[Answer]) -> Report {
    let mut report = Report::new();
    for (link, answer) in links.iter().zip(answers) {
        let Some(found) = finding(&link.address, answer) else { continue };
        for place in &link.places {
            report.push(found.clone().at_known(place.clone(), ""));
        }
    }
    super::apply_levels(&mut report, &content.settings);
    report.sort();
    report
}

fn finding(address: &Url, answer: &Answer) -> Option<Diagnostic> {
    let (code, message, help) = match answer {
        Answer::Fine => return None,
        Answer::Moved { to } => (
            Code::ExternalLinkMoved,
            format!("`{address}` has moved for good"),
            format!("write its new address: `{to}`"),
        ),
        Answer::Gone { status } => (
            Code::ExternalLinkBroken,
            format!("`{address}` is not there: it answers with status {status}"),
            "look for where the page is now, or remove the link".into(),
        ),
        Answer::Refused { status } => (
            Code::ExternalLinkUnreachable,
            format!("`{address}` cannot be judged: it answers with status {status}"),
            "it may want a login, or refuse programs; open it in a browser".into(),
        ),
        Answer::Failed { reason } => (
            Code::ExternalLinkUnreachable,
            format!("`{address}` {reason}"),
            "open it in a browser; if it fails there too, mend or remove the link".into(),
        ),
    };
    Some(Diagnostic::new(code, message).help(help))
}

/// The count of each kind of answer, in one line.
pub fn summary(links: &[Link], answers: &[Answer]) -> String {
    let hosts: std::collections::BTreeSet<_> = links.iter().map(|link| link.address.host_str()).collect();
    let count = |is: fn(&Answer) -> bool| answers.iter().filter(|answer| is(answer)).count();
    let kinds = [
        (count(|answer| matches!(answer, Answer::Fine | Answer::Moved { .. })), "answer"),
        (count(|answer| matches!(answer, Answer::Moved { .. })), "of them moved"),
        (count(|answer| matches!(answer, Answer::Gone { .. })), "broken"),
        (count(|answer| matches!(answer, Answer::Refused { .. })), "refused"),
        (count(|answer| matches!(answer, Answer::Failed { .. })), "not reached"),
    ];
    let told: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
    match links.len() {
        0 => "External links: none".to_owned(),
        all => format!("External links: {all} on {}: {}", counted(hosts.len(), "host"), told.join(", ")),
    }
}
