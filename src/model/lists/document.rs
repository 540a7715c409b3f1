//! Documents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
