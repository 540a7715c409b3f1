//! How reports look: in a terminal, and to programs. The only code that knows colours.
//!
//! Each form takes a report that is in order ([`Report::sort`](super::Report::sort)) and gives text; who
//! prints it, and whether colours are shown, is decided by the command.

mod github;
mod human;
mod json;
mod sarif;

pub use github::{annotations, github};
pub use human::{human, styled};
pub use json::{JsonFinding, JsonPlace, JsonReport, json};
pub use sarif::sarif;
