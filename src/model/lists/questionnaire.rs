//! Questionnaires of customers and standards, with the answers of the organization.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::nearest;
use crate::model::word_enum::word_enum;
use crate::model::{Date, Id, Malformed};

/// A questionnaire, such as a CAIQ or the list of questions of a customer, with its answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Questionnaire {
    /// Stable id, which is also the address of its page: the file name without `.yaml`.
    pub id: Id,
    /// Title, as plain text.
    pub title: String,
    /// The standard that it follows, such as `CSA CAIQ`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    /// Version of the standard or of the list of questions, such as `4.0.3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Date on which all answers were last reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Date>,
    /// Who answers for it: a role or a team, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The questions, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub questions: Vec<Question>,
}

/// A question of a questionnaire, with its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Question {
    /// Stable id, unique in the questionnaire. It is also the anchor of the question on its page.
    pub id: Id,
    /// Number of the question in its standard, such as `A&A-01.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The question, as plain text.
    pub question: String,
    /// Heading under which questions are grouped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The answer; without one, the explanation is the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// The reason for the answer, or the answer to a question that a word cannot answer, as plain text. Line breaks are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// Ids of the controls, certifications, documents, and questions and answers that support the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Id>,
    /// Date on which the answer was last reviewed, if it differs from that of the questionnaire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Date>,
}

word_enum! {
    /// The answer to a question.
    Answer {
        /// Yes.
        Yes = "yes",
        /// No.
        No = "no",
        /// Yes for some systems or cases.
        Partial = "partial",
        /// The question does not apply.
        NotApplicable = "not-applicable",
    }
}

impl Question {
    /// The number for readers; the id if the question has none.
    pub fn name(&self) -> &str {
        self.number.as_deref().unwrap_or(self.id.as_str())
    }

    /// Whether neither a word nor an explanation answers the question.
    pub fn is_unanswered(&self) -> bool {
        self.answer.is_none() && self.explanation.is_none()
    }
}

impl Questionnaire {
    /// The date on which the answer to a question was last reviewed.
    pub fn reviewed_on(&self, question: &Question) -> Option<Date> {
        question.reviewed.max(self.reviewed)
    }

    /// The number of questions with this answer.
    pub fn count(&self, answer: &Answer) -> usize {
        self.questions.iter().filter(|question| question.answer.as_ref() == Some(answer)).count()
    }
}

/// A field of a question, as a column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuestionField {
    /// The number in the standard.
    Number,
    /// The heading.
    Section,
    /// The question.
    Question,
    /// The answer: a word, or a text that becomes the explanation.
    Answer,
    /// The explanation.
    Explanation,
    /// The ids of the evidence.
    Evidence,
    /// The date of the last review.
    Reviewed,
    /// The id.
    Id,
}

impl QuestionField {
    /// All fields, in the order of the columns that candor writes.
    pub const ALL: [QuestionField; 8] = [
        QuestionField::Number,
        QuestionField::Section,
        QuestionField::Question,
        QuestionField::Answer,
        QuestionField::Explanation,
        QuestionField::Evidence,
        QuestionField::Reviewed,
        QuestionField::Id,
    ];

    /// The name in content.
    pub fn name(self) -> &'static str {
        match self {
            QuestionField::Number => "number",
            QuestionField::Section => "section",
            QuestionField::Question => "question",
            QuestionField::Answer => "answer",
            QuestionField::Explanation => "explanation",
            QuestionField::Evidence => "evidence",
            QuestionField::Reviewed => "reviewed",
            QuestionField::Id => "id",
        }
    }
}

impl fmt::Display for QuestionField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for QuestionField {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<QuestionField, Malformed> {
        QuestionField::ALL.into_iter().find(|field| field.name() == text).ok_or_else(|| {
            let names = QuestionField::ALL.map(QuestionField::name);
            let help = match nearest(text, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("use one of: {}", names.join(", ")),
            };
            Malformed::new(format!("`{}` is not a field of a question", text.escape_debug()), help)
        })
    }
}
