//! `questionnaires/NAME.json`, `questionnaires/NAME.csv` and `questionnaires/NAME.xlsx`: the answers of a questionnaire.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::{FormatInputs, StatedRelease, json as formatted, schema};
use crate::diagnostic::Report;
use crate::model::{Disclosure, Id, List, Questionnaire};
use crate::publication::Publication;
use crate::questionnaire;
use crate::wording::Catalog;

/// A questionnaire with the answers of an organization.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PublishedQuestionnaire")]
pub struct QuestionnaireDocument {
    /// URL of the JSON Schema of this document.
    #[serde(rename = "$schema")]
    schema: String,
    /// Name of the organization that answers.
    organization: String,
    /// The release.
    #[serde(flatten)]
    release: StatedRelease,
    /// Whether the answers are an unreleased draft, which must not be relied on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Language of the content.
    language: String,
    /// The questionnaire.
    questionnaire: Questionnaire,
    /// The items that questions name as evidence, each once.
    evidence: Vec<EvidenceItem>,
}

/// An item that supports answers.
#[derive(Debug, Serialize, JsonSchema)]
struct EvidenceItem {
    /// Its id, which questions name.
    id: Id,
    /// The list that contains it.
    list: List,
    /// Its name.
    label: String,
}

fn evidence(item: &Questionnaire, disclosure: &Disclosure) -> Vec<EvidenceItem> {
    let (mut seen, known) = (HashSet::new(), disclosure.evidence());
    let ids = item.questions.iter().flat_map(|question| &question.evidence);
    ids.filter(|id| seen.insert(*id))
        .filter_map(|id| known.get(id))
        .flatten()
        .map(|evidence| evidence.item())
        .map(|item| EvidenceItem { id: item.id().clone(), list: item.list(), label: item.label().to_owned() })
        .collect()
}

/// Formats `questionnaires/NAME.json` of the questionnaire at this position.
pub(super) fn json(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    Ok(questionnaire_document(&inputs.publication, nth).map(|document| formatted(&document)).unwrap_or_default())
}

/// Formats `questionnaires/NAME.csv` of the questionnaire at this position.
pub(super) fn table(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    Ok(questionnaire_table(&inputs.publication, &inputs.strings, nth))
}

/// Formats `questionnaires/NAME.xlsx` of the questionnaire at this position.
pub(super) fn workbook(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    Ok(questionnaire_workbook(&inputs.publication, &inputs.strings, nth))
}

/// Returns the questionnaire at this position as a document; `None` if there is none.
pub fn questionnaire_document(publication: &Publication, nth: usize) -> Option<QuestionnaireDocument> {
    let (item, disclosure) = at(publication, nth)?;
    Some(QuestionnaireDocument {
        schema: super::address(publication, &format!("schema/{}.json", schema::QUESTIONNAIRE), 1),
        organization: disclosure.organization.name.clone(),
        release: StatedRelease::of(publication),
        draft: publication.draft.is_some(),
        language: disclosure.language.to_string(),
        questionnaire: item.clone(),
        evidence: evidence(item, disclosure),
    })
}

/// Formats the questionnaire at this position as CSV; empty if there is none.
pub fn questionnaire_table(publication: &Publication, strings: &Catalog, nth: usize) -> Vec<u8> {
    at(publication, nth).map(|(item, _)| questionnaire::table(item, strings)).unwrap_or_default()
}

/// Formats the questionnaire at this position as an Excel workbook; empty if there is none.
pub fn questionnaire_workbook(publication: &Publication, strings: &Catalog, nth: usize) -> Vec<u8> {
    let Some((item, disclosure)) = at(publication, nth) else { return Vec::new() };
    let stated = |key: &str, value: String| (strings.get(key).to_owned(), value);
    let mut facts = vec![stated("head.by", disclosure.organization.name.clone())];
    facts.extend(item.standard.clone().map(|standard| stated("fields.standard", standard)));
    facts.extend(item.version.clone().map(|version| stated("questionnaires.edition", version)));
    facts.extend(item.owner.clone().map(|owner| stated("fields.owner", owner)));
    facts.extend(item.reviewed.map(|date| stated("fields.reviewed", strings.date(date))));
    let about = super::workbook_facts(publication, strings, &item.title, disclosure, facts);
    questionnaire::workbook(item, about, strings)
}

fn at(publication: &Publication, nth: usize) -> Option<(&Questionnaire, &Disclosure)> {
    let disclosure = publication.disclosure()?;
    Some((disclosure.questionnaires.get(nth)?, disclosure))
}
