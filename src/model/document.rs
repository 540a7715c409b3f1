//! Documents that readers can have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::word_enum::word_enum;
use super::{Date, Id, StatedUrl};

/// A report, policy or agreement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Document {
    /// Stable id.
    pub id: Id,
    /// Title, as plain text.
    pub title: String,
    /// Who may have it; `public` by default.
    #[serde(default, skip_serializing_if = "Access::is_default")]
    pub access: Access,
    /// Heading under which documents stand together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Path of the file under `static/`, with forward slashes; only with `access: public`, and not together with `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = super::STATIC_PATH))]
    pub file: Option<String>,
    /// Where it can be had; not together with `file`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<StatedUrl>,
    /// The document's own version, such as `3.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Last day on which it may be relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

word_enum! {
    /// Who may have a document.
    #[derive(Default)]
    Access {
        /// Everybody.
        #[default]
        Public = "public",
        /// Whoever asks.
        Request = "request",
        /// Whoever has signed a non-disclosure agreement.
        Nda = "nda",
    }
}

impl Document {
    /// The file that everybody can download; `None` for a document that not everybody may have.
    ///
    /// A file of the site can be downloaded by everybody who knows or guesses its address. Content that
    /// restricts access and names a file is an error, but releases of earlier versions may do both.
    pub fn public_file(&self) -> Option<&str> {
        self.file.as_deref().filter(|_| self.access.is_public())
    }
}

impl Access {
    /// Whether everybody may have the document.
    pub fn is_public(&self) -> bool {
        *self == Access::Public
    }

    fn is_default(&self) -> bool {
        *self == Access::default()
    }
}
