//! Dates for templates.

use serde::Serialize;

use crate::model::Date;
use crate::wording::Catalog;

/// A date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DateView {
    /// Date in ISO 8601, such as `2026-05-22`, for `datetime` attributes.
    pub iso: String,
    /// Date in the language of the page, such as `22 May 2026`.
    pub text: String,
}

impl DateView {
    /// Formats a date with a string catalog.
    pub fn new(date: Date, strings: &Catalog) -> DateView {
        DateView { iso: date.to_string(), text: strings.date(date) }
    }
}
