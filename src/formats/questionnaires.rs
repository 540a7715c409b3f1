//! `questionnaires/NAME.json`, `questionnaires/NAME.csv` and `questionnaires/NAME.xlsx`: the answers of a questionnaire.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::{FormatInputs, json as formatted, schema};
use crate::diagnostic::Report;
use crate::model::{Date, Digest, Disclosure, Id, List, Questionnaire, Version};
use crate::publication::Publication;
use crate::questionnaire::{self, WorkbookFacts};

/// A questionnaire with the answers of an organization.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PublishedQuestionnaire")]
pub(crate) struct QuestionnaireFile {
    /// URL of the JSON Schema of this document; omitted in a file that is not part of a site.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    /// Name of the organization that answers.
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

impl QuestionnaireFile {
    /// Creates the file of a questionnaire of the statement that the front page shows.
    pub fn new(
        item: &Questionnaire,
        disclosure: &Disclosure,
        publication: &Publication,
        schema: Option<String>,
    ) -> QuestionnaireFile {
        let release = publication.history.newest().filter(|_| publication.draft.is_none());
        QuestionnaireFile {
            schema,
            organization: disclosure.organization.name.clone(),
            version: release.map(|release| release.version),
            published: release.map(|release| release.published),
            sha256: release.map(|release| release.digest),
            draft: publication.draft.is_some(),
            language: disclosure.language.to_string(),
            questionnaire: item.clone(),
            evidence: evidence(item, disclosure),
        }
    }

    /// Returns the bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        formatted(self)
    }
}

fn evidence(item: &Questionnaire, disclosure: &Disclosure) -> Vec<EvidenceItem> {
    let mut seen = HashSet::new();
    let ids = item.questions.iter().flat_map(|question| &question.evidence);
    ids.filter(|id| seen.insert(*id))
        .flat_map(|id| disclosure.evidence(id))
        .map(|item| EvidenceItem { id: item.id().clone(), list: item.list(), label: item.label().to_owned() })
        .collect()
}

/// Formats the JSON file of the questionnaire at this position.
pub(super) fn json(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    let Some((item, disclosure)) = at(inputs, nth) else { return Ok(Vec::new()) };
    let schema = Some(inputs.schema(schema::QUESTIONNAIRE, 1));
    Ok(QuestionnaireFile::new(item, disclosure, &inputs.publication, schema).bytes())
}

/// Formats the CSV file of the questionnaire at this position.
pub(super) fn table(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    Ok(at(inputs, nth).map(|(item, _)| questionnaire::table(item, &inputs.strings)).unwrap_or_default())
}

/// Formats the workbook of the questionnaire at this position.
pub(super) fn workbook(inputs: &FormatInputs, nth: usize) -> Result<Vec<u8>, Report> {
    let Some((item, disclosure)) = at(inputs, nth) else { return Ok(Vec::new()) };
    let (publication, strings) = (&inputs.publication, &inputs.strings);
    let organization = &disclosure.organization.name;
    let release = publication.history.newest().filter(|_| publication.draft.is_none());
    let stated = |key: &str, value: String| (strings.get(key).to_owned(), value);
    let mut facts = vec![stated("head.by", organization.clone())];
    facts.extend(item.standard.clone().map(|standard| stated("fields.standard", standard)));
    facts.extend(item.version.clone().map(|version| stated("questionnaires.edition", version)));
    facts.extend(item.owner.clone().map(|owner| stated("fields.owner", owner)));
    facts.extend(item.reviewed.map(|date| stated("fields.reviewed", strings.date(date))));
    let mut imprint = format!("{organization} · {}", item.title);
    match release {
        Some(release) => {
            facts.push(stated("head.version", release.version.to_string()));
            facts.push(("SHA-256".to_owned(), release.digest.to_string()));
            imprint += &format!(" · {} · SHA-256 {}", release.version, release.digest);
        }
        None => {
            facts.push(stated("draft.label", strings.get("draft.banner").to_owned()));
            imprint += &format!(" · {}", strings.get("draft.label"));
        }
    }
    let created = publication.as_of;
    let is_rtl = disclosure.language.is_rtl();
    Ok(questionnaire::workbook(item, WorkbookFacts { organization, created, imprint, facts, is_rtl }, strings))
}

fn at(inputs: &FormatInputs, nth: usize) -> Option<(&Questionnaire, &Disclosure)> {
    let disclosure = inputs.publication.disclosure()?;
    Some((disclosure.questionnaires.get(nth)?, disclosure))
}
