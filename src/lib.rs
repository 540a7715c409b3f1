#![forbid(unsafe_code)]
#![warn(missing_docs)]
//! candor turns a folder of Markdown and YAML into a trust center: a static site with a versioned
//! change log that readers can check for themselves.
//!
//! Data flows one way. Each stage is a module that takes values and returns values:
//!
//! ```text
//! Project -> load -> Content + Report -> check -> history -> render -> Site -> emit | server | publish
//! ```
//!
//! | stage | takes | gives |
//! |---|---|---|
//! | [`load`] | files | [`model`] values with places, and a [`diagnostic::Report`] |
//! | [`files`] | a folder | what is in it, never through a link that leads out |
//! | [`markdown`] | a text | safe HTML, its headings and links, and what is wrong with it |
//! | [`check`] | content, and facts around it | what a customer would find first |
//! | [`import`] | a list from elsewhere | subprocessors, and what did not fit |
//! | [`history`] | release records | a verified chain and typed changes |
//! | [`assets`] | `static/` | published files with digests in their names |
//! | [`site`] | artifacts | the one thing that all sinks take |
//! | [`pipeline`] | a project, and what is wanted of it | its site: the stages above, in order |
//! | [`emit`] | a site | a folder, swapped in as a whole |

pub mod assets;
pub mod check;
pub mod cli;
pub mod commands;
pub mod compress;
pub mod diagnostic;
mod embedded;
pub mod emit;
pub mod fetch;
pub mod files;
pub mod formats;
pub mod history;
#[cfg(feature = "import")]
pub mod import;
pub mod init;
pub mod load;
pub mod markdown;
pub mod model;
pub mod pipeline;
pub mod project;
pub mod publication;
#[cfg(feature = "publish")]
pub mod publish;
pub mod render;
pub mod schedule;
pub mod schema;
#[cfg(feature = "serve")]
pub mod server;
pub mod site;
pub mod terminal;
pub mod text;
pub mod wording;
