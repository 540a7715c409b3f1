//! Documents.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::upcoming::in_order;
use crate::model::word_enum::word_enum;
use crate::model::{Date, Id, StatedUrl, Upcoming};

/// A report, policy or agreement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Document {
    /// Stable id.
    pub id: Id,
    /// Title, as plain text.
    pub title: String,
    /// Who may access the document; `public` by default.
    #[serde(default, skip_serializing_if = "Access::is_default")]
    pub access: Access,
    /// Heading under which documents are grouped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Path of the file under `static/`, with forward slashes. Requires `access: public`; cannot be combined with `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = crate::model::STATIC_PATH))]
    pub file: Option<String>,
    /// Web address of the document; cannot be combined with `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<StatedUrl>,
    /// Version of the document, such as `3.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Date of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Last day on which the document is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Changes that take effect on a later date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upcoming: Vec<Upcoming<Document>>,
}

word_enum! {
    /// Who may access a document.
    #[derive(Default)]
    Access {
        /// Everyone.
        #[default]
        Public = "public",
        /// Anyone who requests it.
        Request = "request",
        /// Anyone who has signed a non-disclosure agreement.
        Nda = "nda",
    }
}

impl Document {
    /// The document as it is stated and after each of its upcoming changes, with the path in the document of the values that this
    /// state is the first to have: empty for the document itself, `.upcoming[0]` for its first entry.
    pub fn states(&self) -> Vec<(String, Cow<'_, Document>)> {
        let mut states = vec![(String::new(), Cow::Borrowed(self))];
        let mut state = self.clone();
        for entry in in_order(&self.upcoming) {
            let position = self.upcoming.iter().position(|other| std::ptr::eq(other, entry)).unwrap_or_default();
            entry.apply(&mut state);
            let states_file = entry.fields.contains(&"file");
            // Another field changes: the file is that of the state before, which has its own path.
            if states_file {
                states.push((format!(".upcoming[{position}]"), Cow::Owned(state.clone())));
            }
        }
        states
    }

    /// The files that everyone can download, now or after an upcoming change.
    pub fn public_files(&self) -> impl Iterator<Item = String> {
        let states = self.states().into_iter();
        states.filter_map(|(_, document)| document.public_file().map(str::to_owned)).collect::<Vec<_>>().into_iter()
    }

    /// The file that everyone can download; `None` if access to the document is restricted.
    ///
    /// Anyone who knows or guesses the address of a file can download it, so content that restricts access and has a file is an
    /// error. Releases of earlier versions of candor may have both.
    pub fn public_file(&self) -> Option<&str> {
        self.file.as_deref().filter(|_| self.access.is_public())
    }
}

impl Access {
    /// Whether everyone may access the document.
    pub fn is_public(&self) -> bool {
        *self == Access::Public
    }

    fn is_default(&self) -> bool {
        *self == Access::default()
    }
}
