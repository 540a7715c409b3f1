//! The subprocessor annex: the subprocessors that apply to a customer, as an annex to a DPA (SCC Annex III).
//!
//! `static/js/schedule.js` implements the same rules; `tests/vectors/schedule.json` tests both.
//!
//! 1. A subprocessor without a condition applies to every customer.
//! 2. A subprocessor with a condition applies unless the condition is false for the customer (`model/condition.rs`). So do
//!    its locations: those whose condition is false are left out.
//! 3. A subprocessor does not apply after its last day. It applies before its first day, and the annex states that date.
//! 4. A recipient that is not a processor never applies.
//! 5. With services, a subprocessor applies only if one of them may apply. The services that do not apply are left out, with the
//!    data categories and locations that only they have.
//! 6. So do transfers: those to countries in which no data may be processed for the customer are left out, and so are the parts of
//!    upcoming changes that do not apply.
//! 7. Subprocessors are in the order of the list.
//!
//! All formats state the columns of [`COLUMNS`] that are not empty, except the rows for registers of information (DORA).

mod cells;
mod changes;
mod choice;
mod docx;
mod dora;
mod json;
mod markdown;
mod table;
mod transfers;
mod workbook;

pub use self::cells::{
    AnnexColumn, COLUMNS, CellPart, CellValue, SEPARATOR, ServiceFact, condition, partial_columns, service_facts,
    service_text, transfers_text,
};
pub use self::choice::choice;
pub use self::dora::DoraRows;
pub use self::json::ScheduleDocument;
pub use self::table::{AnnexRow, AnnexTable, joined};
pub use self::workbook::{list_csv, list_workbook};

use std::collections::BTreeSet;
use std::sync::Arc;

use self::transfers::TransferPlaces;
use crate::history::{DatedChange, DatedId, DatedKind, History, Names, Release};
use crate::model::{
    Condition, ConditionLeaf, CustomerChoice, Date, Digest, Dimensions, Disclosure, List, Service, Subprocessor,
    Transfers, Validity, Version,
};
use crate::text::join_lines;
use crate::wording::Catalog;

/// Parameters of an annex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The features that the customer uses, and the customer's value of each dimension that is known; `None` for the whole list,
    /// without regard to conditions.
    pub choice: Option<CustomerChoice>,
    /// The customer's company name.
    pub customer: Option<String>,
    /// The customer's workspace identifier.
    pub workspace: Option<String>,
    /// The date as of which the annex is evaluated.
    pub date: Date,
}

impl Request {
    /// The parameters of an annex with all subprocessors, for no particular customer.
    pub fn everything(date: Date) -> Request {
        Request { choice: None, customer: None, workspace: None, date }
    }
}

/// The release that an annex is generated from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Its version.
    pub version: Version,
    /// The SHA-256 digest of its record.
    pub digest: Digest,
    /// The date of publication.
    pub published: Date,
}

impl From<&Release> for Origin {
    fn from(release: &Release) -> Origin {
        Origin { version: release.version, digest: release.digest, published: release.published }
    }
}

/// A subprocessor annex.
#[derive(Debug, Clone)]
pub struct Schedule<'a> {
    /// The disclosure of the release.
    pub disclosure: &'a Disclosure,
    /// The release.
    pub origin: Origin,
    /// The parameters.
    pub request: Request,
    /// The subprocessors that apply.
    pub items: Vec<&'a Arc<Subprocessor>>,
    /// The dated changes that the release states.
    pub upcoming: Vec<DatedChange>,
    /// The names of subprocessors that are no longer listed.
    names: Names<'a>,
}

/// Returns the features that conditions name, without duplicates, in the order of the list.
pub fn features(disclosure: &Disclosure) -> Vec<&str> {
    let (mut features, mut seen): (Vec<&str>, _) = (Vec::new(), BTreeSet::new());
    for leaf in leaves(disclosure) {
        features.extend(leaf.features.0.iter().map(String::as_str).filter(|feature| seen.insert(*feature)));
    }
    features
}

/// Returns the declared dimensions that conditions name, with their values.
pub fn dimensions(disclosure: &Disclosure) -> Vec<(&str, &[String])> {
    let named: BTreeSet<&str> =
        leaves(disclosure).flat_map(|leaf| leaf.dimensions.keys().map(String::as_str)).collect();
    let all = disclosure.dimensions.0.iter().map(|(id, values)| (id.as_str(), values.as_slice()));
    all.filter(|(name, _)| named.contains(name)).collect()
}

/// Returns all leaves of the conditions of subprocessors.
fn leaves(disclosure: &Disclosure) -> impl Iterator<Item = &ConditionLeaf> {
    disclosure.processors().flat_map(|item| item.conditions()).flat_map(Condition::leaves)
}

