//! Wording: the string catalog, descriptions of changes, and the diagnostic for unreleased changes.
//!
//! | module | input | output |
//! |---|---|---|
//! | [`catalog`] | a key | the UI string |
//! | [`language`] | a language | its plural rules and names of countries |
//! | [`overrides`] | a project's string catalogs | the catalog for its language, and diagnostics |
//! | [`phrase`] | changes | descriptions in parts that can be styled |
//! | [`terminal`], [`markdown`] | changes | text for a terminal or a pull request |
//! | [`code`] | the code of a project | a list for a terminal or a pull request |
//! | [`comparison`] | | the data that the page's script needs to compare releases |
//! | [`refusal`] | how the content differs from the latest release | why it cannot be published |

pub mod catalog;
pub mod code;
pub mod comparison;
mod condition;
pub mod dated;
pub mod language;
pub mod markdown;
pub mod overrides;
pub mod phrase;
pub mod refusal;
pub mod terminal;

pub use catalog::{Catalog, PluralCategory};
pub(crate) use catalog::{LABELS_IN_SENTENCES, LOWERCASE};
