//! Renders reports for terminals and programs. No other code of the diagnostics deals with colors.
//!
//! Each renderer takes a sorted report ([`Report::sort`](super::Report::sort)) and returns text. The command decides where to
//! print it and whether to show colors.

mod github;
mod human;
mod json;
mod sarif;

pub use github::{annotations, github};
pub use human::{human, styled};
pub use json::{JsonDiagnostic, JsonPlace, JsonReport, json};
pub use sarif::sarif;