/// Returns the features that command-line arguments name, without duplicates. An argument is one feature, or several separated
/// by commas. A feature name may contain commas, so the longest match wins.
///
/// # Errors
/// Returns the first name that is not a feature.
pub fn named_features(arguments: &[String], known: &[&str]) -> Result<Vec<String>, String> {
    let mut features: Vec<String> = Vec::new();
    let names: BTreeSet<&str> = known.iter().copied().collect();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let lengths: BTreeSet<usize> = known.iter().map(|name| name.split(',').count()).collect();
    for argument in arguments {
        let parts: Vec<&str> = argument.split(',').collect();
        let ends: Vec<usize> = argument.match_indices(',').map(|(at, _)| at).chain([argument.len()]).collect();
        let mut at = 0;
        while at < parts.len() {
            if parts[at].trim().is_empty() {
                at += 1;
                continue;
            }
            let start = ends[at] - parts[at].len();
            let longest = lengths.iter().rev().filter(|length| at + *length <= parts.len()).find_map(|length| {
                let name = &argument[start..ends[at + length - 1]];
                names.get(name.trim()).map(|feature| (at + length, *feature))
            });
            // If no part of the argument is a feature, report it as one misspelled name.
            let Some((end, feature)) = longest else {
                let name = if at == 0 { argument.as_str() } else { parts[at] };
                return Err(name.trim().to_owned());
            };
            if named.insert(feature) {
                features.push(feature.to_owned());
            }
            at = end;
        }
    }
    Ok(features)
}

/// Whether a subprocessor applies to a customer on this date.
pub fn applies(item: &Subprocessor, choice: &CustomerChoice, dimensions: &Dimensions, date: Date) -> bool {
    let may_hold = |condition: &Condition| condition.may_hold(choice, dimensions);
    item.applicability().as_ref().is_none_or(may_hold) && is_listed(item, date)
}

/// Whether a subprocessor applies to any customer on this date.
fn is_listed(item: &Subprocessor, date: Date) -> bool {
    !item.is_recipient() && item.validity_on(date) != Validity::Ended
}

impl<'a> Schedule<'a> {
    /// Selects the subprocessors that apply.
    pub fn new(disclosure: &'a Disclosure, origin: Origin, request: Request) -> Schedule<'a> {
        let is_included = |item: &&Arc<Subprocessor>| match &request.choice {
            Some(choice) => applies(item, choice, &disclosure.dimensions, request.date),
            None => is_listed(item, request.date),
        };
        let items = disclosure.subprocessors.iter().filter(is_included).collect();
        let names = Names::default().with([Some(disclosure), None]);
        Schedule { disclosure, origin, request, items, upcoming: Vec::new(), names }
    }

    /// Also states these dated changes.
    #[must_use]
    pub fn with_upcoming(self, upcoming: Vec<DatedChange>) -> Schedule<'a> {
        Schedule { upcoming, ..self }
    }

    /// Also names subprocessors that were listed only by earlier releases.
    #[must_use]
    pub fn with_names_of(self, history: &'a History) -> Schedule<'a> {
        let names = Names::up_to(history, self.origin.version).with([Some(self.disclosure), None]);
        Schedule { names, ..self }
    }

    /// Returns the changes of a subprocessor that are still to come, without regard to conditions.
    fn to_come<'s>(&'s self, item: &'s Subprocessor) -> impl Iterator<Item = &'s DatedChange> {
        let of_item = |change: &&DatedChange| change.id.list == List::Subprocessors && change.id.item == item.id;
        self.upcoming.iter().filter(of_item).filter(|change| change.state_on(self.request.date).is_to_come())
    }

    /// Returns the changes of a subprocessor that are still to come, without what does not apply to the customer.
    pub fn upcoming_changes(&self, item: &Subprocessor) -> Vec<DatedChange> {
        let applicable = |change: &DatedChange| {
            let is_stated = change.kind == DatedKind::Change && !change.changes.is_empty();
            let mut applicable = match is_stated {
                true => changes::applicable(change, item, |conditions| self.is_included(conditions))?,
                false => change.clone(),
            };
            applicable.provider = change.provider.as_ref().map(|provider| self.applicable(provider));
            Some(applicable)
        };
        self.to_come(item).filter_map(applicable).collect()
    }

    /// Returns the pieces of a change of a subprocessor that apply to the customer, each with the conditions under which it applies;
    /// none if the whole change applies to everybody.
    pub fn pieces(&self, item: &Subprocessor, id: &DatedId) -> Vec<(DatedChange, Vec<Condition>)> {
        let Some(change) = self.to_come(item).find(|change| change.id == *id) else { return Vec::new() };
        let mut pieces = changes::split(change, item);
        if pieces.iter().all(|(_, conditions)| conditions.is_empty()) {
            return Vec::new();
        }
        pieces.retain(|(_, conditions)| self.is_included(conditions));
        pieces
    }

    /// Returns a subprocessor that applies, without what does not apply to the customer.
    pub fn applicable(&self, item: &Arc<Subprocessor>) -> Arc<Subprocessor> {
        if item.conditions().all(|condition| self.is_included([condition])) {
            return Arc::clone(item);
        }
        let is_included = |part: &Option<Condition>| self.is_included(part);
        let kept = |transfers: &Option<Transfers>, places: &TransferPlaces| {
            let transfers = transfers.as_ref()?;
            places.applicable(&transfers.0, |conditions| self.is_included(conditions)).map(Transfers)
        };
        let mut applicable = Subprocessor::clone(item);
        applicable.transfer_mechanism = kept(&item.transfer_mechanism, &TransferPlaces::of(item));
        applicable.locations.retain(|location| is_included(&location.condition));
        applicable.services.retain(|service| is_included(&service.condition));
        for service in &mut applicable.services {
            let transfers = kept(&service.transfer_mechanism, &TransferPlaces::of_service(item, service));
            let locations = service.locations.iter().filter(|location| is_included(&location.condition)).cloned();
            *service = Service { locations: locations.collect(), transfer_mechanism: transfers, ..service.clone() };
        }
        Arc::new(applicable)
    }

    /// Whether any of these conditions may hold for the customer; true if there are none.
    fn is_included<'c>(&self, conditions: impl IntoIterator<Item = &'c Condition>) -> bool {
        let Some(choice) = &self.request.choice else { return true };
        let mut conditions = conditions.into_iter().peekable();
        conditions.peek().is_none() || conditions.any(|it| it.may_hold(choice, &self.disclosure.dimensions))
    }

