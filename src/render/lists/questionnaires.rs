//! The list of questionnaires: one entry for each, which links to its page.

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Answer, List, Questionnaire};
use crate::render::copy::MarkdownCopy;
use crate::render::date::DateView;
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::site::map::{Output, PageKind, questionnaire_file};
use crate::text::markdown::{escape, link};
use crate::wording::Catalog;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &QuestionnaireList;

/// The list of questionnaires.
struct QuestionnaireList;

impl ListKind for QuestionnaireList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let items = renderer.questionnaires(edition, location);
        renderer.list_html(List::Questionnaires.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let strings = copy.strings();
        let line = |item: &Questionnaire| {
            let address = copy.address(&PageKind::Questionnaire.path(item.id.as_str()));
            let view = QuestionnaireView::new(item, String::new(), strings);
            let facts = [view.edition, Some(view.count)].into_iter().flatten();
            let counts = view.answers.into_iter().map(|answer| answer.text);
            let facts: Vec<String> = facts.chain(counts).map(|fact| escape(&fact)).collect();
            format!("- {}: {}\n", link(&item.title, &address), facts.join(", "))
        };
        copy.disclosure().questionnaires.iter().map(|item| line(item)).collect()
    }
}

/// A questionnaire.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionnaireView {
    /// Id, which is the name of its page; the anchor of the entry is `questionnaire-ID`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Path of its page below the site's root.
    pub href: String,
    /// The standard and its version, such as `CSA CAIQ, version 4.0.3`.
    pub edition: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Date of the last review.
    pub reviewed: Option<DateView>,
    /// Number of questions, such as `261 questions`.
    pub count: String,
    /// How many questions have which answer; only answers that occur.
    pub answers: Vec<AnswerCount>,
    /// Files with the same answers: their paths below the site's root, and their formats.
    pub files: Vec<FileFormatView>,
}

/// The number of questions with an answer.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerCount {
    /// `yes`, `no`, `partial`, `not-applicable`, or empty for questions that are answered in words.
    pub answer: String,
    /// Answer and number, such as `Yes: 12`.
    pub text: String,
}

/// A file with the answers of a questionnaire.
#[derive(Debug, Clone, Serialize)]
pub struct FileFormatView {
    /// Path below the site's root.
    pub href: String,
    /// Format, such as `CSV`.
    pub text: &'static str,
}

impl QuestionnaireView {
    /// Creates the view of a questionnaire; `href` is the path of its page.
    pub fn new(item: &Questionnaire, href: String, strings: &Catalog) -> QuestionnaireView {
        let version = |version: &str| strings.fill("questionnaires.version", &[("version", version)]);
        let edition = match (item.standard.as_deref(), item.version.as_deref()) {
            (Some(standard), Some(version)) => {
                Some(strings.fill("questionnaires.standard", &[("standard", standard), ("version", version)]))
            }
            (Some(standard), None) => Some(standard.to_owned()),
            (None, stated) => stated.map(version),
        };
        let all = Answer::ALL.iter().map(|(_, answer)| answer);
        let mut answers: Vec<AnswerCount> = all
            .map(|answer| (answer.as_str(), strings.answer(answer.as_str()), item.count(answer)))
            .filter(|(.., count)| *count > 0)
            .map(|(answer, label, count)| AnswerCount::new(answer, label, count, strings))
            .collect();
        let in_words = item.questions.iter().filter(|question| question.answer.is_none()).count();
        if in_words > 0 {
            answers.push(AnswerCount::new("", strings.get("questionnaires.in-words"), in_words, strings));
        }
        let file = |(output, text)| FileFormatView { href: questionnaire_file(output, &item.id), text };
        let formats = [
            (Output::QuestionnaireWorkbook, "Excel"),
            (Output::QuestionnaireTable, "CSV"),
            (Output::QuestionnaireJson, "JSON"),
        ];
        QuestionnaireView {
            id: item.id.to_string(),
            title: item.title.clone(),
            href,
            edition,
            owner: item.owner.clone(),
            reviewed: item.reviewed.map(|date| DateView::new(date, strings)),
            count: strings.count("questionnaires.count", item.questions.len()),
            answers,
            files: formats.into_iter().map(file).collect(),
        }
    }
}

impl AnswerCount {
    fn new(answer: &str, label: &str, count: usize, strings: &Catalog) -> AnswerCount {
        let text = strings.fill("questionnaires.counted", &[("answer", label), ("n", &count.to_string())]);
        AnswerCount { answer: answer.to_owned(), text }
    }
}
