//! Publishing: what readers are served at every moment, and what is refused.

mod command;
mod folder;
mod mortal;
mod others;
mod promises;
mod site;
mod stores;
