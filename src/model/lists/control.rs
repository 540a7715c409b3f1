//! Security controls.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::word_enum::word_enum;
use crate::model::{Date, Id, Malformed, StatedUrl, text_newtype};

/// A security measure (GDPR Art. 32; ISO/IEC 27002 calls it a control).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Control {
    /// Stable id.
    pub id: Id,
    /// The measure, as plain text.
    pub title: String,
    /// Heading under which controls are grouped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Details, as Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Implementation status; `implemented` by default.
    #[serde(default, skip_serializing_if = "ControlStatus::is_default")]
    pub status: ControlStatus,
    /// Evidence: a web address, or the id of a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Date on which the control was last verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_verified: Option<Date>,
    /// Requirements that the control addresses, such as `ISO/IEC 27001 A.8.5`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<String>,
}

word_enum! {
    /// Implementation status of a control.
    #[derive(Default)]
    ControlStatus {
        /// Implemented.
        #[default]
        Implemented = "implemented",
        /// Implemented for some systems or cases.
        Partial = "partial",
        /// Not implemented yet.
        Planned = "planned",
    }
}

impl ControlStatus {
    fn is_default(&self) -> bool {
        *self == ControlStatus::default()
    }
}

/// Evidence of a control.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// A web page.
    Url(StatedUrl),
    /// A document of the document list.
    Document(Id),
}

impl FromStr for Evidence {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Evidence, Malformed> {
        if text.contains(':') { text.parse().map(Evidence::Url) } else { text.parse().map(Evidence::Document) }
    }
}

impl Evidence {
    fn archived(text: &str) -> Evidence {
        if text.contains(':') {
            Evidence::Url(StatedUrl::archived(text))
        } else {
            Evidence::Document(Id::archived(text))
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evidence::Url(url) => url.fmt(f),
            Evidence::Document(id) => id.fmt(f),
        }
    }
}

text_newtype!(Evidence, archived, {
    "type": "string",
    "minLength": 1,
    "description": "A web address, or the id of a document of the document list."
});
