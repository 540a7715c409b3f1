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
//! 6. Subprocessors are in the order of the list.

mod cells;

pub use self::cells::{CellPart, SEPARATOR, condition, heads, partial_columns, service_text, transfers_text};

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use self::cells::{COLUMNS, one};
use crate::history::{DatedChange, DatedKind};
use crate::model::{
    Condition, ConditionLeaf, CustomerChoice, Date, Digest, Dimensions, Disclosure, List, Subprocessor, Validity,
    Version,
};
use crate::text::join_lines;
use crate::text::markdown::escape;
use crate::wording::{Catalog, dated};

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
        Schedule { disclosure, origin, request, items, upcoming: Vec::new() }
    }

    /// Also states these dated changes.
    #[must_use]
    pub fn with_upcoming(self, upcoming: Vec<DatedChange>) -> Schedule<'a> {
        Schedule { upcoming, ..self }
    }

    /// Returns the changes of a subprocessor that are still to come.
    pub fn to_come<'s>(&'s self, item: &'s Subprocessor) -> impl Iterator<Item = &'s DatedChange> {
        let of_item = |change: &&DatedChange| change.id.list == List::Subprocessors && change.id.item == item.id;
        self.upcoming.iter().filter(of_item).filter(|change| change.state_on(self.request.date).is_to_come())
    }

    /// Returns a subprocessor that applies, without what does not apply to the customer.
    pub fn applicable(&self, item: &Arc<Subprocessor>) -> Arc<Subprocessor> {
        if item.conditions().all(|condition| self.is_included(Some(condition))) {
            return Arc::clone(item);
        }
        let is_included = |part: &Option<Condition>| self.is_included(part.as_ref());
        let mut applicable = Subprocessor::clone(item);
        applicable.locations.retain(|location| is_included(&location.condition));
        applicable.services.retain(|service| is_included(&service.condition));
        for service in &mut applicable.services {
            service.locations.retain(|location| is_included(&location.condition));
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
        let features = match &self.request.choice {
            Some(choice) => choice.features.clone(),
            None => features(self.disclosure).into_iter().map(str::to_owned).collect(),
        };
        let used =
            if features.is_empty() { strings.get("schedule.no-features").to_owned() } else { features.join(", ") };
        lines.push((strings.get("schedule.features").to_owned(), used));
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

    /// Returns the cells of all columns for each subprocessor.
    pub fn cells(&self, strings: &Catalog) -> Vec<Vec<Vec<CellPart>>> {
        let row = |item: &Subprocessor| {
            let own = COLUMNS.iter().map(|(_, cell)| cell(item, strings));
            own.chain(self.dated_cells(item, strings).iter().map(|text| one(Some(text)))).collect()
        };
        self.items.iter().map(|item| row(item)).collect()
    }

    /// Returns the cells with dates: announcement, objection deadline, end, and upcoming changes.
    fn dated_cells(&self, item: &Subprocessor, strings: &Catalog) -> [String; 4] {
        let date = |date: Option<Date>| date.map(|date| strings.date(date)).unwrap_or_default();
        let is_upcoming = item.validity_on(self.request.date) == Validity::Upcoming;
        let changes = self.to_come(item).filter(|change| change.kind == DatedKind::Change);
        [
            date(item.announced.filter(|_| is_upcoming)),
            date(self.to_come(item).find_map(DatedChange::object_by)),
            date(item.ends),
            changes.map(|change| dated::one_line(change, strings)).collect::<Vec<_>>().join("; "),
        ]
    }

    /// Returns the columns that are not empty, with the cells of each row.
    fn table(&self, strings: &Catalog) -> (Vec<String>, Vec<Vec<String>>) {
        let text = |cell: Vec<CellPart>| -> String {
            let parts = cell.into_iter().filter(|part| self.is_included(&part.conditions)).map(|part| part.text);
            parts.collect::<Vec<_>>().join(SEPARATOR)
        };
        let rows: Vec<Vec<String>> =
            self.cells(strings).into_iter().map(|row| row.into_iter().map(text).collect()).collect();
        let heads = heads(strings);
        let filled: Vec<bool> = (0..heads.len()).map(|at| rows.iter().any(|row| !row[at].is_empty())).collect();
        let keep = |cells: Vec<String>| {
            cells.into_iter().zip(&filled).filter_map(|(cell, keep)| keep.then_some(cell)).collect()
        };
        (keep(heads), rows.into_iter().map(keep).collect())
    }

    /// Formats the annex as Markdown.
    pub fn markdown(&self, strings: &Catalog) -> String {
        let mut text = format!("# {}\n\n", escape(strings.get("schedule.annex")));
        for (label, value) in self.particulars(strings) {
            text += &format!("- {}: {}\n", escape(&label), escape(&value));
        }
        let (head, rows) = self.table(strings);
        let line =
            |cells: &[String]| format!("| {} |\n", cells.iter().map(|c| escape(c)).collect::<Vec<_>>().join(" | "));
        if rows.is_empty() {
            text += &format!(
                "\n{}\n",
                escape(strings.get(if self.disclosure.processors().next().is_none() {
                    "subprocessors.empty"
                } else {
                    "schedule.none"
                }))
            );
        } else {
            text += &format!("\n{}|{}\n", line(&head), " --- |".repeat(head.len()));
        }
        for row in &rows {
            text += &line(row);
        }
        let unconfirmed = strings.fill("schedule.unconfirmed", &[("organization", &self.disclosure.organization.name)]);
        text + &format!("\n{}\n", escape(&unconfirmed))
    }

    /// Formats the annex as CSV (RFC 4180), one row per subprocessor. Cells are [`guarded`] against formula injection.
    ///
    /// # Errors
    /// None in practice, because writing to memory does not fail.
    pub fn csv(&self, strings: &Catalog) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let (head, rows) = self.table(strings);
        for row in std::iter::once(head).chain(rows) {
            writer.write_record(row.iter().map(|cell| guarded(cell).into_owned()))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// Prefixes a cell with an apostrophe if a spreadsheet would evaluate it as a formula (OWASP, "CSV Injection").
///
/// Spreadsheets do not show the apostrophe. Other readers can remove an apostrophe that is followed by one of these characters.
pub fn guarded(cell: &str) -> Cow<'_, str> {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{cell}").into(),
        false => cell.into(),
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
