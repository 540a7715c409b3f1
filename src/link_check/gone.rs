//! Links of texts that lead nowhere. Pages show them as text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::anchors;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::history::Release;
use crate::model::{Subprocessor, Validity};
use crate::publication::Publication;
use crate::render::GoneLink;
use crate::site::map::PageKind;
use crate::text::counted;

/// Reports the links of releases, with one note for each address.
pub(super) fn frozen(links: &[GoneLink], publication: &Publication) -> Report {
    let releases = publication.history.releases();
    // The names of archived pages begin with the version of their release.
    let of = |pages: &[String], nth: usize| {
        let version = pages.get(nth).and_then(|page| page.split_once('/')?.0.parse().ok());
        version.and_then(|version| publication.history.get(version))
    };
    let mut by_address: BTreeMap<&str, Vec<&Release>> = BTreeMap::new();
    let facts = publication.facts();
    for link in links.iter().filter(|link| link.is_frozen) {
        let release = match link.page {
            PageKind::Release => releases.get(link.nth),
            PageKind::ArchivedOwn => of(&facts.archived_pages, link.nth),
            PageKind::ArchivedQuestionnaire => of(&facts.archived_questionnaires, link.nth),
            PageKind::ArchivedUpdate => of(&facts.archived_updates, link.nth),
            _ => None,
        };
        let known: &mut Vec<&Release> = by_address.entry(&link.address).or_default();
        known.extend(release.filter(|release| !known.iter().any(|other| other.version == release.version)));
    }
    let mut report = Report::new();
    let withheld = publication.history.withheld_files();
    let is_withheld = |address: &str, release: &&Release| {
        release.files.iter().flatten().any(|file| file.path == address && withheld.contains(&file.sha256))
    };
    for (address, mut releases) in by_address {
        // A redaction removed the file on purpose, and the page says so.
        releases.retain(|release| !is_withheld(address, release));
        let [first, others @ ..] = &releases[..] else { continue };
        let (what, links, pages) = match others {
            [] => (format!("the release {}", first.version), "links", "its page shows"),
            others => {
                let others = counted(others.len(), "other");
                (format!("the release {} and {others}", first.version), "link", "their pages show")
            }
        };
        let message = format!("{what} {links} to `{address}`, which the site no longer has; {pages} the link as text");
        let place = Place::file(format!("content/releases/{}", first.file_name()));
        report.push(
            Diagnostic::new(Code::LinkGone, message)
                .at(place, "")
                .help("put back what the link leads to, if readers still need it"),
        );
    }
    report
}

/// Reports anchors of the current statement that content links to, and that a custom template leaves out. Content that links to
/// any other missing anchor is reported with its place by [`check`](crate::check). An anchor that the page lost because a date
/// passed is only a note, because the content was not changed.
pub(super) fn current(links: &[GoneLink], publication: &Publication) -> Report {
    let mut report = Report::new();
    let current = links.iter().filter(|link| !link.is_frozen);
    // Other pages may exist only once the content is released.
    let is_known = |(page, _): &(&str, &str)| ["", "/", "subprocessors/"].contains(page);
    let linked: BTreeSet<&str> =
        current.filter_map(|link| link.address.rsplit_once('#')).filter(is_known).map(|(_, anchor)| anchor).collect();
    let Some(disclosure) = publication.disclosure().filter(|_| !linked.is_empty()) else { return report };
    let ended = |item: &&Arc<Subprocessor>| item.validity_on(publication.as_of) == Validity::Ended;
    let ended: BTreeSet<&str> = disclosure.subprocessors.iter().filter(ended).map(|item| item.id.as_str()).collect();
    let mut known = anchors::on_trust_page(disclosure);
    known.extend(disclosure.subprocessors.iter().map(|item| item.id.to_string()));
    let released = publication.release();
    let before = released.map(|release| anchors::on_trust_page(&release.disclosure)).unwrap_or_default();
    for anchor in linked {
        let is_of_today = known.contains(anchor) && !ended.contains(anchor);
        if is_of_today {
            let message = format!("a text links to `#{anchor}`, but no template writes this anchor");
            report.push(
                Diagnostic::new(Code::BrokenAnchor, message)
                    .help(format!("write `id=\"{anchor}\"` in the custom template of the section or item")),
            );
        } else if let Some(release) = released
            && (before.contains(anchor) || ended.contains(anchor))
        {
            let message = format!(
                "a text links to `#{anchor}`, which the page no longer has since a date passed; it shows the link as text"
            );
            let place = Place::file(format!("content/releases/{}", release.file_name()));
            report.push(
                Diagnostic::new(Code::LinkGone, message).at(place, "").help("remove the link in the next release"),
            );
        }
    }
    report.sort();
    report
}
