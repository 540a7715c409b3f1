//! The columns of the annex, which all its formats share, and the cells of a subprocessor. A cell has parts, some of which apply only
//! to some customers.

use super::changes;
use super::transfers::TransferPlaces;
use crate::history::{DatedChange, DatedKind, Names};
use crate::model::{Condition, Date, Location, Service, StatedUrl, Subprocessor, Transfer};
use crate::text::join_lines;
use crate::wording::{Catalog, dated};

/// The separator between the parts of a cell.
pub const SEPARATOR: &str = "; ";

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellValue {
    /// Text in the language of the content.
    Text(String),
    /// A date.
    Date(Date),
}

impl CellValue {
    /// Returns the value as text.
    pub fn text(&self, strings: &Catalog) -> String {
        match self {
            CellValue::Text(text) => text.clone(),
            CellValue::Date(date) => strings.date(*date),
        }
    }
}

/// A part of a cell: a location, a data category, a date, or the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPart {
    /// The value.
    pub value: CellValue,
    /// The part is shown if any of these conditions may hold, or if there are none.
    pub conditions: Vec<Condition>,
}

impl CellPart {
    fn new(text: impl Into<String>, conditions: Vec<Condition>) -> CellPart {
        CellPart { value: CellValue::Text(text.into()), conditions }
    }
}

/// What the cells of a row are made from.
pub(super) struct RowSource<'a> {
    pub item: &'a Subprocessor,
    /// The dated changes of the subprocessor that are still to come.
    pub changes: &'a [&'a DatedChange],
    /// The names of the subprocessors to which it refers.
    pub names: Names<'a>,
    pub strings: &'a Catalog,
}

