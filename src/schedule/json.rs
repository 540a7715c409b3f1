//! The annex as JSON: the same columns as in the other formats, with dates as `2026-06-01` and lists as arrays.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Schedule;
use super::cells::{AnnexColumn, COLUMNS, CellValue};
use super::table::AnnexTable;
use crate::model::{Date, Digest, Id, Version};
use crate::wording::Catalog;

/// The subprocessor annex of one customer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScheduleDocument {
    /// Name of the organization that engages the subprocessors.
    organization: String,
    /// Registered name of the organization; omitted if it is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_name: Option<String>,
    /// Name of the customer's company; omitted without `--customer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    /// Workspace ID of the customer; omitted without `--workspace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    /// Features that the customer uses.
    features: Vec<String>,
    /// The customer's value of each dimension that is known.
    dimensions: BTreeMap<String, String>,
    /// Date as of which the annex is evaluated.
    as_of: Date,
    /// Version of the release that the annex states.
    version: Version,
    /// Date of publication of the release.
    published: Date,
    /// SHA-256 digest of the release record.
    sha256: Digest,
    /// Language of the content.
    language: String,
    /// Columns of the annex that are not empty, in the order of the other formats.
    columns: Vec<ColumnLabel>,
    /// Subprocessors that apply, in the order of the list.
    subprocessors: Vec<AnnexEntry>,
}

/// A column of the annex.
#[derive(Debug, Serialize, JsonSchema)]
struct ColumnLabel {
    /// Name of the field in `subprocessors`.
    key: &'static str,
    /// Label of the column in the language of the content.
    label: String,
}

/// A subprocessor. Texts are in the language of the content, and fields without a value are omitted.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(transform = with_columns)]
struct AnnexEntry {
    /// Id of the subprocessor, as in `subprocessors.json`.
    id: Id,
    #[serde(flatten)]
    #[schemars(skip)]
    cells: Map<String, Value>,
}

/// Adds the columns to the schema.
fn with_columns(schema: &mut Schema) {
    let english = Catalog::english();
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for column in &COLUMNS {
        let value =
            if column.is_date { json!({ "type": "string", "format": "date" }) } else { json!({ "type": "string" }) };
        let mut property = if column.is_list { json!({ "type": "array", "items": value }) } else { value };
        property["description"] = format!("{}.", english.get(column.label)).into();
        properties.insert(column.key.to_owned(), property);
    }
}

impl ScheduleDocument {
    /// Creates the document.
    pub fn new(schedule: &Schedule<'_>, strings: &Catalog) -> ScheduleDocument {
        let organization = &schedule.disclosure.organization;
        let table = schedule.table(strings);
        let choice = schedule.request.choice.clone().unwrap_or_default();
        let label =
            |column: &&AnnexColumn| ColumnLabel { key: column.key, label: strings.get(column.label).to_owned() };
        ScheduleDocument {
            organization: organization.name.clone(),
            legal_name: organization.legal_name.clone(),
            customer: schedule.request.customer.clone(),
            workspace: schedule.request.workspace.clone(),
            features: choice.features,
            dimensions: choice.dimensions,
            as_of: schedule.request.date,
            version: schedule.origin.version,
            published: schedule.origin.published,
            sha256: schedule.origin.digest,
            language: schedule.disclosure.language.to_string(),
            columns: table.columns.iter().map(label).collect(),
            subprocessors: entries(&table),
        }
    }
}

fn entries(table: &AnnexTable) -> Vec<AnnexEntry> {
    let value = |value: &CellValue| match value {
        CellValue::Text(text) => json!(text),
        CellValue::Date(date) => json!(date),
    };
    let cell = |(column, values): (&&AnnexColumn, &Vec<CellValue>)| {
        let stated = match values.as_slice() {
            [] => return None,
            values if column.is_list => values.iter().map(value).collect::<Vec<_>>().into(),
            values => value(&values[0]),
        };
        Some((column.key.to_owned(), stated))
    };
    let entry = |(id, cells): &(Id, Vec<Vec<CellValue>>)| AnnexEntry {
        id: id.clone(),
        cells: table.columns.iter().zip(cells).filter_map(cell).collect(),
    };
    table.rows.iter().map(entry).collect()
}
