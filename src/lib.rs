#![forbid(unsafe_code)]
#![warn(missing_docs)]
//! candor turns a folder of Markdown and YAML into a trust center: a static site with a versioned
//! change log that readers can verify.
//!
//! Data flows in one direction. Each stage is a module that takes values and returns values:
//!
//! ```text
//! Project -> load -> Content + Report -> history -> check -> render -> Site -> emit | server | publish
//! ```
//!
//! | stage | input | output |
//! |---|---|---|
//! | [`load`] | files | [`model`] values with source locations, and a [`diagnostic::Report`] |
//! | [`files`] | a folder | its files, without following links that lead out of it |
//! | [`markdown`] | Markdown | safe HTML, its headings and links, and diagnostics |
//! | [`check`] | content and facts about the project | diagnostics |
//! | [`import`] | an existing list | subprocessors and diagnostics |
//! | [`history`] | release records | a verified hash chain and typed changes |
//! | [`assets`] | `static/` | published files with digests in their names |
//! | [`site`] | artifacts | the site, as all sinks take it |
//! | [`pipeline`] | a project and a build request | its site, by running the stages above in order |
//! | [`emit`] | a site | an output folder, replaced in one step |

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
pub mod hypertext;
#[cfg(feature = "import")]
pub mod import;
pub mod init;
pub mod link_check;
pub mod load;
pub mod markdown;
pub mod model;
pub mod notice;
pub mod pipeline;
pub mod profile;
pub mod project;
pub mod publication;
#[cfg(feature = "publish")]
pub mod publish;
pub mod questionnaire;
pub mod references;
pub mod render;
pub mod schedule;
pub mod schema;
#[cfg(feature = "serve")]
pub mod server;
pub mod site;
pub mod spreadsheet;
pub mod terminal;
pub mod text;
pub mod theme_file;
pub mod translation;
pub mod wording;
pub mod xml;
