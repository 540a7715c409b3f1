//! The list of questions and answers.

use std::fmt::Write;

use serde::Serialize;
use tera::Value;

use super::ListKind;
use crate::diagnostic::Report;
use crate::model::{Faq, List};
use crate::render::copy::MarkdownCopy;
use crate::render::edition::Edition;
use crate::render::renderer::{PageLocation, Renderer};
use crate::render::theme::safe;
use crate::text::markdown::escape;

/// Renders the list.
pub(super) const KIND: &dyn ListKind = &FaqList;

/// The list of questions and answers.
struct FaqList;

impl ListKind for FaqList {
    fn html(&self, renderer: &Renderer, edition: &Edition, location: &PageLocation) -> Result<Value, Report> {
        let items = edition.disclosure().faq.iter().map(|item| {
            let answer = renderer.item_markdown(item, Some(&item.answer), location);
            FaqView::new(item, answer.unwrap_or_else(|| safe("")))
        });
        let items: Vec<_> = items.collect();
        renderer.list_html(List::Faq.template(), items.is_empty(), &items, location)
    }

    fn markdown(&self, copy: &MarkdownCopy<'_>) -> String {
        let mut text = String::new();
        for item in &copy.disclosure().faq {
            let _ = writeln!(text, "{}### {}", if text.is_empty() { "" } else { "\n" }, escape(&item.question));
            copy.prose(&mut text, &item.answer, &List::Faq.heading_prefix(&item.id), 4, false);
        }
        text
    }
}

/// A question with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct FaqView {
    /// Id; the anchor is `faq-ID`.
    pub id: String,
    /// Question.
    pub question: String,
    /// Answer.
    pub answer: Value,
}

impl FaqView {
    /// Creates the view of a question; `answer` is rendered HTML.
    pub fn new(item: &Faq, answer: Value) -> FaqView {
        FaqView { id: item.id.to_string(), question: item.question.clone(), answer }
    }
}
