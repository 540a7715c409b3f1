//! `subprocessors.json` and `subprocessors.csv`: the current list for programs and spreadsheets.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{FormatInputs, json, schema};
use crate::diagnostic::Report;
use crate::model::{CountryCode, Date, Digest, Role, StatedUrl, Subprocessor, TransferMechanism, Version};
use crate::schedule::{condition as applies, guarded};

/// Current list of subprocessors.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Subprocessors")]
pub(super) struct List {
    /// URL of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    schema: String,
    /// Name of the organization that engages them.
    organization: String,
    /// Version of the release; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Version>,
    /// Date of publication of the release; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Date>,
    /// SHA-256 digest of the release record; omitted in a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<Digest>,
    /// Whether the list is an unreleased draft, which must not be relied on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Language of the content.
    language: String,
    /// Subprocessors, in the order of the page.
    subprocessors: Vec<Listed>,
}

/// Subprocessor with a description of when it applies.
#[derive(Debug, Serialize, JsonSchema)]
struct Listed {
    /// The subprocessor.
    #[serde(flatten)]
    item: Arc<Subprocessor>,
    /// When it applies, for people: `Always`, `Only with SendGrid`.
    applies: String,
}

/// Formats `subprocessors.json`.
pub(super) fn list(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let publication = &inputs.publication;
    let Some(disclosure) = publication.disclosure() else { return Ok(Vec::new()) };
    let strings = &inputs.strings;
    let release = publication.history.newest().filter(|_| publication.draft.is_none());
    Ok(json(&List {
        schema: inputs.schema(schema::SUBPROCESSORS, 0),
        organization: disclosure.organization.name.clone(),
        version: release.map(|release| release.version),
        published: release.map(|release| release.published),
        sha256: release.map(|release| release.digest),
        draft: publication.draft.is_some(),
        language: disclosure.language.to_string(),
        subprocessors: disclosure
            .subprocessors
            .iter()
            .map(|item| Listed { applies: applies(item, strings), item: Arc::clone(item) })
            .collect(),
    }))
}

/// The columns. All are always present, in this order, so that programs can rely on them.
const COLUMNS: [&str; 25] = [
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
];

/// Formats `subprocessors.csv`.
pub(super) fn table(inputs: &FormatInputs) -> Result<Vec<u8>, Report> {
    let Some(disclosure) = inputs.publication.disclosure() else { return Ok(Vec::new()) };
    let strings = &inputs.strings;
    // RFC 4180 requires CRLF.
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Cannot fail: the writer is a vector, and every row has a cell for each column.
    let _ = writer.write_record(COLUMNS);
    for item in &disclosure.subprocessors {
        let row = row(item, applies(item, strings));
        let _ = writer.write_record(row.iter().map(|cell| guarded(cell).into_owned()));
    }
    Ok(writer.into_inner().unwrap_or_default())
}

/// Returns the cells of one subprocessor, in the order of the columns.
fn row(item: &Subprocessor, applies: String) -> [String; COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let url = |url: &Option<StatedUrl>| url.as_ref().map(ToString::to_string).unwrap_or_default();
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let condition = item.condition.as_ref();
    [
        item.id.to_string(),
        item.name.clone(),
        text(&item.legal_name),
        word(item.role.as_ref().map(Role::as_str)),
        item.purpose.clone(),
        item.data_categories.join("; "),
        applies,
        word(condition.map(|condition| condition.when.as_str())),
        condition.map(|condition| condition.feature.clone()).unwrap_or_default(),
        item.locations.iter().map(CountryCode::to_string).collect::<Vec<_>>().join("; "),
        word(item.corporate_location.as_ref().map(CountryCode::as_str)),
        word(item.transfer_mechanism.as_ref().map(TransferMechanism::as_str)),
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
    ]
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn guards_cells_against_formulas() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(guarded(cell), format!("'{cell}"));
        }
        for cell in ["a=1", "", "'=1", "Käse"] {
            assert_eq!(guarded(cell), cell);
        }
    }
}
