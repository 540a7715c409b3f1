//! Rules for subprocessors: transfers to third countries, periods, and replacements.

use std::collections::BTreeSet;

use super::Subject;
use crate::diagnostic::{Code, Report, Suggestions};
use crate::model::upcoming::in_order;
use crate::model::{Date, Id, Jurisdiction, Location, Subprocessor, Territory, Transfers, Validity};
use crate::text::enumerated;

pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let listed = subject.content.disclosure.subprocessors.iter().map(|item| &item.id);
    let known: BTreeSet<&Id> = listed.chain(&subject.facts.listed_before).collect();
    let suggestions = Suggestions::new(known.iter().map(|id| id.as_str()));
    for (at, item) in subject.content.disclosure.subprocessors.iter().enumerate() {
        data_categories(subject, at, item, report);
        transfer(subject, at, item, report);
        period(subject, at, item, report);
        if let Some(replaces) = &item.replaces {
            replacement(subject, at, item, replaces, known.contains(replaces), &suggestions, report);
        }
    }
}

fn data_categories(subject: &Subject<'_>, at: usize, item: &Subprocessor, report: &mut Report) {
    // A value that could not be read has been reported.
    let has_key = |path: String| subject.content.places.contains(&format!("subprocessors[{at}].{path}#key"));
    let stated = has_key("data_categories".to_owned())
        || (0..item.services.len()).any(|nth| has_key(format!("services[{nth}].data_categories")));
    if item.united().data_categories.is_empty() && !stated {
        let message = format!("`{}` states no data categories", item.name);
        let help = "add `data_categories:` with the categories of personal data that it processes";
        report.push(subject.found(Code::DataCategoriesMissing, message, &format!("subprocessors[{at}]")).help(help));
    }
}

/// Whether a subprocessor states places or transfers that could not be read, which has been reported.
fn has_unread_transfers(subject: &Subject<'_>, at: usize, item: &Subprocessor) -> bool {
    let parts = (0..item.services.len()).map(|nth| format!("services[{nth}]."));
    let parts = parts.chain((0..item.upcoming.len()).map(|nth| format!("upcoming[{nth}].")));
    let has_key = |part: String| {
        ["locations", "corporate_location", "transfer_mechanism"]
            .iter()
            .any(|field| subject.content.places.contains(&format!("subprocessors[{at}].{part}{field}#key")))
    };
    !subject.facts.complete && parts.chain([String::new()]).any(has_key)
}

/// Checks the transfers of a subprocessor, now and after each of its upcoming changes.
fn transfer(subject: &Subject<'_>, at: usize, item: &Subprocessor, report: &mut Report) {
    if has_unread_transfers(subject, at, item) {
        return;
    }
    let jurisdiction = subject.content.disclosure.organization.jurisdiction.as_ref();
    if matches!(jurisdiction, Some(Jurisdiction::Uk | Jurisdiction::Other)) {
        return;
    }
    let path = format!("subprocessors[{at}]");
    let mut stated = StatedAt { paths: vec![path.clone()], from: None, was_without_country: false };
    let mut reported = transfer_of(subject, item, &stated, &[], report);
    let mut state = item.clone();
    for entry in in_order(&item.upcoming) {
        let position = item.upcoming.iter().position(|other| std::ptr::eq(other, entry)).unwrap_or_default();
        stated.was_without_country = state.united().locations.is_empty() && state.corporate_location.is_none();
        entry.apply(&mut state);
        // A value that the change states comes before that of the subprocessor.
        stated.paths.insert(0, format!("{path}.upcoming[{position}]"));
        stated.from = Some(entry.effective);
        reported.extend(transfer_of(subject, &state, &stated, &reported, report));
    }
}

/// Where the values of a subprocessor are stated, and from which date they apply if that is later.
struct StatedAt {
    /// The paths of the changes from the last to the first, then that of the subprocessor.
    paths: Vec<String>,
    from: Option<Date>,
    /// Whether the values before it name no country either, which has been reported.
    was_without_country: bool,
}

impl StatedAt {
    /// Returns the path of a value.
    fn path(&self, subject: &Subject<'_>, value: &str) -> String {
        let field = value.split('[').next().unwrap_or(value);
        let has = |path: &&String| subject.content.places.contains(&format!("{path}.{field}#key"));
        let path = self.paths.iter().find(has).or(self.paths.first());
        format!("{}.{value}", path.map(String::as_str).unwrap_or_default())
    }
}

