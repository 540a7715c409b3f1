//! Publishing: readers always get a consistent site, and unsafe publishes are rejected.

mod command;
mod decoding_store;
mod failing_store;
mod folder;
mod not_implemented;
mod others;
mod pending;
mod promises;
mod races;
mod racing_store;
mod site;
mod stores;
