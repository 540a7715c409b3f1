//! `subprocessors.json` and `subprocessors.csv`: the current list for programs.

use std::sync::Arc;

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::{Value, json};

use super::{FormatInputs, StatedRelease, json as formatted, schema};
use crate::diagnostic::Report;
use crate::history::{DatedChange, DatedKind, UpcomingRecord};
use crate::model::{
    self, ConditionLeaf, CountryCode, Date, Location, LocationFields, Role, Service, StatedUrl, Subprocessor, Transfer,
    TransferMechanism, Transfers, Validity, When, location,
};
use crate::schedule::condition as applies;
use crate::spreadsheet::csv;
use crate::wording::{Catalog, dated};

/// Current list of subprocessors.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Subprocessors")]
pub(super) struct List {
    /// URL of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    schema: String,
    /// Name of the organization that engages them.
    organization: String,
    /// The release.
    #[serde(flatten)]
    release: StatedRelease,
    /// Whether the list is an unreleased draft, which must not be relied on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Language of the content.
    language: String,
    /// Subprocessors, in the order of the list.
    subprocessors: Vec<Listed>,
    /// Recipients that are not processors, in the order of the list; omitted if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recipients: Vec<Listed>,
}

/// Subprocessor with a description of when it applies. Unlike in a record, `locations` has only codes, and with services, the data
/// categories, locations, transfer mechanisms and condition are those of the subprocessor and all its services together.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = only_codes)]
struct Listed {
    /// The subprocessor.
    #[serde(flatten)]
    item: Subprocessor,
    /// Its locations with their places and conditions.
    location_details: Vec<LocationFields>,
    /// Its transfer mechanisms with the countries that each covers. `transfer_mechanism` is omitted unless one word holds for all.
    transfers: Vec<Transfer>,
    /// When it applies, for people: `Always`, `Only with SendGrid`.
    applies: String,
    /// Whether it processes data on the date of the list: `upcoming`, `current` or `ended`.
    state: Validity,
    /// Its dated changes: its start if it is still to come, changes of its fields, and its end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    changes: Vec<UpcomingRecord>,
}

impl Listed {
    fn new(item: &Arc<Subprocessor>, dated: &Dated<'_>) -> Listed {
        let state = item.validity_on(dated.date);
        let changes = of_item(dated.upcoming, item).map(|it| UpcomingRecord::new(it, dated.date, None)).collect();
        let applies = applies(item, dated.strings);
        let item = item.united();
        let location_details = item.locations.iter().map(LocationFields::from).collect();
        let locations = location::codes(&item.locations).into_iter().cloned().map(Location::from).collect();
        let transfer_mechanism =
            item.transfer_mechanism.as_ref().and_then(Transfers::word).cloned().map(Transfers::from);
        let transfers = item.transfer_mechanism.iter().flat_map(|transfers| transfers.0.clone()).collect();
        let item = Subprocessor { locations, transfer_mechanism, ..item.into_owned() };
        Listed { item, location_details, transfers, applies, state, changes }
    }
}

/// Describes `locations` as a list of codes, and accepts the files of earlier versions.
fn only_codes(schema: &mut Schema) {
    // Files of earlier versions lack the properties that every file has now.
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|field| !["location_details", "transfers", "state"].iter().any(|new| field == new));
    }
    if let Some(locations) = schema.pointer_mut("/properties/locations") {
        *locations = json!({
            "type": "array",
            "items": { "$ref": "#/$defs/Territory" },
            "description": "Distinct codes of the countries and regions in which it processes the data.",
        });
    }
    if let Some(mechanism) = schema.pointer_mut("/properties/transfer_mechanism") {
        *mechanism = json!({
            "$ref": "#/$defs/TransferMechanism",
            "description": "Legal basis of transfers to third countries (GDPR Chapter V), if the same holds for all of them.",
        });
    }
}

/// Formats `subprocessors.json`.
pub(super) fn list(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let publication = &inputs.publication;
    let Some(disclosure) = publication.disclosure() else { return Ok(Vec::new()) };
    let strings = &inputs.strings;
    let upcoming = publication.upcoming();
    let dated = Dated { upcoming: &upcoming, date: publication.as_of, strings };
    Ok(formatted(&List {
        schema: inputs.schema(schema::SUBPROCESSORS, 0),
        organization: disclosure.organization.name.clone(),
        release: StatedRelease::of(publication),
        draft: publication.draft.is_some(),
        language: disclosure.language.to_string(),
        subprocessors: disclosure.processors().map(|item| Listed::new(item, &dated)).collect(),
        recipients: disclosure.recipients().map(|item| Listed::new(item, &dated)).collect(),
    }))
}

/// The columns. All are always present, in this order, so that programs can rely on them.
const COLUMNS: [&str; 38] = [
    "id",
    "name",
    "legal_name",
    "role",
    "purpose",
    "data_categories",
    "applies",
    "condition_when",
    "condition_feature",
    "locations",
    "corporate_location",
    "transfer_mechanism",
    "subject_matter",
    "duration",
    "data_subjects",
    "special_categories",
    "address",
    "contact",
    "website",
    "dpa_url",
    "subprocessors_url",
    "announced",
    "effective",
    "ends",
    "replaces",
    "places",
    "category",
    "former_names",
    "retention",
    "lei",
    "euid",
    "supplementary_measures",
    "state",
    "object_by",
    "upcoming",
    "transfers",
    "condition",
    "service",
];

