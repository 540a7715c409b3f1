//! The cells of the annex. A cell has parts, some of which apply only to some customers.

use crate::model::{Condition, Location, Service, Subprocessor};
use crate::text::join_lines;
use crate::wording::Catalog;

/// The separator between the parts of a cell.
pub const SEPARATOR: &str = "; ";

/// A part of a cell: a location, a data category, or the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPart {
    /// The text.
    pub text: String,
    /// The part is shown if any of these conditions may hold, or if there are none.
    pub conditions: Vec<Condition>,
}

type Cell = fn(&Subprocessor, &Catalog) -> Vec<CellPart>;

/// The columns, with the key of each name.
pub(super) const COLUMNS: [(&str, Cell); 20] = [
    ("subprocessors.name", |item, _| one(Some(&item.name))),
    ("fields.legal_name", |item, _| one(item.legal_name.as_ref())),
    ("fields.lei", |item, _| one(item.lei.as_ref())),
    ("fields.euid", |item, _| one(item.euid.as_ref())),
    ("fields.address", |item, _| one(item.address.as_deref().map(join_lines).as_ref())),
    ("fields.contact", |item, _| one(item.contact.as_ref())),
    ("fields.category", |item, _| one(item.category.as_ref())),
    ("subprocessors.purpose", |item, _| one(Some(&item.purpose))),
    (SERVICES, services),
    (DATA, |item, _| data(item)),
    ("subprocessors.condition", |item, strings| one(Some(&condition(item, strings)))),
    (LOCATIONS, |item, strings| {
        let part = |location: &Location| CellPart {
            text: strings.location(location),
            conditions: location.condition.iter().cloned().collect(),
        };
        item.united().locations.iter().map(part).collect()
    }),
    (TRANSFERS, transfers),
    ("fields.supplementary_measures", |item, _| one(item.supplementary_measures.as_ref())),
    ("fields.subject_matter", |item, _| one(item.subject_matter.as_ref())),
    ("fields.duration", |item, _| one(item.duration.as_ref())),
    ("fields.retention", retention),
    ("fields.data_subjects", |item, _| item.data_subjects.iter().flat_map(|subject| one(Some(subject))).collect()),
    ("fields.special_categories", |item, _| one(item.special_categories.as_ref())),
    ("fields.effective", |item, strings| one(item.effective.map(|date| strings.date(date)).as_ref())),
];

/// The columns with dates, which follow the others.
pub(super) const DATED: [&str; 4] = ["fields.announced", "fields.object_by", "fields.ends", "upcoming.title"];

/// The columns whose parts may have conditions.
const SERVICES: &str = "fields.services";
const DATA: &str = "subprocessors.data-categories";
const LOCATIONS: &str = "subprocessors.locations";
const TRANSFERS: &str = "subprocessors.transfer";

/// Returns the names of all columns.
pub fn heads(strings: &Catalog) -> Vec<String> {
    COLUMNS.iter().map(|(key, _)| *key).chain(DATED).map(|key| strings.get(key).to_owned()).collect()
}

/// Returns the positions of the columns of services, of data categories, of locations and of transfer mechanisms.
pub fn partial_columns() -> [Option<usize>; 4] {
    [SERVICES, DATA, LOCATIONS, TRANSFERS].map(|wanted| COLUMNS.iter().position(|(key, _)| *key == wanted))
}

/// Returns the cell with this text; empty if there is none.
pub(super) fn one(text: Option<&String>) -> Vec<CellPart> {
    text.filter(|text| !text.is_empty())
        .map(|text| CellPart { text: text.clone(), conditions: Vec::new() })
        .into_iter()
        .collect()
}

/// Returns the services, each with its purpose and when it applies.
fn services(item: &Subprocessor, strings: &Catalog) -> Vec<CellPart> {
    item.services.iter().map(|service| of_service(service, service_text(service, strings))).collect()
}

/// Returns a part of a cell that applies if the service does.
fn of_service(service: &Service, text: String) -> CellPart {
    CellPart { text, conditions: service.condition.iter().cloned().collect() }
}

/// Describes a service: `Mail API: Transactional email (only with SendGrid)`.
pub fn service_text(service: &Service, strings: &Catalog) -> String {
    let purpose = service.purpose.as_ref().map(|purpose| format!(": {purpose}")).unwrap_or_default();
    let condition = service.condition.as_ref().map(|condition| strings.in_sentence(&strings.condition(condition)));
    let applies = condition.map(|condition| format!(" ({condition})")).unwrap_or_default();
    format!("{}{purpose}{applies}", service.name)
}

/// Returns the data categories of the subprocessor and of its services. One that several services process applies if any of them
/// does.
fn data(item: &Subprocessor) -> Vec<CellPart> {
    let mut parts: Vec<CellPart> = item.data_categories.iter().flat_map(|category| one(Some(category))).collect();
    let stated = item.services.iter().flat_map(|service| service.data_categories.iter().map(move |it| (service, it)));
    for (service, category) in stated {
        match (parts.iter_mut().find(|part| part.text == *category), &service.condition) {
            (None, _) => parts.push(of_service(service, category.clone())),
            (Some(part), None) => part.conditions.clear(),
            (Some(part), Some(condition)) if !part.conditions.is_empty() => part.conditions.push(condition.clone()),
            (Some(_), Some(_)) => {}
        }
    }
    parts
}

/// Describes the transfer mechanisms of the subprocessor, and those that its services add.
pub fn transfers_text(item: &Subprocessor, strings: &Catalog) -> Option<String> {
    let texts: Vec<String> = transfers(item, strings).into_iter().map(|part| part.text).collect();
    (!texts.is_empty()).then(|| texts.join(SEPARATOR))
}

/// Returns the transfer mechanisms of the subprocessor, and those that its services add.
fn transfers(item: &Subprocessor, strings: &Catalog) -> Vec<CellPart> {
    let own = item.transfer_mechanism.as_ref().map(|transfers| strings.transfers(transfers));
    let mut parts = one(own.as_ref());
    for service in &item.services {
        if let Some(transfers) = &service.transfer_mechanism {
            parts.push(of_service(service, format!("{}: {}", service.name, strings.transfers(transfers))));
        }
    }
    parts
}

/// Returns how long the subprocessor and its services keep the data.
fn retention(item: &Subprocessor, _: &Catalog) -> Vec<CellPart> {
    let mut parts = one(item.retention.as_ref());
    for service in &item.services {
        if let Some(retention) = &service.retention {
            parts.push(of_service(service, format!("{}: {retention}", service.name)));
        }
    }
    parts
}

/// Describes when a subprocessor applies: `Always`, `Only with SendGrid`.
pub fn condition(item: &Subprocessor, strings: &Catalog) -> String {
    match &item.applicability() {
        None => strings.get("subprocessors.always").to_owned(),
        Some(condition) => strings.condition(condition),
    }
}