    /// Returns the header of the annex: label and value of each line.
    pub fn particulars(&self, strings: &Catalog) -> Vec<(String, String)> {
        let organization = &self.disclosure.organization;
        let mut processor = vec![organization.name.clone()];
        processor.extend(organization.legal_name.clone().filter(|name| *name != organization.name));
        processor.extend(organization.address.as_deref().map(join_lines));
        let mut lines = vec![(strings.get("schedule.processor").to_owned(), processor.join(", "))];
        let customer = [self.request.customer.as_deref(), self.request.workspace.as_deref()];
        let customer: Vec<&str> = customer.into_iter().flatten().collect();
        if !customer.is_empty() {
            lines.push((strings.get("schedule.customer").to_owned(), customer.join(", ")));
        }
        let known = features(self.disclosure);
        let used = match &self.request.choice {
            Some(choice) => choice.features.join(", "),
            None => known.join(", "),
        };
        // If nothing depends on a feature, there is none to select.
        if !known.is_empty() || !used.is_empty() {
            let used = if used.is_empty() { strings.get("schedule.no-features").to_owned() } else { used };
            lines.push((strings.get("schedule.features").to_owned(), used));
        }
        for (name, _) in dimensions(self.disclosure) {
            let answer = self.request.choice.as_ref().and_then(|choice| choice.dimensions.get(name));
            let answer = answer.map_or_else(|| strings.get("schedule.any-value").to_owned(), Clone::clone);
            lines.push((strings.dimension(name), answer));
        }
        lines.push((strings.get("schedule.as-of").to_owned(), strings.date(self.request.date)));
        lines.push((strings.get("head.version").to_owned(), self.origin.version.to_string()));
        lines.push(("SHA-256".to_owned(), self.origin.digest.to_string()));
        lines
    }

    /// Returns the cells of all columns for each subprocessor, with the conditions of their parts.
    pub fn rows(&self, strings: &Catalog) -> Vec<AnnexRow> {
        let row = |item: &Arc<Subprocessor>| {
            let changes: Vec<&DatedChange> = self.to_come(item).collect();
            AnnexRow::new(item, &changes, self.names, strings)
        };
        self.items.iter().map(|item| row(item)).collect()
    }

    /// Returns the table of what applies to the customer, which every format states.
    pub fn table(&self, strings: &Catalog) -> AnnexTable {
        AnnexTable::new(self.rows(strings), |conditions| self.is_included(conditions))
    }

    /// Returns the sentence that replaces the table if it has no rows.
    fn nothing<'s>(&self, strings: &'s Catalog) -> &'s str {
        strings.get(match self.disclosure.processors().next() {
            None => "subprocessors.empty",
            Some(_) => "schedule.none",
        })
    }

    /// Returns the sentence that the copy is not confirmed.
    fn unconfirmed(&self, strings: &Catalog) -> String {
        strings.fill("schedule.unconfirmed", &[("organization", &self.disclosure.organization.name)])
    }

    /// Returns what identifies the annex at the edge of each page.
    fn imprint(&self, strings: &Catalog) -> String {
        let (version, digest) = (self.origin.version, self.origin.digest);
        let organization = &self.disclosure.organization.name;
        format!("{organization} · {} · {version} · SHA-256 {digest}", strings.get("schedule.annex"))
    }
}

#[cfg(test)]
mod tests {
    use super::named_features;

    #[test]
    fn feature_names_may_contain_commas() {
        let known = ["SMS", "SMS, voice and fax", "Mail"];
        let named = |arguments: &[&str]| {
            named_features(&arguments.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), &known)
        };
        let found = |features: &[&str]| Ok(features.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(named(&["SMS, voice and fax"]), found(&["SMS, voice and fax"]));
        assert_eq!(named(&["Mail,SMS, voice and fax , SMS"]), found(&["Mail", "SMS, voice and fax", "SMS"]));
        assert_eq!(named(&["SMS", "Mail,Mail", ""]), found(&["SMS", "Mail"]));
        assert_eq!(named(&["Mail, SMS, voice"]), Err("voice".to_owned()));
        assert_eq!(named(&["Voice, fax"]), Err("Voice, fax".to_owned()));
    }
}
