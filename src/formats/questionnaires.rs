//! `questionnaires/NAME.json`, `questionnaires/NAME.csv` and `questionnaires/NAME.xlsx`: the answers of a questionnaire.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::{FormatInputs, StatedRelease, json as formatted, schema};
use crate::diagnostic::Report;
use crate::model::{Disclosure, Id, List, Questionnaire};
use crate::questionnaire;

/// A questionnaire with the answers of an organization.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PublishedQuestionnaire")]
pub(super) struct QuestionnaireFile {
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

/// Formats the JSON file of the questionnaire at this position.
pub(super) fn json(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    let Some((item, disclosure)) = at(inputs, nth) else { return Ok(Vec::new()) };
    let publication = &inputs.publication;
    Ok(formatted(&QuestionnaireFile {
        schema: inputs.schema(schema::QUESTIONNAIRE, 1),
        organization: disclosure.organization.name.clone(),
        release: StatedRelease::of(publication),
        draft: publication.draft.is_some(),
        language: disclosure.language.to_string(),
        questionnaire: item.clone(),
        evidence: evidence(item, disclosure),
    }))
}

/// Formats the CSV file of the questionnaire at this position.
pub(super) fn table(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    Ok(at(inputs, nth).map(|(item, _)| questionnaire::table(item, &inputs.strings)).unwrap_or_default())
}

/// Formats the workbook of the questionnaire at this position.
pub(super) fn workbook(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    let Some((item, disclosure)) = at(inputs, nth) else { return Ok(Vec::new()) };
    let strings = &inputs.strings;
    let stated = |key: &str, value: String| (strings.get(key).to_owned(), value);
    let mut facts = vec![stated("head.by", disclosure.organization.name.clone())];
    facts.extend(item.standard.clone().map(|standard| stated("fields.standard", standard)));
    facts.extend(item.version.clone().map(|version| stated("questionnaires.edition", version)));
    facts.extend(item.owner.clone().map(|owner| stated("fields.owner", owner)));
    facts.extend(item.reviewed.map(|date| stated("fields.reviewed", strings.date(date))));
    let about = inputs.workbook_facts(&item.title, disclosure, facts);
    Ok(questionnaire::workbook(item, about, strings))
}

fn at(inputs: &FormatInputs, nth: usize) -> Option<(&Questionnaire, &Disclosure)> {
    let disclosure = inputs.publication.disclosure()?;
    Some((disclosure.questionnaires.get(nth)?, disclosure))
}
