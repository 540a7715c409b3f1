//! What a trust center says, as plain values: no files, no HTML, no clock.
//!
//! Everything here can be written to a release record and read back for ever, so a field is only
//! ever added as optional. Values that have a form (ids, dates, addresses, country codes) are
//! newtypes that are checked once, where they enter; past that border nobody checks again.
//! There are two ways in. Content comes through `FromStr` and the loader, which are strict. Records come through serde,
//! which keeps what tables and rules of today do not know: a record was right on the day it was written.
//!
//! Identity across releases is an item's [`Id`], never its position or its name.

mod certification;
mod code;
pub mod color;
mod commitment;
mod contacts;
mod control;
mod country;
mod date;
mod digest;
mod disclosure;
mod document;
mod faq;
mod group;
mod id;
mod language;
pub mod lists;
mod media_type;
mod organization;
mod program;
mod section;
mod security_txt;
mod settings;
mod subprocessor;
mod validity;
mod version;
mod web;
mod word_enum;

pub use certification::{Certification, CertificationStatus};
pub use code::{CodeChange, CodeFile, CodeKind, CodeReview};
pub use color::Color;
pub use commitment::Commitment;
pub use contacts::{Contact, Contacts};
pub use control::{Control, ControlStatus, Evidence};
pub use country::CountryCode;
pub use date::Date;
pub use digest::Digest;
pub use disclosure::Disclosure;
pub use document::{Access, Document};
pub use faq::Faq;
pub use group::grouped;
pub use id::Id;
pub use language::Language;
pub use lists::{Item, List, Listed};
pub use media_type::{MediaType, NameEnding};
pub use organization::{Jurisdiction, Organization};
pub use program::ProgramVersion;
pub use section::{Section, Show};
pub use settings::{Accents, RuleLevel, SecurityTxt, Settings, Theme};
pub use subprocessor::{Condition, Role, Subprocessor, TransferMechanism, When};
pub use validity::Validity;
pub use version::Version;
pub use web::{Email, StatedUrl, WebUrl};

/// Path of a file under `static/`, for JSON Schema: no empty, hidden or upward part, forward slashes.
const STATIC_PATH: &str = r"^[^./\\:?#][^/\\:?#]*(/[^./\\:?#][^/\\:?#]*)*$";

/// Why a text is not the value that it should be: one sentence for a diagnostic, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Malformed {
    /// What is wrong, with the offending text.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Malformed {
    /// A complaint with its remedy.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Malformed {
        Malformed { message: message.into(), help: help.into() }
    }
}

/// Serde and JSON Schema for a newtype that is written as one string with a form.
///
/// Serde reads records, and content is read with [`FromStr`](std::str::FromStr). With `archived`, a record may hold any
/// text: rules about it can change from one version of candor to the next, and records never do.
macro_rules! text_newtype {
    ($type:ident, archived, $schema:tt) => {
        crate::model::text_serde!($type, |text| Ok($type::archived(text)));
        crate::model::text_schema!($type, $schema);
    };
    ($type:ident, $schema:tt) => {
        crate::model::text_serde!($type, |text| text.parse().map_err(serde::de::Error::custom));
        crate::model::text_schema!($type, $schema);
    };
}
pub(crate) use text_newtype;

macro_rules! text_serde {
    ($type:ident, |$text:ident| $read:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                let $text: &str = &text;
                $read
            }
        }
    };
}
pub(crate) use text_serde;

macro_rules! text_schema {
    ($type:ident, $schema:tt) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}
pub(crate) use text_schema;

/// Serialization and JSON Schema for a set of values that are written as a name: `all`, `name` and `about` are the type's own.
macro_rules! named {
    ($type:ident, $about:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let value = |value: $type| {
                    serde_json::json!({ "type": "string", "const": value.name(), "description": value.about() })
                };
                let values: Vec<serde_json::Value> = $type::all().map(value).collect();
                schemars::json_schema!({ "oneOf": values, "description": $about })
            }
        }
    };
}
pub(crate) use named;
