//! How things are worded: the string catalog, changes in plain words, and what refuses unreleased changes.
//!
//! | module | takes | returns |
//! |---|---|---|
//! | [`catalog`] | a key | the string of the interface |
//! | [`overrides`] | a project's own catalogs | a catalog for its language, and what is wrong with them |
//! | [`phrase`] | changes | the same in plain words, in parts that can be styled |
//! | [`terminal`], [`markdown`] | phrased changes | text for a terminal or a pull request |
//! | [`code`] | the code of a project | a list for a terminal or a pull request |
//! | [`comparison`] | | what the page's script needs to compare releases |
//! | [`refusal`] | how the content compares with the newest release | why it cannot be published |

pub mod catalog;
pub mod code;
pub mod comparison;
pub mod markdown;
pub mod overrides;
pub mod phrase;
pub mod refusal;
pub mod terminal;

pub use catalog::{Catalog, PluralCategory};
