//! The subprocessor annex: the subprocessors that apply to a customer, as an annex to a DPA (SCC Annex III).
//!
//! `static/js/schedule.js` implements the same rules; `tests/vectors/schedule.json` tests both.
//!
//! 1. A subprocessor without a condition applies to every customer.
//! 2. A subprocessor with a condition applies to customers who use the feature that the condition names, both for
//!    `enabled` and for `configured`.
//! 3. A subprocessor does not apply after its last day. It applies before its first day, and the annex states that date.
//! 4. A recipient that is not a processor never applies.
//! 5. Subprocessors are in the order of the list.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Date, Digest, Disclosure, Subprocessor, Validity, Version};
use crate::text::join_lines;
use crate::text::markdown::escape;
use crate::wording::Catalog;

/// Parameters of an annex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The features that the customer uses, as named by conditions.
    pub features: Vec<String>,
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
}

/// Returns the features that conditions name, without duplicates, in the order of the list.
pub fn features(disclosure: &Disclosure) -> Vec<&str> {
    let (mut features, mut seen): (Vec<&str>, _) = (Vec::new(), BTreeSet::new());
    for condition in disclosure.processors().filter_map(|item| item.condition.as_ref()) {
        if seen.insert(condition.feature.as_str()) {
            features.push(condition.feature.as_str());
        }
    }
    features
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

/// Whether a subprocessor applies to a customer who uses these features, on this date.
pub fn applies(item: &Subprocessor, features: &[String], date: Date) -> bool {
    let used = match &item.condition {
        None => true,
        Some(condition) => features.contains(&condition.feature),
    };
    used && !item.is_recipient() && item.validity_on(date) != Validity::Ended
}

impl<'a> Schedule<'a> {
    /// Selects the subprocessors that apply.
    pub fn new(disclosure: &'a Disclosure, origin: Origin, request: Request) -> Schedule<'a> {
        let items =
            disclosure.subprocessors.iter().filter(|item| applies(item, &request.features, request.date)).collect();
        Schedule { disclosure, origin, request, items }
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
        let used = match self.request.features.as_slice() {
            [] => strings.get("schedule.no-features").to_owned(),
            features => features.join(", "),
        };
        lines.push((strings.get("schedule.features").to_owned(), used));
        lines.push((strings.get("schedule.as-of").to_owned(), strings.date(self.request.date)));
        lines.push((strings.get("head.version").to_owned(), self.origin.version.to_string()));
        lines.push(("SHA-256".to_owned(), self.origin.digest.to_string()));
        lines
    }

    /// Returns all columns, with the cells of each row.
    pub fn cells(&self, strings: &Catalog) -> (Vec<String>, Vec<Vec<String>>) {
        type Cell = fn(&Subprocessor, &Catalog) -> String;
        let columns: [(&str, Cell); 19] = [
            ("subprocessors.name", |item, _| item.name.clone()),
            ("fields.legal_name", |item, _| item.legal_name.clone().unwrap_or_default()),
            ("fields.lei", |item, _| item.lei.clone().unwrap_or_default()),
            ("fields.euid", |item, _| item.euid.clone().unwrap_or_default()),
            ("fields.address", |item, _| item.address.as_deref().map(join_lines).unwrap_or_default()),
            ("fields.contact", |item, _| item.contact.clone().unwrap_or_default()),
            ("fields.category", |item, _| item.category.clone().unwrap_or_default()),
            ("subprocessors.purpose", |item, _| item.purpose.clone()),
            ("subprocessors.data-categories", |item, _| item.data_categories.join("; ")),
            ("subprocessors.condition", condition),
            ("subprocessors.locations", |item, strings| {
                item.locations.iter().map(|location| strings.location(location)).collect::<Vec<_>>().join("; ")
            }),
            ("subprocessors.transfer", |item, strings| {
                item.transfer_mechanism.as_ref().map(|it| strings.value(it.as_str()).to_owned()).unwrap_or_default()
            }),
            ("fields.supplementary_measures", |item, _| item.supplementary_measures.clone().unwrap_or_default()),
            ("fields.subject_matter", |item, _| item.subject_matter.clone().unwrap_or_default()),
            ("fields.duration", |item, _| item.duration.clone().unwrap_or_default()),
            ("fields.retention", |item, _| item.retention.clone().unwrap_or_default()),
            ("fields.data_subjects", |item, _| item.data_subjects.join("; ")),
            ("fields.special_categories", |item, _| item.special_categories.clone().unwrap_or_default()),
            ("fields.effective", |item, strings| item.effective.map(|date| strings.date(date)).unwrap_or_default()),
        ];
        let head = columns.iter().map(|(key, _)| strings.get(key).to_owned()).collect();
        let rows =
            self.items.iter().map(|item| columns.iter().map(|(_, cell)| cell(item, strings)).collect()).collect();
        (head, rows)
    }

    /// Returns the columns that are not empty, with the cells of each row.
    fn table(&self, strings: &Catalog) -> (Vec<String>, Vec<Vec<String>>) {
        let (head, rows) = self.cells(strings);
        let filled: Vec<bool> = (0..head.len()).map(|at| rows.iter().any(|row| !row[at].is_empty())).collect();
        let keep = |cells: Vec<String>| {
            cells.into_iter().zip(&filled).filter_map(|(cell, keep)| keep.then_some(cell)).collect()
        };
        (keep(head), rows.into_iter().map(keep).collect())
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

/// Describes when a subprocessor applies: `Always`, `Only with SendGrid`.
pub fn condition(item: &Subprocessor, strings: &Catalog) -> String {
    match &item.condition {
        None => strings.get("subprocessors.always").to_owned(),
        Some(condition) => strings.condition(condition.when.as_str(), &condition.feature),
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
