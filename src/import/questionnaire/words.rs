//! The words of column names and answers: those of candor's string catalogs, and those of usual questionnaires.

use std::collections::HashMap;

use super::QuestionField;
use crate::import::fields::plain;
use crate::model::Answer;
use crate::wording::Catalog;

/// The maximum number of characters of a column name. A question may contain the same words.
const MAX_NAME: usize = 80;

/// Column names, normalized, with how certain they are: 0 is the most certain.
const NAMES: &[(QuestionField, u8, &[&str])] = &[
    (
        QuestionField::Number,
        1,
        &["number", "no", "nr", "ref", "reference", "item", "code", "question id", "control number", "s no", "sl no"],
    ),
    (QuestionField::Number, 3, &["control id", "requirement id"]),
    (
        QuestionField::Section,
        1,
        &[
            "section",
            "domain",
            "category",
            "topic",
            "area",
            "group",
            "chapter",
            "bereich",
            "kapitel",
            "thema",
            "domaine",
            "control domain",
            "theme",
            "function",
        ],
    ),
    (QuestionField::Section, 2, &["subcategory", "control title", "control group", "subject"]),
    (
        QuestionField::Question,
        3,
        &[
            "requirement",
            "requirements",
            "control question",
            "control description",
            "anforderung",
            "statement",
            "description of control",
        ],
    ),
    (
        QuestionField::Answer,
        1,
        &["yes no", "yes no na", "yes no n a", "y n", "yes no partial", "yes no not applicable"],
    ),
    (QuestionField::Answer, 3, &["status", "compliance", "compliant", "implemented"]),
    (QuestionField::Explanation, 3, &["details", "description", "rationale", "reason"]),
    (QuestionField::Evidence, 0, &["evidence ids", "nachweise"]),
    (QuestionField::Reviewed, 0, &["last reviewed", "review date", "date reviewed"]),
];

/// Words of answers that are not in the string catalogs.
const ANSWERS: &[(Answer, &[&str])] = &[
    (Answer::Yes, &["y", "true", "si"]),
    (Answer::No, &["n", "false"]),
    (Answer::Partial, &["partial", "partially", "in part", "partiellement", "parcialmente", "parzialmente"]),
    (Answer::NotApplicable, &["na", "n a", "not-applicable", "entfallt", "no aplica", "nvt", "n v t", "nd", "n z"]),
];

/// Words for what the sender of a questionnaire, not the organization, writes into a column.
const OF_OTHERS: [&str; 13] = [
    "guidance",
    "guideline",
    "analyst",
    "reviewer",
    "internal",
    "customer",
    "csc",
    "institution",
    "assessor",
    "score",
    "weight",
    "help",
    "example",
];

/// The names of columns, and the words of answers.
#[derive(Debug)]
pub(super) struct Vocabulary {
    names: HashMap<String, (QuestionField, u8)>,
    answers: HashMap<String, Answer>,
}

impl Vocabulary {
    /// Collects the words.
    pub fn new() -> Vocabulary {
        let mut vocabulary = Vocabulary { names: HashMap::new(), answers: HashMap::new() };
        let catalogs = Catalog::languages().filter_map(|tag| Catalog::built_in(&tag.parse().ok()?));
        for catalog in catalogs {
            for field in QuestionField::ALL {
                vocabulary.names.entry(plain(catalog.question_field(field))).or_insert((field, 0));
            }
            for (word, answer) in Answer::ALL {
                vocabulary.answers.entry(plain(catalog.answer(word))).or_insert_with(|| answer.clone());
            }
        }
        for (field, rank, names) in NAMES {
            for name in *names {
                vocabulary.names.entry((*name).to_owned()).or_insert((*field, *rank));
            }
        }
        for (answer, words) in ANSWERS {
            for word in *words {
                vocabulary.answers.entry((*word).to_owned()).or_insert_with(|| answer.clone());
            }
        }
        vocabulary
    }