/// Formats `subprocessors.csv`.
pub(super) fn table(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let Some(disclosure) = inputs.publication.disclosure() else { return Ok(Vec::new()) };
    let strings = &inputs.strings;
    let upcoming = inputs.publication.upcoming();
    let dated = Dated { upcoming: &upcoming, date: inputs.publication.as_of, strings };
    let heads = COLUMNS.map(str::to_owned).to_vec();
    let items = disclosure.processors().chain(disclosure.recipients()).flat_map(|item| item.by_service());
    let rows = items.map(|(service, item)| row(&item, service, &dated).to_vec());
    Ok(csv(std::iter::once(heads).chain(rows)))
}

/// Returns the dated changes of a subprocessor.
pub(super) fn of_item<'a>(
    upcoming: &'a [DatedChange],
    item: &'a Subprocessor,
) -> impl Iterator<Item = &'a DatedChange> {
    upcoming.iter().filter(|change| change.id.list == model::List::Subprocessors && change.id.item == item.id)
}

/// What a row states about dated changes.
struct Dated<'a> {
    upcoming: &'a [DatedChange],
    date: Date,
    strings: &'a Catalog,
}

impl Dated<'_> {
    fn to_come<'a>(&'a self, item: &'a Subprocessor) -> impl Iterator<Item = &'a DatedChange> {
        of_item(self.upcoming, item).filter(|change| change.state_on(self.date).is_to_come())
    }

    /// Returns the last date on which customers can object to the next change.
    fn object_by(&self, item: &Subprocessor) -> String {
        self.to_come(item).find_map(DatedChange::object_by).map(|date| date.to_string()).unwrap_or_default()
    }

    /// Returns the changes of the fields in words.
    fn upcoming(&self, item: &Subprocessor) -> String {
        let changes = self.to_come(item).filter(|change| change.kind == DatedKind::Change);
        changes.map(|change| dated::one_line(change, self.strings)).collect::<Vec<_>>().join("; ")
    }
}

/// Returns the cells of one subprocessor, or of one of its services, in the order of the columns.
fn row(item: &Subprocessor, service: Option<&Service>, dated: &Dated<'_>) -> [String; COLUMNS.len()] {
    let strings = dated.strings;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let url = |url: &Option<StatedUrl>| url.as_ref().map(ToString::to_string).unwrap_or_default();
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let transfers = item.transfer_mechanism.as_ref();
    let simple = item.condition.as_ref().and_then(|condition| Some((condition.leaves()[0], condition.only_feature()?)));
    let when = |leaf: &ConditionLeaf| leaf.when.as_ref().unwrap_or(&When::Enabled).as_str().to_owned();
    [
        item.id.to_string(),
        item.name.clone(),
        text(&item.legal_name),
        word(item.role.as_ref().map(Role::as_str)),
        item.purpose.clone(),
        item.data_categories.join("; "),
        applies(item, strings),
        simple.map(|(leaf, _)| when(leaf)).unwrap_or_default(),
        simple.map(|(_, feature)| feature.to_owned()).unwrap_or_default(),
        location::codes(&item.locations).iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        word(item.corporate_location.as_ref().map(CountryCode::as_str)),
        word(transfers.and_then(Transfers::word).map(TransferMechanism::as_str)),
        text(&item.subject_matter),
        text(&item.duration),
        item.data_subjects.join("; "),
        text(&item.special_categories),
        text(&item.address),
        text(&item.contact),
        url(&item.website),
        url(&item.dpa_url),
        url(&item.subprocessors_url),
        date(item.announced),
        date(item.effective),
        date(item.ends),
        item.replaces.as_ref().map(ToString::to_string).unwrap_or_default(),
        item.locations.iter().filter(|it| !it.is_plain()).map(|it| place(it, strings)).collect::<Vec<_>>().join("; "),
        text(&item.category),
        item.former_names.join("; "),
        text(&item.retention),
        text(&item.lei),
        text(&item.euid),
        text(&item.supplementary_measures),
        word(Some(item.validity_on(dated.date).name())),
        dated.object_by(item),
        dated.upcoming(item),
        transfers.iter().flat_map(|transfers| &transfers.0).map(transfer).collect::<Vec<_>>().join("; "),
        item.condition.as_ref().map(|condition| json!(condition).to_string()).unwrap_or_default(),
        service.map(|service| service.name.clone()).unwrap_or_default(),
    ]
}

/// Formats a transfer mechanism: `scc`, `dpf: US`, `scc: IN, BR (Module 3)`.
fn transfer(transfer: &Transfer) -> String {
    let Transfer { mechanism, to, note } = transfer;
    let to: Vec<&str> = to.iter().map(|code| code.as_str()).collect();
    let to = if to.is_empty() { String::new() } else { format!(": {}", to.join(", ")) };
    let note = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    format!("{}{to}{note}", mechanism.as_str())
}

/// Formats a location that states more than its code: `DE: Frankfurt`, `US (Only with SendGrid)`.
fn place(location: &Location, strings: &Catalog) -> String {
    let Location { code, place, condition } = location;
    let place = place.as_ref().map(|place| format!(": {place}")).unwrap_or_default();
    let applies = condition.as_ref().map(|it| format!(" ({})", strings.condition(it))).unwrap_or_default();
    format!("{code}{place}{applies}")
}