/// Returns the places of a subprocessor and of its services, each with the path of the value and the mechanisms of the service, which
/// cover only its own transfers.
fn places(item: &Subprocessor) -> Vec<(Territory, String, Option<&Transfers>)> {
    let of = |locations: &[Location], path: &str| -> Vec<(Territory, String)> {
        let place =
            |(entry, location): (usize, &Location)| (location.code.clone(), format!("{path}locations[{entry}]"));
        locations.iter().enumerate().map(place).collect()
    };
    let corporate = item.corporate_location.iter().map(|code| (code.clone().into(), "corporate_location".to_owned()));
    let own = of(&item.locations, "").into_iter().chain(corporate).map(|(code, path)| (code, path, None));
    let services = item.services.iter().enumerate().flat_map(|(nth, service)| {
        let found = of(&service.locations, &format!("services[{nth}]."));
        found.into_iter().map(|(code, path)| (code, path, service.transfer_mechanism.as_ref()))
    });
    own.chain(services).collect()
}

/// Checks the transfers of a subprocessor with these values. Returns the places that no mechanism covers, and leaves out those that
/// are known.
fn transfer_of(
    subject: &Subject<'_>,
    item: &Subprocessor,
    stated_at: &StatedAt,
    known: &[Territory],
    report: &mut Report,
) -> Vec<Territory> {
    let mut uncovered: Vec<(Territory, String)> = Vec::new();
    for (territory, value, more) in places(item) {
        if territory.in_eea() || known.contains(&territory) {
            continue;
        }
        let covered = item.transfer_mechanism.iter().chain(more).any(|transfers| transfers.cover(&territory));
        if !covered && !uncovered.iter().any(|(other, _)| *other == territory) {
            uncovered.push((territory, value));
        }
    }
    let (is, has, covers) = match stated_at.from {
        None => ("is".to_owned(), "has", "covers"),
        Some(date) => (format!("will be, from {date},"), "will have", "will cover"),
    };
    let jurisdiction = subject.content.disclosure.organization.jurisdiction.as_ref();
    if let Some((_, value)) = uncovered.first() {
        let names: Vec<String> =
            uncovered.iter().map(|(code, _)| format!("{} ({code})", code.english_name())).collect();
        let (places, codes) = (enumerated(&names), uncovered.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>());
        let (message, help) = match &item.united().transfer_mechanism {
            None => (
                format!("`{}` {is} in {places} but {has} no transfer mechanism", item.name),
                "set `transfer_mechanism:` to adequacy, dpf, scc, bcr or derogation".to_owned(),
            ),
            Some(_) => (
                format!("`{}` {is} in {places}, which no entry of `transfer_mechanism` {covers}", item.name),
                format!("add an entry with `to: [{}]`, or one without `to`", codes.join(", ")),
            ),
        };
        let path = stated_at.path(subject, value);
        report.push(subject.found(Code::TransferMechanismMissing, message, &path).help(help));
    } else if jurisdiction == Some(&Jurisdiction::Eu)
        && item.united().locations.is_empty()
        && item.corporate_location.is_none()
        && !stated_at.was_without_country
    {
        let message = match stated_at.from {
            None => format!("`{}` has no country", item.name),
            Some(date) => format!("`{}` will have no country from {date}", item.name),
        };
        let help = "add `locations:` with the countries in which it processes the data";
        let path = stated_at.paths.first().map(String::as_str).unwrap_or_default();
        report.push(subject.found(Code::LocationMissing, message, path).help(help));
    }
    uncovered.into_iter().map(|(territory, _)| territory).collect()
}

fn period(subject: &Subject<'_>, at: usize, item: &Subprocessor, report: &mut Report) {
    let path = |field: &str| format!("subprocessors[{at}].{field}");
    let Some(ends) = item.ends else { return };
    if let Some(effective) = item.effective.filter(|effective| ends < *effective) {
        let message = format!("`{}` ends on {ends}, before it starts on {effective}", item.name);
        report.push(subject.dates_reversed(message, &path("ends"), &path("effective"), "it starts here"));
    } else if item.validity_on(subject.facts.as_of) == Validity::Ended {
        let message = format!("`{}` ended on {ends} but is still listed", item.name);
        let help = "remove it and make a release; the change log still shows it";
        report.push(subject.found(Code::SubprocessorEnded, message, &path("ends")).help(help));
    }
}

fn replacement(
    subject: &Subject<'_>,
    at: usize,
    item: &Subprocessor,
    replaces: &Id,
    known: bool,
    suggestions: &Suggestions<'_>,
    report: &mut Report,
) {
    let path = format!("subprocessors[{at}].replaces");
    if *replaces == item.id {
        let message = format!("`{}` replaces itself", item.name);
        report
            .push(subject.found(Code::ReplacesUnknown, message, &path).help("use the id of the replaced subprocessor"));
    } else if subject.facts.complete && !known {
        let help = match suggestions.nearest_among(replaces.as_str(), |name| name != item.id.as_str()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "use the id of a subprocessor in this list or in an earlier release".to_owned(),
        };
        let message = format!("`{}` replaces `{replaces}`, which was never listed", item.name);
        report.push(subject.found(Code::ReplacesUnknown, message, &path).help(help));
    }
}