    /// Returns what a column with this name contains, and how certain that is: 0 is the most certain.
    pub fn field(&self, name: &str) -> Option<(QuestionField, u8)> {
        if name.is_empty() || name.chars().count() > MAX_NAME || name.ends_with('?') {
            return None;
        }
        if name.trim() == "#" {
            return Some((QuestionField::Number, 1));
        }
        let name = plain(name);
        if let Some(known) = self.names.get(&name) {
            return Some(*known);
        }
        let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
        // A column name is a noun with few words.
        if words.len() > 8 {
            return None;
        }
        let has = |all: &[&str]| words.iter().any(|word| all.contains(word));
        let pair = |one: &str, two: &str| words.windows(2).any(|pair| pair == [one, two]);
        let named = |field: QuestionField| {
            words.iter().any(|word| {
                let singular = word.strip_suffix('s').unwrap_or(word);
                [*word, singular].iter().any(|word| self.names.get(*word).is_some_and(|known| *known == (field, 0)))
            })
        };
        if has(&OF_OTHERS) {
            return None;
        }
        let rank = if words.len() > 3 { 2 } else { 1 };
        let question = named(QuestionField::Question);
        if has(&["yes"]) && has(&["no"]) {
            return Some((QuestionField::Answer, rank));
        }
        if has(&["id", "ids", "number", "no", "nr", "ref", "num"]) {
            return (words.len() <= 4).then_some((QuestionField::Number, if question { 0 } else { 3 }));
        }
        if pair("implementation", "description") || pair("additional", "information") || pair("additional", "info") {
            return Some((QuestionField::Explanation, 0));
        }
        if named(QuestionField::Explanation)
            || has(&[
                "comment",
                "comments",
                "notes",
                "note",
                "justification",
                "remarks",
                "remark",
                "begrundung",
                "kommentar",
                "kommentare",
                "bemerkung",
                "bemerkungen",
                "commentaire",
                "commentaires",
                "comentario",
                "comentarios",
                "osservazioni",
                "opmerkingen",
                "uwagi",
                "kommentarer",
                "explanations",
            ])
        {
            return Some((QuestionField::Explanation, rank));
        }
        if named(QuestionField::Answer) || has(&["response", "responses", "antworten", "reponses", "respuestas"]) {
            return Some((QuestionField::Answer, rank));
        }
        if question || has(&["fragen", "preguntas", "domande"]) {
            return Some((QuestionField::Question, rank));
        }
        if pair("domain", "title") || pair("control", "domain") {
            return Some((QuestionField::Section, 0));
        }
        None
    }

    /// Returns the answer that a word states.
    pub fn answer(&self, text: &str) -> Option<Answer> {
        if text.len() > 40 {
            return None;
        }
        self.answers.get(&plain(text)).cloned()
    }

    /// Splits an answer with its reason: `Yes. See the policy.` or `No - not planned`.
    pub fn answer_with_reason<'t>(&self, text: &'t str) -> Option<(Answer, &'t str)> {
        let separators = [". ", ".\n", "\n", ": ", " - ", " – ", " — ", "; "];
        let ends = separators.iter().filter_map(|separator| Some((text.find(separator)?, separator.len())));
        let (end, length) = ends.min()?;
        let answer = self.answer(&text[..end])?;
        let reason = text[end + length..].trim();
        (!reason.is_empty()).then_some((answer, reason))
    }
}

/// Whether a cell below a column name such as `Yes` is marked.
pub(super) fn is_mark(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "x" | "✓" | "✔" | "✗" | "✘" | "☑" | "☒" | "•" | "●" | "1" | "true" | "yes" | "y" | "✅"
    )
}

/// Whether a cell below a column name such as `Yes` is an empty box.
pub(super) fn is_no_mark(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "☐" | "□" | "o" | "0" | "false" | "-" | "–" | "—")
}