/// A column of the annex.
pub struct AnnexColumn {
    /// Its name for programs.
    pub key: &'static str,
    /// The key of its label in the string catalog.
    pub label: &'static str,
    /// The column under whose heading a printed document states it.
    pub under: &'static str,
    /// Whether a cell can have several values.
    pub is_list: bool,
    /// Whether the values are dates.
    pub is_date: bool,
    cell: fn(&RowSource<'_>) -> Vec<CellPart>,
}

impl AnnexColumn {
    const fn text(
        key: &'static str,
        label: &'static str,
        under: &'static str,
        cell: fn(&RowSource<'_>) -> Vec<CellPart>,
    ) -> AnnexColumn {
        AnnexColumn { key, label, under, is_list: false, is_date: false, cell }
    }

    const fn list(self) -> AnnexColumn {
        AnnexColumn { is_list: true, ..self }
    }

    const fn date(self) -> AnnexColumn {
        AnnexColumn { is_date: true, ..self }
    }

    /// Returns the cell of a row.
    pub(super) fn cell(&self, source: &RowSource<'_>) -> Vec<CellPart> {
        (self.cell)(source)
    }
}

const NAME: &str = "name";
const PURPOSE: &str = "purpose";
const DATA: &str = "data_categories";
const LOCATIONS: &str = "locations";
const APPLIES: &str = "applies";
const SERVICES: &str = "services";
const TRANSFERS: &str = "transfers";

/// All columns, in order. A table has those that are not empty.
pub static COLUMNS: [AnnexColumn; 31] = [
    AnnexColumn::text(NAME, "subprocessors.name", NAME, |row| one(Some(&row.item.name))),
    AnnexColumn::text("former_names", "fields.former_names", NAME, |row| all(&row.item.former_names)).list(),
    AnnexColumn::text("legal_name", "fields.legal_name", NAME, |row| one(row.item.legal_name.as_ref())),
    AnnexColumn::text("lei", "fields.lei", NAME, |row| one(row.item.lei.as_ref())),
    AnnexColumn::text("euid", "fields.euid", NAME, |row| one(row.item.euid.as_ref())),
    AnnexColumn::text("address", "fields.address", NAME, |row| {
        one(row.item.address.as_deref().map(join_lines).as_ref())
    }),
    AnnexColumn::text("contact", "fields.contact", NAME, |row| one(row.item.contact.as_ref())),
    AnnexColumn::text("website", "fields.website", NAME, |row| website(row.item)).list(),
    AnnexColumn::text("role", "fields.role", NAME, |row| {
        one(row.item.role.as_ref().map(|role| row.strings.value(role.as_str()).to_owned()).as_ref())
    }),
    AnnexColumn::text("category", "fields.category", NAME, |row| one(row.item.category.as_ref())),
    AnnexColumn::text(PURPOSE, "subprocessors.purpose", PURPOSE, |row| one(Some(&row.item.purpose))),
    AnnexColumn::text(SERVICES, "fields.services", PURPOSE, |row| services(row.item, row.strings)).list(),
    AnnexColumn::text(DATA, "subprocessors.data-categories", DATA, |row| data(row.item)).list(),
    AnnexColumn::text(APPLIES, "subprocessors.condition", APPLIES, |row| one(Some(&condition(row.item, row.strings)))),
    AnnexColumn::text(LOCATIONS, "subprocessors.locations", LOCATIONS, |row| {
        locations(&row.item.united().locations, row.strings)
    })
    .list(),
    AnnexColumn::text("corporate_location", "fields.corporate_location", LOCATIONS, |row| {
        let country = row.item.corporate_location.as_ref().map(|code| row.strings.country(code.as_str()).to_owned());
        one(country.as_ref())
    }),
    AnnexColumn::text(TRANSFERS, "subprocessors.transfer", LOCATIONS, |row| transfers(row.item, row.strings)).list(),
    AnnexColumn::text("supplementary_measures", "fields.supplementary_measures", LOCATIONS, |row| {
        one(row.item.supplementary_measures.as_ref())
    }),
    AnnexColumn::text("subject_matter", "fields.subject_matter", PURPOSE, |row| one(row.item.subject_matter.as_ref())),
    AnnexColumn::text("duration", "fields.duration", PURPOSE, |row| one(row.item.duration.as_ref())),
    AnnexColumn::text("retention", "fields.retention", PURPOSE, |row| retention(row.item)).list(),
    AnnexColumn::text("data_subjects", "fields.data_subjects", DATA, |row| all(&row.item.data_subjects)).list(),
    AnnexColumn::text("special_categories", "fields.special_categories", DATA, |row| {
        one(row.item.special_categories.as_ref())
    }),
    AnnexColumn::text("dpa_url", "fields.dpa_url", NAME, |row| url(row.item.dpa_url.as_ref())),
    AnnexColumn::text("subprocessors_url", "fields.subprocessors_url", NAME, |row| {
        url(row.item.subprocessors_url.as_ref())
    }),
    AnnexColumn::text("replaces", "fields.replaces", NAME, replaced),
    AnnexColumn::text("announced", "fields.announced", APPLIES, |row| date(row.item.announced)).date(),
    AnnexColumn::text("effective", "fields.effective", APPLIES, |row| date(row.item.effective)).date(),
    AnnexColumn::text("object_by", "fields.object_by", APPLIES, deadlines).list().date(),
    AnnexColumn::text("ends", "fields.ends", APPLIES, |row| date(row.item.ends)).date(),
    AnnexColumn::text("upcoming", "upcoming.title", APPLIES, upcoming).list(),
];

/// Returns the positions of the columns of services, of data categories, of locations and of transfer mechanisms.
pub fn partial_columns() -> [Option<usize>; 4] {
    [SERVICES, DATA, LOCATIONS, TRANSFERS].map(|wanted| COLUMNS.iter().position(|column| column.key == wanted))
}

/// Returns the cell with this text; empty if there is none.
fn one(text: Option<&String>) -> Vec<CellPart> {
    text.filter(|text| !text.is_empty()).map(|text| CellPart::new(text, Vec::new())).into_iter().collect()
}

fn all(texts: &[String]) -> Vec<CellPart> {
    texts.iter().flat_map(|text| one(Some(text))).collect()
}

fn url(url: Option<&StatedUrl>) -> Vec<CellPart> {
    one(url.map(ToString::to_string).as_ref())
}

fn date(date: Option<Date>) -> Vec<CellPart> {
    date.map(|date| CellPart { value: CellValue::Date(date), conditions: Vec::new() }).into_iter().collect()
}

/// Returns the services, each with its purpose and when it applies.
fn services(item: &Subprocessor, strings: &Catalog) -> Vec<CellPart> {
    item.services.iter().map(|service| of_service(service, service_text(service, strings))).collect()
}

/// Returns a part of a cell that applies if the service does.
fn of_service(service: &Service, text: String) -> CellPart {
    CellPart::new(text, service.condition.iter().cloned().collect())
}

/// Describes a service: `Mail API: Transactional email (only with SendGrid)`.
pub fn service_text(service: &Service, strings: &Catalog) -> String {
    let purpose = service.purpose.as_ref().map(|purpose| format!(": {purpose}")).unwrap_or_default();
    let condition = service.condition.as_ref().map(|condition| strings.condition_in_sentence(condition));
    let applies = condition.map(|condition| format!(" ({condition})")).unwrap_or_default();
    format!("{}{purpose}{applies}", service.name)
}

/// Returns the data categories of the subprocessor and of its services. One that several services process applies if any of them
/// does.
fn data(item: &Subprocessor) -> Vec<CellPart> {
    let mut parts = all(&item.data_categories);
    let stated = item.services.iter().flat_map(|service| service.data_categories.iter().map(move |it| (service, it)));
    for (service, category) in stated {
        let same = |part: &&mut CellPart| matches!(&part.value, CellValue::Text(text) if text == category);
        match (parts.iter_mut().find(same), &service.condition) {
            (None, _) => parts.push(of_service(service, category.clone())),
            (Some(part), None) => part.conditions.clear(),
            (Some(part), Some(condition)) if !part.conditions.is_empty() => part.conditions.push(condition.clone()),
            (Some(_), Some(_)) => {}
        }
    }
    parts
}

fn locations(locations: &[Location], strings: &Catalog) -> Vec<CellPart> {
    let part =
        |location: &Location| CellPart::new(strings.location(location), location.condition.iter().cloned().collect());
    locations.iter().map(part).collect()
}

/// Describes the transfer mechanisms of the subprocessor, and those that its services add.
pub fn transfers_text(item: &Subprocessor, strings: &Catalog) -> Option<String> {
    let texts: Vec<String> = transfers(item, strings).iter().map(|part| part.value.text(strings)).collect();
    (!texts.is_empty()).then(|| texts.join(SEPARATOR))
}

/// Returns the transfer mechanisms of the subprocessor, and those that its services add.
fn transfers(item: &Subprocessor, strings: &Catalog) -> Vec<CellPart> {
    let own = item.transfer_mechanism.iter().flat_map(|transfers| &transfers.0);
    let mut parts = transfer_parts(own, &TransferPlaces::of(item), strings);
    for service in &item.services {
        let stated = service.transfer_mechanism.iter().flat_map(|transfers| &transfers.0);
        for part in transfer_parts(stated, &TransferPlaces::of_service(item, service), strings) {
            let conditions =
                if part.conditions.is_empty() { service.condition.iter().cloned().collect() } else { part.conditions };
            let text = part.value.text(strings);
            match parts.last_mut() {
                // The name once for consecutive mechanisms that apply together.
                Some(CellPart { value: CellValue::Text(last), conditions: same })
                    if *same == conditions && last.starts_with(&format!("{}: ", service.name)) =>
                {
                    last.push_str(SEPARATOR);
                    last.push_str(&text);
                }
                _ => parts.push(CellPart::new(format!("{}: {text}", service.name), conditions)),
            }
        }
    }
    parts
}

fn transfer_parts<'a>(
    transfers: impl Iterator<Item = &'a Transfer>,
    places: &TransferPlaces,
    strings: &Catalog,
) -> Vec<CellPart> {
    let split = transfers.flat_map(|transfer| places.split(transfer));
    split.map(|(transfer, conditions)| CellPart::new(strings.transfer(&transfer), conditions)).collect()
}

/// A fact about a service: its label, its parts, and the separator between them.
pub struct ServiceFact {
    /// The label.
    pub label: String,
    /// The parts, with conditions in addition to that of the service.
    pub parts: Vec<CellPart>,
    /// The separator between the parts.
    pub separator: &'static str,
}

/// Returns the data, places, transfers and retention of a service, without what it does not state.
pub fn service_facts(item: &Subprocessor, service: &Service, strings: &Catalog) -> Vec<ServiceFact> {
    let transfers = service.transfer_mechanism.iter().flat_map(|transfers| &transfers.0);
    let facts = [
        ("data_categories", all(&service.data_categories), ", "),
        ("locations", locations(&service.locations, strings), ", "),
        (
            "transfer_mechanism",
            transfer_parts(transfers, &TransferPlaces::of_service(item, service), strings),
            SEPARATOR,
        ),
        ("retention", one(service.retention.as_ref()), SEPARATOR),
    ];
    let fact = |(field, parts, separator): (&str, Vec<CellPart>, &'static str)| {
        (!parts.is_empty()).then(|| ServiceFact { label: strings.field(field).to_owned(), parts, separator })
    };
    facts.into_iter().filter_map(fact).collect()
}

/// Returns how long the subprocessor and its services keep the data.
fn retention(item: &Subprocessor) -> Vec<CellPart> {
    let services = item.services.iter().map(|service| (service, service.retention.clone()));
    with_services(one(item.retention.as_ref()), services)
}

/// Returns the websites of the subprocessor and of its services.
fn website(item: &Subprocessor) -> Vec<CellPart> {
    let services = item.services.iter().map(|service| (service, service.website.as_ref().map(ToString::to_string)));
    with_services(url(item.website.as_ref()), services)
}

/// Adds what services state, each with the name of the service.
fn with_services<'a>(
    mut parts: Vec<CellPart>,
    services: impl Iterator<Item = (&'a Service, Option<String>)>,
) -> Vec<CellPart> {
    let stated = services.filter_map(|(service, text)| Some((service, text?)));
    parts.extend(stated.map(|(service, text)| of_service(service, format!("{}: {text}", service.name))));
    parts
}

/// Describes when a subprocessor applies: `Always`, `Only with SendGrid`.
pub fn condition(item: &Subprocessor, strings: &Catalog) -> String {
    match &item.applicability() {
        None => strings.get("subprocessors.always").to_owned(),
        Some(condition) => strings.condition(condition),
    }
}

/// Returns the name of the subprocessor that this one replaces; its id if none is known.
fn replaced(row: &RowSource<'_>) -> Vec<CellPart> {
    let Some(id) = &row.item.replaces else { return Vec::new() };
    one(Some(&row.names.get(id).map_or_else(|| id.to_string(), str::to_owned)))
}

/// Returns the last dates on which customers can object, in order. A date applies if any of its changes does.
fn deadlines(row: &RowSource<'_>) -> Vec<CellPart> {
    let mut parts: Vec<CellPart> = Vec::new();
    for change in row.changes {
        let Some(deadline) = change.object_by() else { continue };
        let value = CellValue::Date(deadline);
        let split = changes::split(change, row.item);
        let always = split.iter().any(|(_, conditions)| conditions.is_empty());
        let conditions: Vec<Condition> = split.into_iter().flat_map(|(_, conditions)| conditions).collect();
        let conditions = if always { Vec::new() } else { conditions };
        match parts.iter_mut().find(|part| part.value == value) {
            None => parts.push(CellPart { value, conditions }),
            Some(part) if part.conditions.is_empty() || conditions.is_empty() => part.conditions.clear(),
            Some(part) => part.conditions.extend(conditions),
        }
    }
    parts
}

/// Returns the changes of fields that are still to come.
fn upcoming(row: &RowSource<'_>) -> Vec<CellPart> {
    let changes = row.changes.iter().filter(|change| change.kind == DatedKind::Change);
    let split = changes.flat_map(|change| changes::split(change, row.item));
    split
        .map(|(change, conditions)| CellPart::new(dated::one_line_of_piece(&change, row.strings), conditions))
        .collect()
}
