//! Publishing: readers always get a consistent site, and unsafe publishes are rejected.

mod command;
mod failing_store;
mod folder;
mod others;
mod promises;
mod site;
mod stores;
