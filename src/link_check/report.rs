//! Reports what is wrong, with its place: in the publisher's file, or in the custom template that seems to have written it.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::{Fault, LinkCheck, Occurrence};
use crate::check::external;
use crate::diagnostic::{Code, Diagnostic, Place, Report, Source, nearest};
use crate::model::{List, Version};
use crate::publication::Publication;
use crate::site::map;
use crate::site::{SitePath, is_conventional};
use crate::text::counted;

/// Reports all faults.
pub(super) fn of(faults: &BTreeMap<Fault, Occurrence>, check: &LinkCheck<'_>) -> Report {
    let stated = LazyCell::new(|| stated(check.publication));
    let is_stated = |(fault, occurrence): &(&Fault, &Occurrence)| {
        let address = || url::Url::parse(&occurrence.address).ok();
        !matches!(fault, Fault::SameId { .. }) && address().is_some_and(|address| stated.contains(&address))
    };
    let mut found: Vec<Found> = Vec::new();
    for (fault, occurrence) in faults.iter().filter(|fault| !is_stated(fault)) {
        let own = own_file(occurrence, check);
        let template = own.is_none().then(|| template(fault, occurrence, check.templates)).flatten();
        // A relative address in a template leads to another path from each folder.
        let same =
            template.as_ref().and_then(|place| found.iter_mut().find(|found| found.template.as_ref() == Some(place)));
        match same {
            Some(same) => same.occurrence.merge(occurrence.clone()),
            None => found.push(Found { fault, occurrence: occurrence.clone(), own, template }),
        }
    }
    let mut report = Report::new();
    found.iter().for_each(|found| report.push(diagnostic(found, check)));
    report.sort();
    report
}

/// A fault with its place.
struct Found<'a> {
    fault: &'a Fault,
    occurrence: Occurrence,
    /// The place in the publisher's file.
    own: Option<Place>,
    /// The place in a custom template.
    template: Option<Place>,
}

/// Returns the addresses with scheme and host that statements have. Such an address is checked like one of another site, even if
/// it is that of this one.
fn stated(publication: &Publication) -> HashSet<url::Url> {
    let releases = publication.history.releases();
    let draft = publication.draft.as_ref().map(|draft| &draft.disclosure);
    let disclosures = releases.iter().map(|release| &release.disclosure).chain(draft);
    external::all(disclosures, releases.iter().map(|release| release.summary.as_str()))
}

/// Whether an id on the archived page of a release comes from that release.
pub(super) fn is_frozen_id(publication: &Publication, path: &SitePath, id: &str) -> bool {
    let below = path.as_str().strip_prefix("releases/").and_then(|path| path.strip_suffix("/index.html"));
    // A page of the publisher is below that of its release.
    let version = below.and_then(|below| below.split('/').next()).and_then(|version| version.parse::<Version>().ok());
    version.and_then(|version| publication.history.get(version)).is_some_and(|release| {
        let item = |list: &List| release.disclosure.items(*list).iter().any(|item| list.anchor(item.id()) == id);
        List::ALL.iter().any(item)
    })
}

