//! Publishing: what readers are served at every moment, and what is refused.

mod command;
mod folder;
mod mortal;
mod promises;
mod site;
