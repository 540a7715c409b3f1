//! The argument of `candor import --map`.

use std::str::FromStr;

use crate::import::{Assignment, Field};
use crate::model::{Malformed, QuestionField};

/// A column and its field, which is one of subprocessors or, with `--questionnaire`, of questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnMapping {
    text: String,
}

impl ColumnMapping {
    /// Returns the field of a subprocessor.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn for_subprocessors(&self) -> Result<Assignment<Field>, Malformed> {
        self.text.parse()
    }

    /// Returns the field of a question.
    ///
    /// # Errors
    /// If there is no such field.
    pub fn for_questions(&self) -> Result<Assignment<QuestionField>, Malformed> {
        self.text.parse()
    }
}

impl FromStr for ColumnMapping {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<ColumnMapping, Malformed> {
        let mapping = ColumnMapping { text: text.to_owned() };
        // The other arguments decide which of the two it is.
        let problem = mapping.for_subprocessors().err();
        match problem.filter(|_| mapping.for_questions().is_err()) {
            Some(problem) => Err(problem),
            None => Ok(mapping),
        }
    }
}
