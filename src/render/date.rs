//! Days for templates.

use serde::Serialize;

use crate::model::Date;
use crate::wording::Catalog;

/// A day for templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// `2026-05-22`, for `datetime` attributes.
    pub iso: String,
    /// `22 May 2026`, for people, in the language of the catalogue.
    pub text: String,
}

impl DateView {
    /// The day in the catalogue's language.
    pub fn new(date: Date, words: &Catalog) -> DateView {
        DateView { iso: date.to_string(), text: words.date(date) }
    }
}