fn diagnostic(found: &Found<'_>, check: &LinkCheck<'_>) -> Diagnostic {
    let Found { fault, occurrence: Occurrence { file, files, .. }, own, template } = found;
    let (links, others) = match files {
        1 => ("links", String::new()),
        files => ("link", format!(" and {}", counted(files - 1, "other file"))),
    };
    let (code, message) = match fault {
        Fault::NoFile { path } => {
            let path = shown(path);
            (Code::BrokenLink, format!("`{file}`{others} {links} to `{path}`, which does not exist on the site"))
        }
        Fault::NoAnchor { page: None, anchor } => {
            let without = if *files == 1 { "the page has" } else { "have" };
            (Code::BrokenAnchor, format!("`{file}`{others} {links} to `#{anchor}`, but {without} no such anchor"))
        }
        Fault::NoAnchor { page: Some(page), anchor } => {
            let page = shown(page);
            let message = format!("`{file}`{others} {links} to `{page}#{anchor}`, but that page has no such anchor");
            (Code::BrokenAnchor, message)
        }
        Fault::Outside { address } => {
            (Code::BrokenLink, format!("`{file}`{others} {links} to `{address}`, which leads out of the site"))
        }
        Fault::Host { address } => {
            (Code::BrokenLink, format!("`{file}`{others} {links} to `{address}`, which is another host"))
        }
        Fault::Beside { path } => {
            let (path, root) = (map::linked(path), check.publication.settings.base_path());
            let message = format!(
                "`{file}`{others} {links} to `/{path}`, which is outside of the site; the site has `{root}{path}`"
            );
            (Code::BrokenLink, message)
        }
        Fault::SameId { id } => (Code::IdTaken, format!("the id `{id}` is used twice in `{file}`{others}")),
    };
    let near = match fault {
        Fault::NoFile { path } => near(path, check),
        _ => None,
    };
    let help = match (fault, near, own, template) {
        (Fault::SameId { .. }, _, Some(_), _) => "use a different id for one of the two elements".to_owned(),
        (Fault::SameId { .. }, _, None, _) => "use a different id in the template".to_owned(),
        (Fault::Host { .. }, ..) => {
            "write no slash after `{{ page.root }}`, which ends with one, and no address that begins with two"
                .to_owned()
        }
        (Fault::Beside { .. }, _, None, Some(_)) => "write `{{ page.root }}` in place of the first slash".to_owned(),
        (Fault::Beside { path }, ..) => {
            let (path, root) = (map::linked(path), check.publication.settings.base_path());
            format!("write `{root}{path}`, or an address that is relative to the page")
        }
        (_, Some(near), _, _) => format!("did you mean `{near}`?"),
        (_, _, Some(_), _) => "correct the address in the file".to_owned(),
        (_, _, None, Some(_)) => "correct the address in the template".to_owned(),
        (_, _, None, None) => "correct the template that writes the link".to_owned(),
    };
    Diagnostic::new(code, message).at_known(own.clone().or(template.clone()), "").help(help)
}

/// Returns a path as links have it.
fn shown(path: &str) -> &str {
    match map::linked(path) {
        "" => "/",
        linked => linked,
    }
}

fn near(path: &str, check: &LinkCheck<'_>) -> Option<String> {
    let paths = check.site.iter().map(|(path, _)| map::linked(path.as_str()));
    nearest(map::linked(path), paths.filter(|path| !path.is_empty() && !is_conventional(path))).map(str::to_owned)
}

/// Returns the place in the publisher's file, if it is one that candor publishes unchanged.
fn own_file(occurrence: &Occurrence, check: &LinkCheck<'_>) -> Option<Place> {
    let (_, asset) = check.publication.assets.iter().find(|(_, asset)| asset.path == occurrence.file)?;
    let text = std::str::from_utf8(&asset.bytes).ok().filter(|_| asset.is_own())?;
    Some(match &occurrence.range {
        Some(range) => Place::new(&Source::new(asset.source(), text), range.clone()),
        None => Place::file(asset.source()),
    })
}

/// Returns the first place in a custom template that has the address, or the longest part of it that no template computes.
fn template(fault: &Fault, occurrence: &Occurrence, templates: &[Arc<Source>]) -> Option<Place> {
    let address = occurrence.address.as_str();
    let mut parts = vec![address.to_owned()];
    match fault {
        Fault::NoFile { path } => {
            let linked = map::linked(path);
            parts.extend(address.find(linked).map(|at| address[at..].to_owned()));
            parts.push(linked.to_owned());
        }
        Fault::NoAnchor { page, anchor } => {
            let page = page.as_deref().map(map::linked).unwrap_or_default();
            parts.extend([format!("{page}#{anchor}"), format!("#{anchor}")]);
        }
        Fault::Host { .. } => parts.push(address[1..].to_owned()),
        Fault::Outside { .. } | Fault::Beside { .. } | Fault::SameId { .. } => {}
    }
    let starts = |c: char| matches!(c, '"' | '\'' | '=' | '}' | '(' | '/' | ' ');
    let ends = |c: char| matches!(c, '"' | '\'' | '>' | '{' | ')' | '?' | '#' | ' ');
    parts.iter().filter(|part| !part.is_empty()).find_map(|part| {
        templates.iter().find_map(|source| {
            let fits =
                |at: &usize| source.text[..*at].ends_with(starts) && source.text[at + part.len()..].starts_with(ends);
            let at = source.text.match_indices(part.as_str()).map(|(at, _)| at).find(fits)?;
            Some(Place::new(source, at..at + part.len()))
        })
    })
}
