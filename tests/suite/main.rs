//! End-to-end tests: one binary with one module per feature.
//!
//! To add a test, create a project with [`support::Project`], run a command or a stage on it, and compare the result with an
//! inline snapshot (`snapbox`'s `str![]`). `bash tests/regenerate.sh` fills in snapshots. See tests/README.md for an overview.

mod acknowledged;
mod addresses;
mod advice;
mod ai;
mod aliases;
mod assets;
mod bound_files;
mod broken_content;
mod broken_files;
mod certifications;
mod check;
mod cli;
#[cfg(unix)]
#[cfg(all(feature = "import", feature = "mail"))]
mod codes;
mod compatibility;
mod determinism;
mod docs;
mod documents;
mod emit;
mod escaping;
#[cfg(any(feature = "publish", feature = "fetch"))]
mod external;
mod facts;
#[cfg(any(feature = "publish", feature = "fetch"))]
mod fetch;
mod formats;
mod fuzz;
mod generated;
mod glance;
mod groups;
mod hidden;
mod history;
#[cfg(feature = "import")]
mod import;
#[cfg(feature = "publish")]
mod incremental;
mod init;
mod language;
mod layering;
mod leftovers;
#[cfg(unix)]
mod limits;
mod link_check;
mod links;
mod load;
#[cfg(feature = "mail")]
mod mail;
mod markdown;
mod media_types;
mod mistakes;
mod names;
mod nesting;
mod notice;
#[cfg(unix)]
mod outside;
mod own_pages;
mod passing_time;
mod placeholders;
mod platforms;
mod profiles;
mod program;
mod promises;
#[cfg(feature = "publish")]
mod publish;
#[cfg(feature = "import")]
mod questionnaire_files;
mod questionnaires;
mod recipients;
mod report;
#[cfg(unix)]
mod reserved;
mod schedule;
mod schedule_files;
mod schemas;
mod seed;
mod sent_notices;
#[cfg(feature = "serve")]
mod serve;
mod services;
mod strings;
mod supply;
mod support;
mod swallowed;
mod templates;
#[cfg(unix)]
#[cfg(feature = "import")]
mod terminal;
mod theme;
mod translations;
mod trust;
mod unreachable;
mod upcoming;
mod updates;
#[cfg(any(feature = "publish", feature = "fetch"))]
mod webhook;
mod workflows;
