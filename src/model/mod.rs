//! The data model of a trust center: plain values, without files, HTML or a clock.
//!
//! All of it can be written to a release record and must stay readable forever, so new fields are always optional. Values
//! with a format (ids, dates, addresses, country codes) are newtypes that are validated once, at construction.
//!
//! Values are constructed in two ways. Content is parsed with `FromStr` and the loader, which are strict. Records are
//! deserialized with serde, which keeps values that current tables and rules reject: a record was valid when it was written.
//!
//! An item is identified across releases by its [`Id`], never by its position or name.

mod code;
pub mod color;
pub mod condition;
mod contacts;
mod country;
mod date;
mod digest;
mod disclosure;
mod field_path;
mod group;
mod id;
mod language;
pub mod lists;
pub mod location;
mod media_type;
mod notice;
mod organization;
pub mod palette;
mod program;
mod recorded_file;
mod security_txt;
mod settings;
mod territory;
mod transfer;
pub mod translatable;
pub mod upcoming;
mod validity;
mod version;
pub mod web;
mod withheld;
mod word_enum;

pub use code::{CodeChange, CodeFile, CodeKind, CodeReview};
pub use color::Color;
pub use condition::{AnyOf, Condition, ConditionLeaf, ConditionTest, CustomerChoice, Dimensions};
pub use contacts::{Contact, Contacts};
pub use country::CountryCode;
pub use date::Date;
pub use digest::Digest;
pub use disclosure::{AnswerEvidence, Disclosure};
pub use field_path::{FieldPath, ItemFilter, PathRoot};
pub use group::grouped;
pub use id::Id;
pub use language::Language;
pub use lists::*;
pub use location::{Location, LocationFields};
pub use media_type::{MediaType, NameEnding};
pub use notice::{Counting, NoticeTerms};
pub use organization::{Jurisdiction, Organization};
pub use palette::{Accents, Palette};
pub use program::ProgramVersion;
pub use recorded_file::{RecordedFile, Statement};
pub use settings::{
    Acknowledgment, Aliases, RuleLevel, SecurityTxt, Settings, SiteLink, SiteLinks, Subscribe, SubscribeForm,
    SubscribeMethod, Theme, ThemeDensity, ThemeRadius,
};
pub use territory::{Region, Territory};
pub use transfer::{Transfer, Transfers};
pub use translatable::{SourceText, TextValue};
pub use upcoming::{Overlay, Upcoming, UpcomingEntry};
pub use validity::{Standing, Validity};
pub use version::Version;
pub use web::{Email, StatedUrl, WebUrl};
pub use withheld::{PLACEHOLDER, Withheld};

/// JSON Schema pattern of a path under `static/`: forward slashes, and no empty, hidden or `..` segments.
pub(crate) const STATIC_PATH: &str = r"^[^./\\:?#][^/\\:?#]*(/[^./\\:?#][^/\\:?#]*)*$";

/// The error of parsing a value: a message for a diagnostic, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Malformed {
    /// What is wrong, including the offending text.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl Malformed {
    /// Creates an error from its message and help.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Malformed {
        Malformed { message: message.into(), help: help.into() }
    }
}

/// Implements serde and JSON Schema for a newtype that is written as one string with a format.
///
/// Serde reads records, while content is parsed with [`FromStr`](std::str::FromStr). With `archived`, a record may contain any
/// string: validation rules can change between versions of candor, but records never change.
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

/// Implements serialization and JSON Schema for a fixed set of named values. The type provides `all`, `name` and `about`.
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
